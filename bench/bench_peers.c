/* P11: deciding in process, text in and both answers out (is the Observation's code in the set of
 * 200 red flags; has its patient an active cancer of the 500 codes), with a package cut to these
 * two rules, against the Node engines of node-engines on the same texts.
 *
 * The peers hold each patient's 20 conditions as parsed JSON; here they are held as findings, that
 * is, those that map: what maps to nothing is not kept, in the daemon neither. */
#include "bench/bench.h"

#include "bench/peer.h"
#include "bench/terms.h"
#include "fhir/json.h"
#include "mappings/decide.h"
#include "mappings/sift.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1735790400000) /* 2025-01-02T04:00:00Z, an hour after the events */
enum { PAIRS = 9, CHECKED = 500, HELD = 64 };

struct person {
	struct map_finding *held;
	size_t n;
};

struct side {
	struct map_package *package;
	struct map_terminology *terms;
	struct map_plan *plan;
	struct person *person;
	size_t people, conditions;
	struct bench_texts events;
	size_t *whose; /* by event */
	struct cw_arena *keep, *mem, *read;
	struct map_findings found;
	size_t at; /* next event */
	bool member, cancer;
};

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "bench_peers: %s: %s\n", what, why);
	exit(EXIT_FAILURE);
}

/* --- the package --- */

static void
add(struct map_package *p, const char *name, struct cw_buf *b)
{
	bench_package_add(p, name, (struct cw_str){ b->s, b->n });
	cw_buf_clear(b);
}

static void
write_map(struct cw_buf *b, const char *id, const char *system, const char *concept, char *codes)
{
	const char *comma = "";

	cw_buf_printf(b,
	    "{\"resourceType\":\"ConceptMap\",\"id\":\"%s\",\"url\":\"urn:cordwatch:ConceptMap:%"
	    "s\","
	    "\"status\":\"active\",\"group\":[{\"source\":\"%s\",\"target\":"
	    "\"urn:cordwatch:CodeSystem:finding\",\"element\":[",
	    id, id, system);
	for (char *code = strtok(codes, " "); code != NULL; code = strtok(NULL, " ")) {
		cw_buf_printf(b,
		    "%s{\"code\":\"%s\",\"target\":[{\"code\":\"%s\",\"equivalence\":"
		    "\"equivalent\",\"comment\":\"a number, not a code\"}]}",
		    comma, code, concept);
		comma = ",";
	}
	cw_buf_puts(b, "]}]}");
}

#define EXPRESSION(text)                                                                           \
	"\"expression\":{\"language\":\"text/fhirpath\",\"expression\":\"" text "\"}"
#define INPUT(id, code)                                                                            \
	"{\"id\":\"" id "\",\"type\":\"Observation\",\"profile\":[\"urn:cordwatch:"                \
	"StructureDefinition:Finding\"],\"codeFilter\":[{\"path\":\"code\",\"code\":[{\"system\":" \
	"\"urn:cordwatch:CodeSystem:finding\",\"code\":\"" code "\"}]}]}"
#define RULE(id, trigger)                                                                          \
	"{\"id\":\"" id "\",\"prefix\":\"" id                                                      \
	"\",\"title\":\"A rule\",\"description\":\"A rule\","                                      \
	"\"code\":[{\"coding\":[{\"system\":\"urn:cordwatch:CodeSystem:tier\",\"code\":\"watch\"}" \
	"]}],\"documentation\":[{\"type\":\"citation\",\"citation\":\"node-engines\"}],"           \
	"\"condition\":[{\"kind\":\"applicability\"," EXPRESSION(                                  \
	    trigger ".exists()") "}],"                                                             \
				 "\"dynamicValue\":[{\"path\":\"reasonReference\"," EXPRESSION(    \
				     trigger) "}]}"

static const char plan[] =
    "{\"resourceType\":\"PlanDefinition\",\"id\":\"job\",\"url\":\"urn:cordwatch:PlanDefinition:"
    "job\",\"version\":\"1\",\"status\":\"active\",\"type\":{\"coding\":[{\"system\":"
    "\"http://terminology.hl7.org/CodeSystem/plan-definition-type\",\"code\":\"eca-rule\"}]},"
    "\"action\":[{\"id\":\"criteria\",\"input\":[" INPUT("redFlag", "red-flag") "," INPUT(
	"cancer", "cancer") "],\"action\":[{\"id\":\"W\",\"title\":\"Both\",\"action\":[" RULE("W1",
	"%redFlag") "," RULE("W2", "%cancer.where(resolved.not())") "]}]}]}";

static const char concepts[] =
    "{\"resourceType\":\"CodeSystem\",\"id\":\"finding\",\"url\":\"urn:cordwatch:CodeSystem:"
    "finding\",\"version\":\"1\",\"status\":\"active\",\"content\":\"complete\",\"property\":[{"
    "\"code\":\"group\",\"type\":\"code\"}],\"concept\":[{\"code\":\"red-flag\",\"display\":"
    "\"Red flag\",\"property\":[{\"code\":\"group\",\"valueCode\":\"red-flag\"}]},{\"code\":"
    "\"cancer\",\"display\":\"Cancer\",\"property\":[{\"code\":\"group\",\"valueCode\":"
    "\"cancer\"}]}]}";

