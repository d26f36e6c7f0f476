/* engine_take: one row of the inbox -> the store. */
#include "daemon/engine_internal.h"
#include "daemon/log.h"

#include <stdio.h>
#include <string.h>

enum { MOST_TRIES = 3 };

/* ---- names ---- */

static int
realm_of(struct engine *e, const struct engine_row *in, struct cw_str base, uint32_t *realm,
    struct cw_err *err)
{
	*realm = in->realm;
	if (base.s == NULL || cw_str_eq(base, in->base))
		return CW_OK;
	return store_realm(e->o.store, realm, base, err);
}

static int
patient_of(struct engine *e, const struct engine_row *in, const struct map_name *name,
    int64_t *patient, struct cw_err *err)
{
	uint32_t realm;
	int rc;

	*patient = 0;
	if (name->key.s == NULL)
		return CW_OK;
	rc = realm_of(e, in, name->base, &realm, err);
	return rc < 0 ? rc : store_patient(e->o.store, patient, realm, name->key, err);
}

/* ---- counts and faults ---- */

static void
count(struct engine *e, struct engine_row *in, struct cw_str type, const char *outcome, int64_t n)
{
	/* One text may have more faults than resources: what was acknowledged is counted once. */
	if (n > in->row->units - in->assigned)
		n = in->row->units - in->assigned;
	if (n <= 0)
		return;
	in->assigned += n;
	engine_count(e, in->row->feed, type, in->row->received, outcome, n);
}

static int
quarantine(struct engine *e, struct engine_row *in, const struct store_quarantine *what,
    struct cw_err *err)
{
	struct store_quarantine q = *what;
	int rc;

	q.feed = in->row->feed;
	q.received = in->row->received;
	q.at = loop_now(e->o.loop);
	rc = store_quarantine_add(e->o.store, &q, err);
	count(e, in, q.type, "quarantined", 1);
	if (rc >= 0)
		rc = notice_add(e, 0, 0, "quarantine", q.reason, err);
	e->counts.quarantined++;
	log_say(LOG_QUARANTINED, &(struct log_fields){ .feed = engine_feed(e, q.feed),
				     .event = q.id,
				     .reason = cw_fmt(e->arena, "%.*s", CW_ARG(q.reason)).s });
	return rc < 0 ? rc : CW_OK;
}

/* The bytes are kept once, with the first fault. */
static int
take_faults(
    struct engine *e, struct engine_row *in, const struct map_rows *rows, struct cw_err *err)
{
	for (size_t i = 0; i < rows->faults; i++) {
		const struct map_row_fault *f = &rows->fault[i];
		struct store_quarantine q = { .type = in->row->type,
			.name = f->key,
			.reason = f->text,
			.path = f->path,
			.line = f->line,
			.column = f->column };

		if (i == 0)
			q.body = in->row->body;
		if (quarantine(e, in, &q, err) < 0)
			return err->code;
	}
	return CW_OK;
}

/* ---- one resource ---- */

/* Positive when the new version counts, 0: it is the one that is there. A version without a number
 * and a time is as new as its arrival. */
static int
compare(const struct map_row *row, const struct store_resource *old)
{
	int c;

	if (old->own && !old->version.numbered)
		return 1; /* what we sent, come back from the server */
	c = row->version.numbered == old->version.numbered
		? map_version_cmp(&row->version, &old->version)
		: map_version_cmp_mixed(&row->version, &old->version);
	if (c != 0)
		return c;
	if (row->kind != MAP_ROW_KEPT || old->form == STORE_EMPTY)
		return row->kind == MAP_ROW_KEPT ? -1 : old->form != STORE_EMPTY;
	return memcmp(row->digest, old->digest, sizeof(old->digest)) == 0 ? 0 : 1;
}

