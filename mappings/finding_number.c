/* Exact numbers in answers, and the rules that read them: thresholds of the code table, reference
 * ranges, interpretations. All three-valued: what does not compare leaves it open. */
#include "mappings/finding_number.h"

#include <string.h>

/* ---- reading ---- */

static void
take(struct map_answer *a, const struct fhir_quantity *q)
{
	a->numeric = a->has_low = a->has_high = true;
	a->exact = q->comparator == FHIR_CMP_NONE;
	a->low = a->high = *q;
}

void
map_number_read(struct map_reader *r, struct map_answer *a, const struct fhir_node *node)
{
	struct fhir_quantity q;
	struct fhir_decimal d;

	if (node->kind != FHIR_NUMBER)
		return;
	if (fhir_decimal_parse(node->lexeme, &d, NULL) < 0) {
		map_remark(r, MAP_ISSUE_UNREAD, node, "a number larger than can be read", false);
		return;
	}
	q = fhir_quantity_number(d);
	take(a, &q);
}

/* 0 with *q; anything else: no number to go by (told where there was one). */
static int
read_quantity(struct map_reader *r, const struct fhir_node *node, struct fhir_quantity *q)
{
	int rc = fhir_quantity_read(node, q, NULL);

	if (rc < 0)
		map_remark(r, MAP_ISSUE_MALFORMED, node, "a quantity that cannot be read", false);
	return rc;
}

void
map_number_quantity(struct map_reader *r, struct map_answer *a, const struct fhir_node *node)
{
	struct fhir_quantity q;

	if (read_quantity(r, node, &q) == 0)
		take(a, &q);
}

void
map_number_range(struct map_reader *r, struct map_answer *a, const struct fhir_node *node)
{
	const struct fhir_node *low = fhir_node_get(node, "low"),
			       *high = fhir_node_get(node, "high");

	a->has_low = low && read_quantity(r, low, &a->low) == 0;
	a->has_high = high && read_quantity(r, high, &a->high) == 0;
	a->numeric = a->has_low || a->has_high;
	a->exact = false;
}

/* ---- comparing ---- */

/* How the value may stand to a bound: bits of enum fhir_order. A bound without a unit is meant in
 * the unit of the value. */
static unsigned
order(const struct map_answer *a, const struct fhir_quantity *bound, bool any_unit)
{
	struct fhir_quantity b = *bound;
	unsigned bits = 0;

	if (any_unit || b.kind == FHIR_UNIT_NONE) {
		b = a->has_low ? a->low : a->high;
		b.value = bound->value;
		b.comparator = FHIR_CMP_NONE;
	}
	bits |= a->has_low ? fhir_quantity_compare(&a->low, &b) : (unsigned)FHIR_LESS;
	bits |= a->has_high ? fhir_quantity_compare(&a->high, &b) : (unsigned)FHIR_GREATER;
	if ((bits & FHIR_LESS) && (bits & FHIR_GREATER))
		bits |= FHIR_EQUAL;
	return bits;
}

/* Is the order surely, surely not, or perhaps among the wanted? */
static enum map_truth
within(unsigned order_bits, unsigned wanted)
{
	if (!(order_bits & ~wanted))
		return MAP_TRUE;
	return order_bits & wanted ? MAP_UNKNOWN : MAP_FALSE;
}

/* One alternative: "<5", ">=2.60 mmol/L". False: not of this form. */
static bool
parse_rule(struct cw_str rule, unsigned *wanted, struct fhir_quantity *bound, bool *any_unit)
{
	struct fhir_decimal d;
	struct cw_str number, unit = { 0 };
	size_t i = 1;

	if (rule.n < 2 || (rule.s[0] != '<' && rule.s[0] != '>'))
		return false;
	*wanted = rule.s[0] == '<' ? FHIR_LESS : FHIR_GREATER;
	if (rule.s[1] == '=') {
		*wanted |= FHIR_EQUAL;
		i++;
	}
	number = (struct cw_str){ rule.s + i, 0 };
	for (; i < rule.n && rule.s[i] != ' '; i++)
		number.n++;
	if (i + 1 < rule.n)
		unit = (struct cw_str){ rule.s + i + 1, rule.n - i - 1 };
	if (fhir_decimal_parse(number, &d, NULL) < 0)
		return false;
	*any_unit = !unit.n;
	*bound = fhir_quantity_number(d);
	return !unit.n || fhir_quantity_ucum(d, unit, bound, NULL) == 0;
}

