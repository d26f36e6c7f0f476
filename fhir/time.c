/* time: the calendar, intervals, order, and text. */
#include "fhir/time.h"

#include <assert.h>
#include <stdio.h>

enum { DAY_MS = 86400000, HOUR_MS = 3600000, MINUTE_MS = 60000 };

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Years counted from March put the leap day last, so that a month's first day is one formula. */
int64_t
fhir_days_from_date(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = (int64_t)(month + 9) % 12;
	int64_t in_year = (153 * m + 2) / 5 + (int64_t)day - 1;
	int64_t leap = floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);

	return 365 * y + leap + in_year - 719468;
}

void
fhir_date_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	int64_t d = days + 719468; /* since 0000-03-01 */
	int64_t era = floor_div(d, 146097);
	int64_t in_era = d - era * 146097;
	int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * in_year + 2) / 153;

	*day = (unsigned)(in_year - (153 * m + 2) / 5 + 1);
	*month = (unsigned)(m < 10 ? m + 3 : m - 9);
	*year = y + era * 400 + (*month <= 2);
}

unsigned
fhir_days_in_month(int64_t year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month < 1 || month > 12)
		return 0;
	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

static uint64_t
pow10_u64(unsigned n)
{
	uint64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* The fraction of a second with exactly n digits, cut or filled with zeros. */
static uint64_t
fraction_to(const struct fhir_time *t, unsigned n)
{
	if (t->fraction_digits > n)
		return t->fraction / pow10_u64(t->fraction_digits - n);
	return t->fraction * pow10_u64(n - t->fraction_digits);
}

/* Where the fields begin, in ms, as if the zone were UTC. */
static int64_t
local_ms(const struct fhir_time *t)
{
	int64_t ms = t->hour * (int64_t)HOUR_MS + t->minute * (int64_t)MINUTE_MS +
		     t->second * (int64_t)1000 + (int64_t)fraction_to(t, 3);

	if (t->kind == FHIR_TIME_TIME)
		return ms;
	return ms + fhir_days_from_date(t->year, t->month, t->day) * DAY_MS;
}

/* Length in ms of what the precision leaves open; 1 for a point. */
static int64_t
span_ms(const struct fhir_time *t)
{
	switch ((enum fhir_precision)t->precision) {
	case FHIR_TO_YEAR:
		return (fhir_days_from_date(t->year + 1, 1, 1) -
			   fhir_days_from_date(t->year, 1, 1)) *
		       DAY_MS;
	case FHIR_TO_MONTH:
		return fhir_days_in_month(t->year, t->month) * (int64_t)DAY_MS;
	case FHIR_TO_DAY:
		return DAY_MS;
	case FHIR_TO_HOUR:
		return HOUR_MS;
	case FHIR_TO_MINUTE:
		return MINUTE_MS;
	case FHIR_TO_SECOND:
	case FHIR_TO_FRACTION:
		break;
	}
	return 1;
}

struct fhir_interval
fhir_time_interval(const struct fhir_time *t)
{
	struct fhir_interval i;

	i.from = local_ms(t) - t->zone_minutes * (int64_t)MINUTE_MS;
	i.to = i.from + span_ms(t) - 1;
	i.assumed_utc = t->kind != FHIR_TIME_TIME && t->precision >= FHIR_TO_HOUR && !t->zoned;
	return i;
}

struct fhir_interval
fhir_period_interval(const struct fhir_time *start, const struct fhir_time *end)
{
	struct fhir_interval p = { INT64_MIN, INT64_MAX, false };

	if (start) {
		struct fhir_interval i = fhir_time_interval(start);
		p.from = i.from;
		p.assumed_utc = i.assumed_utc;
	}
	if (end) {
		struct fhir_interval i = fhir_time_interval(end);
		p.to = i.to;
		p.assumed_utc |= i.assumed_utc;
	}
	return p;
}

bool
fhir_interval_valid(const struct fhir_interval *i)
{
	return i->from <= i->to;
}

/* What is compared: fields in order, UTC for a zoned time; seconds carry their fraction. */
struct key {
	int64_t field[6];
	uint64_t fraction; /* 18 digits */
	int count;
};

static struct key
key_of(const struct fhir_time *t)
{
	struct key k = { { t->year, t->month, t->day, t->hour, t->minute, t->second },
		fraction_to(t, 18), t->precision >= FHIR_TO_SECOND ? 6 : t->precision + 1 };

	if (t->zone_minutes == 0 && t->second < 60)
		return k;
	int64_t s = floor_div(fhir_time_interval(t).from, 1000);
	int64_t days = floor_div(s, 86400), in_day = s - days * 86400;
	unsigned month, day;

	fhir_date_from_days(days, &k.field[0], &month, &day);
	k.field[1] = month;
	k.field[2] = day;
	k.field[3] = in_day / 3600;
	k.field[4] = in_day / 60 % 60;
	k.field[5] = in_day % 60;
	return k;
}

static enum fhir_order
order_of(int64_t a, int64_t b)
{
	return a < b ? FHIR_LESS : a > b ? FHIR_GREATER : FHIR_EQUAL;
}

static enum fhir_order
compare_fields(const struct fhir_time *a, const struct fhir_time *b)
{
	struct key x = key_of(a), y = key_of(b);
	int n = x.count < y.count ? x.count : y.count;

	for (int i = 0; i < n; i++)
		if (x.field[i] != y.field[i])
			return order_of(x.field[i], y.field[i]);
	if (n == 6 && x.fraction != y.fraction)
		return x.fraction < y.fraction ? FHIR_LESS : FHIR_GREATER;
	return x.count == y.count ? FHIR_EQUAL : FHIR_ANY_ORDER;
}

/* Order of two stretches of time, the second's ends known to within slack ms. */
static enum fhir_order
compare_apart(const struct fhir_time *a, const struct fhir_time *b, int64_t slack)
{
	struct fhir_interval x = fhir_time_interval(a), y = fhir_time_interval(b);

	if (x.to < y.from - slack)
		return FHIR_LESS;
	return x.from > y.to + slack ? FHIR_GREATER : FHIR_ANY_ORDER;
}

/* An hour alone in a zone of half hours is no hour of UTC. */
static bool
skewed(const struct fhir_time *t)
{
	return t->precision == FHIR_TO_HOUR && t->zone_minutes % 60 != 0;
}

enum fhir_order
fhir_time_compare(const struct fhir_time *a, const struct fhir_time *b)
{
	if ((a->kind == FHIR_TIME_TIME) != (b->kind == FHIR_TIME_TIME))
		return FHIR_ANY_ORDER;
	if (a->precision >= FHIR_TO_HOUR && b->precision >= FHIR_TO_HOUR && a->zoned != b->zoned)
		return compare_apart(a, b, 14 * (int64_t)HOUR_MS);
	if ((skewed(a) || skewed(b)) && a->zone_minutes != b->zone_minutes)
		return compare_apart(a, b, 0);
	return compare_fields(a, b);
}

bool
fhir_time_equivalent(const struct fhir_time *a, const struct fhir_time *b)
{
	return fhir_time_compare(a, b) == FHIR_EQUAL;
}

static struct fhir_time
split(int64_t ms, int zone_minutes)
{
	static const int64_t first = -62135596800000, last = 253402300799999;
	struct fhir_time t = { 0 };
	int64_t local = ms, year;
	unsigned month, day;

	assert(zone_minutes >= -840 && zone_minutes <= 840);
	if (local < first - zone_minutes * (int64_t)MINUTE_MS)
		local = first - zone_minutes * (int64_t)MINUTE_MS;
	if (local > last - zone_minutes * (int64_t)MINUTE_MS)
		local = last - zone_minutes * (int64_t)MINUTE_MS;
	local += zone_minutes * (int64_t)MINUTE_MS;
	int64_t days = floor_div(local, DAY_MS), in_day = local - days * DAY_MS;
	fhir_date_from_days(days, &year, &month, &day);
	t.year = (int16_t)year;
	t.month = (uint8_t)month;
	t.day = (uint8_t)day;
	t.hour = (uint8_t)(in_day / HOUR_MS);
	t.minute = (uint8_t)(in_day / MINUTE_MS % 60);
	t.second = (uint8_t)(in_day / 1000 % 60);
	t.fraction = (uint64_t)(in_day % 1000);
	t.fraction_digits = 3;
	return t;
}

struct fhir_time
fhir_time_from_ms(int64_t ms, int zone_minutes)
{
	struct fhir_time t = split(ms, zone_minutes);

	t.kind = FHIR_TIME_DATETIME;
	t.precision = FHIR_TO_FRACTION;
	t.zoned = true;
	t.zulu = zone_minutes == 0;
	t.zone_minutes = (int16_t)zone_minutes;
	return t;
}

struct fhir_time
fhir_time_date_from_ms(int64_t ms, int zone_minutes)
{
	struct fhir_time t = split(ms, zone_minutes);

	t.hour = t.minute = t.second = t.fraction_digits = 0;
	t.fraction = 0;
	t.kind = FHIR_TIME_DATE;
	t.precision = FHIR_TO_DAY;
	return t;
}

/* n digits of v; returns what is behind them. */
static char *
put_digits(char *at, uint64_t v, int n)
{
	for (int i = n - 1; i >= 0; i--, v /= 10)
		at[i] = (char)('0' + v % 10);
	return at + n;
}

static char *
put_two(char *at, char before, int v)
{
	*at = before;
	return put_digits(at + 1, (uint64_t)v, 2);
}

static char *
put_zone(const struct fhir_time *t, char *at)
{
	bool west = t->zone_minutes < 0 || t->minus_zero;
	int minutes = t->zone_minutes < 0 ? -t->zone_minutes : t->zone_minutes;

	if (!t->zoned)
		return at;
	if (t->zulu) {
		*at = 'Z';
		return at + 1;
	}
	return put_two(put_two(at, west ? '-' : '+', minutes / 60), ':', minutes % 60);
}

static char *
put_clock(const struct fhir_time *t, char *at)
{
	if (t->precision >= FHIR_TO_HOUR)
		at = put_digits(at, t->hour, 2);
	if (t->precision >= FHIR_TO_MINUTE)
		at = put_two(at, ':', t->minute);
	if (t->precision >= FHIR_TO_SECOND)
		at = put_two(at, ':', t->second);
	if (t->precision >= FHIR_TO_FRACTION) {
		*at = '.';
		at = put_digits(at + 1, t->fraction, t->fraction_digits);
	}
	return at;
}

struct cw_str
fhir_time_format(const struct fhir_time *t, char *buf)
{
	char *at = buf;

	if (t->kind != FHIR_TIME_TIME) {
		at = put_digits(at, (uint64_t)t->year, 4);
		if (t->precision >= FHIR_TO_MONTH)
			at = put_two(at, '-', t->month);
		if (t->precision >= FHIR_TO_DAY)
			at = put_two(at, '-', t->day);
		if (t->precision > FHIR_TO_DAY)
			*at++ = 'T';
	}
	at = put_zone(t, put_clock(t, at));
	*at = '\0';
	return (struct cw_str){ buf, (size_t)(at - buf) };
}

struct cw_str
fhir_time_format_utc(int64_t ms, char *buf)
{
	struct fhir_time t = fhir_time_from_ms(ms, 0);

	if (t.fraction == 0)
		t.precision = FHIR_TO_SECOND;
	return fhir_time_format(&t, buf);
}

int
fhir_time_precision(const struct fhir_time *t)
{
	static const uint8_t digits[] = { 4, 6, 8, 10, 12, 14, 14 };
	int n = digits[t->precision] + (t->precision == FHIR_TO_FRACTION ? t->fraction_digits : 0);

	return t->kind == FHIR_TIME_TIME ? n - 8 : n;
}
