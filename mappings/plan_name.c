/* plan_name: the names that a plan's expressions use: parameters, named expressions, elements,
 * inputs. */
#include <stdlib.h>
#include <string.h>

#include "fhir/quantity.h"
#include "mappings/plan_internal.h"

#define VARIABLE "http://hl7.org/fhir/StructureDefinition/variable"
#define ELEMENT "urn:cordwatch:StructureDefinition:element"
#define CITATION "urn:cordwatch:StructureDefinition:citation"
#define TITLE "urn:cordwatch:StructureDefinition:title"
#define ALLOWED "urn:cordwatch:StructureDefinition:allowed"
#define FINDING "urn:cordwatch:CodeSystem:finding"

static size_t
count_extensions(const struct fhir_node *node, const char *url)
{
	const struct fhir_node *e = map_plan_extension(node, url);
	size_t n = 0;

	while (e != NULL) {
		n++;
		e = map_plan_extension_next(fhir_node_again(e), url);
	}
	return n;
}

/* A parameter is one literal: a number, a quoted word, or a number with a unit: a word of time or
 * quoted UCUM. */
static bool
is_literal(struct cw_str s)
{
	size_t i = 0;

	if (s.n >= 2 && s.s[0] == '\'')
		return memchr(s.s + 1, '\'', s.n - 2) == NULL && s.s[s.n - 1] == '\'';
	while (i < s.n && ((s.s[i] >= '0' && s.s[i] <= '9') || s.s[i] == '.'))
		i++;
	if (i == 0)
		return false;
	if (i + 3 < s.n && s.s[i] == ' ' && s.s[i + 1] == '\'')
		return memchr(s.s + i + 2, '\'', s.n - i - 3) == NULL && s.s[s.n - 1] == '\'';
	while (i < s.n && (s.s[i] == ' ' || (s.s[i] >= 'a' && s.s[i] <= 'z')))
		i++;
	return i == s.n;
}

/* Every variable says what it is, in plain words, and where it comes from. */
static int
check_words(struct map_loader *l, const struct fhir_node *expression)
{
	const char *missing = NULL;

	if (map_plan_extension(expression, CITATION) == NULL)
		missing = "a citation";
	if (fhir_node_text(expression, "description").n == 0)
		missing = "a description";
	if (map_plan_extension(expression, TITLE) == NULL)
		missing = "a title";
	if (fhir_node_text(expression, "name").n == 0)
		missing = "a name";
	if (missing == NULL)
		return 0;
	return map_artefact_fail(
	    l->err, CW_EVALUE, l->from, expression, "the variable needs %s", missing);
}

/* Evaluate a literal once; the value lives as long as the plan. */
static int
literal_value(struct map_plan *p, struct fhir_path *path, struct fhir_item *out, struct cw_err *err)
{
	struct fhir_path_env env = { .arena = p->arena, .scope = p->scope };
	struct fhir_path_session *s = fhir_path_session_new(&env);
	struct fhir_coll *c = cw_alloc(p->arena, sizeof(*c));
	int rc = fhir_path_eval(path, s, NULL, 0, c, err);

	if (rc < 0)
		return rc;
	if (c->n != 1)
		return cw_fail(err, CW_EVALUE, "a parameter needs one value");
	*out = c->item[0];
	return 0;
}

static int
make_probe(struct map_plan *p, struct map_variable *v, struct cw_err *err)
{
	struct fhir_path_options opt = { .scope = p->scope, .strict = true };
	int rc;

	opt.context.kind = FHIR_ITEM_ANY;
	rc = fhir_path_compile(&v->probe, cw_fmt(p->arena, "%%`%.*s`", CW_ARG(v->name)), &opt, err);
	if (rc == 0)
		map_plan_own(p, v->probe);
	return rc;
}

static int
load_variable(struct map_loader *l, const struct fhir_node *expression, bool parameter)
{
	struct map_plan *p = l->plan;
	struct map_variable *v = &p->variable[p->variables];
	struct fhir_path_type nothing = { .kind = FHIR_ITEM_ANY };
	struct fhir_path_type type;
	int rc = check_words(l, expression);

	v->name = fhir_node_text(expression, "name");
	v->parameter = parameter;
	v->node = expression;
	v->text = fhir_node_text(expression, "expression");
	if (rc == 0)
		rc = map_plan_compile(l, &v->path, expression, &nothing);
	if (rc < 0)
		return rc;
	type = fhir_path_type(v->path);
	if (parameter) {
		rc = literal_value(p, v->path, &v->value, l->err);
		if (rc == 0)
			rc = fhir_path_scope_declare(p->scope, v->name, &type, &v->slot, l->err);
	} else {
		rc = fhir_path_scope_define(p->scope, v->name, v->path, &v->slot, l->err);
	}
	if (rc < 0) {
		l->err->code = 0;
		return map_artefact_fail(l->err, rc, l->from, expression,
		    "%%%.*s is taken, reserved or has no value", CW_ARG(v->name));
	}
	p->variables++;
	return parameter ? 0 : make_probe(p, v, l->err);
}

