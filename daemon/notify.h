/* notify: what systemd is told (sd_notify(3): datagrams to $NOTIFY_SOCKET), without libsystemd.
 *
 * Outside of systemd every call does nothing.  Nothing waits: a message that the manager does not
 * take at once is lost, but for those of a start, a stop or a reload, which it waits for. */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include "fhir/base.h"

struct notify {
	int fd;		  /* -1: nobody to tell */
	int64_t watchdog; /* ms; 0: none */
};

/* Read NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and take them out of the environment, so that
 * no child speaks for us. CW_EVALUE or CW_EIO for a socket that cannot be used; then nobody is
 * told. */
CW_CHECK int notify_open(struct notify *n, struct cw_err *err);
void notify_close(struct notify *n);

/* The start, or a reload, has come to its end. */
void notify_ready(struct notify *n);
/* A reload begins (MONOTONIC_USEC for Type=notify-reload); it ends with notify_ready. */
void notify_reloading(struct notify *n);
void notify_stopping(struct notify *n);
/* One line for `systemctl status`, cut at 200 bytes; the caller's fixed words and numbers. */
void notify_status(struct notify *n, const char *text);
/* A start, stop or reload needs this long from now. */
void notify_extend(struct notify *n, int64_t ms);
/* We are alive. To be called at least every n->watchdog / 2 ms while there is progress. */
void notify_alive(struct notify *n);

#endif
