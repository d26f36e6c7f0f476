/* feed_internal: what the files of a feed share. */
#ifndef DAEMON_FEED_INTERNAL_H
#define DAEMON_FEED_INTERNAL_H

#include "daemon/feed.h"
#include "fhir/json.h"

enum { FEED_ID = 65 /* bytes of an id, NUL included */ };

/* One watched type. */
struct feed_type {
	struct cw_str name;
	/* what is polled; steady clock */
	int64_t mark;  /* greatest lastUpdated that is committed; MAP_VERSION_NEVER: never polled */
	bool resuming; /* the last poll was cut short: go on exactly there */
	bool loaded;   /* was polled to its end once */
	bool given_up; /* the server will not have it: the initial load does not wait for it */
	unsigned tries;	    /* faults in a row */
	int64_t not_before; /* after a fault */
	const char *fault;  /* fixed words, or NULL */
	/* its Subscription */
	char id[FEED_ID]; /* "" when we know none */
	bool active;
	bool deaf;     /* seen not to be active: what is written meanwhile is told by nobody */
	unsigned puts; /* times it was put back in a row */
	int64_t put_after;
	const char *sub_fault;
};

struct feed;
typedef void feed_step(struct feed *feed, const struct http_response *response);

/* One request at a time for each of these. */
struct feed_call {
	struct feed *feed;
	struct http_call *call; /* NULL: none */
	feed_step *step;
};

/* A page of a searchset, taken apart. */
struct feed_page {
	struct cw_str self, next; /* links, or absent */
	size_t entries;		  /* of any kind */
	int64_t newest;		  /* lastUpdated of the type asked for, or MAP_VERSION_NEVER */
	bool sorted;		  /* none was earlier than `after` or the one before it */
};

struct feed_poll {
	struct loop_timer *timer;    /* the next round */
	struct loop_timer *retry;    /* the queue was full */
	size_t at;		     /* index of the type */
	bool running, again;	     /* again: a ping came meanwhile */
	int64_t started, last_round; /* steady */
	/* of this type, this round */
	char *next;	/* URL of the next page, or NULL */
	bool ending;	/* no page follows */
	bool failed;	/* because something was wrong: the mark stays */
	bool ignored;	/* the server forgot _lastUpdated */
	bool told;	/* the marks are under way */
	bool cut_short; /* too many pages: go on from newest */
	int64_t newest, last;
	bool sorted;
	size_t pages, barren; /* barren: pages without an entry, in a row */
	uint64_t bytes;
	uint64_t *url; /* hashes of the URLs seen */
	size_t urls;
	struct job *first, **end_of; /* taken from pages, not yet taken in */
	uint64_t *known;	     /* hashes of entries that were taken in: FEED_KNOWN of them */
};

struct feed_ensure {
	struct loop_timer *timer;
	size_t at;
	bool running;
	bool hears; /* one that was deaf has become active in this round */
	bool plain; /* the server does not know the search by url */
	unsigned pages, rounds;
};

struct feed {
	struct feed_world world;
	const struct conf_feed *conf;
	uint32_t number;
	struct http_identity identity;
	struct cw_arena *arena;
	struct feed_type *type;
	size_t types;
	struct feed_call poll_call, ensure_call;
	struct feed_poll poll;
	struct feed_ensure ensure;
	struct loop_timer *again; /* metadata */
	unsigned tries;
	bool started, stopped;
	bool reachable, refused;
	bool owes; /* patients may wait to hear that what was loaded has ended */
	int64_t last_contact, last_event, last_poll, load_began, released;
	const char *fault;
};

/* feed.c */

/* A request to the feed's own server; url must be below its base. The answer comes to step. */
void feed_ask(struct feed *feed, struct feed_call *call, const char *method, struct cw_str url,
    struct cw_str body, feed_step *step);
/* Remember a text; done by the engine. suffix may be NULL. */
void feed_keep(struct feed *feed, const char *key, struct cw_str suffix, struct cw_str value);
/* The answer as words for the log. */
const char *feed_reason(const struct http_response *response);
/* Does no patient have to wait any longer? Then say so to the engine. */
void feed_check_loaded(struct feed *feed);
/* An answer came, or none: reachable or not. */
void feed_note_contact(struct feed *feed, const struct http_response *response);

/* feed_poll.c */
void feed_poll_init(struct feed *feed);
void feed_poll_fini(struct feed *feed);
void feed_poll_start(struct feed *feed);
/* Poll soon, at most once a second. */
void feed_poll_soon(struct feed *feed);

/* feed_page.c: read a page of type, and make jobs of the entries that are new, at the end of the
 * poll's list. after: lastUpdated of the last entry of the page before. 0, CW_ESYNTAX or CW_ELIMIT
 * (no JSON), CW_ETYPE (no searchset). */
CW_CHECK int feed_page_read(struct feed_page *page, struct feed *feed, const struct feed_type *type,
    struct cw_str text, int64_t after, struct cw_arena *scratch);

/* feed_subscription.c */
void feed_ensure_start(struct feed *feed);

#endif
