/* story_twist: a story played by the daemon as it stands, or with something going wrong. */
#ifndef TESTS_SUITE_STORY_TWIST_H
#define TESTS_SUITE_STORY_TWIST_H

#include "tests/suite/story_judge.h"

enum twist_deed {
	TWIST_NOTHING,
	TWIST_CRASH, /* the daemon dies before some step */
	TWIST_CUT,   /* it dies some ms after each decision that an EXPECT waits for */
	TWIST_RELOAD,
	TWIST_RESTART,
	TWIST_CROWD,   /* the queue is full when the story begins */
	TWIST_RECOVER, /* the server is back after 72 hours */
	TWIST_CORRECT  /* in the end all is corrected away */
};

struct twist {
	const char *name;
	struct stage_habits habits;
	enum twist_deed deed;
	bool loose;  /* see struct judge */
	bool moves;  /* things come some seconds later than the story says */
	size_t rare; /* in the short form it is tried with one case of so many */
};
/* Ends with a NULL name. */
extern const struct twist twists[];

struct totals {
	size_t passed, failed, skipped;
};

/* Play one case so, once for each moment at which it can go wrong. skipped: the case says what is
 * true to the second, or of another person, and the twist cannot keep to it. */
void twist_play(struct totals *t, const struct story_case *c, const struct twist *twist);
/* As it stands. How many requests the daemon sent. */
size_t twist_plain(struct totals *t, const struct story_case *c);

#endif
