/* seal: the audit chain: each record's line carries the SHA-256 of the line before it.
 *
 * A line is canonical JSON in ASCII without blanks, in this order, and no newline:
 *   {"seq":N,"at":"2026-01-02T03:04:05.678Z","type":"decision","commit":"HEX","prev":"HEX"}
 * commit = SHA-256(salt || payload): a payload and its salt may be dropped at the end of their
 * retention and the chain still verifies.  prev of the first record is 64 zeros.  So `sha256sum`
 * and `jq` verify an export.
 *
 * A checkpoint is a record too (type "checkpoint"): its payload says which records it covers and
 * signs them by Ed25519 (RFC 8032):
 *   {"first":A,"last":B,"head":"HEX","key":"HEX","signature":"BASE64"}
 * head is the SHA-256 of line B, key the SHA-256 of the public key (DER SubjectPublicKeyInfo).
 * Signed are the bytes of `cordwatch-checkpoint A B HEX`, HEX being head, without a line end. */
#ifndef DAEMON_SEAL_H
#define DAEMON_SEAL_H

#include "fhir/base.h"

enum {
	SEAL_SIZE = 32,
	SEAL_HEX = 65,
	SEAL_SALT = 16,
	SEAL_LINE = 320,
	SEAL_SIGNATURE = 89,  /* 64 bytes in base64, and a NUL */
	SEAL_CHECKPOINT = 512 /* a payload */
};

struct seal_record {
	int64_t seq, at;
	struct cw_str type; /* [a-z-]+ */
	unsigned char salt[SEAL_SALT], commit[SEAL_SIZE], prev[SEAL_SIZE];
};

/* commit of a payload. */
void seal_commit(
    unsigned char out[SEAL_SIZE], const unsigned char salt[SEAL_SALT], struct cw_str payload);
/* The line of a record (NUL-terminated); its length. */
size_t seal_line(char out[SEAL_LINE], const struct seal_record *record);
/* SHA-256 of the line: prev of the next record. */
void seal_hash(unsigned char out[SEAL_SIZE], const struct seal_record *record);
/* A fresh salt, from the system's random source. */
CW_CHECK int seal_salt(unsigned char out[SEAL_SALT], struct cw_err *err);

/* 64 lower-case hexadecimal digits and a NUL; and back: false when it is anything else. */
void seal_hex(char out[SEAL_HEX], const unsigned char bytes[SEAL_SIZE]);
bool seal_unhex(unsigned char out[SEAL_SIZE], struct cw_str hex);
/* A salt in base64 (24 characters), NUL-terminated; and back. */
void seal_salt_text(char out[32], const unsigned char salt[SEAL_SALT]);
bool seal_salt_read(unsigned char out[SEAL_SALT], struct cw_str text);

/* An Ed25519 key: private, or public alone. */
struct seal_key;
/* From PEM: PKCS#8 without a passphrase, or SubjectPublicKeyInfo. CW_EVALUE: it is neither, or of
 * another kind. *out is yours to free. */
CW_CHECK int seal_key_read(struct seal_key **out, struct cw_str pem, struct cw_err *err);
/* NULL is allowed. */
void seal_key_free(struct seal_key *key);
/* The SHA-256 of the public key in hexadecimal; borrowed. */
const char *seal_key_id(const struct seal_key *key);

/* Is it a private one? */
bool seal_key_signs(const struct seal_key *key);

/* The payload of a checkpoint that covers first to last, the record before it. The key
 * must be a private one. */
CW_CHECK int seal_checkpoint(char out[SEAL_CHECKPOINT], const struct seal_key *key, int64_t first,
    int64_t last, const unsigned char head[SEAL_SIZE], struct cw_err *err);
/* Is this (base64) the key's signature over them? */
bool seal_signed(const struct seal_key *key, int64_t first, int64_t last,
    const unsigned char head[SEAL_SIZE], struct cw_str signature);

#endif
