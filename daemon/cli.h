/* cli: the command line, `cordwatch COMMAND ...` (cordwatch(1)).
 *
 * Each command is one const struct cli_command in its own cli_NAME.c: its options are a table from
 * which parsing, `--help` and the documentation check are fed. cli.c parses first, so that run()
 * sees only well-formed arguments. Results go to stdout, everything else to stderr. */
#ifndef DAEMON_CLI_H
#define DAEMON_CLI_H

#include "fhir/base.h"

#include <stdio.h>
#include <sysexits.h>

/* One long option; all strings are for the reader of --help too. */
struct cli_option {
	const char *name;  /* without the dashes */
	const char *value; /* what stands for its value ("DIR"); NULL for a flag */
	const char *help;  /* one line */
	bool repeat;	   /* may be given more than once */
};

/* The arguments of one command, parsed; borrows from argv. */
struct cli_args {
	const struct cli_command *command;
	struct cli_given {
		const struct cli_option *option;
		const char *value; /* "" for a flag */
	} * given;		   /* in the order of the command line */
	size_t n_given;
	const char **operands;
	size_t n_operands;
};

enum { CLI_MANY = 1 << 30 }; /* as most operands: any number */

struct cli_command {
	const char *name;
	const char *operands; /* as in the usage line: "[--] EXPRESSION [FILE]" */
	const char *help;     /* one line for `cordwatch --help` */
	const char *more;     /* paragraphs for `cordwatch NAME --help`, or NULL */
	const struct cli_option *options;
	size_t n_options;
	size_t least, most; /* operands */
	/* Do it; returns the exit status (sysexits.h). */
	int (*run)(const struct cli_args *args);
};

/* The commands, each defined in its own file. */
extern const struct cli_command cli_audit;
extern const struct cli_command cli_alerts, cli_backup, cli_restore;
extern const struct cli_command cli_check, cli_evaluate, cli_lookup;
extern const struct cli_command cli_events, cli_feeds;
extern const struct cli_command cli_path;
extern const struct cli_command cli_run;
extern const struct cli_command cli_status;
extern const struct cli_command cli_test;

/* Run the command that argv names; returns the exit status (sysexits.h). */
int cli_main(int argc, char **argv);

/* Parse what follows the command's name: `--name value`, `--name=value`, flags, operands in any
 * order, and `--` before operands that start with a dash. CW_EUSAGE with a clear message for an
 * unknown option, a missing or unexpected value, a repeat, or a wrong number of operands.
 * Free with cli_args_fini, also after a failure. */
CW_CHECK int cli_parse(struct cli_args *out, const struct cli_command *command, int argc,
    char *const *argv, struct cw_err *err);
/* Free what cli_parse allocated. */
void cli_args_fini(struct cli_args *args);

/* Was the option given? */
bool cli_has(const struct cli_args *args, const char *name);
/* Its value, or NULL when it was not given. */
const char *cli_value(const struct cli_args *args, const char *name);
/* The i-th value (from 0) of a repeated option, in order; NULL past the last. */
const char *cli_nth(const struct cli_args *args, const char *name, size_t i);

/* Print a line, or a part of one, that holds text from outside: as printf, but no character of it
 * can steer a terminal or begin another line (cw_buf_plain); a last line end stays. */
void cli_print(FILE *to, const char *fmt, ...) CW_PRINTF(2, 3);
/* Say on stderr what is wrong with the command line and where help is; returns EX_USAGE. */
int cli_usage(const struct cli_args *args, const char *fmt, ...) CW_PRINTF(2, 3);
/* One line on stderr, "file:line:column: element.path: text"; file may be NULL, and what is unknown
 * is left out. Returns the exit status that fits the code: 64 usage, 66 not found, 74 input or
 * output, else 65. */
int cli_fault(const char *file, const struct cw_err *err);

/* Print the manual of one command (what `cordwatch NAME --help` shows). */
void cli_help(FILE *to, const struct cli_command *command);

/* The folder of the base package: $CORDWATCH_PACKAGE, else mappings/package beside the executable
 * or one folder up, else the installed one. Yours to free. The folder need not exist. */
char *cli_package_dir(void);

enum cli_tone { CLI_PLAIN, CLI_BOLD, CLI_RED, CLI_YELLOW, CLI_GREEN, CLI_DIM };

/* The escape sequence of a tone (CLI_PLAIN ends one), or "" unless `to` is a terminal that takes
 * colour (TERM=dumb and NO_COLOR are obeyed). */
const char *cli_tone(FILE *to, enum cli_tone tone);

#endif
