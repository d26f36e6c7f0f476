/* Unit tests of fhir/time: parsing, intervals, FHIRPath order and arithmetic; the calendar against
 * a walk through every day of years 1 to 9999, instants and zones against that walk. */
#include "fhir/time.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FHIR, PATH };
#define DATE FHIR_TIME_DATE
#define DATETIME FHIR_TIME_DATETIME
#define INSTANT FHIR_TIME_INSTANT
#define CLOCK FHIR_TIME_TIME

static int
parse(int mode, enum fhir_time_kind kind, const char *text, struct fhir_time *t)
{
	struct cw_err err = { 0 };
	int rc = mode == FHIR ? fhir_time_parse(kind, cw_str(text), t, &err)
			      : fhir_time_parse_path(kind, cw_str(text), t, &err);

	ck_assert_msg(
	    (rc != 0) == (err.text[0] != '\0'), "%s: a message if and only if an error", text);
	return rc;
}

/* A literal as FHIRPath writes it after "@". */
static struct fhir_time
literal(const char *text)
{
	struct fhir_time t;
	enum fhir_time_kind kind = *text == 'T' ? CLOCK : strchr(text, 'T') ? DATETIME : DATE;

	ck_assert_msg(parse(PATH, kind, text, &t) == 0, "%s: not read", text);
	return t;
}

