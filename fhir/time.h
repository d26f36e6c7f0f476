/* time: FHIR date, dateTime, instant, time and Period (R4 2.24, datatypes), and the FHIRPath rules
 * for them (partial precision, arithmetic with calendar durations, boundaries).
 *
 * No clock and no time zone database: a zone is an offset. Gregorian calendar, years 0001-9999.
 * Instants are int64_t milliseconds since 1970-01-01T00:00:00Z without leap seconds. */
#ifndef FHIR_TIME_H
#define FHIR_TIME_H

#include "fhir/base.h"
#include "fhir/order.h"

enum fhir_time_kind {
	FHIR_TIME_DATE,
	FHIR_TIME_DATETIME,
	FHIR_TIME_INSTANT, /* a dateTime with at least seconds and a zone */
	FHIR_TIME_TIME	   /* time of day */
};

/* The last field given. */
enum fhir_precision {
	FHIR_TO_YEAR,
	FHIR_TO_MONTH,
	FHIR_TO_DAY,
	FHIR_TO_HOUR, /* FHIRPath only */
	FHIR_TO_MINUTE,
	FHIR_TO_SECOND,
	FHIR_TO_FRACTION
};

/* FHIRPath's calendar words. */
enum fhir_calendar {
	FHIR_CAL_YEAR,
	FHIR_CAL_MONTH,
	FHIR_CAL_WEEK,
	FHIR_CAL_DAY,
	FHIR_CAL_HOUR,
	FHIR_CAL_MINUTE,
	FHIR_CAL_SECOND,
	FHIR_CAL_MILLISECOND
};

/* A time as written. Fields past the precision are 0 (month and day: 1). */
struct fhir_time {
	uint64_t fraction;    /* the digits after the point as an integer; "050" is 50 */
	int16_t year;	      /* 1..9999; 0 for a time of day */
	int16_t zone_minutes; /* east of UTC, -840..840; 0 when not zoned */
	uint8_t kind;	      /* enum fhir_time_kind */
	uint8_t precision;    /* enum fhir_precision */
	uint8_t month, day, hour, minute;
	uint8_t second;		 /* 0..60; 60 only as FHIR's regex allows it (a leap second) */
	uint8_t fraction_digits; /* 0..18 */
	bool zoned;		 /* a zone was written */
	bool zulu;		 /* and it was "Z" */
	bool minus_zero;	 /* and it was "-00:00" */
};

/* A closed interval; an open end is INT64_MIN or INT64_MAX. */
struct fhir_interval {
	int64_t from, to;
	bool assumed_utc; /* an hour was given without a zone and taken as UTC */
};

/* Parse a FHIR lexeme of that kind, by the R4 regular expressions: a time has hours, minutes and
 * seconds ("24:00" is refused, second 60 accepted); zones reach from -14:00 to +14:00. One thing
 * is accepted beyond them, since real feeds send it: a dateTime (not an instant) with an hour but
 * without a zone. CW_ESYNTAX: not of this form; CW_EVALUE: no such day, year 0000; CW_ELIMIT:
 * more than 18 digits of a second. */
CW_CHECK int fhir_time_parse(
    enum fhir_time_kind kind, struct cw_str lexeme, struct fhir_time *out, struct cw_err *err);

/* Parse a FHIRPath literal after its "@", or a string for toDate(), toDateTime(), toTime(). kind
 * is DATE ("2015", "2015-02", "2015-02-04"), DATETIME (the same, a "T" may follow; then hour,
 * minute, second, fraction, each optional; a zone only after an hour) or TIME ("T14:34" or "14";
 * the "T" may be absent; no zone). Codes as fhir_time_parse. */
CW_CHECK int fhir_time_parse_path(
    enum fhir_time_kind kind, struct cw_str text, struct fhir_time *out, struct cw_err *err);

enum { FHIR_TIME_TEXT = 56 /* bytes that any time needs as text, NUL included */ };

/* As it was written (a FHIRPath literal without "@" and without a trailing or leading "T"). Returns
 * the bytes in buf, which has room for FHIR_TIME_TEXT. */
struct cw_str fhir_time_format(const struct fhir_time *t, char *buf);

/* "2025-06-16T09:00:00Z", milliseconds only when they are not zero. Clamped to years 0001-9999.
 * buf as above. */
