/* engine_judge: what is kept of a patient -> his record -> a decision. */
#include "daemon/engine_internal.h"
#include "daemon/log.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_JOINED = 64 };
static const size_t PATIENT_MEMORY = (size_t)1 << 28;

/* All rows of all who are joined with one patient. */
struct gathered {
	int64_t patient[MOST_JOINED];
	size_t patients;
	struct map_row_back *row;
	int64_t *of; /* [row]: patient */
	size_t rows, cap;
	uint32_t realm; /* of the row before, and its name */
	struct cw_str base;
	bool cut; /* more are joined than are looked at */
};

/* ---- gather ---- */

static int
gather_patients(struct engine *e, struct gathered *g, int64_t patient, struct cw_err *err)
{
	int rc = store_links(e->o.store, patient, g->patient, &g->patients, MOST_JOINED, err);

	if (rc != CW_ELIMIT)
		return rc < 0 ? rc : CW_OK;
	*err = (struct cw_err){ 0 };
	g->cut = true;
	g->patient[0] = patient;
	g->patients = 1;
	return CW_OK;
}

static bool
there_already(const struct gathered *g, const struct map_name *name)
{
	for (size_t i = 0; i < g->rows; i++) {
		if (cw_str_eq(g->row[i].name.key, name->key) &&
		    cw_str_eq(g->row[i].name.base, name->base))
			return true;
	}
	return false;
}

static int
add_row(struct engine *e, struct gathered *g, const struct store_resource *r, int64_t patient,
    struct cw_err *err)
{
	struct map_row_back back = { .text = r->body,
		.full_url = r->full_url,
		.bundle = r->bundle,
		.received = r->received };
	int rc = CW_OK;

	if (g->base.s == NULL || g->realm != r->realm)
		rc = store_realm_name(e->o.store, r->realm, &g->base, e->arena, err);
	if (rc < 0)
		return rc;
	g->realm = r->realm;
	back.name.key = r->key;
	if (!cw_str_starts(g->base, CW_STR("feed:")))
		back.name.base = g->base;
	back.feed = cw_fmt(e->arena, "%u", r->feed);
	if (patient == 0 && there_already(g, &back.name))
		return CW_OK;
	if (g->rows == g->cap) {
		g->cap = g->cap * 2 + 32;
		g->row = cw_realloc(g->row, g->cap * sizeof(*g->row));
		g->of = cw_realloc(g->of, g->cap * sizeof(*g->of));
	}
	g->row[g->rows] = back;
	g->of[g->rows++] = patient;
	return CW_OK;
}

static int
gather_rows(struct engine *e, struct gathered *g, struct cw_err *err)
{
	int rc = CW_OK;

	for (size_t i = 0; rc >= 0 && i < g->patients; i++) {
		struct store_resource *own, *needed;
		size_t n = 0, m = 0;

		rc = store_resources(e->o.store, g->patient[i], &own, &n, e->arena, err);
		for (size_t k = 0; rc >= 0 && k < n; k++)
			rc = add_row(e, g, &own[k], g->patient[i], err);
		if (rc >= 0)
			rc = store_needed(e->o.store, g->patient[i], &needed, &m, e->arena, err);
		for (size_t k = 0; rc >= 0 && k < m; k++)
			rc = add_row(e, g, &needed[k], 0, err);
	}
	return rc < 0 ? rc : CW_OK;
}

/* Rows of one Bundle stand together; otherwise the order stays. */
static void
sort_rows(struct gathered *g)
{
	for (size_t i = 1; i < g->rows; i++) {
		struct map_row_back row = g->row[i];
		int64_t of = g->of[i];
		size_t k = i;

		for (; k > 0 && g->row[k - 1].bundle > row.bundle; k--) {
			g->row[k] = g->row[k - 1];
			g->of[k] = g->of[k - 1];
		}
		g->row[k] = row;
		g->of[k] = of;
	}
}

/* ---- decide ---- */

static int
undecided(
    struct engine *e, int64_t patient, int64_t now, const struct cw_err *why, struct cw_err *err)
{
	struct fhir_json_out o;
	struct cw_buf text;
	int rc;

	e->counts.undecided++;
	engine_meter(e, metrics_add, METRICS_RULES, METRICS_OF("all", "error"), 1);
	cw_buf_init(&text, 0);
	fhir_json_out_init(&o, &text, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "result", CW_STR("unknown"));
	fhir_json_out_key(&o, "patient");
	fhir_json_out_int(&o, patient);
	fhir_json_out_member(&o, "why", cw_str(why->text));
	fhir_json_out_object_end(&o);
	rc = store_audit(e->o.store, now, "undecided", (struct cw_str){ text.s, text.n }, err);
	if (rc >= 0)
		rc = notice_add(e, patient, 0, "undecided", cw_str(why->text), err);
	cw_buf_fini(&text);
	return rc < 0 ? rc : CW_OK;
}

