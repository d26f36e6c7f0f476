/* audit_source: where audit records are read from: an export, the database of a stopped daemon
 * (which is not changed), or a running daemon, which holds its database and is asked. */
#ifndef DAEMON_AUDIT_SOURCE_H
#define DAEMON_AUDIT_SOURCE_H

#include "daemon/audit.h"

#include <stdio.h>

struct ask;
struct store;

struct audit_source {
	FILE *file;	     /* an export */
	struct store *store; /* a stopped daemon's */
	struct ask *ask;     /* a running daemon */
};

/* The export at path. CW_ENOTFOUND, CW_EIO. */
CW_CHECK int audit_source_file(struct audit_source *s, const char *path, struct cw_err *err);
/* The database in dir, or the daemon that holds it and listens at socket. CW_ENOTFOUND: there is
 * none. */
CW_CHECK int audit_source_dir(
    struct audit_source *s, const char *dir, const char *socket, struct cw_err *err);
void audit_source_close(struct audit_source *s);

/* Where the chain ends, as the database says apart from its records; not of a file. */
CW_CHECK int audit_source_end(
    struct audit_source *s, int64_t *seq, unsigned char head[SEAL_SIZE], struct cw_err *err);
/* Records from to to, in order (of a file: all). What cannot be a record sets *verdict and c->why,
 * and ends it; what fn returns ends it, unless 0, and is returned. arena is reset before each. */
CW_CHECK int audit_source_each(struct audit_source *s, int64_t from, int64_t to,
    struct audit_check *c, enum audit_verdict *verdict,
    int (*fn)(
	void *arg, const struct seal_record *r, struct cw_str payload, struct cw_arena *arena),
    void *arg, struct cw_err *err);

#endif
