/* audit: the records of the chain (seal.h) as an export has them, and the judgement on them.
 *
 * An export is lines of JSON without blanks, each ended by LF: one a record, in order, then its
 * end:
 *   {"line":"LINE","salt":"BASE64","payload":"PAYLOAD"}
 *   {"end":{"first":1,"last":N,"head":"HEX"}}
 * LINE is the line of seal.h, byte for byte, as a JSON string; head is the SHA-256 of the last one.
 * salt and payload are null where they were dropped.  Any other way to write the same is refused:
 * then no byte of an export can change without a trace. */
#ifndef DAEMON_AUDIT_H
#define DAEMON_AUDIT_H

#include "daemon/seal.h"

/* The exit statuses of `cordwatch audit verify`. */
enum audit_verdict { AUDIT_GOOD, AUDIT_TAMPERED, AUDIT_UNREADABLE, AUDIT_INCOMPLETE };

/* A judgement in the making; zero it, set the keys and go record by record. */
struct audit_check {
	/* Whose signatures count; NULL: they are not looked at. Borrowed. */
	struct seal_key *const *key;
	size_t keys;
	/* A head that was written down elsewhere: one of the records must have it. NULL: none. */
	const unsigned char *known;

	int64_t first, last;	       /* records seen; 0: none */
	unsigned char head[SEAL_SIZE]; /* SHA-256 of the last line */
	int64_t dropped;	       /* payloads that are no longer there */
	int64_t checkpoints, covered;  /* how many; up to which record */
	bool met;		       /* known was met */
	bool ended;		       /* the end of the export was read */
	char why[160];		       /* the first fault, for a person */
};

/* Append the line of a record with its LF; payload absent: it was dropped. */
void audit_put(struct cw_buf *out, const struct seal_record *r, struct cw_str payload);
/* Append the end of what was checked. */
void audit_put_end(struct cw_buf *out, const struct audit_check *c);
/* Append the head of a table in CSV (RFC 4180), and a record. A cell that a spreadsheet would take
 * for a formula begins with an apostrophe. */
void audit_put_csv_head(struct cw_buf *out);
void audit_put_csv(struct cw_buf *out, const struct seal_record *r, struct cw_str payload);

/* Read a line of an export, without its LF: AUDIT_GOOD with a record (strings in arena), or with
 * r->seq 0: the end, which is then compared with what c saw. */
enum audit_verdict audit_read(struct audit_check *c, struct cw_str line, struct seal_record *r,
    struct cw_str *payload, struct cw_arena *arena);
/* Does the record follow the one before? arena: scratch. */
enum audit_verdict audit_check_record(struct audit_check *c, const struct seal_record *r,
    struct cw_str payload, struct cw_arena *arena);
/* After the last: is the end where seq and head say (absent: where the export's end said)? */
enum audit_verdict audit_check_end(struct audit_check *c, int64_t seq, const unsigned char *head);

#endif
