/* time_math: FHIRPath arithmetic with calendar durations, and boundaries. */
#include "fhir/time.h"

enum { DAY_MS = 86400000 };
/* No amount larger than this can stay within years 1-9999. */
static const int64_t MOST_MS = 10000 * 366 * (int64_t)DAY_MS;

static const struct {
	const char *name;
	int64_t ms; /* 0: not fixed */
} calendar[] = {
	[FHIR_CAL_YEAR] = { "year", 0 },
	[FHIR_CAL_MONTH] = { "month", 0 },
	[FHIR_CAL_WEEK] = { "week", 7 * (int64_t)DAY_MS },
	[FHIR_CAL_DAY] = { "day", DAY_MS },
	[FHIR_CAL_HOUR] = { "hour", 3600000 },
	[FHIR_CAL_MINUTE] = { "minute", 60000 },
	[FHIR_CAL_SECOND] = { "second", 1000 },
	[FHIR_CAL_MILLISECOND] = { "millisecond", 1 },
};

bool
fhir_calendar_find(struct cw_str word, enum fhir_calendar *out)
{
	if (word.n > 1 && word.s[word.n - 1] == 's')
		word.n--;
	for (unsigned i = 0; i < sizeof(calendar) / sizeof(*calendar); i++)
		if (cw_str_is(word, calendar[i].name)) {
			*out = (enum fhir_calendar)i;
			return true;
		}
	return false;
}

const char *
fhir_calendar_name(enum fhir_calendar unit)
{
	return calendar[unit].name;
}

