/* Unit tests of daemon/store: what each call promises, in one life and over several. */
#include "daemon/store_internal.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "check_store.XXXXXX";
static struct store *s;
static struct cw_arena *arena;
static struct cw_err err;

#define OK(call) ck_assert_msg((call) == 0, "%s: %s", #call, err.text)
#define GIVES(call, code)                                                                          \
	do {                                                                                       \
		int gave_ = (call);                                                                \
		ck_assert_msg(gave_ == (code), "%s: %d, %s", #call, gave_, err.text);              \
		err = (struct cw_err){ 0 };                                                        \
	} while (0)
#define IS(str, text) ck_assert_msg(cw_str_is(str, text), "'%.*s' is not '%s'", CW_ARG(str), text)

static void
enter(void)
{
	strcpy(folder, "check_store.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	arena = cw_arena_new(0);
	err = (struct cw_err){ 0 };
	OK(store_open(&s, "db", &err));
}

static void
leave(void)
{
	char command[64];

	store_close(s);
	cw_arena_free(arena);
	ck_assert_int_eq(chdir(".."), 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static void
reopen(void)
{
	store_close(s);
	OK(store_open(&s, "db", &err));
}

static int64_t
patient(const char *key)
{
	int64_t id;
	uint32_t realm;

	OK(store_realm(s, &realm, CW_STR("http://a/fhir"), &err));
	OK(store_patient(s, &id, realm, cw_str(key), &err));
	return id;
}

START_TEST(makes_private_files)
{
	struct stat st;
	mode_t mask = umask(0);
	struct store *other;

	ck_assert_int_eq(stat("db", &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
	OK(store_open(&other, "deep/er/db", &err));
	OK(store_begin(other, &err));
	OK(store_audit(other, 0, "start", CW_STR("{}"), &err));
	OK(store_commit(other, &err));
	ck_assert_int_eq(stat("deep/er/db", &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
	ck_assert_int_eq(stat("deep/er/db/cordwatch.db", &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(stat("deep/er/db/cordwatch.db-wal", &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_int_ne(stat("deep/er/db/cordwatch.db-shm", &st), 0);
	store_close(other);
	umask(mask);
}
END_TEST

START_TEST(inbox_keeps_order_and_never_reuses_a_number)
{
	struct store_inbox row = { .how = STORE_PUT,
		.feed = 3,
		.type = CW_STR("Observation"),
		.name = CW_STR("o1"),
		.received = 1234,
		.units = 2,
		.backfill = true,
		.body = CW_STR("{\"a\":1}") };
	struct store_inbox got[4];
	int64_t first;
	size_t n = 4;

	OK(store_begin(s, &err));
	OK(store_inbox_add(s, &row, &err));
	first = row.id;
	row.version = CW_STR("W/\"2\"");
	row.body = CW_STR("");
	OK(store_inbox_add(s, &row, &err));
	ck_assert_int_gt(row.id, first);
	OK(store_inbox_try(s, first, &err));
	OK(store_commit(s, &err));
	reopen();
	OK(store_inbox_next(s, 0, got, &n, arena, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(got[0].id, first);
	ck_assert_uint_eq(got[0].feed, 3);
	ck_assert_int_eq(got[0].how, STORE_PUT);
	IS(got[0].type, "Observation");
	IS(got[0].name, "o1");
	ck_assert_ptr_null(got[0].version.s);
	ck_assert_int_eq(got[0].received, 1234);
	ck_assert_int_eq(got[0].units, 2);
	ck_assert_uint_eq(got[0].tries, 1);
	ck_assert(got[0].backfill);
	IS(got[0].body, "{\"a\":1}");
	IS(got[1].version, "W/\"2\"");
	ck_assert(got[1].body.s && got[1].body.n == 0);
	n = 1;
	OK(store_inbox_next(s, first, got, &n, arena, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(got[0].id, row.id);
	OK(store_begin(s, &err));
	OK(store_inbox_remove(s, first, &err));
	OK(store_inbox_remove(s, row.id, &err));
	OK(store_commit(s, &err));
	first = row.id;
	reopen();
	OK(store_begin(s, &err));
	OK(store_inbox_add(s, &row, &err));
	OK(store_commit(s, &err));
	ck_assert_int_gt(row.id, first);
}
END_TEST

START_TEST(rolls_back_all)
{
	struct store_inbox row = { .how = STORE_PUT, .body = CW_STR("x") };
	int64_t records;
	size_t n = 1;

	OK(store_begin(s, &err));
	OK(store_audit(s, 1, "start", CW_STR("{}"), &err));
	OK(store_commit(s, &err));
	OK(store_begin(s, &err));
	OK(store_inbox_add(s, &row, &err));
	OK(store_audit(s, 2, "lost", CW_STR("{}"), &err));
	store_rollback(s);
	OK(store_inbox_next(s, 0, &row, &n, arena, &err));
	ck_assert_uint_eq(n, 0);
	OK(store_begin(s, &err));
	OK(store_audit(s, 3, "kept", CW_STR("{}"), &err));
	OK(store_audit(s, 3, "kept", CW_STR("{}"), &err));
	OK(store_commit(s, &err));
	OK(store_audit_verify(s, &records, &err));
	ck_assert_int_eq(records, 3);
	reopen();
	OK(store_audit_verify(s, &records, &err));
	ck_assert_int_eq(records, 3);
}
END_TEST

START_TEST(names_are_numbers_from_1)
{
	uint32_t a, b, realm;
	struct cw_str key;
	int64_t p;

	OK(store_begin(s, &err));
	OK(store_feed(s, &a, CW_STR("one"), &err));
	OK(store_feed(s, &b, CW_STR("two"), &err));
	ck_assert_uint_eq(a, 1);
	ck_assert_uint_eq(b, 2);
	OK(store_realm(s, &a, CW_STR("http://a"), &err));
	ck_assert_uint_eq(a, 1);
	OK(store_realm(s, &b, CW_STR("http://b"), &err));
	OK(store_patient(s, &p, b, CW_STR("Patient/p"), &err));
	ck_assert_int_gt(p, 0);
	OK(store_commit(s, &err));
	reopen();
	OK(store_feed(s, &a, CW_STR("two"), &err));
	ck_assert_uint_eq(a, 2);
	OK(store_patient_key(s, p, &realm, &key, arena, &err));
	ck_assert_uint_eq(realm, b);
	IS(key, "Patient/p");
	GIVES(store_patient_key(s, p + 1, &realm, &key, arena, &err), STORE_NONE);
	OK(store_begin(s, &err));
	OK(store_patient(s, &p, 1, CW_STR("Patient/p"), &err));
	ck_assert_int_eq(p, 2);
	store_rollback(s);
}
END_TEST

START_TEST(links_reach_any_distance)
{
	int64_t p[5], got[5];
	size_t n;

	OK(store_begin(s, &err));
	for (int i = 0; i < 5; i++) {
		char key[24];

		snprintf(key, sizeof(key), "Patient/%d", i);
		p[i] = patient(key);
	}
	OK(store_links_set(s, p[0], &p[1], 1, &err));
	OK(store_links_set(s, p[2], (int64_t[]){ p[1], p[3], p[2] }, 3, &err));
	OK(store_links_set(s, p[3], &p[0], 1, &err));
	for (int i = 0; i < 4; i++) {
		OK(store_links(s, p[i], got, &n, 5, &err));
		ck_assert_uint_eq(n, 4);
		ck_assert_int_eq(memcmp(got, p, 4 * sizeof(*p)), 0);
	}
	OK(store_links(s, p[4], got, &n, 5, &err));
	ck_assert_uint_eq(n, 1);
	OK(store_links(s, p[0], got, &n, 4, &err));
	GIVES(store_links(s, p[0], got, &n, 3, &err), CW_ELIMIT);
	OK(store_links_set(s, p[2], NULL, 0, &err));
	OK(store_links(s, p[2], got, &n, 5, &err));
	ck_assert_uint_eq(n, 1);
	OK(store_links(s, p[1], got, &n, 5, &err));
	ck_assert_uint_eq(n, 3);
	OK(store_commit(s, &err));
}
END_TEST

START_TEST(knows_what_it_has_seen)
{
	static const unsigned char a[32] = { 1 }, b[32] = { 2 };
	struct cw_str none = { NULL, 0 };

	OK(store_begin(s, &err));
	GIVES(store_seen(s, 1, CW_STR("Condition/c"), CW_STR("1"), a, 5, &err), 0);
	GIVES(store_seen(s, 1, CW_STR("Condition/c"), CW_STR("1"), a, 6, &err), STORE_SAME);
	GIVES(store_seen(s, 1, CW_STR("Condition/c"), CW_STR("1"), b, 6, &err), STORE_OTHER_BYTES);
	GIVES(store_seen(s, 1, CW_STR("Condition/c"), CW_STR("1"), a, 6, &err), STORE_SAME);
	GIVES(store_seen(s, 1, CW_STR("Condition/c"), CW_STR("2"), b, 6, &err), 0);
	GIVES(store_seen(s, 2, CW_STR("Condition/c"), CW_STR("1"), b, 6, &err), 0);
	GIVES(store_seen(s, 1, CW_STR("Condition/d"), CW_STR("1"), b, 6, &err), 0);
	GIVES(store_seen(s, 1, CW_STR("Condition/c"), none, a, 6, &err), 0);
	GIVES(store_seen(s, 1, CW_STR("Condition/c"), none, a, 6, &err), STORE_SAME);
	GIVES(store_seen(s, 1, CW_STR("Condition/c"), none, b, 6, &err), 0);
	OK(store_commit(s, &err));
}
END_TEST

static struct store_resource
resource(int64_t of, const char *key, enum store_form form)
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

static void
is_resource(const struct store_resource *a, const struct store_resource *b)
{
	ck_assert_int_eq(a->patient, b->patient);
	ck_assert_uint_eq(a->realm, b->realm);
	ck_assert(cw_str_eq(a->key, b->key));
	ck_assert_uint_eq(a->feed, b->feed);
	ck_assert_int_eq(a->received, b->received);
	ck_assert_int_eq(a->version.numbered, b->version.numbered);
	ck_assert_int_eq(a->version.withdrawn, b->version.withdrawn);
	ck_assert_uint_eq(a->version.digest, b->version.digest);
	ck_assert_uint_eq(a->version.number, b->version.number);
	ck_assert_int_eq(a->version.updated, b->version.updated);
	ck_assert(cw_str_eq(a->version_text, b->version_text));
	ck_assert_int_eq(memcmp(a->digest, b->digest, 32), 0);
	ck_assert(cw_str_eq(a->full_url, b->full_url) && !a->full_url.s == !b->full_url.s);
	ck_assert_int_eq(a->bundle, b->bundle);
	ck_assert_int_eq(a->own, b->own);
	ck_assert_int_eq(a->form, b->form);
	ck_assert(cw_str_eq(a->body, b->body) && !a->body.s == !b->body.s);
}

START_TEST(resources_belong_to_a_patient)
{
	struct store_resource a, b, c, got, *rows;
	int64_t p, other;
	size_t n;

	OK(store_begin(s, &err));
	p = patient("Patient/1");
	other = patient("Patient/2");
	a = resource(p, "Condition/z", STORE_TEXT);
	b = resource(p, "Condition/a", STORE_PACKED);
	c = resource(p, "Condition/b", STORE_EMPTY);
	OK(store_resource_put(s, &a, &err));
	OK(store_resource_put(s, &b, &err));
	OK(store_resource_put(s, &c, &err));
	OK(store_commit(s, &err));
	reopen();
	GIVES(store_resource_get(s, &got, 1, CW_STR("Condition/y"), arena, &err), STORE_NONE);
	GIVES(store_resource_get(s, &got, 2, a.key, arena, &err), STORE_NONE);
	OK(store_resource_get(s, &got, 1, a.key, arena, &err));
	is_resource(&got, &a);
	OK(store_resource_get(s, &got, 1, c.key, arena, &err));
	is_resource(&got, &c);
	OK(store_resources(s, p, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 2);
	is_resource(&rows[0], &a);
	is_resource(&rows[1], &b);
	a.version = (struct map_version){ false, false, 1, 0, 55 };
	a.version_text = (struct cw_str){ NULL, 0 };
	a.full_url = CW_STR("urn:uuid:1");
	a.own = false;
	OK(store_begin(s, &err));
	OK(store_resource_put(s, &a, &err));
	b.patient = other;
	OK(store_resource_put(s, &b, &err));
	OK(store_resources(s, p, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 1);
	is_resource(&rows[0], &a);
	OK(store_resources(s, other, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 1);
	is_resource(&rows[0], &b);
	OK(store_commit(s, &err));
}
END_TEST

static Suite *
suite(void)
{
	Suite *suite = suite_create("store");
	TCase *t = tcase_create("store");

	tcase_add_checked_fixture(t, enter, leave);
	tcase_add_test(t, makes_private_files);
	tcase_add_test(t, inbox_keeps_order_and_never_reuses_a_number);
	tcase_add_test(t, rolls_back_all);
	tcase_add_test(t, names_are_numbers_from_1);
	tcase_add_test(t, links_reach_any_distance);
	tcase_add_test(t, knows_what_it_has_seen);
	tcase_add_test(t, resources_belong_to_a_patient);
	suite_add_tcase(suite, t);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
