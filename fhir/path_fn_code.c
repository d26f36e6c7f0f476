/* path_fn_code: encode, decode (hex, base64, urlbase64), escape, unescape (html, json). */
#include "fhir/path_fn.h"

#include <string.h>

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

static void
put_hex(struct cw_buf *b, struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		cw_buf_putc(b, "0123456789abcdef"[(unsigned char)s.s[i] >> 4]);
		cw_buf_putc(b, "0123456789abcdef"[(unsigned char)s.s[i] & 15]);
	}
}

static bool
take_hex(struct cw_buf *b, struct cw_str s)
{
	for (size_t i = 0; i + 1 < s.n; i += 2) {
		int high = hex_digit(s.s[i]), low = hex_digit(s.s[i + 1]);

		if (high < 0 || low < 0)
			return false;
		cw_buf_putc(b, (char)(high << 4 | low));
	}
	return s.n % 2 == 0;
}

static char
digit64(unsigned v, bool url)
{
	if (url && v >= 62)
		return v == 62 ? '-' : '_';
	return base64[v];
}

static void
put_base64(struct cw_buf *b, struct cw_str s, bool url)
{
	for (size_t i = 0; i < s.n; i += 3) {
		unsigned v = (unsigned)(unsigned char)s.s[i] << 16;

		v |= i + 1 < s.n ? (unsigned)(unsigned char)s.s[i + 1] << 8 : 0;
		v |= i + 2 < s.n ? (unsigned char)s.s[i + 2] : 0;
		cw_buf_putc(b, digit64(v >> 18, url));
		cw_buf_putc(b, digit64(v >> 12 & 63, url));
		cw_buf_putc(b, i + 1 < s.n ? digit64(v >> 6 & 63, url) : '=');
		cw_buf_putc(b, i + 2 < s.n ? digit64(v & 63, url) : '=');
	}
}

static bool
take_base64(struct cw_buf *b, struct cw_str s, bool url)
{
	unsigned v = 0, bits = 0;

	while (s.n && s.s[s.n - 1] == '=')
		s.n--;
	if (s.n % 4 == 1)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.s[i];
		const char *at;

		if (url && (ch == '-' || ch == '_'))
			ch = ch == '-' ? '+' : '/';
		else if (url && (ch == '+' || ch == '/'))
			return false;
		at = ch ? strchr(base64, ch) : NULL;
		if (!at)
			return false;
		v = (v << 6 | (unsigned)(at - base64)) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			cw_buf_putc(b, (char)(v >> bits & 0xff));
		}
	}
	return true;
}

/* Is it UTF-8 without NUL (a FHIR string)? */
static bool
is_utf8(const unsigned char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		unsigned char ch = s[i];
		size_t len = ch < 0x80 ? 1 : ch < 0xc2 ? 0 : ch < 0xe0 ? 2 : ch < 0xf0 ? 3 : 4;
		unsigned second = i + 1 < n ? s[i + 1] : 0;

		if (ch == 0 || len == 0 || ch > 0xf4 || i + len > n)
			return false;
		for (size_t k = 1; k < len; k++) {
			if ((s[i + k] & 0xc0) != 0x80)
				return false;
		}
		if ((ch == 0xe0 && second < 0xa0) || (ch == 0xed && second > 0x9f) ||
		    (ch == 0xf0 && second < 0x90) || (ch == 0xf4 && second > 0x8f))
			return false;
		i += len;
	}
	return true;
}

static int
unknown_kind(struct path_call *c)
{
	return path_fail(c, CW_EUNSUPPORTED, "%s() does not know this kind", c->node->fn->name);
}

static int
run_encode(struct path_call *c)
{
	struct cw_str kind = path_text(c->value[0]);
	struct cw_buf b;

	cw_buf_init(&b, UINT32_MAX / 8);
	if (cw_str_is(kind, "hex"))
		put_hex(&b, path_text(c->one));
	else if (cw_str_is(kind, "base64"))
		put_base64(&b, path_text(c->one), false);
	else if (cw_str_is(kind, "urlbase64"))
		put_base64(&b, path_text(c->one), true);
	else
		return unknown_kind(c);
	return path_emit_buf(c, &b);
}

static int
run_decode(struct path_call *c)
{
	struct cw_str kind = path_text(c->value[0]), s = path_text(c->one);
	struct cw_buf b;
	bool ok;

	cw_buf_init(&b, UINT32_MAX / 8);
	if (cw_str_is(kind, "hex"))
		ok = take_hex(&b, s);
	else if (cw_str_is(kind, "base64"))
		ok = take_base64(&b, s, false);
	else if (cw_str_is(kind, "urlbase64"))
		ok = take_base64(&b, s, true);
	else
		return unknown_kind(c);
	if (ok && is_utf8((const unsigned char *)b.s, b.n))
		return path_emit_buf(c, &b);
	cw_buf_fini(&b);
	return 0;
}

struct escape {
	char ch;
	const char *text;
};

static const struct escape html[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
	{ '"', "&quot;" }, { '\'', "&#39;" }, { 0, NULL } };
static const struct escape json[] = { { '"', "\\\"" }, { '\\', "\\\\" }, { '\n', "\\n" },
	{ '\r', "\\r" }, { '\t', "\\t" }, { '\f', "\\f" }, { '\b', "\\b" }, { '/', "\\/" },
	{ 0, NULL } };