/* From the two first lines of the corpus: the code lists. */
static void
load_package(struct side *s, char *red_flags, char *cancers)
{
	static const char name[] =
	    "{\"name\":\"cordwatch.bench\",\"version\":\"1.0.0\",\"canonical\":\"urn:cordwatch\"}";
	struct cw_err err = { 0 };
	struct cw_buf b;

	s->package = map_package_new();
	if (map_package_open(s->package, CW_STR("job"), cw_str(name), &err) < 0)
		die("package", err.text);
	cw_buf_init(&b, 0);
	cw_buf_puts(&b, concepts);
	add(s->package, "CodeSystem-finding.json", &b);
	write_map(&b, "loinc", "http://loinc.org", "red-flag", red_flags);
	add(s->package, "ConceptMap-loinc.json", &b);
	write_map(&b, "sct", "http://snomed.info/sct", "cancer", cancers);
	add(s->package, "ConceptMap-sct.json", &b);
	cw_buf_puts(&b, plan);
	add(s->package, "PlanDefinition-job.json", &b);
	cw_buf_fini(&b);
	s->terms = bench_terms_of(s->package);
	s->plan = bench_plan_of(s->package, s->terms);
}

/* --- the corpus --- */

/* Sift one text, and read its findings if it may have any. */
static void
read_text(struct side *s, struct cw_str text, struct cw_arena *mem)
{
	struct map_read_context context = { .terms = s->terms, .now = NOW, .received = NOW };
	struct map_sift_result sift;
	const struct fhir_node *root;
	struct cw_err err = { 0 };

	map_findings_clear(&s->found);
	if (map_sift(&sift, text, s->terms, mem, &err) < 0 || sift.verdict == MAP_SIFT_BROKEN)
		die("sift", err.text);
	if (sift.verdict == MAP_SIFT_PASS &&
	    (fhir_json_read(&root, text, mem, NULL, &err) < 0 ||
		map_findings_read(&s->found, root, &context, &err) < 0))
		die("read", err.text);
}

static void
read_person(struct side *s, struct person *p, struct bench_peer *from, struct cw_buf *line)
{
	struct map_finding held[HELD];

	for (size_t i = 0; i < s->conditions; i++) {
		if (!bench_peer_line(from, line))
			die("corpus", "too short");
		s->found.arena = s->keep;
		read_text(s, (struct cw_str){ line->s, line->n }, s->mem);
		for (size_t k = 0; k < s->found.n && p->n < HELD; k++)
			held[p->n++] = s->found.item[k];
		cw_arena_reset(s->mem);
	}
	p->held = cw_malloc((p->n + 1) * sizeof(*p->held));
	memcpy(p->held, held, p->n * sizeof(*p->held));
}

static void
read_events(struct side *s, size_t n, struct bench_peer *from, struct cw_buf *line)
{
	s->whose = cw_malloc(n * sizeof(*s->whose));
	for (size_t i = 0; i < n; i++) {
		if (!bench_peer_line(from, line))
			die("corpus", "too short");
		cw_buf_putc(line, '\0');
		s->whose[i] = (size_t)strtoul(line->s, NULL, 10);
		if (s->whose[i] >= s->people || !bench_peer_line(from, line))
			die("corpus", "too short");
		bench_texts_add(&s->events, (struct cw_str){ line->s, line->n });
	}
}

/* False: the peers are not there. */
static bool
load(struct side *s)
{
	struct bench_peer from;
	struct cw_buf line, codes;
	size_t n = 0;
	bool there;

	cw_buf_init(&line, 0);
	cw_buf_init(&codes, 0);
	bench_peer_start(&from, BENCH_DECIDE_PEER, "corpus");
	there = bench_peer_line(&from, &codes) && codes.n > 10 && bench_peer_line(&from, &line);
	if (there) {
		cw_buf_putc(&codes, '\0');
		cw_buf_putc(&line, '\0');
		load_package(s, codes.s, line.s);
		if (!bench_peer_line(&from, &line))
			die("corpus", "too short");
		cw_buf_putc(&line, '\0');
		if (sscanf(line.s, "%zu %zu %zu", &s->people, &s->conditions, &n) != 3)
			die("corpus", line.s);
		s->person = cw_calloc(s->people, sizeof(*s->person));
		for (size_t i = 0; i < s->people; i++)
			read_person(s, &s->person[i], &from, &line);
		read_events(s, n, &from, &line);
	}
	bench_peer_stop(&from);
	cw_buf_fini(&line);
	cw_buf_fini(&codes);
	return there;
}

/* --- our side --- */

