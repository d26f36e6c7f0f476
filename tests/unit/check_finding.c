/* The reader of resources: every rule has a case in tests/data/finding/. */
#include "mappings/finding.h"

#include "fhir/json.h"
#include "fhir/time.h"
#include "mappings/fact.h"
#include "mappings/terminology.h"
#include "tests/unit/finding_bend.h"
#include "tests/unit/finding_terms.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1750064400000) /* 2025-06-16T09:00:00Z */

/* ---- a finding in words ---- */

static void
word(struct cw_buf *b, const char *name, struct cw_str s)
{
	if (s.s == NULL)
		return;
	cw_buf_printf(b, " %s=", name);
	for (size_t i = 0; i < s.n; i++)
		cw_buf_putc(b, s.s[i] == ' ' ? '_' : s.s[i]);
}

static void
flag(struct cw_buf *b, const char *name, bool on)
{
	if (on)
		cw_buf_printf(b, " %s", name);
}

static void
instant(struct cw_buf *b, const char *name, int64_t ms)
{
	char text[FHIR_TIME_TEXT];

	if (ms != MAP_NO_TIME)
		word(b, name, fhir_time_format_utc(ms, text));
}

static void
value(struct cw_buf *b, const struct map_finding *f)
{
	char text[FHIR_DECIMAL_TEXT];

	if (!f->has_value)
		return;
	word(b, "value", fhir_decimal_format(&f->value.value, text));
	if (f->value.kind == FHIR_UNIT_UCUM && !cw_str_is(f->value.unit, "1"))
		cw_buf_printf(b, "_%.*s", CW_ARG(f->value.unit));
}

static void
concepts(struct cw_buf *b, const char *name, const struct map_concept *const *c, size_t max)
{
	for (size_t i = 0; i < max && c[i] != NULL; i++) {
		if (i == 0)
			cw_buf_printf(b, " %s=", name);
		cw_buf_printf(b, "%s%.*s", i == 0 ? "" : ",", CW_ARG(c[i]->code));
	}
}

static void
describe(struct cw_buf *b, const struct map_finding *f)
{
	static const char *const roles[] = { "finding", "question", "context", "weak", "qualifier",
		"site", "side" };
	static const char *const truths[] = { "false", "unknown", "true" };

	cw_buf_printf(b, "%.*s %s role=%s grade=%u urgency=%u", CW_ARG(f->concept->code),
	    truths[f->present], roles[f->role], f->grade, f->urgency);
	flag(b, "high", f->high == MAP_TRUE);
	flag(b, "nothigh", f->high == MAP_FALSE);
	flag(b, "absent", f->data_absent);
	flag(b, "withdrawn", f->withdrawn);
	flag(b, "resolved", f->resolved);
	flag(b, "done", f->done);
	flag(b, "other", f->other_subject);
	flag(b, "own", f->own);
	flag(b, "concluded", f->concluded);
	flag(b, "dated", f->dated);
	flag(b, "imprecise", f->imprecise);
	value(b, f);
	concepts(b, "qualifier", f->qualifiers, MAP_QUALIFIERS);
	concepts(b, "conclusion", f->conclusions, MAP_CONCLUSIONS);
	instant(b, "when", f->when);
	instant(b, "latest", f->when_latest);
	instant(b, "ends", f->ends);
	instant(b, "abated", f->abated);
	instant(b, "recorded", f->recorded);
	instant(b, "due", f->due);
	word(b, "side", f->side);
	word(b, "site", f->site);
	word(b, "status", f->status);
	word(b, "verification", f->verification);
	word(b, "intent", f->intent);
	word(b, "priority", f->priority);
	word(b, "source", f->source);
	word(b, "version", f->version);
	word(b, "path", f->path);
	word(b, "code", f->code);
	word(b, "text", f->display);
	for (size_t i = 0; i < f->targets; i++)
		cw_buf_printf(b, "%s%.*s", i == 0 ? " targets=" : ",", CW_ARG(f->target[i]));
}

/* ---- one case ---- */

struct said {
	struct cw_buf lines;
};

static void
hear(void *arg, const struct map_issue *issue)
{
	static const char *const kinds[] = { "skipped", "parked", "unread", "malformed" };
	struct said *said = arg;

	cw_buf_printf(&said->lines, "! %s %s\n", kinds[issue->kind], issue->path);
	ck_assert(issue->text[0] != '\0');
	ck_assert(issue->node != NULL);
}

static const struct fhir_node *medication;

