/* Unit tests of daemon/metrics: what is counted, and that the text is one that a scraper takes. */
#include "daemon/metrics_internal.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2025-06-16T09:00:00.5Z */
static const int64_t NOW = 1750064400500;

static struct metrics *m;
static struct cw_buf text;

static void
enter(void)
{
	m = metrics_new(NOW);
	cw_buf_init(&text, 0);
}

static void
leave(void)
{
	metrics_free(m);
	cw_buf_fini(&text);
}

static const char *
print(void)
{
	cw_buf_clear(&text);
	metrics_print(m, &text);
	return text.s;
}

static bool
has(const char *line)
{
	char want[512];

	snprintf(want, sizeof(want), "\n%s\n", line);
	return strstr(text.s, want) != NULL;
}

/* ---- the format, by the letter: name{label="value",...} number ---- */

static const char letters[] = "abcdefghijklmnopqrstuvwxyz_", digits[] = "0123456789";

static const char *
skip_labels(const char *p)
{
	do {
		size_t n = strspn(++p, letters);

		if (n == 0 || strncmp(p + n, "=\"", 2) != 0)
			return NULL;
		for (p += n + 2; *p != '"'; p++) {
			if (*p == '\\' && strchr("\\\"n", *++p) == NULL)
				return NULL;
			if (*p == '\0' || *p == '\n')
				return NULL;
		}
	} while (*++p == ',');
	return *p == '}' ? p + 1 : NULL;
}

/* Is this the sample of that family? Then its number. */
static bool
read_sample(const char *line, const char *family, const char *type, double *value)
{
	size_t n = strspn(line, letters), own = strlen(family);
	const char *p = line + n;
	char *end;

	if (n < own || strncmp(line, family, own) != 0)
		return false;
	if (n > own && strcmp(type, "histogram") != 0)
		return false;
	if (n > own && strncmp(line + own, "_bucket", n - own) != 0 &&
	    strncmp(line + own, "_sum", n - own) != 0 &&
	    strncmp(line + own, "_count", n - own) != 0)
		return false;
	if (*p == '{')
		p = skip_labels(p);
	if (p == NULL || *p != ' ' || strspn(p + 1, digits) + (p[1] == '-') == 0)
		return false;
	*value = strtod(p + 1, &end);
	return *end == '\0';
}

/* Every family begins with HELP and TYPE, comes once, and holds samples, each once. */
static void
is_well_formed(void)
{
	char *copy = strdup(text.s), *rest = copy, *line, family[128] = "", type[32] = "";
	struct cw_map *seen = cw_map_new();
	size_t samples = 1;
	double value;

	ck_assert_uint_gt(text.n, 0);
	ck_assert_int_eq(text.s[text.n - 1], '\n');
	while ((line = strsep(&rest, "\n")) != NULL && rest != NULL) {
		if (strncmp(line, "# HELP ", 7) == 0) {
			ck_assert_uint_gt(samples, 0);
			samples = 0;
			ck_assert_int_eq(sscanf(line, "# HELP %127s", family), 1);
			ck_assert_msg(strlen(line) > 8 + strlen(family), "%s", line);
			ck_assert_msg(cw_map_put(seen, cw_str(line + 7), copy) == NULL, "%s", line);
			line = strsep(&rest, "\n");
			ck_assert_int_eq(sscanf(line, "# TYPE %*s %31s", type), 1);
			ck_assert_int_eq(strncmp(line + 7, family, strlen(family)), 0);
			continue;
		}
		ck_assert_msg(read_sample(line, family, type, &value), "%s: %s", family, line);
		*strrchr(line, ' ') = '\0';
		ck_assert_msg(cw_map_put(seen, cw_str(line), copy) == NULL, "twice: %s", line);
		samples++;
	}
	cw_map_free(seen);
	free(copy);
}

/* Something in every metric, under that label value. */
static void
fill(const char *value)
{
	for (int i = 0; i < METRICS_N; i++) {
		const struct metrics_row *row = &metrics_rows[i];
		const char *const *label =
		    row->label[0] == NULL ? NULL : METRICS_OF(value, value, value, value);

		switch (row->type) {
		case METRICS_COUNTER:
			metrics_add(m, row->id, label, 1);
			break;
		case METRICS_GAUGE:
			metrics_set(m, row->id, label, 1);
			break;
		case METRICS_HISTOGRAM:
			metrics_observe(m, row->id, label, 1);
			break;
		}
	}
}

