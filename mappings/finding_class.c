/* A fact as a FHIRPath record: the elements of the logical model Finding. */
#include "fhir/time.h"
#include "mappings/fact.h"
#include "mappings/terminology.h"

#include <string.h>

/* How the value of an element is had. */
enum how {
	TEXT,  /* a string of the finding */
	FLAG,  /* a bool of the finding */
	TRUTH, /* an enum map_truth: unknown gives nothing, three-valued logic does the rest */
	SMALL, /* a uint8_t of the finding */
	TIME,  /* an instant of the finding */
	DERIVED_TIME, /* an instant of the fact */
	CODE,
	GROUP,
	ROLE,
	WEAK,
	VALUE,
	QUALIFIERS,
	CONCLUSIONS,
	TARGETS
};

#define AT(member) offsetof(struct map_finding, member)
#define FACT(member) offsetof(struct map_fact, member)

/* name, kind, may be many, how, where */
#define ELEMENTS(X)                                                                                \
	X("code", STRING, false, CODE, 0)                                                          \
	X("group", STRING, false, GROUP, 0)                                                        \
	X("grade", INTEGER, false, SMALL, AT(grade))                                               \
	X("role", STRING, false, ROLE, 0)                                                          \
	X("weak", BOOLEAN, false, WEAK, 0)                                                         \
	X("present", BOOLEAN, false, TRUTH, AT(present))                                           \
	X("dataAbsent", BOOLEAN, false, FLAG, AT(data_absent))                                     \
	X("high", BOOLEAN, false, TRUTH, AT(high))                                                 \
	X("value", QUANTITY, false, VALUE, 0)                                                      \
	X("qualifier", STRING, true, QUALIFIERS, 0)                                                \
	X("conclusion", STRING, true, CONCLUSIONS, 0)                                              \
	X("concluded", BOOLEAN, false, FLAG, AT(concluded))                                        \
	X("target", STRING, true, TARGETS, 0)                                                      \
	X("status", STRING, false, TEXT, AT(status))                                               \
	X("verification", STRING, false, TEXT, AT(verification))                                   \
	X("intent", STRING, false, TEXT, AT(intent))                                               \
	X("priority", STRING, false, TEXT, AT(priority))                                           \
	X("urgency", INTEGER, false, SMALL, AT(urgency))                                           \
	X("withdrawn", BOOLEAN, false, FLAG, AT(withdrawn))                                        \
	X("resolved", BOOLEAN, false, FLAG, AT(resolved))                                          \
	X("done", BOOLEAN, false, FLAG, AT(done))                                                  \
	X("otherSubject", BOOLEAN, false, FLAG, AT(other_subject))                                 \
	X("own", BOOLEAN, false, FLAG, AT(own))                                                    \
	X("dated", BOOLEAN, false, FLAG, AT(dated))                                                \
	X("imprecise", BOOLEAN, false, FLAG, AT(imprecise))                                        \
	X("when", DATETIME, false, TIME, AT(when))                                                 \
	X("whenLatest", DATETIME, false, TIME, AT(when_latest))                                    \
	X("ends", DATETIME, false, TIME, AT(ends))                                                 \
	X("abated", DATETIME, false, TIME, AT(abated))                                             \
	X("recorded", DATETIME, false, TIME, AT(recorded))                                         \
	X("recordedLatest", DATETIME, false, TIME, AT(recorded_latest))                            \
	X("received", DATETIME, false, TIME, AT(received))                                         \
	X("due", DATETIME, false, TIME, AT(due))                                                   \
	X("runStart", DATETIME, false, DERIVED_TIME, FACT(run_start))                              \
	X("previous", DATETIME, false, DERIVED_TIME, FACT(previous))                               \
	X("episode", DATETIME, false, DERIVED_TIME, FACT(episode))                                 \
	X("episodeEnd", DATETIME, false, DERIVED_TIME, FACT(episode_end))                          \
	X("episodePrevious", DATETIME, false, DERIVED_TIME, FACT(episode_previous))                \
	X("side", STRING, false, TEXT, AT(side))                                                   \
	X("site", STRING, false, TEXT, AT(site))                                                   \
	X("resource", STRING, false, TEXT, AT(resource))                                           \
	X("source", STRING, false, TEXT, AT(source))                                               \
	X("feed", STRING, false, TEXT, AT(feed))                                                   \
	X("text", STRING, false, TEXT, AT(display))