static const struct fhir_node *
resolve(void *arg, const struct fhir_node *resource, struct cw_str reference)
{
	(void)arg;
	(void)resource;
	return cw_str_is(reference, "Medication/chemo") ? medication : NULL;
}

/* Is the word among the words? */
static bool
has(const char *words, const char *wanted)
{
	size_t n = strlen(wanted);

	for (const char *at = strstr(words, wanted); at != NULL; at = strstr(at + 1, wanted))
		if ((at == words || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
			return true;
	return false;
}

/* "-word" is met by "word=..." too. */
static bool
has_name(const char *words, const char *name)
{
	char with[64];

	snprintf(with, sizeof(with), " %s=", name);
	return has(words, name) || strstr(words, with) != NULL;
}

static void
compare(const char *title, const struct map_finding *f, char *expected)
{
	struct cw_buf b;
	char *token, *state = NULL;
	int i = 0;

	cw_buf_init(&b, 0);
	describe(&b, f);
	for (token = strtok_r(expected, " ", &state); token != NULL;
	     token = strtok_r(NULL, " ", &state), i++) {
		if (i == 0)
			ck_assert_msg(cw_str_is(f->concept->code, token), "%s: %s instead of %s",
			    title, b.s, token);
		else if (token[0] == '-')
			ck_assert_msg(
			    !has_name(b.s, token + 1), "%s: %s has %s", title, b.s, token + 1);
		else
			ck_assert_msg(has(b.s, token), "%s: %s lacks %s", title, b.s, token);
	}
	cw_buf_fini(&b);
}

struct one {
	char title[200];
	struct cw_buf json, issues;
	char *finding[16];
	size_t findings;
};

static void
run(struct one *c)
{
	struct cw_arena *tree = cw_arena_new(0), *keep = cw_arena_new(0);
	struct said said;
	struct map_read_context ctx = { .terms = test_terms(),
		.now = NOW,
		.received = NOW,
		.issue = hear,
		.arg = &said,
		.resolve = resolve };
	struct map_findings out;
	const struct fhir_node *root;
	struct cw_err err = { 0 };

	cw_buf_init(&said.lines, 0);
	map_findings_init(&out, keep);
	ck_assert_msg(
	    fhir_json_read(&root, (struct cw_str){ c->json.s, c->json.n }, tree, NULL, &err) == 0,
	    "%s: %s", c->title, err.text);
	ck_assert_int_ge(map_findings_read(&out, root, &ctx, &err), 0);
	cw_arena_reset(tree); /* nothing that is kept may point there */
	ck_assert_msg(
	    out.n == c->findings, "%s: %zu findings instead of %zu", c->title, out.n, c->findings);
	for (size_t i = 0; i < out.n; i++)
		compare(c->title, &out.item[i], c->finding[i]);
	ck_assert_msg(cw_str_eq((struct cw_str){ said.lines.s, said.lines.n },
			  (struct cw_str){ c->issues.s, c->issues.n }),
	    "%s: said %s", c->title, said.lines.n ? said.lines.s : "nothing");
	cw_buf_fini(&said.lines);
	map_findings_fini(&out);
	cw_arena_free(tree);
	cw_arena_free(keep);
}

/* All cases of all files; each is a test of its own. */
static struct one *cases;
static size_t case_count;

static struct one *
add_case(const char *file, const char *title)
{
	struct one *c;

	cases = cw_realloc(cases, (case_count + 1) * sizeof(cases[0]));
	c = &cases[case_count++];
	memset(c, 0, sizeof(*c));
	cw_buf_init(&c->json, 0);
	cw_buf_init(&c->issues, 0);
	snprintf(c->title, sizeof(c->title), "%s: %.150s", file, title);
	return c;
}

static void
load(const char *name)
{
	const char *top = getenv("top_srcdir");
	struct one *c = NULL;
	char path[512], line[8192];
	FILE *in;

	snprintf(path, sizeof(path), "%s/tests/data/finding/%s", top == NULL ? "." : top, name);
	in = fopen(path, "r");
	if (in == NULL)
		perror(path);
	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		if (strncmp(line, "! ", 2) == 0) {
			cw_buf_puts(&c->issues, line);
			continue;
		}
		if (strncmp(line, "== ", 3) == 0 || strncmp(line, "-> ", 3) == 0)
			line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "== ", 3) == 0)
			c = add_case(name, line + 3);
		else if (strncmp(line, "-> ", 3) == 0 && c->findings < 16)
			c->finding[c->findings++] = cw_strdup(line + 3);
		else if (line[0] != '#' && c != NULL)
			cw_buf_puts(&c->json, line);
	}
	if (in != NULL)
		fclose(in);
}

