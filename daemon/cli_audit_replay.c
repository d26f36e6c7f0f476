/* cordwatch audit replay: is what was decided what follows from what was recorded? */
#include "daemon/cli_audit.h"
#include "daemon/package_dir.h"
#include "daemon/rules.h"
#include "fhir/time.h"
#include "mappings/explain.h"

#include <stdlib.h>
#include <string.h>

static const size_t DECISION_MEMORY = (size_t)1 << 28;

struct replay {
	const struct cli_args *args;
	struct rules *rules;
	bool changed; /* --set: other rules on purpose */
	int64_t same, differ, others, untold;
};

/* ---- the same? ---- */

static bool
same_texts(const struct fhir_node *record, const char *name, const struct map_texts *texts)
{
	const struct fhir_node *n = fhir_node_get(record, name);
	size_t i = 0;

	if (n != NULL && n->kind == FHIR_ARRAY) /* empty */
		n = NULL;
	for (; n != NULL; n = fhir_node_again(n), i++) {
		if (i == texts->n || !cw_str_eq(n->lexeme, texts->item[i]))
			return false;
	}
	return i == texts->n;
}

static bool
same_due(const struct fhir_node *record, const struct map_decision *d)
{
	char text[FHIR_TIME_TEXT];
	struct cw_str due = { NULL, 0 };

	if (d->tier > MAP_TIER_WATCH && d->proposal.due != MAP_NO_TIME)
		due = fhir_time_format_utc(d->proposal.due, text);
	return cw_str_eq(fhir_node_text(record, "due"), due);
}

static bool
same(const struct fhir_node *record, const struct map_decision *d)
{
	return cw_str_is(fhir_node_text(record, "result"), map_tier_name(d->tier)) &&
	       cw_str_is(fhir_node_text(record, "order"), d->has_order ? "true" : "false") &&
	       same_due(record, d) && same_texts(record, "rules", &d->rules) &&
	       same_texts(record, "controls", &d->controls) &&
	       same_texts(record, "unknown", &d->unknown) &&
	       same_texts(record, "lowered", &d->lowered) &&
	       same_texts(record, "evidence", &d->evidence);
}

/* ---- decide again ---- */

static void
print_texts(struct cw_buf *b, const struct map_texts *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		cw_buf_printf(b, " %.*s", CW_ARG(texts->item[i]));
}

static void
say_other(int64_t seq, const struct fhir_node *record, const struct map_decision *d)
{
	struct cw_buf was, now;

	cw_buf_init(&was, 0);
	cw_buf_init(&now, 0);
	cw_buf_puts(&was, "");
	for (const struct fhir_node *n = fhir_node_get(record, "rules"); n != NULL;
	     n = fhir_node_again(n))
		cw_buf_printf(&was, " %.*s", CW_ARG(n->lexeme));
	cw_buf_puts(&now, "");
	print_texts(&now, &d->rules);
	cli_print(stdout, "record %lld: recorded %.*s%s, decided now %s%s\n", (long long)seq,
	    CW_ARG(fhir_node_text(record, "result")), was.s, map_tier_name(d->tier), now.s);
	cw_buf_fini(&was);
	cw_buf_fini(&now);
}

static int
decide_again(struct replay *p, int64_t seq, const struct fhir_node *record,
    const struct fhir_node *trace, struct cw_arena *arena, struct cw_err *err)
{
	struct map_case c;
	struct map_decision d;
	struct fhir_time as_of;
	int rc = map_explain_read(&c, trace, p->rules->terms, arena, err);

	if (rc >= 0)
		rc = fhir_time_parse(
		    FHIR_TIME_INSTANT, fhir_node_text(record, "as_of"), &as_of, err);
	c.patient = fhir_node_text(record, "subject");
	if (rc >= 0)
		rc = map_decide(
		    &d, p->rules->plan, &c, fhir_time_interval(&as_of).from, false, arena, err);
	if (rc < 0)
		return rc;
	if (same(record, &d)) {
		p->same++;
		return CW_OK;
	}
	p->differ++;
	say_other(seq, record, &d);
	return CW_OK;
}

static int
on_record(void *arg, const struct seal_record *r, struct cw_str payload, struct cw_arena *scratch)
{
	struct replay *p = arg;
	const struct fhir_node *record, *trace;
	struct cw_arena *arena;
	struct cw_err err = { 0 };
	int rc;

	(void)scratch;
	if (!cw_str_is(r->type, "decision"))
		return 0;
	arena = cw_arena_new(DECISION_MEMORY);
	rc = payload.s == NULL ? 1 : fhir_json_read(&record, payload, arena, NULL, &err);
	trace = rc == 0 ? fhir_node_get(record, "trace") : NULL;
	if (rc >= 0 && trace == NULL)
		p->untold++;
	else if (rc == 0 && !p->changed &&
		 !cw_str_is(fhir_node_text(record, "ruleset"), p->rules->sha256))
		p->others++;
	else if (rc == 0)
		rc = decide_again(p, r->seq, record, trace, arena, &err);
	if (rc < 0) {
		p->differ++;
		cli_print(stdout, "record %lld: cannot be decided again: %s\n", (long long)r->seq,
		    err.text);
	}
	cw_arena_free(arena);
	return 0;
}

/* ---- the command ---- */

static int
set_parameters(struct replay *p, struct cw_err *err)
{
	const char *text;

	for (size_t i = 0; (text = cli_nth(p->args, "set", i)) != NULL; i++) {
		const char *equals = strchr(text, '=');
		struct cw_str name = { text, equals == NULL ? 0 : (size_t)(equals - text) };

		if (name.n == 0)
			return cw_fail(err, CW_EUSAGE, "--set %s: expected NAME=VALUE", text);
		if (map_plan_set(p->rules->plan, name, cw_str(equals + 1), err) < 0)
			return CW_EUSAGE;
		p->changed = true;
	}
	return CW_OK;
}

static int
replay_all(struct replay *p, struct cli_audit *a, enum audit_verdict *verdict, struct cw_err *err)
{
	unsigned char head[SEAL_SIZE];
	int64_t last = INT64_MAX;
	int rc = rules_load(&p->rules, a->conf, err);

	if (rc >= 0)
		rc = set_parameters(p, err);
	if (rc >= 0 && a->source.file == NULL)
		rc = audit_source_end(&a->source, &last, head, err);
	if (rc >= 0)
		rc = audit_source_each(&a->source, 1, last, &a->check, verdict, on_record, p, err);
	return rc;
}

int
cli_audit_replay(const struct cli_args *args)
{
	struct replay p = { .args = args };
	enum audit_verdict verdict = AUDIT_GOOD;
	struct cw_err err = { 0 };
	struct cli_audit a;
	int rc = cli_audit_open(&a, args, 1, &err);

	if (rc >= 0)
		rc = replay_all(&p, &a, &verdict, &err);
	cli_audit_close(&a);
	rules_free(p.rules);
	if (rc == CW_EUSAGE)
		return cli_usage(args, "%s", err.text);
	if (rc < 0 || verdict != AUDIT_GOOD) {
		cli_print(stderr, "cordwatch: %s\n", rc < 0 ? err.text : a.check.why);
		return rc < 0 ? AUDIT_UNREADABLE : (int)verdict;
	}
	printf(
	    "%lld decided the same, %lld otherwise; %lld by other rules, %lld without findings\n",
	    (long long)p.same, (long long)p.differ, (long long)p.others, (long long)p.untold);
	return p.differ > 0 ? AUDIT_TAMPERED : p.others > 0 ? AUDIT_INCOMPLETE : AUDIT_GOOD;
}