/* Were these very bytes, or others, seen under this version? */
static int
seen(struct engine *e, const struct engine_row *in, const struct map_row *row, struct cw_err *err)
{
	char key[512];

	if (row->kind != MAP_ROW_KEPT || row->version_text.n == 0)
		return CW_OK;
	if ((size_t)snprintf(key, sizeof(key), "%.*s %.*s", CW_ARG(row->name.base),
		CW_ARG(row->name.key)) >= sizeof(key))
		return CW_OK;
	return store_seen(e->o.store, in->row->feed, cw_str(key), row->version_text, row->digest,
	    in->row->received, err);
}

static int
mark_needing(struct engine *e, const struct engine_row *in, uint32_t realm, struct cw_str key,
    struct cw_err *err)
{
	int64_t *patients;
	size_t n;
	int rc = store_need_get(e->o.store, realm, key, &patients, &n, e->arena, err);

	for (size_t i = 0; rc >= 0 && i < n; i++)
		engine_mark(e, patients[i], in->row->received, false);
	return rc < 0 ? rc : CW_OK;
}

static int
put_needs(struct engine *e, const struct engine_row *in, const struct map_row *row, int64_t patient,
    struct cw_err *err)
{
	for (size_t i = 0; i < row->needs; i++) {
		uint32_t realm;
		int rc = realm_of(e, in, row->need[i].base, &realm, err);

		if (rc >= 0)
			rc = store_need_add(e->o.store, patient, realm, row->need[i].key, err);
		if (rc < 0)
			return rc;
	}
	return CW_OK;
}

/* Who was joined with him before must be decided too: he may have lost them. */
static int
put_links(struct engine *e, const struct engine_row *in, const struct map_row *row, int64_t patient,
    struct cw_err *err)
{
	int64_t before[64], *other = cw_alloc(e->arena, (row->links + 1) * sizeof(*other));
	size_t n = 0;
	int rc = store_links(e->o.store, patient, before, &n, 64, err);

	if (rc == CW_ELIMIT) {
		*err = (struct cw_err){ 0 };
		rc = CW_OK;
		n = 0;
	}
	for (size_t i = 0; rc >= 0 && i < n; i++)
		engine_mark(e, before[i], in->row->received, false);
	for (size_t i = 0; rc >= 0 && i < row->links; i++)
		rc = patient_of(e, in, &row->link[i], &other[i], err);
	if (rc >= 0)
		rc = store_links_set(e->o.store, patient, other, row->links, err);
	return rc < 0 ? rc : CW_OK;
}

static int
mark_patient(struct engine *e, const struct engine_row *in, int64_t patient, struct cw_err *err)
{
	if (patient == 0)
		return CW_OK;
	if (in->row->backfill)
		return store_waiting_add(e->o.store, in->row->feed, patient, err);
	engine_mark(e, patient, in->row->received, false);
	return CW_OK;
}

static int
put(struct engine *e, const struct engine_row *in, const struct map_row *row,
    struct store_resource *new, const struct store_resource *old, struct cw_err *err)
{
	int rc = CW_OK;

	if (row->kind == MAP_ROW_KEPT && !new->own)
		rc = patient_of(e, in, &row->patient, &new->patient, err);
	else if (old != NULL)
		new->patient = old->patient;
	if (rc >= 0)
		rc = store_resource_put(e->o.store, new, err);
	if (rc >= 0 && cw_str_is(row->type, "Patient") && new->patient != 0)
		rc = put_links(e, in, row, new->patient, err);
	if (rc >= 0 && new->patient != 0)
		rc = put_needs(e, in, row, new->patient, err);
	if (rc >= 0 && new->patient == 0)
		rc = mark_needing(e, in, new->realm, new->key, err);
	if (rc >= 0)
		rc = mark_patient(e, in, new->patient, err);
	if (rc >= 0 && old != NULL && old->patient != new->patient)
		rc = mark_patient(e, in, old->patient, err);
	return rc < 0 ? rc : CW_OK;
}

/* "ServiceRequest/<id>" of an alert of ours: the row that stands for it. */
static int
find_own(struct engine *e, const struct map_row *row, struct store_alert *alert,
    struct store_resource *new, struct cw_err *err)
{
	const char *slash = memchr(row->name.key.s, '/', row->name.key.n);
	struct cw_str id, key;
	int rc;

