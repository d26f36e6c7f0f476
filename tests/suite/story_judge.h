/* story_judge: what the daemon made of a story, from what it wrote down and what arrived on the
 * server, compared with what the story expects. */
#ifndef TESTS_SUITE_STORY_JUDGE_H
#define TESTS_SUITE_STORY_JUDGE_H

#include "tests/suite/story_stage.h"

enum { JUDGE_ORDERS = 64 };

struct judge {
	struct stage *stage;
	struct cw_buf *report;
	int64_t audit, notice;	/* read up to here */
	struct cw_str last[16]; /* the last decision of each patient, as recorded */
	size_t patients;
	bool fresh;    /* `last` of some patient was recorded since the last look */
	size_t orders; /* that were there at the last look */
	struct cw_str order[JUDGE_ORDERS]; /* their references */
	bool time_only;			   /* nothing has come since the last look */
	bool loose; /* each resource was decided by itself: what was ordered may have been ordered
		       earlier, and what is held since then is held by it */
};

/* Read what was decided since the last time; before the echoes come. */
void judge_read(struct judge *j);
/* Differences between the last decision and e; each is a line in report. */
size_t judge_expect(struct judge *j, const struct story_expect *e, bool data);
/* What was told until now is not looked for any more. */
void judge_pass(struct judge *j);
/* Is there a notice since the last of these calls that has all these words? */
bool judge_notice(struct judge *j, struct cw_str words);
/* At the end of a case: each alert has its request, each request its alert, once. */
size_t judge_end(struct judge *j);

#endif
