/* FHIRPath against fhirpath.js, compiled once on both sides: rule-like expressions on resources,
 * and a decision's worth of rules on native records (plain objects there). */
#include "bench/bench.h"

#include "bench/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fhir/json.h"
#include "fhir/path.h"
#include "fhir/types.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
enum { RECORDS = 30, RULES = 60, PAIRS = 9, MOST = 64 };

static const char observation[] =
    "{\"resourceType\":\"Observation\",\"id\":\"o1\",\"status\":\"final\",\"category\":[{"
    "\"coding\":"
    "[{\"system\":\"http://terminology.hl7.org/CodeSystem/observation-category\",\"code\":"
    "\"laboratory\"}]}],\"code\":{\"coding\":[{\"system\":\"http://"
    "loinc.org\",\"code\":\"29265-6\","
    "\"display\":\"Calcium\"},{\"system\":\"urn:local\",\"code\":\"CA\"}]},\"subject\":{"
    "\"reference\":"
    "\"Patient/p1\"},\"effectiveDateTime\":\"2025-06-10T08:30:00Z\",\"issued\":"
    "\"2025-06-10T09:00:00.000Z\",\"valueQuantity\":{\"value\":2.91,\"unit\":\"mmol/L\",\"system\":"
    "\"http://unitsofmeasure.org\",\"code\":\"mmol/"
    "L\"},\"interpretation\":[{\"coding\":[{\"system\":"
    "\"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation\",\"code\":\"H\"}]}],"
    "\"referenceRange\":[{\"high\":{\"value\":2.60,\"unit\":\"mmol/L\",\"system\":"
    "\"http://unitsofmeasure.org\",\"code\":\"mmol/L\"}}],\"component\":[{\"code\":{\"coding\":"
    "[{\"code\":\"x\"}]},\"valueInteger\":7}]}";

static const char *const on_resources[] = {
	"status = 'final' or status = 'amended' or status = 'corrected'",
	"code.coding.where(system = 'http://loinc.org' and code = '29265-6').exists()",
	"interpretation.coding.where(code = 'H' or code = 'HH').exists()",
	"value.ofType(Quantity).value > 2.65",
	"value.ofType(Quantity) > 2.65 'mmol/L'",
	"category.coding.code.first() = 'laboratory'",
	"effective.ofType(dateTime) >= @2025-05-19T08:30:00Z",
	"component.where(code.coding.code = 'x').value.ofType(integer) >= 7",
	"bodySite.empty() and dataAbsentReason.empty()",
	"iif(issued.exists(), 1, 0) + iif(effective.exists(), 1, 0) >= 2",
};

/* One rule for the C side, and the same for plain objects, whose times are strings. */
static const struct {
	const char *ours, *theirs;
} on_records[] = {
	{ "%f.where(code = 'limb-weakness' and when.start >= now() - 28 days).exists()",
	    "%f.where(code = 'limb-weakness' and when.start.toDateTime() >= now() - 28 days)"
	    ".exists()" },
	{ "%f.where(present = true and grade > 3).count() >= 2",
	    "%f.where(present = true and grade > 3).count() >= 2" },
	{ "%f.exists(code = 'back-pain' or code = 'neck-pain')",
	    "%f.exists(code = 'back-pain' or code = 'neck-pain')" },
	{ "%f.where(code = 'night-pain' and when.start >= now() - 90 days).empty()",
	    "%f.where(code = 'night-pain' and when.start.toDateTime() >= now() - 90 "
	    "days).empty()" },
	{ "%f.where(present = true).first().grade >= 1 and %f.where(present = false).exists()",
	    "%f.where(present = true).first().grade >= 1 and %f.where(present = false).exists()" },
};

/* --- native records --- */

struct record {
	struct cw_str code;
	bool present;
	int64_t when;
	int grade;
};

static bool
get_when(const void *record, size_t element, size_t i, struct fhir_item *out)
{
	(void)element, (void)i;
	*out = fhir_item_instant(((const struct record *)record)->when);
	return true;
}
static const struct fhir_class_element when_elements[] = {
	{ "start", FHIR_ITEM_DATETIME, NULL, false },
};
static const struct fhir_class when_class = { "When", when_elements, 1, get_when, NULL };

static bool
get_record(const void *record, size_t element, size_t i, struct fhir_item *out)
{
	const struct record *r = record;

	(void)i;
	if (element == 0)
		*out = fhir_item_string(r->code);
	else if (element == 1)
		*out = fhir_item_boolean(r->present);
	else if (element == 2)
		*out = fhir_item_record(&when_class, r);
	else
		*out = fhir_item_integer(r->grade);
	return true;
}
static const struct fhir_class_element elements[] = {
	{ "code", FHIR_ITEM_STRING, NULL, false },
	{ "present", FHIR_ITEM_BOOLEAN, NULL, false },
	{ "when", FHIR_ITEM_RECORD, &when_class, false },
	{ "grade", FHIR_ITEM_INTEGER, NULL, false },
};
static const struct fhir_class record_class = { "Finding", elements, COUNT(elements), get_record,
	NULL };

