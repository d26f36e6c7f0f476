#include "mappings/digest.h"

#include <assert.h>
#include <openssl/evp.h>

void
map_digest(unsigned char out[MAP_DIGEST_SIZE], const void *bytes, size_t n)
{
	unsigned int size = 0;
	int ok = EVP_Digest(bytes, n, out, &size, EVP_sha256(), NULL);

	assert(ok == 1 && size == MAP_DIGEST_SIZE);
	(void)ok;
}

void
map_digest_hex(char out[2 * MAP_DIGEST_SIZE + 1], const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[MAP_DIGEST_SIZE];

	map_digest(raw, bytes, n);
	for (size_t i = 0; i < MAP_DIGEST_SIZE; i++) {
		out[2 * i] = digits[raw[i] >> 4];
		out[2 * i + 1] = digits[raw[i] & 15];
	}
	out[2 * MAP_DIGEST_SIZE] = '\0';
}
