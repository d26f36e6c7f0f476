/* Unit tests of daemon/store: alerts, watches, the outbox, states, counts, retention. */
#include "tests/unit/store_case.h"

#include <string.h>

static void
is_alert(const struct store_alert *a, const struct store_alert *b)
{
	ck_assert_int_eq(a->id, b->id);
	ck_assert_int_eq(a->patient, b->patient);
	ck_assert(cw_str_eq(a->key, b->key));
	ck_assert(cw_str_eq(a->request, b->request));
	ck_assert(cw_str_eq(a->target, b->target));
	ck_assert_uint_eq(a->tier, b->tier);
	ck_assert_int_eq(a->episode, b->episode);
	ck_assert_int_eq(a->state, b->state);
	ck_assert_int_eq(a->shadow, b->shadow);
	ck_assert_int_eq(a->opened, b->opened);
	ck_assert_int_eq(a->evidence_at, b->evidence_at);
	ck_assert_int_eq(a->due, b->due);
	ck_assert_int_eq(a->closed, b->closed);
	ck_assert(cw_str_eq(a->why, b->why) && !a->why.s == !b->why.s);
	ck_assert(cw_str_eq(a->evidence, b->evidence));
	ck_assert(cw_str_eq(a->version, b->version) && !a->version.s == !b->version.s);
	ck_assert(cw_str_eq(a->body, b->body));
}

START_TEST(one_alert_has_one_key)
{
	struct store_alert a, again, got;
	int64_t open;

	OK(store_begin(s, &err));
	a = store_case_alert(store_case_patient("P/a"), "k1");
	again = a;
	again.id = 0;
	again.tier = 3;
	again.request = CW_STR("another");
	GIVES(store_alert_add(s, &again, &err), STORE_SAME);
	ck_assert_int_eq(again.id, a.id);
	OK(store_commit(s, &err));
	store_reopen();
	OK(store_alert_get(s, &got, a.id, arena, &err));
	is_alert(&got, &a);
	OK(store_alert_by_request(s, &got, CW_STR("k1"), arena, &err));
	is_alert(&got, &a);
	GIVES(store_alert_by_request(s, &got, CW_STR("another"), arena, &err), STORE_NONE);
	GIVES(store_alert_get(s, &got, a.id + 1, arena, &err), STORE_NONE);
	OK(store_alert_count(s, &open, &err));
	ck_assert_int_eq(open, 1);
	a.state = STORE_CLOSED;
	a.shadow = true;
	a.closed = 99;
	a.why = CW_STR("revoked");
	a.version = CW_STR("W/\"2\"");
	a.tier = 3;
	OK(store_begin(s, &err));
	OK(store_alert_update(s, &a, &err));
	OK(store_commit(s, &err));
	OK(store_alert_get(s, &got, a.id, arena, &err));
	is_alert(&got, &a);
	OK(store_alert_count(s, &open, &err));
	ck_assert_int_eq(open, 0);
}
END_TEST

