/* engine_internal: what the parts of the engine share. Not for others. */
#ifndef DAEMON_ENGINE_INTERNAL_H
#define DAEMON_ENGINE_INTERNAL_H

#include "daemon/engine.h"
#include "fhir/json.h"
#include "mappings/decide.h"
#include "mappings/rows.h"

/* A tick at this instant means "as soon as you can": the patient is decided as if something had
 * come, after a backfill and after a change of the rules. */
#define ENGINE_TICK_NOW INT64_C(1)

/* A patient who must be decided in this batch. */
struct engine_dirty {
	int64_t patient;
	int64_t as_of;
	bool tick; /* by time alone: may tell or expire, never order */
};

/* What is counted once the batch is committed. */
typedef void engine_metric_fn(
    struct metrics *m, enum metrics_id id, const char *const label[], int64_t n);
struct engine_metric {
	struct engine_metric *next;
	engine_metric_fn *how; /* metrics_add or metrics_observe */
	enum metrics_id id;
	const char *label[METRICS_LABELS];
	int64_t n;
};

/* How often a rule came out how, in this batch. */
struct engine_tally {
	struct cw_str label;
	int64_t n[MAP_VERDICT_HOLDS + 1];
};

/* The realm of a feed's names without a base. */
struct engine_realm {
	bool known; /* in this batch */
	uint32_t feed, realm;
	struct cw_str base;
};

/* What became of resources of one type, in this batch. */
struct engine_outcome {
	uint32_t feed;
	struct cw_str type;
	int64_t day, at; /* at: a moment of the day */
	const char *outcome;
	int64_t n;
};

struct engine {
	struct engine_options o;
	struct rules *rules;
	struct cw_arena *arena; /* of one batch */
	struct engine_dirty *dirty;
	size_t n_dirty, cap_dirty;
	struct engine_tally *tally; /* of each rule; in arena, made with the first decision */
	size_t n_tally;
	struct engine_outcome *outcome;
	size_t n_outcomes, cap_outcomes;
	struct engine_realm last; /* of the row before */
	int64_t inbox_last;	  /* rows up to this id may be processed */
	bool failed;
	bool full;	  /* no room on the disk: nothing is taken */
	struct job *jobs; /* of this batch; on a full disk those that are kept */
	struct engine_metric *metrics, **metrics_end; /* of this batch */
	bool restored; /* the database comes from a backup: what it does not know of may be done */
	int64_t decision;  /* number of the audit record of the decision in the making, or 0 */
	int64_t forgotten; /* when what is old was forgotten (loop_steady), or 0 */
	int64_t sealed;	   /* last record that a checkpoint covers */
	int64_t sealing;   /* the same once this batch is committed, or 0 */
	unsigned char head[SEAL_SIZE]; /* of that record */
	int64_t unsealed;	       /* when a record came that none covers (loop_steady), or 0 */
	struct engine_counts counts;
	struct report *reports; /* of this batch; told after its commit */
};

/* What came with one row of the inbox. */
struct engine_row {
	const struct store_inbox *row;
	uint32_t realm;	    /* of names without a base */
	struct cw_str base; /* what it is called, as compared */
	int64_t assigned;   /* units that have found their outcome */
};

/* A patient's decision in the making. */
struct engine_case {
	const struct map_case *c;
	const struct map_decision *d;
	const int64_t *patient; /* store_patient, those joined; the first names the alert */
	size_t patients;
	int64_t now;
	bool tick;
	bool changed; /* other rules and controls hold than at the last decision */
	bool alerted; /* he has an open alert, or had one before this decision */
};

/* Answer a JOB_ASK, and put on record who asked. */
CW_CHECK int engine_answer(struct engine *e, struct job *job, struct cw_err *err);
/* Process one row of the inbox: what it says is put in place, and who must be decided is marked. */
CW_CHECK int engine_take(struct engine *e, const struct store_inbox *row, struct cw_err *err);
/* Decide patient in this batch. */
void engine_mark(struct engine *e, int64_t patient, int64_t as_of, bool tick);
/* Where the last checkpoint was. */
CW_CHECK int engine_seal_start(struct engine *e, struct cw_err *err);
/* Sign a checkpoint, if one is due; stop: if there is anything to sign. Last in a batch. */
CW_CHECK int engine_seal(struct engine *e, bool stop, struct cw_err *err);
/* The batch is committed. */
void engine_sealed(struct engine *e);
/* When one will be due by time (UTC ms), or INT64_MAX. */
int64_t engine_seal_due(const struct engine *e);
/* Name of a feed by its number, for labels. */
const char *engine_feed(const struct engine *e, uint32_t feed);
/* Count n, or enter an observation of n, when this batch is committed. label: METRICS_OF. */
void engine_meter(struct engine *e, engine_metric_fn *how, enum metrics_id id,
    const char *const label[], int64_t n);
/* Count n resources of a feed, received at, by their outcome (static); written down at the end of
 * the batch, until when type must live. */
void engine_count(struct engine *e, uint32_t feed, struct cw_str type, int64_t at,
    const char *outcome, int64_t n);
/* Decide all who are marked. */
CW_CHECK int engine_judge(struct engine *e, struct cw_err *err);
/* Audit a decision, and keep alerts, errands and notices in step with it. Sets j->alerted. */
CW_CHECK int alert_apply(struct engine *e, struct engine_case *j, struct cw_err *err);
/* cordwatch's own request came back from a server: what a person did with it. */
CW_CHECK int alert_echo(struct engine *e, struct store_alert *alert, const struct map_row *row,
    int64_t at, struct cw_err *err);
/* How an errand came out. */
CW_CHECK int alert_delivered(struct engine *e, const struct job *job, struct cw_err *err);
/* Report an errand once the batch is committed. */
CW_CHECK int alert_report(struct engine *e, const struct store_outbox *row, struct cw_err *err);
/* Remember what holds, and since when; give the plan's words for a person, when a rule begins to
 * hold or some time after. Sets j->changed. */
CW_CHECK int notice_watch(struct engine *e, struct engine_case *j, struct cw_err *err);
/* Tell a person of what is overdue. */
CW_CHECK int notice_apply(struct engine *e, const struct engine_case *j, struct cw_err *err);
/* Tell a person something; kind and text are fixed words or the package's. */
CW_CHECK int notice_add(struct engine *e, int64_t patient, int64_t alert, const char *kind,
    struct cw_str text, struct cw_err *err);
/* The next notice that time will bring for these patients, or MAP_NO_TIME. */
CW_CHECK int notice_next(
    struct engine *e, const struct engine_case *j, int64_t *at, struct cw_err *err);

#endif
