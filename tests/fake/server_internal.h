/* server_internal: what the files of the fake FHIR server share. */
#ifndef TESTS_FAKE_SERVER_INTERNAL_H
#define TESTS_FAKE_SERVER_INTERNAL_H

#include "fhir/json.h"
#include "tests/fake/server.h"
#include "tests/fake/world.h"

struct resource {
	char *reference, *type, *id; /* type and id point into one block of their own */
	uint32_t version;
	int64_t updated;
	bool deleted;
	struct cw_str body; /* with its meta */
};

struct search {
	struct search *next;
	char *url;
	int64_t at;
	char *body;
	size_t n;
};

/* A search whose later pages may be asked for. */
struct paging {
	struct paging *next;
	uint32_t id;
	char *query;
};

struct server {
	struct server *next;
	char *base;
	struct server_options options;
	struct server_fault fault[8];
	size_t faults;
	struct resource **resource;
	size_t resources;
	struct cw_map *index; /* "Type/id" -> struct resource */
	uint32_t last_id;
	struct search *cache;
	struct paging *pagings;
	uint32_t last_paging;
	size_t given_up;
};

/* One request taken apart, and its answer. */
struct exchange {
	struct server *server;
	const struct fake_request *request;
	struct cw_arena *arena;
	struct cw_str path, query; /* path below the base, without the first slash */
	int status;
	struct cw_buf body;
	char etag[32];
	struct cw_str location;
	const char *type, *retry_after, *given_location;
};

/* server.c */
struct resource *server_find(const struct server *s, struct cw_str reference);
/* Store a version: id absent gives a new one. state: in place of its status, or NULL. The resource,
 * which subscribers hear of. */
struct resource *server_store(
    struct server *s, struct cw_str type, struct cw_str id, struct cw_str json, const char *state);
/* End the exchange with an OperationOutcome. */
void server_refuse(struct exchange *x, int status, const char *code, const char *diagnostics);
/* The whole text of a resource is the answer. */
void server_show(struct exchange *x, const struct resource *r, int status);

/* server_write.c: POST, PUT, DELETE, and transactions. */
void server_write(struct exchange *x);
/* server_search.c */
void server_search(struct exchange *x);
/* Resources of a type that match one "identifier=" or "url=" query, at most n into found. */
size_t server_match(const struct server *s, struct cw_str type, struct cw_str query,
    struct resource **found, size_t n, struct cw_arena *arena);
/* server_push.c: a resource has changed. */
void server_push(struct server *s, const struct resource *r);

#endif