	if (!cw_str_is(row->type, "ServiceRequest") || slash == NULL)
		return CW_OK;
	id = (struct cw_str){ slash + 1, (size_t)(row->name.key.s + row->name.key.n - slash) - 1 };
	rc = store_alert_by_request(e->o.store, alert, id, e->arena, err);
	if (rc != CW_OK)
		return rc == STORE_NONE ? CW_OK : rc;
	new->own = true;
	new->patient = alert->patient;
	rc = store_patient_key(e->o.store, alert->patient, &new->realm, &key, e->arena, err);
	return rc < 0 ? rc : CW_OK;
}

static struct store_resource
resource_of(const struct engine_row *in, const struct map_row *row, uint32_t realm)
{
	struct store_resource r = { .realm = realm,
		.key = row->name.key,
		.feed = in->row->feed,
		.received = in->row->received,
		.version = row->version,
		.version_text = row->version_text,
		.full_url = row->full_url,
		.bundle = row->bundle == 0 ? 0 : in->row->id * 128 + (int64_t)row->bundle % 128,
		.form = row->kind == MAP_ROW_KEPT ? STORE_TEXT : STORE_EMPTY,
		.body = row->text };

	memcpy(r.digest, row->digest, sizeof(r.digest));
	return r;
}

/* Of an initial load it would say how old the records are; without a time of the source, nothing.
 */
static void
observe_lag(struct engine *e, const struct engine_row *in, const struct map_row *row)
{
	int64_t from = row->version.updated, now = loop_now(e->o.loop);

	if (in->row->backfill || row->kind != MAP_ROW_KEPT || from == MAP_VERSION_NEVER ||
	    from == MAP_VERSION_ALWAYS || from == in->row->received)
		return;
	engine_meter(e, metrics_observe, METRICS_EVENT_LAG,
	    METRICS_OF(engine_feed(e, in->row->feed)), now > from ? now - from : 0);
}

static int
place(struct engine *e, struct engine_row *in, const struct map_row *row, struct cw_err *err)
{
	struct store_alert alert = { 0 };
	struct store_resource new, old;
	uint32_t realm;
	int rc = realm_of(e, in, row->name.base, &realm, err), had;

	if (rc < 0)
		return rc;
	new = resource_of(in, row, realm);
	rc = find_own(e, row, &alert, &new, err);
	had = rc < 0 ? rc : store_resource_get(e->o.store, &old, new.realm, new.key, e->arena, err);
	if (had < 0)
		return had;
	new.own = new.own || (had == CW_OK && old.own);
	if (had == CW_OK && compare(row, &old) <= 0) {
		count(e, in, row->type, "duplicate", row->kind == MAP_ROW_KEPT);
		return CW_OK;
	}
	rc = put(e, in, row, &new, had == CW_OK ? &old : NULL, err);
	if (rc >= 0 && alert.id != 0)
		rc = alert_echo(e, &alert, row, in->row->received, err);
	if (rc >= 0)
		observe_lag(e, in, row);
	count(e, in, row->type, "evaluated", row->kind != MAP_ROW_EMPTY || had == CW_OK);
	return rc < 0 ? rc : CW_OK;
}

static int
take_row(struct engine *e, struct engine_row *in, struct map_row *row, struct cw_err *err)
{
	struct store_quarantine q = { .type = row->type,
		.name = row->name.key,
		.version = row->version_text,
		.reason = CW_STR("other content under a version that was seen before"),
		.body = row->text };
	int rc;

	if (!row->version.numbered && row->version.updated == MAP_VERSION_NEVER)
		row->version.updated = in->row->received;
	rc = seen(e, in, row, err);
	if (rc < 0)
		return rc;
	if (rc == STORE_OTHER_BYTES)
		return quarantine(e, in, &q, err);
	/* The same bytes may still be news: what came between may have been lost with its row. */
	return place(e, in, row, err);
}

