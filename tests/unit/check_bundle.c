/* Unit tests of fhir/bundle, fhir/reference and fhir/newest.
 *
 * Each tests/data/bundle/{valid,invalid}/NAME.json has NAME.txt beside it: what the walk must tell
 * of it, a line for each entry and fault and one for the end. */
#include "fhir/bundle.h"
#include "fhir/newest.h"
#include "fhir/reference.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
show(struct cw_buf *out, const char *name, struct cw_str s)
{
	if (s.s != NULL)
		cw_buf_printf(out, " %s=%.*s", name, CW_ARG(s));
}

static int
on_entry(void *arg, const struct fhir_entry *e, struct cw_err *err)
{
	struct cw_buf *out = arg;
	char path[256];

	(void)err;
	cw_buf_printf(
	    out, "entry %zu:%s", fhir_entry_line(e), fhir_entry_path(e, path, sizeof(path)));
	show(out, "type", e->type);
	show(out, "fullUrl", e->full_url);
	show(out, "method", e->method);
	show(out, "url", e->url);
	show(out, "etag", e->etag);
	show(out, "modified", e->modified);
	show(out, "mode", e->mode);
	show(out, "in", e->bundle_type);
	if (e->resource.s != NULL)
		ck_assert(e->resource.s[e->resource.n - 1] == '}' || e->bundle == 0);
	cw_buf_printf(out, "%s bundle=%zu%s\n", e->modified_meaning ? " modifier" : "", e->bundle,
	    e->resource.s == NULL ? " empty" : "");
	return CW_OK;
}

static void
on_fault(void *arg, const struct cw_err *f)
{
	cw_buf_printf(arg, "fault %zu:%s: %s\n", f->line, f->path, f->text);
}

static void
walk(struct cw_buf *out, struct cw_str text)
{
	struct fhir_bundle_user user = { on_entry, on_fault, out };
	struct cw_arena *mem = cw_arena_new(0);
	struct cw_err err = { 0 };
	int rc = fhir_bundle_walk(text, &user, mem, &err);

	if (rc < 0)
		cw_buf_printf(out, "end %d %zu:%s: %s\n", rc, err.line, err.path, err.text);
	else
		cw_buf_printf(out, "end %d\n", rc);
	ck_assert_int_eq(rc < 0 ? rc : 0, err.code);
	cw_arena_free(mem);
}

/* An exact allocation, so that a sanitizer sees the first byte read past the end. */
static struct cw_str
load(const char *path)
{
	FILE *f = fopen(path, "rb");
	long n;
	char *s;

	ck_assert_msg(f != NULL, "%s is not there", path);
	ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
	n = ftell(f);
	rewind(f);
	s = cw_malloc((size_t)n);
	ck_assert_uint_eq(fread(s, 1, (size_t)n, f), (size_t)n);
	fclose(f);
	return (struct cw_str){ s, (size_t)n };
}

static size_t
compare(const char *kind)
{
	const char *top = getenv("top_srcdir");
	char folder[512], path[1024];
	struct dirent *d;
	size_t n = 0;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/tests/data/bundle/%s", top == NULL ? "." : top, kind);
	dir = opendir(folder);
	ck_assert_msg(dir != NULL, "%s is not there", folder);
	while ((d = readdir(dir)) != NULL) {
		size_t len = strlen(d->d_name);
		struct cw_str text, expected;
		struct cw_buf got;

		if (len < 6 || strcmp(d->d_name + len - 5, ".json") != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, d->d_name);
		text = load(path);
		cw_buf_init(&got, 0);
		walk(&got, text);
		memcpy(path + strlen(path) - 5, ".txt", 5);
		if (getenv("CHECK_BUNDLE_PRINT") != NULL) {
			printf("== %s\n%s", path, got.s);
		} else {
			expected = load(path);
			ck_assert_msg(cw_str_eq(expected, (struct cw_str){ got.s, got.n }),
			    "%s: got\n%s", path, got.s);
			free((void *)(uintptr_t)expected.s);
		}
		cw_buf_fini(&got);
		free((void *)(uintptr_t)text.s);
		n++;
	}
	closedir(dir);
	return n;
}

START_TEST(walks_every_type)
{
	ck_assert_uint_ge(compare("valid"), 18);
}
END_TEST

START_TEST(tells_what_is_wrong)
{
	ck_assert_uint_ge(compare("invalid"), 11);
}
END_TEST

static int
count(void *arg, const struct fhir_entry *e, struct cw_err *err)
{
	size_t *n = arg;

	(void)err;
	ck_assert_uint_eq(fhir_entry_line(e), ++*n + 1);
	return CW_OK;
}

