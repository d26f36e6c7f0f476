/* alert: one open alert for each (patient, tier, episode), kept in step with the decisions. */
#include "daemon/alert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- evidence ---- */

static void
add_line(struct cw_buf *out, const struct map_finding *f)
{
	cw_buf_printf(out, "%.*s|%.*s|%lld\n", CW_ARG(f->source), CW_ARG(f->concept->code),
	    (long long)f->when);
}

static bool
has_line(struct cw_str lines, struct cw_str line)
{
	for (size_t i = 0; i + line.n <= lines.n;) {
		const char *end = memchr(lines.s + i, '\n', lines.n - i);
		size_t n = end == NULL ? lines.n - i : (size_t)(end - lines.s) - i + 1;

		if (n == line.n && memcmp(lines.s + i, line.s, n) == 0)
			return true;
		i += n;
	}
	return false;
}

/* Is what this line names still there, and still said to be so? */
static bool
stands(const struct map_case *c, struct cw_str line)
{
	const char *bar = memchr(line.s, '|', line.n);
	struct cw_str source, code;

	if (bar == NULL)
		return true;
	source = (struct cw_str){ line.s, (size_t)(bar - line.s) };
	code = (struct cw_str){ bar + 1, line.n - source.n - 1 };
	bar = memchr(code.s, '|', code.n);
	if (bar != NULL)
		code.n = (size_t)(bar - code.s);
	for (size_t i = 0; i < c->findings; i++) {
		const struct map_finding *f = c->finding[i];

		if (f->present != MAP_FALSE && !f->withdrawn && cw_str_eq(f->source, source) &&
		    cw_str_eq(f->concept->code, code))
			return true;
	}
	return false;
}

static bool
all_stands(const struct map_case *c, struct cw_str lines)
{
	for (size_t i = 0; i < lines.n;) {
		const char *end = memchr(lines.s + i, '\n', lines.n - i);
		size_t n = end == NULL ? lines.n - i : (size_t)(end - lines.s) - i + 1;

		if (!stands(c, (struct cw_str){ lines.s + i, n }))
			return false;
		i += n;
	}
	return true;
}

static struct cw_str
evidence_of(struct engine *e, const struct map_decision *d)
{
	struct cw_buf text;
	struct cw_str lines;

	cw_buf_init(&text, 0);
	for (size_t i = 0; i < d->evidence_facts.n; i++)
		add_line(&text, d->evidence_facts.item[i]->finding);
	lines = cw_str_dup(e->arena, (struct cw_str){ text.s == NULL ? "" : text.s, text.n });
	cw_buf_fini(&text);
	return lines;
}

/* Lines of more that are not in lines are added to them; how many. */
static size_t
join_lines(struct engine *e, struct cw_str *lines, struct cw_str more)
{
	size_t added = 0;

	for (size_t i = 0; i < more.n;) {
		const char *end = memchr(more.s + i, '\n', more.n - i);
		size_t n = end == NULL ? more.n - i : (size_t)(end - more.s) - i + 1;
		struct cw_str line = { more.s + i, n };

		if (!has_line(*lines, line)) {
			*lines = cw_fmt(e->arena, "%.*s%.*s", CW_ARG(*lines), CW_ARG(line));
			added++;
		}
		i += n;
	}
	return added;
}

static void
tell(enum log_id id, const struct store_alert *a, const char *rule)
{
	log_say(id, &(struct log_fields){ .alert = a->id,
			.request = a->request,
			.rule = rule,
			.word = map_tier_name((enum map_tier)a->tier) });
}

/* ---- a new alert ---- */

static bool
has_word(const char *words, struct cw_str word)
{
	const char *p = words;

	while (p != NULL && *p != '\0') {
		size_t n = strcspn(p, " ,\t");

		if (n == word.n && memcmp(p, word.s, n) == 0)
			return true;
		p += n;
		p += strspn(p, " ,\t");
	}
	return false;
}

bool
alert_in_shadow(const struct conf *conf, struct cw_str rule)
{
	return conf->mode == CONF_SHADOW || has_word(conf->shadow, rule);
}

