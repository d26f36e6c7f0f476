#include "mappings/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mappings/plan_internal.h"

#define EXTENSION "urn:cordwatch:StructureDefinition:"

void
map_plan_own(struct map_plan *p, struct fhir_path *path)
{
	if (p->owneds == p->owned_cap) {
		p->owned_cap = p->owned_cap == 0 ? 64 : p->owned_cap * 2;
		p->owned = cw_realloc(p->owned, p->owned_cap * sizeof(struct fhir_path *));
	}
	p->owned[p->owneds++] = path;
}

struct remark_at {
	struct map_loader *loader;
	const struct fhir_node *node;
};

void
map_plan_remark_add(struct map_loader *l, const struct fhir_node *node, const char *fmt, ...)
{
	struct map_plan *p = l->plan;
	size_t line, column;
	char text[1024];
	va_list ap;

	if (p->remarks == p->remark_cap) {
		p->remark_cap = p->remark_cap == 0 ? 8 : p->remark_cap * 2;
		p->remark = cw_realloc(p->remark, p->remark_cap * sizeof(struct cw_str));
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	map_artefact_place(l->from, node, &line, &column);
	p->remark[p->remarks++] =
	    cw_fmt(p->arena, "%.*s:%zu: %s", CW_ARG(l->from->file), line, text);
}

static void
remark(void *user, size_t at, const char *text)
{
	struct remark_at *r = user;
	struct cw_str expression = fhir_node_text(r->node, "expression");

	map_plan_remark_add(
	    r->loader, r->node, "%s (position %zu of: %.*s)", text, at, CW_ARG(expression));
}

int
map_plan_compile(struct map_loader *l, struct fhir_path **out, const struct fhir_node *expression,
    const struct fhir_path_type *context)
{
	struct cw_str language = fhir_node_text(expression, "language");
	struct cw_str text = fhir_node_text(expression, "expression");
	struct remark_at at = { l, expression };
	struct fhir_path_options opt = {
		.scope = l->plan->scope,
		.context = *context,
		.strict = true,
		.comparable = true,
		.lint = remark,
		.user = &at,
	};
	struct cw_err why = { 0 };
	int rc;

	if (!cw_str_is(language, "text/fhirpath"))
		return map_artefact_fail(l->err, CW_EUNSUPPORTED, l->from, expression,
		    "the language must be text/fhirpath");
	rc = fhir_path_compile(out, text, &opt, &why);
	if (rc < 0)
		return map_artefact_fail(l->err, rc, l->from,
		    fhir_node_get(expression, "expression"), "%s (position %zu)", why.text,
		    why.column);
	map_plan_own(l->plan, *out);
	return 0;
}

const struct fhir_node *
map_plan_extension_next(const struct fhir_node *extension, const char *url)
{
	for (; extension != NULL; extension = fhir_node_again(extension)) {
		if (cw_str_is(fhir_node_text(extension, "url"), url))
			return extension;
	}
	return NULL;
}

const struct fhir_node *
map_plan_extension(const struct fhir_node *node, const char *url)
{
	return map_plan_extension_next(fhir_node_get(node, "extension"), url);
}

int
map_plan_duration(const struct fhir_quantity *q, int64_t *ms)
{
	static const int64_t unit_ms[] = {
		[FHIR_CAL_WEEK] = 7 * INT64_C(86400000),
		[FHIR_CAL_DAY] = INT64_C(86400000),
		[FHIR_CAL_HOUR] = 3600000,
		[FHIR_CAL_MINUTE] = 60000,
		[FHIR_CAL_SECOND] = 1000,
		[FHIR_CAL_MILLISECOND] = 1,
	};
	enum fhir_calendar unit;
	int64_t n;

	if (fhir_quantity_duration(q, &n, &unit) < 0 ||
	    (size_t)unit >= sizeof(unit_ms) / sizeof(unit_ms[0]) || unit_ms[unit] == 0 || n < 0 ||
	    n > INT64_MAX / 4 / unit_ms[unit])
		return CW_ETYPE;
	*ms = n * unit_ms[unit];
	return 0;
}

int
map_plan_gap(
    const struct fhir_path *path, struct fhir_path_session *s, int64_t *ms, struct cw_err *err)
{
	struct fhir_coll c;
	int rc;

	*ms = 0;
	if (path == NULL)
		return 0;
	rc = fhir_path_eval(path, s, NULL, 0, &c, err);
	if (rc < 0)
		return rc;
	if (c.n != 1 || c.item[0].kind != FHIR_ITEM_QUANTITY ||
	    map_plan_duration(c.item[0].quantity, ms) < 0)
		return cw_fail(err, CW_ETYPE, "a gap must be a duration of weeks or shorter");
	return 0;
}

/* With the parameters as they are by default, is the gap a duration? */
static int
check_gap(struct map_loader *l, const struct fhir_path *path, const struct fhir_node *at)
{
	struct cw_arena *scratch = cw_arena_new(1 << 20);
	struct fhir_path_env env = { .arena = scratch, .scope = l->plan->scope };
	struct fhir_path_session *s = fhir_path_session_new(&env);
	struct cw_err why = { 0 };
	int64_t ms;
	int rc;

	map_plan_bind_parameters(l->plan, s);
	rc = map_plan_gap(path, s, &ms, &why);
	cw_arena_free(scratch);
	return rc < 0 ? map_artefact_fail(l->err, rc, l->from, at, "%s", why.text) : 0;
}

void
map_plan_bind_parameters(const struct map_plan *p, struct fhir_path_session *s)
{
	for (size_t i = 0; i < p->variables; i++) {
		if (p->variable[i].parameter)
			fhir_path_set(s, p->variable[i].slot, &p->variable[i].value, 1, 0);
	}
}

/* What starts a run and what belongs to an episode: a sub-extension each, with a gap. */
static int
load_span(struct map_loader *l, const char *url, const char *what, struct fhir_path **predicate,
    struct fhir_path **gap)
{
	struct fhir_path_type fact = fhir_path_type_class(&l->plan->fact_class);
	struct fhir_path_type nothing = { .kind = FHIR_ITEM_ANY };
	const struct fhir_node *e = map_plan_extension(l->plan->artefact->node, url);
	const struct fhir_node *p = map_plan_extension(e, what);
	const struct fhir_node *g = map_plan_extension(e, "gap");
	int rc;

	if (e == NULL)
		return 0;
	if (p == NULL || g == NULL)
		return map_artefact_fail(
		    l->err, CW_EVALUE, l->from, e, "the extension needs \"%s\" and \"gap\"", what);
	rc = map_plan_compile(l, predicate, fhir_node_get(p, "valueExpression"), &fact);
	if (rc == 0)
		rc = map_plan_check_derived(l, fhir_node_get(p, "valueExpression"));
	if (rc == 0)
		rc = map_plan_compile(l, gap, fhir_node_get(g, "valueExpression"), &nothing);
	return rc < 0 ? rc : check_gap(l, *gap, g);
}

static int
load_spans(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	int rc = load_span(l, EXTENSION "run", "restart", &p->restart, &p->run_gap_path);

	if (rc == 0)
		rc = load_span(l, EXTENSION "episode", "member", &p->member, &p->episode_gap_path);
	return rc;
}

static int
declare(struct map_plan *p, const char *name, const struct fhir_class *cls,
    enum fhir_item_kind kind, size_t *slot, struct cw_err *err)
{
	struct fhir_path_type type = { .kind = kind };
	int rc;

	if (cls != NULL)
		type = fhir_path_type_class(cls);
	type.many = false;
	rc = fhir_path_scope_declare(p->scope, cw_str(name), &type, slot, err);
	if (rc == 0)
		fhir_path_scope_vary(p->scope, *slot);
	return rc;
}

/* Everything, in the order in which names may be used. */
static int
load(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	int rc = map_plan_load_variables(l, true);

	if (rc == 0)
		rc = declare(
		    p, "patient", &map_patient_class, FHIR_ITEM_RECORD, &p->patient_slot, l->err);
	if (rc == 0)
		rc = map_plan_load_elements(l);
	if (rc == 0)
		rc = declare(
		    p, "finding", &p->fact_class, FHIR_ITEM_RECORD, &p->finding_slot, l->err);
	if (rc == 0)
		rc = load_spans(l);
	if (rc == 0)
		rc = map_plan_load_orders(l);
	if (rc == 0)
		rc = map_plan_find_actions(l);
	if (rc == 0)
		rc = map_plan_check_ids(l);
	if (rc == 0)
		rc = map_plan_load_actions(l, true);
	if (rc == 0)
		rc = map_plan_check_early(l);
	if (rc == 0)
		rc = map_plan_load_inputs(l);
	if (rc == 0)
		rc = map_plan_load_variables(l, false);
	if (rc == 0)
		rc = map_plan_load_actions(l, false);
	if (rc == 0)
		rc = map_plan_index(l);
	if (rc == 0)
		map_plan_lint(l);
	return rc;
}

/* The one active PlanDefinition. */
static int
find_plan(struct map_plan *p, struct cw_err *err)
{
	for (size_t i = 0; i < map_package_count(p->package); i++) {
		const struct map_artefact *a = map_package_at(p->package, i);

		if (!a->active || !cw_str_is(a->type, "PlanDefinition"))
			continue;
		if (p->artefact != NULL)
			return cw_fail(err, CW_EVALUE, "two PlanDefinitions: %.*s and %.*s",
			    CW_ARG(p->artefact->file), CW_ARG(a->file));
		p->artefact = a;
	}
	if (p->artefact == NULL)
		return cw_fail(err, CW_ENOTFOUND, "the packages hold no PlanDefinition");
	p->canonical =
	    cw_fmt(p->arena, "%.*s|%.*s", CW_ARG(p->artefact->url), CW_ARG(p->artefact->version));
	return 0;
}

/* A Parameters resource overrides parameters by name: the site's numbers. */
static int
apply_parameters(struct map_plan *p, struct cw_err *err)
{
	for (size_t i = 0; i < map_package_count(p->package); i++) {
		const struct map_artefact *a = map_package_at(p->package, i);
		const struct fhir_node *n = NULL;

		if (a->active && cw_str_is(a->type, "Parameters"))
			n = fhir_node_get(a->node, "parameter");
		for (; n != NULL; n = fhir_node_again(n)) {
			struct cw_str value = fhir_node_text(n, "valueString");
			struct cw_err why = { 0 };

			if (value.s == NULL)
				value = fhir_node_text(n, "valueInteger");
			if (value.s == NULL)
				value = fhir_node_text(n, "valueDecimal");
			if (value.s == NULL)
				value = fhir_node_text(n, "valueCode");
			if (map_plan_set(p, fhir_node_text(n, "name"), value, &why) < 0)
				return map_artefact_fail(err, why.code, a, n, "%s", why.text);
		}
	}
	return 0;
}

int
map_plan_new(struct map_plan **out, const struct map_package *package,
    const struct map_terminology *terms, struct cw_err *err)
{
	struct map_plan *p = cw_calloc(1, sizeof(*p));
	struct map_loader l = { .plan = p, .err = err };
	int rc;

	*out = NULL;
	p->arena = cw_arena_new(0);
	p->package = package;
	p->terms = terms;
	p->scope = fhir_path_scope_new();
	rc = find_plan(p, err);
	if (rc < 0)
		goto out;
	l.from = p->artefact;
	rc = load(&l);
	if (rc < 0)
		goto out;
	rc = apply_parameters(p, err);
out:
	if (rc < 0) {
		map_plan_free(p);
		return rc;
	}
	*out = p;
	return 0;
}

void
map_plan_free(struct map_plan *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->owneds; i++)
		fhir_path_free(p->owned[i]);
	free(p->owned);
	free(p->remark);
	fhir_path_scope_free(p->scope);
	cw_arena_free(p->arena);
	free(p);
}

