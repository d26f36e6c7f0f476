/* The reader: one resource to its findings. What the types have in common is here. */
#include "mappings/finding_internal.h"

#include <stdlib.h>
#include <string.h>

enum { FINDINGS_PER_RESOURCE = 4096, DISPLAY_BYTES = 120 };

void
map_findings_init(struct map_findings *f, struct cw_arena *arena)
{
	*f = (struct map_findings){ .arena = arena };
}

void
map_findings_clear(struct map_findings *f)
{
	f->n = 0;
}

void
map_findings_fini(struct map_findings *f)
{
	free(f->item);
	f->item = NULL;
	f->n = f->cap = 0;
}

/* ---- what has to be said ---- */

static void
tell(struct map_reader *r, const struct map_remark *remark)
{
	char path[256];
	struct map_issue issue = { .kind = remark->kind,
		.node = remark->node,
		.path = fhir_node_path(remark->node, path, sizeof(path)),
		.text = remark->text,
		.whole = remark->whole };

	if (r->ctx->issue)
		r->ctx->issue(r->ctx->arg, &issue);
}

static bool
remember(struct map_reader *r, const struct map_remark *remark)
{
	size_t i;

	for (i = 0; i < r->remarks; i++)
		if (r->remark[i].node == remark->node && r->remark[i].kind == remark->kind)
			return false;
	if (r->remarks == MAP_REMARKS)
		return false;
	r->remark[r->remarks++] = *remark;
	return true;
}

/* Malformed content is told at once, and once for each element. Other reasons wait until it is
 * known that something clinical was there: a skipped blood pressure is nobody's business. */
void
map_remark(struct map_reader *r, enum map_issue_kind kind, const struct fhir_node *node,
    const char *text, bool whole)
{
	struct map_remark remark = { kind, node, text, whole, kind == MAP_ISSUE_MALFORMED };

	if (remember(r, &remark) && remark.told)
		tell(r, &remark);
}

/* As above, told at once whatever is found. */
void
map_say(struct map_reader *r, enum map_issue_kind kind, const struct fhir_node *node,
    const char *text, bool whole)
{
	struct map_remark remark = { kind, node, text, whole, true };

	if (remember(r, &remark))
		tell(r, &remark);
}

void
map_tell_waiting(struct map_reader *r)
{
	size_t i;

	for (i = 0; i < r->remarks; i++)
		if (!r->remark[i].told)
			tell(r, &r->remark[i]);
}

/* A copy for the finding; absent for nothing. */
struct cw_str
map_keep(struct map_reader *r, struct cw_str s)
{
	if (!s.n)
		return (struct cw_str){ 0 };
	return cw_str_dup(r->out->arena, s);
}

/* At most so many bytes, cut between characters. */
static struct cw_str
cut(struct cw_str s, size_t max)
{
	if (s.n <= max)
		return s;
	s.n = max;
	while (s.n && ((unsigned char)s.s[s.n] & 0xC0) == 0x80)
		s.n--;
	return s;
}

/* ---- findings ---- */

/* Copy what all findings of the resource share, once there is one. */
static void
keep_base(struct map_reader *r)
{
	struct map_finding *b = &r->base;
	struct cw_str id = fhir_node_text(r->res, "id"), *kept;
	size_t i;

	b->source = map_keep(r, r->ctx->source);
	if (!b->source.s && id.n)
		b->source = cw_fmt(r->out->arena, "%.*s/%.*s", CW_ARG(r->type->name), CW_ARG(id));
	if (!b->source.s)
		b->source = b->resource;
	b->version = map_keep(r, fhir_node_text(fhir_node_get(r->res, "meta"), "versionId"));
	b->feed = map_keep(r, r->ctx->feed);
	b->intent = map_keep(r, b->intent);
	kept = r->targets ? cw_alloc(r->out->arena, r->targets * sizeof(*kept)) : NULL;
	for (i = 0; kept && i < r->targets; i++)
		kept[i] = map_keep(r, r->target[i]);
	b->target = kept;
	b->targets = kept ? r->targets : 0;
}