/* Every rule that fired is only to be watched, or all are. */
static bool
in_shadow(const struct conf *conf, const struct map_decision *d)
{
	for (size_t i = 0; i < d->rules.n; i++) {
		if (!alert_in_shadow(conf, d->rules.item[i]))
			return false;
	}
	return conf->mode == CONF_SHADOW || d->rules.n > 0;
}

/* The target on the server that the patient's data came from, else the first. */
static const char *
target_of(struct engine *e, struct cw_str base)
{
	const struct conf *conf = e->rules->conf;
	char room[FHIR_BASE_NAME];

	for (size_t i = 0; i < conf->targets; i++) {
		if (conf->target[i].base != NULL &&
		    cw_str_eq(fhir_reference_base_name(cw_str(conf->target[i].base), room), base))
			return conf->target[i].name;
	}
	return conf->targets == 0 ? "" : conf->target[0].name;
}

static struct cw_str
written(struct engine *e, struct cw_buf *text)
{
	struct cw_str copy = cw_str_dup(e->arena, (struct cw_str){ text->s, text->n });

	cw_buf_fini(text);
	return copy;
}

static struct cw_str
write_request(struct engine *e, const struct map_decision *d)
{
	struct fhir_json_out o;
	struct cw_buf text;

	cw_buf_init(&text, 0);
	fhir_json_out_init(&o, &text, false);
	map_order_request(&o, d, e->rules->plan, e->o.version);
	return written(e, &text);
}

static struct cw_str
write_bundle(struct engine *e, const struct map_decision *d)
{
	struct fhir_json_out o;
	struct cw_buf text;

	cw_buf_init(&text, 0);
	fhir_json_out_init(&o, &text, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "resourceType", CW_STR("Bundle"));
	fhir_json_out_member(&o, "type", CW_STR("transaction"));
	fhir_json_out_key(&o, "entry");
	fhir_json_out_array(&o);
	map_order_entries(&o, d, e->rules->plan, e->o.version);
	fhir_json_out_array_end(&o);
	fhir_json_out_object_end(&o);
	return written(e, &text);
}

/* Our own request is part of the patient's record from now on: the plan sees that it is open. */
static int
remember_request(struct engine *e, const struct store_alert *a, struct cw_err *err)
{
	struct store_resource row = { .patient = a->patient,
		.key = cw_fmt(e->arena, "ServiceRequest/%.*s", CW_ARG(a->request)),
		.received = a->opened,
		.version = { .updated = a->opened },
		.own = true,
		.form = STORE_TEXT,
		.body = a->body };
	struct cw_str key;
	int rc = store_patient_key(e->o.store, a->patient, &row.realm, &key, e->arena, err);

	return rc < 0 ? rc : store_resource_put(e->o.store, &row, err);
}

static int
add_errand(struct engine *e, const struct store_alert *a, enum store_errand errand,
    struct cw_str body, int64_t after, int64_t *id, struct cw_err *err)
{
	struct store_outbox o = { .alert = a->id,
		.errand = errand,
		.state = a->shadow ? STORE_HELD : STORE_PENDING,
		.target = a->target,
		.request = a->request,
		.body = body,
		.created = loop_now(e->o.loop),
		.next = loop_now(e->o.loop),
		.doubtful = e->restored,
		.after = after };
	int rc = store_outbox_add(e->o.store, &o, err);

	if (rc >= 0 && id != NULL)
		*id = o.id;
	if (rc >= 0 && !a->shadow)
		rc = alert_report(e, &o, err);
	return rc < 0 ? rc : CW_OK;
}

/* The alerts that there were of this tier and episode. *known: the last one stands, or was
 * answered, and nothing has come to its evidence: only new evidence opens another. */
static int
count_again(struct engine *e, const struct engine_case *j, struct map_decision *d, bool *known,
    struct cw_err *err)
{
	struct cw_str evidence = evidence_of(e, d);
	struct store_alert *all;
	size_t n = 0;
	int rc = store_alerts(e->o.store, j->patient, j->patients, false, &all, &n, e->arena, err);

