/* ucum: units of measure (UCUM, case sensitive): parse a code, bring it to canonical form, relate
 * and convert. The table of units is ucum_table.c, generated from ucum-essence.xml.
 *
 * Stricter than UCUM where medicine would be fooled: UCUM holds mol, eq and osm for one number
 * (6.022 * 10^23), so that 2.8 meq/L of calcium would pass for 2.8 mmol/L (it is 1.4). Here each is
 * a dimension of its own; fhir_ucum_relate names the case. Arbitrary units ([IU], [CFU], ...) and
 * units on a logarithmic scale ([pH], B) are each a dimension of their own too, as UCUM says that
 * they are not to be converted. */
#ifndef FHIR_UCUM_H
#define FHIR_UCUM_H

#include "fhir/decimal.h"

enum fhir_dimension {
	FHIR_DIM_LENGTH,      /* m */
	FHIR_DIM_TIME,	      /* s */
	FHIR_DIM_MASS,	      /* g */
	FHIR_DIM_ANGLE,	      /* rad */
	FHIR_DIM_TEMPERATURE, /* K */
	FHIR_DIM_CHARGE,      /* C */
	FHIR_DIM_LUMINOUS,    /* cd */
	FHIR_DIM_AMOUNT,      /* mol */
	FHIR_DIM_EQUIVALENT,  /* eq */
	FHIR_DIM_OSMOLE,      /* osm */
	FHIR_DIM_MONTH,	      /* FHIRPath's calendar month: not a UCUM unit */
	FHIR_DIMENSIONS
};

enum { FHIR_UCUM_OWN = 3 };

/* A unit in canonical form: value * top/bottom * 10^ten * pi^pi base units; for a temperature scale
 * the zero is shifted first. Plain data: copy freely. */
struct fhir_unit {
	fhir_u128 top, bottom; /* coprime, below 2^127, not zero */
	int32_t ten;
	int8_t pi;
	uint8_t shift; /* 0, or which temperature scale (internal) */
	int8_t dim[FHIR_DIMENSIONS];
	struct {
		uint16_t unit; /* row of the table plus 1; 0 none; ascending */
		int16_t power;
	} own[FHIR_UCUM_OWN]; /* arbitrary and logarithmic units */
};

/* The unit "1". */
struct fhir_unit fhir_unit_one(void);

/* Parse a UCUM code by the whole grammar: prefixes, "." and "/", exponents, parentheses,
 * annotations {score}, integers, "10*3". Annotations count as 1. Empty text is not a unit.
 * CW_ESYNTAX: not a code or an unknown unit; CW_EVALUE: a temperature scale (Cel)
 * within a product; CW_ELIMIT: longer than 255 bytes, nested deeper than 8, or too large a factor.
 */
CW_CHECK int fhir_ucum_parse(struct cw_str code, struct fhir_unit *out, struct cw_err *err);

/* How two units stand to each other. */
enum fhir_unit_relation {
	FHIR_UNITS_SAME,     /* one measure: same factor */
	FHIR_UNITS_CONVERT,  /* a fixed factor (or a shift, for temperatures) apart */
	FHIR_UNITS_AMOUNT,   /* differ only in mol, eq, osm: UCUM would convert, we refuse */
	FHIR_UNITS_DIFFERENT /* not commensurable */
};
enum fhir_unit_relation fhir_unit_relate(const struct fhir_unit *a, const struct fhir_unit *b);

/* Product and quotient of units. CW_ELIMIT: a factor or exponent too large; CW_EVALUE: a
 * temperature scale cannot stand in a product. */
CW_CHECK int fhir_unit_mul(
    const struct fhir_unit *a, const struct fhir_unit *b, struct fhir_unit *out);
CW_CHECK int fhir_unit_div(
    const struct fhir_unit *a, const struct fhir_unit *b, struct fhir_unit *out);

/* value, in unit from, in unit to. 0: exact; 1: rounded half away from zero to 28 significant
 * digits (a factor 1/3, or pi); CW_EVALUE: SAME or CONVERT does not hold; CW_ELIMIT: no room. The
 * result has no more digits after the point than it needs; value itself if SAME. */
CW_CHECK int fhir_unit_convert(const struct fhir_decimal *value, const struct fhir_unit *from,
    const struct fhir_unit *to, struct fhir_decimal *out);

/* Exact order of two values of related units (SAME or CONVERT); otherwise FHIR_ANY_ORDER. No
 * intermediate rounding (temperature scales: up to 30 digits); where pi is on one side only, it
 * counts with 38 digits. */
enum fhir_order fhir_unit_compare(const struct fhir_decimal *a, const struct fhir_unit *ua,
    const struct fhir_decimal *b, const struct fhir_unit *ub);

#endif