static const struct {
	int mode;
	enum fhir_time_kind kind;
	const char *text;
	int rc;
} parses[] = {
	{ FHIR, DATE, "2025", 0 },
	{ FHIR, DATE, "2025-06", 0 },
	{ FHIR, DATE, "2025-06-16", 0 },
	{ FHIR, DATE, "2024-02-29", 0 },
	{ FHIR, DATE, "2000-02-29", 0 },
	{ FHIR, DATE, "0001-01-01", 0 },
	{ FHIR, DATE, "9999-12-31", 0 },
	{ FHIR, DATE, "2025-02-29", CW_EVALUE },
	{ FHIR, DATE, "1900-02-29", CW_EVALUE },
	{ FHIR, DATE, "2025-02-30", CW_EVALUE },
	{ FHIR, DATE, "2025-04-31", CW_EVALUE },
	{ FHIR, DATE, "2025-13", CW_EVALUE },
	{ FHIR, DATE, "2025-00", CW_EVALUE },
	{ FHIR, DATE, "2025-01-00", CW_EVALUE },
	{ FHIR, DATE, "0000", CW_EVALUE },
	{ FHIR, DATE, "", CW_ESYNTAX },
	{ FHIR, DATE, "25-06-16", CW_ESYNTAX },
	{ FHIR, DATE, "2025-6-16", CW_ESYNTAX },
	{ FHIR, DATE, "20250616", CW_ESYNTAX },
	{ FHIR, DATE, "2025-06-16 ", CW_ESYNTAX },
	{ FHIR, DATE, " 2025", CW_ESYNTAX },
	{ FHIR, DATE, "2025-", CW_ESYNTAX },
	{ FHIR, DATE, "-2025", CW_ESYNTAX },
	{ FHIR, DATE, "2025-06-16T09:00:00Z", CW_ESYNTAX },
	{ FHIR, DATETIME, "2025", 0 },
	{ FHIR, DATETIME, "2025-06-16", 0 },
	{ FHIR, DATETIME, "2025-06-16T09:00:00Z", 0 },
	{ FHIR, DATETIME, "2025-06-16T09:00:00.050+05:30", 0 },
	{ FHIR, DATETIME, "2025-06-16T09:00:00-00:00", 0 },
	{ FHIR, DATETIME, "2025-06-16T09:00:00+14:00", 0 },
	{ FHIR, DATETIME, "2025-06-16T09:00:00-14:00", 0 },
	{ FHIR, DATETIME, "2025-06-16T23:59:60Z", 0 },
	{ FHIR, DATETIME, "2025-06-16T09:00:00", 0 },
	{ FHIR, DATETIME, "2025-06-16T09:00:00.123456789012345678Z", 0 },
	{ FHIR, DATETIME, "2025-06-16T09:00:00.1234567890123456789Z", CW_ELIMIT },
	{ FHIR, DATETIME, "2025-06-16T24:00:00Z", CW_EVALUE },
	{ FHIR, DATETIME, "2025-06-16T23:60:00Z", CW_EVALUE },
	{ FHIR, DATETIME, "2025-06-16T23:59:61Z", CW_EVALUE },
	{ FHIR, DATETIME, "2025-06-16T09:00:00+14:01", CW_EVALUE },
	{ FHIR, DATETIME, "2025-06-16T09:00:00+15:00", CW_EVALUE },
	{ FHIR, DATETIME, "2025-06-16T09:00:00+01:60", CW_EVALUE },
	{ FHIR, DATETIME, "2025-02-30T09:00:00Z", CW_EVALUE },
	{ FHIR, DATETIME, "2025-06-16T09:00Z", CW_ESYNTAX },
	{ FHIR, DATETIME, "2025-06-16T09Z", CW_ESYNTAX },
	{ FHIR, DATETIME, "2025-06-16T", CW_ESYNTAX },
	{ FHIR, DATETIME, "2025-06T09:00:00Z", CW_ESYNTAX },
	{ FHIR, DATETIME, "2025-06-16T09:00:00.Z", CW_ESYNTAX },
	{ FHIR, DATETIME, "2025-06-16T09:00:00+0530", CW_ESYNTAX },
	{ FHIR, DATETIME, "2025-06-16T09:00:00z", CW_ESYNTAX },
	{ FHIR, DATETIME, "2025-06-16 09:00:00Z", CW_ESYNTAX },
	{ FHIR, DATETIME, "2025-06-16Z", CW_ESYNTAX },
	{ FHIR, INSTANT, "2025-06-16T09:00:00Z", 0 },
	{ FHIR, INSTANT, "2025-06-16T09:00:00.000-07:00", 0 },
	{ FHIR, INSTANT, "2025-06-16T09:00:00", CW_ESYNTAX },
	{ FHIR, INSTANT, "2025-06-16", CW_ESYNTAX },
	{ FHIR, CLOCK, "14:34:28", 0 },
	{ FHIR, CLOCK, "14:34:28.5", 0 },
	{ FHIR, CLOCK, "23:59:60", 0 },
	{ FHIR, CLOCK, "14:34", CW_ESYNTAX },
	{ FHIR, CLOCK, "T14:34:28", CW_ESYNTAX },
	{ FHIR, CLOCK, "14:34:28Z", CW_ESYNTAX },
	{ FHIR, CLOCK, "24:00:00", CW_EVALUE },
	{ PATH, DATETIME, "2015-02-04T14", 0 },
	{ PATH, DATETIME, "2015-02-04T14:34", 0 },
	{ PATH, DATETIME, "2015-02-04T14:34+10:00", 0 },
	{ PATH, DATETIME, "2015-02-04T14Z", 0 },
	{ PATH, DATETIME, "2015-02-04Z", CW_ESYNTAX },
	{ PATH, DATETIME, "2015T14", CW_ESYNTAX },
	{ PATH, DATETIME, "2015-02-04TZ", CW_ESYNTAX },
	{ PATH, DATETIME, "2015-02-04T14:34:60", CW_EVALUE },
	{ PATH, CLOCK, "14", 0 },
	{ PATH, CLOCK, "14:34", 0 },
	{ PATH, CLOCK, "14:34:28Z", CW_ESYNTAX },
	{ PATH, CLOCK, "T", CW_ESYNTAX },
	{ PATH, DATE, "2015T", CW_ESYNTAX },
};

START_TEST(parses_or_refuses)
{
	struct fhir_time t;
	char buf[FHIR_TIME_TEXT];
	int rc = parse(parses[_i].mode, parses[_i].kind, parses[_i].text, &t);

	ck_assert_msg(rc == parses[_i].rc, "%s: %d, not %d", parses[_i].text, rc, parses[_i].rc);
	if (rc == 0)
		ck_assert_str_eq(fhir_time_format(&t, buf).s, parses[_i].text);
}
END_TEST

START_TEST(a_trailing_or_leading_t_is_not_kept)
{
	static const char *const texts[][2] = { { "2015T", "2015" }, { "2015-02T", "2015-02" },
		{ "2015-02-04T", "2015-02-04" }, { "T14:34", "14:34" } };
	char buf[FHIR_TIME_TEXT];

	for (size_t i = 0; i < 4; i++) {
		struct fhir_time t = literal(texts[i][0]);
		ck_assert_str_eq(fhir_time_format(&t, buf).s, texts[i][1]);
	}
}
END_TEST