static uint64_t
pow10_u64(unsigned n)
{
	uint64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* Whole milliseconds of the fraction, and the finer digits, which arithmetic leaves alone. */
static int64_t
fraction_ms(const struct fhir_time *t, uint64_t *finer)
{
	*finer = 0;
	if (t->fraction_digits <= 3)
		return (int64_t)(t->fraction * pow10_u64(3u - t->fraction_digits));
	*finer = t->fraction % pow10_u64(t->fraction_digits - 3u);
	return (int64_t)(t->fraction / pow10_u64(t->fraction_digits - 3u));
}

static int64_t
clock_ms(const struct fhir_time *t)
{
	uint64_t finer;

	return ((t->hour * 60 + t->minute) * (int64_t)60 + t->second) * 1000 +
	       fraction_ms(t, &finer);
}

static void
set_clock(struct fhir_time *t, int64_t in_day)
{
	uint64_t finer;
	unsigned had = t->fraction_digits;

	(void)fraction_ms(t, &finer);
	t->hour = (uint8_t)(in_day / 3600000);
	t->minute = (uint8_t)(in_day / 60000 % 60);
	t->second = (uint8_t)(in_day / 1000 % 60);
	uint64_t ms = (uint64_t)(in_day % 1000);
	if (had < 3 && ms % pow10_u64(3 - had) != 0)
		had = 3;
	t->fraction = had <= 3 ? ms / pow10_u64(3 - had) : ms * pow10_u64(had - 3) + finer;
	t->fraction_digits = (uint8_t)had;
	if (had > 0)
		t->precision = FHIR_TO_FRACTION;
}

/* 0, or 1 when the year is out of range. */
static int
set_date(struct fhir_time *t, int64_t days)
{
	int64_t year;
	unsigned month, day;

	fhir_date_from_days(days, &year, &month, &day);
	if (year < 1 || year > 9999)
		return 1;
	t->year = (int16_t)year;
	t->month = (uint8_t)month;
	t->day = (uint8_t)day;
	return 0;
}

static int
add_months(struct fhir_time *t, int64_t n)
{
	int64_t months = t->year * (int64_t)12 + t->month - 1;
	unsigned last;

	if (n > 120000 || n < -120000)
		return 1;
	months += n;
	if (months < 12 || months >= 10000 * 12)
		return 1;
	t->year = (int16_t)(months / 12);
	t->month = (uint8_t)(months % 12 + 1);
	last = fhir_days_in_month(t->year, t->month);
	if (t->day > last)
		t->day = (uint8_t)last;
	return 0;
}

/* Fixed time to a date with at least a day; step is what the precision counts in. */
static int
add_ms(struct fhir_time *t, int64_t ms, int64_t step)
{
	int64_t days = fhir_days_from_date(t->year, t->month, t->day);
	int64_t total = days * DAY_MS + clock_ms(t) + ms / step * step;

	days = total / DAY_MS - (total % DAY_MS < 0);
	if (t->precision > FHIR_TO_DAY)
		set_clock(t, total - days * DAY_MS);
	return set_date(t, days);
}

static int64_t
step_of(const struct fhir_time *t)
{
	switch ((enum fhir_precision)t->precision) {
	case FHIR_TO_YEAR:
	case FHIR_TO_MONTH:
	case FHIR_TO_DAY:
		return DAY_MS;
	case FHIR_TO_HOUR:
		return 3600000;
	case FHIR_TO_MINUTE:
		return 60000;
	case FHIR_TO_SECOND:
	case FHIR_TO_FRACTION:
		break;
	}
	return 1;
}

static int
add_to_clock(struct fhir_time *t, int64_t ms)
{
	int64_t step = step_of(t);
	int64_t total = (clock_ms(t) + ms / step * step) % DAY_MS;

	set_clock(t, total < 0 ? total + DAY_MS : total);
	return 0;
}

int
fhir_time_add(const struct fhir_time *t, int64_t n, enum fhir_calendar unit, struct fhir_time *out)
{
	struct fhir_time r = *t;
	int64_t ms;
	int rc;

	if (unit <= FHIR_CAL_MONTH) {
		if (t->kind == FHIR_TIME_TIME || n > 120000 || n < -120000)
			return 1;
		n *= unit == FHIR_CAL_YEAR ? 12 : 1;
		if (t->precision == FHIR_TO_YEAR)
			n = n / 12 * 12;
		rc = add_months(&r, n);
	} else if (__builtin_mul_overflow(n, calendar[unit].ms, &ms)) {
		return 1;
	} else if (t->kind == FHIR_TIME_TIME) {
		if (unit <= FHIR_CAL_DAY)
			return 1;
		rc = add_to_clock(&r, ms % DAY_MS);
	} else if (ms > MOST_MS || ms < -MOST_MS) {
		return 1;
	} else if (t->precision == FHIR_TO_YEAR) {
		rc = add_months(&r, ms / DAY_MS / 365 * 12);
	} else if (t->precision == FHIR_TO_MONTH) {
		rc = add_months(&r, ms / DAY_MS / 30);
	} else {
		rc = add_ms(&r, ms, step_of(t));
	}
	if (rc == 0)
		*out = r;
	return rc;
}

/* b as a clock in the zone of a would show it; seconds 60 normalised. */
static struct fhir_time
seen_from(const struct fhir_time *b, const struct fhir_time *a)
{
	struct fhir_time r = *b;

	if (r.precision > FHIR_TO_DAY && r.kind != FHIR_TIME_TIME)
		(void)add_ms(&r, (a->zone_minutes - b->zone_minutes) * (int64_t)60000, 1);
	r.zone_minutes = a->zone_minutes;
	return r;
}

static int64_t
months_between(const struct fhir_time *a, const struct fhir_time *b)
{
	struct fhir_time there = seen_from(b, a), x;
	int64_t n = (there.year - a->year) * (int64_t)12 + there.month - a->month;

	if (fhir_time_add(a, n, FHIR_CAL_MONTH, &x) != 0)
		return n;
	enum fhir_order o = fhir_time_compare(&x, b);
	if (n > 0 && o == FHIR_GREATER)
		n--;
	if (n < 0 && o == FHIR_LESS)
		n++;
	return n;
}

int
fhir_time_between(
    const struct fhir_time *a, const struct fhir_time *b, enum fhir_calendar unit, int64_t *out)
{
	static const uint8_t needs[] = { FHIR_TO_YEAR, FHIR_TO_MONTH, FHIR_TO_DAY, FHIR_TO_DAY,
		FHIR_TO_HOUR, FHIR_TO_MINUTE, FHIR_TO_SECOND, FHIR_TO_SECOND };
	unsigned pa = a->precision < FHIR_TO_SECOND ? a->precision : FHIR_TO_SECOND;
	unsigned pb = b->precision < FHIR_TO_SECOND ? b->precision : FHIR_TO_SECOND;

	if (pa != pb || pa < needs[unit] || a->zoned != b->zoned ||
	    (a->kind == FHIR_TIME_TIME) != (b->kind == FHIR_TIME_TIME))
		return 1;
	if (unit <= FHIR_CAL_MONTH) {
		if (a->kind == FHIR_TIME_TIME)
			return 1;
		*out = months_between(a, b) / (unit == FHIR_CAL_YEAR ? 12 : 1);
		return 0;
	}
	*out = (fhir_time_interval(b).from - fhir_time_interval(a).from) / calendar[unit].ms;
	return 0;
}

/* The precision that so many digits mean, or -1. */
static int
precision_of(const struct fhir_time *t, int digits)
{
	static const uint8_t known[] = { 4, 6, 8, 10, 12, 14, 17 };
	bool clock = t->kind == FHIR_TIME_TIME;

	if (digits == 0)
		digits = t->kind == FHIR_TIME_DATE ? 8 : 17;
	else if (clock)
		digits += 8;
	if ((clock && digits < 10) || (t->kind == FHIR_TIME_DATE && digits > 8))
		return -1;
	for (int i = 0; i < 7; i++)
		if (known[i] == digits)
			return i;
	return -1;
}

/* Forget the fields after the precision. */
static void
cut(struct fhir_time *t, unsigned precision)
{
	if (precision < FHIR_TO_MONTH)
		t->month = 1;
	if (precision < FHIR_TO_DAY)
		t->day = 1;
	if (precision < FHIR_TO_HOUR) {
		t->hour = 0;
		t->zoned = t->zulu = t->minus_zero = false;
		t->zone_minutes = 0;
	}
	if (precision < FHIR_TO_MINUTE)
		t->minute = 0;
	if (precision < FHIR_TO_SECOND)
		t->second = 0;
	if (precision < FHIR_TO_FRACTION) {
		t->fraction = 0;
		t->fraction_digits = 0;
	}
	t->precision = (uint8_t)precision;
}

/* Every field after the precision at its last value. */
static void
fill_high(struct fhir_time *t)
{
	if (t->precision < FHIR_TO_MONTH)
		t->month = 12;
	if (t->precision < FHIR_TO_DAY && t->kind != FHIR_TIME_TIME)
		t->day = (uint8_t)fhir_days_in_month(t->year, t->month);
	if (t->precision < FHIR_TO_HOUR)
		t->hour = 23;
	if (t->precision < FHIR_TO_MINUTE)
		t->minute = 59;
	if (t->precision < FHIR_TO_SECOND)
		t->second = 59;
}

static int
boundary(const struct fhir_time *t, int digits, bool high, struct fhir_time *out)
{
	struct fhir_time r = *t;
	int to = precision_of(t, digits);

	if (to < 0)
		return 1;
	if (r.precision == FHIR_TO_HOUR)
		r.precision = FHIR_TO_MINUTE;
	if (high)
		fill_high(&r);
	for (; r.fraction_digits < 3; r.fraction_digits++)
		r.fraction = r.fraction * 10 + (high ? 9 : 0);
	for (; r.fraction_digits > 3; r.fraction_digits--)
		r.fraction /= 10;
	bool zone = r.zoned || r.kind == FHIR_TIME_TIME;
	cut(&r, (unsigned)to);
	if (!zone && to >= FHIR_TO_HOUR) {
		r.zoned = true;
		r.zone_minutes = high ? -12 * 60 : 14 * 60;
	}
	*out = r;
	return 0;
}

int
fhir_time_low(const struct fhir_time *t, int digits, struct fhir_time *out)
{
	return boundary(t, digits, false, out);
}

int
fhir_time_high(const struct fhir_time *t, int digits, struct fhir_time *out)
{
	return boundary(t, digits, true, out);
}