struct cw_str
map_plan_canonical(const struct map_plan *plan)
{
	return plan->canonical;
}

size_t
map_plan_rules(const struct map_plan *plan)
{
	return plan->rules;
}

bool
map_plan_has_rule(const struct map_plan *plan, struct cw_str id)
{
	for (size_t i = 0; i < plan->rules; i++) {
		if (cw_str_eq(plan->rule[i].id, id))
			return true;
	}
	return false;
}

size_t
map_plan_controls(const struct map_plan *plan)
{
	return plan->controls;
}

bool
map_plan_parameter(const struct map_plan *p, size_t i, struct cw_str *name, struct cw_str *value)
{
	for (size_t v = 0; v < p->variables; v++) {
		if (!p->variable[v].parameter || i-- > 0)
			continue;
		*name = p->variable[v].name;
		*value = p->variable[v].text;
		return true;
	}
	return false;
}

bool
map_plan_remark(const struct map_plan *plan, size_t i, struct cw_str *text)
{
	if (i >= plan->remarks)
		return false;
	*text = plan->remark[i];
	return true;
}

static size_t
digits(struct cw_str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && s.s[at + n] >= '0' && s.s[at + n] <= '9')
		n++;
	return n;
}

int
map_label_cmp(struct cw_str a, struct cw_str b)
{
	size_t i = 0, j = 0;

	while (i < a.n && j < b.n) {
		size_t m = digits(a, i), n = digits(b, j);
		int c;

		if (m > 0 && n > 0 && m != n)
			return m < n ? -1 : 1;
		if (a.s[i] != b.s[j]) {
			c = (unsigned char)a.s[i] < (unsigned char)b.s[j] ? -1 : 1;
			return c;
		}
		i++;
		j++;
	}
	return (a.n - i > b.n - j) - (a.n - i < b.n - j);
}