#define ELEMENT(n, k, m, how, at) { .name = (n), .kind = FHIR_ITEM_##k, .many = (m) },
static const struct fhir_class_element elements[] = { ELEMENTS(ELEMENT) };

#define ACCESS(n, k, m, how, at) { (how), (at) },
static const struct {
	enum how how;
	size_t at;
} access[] = { ELEMENTS(ACCESS) };

bool
map_fact_derived(struct cw_str element)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
		if (access[i].how == DERIVED_TIME && cw_str_is(element, elements[i].name))
			return true;
	}
	return false;
}

static bool
give_text(struct cw_str s, struct fhir_item *out)
{
	if (!s.s)
		return false;
	*out = fhir_item_string(s);
	return true;
}

static bool
give_flag(bool b, struct fhir_item *out)
{
	*out = fhir_item_boolean(b);
	return true;
}

static bool
give_time(const char *at, struct fhir_item *out)
{
	int64_t ms = *(const int64_t *)(const void *)at;

	if (ms == MAP_NO_TIME)
		return false;
	*out = fhir_item_instant(ms);
	return true;
}

static bool
give_concept(const struct map_concept *const *concept, size_t max, size_t i, struct fhir_item *out)
{
	return i < max && concept[i] && give_text(concept[i] -> code, out);
}

struct cw_str
map_role_name(enum map_role role)
{
	switch (role) {
	case MAP_ROLE_FINDING:
		return CW_STR("finding");
	case MAP_ROLE_QUESTION:
		return CW_STR("question");
	case MAP_ROLE_CONTEXT:
		return CW_STR("context");
	case MAP_ROLE_WEAK:
		return CW_STR("weak");
	case MAP_ROLE_QUALIFIER:
		return CW_STR("qualifier");
	case MAP_ROLE_SITE:
		return CW_STR("site");
	case MAP_ROLE_SIDE:
		return CW_STR("side");
	}
	return (struct cw_str){ 0 };
}

static bool
give_value(const struct map_finding *f, struct fhir_item *out)
{
	if (f->has_value)
		*out = fhir_item_quantity(&f->value);
	return f->has_value;
}

static bool
get(const void *record, size_t element, size_t i, struct fhir_item *out)
{
	const struct map_fact *fact = record;
	const struct map_finding *f = fact->finding;
	const char *at = (const char *)f + access[element].at;
	enum map_truth truth;

	switch (access[element].how) {
	case TEXT:
		return give_text(*(const struct cw_str *)(const void *)at, out);
	case FLAG:
		return give_flag(*(const bool *)at, out);
	case TRUTH:
		truth = *(const enum map_truth *)(const void *)at;
		return truth != MAP_UNKNOWN && give_flag(truth == MAP_TRUE, out);
	case SMALL:
		*out = fhir_item_integer(*(const uint8_t *)at);
		return true;
	case TIME:
		return give_time(at, out);
	case DERIVED_TIME:
		return give_time((const char *)fact + access[element].at, out);
	case CODE:
		return give_text(f->concept->code, out);
	case GROUP:
		return give_text(f->concept->group, out);
	case ROLE:
		return give_text(map_role_name(f->role), out);
	case WEAK:
		return give_flag(f->role == MAP_ROLE_WEAK, out);
	case VALUE:
		return give_value(f, out);
	case QUALIFIERS:
		return give_concept(f->qualifiers, MAP_QUALIFIERS, i, out);
	case CONCLUSIONS:
		return give_concept(f->conclusions, MAP_CONCLUSIONS, i, out);
	case TARGETS:
		return i < f->targets && give_text(f->target[i], out);
	}
	return false;
}

const struct fhir_class map_fact_class = {
	.name = "Finding",
	.element = elements,
	.count = sizeof(elements) / sizeof(elements[0]),
	.get = get,
};

/* ---- and back ---- */

struct reader {
	struct map_finding *f;
	const struct map_terminology *terms;
	struct cw_arena *arena;
};

static bool
read_number(uint8_t *out, struct cw_str text)
{
	unsigned n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] < '0' || text.s[i] > '9' || n > UINT8_MAX)
			return false;
		n = n * 10 + (unsigned)(text.s[i] - '0');
	}
	*out = (uint8_t)n;
	return text.n > 0 && n <= UINT8_MAX;
}

