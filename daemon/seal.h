/* seal: the audit chain: each record's line carries the SHA-256 of the line before it.
 *
 * A line is canonical JSON in ASCII without blanks, in this order, and no newline:
 *   {"seq":N,"at":"2026-01-02T03:04:05.678Z","type":"decision","commit":"HEX","prev":"HEX"}
 * commit = SHA-256(salt || payload): a payload and its salt may be dropped at the end of their
 * retention and the chain still verifies.  prev of the first record is 64 zeros.  So `sha256sum`
 * and `jq` verify an export. */
#ifndef DAEMON_SEAL_H
#define DAEMON_SEAL_H

#include "fhir/base.h"

enum { SEAL_SIZE = 32, SEAL_HEX = 65, SEAL_SALT = 16, SEAL_LINE = 320 };

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

#endif