/* Skip a string or a comment that starts at i; i itself when none does. */
static size_t
skip_text(struct cw_str s, size_t i)
{
	if (s.s[i] == '\'') {
		for (i++; i < s.n && s.s[i] != '\''; i++)
			i += s.s[i] == '\\';
		return i + 1;
	}
	if (i + 1 < s.n && s.s[i] == '/' && s.s[i + 1] == '/') {
		while (i < s.n && s.s[i] != '\n')
			i++;
		return i;
	}
	if (i + 1 < s.n && s.s[i] == '/' && s.s[i + 1] == '*') {
		for (i += 2; i + 1 < s.n && !(s.s[i] == '*' && s.s[i + 1] == '/'); i++)
			;
		return i + 2;
	}
	return i;
}

static bool
name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

bool
map_plan_next_word(struct cw_str s, size_t *at, struct cw_str *word)
{
	for (size_t i = *at; i < s.n; i++) {
		size_t after = skip_text(s, i), end = i;

		if (after != i) {
			i = after - 1;
			continue;
		}
		while (end < s.n && name_char(s.s[end]))
			end++;
		*word = (struct cw_str){ s.s + i, end - i };
		*at = end;
		if (word->n > 0 && (i == 0 || s.s[i - 1] != '%'))
			return true;
		i = end > i ? end - 1 : i;
	}
	*at = s.n;
	return false;
}

bool
map_plan_next_name(struct cw_str s, size_t *at, struct cw_str *name)
{
	size_t i = *at, end;

	while (i < s.n) {
		size_t after = skip_text(s, i);

		if (after != i) {
			i = after;
			continue;
		}
		if (s.s[i++] != '%')
			continue;
		if (i < s.n && (s.s[i] == '`' || s.s[i] == '\'')) {
			for (end = i + 1; end < s.n && s.s[end] != s.s[i]; end++)
				;
			*name = (struct cw_str){ s.s + i + 1, end - i - 1 };
			*at = end + 1;
			return true;
		}
		for (end = i; end < s.n && name_char(s.s[end]); end++)
			;
		*name = (struct cw_str){ s.s + i, end - i };
		*at = end;
		if (name->n > 0)
			return true;
	}
	*at = s.n;
	return false;
}