START_TEST(prints_what_a_scraper_takes)
{
	print();
	is_well_formed();
	fill("a");
	fill("back\\slash \"quote\" new\nline \x01 \xff,={}");
	fill("");
	print();
	is_well_formed();
	ck_assert(
	    has("cordwatch_feed_event_gaps_total{feed=\"back\\\\slash \\\"quote\\\" new\\nline ? "
		"?,={}\"} 1"));
	ck_assert(has("cordwatch_build_info{version=\"a\",revision=\"a\",ruleset=\"a\","
		      "ruleset_version=\"a\"} 1"));
}
END_TEST

/* Prometheus' own reader, where it is installed. */
START_TEST(pleases_promtool)
{
	FILE *to;

	if (system("command -v promtool >/dev/null 2>&1") != 0)
		return;
	fill("a");
	fill("\\ \" \n");
	print();
	to = popen("promtool check metrics", "w");
	ck_assert_ptr_nonnull(to);
	ck_assert_uint_eq(fwrite(text.s, 1, text.n, to), text.n);
	ck_assert_int_eq(pclose(to), 0);
}
END_TEST

START_TEST(counts)
{
	const char *const *ehr = METRICS_OF("ehr", "Observation", "irrelevant");

	ck_assert_int_eq(metrics_get(m, METRICS_FEED_EVENTS, ehr), 0);
	metrics_add(m, METRICS_FEED_EVENTS, ehr, 2);
	metrics_add(m, METRICS_FEED_EVENTS, ehr, 3);
	metrics_add(m, METRICS_FEED_EVENTS, METRICS_OF("ehr", "Observation", "duplicate"), 7);
	metrics_add(m, METRICS_FEED_EVENTS, METRICS_OF("lab", "Condition", "irrelevant"), 0);
	metrics_set(m, METRICS_DATABASE, NULL, 4096);
	metrics_set(m, METRICS_DATABASE, NULL, 8192);
	metrics_set(m, METRICS_FEED_LAST_EVENT, METRICS_OF("ehr"), NOW);
	metrics_set(m, METRICS_FEED_LAST_CONTACT, METRICS_OF("ehr"), 1234000);
	metrics_set(m, METRICS_OUTBOX_OLDEST, METRICS_OF("orders"), -1005);
	ck_assert_int_eq(metrics_get(m, METRICS_FEED_EVENTS, ehr), 5);
	ck_assert_int_eq(metrics_get(m, METRICS_DATABASE, NULL), 8192);
	print();
	is_well_formed();
	ck_assert(
	    has("cordwatch_feed_events_total{feed=\"ehr\",resource_type=\"Observation\",outcome="
		"\"irrelevant\"} 5"));
	ck_assert(
	    has("cordwatch_feed_events_total{feed=\"ehr\",resource_type=\"Observation\",outcome="
		"\"duplicate\"} 7"));
	ck_assert(
	    has("cordwatch_feed_events_total{feed=\"lab\",resource_type=\"Condition\",outcome="
		"\"irrelevant\"} 0"));
	ck_assert(has("cordwatch_db_size_bytes 8192"));
	ck_assert(has("cordwatch_feed_last_event_timestamp_seconds{feed=\"ehr\"} 1750064400.5"));
	ck_assert(has("cordwatch_feed_last_contact_timestamp_seconds{feed=\"ehr\"} 1234"));
	ck_assert(has("cordwatch_outbox_oldest_timestamp_seconds{target=\"orders\"} -1.005"));
	ck_assert(has("process_start_time_seconds 1750064400.5"));
}
END_TEST