static void
unload(void)
{
	for (size_t i = 0; i < case_count; i++) {
		for (size_t k = 0; k < cases[i].findings; k++)
			free(cases[i].finding[k]);
		cw_buf_fini(&cases[i].json);
		cw_buf_fini(&cases[i].issues);
	}
	free(cases);
}

static const char *const files[] = { "condition.txt", "time.txt", "observation.txt", "event.txt",
	"strange.txt" };

START_TEST(every_case)
{
	static const char text[] =
	    "{\"resourceType\":\"Medication\",\"code\":{\"coding\":[{\"system\":"
	    "\"urn:test\",\"code\":\"chemo\"}]}}";
	struct cw_arena *mem = cw_arena_new(0);

	ck_assert_int_eq(fhir_json_read(&medication, CW_STR(text), mem, NULL, NULL), 0);
	run(&cases[_i]);
	cw_arena_free(mem);
}
END_TEST

/* A file that lost its cases is a failure. */
START_TEST(cases_are_there)
{
	ck_assert_uint_ge(case_count, 160);
}
END_TEST

/* ---- odds and ends ---- */

static int
read_text(struct map_findings *out, const char *text, const struct map_read_context *ctx)
{
	struct cw_arena *tree = cw_arena_new(0);
	const struct fhir_node *root;
	int rc;

	rc = fhir_json_read(&root, cw_str(text), tree, NULL, NULL);
	if (rc == 0)
		rc = map_findings_read(out, root, ctx, NULL);
	cw_arena_free(tree);
	return rc;
}

#define WEAK                                                                                       \
	"{\"resourceType\":\"Condition\",\"id\":\"c\",\"code\":{\"coding\":[{\"system\":\"urn:"    \
	"test\","                                                                                  \
	"\"code\":\"weakness\"}]},\"subject\":{\"reference\":\"Patient/p\"}}"

START_TEST(context_speaks)
{
	struct cw_arena *keep = cw_arena_new(0);
	struct map_read_context ctx = { .terms = test_terms(),
		.now = NOW,
		.received = NOW - 5,
		.feed = CW_STR("north"),
		.source = CW_STR("http://h/Condition/c"),
		.deleted = true };
	struct map_findings out;

	map_findings_init(&out, keep);
	ck_assert_int_eq(read_text(&out, WEAK, &ctx), 0);
	ck_assert_int_eq(read_text(&out, WEAK, &ctx), 0);
	ck_assert_uint_eq(out.n, 2);
	ck_assert(cw_str_is(out.item[1].feed, "north"));
	ck_assert(cw_str_is(out.item[1].source, "http://h/Condition/c"));
	ck_assert(out.item[1].withdrawn);
	ck_assert_int_eq(out.item[1].received, NOW - 5);
	map_findings_clear(&out);
	ck_assert_uint_eq(out.n, 0);
	ck_assert_int_eq(read_text(&out, "{\"resourceType\":\"Claim\"}", &ctx), MAP_READ_OTHER);
	ck_assert_int_eq(read_text(&out, "[1]", &ctx), MAP_READ_OTHER);
	map_findings_fini(&out);
	cw_arena_free(keep);
}
END_TEST

START_TEST(full_arena)
{
	struct cw_arena *keep = cw_arena_new(32);
	struct map_read_context ctx = { .terms = test_terms(), .now = NOW, .received = NOW };
	struct map_findings out;

	map_findings_init(&out, keep);
	ck_assert_int_eq(read_text(&out, WEAK, &ctx), CW_ELIMIT);
	ck_assert_uint_eq(out.n, 0);
	map_findings_fini(&out);
	cw_arena_free(keep);
}
END_TEST

/* ---- by force: a value of another kind makes nothing certain that was not ---- */

/* Is there one of that concept that says the same? */
static bool
said_before(const struct map_findings *all, const struct map_finding *f)
{
	if (f->role == MAP_ROLE_QUALIFIER && f->targets == 0)
		return true; /* of nothing */
	for (size_t i = 0; i < all->n; i++) {
		const struct map_finding *g = &all->item[i];

		if (g->concept == f->concept && g->present == f->present &&
		    g->withdrawn == f->withdrawn && g->other_subject == f->other_subject &&
		    g->resolved == f->resolved && g->own == f->own)
			return true;
	}
	return false;
}

