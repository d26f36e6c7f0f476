#include "daemon/seal.h"

#include "fhir/time.h"

#include <assert.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct seal_key {
	EVP_PKEY *pkey;
	bool private;
	char id[SEAL_HEX];
};

enum { SIGNATURE_BYTES = 64 };

void
seal_hex(char out[SEAL_HEX], const unsigned char bytes[SEAL_SIZE])
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

	seal_hex(commit, record->commit);
	seal_hex(prev, record->prev);
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

/* ---- texts ---- */

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
seal_unhex(unsigned char out[SEAL_SIZE], struct cw_str hex)
{
	if (hex.n != SEAL_HEX - 1)
		return false;
	for (size_t i = 0; i < SEAL_SIZE; i++) {
		int high = digit(hex.s[2 * i]), low = digit(hex.s[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high * 16 + low);
	}
	return true;
}

/* Of exactly n bytes. */
static bool
read_base64(unsigned char *out, size_t n, struct cw_str text)
{
	unsigned char bytes[SIGNATURE_BYTES + 8];
	size_t groups = (n + 2) / 3;

	if (text.n != groups * 4 || 3 * groups > sizeof(bytes))
		return false;
	if (EVP_DecodeBlock(bytes, (const unsigned char *)text.s, (int)text.n) != (int)(3 * groups))
		return false;
	memcpy(out, bytes, n);
	return true;
}

void
seal_salt_text(char out[32], const unsigned char salt[SEAL_SALT])
{
	EVP_EncodeBlock((unsigned char *)out, salt, SEAL_SALT);
}

bool
seal_salt_read(unsigned char out[SEAL_SALT], struct cw_str text)
{
	return read_base64(out, SEAL_SALT, text);
}

/* ---- keys ---- */

/* Never ask a terminal. */
static int
no_passphrase(char *buf, int size, int writing, void *arg)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)arg;
	return 0;
}

static bool
name_key(struct seal_key *key)
{
	unsigned char *der = NULL, digest[SEAL_SIZE];
	int n = i2d_PUBKEY(key->pkey, &der);
	bool ok = n > 0 && EVP_Digest(der, (size_t)n, digest, NULL, EVP_sha256(), NULL) == 1;

	if (ok)
		seal_hex(key->id, digest);
	OPENSSL_free(der);
	return ok;
}

int
seal_key_read(struct seal_key **out, struct cw_str pem, struct cw_err *err)
{
	struct seal_key *key = cw_calloc(1, sizeof(*key));
	BIO *in = BIO_new_mem_buf(pem.s, (int)pem.n);

	assert(in != NULL);
	key->pkey = PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL);
	key->private = key->pkey != NULL;
	if (!key->private) {
		BIO_free(in);
		in = BIO_new_mem_buf(pem.s, (int)pem.n);
		assert(in != NULL);
		key->pkey = PEM_read_bio_PUBKEY(in, NULL, no_passphrase, NULL);
	}
	BIO_free(in);
	if (key->pkey == NULL || EVP_PKEY_get_id(key->pkey) != EVP_PKEY_ED25519 || !name_key(key)) {
		seal_key_free(key);
		return cw_fail(err, CW_EVALUE, "is no Ed25519 key in PEM without a passphrase");
	}
	*out = key;
	return 0;
}

void
seal_key_free(struct seal_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

const char *
seal_key_id(const struct seal_key *key)
{
	return key->id;
}

bool
seal_key_signs(const struct seal_key *key)
{
	return key->private;
}

/* ---- checkpoints ---- */

enum { MESSAGE = 160 };

static size_t
message(char out[MESSAGE], int64_t first, int64_t last, const char *head)
{
	return (size_t)snprintf(out, MESSAGE, "cordwatch-checkpoint %lld %lld %s", (long long)first,
	    (long long)last, head);
}

int
seal_checkpoint(char out[SEAL_CHECKPOINT], const struct seal_key *key, int64_t first, int64_t last,
    const unsigned char head[SEAL_SIZE], struct cw_err *err)
{
	unsigned char raw[SIGNATURE_BYTES], signature[SEAL_SIGNATURE];
	char hex[SEAL_HEX], text[MESSAGE];
	size_t n, size = sizeof(raw);
	EVP_MD_CTX *ctx;
	bool ok;

	assert(key->private);
	seal_hex(hex, head);
	n = message(text, first, last, hex);
	ctx = EVP_MD_CTX_new();
	ok = ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
	     EVP_DigestSign(ctx, raw, &size, (const unsigned char *)text, n) == 1;
	EVP_MD_CTX_free(ctx);
	if (!ok || size != sizeof(raw))
		return cw_fail(err, CW_EIO, "the audit chain cannot be signed");
	EVP_EncodeBlock(signature, raw, sizeof(raw));
	snprintf(out, SEAL_CHECKPOINT,
	    "{\"first\":%lld,\"last\":%lld,\"head\":\"%s\",\"key\":\"%s\",\"signature\":\"%s\"}",
	    (long long)first, (long long)last, hex, key->id, (const char *)signature);
	return 0;
}

bool
seal_signed(const struct seal_key *key, int64_t first, int64_t last,
    const unsigned char head[SEAL_SIZE], struct cw_str signature)
{
	unsigned char raw[SIGNATURE_BYTES];
	char hex[SEAL_HEX], text[MESSAGE];
	EVP_MD_CTX *ctx;
	size_t n;
	bool ok;

	if (!read_base64(raw, sizeof(raw), signature))
		return false;
	seal_hex(hex, head);
	n = message(text, first, last, hex);
	ctx = EVP_MD_CTX_new();
	ok = ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
	     EVP_DigestVerify(ctx, raw, sizeof(raw), (const unsigned char *)text, n) == 1;
	EVP_MD_CTX_free(ctx);
	return ok;
}
