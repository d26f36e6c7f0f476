/* explain: a decision in words and in lines: for a clinician, for other programs, for an auditor.
 *
 * Words come from the package (titles, descriptions) and from the displays of the data; nothing
 * here knows medicine. */
#ifndef MAPPINGS_EXPLAIN_H
#define MAPPINGS_EXPLAIN_H

#include "fhir/json.h"
#include "mappings/decide.h"

/* One plain sentence (or two): tier, what was found and when, what is proposed by when. */
void map_explain_sentence(struct cw_buf *out, const struct map_decision *d);

/* The NDJSON line of `cordwatch evaluate --format ndjson`, without the newline; an interface. */
void map_explain_line(struct cw_buf *out, const struct map_decision *d);

struct map_explain_options {
	bool colour; /* ANSI colours for a terminal */
	bool full; /* every rule, every control, the values seen; the decision must have a trace */
};
/* The text for a person: headline, sentence, evidence, order; with full, the trace. */
void map_explain_text(
    struct cw_buf *out, const struct map_decision *d, const struct map_explain_options *opt);

/* The trace as one JSON object: parameters, the patient, findings with every element, what controls
 * dropped, and every rule with conditions, triggers (and whether there may be more, or fewer),
 * controls and the values of the names it uses: enough to work out verdict, tier, rules and
 * evidence again.  Brief: without what the plan says for itself (parameters, titles, citations, the
 * text of conditions: "results" has what they gave, in order), rules that nothing made look at, the
 * words of findings, and what is empty or false. */
void map_explain_trace(struct fhir_json_out *out, const struct map_decision *d,
    const struct map_plan *plan, bool brief);

/* The case that such an object was decided on: to decide again. Everything in *out lives in arena
 * or borrows from trace; without names and notes, which decide nothing. CW_EVALUE: something of it
 * cannot be read, or terms lacks a concept. */
CW_CHECK int map_explain_read(struct map_case *out, const struct fhir_node *trace,
    const struct map_terminology *terms, struct cw_arena *arena, struct cw_err *err);

#endif
