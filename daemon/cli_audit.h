/* cli_audit: what the parts of `cordwatch audit` share. Not for others. */
#ifndef DAEMON_CLI_AUDIT_H
#define DAEMON_CLI_AUDIT_H

#include "daemon/audit_source.h"
#include "daemon/cli.h"
#include "daemon/conf.h"

/* What --config, --database, --key and the operand name. */
struct cli_audit {
	const struct cli_args *args;
	struct conf *conf; /* of --config, or the embedded one */
	struct audit_source source;
	const char *name; /* of the source, for messages */
	struct seal_key **key;
	size_t keys;
	struct audit_check check;
};

/* Open the source: operand `at` if there is one (a file, or the folder of a database), else the
 * database that is named. CW_EUSAGE for a word that is none. Close after a failure too. */
CW_CHECK int cli_audit_open(
    struct cli_audit *a, const struct cli_args *args, size_t at, struct cw_err *err);
void cli_audit_close(struct cli_audit *a);

/* The subcommands; they return the exit status. */
int cli_audit_export(const struct cli_args *args);
int cli_audit_verify(const struct cli_args *args);
int cli_audit_replay(const struct cli_args *args);

#endif
