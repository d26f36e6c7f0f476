/* log: what happened, for administrators: fixed texts and ids, never what a record says.
 *
 * Each message is a row of one table (log_table.c): number, level, text, how many a minute.  What
 * differs stands in fields of known types: words, numbers, names of the configuration.  A word with
 * other bytes than those of an id is shown as "?", so that no name or free text gets in by mistake.
 * Under systemd (JOURNAL_STREAM is our descriptor) it goes to the journal with a MESSAGE_ID and
 * fields CORDWATCH_FEED= and so on; else one line (logfmt) a message.  Nothing waits: what the
 * journal does not take at once is written as a line.
 *
 * One log for the process; every call is safe from every thread.  Before log_open nothing is said.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

#include "daemon/loop.h"

/* As of syslog(3). */
enum log_level {
	LOG_LEVEL_CRITICAL = 2,
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7
};

/* Numbers are part of MESSAGE_ID: they stay, and none is used again. */
enum log_id {
	LOG_STARTED = 1, /* text: version */
	LOG_EMBEDDED = 2,
	LOG_LISTENING = 3, /* text: address */
	LOG_READY = 4,
	LOG_STOPPING = 5,
	LOG_STOPPED = 6,
	LOG_FAILED = 7, /* err */
	LOG_RELOADED = 8,
	LOG_RELOAD_REFUSED = 9,	  /* err */
	LOG_RELOAD_RESTART = 10,  /* word: key */
	LOG_CONF_REMARK = 11,	  /* err */
	LOG_RULES_LOADED = 12,	  /* digest */
	LOG_WATCHDOG_MISSED = 13, /* word: who */
	LOG_CLOCK_JUMPED = 14,	  /* ms */
	LOG_DISK_FULL = 15,
	LOG_DISK_FREED = 16,
	LOG_CERTIFICATE_EXPIRES = 17, /* text: file; word: whose; count: days */
	LOG_NOT_SIGNED = 18,
	LOG_CHECKPOINT = 19, /* event: audit record, digest: its head */

	LOG_FEED_REACHED = 30,
	LOG_FEED_LOST = 31,    /* status, reason */
	LOG_FEED_REFUSED = 32, /* reason */
	LOG_FEED_LOADING = 33,
	LOG_FEED_LOADED = 34,	       /* count: resources, ms */
	LOG_SUBSCRIPTION_MADE = 35,    /* type */
	LOG_SUBSCRIPTION_ADOPTED = 36, /* type */
	LOG_SUBSCRIPTION_ACTIVE = 37,  /* type */
	LOG_SUBSCRIPTION_LOST = 38,    /* type, status, reason */
	LOG_POLL_FAILED = 39,	       /* type, status, reason */
	LOG_SENDER_REFUSED = 40,       /* status, reason */
	LOG_QUEUE_FULL = 41,	       /* count: jobs waiting */
	LOG_QUEUE_DRAINED = 42,
	LOG_QUARANTINED = 43, /* feed, type, event, reason */

	LOG_ALERT_OPENED = 60, /* alert, rule, word: tier */
	LOG_ALERT_SHADOW = 61,
	LOG_ALERT_UPGRADED = 62,
	LOG_ALERT_REVOKED = 63,
	LOG_ALERT_CLOSED = 64, /* alert, reason */
	LOG_RULE_UNKNOWN = 65, /* rule */
	LOG_NOTICE_GIVEN = 66, /* alert, word: kind */

	LOG_DELIVERED = 80,	 /* alert, target, request, status */
	LOG_DELIVERY_LATER = 81, /* alert, target, request, status, reason, count: attempts, ms */
	LOG_DELIVERY_DEAD = 82,	 /* alert, target, request, status, reason */
	LOG_TARGET_LOST = 83,	 /* target, status, reason */
	LOG_TARGET_REACHED = 84
};

/* What belongs to a message; 0 and NULL are left out. */
struct log_fields {
	const char *feed, *target; /* names of the configuration */
	const char *rule, *type, *word;
	struct cw_str request; /* ServiceRequest.id */
	struct cw_str digest;
	int64_t alert, event; /* ids of the store */
	int status;	      /* of HTTP */
	int64_t count, ms;
	const char *reason;	  /* one of our own fixed texts */
	const char *text;	  /* of the configuration or the program: address, file, version */
	const struct cw_err *err; /* of the program itself, never of a record: file:line: text */
};

struct log_options {
	enum log_level level; /* what is less important is not said */
	struct loop *loop;    /* as of log_clock */
	int fd;		      /* lines; not closed */
	const char *journal;  /* socket; NULL: the system's */
};

/* Begin. */
void log_open(const struct log_options *options);
/* From now on lines have the time of this loop, and the limits hold; NULL: neither. Borrowed until
 * the next call or log_close. */
void log_clock(struct loop *loop);
/* Say what was left out, and end. */
void log_close(void);
/* One message; fields may be NULL. errno is kept. */
void log_say(enum log_id id, const struct log_fields *fields);

#endif
