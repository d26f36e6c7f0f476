/* ask: how a command asks a daemon: over its unix socket when it runs, else its database.
 *
 * The daemon listens for commands on the path of `admin` where that is one, else on cordwatch.sock
 * in state_dir; who may connect is for the file's owner and group to say, and the daemon knows the
 * peer by SO_PEERCRED.  A database without a daemon is opened by the command and only read. */
#ifndef DAEMON_ASK_H
#define DAEMON_ASK_H

#include "daemon/conf.h"
#include "fhir/node.h"

#include <sys/un.h>

struct ask;

/* Path of the socket by this configuration, absolute where the folder is there. Yours to free. */
char *ask_socket(const struct conf *conf);
/* The address of a socket's path, however long that is; *dir is -1 or to be closed once the address
 * is no longer used. CW_EIO: its folder cannot be opened. */
CW_CHECK int ask_address(struct sockaddr_un *out, int *dir, const char *path, struct cw_err *err);

/* By the configuration in that file (NULL: as of `cordwatch run` without one), or, with socket not
 * NULL, a running daemon there. CW_ENOTFOUND: nobody listens and there is no database; errors of
 * conf_load. *out is yours to close. */
CW_CHECK int ask_open(
    struct ask **out, const char *conf_file, const char *socket, struct cw_err *err);
void ask_close(struct ask *ask);
/* Does the daemon run? */
bool ask_running(const struct ask *ask);
/* The configuration; NULL with a socket only. Borrowed. */
const struct conf *ask_conf(const struct ask *ask);

/* One question of answer.h, with its arguments ("id=3") or "": *answer, in arena. CW_ENOTFOUND:
 * what it asks for is not there; CW_EUSAGE: an argument is malformed; CW_EUNSUPPORTED: the daemon
 * has to run for this, or you may not; CW_EIO: it does not answer. */
CW_CHECK int ask_for(struct ask *ask, const struct fhir_node **answer, const char *question,
    const char *arguments, struct cw_arena *arena, struct cw_err *err);

#endif
