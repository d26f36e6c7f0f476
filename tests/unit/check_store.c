/* Unit tests of daemon/store: the rows, what each call promises. */
#include "tests/unit/store_case.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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
	store_reopen();
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
	store_reopen();
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
	store_reopen();
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
	store_reopen();
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
		p[i] = store_case_patient(key);
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
	p = store_case_patient("Patient/1");
	other = store_case_patient("Patient/2");
	a = store_case_resource(p, "Condition/z", STORE_TEXT);
	b = store_case_resource(p, "Condition/a", STORE_PACKED);
	c = store_case_resource(p, "Condition/b", STORE_EMPTY);
	OK(store_resource_put(s, &a, &err));
	OK(store_resource_put(s, &b, &err));
	OK(store_resource_put(s, &c, &err));
	OK(store_commit(s, &err));
	store_reopen();
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

START_TEST(needs_are_found_both_ways)
{
	struct store_resource m, *rows;
	int64_t p, other, *who;
	size_t n;

	OK(store_begin(s, &err));
	p = store_case_patient("Patient/1");
	other = store_case_patient("Patient/2");
	OK(store_need_add(s, other, 1, CW_STR("Medication/m"), &err));
	OK(store_need_add(s, p, 1, CW_STR("Medication/m"), &err));
	OK(store_need_add(s, p, 1, CW_STR("Medication/m"), &err));
	OK(store_need_add(s, p, 1, CW_STR("Medication/empty"), &err));
	OK(store_need_add(s, p, 2, CW_STR("Medication/other"), &err));
	m = store_case_resource(0, "Medication/m", STORE_TEXT);
	OK(store_resource_put(s, &m, &err));
	m = store_case_resource(0, "Medication/other", STORE_TEXT);
	OK(store_resource_put(s, &m, &err));
	m = store_case_resource(0, "Medication/empty", STORE_EMPTY);
	OK(store_resource_put(s, &m, &err));
	OK(store_commit(s, &err));
	OK(store_need_get(s, 1, CW_STR("Medication/m"), &who, &n, arena, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(who[0], p);
	ck_assert_int_eq(who[1], other);
	OK(store_need_get(s, 2, CW_STR("Medication/m"), &who, &n, arena, &err));
	ck_assert_uint_eq(n, 0);
	OK(store_needed(s, p, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(rows[0].patient, 0);
	IS(rows[0].key, "Medication/m");
}
END_TEST

static void
note_key(void *arg, uint32_t realm, struct cw_str key)
{
	struct cw_buf *b = arg;

	cw_buf_printf(b, "%u %.*s\n", realm, CW_ARG(key));
}

START_TEST(all_keys_are_told)
{
	static const enum store_form form[] = { STORE_TEXT, STORE_EMPTY };
	struct cw_buf b;

	OK(store_begin(s, &err));
	OK(store_realm(s, &(uint32_t){ 0 }, CW_STR("http://a/fhir"), &err));
	for (size_t i = 0; i < 2; i++) {
		struct store_resource r = store_case_resource(0, i ? "A/b" : "A/a", form[i]);

		OK(store_resource_put(s, &r, &err));
	}
	OK(store_commit(s, &err));
	cw_buf_init(&b, 0);
	OK(store_resource_keys(s, note_key, &b, &err));
	ck_assert_str_eq(b.s, "1 A/a\n1 A/b\n");
	cw_buf_fini(&b);
}
END_TEST

START_TEST(a_patient_can_have_many)
{
	enum { MANY = 1000 };
	struct store_resource *rows;
	char keys[MANY][16];
	int64_t p;
	size_t n;

	OK(store_begin(s, &err));
	p = store_case_patient("Patient/1");
	for (int i = 0; i < MANY; i++) {
		struct store_resource r;

		snprintf(keys[i], sizeof(keys[i]), "A/%u", (unsigned)i & 0xffffff);
		r = store_case_resource(p, keys[i], STORE_PACKED);
		OK(store_resource_put(s, &r, &err));
	}
	OK(store_commit(s, &err));
	OK(store_resources(s, p, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, MANY);
	for (int i = 0; i < MANY; i++)
		IS(rows[i].key, keys[i]);
}
END_TEST

START_TEST(says_when_the_arena_is_full)
{
	struct cw_arena *small = cw_arena_new(256);
	struct store_resource r, *rows;
	struct store_inbox in = { .how = STORE_PUT, .body = { (char[512]){ 0 }, 512 } };
	size_t n = 1;

	OK(store_begin(s, &err));
	OK(store_realm(s, &(uint32_t){ 0 }, CW_STR("http://a/fhir"), &err));
	r = store_case_resource(0, "A/a", STORE_TEXT);
	r.body = in.body;
	OK(store_resource_put(s, &r, &err));
	OK(store_inbox_add(s, &in, &err));
	OK(store_commit(s, &err));
	GIVES(store_resource_get(s, &r, 1, CW_STR("A/a"), small, &err), CW_ELIMIT);
	GIVES(store_resources(s, 0, &rows, &n, small, &err), CW_ELIMIT);
	n = 1;
	GIVES(store_inbox_next(s, 0, &in, &n, small, &err), CW_ELIMIT);
	ck_assert_uint_eq(n, 0);
	cw_arena_free(small);
	OK(store_resources(s, 0, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 1);
}
END_TEST

START_TEST(ticks_come_in_order)
{
	int64_t p[3], due[3], at[3], first;
	size_t n = 3;

	OK(store_tick_first(s, &first, &err));
	ck_assert_int_eq(first, INT64_MAX);
	OK(store_begin(s, &err));
	for (int i = 0; i < 3; i++)
		p[i] = store_case_patient(((const char *[]){ "P/a", "P/b", "P/c" })[i]);
	OK(store_tick_set(s, p[0], 300, &err));
	OK(store_tick_set(s, p[1], -5, &err));
	OK(store_tick_set(s, p[2], 200, &err));
	OK(store_commit(s, &err));
	OK(store_tick_first(s, &first, &err));
	ck_assert_int_eq(first, -5);
	OK(store_tick_due(s, 200, due, at, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(due[0], p[1]);
	ck_assert_int_eq(at[0], -5);
	ck_assert_int_eq(due[1], p[2]);
	n = 1;
	OK(store_tick_due(s, 300, due, at, &n, &err));
	ck_assert_uint_eq(n, 1);
	OK(store_begin(s, &err));
	OK(store_tick_set(s, p[1], MAP_VERSION_NEVER, &err));
	OK(store_commit(s, &err));
	OK(store_tick_first(s, &first, &err));
	ck_assert_int_eq(first, 200);
}
END_TEST

START_TEST(all_who_have_something_are_looked_at)
{
	static const enum store_form form[] = { STORE_TEXT, STORE_EMPTY, STORE_TEXT, STORE_TEXT };
	int64_t p[4], due[4], at[4];
	size_t n = 4;

	OK(store_begin(s, &err));
	for (int i = 0; i < 4; i++) {
		const char *key = ((const char *[]){ "P/a", "P/b", "P/c", "P/d" })[i];
		struct store_resource r;

		p[i] = store_case_patient(key);
		r = store_case_resource(p[i], key, form[i]);
		OK(store_resource_put(s, &r, &err));
	}
	OK(store_tick_set(s, p[2], 50, &err));
	OK(store_tick_set(s, p[3], 500, &err));
	OK(store_tick_all(s, 100, &err));
	OK(store_commit(s, &err));
	OK(store_tick_due(s, INT64_MAX, due, at, &n, &err));
	ck_assert_uint_eq(n, 3);
	ck_assert(due[0] == p[2] && at[0] == 50);
	ck_assert(due[1] == p[0] && at[1] == 100);
	ck_assert(due[2] == p[3] && at[2] == 100);
}
END_TEST

START_TEST(who_waited_is_released)
{
	int64_t p[3], due[3], at[3], count;
	size_t n = 3;

	OK(store_begin(s, &err));
	for (int i = 0; i < 3; i++)
		p[i] = store_case_patient(((const char *[]){ "P/a", "P/b", "P/c" })[i]);
	OK(store_tick_set(s, p[0], 5, &err));
	OK(store_waiting_add(s, 1, p[0], &err));
	OK(store_waiting_add(s, 1, p[1], &err));
	OK(store_waiting_add(s, 1, p[1], &err));
	OK(store_waiting_add(s, 2, p[2], &err));
	OK(store_waiting_release(s, 1, 10, &count, &err));
	ck_assert_int_eq(count, 2);
	OK(store_waiting_release(s, 1, 10, &count, &err));
	ck_assert_int_eq(count, 0);
	OK(store_commit(s, &err));
	OK(store_tick_due(s, 100, due, at, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert(due[0] == p[0] && at[0] == 5);
	ck_assert(due[1] == p[1] && at[1] == 10);
}
END_TEST

static Suite *
suite(void)
{
	Suite *suite = suite_create("store");
	TCase *t = tcase_create("store");

	tcase_add_checked_fixture(t, store_enter, store_leave);
	tcase_add_test(t, makes_private_files);
	tcase_add_test(t, inbox_keeps_order_and_never_reuses_a_number);
	tcase_add_test(t, rolls_back_all);
	tcase_add_test(t, names_are_numbers_from_1);
	tcase_add_test(t, links_reach_any_distance);
	tcase_add_test(t, knows_what_it_has_seen);
	tcase_add_test(t, resources_belong_to_a_patient);
	tcase_add_test(t, needs_are_found_both_ways);
	tcase_add_test(t, all_keys_are_told);
	tcase_add_test(t, a_patient_can_have_many);
	tcase_add_test(t, says_when_the_arena_is_full);
	tcase_add_test(t, ticks_come_in_order);
	tcase_add_test(t, all_who_have_something_are_looked_at);
	tcase_add_test(t, who_waited_is_released);
	suite_add_tcase(suite, t);
	return suite;
}

int
main(void)
{
	return store_case_run(suite());
}
