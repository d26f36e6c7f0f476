#include "fhir/json.h"
#include "mappings/record_internal.h"

#include <stdlib.h>
#include <string.h>

/* Reading one patient. */
struct reading {
	struct map_record *r;
	struct map_person *who;
	const struct map_kept *k; /* being read */
	int64_t now;
	struct cw_arena *arena;
	struct map_findings findings;
	struct map_note *note;
	size_t notes, room;
};

static struct map_slot *
slot_by_key(const struct map_record *r, struct cw_str key)
{
	struct map_slot *slot = cw_map_get(r->slots, key);

	return slot == NULL || slot->same == NULL ? slot : slot->same;
}

/* By type and id: with the base of the one who refers, else with the only one, else with none. */
static struct map_slot *
slot_by_id(struct map_record *r, const struct fhir_reference *ref, uint32_t base)
{
	struct map_slot *slot =
	    slot_by_key(r, map_record_key(r, ref->type, ref->id, base, r->settle));

	if (slot == NULL && r->bases == 1)
		slot = slot_by_key(
		    r, map_record_key(r, ref->type, ref->id, base == 0 ? 1 : 0, r->settle));
	return slot;
}

struct map_slot *
map_record_find(struct map_record *r, const struct map_kept *from, struct cw_str reference)
{
	struct fhir_reference ref;
	struct cw_str key;
	const char *bar;
	uint32_t base;

	if (reference.n == 0)
		return NULL;
	bar = memchr(reference.s, '|', reference.n);
	if (bar != NULL) /* a canonical with its version */
		reference.n = (size_t)(bar - reference.s);
	key = map_record_alias(r, from->bundle, reference);
	if (key.s != NULL)
		return slot_by_key(r, key);
	fhir_reference_parse(&ref, reference);
	switch (ref.kind) {
	case FHIR_REFERENCE_RELATIVE:
		return slot_by_id(r, &ref, from->base);
	case FHIR_REFERENCE_ABSOLUTE:
		base = map_record_base_known(r, ref.base);
		return base == MAP_BASE_UNKNOWN ? NULL : slot_by_id(r, &ref, base);
	case FHIR_REFERENCE_URI:
	case FHIR_REFERENCE_NONE:
	case FHIR_REFERENCE_CONTAINED:
	case FHIR_REFERENCE_SEARCH:
		break;
	}
	return NULL;
}

static const struct fhir_node *
resolve(void *arg, const struct fhir_node *resource, struct cw_str reference)
{
	struct reading *me = arg;
	const struct map_slot *slot = map_record_find(me->r, me->k, reference);

	(void)resource;
	return slot == NULL || slot->winner == NULL ? NULL
						    : map_record_tree(slot->winner, me->r->scratch);
}

static struct cw_str
source_of(void *arg, const struct fhir_node *resource, struct cw_str reference)
{
	struct reading *me = arg;
	const struct map_slot *slot = map_record_find(me->r, me->k, reference);
	struct fhir_reference ref;

	(void)resource;
	if (slot != NULL && slot->winner != NULL)
		return cw_str_dup(me->arena, slot->winner->source);
	fhir_reference_parse(&ref, reference);
	if (ref.kind == FHIR_REFERENCE_RELATIVE || ref.kind == FHIR_REFERENCE_ABSOLUTE)
		return cw_fmt(me->arena, "%.*s/%.*s", CW_ARG(ref.type), CW_ARG(ref.id));
	return cw_str_dup(me->arena, reference);
}

/* Does the reference mean the patient whose record is being read? */
static bool
is_patient(void *arg, const struct fhir_node *resource, struct cw_str reference)
{
	struct reading *me = arg;
	struct map_who who = { WHO_REFERENCE, reference };
	struct map_person *p;
	struct fhir_reference ref;

	(void)resource;
	fhir_reference_parse(&ref, reference);
	if (ref.kind == FHIR_REFERENCE_NONE || ref.kind == FHIR_REFERENCE_SEARCH ||
	    (ref.type.s != NULL && !cw_str_is(ref.type, "Patient")))
		return false;
	if (ref.kind == FHIR_REFERENCE_CONTAINED)
		return me->k->subject.kind == WHO_CONTAINED &&
		       cw_str_eq(me->k->subject.text, reference);
	p = map_record_person(me->r, me->k, &who);
	return p != NULL && map_person_root(p) == me->who;
}

static size_t
lines(const char *from, size_t n)
{
	size_t count = 0;
	const char *p, *end = from + n;

	while ((p = memchr(from, '\n', (size_t)(end - from))) != NULL) {
		count++;
		from = p + 1;
	}
	return count;
}