	for (size_t i = 0; rc >= 0 && i < n; i++) {
		if (all[i].tier != (uint32_t)d->tier || all[i].episode != d->episode)
			continue;
		d->again++;
		if (!cw_str_is(all[i].why, ALERT_LOST) &&
		    join_lines(e, &all[i].evidence, evidence) == 0)
			*known = true;
	}
	return rc < 0 ? rc : CW_OK;
}

static struct store_alert
alert_of(struct engine *e, const struct engine_case *j, const struct map_decision *d)
{
	struct map_alert name;
	const char *slash = memchr(d->known_as.s, ' ', d->known_as.n);
	struct cw_str base = { d->known_as.s, slash == NULL ? 0 : (size_t)(slash - d->known_as.s) };
	struct store_alert a = { .patient = j->patient[0],
		.target = cw_str(target_of(e, base)),
		.tier = d->tier,
		.episode = d->episode,
		.state = STORE_OPEN,
		.shadow = in_shadow(e->rules->conf, d),
		.opened = loop_now(e->o.loop),
		.evidence_at = j->now,
		.due = d->proposal.due,
		.evidence = evidence_of(e, d) };

	map_alert_name(&name, d);
	a.key = cw_fmt(e->arena, "%s", name.key);
	a.request = cw_fmt(e->arena, "%s", name.request);
	a.body = write_request(e, d);
	return a;
}

/* A new proposal takes the place of what was proposed before, lower or overdue, once it has been
 * received. */
static int
replace_lower(struct engine *e, const struct store_alert *open, size_t n,
    const struct store_alert *new, int64_t after, struct cw_err *err)
{
	for (size_t i = 0; i < n; i++) {
		bool overdue = (open[i].tier == new->tier) && (open[i].due < new->opened);

		if ((open[i].tier >= new->tier && !overdue) || open[i].state != STORE_OPEN ||
		    open[i].shadow != new->shadow)
			continue;
		if (alert_take_back(
			e, &open[i], overdue ? ALERT_EXPIRED : ALERT_UPGRADED, after, err) < 0)
			return err->code;
	}
	return CW_OK;
}

static void
count_rules(struct engine *e, const struct map_decision *d, bool shadow)
{
	for (size_t i = 0; i < d->rules.n; i++)
		engine_meter(e, metrics_add, METRICS_ALERTS,
		    METRICS_OF(cw_fmt(e->arena, "%.*s", CW_ARG(d->rules.item[i])).s,
			shadow ? "shadow" : "live", "proposed"),
		    1);
}

static int
propose(struct engine *e, const struct engine_case *j, const struct store_alert *open, size_t n,
    struct cw_err *err)
{
	struct map_decision d = *j->d;
	struct store_alert a;
	int64_t errand = 0;
	bool known = false;
	int rc = count_again(e, j, &d, &known, err);

	if (rc < 0 || known)
		return rc;
	a = alert_of(e, j, &d);
	rc = store_alert_add(e->o.store, &a, err);
	if (rc != CW_OK)
		return rc < 0 ? rc : CW_OK; /* the same alert is there already */
	e->counts.proposed += !a.shadow;
	count_rules(e, &d, a.shadow);
	tell(a.shadow ? LOG_ALERT_SHADOW : LOG_ALERT_OPENED, &a,
	    d.rules.n == 0 ? NULL : cw_fmt(e->arena, "%.*s", CW_ARG(d.rules.item[0])).s);
	rc = add_errand(e, &a, STORE_CREATE, write_bundle(e, &d), 0, &errand, err);
	if (rc >= 0 && !a.shadow)
		rc = remember_request(e, &a, err);
	if (rc >= 0)
		rc = alert_audit(e, &a, a.shadow ? "shadow" : "proposed", 0, err);
	if (rc >= 0)
		rc = replace_lower(e, open, n, &a, errand, err);
	return rc < 0 ? rc : CW_OK;
}

/* ---- an alert that is there ---- */

