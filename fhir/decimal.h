/* decimal: exact decimal numbers, FHIR decimal (R4 2.24) and FHIRPath Decimal.
 *
 * A number is sign, up to 38 digits and a scale; trailing zeros are kept because FHIR gives them
 * meaning. Nothing is rounded unless the contract says so; what has no room is CW_ELIMIT (FHIRPath:
 * empty). Results may alias operands. Functions that FHIRPath leaves empty (division by zero,
 * sqrt(-1)) return 1. */
#ifndef FHIR_DECIMAL_H
#define FHIR_DECIMAL_H

#include "fhir/base.h"
#include "fhir/order.h"

__extension__ typedef unsigned __int128 fhir_u128;

enum {
	FHIR_DECIMAL_DIGITS = 38,
	FHIR_DECIMAL_MAX_SCALE = 9999, /* scale lies in -9999..9999 */
	FHIR_DECIMAL_TEXT = 64	       /* bytes that any decimal needs as text, NUL included */
};

/* The value is digits * 10^-scale, negated when negative. A zero may be negative (-0.0): it counts
 * as zero everywhere and only prints its sign. */
struct fhir_decimal {
	fhir_u128 digits; /* below 10^38 */
	int32_t scale;	  /* digits after the point as written; negative after "1E5" */
	bool negative;
};

/* Parse -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? (R4 decimal; also integers). CW_ESYNTAX: not
 * of this form; CW_ELIMIT: more than 38 digits without leading zeros, or a scale out of range: it
 * is never rounded. */
CW_CHECK int fhir_decimal_parse(struct cw_str lexeme, struct fhir_decimal *out, struct cw_err *err);
/* As FHIRPath's toDecimal() reads a string: a leading "+" and leading zeros are allowed, an
 * exponent is not. */
CW_CHECK int fhir_decimal_parse_path(
    struct cw_str text, struct fhir_decimal *out, struct cw_err *err);
struct fhir_decimal fhir_decimal_from_int(int64_t i);

/* Text with every digit after the point that scale says; with a scale past 50, or past 38 digits
 * before the point, in the form 1.5E-60. Returns the bytes in buf (FHIR_DECIMAL_TEXT). */
struct cw_str fhir_decimal_format(const struct fhir_decimal *d, char *buf);

/* The integer it is (1.00 too). 0, or 1 when it has a fraction or does not fit. */
CW_CHECK int fhir_decimal_to_int(const struct fhir_decimal *d, int64_t *out);
/* Nearest double, for display and plots only. */
double fhir_decimal_to_double(const struct fhir_decimal *d);
bool fhir_decimal_is_zero(const struct fhir_decimal *d);
/* -1, 0, 1. */
int fhir_decimal_sign(const struct fhir_decimal *d);

/* Exact order, whatever the scales; FHIR_LESS, FHIR_EQUAL or FHIR_GREATER. 1.10 equals 1.1. */
enum fhir_order fhir_decimal_compare(const struct fhir_decimal *a, const struct fhir_decimal *b);
/* FHIRPath `~`: equal after rounding both to the fewer digits after the point (trailing zeros not
 * counted). */
bool fhir_decimal_equivalent(const struct fhir_decimal *a, const struct fhir_decimal *b);
/* Hash that equal values share (1.10 and 1.1). */
uint64_t fhir_decimal_hash(const struct fhir_decimal *d);

/* Sum, difference, product. Exact when 38 digits hold the result; else the digits after the point
 * that have no room are rounded half away from zero; CW_ELIMIT when digits before the point have
 * none. */
CW_CHECK int fhir_decimal_add(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out);
CW_CHECK int fhir_decimal_sub(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out);
CW_CHECK int fhir_decimal_mul(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out);
/* Quotient: exact when it ends within 28 significant digits (or 8 after the point), else rounded
 * half away from zero there. An exact quotient has as few digits after the point as it needs. 1: b
 * is zero. */
CW_CHECK int fhir_decimal_div(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out);
/* FHIRPath div: the quotient cut toward zero, scale 0. mod: a - b * (a div b). 1: b is zero. */
CW_CHECK int fhir_decimal_idiv(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out);
CW_CHECK int fhir_decimal_mod(
    const struct fhir_decimal *a, const struct fhir_decimal *b, struct fhir_decimal *out);

/* -d and |d|. */
struct fhir_decimal fhir_decimal_neg(struct fhir_decimal d);
struct fhir_decimal fhir_decimal_abs(struct fhir_decimal d);
/* Rounded half away from zero to n (0..38) digits after the point; fewer digits stay as they are.
 */
struct fhir_decimal fhir_decimal_round(struct fhir_decimal d, int n);
/* To an integer (scale 0 or, when it is huge, less): toward zero, down, up. */
struct fhir_decimal fhir_decimal_truncate(struct fhir_decimal d);
struct fhir_decimal fhir_decimal_floor(struct fhir_decimal d);
struct fhir_decimal fhir_decimal_ceiling(struct fhir_decimal d);

/* base^exponent. A whole exponent is computed by multiplication (exact while 38 digits hold it);
 * any other in double precision, rounded to 15 significant digits. 1: not a real number. */
CW_CHECK int fhir_decimal_power(
    const struct fhir_decimal *base, const struct fhir_decimal *exponent, struct fhir_decimal *out);
/* Square root (exact for a square, else rounded to 15 significant digits), e^d, natural logarithm
 * and logarithm to a base (15 significant digits). 1: not a real number. */
CW_CHECK int fhir_decimal_sqrt(const struct fhir_decimal *d, struct fhir_decimal *out);
CW_CHECK int fhir_decimal_exp(const struct fhir_decimal *d, struct fhir_decimal *out);
CW_CHECK int fhir_decimal_ln(const struct fhir_decimal *d, struct fhir_decimal *out);
CW_CHECK int fhir_decimal_log(
    const struct fhir_decimal *d, const struct fhir_decimal *base, struct fhir_decimal *out);

/* Digits after the point, trailing zeros too (FHIRPath precision()); 0 for a negative scale. */
int fhir_decimal_precision(const struct fhir_decimal *d);
/* FHIRPath lowBoundary, highBoundary: the value less or plus half a unit of its last digit, written
 * with n digits after the point (-1: 8). Cutting digits rounds half away from zero when that widens
 * and cuts when it narrows, which is what the R5 test suite expects (1.587 low 2: 1.58; -0.0034 low
 * 1: -0.0). 1: n is not in 0..31, or there is no room. Note: FHIRPath's lowBoundary(-1) is empty,
 * the -1 here means "no argument". */
CW_CHECK int fhir_decimal_low(const struct fhir_decimal *d, int n, struct fhir_decimal *out);
CW_CHECK int fhir_decimal_high(const struct fhir_decimal *d, int n, struct fhir_decimal *out);

#endif