struct cw_str fhir_time_format_utc(int64_t ms, char *buf);

/* A dateTime of millisecond precision in that zone (minutes east; 0 is written "Z"); clamped to
 * years 0001-9999. */
struct fhir_time fhir_time_from_ms(int64_t ms, int zone_minutes);
/* The date, in that zone, of an instant. */
struct fhir_time fhir_time_date_from_ms(int64_t ms, int zone_minutes);

/* The closed UTC interval that a date, dateTime or instant names: a date its UTC day, "2026-03" the
 * UTC month, minutes the minute. With seconds it is a point (FHIRPath takes seconds and fraction as
 * one value), in whole milliseconds, finer digits cut. Second 60 is the next second. A time of day
 * is not placed on the line: its interval is from its start to its end in ms since midnight. */
struct fhir_interval fhir_time_interval(const struct fhir_time *t);

/* The interval of a Period: start's beginning to end's end; either may be NULL (open). from > to
 * when the period ends before it starts: check with fhir_interval_valid. */
struct fhir_interval fhir_period_interval(
    const struct fhir_time *start, const struct fhir_time *end);
bool fhir_interval_valid(const struct fhir_interval *i);

/* FHIRPath order and equality (`<`, `=`; 6.1.1, 6.2): field by field, seconds and fraction as one.
 * FHIR_ANY_ORDER when one runs out of fields first, or a time of day meets a date. Two zoned times
 * are compared in UTC; a date counts as its UTC day; a zoned and an unzoned hour compare only when
 * they are more than 14 hours apart. */
enum fhir_order fhir_time_compare(const struct fhir_time *a, const struct fhir_time *b);

/* FHIRPath equivalence (`~`): as equality, but different precision or kind of zone is false. */
bool fhir_time_equivalent(const struct fhir_time *a, const struct fhir_time *b);

/* Name of a calendar unit, singular or plural ("day", "days"); false when it is none. */
bool fhir_calendar_find(struct cw_str word, enum fhir_calendar *out);
/* Its singular name. */
const char *fhir_calendar_name(enum fhir_calendar unit);

/* t plus n (may be negative) calendar units by FHIRPath 6.6.7: years and months keep the day,
 * clamped to the month's last; for a partial time the amount is first turned into its last unit,
 * cut toward zero (12 months and 365 days are a year, 30 days a month); a time of day wraps around.
 * Milliseconds added to whole seconds give three digits. 0, or 1 when the result is outside years
 * 0001-9999 (FHIRPath: empty) or a year, month, week or day meets a time of day. */
CW_CHECK int fhir_time_add(
    const struct fhir_time *t, int64_t n, enum fhir_calendar unit, struct fhir_time *out);

/* Whole calendar units that have gone by from a to b, cut toward zero, negative when b is earlier.
 * 0, or 1 when a and b are not of one precision, are less precise than the unit, or only one has a
 * zone. */
CW_CHECK int fhir_time_between(
    const struct fhir_time *a, const struct fhir_time *b, enum fhir_calendar unit, int64_t *out);

/* Digits of precision: year 4, month 6, day 8, hour 10, minute 12, second 14, then one a digit of
 * fraction (milliseconds 17); a time of day starts with hour 2. */
int fhir_time_precision(const struct fhir_time *t);

/* FHIRPath lowBoundary and highBoundary at that many digits (0: the most, date 8, dateTime 17, time
 * 9). A dateTime that gets an hour and has no zone gets +14:00 (low) or -12:00 (high). An hour
 * alone, which FHIR does not know, stands for its first minute. Fewer digits than t has cut it.
 * 0, or 1 when there is no such precision (FHIRPath: empty). */
CW_CHECK int fhir_time_low(const struct fhir_time *t, int digits, struct fhir_time *out);
CW_CHECK int fhir_time_high(const struct fhir_time *t, int digits, struct fhir_time *out);

/* Days since 1970-01-01 of a Gregorian date, and back. Any year in -400000..400000. */
int64_t fhir_days_from_date(int64_t year, unsigned month, unsigned day);
void fhir_date_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day);
/* Days of a month; 0 when there is no such month. */
unsigned fhir_days_in_month(int64_t year, unsigned month);

#endif
