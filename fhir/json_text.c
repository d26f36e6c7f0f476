/* Escapes and UTF-8 in strings, and the lines of NDJSON. */
#include "fhir/json_core.h"

const char fhir_json_escapes[256] = { ['"'] = '"',
	['\\'] = '\\',
	['/'] = '/',
	['b'] = '\b',
	['f'] = '\f',
	['n'] = '\n',
	['r'] = '\r',
	['t'] = '\t' };

/* One multi-byte character at p (RFC 3629: shortest form, no surrogates, up to U+10FFFF). */
static const char *
utf8_char(const char *p, const char *end)
{
	static const struct {
		unsigned char from, to, more, low, high;
	} leads[] = { { 0xc2, 0xdf, 1, 0x80, 0xbf }, { 0xe0, 0xe0, 2, 0xa0, 0xbf },
		{ 0xe1, 0xec, 2, 0x80, 0xbf }, { 0xed, 0xed, 2, 0x80, 0x9f },
		{ 0xee, 0xef, 2, 0x80, 0xbf }, { 0xf0, 0xf0, 3, 0x90, 0xbf },
		{ 0xf1, 0xf3, 3, 0x80, 0xbf }, { 0xf4, 0xf4, 3, 0x80, 0x8f } };
	const unsigned char *u = (const unsigned char *)p;
	size_t i = 0;

	while (i < sizeof(leads) / sizeof(leads[0]) && u[0] > leads[i].to)
		i++;
	if (i == sizeof(leads) / sizeof(leads[0]) || u[0] < leads[i].from ||
	    end - p <= leads[i].more || u[1] < leads[i].low || u[1] > leads[i].high)
		return NULL;
	for (int k = 2; k <= leads[i].more; k++)
		if (u[k] < 0x80 || u[k] > 0xbf)
			return NULL;
	return p + leads[i].more + 1;
}

static int
hex_digit(char c)
{
	unsigned digit = (unsigned char)c - (unsigned)'0',
		 letter = ((unsigned char)c | 0x20u) - 'a';

	return digit < 10 ? (int)digit : letter < 6 ? (int)letter + 10 : -1;
}

/* Behind the two or three bytes at p that most languages need, or NULL to look closer. */
static inline const char *
short_utf8_char(const char *p, const char *end)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned high; /* of the character, without its last six bits */

	if (end - p < 3 || (u[1] & 0xc0) != 0x80)
		return NULL;
	if (u[0] >= 0xc2 && u[0] <= 0xdf)
		return p + 2;
	high = (u[0] & 0xfu) << 6 | (u[1] & 0x3fu);
	if ((u[0] & 0xf0) == 0xe0 && (u[2] & 0xc0) == 0x80 && high >= 0x20 && high >> 5 != 0x1b)
		return p + 3;
	return NULL;
}

/* The value of the four digits of \uXXXX at p; -1 when they are not four hexadecimal digits. */
static int
hex4(const char *p, const char *end)
{
	int value = 0;

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int digit = hex_digit(p[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* Pass \uXXXX, or two of them that make a surrogate pair. */
static const char *
unicode_escape(struct fhir_json_scan *sc, const char *p)
{
	int high = hex4(p, sc->end), low;

	if (high < 0)
		return fhir_json_bad(sc, p, "four hexadecimal digits must follow \\u");
	if (high == 0)
		return fhir_json_bad(sc, p, "NUL character in a string");
	if (high < 0xd800 || high > 0xdfff)
		return p + 6;
	low = high < 0xdc00 ? hex4(p + 6, sc->end) : -1;
	if (low < 0xdc00 || low > 0xdfff)
		return fhir_json_bad(sc, p, "half of a surrogate pair");
	return p + 12;
}

const char *
fhir_json_special(struct fhir_json_scan *sc, const char *p)
{
	const char *q = p;

	if (*p != '\\') {
		while (q < sc->end && (unsigned char)*q >= 0x80) {
			const char *next = short_utf8_char(q, sc->end);

			if (next == NULL)
				next = utf8_char(q, sc->end);
			if (next == NULL)
				return fhir_json_stop(sc, CW_ESYNTAX, q, q, "invalid UTF-8");
			q = next;
		}
		return q;
	}
	sc->escaped = true;
	if (sc->end - p < 2)
		return fhir_json_bad(sc, sc->end, "");
	if (fhir_json_escapes[(unsigned char)p[1]] != 0)
		return p + 2;
	return p[1] == 'u' ? unicode_escape(sc, p) : fhir_json_bad(sc, p, "no such escape");
}

static char *
put_utf8(char *to, unsigned c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

/* Undo one escape at p, which was accepted before. */
static const char *
undo_escape(const char *p, const char *end, char **to)
{
	char simple = fhir_json_escapes[(unsigned char)p[1]];
	unsigned c;

	if (simple != 0) {
		*(*to)++ = simple;
		return p + 2;
	}
	c = (unsigned)hex4(p, end);
	p += 6;
	if (c >= 0xd800 && c <= 0xdbff) {
		c = 0x10000 + ((c & 0x3ff) << 10) + ((unsigned)hex4(p, end) & 0x3ff);
		p += 6;
	}
	*to = put_utf8(*to, c);
	return p;
}

struct cw_str
fhir_json_unescape(struct cw_str raw, struct cw_arena *mem)
{
	const char *p = raw.s, *end = raw.s + raw.n;
	char *text = cw_alloc_raw(mem, raw.n + STRIDE), *to = text;

	if (text == NULL)
		return (struct cw_str){ NULL, 0 };
	while (p < end) {
		if (end - p >= STRIDE) {
			unsigned m = backslashes(p);
			int plain = m == 0 ? STRIDE : __builtin_ctz(m);

			memcpy(to, p, STRIDE); /* the rest is written over */
			to += plain;
			p += plain;
			if (m == 0)
				continue;
		}
		if (*p == '\\')
			p = undo_escape(p, end, &to);
		else
			*to++ = *p++;
	}
	*to = '\0';
	return (struct cw_str){ text, (size_t)(to - text) };
}

void
fhir_json_lines_init(struct fhir_json_lines *l, struct cw_str text)
{
	l->rest = text;
	l->line = 0;
}

bool
fhir_json_lines_next(struct fhir_json_lines *l, struct cw_str *line)
{
	while (l->rest.n > 0) {
		const char *s = l->rest.s, *eol = memchr(s, '\n', l->rest.n);
		size_t n = eol == NULL ? l->rest.n : (size_t)(eol - s), skip = 0;

		l->line++;
		l->rest.s += n + (eol != NULL);
		l->rest.n -= n + (eol != NULL);
		if (n > 0 && s[n - 1] == '\r')
			n--;
		while (skip < n && (s[skip] == ' ' || s[skip] == '\t' || s[skip] == '\r'))
			skip++;
		if (skip < n) {
			*line = (struct cw_str){ s, n };
			return true;
		}
	}
	return false;
}
