/* types_check: does a resource have the shape that the definitions give it? */
#include "fhir/decimal.h"
#include "fhir/time.h"
#include "fhir/types.h"

#include <string.h>

enum { MAX_FAULTS = 1000 };

struct shape {
	const struct fhir_model *m;
	fhir_fault_fn *fn;
	void *ctx;
	unsigned told, bad;
	bool stop;
};

static void
tell(struct shape *s, enum fhir_fault fault, const struct fhir_node *at, const char *text)
{
	if (s->stop)
		return;
	s->bad += fault != FHIR_FAULT_UNKNOWN;
	if (s->fn && !s->fn(s->ctx, fault, at, text))
		s->stop = true;
	if (++s->told >= MAX_FAULTS)
		s->stop = true;
}

/* --- lexemes --- */

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
integer_within(struct cw_str s, int64_t low)
{
	struct fhir_decimal d;
	int64_t i;

	if (memchr(s.s, '.', s.n) || memchr(s.s, 'e', s.n) || memchr(s.s, 'E', s.n))
		return false;
	return fhir_decimal_parse(s, &d, NULL) == 0 && fhir_decimal_to_int(&d, &i) == 0 &&
	       i >= low && i <= INT32_MAX;
}

static bool
ok_integer(struct cw_str s)
{
	return integer_within(s, INT32_MIN);
}

static bool
ok_unsigned(struct cw_str s)
{
	return integer_within(s, 0);
}

static bool
ok_positive(struct cw_str s)
{
	return integer_within(s, 1);
}

static bool
ok_decimal(struct cw_str s)
{
	struct fhir_decimal d;

	return fhir_decimal_parse(s, &d, NULL) == 0;
}

static bool
ok_time(enum fhir_time_kind kind, struct cw_str s)
{
	struct fhir_time t;

	return fhir_time_parse(kind, s, &t, NULL) == 0;
}

static bool
ok_date(struct cw_str s)
{
	return ok_time(FHIR_TIME_DATE, s);
}

static bool
ok_date_time(struct cw_str s)
{
	return ok_time(FHIR_TIME_DATETIME, s);
}

static bool
ok_instant(struct cw_str s)
{
	return ok_time(FHIR_TIME_INSTANT, s);
}

static bool
ok_time_of_day(struct cw_str s)
{
	return ok_time(FHIR_TIME_TIME, s);
}

/* No control characters but tab, line feed, carriage return; not empty. */
static bool
ok_string(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];

		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			return false;
	}
	return s.n > 0;
}

static bool
ok_uri(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.s[i] <= ' ')
			return false;
	}
	return s.n > 0;
}

/* Words with single spaces between them. */
static bool
ok_code(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.s[i] < ' ')
			return false;
		if (s.s[i] == ' ' && (i == 0 || i + 1 == s.n || s.s[i + 1] == ' '))
			return false;
	}
	return s.n > 0;
}

static bool
ok_id(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_alnum(s.s[i]) && s.s[i] != '-' && s.s[i] != '.')
			return false;
	}
	return s.n > 0 && s.n <= 64;
}

/* urn:oid:1.2.840 */
static bool
ok_oid(struct cw_str s)
{
	if (!cw_str_starts(s, CW_STR("urn:oid:")) || s.n < 11 || s.s[8] < '0' || s.s[8] > '2')
		return false;
	for (size_t i = 9; i < s.n; i++) {
		bool digit = s.s[i] >= '0' && s.s[i] <= '9';

		if (!digit && (s.s[i] != '.' || i + 1 == s.n || s.s[i + 1] == '.'))
			return false;
	}
	return s.s[9] == '.';
}

/* urn:uuid: and 8-4-4-4-12 hexadecimal digits. */
static bool
ok_uuid(struct cw_str s)
{
	static const char form[] = "urn:uuid:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (s.n != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char low = (char)(s.s[i] | 32);
		bool hex = (s.s[i] >= '0' && s.s[i] <= '9') || (low >= 'a' && low <= 'f');

		if (form[i] == 'x' ? !hex : s.s[i] != form[i])
			return false;
	}
	return true;
}

static bool
ok_base64(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_alnum(s.s[i]) && !memchr("+/= \t\r\n", s.s[i], 7))
			return false;
	}
	return s.n > 0;
}

static const struct lexeme_rule {
	struct cw_str type;
	bool (*ok)(struct cw_str s);
} rules[] = {
	{ { "string", 6 }, ok_string },
	{ { "code", 4 }, ok_code },
	{ { "uri", 3 }, ok_uri },
	{ { "decimal", 7 }, ok_decimal },
	{ { "dateTime", 8 }, ok_date_time },
	{ { "id", 2 }, ok_id },
	{ { "instant", 7 }, ok_instant },
	{ { "date", 4 }, ok_date },
	{ { "integer", 7 }, ok_integer },
	{ { "positiveInt", 11 }, ok_positive },
	{ { "unsignedInt", 11 }, ok_unsigned },
	{ { "time", 4 }, ok_time_of_day },
	{ { "canonical", 9 }, ok_uri },
	{ { "url", 3 }, ok_uri },
	{ { "markdown", 8 }, ok_string },
	{ { "xhtml", 5 }, ok_string },
	{ { "oid", 3 }, ok_oid },
	{ { "uuid", 4 }, ok_uuid },
	{ { "base64Binary", 12 }, ok_base64 },
};

