/* The official FHIRPath suite (tests-fhir-r5.xml), run on the R4 tables; inputs are JSON, or XML of
 * elements without attributes but "value" turned into JSON.
 *
 * usage: fhirpath_suite [NAME]
 *
 * Every test counts: what is skipped has failed.
 * $top_srcdir/tests/suite/fhirpath-known-failures.txt has one `group/name<TAB>reason` a line and
 * may only shrink: a listed test that passes is a failure, as is an unlisted one that fails. With
 * NAME (group/name, or part of it) those tests are shown and nothing is judged. */
#include "fhir/json.h"
#include "fhir/path.h"
#include "fhir/quantity.h"
#include "fhir/types.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* 2026-06-25T12:00:00Z: any fixed instant will do. */
static const int64_t NOW_MS = 1782388800000;
enum { MAX_INPUTS = 32, ARENA = 256 << 20 };

struct input {
	char name[80];
	char *text;
	const struct fhir_node *root;
};

struct suite {
	char folder[512];
	struct input input[MAX_INPUTS];
	size_t inputs;
	struct cw_arena *trees;
	struct cw_map *known; /* name -> reason */
	const char *only;
	unsigned run, passed, unexpected;
};

struct test {
	xmlNode *node;
	char name[160];
	char *expression;
	char *mode, *invalid, *predicate, *ordered, *skip_check;
};

static char *
attribute(xmlNode *n, const char *name)
{
	return (char *)xmlGetProp(n, (const xmlChar *)name);
}

