/* metrics_internal: the table of metrics. */
#ifndef DAEMON_METRICS_INTERNAL_H
#define DAEMON_METRICS_INTERNAL_H

#include "daemon/metrics.h"

enum metrics_type { METRICS_COUNTER, METRICS_GAUGE, METRICS_HISTOGRAM };
enum { METRICS_BUCKETS = 12 };

struct metrics_row {
	enum metrics_id id; /* the place in the table */
	const char *name;
	enum metrics_type type;
	const char *label[METRICS_LABELS]; /* NULL after the last */
	int64_t unit;			   /* how many of our units make one base unit; 0: one */
	int64_t bound[METRICS_BUCKETS];	   /* of a histogram, rising; 0 after the last */
	const char *help;
};
extern const struct metrics_row metrics_rows[METRICS_N];

#endif
