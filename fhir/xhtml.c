/* xhtml: one pass over the markup with a stack of the open elements. */
#include "fhir/xhtml.h"

#include <string.h>

enum { MAX_DEPTH = 64 };

/* The lists of invariant txt-1 of the StructureDefinition Narrative; xmlns and xml:lang are XML's.
 */
static const char elements[] =
    " a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 "
    "h3 h4 h5 h6 hr i img li ol p pre q samp small span strong sub sup table tbody td tfoot th "
    "thead tr tt ul var ";
static const char attributes[] =
    " abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign "
    "char charoff charset cite class colspan compact coords dir frame headers height href hreflang "
    "hspace id lang longdesc name nowrap rel rev rowspan rules scope shape span src start style "
    "summary tabindex title type valign value vspace width xml:lang xmlns ";

struct reader {
	const char *s, *end;
	struct cw_str open[MAX_DEPTH];
	size_t depth;
	bool content; /* text that is not white space, or an image */
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
listed(const char *list, struct cw_str word)
{
	for (const char *p = list; *p; p++) {
		if (p[0] == ' ' && strncmp(p + 1, word.s, word.n) == 0 && p[word.n + 1] == ' ')
			return word.n > 0;
	}
	return false;
}

static void
skip_space(struct reader *r)
{
	while (r->s < r->end && is_space(*r->s))
		r->s++;
}

static bool
take(struct reader *r, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(r->end - r->s) < n || memcmp(r->s, word, n) != 0)
		return false;
	r->s += n;
	return true;
}

static struct cw_str
take_name(struct reader *r)
{
	struct cw_str name = { r->s, 0 };

	while (r->s < r->end && ((*r->s >= 'a' && *r->s <= 'z') || (*r->s >= 'A' && *r->s <= 'Z') ||
				    (*r->s >= '0' && *r->s <= '9') || *r->s == ':' || *r->s == '-'))
		r->s++;
	name.n = (size_t)(r->s - name.s);
	return name;
}

/* "&name;", "&#1;", "&#x1;": the names are not looked up. */
static bool
take_entity(struct reader *r)
{
	const char *from = ++r->s;

	if (r->s < r->end && *r->s == '#')
		r->s++;
	if (take_name(r).n == 0 || r->s - from > 12)
		return false;
	return take(r, ";");
}

/* A link that runs a script, whatever white space and case hide it; an escape within the scheme has
 * no other use than to hide it. */
static bool
is_script(struct cw_str value)
{
	char scheme[12];
	size_t n = 0;

	for (size_t i = 0; i < value.n && n < sizeof(scheme); i++) {
		char c = value.s[i];

		if (c == '&')
			return true;
		if (c == ':' || c == '/' || c == '?')
			break;
		if ((unsigned char)c > ' ')
			scheme[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	return cw_str_is((struct cw_str){ scheme, n }, "javascript") ||
	       cw_str_is((struct cw_str){ scheme, n }, "vbscript");
}

static bool
take_attribute(struct reader *r)
{
	struct cw_str name = take_name(r), value;
	char quote;

	if (!listed(attributes, name))
		return false;
	skip_space(r);
	if (!take(r, "="))
		return false;
	skip_space(r);
	if (r->s == r->end || (*r->s != '"' && *r->s != '\''))
		return false;
	quote = *r->s++;
	value.s = r->s;
	while (r->s < r->end && *r->s != quote) {
		if (*r->s == '<')
			return false;
		if (*r->s != '&')
			r->s++;
		else if (!take_entity(r))
			return false;
	}
	value.n = (size_t)(r->s - value.s);
	if ((cw_str_is(name, "href") || cw_str_is(name, "src")) && is_script(value))
		return false;
	return r->s++ < r->end;
}

static bool
take_start(struct reader *r)
{
	struct cw_str name = take_name(r);

	if (!listed(elements, name))
		return false;
	if (cw_str_is(name, "img"))
		r->content = true;
	for (;;) {
		bool space = r->s < r->end && is_space(*r->s);

		skip_space(r);
		if (take(r, "/>"))
			return true;
		if (take(r, ">"))
			break;
		if (!space || !take_attribute(r))
			return false;
	}
	if (r->depth == MAX_DEPTH)
		return false;
	r->open[r->depth++] = name;
	return true;
}

static bool
take_end(struct reader *r)
{
	struct cw_str name = take_name(r);

	skip_space(r);
	return take(r, ">") && r->depth > 0 && cw_str_eq(name, r->open[--r->depth]);
}

/* A comment; "<!--" is taken. */
static bool
take_comment(struct reader *r)
{
	while (r->s < r->end) {
		if (take(r, "--"))
			return take(r, ">");
		r->s++;
	}
	return false;
}

bool
fhir_xhtml_ok(struct cw_str text)
{
	struct reader r = { .s = text.s, .end = text.s + text.n, .depth = 0, .content = false };

	while (r.s < r.end) {
		bool ok = true;

		if (take(&r, "<!--")) {
			ok = take_comment(&r);
		} else if (take(&r, "</")) {
			ok = take_end(&r);
		} else if (take(&r, "<")) {
			ok = take_start(&r);
		} else if (*r.s == '&') {
			ok = take_entity(&r);
			r.content = true;
		} else {
			r.content |= !is_space(*r.s);
			r.s++;
		}
		if (!ok)
			return false;
	}
	return r.depth == 0 && r.content;
}
