/* notice: what a person is to be told beside orders. */
#include "daemon/alert.h"

#include <string.h>

int
notice_add(struct engine *e, int64_t patient, int64_t alert, const char *kind, struct cw_str text,
    struct cw_err *err)
{
	struct store_notice n = { .at = loop_now(e->o.loop),
		.patient = patient,
		.alert = alert,
		.kind = cw_str(kind),
		.text = text };

	e->counts.notices++;
	log_say(LOG_NOTICE_GIVEN, &(struct log_fields){ .alert = alert, .word = kind });
	return store_notice_add(e->o.store, &n, err);
}

int
notice_once(struct engine *e, const struct store_alert *a, const char *kind, struct cw_str text,
    struct cw_err *err)
{
	struct store_watch *watch, told = { .patient = a->patient,
		.rule = cw_fmt(e->arena, "%s:%lld", kind, (long long)a->id),
		.since = loop_now(e->o.loop),
		.told = 1 };
	size_t n = 0;
	int rc = store_watches(e->o.store, a->patient, &watch, &n, e->arena, err);

	for (size_t i = 0; rc >= 0 && i < n; i++) {
		if (cw_str_eq(watch[i].rule, told.rule))
			return CW_OK;
	}
	if (rc >= 0)
		rc = store_watch_put(e->o.store, &told, err);
	return rc < 0 ? rc : notice_add(e, a->patient, a->id, kind, text, err);
}

/* ---- what holds ---- */

/* "kind:alert" is no action: ids of FHIR have no colon. */
static bool
is_action(const struct store_watch *w)
{
	return memchr(w->rule.s, ':', w->rule.n) == NULL;
}

static const struct map_holding *
holding_of(const struct map_decision *d, struct cw_str id)
{
	for (size_t i = 0; i < d->holdings; i++) {
		if (cw_str_eq(d->holding[i].id, id))
			return &d->holding[i];
	}
	return NULL;
}

/* Words are given for what is live alone; what is in shadow keeps them. */
static int
give_words(struct engine *e, const struct engine_case *j, const struct map_holding *h,
    struct store_watch *w, struct cw_err *err)
{
	int rc = CW_OK;

	if (alert_in_shadow(e->rules->conf, h->label))
		return CW_OK;
	for (size_t i = 0; rc >= 0 && i < h->words; i++) {
		const struct map_word *word = &h->word[i];

		if ((w->told >> word->bit & 1) != 0 || j->now - w->since < word->after)
			continue;
		w->told |= UINT32_C(1) << word->bit;
		rc = notice_add(
		    e, w->patient, 0, cw_str_dup(e->arena, word->kind).s, word->text, err);
	}
	return rc;
}

/* What is remembered of one of the patients. */
struct watched {
	struct store_watch *row;
	size_t n;
};

/* The rows of those who were joined with him later go over to him; the earliest holds. */
static bool
find_rows(struct store_watch *w, const struct engine_case *j, const struct watched *all,
    const struct map_holding *h)
{
	bool found = false;

	*w = (struct store_watch){ .patient = j->patient[0], .rule = h->id, .since = j->now };
	for (size_t p = 0; p < j->patients; p++) {
		for (size_t i = 0; i < all[p].n; i++) {
			const struct store_watch *row = &all[p].row[i];

			if (!cw_str_eq(row->rule, h->id))
				continue;
			w->since = row->since < w->since ? row->since : w->since;
			w->told |= row->told;
			found = found || p == 0;
		}
	}
	return found;
}

static int
watch_one(struct engine *e, struct engine_case *j, const struct watched *all,
    const struct map_holding *h, struct cw_err *err)
{
	struct store_watch w;
	bool found = find_rows(&w, j, all, h);
	uint32_t told = w.told;
	int rc = give_words(e, j, h, &w, err);

	j->changed = j->changed || !found;
	if (rc >= 0 && (!found || w.told != told))
		rc = store_watch_put(e->o.store, &w, err);
	return rc;
}

static int
forget_others(
    struct engine *e, struct engine_case *j, size_t p, const struct watched *of, struct cw_err *err)
{
	int rc = CW_OK;

	for (size_t i = 0; rc >= 0 && i < of->n; i++) {
		struct cw_str rule = of->row[i].rule;

		if (!is_action(&of->row[i]) || (p == 0 && holding_of(j->d, rule) != NULL))
			continue;
		j->changed = true;
		rc = store_watch_remove(e->o.store, j->patient[p], rule, err);
	}
	return rc;
}

int
notice_watch(struct engine *e, struct engine_case *j, struct cw_err *err)
{
	struct watched *all = cw_alloc(e->arena, (j->patients + 1) * sizeof(*all));
	int rc = CW_OK;

	j->changed = false;
	for (size_t p = 0; rc >= 0 && p < j->patients; p++)
		rc =
		    store_watches(e->o.store, j->patient[p], &all[p].row, &all[p].n, e->arena, err);
	for (size_t i = 0; rc >= 0 && i < j->d->holdings; i++)
		rc = watch_one(e, j, all, &j->d->holding[i], err);
	for (size_t p = 0; rc >= 0 && p < j->patients; p++)
		rc = forget_others(e, j, p, &all[p], err);
	return rc < 0 ? rc : CW_OK;
}

/* The next words that are due by time alone. */
static int
next_word(struct engine *e, const struct engine_case *j, int64_t *at, struct cw_err *err)
{
	struct store_watch *row;
	size_t n = 0;
	int rc = store_watches(e->o.store, j->patient[0], &row, &n, e->arena, err);

	for (size_t i = 0; rc >= 0 && i < n; i++) {
		const struct map_holding *h = holding_of(j->d, row[i].rule);

		for (size_t k = 0; h != NULL && k < h->words; k++) {
			int64_t due = row[i].since + h->word[k].after;

			if (due > j->now && (row[i].told >> h->word[k].bit & 1) == 0 &&
			    (*at == MAP_NO_TIME || due < *at))
				*at = due;
		}
	}
	return rc < 0 ? rc : CW_OK;
}

/* ---- overdue ---- */

static int
open_alerts(struct engine *e, const struct engine_case *j, struct store_alert **open, size_t *n,
    struct cw_err *err)
{
	*n = 0;
	if (!j->alerted)
		return CW_OK;
	return store_alerts(e->o.store, j->patient, j->patients, true, open, n, e->arena, err);
}

static bool
waits_for_a_person(const struct store_alert *a)
{
	return !a->shadow && (a->state == STORE_OPEN || a->state == STORE_ACCEPTED);
}

int
notice_apply(struct engine *e, const struct engine_case *j, struct cw_err *err)
{
	struct store_alert *open;
	size_t n;
	int rc = open_alerts(e, j, &open, &n, err);

	for (size_t i = 0; rc >= 0 && i < n; i++) {
		if (waits_for_a_person(&open[i]) && open[i].due <= loop_now(e->o.loop))
			rc = notice_once(e, &open[i], "overdue",
			    CW_STR("the imaging is due and the request is still open"), err);
	}
	return rc < 0 ? rc : CW_OK;
}

int
notice_next(struct engine *e, const struct engine_case *j, int64_t *at, struct cw_err *err)
{
	struct store_alert *open;
	size_t n;
	int rc = open_alerts(e, j, &open, &n, err);

	*at = MAP_NO_TIME;
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		if (waits_for_a_person(&open[i]) && open[i].due > loop_now(e->o.loop) &&
		    (*at == MAP_NO_TIME || open[i].due < *at))
			*at = open[i].due;
	}
	return rc < 0 ? rc : next_word(e, j, at, err);
}