static bool
read_time(int64_t *out, struct cw_str text)
{
	struct fhir_time t;

	if (fhir_time_parse(FHIR_TIME_INSTANT, text, &t, NULL) < 0)
		return false;
	*out = fhir_time_interval(&t).from;
	return true;
}

static bool
read_role(enum map_role *out, struct cw_str text)
{
	for (int role = MAP_ROLE_FINDING; role <= MAP_ROLE_SIDE; role++) {
		*out = (enum map_role)role;
		if (cw_str_eq(map_role_name(*out), text))
			return true;
	}
	return false;
}

static bool
read_concept(
    const struct reader *r, const struct map_concept **list, size_t most, struct cw_str text)
{
	size_t i = 0;

	while (i < most && list[i] != NULL)
		i++;
	if (i == most)
		return false;
	list[i] = map_terminology_concept(r->terms, text);
	return list[i] != NULL;
}

/* One more at the end; they are few. */
static bool
read_target(const struct reader *r, struct cw_str text)
{
	struct cw_str *list = cw_alloc_raw(r->arena, (r->f->targets + 1) * sizeof(*list));

	if (list == NULL || text.s == NULL)
		return false;
	if (r->f->targets > 0)
		memcpy(list, r->f->target, r->f->targets * sizeof(*list));
	list[r->f->targets++] = text;
	r->f->target = list;
	return true;
}

static bool
set(const struct reader *r, size_t element, const struct fhir_node *node)
{
	struct map_finding *f = r->f;
	char *at = (char *)f + access[element].at;
	struct cw_str text = node->lexeme;
	bool yes = node->kind == FHIR_BOOLEAN && cw_str_is(text, "true");

	switch (access[element].how) {
	case TEXT:
		*(struct cw_str *)(void *)at = text;
		return text.s != NULL;
	case FLAG:
		*(bool *)at = yes;
		return node->kind == FHIR_BOOLEAN;
	case TRUTH:
		*(enum map_truth *)(void *)at = yes ? MAP_TRUE : MAP_FALSE;
		return node->kind == FHIR_BOOLEAN;
	case SMALL:
		return read_number((uint8_t *)at, text);
	case TIME:
		return read_time((int64_t *)(void *)at, text);
	case DERIVED_TIME:
	case GROUP:
	case WEAK:
		return true;
	case CODE:
		return read_concept(r, &f->concept, 1, text);
	case ROLE:
		return read_role(&f->role, text);
	case VALUE:
		f->has_value = fhir_quantity_read(node, &f->value, NULL) == 0;
		return f->has_value;
	case QUALIFIERS:
		return read_concept(r, f->qualifiers, MAP_QUALIFIERS, text);
	case CONCLUSIONS:
		return read_concept(r, f->conclusions, MAP_CONCLUSIONS, text);
	case TARGETS:
		return read_target(r, text);
	}
	return false;
}

static void
forget_times(struct map_finding *f)
{
	for (size_t e = 0; e < sizeof(elements) / sizeof(elements[0]); e++) {
		if (access[e].how == TIME)
			*(int64_t *)(void *)((char *)f + access[e].at) = MAP_NO_TIME;
	}
}

static size_t
element_of(struct cw_str name)
{
	size_t e = 0;

	while (e < sizeof(elements) / sizeof(elements[0]) && !cw_str_is(name, elements[e].name))
		e++;
	return e;
}

int
map_fact_read(struct map_finding *out, const struct fhir_node *object,
    const struct map_terminology *terms, struct cw_arena *arena, struct cw_err *err)
{
	struct reader r = { out, terms, arena };

	*out = (struct map_finding){ .present = MAP_UNKNOWN, .high = MAP_UNKNOWN };
	forget_times(out);
	for (const struct fhir_node *n = object->child; n != NULL; n = n->next) {
		size_t e = element_of(n->name);

		if (e < sizeof(elements) / sizeof(elements[0]) && !set(&r, e, n))
			return cw_fail(err, CW_EVALUE, "a finding's %s cannot be read: %.*s",
			    elements[e].name, CW_ARG(n->lexeme));
	}
	out->system = fhir_node_text(object, "system");
	out->code = fhir_node_text(object, "sourceCode");
	out->path = fhir_node_text(object, "element");
	out->version = fhir_node_text(object, "version");
	if (out->concept == NULL)
		return cw_fail(err, CW_EVALUE, "a finding without a concept");
	return cw_arena_full(arena) ? cw_fail(err, CW_ELIMIT, "out of room") : 0;
}