static struct map_finding *
push(struct map_reader *r)
{
	struct map_findings *out = r->out;

	if (out->n == r->first)
		keep_base(r);
	if (out->n - r->first == FINDINGS_PER_RESOURCE) {
		map_remark(r, MAP_ISSUE_UNREAD, r->res,
		    "more findings in one resource than are read", false);
		return NULL;
	}
	if (out->n == out->cap) {
		out->cap = out->cap ? out->cap * 2 : 16;
		out->item = cw_realloc(out->item, out->cap * sizeof(out->item[0]));
	}
	out->item[out->n] = r->base;
	return &out->item[out->n++];
}

static void
emit_at(struct map_reader *r, const struct map_hit *hit, enum map_truth present,
    const struct fhir_node *at, struct cw_str site)
{
	struct map_finding *f = push(r);
	struct cw_str side = map_side(&r->sites);
	char path[256];

	if (!f)
		return;
	f->concept = hit->concept;
	f->role = hit->role;
	f->grade = hit->grade;
	f->present = hit->strange || (hit->unsure && present == MAP_TRUE) ? MAP_UNKNOWN : present;
	f->site = map_keep(r, site.n ? site : hit->site);
	f->side = map_keep(r, side.n ? side : hit->side);
	f->path = map_keep(r, cw_str(fhir_node_path(at, path, sizeof(path))));
	f->system = map_keep(r, hit->system);
	f->code = map_keep(r, hit->code);
	f->display = map_keep(r, cut(fhir_node_text(hit->coding, "display"), DISPLAY_BYTES));
}

/* One finding, or one for each site where the mapping holds. */
void
map_emit(struct map_reader *r, const struct map_hit *hit, enum map_truth present,
    const struct fhir_node *at)
{
	const struct map_sites *s = &r->sites;
	size_t before = r->out->n, i;

	for (i = 0; i < s->n; i++)
		if (!hit->needs_site.n || map_site_among(s->site[i], hit->needs_site))
			emit_at(r, hit, present, at, s->site[i]);
	if (r->out->n == before)
		emit_at(r, hit, present, at, (struct cw_str){ 0 });
}

/* A code that speaks of what is coded beside it: [from, to) of the findings, or the resource's own
 * when that is empty. */
void
map_note_qualifier(struct map_reader *r, const struct map_hit *hit, enum map_truth present,
    const struct fhir_node *at)
{
	if (r->qualifiers == MAP_QUALIFIERS) {
		map_remark(r, MAP_ISSUE_UNREAD, at, "more qualifiers than are read", false);
		return;
	}
	r->qualifier[r->qualifiers++] = (struct map_qualifier){
		.hit = *hit, .node = at, .present = hit->strange ? MAP_UNKNOWN : present
	};
}

/* Findings of a code that needs no answer. Two statements in one element that contradict each other
 * (a finding and its precoordinated negative) leave it open. */
void
map_emit_hits(struct map_reader *r, const struct map_hits *hits, const struct fhir_node *at)
{
	size_t start = r->out->n, i;
	const struct map_hit *hit;
	enum map_truth present;

	for (i = 0; i < hits->n; i++) {
		hit = &hits->item[i];
		present = MAP_TRUE;
		if (hit->role == MAP_ROLE_SITE || hit->role == MAP_ROLE_SIDE)
			continue;
		if (hit->role == MAP_ROLE_QUALIFIER) {
			map_note_qualifier(r, hit, MAP_TRUE, at);
			continue;
		}
		if (hit->role == MAP_ROLE_QUESTION)
			present = MAP_UNKNOWN; /* nobody answered */
		if (hits->doubt ||
		    (hits->negated && !map_concept_is(hit->concept, MAP_CONCEPT_NEGATED)))
			present = MAP_UNKNOWN;
		map_emit(r, hit, present, at);
	}
	if (hits->family)
		for (i = start; i < r->out->n; i++)
			r->out->item[i].other_subject = true;
}

