/* notice: what a person is to be told beside orders. */
#include "daemon/alert.h"

#include <stdio.h>

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

/* ---- overdue ---- */

static int
open_alerts(struct engine *e, const struct engine_case *j, struct store_alert **open, size_t *n,
    struct cw_err *err)
{
	*n = 0;
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
	return rc < 0 ? rc : CW_OK;
}
