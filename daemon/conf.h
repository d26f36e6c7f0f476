/* conf: cordwatch.conf and conf.d/(*).conf (INI), read through one table of keys.
 *
 * The table {section, key, type, default, range, help} (conf_table.c) is the only place that knows
 * a key: parser, `cordwatch check`, the sample file and cordwatch.conf(5) come from it.  An unknown
 * section or key, a bad value, a key or section given twice in one file, a file that is not there:
 * an error with file:line.  conf.d lies beside the file; its *.conf are read after it, in byte
 * order, and a later file may give a key again: the last one holds.  Relative paths are looked for
 * from the folder of cordwatch.conf, those in conf.d too.
 *
 * Secrets and private keys stand in files of their own, which nobody but owner and group may read;
 * "credential:NAME" names a systemd credential in their place ($CREDENTIALS_DIRECTORY/NAME). */
#ifndef DAEMON_CONF_H
#define DAEMON_CONF_H

#include "fhir/base.h"

#include <stdio.h>

enum conf_mode { CONF_LIVE, CONF_SHADOW };

struct conf_feed {
	const char *name;  /* [a-z0-9._-], at most 32: a segment of the URL */
	const char *base;  /* of the FHIR server, without a slash at the end; NULL: push only */
	const char *types; /* words: watched types; NULL: those of the plan */
	const char *secret_file, *previous_secret_file;
	struct cw_str secret, previous_secret; /* what stood in the files; absent: none asked */
	const char *allow_san;		       /* words */
	int64_t poll_interval, overlap;	       /* ms */
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
	const char *state_dir; /* need not exist */
	const char *listen;    /* address:port, or path of a unix socket */
	const char *public;    /* base URL by which servers reach us; NULL: from listen */
	const char *tls_cert, *tls_key, *client_ca;
	const char *admin; /* address:port, or path of a unix socket; only ever on this machine */
	const char *secret_header;
	int64_t connections, largest_body;
	/* [package] */
	const char *package_dir;    /* NULL: cli_package_dir */
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
	/* [feed NAME], [target NAME]: at least one of each, in the order of the files */
	struct conf_feed *feed;
	size_t feeds;
	struct conf_target *target;
	size_t targets;

	struct cw_arena *arena; /* all strings */
	char sha256[65]; /* of the files one after another, as `cat FILE conf.d/(*).conf` has them;
			    for the audit. What secrets are is not in it */
	bool embedded;	 /* no file: the defaults of `cordwatch run` */
	struct cw_err remark[8]; /* doubtful, not refused: secret readable by the group, ... */
	size_t remarks;
	const struct conf_section *sections; /* conf_fault's: where what stands */
	const char *path;
};

/* Read path (NULL: none, the embedded defaults: loopback, one feed "local" without a secret, one
 * target "print") and the conf.d folder beside it. *out is yours to free with conf_free (NULL
 * allowed). Errors have the file in err->path and the line: exit 78.
 * Without state_dir it is $STATE_DIRECTORY (systemd), else $XDG_STATE_HOME/cordwatch, else
 * $HOME/.local/state/cordwatch. */
CW_CHECK int conf_load(struct conf **out, const char *path, struct cw_err *err);
/* Free it and all it holds; the secrets are wiped first. */
void conf_free(struct conf *conf);

/* Record why, which was found out later about a value, with the place where that key of that
 * section ("set", "", "recentDays"; "feed", "ehr", "cert_file") was given. Returns why->code. */
int conf_fault(struct cw_err *err, const struct conf *conf, const char *section, const char *name,
    const char *key, const struct cw_err *why);

/* Keys of the table as a sample file, each with its explanation and default, commented out. */
void conf_print_sample(FILE *out);
/* Is a changed value taken over by SIGHUP, or only at a start? Name of the first key that differs
 * and needs a start ("listen"), or NULL. */
const char *conf_needs_restart(const struct conf *old, const struct conf *now);
/* Is an address of listen or admin reached from this machine only: 127.0.0.0/8, ::1, a path? */
bool conf_is_loopback(const char *address);

#endif
