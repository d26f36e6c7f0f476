#include "mappings/explain.h"

#include <string.h>

#include "fhir/time.h"

static void
put_time(struct cw_buf *out, int64_t ms)
{
	char buf[FHIR_TIME_TEXT];

	cw_buf_str(out, fhir_time_format_utc(ms, buf));
}

/* The day of an event; its instant when that is not midnight. */
static void
put_day(struct cw_buf *out, int64_t ms)
{
	char buf[FHIR_TIME_TEXT];
	struct cw_str text = fhir_time_format_utc(ms, buf);

	if (ms % INT64_C(86400000) == 0 && text.n > 10)
		text.n = 10;
	cw_buf_str(out, text);
}

static void
put_words(struct cw_buf *out, const struct map_finding *f)
{
	cw_buf_plain(out, f->display.n > 0 ? f->display : f->concept->title);
}

static const char *
tier_word(enum map_tier tier)
{
	static const char *const words[] = { "None", "Watch", "Urgent", "Emergency" };

	return words[tier];
}

/* "a, b and c" */
static void
put_list(struct cw_buf *out, const struct map_texts *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i > 0)
			cw_buf_puts(out, i + 1 == list->n ? " and " : ", ");
		cw_buf_plain(out, list->item[i]);
	}
}

static void
put_evidence_words(struct cw_buf *out, const struct map_facts *facts)
{
	for (size_t i = 0; i < facts->n; i++) {
		const struct map_finding *f = facts->item[i]->finding;
		bool before = false;

		for (size_t k = 0; k < i; k++)
			before |= cw_str_eq(facts->item[k]->finding->source, f->source);
		if (before)
			continue;
		if (i > 0)
			cw_buf_puts(out, "; ");
		put_words(out, f);
		cw_buf_puts(out, " (");
		put_day(out, f->when);
		cw_buf_putc(out, ')');
	}
}

/* "S4 (Whole spine imaged after the finding) and S5 (...)" */
static void
put_named(struct cw_buf *out, const struct map_texts *labels, const struct map_texts *titles)
{
	for (size_t i = 0; i < labels->n; i++) {
		if (i > 0)
			cw_buf_puts(out, i + 1 == labels->n ? " and " : ", ");
		cw_buf_plain(out, labels->item[i]);
		if (i < titles->n) {
			cw_buf_puts(out, " (");
			cw_buf_plain(out, titles->item[i]);
			cw_buf_putc(out, ')');
		}
	}
}

static void
put_proposal_words(struct cw_buf *out, const struct map_decision *d)
{
	const struct map_proposal *p = &d->proposal;

	if (d->has_order) {
		cw_buf_puts(out, " Proposed: ");
		cw_buf_plain(out, fhir_node_text(p->definition->node, "title"));
		cw_buf_puts(out, ", priority ");
		cw_buf_plain(out, p->priority);
		cw_buf_puts(out, ", by ");
		put_time(out, p->due);
		cw_buf_putc(out, '.');
	} else if (d->tier > MAP_TIER_WATCH) {
		cw_buf_puts(out, " Nothing new is sent: ");
		put_named(out, &d->controls, &d->control_titles);
		cw_buf_putc(out, '.');
	}
}

static void
put_rules_words(struct cw_buf *out, const struct map_decision *d)
{
	cw_buf_puts(out, " by ");
	put_list(out, &d->rules);
	for (size_t i = 0; i < d->titles.n; i++) {
		cw_buf_puts(out, i == 0 ? ": " : "; ");
		cw_buf_plain(out, d->titles.item[i]);
	}
	cw_buf_puts(out, ". Seen: ");
	put_evidence_words(out, &d->evidence_facts);
	cw_buf_putc(out, '.');
}

static void
put_lowered_words(struct cw_buf *out, const struct map_decision *d)
{
	cw_buf_putc(out, ' ');
	put_named(out, &d->controls, &d->control_titles);
	cw_buf_puts(out, " lowered ");
	put_named(out, &d->lowered, &d->lowered_titles);
	cw_buf_puts(out, ": ");
	put_evidence_words(out, &d->lowered_facts);
	cw_buf_puts(out, ". Nothing is ordered.");
}

