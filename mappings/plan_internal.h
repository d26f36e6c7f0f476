/* plan_internal: the compiled plan, shared by the rooms that load it and the rooms that apply it.
 */
#ifndef MAPPINGS_PLAN_INTERNAL_H
#define MAPPINGS_PLAN_INTERNAL_H

#include "mappings/decide.h"

/* %name is a literal that a site may set, or an expression. */
struct map_variable {
	const struct fhir_node *node; /* its Expression, borrowed from the package */
	struct cw_str name;
	struct fhir_path *path;
	size_t slot;
	bool parameter;
	struct fhir_item value;	 /* of a parameter */
	struct cw_str text;	 /* of a parameter, as FHIRPath writes it */
	struct fhir_path *probe; /* of a named expression: "%name", for the trace */
};

/* A DataRequirement: which findings bind as %id. */
struct map_input {
	struct cw_str id;
	size_t slot;
	bool *concept;	 /* by concept index */
	unsigned roles;	 /* bit mask of enum map_role */
	bool negated;	 /* asks for present = false too */
	uint64_t *rules; /* bit set of rules whose triggers look at it */
};

/* An element that the plan adds to Finding. */
struct map_element {
	struct cw_str name;
	struct fhir_path *path;
};

struct map_expression {
	struct fhir_path *path;
	const struct fhir_node *node; /* of the Expression, for messages */
};
struct map_expressions {
	struct map_expression *item;
	size_t n;
};

/* Words for a person beside orders: given once, some time after an action began to hold. */
struct map_notice {
	struct cw_str kind, text;
	int64_t after;		     /* ms; 0: at once */
	struct fhir_path *condition; /* asked when it holds; NULL: always */
};

/* A rule or a control. */
struct map_action {
	struct cw_str id, label, title, description, citation;
	const struct fhir_node *node;
	size_t group; /* index into groups */
	bool control;
	enum map_tier tier;	/* of a rule */
	enum map_tier most;	/* of a rule: the highest tier of it and those behind it */
	enum map_effect effect; /* of a control */
	struct map_expressions condition;
	struct map_expressions trigger; /* reasonReference */
	struct map_expressions support; /* supportingInfo */
	struct map_expressions note;	/* note */
	const struct map_order *order;	/* what it orders; NULL: nothing */
	struct map_notice *notice;
	size_t notices;
	bool *acts_on; /* control: by rule index */
	bool steady; /* control: its condition rests on the finding and the record alone, not on the
			rule, nor on what other controls caught */
	size_t slot; /* control: %id; rule: unused */
	size_t *name; /* variables that its expressions use, directly */
	size_t names;
};

/* A group of actions: %id is what its rules took. */
struct map_group {
	struct cw_str id;
	size_t slot;
	bool named;
};

/* An ActivityDefinition, compiled. */
struct map_order {
	const struct map_artefact *definition;
	struct fhir_path *due; /* dynamicValue occurrencePeriod.end, a dateTime */
	struct fhir_path
	    *intent; /* dynamicValue intent, a string; NULL: ActivityDefinition.intent */
	struct cw_str priority, code;
	uint8_t urgency;
	struct map_expressions note;
};

struct map_plan {
	struct cw_arena *arena;
	const struct map_package *package;
	const struct map_terminology *terms;
	const struct map_artefact *artefact;
	struct cw_str canonical;
	struct fhir_path_scope *scope;
	struct fhir_class fact_class; /* Finding with the plan's elements */
	struct map_variable *variable;
	size_t variables;
	struct map_input *input;
	size_t inputs, input_words;
	struct map_element *element;
	size_t elements;
	struct map_group *group;
	size_t groups;
	struct map_action *rule; /* in order of the file: that is the order of evaluation */
	size_t rules;
	struct map_action *control;
	size_t controls;
	size_t rule_words;
	uint64_t *unbound; /* bit set of rules whose triggers do not rest on inputs alone */
	size_t *rule_order, *control_order; /* table order: U2 before U10 */
	struct map_order *order;
	size_t orders;
	struct fhir_path *restart, *member; /* of runs and episodes; or NULL */
	struct fhir_path *run_gap_path, *episode_gap_path;
	size_t finding_slot, patient_slot, due_slot, urgency_slot;
	struct fhir_path **owned; /* every compiled expression */
	size_t owneds, owned_cap;
	struct cw_str *remark;
	size_t remarks, remark_cap;
	uint64_t *sees; /* [concept][words]: inputs that a concept binds to */
};

