/* version: which of several versions of one resource counts, and a compact memory of those that
 * hold nothing (criteria 11 (53)).
 *
 * The higher numeric versionId wins, else the later lastUpdated; on a tie a withdrawal, then the
 * larger SHA-256.  So that the outcome never hangs on the order of arrival, numbered and other
 * versions are compared among themselves first, and the best of each by lastUpdated. */
#ifndef MAPPINGS_VERSION_H
#define MAPPINGS_VERSION_H

#include "fhir/base.h"

struct map_version {
	bool numbered;	 /* versionId is a number */
	bool withdrawn;	 /* deleted, or entered in error */
	uint16_t digest; /* first two bytes of the SHA-256 */
	uint64_t number; /* 0 unless numbered */
	int64_t updated; /* ms; MAP_VERSION_NEVER: not stated */
};
#define MAP_VERSION_NEVER INT64_MIN  /* before all others */
#define MAP_VERSION_ALWAYS INT64_MAX /* a deletion whose time nobody told: after all others */

/* The number in a versionId or an ETag (W/"3"); false when it is none. */
bool map_version_number(uint64_t *out, struct cw_str text);
/* An instant (meta.lastUpdated), or MAP_VERSION_NEVER when it is absent or none. */
int64_t map_version_instant(struct cw_str text);
/* Order of two versions that are both numbered or both not: positive when a counts, 0 when only
 * the digests can tell. */
int map_version_cmp(const struct map_version *a, const struct map_version *b);
/* Order of a numbered and another version. */
int map_version_cmp_mixed(const struct map_version *a, const struct map_version *b);

/* Versions that hold no finding: some 28 bytes for each resource, however many versions. */
struct map_seen;
struct map_seen *map_seen_new(void);
void map_seen_free(struct map_seen *s);
/* Remember a version of the resource whose key hashes to key (cw_hash). */
void map_seen_add(struct map_seen *s, uint64_t key, const struct map_version *v);
/* The last numbered (or other) version remembered; false when there is none. */
bool map_seen_get(struct map_version *out, const struct map_seen *s, uint64_t key, bool numbered);
/* Bytes taken. */
size_t map_seen_bytes(const struct map_seen *s);

#endif