/* ---- one resource ---- */

static void
attach(struct map_finding *f, const struct map_concept *concept)
{
	size_t i;

	for (i = 0; i < MAP_QUALIFIERS; i++) {
		if (f->qualifiers[i] == concept)
			return;
		if (!f->qualifiers[i]) {
			f->qualifiers[i] = concept;
			return;
		}
	}
}

/* Qualifiers go to the findings of this resource; one that has none, or that points somewhere, is a
 * finding of its own with targets. */
static void
attach_qualifiers(struct map_reader *r)
{
	const struct map_qualifier *q;
	size_t end = r->out->n, i, k;

	for (i = 0; i < r->qualifiers; i++) {
		q = &r->qualifier[i];
		if (q->present == MAP_TRUE && !r->doubt)
			for (k = r->first; k < end; k++)
				attach(&r->out->item[k], q->hit.concept);
		if (end == r->first || r->targets)
			map_emit(r, &q->hit, q->present, q->node);
	}
}

/* What holds for the whole resource, whatever its parts said. */
static void
overrule(struct map_reader *r)
{
	struct map_finding *f;
	size_t i;

	for (i = r->first; i < r->out->n; i++) {
		f = &r->out->item[i];
		if (r->denied)
			f->present = MAP_FALSE;
		if (r->doubt)
			f->present = MAP_UNKNOWN;
	}
}

/* The findings of a resource that is of nobody, of something else than a patient, or of the time to
 * come are not taken. */
static void
withhold(struct map_reader *r)
{
	bool drop = r->parked || map_subject_foreign(r);

	if (r->parked)
		map_remark(r, MAP_ISSUE_PARKED, r->res, "lies more than 24 hours ahead", true);
	if (r->out->n > r->first)
		map_tell_waiting(r);
	if (drop)
		r->out->n = r->first;
}

static void
read_base(struct map_reader *r)
{
	r->base.resource = r->type->name;
	r->base.high = MAP_UNKNOWN;
	r->base.withdrawn = r->ctx->deleted;
	map_read_modifiers(r);
	map_read_status(r);
	map_read_times(r);
	map_read_sites(r);
}

/* What a contained resource says is not taken for evidence, for nothing tells its versions apart;
 * where it would be some, that is said. */
static void
tell_contained(struct map_reader *r)
{
	const struct fhir_node *c = map_object(fhir_node_get(r->res, "contained"));
	struct map_read_context quiet = *r->ctx;
	struct cw_arena *arena = c == NULL ? NULL : cw_arena_new(0);

	quiet.issue = NULL;
	for (; c != NULL; c = map_object(fhir_node_again(c))) {
		struct map_findings would;
		struct map_reader q = { .out = &would, .ctx = &quiet, .res = c };

		q.type = map_type_find(fhir_node_resource_type(c));
		if (q.type == NULL)
			continue;
		map_findings_init(&would, arena);
		map_check_shape(&q);
		read_base(&q);
		q.type->read(&q);
		if (would.n > 0)
			map_say(r, MAP_ISSUE_UNREAD, c, "a contained resource is not read", false);
		map_findings_fini(&would);
	}
	cw_arena_free(arena);
}

int
map_findings_read(struct map_findings *out, const struct fhir_node *resource,
    const struct map_read_context *ctx, struct cw_err *err)
{
	struct map_reader r = { .out = out, .ctx = ctx, .res = resource, .first = out->n };

	r.type = map_type_find(fhir_node_resource_type(resource));
	if (!r.type)
		return MAP_READ_OTHER;
	map_check_shape(&r);
	read_base(&r);
	r.type->read(&r);
	map_read_profile(&r);
	tell_contained(&r);
	overrule(&r);
	attach_qualifiers(&r);
	withhold(&r);
	if (cw_arena_full(out->arena)) {
		out->n = r.first;
		return cw_fail(err, CW_ELIMIT, "too many findings to keep");
	}
	return 0;
}
