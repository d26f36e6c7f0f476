/* The JSON reader, scanner and writer on the cases of tests/data/json, on mutations of them with
 * jansson as the judge, and on the decimals that other readers spoil. */
#include "config.h"

#include "fhir/json.h"

#include <check.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CASES = 400 };

/* The cases of one folder, by name without ".json", sorted. */
struct cases {
	char folder[512];
	char *names[MOST_CASES];
	int n;
};

static struct cases valid, invalid;

static int
is_case(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 5 && strcmp(entry->d_name + n - 5, ".json") == 0;
}

static void
find_cases(struct cases *c, const char *folder)
{
	const char *tree = getenv("top_srcdir");
	struct dirent **found;
	int n;

	snprintf(c->folder, sizeof(c->folder), "%s/tests/data/json/%s", tree == NULL ? "." : tree,
	    folder);
	n = scandir(c->folder, &found, is_case, alphasort);
	for (int i = 0; i < n; i++) {
		if (c->n < MOST_CASES) {
			found[i]->d_name[strlen(found[i]->d_name) - 5] = '\0';
			c->names[c->n++] = cw_strdup(found[i]->d_name);
		}
		free(found[i]);
	}
	if (n >= 0)
		free(found);
}

/* A file in memory of exactly its size, so that a byte read beyond it is seen; NULL if absent. */
static char *
load(const struct cases *c, int i, const char *suffix, size_t *n)
{
	char path[800];
	FILE *in;
	char *text = NULL;
	long size;

	snprintf(path, sizeof(path), "%s/%s%s", c->folder, c->names[i], suffix);
	in = fopen(path, "rb");
	if (in == NULL)
		return NULL;
	ck_assert_int_eq(fseek(in, 0, SEEK_END), 0);
	size = ftell(in);
	rewind(in);
	text = cw_malloc((size_t)size);
	*n = fread(text, 1, (size_t)size, in);
	ck_assert_uint_eq(*n, (size_t)size);
	fclose(in);
	return text;
}

/* Pull every event without skipping. */
static int
pull(struct cw_str text, struct cw_arena *mem, struct cw_err *err)
{
	struct fhir_json_scan sc;
	int rc;

	fhir_json_scan_init(&sc, text, mem, NULL);
	do
		rc = fhir_json_next(&sc, err);
	while (rc > FHIR_JSON_END);
	return rc;
}

static void
check_error(
    const char *name, const char *who, const struct cw_err *err, const char *expected, size_t n)
{
	char got[700];

	snprintf(
	    got, sizeof(got), "%zu:%zu %s: %s\n", err->line, err->column, err->path, err->text);
	ck_assert_msg(
	    strlen(got) == n && memcmp(got, expected, n) == 0, "%s (%s): got %s", name, who, got);
}

START_TEST(refuses_with_line_column_path_and_reason)
{
	const char *name = invalid.names[_i];
	struct cw_err by_read = { 0 }, by_scan = { 0 }, by_pull = { 0 };
	struct cw_arena *mem = cw_arena_new(0);
	const struct fhir_node *root;
	size_t n, nexpected = 0;
	char *text = load(&invalid, _i, ".json", &n);
	char *expected = load(&invalid, _i, ".error", &nexpected);
	struct cw_str all = { text, n };

	ck_assert_msg(expected != NULL, "%s has no .error", name);
	ck_assert_msg(fhir_json_read(&root, all, mem, NULL, &by_read) < 0, "%s was read", name);
	ck_assert_ptr_null(root);
	check_error(name, "read", &by_read, expected, nexpected);
	if (strncmp(name, "twin-", 5) != 0) {
		ck_assert_msg(fhir_json_valid(all, mem, NULL, &by_scan) < 0, "%s was passed", name);
		check_error(name, "valid", &by_scan, expected, nexpected);
		ck_assert_msg(pull(all, mem, &by_pull) < 0, "%s was pulled", name);
		check_error(name, "next", &by_pull, expected, nexpected);
	} else {
		ck_assert_int_eq(fhir_json_valid(all, mem, NULL, NULL), 0);
	}
	cw_arena_free(mem);
	free(expected);
	free(text);
}
END_TEST

static void
write_again(struct cw_buf *out, struct cw_str text, bool pretty, const char *name)
{
	struct cw_arena *mem = cw_arena_new(0);
	const struct fhir_node *root;
	struct cw_err err = { 0 };

	cw_buf_clear(out);
	ck_assert_msg(fhir_json_read(&root, text, mem, NULL, &err) == 0, "%s: %zu:%zu %s: %s", name,
	    err.line, err.column, err.path, err.text);
	fhir_json_write(out, root, pretty);
	ck_assert(!out->over);
	cw_arena_free(mem);
}

