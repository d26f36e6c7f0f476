/* decide_world: the plan evaluated once on one patient under stated assumptions.
 *
 * A decision asks it several times: as things are; with everything that is not known supposed to be
 * there (what then holds is unknown); and without a control that caught something (what then
 * differs is what the control changed). */
#ifndef MAPPINGS_DECIDE_WORLD_H
#define MAPPINGS_DECIDE_WORLD_H

#include "mappings/plan_internal.h"

/* What became of a fact before the rules were asked. */
#define WORLD_LIVE SIZE_MAX

struct world_list {
	struct fhir_item *item; /* records */
	size_t n, cap;
};

struct world_trigger {
	const struct map_fact *fact;
	bool lowered, answered, held;
	struct map_trace_catch *caught;
	size_t n;
};

struct world_rule {
	enum map_verdict verdict;
	bool looked;
	bool lowered; /* to watch: whatever else may be, this much is certain */
	struct world_trigger *trigger;
	size_t triggers;
	unsigned unsure; /* FHIR_UNSURE_... of the triggers */
	struct fhir_coll support;
	enum map_truth *condition;
	const struct map_action *replace; /* control that names another definition; or NULL */
	bool *note;			  /* by control index: spoke for a surviving trigger */
};

struct world {
	/* assumptions */
	const struct map_plan *plan;
	const struct map_case *about;
	int64_t now;
	struct cw_arena *arena;
	const bool *off; /* by control index; NULL: all are on */
	bool suppose;	 /* present = unknown is taken for true */
	bool explain;	 /* keep what a trace needs */
	bool brief;	 /* tier and order are all that is asked */
	fhir_path_unsure_fn *unsure;
	void *user;
	/* working */
	struct fhir_path_session *session;
	int64_t run_gap, episode_gap; /* ms */
	struct map_fact *fact;
	size_t facts;
	size_t *gone; /* by fact: the control that discarded or dropped it, or WORLD_LIVE */
	struct world_list *bound, *caught, *took; /* by input, control, group */
	uint64_t *filled;			  /* bit set of inputs that hold something */
	uint8_t *early; /* as known, of what rests on a finding before anything is derived; for all
			   worlds; then of restart and member */
	uint8_t *known; /* [control][fact]: truth of a steady control, plus one; 0: not asked */
	/* outcome */
	struct world_rule *rule;
	struct cw_err
	    limit; /* why some rule is unknown that asked for too much; code 0: none did */
	enum map_tier tier;
	bool lowered; /* some rule was lowered to watch */
	bool held;
	const struct map_order *order;	 /* whose code is ordered; NULL: nothing */
	const struct map_order *urgency; /* whose priority and due time hold */
	int64_t due;
};

/* Evaluate. The assumptions and fact, facts (with findings) must be set; the rest is filled in. */
CW_CHECK int map_world_run(struct world *w, struct cw_err *err);
/* Evaluate the rules once more, with other controls off, on what first has made of the facts. */
CW_CHECK int map_world_again(struct world *w, const struct world *first, struct cw_err *err);
/* The derived instants of all facts that are live. */
CW_CHECK int map_world_derive(struct world *w, const bool *member, struct cw_err *err);
/* Ask the rules one after another. */
CW_CHECK int map_world_rules(struct world *w, struct cw_err *err);
/* Truth of an expression of a control about one fact. */
CW_CHECK int map_world_ask(struct world *w, const struct fhir_path *path,
    const struct map_fact *fact, enum map_truth *out, struct cw_err *err);
/* The same, asked once: answer is where it is kept, 0 before it is known. */
CW_CHECK int map_world_ask_once(struct world *w, const struct fhir_path *path,
    const struct map_fact *fact, uint8_t *answer, enum map_truth *out, struct cw_err *err);
/* Fill out->holding with the marked rules and controls. */
CW_CHECK int map_world_holding(struct map_decision *out, const struct world *w, const bool *rules,
    const bool *controls, struct cw_err *err);
/* Append a fact to a list of records. False: the arena is full. */
bool map_world_add(struct world *w, struct world_list *list, const struct map_fact *fact);
/* CW_ELIMIT: the arena is full. */
int map_world_full(struct cw_err *err);
/* An expression failed on this data, as rc and err say: say whose it is. Returns rc. */
int map_world_failed(struct cw_err *err, int rc, struct cw_str id);
/* Do two worlds come to the same tier and order? */
bool map_world_same(const struct world *a, const struct world *b);

#endif