/* --- our side --- */

struct side {
	const char *name;
	struct fhir_path *path[MOST];
	size_t n;
	struct cw_arena *arena;
	struct fhir_path_scope *scope;
	struct fhir_item input;
	bool has_input;
	struct record record[RECORDS];
	struct fhir_item item[RECORDS];
	int64_t now_ms;
	long truths;
};

static void
die(const char *what, const struct cw_err *err)
{
	fprintf(stderr, "bench_path: %s: %s\n", what, err ? err->text : "");
	exit(EXIT_FAILURE);
}

static void
compile(struct side *s, const char *expr)
{
	struct fhir_path_options opt = { .model = fhir_model_r4(),
		.scope = s->scope,
		.strict = true,
		.context = { .kind = FHIR_ITEM_ANY } };
	struct cw_err err = { 0 };

	if (s->has_input)
		opt.context = fhir_path_type_named(opt.model, CW_STR("Observation"));
	if (fhir_path_compile(&s->path[s->n++], cw_str(expr), &opt, &err))
		die(expr, &err);
}

/* One round: a session, all expressions, a fresh arena. */
static void
ours(void *ctx)
{
	struct side *s = ctx;
	struct fhir_path_session *session;
	struct cw_err err = { 0 };

	cw_arena_reset(s->arena);
	s->truths = 0;
	session = fhir_path_session_new(&(struct fhir_path_env){
	    .arena = s->arena, .scope = s->scope, .model = fhir_model_r4(), .now_ms = s->now_ms });
	if (!session)
		die("session", NULL);
	if (!s->has_input)
		fhir_path_set(session, 0, s->item, RECORDS, 0);
	for (size_t i = 0; i < s->n; i++) {
		enum fhir_truth truth;

		if (fhir_path_eval_truth(s->path[i], session, s->has_input ? &s->input : NULL,
			s->has_input, &truth, &err))
			die(s->name, &err);
		s->truths += truth == FHIR_TRUE;
	}
}

static void
prepare(struct side *resources, struct side *records, struct cw_arena *tree)
{
	static const char *const codes[] = { "limb-weakness", "back-pain", "cancer-current" };
	struct fhir_path_type many = fhir_path_type_class(&record_class);
	const struct fhir_node *root;
	struct cw_err err = { 0 };
	size_t slot;

	if (fhir_json_read(&root, cw_str(observation), tree, NULL, &err))
		die("observation", &err);
	resources->input = fhir_item_resource(fhir_model_r4(), root);
	resources->has_input = true;
	for (size_t i = 0; i < COUNT(on_resources); i++)
		compile(resources, on_resources[i]);
	many.many = true;
	records->scope = fhir_path_scope_new();
	if (fhir_path_scope_declare(records->scope, CW_STR("f"), &many, &slot, &err))
		die("%f", &err);
	for (size_t i = 0; i < RULES; i++)
		compile(records, on_records[i % COUNT(on_records)].ours);
	for (size_t i = 0; i < RECORDS; i++) {
		records->record[i] = (struct record){ cw_str(codes[i % COUNT(codes)]), i % 4 != 0,
			records->now_ms - (int64_t)i * 3 * 86400000, (int)(i % 7) };
		records->item[i] = fhir_item_record(&record_class, &records->record[i]);
	}
}

/* --- their side --- */

static void
describe_record(struct fhir_json_out *o, struct cw_arena *a, const struct record *r)
{
	struct fhir_item when = fhir_item_instant(r->when);

	fhir_json_out_object(o);
	fhir_json_out_member(o, "code", r->code);
	fhir_json_out_key(o, "present");
	fhir_json_out_bool(o, r->present);
	fhir_json_out_key(o, "grade");
	fhir_json_out_int(o, r->grade);
	fhir_json_out_key(o, "when");
	fhir_json_out_object(o);
	fhir_json_out_member(o, "start", fhir_item_text(a, NULL, &when));
	fhir_json_out_object_end(o);
	fhir_json_out_object_end(o);
}