START_TEST(alerts_come_newest_first)
{
	struct store_alert a[4], *rows;
	int64_t p, other;
	size_t n;

	OK(store_begin(s, &err));
	p = store_case_patient("P/a");
	other = store_case_patient("P/b");
	a[0] = store_case_alert(p, "0");
	a[1] = store_case_alert(other, "1");
	a[2] = store_case_alert(p, "2");
	a[3] = store_case_alert(store_case_patient("P/c"), "3");
	a[1].opened = 50;
	OK(store_alert_update(s, &a[1], &err));
	a[2].state = STORE_CLOSED;
	OK(store_alert_update(s, &a[2], &err));
	OK(store_commit(s, &err));
	OK(store_alerts(s, (int64_t[]){ p, other }, 2, false, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 3);
	is_alert(&rows[0], &a[1]);
	is_alert(&rows[1], &a[2]);
	is_alert(&rows[2], &a[0]);
	OK(store_alerts(s, (int64_t[]){ p, other }, 2, true, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 2);
	is_alert(&rows[1], &a[0]);
	OK(store_alerts(s, &p, 0, true, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(an_alert_has_a_patient)
{
	struct store_alert a = { .patient = 77, .key = CW_STR("k"), .request = CW_STR("k") };

	OK(store_begin(s, &err));
	GIVES(store_alert_add(s, &a, &err), CW_EVALUE);
	store_rollback(s);
}
END_TEST

START_TEST(watches_and_notices)
{
	struct store_watch w = { .rule = CW_STR("W1"), .since = 5, .told = 1 }, *rows;
	struct store_notice notice = { .at = 3, .kind = CW_STR("reassess"), .text = CW_STR("x") };
	size_t n;

	OK(store_begin(s, &err));
	w.patient = notice.patient = store_case_patient("P/a");
	OK(store_watch_put(s, &w, &err));
	w.rule = CW_STR("W0");
	OK(store_watch_put(s, &w, &err));
	w.told = 2;
	w.since = 6;
	OK(store_watch_put(s, &w, &err));
	OK(store_notice_add(s, &notice, &err));
	ck_assert_int_gt(notice.id, 0);
	OK(store_commit(s, &err));
	OK(store_watches(s, w.patient, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 2);
	IS(rows[0].rule, "W0");
	ck_assert_int_eq(rows[0].patient, w.patient);
	ck_assert_int_eq(rows[0].since, 6);
	ck_assert_uint_eq(rows[0].told, 2);
	IS(rows[1].rule, "W1");
	ck_assert_int_eq(rows[1].since, 5);
	OK(store_begin(s, &err));
	OK(store_watch_remove(s, w.patient, CW_STR("W0"), &err));
	OK(store_commit(s, &err));
	OK(store_watches(s, w.patient, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 1);
}
END_TEST

static struct store_outbox
errand(int64_t alert, int64_t created)
{
	struct store_outbox o = { .alert = alert,
		.errand = STORE_CREATE,
		.state = STORE_PENDING,
		.target = CW_STR("main"),
		.request = CW_STR("r"),
		.body = CW_STR("{}"),
		.created = created,
		.next = 7,
		.attempts = 3,
		.doubtful = true,
		.after = 4 };

	OK(store_outbox_add(s, &o, &err));
	return o;
}

static void
is_errand(const struct store_outbox *a, const struct store_outbox *b)
{
	ck_assert_int_eq(a->id, b->id);
	ck_assert_int_eq(a->alert, b->alert);
	ck_assert_int_eq(a->errand, b->errand);
	ck_assert_int_eq(a->state, b->state);
	ck_assert(cw_str_eq(a->target, b->target));
	ck_assert(cw_str_eq(a->request, b->request));
	ck_assert(cw_str_eq(a->body, b->body) && !a->body.s == !b->body.s);
	ck_assert_int_eq(a->created, b->created);
	ck_assert_int_eq(a->next, b->next);
	ck_assert_uint_eq(a->attempts, b->attempts);
	ck_assert_int_eq(a->doubtful, b->doubtful);
	ck_assert_int_eq(a->after, b->after);
	ck_assert(cw_str_eq(a->fault, b->fault) && !a->fault.s == !b->fault.s);
}

START_TEST(errands_come_by_urgency)
{
	struct store_outbox o[4], got, *rows;
	struct store_alert low, high;
	int64_t pending, dead, oldest;
	size_t n = 9;

	OK(store_outbox_count(s, &pending, &dead, &oldest, &err));
	ck_assert(pending == 0 && dead == 0 && oldest == INT64_MAX);
	OK(store_begin(s, &err));
	low = store_case_alert(store_case_patient("P/a"), "low");
	high = store_case_alert(low.patient, "high");
	high.tier = 3;
	OK(store_alert_update(s, &high, &err));
	o[0] = errand(low.id, 20);
	o[1] = errand(low.id, 10);
	o[2] = errand(high.id, 30);
	o[3] = errand(high.id, 1);
	o[3].state = STORE_HELD;
	OK(store_outbox_update(s, &o[3], &err));
	OK(store_commit(s, &err));
	store_reopen();
	OK(store_outbox_pending(s, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 3);
	is_errand(&rows[0], &o[2]);
	is_errand(&rows[1], &o[1]);
	is_errand(&rows[2], &o[0]);
	n = 1;
	OK(store_outbox_pending(s, &rows, &n, arena, &err));
	ck_assert_uint_eq(n, 1);
	o[1].state = STORE_DEAD;
	o[1].errand = STORE_REVOKE;
	o[1].body = (struct cw_str){ NULL, 0 };
	o[1].fault = CW_STR("400");
	o[1].doubtful = false;
	OK(store_begin(s, &err));
	OK(store_outbox_update(s, &o[1], &err));
	OK(store_outbox_remove(s, o[2].id, &err));
	OK(store_commit(s, &err));
	OK(store_outbox_get(s, &got, o[1].id, arena, &err));
	is_errand(&got, &o[1]);
	GIVES(store_outbox_get(s, &got, o[2].id, arena, &err), STORE_NONE);
	OK(store_outbox_count(s, &pending, &dead, &oldest, &err));
	ck_assert(pending == 1 && dead == 1 && oldest == 20);
}
END_TEST

static void
note_state(void *arg, struct cw_str key, struct cw_str value)
{
	cw_buf_printf(arg, "%.*s=%.*s\n", CW_ARG(key), CW_ARG(value));
}

START_TEST(states_are_put_and_removed)
{
	struct cw_str none = { NULL, 0 }, got;
	struct cw_buf b;

	OK(store_begin(s, &err));
	OK(store_state_set(s, 1, "w", CW_STR("1"), &err));
	OK(store_state_set(s, 1, "w", CW_STR("2"), &err));
	OK(store_state_set(s, 1, "a", CW_STR(""), &err));
	OK(store_state_set(s, 0, "w", CW_STR("3"), &err));
	OK(store_commit(s, &err));
	store_reopen();
	OK(store_state_get(s, &got, 1, "w", arena, &err));
	IS(got, "2");
	OK(store_state_get(s, &got, 1, "a", arena, &err));
	ck_assert(got.s && got.n == 0);
	GIVES(store_state_get(s, &got, 2, "w", arena, &err), STORE_NONE);
	cw_buf_init(&b, 0);
	OK(store_states(s, 1, note_state, &b, &err));
	ck_assert_str_eq(b.s, "a=\nw=2\n");
	cw_buf_fini(&b);
	OK(store_begin(s, &err));
	OK(store_state_set(s, 1, "w", none, &err));
	OK(store_commit(s, &err));
	GIVES(store_state_get(s, &got, 1, "w", arena, &err), STORE_NONE);
	OK(store_state_get(s, &got, 0, "w", arena, &err));
}
END_TEST

static void
note_count(
    void *arg, uint32_t feed, struct cw_str type, int64_t day, struct cw_str outcome, int64_t n)
{
	cw_buf_printf(arg, "%u %.*s %lld %.*s %lld\n", feed, CW_ARG(type), (long long)day,
	    CW_ARG(outcome), (long long)n);
}

START_TEST(counts_are_by_utc_day)
{
	enum { DAY = 86400000 };
	struct cw_buf b;

	OK(store_begin(s, &err));
	OK(store_count_add(s, 1, CW_STR("A"), DAY - 1, "sifted", 2, &err));
	OK(store_count_add(s, 1, CW_STR("A"), 0, "sifted", 3, &err));
	OK(store_count_add(s, 1, CW_STR("A"), DAY, "sifted", 4, &err));
	OK(store_count_add(s, 1, CW_STR("A"), -1, "sifted", 1, &err));
	OK(store_count_add(s, 1, CW_STR("A"), -DAY, "sifted", 1, &err));
	OK(store_count_add(s, 1, CW_STR("A"), 0, "quarantined", 1, &err));
	OK(store_count_add(s, 1, (struct cw_str){ NULL, 0 }, 0, "sifted", 1, &err));
	OK(store_commit(s, &err));
	cw_buf_init(&b, 0);
	OK(store_counts(s, note_count, &b, &err));
	ck_assert_str_eq(b.s, "1  0 sifted 1\n1 A -1 sifted 2\n1 A 0 quarantined 1\n"
			      "1 A 0 sifted 5\n1 A 1 sifted 4\n");
	cw_buf_fini(&b);
}
END_TEST

static int64_t
rows_in(const char *sql)
{
	struct query q = query_new(s, sql);
	int64_t n = -1;

	ck_assert_int_eq(query_one(&q, &n, &err), QUERY_ROW);
	return n;
}

/* Five of each, at 0, 10 ... 40. */
static void
fill(void)
{
	static const unsigned char digest[32] = { 1 };
	static const char *const key[] = { "a", "b", "c", "d", "e" };
	int64_t p = store_case_patient("P/a");

	for (int i = 0; i < 5; i++) {
		struct store_resource r = store_case_resource(p, key[i], STORE_EMPTY);
		struct store_quarantine in = { .at = 10 * i, .reason = CW_STR("size") };
		struct store_alert a = store_case_alert(p, key[i]);
		struct store_notice notice = { .at = 10 * i, .kind = CW_STR("x") };

		GIVES(store_seen(s, 1, r.key, CW_STR("1"), digest, 10 * i, &err), 0);
		r.received = 10 * i;
		OK(store_resource_put(s, &r, &err));
		OK(store_quarantine_add(s, &in, &err));
		OK(store_notice_add(s, &notice, &err));
		a.state = i == 0 ? STORE_OPEN : STORE_CLOSED;
		a.closed = 10 * i;
		OK(store_alert_update(s, &a, &err));
		if (i == 1)
			errand(a.id, 0);
	}
	{
		struct store_resource kept = store_case_resource(p, "kept", STORE_TEXT);

		kept.received = 0;
		OK(store_resource_put(s, &kept, &err));
	}
}

START_TEST(forgets_what_is_old)
{
	bool more;
	int calls;

	OK(store_begin(s, &err));
	fill();
	OK(store_forget(s, 0, 0, 0, 100, &more, &err));
	ck_assert(!more);
	ck_assert_int_eq(rows_in("SELECT count(*) FROM known"), 11);
	for (calls = 0, more = true; more; calls++)
		OK(store_forget(s, 30, 20, 40, 2, &more, &err));
	ck_assert_int_ge(calls, 3);
	ck_assert_int_le(calls, 6);
	ck_assert_int_eq(rows_in("SELECT count(*) FROM known WHERE scope < 0 AND at < 30"), 0);
	ck_assert_int_eq(rows_in("SELECT count(*) FROM known WHERE scope < 0"), 2);
	ck_assert_int_eq(rows_in("SELECT count(*) FROM known WHERE scope > 0"), 3);
	ck_assert_int_eq(rows_in("SELECT count(*) FROM resource WHERE form = 0"), 2);
	ck_assert_int_eq(rows_in("SELECT count(*) FROM resource WHERE form <> 0"), 1);
	ck_assert_int_eq(rows_in("SELECT count(*) FROM quarantine"), 3);
	ck_assert_int_eq(rows_in("SELECT count(*) FROM notice"), 1);
	/* The open one, the one with an errand, and the one closed at 40. */
	ck_assert_int_eq(rows_in("SELECT count(*) FROM alert"), 3);
	ck_assert_int_eq(rows_in("SELECT count(*) FROM alert WHERE closed = 10"), 1);
	OK(store_commit(s, &err));
}
END_TEST

static Suite *
suite(void)
{
	Suite *suite = suite_create("store: alerts");
	TCase *t = tcase_create("store");

	tcase_add_checked_fixture(t, store_enter, store_leave);
	tcase_add_test(t, one_alert_has_one_key);
	tcase_add_test(t, alerts_come_newest_first);
	tcase_add_test(t, an_alert_has_a_patient);
	tcase_add_test(t, watches_and_notices);
	tcase_add_test(t, errands_come_by_urgency);
	tcase_add_test(t, states_are_put_and_removed);
	tcase_add_test(t, counts_are_by_utc_day);
	tcase_add_test(t, forgets_what_is_old);
	suite_add_tcase(suite, t);
	return suite;
}

int
main(void)
{
	return store_case_run(suite());
}
