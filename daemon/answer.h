/* answer: what may be asked of the database by a command or a page.
 *
 * A running daemon's engine answers within a batch; of a daemon that does not run, a command asks
 * the database itself.  A question is a word, its arguments are those of a URL's query
 * ("id=3&before=20"), and the answer is one JSON object: a list has its items under the question's
 * word and, where more follow, "next", the `before` (or `from`) of the next question. No answer is
 * longer than a page.  Instants are FHIR instants, ids are those of the database. */
#ifndef DAEMON_ANSWER_H
#define DAEMON_ANSWER_H

#include "daemon/store.h"
#include "fhir/json.h"

struct answer_world {
	struct store *store;
	int64_t now; /* UTC ms */
	/* For deeds: bring this errand once the batch is committed. */
	int (*bring)(void *arg, const struct store_outbox *row, struct cw_err *err);
	void *arg;
};

enum {
	ANSWER_UNKNOWN = 1, /* there is no such question */
	ANSWER_NONE = 2,    /* what it asks for is not there */
	ANSWER_BAD = 3	    /* an argument is missing or malformed */
};

enum { ANSWER_PAGE = 100 /* items of a list */ };

/* Append the answer to out. 0, a named outcome, or what the store returned. */
CW_CHECK int answer(const struct answer_world *world, struct cw_str question,
    struct cw_str arguments, struct cw_buf *out, struct cw_err *err);
/* Does it show or change what is known of patients? Then who asked is put on record. */
bool answer_is_recorded(struct cw_str question);
/* Does it change something? Then only the daemon itself answers it, to its owner and root. */
bool answer_is_deed(struct cw_str question);

/* ---- for those who answer ---- */

/* One question being answered. */
struct answer {
	const struct answer_world *world;
	struct cw_str arguments;
	struct fhir_json_out o; /* inside of the answer's object */
	struct cw_arena *arena; /* until the answer is there */
};
/* Value of an argument, decoded; absent when it is not there. */
struct cw_str answer_argument(const struct answer *a, const char *name);
/* The same as a number of at least 0; fallback when it is not there. False: it is none. */
CW_CHECK bool answer_number(
    const struct answer *a, const char *name, int64_t fallback, int64_t *out);
/* Members of the object that is open. An instant of 0 is left out. */
void answer_instant(struct answer *a, const char *key, int64_t ms);
void answer_integer(struct answer *a, const char *key, int64_t n);

/* Those who answer: 0, a named outcome, or what the store returned. */
int answer_alerts(struct answer *a, struct cw_err *err);
/* One alert with its evidence, request, errands, notices and audit records. */
int answer_alert(struct answer *a, struct cw_err *err);
/* Lists of what waits for a person: in quarantine; errands that were given up. */
int answer_quarantined(struct answer *a, struct cw_err *err);
int answer_errored(struct answer *a, struct cw_err *err);
/* One of them with what was sent. */
int answer_event(struct answer *a, struct cw_err *err);
/* Deeds: take it in, bring it or decide it again; forget it. */
int answer_replay(struct answer *a, struct cw_err *err);
int answer_discard(struct answer *a, struct cw_err *err);
/* Begin a backup into backup.db beside the database; copy a piece more. */
int answer_backup_begin(struct answer *a, struct cw_err *err);
int answer_backup(struct answer *a, struct cw_err *err);
/* Numbers of the whole database. */
int answer_figures(struct answer *a, struct cw_err *err);
/* What came of each feed and what became of it, by day. */
int answer_counts(struct answer *a, struct cw_err *err);
/* Audit records from `from` to `to`, a page of them, each as an export has it (audit.h). */
int answer_audit(struct answer *a, struct cw_err *err);
/* Where the audit chain ends: the end of an export. */
int answer_audit_end(struct answer *a, struct cw_err *err);

#endif