/* {"name", "typed", "inputs", "expressions", "env"}, left open. */
static void
describe_job(struct fhir_json_out *o, const char *name, const char *input, bool typed)
{
	fhir_json_out_object(o);
	fhir_json_out_member(o, "name", cw_str(name));
	fhir_json_out_key(o, "typed");
	fhir_json_out_bool(o, typed);
	fhir_json_out_key(o, "inputs");
	fhir_json_out_array(o);
	fhir_json_out_raw(o, cw_str(input));
	fhir_json_out_array_end(o);
	fhir_json_out_key(o, "expressions");
	fhir_json_out_array(o);
	for (size_t i = 0; typed && i < COUNT(on_resources); i++)
		fhir_json_out_string(o, cw_str(on_resources[i]));
	for (size_t i = 0; !typed && i < RULES; i++)
		fhir_json_out_string(o, cw_str(on_records[i % COUNT(on_records)].theirs));
	fhir_json_out_array_end(o);
}

static void
describe(struct side *records, FILE *out)
{
	struct cw_buf b;
	struct fhir_json_out o;

	cw_buf_init(&b, 0);
	fhir_json_out_init(&o, &b, false);
	fhir_json_out_array(&o);
	describe_job(&o, "resources", observation, true);
	fhir_json_out_object_end(&o);
	describe_job(&o, "records", "{}", false);
	fhir_json_out_key(&o, "env");
	fhir_json_out_object(&o);
	fhir_json_out_key(&o, "f");
	fhir_json_out_array(&o);
	for (size_t i = 0; i < RECORDS; i++)
		describe_record(&o, records->arena, &records->record[i]);
	fhir_json_out_array_end(&o);
	fhir_json_out_object_end(&o);
	fhir_json_out_object_end(&o);
	fhir_json_out_array_end(&o);
	fwrite(b.s, 1, b.n, out);
	cw_buf_fini(&b);
}

/* Give the peer the work as its first line. */
static bool
start(struct bench_peer *p, struct side *records)
{
	struct cw_buf line;
	bool ready;

	bench_peer_start(p, BENCH_PATH_PEER, NULL);
	describe(records, p->to);
	fputc('\n', p->to);
	cw_buf_init(&line, 0);
	ready = bench_peer_line(p, &line) && cw_str_is((struct cw_str){ line.s, line.n }, "ready");
	cw_buf_fini(&line);
	return ready;
}

static double
theirs(struct bench_peer *p, const char *name, int rounds, long *truths)
{
	char line[128];
	double us = 0;

	fprintf(p->to, "%s %d\n", name, rounds);
	fflush(p->to);
	if (!fgets(line, sizeof(line), p->from) || sscanf(line, "%lf %ld", &us, truths) != 2)
		die("the peer gave no answer", NULL);
	return us * 1e-6;
}

static bool
compare(struct bench_peer *p, struct side *s, const char *name, const char *what)
{
	size_t rounds = bench_rounds(ours, s, 0.05);
	double us[PAIRS], them[PAIRS];
	long truths = 0;
	struct bench_ratio r;

	for (int i = 0; i < PAIRS; i++) {
		double t;

		them[i] = theirs(p, s->name, 20, &truths);
		t = bench_cpu();
		for (size_t k = 0; k < rounds; k++)
			ours(s);
		us[i] = (bench_cpu() - t) / (double)rounds;
	}
	if (truths != s->truths)
		fprintf(stderr, "%s: %ld are true, %ld there\n", s->name, s->truths, truths);
	r = bench_ratio_of(them, us, PAIRS);
	fprintf(stderr, "%s: %.2f us a round here, %.0f us there\n", s->name, r.subject * 1e6,
	    r.baseline * 1e6);
	return bench_line(name, what, r, 10, false);
}

int
main(void)
{
	struct side resources = { .name = "resources", .arena = cw_arena_new(1 << 22) };
	struct side records = { .name = "records", .arena = cw_arena_new(1 << 22) };
	struct cw_arena *tree = cw_arena_new(0);
	struct bench_peer peer;
	bool good = true;

	records.now_ms = (int64_t)time(NULL) * 1000;
	resources.now_ms = records.now_ms;
	prepare(&resources, &records, tree);
	if (start(&peer, &records)) {
		good &= compare(&peer, &resources, "PATH-1",
		    "FHIRPath rules on a resource, times faster than fhirpath.js");
		good &= compare(&peer, &records, "PATH-2",
		    "60 FHIRPath rules on 30 records, times faster than fhirpath.js");
	} else {
		puts("PATH skipped: fhirpath.js is not there (NODE_PATH or CORDWATCH_PEERS)");
	}
	bench_peer_stop(&peer);
	for (size_t i = 0; i < resources.n; i++)
		fhir_path_free(resources.path[i]);
	for (size_t i = 0; i < records.n; i++)
		fhir_path_free(records.path[i]);
	fhir_path_scope_free(records.scope);
	cw_arena_free(resources.arena);
	cw_arena_free(records.arena);
	cw_arena_free(tree);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
