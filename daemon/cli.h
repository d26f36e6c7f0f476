/* cli: the command line. `cordwatch COMMAND ...` (see cordwatch.1). */
#ifndef DAEMON_CLI_H
#define DAEMON_CLI_H

/* Run the command that argv names; returns the exit status (sysexits.h). */
int cli_main(int argc, char **argv);

#endif
