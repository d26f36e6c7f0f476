/* regex: PCRE2 behind limits. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "fhir/regex.h"

#include <pcre2.h>
#include <stdlib.h>

enum {
	MAX_PATTERN = 4096,
	MAX_NEST = 50,
	MAX_STEPS = 1000000,  /* match limit: calls of the matcher */
	MAX_DEPTH = 10000,    /* backtracking depth */
	MAX_HEAP_KIB = 16384, /* memory for backtracking */
	MAX_RESULT = 16 << 20
};

struct fhir_regex {
	pcre2_code *code;
	pcre2_match_context *limits;
};

static uint32_t
options(unsigned flags)
{
	uint32_t o = PCRE2_UTF | PCRE2_UCP | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C;

	if (flags & FHIR_REGEX_FULL)
		o |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
	if (flags & FHIR_REGEX_CASELESS)
		o |= PCRE2_CASELESS;
	if (flags & FHIR_REGEX_MULTILINE)
		o |= PCRE2_MULTILINE;
	return o;
}

int
fhir_regex_compile(
    struct fhir_regex **out, struct cw_str pattern, unsigned flags, struct cw_err *err)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	struct fhir_regex *re = cw_calloc(1, sizeof(*re));
	unsigned char text[120];
	PCRE2_SIZE at = 0;
	int code = 0, r = 0;

	*out = NULL;
	re->limits = pcre2_match_context_create(NULL);
	if (!context || !re->limits)
		abort();
	pcre2_set_parens_nest_limit(context, MAX_NEST);
	pcre2_set_match_limit(re->limits, MAX_STEPS);
	pcre2_set_depth_limit(re->limits, MAX_DEPTH);
	pcre2_set_heap_limit(re->limits, MAX_HEAP_KIB);
	if (pattern.n > MAX_PATTERN) {
		r = cw_fail(err, CW_ELIMIT, "the regular expression is too long");
		goto out;
	}
	re->code = pcre2_compile((PCRE2_SPTR)(pattern.n ? pattern.s : ""), pattern.n,
	    options(flags), &code, &at, context);
	if (!re->code) {
		pcre2_get_error_message(code, text, sizeof(text));
		r = cw_fail(
		    err, CW_ESYNTAX, "not a regular expression: %s at byte %zu", text, at + 1);
		goto out;
	}
	*out = re;
	re = NULL;
out:
	pcre2_compile_context_free(context);
	fhir_regex_free(re);
	return r;
}

void
fhir_regex_free(struct fhir_regex *re)
{
	if (!re)
		return;
	pcre2_code_free(re->code);
	pcre2_match_context_free(re->limits);
	free(re);
}

static int
match_failed(int code, struct cw_err *err)
{
	switch (code) {
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
	case PCRE2_ERROR_HEAPLIMIT:
		return cw_fail(err, CW_ELIMIT, "the regular expression backtracks too much");
	case PCRE2_ERROR_NOMEMORY:
		return cw_fail(err, CW_ELIMIT, "the result of the replacement is too large");
	case PCRE2_ERROR_NOSUBSTRING:
	case PCRE2_ERROR_BADREPLACEMENT:
	case PCRE2_ERROR_BADREPESCAPE:
	case PCRE2_ERROR_REPMISSINGBRACE:
	case PCRE2_ERROR_BADSUBSTITUTION:
		return cw_fail(err, CW_ESYNTAX, "the replacement text names no group");
	default:
		return cw_fail(err, CW_EVALUE, "the regular expression cannot be applied");
	}
}

int
fhir_regex_match(const struct fhir_regex *re, struct cw_str subject, struct cw_err *err)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int r;

	if (!data)
		abort();
	r = pcre2_match(
	    re->code, (PCRE2_SPTR)(subject.n ? subject.s : ""), subject.n, 0, 0, data, re->limits);
	pcre2_match_data_free(data);
	if (r == PCRE2_ERROR_NOMATCH)
		return 0;
	return r < 0 ? match_failed(r, err) : 1;
}

int
fhir_regex_replace(struct cw_arena *a, const struct fhir_regex *re, struct cw_str subject,
    struct cw_str by, struct cw_str *out, struct cw_err *err)
{
	PCRE2_SPTR text = (PCRE2_SPTR)(subject.n ? subject.s : "");
	PCRE2_SPTR rep = (PCRE2_SPTR)(by.n ? by.s : "");
	PCRE2_SIZE n = subject.n + by.n + 64;
	uint32_t flags = PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNSET_EMPTY |
			 PCRE2_SUBSTITUTE_OVERFLOW_LENGTH;
	int r = PCRE2_ERROR_NOMEMORY;

	for (int round = 0; round < 2 && r == PCRE2_ERROR_NOMEMORY && n <= MAX_RESULT; round++) {
		PCRE2_UCHAR *room = cw_alloc_raw(a, n);

		if (!room)
			break;
		r = pcre2_substitute(
		    re->code, text, subject.n, 0, flags, NULL, re->limits, rep, by.n, room, &n);
		if (r >= 0)
			*out = (struct cw_str){ (const char *)room, n };
	}
	return r < 0 ? match_failed(r, err) : 0;
}
