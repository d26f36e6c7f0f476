/* path_fn_regex: matches, matchesFull, replaceMatches (FHIRPath N1 5.6.8, 5.6.9). */
#include "fhir/path_fn.h"

#include "fhir/regex.h"

/* Flags argument number i: "i" and "m". */
static int
flags_of(struct path_call *c, size_t i, unsigned *flags)
{
	if (c->args <= i)
		return 0;
	for (uint32_t k = 0; k < c->value[i]->n; k++) {
		switch (c->value[i]->s[k]) {
		case 'i':
			*flags |= FHIR_REGEX_CASELESS;
			break;
		case 'm':
			*flags |= FHIR_REGEX_MULTILINE;
			break;
		default:
			return path_fail(
			    c, CW_EUNSUPPORTED, "a flag of %s() is not known", c->node->fn->name);
		}
	}
	return 0;
}

static int
compile(struct path_call *c, unsigned flags, struct fhir_regex **re)
{
	struct cw_err err = { 0 };
	int r = fhir_regex_compile(re, path_text(c->value[0]), flags, &err);

	return r ? path_fail(c, r, "%s", err.text) : 0;
}

static int
match(struct path_call *c, unsigned flags)
{
	struct cw_err err = { 0 };
	struct fhir_regex *re;
	int r = flags_of(c, 1, &flags);

	if (!r)
		r = compile(c, flags, &re);
	if (r)
		return r;
	r = fhir_regex_match(re, path_text(c->one), &err);
	fhir_regex_free(re);
	return r < 0 ? path_fail(c, r, "%s", err.text) : path_emit_boolean(c, r == 1);
}

static int
run_matches(struct path_call *c)
{
	return match(c, 0);
}

static int
run_matches_full(struct path_call *c)
{
	return match(c, FHIR_REGEX_FULL);
}

static int
run_replace_matches(struct path_call *c)
{
	struct cw_err err = { 0 };
	struct fhir_regex *re;
	struct cw_str text;
	unsigned flags = 0;
	int r = flags_of(c, 2, &flags);

	if (!r && c->value[0]->n == 0)
		return path_emit(c, c->one);
	if (!r)
		r = compile(c, flags, &re);
	if (r)
		return r;
	r = fhir_regex_replace(
	    c->x->arena, re, path_text(c->one), path_text(c->value[1]), &text, &err);
	fhir_regex_free(re);
	return r ? path_fail(c, r, "%s", err.text) : path_emit_string(c, text);
}

const struct path_fn path_fn_regex[] = {
	{ .name = "matches",
	    .least = 1,
	    .most = 2,
	    .in = PATH_STRING,
	    .arg = { PATH_STRING, PATH_STRING },
	    .result = FHIR_ITEM_BOOLEAN,
	    .flags = PATH_FN_ONE,
	    .run = run_matches },
	{ .name = "matchesFull",
	    .least = 1,
	    .most = 2,
	    .in = PATH_STRING,
	    .arg = { PATH_STRING, PATH_STRING },
	    .result = FHIR_ITEM_BOOLEAN,
	    .flags = PATH_FN_ONE,
	    .run = run_matches_full },
	{ .name = "replaceMatches",
	    .least = 2,
	    .most = 3,
	    .in = PATH_STRING,
	    .arg = { PATH_STRING, PATH_STRING, PATH_STRING },
	    .result = FHIR_ITEM_STRING,
	    .flags = PATH_FN_ONE,
	    .run = run_replace_matches },
	{ .name = NULL },
};
