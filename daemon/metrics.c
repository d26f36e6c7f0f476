#include "daemon/metrics_internal.h"

#include <assert.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct series {
	char *labels;				/* name="value",... as printed */
	int64_t value;				/* of a histogram the sum */
	int64_t count, bucket[METRICS_BUCKETS]; /* histogram: all; up to each bound */
};

struct metrics {
	pthread_mutex_t lock;
	int64_t started;
	struct cw_map *series[METRICS_N]; /* by labels */
};

/* ---- labels ---- */

static void
print_label(struct cw_buf *b, const char *name, const char *value)
{
	cw_buf_printf(b, "%s%s=\"", b->n > 0 ? "," : "", name);
	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '\n')
			cw_buf_puts(b, "\\n");
		else if (*p == '"' || *p == '\\')
			cw_buf_printf(b, "\\%c", *p);
		else
			cw_buf_putc(b, (char)(*p < 0x20 || *p > 0x7e ? '?' : *p));
	}
	cw_buf_putc(b, '"');
}

/* label NULL: "other" for all. */
static void
print_labels(struct cw_buf *b, const struct metrics_row *row, const char *const label[])
{
	for (size_t i = 0; i < METRICS_LABELS && row->label[i] != NULL; i++) {
		assert(label == NULL || label[i] != NULL);
		print_label(b, row->label[i], label == NULL ? "other" : label[i]);
	}
}

/* ---- series ---- */

static struct series *
find(struct metrics *m, enum metrics_id id, const struct cw_buf *b)
{
	return cw_map_get(m->series[id], (struct cw_str){ b->s == NULL ? "" : b->s, b->n });
}

/* The series of these labels, made when it is new and there is room. */
static struct series *
take(struct metrics *m, enum metrics_id id, const char *const label[])
{
	const struct metrics_row *row = &metrics_rows[id];
	struct series *s;
	struct cw_buf b;

	assert((label == NULL) == (row->label[0] == NULL));
	cw_buf_init(&b, 0);
	print_labels(&b, row, label);
	s = find(m, id, &b);
	if (s == NULL && cw_map_count(m->series[id]) >= METRICS_SERIES) {
		cw_buf_clear(&b);
		print_labels(&b, row, NULL);
		s = find(m, id, &b);
	}
	if (s == NULL) {
		s = cw_calloc(1, sizeof(*s));
		s->labels = cw_strdup(b.s == NULL ? "" : b.s);
		(void)cw_map_put(m->series[id], cw_str(s->labels), s);
	}
	cw_buf_fini(&b);
	return s;
}

void
metrics_add(struct metrics *m, enum metrics_id id, const char *const label[], int64_t n)
{
	if (m == NULL)
		return;
	assert(metrics_rows[id].type == METRICS_COUNTER && n >= 0);
	pthread_mutex_lock(&m->lock);
	take(m, id, label)->value += n;
	pthread_mutex_unlock(&m->lock);
}

void
metrics_set(struct metrics *m, enum metrics_id id, const char *const label[], int64_t value)
{
	if (m == NULL)
		return;
	assert(metrics_rows[id].type == METRICS_GAUGE);
	pthread_mutex_lock(&m->lock);
	take(m, id, label)->value = value;
	pthread_mutex_unlock(&m->lock);
}

void
metrics_observe(struct metrics *m, enum metrics_id id, const char *const label[], int64_t value)
{
	const int64_t *bound = metrics_rows[id].bound;
	struct series *s;

	if (m == NULL)
		return;
	assert(metrics_rows[id].type == METRICS_HISTOGRAM);
	pthread_mutex_lock(&m->lock);
	s = take(m, id, label);
	s->count++;
	s->value += value;
	for (size_t i = 0; i < METRICS_BUCKETS && bound[i] != 0; i++)
		s->bucket[i] += value <= bound[i];
	pthread_mutex_unlock(&m->lock);
}

int64_t
metrics_get(struct metrics *m, enum metrics_id id, const char *const label[])
{
	const struct series *s;
	struct cw_buf b;
	int64_t value;

	assert((label == NULL) == (metrics_rows[id].label[0] == NULL));
	cw_buf_init(&b, 0);
	print_labels(&b, &metrics_rows[id], label);
	pthread_mutex_lock(&m->lock);
	s = find(m, id, &b);
	value = s == NULL ? 0 : metrics_rows[id].type == METRICS_HISTOGRAM ? s->count : s->value;
	pthread_mutex_unlock(&m->lock);
	cw_buf_fini(&b);
	return value;
}

/* ---- text ---- */

/* value / unit, exactly. */
static void
print_number(struct cw_buf *out, int64_t value, int64_t unit)
{
	uint64_t n = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, one = (uint64_t)unit;

	cw_buf_printf(out, "%s%llu", value < 0 ? "-" : "", (unsigned long long)(n / one));
	if (n % one != 0) {
		cw_buf_putc(out, '.');
		for (n %= one; n > 0; n %= one) {
			one /= 10;
			cw_buf_putc(out, (char)('0' + n / one));
		}
	}
}

static void
print_sample(struct cw_buf *out, const struct metrics_row *row, const char *suffix,
    const char *labels, int64_t value, int64_t unit)
{
	cw_buf_printf(out, "%s%s", row->name, suffix);
	if (labels[0] != '\0')
		cw_buf_printf(out, "{%s}", labels);
	cw_buf_putc(out, ' ');
	print_number(out, value, unit);
	cw_buf_putc(out, '\n');
}

