/* time_parse: lexemes and FHIRPath literals into struct fhir_time. */
#include "fhir/time.h"

#include <string.h>

struct cursor {
	const char *p, *end;
	bool bad; /* not of the form */
};

static bool
take(struct cursor *c, char wanted)
{
	if (c->p == c->end || *c->p != wanted)
		return false;
	c->p++;
	return true;
}

/* Exactly n digits. */
static unsigned
digits(struct cursor *c, int n)
{
	unsigned v = 0;

	for (; n > 0; n--) {
		if (c->p == c->end || *c->p < '0' || *c->p > '9') {
			c->bad = true;
			return 0;
		}
		v = v * 10 + (unsigned)(*c->p++ - '0');
	}
	return v;
}

static void
take_date(struct cursor *c, struct fhir_time *t)
{
	t->year = (int16_t)digits(c, 4);
	t->month = t->day = 1;
	t->precision = FHIR_TO_YEAR;
	if (!take(c, '-'))
		return;
	t->month = (uint8_t)digits(c, 2);
	t->precision = FHIR_TO_MONTH;
	if (!take(c, '-'))
		return;
	t->day = (uint8_t)digits(c, 2);
	t->precision = FHIR_TO_DAY;
}

static int
take_fraction(struct cursor *c, struct fhir_time *t, struct cw_err *err)
{
	const char *start = c->p;

	while (c->p < c->end && *c->p >= '0' && *c->p <= '9') {
		if (c->p - start >= 18)
			return cw_fail(err, CW_ELIMIT, "more than 18 digits of a second");
		t->fraction = t->fraction * 10 + (uint64_t)(*c->p++ - '0');
	}
	t->fraction_digits = (uint8_t)(c->p - start);
	t->precision = FHIR_TO_FRACTION;
	if (t->fraction_digits == 0)
		c->bad = true;
	return 0;
}

static int
take_clock(struct cursor *c, struct fhir_time *t, struct cw_err *err)
{
	t->hour = (uint8_t)digits(c, 2);
	t->precision = FHIR_TO_HOUR;
	if (!take(c, ':'))
		return 0;
	t->minute = (uint8_t)digits(c, 2);
	t->precision = FHIR_TO_MINUTE;
	if (!take(c, ':'))
		return 0;
	t->second = (uint8_t)digits(c, 2);
	t->precision = FHIR_TO_SECOND;
	return take(c, '.') ? take_fraction(c, t, err) : 0;
}

static int
take_zone(struct cursor *c, struct fhir_time *t, struct cw_err *err)
{
	bool west;

	if (take(c, 'Z')) {
		t->zoned = t->zulu = true;
		return 0;
	}
	west = take(c, '-');
	if (!west && !take(c, '+'))
		return 0;
	unsigned hours = digits(c, 2);
	if (!take(c, ':'))
		c->bad = true;
	unsigned minutes = digits(c, 2);
	if (c->bad)
		return 0;
	if (minutes > 59 || hours * 60 + minutes > 14 * 60)
		return cw_fail(err, CW_EVALUE, "a zone is at most 14:00 from UTC");
	t->zoned = true;
	t->minus_zero = west && hours == 0 && minutes == 0;
	t->zone_minutes = (int16_t)(hours * 60 + minutes);
	if (west)
		t->zone_minutes = (int16_t)-t->zone_minutes;
	return 0;
}

static int
check_fields(const struct fhir_time *t, unsigned last_second, struct cw_err *err)
{
	if (t->kind != FHIR_TIME_TIME) {
		if (t->year < 1)
			return cw_fail(err, CW_EVALUE, "there is no year 0000");
		if (t->month < 1 || t->month > 12)
			return cw_fail(err, CW_EVALUE, "there is no such month");
		if (t->day < 1 || t->day > fhir_days_in_month(t->year, t->month))
			return cw_fail(err, CW_EVALUE, "there is no such day");
	}
	if (t->hour > 23 || t->minute > 59 || t->second > last_second)
		return cw_fail(err, CW_EVALUE, "there is no such time of day");
	return 0;
}

static const char *
form_of(enum fhir_time_kind kind)
{
	switch (kind) {
	case FHIR_TIME_DATE:
		return "not a date (YYYY, YYYY-MM or YYYY-MM-DD)";
	case FHIR_TIME_DATETIME:
		return "not a dateTime (a date, or YYYY-MM-DDThh:mm:ss+zz:zz)";
	case FHIR_TIME_INSTANT:
		return "not an instant (YYYY-MM-DDThh:mm:ss.sss+zz:zz)";
	case FHIR_TIME_TIME:
		return "not a time (hh:mm:ss)";
	}
	return "not a time";
}

/* Date, "T", clock and zone as the kind may have them; whether all that must be there is there is
 * for the callers to say. */
static int
take_all(struct cursor *c, struct fhir_time *t, bool path, struct cw_err *err)
{
	int rc = 0;

	if (t->kind != FHIR_TIME_TIME) {
		take_date(c, t);
		if (t->kind == FHIR_TIME_DATE || c->bad || !take(c, 'T'))
			return 0;
		if (path && c->p == c->end)
			return 0;
		if (t->precision != FHIR_TO_DAY) {
			c->bad = true;
			return 0;
		}
	}
	rc = take_clock(c, t, err);
	if (rc == 0 && t->kind != FHIR_TIME_TIME)
		rc = take_zone(c, t, err);
	return rc;
}

int
fhir_time_parse(
    enum fhir_time_kind kind, struct cw_str lexeme, struct fhir_time *out, struct cw_err *err)
{
	struct cursor c = { lexeme.s, lexeme.n ? lexeme.s + lexeme.n : lexeme.s, lexeme.n == 0 };
	int rc;

	memset(out, 0, sizeof(*out));
	out->kind = (uint8_t)kind;
	if (c.bad)
		return cw_fail(err, CW_ESYNTAX, "%s", form_of(kind));
	if ((rc = take_all(&c, out, false, err)) != 0)
		return rc;
	bool clock = out->precision > FHIR_TO_DAY || kind == FHIR_TIME_TIME;
	if (c.bad || c.p != c.end || (clock && out->precision < FHIR_TO_SECOND) ||
	    (kind == FHIR_TIME_INSTANT && !out->zoned))
		return cw_fail(err, CW_ESYNTAX, "%s", form_of(kind));
	return check_fields(out, 60, err);
}

int
fhir_time_parse_path(
    enum fhir_time_kind kind, struct cw_str text, struct fhir_time *out, struct cw_err *err)
{
	struct cursor c = { text.s, text.n ? text.s + text.n : text.s, text.n == 0 };
	int rc;

	memset(out, 0, sizeof(*out));
	out->kind = (uint8_t)kind;
	if (c.bad)
		return cw_fail(err, CW_ESYNTAX, "%s", form_of(kind));
	if (kind == FHIR_TIME_TIME)
		(void)take(&c, 'T');
	if ((rc = take_all(&c, out, true, err)) != 0)
		return rc;
	if (c.bad || c.p != c.end)
		return cw_fail(err, CW_ESYNTAX, "%s", form_of(kind));
	return check_fields(out, 59, err);
}
