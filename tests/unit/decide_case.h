/* decide_case: the sepsis package of tests/data/plan, edited, and findings told in words. */
#ifndef TESTS_DECIDE_CASE_H
#define TESTS_DECIDE_CASE_H

#include "mappings/plan_internal.h"
#include "tests/unit/plan_case.h"

enum { DECIDE_FINDINGS = 24 };

/* 2025-06-16T09:00:00Z. */
#define DECIDE_NOW INT64_C(1750064400000)

/* In the PlanDefinition, or in the file that is named: the first from becomes to. */
struct decide_edit {
	const char *from, *to, *file;
};

struct decide_case {
	struct plan_case files;
	struct cw_arena *arena;
	struct map_finding finding[DECIDE_FINDINGS];
	const struct map_finding *list[DECIDE_FINDINGS];
	struct map_case about;
	struct map_decision decision;
	struct cw_err err;
	int rc;
};

/* JSON of actions. what: further members, each with its comma before it; or nothing. */
#define FHIRPATH(text) "{\"language\":\"text/fhirpath\",\"expression\":\"" text "\"}"
#define ACTION(id, label, system, code, what)                                                      \
	"{\"id\":\"" id "\",\"prefix\":\"" label "\",\"title\":\"" id                              \
	" title\",\"description\":\"d\",\"documentation\":[{\"type\":\"citation\","                \
	"\"citation\":\"" id " source\"}],\"code\":[{\"coding\":[{\"system\":"                     \
	"\"urn:cordwatch:CodeSystem:" system "\",\"code\":\"" code "\"}]}]" what "}"
#define IF(text) ",\"condition\":[{\"kind\":\"applicability\",\"expression\":" FHIRPATH(text) "}]"
#define VALUE(path, text) "{\"path\":\"" path "\",\"expression\":" FHIRPATH(text) "}"
#define VALUES(list) ",\"dynamicValue\":[" list "]"
#define CONTROL(id, effect, condition, what)                                                       \
	ACTION(id, id, "control-effect", effect, IF(condition) what)
#define ON(rule) ",\"relatedAction\":[{\"actionId\":\"" rule "\",\"relationship\":\"before\"}]"
#define RULE(id, label, tier, trigger, what)                                                       \
	ACTION(id, label, "tier", tier, VALUES(VALUE("reasonReference", trigger)) what)
#define ORDERS(id) ",\"definitionCanonical\":\"urn:example:ActivityDefinition:" id "\""
#define EDIT(from, to)                                                                             \
	{                                                                                          \
		from, to, NULL                                                                     \
	}
/* An edit: actions (joined by commas) before those of the group "C" (controls) or "R" (rules). */
#define FIRST_OF(group, actions)                                                                   \
	{                                                                                          \
		"\"id\": \"" group "\",\n          \"action\": [",                                 \
		    "\"id\": \"" group "\",\n          \"action\": [" actions ",", NULL            \
	}

/* Load the package with n edits; the test fails if it does not load. */
void decide_begin(struct decide_case *c, const struct decide_edit *edit, size_t n);
/* Set the findings of the patient: "i infection -1h; l raised-lactate -2h value=4|mmol/L". Each is
 * an id, a concept, and in any order
 *   -90min, +1h, -1ms    when it was and was recorded, from now; else now
 *   rec-2h, due+1h       when it was recorded, is due, if that is another time
 *   no, unknown          present; absent: no, for want of data
 *   withdrawn, resolved, imprecise, other
 *   value=4|mmol/L  grade=2  urgency=3  role=context  status=x  type=Condition
 *   says=Words_of_it     its display
 *   to=Observation/x     what a lone qualifier points at; once */
void decide_findings(struct decide_case *c, const char *words);
/* Decide; explain: with a trace. c->rc, c->err, c->decision. */
void decide_run(struct decide_case *c, bool explain);
/* All of these; the decision must succeed. */
void decide_all(struct decide_case *c, const struct decide_edit *edit, size_t n, const char *words);
void decide_end(struct decide_case *c);
/* The decision in a line, in c's arena: tier, rules; controls; order and due time; unknown; and the
 * ids of the evidence: "emergency R1 / C3 / stat 2025-06-16T10:00:00Z / R2 / l i". */
const char *decide_show(struct decide_case *c);

#endif