static void
issue(void *arg, const struct map_issue *issue)
{
	struct reading *me = arg;
	const struct map_kept *k = me->k;
	const char *rest = issue->path == NULL ? NULL : strchr(issue->path, '.');
	struct map_note *n;

	if (me->notes == me->room) {
		me->room = me->room == 0 ? 8 : me->room * 2;
		me->note = cw_realloc(me->note, me->room * sizeof(*me->note));
	}
	n = &me->note[me->notes++];
	*n = (struct map_note){ .kind = issue->kind, .whole = issue->whole, .line = k->line };
	n->file = k->from->file;
	n->source = cw_str_dup(me->arena, k->source);
	n->path = cw_fmt(me->arena, "%.*s%s", CW_ARG(k->path), rest == NULL ? "" : rest);
	n->text = cw_str_dup(me->arena, cw_str(issue->text));
	if (!k->slim && issue->node != NULL && issue->node->offset <= k->text.n)
		n->line += lines(k->text.s, issue->node->offset);
	if (me->r->note != NULL)
		me->r->note(me->r->arg, n);
}

static struct map_read_context
context(struct reading *me)
{
	const struct map_kept *k = me->k;

	return (struct map_read_context){
		.terms = me->r->terms,
		.now = me->now,
		.received = k->from->received == MAP_NO_TIME ? me->now : k->from->received,
		.feed = k->from->feed,
		.source = k->source,
		.resolve = resolve,
		.source_of = source_of,
		.is_patient = is_patient,
		.issue = issue,
		.arg = me,
	};
}

static int
read_kept(struct reading *me, const struct map_kept *k, struct cw_err *err)
{
	const struct fhir_node *tree;
	struct map_read_context ctx;
	int rc;

	me->k = k;
	ctx = context(me);
	cw_arena_reset(me->r->scratch);
	tree = map_record_tree(k, me->r->scratch);
	if (tree == NULL)
		return cw_fail(err, CW_ELIMIT, "a resource needs more memory than allowed");
	rc = map_findings_read(&me->findings, tree, &ctx, err);
	return rc < 0 ? rc : CW_OK;
}

/* ---- Patient resources of one patient ---- */

static bool
has_tag(const struct map_patient *all, const struct map_patient_tag *tag)
{
	for (size_t i = 0; i < all->tags; i++) {
		if (cw_str_eq(all->tag[i].system, tag->system) &&
		    cw_str_eq(all->tag[i].code, tag->code))
			return true;
	}
	return false;
}

static void
add_tags(struct map_patient *all, const struct map_patient *one, struct cw_arena *arena)
{
	for (size_t i = 0; i < one->tags; i++) {
		struct map_patient_tag *tag;

		if (has_tag(all, &one->tag[i]))
			continue;
		tag = cw_alloc(arena, (all->tags + 1) * sizeof(*tag));
		if (tag == NULL)
			return;
		if (all->tags > 0)
			memcpy(tag, all->tag, all->tags * sizeof(*tag));
		tag[all->tags++] = one->tag[i];
		all->tag = tag;
	}
}

/* A duplicate that was replaced is inactive because of that, not because the patient is. */
static void
merge(struct map_patient *all, const struct map_patient *one, bool first, bool counts, bool *active,
    struct cw_arena *arena)
{
	if (first) {
		*all = *one;
		all->inactive = false;
	} else {
		all->deceased = all->deceased || one->deceased;
		all->uncertain = all->uncertain || one->uncertain;
		if (one->deceased_at != MAP_NO_TIME &&
		    (all->deceased_at == MAP_NO_TIME || one->deceased_at < all->deceased_at))
			all->deceased_at = one->deceased_at;
		add_tags(all, one, arena);
	}
	if (counts && one->inactive)
		all->inactive = true;
	if (counts && !one->inactive)
		*active = true;
}

/* The one whose name is printed goes first, the others in the order of their names. */
static int
by_rank(const void *a, const void *b)
{
	const struct map_person *p = *(const struct map_person *const *)a;
	const struct map_person *q = *(const struct map_person *const *)b;

	if (p->rank != q->rank)
		return p->rank > q->rank ? 1 : -1;
	return cw_str_cmp(p->key, q->key);
}

static int
read_one(
    struct reading *me, const struct map_person *p, struct map_patient *one, struct cw_err *err)
{
	struct map_read_context ctx;
	const struct fhir_node *tree;

