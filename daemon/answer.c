#include "daemon/answer.h"

#include "fhir/time.h"

#include <string.h>

static const struct question {
	const char *name;
	int (*answer)(struct answer *a, struct cw_err *err);
	bool recorded, deed;
} questions[] = {
	{ "alert", answer_alert, true, false },
	{ "alerts", answer_alerts, true, false },
	{ "audit", answer_audit, true, false },
	{ "audit-end", answer_audit_end, false, false },
	{ "backup", answer_backup, false, true },
	{ "backup-begin", answer_backup_begin, true, true },
	{ "counts", answer_counts, false, false },
	{ "discard", answer_discard, true, true },
	{ "errored", answer_errored, true, false },
	{ "event", answer_event, true, false },
	{ "figures", answer_figures, false, false },
	{ "quarantined", answer_quarantined, true, false },
	{ "replay", answer_replay, true, true },
};

static const struct question *
find(struct cw_str name)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		if (cw_str_is(name, questions[i].name))
			return &questions[i];
	}
	return NULL;
}

bool
answer_is_recorded(struct cw_str question)
{
	const struct question *q = find(question);

	return q != NULL && q->recorded;
}

bool
answer_is_deed(struct cw_str question)
{
	const struct question *q = find(question);

	return q != NULL && q->deed;
}

int
answer(const struct answer_world *world, struct cw_str question, struct cw_str arguments,
    struct cw_buf *out, struct cw_err *err)
{
	const struct question *q = find(question);
	struct answer a = { .world = world, .arguments = arguments };
	int rc;

	if (q == NULL)
		return ANSWER_UNKNOWN;
	a.arena = cw_arena_new(0);
	fhir_json_out_init(&a.o, out, false);
	fhir_json_out_object(&a.o);
	rc = q->answer(&a, err);
	if (rc == CW_OK)
		fhir_json_out_object_end(&a.o);
	cw_arena_free(a.arena);
	return rc;
}

/* ---- arguments ---- */

static int
digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

static struct cw_str
decode(struct cw_arena *arena, struct cw_str s)
{
	char *out = cw_alloc(arena, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '%' && i + 2 < s.n && digit(s.s[i + 1]) >= 0 &&
		    digit(s.s[i + 2]) >= 0) {
			out[n++] = (char)(digit(s.s[i + 1]) * 16 + digit(s.s[i + 2]));
			i += 2;
		} else {
			out[n++] = s.s[i];
		}
	}
	return (struct cw_str){ out, n };
}

struct cw_str
answer_argument(const struct answer *a, const char *name)
{
	struct cw_str left = a->arguments;
	size_t n = strlen(name);

	while (left.n > 0) {
		const char *end = memchr(left.s, '&', left.n);
		size_t length = end == NULL ? left.n : (size_t)(end - left.s);

		if (length > n && left.s[n] == '=' && memcmp(left.s, name, n) == 0)
			return decode(a->arena, (struct cw_str){ left.s + n + 1, length - n - 1 });
		length += end != NULL;
		left = (struct cw_str){ left.s + length, left.n - length };
	}
	return cw_str(NULL);
}

bool
answer_number(const struct answer *a, const char *name, int64_t fallback, int64_t *out)
{
	enum { DIGITS = 18 };
	struct cw_str s = answer_argument(a, name);
	int64_t v = 0;

	*out = fallback;
	if (s.s == NULL)
		return true;
	if (s.n == 0 || s.n > DIGITS)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
		v = v * 10 + (s.s[i] - '0');
	}
	*out = v;
	return true;
}

/* ---- members ---- */

void
answer_instant(struct answer *a, const char *key, int64_t ms)
{
	char text[FHIR_TIME_TEXT];

	if (ms != 0 && ms != INT64_MAX && ms != INT64_MIN)
		fhir_json_out_member(&a->o, key, fhir_time_format_utc(ms, text));
}

void
answer_integer(struct answer *a, const char *key, int64_t n)
{
	fhir_json_out_key(&a->o, key);
	fhir_json_out_int(&a->o, n);
}

/* ---- the whole ---- */

int
answer_figures(struct answer *a, struct cw_err *err)
{
	struct store_figures f;
	int rc = store_figures(a->world->store, &f, err);

	if (rc < 0)
		return rc;
	answer_integer(a, "openAlerts", f.open_alerts);
	answer_integer(a, "errandsPending", f.pending);
	answer_instant(a, "oldestErrand", f.oldest);
	answer_integer(a, "errandsDead", f.dead);
	answer_integer(a, "inbox", f.inbox);
	answer_integer(a, "quarantine", f.quarantine);
	answer_integer(a, "auditRecords", f.records);
	answer_integer(a, "databaseBytes", store_size(a->world->store));
	return CW_OK;
}

/* The daemon may write in its own folder only: who asks copies it from there. */
static int
go_on(struct answer *a, const char *path, struct cw_err *err)
{
	struct store_backup b;
	int rc = store_backup(a->world->store, path, &b, err);

	if (rc < 0)
		return rc;
	fhir_json_out_key(&a->o, "running");
	fhir_json_out_bool(&a->o, b.running);
	fhir_json_out_key(&a->o, "done");
	fhir_json_out_bool(&a->o, b.done);
	answer_integer(a, "pages", b.pages);
	answer_integer(a, "left", b.left);
	return CW_OK;
}

int
answer_backup(struct answer *a, struct cw_err *err)
{
	return go_on(a, NULL, err);
}

int
answer_backup_begin(struct answer *a, struct cw_err *err)
{
	return go_on(a, "backup.db", err);
}

struct counting {
	struct answer *a;
	uint32_t feed[64];
	size_t feeds;
	const char *outcome[16];
	int64_t n[64][16];
	size_t outcomes;
};

static void
on_count(
    void *arg, uint32_t feed, struct cw_str type, int64_t day, struct cw_str outcome, int64_t n)
{
	struct counting *c = arg;
	size_t f = 0, k = 0;

	(void)type;
	(void)day;
	while (f < c->feeds && c->feed[f] != feed)
		f++;
	while (k < c->outcomes && !cw_str_is(outcome, c->outcome[k]))
		k++;
	if (f == 64 || k == 16)
		return;
	if (f == c->feeds)
		c->feed[c->feeds++] = feed;
	if (k == c->outcomes)
		c->outcome[c->outcomes++] = cw_str_dup(c->a->arena, outcome).s;
	c->n[f][k] += n;
}

int
answer_counts(struct answer *a, struct cw_err *err)
{
	struct counting *c = cw_alloc(a->arena, sizeof(*c));
	int rc;

	c->a = a;
	rc = store_counts(a->world->store, on_count, c, err);
	fhir_json_out_key(&a->o, "counts");
	fhir_json_out_array(&a->o);
	for (size_t f = 0; rc >= 0 && f < c->feeds; f++) {
		struct cw_str name = CW_STR("");

		rc = store_feed_name(a->world->store, c->feed[f], &name, a->arena, err);
		fhir_json_out_object(&a->o);
		fhir_json_out_member(&a->o, "feed", name);
		for (size_t k = 0; k < c->outcomes; k++)
			answer_integer(a, c->outcome[k], c->n[f][k]);
		fhir_json_out_object_end(&a->o);
	}
	fhir_json_out_array_end(&a->o);
	return rc < 0 ? rc : CW_OK;
}
