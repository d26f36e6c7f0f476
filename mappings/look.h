/* look: when a patient must be looked at again although nothing new has come.
 *
 * A decision rests on instants of findings and on durations of the plan: a window ends, a pain
 * ripens.  So it can change by time alone only at an instant of a finding plus a duration. */
#ifndef MAPPINGS_LOOK_H
#define MAPPINGS_LOOK_H

#include "mappings/plan.h"
#include "mappings/record.h"

enum { MAP_LOOK_MOST = 64 };

/* The durations that a plan speaks of, ms, ascending, each once. */
struct map_look {
	int64_t ms[MAP_LOOK_MOST];
	size_t n;
};

/* Read them from the expressions and the parameters as they are set now. CW_ELIMIT: there are more
 * than MAP_LOOK_MOST. */
CW_CHECK int map_look_init(struct map_look *out, const struct map_plan *plan, struct cw_err *err);
/* The first instant after now at which the decision on c may differ, or MAP_NO_TIME: never. */
int64_t map_look_again(const struct map_look *look, const struct map_case *c, int64_t now);

#endif
