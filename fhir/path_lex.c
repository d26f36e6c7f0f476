/* path_lex: FHIRPath text to tokens (FHIRPath N1, Lexical Elements). */
#include <stdio.h>
#include <string.h>

#include "fhir/path_syntax.h"

int
path_fail_at(struct cw_err *err, int code, uint32_t at, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return cw_fail_at(err, code, 1, (size_t)at + 1, NULL, "%s", text);
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name_start(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_name(int c)
{
	return is_name_start(c) || is_digit(c);
}

/* The byte k after the position, or -1 past the end. */
static int
peek(const struct path_lexer *lx, size_t k)
{
	return lx->pos + k < lx->text.n ? (unsigned char)lx->text.s[lx->pos + k] : -1;
}

static int
skip_comment(struct path_lexer *lx)
{
	size_t start = lx->pos;

	lx->pos += 2;
	while (peek(lx, 0) != -1) {
		if (peek(lx, 0) == '*' && peek(lx, 1) == '/') {
			lx->pos += 2;
			return 0;
		}
		lx->pos++;
	}
	return path_fail_at(lx->err, CW_ESYNTAX, (uint32_t)start, "the comment is not closed");
}

static int
skip_blank(struct path_lexer *lx)
{
	for (;;) {
		int c = peek(lx, 0);

		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			lx->pos++;
		} else if (c == '/' && peek(lx, 1) == '/') {
			while (peek(lx, 0) != -1 && peek(lx, 0) != '\n' && peek(lx, 0) != '\r')
				lx->pos++;
		} else if (c == '/' && peek(lx, 1) == '*') {
			int r = skip_comment(lx);

			if (r)
				return r;
		} else {
			return 0;
		}
	}
}

static int
hex4(const struct path_lexer *lx, size_t k, uint32_t *out)
{
	uint32_t v = 0;

	for (size_t i = 0; i < 4; i++) {
		int c = peek(lx, k + i);

		if (is_digit(c))
			v = v * 16 + (uint32_t)(c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			v = v * 16 + (uint32_t)((c | 32) - 'a' + 10);
		else
			return CW_ESYNTAX;
	}
	*out = v;
	return 0;
}

static size_t
put_utf8(char *s, uint32_t v)
{
	if (v < 0x80) {
		s[0] = (char)v;
		return 1;
	}
	if (v < 0x800) {
		s[0] = (char)(0xc0 | v >> 6);
		s[1] = (char)(0x80 | (v & 63));
		return 2;
	}
	if (v < 0x10000) {
		s[0] = (char)(0xe0 | v >> 12);
		s[1] = (char)(0x80 | (v >> 6 & 63));
		s[2] = (char)(0x80 | (v & 63));
		return 3;
	}
	s[0] = (char)(0xf0 | v >> 18);
	s[1] = (char)(0x80 | (v >> 12 & 63));
	s[2] = (char)(0x80 | (v >> 6 & 63));
	s[3] = (char)(0x80 | (v & 63));
	return 4;
}

/* \uXXXX at the position of the backslash; a pair of surrogates is one character. */
static int
unescape_unicode(struct path_lexer *lx, char *s, size_t *n)
{
	uint32_t v, low;

	if (hex4(lx, 2, &v))
		return path_fail_at(
		    lx->err, CW_ESYNTAX, (uint32_t)lx->pos, "\\u needs four hexadecimal digits");
	lx->pos += 6;
	if (v >= 0xd800 && v < 0xdc00 && peek(lx, 0) == '\\' && peek(lx, 1) == 'u' &&
	    !hex4(lx, 2, &low) && low >= 0xdc00 && low < 0xe000) {
		v = 0x10000 + ((v - 0xd800) << 10) + (low - 0xdc00);
		lx->pos += 6;
	}
	if (v == 0 || (v >= 0xd800 && v < 0xe000))
		return path_fail_at(
		    lx->err, CW_ESYNTAX, (uint32_t)lx->pos, "\\u names no character");
	*n += put_utf8(s + *n, v);
	return 0;
}

static int
unescape(struct path_lexer *lx, char *s, size_t *n)
{
	static const char from[] = "`'\"\\/fnrt";
	static const char to[] = "`'\"\\/\f\n\r\t";
	int c = peek(lx, 1);
	const char *p;

	if (c == 'u')
		return unescape_unicode(lx, s, n);
	p = c > 0 ? strchr(from, c) : NULL;
	if (!p)
		return path_fail_at(
		    lx->err, CW_ESYNTAX, (uint32_t)lx->pos, "unknown escape sequence");
	s[(*n)++] = to[p - from];
	lx->pos += 2;
	return 0;
}

/* Find the closing quote; 0 when there is none. *escaped: a backslash stands before it. */
static size_t
find_quote(const struct path_lexer *lx, int quote, bool *escaped)
{
	*escaped = false;
	for (size_t k = 1; peek(lx, k) != -1; k++) {
		if (peek(lx, k) == quote)
			return k;
		if (peek(lx, k) == '\\') {
			*escaped = true;
			k++;
		}
	}
	return 0;
}

/* A string or delimited identifier; the position is at the opening quote. */
static int
lex_quoted(struct path_lexer *lx, int quote, struct cw_str *out)
{
	bool escaped;
	size_t length = find_quote(lx, quote, &escaped), n = 0;
	size_t end = lx->pos + length;
	char *s;

	if (!length)
		return path_fail_at(
		    lx->err, CW_ESYNTAX, (uint32_t)lx->pos, "the quote is not closed");
	lx->pos++;
	*out = (struct cw_str){ lx->text.s + lx->pos, length - 1 };
	if (escaped) {
		s = cw_alloc_raw(lx->arena, length);
		if (!s)
			return path_fail_at(
			    lx->err, CW_ELIMIT, (uint32_t)lx->pos, "the expression is too large");
		while (lx->pos < end) {
			int r = 0;

			if (peek(lx, 0) == '\\')
				r = unescape(lx, s, &n);
			else
				s[n++] = lx->text.s[lx->pos++];
			if (r)
				return r;
		}
		*out = (struct cw_str){ s, n };
	}
	lx->pos = end + 1;
	return 0;
}

static void
digits(struct path_lexer *lx)
{
	while (is_digit(peek(lx, 0)))
		lx->pos++;
}

static void
lex_number(struct path_lexer *lx, struct path_token *t)
{
	size_t start = lx->pos;

	t->kind = PATH_T_NUMBER;
	digits(lx);
	if (peek(lx, 0) == '.' && is_digit(peek(lx, 1))) {
		t->decimal = true;
		lx->pos++;
		digits(lx);
	}
	t->text = (struct cw_str){ lx->text.s + start, lx->pos - start };
	if (!t->decimal && peek(lx, 0) == 'L' && !is_name(peek(lx, 1))) {
		t->kind = PATH_T_LONG;
		lx->pos++;
	}
}

static bool
two_digits(const struct path_lexer *lx, size_t k)
{
	return is_digit(peek(lx, k)) && is_digit(peek(lx, k + 1));
}

/* hh[:mm[:ss[.fff]]] */
static void
lex_clock(struct path_lexer *lx)
{
	if (!two_digits(lx, 0))
		return;
	lx->pos += 2;
	for (int i = 0; i < 2; i++) {
		if (peek(lx, 0) != ':' || !two_digits(lx, 1))
			return;
		lx->pos += 3;
	}
	if (peek(lx, 0) == '.' && is_digit(peek(lx, 1))) {
		lx->pos++;
		digits(lx);
	}
}

static void
lex_zone(struct path_lexer *lx)
{
	int c = peek(lx, 0);

	if (c == 'Z')
		lx->pos++;
	else if ((c == '+' || c == '-') && two_digits(lx, 1) && peek(lx, 3) == ':' &&
		 two_digits(lx, 4))
		lx->pos += 6;
}

/* @2015-02-04T14:34:28.123+10:00, @2015T, @T14:34 */
static int
lex_time(struct path_lexer *lx, struct path_token *t)
{
	size_t start = ++lx->pos;

	if (peek(lx, 0) == 'T') {
		t->kind = PATH_T_TIME;
		start = ++lx->pos;
		lex_clock(lx);
		if (peek(lx, 0) == 'Z' || peek(lx, 0) == '+' ||
		    (peek(lx, 0) == '-' && two_digits(lx, 1)))
			return path_fail_at(lx->err, CW_ESYNTAX, (uint32_t)lx->pos,
			    "a time of day has no time zone");
	} else {
		t->kind = PATH_T_DATE;
		digits(lx);
		for (int i = 0; i < 2 && peek(lx, 0) == '-' && two_digits(lx, 1); i++)
			lx->pos += 3;
		if (peek(lx, 0) == 'T') {
			t->kind = PATH_T_DATETIME;
			lx->pos++;
			lex_clock(lx);
			lex_zone(lx);
		}
	}
	t->text = (struct cw_str){ lx->text.s + start, lx->pos - start };
	if (t->text.n == 0 || is_name(peek(lx, 0)))
		return path_fail_at(
		    lx->err, CW_ESYNTAX, t->at, "this is not a date, dateTime or time");
	return 0;
}

static struct cw_str
lex_word(struct path_lexer *lx)
{
	size_t start = lx->pos;

	while (is_name(peek(lx, 0)))
		lx->pos++;
	return (struct cw_str){ lx->text.s + start, lx->pos - start };
}

/* %name, %`name`, %'name'; also %vs-name and %ext-name as FHIR wrote them before backticks. */
static int
lex_external(struct path_lexer *lx, struct path_token *t)
{
	int c = peek(lx, 1);

	t->kind = PATH_T_EXTERNAL;
	lx->pos++;
	if (c == '`' || c == '\'')
		return lex_quoted(lx, c, &t->text);
	if (!is_name_start(c))
		return path_fail_at(lx->err, CW_ESYNTAX, t->at, "a name must follow %%");
	t->text = lex_word(lx);
	return 0;
}

static int
lex_special(struct path_lexer *lx, struct path_token *t)
{
	size_t start = lx->pos++;

	t->kind = PATH_T_SPECIAL;
	lex_word(lx);
	t->text = (struct cw_str){ lx->text.s + start, lx->pos - start };
	if (!cw_str_is(t->text, "$this") && !cw_str_is(t->text, "$index") &&
	    !cw_str_is(t->text, "$total"))
		return path_fail_at(lx->err, CW_ESYNTAX, t->at, "there is no %.*s",
		    t->text.n > 40 ? 40 : (int)t->text.n, t->text.s);
	return 0;
}

static int
lex_symbol(struct path_lexer *lx, struct path_token *t)
{
	static const char two[][3] = { "<=", ">=", "!=", "!~" };
	int c = peek(lx, 0);

	t->kind = PATH_T_SYMBOL;
	t->text = (struct cw_str){ lx->text.s + lx->pos, 1 };
	for (size_t i = 0; i < sizeof(two) / sizeof(two[0]); i++) {
		if (c == two[i][0] && peek(lx, 1) == two[i][1])
			t->text.n = 2;
	}
	if (t->text.n == 1 && (c == 0 || !strchr(".,()[]{}+-*/&|<>=~", c))) {
		if (c >= 33 && c < 127)
			return path_fail_at(
			    lx->err, CW_ESYNTAX, t->at, "unexpected character '%c'", c);
		return path_fail_at(lx->err, CW_ESYNTAX, t->at, "unexpected byte 0x%02x", c);
	}
	lx->pos += t->text.n;
	return 0;
}

int
path_lex(struct path_lexer *lx, struct path_token *token)
{
	int r = skip_blank(lx), c = peek(lx, 0);

	if (r)
		return r;
	*token = (struct path_token){ .kind = PATH_T_END, .at = (uint32_t)lx->pos };
	if (c == -1)
		return 0;
	if (is_name_start(c)) {
		token->kind = PATH_T_NAME;
		token->text = lex_word(lx);
		return 0;
	}
	if (is_digit(c)) {
		lex_number(lx, token);
		return 0;
	}
	switch (c) {
	case '`':
		token->kind = PATH_T_DELIMITED;
		return lex_quoted(lx, c, &token->text);
	case '\'':
		token->kind = PATH_T_STRING;
		return lex_quoted(lx, c, &token->text);
	case '@':
		return lex_time(lx, token);
	case '%':
		return lex_external(lx, token);
	case '$':
		return lex_special(lx, token);
	default:
		return lex_symbol(lx, token);
	}
}
