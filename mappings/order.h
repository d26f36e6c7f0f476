/* order: a decision and its ActivityDefinition -> ServiceRequest and Provenance (FHIR
 * R4 12.4, 6.3).
 *
 * The same alert gives the same ids: alert key = SHA-256(patient, tier, episode), ServiceRequest.id
 * = UUIDv8 (RFC 9562 5.8) of its first 128 bits.  Episode is the earliest instant of what fired; no
 * rule version goes in.  An alert that was taken back and is raised again is another one. */
#ifndef MAPPINGS_ORDER_H
#define MAPPINGS_ORDER_H

#include "fhir/json.h"
#include "mappings/decide.h"

enum { MAP_UUID_SIZE = 37 }; /* with the NUL */

struct map_alert {
	char key[2 * MAP_DIGEST_SIZE + 1]; /* identifier value, system urn:cordwatch:alert */
	char request[MAP_UUID_SIZE];	   /* ServiceRequest.id */
	char provenance[MAP_UUID_SIZE];	   /* Provenance.id */
};

/* Names of an alert. The decision must be urgent or emergency. */
void map_alert_name(struct map_alert *out, const struct map_decision *d);
/* Write the ServiceRequest as one JSON object. what: version of the program, "cordwatch 0.1.0". */
void map_order_request(struct fhir_json_out *out, const struct map_decision *d,
    const struct map_plan *plan, struct cw_str what);
/* Write the entries ServiceRequest and Provenance of a transaction Bundle into an open array:
 * fullUrl, resource, request PUT. Nothing when d sends nothing (has_order false). */
void map_order_entries(struct fhir_json_out *out, const struct map_decision *d,
    const struct map_plan *plan, struct cw_str what);

#endif