static int
append(struct engine *e, struct store_alert *a, const struct engine_case *j, struct cw_err *err)
{
	size_t added = join_lines(e, &a->evidence, evidence_of(e, j->d));
	int rc;

	if (added == 0)
		return CW_OK;
	a->evidence_at = j->now;
	e->counts.appended++;
	rc = store_alert_update(e->o.store, a, err);
	return rc < 0 ? rc : alert_audit(e, a, "evidence-added", (int64_t)added, err);
}

int
alert_take_back(struct engine *e, const struct store_alert *open, const char *why, int64_t after,
    struct cw_err *err)
{
	struct store_alert a = *open;
	int rc;

	a.why = cw_str(why);
	a.state = a.shadow ? STORE_CLOSED : STORE_REVOKING;
	a.closed = a.shadow ? loop_now(e->o.loop) : 0;
	rc = store_alert_update(e->o.store, &a, err);
	if (rc >= 0 && !a.shadow)
		rc = add_errand(e, &a, STORE_REVOKE, (struct cw_str){ NULL, 0 }, after, NULL, err);
	if (rc >= 0)
		rc = alert_audit(e, &a, why, 0, err);
	tell(strcmp(why, ALERT_UPGRADED) == 0 ? LOG_ALERT_UPGRADED : LOG_ALERT_REVOKED, &a, NULL);
	e->counts.revoked++;
	return rc < 0 ? rc : CW_OK;
}

/* The evidence was withdrawn or corrected, and what is left does not reach the tier. */
static int
lose(struct engine *e, struct store_alert *a, struct cw_err *err)
{
	int rc;

	if (a->state == STORE_OPEN) {
		rc = alert_take_back(e, a, ALERT_LOST, 0, err);
		return rc < 0 ? rc
			      : notice_add(e, a->patient, a->id, "revoked",
				    CW_STR("the evidence was withdrawn: the proposal is revoked"),
				    err);
	}
	return notice_once(e, a, "withdrawn",
	    CW_STR("the evidence was withdrawn after a person had acted on the request"), err);
}

/* Overdue, and for what has come since the plan wants another order. */
static bool
is_over(struct engine *e, const struct store_alert *a, const struct engine_case *j)
{
	struct cw_str lines = a->evidence;

	return !a->shadow && !j->tick && j->d->has_order && j->d->tier == (enum map_tier)a->tier &&
	       a->due < j->now && join_lines(e, &lines, evidence_of(e, j->d)) > 0;
}

static int
follow(struct engine *e, struct store_alert *a, const struct engine_case *j, struct cw_err *err)
{
	if (a->state == STORE_REVOKING)
		return CW_OK;
	if (is_over(e, a, j)) /* the next one takes its place, unless a person has taken it up */
		return a->state == STORE_OPEN ? CW_OK : alert_close(e, a, ALERT_EXPIRED, err);
	if (j->d->tier >= (enum map_tier)a->tier)
		return j->d->tier == (enum map_tier)a->tier ? append(e, a, j, err) : CW_OK;
	if (j->tick)
		return CW_OK;
	if (!all_stands(j->c, a->evidence))
		return lose(e, a, err);
	return notice_once(e, a, "answered",
	    CW_STR("the criteria hold no longer; the request stays until a person closes it"), err);
}

static bool
worth_a_record(const struct engine_case *j, size_t open)
{
	return open > 0 || j->changed || j->d->unknown.n > 0 || (j->d->told && !j->tick) ||
	       j->d->tier > MAP_TIER_WATCH;
}

int
alert_apply(struct engine *e, struct engine_case *j, struct cw_err *err)
{
	struct store_alert *open;
	size_t n = 0;
	int rc = store_alerts(e->o.store, j->patient, j->patients, true, &open, &n, e->arena, err);

	j->alerted = n > 0;
	if (rc >= 0 && worth_a_record(j, n))
		rc = alert_audit_decision(e, j, err);
	for (size_t i = 0; rc >= 0 && i < n; i++)
		rc = follow(e, &open[i], j, err);
	if (rc >= 0 && j->d->tier > MAP_TIER_WATCH && j->d->has_order && !j->tick) {
		j->alerted = true;
		rc = propose(e, j, open, n, err);
	}
	e->decision = 0;
	return rc < 0 ? rc : CW_OK;
}