/* Intervals as text, ends in UTC. */
static const struct {
	enum fhir_time_kind kind;
	const char *text, *from, *to;
	bool assumed;
} intervals[] = {
	{ DATE, "2025-06-16", "2025-06-16T00:00:00Z", "2025-06-16T23:59:59.999Z", false },
	{ DATE, "2026-03", "2026-03-01T00:00:00Z", "2026-03-31T23:59:59.999Z", false },
	{ DATE, "2024-02", "2024-02-01T00:00:00Z", "2024-02-29T23:59:59.999Z", false },
	{ DATE, "2024", "2024-01-01T00:00:00Z", "2024-12-31T23:59:59.999Z", false },
	{ DATE, "9999", "9999-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", false },
	{ DATETIME, "2025-06-16", "2025-06-16T00:00:00Z", "2025-06-16T23:59:59.999Z", false },
	{ DATETIME, "2025-06-16T09:00:00", "2025-06-16T09:00:00Z", "2025-06-16T09:00:00Z", true },
	{ DATETIME, "2025-06-16T00:30:00+02:00", "2025-06-15T22:30:00Z", "2025-06-15T22:30:00Z",
	    false },
	{ DATETIME, "2025-06-16T23:59:60Z", "2025-06-17T00:00:00Z", "2025-06-17T00:00:00Z", false },
	{ INSTANT, "2025-06-16T09:00:00.5Z", "2025-06-16T09:00:00.500Z", "2025-06-16T09:00:00.500Z",
	    false },
	{ INSTANT, "1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z",
	    "1969-12-31T23:59:59.999Z", false },
};

START_TEST(names_an_interval)
{
	struct fhir_time t;
	char buf[FHIR_TIME_TEXT];

	ck_assert_int_eq(parse(FHIR, intervals[_i].kind, intervals[_i].text, &t), 0);
	struct fhir_interval i = fhir_time_interval(&t);
	ck_assert_str_eq(fhir_time_format_utc(i.from, buf).s, intervals[_i].from);
	ck_assert_str_eq(fhir_time_format_utc(i.to, buf).s, intervals[_i].to);
	ck_assert_int_eq(i.assumed_utc, intervals[_i].assumed);
}
END_TEST

START_TEST(periods_may_be_open)
{
	struct fhir_time a = literal("2025-06-16"), b = literal("2025-06");
	struct fhir_interval p = fhir_period_interval(&a, &b);

	ck_assert_int_eq(p.from, fhir_time_interval(&a).from);
	ck_assert_int_eq(p.to, fhir_time_interval(&b).to);
	ck_assert(fhir_interval_valid(&p));
	p = fhir_period_interval(NULL, &b);
	ck_assert(p.from == INT64_MIN && p.to == fhir_time_interval(&b).to);
	p = fhir_period_interval(&a, NULL);
	ck_assert(p.to == INT64_MAX && p.from == fhir_time_interval(&a).from);
	b = literal("2025-06-15");
	p = fhir_period_interval(&a, &b);
	ck_assert(!fhir_interval_valid(&p));
}
END_TEST

static const struct {
	const char *a, *b;
	unsigned order;
} orders[] = {
	{ "2012-04-15", "2012-04-15", FHIR_EQUAL },
	{ "2012-04-15", "2012-04-16", FHIR_LESS },
	{ "2012-04-15", "2012-04-15T10:00:00", FHIR_ANY_ORDER },
	{ "2012-04-14", "2012-04-15T10:00:00", FHIR_LESS },
	{ "2012-04-15T15:30:31", "2012-04-15T15:30:31.0", FHIR_EQUAL },
	{ "2012-04-15T15:30:31", "2012-04-15T15:30:31.1", FHIR_LESS },
	{ "2012-04-15T15:30:31.09", "2012-04-15T15:30:31.1", FHIR_LESS },
	{ "2012-04-15T15:00:00Z", "2012-04-15T10:00:00", FHIR_ANY_ORDER },
	{ "2012-04-15T15:00:00Z", "2012-04-20T10:00:00", FHIR_LESS },
	{ "2012-04-15T00:00:00Z", "2012-04-15T14:00:00", FHIR_ANY_ORDER },
	{ "2012-04-15T00:00:00Z", "2012-04-15T14:00:01", FHIR_LESS },
	{ "2012-04-15T15:00:00+02:00", "2012-04-15T16:00:00+03:00", FHIR_EQUAL },
	{ "2017-11-05T01:30:00.0-04:00", "2017-11-05T01:15:00.0-05:00", FHIR_LESS },
	{ "1974-12-25", "1974-12-25T12:34:00-10:00", FHIR_ANY_ORDER },
	{ "1974-12-25", "1974-12-25T20:34:00-10:00", FHIR_LESS },
	{ "2018-03", "2018-03-01", FHIR_ANY_ORDER },
	{ "2018-03", "2018-04-01", FHIR_LESS },
	{ "2018T", "2018", FHIR_EQUAL },
	{ "2018-03-01T10:30", "2018-03-01T10:30:00", FHIR_ANY_ORDER },
	{ "2018-03-01T10+05:30", "2018-03-01T05:15Z", FHIR_ANY_ORDER },
	{ "2018-03-01T10+05:30", "2018-03-01T05:31Z", FHIR_LESS },
	{ "T10:30", "T10:30:00", FHIR_ANY_ORDER },
	{ "T10:30:00", "T10:30:00.0", FHIR_EQUAL },
	{ "T12:00:00", "T14:00:00", FHIR_LESS },
	{ "T12", "2018", FHIR_ANY_ORDER },
};

