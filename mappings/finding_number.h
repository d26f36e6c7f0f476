/* finding_number: exact numbers in answers and the rules that read them. Not for others. */
#ifndef MAPPINGS_FINDING_NUMBER_H
#define MAPPINGS_FINDING_NUMBER_H

#include "mappings/finding_internal.h"

/* A plain number (valueInteger, valueDecimal, an ordinal value). */
void map_number_read(struct map_reader *r, struct map_answer *a, const struct fhir_node *node);
/* A Quantity, with its comparator. */
void map_number_quantity(struct map_reader *r, struct map_answer *a, const struct fhir_node *node);
/* A Range. */
void map_number_range(struct map_reader *r, struct map_answer *a, const struct fhir_node *node);

#endif
