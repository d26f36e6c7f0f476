/* decide: decision = f(findings of one patient, plan, now), a pure function.
 *
 * It depends on its arguments and nothing else: the same findings in any order, however often told,
 * decide the same.  Silence is not "no": a rule whose condition or findings cannot be told is
 * unknown, and unknown never lowers a tier. */
#ifndef MAPPINGS_DECIDE_H
#define MAPPINGS_DECIDE_H

#include "mappings/fact.h"
#include "mappings/plan.h"
#include "mappings/record.h"

enum map_tier { MAP_TIER_NONE, MAP_TIER_WATCH, MAP_TIER_URGENT, MAP_TIER_EMERGENCY };

enum map_effect {
	MAP_EFFECT_DISCARD,
	MAP_EFFECT_DROP,
	MAP_EFFECT_WATCH,
	MAP_EFFECT_ANSWER,
	MAP_EFFECT_HOLD,
	MAP_EFFECT_REPLACE,
	MAP_EFFECT_NOTE
};

/* How one rule came out. */
enum map_verdict {
	MAP_VERDICT_FALSE,    /* its condition is false, or nothing triggers it */
	MAP_VERDICT_UNKNOWN,  /* cannot be told */
	MAP_VERDICT_ANSWERED, /* held, but controls answered every trigger */
	MAP_VERDICT_LOWERED,  /* held, but controls lowered what was left to watch */
	MAP_VERDICT_HOLDS
};

struct map_texts {
	const struct cw_str *item;
	size_t n;
};
struct map_facts {
	const struct map_fact *const *item;
	size_t n;
};

/* What a control did to one trigger. */
struct map_trace_catch {
	struct cw_str control; /* label: "S4" */
	enum map_effect effect;
	enum map_truth truth; /* TRUE: caught; UNKNOWN: could not be told, so it did nothing */
};
struct map_trace_trigger {
	const struct map_fact *fact;
	const struct map_trace_catch *caught;
	size_t n;
	bool survives; /* neither answered nor lowered */
};
/* One name used by a rule, with what it held. */
struct map_trace_name {
	struct cw_str name;
	struct map_facts facts; /* if it held findings */
	struct cw_str value;	/* else its value as text */
	bool unsure;		/* a comparison gave nothing: there may be more, or fewer */
};
struct map_trace_rule {
	struct cw_str id, label, title, description, citation;
	enum map_tier tier;
	enum map_verdict verdict;
	bool looked; /* false: none of the findings it mentions is there; nothing was evaluated */
	const struct map_trace_condition {
		struct cw_str expression;
		enum map_truth truth;
	} * condition;
	size_t conditions;
	const struct map_trace_trigger *trigger;
	size_t triggers;
	bool more, fewer; /* a comparison gave nothing: there may be other triggers; some of these
			     may be none */
	struct map_facts support;
	const struct map_trace_name *name;
	size_t names;
};
/* What a control discarded or dropped before the rules were asked. */
struct map_trace_drop {
	const struct map_fact *fact;
	struct cw_str control, title;
};

struct map_trace {
	const struct map_case *about;
	const struct map_fact *fact; /* all, by event time */
	size_t facts;
	const struct map_trace_drop *drop;
	size_t drops;
	const struct map_trace_rule *rule; /* in table order */
	size_t rules;
	struct map_texts unsure; /* comparisons of two present values that gave nothing */
};

/* The order that would be sent. */
struct map_proposal {
	const struct map_artefact *definition; /* ActivityDefinition */
	struct cw_str priority;		       /* request-priority code */
	struct cw_str intent;		       /* request-intent code */
	struct cw_str code;		       /* SNOMED CT code of what is ordered */
	int64_t due;			       /* UTC ms */
	struct map_texts notes;		       /* words that rules and controls add */
	struct map_facts reason;	       /* triggers of the rules, gates */
	struct map_facts related;	       /* supportingInfo beyond: orders pointed to, scans */
};

/* A rule that holds at the tier, or a control that changed tier or order, and what it has to tell a
 * person. */
struct map_holding {
	struct cw_str id, label; /* of the action: "S13-paralysis", "S13" */
	const struct map_word {
		struct cw_str kind, text;
		int64_t after; /* ms since it began to hold */
		unsigned bit;  /* which of the action's notices: 0 to 31 */
	} * word;
	size_t words;
};

struct map_decision {
	enum map_tier tier;
	struct map_texts rules;	   /* labels that hold at that tier; table order */
	struct map_texts titles;   /* of the rules that hold, in the same order */
	struct map_texts controls; /* labels of those that changed tier or order; table order */
	struct map_texts control_titles;   /* of these, in the same order */
	struct map_texts unknown;	   /* labels of rules that could not be decided */
	struct map_texts lowered;	   /* labels of rules that a control lowered to watch */
	struct map_texts lowered_titles;   /* of these, in the same order */
	struct map_facts lowered_facts;	   /* what fired them, by event time, then reference */
	const struct map_holding *holding; /* rules, then controls; order of the file */
	size_t holdings;
	struct map_texts evidence; /* "Type/id" behind rules, by event time, then reference */
	struct map_facts evidence_facts;
	struct cw_err limit; /* CW_ELIMIT: a rule is unknown because this record makes it too much
				work, and why; code 0 otherwise */
	bool told;	/* a finding survived discarding, or one counts as watch: print a line */
	bool has_order; /* proposal is to be sent; false: nothing would be sent */
	struct map_proposal proposal; /* filled for urgent and emergency, held or not */
	int64_t episode; /* earliest instant of what fired the rules; MAP_NO_TIME without */
	int64_t now;
	struct cw_str patient;
	struct cw_str known_as; /* goes into the alert's key in place of patient, where his name may
				   change; set by the caller, absent in a data set of its own */
	uint32_t again; /* how often this alert was raised and taken back before; by the caller */
	struct map_trace trace;
};

/* Decide for one patient as of now (UTC ms). explain: fill the trace. Everything in *out lives in
 * arena or borrows from c and plan. CW_ELIMIT: the arena is full; CW_ETYPE/CW_EVALUE: an expression
 * failed on this data (err names the action, or the definition, it belongs to). */
CW_CHECK int map_decide(struct map_decision *out, const struct map_plan *plan,
    const struct map_case *c, int64_t now, bool explain, struct cw_arena *arena,
    struct cw_err *err);

/* "none", "watch", "urgent", "emergency". */
const char *map_tier_name(enum map_tier tier);
/* "holds", "lowered", "answered", "unknown", "false". */
const char *map_verdict_name(enum map_verdict verdict);
/* "discard", "drop", "watch", "answer", "hold", "replace", "note". */
const char *map_effect_name(enum map_effect effect);

#endif