/* The alternatives of a rule, tried until one compares. */
static enum map_truth
apply_rule(const struct map_answer *a, struct cw_str rule)
{
	struct fhir_quantity bound;
	struct cw_str one;
	enum map_truth t;
	unsigned wanted;
	bool any_unit;
	size_t i = 0;

	while (i < rule.n) {
		one = (struct cw_str){ rule.s + i, 0 };
		for (; i < rule.n && rule.s[i] != ';'; i++)
			one.n++;
		i++;
		if (!parse_rule(one, &wanted, &bound, &any_unit))
			continue;
		t = within(order(a, &bound, any_unit), wanted);
		if (t != MAP_UNKNOWN)
			return t;
	}
	return MAP_UNKNOWN;
}

static bool
downward(struct cw_str rule)
{
	return rule.n && rule.s[0] == '<';
}

/* A score: its rule has a number and no unit, so neither range nor flag is needed to read it. */
static bool
is_score(struct cw_str rule)
{
	return rule.n && !memchr(rule.s, ' ', rule.n);
}

/* ---- reference ranges ---- */

/* A range that says what is normal; others are targets of treatment and the like. */
static bool
is_normal(const struct fhir_node *range)
{
	const struct fhir_node *type = fhir_node_get(range, "type");
	const struct fhir_node *coding = fhir_node_get(type, "coding");

	if (!coding)
		return true;
	for (; coding; coding = fhir_node_again(coding))
		if (cw_str_is(fhir_node_text(coding, "code"), "normal"))
			return true;
	return false;
}

/* Outside the ranges on one side? Several ranges (by age, by sex) must agree. */
static enum map_truth
beyond(const struct map_answer *a, const char *side, unsigned wanted)
{
	const struct fhir_node *range = a->range, *node;
	enum map_truth all = MAP_UNKNOWN, t;
	struct fhir_quantity bound;
	bool any = false;

	for (; a->numeric && range; range = fhir_node_again(range)) {
		node = fhir_node_get(range, side);
		if (!node || !is_normal(range) || fhir_quantity_read(node, &bound, NULL) != 0)
			continue;
		t = within(order(a, &bound, false), wanted);
		if (any && t != all)
			return MAP_UNKNOWN;
		all = t;
		any = true;
	}
	return all;
}

/* ---- what they say ---- */

/* By the flags alone: raised or lowered, whichever way the rule looks; normal; positive. */
enum map_truth
map_answer_flagged(const struct map_answer *a, struct cw_str rule)
{
	bool down = downward(rule);

	if (a->raised != a->lowered)
		return a->raised != down ? MAP_TRUE : MAP_FALSE;
	if (a->raised)
		return MAP_UNKNOWN;
	if (a->positive)
		return MAP_TRUE;
	if (a->normal || a->negative)
		return MAP_FALSE;
	return a->abnormal && !a->numeric ? MAP_TRUE : MAP_UNKNOWN;
}

/* A number under a code: by flag, by range, by the rule; for a score by the rule first. Zero of
 * what has neither is none of it. */
enum map_truth
map_answer_measured(const struct map_answer *a, struct cw_str rule)
{
	enum map_truth t = MAP_UNKNOWN;

	if (is_score(rule))
		t = apply_rule(a, rule);
	if (t == MAP_UNKNOWN)
		t = map_answer_flagged(a, rule);
	if (t == MAP_UNKNOWN)
		t = downward(rule) ? beyond(a, "low", FHIR_LESS) : beyond(a, "high", FHIR_GREATER);
	if (t == MAP_UNKNOWN)
		t = apply_rule(a, rule);
	if (t == MAP_UNKNOWN && !rule.n && a->exact && fhir_decimal_is_zero(&a->low.value))
		t = MAP_FALSE;
	return t;
}

/* Raised, by the laboratory's own flag or range. */
enum map_truth
map_answer_high(const struct map_answer *a)
{
	if (a->raised != a->lowered)
		return a->raised ? MAP_TRUE : MAP_FALSE;
	if (a->normal && !a->raised)
		return MAP_FALSE;
	return beyond(a, "high", FHIR_GREATER);
}
