/* queue: what the loop thread and the engine thread say to each other.
 *
 * The loop submits jobs; the engine, after the commit that holds them, gives them back as done, and
 * sends reports.  Jobs are counted and weighed: a full queue refuses, and the sender is answered
 * 503 with Retry-After.  All callbacks run on the loop's thread. */
#ifndef DAEMON_QUEUE_H
#define DAEMON_QUEUE_H

#include "daemon/loop.h"
#include "daemon/store.h"

enum job_kind {
	JOB_INTAKE,    /* resources: row, and marks that hold once it is committed */
	JOB_STATE,     /* marks alone: what a feed remembers */
	JOB_LOADED,    /* the initial load of a feed has ended: decide who waited for it */
	JOB_COUNT,     /* resources that concerned nothing: type, at, units */
	JOB_DELIVERED, /* how an errand of the outbox came out */
	JOB_AUDIT,     /* something of note: type and payload of an audit record */
	JOB_RULES,     /* a new package */
	JOB_ASK,       /* somebody asks something of the database (answer.h) */
	JOB_STOP
};

enum job_result { JOB_DONE, JOB_FAILED /* nothing of it is kept */ };

/* How an errand came out, at the target. */
enum delivery {
	DELIVERY_DONE,	/* it is there; version: from its ETag */
	DELIVERY_GONE,	/* a person deleted it: stop */
	DELIVERY_ACTED, /* a revoke found that a person had acted: left as it is */
	DELIVERY_LATER, /* try again at `next`; doubtful: it may have been done */
	DELIVERY_DEAD	/* given up to a person; text says why */
};

struct job_mark {
	const char *key; /* of store_state_set; static */
	struct cw_str value;
};

struct job {
	struct job *next;
	enum job_kind kind;
	struct cw_arena *arena; /* owns this job and all its strings */
	uint32_t feed;		/* store_feed number, or 0 */
	struct store_inbox row;
	struct job_mark mark[4];
	size_t marks;
	int64_t at;
	/* COUNT */
	struct cw_str type;
	const char *outcome;
	int64_t units;
	/* DELIVERED */
	int64_t errand; /* store_outbox.id */
	enum delivery delivery;
	bool doubtful;
	bool refresh; /* LATER: report it once more, with what is known of the patient by now */
	int status;   /* HTTP, or 0 */
	int64_t next_at;
	struct cw_str version, text;
	/* AUDIT */
	const char *audit;
	struct cw_str payload;
	/* ASK: what and its arguments as of answer.h, by whom (a JSON object); the answer, in the
	 * arena of the job, and what answer() returned */
	struct cw_str ask, arguments, who, answer;
	int answered;
	/* RULES: owned by the engine from now on */
	struct rules *rules;
	/* Somebody waits to hear: on a full disk he is told at once that it failed, while other
	 * jobs are kept until there is room. */
	bool awaited;
	enum job_result result; /* once done */
	/* Called on the loop when it is committed (or lost); may be NULL. */
	void (*done)(void *arg, enum job_result result);
	void *arg;
};

enum report_kind {
	REPORT_ERRAND, /* to be delivered: outbox */
	REPORT_TICK,   /* the engine wants to be woken at `at` */
	REPORT_RULES,  /* the old rules are no longer used */
	REPORT_FULL,   /* no room on the disk: nothing is taken; kick the engine again in a while */
	REPORT_ROOM,   /* there is room again */
	REPORT_FATAL   /* the disk failed: stop and leave with err */
};
struct report {
	struct report *next;
	enum report_kind kind;
	struct cw_arena *arena; /* owns it */
	struct store_outbox errand;
	struct cw_str subject; /* of the errand, on its source: "Patient/p1" */
	struct cw_str source;  /* base URL that subject belongs to, or absent */
	struct cw_str known;   /* his identifiers, "system|value" one a line */
	struct cw_str key;     /* identifier value of its alert (store_alert.key) */
	int64_t at;
	struct rules *rules; /* RULES: the old ones, yours to free */
	struct cw_err err;
};

/* A job in an arena of its own. */
struct job *job_new(enum job_kind kind);
/* For jobs that are not submitted. */
void job_free(struct job *job);

struct queue;
/* report is called on the loop for each report, which is freed afterwards. */
struct queue *queue_new(struct loop *loop, size_t jobs, size_t bytes,
    void (*report)(void *arg, const struct report *report), void *arg);
void queue_free(struct queue *q);
/* Who is kicked when there are jobs. */
void queue_worker(struct queue *q, struct loop_worker *worker);
/* Loop thread. False when the queue is full (never for JOB_DELIVERED, JOB_STATE, JOB_RULES,
 * JOB_AUDIT, JOB_STOP): the job is still the caller's. */
CW_CHECK bool queue_submit(struct queue *q, struct job *job);
/* Is there room for one more of that many bytes? */
bool queue_has_room(struct queue *q, size_t bytes);
/* Any thread: from now on as if it were full, or no longer. */
void queue_close(struct queue *q, bool closed);
/* Jobs and bytes waiting. */
void queue_load(struct queue *q, size_t *jobs, size_t *bytes);

/* Engine thread: all that waits (at most n), oldest first; NULL when nothing does. */
struct job *queue_take(struct queue *q, size_t n);
/* Engine thread: these jobs are committed (or lost); the list is freed on the loop after done(). */
void queue_done(struct queue *q, struct job *list, enum job_result result);
/* Engine thread. */
void queue_report(struct queue *q, struct report *report);
struct report *report_new(enum report_kind kind);

#endif