/* The patient's findings and those of the event, by time. */
static void
gather(const struct side *s, const struct person *p, const struct map_finding **list, size_t *n)
{
	for (size_t i = 0; i < p->n; i++)
		list[(*n)++] = &p->held[i];
	for (size_t i = 0; i < s->found.n && *n < HELD; i++) {
		size_t k = (*n)++;

		for (; k > 0 && list[k - 1]->when > s->found.item[i].when; k--)
			list[k] = list[k - 1];
		list[k] = &s->found.item[i];
	}
}

static void
answer(struct side *s)
{
	const struct map_finding *list[HELD];
	struct map_case about = { .patient = CW_STR("Patient/p"),
		.known = true,
		.about = { .updated = MAP_NO_TIME, .deceased_at = MAP_NO_TIME },
		.finding = list };
	struct map_decision d;
	struct cw_err err = { 0 };

	cw_arena_reset(s->mem);
	cw_arena_reset(s->read);
	s->found.arena = s->read;
	read_text(s, s->events.v[s->at], s->mem);
	gather(s, &s->person[s->whose[s->at]], list, &about.findings);
	if (map_decide(&d, s->plan, &about, NOW, false, s->mem, &err) < 0)
		die("decide", err.text);
	s->member = s->cancer = false;
	for (size_t i = 0; i < d.rules.n; i++) {
		s->member |= cw_str_is(d.rules.item[i], "W1");
		s->cancer |= cw_str_is(d.rules.item[i], "W2");
	}
	s->at = (s->at + 1) % s->events.n;
}

static void
answer_all(void *ctx)
{
	struct side *s = ctx;

	for (size_t i = 0; i < s->events.n; i++)
		answer(s);
}

/* --- turn about --- */

static void
check(struct side *s, struct bench_peer *peer, struct cw_buf *line)
{
	fprintf(peer->to, "check %d\n", CHECKED);
	if (!bench_peer_line(peer, line) || line->n != 2 * (size_t)CHECKED)
		die("peer", "no answers");
	s->at = 0;
	for (size_t i = 0; i < CHECKED; i++) {
		answer(s);
		if (line->s[2 * i] - '0' != s->member || line->s[2 * i + 1] - '0' != s->cancer)
			die("the answers differ", s->events.v[i].s);
	}
	s->at = 0;
}

static bool
compare(
    struct side *s, const char *engine, int events, const char *name, const char *what, double bar)
{
	struct bench_peer peer;
	double them[PAIRS], us[PAIRS];
	struct bench_ratio r;
	struct cw_buf line;
	size_t rounds = bench_rounds(answer_all, s, 0.05);

	cw_buf_init(&line, 0);
	bench_peer_start(&peer, BENCH_DECIDE_PEER, engine);
	check(s, &peer, &line);
	for (int i = -2; i < PAIRS; i++) { /* the first two warm the peer up */
		double from;

		fprintf(peer.to, "%d\n", events);
		if (!bench_peer_line(&peer, &line))
			die(engine, "no answer");
		cw_buf_putc(&line, '\0');
		from = bench_cpu();
		for (size_t k = 0; k < rounds; k++)
			answer_all(s);
		if (i < 0)
			continue;
		us[i] = (bench_cpu() - from) / (double)rounds / (double)s->events.n;
		them[i] = strtod(line.s, NULL) * 1e-6;
	}
	bench_peer_stop(&peer);
	cw_buf_fini(&line);
	r = bench_ratio_of(them, us, PAIRS);
	printf("# %s: %.2f us an event here, %.1f us there\n", engine, r.subject * 1e6,
	    r.baseline * 1e6);
	return bench_line(name, what, r, bar, false);
}

static void
finish(struct side *s)
{
	for (size_t i = 0; i < s->people; i++)
		free(s->person[i].held);
	free(s->person);
	free(s->whose);
	bench_texts_free(&s->events);
	map_findings_fini(&s->found);
	cw_arena_free(s->keep);
	cw_arena_free(s->mem);
	cw_arena_free(s->read);
	map_plan_free(s->plan);
	map_terminology_free(s->terms);
	map_package_free(s->package);
}

int
main(void)
{
	struct side s = {
		.keep = cw_arena_new(0), .mem = cw_arena_new(0), .read = cw_arena_new(0)
	};
	const char *require = getenv("CORDWATCH_REQUIRE");
	bool good;

	map_findings_init(&s.found, s.keep);
	if (load(&s)) {
		good = compare(&s, "JSON.parse + Set (floor)", 10000, "P11-FLOOR",
		    "two-rules-times-faster-than-JSON.parse", 2);
		good &= compare(&s, "fhirpath, codes in JS Set", 500, "P11-SET",
		    "two-rules-times-faster-than-fhirpath.js-with-Set", 40);
		good &= compare(&s, "fhirpath, whole expression", 250, "P11-WHOLE",
		    "two-rules-times-faster-than-fhirpath.js", 100);
		good &= compare(&s, "cql-execution + cql-exec-fhir", 100, "P11-CQL",
		    "two-rules-times-faster-than-cql-execution", 350);
	} else {
		puts(
		    "P11 skipped: node or its packages are not there (NODE_PATH, CORDWATCH_PEERS)");
		good = require == NULL || strcmp(require, "1") != 0;
	}
	finish(&s);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
