/* listen_guard: the head of a request, read by the letter (RFC 9112) before evhttp sees it.
 *
 * evhttp lets pass what makes two servers disagree about where a request ends.  Here each byte of a
 * head is looked at once, and what is doubtful is refused.  Pure. */
#ifndef DAEMON_LISTEN_GUARD_H
#define DAEMON_LISTEN_GUARD_H

#include "fhir/base.h"

enum { GUARD_HEAD = 16 * 1024 }; /* longest head, bytes: longer is 431 */

struct guard_head {
	int refuse;	    /* 0: good; else the status to refuse it with */
	const char *reason; /* why, fixed words; NULL when good */
	bool sized;	    /* has Content-Length */
	uint64_t length;    /* of the body */
};

/* The length of the head that bytes begin with, its empty line included; 0 when more is needed.
 * -1: it will never be one (a line that does not end in CRLF, an empty first line, a NUL).  *seen
 * is where the last look ended: 0 at first. */
CW_CHECK int64_t guard_end(struct cw_str bytes, size_t *seen);

/* Judge a whole head.  secret: a header that may stand once only; NULL for none. */
void guard_head(struct guard_head *out, struct cw_str head, const char *secret);

#endif
