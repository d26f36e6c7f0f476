/* regex: regular expressions (PCRE2, Perl's syntax; FHIRPath N1 5.6.8 asks for it), bounded: no
 * just-in-time compiler, limits on pattern, backtracking and memory; the subject is UTF-8, "."
 * matches a line break as FHIRPath's single-line mode says. The only user of PCRE2. */
#ifndef FHIR_REGEX_H
#define FHIR_REGEX_H

#include "fhir/base.h"

struct fhir_regex;

enum fhir_regex_flags {
	FHIR_REGEX_FULL = 1,	 /* must match the whole subject */
	FHIR_REGEX_CASELESS = 2, /* letters match both cases */
	FHIR_REGEX_MULTILINE = 4 /* ^ and $ match at line breaks */
};

/* Compile. CW_ESYNTAX: not a regular expression; CW_ELIMIT: longer than 4,096 bytes. *out is yours
 * to free; it may be shared between threads. */
CW_CHECK int fhir_regex_compile(
    struct fhir_regex **out, struct cw_str pattern, unsigned flags, struct cw_err *err);
void fhir_regex_free(struct fhir_regex *re);
/* 1: matches; 0: does not; CW_ELIMIT: too much backtracking; CW_EVALUE: the subject is not UTF-8.
 */
CW_CHECK int fhir_regex_match(
    const struct fhir_regex *re, struct cw_str subject, struct cw_err *err);
/* Replace every match; $1, ${1}, ${name} in by stand for groups, $$ for a dollar. The text is in
 * the arena. CW_ESYNTAX: by names no group; CW_ELIMIT: too much backtracking, or a result over
 * 16 MiB or the arena's maximum. */
CW_CHECK int fhir_regex_replace(struct cw_arena *a, const struct fhir_regex *re,
    struct cw_str subject, struct cw_str by, struct cw_str *out, struct cw_err *err);

#endif
