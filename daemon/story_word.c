/* The words of a story's statements: keywords, times, codes. */
#include "daemon/story_internal.h"
#include "fhir/time.h"

#include <stdio.h>
#include <string.h>

struct cw_str
story_peek(const struct story_cursor *c)
{
	return c->at < c->line->n ? c->line->word[c->at].text : (struct cw_str){ 0 };
}

bool
story_is(struct story_cursor *c, const char *keyword)
{
	if (c->at >= c->line->n || c->line->word[c->at].quoted ||
	    !cw_str_is(c->line->word[c->at].text, keyword))
		return false;
	c->at++;
	return true;
}

int
story_fail(const struct story_cursor *c, int code, const char *fmt, ...)
{
	size_t i = c->at < c->line->n ? c->at : c->line->n - 1;
	const struct story_word *w = &c->line->word[i];
	size_t column = w->column + (c->at < c->line->n ? 0 : w->text.n);
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return cw_fail_at(c->err, code, w->line, column, NULL, "%s", text);
}

int
story_take(struct story_cursor *c, struct cw_str *out, const char *what)
{
	*out = story_peek(c);
	if (out->s == NULL)
		return story_fail(c, CW_ESYNTAX, "expected %s", what);
	c->at++;
	return CW_OK;
}

static int
parse_time(struct story_cursor *c, struct fhir_time *t)
{
	struct cw_str text = story_peek(c);
	struct cw_err why = { 0 };

	if (text.s == NULL)
		return story_fail(c, CW_ESYNTAX, "expected a date or a time");
	if (fhir_time_parse_path(FHIR_TIME_DATETIME, text, t, &why) < 0)
		return story_fail(c, why.code, "%.*s: %s", CW_ARG(text), why.text);
	if (t->precision == FHIR_TO_HOUR || (t->precision > FHIR_TO_DAY && !t->zoned))
		return story_fail(c, CW_ESYNTAX, "a time needs hours, minutes and a zone");
	return CW_OK;
}

int
story_take_time(struct story_cursor *c, struct cw_str *out)
{
	char text[FHIR_TIME_TEXT];
	struct fhir_time t;
	int rc = parse_time(c, &t);

	if (rc < 0)
		return rc;
	*out = story_peek(c);
	if (t.precision == FHIR_TO_MINUTE)
		*out = cw_str_dup(c->mem, fhir_time_format_utc(fhir_time_interval(&t).from, text));
	c->at++;
	return CW_OK;
}

int
story_take_instant(struct story_cursor *c, int64_t *out)
{
	struct fhir_time t;
	int rc = parse_time(c, &t);

	if (rc < 0)
		return rc;
	*out = fhir_time_interval(&t).from;
	c->at++;
	return CW_OK;
}

/* ---- codes ---- */

static const struct {
	const char *prefix, *system;
} systems[] = {
	{ "sct", "http://snomed.info/sct" },
	{ "loinc", "http://loinc.org" },
	{ "cm", "http://hl7.org/fhir/sid/icd-10-cm" },
	{ "icd10", "http://hl7.org/fhir/sid/icd-10" },
	{ "icd9", "http://hl7.org/fhir/sid/icd-9-cm" },
	{ "icpc", "http://hl7.org/fhir/sid/icpc-2" },
	{ "rxn", "http://www.nlm.nih.gov/research/umls/rxnorm" },
	{ "hpo", "http://human-phenotype-ontology.org" },
	{ "site", "urn:cordwatch:test:site" },
};

static const char *
system_of(struct cw_str prefix)
{
	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		if (cw_str_is(prefix, systems[i].prefix))
			return systems[i].system;
	}
	return NULL;
}

/* Splits at the first `mark`; false if there is none. */
static bool
split(struct cw_str text, char mark, struct cw_str *left, struct cw_str *right)
{
	const char *at = text.n > 0 ? memchr(text.s, mark, text.n) : NULL;

	if (at == NULL)
		return false;
	*left = (struct cw_str){ text.s, (size_t)(at - text.s) };
	*right = (struct cw_str){ at + 1, text.n - left->n - 1 };
	return right->n > 0;
}

bool
story_at_coding(const struct story_cursor *c)
{
	struct cw_str text = story_peek(c), left, right;

	if (text.s == NULL || c->line->word[c->at].quoted)
		return false;
	if (split(text, '|', &left, &right))
		return memchr(left.s, ':', left.n) != NULL;
	return split(text, ':', &left, &right) && system_of(left) != NULL;
}

int
story_take_coding(struct story_cursor *c, struct story_coding *out)
{
	struct cw_str text = story_peek(c), prefix;

	if (!story_at_coding(c))
		return story_fail(c, CW_ESYNTAX, "expected a code, such as sct:26544005");
	*out = (struct story_coding){ 0 };
	if (!split(text, '|', &out->system, &out->code)) {
		(void)split(text, ':', &prefix, &out->code);
		out->system = cw_str(system_of(prefix));
	}
	c->at++;
	if (c->at < c->line->n && c->line->word[c->at].quoted)
		out->display = c->line->word[c->at++].text;
	return CW_OK;
}
