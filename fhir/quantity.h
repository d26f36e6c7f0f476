/* quantity: FHIR Quantity (R4 2.24) and FHIRPath Quantity: a decimal with a unit.
 *
 * The unit is parsed once and kept in canonical form; comparing never parses. */
#ifndef FHIR_QUANTITY_H
#define FHIR_QUANTITY_H

#include "fhir/node.h"
#include "fhir/time.h"
#include "fhir/ucum.h"

enum fhir_unit_kind {
	FHIR_UNIT_NONE,	    /* no unit at all: compares with the same only */
	FHIR_UNIT_UCUM,	    /* a UCUM code that parsed: form holds its canonical form */
	FHIR_UNIT_CALENDAR, /* a FHIRPath calendar word */
	FHIR_UNIT_TEXT /* text, another system's code, or what UCUM does not know: equal text only
			*/
};

/* Quantity.comparator: the true value is below (...) the one given. */
enum fhir_comparator { FHIR_CMP_NONE, FHIR_CMP_LT, FHIR_CMP_LE, FHIR_CMP_GE, FHIR_CMP_GT };

struct fhir_quantity {
	struct fhir_decimal value;
	struct fhir_unit form; /* UCUM and CALENDAR: canonical form; else "1", not meant */
	struct cw_str unit;    /* the code, word or text; borrowed; absent for NONE */
	uint8_t kind;	       /* enum fhir_unit_kind */
	uint8_t calendar;      /* CALENDAR: enum fhir_calendar */
	uint8_t comparator;    /* enum fhir_comparator */
};

/* A value in UCUM code (borrowed). CW_ESYNTAX etc. as fhir_ucum_parse; *out is then of kind TEXT,
 * usable all the same. */
CW_CHECK int fhir_quantity_ucum(
    struct fhir_decimal value, struct cw_str code, struct fhir_quantity *out, struct cw_err *err);
/* A value in calendar units ("4 days"). */
struct fhir_quantity fhir_quantity_calendar(struct fhir_decimal value, enum fhir_calendar unit);
/* A value without a unit, of kind UCUM with unit "1": FHIRPath's implicit conversion of a number.
 */
struct fhir_quantity fhir_quantity_number(struct fhir_decimal value);

/* Read a FHIR Quantity element (Quantity, SimpleQuantity, Age, Duration, Money excepted). UCUM only
 * with system http://unitsofmeasure.org; a code that UCUM does not know, another system, or unit
 * text alone is TEXT; nothing is NONE. 0; 1: no value (comparator and unit are filled); CW_ETYPE:
 * the value is no number; CW_ESYNTAX, CW_ELIMIT: no decimal; CW_EVALUE: unknown comparator. Strings
 * are borrowed. */
CW_CHECK int fhir_quantity_read(
    const struct fhir_node *node, struct fhir_quantity *out, struct cw_err *err);

/* Parse as FHIRPath's toQuantity() reads a string: "1", "1 day", "1 'wk'" (a bare word must be a
 * calendar word). CW_ESYNTAX otherwise. */
CW_CHECK int fhir_quantity_parse(struct cw_str text, struct fhir_quantity *out, struct cw_err *err);
/* FHIRPath toString(): "1 'wk'", "1 week", "4 days"; a bare "5" for NONE. The text is in the arena;
 * absent when it is full. */
struct cw_str fhir_quantity_format(struct cw_arena *a, const struct fhir_quantity *q);

/* How the units of two quantities stand: SAME, CONVERT, AMOUNT (mol against eq: refused) or
 * DIFFERENT. Calendar weeks and shorter are UCUM's; calendar years and months relate to each other
 * only. */
enum fhir_unit_relation fhir_quantity_relate(
    const struct fhir_quantity *a, const struct fhir_quantity *b);

/* FHIRPath `=`, `<` ...: the possible order, across units, exactly. FHIR_ANY_ORDER when the units
 * do not compare (see fhir_quantity_relate), more than one bit where a comparator leaves it open
 * ("<5" against 5: FHIR_LESS; "<5" against 3: any). */
unsigned fhir_quantity_compare(const struct fhir_quantity *a, const struct fhir_quantity *b);

/* FHIRPath `~`: a calendar word equals its UCUM unit (1 year ~ 1 'a'); both values in the coarser
 * unit are rounded to the fewer digits after the point. Units that do not compare: false. Different
 * comparators: false. */
bool fhir_quantity_equivalent(const struct fhir_quantity *a, const struct fhir_quantity *b);

/* The same quantity in the unit with that UCUM code (borrowed, already parsed into form): how
 * findings are stored in the package's unit. The comparator stays. 0 exact, 1 rounded to 28
 * significant digits, CW_EVALUE not commensurable (mol against eq too), CW_ELIMIT no room. */
CW_CHECK int fhir_quantity_canonical(const struct fhir_quantity *q, struct cw_str code,
    const struct fhir_unit *form, struct fhir_quantity *out);

/* Sum and difference, in the finer unit of the two (FHIRPath 6.6.3). 0; 1: the units do not
 * compare, or either has a comparator (FHIRPath: empty); CW_ELIMIT. */
CW_CHECK int fhir_quantity_add(
    const struct fhir_quantity *a, const struct fhir_quantity *b, struct fhir_quantity *out);
CW_CHECK int fhir_quantity_sub(
    const struct fhir_quantity *a, const struct fhir_quantity *b, struct fhir_quantity *out);

/* Product and quotient with combined unit; its text is written into the arena ("cm.m", "g/m"). 0;
 * 1: divisor zero, a unit that cannot be combined (text, temperature scale) or a comparator;
 * CW_ELIMIT. Calendar units count as UCUM's; years and months do not combine but with "1". */
CW_CHECK int fhir_quantity_mul(struct cw_arena *arena, const struct fhir_quantity *a,
    const struct fhir_quantity *b, struct fhir_quantity *out);
CW_CHECK int fhir_quantity_div(struct cw_arena *arena, const struct fhir_quantity *a,
    const struct fhir_quantity *b, struct fhir_quantity *out);

/* The duration to add to a date or time: calendar words, UCUM wk, d, h, min, s, ms, and calendar
 * words in quotes ('month', as the R5 suite has it). Above seconds the value is cut to an integer;
 * seconds with a fraction come as milliseconds, cut. 0; CW_ETYPE: not a duration, or UCUM's 'a'
 * and 'mo', which are no calendar units (FHIRPath: an error); CW_ELIMIT: does not fit. */
CW_CHECK int fhir_quantity_duration(
    const struct fhir_quantity *q, int64_t *n, enum fhir_calendar *unit);

#endif