static bool
lexeme_ok(struct cw_str type, struct cw_str lexeme)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (cw_str_eq(type, rules[i].type))
			return rules[i].ok(lexeme);
	}
	return true;
}

/* --- shape --- */

static void check_object(struct shape *s, const struct fhir_node *node, unsigned type);

static void
check_primitive(struct shape *s, const struct fhir_node *n, const struct fhir_type_info *type)
{
	switch ((enum fhir_node_kind)n->kind) {
	case FHIR_OBJECT:
		tell(s, FHIR_FAULT_SHAPE, n, "an object stands where a single value belongs");
		return;
	case FHIR_ARRAY:
		tell(s, FHIR_FAULT_SHAPE, n, "an empty or nested array");
		return;
	case FHIR_NULL:
		if (!n->child)
			tell(s, FHIR_FAULT_VALUE, n, "null without an extension");
		return;
	case FHIR_BOOLEAN:
	case FHIR_NUMBER:
	case FHIR_STRING:
		break;
	}
	if (n->kind != (uint8_t)type->json)
		tell(s, FHIR_FAULT_KIND, n,
		    type->json == FHIR_STRING	 ? "a string must stand here"
		    : type->json == FHIR_BOOLEAN ? "true or false must stand here"
						 : "a number must stand here");
	else if (type->json != FHIR_BOOLEAN && !lexeme_ok(type->name, n->lexeme))
		tell(s, FHIR_FAULT_VALUE, n, "the text is not a possible value of its type");
}

/* A whole resource in a slot; in Bundle.entry it is left to its own call. */
static void
check_held(struct shape *s, const struct fhir_node *n, unsigned parent)
{
	unsigned type;

	if (cw_str_is(n->name, "resource") &&
	    cw_str_is(fhir_type_name(s->m, parent), "Bundle.entry"))
		return;
	if (n->kind != FHIR_OBJECT || !fhir_node_resource_type(n).n) {
		tell(s, FHIR_FAULT_SHAPE, n, "no resource with a resourceType");
		return;
	}
	type = fhir_type_find(s->m, fhir_node_resource_type(n));
	if (!fhir_type_is_resource(s->m, type))
		tell(s, FHIR_FAULT_UNKNOWN, n, "a resource of a type that is not known");
	else
		check_object(s, n, type);
}

static void
check_value(struct shape *s, const struct fhir_node *n, const struct fhir_elem *e, unsigned parent)
{
	struct fhir_type_info type;

	if (e->array != n->in_array && n->kind != FHIR_ARRAY)
		tell(s, FHIR_FAULT_SHAPE, n,
		    e->array ? "an array must stand here"
			     : "an array stands where a single value belongs");
	if (e->resource) {
		check_held(s, n, parent);
		return;
	}
	fhir_type_describe(s->m, e->type, &type);
	if (type.kind == FHIR_TYPE_PRIMITIVE) {
		check_primitive(s, n, &type);
		if (n->kind != FHIR_OBJECT && n->child)
			check_object(s, n, e->type);
		return;
	}
	if (n->kind != FHIR_OBJECT)
		tell(s, FHIR_FAULT_SHAPE, n, "an object must stand here");
	else if (!n->child)
		tell(s, FHIR_FAULT_VALUE, n, "an empty object");
	else
		check_object(s, n, e->type);
}

/* Did another form of the same choice stand before? */
static bool
second_form(struct shape *s, const struct fhir_node *n, const struct fhir_elem *e, unsigned type)
{
	struct fhir_elem other;

	for (const struct fhir_node *k = n->parent->child; k && k != n; k = k->next) {
		if (!cw_str_starts(k->name, e->choice) || cw_str_eq(k->name, n->name))
			continue;
		if (fhir_type_element(s->m, type, k->name, &other) &&
		    cw_str_eq(other.choice, e->choice))
			return true;
	}
	return false;
}

static void
check_object(struct shape *s, const struct fhir_node *node, unsigned type)
{
	bool resource = fhir_type_is_resource(s->m, type);
	struct fhir_elem e;

	for (const struct fhir_node *k = node->child; k && !s->stop; k = k->next) {
		if (resource && cw_str_is(k->name, "resourceType"))
			continue;
		if (!fhir_type_element(s->m, type, k->name, &e)) {
			tell(s, FHIR_FAULT_UNKNOWN, k, "an element that is not known");
			continue;
		}
		if (e.choice.n && second_form(s, k, &e, type))
			tell(s, FHIR_FAULT_SHAPE, k, "a second value for one choice");
		check_value(s, k, &e, type);
	}
}

unsigned
fhir_types_check(
    const struct fhir_node *resource, const struct fhir_model *m, fhir_fault_fn *fn, void *ctx)
{
	struct shape s = { .m = m, .fn = fn, .ctx = ctx };
	unsigned type;

	if (resource->kind != FHIR_OBJECT || !fhir_node_resource_type(resource).n) {
		tell(&s, FHIR_FAULT_SHAPE, resource, "no resource with a resourceType");
		return s.bad;
	}
	type = fhir_type_find(m, fhir_node_resource_type(resource));
	if (!fhir_type_is_resource(m, type))
		tell(&s, FHIR_FAULT_UNKNOWN, resource, "a resource of a type that is not known");
	else
		check_object(&s, resource, type);
	return s.bad;
}
