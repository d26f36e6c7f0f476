#include "tests/unit/store_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "check_store.XXXXXX";
struct store *s;
struct cw_arena *arena;
struct cw_err err;

void
store_enter(void)
{
	strcpy(folder, "check_store.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	arena = cw_arena_new(0);
	err = (struct cw_err){ 0 };
	OK(store_open(&s, "db", &err));
}

void
store_leave(void)
{
	char command[64];

	store_close(s);
	cw_arena_free(arena);
	ck_assert_int_eq(chdir(".."), 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

void
store_reopen(void)
{
	store_close(s);
	OK(store_open(&s, "db", &err));
}

int64_t
store_case_patient(const char *key)
{
	int64_t id;
	uint32_t realm;

	OK(store_realm(s, &realm, CW_STR("http://a/fhir"), &err));
	OK(store_patient(s, &id, realm, cw_str(key), &err));
	return id;
}

struct store_resource
store_case_resource(int64_t of, const char *key, enum store_form form)
{
	struct store_resource r = { .patient = of,
		.realm = 1,
		.key = cw_str(key),
		.feed = 2,
		.received = 77,
		.version = { true, true, 0xabcd, 12, MAP_VERSION_NEVER },
		.version_text = CW_STR("12"),
		.bundle = 9,
		.own = true,
		.form = form };

	memset(r.digest, 7, sizeof(r.digest));
	if (form != STORE_EMPTY)
		r.body = CW_STR("{}");
	return r;
}

struct store_alert
store_case_alert(int64_t of, const char *key)
{
	struct store_alert a = { .patient = of,
		.key = cw_str(key),
		.request = cw_str(key),
		.target = CW_STR("main"),
		.tier = 2,
		.episode = 11,
		.state = STORE_OPEN,
		.opened = 12,
		.evidence_at = 13,
		.due = 14,
		.evidence = CW_STR("[]"),
		.body = CW_STR("{}") };

	OK(store_alert_add(s, &a, &err));
	return a;
}

int
store_case_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