static unsigned
bend_all(const char *title, const char *text)
{
	struct cw_arena *keep = cw_arena_new(0);
	struct map_read_context ctx = {
		.terms = test_terms(), .now = NOW, .received = NOW, .resolve = resolve
	};
	struct map_findings whole, bent;
	unsigned n = 0;
	struct cw_buf b;

	cw_buf_init(&b, 0);
	map_findings_init(&whole, keep);
	map_findings_init(&bent, keep);
	read_text(&whole, text, &ctx);
	for (const char *p = strchr(text, ':'); p != NULL; p = strchr(p + 1, ':')) {
		if (p[-1] != '"' || strncmp(p, ":\"http", 6) == 0 || p[1] == ' ')
			continue;
		for (int how = 0; how < JSON_BENDS; how++) {
			if (!json_bend(&b, text, p + 1, json_value_end(p + 1), how))
				continue;
			map_findings_clear(&bent);
			n += read_text(&bent, b.s, &ctx) == 0;
			for (size_t i = 0; i < bent.n; i++)
				ck_assert_msg(bent.item[i].present == MAP_UNKNOWN ||
						  said_before(&whole, &bent.item[i]),
				    "%s: %s", title, b.s);
		}
	}
	cw_buf_fini(&b);
	map_findings_fini(&whole);
	map_findings_fini(&bent);
	cw_arena_free(keep);
	return n;
}

START_TEST(bent_values_make_nothing_certain)
{
	unsigned n = 0;

	for (size_t i = 0; i < case_count; i++)
		/* a denial that cannot be read denies nothing */
		if (cases[i].issues.n == 0 && strstr(cases[i].json.s, "\"no-") == NULL &&
		    strstr(cases[i].json.s, "\"fh-") == NULL)
			n += bend_all(cases[i].title, cases[i].json.s);
	ck_assert_uint_gt(n, 5000);
}
END_TEST

static void
read_patient(struct map_patient *p, struct cw_arena *keep, const char *text)
{
	struct map_read_context ctx = { .terms = test_terms(), .now = NOW, .received = NOW };
	struct cw_arena *tree = cw_arena_new(0);
	const struct fhir_node *root;

	ck_assert_int_eq(fhir_json_read(&root, cw_str(text), tree, NULL, NULL), 0);
	ck_assert_int_eq(map_patient_read(p, root, &ctx, keep, NULL), 0);
	cw_arena_free(tree);
}

START_TEST(patient)
{
	struct cw_arena *keep = cw_arena_new(0);
	struct map_patient p;

	read_patient(&p, keep,
	    "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{\"versionId\":\"2\","
	    "\"lastUpdated\":"
	    "\"2025-06-15T00:00:00Z\",\"tag\":[{\"system\":\"urn:s\",\"code\":\"HTEST\"}],"
	    "\"security\":"
	    "[{\"code\":\"R\"}]},\"active\":false,\"deceasedDateTime\":\"2025-06\",\"link\":[{"
	    "\"other\":"
	    "{\"reference\":\"Patient/"
	    "p2\"},\"type\":\"replaced-by\"},{\"other\":{\"display\":\"x\"},"
	    "\"type\":\"refer\"}]}");
	ck_assert(cw_str_is(p.id, "p1") && cw_str_is(p.version, "2"));
	ck_assert_int_eq(p.updated, INT64_C(1749945600000));
	ck_assert(p.inactive && p.deceased && !p.uncertain);
	ck_assert_int_eq(p.deceased_at, INT64_C(1748736000000));
	ck_assert_uint_eq(p.links, 1);
	ck_assert(cw_str_is(p.link[0].type, "replaced-by"));
	ck_assert(cw_str_is(p.link[0].reference, "Patient/p2"));
	ck_assert_uint_eq(p.tags, 2);
	ck_assert(cw_str_is(p.tag[0].code, "HTEST") && cw_str_is(p.tag[1].code, "R"));
	read_patient(
	    &p, keep, "{\"resourceType\":\"Patient\",\"id\":\"p\",\"deceasedBoolean\":true}");
	ck_assert(p.deceased && !p.inactive && p.deceased_at == MAP_NO_TIME);
	read_patient(
	    &p, keep, "{\"resourceType\":\"Patient\",\"deceasedBoolean\":false,\"active\":true}");
	ck_assert(!p.deceased && !p.inactive && p.links == 0 && p.tags == 0);
	read_patient(
	    &p, keep, "{\"resourceType\":\"Patient\",\"deceasedDateTime\":\"2025-02-30\"}");
	ck_assert(p.deceased && p.uncertain);
	cw_arena_free(keep);
}
END_TEST

