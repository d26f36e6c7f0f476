#include "mappings/look.h"

#include "mappings/plan_internal.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400000 };

static int64_t
unit_ms(struct cw_str word)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = { { "year", 366 * (int64_t)DAY }, { "month", 31 * (int64_t)DAY },
		{ "week", 7 * (int64_t)DAY }, { "day", DAY }, { "hour", 3600000 },
		{ "minute", 60000 }, { "second", 1000 } };

	if (word.n > 1 && word.s[word.n - 1] == 's')
		word.n--;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (cw_str_is(word, units[i].name))
			return units[i].ms;
	}
	return 0;
}

static int
enter(struct map_look *look, int64_t ms, struct cw_err *err)
{
	size_t i = 0;

	while (i < look->n && look->ms[i] < ms)
		i++;
	if (ms <= 0 || (i < look->n && look->ms[i] == ms))
		return CW_OK;
	if (look->n == MAP_LOOK_MOST)
		return cw_fail(err, CW_ELIMIT, "the plan speaks of more than %d durations",
		    (int)MAP_LOOK_MOST);
	memmove(&look->ms[i + 1], &look->ms[i], (look->n - i) * sizeof(look->ms[0]));
	look->ms[i] = ms;
	look->n++;
	return CW_OK;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Every "28 days" in the text of an expression. */
static int
enter_text(struct map_look *look, struct cw_str text, struct cw_err *err)
{
	int rc = CW_OK;

	for (size_t i = 0; i < text.n && rc == CW_OK; i++) {
		int64_t number = 0;
		size_t word;

		if (!is_digit(text.s[i]) ||
		    (i > 0 && (is_letter(text.s[i - 1]) || text.s[i - 1] == '_')))
			continue;
		for (; i < text.n && is_digit(text.s[i]) && number < 100000; i++)
			number = number * 10 + (text.s[i] - '0');
		while (i < text.n && (text.s[i] == ' ' || text.s[i] == '\''))
			i++;
		for (word = i; i < text.n && is_letter(text.s[i]);)
			i++;
		rc = enter(look, number * unit_ms((struct cw_str){ text.s + word, i - word }), err);
		i--;
	}
	return rc;
}

static int
enter_tree(struct map_look *look, const struct fhir_node *node, struct cw_err *err)
{
	int rc = CW_OK;

	for (const struct fhir_node *n = node->child; n != NULL && rc == CW_OK; n = n->next) {
		if (cw_str_is(n->name, "expression"))
			rc = enter_text(look, n->lexeme, err);
		if (rc == CW_OK)
			rc = enter_tree(look, n, err);
	}
	return rc;
}

int
map_look_init(struct map_look *out, const struct map_plan *plan, struct cw_err *err)
{
	struct cw_str name, value;
	int rc;

	out->n = 0;
	rc = enter_tree(out, plan->artefact->node, err);
	for (size_t i = 0; rc == CW_OK && map_plan_parameter(plan, i, &name, &value); i++)
		rc = enter_text(out, value, err);
	return rc;
}

/* The first instant + duration after now. */
static void
consider(int64_t *best, const struct map_look *look, int64_t instant, int64_t now)
{
	if (instant == MAP_NO_TIME || instant > INT64_MAX / 2 || instant < -INT64_MAX / 2)
		return;
	for (size_t i = 0; i < look->n; i++) {
		/* A window is closed: it has ended one ms later. */
		int64_t at = instant + look->ms[i];

		if (at < now)
			continue;
		at += at == now;
		if (*best == MAP_NO_TIME || at < *best)
			*best = at;
		return;
	}
}

int64_t
map_look_again(const struct map_look *look, const struct map_case *c, int64_t now)
{
	int64_t best = MAP_NO_TIME;

	for (size_t i = 0; i < c->findings; i++) {
		const struct map_finding *f = c->finding[i];
		const int64_t instant[] = { f->when, f->when_latest, f->ends, f->abated,
			f->recorded, f->recorded_latest, f->due, f->received };

		for (size_t k = 0; k < sizeof(instant) / sizeof(instant[0]); k++)
			consider(&best, look, instant[k], now);
		if (f->due != MAP_NO_TIME && f->due >= now &&
		    (best == MAP_NO_TIME || f->due + 1 < best))
			best = f->due + 1;
	}
	/* What lies ahead is not read before its time. */
	for (size_t i = 0; i < c->notes; i++) {
		if (c->note[i].kind == MAP_ISSUE_PARKED &&
		    (best == MAP_NO_TIME || now + DAY < best))
			best = now + DAY;
	}
	return best;
}
