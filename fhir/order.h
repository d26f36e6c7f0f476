/* order: what is known of how two values lie, as a set of possibilities.
 *
 * One bit: certain. All three bits: nothing known. Two bits arise where a value is itself a bound
 * (a Quantity with comparator "<"): "<5" against 5 can only be less. FHIRPath's empty is whatever a
 * test cannot decide from the set. */
#ifndef FHIR_ORDER_H
#define FHIR_ORDER_H

enum fhir_order {
	FHIR_LESS = 1,
	FHIR_EQUAL = 2,
	FHIR_GREATER = 4,
	FHIR_ANY_ORDER = 7 /* unknown */
};

/* Is the relation surely one of the wanted ones (1), surely none (0), or not known (-1)?
 * `<=` is fhir_order_is(o, FHIR_LESS | FHIR_EQUAL), `!=` is FHIR_LESS | FHIR_GREATER. */
static inline int
fhir_order_is(unsigned order, unsigned wanted)
{
	if ((order & wanted) == 0)
		return 0;
	return (order & ~wanted) == 0 ? 1 : -1;
}

/* The same seen from the other side. */
static inline unsigned
fhir_order_turn(unsigned order)
{
	return (order & FHIR_EQUAL) | (order & FHIR_LESS ? FHIR_GREATER : 0u) |
	       (order & FHIR_GREATER ? FHIR_LESS : 0u);
}

#endif