int
map_plan_load_variables(struct map_loader *l, bool parameters)
{
	const struct fhir_node *e = map_plan_extension(l->plan->artefact->node, VARIABLE);
	int rc = 0;

	if (l->plan->variable == NULL)
		l->plan->variable = cw_alloc(
		    l->plan->arena, (count_extensions(l->plan->artefact->node, VARIABLE) + 1) *
					sizeof(*l->plan->variable));
	for (; e != NULL && rc == 0; e = map_plan_extension_next(fhir_node_again(e), VARIABLE)) {
		const struct fhir_node *expression = fhir_node_get(e, "valueExpression");

		if (is_literal(fhir_node_text(expression, "expression")) == parameters)
			rc = load_variable(l, expression, parameters);
	}
	return rc;
}

static enum fhir_item_kind
kind_named(struct cw_str type)
{
	static const struct {
		const char *name;
		enum fhir_item_kind kind;
	} kinds[] = { { "boolean", FHIR_ITEM_BOOLEAN }, { "integer", FHIR_ITEM_INTEGER },
		{ "decimal", FHIR_ITEM_DECIMAL }, { "string", FHIR_ITEM_STRING },
		{ "code", FHIR_ITEM_STRING }, { "dateTime", FHIR_ITEM_DATETIME },
		{ "Quantity", FHIR_ITEM_QUANTITY } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (cw_str_is(type, kinds[i].name))
			return kinds[i].kind;
	}
	return FHIR_ITEM_ANY;
}

/* Elements past those of the logical model are the plan's, worked out once a decision. */
static bool
get_element(const void *record, size_t element, size_t i, struct fhir_item *out)
{
	const struct map_fact *fact = record;
	const struct fhir_item *values = fact->plan_values;
	const struct fhir_item *value;

	if (element < map_fact_class.count)
		return map_fact_class.get(record, element, i, out);
	if (i > 0 || values == NULL)
		return false;
	value = &values[element - map_fact_class.count];
	if (value->kind == FHIR_ITEM_ANY)
		return false;
	*out = *value;
	return true;
}

static char *
terminated(struct cw_arena *a, struct cw_str s)
{
	char *copy = cw_alloc(a, s.n + 1);

	memcpy(copy, s.s, s.n);
	return copy;
}

/* Is it a new name, of a type that there is, and does the expression give that type? */
static int
check_element(struct map_loader *l, const struct fhir_node *extension,
    const struct fhir_node *expression, struct cw_str name, const struct fhir_path *path)
{
	struct cw_str word = fhir_node_text(map_plan_extension(extension, "type"), "valueCode");
	enum fhir_item_kind kind = kind_named(word), given = fhir_path_type(path).kind;
	const struct fhir_class *cls = &l->plan->fact_class;

	for (size_t i = 0; i < cls->count; i++) {
		if (cw_str_is(name, cls->element[i].name))
			return map_artefact_fail(l->err, CW_EVALUE, l->from, expression,
			    "Finding already has an element '%.*s'", CW_ARG(name));
	}
	if (kind == FHIR_ITEM_ANY)
		return map_artefact_fail(l->err, CW_EVALUE, l->from, extension,
		    "\"%.*s\" is no type of an element", CW_ARG(word));
	if (given != FHIR_ITEM_ANY && given != kind &&
	    !(kind == FHIR_ITEM_DECIMAL && given == FHIR_ITEM_INTEGER))
		return map_artefact_fail(l->err, CW_ETYPE, l->from, expression,
		    "the expression does not give a %.*s", CW_ARG(word));
	return 0;
}

int
map_plan_load_elements(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	size_t n = count_extensions(p->artefact->node, ELEMENT), i = 0;
	struct fhir_class_element *list =
	    cw_alloc(p->arena, (map_fact_class.count + n) * sizeof(*list));
	const struct fhir_node *e = map_plan_extension(p->artefact->node, ELEMENT);
	struct fhir_path_type fact;
	int rc = 0;

	memcpy(list, map_fact_class.element, map_fact_class.count * sizeof(*list));
	p->fact_class = map_fact_class;
	p->fact_class.get = get_element;
	p->fact_class.element = list;
	fact = fhir_path_type_class(&p->fact_class);
	p->element = cw_alloc(p->arena, (n + 1) * sizeof(*p->element));
	for (; e != NULL && rc == 0;
	     e = map_plan_extension_next(fhir_node_again(e), ELEMENT), i++) {
		const struct fhir_node *x =
		    fhir_node_get(map_plan_extension(e, "value"), "valueExpression");
		struct cw_str name = fhir_node_text(x, "name");

		rc = check_words(l, x);
		if (rc == 0)
			rc = map_plan_compile(l, &p->element[i].path, x, &fact);
		if (rc == 0)
			rc = check_element(l, e, x, name, p->element[i].path);
		if (rc == 0)
			rc = map_plan_check_derived(l, x);
		p->element[i].name = name;
		list[map_fact_class.count + i] = (struct fhir_class_element){
			.name = rc == 0 ? terminated(p->arena, name) : "",
			.kind =
			    kind_named(fhir_node_text(map_plan_extension(e, "type"), "valueCode")),
		};
		p->fact_class.count = map_fact_class.count + i + 1;
	}
	p->elements = i;
	return rc;
}