static bool
is(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

static bool
is_element(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

static char *
slurp(const char *file, size_t *n)
{
	FILE *f = fopen(file, "rb");
	char *text = NULL;
	long size;

	if (!f)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
		rewind(f);
		text = cw_malloc((size_t)size + 1);
		*n = fread(text, 1, (size_t)size, f);
		text[*n] = '\0';
	}
	fclose(f);
	return text;
}

/* --- an input that exists in XML only, as JSON --- */

static void
put_string(struct cw_buf *b, const char *s)
{
	cw_buf_putc(b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			cw_buf_putc(b, '\\');
		if ((unsigned char)*s < 0x20)
			cw_buf_printf(b, "\\u%04x", (unsigned)(unsigned char)*s);
		else
			cw_buf_putc(b, *s);
	}
	cw_buf_putc(b, '"');
}

static bool put_object(struct cw_buf *b, xmlNode *n, unsigned type);

/* One value; a primitive with id or extension, and xhtml, are not done here. */
static bool
put_value(struct cw_buf *b, xmlNode *n, const struct fhir_elem *e)
{
	const struct fhir_model *m = fhir_model_r4();
	struct fhir_type_info type;
	char *value;

	if (e->resource) {
		n = xmlFirstElementChild(n);
		return n && put_object(b, n, fhir_type_find(m, cw_str((const char *)n->name)));
	}
	fhir_type_describe(m, e->type, &type);
	if (type.kind != FHIR_TYPE_PRIMITIVE)
		return put_object(b, n, e->type);
	value = attribute(n, "value");
	if (value && type.json == FHIR_STRING)
		put_string(b, value);
	else if (value)
		cw_buf_puts(b, value);
	xmlFree(value);
	return value && !n->children && !cw_str_is(type.name, "xhtml");
}

static bool
put_object(struct cw_buf *b, xmlNode *n, unsigned type)
{
	const struct fhir_model *m = fhir_model_r4();
	const xmlNode *last = NULL;
	bool ok = type != 0 && (!n->properties || n->parent->type == XML_DOCUMENT_NODE);
	bool array = false;

	cw_buf_putc(b, '{');
	if (fhir_type_is_resource(m, type)) {
		cw_buf_puts(b, "\"resourceType\":");
		put_string(b, (const char *)n->name);
	}
	for (xmlNode *k = xmlFirstElementChild(n); k && ok; k = xmlNextElementSibling(k)) {
		struct fhir_elem e;
		bool more = last && is((const char *)k->name, (const char *)last->name);

		ok = fhir_type_element(m, type, cw_str((const char *)k->name), &e);
		if (array && !more)
			cw_buf_putc(b, ']');
		if (b->s[b->n - 1] != '{')
			cw_buf_putc(b, ',');
		if (!more) {
			put_string(b, (const char *)k->name);
			cw_buf_puts(b, ok && e.array ? ":[" : ":");
		}
		array = ok && e.array;
		ok = ok && put_value(b, k, &e);
		last = k;
	}
	cw_buf_puts(b, array ? "]}" : "}");
	return ok;
}

/* The JSON of inputs-xml/NAME.xml, or NULL. */
static char *
translate(const struct suite *s, const char *name, size_t *size)
{
	char file[700], *text = NULL;
	struct cw_buf b;
	xmlDoc *doc;
	xmlNode *root;

	snprintf(file, sizeof(file), "%s/inputs-xml/%s.xml", s->folder, name);
	doc = xmlReadFile(file, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	root = doc ? xmlDocGetRootElement(doc) : NULL;
	cw_buf_init(&b, 16 << 20);
	if (root && put_object(&b, root,
			fhir_type_find(fhir_model_r4(), cw_str((const char *)root->name)))) {
		text = cw_strdup(b.s);
		*size = b.n;
	}
	cw_buf_fini(&b);
	xmlFreeDoc(doc);
	return text;
}

/* An input as JSON, from its JSON twin where there is one; NULL when it cannot be had. */
static const struct fhir_node *
load(struct suite *s, const char *name)
{
	struct input *in;
	struct cw_err err = { 0 };
	char file[700];
	size_t n = strlen(name), size = 0;

	if (n > 4 && (strcmp(name + n - 4, ".xml") == 0))
		n -= 4;
	else if (n > 5)
		n -= 5;
	for (size_t i = 0; i < s->inputs; i++) {
		if (strlen(s->input[i].name) == n && memcmp(s->input[i].name, name, n) == 0)
			return s->input[i].root;
	}
	if (s->inputs == MAX_INPUTS)
		return NULL;
	in = &s->input[s->inputs++];
	snprintf(in->name, sizeof(in->name), "%.*s", (int)n, name);
	snprintf(file, sizeof(file), "%s/inputs-json/%s.json", s->folder, in->name);
	in->text = slurp(file, &size);
	if (!in->text)
		in->text = translate(s, in->name, &size);
	if (in->text &&
	    fhir_json_read(&in->root, (struct cw_str){ in->text, size }, s->trees, NULL, &err))
		printf("%s: %zu:%zu: %s\n", file, err.line, err.column, err.text);
	return in->root;
}

/* --- comparing --- */

static bool
same_decimal(struct cw_str text, const struct fhir_item *got)
{
	struct fhir_decimal want, d;

	if (got->kind == FHIR_ITEM_DECIMAL)
		d = *got->decimal;
	else if (got->kind == FHIR_ITEM_INTEGER || got->kind == FHIR_ITEM_LONG)
		d = fhir_decimal_from_int(got->i);
	else
		return false;
	return fhir_decimal_parse(text, &want, NULL) == 0 &&
	       fhir_decimal_compare(&want, &d) == FHIR_EQUAL && want.scale == d.scale;
}

static bool
same_quantity(struct cw_str text, const struct fhir_item *got)
{
	struct fhir_quantity want;

	return got->kind == FHIR_ITEM_QUANTITY && fhir_quantity_parse(text, &want, NULL) == 0 &&
	       fhir_quantity_compare(&want, got->quantity) == FHIR_EQUAL &&
	       want.value.scale == got->quantity->value.scale;
}

static enum fhir_item_kind
kind_of(const char *type)
{
	static const struct {
		const char *name;
		enum fhir_item_kind kind;
	} kinds[] = { { "boolean", FHIR_ITEM_BOOLEAN }, { "integer", FHIR_ITEM_INTEGER },
		{ "decimal", FHIR_ITEM_DECIMAL }, { "string", FHIR_ITEM_STRING },
		{ "date", FHIR_ITEM_DATE }, { "dateTime", FHIR_ITEM_DATETIME },
		{ "time", FHIR_ITEM_TIME }, { "Quantity", FHIR_ITEM_QUANTITY } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (is(type, kinds[i].name))
			return kinds[i].kind;
	}
	return FHIR_ITEM_ANY;
}

/* Is the item of the type that the test names: a FHIR type, or the system type of that name? */
static bool
same_type(const char *type, const struct fhir_item *item, const struct fhir_item *value)
{
	const struct fhir_model *m = fhir_model_r4();

	if (item->kind == FHIR_ITEM_NODE)
		return fhir_type_is_a(m, item->type, fhir_type_find(m, cw_str(type)));
	return value->kind == kind_of(type);
}

static bool
same_item(struct cw_arena *a, xmlNode *output, const struct fhir_item *got)
{
	char *type = attribute(output, "type"), *content = (char *)xmlNodeGetContent(output);
	struct cw_str text = cw_str(content), is_text;
	struct fhir_item value;
	bool ok;

	fhir_item_value(a, fhir_model_r4(), got, &value);
	ok = !type || same_type(type, got, &value);
	if (is(type, "decimal")) {
		ok = ok && same_decimal(text, &value);
	} else if (is(type, "Quantity")) {
		ok = ok && same_quantity(text, &value);
	} else {
		is_text = fhir_item_text(a, fhir_model_r4(), &value);
		if (text.n && text.s[0] == '@' && kind_of(type) != FHIR_ITEM_STRING)
			text = (struct cw_str){ text.s + 1, text.n - 1 };
		if (is(type, "time") && text.n && text.s[0] == 'T')
			text = (struct cw_str){ text.s + 1, text.n - 1 };
		ok = ok && cw_str_eq(text, is_text);
	}
	xmlFree(type);
	xmlFree(content);
	return ok;
}

/* Does the result have the items that the test lists, in order? */
static bool
same(struct cw_arena *a, const struct test *t, const struct fhir_coll *got)
{
	struct fhir_item exists = fhir_item_boolean(got->n > 0);
	const struct fhir_item *item = got->item;
	uint32_t n = got->n, i = 0;

	if (is(t->predicate, "true")) {
		item = &exists;
		n = 1;
	}
	for (xmlNode *k = t->node->children; k; k = k->next) {
		if (!is_element(k, "output"))
			continue;
		if (i == n || !same_item(a, k, &item[i]))
			return false;
		i++;
	}
	return i == n;
}

/* --- running --- */

static void
describe(struct cw_arena *a, const struct fhir_coll *c, char *text, size_t room)
{
	size_t n = 0;

	n += (size_t)snprintf(text, room, "got %u:", (unsigned)c->n);
	for (uint32_t i = 0; i < c->n && i < 6 && n < room; i++) {
		struct cw_str type = fhir_item_type_name(a, fhir_model_r4(), &c->item[i]);
		struct cw_str s = fhir_item_text(a, fhir_model_r4(), &c->item[i]);

		n += (size_t)snprintf(text + n, room - n, " %.*s '%.*s'", CW_ARG(type),
		    s.n > 60 ? 60 : (int)s.n, s.s ? s.s : "");
	}
}

/* Compile as the test's attributes ask. The static check is run where the test wants it or expects
 * it to refuse; the other tests use elements of R5, which the R4 tables do not have. */
static int
compile(struct fhir_path **path, const struct test *t, const struct fhir_item *input,
    struct cw_err *err)
{
	struct fhir_path_options opt = { .model = fhir_model_r4() };

	opt.context.kind = FHIR_ITEM_ANY;
	if (input) {
		opt.context.kind = FHIR_ITEM_NODE;
		opt.context.type = input->type;
	}
	opt.strict = is(t->mode, "strict") || is(t->invalid, "semantic");
	opt.lenient_choice = is(t->mode, "lenient/polymorphics");
	opt.check_order = is(t->ordered, "true");
	return fhir_path_compile(path, cw_str(t->expression), &opt, err);
}

/* Run one test; why gets the reason of a failure. */
static bool
run(struct cw_arena *a, const struct test *t, const struct fhir_node *root, char *why, size_t room)
{
	struct fhir_path_session *session;
	struct fhir_path *path = NULL;
	struct fhir_item input;
	struct fhir_coll out;
	struct cw_err err = { 0 };
	bool compiled, ok;
	int r;

	if (root)
		input = fhir_item_resource(fhir_model_r4(), root);
	fhir_coll_init(&out);
	session = fhir_path_session_new(&(struct fhir_path_env){ .arena = a,
	    .model = fhir_model_r4(),
	    .now_ms = NOW_MS,
	    .context = root ? &input : NULL });
	r = compile(&path, t, root ? &input : NULL, &err);
	compiled = r == 0;
	if (!r)
		r = fhir_path_eval(path, session, &input, root ? 1 : 0, &out, &err);
	if (r)
		snprintf(why, room, "%s error: %s", compiled ? "execution" : "compile", err.text);
	else
		describe(a, &out, why, room);
	if (t->invalid)
		ok = is(t->invalid, "syntax") ? r == CW_ESYNTAX && !compiled : r != 0;
	else
		ok = r == 0 && same(a, t, &out);
	if (r == CW_EUNSUPPORTED || r == CW_ELIMIT)
		ok = ok && is(t->invalid, "execution");
	fhir_path_free(path);
	return ok;
}

static void
judge(struct suite *s, const struct test *t, bool ok, const char *why)
{
	const char *reason = cw_map_get(s->known, cw_str(t->name));

	s->run++;
	s->passed += ok;
	if (s->only) {
		if (strstr(t->name, s->only))
			printf("%s %s\n    %s\n    %s\n", ok ? "ok  " : "FAIL", t->name,
			    t->expression, why);
	} else if (ok && reason) {
		printf("passes, but is listed: %s\n", t->name);
		s->unexpected++;
	} else if (!ok && !reason) {
		printf("FAIL %s: %s\n    %s\n", t->name, why, t->expression);
		s->unexpected++;
	}
}

static void
one_test(struct suite *s, const char *group, xmlNode *node)
{
	struct test t = { .node = node };
	char *name = attribute(node, "name"), *file = attribute(node, "inputfile");
	const struct fhir_node *root = file ? load(s, file) : NULL;
	char why[600] = "the input is not there";
	bool ok = false;

	snprintf(t.name, sizeof(t.name), "%s/%s", group, name ? name : "?");
	t.mode = attribute(node, "mode");
	t.predicate = attribute(node, "predicate");
	t.ordered = attribute(node, "ordered");
	for (xmlNode *k = node->children; k; k = k->next) {
		if (is_element(k, "expression") && !t.expression) {
			t.expression = (char *)xmlNodeGetContent(k);
			t.invalid = attribute(k, "invalid");
		}
	}
	if (t.expression && (root || !file)) {
		struct cw_arena *a = cw_arena_new(ARENA);

		ok = run(a, &t, root, why, sizeof(why));
		cw_arena_free(a);
	}
	judge(s, &t, ok, why);
	xmlFree(name);
	xmlFree(file);
	xmlFree(t.mode);
	xmlFree(t.predicate);
	xmlFree(t.ordered);
	xmlFree(t.expression);
	xmlFree(t.invalid);
}

static void
all_tests(struct suite *s, xmlNode *root)
{
	for (xmlNode *g = root->children; g; g = g->next) {
		char *group;

		if (!is_element(g, "group"))
			continue;
		group = attribute(g, "name");
		for (xmlNode *t = g->children; t; t = t->next) {
			if (is_element(t, "test"))
				one_test(s, group ? group : "?", t);
		}
		xmlFree(group);
	}
}

/* Read the list of known failures into the map; lines borrow from text. */
static bool
read_known(struct suite *s, char *text)
{
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *tab = strchr(line, '\t');

		if (line[0] == '#')
			continue;
		if (!tab || !tab[1]) {
			printf("a known failure without a reason: %s\n", line);
			return false;
		}
		*tab = '\0';
		if (cw_map_put(s->known, cw_str(line), tab + 1)) {
			printf("listed twice: %s\n", line);
			return false;
		}
	}
	return true;
}

/* A listed test that the suite does not have hides nothing, but must go. */
static void
judge_list(struct suite *s, xmlNode *root)
{
	size_t found = 0;

	for (xmlNode *g = root->children; g; g = g->next) {
		char *group = is_element(g, "group") ? attribute(g, "name") : NULL;

		for (xmlNode *t = group ? g->children : NULL; t; t = t->next) {
			char name[160], *own = is_element(t, "test") ? attribute(t, "name") : NULL;

			snprintf(name, sizeof(name), "%s/%s", group, own ? own : "");
			found += own && cw_map_get(s->known, cw_str(name));
			xmlFree(own);
		}
		xmlFree(group);
	}
	if (found != cw_map_count(s->known)) {
		printf("%zu listed failures are no tests\n", cw_map_count(s->known) - found);
		s->unexpected++;
	}
}

static int
absent(const char *file)
{
	const char *require = getenv("CORDWATCH_REQUIRE");

	printf("skipped: %s is not there\n", file);
	return is(require, "1") ? 1 : 77;
}

int
main(int argc, char **argv)
{
	const char *suites = getenv("CORDWATCH_SUITES");
	const char *top = getenv("top_srcdir");
	struct suite s = { .only = argc > 1 ? argv[1] : NULL };
	char file[600], *known;
	size_t n = 0;
	clock_t start = clock();
	xmlDoc *doc;

	snprintf(s.folder, sizeof(s.folder), "%s/fhirpath", suites ? suites : "../shared/suites");
	snprintf(file, sizeof(file), "%s/tests-fhir-r5.xml", s.folder);
	doc = xmlReadFile(file, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!doc)
		return absent(file);
	snprintf(file, sizeof(file), "%s/tests/suite/fhirpath-known-failures.txt", top ? top : ".");
	known = slurp(file, &n);
	s.trees = cw_arena_new(0);
	s.known = cw_map_new();
	if (!known)
		printf("%s is not there\n", file);
	if (!known || !read_known(&s, known))
		s.unexpected++;
	all_tests(&s, xmlDocGetRootElement(doc));
	judge_list(&s, xmlDocGetRootElement(doc));
	printf("fhirpath: %u of %u in %.2f s\n", s.passed, s.run,
	    (double)(clock() - start) / CLOCKS_PER_SEC);
	printf("%u passed, %u failed\n", s.passed, s.unexpected);
	for (size_t i = 0; i < s.inputs; i++)
		free(s.input[i].text);
	cw_map_free(s.known);
	cw_arena_free(s.trees);
	free(known);
	xmlFreeDoc(doc);
	xmlCleanupParser();
	return s.unexpected > 0;
}
