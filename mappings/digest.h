/* digest: SHA-256 (FIPS 180-4) over bytes; the only user of OpenSSL in the pure layers. */
#ifndef MAPPINGS_DIGEST_H
#define MAPPINGS_DIGEST_H

#include "fhir/base.h"

enum { MAP_DIGEST_SIZE = 32 };

/* SHA-256 of n bytes into out. */
void map_digest(unsigned char out[MAP_DIGEST_SIZE], const void *bytes, size_t n);
/* The same in 64 lower-case hexadecimal digits and a NUL. */
void map_digest_hex(char out[2 * MAP_DIGEST_SIZE + 1], const void *bytes, size_t n);

#endif
