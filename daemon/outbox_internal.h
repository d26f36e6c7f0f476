/* outbox_internal: what the files of the outbox share. */
#ifndef DAEMON_OUTBOX_INTERNAL_H
#define DAEMON_OUTBOX_INTERNAL_H

#include "daemon/outbox.h"
#include "fhir/json.h"

/* May clients choose ids (updateCreate)? */
enum outbox_ids { OUTBOX_IDS_UNKNOWN, OUTBOX_IDS_OURS, OUTBOX_IDS_THEIRS };

struct outbox_target {
	const struct conf_target *conf;
	struct http_identity identity;
	enum outbox_ids ids;
	bool asked;   /* its metadata were read */
	bool failing; /* the last we heard of it was no answer, or none of use */
};

struct errand;
/* What to do with an answer. */
typedef void errand_step(struct errand *e, const struct http_response *response);

struct errand {
	struct errand *next;
	struct outbox *box;
	struct cw_arena *arena;	  /* owns it and its strings */
	struct cw_arena *scratch; /* of one answer */
	struct store_outbox row;
	struct cw_str subject, source, known, key;
	struct outbox_target *target; /* NULL: no such */
	int64_t due;		      /* steady clock */
	struct http_call *call;	      /* NULL: nothing is under way */
	errand_step *step;
	/* of one attempt */
	struct cw_str patient; /* on the target: "Patient/p1" */
	size_t asked;	       /* bytes of known that were asked */
	bool logical;	  /* no literal references but the subject's: the target refused them */
	bool conditional; /* without our id */
	unsigned rereads; /* of a revoke */
};

/* One request below the target's base; path: what follows it, or "". headers are added to the usual
 * ones. The answer comes to step. */
void errand_ask(struct errand *e, const char *method, struct cw_str path,
    const struct http_header *header, size_t headers, struct cw_str body, errand_step *step);
/* It has come out; frees e. status: HTTP, or 0; version, text: may be absent. */
void errand_end(struct errand *e, enum delivery delivery, int status, struct cw_str version,
    struct cw_str text);
/* It did not work: later again, or, when the answer says that it never will, given up. sent: it may
 * have been done. Frees e in the second case. */
void errand_fail(struct errand *e, const struct http_response *response, bool sent);
/* Later again whatever the answer says. */
void errand_later(struct errand *e, const struct http_response *response, bool sent);

/* When no identifier of the patient is known, his record may come yet: later again, with what is
 * known by then. False: some are known, or it was awaited long enough. */
CW_CHECK bool errand_awaits_patient(struct errand *e);

/* outbox_create.c, outbox_revoke.c: begin an attempt. */
void outbox_create(struct errand *e);
void outbox_revoke(struct errand *e);

/* outbox_answer.c: what answers say. */

/* Is it an answer after which another try may work? */
bool answer_is_passing(const struct http_response *response, struct cw_arena *scratch);
/* For the person who gets it: status and what the OperationOutcome says, in e->arena. */
struct cw_str answer_text(const struct http_response *response, struct cw_arena *arena);
/* The body as a tree, or NULL when it is none. */
const struct fhir_node *answer_tree(const struct http_response *response, struct cw_arena *scratch);
/* Version of a resource: the ETag's, else meta.versionId; absent when there is none. */
struct cw_str answer_version(
    const struct http_response *response, const struct fhir_node *resource, struct cw_arena *arena);
/* Has it the identifier of the alert? */
bool answer_is_ours(const struct fhir_node *resource, struct cw_str key);
/* The i-th resource of that type among the matches of a searchset, or NULL. */
const struct fhir_node *answer_match(const struct fhir_node *bundle, const char *type, size_t i);
/* Does the searchset say that there is more on another page? */
bool answer_has_more(const struct fhir_node *bundle);
/* outbox_bundle.c: texts rewritten for a target. */

struct rewrite_rule {
	struct cw_str request; /* ServiceRequest.id */
	struct cw_str key;     /* of the alert, where conditional */
	struct cw_str patient; /* on the target */
	struct cw_str source;  /* base of relative references, or absent */
	bool same;	       /* source and target are one server: references stay */
	bool conditional;      /* without our ids */
	const char *intent;    /* of the request, in place of the Bundle's; NULL: as it is */
};
/* The Bundle of an errand as it is to be sent. CW_ESYNTAX when it is no JSON. */
CW_CHECK int rewrite_bundle(
    struct cw_buf *out, struct cw_str bundle, const struct rewrite_rule *rule, struct cw_err *err);
/* A resource with another status, all else byte for byte. */
CW_CHECK int rewrite_status(
    struct cw_buf *out, struct cw_str resource, const char *status, struct cw_err *err);

#endif
