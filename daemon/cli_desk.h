/* cli_desk: what the commands for operators share: whom they ask, and how lists are printed. */
#ifndef DAEMON_CLI_DESK_H
#define DAEMON_CLI_DESK_H

#include "daemon/ask.h"
#include "daemon/cli.h"

/* The options that each of them has. */
#define CLI_DESK_OPTIONS                                                                           \
	{ "config", "FILE", "configuration of the daemon", false },                                \
	    { "socket", "PATH", "ask the daemon that listens there; no configuration", false },    \
	{                                                                                          \
		"format", "text|json", "text, or JSON for programs", false                         \
	}

struct cli_desk {
	struct ask *ask;
	struct cw_arena *arena; /* of all answers */
	bool json;
};

/* A column of a list: what stands above it, and which member of an item it shows. */
struct cli_column {
	const char *heading, *key;
};

/* Read the options and find the daemon or its database: 0, or the exit status after the fault was
 * told. Close it in any case. */
CW_CHECK int cli_desk_open(struct cli_desk *desk, const struct cli_args *args);
void cli_desk_close(struct cli_desk *desk);
/* The configuration that is meant: the option's, else the system's; NULL: none. */
const char *cli_desk_conf(const struct cli_args *args);
/* One question; a fault is told and NULL returned, its exit status in *status. */
const struct fhir_node *cli_desk_ask(
    struct cli_desk *desk, const char *question, const char *arguments, int *status);
/* Print the whole list that answers a question, page after page: a table, or a JSON array. Returns
 * the exit status. */
int cli_desk_list(struct cli_desk *desk, const char *question, const char *arguments,
    const struct cli_column *column, size_t columns);
/* Print these items (a run of siblings, or NULL) in the same way; none: what is said then. */
void cli_desk_table(const struct cli_desk *desk, const struct fhir_node *item,
    const struct cli_column *column, size_t columns, const char *none);
/* Print a node as JSON, a line. */
void cli_desk_json(const struct fhir_node *node);
/* The word of the command ("list") is this one? */
bool cli_desk_is(const struct cli_args *args, const char *word, size_t operands);

#endif
