/* server: a small FHIR R4 server in the world, good enough for feeds and the outbox, and as bad as
 * a test wants it.
 *
 * metadata; read, create, conditional create, update with If-Match, delete; search by _id,
 * identifier, url and _lastUpdated with _sort, _count and next links; transaction Bundles of PUT
 * and POST, all or nothing; Subscriptions that become active and deliver by rest-hook as HAPI does.
 */
#ifndef TESTS_FAKE_SERVER_H
#define TESTS_FAKE_SERVER_H

#include "tests/fake/fake.h"

struct server;

/* A server whose base URL is that (without a slash at the end). Lives until server_free or
 * fake_end. */
struct server *server_new(const char *base);
void server_free(struct server *server);

/* What it is like; change it at any time. */
struct server_options {
	const char *fhir_version; /* "4.0.1" */
	bool update_create;	  /* may clients choose ids? */
	const char *id_refusal;	  /* code of the issue when they may not: "not-supported" */
	bool silent;		  /* a resource tells lastUpdated only if its writer did */
	bool check_references;	  /* a subject that is not there: 400 */
	size_t page;		  /* entries of a page at most: 50 */
	int mismatch;		  /* status when If-Match does not match: 412 */
	int64_t cache;		  /* ms that searches without no-cache are kept for: 60000 */
	int64_t activation;	  /* ms until a requested Subscription is active: 200; -1: never */
	bool ignore_since;	  /* forgets _lastUpdated, and says so in link[self] */
	bool no_self;		  /* writes no link[self] */
	const char *foreign_next; /* origin of next links in place of its own, or NULL */
	bool endless;		  /* pages never end, each with a new link */
	bool circle;		  /* next links lead to the same page again */
	const char *criteria;	  /* what it stores for criteria in place of what was asked */
};
struct server_options *server_options(struct server *server);

/* A fault of its answers to requests that match. */
struct server_fault {
	const char *method; /* NULL: any */
	const char *in_url; /* text in the URL; NULL: any */
	int times;	    /* how often; -1: until server_well */
	bool down;	    /* nobody there */
	bool lose;	    /* it is done, and no answer comes: the connection breaks */
	int status;	    /* this and nothing is done; 0: done as usual */
	const char *retry_after, *body, *type, *location; /* of an answer with status; or NULL */
	size_t bytes;  /* an answer of that many bytes, with status */
	int64_t delay; /* ms more until the answer, as much as the client's patience or not */
};
/* Strings are borrowed. The first fault that matches holds. */
void server_fault(struct server *server, const struct server_fault *fault);
/* No fault any more. */
void server_well(struct server *server);

/* Somebody else writes: a resource (its id is read from the JSON, and given when there is none), a
 * new version, now; whoever is subscribed hears of it. Returns "Type/id". */
const char *server_put(struct server *server, struct cw_str json);
/* The same from a literal. */
const char *server_put_text(struct server *server, const char *json);
void server_delete(struct server *server, const char *reference);
/* The status of a resource becomes that: a new version. */
void server_status(struct server *server, const char *reference, const char *status);
/* The current version with its meta, or absent; "Type/id". Borrowed until the next change. */
struct cw_str server_get(const struct server *server, const char *reference);
/* Its version, 0 when it never was; also of a deleted one. */
uint32_t server_version(const struct server *server, const char *reference);
/* Resources of that type that are there, and the reference of the i-th. */
size_t server_count(const struct server *server, const char *type);
const char *server_nth(const struct server *server, const char *type, size_t i);
/* Tries of notifications it gave up. */
size_t server_given_up(const struct server *server);

#endif
