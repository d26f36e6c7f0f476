/* types_table: the shape of the generated tables; for types.c and the tables only. */
#ifndef FHIR_TYPES_TABLE_H
#define FHIR_TYPES_TABLE_H

#include <stdint.h>

/* Strings stand in one pool, each behind a byte with its length; 0 is "none". */
enum {
	ELEM_ARRAY = 1,
	ELEM_REQUIRED = 2,
	ELEM_MODIFIER = 4,
	ELEM_XML_ATTR = 8,
	ELEM_REFERENCE = 16
};

struct elem_row {
	uint16_t name;
	uint16_t choice;
	uint16_t type;
	uint8_t flags;
	uint8_t
	    sorted; /* the k-th row names the row that is k-th by (length, bytes) in its group */
};

struct type_row {
	uint16_t name;
	uint16_t base;
	uint16_t first; /* into elems */
	uint16_t count;
	uint8_t kind; /* enum fhir_type_kind */
	uint8_t json; /* enum fhir_node_kind */
	uint8_t abstract;
};

struct fhir_model {
	const char *version;
	const char *names;
	const struct type_row *types; /* by name, byte order; types[0] unused */
	const struct elem_row *elems;
	unsigned count;
};

#endif
