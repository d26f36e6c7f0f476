/* What differs between a decision and what its story expects. */
#include "config.h"

#include "daemon/story_play.h"
#include "fhir/time.h"

#include <string.h>

struct comparison {
	struct cw_buf *report;
	const struct map_decision *d;
	const struct cw_str *orders;
	size_t n_orders, differences;
};

static bool
holds(const struct cw_str *item, size_t n, struct cw_str what)
{
	for (size_t i = 0; i < n; i++) {
		if (cw_str_eq(item[i], what))
			return true;
	}
	return false;
}

/* Begin the line of a difference. */
static void
differ(struct comparison *c, const char *what)
{
	c->differences++;
	cw_buf_printf(c->report, "    %-9s expected ", what);
}

static void
add_list(struct cw_buf *b, const struct cw_str *item, size_t n)
{
	if (n == 0)
		cw_buf_puts(b, "-");
	for (size_t i = 0; i < n; i++)
		cw_buf_printf(b, "%s%.*s", i > 0 ? " " : "", CW_ARG(item[i]));
}

/* The same words in any order. */
static void
compare_list(struct comparison *c, const char *what, const struct story_list *expected,
    const struct map_texts *got)
{
	bool same = expected->n == got->n;

	for (size_t i = 0; i < expected->n && same; i++)
		same = holds(got->item, got->n, expected->item[i]);
	for (size_t i = 0; i < got->n && same; i++)
		same = holds(expected->item, expected->n, got->item[i]);
	if (same)
		return;
	differ(c, what);
	add_list(c->report, expected->item, expected->n);
	cw_buf_puts(c->report, ", got ");
	add_list(c->report, got->item, got->n);
	cw_buf_putc(c->report, '\n');
}

static void
compare_text(struct comparison *c, const char *what, struct cw_str expected, struct cw_str got)
{
	if (cw_str_eq(expected, got))
		return;
	differ(c, what);
	cw_buf_printf(c->report, "%.*s, got %.*s\n", CW_ARG(expected), CW_ARG(got));
}

/* "order1" is whatever cordwatch called it. */
static struct cw_str
reference_of(const struct comparison *c, struct cw_str id)
{
	char name[STORY_NAME];

	for (size_t i = 0; i < c->n_orders; i++) {
		if (cw_str_eq(id, story_order_name(i + 1, name)))
			return c->orders[i];
	}
	return id;
}

static void
compare_evidence(struct comparison *c, const struct story_list *expected)
{
	struct story_list known = *expected;

	for (size_t i = 0; i < known.n; i++)
		known.item[i] = reference_of(c, known.item[i]);
	if (expected->stated)
		compare_list(c, "evidence", &known, &c->d->evidence);
}

static bool
refers(const struct map_facts *facts, struct cw_str reference)
{
	for (size_t i = 0; i < facts->n; i++) {
		if (cw_str_eq(facts->item[i]->finding->source, reference))
			return true;
	}
	return false;
}

static bool
contains(struct cw_str text, struct cw_str part)
{
	return part.n == 0 || (text.n > 0 && memmem(text.s, text.n, part.s, part.n) != NULL);
}

static void
compare_notes(struct comparison *c, const struct story_list *expected)
{
	const struct map_texts *notes = &c->d->proposal.notes;

	for (size_t i = 0; i < expected->n; i++) {
		bool found = false;

		for (size_t k = 0; k < notes->n && !found; k++)
			found = contains(notes->item[k], expected->item[i]);
		if (found)
			continue;
		differ(c, "note");
		cw_buf_printf(c->report, "\"%.*s\", got:", CW_ARG(expected->item[i]));
		for (size_t k = 0; k < notes->n; k++)
			cw_buf_printf(c->report, " \"%.*s\"", CW_ARG(notes->item[k]));
		cw_buf_putc(c->report, '\n');
	}
}

static void
compare_order(struct comparison *c, const struct story_expect *e)
{
	const struct map_proposal *p = &c->d->proposal;
	char due[2][FHIR_TIME_TEXT];

	compare_text(c, "order", e->order ? e->priority : CW_STR("none"),
	    c->d->has_order ? p->priority : CW_STR("none"));
	if (e->code.s != NULL)
		compare_text(c, "code", e->code, p->code);
	if (e->due != MAP_NO_TIME && e->due != p->due)
		compare_text(c, "due", fhir_time_format_utc(e->due, due[0]),
		    fhir_time_format_utc(p->due, due[1]));
	compare_notes(c, &e->notes);
	for (size_t i = 0; i < e->refers.n; i++) {
		struct cw_str reference = reference_of(c, e->refers.item[i]);

		if (refers(&p->reason, reference) || refers(&p->related, reference))
			continue;
		differ(c, "order");
		cw_buf_printf(
		    c->report, "to refer to %.*s, it does not\n", CW_ARG(e->refers.item[i]));
	}
}

size_t
story_compare(struct cw_buf *report, const struct story_expect *e, const struct map_decision *d,
    const struct cw_str *orders, size_t n_orders)
{
	struct comparison c = { report, d, orders, n_orders, 0 };

	compare_text(&c, "tier", cw_str(map_tier_name(e->tier)), cw_str(map_tier_name(d->tier)));
	compare_list(&c, "rules", &e->rules, &d->rules);
	compare_list(&c, "controls", &e->controls, &d->controls);
	compare_list(&c, "unknown", &e->unknown, &d->unknown);
	if (e->lowered.stated)
		compare_list(&c, "lowered", &e->lowered, &d->lowered);
	compare_order(&c, e);
	compare_evidence(&c, &e->evidence);
	if ((e->line && !d->told) || (e->no_line && d->told)) {
		differ(&c, "line");
		cw_buf_puts(report, d->told ? "none, got one\n" : "one, got none\n");
	}
	return c.differences;
}