/* One codeFilter: path code or role or present, with codes or (for code) a value set. */
static int
read_filter(struct map_loader *l, struct map_input *in, const struct fhir_node *filter)
{
	static const char *const roles[] = { "finding", "question", "context", "weak" };
	struct cw_str path = fhir_node_text(filter, "path");
	struct cw_str set = fhir_node_text(filter, "valueSet");
	const struct map_concept *const *listed;
	ptrdiff_t n;

	if (cw_str_is(path, "role"))
		in->roles = 0;
	if (cw_str_is(path, "code") && set.n > 0) {
		n = map_terminology_value_set(l->plan->terms, set, &listed);
		if (n < 0)
			return map_artefact_fail(l->err, CW_ENOTFOUND, l->from, filter,
			    "no ValueSet %.*s over findings", CW_ARG(set));
		if (n == 0)
			return map_artefact_fail(l->err, CW_ENOTFOUND, l->from, filter,
			    "the ValueSet %.*s holds no finding", CW_ARG(set));
		while (n-- > 0)
		in->concept[listed[n]->index] = true;
	}
	for (const struct fhir_node *c = fhir_node_get(filter, "code"); c != NULL;
	     c = fhir_node_again(c)) {
		struct cw_str code = fhir_node_text(c, "code");
		const struct map_concept *concept = map_terminology_concept(l->plan->terms, code);
		unsigned r = 0;

		if (cw_str_is(path, "code") && concept != NULL) {
			in->concept[concept->index] = true;
			continue;
		}
		while (r < 4 && !cw_str_is(code, roles[r]))
			r++;
		if (cw_str_is(path, "role") && r < 4)
			in->roles |= 1u << r;
		else if (cw_str_is(path, "present") && cw_str_is(code, "false"))
			in->negated = true;
		else if (!cw_str_is(path, "present") || !cw_str_is(code, "true"))
			return map_artefact_fail(l->err, CW_ENOTFOUND, l->from, c,
			    "%.*s is no finding, role or presence", CW_ARG(code));
	}
	return 0;
}

static int
load_input(struct map_loader *l, const struct fhir_node *node)
{
	struct map_plan *p = l->plan;
	struct map_input *in = &p->input[p->inputs];
	struct fhir_path_type type = fhir_path_type_class(&p->fact_class);
	const struct fhir_node *filter = fhir_node_get(node, "codeFilter");
	int rc = 0;

	in->id = fhir_node_text(node, "id");
	in->concept = cw_alloc(p->arena, map_terminology_concepts(p->terms) + 1);
	in->roles = 1u << MAP_ROLE_FINDING | 1u << MAP_ROLE_QUESTION | 1u << MAP_ROLE_CONTEXT;
	if (in->id.n == 0 || filter == NULL)
		return map_artefact_fail(
		    l->err, CW_EVALUE, l->from, node, "an input needs an id and a codeFilter");
	for (; filter != NULL && rc == 0; filter = fhir_node_again(filter))
		rc = read_filter(l, in, filter);
	if (rc < 0)
		return rc;
	type.many = true;
	if (fhir_path_scope_declare(p->scope, in->id, &type, &in->slot, NULL) < 0)
		return map_artefact_fail(l->err, CW_EVALUE, l->from, node,
		    "%%%.*s is taken or reserved", CW_ARG(in->id));
	p->inputs++;
	return 0;
}

static size_t
count_inputs(const struct fhir_node *action)
{
	size_t n = 0;

	for (; action != NULL; action = fhir_node_again(action)) {
		const struct fhir_node *in = fhir_node_get(action, "input");

		for (; in != NULL; in = fhir_node_again(in))
			n++;
		n += count_inputs(fhir_node_get(action, "action"));
	}
	return n;
}