START_TEST(measures)
{
	static const int64_t commits[] = { 1, 200, 201, 5000000, 5000001, 0 };

	for (size_t i = 0; i < sizeof(commits) / sizeof(commits[0]); i++)
		metrics_observe(m, METRICS_COMMIT, NULL, commits[i]);
	metrics_observe(m, METRICS_EVENT_LAG, METRICS_OF("ehr"), 60000);
	ck_assert_int_eq(metrics_get(m, METRICS_COMMIT, NULL), 6);
	print();
	is_well_formed();
	ck_assert(has("cordwatch_db_commit_duration_seconds_bucket{le=\"0.0002\"} 3"));
	ck_assert(has("cordwatch_db_commit_duration_seconds_bucket{le=\"0.0005\"} 4"));
	ck_assert(has("cordwatch_db_commit_duration_seconds_bucket{le=\"1\"} 4"));
	ck_assert(has("cordwatch_db_commit_duration_seconds_bucket{le=\"5\"} 5"));
	ck_assert(has("cordwatch_db_commit_duration_seconds_bucket{le=\"+Inf\"} 6"));
	ck_assert(has("cordwatch_db_commit_duration_seconds_sum 10.000403"));
	ck_assert(has("cordwatch_db_commit_duration_seconds_count 6"));
	ck_assert(has("cordwatch_event_lag_seconds_bucket{feed=\"ehr\",le=\"15\"} 0"));
	ck_assert(has("cordwatch_event_lag_seconds_bucket{feed=\"ehr\",le=\"60\"} 1"));
	ck_assert(has("cordwatch_event_lag_seconds_sum{feed=\"ehr\"} 60"));
}
END_TEST

START_TEST(has_rows_that_fit)
{
	for (int i = 0; i < METRICS_N; i++) {
		const struct metrics_row *row = &metrics_rows[i];
		const char *total = strstr(row->name, "_total");

		ck_assert_int_eq((int)row->id, i);
		ck_assert_uint_eq(strspn(row->name, letters), strlen(row->name));
		ck_assert_int_eq(strncmp(row->name, "cordwatch_", 10), 0);
		ck_assert_msg((row->type == METRICS_COUNTER) == (total != NULL && total[6] == '\0'),
		    "%s", row->name);
		ck_assert_msg(
		    (row->unit > 1) == (strstr(row->name, "_seconds") != NULL), "%s", row->name);
		ck_assert_msg(
		    (row->type == METRICS_HISTOGRAM) == (row->bound[0] != 0), "%s", row->name);
		for (int k = 1; k < METRICS_BUCKETS && row->bound[k] != 0; k++)
			ck_assert_int_gt(row->bound[k], row->bound[k - 1]);
	}
}
END_TEST

/* A sender that invents types makes no more than so many series, and no count is lost. */
START_TEST(keeps_to_its_room)
{
	char type[32];

	for (int i = 0; i < 3 * METRICS_SERIES; i++) {
		snprintf(type, sizeof(type), "Type%d", i);
		metrics_add(m, METRICS_FEED_EVENTS, METRICS_OF("ehr", type, "quarantined"), 1);
	}
	ck_assert_int_eq(
	    metrics_get(m, METRICS_FEED_EVENTS, METRICS_OF("ehr", "Type0", "quarantined")), 1);
	ck_assert_int_eq(metrics_get(m, METRICS_FEED_EVENTS, METRICS_OF("other", "other", "other")),
	    2 * METRICS_SERIES);
	print();
	is_well_formed();
}
END_TEST

static void *
count_much(void *arg)
{
	for (int i = 0; i < 20000; i++) {
		metrics_add(m, METRICS_RULES, METRICS_OF("E1", "fired"), 1);
		metrics_observe(m, METRICS_COMMIT, NULL, 300);
	}
	return arg;
}

START_TEST(counts_for_both_threads)
{
	pthread_t other;

	ck_assert_int_eq(pthread_create(&other, NULL, count_much, NULL), 0);
	for (int i = 0; i < 20; i++)
		print();
	count_much(NULL);
	ck_assert_int_eq(pthread_join(other, NULL), 0);
	ck_assert_int_eq(metrics_get(m, METRICS_RULES, METRICS_OF("E1", "fired")), 40000);
	print();
	ck_assert(has("cordwatch_db_commit_duration_seconds_sum 12"));
}
END_TEST

START_TEST(does_without)
{
	metrics_add(NULL, METRICS_RULES, METRICS_OF("E1", "fired"), 1);
	metrics_set(NULL, METRICS_DATABASE, NULL, 1);
	metrics_observe(NULL, METRICS_COMMIT, NULL, 1);
	metrics_free(NULL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("metrics");
	TCase *t = tcase_create("metrics");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, enter, leave);
	tcase_add_test(t, prints_what_a_scraper_takes);
	tcase_add_test(t, pleases_promtool);
	tcase_add_test(t, counts);
	tcase_add_test(t, measures);
	tcase_add_test(t, has_rows_that_fit);
	tcase_add_test(t, keeps_to_its_room);
	tcase_add_test(t, counts_for_both_threads);
	tcase_add_test(t, does_without);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}