static const struct escape *
table_of(struct path_call *c)
{
	if (cw_str_is(path_text(c->value[0]), "html"))
		return html;
	return cw_str_is(path_text(c->value[0]), "json") ? json : NULL;
}

static int
run_escape(struct path_call *c)
{
	const struct escape *table = table_of(c);
	struct cw_str s = path_text(c->one);
	struct cw_buf b;

	if (!table)
		return unknown_kind(c);
	cw_buf_init(&b, UINT32_MAX / 8);
	for (size_t i = 0; i < s.n; i++) {
		const struct escape *e = table;

		while (e->text && (e->ch != s.s[i] || e->ch == '/'))
			e++;
		if (e->text)
			cw_buf_puts(&b, e->text);
		else if (table == json && (unsigned char)s.s[i] < 0x20)
			cw_buf_printf(&b, "\\u%04x", (unsigned)(unsigned char)s.s[i]);
		else
			cw_buf_putc(&b, s.s[i]);
	}
	return path_emit_buf(c, &b);
}

static void
put_utf8(struct cw_buf *b, unsigned u)
{
	if (u < 0x80) {
		cw_buf_putc(b, (char)u);
		return;
	}
	if (u < 0x800) {
		cw_buf_putc(b, (char)(0xc0 | u >> 6));
	} else {
		if (u < 0x10000) {
			cw_buf_putc(b, (char)(0xe0 | u >> 12));
		} else {
			cw_buf_putc(b, (char)(0xf0 | u >> 18));
			cw_buf_putc(b, (char)(0x80 | (u >> 12 & 63)));
		}
		cw_buf_putc(b, (char)(0x80 | (u >> 6 & 63)));
	}
	cw_buf_putc(b, (char)(0x80 | (u & 63)));
}

/* Four hex digits after "\u"; or -1. */
static long
json_unit(struct cw_str s)
{
	long u = 0;

	if (s.n < 6 || s.s[0] != '\\' || s.s[1] != 'u')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_digit(s.s[i]);

		if (digit < 0)
			return -1;
		u = u << 4 | digit;
	}
	return u;
}

/* A numeric escape at the start of s: bytes used, 0 if there is none. */
static size_t
json_number(struct cw_str s, unsigned *u)
{
	long high = json_unit(s), low;

	if (high <= 0 || (high >= 0xdc00 && high <= 0xdfff))
		return 0;
	*u = (unsigned)high;
	if (high < 0xd800 || high > 0xdfff)
		return 6;
	low = json_unit((struct cw_str){ s.s + 6, s.n - 6 });
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*u = 0x10000 + ((unsigned)(high - 0xd800) << 10) + (unsigned)(low - 0xdc00);
	return 12;
}

static size_t
html_number(struct cw_str s, unsigned *u)
{
	unsigned base = s.n > 2 && (s.s[2] | 32) == 'x' ? 16 : 10;
	size_t i = base == 16 ? 3 : 2;
	unsigned v = 0;

	if (s.n < 4 || s.s[0] != '&' || s.s[1] != '#')
		return 0;
	for (; i < s.n && s.s[i] != ';'; i++) {
		int digit = hex_digit(s.s[i]);

		if (digit < 0 || (unsigned)digit >= base)
			return 0;
		v = v * base + (unsigned)digit;
		if (v > 0x10ffff)
			return 0;
	}
	*u = v;
	return i < s.n && v > 0 && (v < 0xd800 || v > 0xdfff) ? i + 1 : 0;
}

/* One escape at the start of s into b; bytes used, 0: none here. */
static size_t
unescape_one(const struct escape *table, struct cw_str s, struct cw_buf *b)
{
	size_t n;
	unsigned u;

	for (const struct escape *e = table; e->text; e++) {
		if (cw_str_starts(s, cw_str(e->text))) {
			cw_buf_putc(b, e->ch);
			return strlen(e->text);
		}
	}
	n = table == json ? json_number(s, &u) : html_number(s, &u);
	if (n)
		put_utf8(b, u);
	return n;
}

static int
run_unescape(struct path_call *c)
{
	const struct escape *table = table_of(c);
	struct cw_str s = path_text(c->one);
	struct cw_buf b;

	if (!table)
		return unknown_kind(c);
	cw_buf_init(&b, UINT32_MAX / 8);
	while (s.n) {
		size_t n = 0;

		if (s.s[0] == (table == json ? '\\' : '&'))
			n = unescape_one(table, s, &b);
		if (n == 0) {
			cw_buf_putc(&b, s.s[0]);
			n = 1;
		}
		s.s += n;
		s.n -= n;
	}
	return path_emit_buf(c, &b);
}

#define ROW(NAME, RUN)                                                                             \
	{                                                                                          \
		.name = NAME, .least = 1, .most = 1, .in = PATH_STRING, .arg = { PATH_STRING },    \
		.result = FHIR_ITEM_STRING, .flags = PATH_FN_ONE, .run = RUN                       \
	}

const struct path_fn path_fn_code[] = {
	ROW("encode", run_encode),
	ROW("decode", run_decode),
	ROW("escape", run_escape),
	ROW("unescape", run_unescape),
	{ .name = NULL },
};