static int
walk_many(size_t n, size_t *seen, struct cw_err *err)
{
	struct fhir_bundle_user user = { count, on_fault, seen };
	struct cw_arena *mem = cw_arena_new(1 << 16);
	struct cw_buf b;
	int rc;

	cw_buf_init(&b, 0);
	cw_buf_puts(&b, "{\"resourceType\":\"Bundle\",\"entry\":[\n");
	for (size_t i = 0; i < n; i++)
		cw_buf_puts(&b, i + 1 == n ? "{\"resource\":{\"resourceType\":\"Flag\"}}\n"
					   : "{\"resource\":{\"resourceType\":\"Flag\"}},\n");
	cw_buf_puts(&b, "]}");
	rc = fhir_bundle_walk((struct cw_str){ b.s, b.n }, &user, mem, err);
	/* Memory does not grow with the number of entries. */
	ck_assert_uint_lt(cw_arena_used(mem), 1 << 16);
	ck_assert(!cw_arena_full(mem));
	cw_arena_free(mem);
	cw_buf_fini(&b);
	return rc;
}

START_TEST(takes_as_many_as_it_says)
{
	struct cw_err err = { 0 };
	size_t n = 0;

	ck_assert_int_eq(walk_many(FHIR_BUNDLE_ENTRIES, &n, &err), CW_OK);
	ck_assert_uint_eq(n, FHIR_BUNDLE_ENTRIES);
	n = 0;
	ck_assert_int_eq(walk_many(FHIR_BUNDLE_ENTRIES + 1, &n, &err), CW_ELIMIT);
	ck_assert_uint_eq(n, FHIR_BUNDLE_ENTRIES);
	ck_assert_str_eq(err.path, "Bundle.entry[100000]");
	ck_assert_uint_eq(err.line, FHIR_BUNDLE_ENTRIES + 2);
}
END_TEST

static int
stop(void *arg, const struct fhir_entry *e, struct cw_err *err)
{
	(void)e;
	(void)err;
	return ++*(int *)arg == 2 ? 42 : 0;
}

START_TEST(stops_when_told)
{
	int n = 0;
	struct fhir_bundle_user user = { stop, on_fault, &n };
	struct cw_arena *mem = cw_arena_new(0);
	struct cw_err err = { 0 };

	ck_assert_int_eq(
	    fhir_bundle_walk(
		CW_STR("{\"resourceType\":\"Bundle\",\"entry\":[{},{},{}]}"), &user, mem, &err),
	    42);
	ck_assert_int_eq(n, 2);
	n = 0;
	ck_assert_int_eq(
	    fhir_bundle_walk(
		CW_STR("{\"entry\":[{},{},{}],\"resourceType\":\"Bundle\"}"), &user, mem, &err),
	    42);
	ck_assert_int_eq(n, 2);
	cw_arena_free(mem);
}
END_TEST

/* Cutting a text anywhere is told, and never loses what was complete before the cut. */
START_TEST(survives_every_cut)
{
	const char *text =
	    "{\"resourceType\":\"Bundle\",\"entry\":[{\"fullUrl\":\"u\\u0041\",\"resource\":"
	    "{\"resourceType\":\"Condition\"}},{\"request\":{\"method\":\"DELETE\"}}]}";
	size_t n = strlen(text), whole = (size_t)(strstr(text, ",{\"request") - text);

	for (size_t cut = 0; cut <= n; cut++) {
		char *exact = cw_malloc(cut);
		struct cw_buf got;

		memcpy(exact, text, cut);
		cw_buf_init(&got, 0);
		walk(&got, (struct cw_str){ exact, cut });
		ck_assert((strstr(got.s, "end 0\n") != NULL) == (cut == n));
		ck_assert((strstr(got.s, "type=Condition") != NULL) == (cut >= whole));
		cw_buf_fini(&got);
		free(exact);
	}
}
END_TEST

/* ---- references ---- */

static const struct {
	const char *text;
	enum fhir_reference_kind kind;
	const char *base, *type, *id, *version, *query;
} references[] = {
	{ "", FHIR_REFERENCE_NONE, NULL, NULL, NULL, NULL, NULL },
	{ "#p1", FHIR_REFERENCE_CONTAINED, NULL, NULL, "p1", NULL, NULL },
	{ "#", FHIR_REFERENCE_CONTAINED, NULL, NULL, "", NULL, NULL },
	{ "Patient/p1", FHIR_REFERENCE_RELATIVE, NULL, "Patient", "p1", NULL, NULL },
	{ "Patient/p1/_history/3", FHIR_REFERENCE_RELATIVE, NULL, "Patient", "p1", "3", NULL },
	{ "Patient/p1#x", FHIR_REFERENCE_RELATIVE, NULL, "Patient", "p1", NULL, NULL },
	{ "https://a.example/fhir/r4/Patient/p1", FHIR_REFERENCE_ABSOLUTE,
	    "https://a.example/fhir/r4", "Patient", "p1", NULL, NULL },
	{ "http://a.example/Observation/o.1/_history/2", FHIR_REFERENCE_ABSOLUTE,
	    "http://a.example", "Observation", "o.1", "2", NULL },
	{ "Patient?identifier=s|v", FHIR_REFERENCE_SEARCH, NULL, "Patient", NULL, NULL,
	    "identifier=s|v" },
	{ "https://a.example/fhir/Patient?identifier=https://s/x|v", FHIR_REFERENCE_SEARCH,
	    "https://a.example/fhir", "Patient", NULL, NULL, "identifier=https://s/x|v" },
	{ "urn:uuid:5d2a2bcb-6a35-4d6c-9a3a-2f6d7b8f9a01", FHIR_REFERENCE_URI, NULL, NULL, NULL,
	    NULL, NULL },
	{ "urn:oid:1.2.3", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "https://a.example/people/77", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "ftp://a.example/Patient/1", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "Patient", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "Patient/p1/", FHIR_REFERENCE_RELATIVE, NULL, "Patient", "p1", NULL, NULL },
	{ "http://s/f/Patient/p1/_history/3/", FHIR_REFERENCE_ABSOLUTE, "http://s/f", "Patient",
	    "p1", "3", NULL },
	{ "/", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "Patient//", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "Patient/", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "/Patient/1", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "/", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "?", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "/_history/3", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "Patient/_history/3", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL, NULL },
	{ "5d2a2bcb-6a35-4d6c-9a3a-2f6d7b8f9a01", FHIR_REFERENCE_URI, NULL, NULL, NULL, NULL,
	    NULL },
};