/* Class Patient of %patient: deceased, active, tag ("system|code"), over a struct map_case. */
extern const struct fhir_class map_patient_class;

/* While loading: one context for messages. */
struct map_loader {
	struct map_plan *plan;
	const struct map_artefact *from; /* the artefact that nodes belong to */
	struct cw_err *err;
};

/* Free the expression with the plan. */
void map_plan_own(struct map_plan *p, struct fhir_path *path);
/* Compile the expression of an Expression node on an input type; owned by the plan. */
CW_CHECK int map_plan_compile(struct map_loader *l, struct fhir_path **out,
    const struct fhir_node *expression, const struct fhir_path_type *context);
/* The extension of that url on node, or NULL; url may be repeated: see fhir_node_again. */
const struct fhir_node *map_plan_extension(const struct fhir_node *node, const char *url);
const struct fhir_node *map_plan_extension_next(const struct fhir_node *extension, const char *url);
/* Names (%name) that an expression uses, one by one; *at starts at 0. False past the last. */
bool map_plan_next_name(struct cw_str expression, size_t *at, struct cw_str *name);
/* Words (elements, functions) that an expression uses outside of strings and %names, likewise. */
bool map_plan_next_word(struct cw_str expression, size_t *at, struct cw_str *word);
/* Bind the parameters in a session, with the values that they have now. */
void map_plan_bind_parameters(const struct map_plan *p, struct fhir_path_session *s);
/* A gap of the plan in ms (0 for path NULL); CW_ETYPE: no duration of weeks or shorter. */
CW_CHECK int map_plan_gap(
    const struct fhir_path *path, struct fhir_path_session *s, int64_t *ms, struct cw_err *err);
/* Natural order of labels: letters, then numbers by value. */
int map_label_cmp(struct cw_str a, struct cw_str b);

/* The steps of loading, in order. */
CW_CHECK int map_plan_load_variables(struct map_loader *l, bool parameters);
CW_CHECK int map_plan_load_elements(struct map_loader *l);
CW_CHECK int map_plan_load_inputs(struct map_loader *l);
CW_CHECK int map_plan_load_orders(struct map_loader *l);
CW_CHECK int map_plan_load_actions(struct map_loader *l, bool early);
/* Find groups, rules and controls (labels, tiers, effects), and declare their names. */
CW_CHECK int map_plan_find_actions(struct map_loader *l);
/* The notices of an action, from its extensions. */
CW_CHECK int map_plan_load_notices(struct map_loader *l, struct map_action *a);
/* A quantity as ms; CW_ETYPE: no duration of weeks or shorter, or negative. */
CW_CHECK int map_plan_duration(const struct fhir_quantity *q, int64_t *ms);
/* Add a remark, "file:line: text", at a node of the loader's artefact. */
void map_plan_remark_add(struct map_loader *l, const struct fhir_node *node, const char *fmt, ...)
    CW_PRINTF(3, 4);
/* Remarks on what is legal, but probably not meant: names that nothing uses, controls that act on
 * nothing, units of equivalents, expressions too long to be read. */
void map_plan_lint(struct map_loader *l);
/* Refuse two rules of one id, or a rule with the id of a group: relatedAction names one thing. */
CW_CHECK int map_plan_check_ids(struct map_loader *l);
/* Refuse an Expression that uses the derived instants of a finding (its run, its episode). */
CW_CHECK int map_plan_check_derived(struct map_loader *l, const struct fhir_node *expression);
/* Refuse controls that discard or drop by what is worked out only later. */
CW_CHECK int map_plan_check_early(struct map_loader *l);
/* Which inputs a rule's triggers look at. */
CW_CHECK int map_plan_index(struct map_loader *l);

#endif