START_TEST(facts)
{
	struct cw_arena *keep = cw_arena_new(0);
	struct map_read_context ctx = { .terms = test_terms(), .now = NOW, .received = NOW };
	const struct fhir_class *cls = &map_fact_class;
	struct map_findings out;
	struct map_fact fact;
	struct fhir_item item;
	size_t given = 0;

	map_findings_init(&out, keep);
	ck_assert_int_eq(read_text(&out, WEAK, &ctx), 0);
	fact = (struct map_fact){ &out.item[0], NOW, MAP_NO_TIME, NOW, NOW, MAP_NO_TIME, NULL };
	for (size_t e = 0; e < cls->count; e++) {
		if (!cls->get(&fact, e, 0, &item))
			continue;
		given++;
		ck_assert_msg(item.kind == cls->element[e].kind, "%s", cls->element[e].name);
		ck_assert_msg(!cls->get(&fact, e, 100, &item) || !cls->element[e].many, "%s",
		    cls->element[e].name);
		if (strcmp(cls->element[e].name, "present") == 0)
			ck_assert(item.i == 1);
		if (strcmp(cls->element[e].name, "group") == 0)
			ck_assert(item.n == 5 && memcmp(item.s, "motor", 5) == 0);
		if (strcmp(cls->element[e].name, "runStart") == 0)
			ck_assert(item.instant && item.i == NOW);
		ck_assert_str_ne(cls->element[e].name, "previous"); /* not known: nothing */
	}
	ck_assert_uint_gt(given, 20);
	map_findings_fini(&out);
	cw_arena_free(keep);
}
END_TEST

static enum fhir_truth
ask(const struct map_fact *fact, const char *text)
{
	struct fhir_path_options opt = { .context = fhir_path_type_class(&map_fact_class),
		.strict = true };
	struct fhir_item item = fhir_item_record(&map_fact_class, fact);
	struct cw_arena *mem = cw_arena_new(0);
	struct fhir_path_env env = { .arena = mem, .now_ms = NOW, .context = &item };
	enum fhir_truth truth = FHIR_UNKNOWN;
	struct cw_err err = { 0 };
	struct fhir_path *path;

	ck_assert_msg(
	    fhir_path_compile(&path, cw_str(text), &opt, &err) == 0, "%s: %s", text, err.text);
	ck_assert_msg(
	    fhir_path_eval_truth(path, fhir_path_session_new(&env), &item, 1, &truth, &err) == 0,
	    "%s: %s", text, err.text);
	fhir_path_free(path);
	cw_arena_free(mem);
	return truth;
}

START_TEST(facts_in_fhirpath)
{
	struct cw_arena *keep = cw_arena_new(0);
	struct map_read_context ctx = { .terms = test_terms(), .now = NOW, .received = NOW };
	struct map_findings out;
	struct map_fact fact;

	map_findings_init(&out, keep);
	ck_assert_int_eq(read_text(&out, WEAK, &ctx), 0);
	fact = (struct map_fact){ &out.item[0], NOW, MAP_NO_TIME, NOW, NOW, MAP_NO_TIME, NULL };
	ck_assert_int_eq(
	    ask(&fact, "code = 'limb-weakness' and group = 'motor' and present"), FHIR_TRUE);
	ck_assert_int_eq(ask(&fact, "grade > 0 and urgency = 0 and weak.not()"), FHIR_TRUE);
	ck_assert_int_eq(ask(&fact, "when <= now() and now() - 28 days <= runStart"), FHIR_TRUE);
	ck_assert_int_eq(ask(&fact, "previous.exists() or qualifier.exists()"), FHIR_FALSE);
	ck_assert_int_eq(ask(&fact, "high"), FHIR_UNKNOWN);
	out.item[0].present = MAP_UNKNOWN;
	ck_assert_int_eq(ask(&fact, "present"), FHIR_UNKNOWN);
	ck_assert_int_eq(ask(&fact, "present or source = 'Condition/c'"), FHIR_TRUE);
	map_findings_fini(&out);
	cw_arena_free(keep);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("finding");
	TCase *tc = tcase_create("finding");
	SRunner *runner = srunner_create(suite);
	int failed;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		load(files[i]);
	tcase_add_test(tc, cases_are_there);
	tcase_add_loop_test(tc, every_case, 0, (int)case_count);
	tcase_add_test(tc, bent_values_make_nothing_certain);
	tcase_add_test(tc, context_speaks);
	tcase_add_test(tc, full_arena);
	tcase_add_test(tc, patient);
	tcase_add_test(tc, facts);
	tcase_add_test(tc, facts_in_fhirpath);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	unload();
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