static void
same(struct cw_str got, const char *expected, const char *text)
{
	ck_assert_msg(
	    (got.s == NULL) == (expected == NULL) && (expected == NULL || cw_str_is(got, expected)),
	    "%s: %.*s, not %s", text, CW_ARG(got), expected == NULL ? "(absent)" : expected);
}

START_TEST(takes_references_apart)
{
	struct fhir_reference r;
	const char *text = references[_i].text;

	fhir_reference_parse(&r, cw_str(text));
	ck_assert_msg(r.kind == references[_i].kind, "%s: kind %d", text, (int)r.kind);
	same(r.base, references[_i].base, text);
	same(r.type, references[_i].type, text);
	same(r.id, references[_i].id, text);
	same(r.version, references[_i].version, text);
	same(r.query, references[_i].query, text);
}
END_TEST

START_TEST(compares_bases_without_scheme)
{
	static const struct {
		const char *base, *name;
	} bases[] = {
		{ "https://a/fhir/", "a/fhir" },
		{ "http://a/fhir", "a/fhir" },
		{ "http://A.Example:8080/FHIR/r4//", "a.example:8080/FHIR/r4" },
		{ "HOST", "host" },
	};
	char room[FHIR_BASE_NAME];

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		ck_assert(cw_str_is(
		    fhir_reference_base_name(cw_str(bases[i].base), room), bases[i].name));
	ck_assert_ptr_null(fhir_reference_base_name((struct cw_str){ NULL, 0 }, room).s);
}
END_TEST

/* ---- the newest time ---- */

static const struct {
	const char *text;
	int64_t newest; /* seconds; -1: none */
} times[] = {
	{ "{\"meta\":{\"lastUpdated\":\"2025-06-16T09:00:00Z\"}}", 1750064400 },
	{ "{\"recordedDate\" :\n \"2025-06-16\"}", 1750032000 },
	{ "{\"issued\":\"2025-06-16T11:00:00+02:00\",\"effectiveDateTime\":\"2025-06-15\"}",
	    1750064400 },
	{ "{\"period\":{\"start\":\"2025-06-16\",\"end\":\"2025-06-18\"}}", 1750032000 },
	{ "{\"occurrenceDateTime\":\"2025-06-16\"}", -1 },
	{ "{\"issued\":\"2031-01-01\"}", -1 }, /* after the limit */
	{ "{\"issued\":\"2025-13-01\"}", -1 },
	{ "{\"issued\":\"2025-06", -1 },
	{ "\"2025-06-16\"", -1 },
	{ ":\"2025-06-16\"", -1 },
	{ "", -1 },
};

START_TEST(finds_the_newest_time)
{
	size_t n = strlen(times[_i].text);

	/* At every place relative to the blocks of the scan, and never a byte too far. */
	for (size_t pad = 0; pad < 130; pad++) {
		char *s = cw_malloc(n + pad);
		int64_t newest = INT64_MIN;
		bool found;

		memset(s, ' ', pad);
		memcpy(s + pad, times[_i].text, n);
		found = fhir_newest((struct cw_str){ s, n + pad }, INT64_C(1893456000000), &newest);
		ck_assert_int_eq(found, times[_i].newest >= 0);
		if (found)
			ck_assert_int_eq(newest, times[_i].newest * 1000);
		free(s);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("bundle");
	TCase *t = tcase_create("walk"), *r = tcase_create("reference"),
	      *n = tcase_create("newest");
	SRunner *runner;
	int failed;

	tcase_add_test(t, walks_every_type);
	tcase_add_test(t, tells_what_is_wrong);
	tcase_add_test(t, takes_as_many_as_it_says);
	tcase_add_test(t, stops_when_told);
	tcase_add_test(t, survives_every_cut);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	tcase_add_loop_test(
	    r, takes_references_apart, 0, (int)(sizeof(references) / sizeof(references[0])));
	tcase_add_test(r, compares_bases_without_scheme);
	suite_add_tcase(s, r);
	tcase_add_loop_test(n, finds_the_newest_time, 0, (int)(sizeof(times) / sizeof(times[0])));
	suite_add_tcase(s, n);
	runner = srunner_create(s);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
