/* Writing JSON: a small builder that keeps commas, quotes and indentation, and the tree through it.
 */
#include "fhir/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

void
fhir_json_out_init(struct fhir_json_out *o, struct cw_buf *buf, bool pretty)
{
	*o = (struct fhir_json_out){ .buf = buf, .pretty = pretty };
}

enum { DEEPEST = 2 * FHIR_JSON_DEPTH };

/* Is the innermost container an object? Anything, where too deep to know. */
static bool
in_object(const struct fhir_json_out *o, bool otherwise)
{
	if (o->depth > DEEPEST)
		return otherwise;
	return o->depth > 0 && o->object[o->depth - 1];
}

static void
new_line(struct fhir_json_out *o)
{
	if (!o->pretty)
		return;
	cw_buf_putc(o->buf, '\n');
	for (uint32_t i = 0; i < o->depth; i++)
		cw_buf_add(o->buf, "  ", 2);
}

static void
item(struct fhir_json_out *o)
{
	if (!o->first)
		cw_buf_putc(o->buf, ',');
	o->first = false;
	new_line(o);
}

/* Before a value: a comma and a line of its own in an array, nothing after a key. */
static void
value(struct fhir_json_out *o)
{
	if (o->depth == 0)
		return;
	assert(o->keyed == in_object(o, o->keyed));
	if (!o->keyed)
		item(o);
	o->keyed = false;
}

static void
begin(struct fhir_json_out *o, bool object)
{
	value(o);
	cw_buf_putc(o->buf, object ? '{' : '[');
	if (o->depth < DEEPEST)
		o->object[o->depth] = object;
	else
		o->buf->over = true;
	o->depth++;
	o->first = true;
}

static void
end(struct fhir_json_out *o, bool object)
{
	assert(o->depth > 0 && !o->keyed && in_object(o, object) == object);
	o->depth--;
	if (!o->first)
		new_line(o);
	o->first = false;
	cw_buf_putc(o->buf, object ? '}' : ']');
}

void
fhir_json_out_object(struct fhir_json_out *o)
{
	begin(o, true);
}

void
fhir_json_out_object_end(struct fhir_json_out *o)
{
	end(o, true);
}

void
fhir_json_out_array(struct fhir_json_out *o)
{
	begin(o, false);
}

void
fhir_json_out_array_end(struct fhir_json_out *o)
{
	end(o, false);
}

/* The letter of a character's short escape, or 0. */
static char
short_escape(unsigned char c)
{
	switch (c) {
	case '"':
		return '"';
	case '\\':
		return '\\';
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return 0;
	}
}

static void
escape(struct cw_buf *out, struct cw_str s)
{
	size_t plain = 0; /* from here on nothing needed an escape */

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		char letter;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		cw_buf_add(out, s.s + plain, i - plain);
		plain = i + 1;
		letter = short_escape(c);
		if (letter != 0)
			cw_buf_add(out, (char[]){ '\\', letter }, 2);
		else
			cw_buf_printf(out, "\\u%04x", c);
	}
	cw_buf_add(out, s.s + plain, s.n - plain);
}

static void
quoted(struct fhir_json_out *o, const char *prefix, struct cw_str s)
{
	cw_buf_putc(o->buf, '"');
	cw_buf_puts(o->buf, prefix);
	if (s.n > 0)
		escape(o->buf, s);
	cw_buf_putc(o->buf, '"');
}

static void
prefixed_key(struct fhir_json_out *o, const char *prefix, struct cw_str key)
{
	assert(o->depth > 0 && in_object(o, true) && !o->keyed);
	item(o);
	quoted(o, prefix, key);
	cw_buf_add(o->buf, ": ", o->pretty ? 2 : 1);
	o->keyed = true;
}

void
fhir_json_out_key_str(struct fhir_json_out *o, struct cw_str key)
{
	prefixed_key(o, "", key);
}

void
fhir_json_out_key(struct fhir_json_out *o, const char *key)
{
	prefixed_key(o, "", cw_str(key));
}

void
fhir_json_out_raw(struct fhir_json_out *o, struct cw_str lexeme)
{
	value(o);
	cw_buf_str(o->buf, lexeme);
}

void
fhir_json_out_string(struct fhir_json_out *o, struct cw_str s)
{
	if (s.s == NULL) {
		fhir_json_out_null(o);
		return;
	}
	value(o);
	quoted(o, "", s);
}

void
fhir_json_out_int(struct fhir_json_out *o, int64_t i)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%" PRId64, i);

	fhir_json_out_raw(o, (struct cw_str){ text, (size_t)n });
}

void
fhir_json_out_bool(struct fhir_json_out *o, bool b)
{
	fhir_json_out_raw(o, b ? CW_STR("true") : CW_STR("false"));
}

void
fhir_json_out_null(struct fhir_json_out *o)
{
	fhir_json_out_raw(o, CW_STR("null"));
}

void
fhir_json_out_member(struct fhir_json_out *o, const char *key, struct cw_str s)
{
	if (s.s == NULL)
		return;
	fhir_json_out_key(o, key);
	fhir_json_out_string(o, s);
}
