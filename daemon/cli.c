#include "daemon/cli.h"

#include <stdio.h>
#include <sysexits.h>

int
cli_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	fputs("usage: cordwatch COMMAND ...\n", stderr);
	return EX_USAGE;
}