START_TEST(orders_by_fields)
{
	struct fhir_time a = literal(orders[_i].a), b = literal(orders[_i].b);

	ck_assert_msg(
	    fhir_time_compare(&a, &b) == orders[_i].order, "%s %s", orders[_i].a, orders[_i].b);
	ck_assert_uint_eq(fhir_time_compare(&b, &a), fhir_order_turn(orders[_i].order));
	ck_assert_int_eq(fhir_time_equivalent(&a, &b), orders[_i].order == FHIR_EQUAL);
}
END_TEST

static const struct {
	const char *t;
	int64_t n;
	enum fhir_calendar unit;
	const char *sum; /* NULL: outside the calendar */
} sums[] = {
	{ "1973-12-25", 7, FHIR_CAL_DAY, "1974-01-01" },
	{ "1973-12-25", 1, FHIR_CAL_WEEK, "1974-01-01" },
	{ "1973-12-25", 1, FHIR_CAL_MONTH, "1974-01-25" },
	{ "1973-12-25", 1, FHIR_CAL_YEAR, "1974-12-25" },
	{ "1974-12-25", -1, FHIR_CAL_MONTH, "1974-11-25" },
	{ "2024-01-31", 1, FHIR_CAL_MONTH, "2024-02-29" },
	{ "2024-02-29", 1, FHIR_CAL_YEAR, "2025-02-28" },
	{ "2024-03-31", -1, FHIR_CAL_MONTH, "2024-02-29" },
	{ "2014", 24, FHIR_CAL_MONTH, "2016" },
	{ "2014", 23, FHIR_CAL_MONTH, "2015" },
	{ "2014", 729, FHIR_CAL_DAY, "2015" },
	{ "2014", -23, FHIR_CAL_MONTH, "2013" },
	{ "2014-03", 61, FHIR_CAL_DAY, "2014-05" },
	{ "2014-03", 29, FHIR_CAL_DAY, "2014-03" },
	{ "2014-03-01", 47, FHIR_CAL_HOUR, "2014-03-02" },
	{ "2014-03-01", -47, FHIR_CAL_HOUR, "2014-02-28" },
	{ "2014-03-01T10", 119, FHIR_CAL_MINUTE, "2014-03-01T11" },
	{ "2014-03-01T10:30", 90, FHIR_CAL_SECOND, "2014-03-01T10:31" },
	{ "1973-12-25T00:00:00.000+10:00", 10, FHIR_CAL_MILLISECOND,
	    "1973-12-25T00:00:00.010+10:00" },
	{ "1973-12-25T00:00:00.000+10:00", 7, FHIR_CAL_DAY, "1974-01-01T00:00:00.000+10:00" },
	{ "1973-12-25T00:00:00+10:00", -1, FHIR_CAL_SECOND, "1973-12-24T23:59:59+10:00" },
	{ "1973-12-25T00:00:00", 100, FHIR_CAL_MILLISECOND, "1973-12-25T00:00:00.100" },
	{ "1973-12-25T00:00:00.12345", 1, FHIR_CAL_MILLISECOND, "1973-12-25T00:00:00.12445" },
	{ "T01:00:00", 2, FHIR_CAL_HOUR, "03:00:00" },
	{ "T23:00:00", 50, FHIR_CAL_HOUR, "01:00:00" },
	{ "T00:30:00", -1, FHIR_CAL_HOUR, "23:30:00" },
	{ "T00:30:00", 1, FHIR_CAL_DAY, NULL },
	{ "9999-12-31", 1, FHIR_CAL_DAY, NULL },
	{ "9999-12", 1, FHIR_CAL_MONTH, NULL },
	{ "0001-01-01", -1, FHIR_CAL_DAY, NULL },
	{ "2024-01-01", INT64_MAX, FHIR_CAL_YEAR, NULL },
	{ "2024-01-01", INT64_MIN, FHIR_CAL_WEEK, NULL },
	{ "2024-01-01T00:00:00Z", INT64_MAX, FHIR_CAL_MILLISECOND, NULL },
};

