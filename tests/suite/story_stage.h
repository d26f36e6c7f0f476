/* story_stage: the daemon on a stage: the real app.c with a clock, a network and a FHIR server of
 * the test's own (tests/fake), and a real database.
 *
 * The server is feed and target at once.  What a story says becomes known is written on it; it
 * delivers that to the daemon as its Subscriptions would, and what the daemon sends comes back the
 * same way. */
#ifndef TESTS_SUITE_STORY_STAGE_H
#define TESTS_SUITE_STORY_STAGE_H

#include "daemon/app_internal.h"
#include "daemon/story.h"
#include "tests/fake/server.h"

#define STAGE_BASE "http://ehr.example/fhir"

/* What is unusual about a play. */
struct stage_habits {
	bool shadow;	/* mode = shadow */
	bool twice;	/* each delivery comes again */
	bool apart;	/* each resource is decided before the next one comes */
	bool backwards; /* what comes at one time comes in the reverse order */
	bool own_ids;	/* the server chooses the ids of what it is sent */
	bool lost;	/* what is written on the server is done, but no answer comes */
	bool down;	/* the server cannot be reached; what it delivers comes */
	bool merged;	/* every second resource is of another Patient, who is linked with him */
	int64_t late;	/* ms by which all comes later than the story says */
};

struct stage {
	const struct story_case *c;
	struct stage_habits habits;
	struct cw_arena *mem;
	struct server *server;
	struct app *app;
	char dir[64], conf[80];
	struct stage_letter *letters; /* sent, but not taken yet */
	size_t echoed;		      /* requests of the daemon whose last version was sent back */
	uint32_t echo[64];
	const char *fault; /* what went wrong with the stage itself, or NULL */
};

/* A new world in which the case is about to begin, with the daemon running. False: see fault. */
bool stage_open(struct stage *s, const struct story_case *c, const struct stage_habits *habits);
void stage_close(struct stage *s);
/* The clock becomes that, at least; everything that is due until then happens. */
void stage_until(struct stage *s, int64_t clock);
/* n steps of one time: they are written on the server, and arrive at that time, unless it is later
 * already. From the first of them until stage_release the engine is busy: what comes is judged as
 * one. */
void stage_receive(struct stage *s, const struct story_step *step, size_t n);
void stage_release(struct stage *s);
/* Let what the daemon has begun come to its end: requests, answers, echoes. */
void stage_settle(struct stage *s);
/* The power goes, and the daemon starts again. */
void stage_crash(struct stage *s);
/* As many deliveries as fit wait for the engine: what comes next is refused, and comes again. */
void stage_crowd(struct stage *s);
/* The server can be reached again, after so many ms. */
void stage_recover(struct stage *s, int64_t ms);
/* All that the story brought is corrected to codes that mean nothing. */
void stage_correct(struct stage *s);
/* SIGTERM, the drain, and a new start. */
void stage_restart(struct stage *s);
/* SIGHUP. */
void stage_reload(struct stage *s);
/* The i-th request of the daemon on the server ("ServiceRequest/..."), or NULL. */
const char *stage_order(const struct stage *s, size_t i);

#endif
