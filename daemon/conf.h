/* conf: cordwatch.conf and conf.d/(*).conf (INI), read through one table of keys.
 *
 * The table {section, key, type, default, range, help} is the only place that knows a key: parser,
 * `cordwatch check`, the sample file and cordwatch.conf(5) come from it.  An unknown section or
 * key, a bad value, a key given twice, a file that is not there: an error with file:line.  Secrets
 * stand in files of their own, which nobody but their owner (and group) may read. */
#ifndef DAEMON_CONF_H
#define DAEMON_CONF_H

#include "fhir/base.h"

#include <stdio.h>

enum conf_mode { CONF_LIVE, CONF_SHADOW };

struct conf_feed {
	const char *name;
	const char *base;  /* of the FHIR server, without a slash at the end; NULL: push only */
	const char *types; /* words: watched types; NULL: those of the plan */
	struct cw_str secret, previous_secret; /* what stood in the files; absent: none asked */
	const char *allow_san;
	int64_t poll_interval, overlap; /* ms */
	const char *ca_file, *cert_file, *key_file, *auth_file;
	struct cw_str auth; /* value of Authorization, from auth_file */
};

struct conf_target {
	const char *name;
	const char *base; /* NULL: print (the embedded default) */
	const char *ca_file, *cert_file, *key_file, *auth_file;
	struct cw_str auth;
	const char *order_intent; /* proposal or order */
};

struct conf {
	/* [server] */
	const char *state_dir;
	const char *listen; /* address:port */
	const char *public; /* base URL by which servers reach us; NULL: from listen */
	const char *tls_cert, *tls_key, *client_ca;
	const char *admin; /* address:port, or path of a unix socket */
	const char *secret_header;
	int64_t connections, largest_body;
	/* [package] */
	const char *package_dir;
	const char *const *overlay; /* NULL at the end */
	enum conf_mode mode;	    /* of all rules */
	const char *shadow;	    /* words: rules that are decided and logged, never sent */
	/* [set]: parameters of the plan */
	struct conf_pair {
		const char *name, *value;
	} * set;
	size_t sets;
	/* [retention] */
	int64_t keep_keys, keep_quarantine, keep_closed; /* ms */
	/* [audit] */
	const char *key_file;
	/* [feed NAME], [target NAME] */
	struct conf_feed *feed;
	size_t feeds;
	struct conf_target *target;
	size_t targets;

	struct cw_arena *arena;	 /* all strings */
	char sha256[65];	 /* of the files read, in order; for the audit */
	bool embedded;		 /* no file: the defaults of `cordwatch run` */
	struct cw_err remark[8]; /* doubtful, not refused: secret readable by the group, ... */
	size_t remarks;
};

/* Read path (NULL: none, the embedded defaults) and the conf.d folder beside it. *out is yours to
 * free with conf_free (NULL allowed). Errors carry "file" in err->path and the line: exit 78. */
CW_CHECK int conf_load(struct conf **out, const char *path, struct cw_err *err);
void conf_free(struct conf *conf);

/* Keys of the table as a sample file, each with its explanation and default, commented out. */
void conf_print_sample(FILE *out);
/* Is a changed value taken over by SIGHUP, or only at a start? Name of the first key that differs
 * and needs a start, or NULL. */
const char *conf_needs_restart(const struct conf *old, const struct conf *now);

#endif
