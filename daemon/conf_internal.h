/* conf_internal: how the rooms of conf work together: table, files, values, secrets. */
#ifndef DAEMON_CONF_INTERNAL_H
#define DAEMON_CONF_INTERNAL_H

#include "daemon/conf.h"

enum conf_type {
	CONF_ADDRESS,	  /* 127.0.0.1:8086, [::1]:8086, /path */
	CONF_AUTH_FILE,	  /* path; its text, a value of Authorization, goes to `content` */
	CONF_CHOICE,	  /* one word of `words` */
	CONF_COUNT,	  /* least..most */
	CONF_DURATION,	  /* 500ms, 60s, 15m, 24h, 7d; least..most in ms */
	CONF_FILE,	  /* path of a file that can be read */
	CONF_FOLDER,	  /* path */
	CONF_FOLDERS,	  /* paths */
	CONF_KEY_FILE,	  /* path of a private key */
	CONF_MODE,	  /* one word of `words`; enum conf_mode */
	CONF_NAMES,	  /* of certificates: DNS:a.example */
	CONF_SECRET_FILE, /* path; its text goes to `content` */
	CONF_SIZE,	  /* 4096, 64k, 16M, 1G; least..most in bytes */
	CONF_TOKEN,	  /* name of a header, RFC 9110 5.6.2 */
	CONF_TYPES,	  /* names of FHIR R4 resource types */
	CONF_URL,	  /* http or https; no slash at the end */
	CONF_WORDS	  /* any */
};

/* One key. Lists may go on in lines that begin with a blank. */
struct conf_key {
	const char *section, *name;
	enum conf_type type;
	size_t at;	      /* of the value in struct conf, conf_feed or conf_target */
	size_t content;	      /* of the text of a secret, there too */
	const char *fallback; /* default; NULL: none */
	const char *example;  /* for the sample, where there is no default */
	int64_t least, most;
	const char *words; /* of a choice, with blanks between */
	bool restart;	   /* is taken over only at a start */
	const char *help;  /* sentences for an administrator */
};
extern const struct conf_key conf_keys[];
extern const size_t conf_n_keys;
/* The key of that section ("feed" for all feeds), or NULL. */
const struct conf_key *conf_key_find(const char *section, const char *name);

/* Sections in the order of the sample; help is for the sample and the manual. */
struct conf_kind {
	const char *name;
	bool named; /* [feed NAME] */
	bool free;  /* any key */
	const char *help;
};
extern const struct conf_kind conf_kinds[];
extern const size_t conf_n_kinds;

/* What stood in the files. All in the arena. */
struct conf_place {
	const char *file;
	size_t line;
};
struct conf_entry {
	struct conf_entry *next;
	const struct conf_key *key; /* NULL in a free section */
	const char *name, *value;
	struct conf_place place;
};
struct conf_section {
	struct conf_section *next;
	const struct conf_kind *kind;
	const char *name; /* "" when it has none */
	struct conf_place place;
	struct conf_entry *entry;
};

/* Read path and the conf.d beside it: sections and entries, the last of each, in order; all bytes
 * into *bytes. */
CW_CHECK int conf_read(struct conf_section **out, struct cw_arena *arena, struct cw_buf *bytes,
    const char *path, struct cw_err *err);
/* The entry of that name, or NULL; section may be NULL. */
struct conf_entry *conf_entry_find(const struct conf_section *section, const char *name);

/* Put a value into the object (struct conf, conf_feed or conf_target) that the key belongs to.
 * folder: where relative paths begin. */
CW_CHECK int conf_value_set(struct conf *conf, void *object, const struct conf_key *key,
    const char *text, const char *folder, const struct conf_place *place, struct cw_err *err);
/* Note something doubtful; what is too much is dropped. */
void conf_remark(struct conf *conf, const struct conf_place *place, const char *fmt, ...)
    CW_PRINTF(3, 4);

/* The absolute or relative path as it is opened: from folder, or a credential. In the arena; NULL
 * for a bad credential. */
const char *conf_path(
    struct cw_arena *arena, const char *folder, const char *text, struct cw_err *err);
/* Can this file be read, and (private) by nobody but owner and group? With text: give what is in
 * it, without the line end. */
CW_CHECK int conf_file_check(struct conf *conf, const char *path, bool private, struct cw_str *text,
    const struct conf_place *place, struct cw_err *err);

/* What single values do not tell: TLS, secrets, pairs of files. */
CW_CHECK int conf_check(struct conf *conf, struct cw_err *err);

#endif
