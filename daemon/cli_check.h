/* cli_check: the parts of `cordwatch check`: packages, and a whole configuration. */
#ifndef DAEMON_CLI_CHECK_H
#define DAEMON_CLI_CHECK_H

#include "daemon/cli.h"
#include "daemon/conf.h"
#include "mappings/plan.h"
#include "mappings/terminology.h"

/* Print the heading of a group of lines. */
void cli_check_heading(const char *text);
/* Print what packages hold, and under "Remarks" what is doubtful in them: was there anything? */
bool cli_check_print(const struct map_package *package, const struct map_terminology *terms,
    const struct map_plan *plan);
/* Load the configuration, its packages and certificates, look at its database, and print all that
 * or the first fault. Returns the exit status. */
int cli_check_conf(const char *path);

#endif
