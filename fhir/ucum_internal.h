/* ucum_internal: the table of units and prefixes, made by generate-ucum.py. */
#ifndef FHIR_UCUM_INTERNAL_H
#define FHIR_UCUM_INTERNAL_H

#include "fhir/ucum.h"

/* One unit: top/bottom * 10^ten * pi^pi base units. Sorted by code (byte order). */
struct ucum_row {
	const char *code;
	uint64_t top, bottom;
	int16_t ten;
	uint16_t own; /* row plus 1 of the unit that it stands for; 0: dim says all */
	int8_t pi;
	uint8_t shift; /* 0 none, 1 zero at 273.15 K, 2 at 459.67 * 5/9 K */
	bool metric;   /* takes prefixes */
	int8_t dim[FHIR_DIM_MONTH];
};

struct ucum_prefix {
	const char *code;
	uint64_t factor;
	int16_t ten;
};

extern const struct ucum_row ucum_rows[];
extern const size_t ucum_row_count;
extern const struct ucum_prefix ucum_prefixes[];
extern const size_t ucum_prefix_count;

#endif
