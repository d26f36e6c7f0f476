#include "daemon/cli.h"
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cli_command *const commands[] = {
	&cli_alerts,
	&cli_audit,
	&cli_backup,
	&cli_check,
	&cli_evaluate,
	&cli_events,
	&cli_feeds,
	&cli_lookup,
	&cli_path,
	&cli_restore,
	&cli_run,
	&cli_status,
	&cli_test,
};
enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void
print_overview(FILE *to)
{
	fputs("usage: cordwatch COMMAND [OPTION]... [OPERAND]...\n\n"
	      "Reads FHIR resources, judges each patient against red-flag criteria and proposes\n"
	      "the imaging orders that follow from them.\n\n"
	      "Commands:\n",
	    to);
	for (size_t i = 0; i < N_COMMANDS; i++)
		fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->help);
	fputs("  help       show this text, or that of one command: help COMMAND\n\n"
	      "Options:\n"
	      "  --help     show this text; after a command, the text of that command\n"
	      "  --version  show the version and how it was built\n",
	    to);
}

static void
print_version(void)
{
	puts("cordwatch " PACKAGE_VERSION);
	puts("compiler     " CW_BUILD_COMPILER);
	puts("flags        " CW_BUILD_FLAGS);
	puts("sanitizers   " CW_BUILD_SANITIZERS);
}

/* Longest "--name VALUE" of the table, so that the help texts stand in one column. */
static size_t
widest(const struct cli_command *command)
{
	size_t most = strlen("--help");

	for (size_t i = 0; i < command->n_options; i++) {
		const struct cli_option *o = &command->options[i];
		size_t n = 2 + strlen(o->name) + (o->value == NULL ? 0 : 1 + strlen(o->value));

		most = n > most ? n : most;
	}
	return most;
}

void
cli_help(FILE *to, const struct cli_command *command)
{
	size_t width = widest(command);

	fprintf(to, "usage: cordwatch %s [OPTION]... %s\n\n%s\n", command->name, command->operands,
	    command->help);
	if (command->more != NULL)
		fprintf(to, "\n%s\n", command->more);
	fputs("\nOptions:\n", to);
	for (size_t i = 0; i < command->n_options; i++) {
		const struct cli_option *o = &command->options[i];
		int n = fprintf(to, "  --%s%s%s", o->name, o->value == NULL ? "" : " ",
		    o->value == NULL ? "" : o->value);

		fprintf(to, "%*s  %s%s\n", (int)width + 2 - n, "", o->help,
		    o->repeat ? " (may be repeated)" : "");
	}
	fprintf(to, "  %-*s  show this text\n", (int)width, "--help");
}

static const struct cli_command *
find_command(const char *name)
{
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

static int
unknown(const char *name)
{
	fprintf(stderr, "cordwatch: unknown command '%s'\nSee cordwatch --help\n", name);
	return EX_USAGE;
}

static int
help(const char *name)
{
	const struct cli_command *command;

	if (name == NULL) {
		print_overview(stdout);
		return EX_OK;
	}
	command = find_command(name);
	if (command == NULL)
		return unknown(name);
	cli_help(stdout, command);
	return EX_OK;
}

/* Before `--`, where it would be an operand. */
static bool
asks_help(int argc, char *const *argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0)
			return true;
	}
	return false;
}

static int
run(const struct cli_command *command, int argc, char *const *argv)
{
	struct cli_args args;
	struct cw_err err = { 0 };
	int status;

	if (asks_help(argc, argv))
		return help(command->name);
	if (cli_parse(&args, command, argc, argv, &err) < 0)
		status = cli_usage(&args, "%s", err.text);
	else
		status = command->run(&args);
	cli_args_fini(&args);
	return status;
}

/* What could not be written must not look like success: a full disk, a closed pipe. */
static int
flushed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fputs("cordwatch: cannot write the output\n", stderr);
	return status == EX_OK ? EX_IOERR : status;
}

int
cli_main(int argc, char **argv)
{
	const struct cli_command *command;

	if (argc < 2) {
		print_overview(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		print_version();
		return flushed(EX_OK);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return flushed(help(argv[1][0] == '-' || argc < 3 ? NULL : argv[2]));
	command = find_command(argv[1]);
	return command == NULL ? unknown(argv[1]) : flushed(run(command, argc - 2, argv + 2));
}

/* The folder that holds the running program, in buf; false when the system does not tell. */
static bool
own_folder(char *buf, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", buf, size - 1);
	char *slash;

	if (n <= 0)
		return false;
	buf[n] = '\0';
	slash = strrchr(buf, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	return true;
}

char *
cli_package_dir(void)
{
	const char *set = getenv("CORDWATCH_PACKAGE");
	char here[4096];
	struct cw_buf b;

	if (set != NULL && set[0] != '\0')
		return cw_strdup(set);
	if (own_folder(here, sizeof(here))) {
		cw_buf_init(&b, 0);
		cw_buf_printf(&b, "%s/mappings/package", here);
		if (access(b.s, R_OK | X_OK) == 0)
			return b.s;
		cw_buf_clear(&b); /* a program in the build folder of a source tree */
		cw_buf_printf(&b, "%s/../mappings/package", here);
		if (access(b.s, R_OK | X_OK) == 0)
			return b.s;
		cw_buf_fini(&b);
	}
	return cw_strdup(PKGDATADIR "/package");
}