/* bound 0: all. */
static void
print_bucket(struct cw_buf *out, const struct metrics_row *row, const char *labels, int64_t bound,
    int64_t unit, int64_t count)
{
	cw_buf_printf(out, "%s_bucket{%s%sle=\"", row->name, labels, labels[0] == '\0' ? "" : ",");
	if (bound == 0)
		cw_buf_puts(out, "+Inf");
	else
		print_number(out, bound, unit);
	cw_buf_printf(out, "\"} %lld\n", (long long)count);
}

static void
print_series(struct cw_buf *out, const struct metrics_row *row, const struct series *s)
{
	int64_t unit = row->unit == 0 ? 1 : row->unit;

	if (row->type != METRICS_HISTOGRAM) {
		print_sample(out, row, "", s->labels, s->value, unit);
		return;
	}
	for (size_t i = 0; i < METRICS_BUCKETS && row->bound[i] != 0; i++)
		print_bucket(out, row, s->labels, row->bound[i], unit, s->bucket[i]);
	print_bucket(out, row, s->labels, 0, unit, s->count);
	print_sample(out, row, "_sum", s->labels, s->value, unit);
	print_sample(out, row, "_count", s->labels, s->count, 1);
}

static void
print_row(struct cw_buf *out, const struct metrics_row *row, const struct cw_map *series)
{
	static const char *const type[] = { "counter", "gauge", "histogram" };
	struct cw_str key;

	if (cw_map_count(series) == 0)
		return;
	cw_buf_printf(
	    out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name, type[row->type]);
	for (size_t i = 0; i < cw_map_count(series); i++)
		print_series(out, row, cw_map_at(series, i, &key));
}

/* ---- the process ---- */

static void
print_process(struct cw_buf *out, const char *name, enum metrics_type type, const char *help,
    int64_t value, int64_t unit)
{
	struct metrics_row row = { .name = name, .type = type, .help = help };

	cw_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
	    type == METRICS_COUNTER ? "counter" : "gauge");
	print_sample(out, &row, "", "", value, unit);
}

static int64_t
count_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int64_t n = -3; /* ., .. and that of the folder */

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return d == NULL ? 0 : n;
}

static void
print_memory(struct cw_buf *out)
{
	long long whole = 0, resident = 0, page = sysconf(_SC_PAGESIZE);
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL || fscanf(f, "%lld %lld", &whole, &resident) != 2)
		whole = resident = 0;
	if (f != NULL)
		fclose(f);
	print_process(out, "process_virtual_memory_bytes", METRICS_GAUGE,
	    "Address space of the process.", whole * page, 1);
	print_process(out, "process_resident_memory_bytes", METRICS_GAUGE,
	    "Memory of the process that is in RAM.", resident * page, 1);
}

static void
print_processes(struct cw_buf *out, int64_t started)
{
	struct rusage used = { 0 };
	struct rlimit files = { 0 };

	getrusage(RUSAGE_SELF, &used);
	getrlimit(RLIMIT_NOFILE, &files);
	print_process(out, "process_cpu_seconds_total", METRICS_COUNTER,
	    "Time on CPUs, of the program and of the system for it.",
	    (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
		used.ru_utime.tv_usec + used.ru_stime.tv_usec,
	    1000000);
	print_process(
	    out, "process_open_fds", METRICS_GAUGE, "Open descriptors.", count_descriptors(), 1);
	print_process(out, "process_max_fds", METRICS_GAUGE, "Descriptors that may be open.",
	    (int64_t)files.rlim_cur, 1);
	print_memory(out);
	print_process(out, "process_start_time_seconds", METRICS_GAUGE,
	    "When the process was started.", started, 1000);
}

void
metrics_print(struct metrics *m, struct cw_buf *out)
{
	pthread_mutex_lock(&m->lock);
	for (size_t i = 0; i < METRICS_N; i++)
		print_row(out, &metrics_rows[i], m->series[i]);
	pthread_mutex_unlock(&m->lock);
	print_processes(out, m->started);
}

/* ---- life ---- */

struct metrics *
metrics_new(int64_t now)
{
	struct metrics *m = cw_calloc(1, sizeof(*m));

	pthread_mutex_init(&m->lock, NULL);
	m->started = now;
	for (size_t i = 0; i < METRICS_N; i++) {
		assert(metrics_rows[i].id == (enum metrics_id)i);
		m->series[i] = cw_map_new();
		if (metrics_rows[i].type != METRICS_GAUGE && metrics_rows[i].label[0] == NULL)
			take(m, (enum metrics_id)i, NULL);
	}
	return m;
}

void
metrics_free(struct metrics *m)
{
	struct cw_str key;

	if (m == NULL)
		return;
	for (size_t i = 0; i < METRICS_N; i++) {
		for (size_t k = 0; k < cw_map_count(m->series[i]); k++) {
			struct series *s = cw_map_at(m->series[i], k, &key);

			free(s->labels);
			free(s);
		}
		cw_map_free(m->series[i]);
	}
	pthread_mutex_destroy(&m->lock);
	free(m);
}