static int
set_tick(struct engine *e, const struct engine_case *j, struct cw_err *err)
{
	int64_t at = j->d->told || j->d->unknown.n > 0 || j->c->notes > 0
			 ? map_look_again(&e->rules->look, j->c, j->now)
			 : MAP_NO_TIME;
	int64_t notice;
	int rc = notice_next(e, j, &notice, err);

	if (notice != MAP_NO_TIME && (at == MAP_NO_TIME || notice < at))
		at = notice;
	for (size_t i = 0; rc >= 0 && i < j->patients; i++)
		rc = store_tick_set(e->o.store, j->patient[i],
		    i == 0 && at != MAP_NO_TIME ? at : MAP_VERSION_NEVER, err);
	return rc < 0 ? rc : CW_OK;
}

/* All that follows from a decision. */
static int
follow_decision(struct engine *e, struct engine_case *j, struct cw_err *err)
{
	int rc = notice_watch(e, j, err);

	if (rc >= 0)
		rc = alert_apply(e, j, err);
	if (rc >= 0)
		rc = notice_apply(e, j, err);
	return rc < 0 ? rc : set_tick(e, j, err);
}

/* The name that the patient was first known by is that of his alerts. */
static int
name_decision(
    struct engine *e, struct map_decision *d, const struct engine_case *j, struct cw_err *err)
{
	uint32_t realm;
	struct cw_str key, base;
	int rc = store_patient_key(e->o.store, j->patient[0], &realm, &key, e->arena, err);

	if (rc >= 0)
		rc = store_realm_name(e->o.store, realm, &base, e->arena, err);
	if (rc >= 0)
		d->known_as = cw_fmt(e->arena, "%.*s %.*s", CW_ARG(base), CW_ARG(key));
	return rc;
}

static void
count_rules(struct engine *e, const struct map_decision *d)
{
	if (e->tally == NULL) {
		e->tally = cw_alloc(e->arena, (d->trace.rules + 1) * sizeof(*e->tally));
		e->n_tally = d->trace.rules;
	}
	for (size_t i = 0; i < e->n_tally; i++) {
		const struct map_trace_rule *r = &d->trace.rule[i];

		e->tally[i].label = r->label;
		e->tally[i].n[r->verdict] += r->looked;
	}
}

static void
tell_rules(struct engine *e)
{
	static const char *const result[] = { [MAP_VERDICT_FALSE] = "not_fired",
		[MAP_VERDICT_UNKNOWN] = "insufficient_data",
		[MAP_VERDICT_ANSWERED] = "suppressed",
		[MAP_VERDICT_LOWERED] = "suppressed",
		[MAP_VERDICT_HOLDS] = "fired" };

	for (size_t i = 0; i < e->n_tally; i++) {
		const struct engine_tally *t = &e->tally[i];
		const char *label = cw_fmt(e->arena, "%.*s", CW_ARG(t->label)).s;

		for (size_t v = 0; v < sizeof(result) / sizeof(result[0]); v++) {
			if (t->n[v] > 0)
				engine_meter(e, metrics_add, METRICS_RULES,
				    METRICS_OF(label, result[v]), t->n[v]);
		}
		if (t->n[MAP_VERDICT_UNKNOWN] > 0)
			log_say(LOG_RULE_UNKNOWN, &(struct log_fields){ .rule = label });
	}
}

static int
judge_case(
    struct engine *e, struct map_record *r, size_t i, struct engine_case *j, struct cw_err *err)
{
	struct cw_arena *arena = cw_arena_new(PATIENT_MEMORY);
	struct map_case c = { 0 };
	struct map_decision d;
	struct cw_err why = { 0 };
	int rc = map_record_patient(&c, r, i, j->now, arena, &why);

	if (rc >= 0)
		rc = map_decide(&d, e->rules->plan, &c, j->now, true, arena, &why);
	e->counts.decisions++;
	j->c = &c;
	j->d = &d;
	if (rc >= 0) {
		count_rules(e, &d);
		why = d.limit;
	}
	if (rc >= 0 && (why.code == 0 || d.tier >= MAP_TIER_URGENT)) {
		rc = name_decision(e, &d, j, err);
		if (rc >= 0)
			rc = follow_decision(e, j, err);
		if (rc < 0)
			goto out;
	}
	if (rc < 0 || why.code != 0)
		rc = undecided(e, j->patient[0], j->now, &why, err);
out:
	cw_arena_free(arena);
	return rc;
}