START_TEST(gives_back_what_it_read)
{
	const char *name = valid.names[_i];
	size_t n, nexpected;
	char *text = load(&valid, _i, ".json", &n);
	char *expected = load(&valid, _i, ".out", &nexpected);
	struct cw_str all = { text, n }, want = { expected, nexpected };
	struct cw_arena *mem = cw_arena_new(0);
	struct cw_buf out, again;

	if (expected == NULL)
		want = all;
	cw_buf_init(&out, 0);
	cw_buf_init(&again, 0);
	ck_assert_int_eq(fhir_json_valid(all, mem, NULL, NULL), 0);
	ck_assert_int_eq(pull(all, mem, NULL), 0);
	write_again(&out, all, false, name);
	ck_assert_msg(
	    cw_str_eq((struct cw_str){ out.s, out.n }, want), "%s: wrote %s", name, out.s);
	write_again(&again, want, false, name);
	ck_assert_msg(again.n == out.n && memcmp(again.s, out.s, out.n) == 0, "%s: then wrote %s",
	    name, again.s);
	write_again(&again, want, true, name);
	write_again(&out, (struct cw_str){ again.s, again.n }, false, name);
	ck_assert_msg(
	    cw_str_eq((struct cw_str){ out.s, out.n }, want), "%s: pretty is %s", name, again.s);
	cw_buf_fini(&again);
	cw_buf_fini(&out);
	cw_arena_free(mem);
	free(expected);
	free(text);
}
END_TEST

static const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;

/* jansson loses a NUL that directly follows a number or a literal. */
static bool
nul_after_scalar(struct cw_str text)
{
	for (size_t i = 1; i < text.n; i++)
		if (text.s[i] == '\0' && strchr("0123456789el", text.s[i - 1]) != NULL)
			return true;
	return false;
}

/* Where jansson and this reader may differ: numbers that do not fit a C type and a byte order mark
 * (jansson refuses them), more than 64 levels and that NUL (only refused here). */
static bool
may_differ(struct cw_str text, int rc, const json_error_t *error)
{
	if (rc == 0)
		return json_error_code(error) == json_error_numeric_overflow ||
		       cw_str_starts(text, CW_STR("\xef\xbb\xbf"));
	return rc == CW_ELIMIT || nul_after_scalar(text);
}

/* What the reader takes apart and the writer puts together means the same to jansson. */
static void
same_meaning(json_t *before, struct cw_str text, struct cw_arena *mem)
{
	const struct fhir_node *root;
	struct cw_buf out;
	json_t *after;

	if (fhir_json_read(&root, text, mem, NULL, NULL) < 0)
		return; /* only "_name" faults are left, and they have cases of their own */
	cw_buf_init(&out, 0);
	fhir_json_write(&out, root, false);
	after = json_loadb(out.s, out.n, flags, NULL);
	/* Arrays "name" and "_name" of unequal length come back padded. */
	ck_assert_msg(json_equal(before, after) || memmem(text.s, text.n, "\"_", 2) != NULL,
	    "%.*s became %s", CW_ARG(text), out.s);
	json_decref(after);
	cw_buf_fini(&out);
}

static void
judge(struct cw_str text, struct cw_arena *mem)
{
	json_error_t error;
	json_t *json = json_loadb(text.s, text.n, flags, &error);
	struct cw_err err = { 0 };
	int rc = fhir_json_valid(text, mem, NULL, &err);
	int pulled = pull(text, mem, NULL);

	ck_assert_int_eq(rc, pulled);
	ck_assert_msg((rc == 0) == (json != NULL) || may_differ(text, rc, &error),
	    "we say %d (%zu:%zu %s), jansson %s, of: %.*s", rc, err.line, err.column, err.text,
	    json == NULL ? error.text : "accepts", CW_ARG(text));
	if (json != NULL && rc == 0)
		same_meaning(json, text, mem);
	json_decref(json);
	cw_arena_reset(mem);
}

static unsigned
draw(unsigned *state, size_t below)
{
	*state = *state * 1664525u + 1013904223u;
	return (unsigned)((*state >> 8) % below);
}

/* Change, drop, double or swap a few bytes of text; returns the new length (at most n + 8). */
static size_t
mutate(char *text, size_t n, unsigned *state)
{
	static const char alphabet[] =
	    "\"\"\\{}[]:,0123456789eE+-.untrf \t\n\x01\x7f\x80\xc3\xa4\xe2\xf0/_dD8";

	for (unsigned times = 1 + draw(state, 3); times > 0; times--) {
		size_t at = draw(state, n + 1);

		switch (draw(state, 4)) {
		case 0:
			if (at < n)
				text[at] = alphabet[draw(state, sizeof(alphabet))];
			break;
		case 1:
			memmove(text + at + 1, text + at, n - at);
			text[at] = alphabet[draw(state, sizeof(alphabet))];
			n++;
			break;
		case 2:
			if (at < n) {
				memmove(text + at, text + at + 1, n - at - 1);
				n--;
			}
			break;
		default:
			n = draw(state, 8) == 0 ? at : n;
			break;
		}
	}
	return n;
}

