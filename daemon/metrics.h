/* metrics: what is counted and measured, in Prometheus' text format 0.0.4.
 *
 * Each metric is a row of one table (metrics_table.c): name, type, labels, unit, help.  A label is
 * a name of the configuration, of a rule, of a resource type or one of our own words: never a
 * patient, an id or a URL.  More than METRICS_SERIES series of one metric are counted together
 * under the label values "other", so that sums stay right.
 *
 * Every call is safe from every thread (the engine counts in its own): a lock is held for one
 * look-up.  Values are integers in the unit that the row says; they are printed in base units. */
#ifndef DAEMON_METRICS_H
#define DAEMON_METRICS_H

#include "fhir/base.h"

enum { METRICS_LABELS = 4, METRICS_SERIES = 2000 };

/* Behind each: labels; unit, where it is not a number of things. C counter, G gauge, H histogram.
 */
enum metrics_id {
	METRICS_BUILD_INFO,	    /* G version, revision, ruleset, ruleset_version; set to 1 */
	METRICS_CONFIG_GOOD,	    /* G: 1 if the last reload was taken over */
	METRICS_CONFIG_TIME,	    /* G: of the last good reload, UTC ms */
	METRICS_REQUESTS,	    /* C status: answers of the listener */
	METRICS_CONNECTIONS,	    /* G */
	METRICS_QUEUE_JOBS,	    /* G */
	METRICS_QUEUE_BYTES,	    /* G */
	METRICS_FEED_NOTIFICATIONS, /* C feed, type: ping, event, rejected */
	METRICS_FEED_ACKNOWLEDGED,  /* C feed: resources answered with 2xx */
	METRICS_FEED_EVENTS, /* C feed, resource_type, outcome: evaluated, irrelevant, duplicate,
				quarantined. Their sum is what was acknowledged and is not waiting
			      */
	METRICS_FEED_LAST_EVENT,   /* G feed, UTC ms */
	METRICS_FEED_LAST_CONTACT, /* G feed, UTC ms */
	METRICS_FEED_NUMBER,	   /* G feed: greatest event number */
	METRICS_FEED_MISSING,	   /* G feed: events that were numbered and did not come */
	METRICS_FEED_GAPS,	   /* C feed */
	METRICS_FEED_RECOVERED,	   /* C feed, method: events, resend, poll */
	METRICS_SUBSCRIPTION,	   /* G feed, status: subscriptions in that status */
	METRICS_EVENT_LAG,	   /* H feed, ms: from the source's time until decided */
	METRICS_RULES,	/* C rule, result: fired, not_fired, insufficient_data, suppressed, error */
	METRICS_ALERTS, /* C rule, mode: live or shadow, outcome */
	METRICS_FEEDBACK,	 /* C rule, outcome */
	METRICS_DELIVERY,	 /* H target, ms: from the decision until accepted */
	METRICS_OUTBOX,		 /* G target: waiting */
	METRICS_OUTBOX_OLDEST,	 /* G target, UTC ms: of what waits longest; 0: nothing */
	METRICS_OUTBOX_ATTEMPTS, /* C target, result */
	METRICS_DEAD,		 /* G stage: in, out, audit */
	METRICS_AUDIT_RECORDS,	 /* C sink */
	METRICS_AUDIT_ANCHOR,	 /* G sink, UTC ms */
	METRICS_AUDIT_FAILURES,	 /* C sink */
	METRICS_CERTIFICATE,	 /* G role, UTC ms: end of its time */
	METRICS_COMMIT,		 /* H, microseconds */
	METRICS_DATABASE,	 /* G, bytes */
	METRICS_N
};

struct metrics;
/* now: of the start of the process, UTC ms. Yours to free (NULL allowed). Counters and
 * histograms without labels stand at 0 from now on. */
struct metrics *metrics_new(int64_t now);
void metrics_free(struct metrics *m);

/* Label values in the order of the row; none missing. */
#define METRICS_OF(...) ((const char *const[METRICS_LABELS]){ __VA_ARGS__ })
/* Count n (>= 0) more. With m NULL this and the next two do nothing. label: METRICS_OF, or NULL
 * for a metric without labels. */
void metrics_add(struct metrics *m, enum metrics_id id, const char *const label[], int64_t n);
/* Set a gauge. */
void metrics_set(struct metrics *m, enum metrics_id id, const char *const label[], int64_t value);
/* Enter one observation into a histogram. */
void metrics_observe(
    struct metrics *m, enum metrics_id id, const char *const label[], int64_t value);
/* What stands there: of a histogram the number of observations; 0 where nothing does. */
int64_t metrics_get(struct metrics *m, enum metrics_id id, const char *const label[]);

/* All that has a value, and what the process uses (process_*). */
void metrics_print(struct metrics *m, struct cw_buf *out);

#endif