	me->k = p->self;
	ctx = context(me);
	cw_arena_reset(me->r->scratch);
	tree = map_record_tree(p->self, me->r->scratch);
	if (tree == NULL)
		return cw_fail(err, CW_ELIMIT, "a resource needs more memory than allowed");
	return map_patient_read(one, tree, &ctx, me->arena, err);
}

static int
read_about(struct reading *me, struct map_case *out, struct cw_err *err)
{
	struct map_person *p, **all;
	bool active = false;
	size_t n = 0;
	int rc = CW_OK;

	out->about.deceased_at = out->about.updated = MAP_NO_TIME;
	for (p = me->who->members; p != NULL; p = p->next)
		n += p->self != NULL;
	all = cw_calloc(n, sizeof(*all));
	n = 0;
	for (p = me->who->members; p != NULL; p = p->next) {
		if (p->self != NULL)
			all[n++] = p;
	}
	if (n > 0)
		qsort(all, n, sizeof(struct map_person *), by_rank);
	for (size_t i = 0; i < n && rc >= 0; i++) {
		struct map_patient one = { 0 };

		rc = read_one(me, all[i], &one, err);
		merge(&out->about, &one, i == 0, !all[i]->replaced, &active, me->arena);
	}
	free(all);
	out->known = n > 0;
	out->about.inactive = out->about.inactive && !active;
	return rc;
}

/* ---- the whole ---- */

static int
by_time(const void *a, const void *b)
{
	const struct map_finding *f = *(const struct map_finding *const *)a;
	const struct map_finding *g = *(const struct map_finding *const *)b;
	int c = (f->when > g->when) - (f->when < g->when);

	if (c == 0)
		c = cw_str_cmp(f->source, g->source);
	if (c == 0)
		c = cw_str_cmp(f->path, g->path);
	return c != 0 ? c : (f > g) - (f < g);
}

static int
by_place(const void *a, const void *b)
{
	const struct map_kept *k = *(const struct map_kept *const *)a;
	const struct map_kept *l = *(const struct map_kept *const *)b;

	return (k->seq > l->seq) - (k->seq < l->seq);
}

/* Read in the order of the data, so that what is told comes in that order. */
static int
read_all(struct reading *me, struct cw_err *err)
{
	const struct map_kept **all, *k;
	size_t n = 0;
	int rc = CW_OK;

	for (k = me->who->kept; k != NULL; k = k->next)
		n++;
	all = cw_calloc(n, sizeof(*all));
	n = 0;
	for (k = me->who->kept; k != NULL; k = k->next)
		all[n++] = k;
	qsort(all, n, sizeof(*all), by_place);
	for (size_t i = 0; i < n && rc == CW_OK; i++)
		rc = read_kept(me, all[i], err);
	free(all);
	return rc;
}

static int
hand_over(struct reading *me, struct map_case *out, struct cw_err *err)
{
	size_t n = me->findings.n;
	struct map_finding *item = cw_alloc(me->arena, n * sizeof(*item));
	const struct map_finding **list = cw_alloc(me->arena, n * sizeof(*list));
	struct map_note *notes = cw_alloc(me->arena, me->notes * sizeof(*notes));

	if (item == NULL || list == NULL || notes == NULL || cw_arena_full(me->arena))
		return cw_fail(
		    err, CW_ELIMIT, "the patient's record needs more memory than allowed");
	for (size_t i = 0; i < n; i++) {
		item[i] = me->findings.item[i];
		list[i] = &item[i];
	}
	if (n > 0)
		qsort(list, n, sizeof(*list), by_time);
	if (me->notes > 0)
		memcpy(notes, me->note, me->notes * sizeof(*notes));
	out->finding = list;
	out->findings = n;
	out->note = notes;
	out->notes = me->notes;
	return CW_OK;
}

int
map_record_patient(struct map_case *out, struct map_record *r, size_t i, int64_t now,
    struct cw_arena *arena, struct cw_err *err)
{
	struct reading me = { .r = r, .now = now, .arena = arena };
	int rc;

	if (!r->settled)
		map_record_settle(r);
	*out = (struct map_case){ 0 };
	me.who = r->cases[i];
	map_findings_init(&me.findings, arena);
	rc = read_about(&me, out, err);
	if (rc >= 0)
		rc = read_all(&me, err);
	if (rc >= 0)
		rc = hand_over(&me, out, err);
	out->patient = cw_str_dup(arena, me.who->best->name);
	map_findings_fini(&me.findings);
	free(me.note);
	return rc;
}