START_TEST(adds_durations)
{
	struct fhir_time t = literal(sums[_i].t), r;
	char buf[FHIR_TIME_TEXT];
	int rc = fhir_time_add(&t, sums[_i].n, sums[_i].unit, &r);

	ck_assert_int_eq(rc, sums[_i].sum ? 0 : 1);
	if (sums[_i].sum)
		ck_assert_str_eq(fhir_time_format(&r, buf).s, sums[_i].sum);
}
END_TEST

static const struct {
	const char *a, *b;
	enum fhir_calendar unit;
	int rc;
	int64_t n;
} betweens[] = {
	{ "2024-02-29", "2025-02-28", FHIR_CAL_YEAR, 0, 1 },
	{ "2024-02-28", "2025-02-27", FHIR_CAL_YEAR, 0, 0 },
	{ "2024-01-31", "2024-03-30", FHIR_CAL_MONTH, 0, 1 },
	{ "2024-03-31", "2024-01-31", FHIR_CAL_MONTH, 0, -2 },
	{ "2024-03-30", "2024-01-31", FHIR_CAL_MONTH, 0, -1 },
	{ "2024-01-01", "2024-02-12", FHIR_CAL_WEEK, 0, 6 },
	{ "2024-01-01", "2024-02-11", FHIR_CAL_WEEK, 0, 5 },
	{ "2024-01-01T00:00:00Z", "2024-01-01T02:00:00+02:00", FHIR_CAL_SECOND, 0, 0 },
	{ "2024-01-01T00:00:00Z", "2024-01-02T01:00:00+02:00", FHIR_CAL_DAY, 0, 0 },
	{ "2024-01-01T00:00:00Z", "2024-02-01T01:00:00+02:00", FHIR_CAL_MONTH, 0, 0 },
	{ "T10:00:00", "T12:59:59", FHIR_CAL_HOUR, 0, 2 },
	{ "2024", "2026", FHIR_CAL_YEAR, 0, 2 },
	{ "2024", "2026", FHIR_CAL_MONTH, 1, 0 },
	{ "2024", "2026-01", FHIR_CAL_YEAR, 1, 0 },
	{ "2024-01-01T00:00:00Z", "2024-01-02T00:00:00", FHIR_CAL_DAY, 1, 0 },
};

START_TEST(counts_whole_units)
{
	struct fhir_time a = literal(betweens[_i].a), b = literal(betweens[_i].b);
	int64_t n = 0;

	ck_assert_int_eq(fhir_time_between(&a, &b, betweens[_i].unit, &n), betweens[_i].rc);
	ck_assert_int_eq(n, betweens[_i].n);
}
END_TEST

static const struct {
	const char *t;
	int digits;
	const char *low, *high; /* NULL: empty */
} bounds[] = {
	{ "2014", 6, "2014-01", "2014-12" },
	{ "2014", 0, "2014-01-01", "2014-12-31" },
	{ "2024-02", 8, "2024-02-01", "2024-02-29" },
	{ "2014-01-01T08", 17, "2014-01-01T08:00:00.000+14:00", "2014-01-01T08:00:59.999-12:00" },
	{ "2014-01-01T08:05+08:00", 17, "2014-01-01T08:05:00.000+08:00",
	    "2014-01-01T08:05:59.999+08:00" },
	{ "2014-01-01T08", 8, "2014-01-01", "2014-01-01" },
	{ "2014T", 0, "2014-01-01T00:00:00.000+14:00", "2014-12-31T23:59:59.999-12:00" },
	{ "T10:30", 9, "10:30:00.000", "10:30:59.999" },
	{ "T10:30:15.25", 9, "10:30:15.250", "10:30:15.259" },
	{ "T10:30", 5, NULL, NULL },
	{ "2014", 5, NULL, NULL },
	{ "2014", 17, NULL, NULL },
	{ "2014-01-01T08", 32, NULL, NULL },
};

