/* quantity_read: Quantity elements, and FHIRPath's text form. */
#include "fhir/quantity.h"

#include <string.h>

static int
read_comparator(struct cw_str s, uint8_t *out, struct cw_err *err)
{
	static const char *const words[] = { "", "<", "<=", ">=", ">" };

	*out = FHIR_CMP_NONE;
	if (!s.s)
		return 0;
	for (uint8_t i = FHIR_CMP_LT; i <= FHIR_CMP_GT; i++)
		if (cw_str_is(s, words[i])) {
			*out = i;
			return 0;
		}
	return cw_fail(err, CW_EVALUE, "a Quantity with an unknown comparator");
}

static void
read_unit(const struct fhir_node *node, struct fhir_quantity *q)
{
	struct cw_str code = fhir_node_text(node, "code"), unit = fhir_node_text(node, "unit");
	struct cw_str system = fhir_node_text(node, "system");

	q->form = fhir_unit_one();
	if (code.n > 0 && cw_str_is(system, "http://unitsofmeasure.org")) {
		q->unit = code;
		q->kind = FHIR_UNIT_TEXT;
		if (fhir_ucum_parse(code, &q->form, NULL) == 0)
			q->kind = FHIR_UNIT_UCUM;
		return;
	}
	q->unit = unit.n > 0 ? unit : code;
	q->kind = q->unit.n > 0 ? FHIR_UNIT_TEXT : FHIR_UNIT_NONE;
}

int
fhir_quantity_read(const struct fhir_node *node, struct fhir_quantity *out, struct cw_err *err)
{
	const struct fhir_node *value = fhir_node_get(node, "value");
	int rc;

	memset(out, 0, sizeof(*out));
	read_unit(node, out);
	rc = read_comparator(fhir_node_text(node, "comparator"), &out->comparator, err);
	if (rc != 0)
		return rc;
	if (!value || value->kind == FHIR_NULL)
		return 1;
	if (value->kind != FHIR_NUMBER)
		return cw_fail(err, CW_ETYPE, "a Quantity whose value is not a number");
	return fhir_decimal_parse(value->lexeme, &out->value, err);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int
fhir_quantity_parse(struct cw_str text, struct fhir_quantity *out, struct cw_err *err)
{
	struct cw_str number = { text.s, 0 }, unit;
	struct fhir_decimal value;
	enum fhir_calendar calendar;
	int rc;

	while (number.n < text.n && memchr("+-.0123456789", text.s[number.n], 13))
		number.n++;
	if ((rc = fhir_decimal_parse_path(number, &value, err)) != 0)
		return rc;
	unit = (struct cw_str){ text.s + number.n, text.n - number.n };
	while (unit.n > 0 && is_space(*unit.s)) {
		unit.s++;
		unit.n--;
	}
	if (unit.n == 0 && number.n == text.n) {
		*out = fhir_quantity_number(value);
		return 0;
	}
	if (unit.n > 2 && unit.s[0] == '\'' && unit.s[unit.n - 1] == '\'')
		return fhir_quantity_ucum(
		    value, (struct cw_str){ unit.s + 1, unit.n - 2 }, out, err);
	if (!fhir_calendar_find(unit, &calendar))
		return cw_fail(err, CW_ESYNTAX, "not a quantity (a number and a unit)");
	*out = fhir_quantity_calendar(value, calendar);
	return 0;
}

struct cw_str
fhir_quantity_format(struct cw_arena *a, const struct fhir_quantity *q)
{
	char buf[FHIR_DECIMAL_TEXT];
	struct cw_str number = fhir_decimal_format(&q->value, buf);
	struct fhir_decimal size = fhir_decimal_abs(q->value);
	static const struct fhir_decimal one = { 1, 0, false };

	switch ((enum fhir_unit_kind)q->kind) {
	case FHIR_UNIT_NONE:
		break;
	case FHIR_UNIT_UCUM:
	case FHIR_UNIT_TEXT:
		return cw_fmt(a, "%.*s '%.*s'", CW_ARG(number), CW_ARG(q->unit));
	case FHIR_UNIT_CALENDAR:
		return cw_fmt(a, "%.*s %.*s%s", CW_ARG(number), CW_ARG(q->unit),
		    fhir_decimal_compare(&size, &one) == FHIR_EQUAL ? "" : "s");
	}
	return cw_str_dup(a, number);
}