void
map_explain_sentence(struct cw_buf *out, const struct map_decision *d)
{
	bool lowered = d->lowered.n > 0 && d->controls.n > 0 && d->tier == MAP_TIER_WATCH;

	cw_buf_puts(out, tier_word(d->tier));
	if (d->rules.n > 0)
		put_rules_words(out, d);
	else if (lowered)
		cw_buf_putc(out, '.');
	if (lowered) {
		put_lowered_words(out, d);
	} else if (d->rules.n == 0 && d->controls.n > 0) {
		cw_buf_puts(out, ": ");
		put_named(out, &d->controls, &d->control_titles);
		cw_buf_puts(out, " took away what would have counted.");
	} else if (d->rules.n == 0) {
		cw_buf_puts(out, ": no rule holds.");
	}
	put_proposal_words(out, d);
	if (d->unknown.n > 0) {
		cw_buf_puts(out, " Could not be decided: ");
		put_list(out, &d->unknown);
		cw_buf_puts(out, " (unknown is not \"no\": please look).");
	}
}

static void
put_texts(struct fhir_json_out *o, const char *key, const struct map_texts *list)
{
	fhir_json_out_key(o, key);
	fhir_json_out_array(o);
	for (size_t i = 0; i < list->n; i++)
		fhir_json_out_string(o, list->item[i]);
	fhir_json_out_array_end(o);
}

void
map_explain_line(struct cw_buf *out, const struct map_decision *d)
{
	char buf[FHIR_TIME_TEXT];
	struct fhir_json_out o;

	fhir_json_out_init(&o, out, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "patient", d->patient);
	fhir_json_out_member(&o, "asOf", fhir_time_format_utc(d->now, buf));
	fhir_json_out_member(&o, "tier", cw_str(map_tier_name(d->tier)));
	put_texts(&o, "rules", &d->rules);
	put_texts(&o, "controls", &d->controls);
	fhir_json_out_key(&o, "order");
	if (d->has_order) {
		fhir_json_out_object(&o);
		fhir_json_out_member(&o, "priority", d->proposal.priority);
		fhir_json_out_member(&o, "code", d->proposal.code);
		fhir_json_out_member(&o, "due", fhir_time_format_utc(d->proposal.due, buf));
		fhir_json_out_object_end(&o);
	} else {
		fhir_json_out_null(&o);
	}
	put_texts(&o, "unknown", &d->unknown);
	put_texts(&o, "evidence", &d->evidence);
	fhir_json_out_object_end(&o);
}

/* --- text for a person --- */

static const char *
colour_of(enum map_tier tier)
{
	static const char *const codes[] = { "\033[2m", "\033[36m", "\033[33;1m", "\033[31;1m" };

	return codes[tier];
}

static void
put_headline(struct cw_buf *out, const struct map_decision *d, bool colour)
{
	cw_buf_plain(out, d->patient);
	cw_buf_puts(out, "  ");
	if (colour)
		cw_buf_puts(out, colour_of(d->tier));
	for (const char *s = tier_word(d->tier); *s != '\0'; s++)
		cw_buf_putc(out, (char)(*s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s));
	if (colour)
		cw_buf_puts(out, "\033[0m");
	for (size_t i = 0; i < d->rules.n; i++) {
		cw_buf_putc(out, ' ');
		cw_buf_plain(out, d->rules.item[i]);
	}
	if (d->controls.n > 0) {
		cw_buf_puts(out, "  controls");
		for (size_t i = 0; i < d->controls.n; i++) {
			cw_buf_putc(out, ' ');
			cw_buf_plain(out, d->controls.item[i]);
		}
	}
	cw_buf_puts(out, "  as of ");
	put_time(out, d->now);
	cw_buf_putc(out, '\n');
}

/* Text broken at blanks to 96 columns, each line indented. */
static void
put_wrapped(struct cw_buf *out, struct cw_str text, size_t indent)
{
	enum { WIDTH = 96 };
	size_t column = 0, i = 0;

	while (i < text.n) {
		size_t end = i;

		while (end < text.n && text.s[end] != ' ')
			end++;
		if (column > 0 && column + 1 + (end - i) > WIDTH - indent) {
			cw_buf_putc(out, '\n');
			column = 0;
		}
		if (column == 0)
			cw_buf_printf(out, "%*s", (int)indent, "");
		else
			cw_buf_putc(out, ' ');
		column += (column > 0) + (end - i);
		cw_buf_add(out, text.s + i, end - i);
		i = end + 1;
	}
	cw_buf_putc(out, '\n');
}

static void
put_fact(struct cw_buf *out, const struct map_fact *fact)
{
	const struct map_finding *f = fact->finding;

	put_day(out, f->when);
	if (f->imprecise)
		cw_buf_puts(out, " (imprecise date)");
	cw_buf_puts(out, "  ");
	cw_buf_plain(out, f->source);
	cw_buf_puts(out, "  ");
	put_words(out, f);
	cw_buf_puts(out, "  [");
	cw_buf_plain(out, f->concept->code);
	cw_buf_puts(out, "]\n");
}