START_TEST(has_boundaries)
{
	struct fhir_time t = literal(bounds[_i].t), r;
	char buf[FHIR_TIME_TEXT];

	ck_assert_int_eq(fhir_time_low(&t, bounds[_i].digits, &r), bounds[_i].low ? 0 : 1);
	if (bounds[_i].low)
		ck_assert_str_eq(fhir_time_format(&r, buf).s, bounds[_i].low);
	ck_assert_int_eq(fhir_time_high(&t, bounds[_i].digits, &r), bounds[_i].high ? 0 : 1);
	if (bounds[_i].high)
		ck_assert_str_eq(fhir_time_format(&r, buf).s, bounds[_i].high);
}
END_TEST

START_TEST(counts_digits_of_precision)
{
	static const struct {
		const char *t;
		int digits;
	} rows[] = { { "2014", 4 }, { "2014-01", 6 }, { "2014-01-05", 8 }, { "2014-01-05T10", 10 },
		{ "2014-01-05T10:30:00.000", 17 }, { "T10:30", 4 }, { "T10:30:00.000", 9 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fhir_time t = literal(rows[i].t);
		ck_assert_int_eq(fhir_time_precision(&t), rows[i].digits);
	}
}
END_TEST

/* The oracle: a calendar that only ever goes to the next day. */
struct walk {
	int year, month, day;
};

static int
walk_length(const struct walk *w)
{
	bool leap = w->year % 400 == 0 || (w->year % 4 == 0 && w->year % 100 != 0);

	if (w->month == 2)
		return leap ? 29 : 28;
	return w->month == 4 || w->month == 6 || w->month == 9 || w->month == 11 ? 30 : 31;
}

static void
walk_on(struct walk *w)
{
	if (++w->day <= walk_length(w))
		return;
	w->day = 1;
	if (++w->month <= 12)
		return;
	w->month = 1;
	w->year++;
}

enum { ALL_DAYS = 3652059, EPOCH = 719162 }; /* days of years 1-9999; 1970-01-01 among them */

START_TEST(every_day_of_9999_years)
{
	struct walk w = { 1, 1, 1 };
	int64_t year;
	unsigned month, day;

	for (int64_t n = 0; n < ALL_DAYS; n++, walk_on(&w)) {
		fhir_date_from_days(n - EPOCH, &year, &month, &day);
		if (year != w.year || (int)month != w.month || (int)day != w.day ||
		    fhir_days_from_date(w.year, (unsigned)w.month, (unsigned)w.day) != n - EPOCH ||
		    (int)fhir_days_in_month(w.year, (unsigned)w.month) != walk_length(&w))
			ck_abort_msg("%d-%d-%d, day %lld", w.year, w.month, w.day, (long long)n);
		if (n == EPOCH)
			ck_assert(w.year == 1970 && w.month == 1 && w.day == 1);
	}
	ck_assert(w.year == 10000 && w.month == 1 && w.day == 1);
}
END_TEST

static uint64_t
random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static int64_t
random_below(uint64_t *seed, int64_t n)
{
	return (int64_t)(random_next(seed) % (uint64_t)n);
}

static struct walk *
all_days(void)
{
	struct walk w = { 1, 1, 1 }, *days = cw_malloc(ALL_DAYS * sizeof(*days));

	for (int i = 0; i < ALL_DAYS; i++, walk_on(&w))
		days[i] = w;
	return days;
}

/* A random local time in a random zone, its text spelled by the oracle, and its instant in ms. */
static int64_t
random_text(uint64_t *seed, const struct walk *days, char *text, size_t n)
{
	int64_t day = 2 + random_below(seed, ALL_DAYS - 4), ms = random_below(seed, 86400000);
	int zone = (int)random_below(seed, 1681) - 840, size = zone < 0 ? -zone : zone;

	snprintf(text, n, "%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02d:%02d", days[day].year,
	    days[day].month, days[day].day, (int)(ms / 3600000), (int)(ms / 60000 % 60),
	    (int)(ms / 1000 % 60), (int)(ms % 1000), zone < 0 ? '-' : '+', size / 60, size % 60);
	return (day - EPOCH) * 86400000 + ms - zone * INT64_C(60000);
}

START_TEST(random_instants_and_zones)
{
	struct walk *days = all_days();
	uint64_t seed = 20250616;
	char text[64], buf[FHIR_TIME_TEXT], utc[64];
	struct fhir_time t, before, again;
	int64_t last = 0;

	for (int i = 0; i < 200000; i++) {
		int64_t ms = random_text(&seed, days, text, sizeof(text));
		if (fhir_time_parse(INSTANT, cw_str(text), &t, NULL) != 0)
			ck_abort_msg("%s: refused", text);
		struct fhir_interval x = fhir_time_interval(&t);
		if (x.from != ms || x.to != ms || strcmp(fhir_time_format(&t, buf).s, text) != 0)
			ck_abort_msg("%s: %lld, not %lld", text, (long long)x.from, (long long)ms);
		const struct walk *day = &days[(ms + EPOCH * INT64_C(86400000)) / 86400000];
		snprintf(utc, sizeof(utc), "%04d-%02d-%02dT", day->year, day->month, day->day);
		if (strncmp(fhir_time_format_utc(ms, buf).s, utc, 11) != 0)
			ck_abort_msg("%s: %s in UTC", text, buf);
		again = fhir_time_from_ms(ms, t.zone_minutes);
		if (fhir_time_compare(&t, &again) != FHIR_EQUAL || again.day != t.day)
			ck_abort_msg("%s: not the same from its instant", text);
		enum fhir_order o = ms < last ? FHIR_LESS : ms > last ? FHIR_GREATER : FHIR_EQUAL;
		if (i > 0 && fhir_time_compare(&t, &before) != o)
			ck_abort_msg("%s: wrong order", text);
		before = t;
		last = ms;
	}
	free(days);
}
END_TEST

START_TEST(random_sums)
{
	struct walk *days = all_days();
	uint64_t seed = 7;
	char text[64];

	for (int i = 0; i < 200000; i++) {
		int64_t from = random_below(&seed, ALL_DAYS), to = random_below(&seed, ALL_DAYS), n;
		const struct walk *a = &days[from], *b = &days[to];
		struct fhir_time t, r;
		snprintf(text, sizeof(text), "%04d-%02d-%02d", a->year, a->month, a->day);
		if (fhir_time_parse(DATE, cw_str(text), &t, NULL) != 0 ||
		    fhir_time_add(&t, to - from, FHIR_CAL_DAY, &r) != 0 || r.year != b->year ||
		    r.month != b->month || r.day != b->day ||
		    fhir_time_between(&t, &r, FHIR_CAL_DAY, &n) != 0 || n != to - from)
			ck_abort_msg("%s + %lld days", text, (long long)(to - from));
		int months = (b->year - a->year) * 12 + b->month - a->month;
		struct walk last = { b->year, b->month, 0 };
		int day = a->day < walk_length(&last) ? a->day : walk_length(&last);
		if (fhir_time_add(&t, months, FHIR_CAL_MONTH, &r) != 0 || r.year != b->year ||
		    r.month != b->month || r.day != day)
			ck_abort_msg("%s + %d months", text, months);
	}
	free(days);
}
END_TEST

#define ROWS(table) (int)(sizeof(table) / sizeof(*(table)))

int
main(void)
{
	TCase *tc = tcase_create("time");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, parses_or_refuses, 0, ROWS(parses));
	tcase_add_test(tc, a_trailing_or_leading_t_is_not_kept);
	tcase_add_loop_test(tc, names_an_interval, 0, ROWS(intervals));
	tcase_add_test(tc, periods_may_be_open);
	tcase_add_loop_test(tc, orders_by_fields, 0, ROWS(orders));
	tcase_add_loop_test(tc, adds_durations, 0, ROWS(sums));
	tcase_add_loop_test(tc, counts_whole_units, 0, ROWS(betweens));
	tcase_add_loop_test(tc, has_boundaries, 0, ROWS(bounds));
	tcase_add_test(tc, counts_digits_of_precision);
	tcase_add_test(tc, every_day_of_9999_years);
	tcase_add_test(tc, random_instants_and_zones);
	tcase_add_test(tc, random_sums);
	return test_run("time", tc);
}
