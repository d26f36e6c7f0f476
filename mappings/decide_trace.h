/* decide_trace: the evaluator's own record of one decision. */
#ifndef MAPPINGS_DECIDE_TRACE_H
#define MAPPINGS_DECIDE_TRACE_H

#include "mappings/decide_world.h"

/* Collects comparisons of two present values that gave nothing. */
struct map_unsure {
	struct cw_arena *arena;
	const struct map_plan *plan;
	struct map_texts texts;
};
/* A fhir_path_unsure_fn; user is a struct map_unsure. No values are kept, only where. */
void map_trace_unsure(void *user, const struct fhir_path *path, size_t at, const char *op,
    const struct fhir_item *left, const struct fhir_item *right);

/* Fill the trace of a world that ran with explain set. */
CW_CHECK int map_trace_fill(struct map_trace *out, struct world *w, struct cw_err *err);

#endif