static void
put_order(struct cw_buf *out, const struct map_decision *d)
{
	const struct map_proposal *p = &d->proposal;

	cw_buf_puts(out, "  Order\n    ");
	cw_buf_plain(out, fhir_node_text(p->definition->node, "title"));
	cw_buf_puts(out, " (");
	cw_buf_plain(out, p->code);
	cw_buf_puts(out, "), ");
	cw_buf_plain(out, p->intent);
	cw_buf_puts(out, ", priority ");
	cw_buf_plain(out, p->priority);
	cw_buf_puts(out, ", by ");
	put_time(out, p->due);
	cw_buf_putc(out, '\n');
	for (size_t i = 0; i < p->notes.n; i++) {
		cw_buf_puts(out, "    - ");
		cw_buf_plain(out, p->notes.item[i]);
		cw_buf_putc(out, '\n');
	}
}

static void
put_rule(struct cw_buf *out, const struct map_trace_rule *r)
{
	cw_buf_puts(out, "    ");
	cw_buf_plain(out, r->label);
	cw_buf_printf(out, "  %s  ", map_verdict_name(r->verdict));
	cw_buf_plain(out, r->title);
	cw_buf_puts(out, r->looked ? "\n" : " (nothing that it looks at is recorded)\n");
	for (size_t i = 0; i < r->conditions; i++) {
		static const char *const truths[] = { "false", "unknown", "true" };

		cw_buf_printf(out, "        condition %s: ", truths[r->condition[i].truth]);
		cw_buf_plain(out, r->condition[i].expression);
		cw_buf_putc(out, '\n');
	}
	for (size_t i = 0; i < r->triggers; i++) {
		const struct map_trace_trigger *t = &r->trigger[i];

		cw_buf_puts(out, t->survives ? "        finding  " : "        (out)    ");
		put_fact(out, t->fact);
		for (size_t k = 0; k < t->n; k++)
			cw_buf_printf(out, "            %.*s %s (%s)\n",
			    CW_ARG(t->caught[k].control),
			    t->caught[k].truth == MAP_TRUE ? "acts" : "cannot tell",
			    map_effect_name(t->caught[k].effect));
	}
	if (r->verdict >= MAP_VERDICT_LOWERED || r->verdict == MAP_VERDICT_UNKNOWN) {
		cw_buf_puts(out, "        source   ");
		cw_buf_plain(out, r->citation);
		cw_buf_putc(out, '\n');
	}
}

static void
put_trace(struct cw_buf *out, const struct map_trace *t)
{
	cw_buf_puts(out, "  Findings\n");
	for (size_t i = 0; i < t->facts; i++) {
		cw_buf_puts(out, "    ");
		put_fact(out, &t->fact[i]);
	}
	if (t->drops > 0)
		cw_buf_puts(out, "  Taken away\n");
	for (size_t i = 0; i < t->drops; i++) {
		cw_buf_puts(out, "    ");
		cw_buf_plain(out, t->drop[i].control);
		cw_buf_puts(out, " (");
		cw_buf_plain(out, t->drop[i].title);
		cw_buf_puts(out, ")  ");
		put_fact(out, t->drop[i].fact);
	}
	cw_buf_puts(out, "  Rules\n");
	for (size_t i = 0; i < t->rules; i++)
		put_rule(out, &t->rule[i]);
	for (size_t i = 0; i < t->unsure.n; i++) {
		cw_buf_puts(out, i == 0 ? "  Without an answer\n    " : "    ");
		cw_buf_plain(out, t->unsure.item[i]);
		cw_buf_putc(out, '\n');
	}
}

void
map_explain_text(
    struct cw_buf *out, const struct map_decision *d, const struct map_explain_options *opt)
{
	struct cw_buf sentence;

	put_headline(out, d, opt->colour);
	cw_buf_init(&sentence, 0);
	map_explain_sentence(&sentence, d);
	put_wrapped(out, (struct cw_str){ sentence.s, sentence.n }, 2);
	cw_buf_fini(&sentence);
	if (d->evidence_facts.n > 0)
		cw_buf_puts(out, "  Evidence\n");
	for (size_t i = 0; i < d->evidence_facts.n; i++) {
		cw_buf_puts(out, "    ");
		put_fact(out, d->evidence_facts.item[i]);
	}
	if (d->lowered_facts.n > 0 && d->tier == MAP_TIER_WATCH)
		cw_buf_puts(out, "  Lowered to watch\n");
	for (size_t i = 0; d->tier == MAP_TIER_WATCH && i < d->lowered_facts.n; i++) {
		cw_buf_puts(out, "    ");
		put_fact(out, d->lowered_facts.item[i]);
	}
	if (d->has_order)
		put_order(out, d);
	if (opt->full)
		put_trace(out, &d->trace);
}
