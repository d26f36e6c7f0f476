/* story_play: a case of a story, played: its resources become known one by one, and at each EXPECT
 * the patient is judged as `cordwatch evaluate` would at that time, and compared.
 *
 * The clock is the story's.  A ServiceRequest that a decision sends is received back before the
 * next step, as the target server would have it. */
#ifndef DAEMON_STORY_PLAY_H
#define DAEMON_STORY_PLAY_H

#include "daemon/story.h"

/* What a case is judged by; package must outlive terms and plan. */
struct story_world {
	struct map_package *package;
	struct map_terminology *terms;
	struct map_plan *plan;
};

struct story_result {
	size_t expects, not_run; /* EXPECT steps looked at; steps that need the daemon */
	size_t differences;
	struct cw_buf report; /* what differs and why, for a person; empty when all is equal */
	struct cw_buf data;   /* all that was received, one JSON text a line, if asked for */
	int64_t now;	      /* the clock at the end */
};
/* Prepare for one play; data are kept if keep is set. */
void story_result_init(struct story_result *r);
void story_result_fini(struct story_result *r);

/* Play one case; the SET and PACKAGE steps are already in the world. keep: fill out->data.
 * CW_ENOTFOUND, CW_EIO, CW_ESYNTAX ...: a file that the story names cannot be read. A decision that
 * fails is a difference. */
CW_CHECK int story_play(struct story_result *out, const struct story_case *c,
    const struct story_world *world, bool keep, struct cw_err *err);

/* Compare a decision with what was expected; each difference is one line of report. orders: the
 * references of order1, order2, ... */
size_t story_compare(struct cw_buf *report, const struct story_expect *e,
    const struct map_decision *d, const struct cw_str *orders, size_t n_orders);

#endif
