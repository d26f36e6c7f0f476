/* package_dir: the packages of a command line, read from their folders.
 *
 * The base package is that of cli_package_dir; each --package DIR lies over what came before, or
 * replaces a package of the same name.  A folder holds package.json and resources, one a *.json. */
#ifndef DAEMON_PACKAGE_DIR_H
#define DAEMON_PACKAGE_DIR_H

#include "daemon/cli.h"
#include "mappings/package.h"

/* Read the base package and those of the option --package into a new set, yours to free (NULL on
 * failure). Errors of content carry "file: element.path" in err->path. CW_ENOTFOUND: no such
 * folder, or no package.json in it. */
CW_CHECK int package_dir_load(
    struct map_package **out, const struct cli_args *args, struct cw_err *err);
/* The same, but fill an existing set with one folder. */
CW_CHECK int package_dir_add(struct map_package *package, const char *dir, struct cw_err *err);
/* Say on stderr what is wrong with a package, "file:line:column: element.path: text"; returns the
 * exit status 78. For errors of this file, of terminology and of plan. */
int package_dir_fault(const struct cw_err *err);

#endif
