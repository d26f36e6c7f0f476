/* big: unsigned integers of up to 1,536 bits, for what decimals and units compute between two
 * results of 38 digits. Internal to decimal and ucum. */
#ifndef FHIR_BIG_H
#define FHIR_BIG_H

#include "fhir/decimal.h"

enum { FHIR_BIG_WORDS = 48 };

/* Little-endian words; n counts those up to the highest that is not zero. */
struct fhir_big {
	uint32_t w[FHIR_BIG_WORDS];
	int n;
};

/* The number v. */
struct fhir_big fhir_big_from(fhir_u128 v);
/* False when it has more than 128 bits. */
bool fhir_big_to(const struct fhir_big *b, fhir_u128 *out);
int fhir_big_cmp(const struct fhir_big *a, const struct fhir_big *b);

/* In place: times a number, times 10^n. False, and *a unspecified, when there is no room. */
CW_CHECK bool fhir_big_mul(struct fhir_big *a, fhir_u128 by);
CW_CHECK bool fhir_big_mul10(struct fhir_big *a, unsigned n);

/* In place: a + b; a - b for a not below b. False: no room. */
CW_CHECK bool fhir_big_add(struct fhir_big *a, const struct fhir_big *b);
void fhir_big_sub(struct fhir_big *a, const struct fhir_big *b);

/* In place: a / by; returns the remainder. by is not 0. */
uint32_t fhir_big_div_small(struct fhir_big *a, uint32_t by);
/* Quotient into *a, remainder into *rest. by is not 0. */
void fhir_big_div(struct fhir_big *a, const struct fhir_big *by, struct fhir_big *rest);

/* Digits in decimal notation; 0 has 1. */
int fhir_big_digits(const struct fhir_big *a);

/* b * 10^-scale as a decimal; *b is used up. When it has more than 38 digits it is rounded half
 * away from zero if only digits after the point go (*rounded, if not NULL, is set), else CW_ELIMIT.
 */
CW_CHECK int fhir_big_decimal(
    struct fhir_big *b, int64_t scale, bool negative, struct fhir_decimal *out, bool *rounded);

#endif