/* Those whose rows are of this case, ascending: the one known longest names it. Where there is but
 * one case, it is of those too who have nothing left, for they may have alerts. */
static void
patients_of_case(struct engine_case *j, int64_t *list, const struct gathered *g,
    const size_t *case_of, size_t cases, size_t i)
{
	j->patient = list;
	j->patients = 0;
	for (size_t p = 0; p < g->patients; p++) {
		if (cases == 1) {
			list[j->patients++] = g->patient[p];
			continue;
		}
		for (size_t row = 0; row < g->rows; row++) {
			if (case_of[row] != i || g->of[row] != g->patient[p])
				continue;
			list[j->patients++] = g->patient[p];
			break;
		}
	}
}

/* Nothing is left of him: a decision on nothing, so that his alerts follow. */
static int
judge_nothing(
    struct engine *e, const int64_t *patient, size_t n, struct engine_case *j, struct cw_err *err)
{
	struct map_case c = { 0 };
	struct map_decision d = { .now = j->now, .episode = MAP_NO_TIME };
	uint32_t realm;
	int rc;

	j->c = &c;
	j->d = &d;
	j->patient = patient;
	j->patients = n;
	rc = store_patient_key(e->o.store, j->patient[0], &realm, &d.patient, e->arena, err);
	return rc < 0 ? rc : follow_decision(e, j, err);
}

/* Of several who may be one: those of whom nothing is left, for they may have alerts. */
static int
judge_left(struct engine *e, const struct gathered *g, const size_t *case_of, struct engine_case *j,
    struct cw_err *err)
{
	int rc = CW_OK;

	for (size_t p = 0; rc >= 0 && p < g->patients; p++) {
		bool left = true;

		for (size_t row = 0; left && row < g->rows; row++)
			left = g->of[row] != g->patient[p] || case_of[row] == SIZE_MAX;
		if (left)
			rc = judge_nothing(e, &g->patient[p], 1, j, err);
	}
	return rc;
}

static int
judge_gathered(struct engine *e, struct gathered *g, struct engine_case *j, struct cw_err *err)
{
	size_t *case_of = cw_alloc(e->arena, (g->rows + 1) * sizeof(*case_of)), cases;
	struct map_record *r = map_record_new(e->rules->terms, NULL, NULL);
	int64_t list[MOST_JOINED];
	int rc = CW_OK;

	sort_rows(g);
	map_rows_give(r, g->row, g->rows, case_of);
	cases = map_record_patients(r);
	if (cases == 0)
		rc = judge_nothing(e, g->patient, g->patients, j, err);
	for (size_t i = 0; rc >= 0 && i < cases; i++) {
		patients_of_case(j, list, g, case_of, cases, i);
		if (j->patients > 0)
			rc = judge_case(e, r, i, j, err);
	}
	if (rc >= 0 && cases > 1)
		rc = judge_left(e, g, case_of, j, err);
	map_record_free(r);
	return rc < 0 ? rc : CW_OK;
}

/* Marked patients who are joined are decided together, once. */
static void
merge_marks(struct engine *e, const struct gathered *g, size_t i, struct engine_case *j)
{
	j->now = e->dirty[i].as_of;
	j->tick = e->dirty[i].tick;
	for (size_t k = i; k < e->n_dirty; k++) {
		for (size_t p = 0; p < g->patients; p++) {
			if (e->dirty[k].patient != g->patient[p])
				continue;
			if (e->dirty[k].as_of > j->now)
				j->now = e->dirty[k].as_of;
			j->tick = j->tick && e->dirty[k].tick;
			e->dirty[k].patient = 0;
			break;
		}
	}
}

static int
judge_one(struct engine *e, size_t i, struct cw_err *err)
{
	struct gathered g = { .patients = 0 };
	struct engine_case j = { .patients = 0 };
	int64_t patient = e->dirty[i].patient;
	int rc = gather_patients(e, &g, patient, err);

	if (rc >= 0)
		rc = gather_rows(e, &g, err);
	if (rc >= 0) {
		merge_marks(e, &g, i, &j);
		rc = judge_gathered(e, &g, &j, err);
	}
	if (rc >= 0 && g.cut)
		rc = notice_add(e, patient, 0, "joined",
		    CW_STR("more patients are joined than are looked at; judged alone"), err);
	free(g.row);
	free(g.of);
	return rc < 0 ? rc : CW_OK;
}

int
engine_judge(struct engine *e, struct cw_err *err)
{
	int rc = CW_OK;

	for (size_t i = 0; rc >= 0 && i < e->n_dirty; i++) {
		if (e->dirty[i].patient != 0)
			rc = judge_one(e, i, err);
	}
	tell_rules(e);
	return rc;
}
