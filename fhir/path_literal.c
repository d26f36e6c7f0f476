/* path_literal: literal tokens to items, parsed once when an expression is compiled. */
#include <string.h>

#include "fhir/path_syntax.h"
#include "fhir/quantity.h"

bool
path_is_calendar(struct cw_str word)
{
	enum fhir_calendar unit;

	return fhir_calendar_find(word, &unit);
}

static int
too_large(struct cw_err *err, const struct path_token *t)
{
	return path_fail_at(err, CW_ELIMIT, t->at, "the expression is too large");
}

static int
read_decimal(const struct path_token *t, struct fhir_decimal *out, struct cw_err *err)
{
	int r = fhir_decimal_parse_path(t->text, out, NULL);

	return r ? path_fail_at(err, r, t->at, "the number has too many digits") : 0;
}

int
path_literal_number(
    struct cw_arena *a, const struct path_token *t, struct fhir_item *out, struct cw_err *err)
{
	struct fhir_decimal *d = cw_alloc(a, sizeof(*d));
	int64_t i;
	int r;

	if (!d)
		return too_large(err, t);
	r = read_decimal(t, d, err);
	if (r)
		return r;
	if (t->decimal) {
		*out = fhir_item_decimal(d);
		return 0;
	}
	if (fhir_decimal_to_int(d, &i))
		return path_fail_at(err, CW_EVALUE, t->at, "the integer is out of range");
	*out = fhir_item_integer(i);
	if (t->kind == PATH_T_LONG)
		out->kind = FHIR_ITEM_LONG;
	return 0;
}

int
path_literal_quantity(struct cw_arena *a, const struct path_token *t, struct cw_str unit,
    bool calendar, struct fhir_item *out, struct cw_err *err)
{
	struct fhir_quantity *q = cw_alloc(a, sizeof(*q));
	struct fhir_decimal d;
	enum fhir_calendar word;
	int r;

	if (!q)
		return too_large(err, t);
	r = read_decimal(t, &d, err);
	if (r)
		return r;
	if (calendar && fhir_calendar_find(unit, &word)) {
		*q = fhir_quantity_calendar(d, word);
	} else if (fhir_quantity_ucum(d, unit, q, NULL)) {
		/* not UCUM: usable all the same, it equals its own text only */
		q->unit = unit;
	}
	*out = fhir_item_quantity(q);
	return 0;
}

int
path_literal_time(
    struct cw_arena *a, const struct path_token *t, struct fhir_item *out, struct cw_err *err)
{
	struct fhir_time *time = cw_alloc(a, sizeof(*time));
	enum fhir_time_kind kind = t->kind == PATH_T_DATE   ? FHIR_TIME_DATE
				   : t->kind == PATH_T_TIME ? FHIR_TIME_TIME
							    : FHIR_TIME_DATETIME;
	struct cw_err why = { 0 };
	int r;

	if (!time)
		return too_large(err, t);
	r = fhir_time_parse_path(kind, t->text, time, &why);
	if (r)
		return path_fail_at(err, r, t->at, "%s", why.text);
	*out = fhir_item_time(t->kind == PATH_T_DATE   ? FHIR_ITEM_DATE
			      : t->kind == PATH_T_TIME ? FHIR_ITEM_TIME
						       : FHIR_ITEM_DATETIME,
	    time);
	return 0;
}
