#include "daemon/seal.h"

#include "fhir/time.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

static void
hex(char out[SEAL_HEX], const unsigned char bytes[SEAL_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SEAL_SIZE; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[SEAL_HEX - 1] = '\0';
}

void
seal_commit(
    unsigned char out[SEAL_SIZE], const unsigned char salt[SEAL_SALT], struct cw_str payload)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
		  EVP_DigestUpdate(ctx, salt, SEAL_SALT) == 1 &&
		  EVP_DigestUpdate(ctx, payload.s, payload.n) == 1 &&
		  EVP_DigestFinal_ex(ctx, out, NULL) == 1;

	EVP_MD_CTX_free(ctx);
	assert(ok);
	(void)ok;
}

size_t
seal_line(char out[SEAL_LINE], const struct seal_record *record)
{
	char at[FHIR_TIME_TEXT], commit[SEAL_HEX], prev[SEAL_HEX];
	struct fhir_time instant = fhir_time_from_ms(record->at, 0);
	struct cw_str when = fhir_time_format(&instant, at);
	int n;

	hex(commit, record->commit);
	hex(prev, record->prev);
	n = snprintf(out, SEAL_LINE,
	    "{\"seq\":%lld,\"at\":\"%.*s\",\"type\":\"%.*s\",\"commit\":\"%s\",\"prev\":\"%s\"}",
	    (long long)record->seq, CW_ARG(when), CW_ARG(record->type), commit, prev);
	assert(n > 0 && n < SEAL_LINE);
	return (size_t)n;
}

void
seal_hash(unsigned char out[SEAL_SIZE], const struct seal_record *record)
{
	char line[SEAL_LINE];
	size_t n = seal_line(line, record);
	int ok = EVP_Digest(line, n, out, NULL, EVP_sha256(), NULL);

	assert(ok == 1);
	(void)ok;
}

int
seal_salt(unsigned char out[SEAL_SALT], struct cw_err *err)
{
	if (RAND_bytes(out, SEAL_SALT) != 1)
		return cw_fail(err, CW_EIO, "the system gives no random numbers");
	return 0;
}