/* ---- one row of the inbox ---- */

static int
take_text(struct engine *e, struct engine_row *in, struct cw_err *err)
{
	struct map_rows rows;
	int rc = map_rows_read(&rows, in->row->body, e->rules->terms, e->arena, err);

	if (rc >= 0)
		rc = take_faults(e, in, &rows, err);
	for (size_t i = 0; rc >= 0 && i < rows.n; i++)
		rc = take_row(e, in, &rows.row[i], err);
	return rc < 0 ? rc : CW_OK;
}

/* A DELETE that somebody pushed. Its version is in If-Match, if anywhere; without one it is later
 * than all that we know. */
static int
take_delete(struct engine *e, struct engine_row *in, struct cw_err *err)
{
	const struct store_inbox *row = in->row;
	struct map_row r = { .kind = MAP_ROW_DELETED,
		.type = row->type,
		.version_text = row->version,
		.name = {
		    .key = cw_fmt(e->arena, "%.*s/%.*s", CW_ARG(row->type), CW_ARG(row->name)) } };
	struct store_resource old;
	int rc;

	r.version.withdrawn = true;
	r.version.numbered = map_version_number(&r.version.number, row->version);
	r.version.updated = row->received;
	rc = store_resource_get(e->o.store, &old, in->realm, r.name.key, e->arena, err);
	if (rc < 0)
		return rc;
	if (rc == CW_OK && !r.version.numbered) {
		r.version.numbered = old.version.numbered;
		r.version.number = old.version.number + old.version.numbered;
		if (old.version.updated >= r.version.updated &&
		    old.version.updated != MAP_VERSION_ALWAYS)
			r.version.updated = old.version.updated + 1;
	}
	return place(e, in, &r, err);
}

static int
take_loaded(struct engine *e, const struct store_inbox *row, struct cw_err *err)
{
	int64_t n = 0;
	int rc = store_waiting_release(e->o.store, row->feed, ENGINE_TICK_NOW, &n, err);

	if (rc < 0)
		return rc;
	return store_audit(e->o.store, loop_now(e->o.loop), "loaded",
	    cw_fmt(e->arena, "{\"feed\":%u,\"patients\":%lld}", row->feed, (long long)n), err);
}

static int
give_up(struct engine *e, struct engine_row *in, struct cw_err *err)
{
	struct store_quarantine q = { .type = in->row->type,
		.name = in->row->name,
		.version = in->row->version,
		.reason = CW_STR("the program ended three times while this was processed"),
		.body = in->row->body };

	return quarantine(e, in, &q, err);
}

/* Where names without a base belong: to the feed's server, or to the feed alone. */
static int
enter_realm(struct engine *e, struct engine_row *in, struct cw_err *err)
{
	struct engine_realm *last = &e->last;
	uint32_t feed = in->row->feed;
	int rc = CW_OK;

	if (!last->known || last->feed != feed) {
		last->feed = feed;
		if (feed < e->o.bases && e->o.base[feed].n > 0)
			last->base = e->o.base[feed];
		else
			last->base = cw_fmt(e->arena, "feed:%u", feed);
		rc = store_realm(e->o.store, &last->realm, last->base, err);
		last->known = rc >= 0;
	}
	in->base = last->base;
	in->realm = last->realm;
	return rc;
}

int
engine_take(struct engine *e, const struct store_inbox *row, struct cw_err *err)
{
	struct engine_row in = { .row = row };
	int rc = enter_realm(e, &in, err);

	if (rc < 0)
		return rc;
	if (row->how == STORE_LOADED)
		return take_loaded(e, row, err);
	if (row->tries >= MOST_TRIES)
		rc = give_up(e, &in, err);
	else if (row->how == STORE_DELETE)
		rc = take_delete(e, &in, err);
	else
		rc = take_text(e, &in, err);
	count(e, &in, row->type, "irrelevant", row->units - in.assigned);
	return rc < 0 ? rc : CW_OK;
}
