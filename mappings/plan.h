/* plan: criteria as data, loaded, type-checked and compiled once.
 *
 * A PlanDefinition (R4 12.18, type eca-rule) over the Findings of one patient:
 *   extension variable          a parameter (a literal: a number, a word, a duration) or a named
 *                               expression; both are %name in every later expression
 *   extension urn:cordwatch:StructureDefinition:element   an element that the plan adds to Finding
 *   extension urn:cordwatch:StructureDefinition:run       what starts a run of findings of one
 * group extension urn:cordwatch:StructureDefinition:episode   what belongs to an episode action
 * (group) input        a DataRequirement with an id; the findings it selects bind as %id action
 * (rule)               code tier; condition; dynamicValue reasonReference (the triggers),
 *                               supportingInfo (the rest of the evidence), note;
 * definitionCanonical action (control)            code effect; condition, asked of each finding or
 * trigger (%finding); relatedAction: the rules, or groups of rules, that it acts on Effects:
 * discard (before runs and episodes are made), drop (after), watch (lowers to watch), answer (the
 * trigger counts no more), hold (nothing new is sent), replace (another definition), note (adds
 * words and references).  Extension urn:cordwatch:StructureDefinition:notice of a rule or control:
 * a kind and a text for a person, told once when it has held (a control: has changed tier or order)
 * for so long (after, a Duration) and a condition holds.  What a control caught is %id, what a
 * group's rules took is %group.  The machine knows no medicine: see
 * mappings/package/PlanDefinition-mscc.json. */
#ifndef MAPPINGS_PLAN_H
#define MAPPINGS_PLAN_H

#include "mappings/package.h"
#include "mappings/terminology.h"

struct map_plan;

/* Load the one active PlanDefinition of the packages, and apply their Parameters resources (a
 * parameter's name is a variable's).  Refused (CW_EVALUE, CW_ETYPE, CW_ESYNTAX, CW_ENOTFOUND) with
 * file, line and element path: unknown path, undefined name, unresolvable canonical, a rule without
 * title, description or citation, incomparable units, a control that discards or drops by what is
 * worked out only later (discard: runs and episodes; both: later controls, groups, %due, %urgency).
 * package and terms are borrowed. */
CW_CHECK int map_plan_new(struct map_plan **out, const struct map_package *package,
    const struct map_terminology *terms, struct cw_err *err);
void map_plan_free(struct map_plan *plan);

/* Set a parameter: an integer or decimal, a duration (28d, 24h, 30min), or a word; of the kind of
 * its default.  CW_ENOTFOUND: no such parameter; CW_EVALUE: not of that kind. Before deciding. */
CW_CHECK int map_plan_set(
    struct map_plan *plan, struct cw_str name, struct cw_str value, struct cw_err *err);

/* "url|version" of the PlanDefinition, as instantiatesCanonical wants it. */
struct cw_str map_plan_canonical(const struct map_plan *plan);
/* How many rules, controls, parameters there are. */
size_t map_plan_rules(const struct map_plan *plan);
size_t map_plan_controls(const struct map_plan *plan);
/* Is there a rule of that id ("E1")? */
bool map_plan_has_rule(const struct map_plan *plan, struct cw_str id);
/* Parameter i in order of the file: its name and value as FHIRPath writes it; false past the end.
 */
bool map_plan_parameter(
    const struct map_plan *plan, size_t i, struct cw_str *name, struct cw_str *value);

/* Remarks of the compiler about legal but doubtful expressions, one by one: false past the end. */
bool map_plan_remark(const struct map_plan *plan, size_t i, struct cw_str *text);

#endif