static int
load_inputs_of(struct map_loader *l, const struct fhir_node *action)
{
	int rc = 0;

	for (; action != NULL && rc == 0; action = fhir_node_again(action)) {
		const struct fhir_node *in = fhir_node_get(action, "input");

		for (; in != NULL && rc == 0; in = fhir_node_again(in))
			rc = load_input(l, in);
		if (rc == 0)
			rc = load_inputs_of(l, fhir_node_get(action, "action"));
	}
	return rc;
}

int
map_plan_load_inputs(struct map_loader *l)
{
	struct map_plan *p = l->plan;
	const struct fhir_node *actions = fhir_node_get(p->artefact->node, "action");

	p->input = cw_alloc(p->arena, (count_inputs(actions) + 1) * sizeof(*p->input));
	return load_inputs_of(l, actions);
}

/* "28d", "24h" and "4 mmol/L" as FHIRPath writes them; numbers stay, words are quoted. */
static struct cw_str
as_literal(struct cw_arena *a, struct cw_str value)
{
	static const struct {
		const char *letter, *word;
	} units[] = { { "d", "days" }, { "h", "hours" }, { "min", "minutes" }, { "w", "weeks" } };
	size_t n = 0;
	struct cw_str unit;

	while (n < value.n && ((value.s[n] >= '0' && value.s[n] <= '9') || value.s[n] == '.'))
		n++;
	unit = (struct cw_str){ value.s + n, value.n - n };
	if (n > 0 && unit.n == 0)
		return value;
	if (n > 0 && unit.n > 1 && unit.s[0] == ' ' && memchr(unit.s, '\'', unit.n) == NULL)
		return cw_fmt(a, "%.*s '%.*s'", (int)n, value.s, (int)unit.n - 1, unit.s + 1);
	for (size_t i = 0; n > 0 && i < sizeof(units) / sizeof(units[0]); i++) {
		if (cw_str_is(unit, units[i].letter))
			return cw_fmt(a, "%.*s %s", (int)n, value.s, units[i].word);
	}
	for (size_t i = 0; i < value.n; i++) {
		if (value.s[i] == '\'' || value.s[i] == '\\' || (unsigned char)value.s[i] < ' ')
			return (struct cw_str){ NULL, 0 };
	}
	return cw_fmt(a, "'%.*s'", CW_ARG(value));
}

/* A parameter whose words are listed takes no other. */
static bool
is_allowed(const struct map_variable *v, struct cw_str value)
{
	const struct fhir_node *e = map_plan_extension(v->node, ALLOWED);

	if (e == NULL)
		return true;
	for (; e != NULL; e = map_plan_extension_next(fhir_node_again(e), ALLOWED)) {
		if (cw_str_eq(fhir_node_text(e, "valueCode"), value))
			return true;
	}
	return false;
}

/* Of the same kind, and if a quantity, of a unit that compares. */
static bool
is_alike(const struct fhir_item *a, const struct fhir_item *b)
{
	bool numbers = (a->kind == FHIR_ITEM_INTEGER || a->kind == FHIR_ITEM_DECIMAL) &&
		       (b->kind == FHIR_ITEM_INTEGER || b->kind == FHIR_ITEM_DECIMAL);

	if (a->kind == FHIR_ITEM_QUANTITY && b->kind == FHIR_ITEM_QUANTITY)
		return fhir_quantity_relate(a->quantity, b->quantity) <= FHIR_UNITS_CONVERT;
	return numbers || a->kind == b->kind;
}

int
map_plan_set(struct map_plan *p, struct cw_str name, struct cw_str value, struct cw_err *err)
{
	struct fhir_path_options opt = { .scope = p->scope, .strict = true };
	struct map_variable *v = NULL;
	struct fhir_path *path = NULL;
	struct fhir_item item;
	struct cw_str text;
	int rc;

	for (size_t i = 0; i < p->variables; i++) {
		if (p->variable[i].parameter && cw_str_eq(p->variable[i].name, name))
			v = &p->variable[i];
	}
	if (v == NULL)
		return cw_fail(
		    err, CW_ENOTFOUND, "the plan has no parameter \"%.*s\"", CW_ARG(name));
	opt.context.kind = FHIR_ITEM_ANY;
	text = value.n == 0 ? value : as_literal(p->arena, value);
	rc = text.n == 0 || !is_allowed(v, value) ? CW_EVALUE
						  : fhir_path_compile(&path, text, &opt, NULL);
	if (rc == 0)
		rc = literal_value(p, path, &item, NULL);
	if (rc == 0 && !is_alike(&item, &v->value))
		rc = CW_EVALUE;
	if (path != NULL)
		map_plan_own(p, path);
	if (rc < 0)
		return cw_fail(err, CW_EVALUE,
		    "parameter \"%.*s\" takes a value like its default, %.*s", CW_ARG(name),
		    CW_ARG(v->text));
	v->value = item;
	v->text = cw_str_dup(p->arena, text);
	return 0;
}
