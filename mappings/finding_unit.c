/* A code with its answer: what an Observation, a component or a questionnaire item says. */
#include "mappings/finding_internal.h"

/* Does a code that is itself a finding hold, given the answer beside it? (criteria S2, 11 (26)) */
static enum map_truth
stated(const struct map_hit *hit, const struct map_unit *u)
{
	const struct map_answer *a = &u->answer;

	if (!a->there) {
		if (a->absent || a->negative || a->normal)
			return MAP_FALSE;
		return u->quiet && !a->positive ? MAP_UNKNOWN : MAP_TRUE;
	}
	if (a->said == MAP_FALSE || a->hits.negated)
		return MAP_FALSE;
	if (a->said == MAP_TRUE || map_answer_evident(a))
		return a->negative || a->normal ? MAP_UNKNOWN : MAP_TRUE;
	if (a->numeric)
		return map_answer_measured(a, hit->present);
	if (a->negative || a->normal)
		return MAP_FALSE;
	return a->positive || a->abnormal ? MAP_TRUE : MAP_UNKNOWN;
}

/* Does the finding that a question asks for hold? Without an answer nobody knows. */
static enum map_truth
answered(const struct map_hit *hit, const struct map_unit *u)
{
	const struct map_answer *a = &u->answer;
	size_t i;

	if (a->absent && !a->there)
		return MAP_FALSE;
	if (a->there && a->said != MAP_UNKNOWN)
		return a->said;
	if (a->numeric)
		return map_answer_measured(a, hit->present);
	if (a->there && a->hits.negated)
		return MAP_FALSE;
	for (i = 0; i < a->hits.n; i++)
		if (a->hits.item[i].concept == hit->concept)
			return MAP_TRUE;
	if (a->negative || a->normal)
		return MAP_FALSE;
	return map_answer_flagged(a, hit->present);
}

/* May it not be taken as it stands? */
static bool
doubtful(const struct map_unit *u)
{
	return u->doubt || u->answer.strange;
}

/* Where a hit stands: the component or item; of the resource itself, the element that is coded. */
static const struct fhir_node *
place(const struct map_reader *r, const struct map_unit *u, const struct map_hit *hit)
{
	return u->node == r->res && hit->coding ? hit->coding->parent : u->node;
}

static void
emit_asked(struct map_reader *r, const struct map_unit *u)
{
	const struct map_hit *hit;
	enum map_truth present;
	size_t i;

	for (i = 0; i < u->asked.n; i++) {
		hit = &u->asked.item[i];
		if (hit->role == MAP_ROLE_SITE || hit->role == MAP_ROLE_SIDE)
			continue;
		present = hit->role == MAP_ROLE_QUESTION ? answered(hit, u) : stated(hit, u);
		if (u->asked.doubt ||
		    (u->asked.negated && !map_concept_is(hit->concept, MAP_CONCEPT_NEGATED)))
			present = MAP_UNKNOWN;
		if (hit->role == MAP_ROLE_QUALIFIER)
			map_note_qualifier(
			    r, hit, doubtful(u) ? MAP_UNKNOWN : present, place(r, u, hit));
		else
			map_emit(r, hit, present, place(r, u, hit));
	}
}

/* The finding among [start, now) of that concept, or NULL. */
static bool
raise(struct map_reader *r, size_t start, const struct map_hit *hit, enum map_truth present)
{
	struct map_finding *f;
	bool any = false;
	size_t i;

	for (i = start; i < r->out->n; i++) {
		f = &r->out->item[i];
		if (f->concept != hit->concept)
			continue;
		any = true;
		if (present == MAP_TRUE && f->present == MAP_TRUE && hit->grade > f->grade)
			f->grade = hit->grade;
	}
	return any;
}

/* A finding and its precoordinated negative in one value contradict each other. */
static enum map_truth
beside(const struct map_answer *a, const struct map_hit *hit, enum map_truth present)
{
	bool itself = map_concept_is(hit->concept, MAP_CONCEPT_NEGATED);

	return a->hits.negated && !itself && present == MAP_TRUE ? MAP_UNKNOWN : present;
}

/* A finding in the value is evidence whatever was asked, unless the question is negated (11 (25)).
 */
static void
emit_values(struct map_reader *r, const struct map_unit *u, size_t start)
{
	const struct map_answer *a = &u->answer;
	enum map_truth present = MAP_TRUE;
	const struct map_hit *hit;
	size_t i;

	if (a->negative || a->normal || a->said == MAP_FALSE)
		present = MAP_UNKNOWN;
	if (u->asked.negated)
		present = MAP_FALSE;
	for (i = 0; i < a->hits.n; i++) {
		hit = &a->hits.item[i];
		switch (hit->role) {
		case MAP_ROLE_QUALIFIER:
			map_note_qualifier(
			    r, hit, doubtful(u) ? MAP_UNKNOWN : present, place(r, u, hit));
			break;
		case MAP_ROLE_FINDING:
		case MAP_ROLE_WEAK:
		case MAP_ROLE_CONTEXT:
			if (!raise(r, start, hit, present))
				map_emit(r, hit, beside(a, hit, present), place(r, u, hit));
			break;
		case MAP_ROLE_QUESTION:
		case MAP_ROLE_SITE:
		case MAP_ROLE_SIDE:
			break;
		}
	}
}

void
map_emit_unit(struct map_reader *r, const struct map_unit *u)
{
	bool other = u->other || u->asked.family || u->answer.hits.family;
	size_t start = r->out->n, i;
	struct map_finding *f;

	emit_asked(r, u);
	emit_values(r, u, start);
	for (i = start; i < r->out->n; i++) {
		f = &r->out->item[i];
		f->other_subject |= other;
		f->data_absent = u->answer.absent && !u->answer.there;
		f->has_value = u->answer.exact;
		if (u->answer.exact) {
			f->value = u->answer.low;
			f->value.unit = map_keep(r, f->value.unit);
		}
		f->high = map_answer_high(&u->answer);
		if (doubtful(u))
			f->present = MAP_UNKNOWN;
	}
}