static void
judge_mutations(const char *text, size_t n, int times, unsigned seed)
{
	struct cw_arena *mem = cw_arena_new(0);

	for (int i = 0; i < times; i++) {
		char *other = cw_malloc(n + 8), *exact;
		size_t size;

		memcpy(other, text, n);
		size = mutate(other, n, &seed);
		exact = cw_malloc(size);
		memcpy(exact, other, size);
		judge((struct cw_str){ exact, size }, mem);
		free(exact);
		free(other);
	}
	cw_arena_free(mem);
}

START_TEST(agrees_with_jansson_on_mutations_of_valid_texts)
{
	size_t n;
	char *text = load(&valid, _i, ".json", &n);

	judge_mutations(text, n, 400, (unsigned)_i + 1);
	free(text);
}
END_TEST

START_TEST(agrees_with_jansson_on_mutations_of_invalid_texts)
{
	size_t n;
	char *text = load(&invalid, _i, ".json", &n);

	judge_mutations(text, n, n < 5000 ? 100 : 2, (unsigned)_i + 1);
	free(text);
}
END_TEST

START_TEST(cuts_anywhere_are_refused)
{
	size_t n;
	char *text = load(&valid, _i, ".json", &n);
	struct cw_arena *mem = cw_arena_new(0);

	for (size_t cut = 0; cut < n; cut++) {
		char *part = cw_malloc(cut);

		memcpy(part, text, cut);
		judge((struct cw_str){ part, cut }, mem);
		free(part);
	}
	cw_arena_free(mem);
	free(text);
}
END_TEST

static const char *const decimals[] = { "0", "-0", "0.0", "-0.0", "0.10", "1.00", "1.0", "1.000",
	"10", "1e10", "1E10", "1e+10", "1E+10", "1e-10", "1E-245",
	"1.0000000000000000000000000000E-245", "1E245", "1e0", "0e0", "0E+00", "-1.5e-07",
	"100000000000000000000000000000.000", "0.00000000000000000000000000000001",
	"3.14159265358979323846264338327950288419716939937510", "9007199254740993",
	"18446744073709551616", "-9223372036854775809", "1e400", "-1e-400",
	"0.1000000000000000055511151231257827021181583404541015625",
	"123456789.123456789e123456789" };

START_TEST(decimals_come_back_byte_for_byte)
{
	struct cw_buf text, out;
	struct cw_arena *mem = cw_arena_new(0);
	const struct fhir_node *root;

	cw_buf_init(&text, 0);
	cw_buf_init(&out, 0);
	cw_buf_printf(
	    &text, "{\"value\":%s,\"a\":[%s,%s]}", decimals[_i], decimals[_i], decimals[_i]);
	ck_assert_int_eq(
	    fhir_json_read(&root, (struct cw_str){ text.s, text.n }, mem, NULL, NULL), 0);
	ck_assert(cw_str_is(fhir_node_text(root, "value"), decimals[_i]));
	fhir_json_write(&out, root, false);
	ck_assert_str_eq(out.s, text.s);
	cw_buf_fini(&out);
	cw_buf_fini(&text);
	cw_arena_free(mem);
}
END_TEST

START_TEST(there_are_enough_cases)
{
	ck_assert_int_ge(valid.n + invalid.n, 150);
	ck_assert_int_ge(valid.n, 50);
	ck_assert_int_lt(valid.n, MOST_CASES);
	ck_assert_int_lt(invalid.n, MOST_CASES);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("json");
	TCase *t = tcase_create("corpus");
	SRunner *run;
	int failed;

	find_cases(&valid, "valid");
	find_cases(&invalid, "invalid");
	tcase_set_timeout(t, 60);
	tcase_add_test(t, there_are_enough_cases);
	tcase_add_loop_test(t, refuses_with_line_column_path_and_reason, 0, invalid.n);
	tcase_add_loop_test(t, gives_back_what_it_read, 0, valid.n);
	tcase_add_loop_test(
	    t, decimals_come_back_byte_for_byte, 0, (int)(sizeof(decimals) / sizeof(*decimals)));
	tcase_add_loop_test(t, cuts_anywhere_are_refused, 0, valid.n);
	tcase_add_loop_test(t, agrees_with_jansson_on_mutations_of_valid_texts, 0, valid.n);
	tcase_add_loop_test(t, agrees_with_jansson_on_mutations_of_invalid_texts, 0, invalid.n);
	suite_add_tcase(s, t);
	run = srunner_create(s);
	srunner_set_fork_status(run, CK_NOFORK); /* many small cases */
	srunner_run_all(run, CK_NORMAL);
	failed = srunner_ntests_failed(run);
	srunner_free(run);
	for (int i = 0; i < MOST_CASES; i++) {
		free(valid.names[i]);
		free(invalid.names[i]);
	}
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
