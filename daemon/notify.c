#include "daemon/notify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MOST_STATUS = 200 };

static int
open_socket(const char *path, struct cw_err *err)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = strlen(path);
	int fd;

	if ((path[0] != '/' && path[0] != '@') || n < 2 || n >= sizeof(to.sun_path))
		return cw_fail(err, CW_EVALUE, "NOTIFY_SOCKET is neither a path nor @name");
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = '\0'; /* an abstract name: as long as the address says */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&to,
			  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) < 0) {
		cw_fail(err, CW_EIO, "NOTIFY_SOCKET: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return CW_EIO;
	}
	return fd;
}

/* WATCHDOG_USEC, unless it is meant for another process. */
static int64_t
read_watchdog(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (usec == NULL || (pid != NULL && strtoll(pid, NULL, 10) != (long long)getpid()))
		return 0;
	return strtoll(usec, NULL, 10) / 1000;
}

int
notify_open(struct notify *n, struct cw_err *err)
{
	const char *path = getenv("NOTIFY_SOCKET");
	int fd = -1;

	*n = (struct notify){ .fd = -1 };
	if (path != NULL)
		fd = open_socket(path, err);
	if (fd >= 0)
		*n = (struct notify){ .fd = fd, .watchdog = read_watchdog() };
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return path == NULL || fd >= 0 ? CW_OK : fd;
}

void
notify_close(struct notify *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
}

/* Who is told has to be told again soon anyway, so a failure is nothing to act upon. */
static void tell(const struct notify *n, int flags, const char *fmt, ...) CW_PRINTF(3, 4);

static void
tell(const struct notify *n, int flags, const char *fmt, ...)
{
	char text[MOST_STATUS + 64];
	va_list ap;

	if (n->fd < 0)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	while (send(n->fd, text, strlen(text), flags | MSG_NOSIGNAL) < 0 && errno == EINTR)
		continue;
}

void
notify_ready(struct notify *n)
{
	tell(n, 0, "READY=1");
}

/* The manager compares with its own clock, so it is the system's, and not that of the loop. */
void
notify_reloading(struct notify *n)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	tell(n, 0, "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

void
notify_stopping(struct notify *n)
{
	tell(n, 0, "STOPPING=1");
}

void
notify_status(struct notify *n, const char *text)
{
	size_t line = strcspn(text, "\n");

	tell(n, MSG_DONTWAIT, "STATUS=%.*s", line < MOST_STATUS ? (int)line : MOST_STATUS, text);
}

void
notify_extend(struct notify *n, int64_t ms)
{
	tell(n, 0, "EXTEND_TIMEOUT_USEC=%lld", (long long)ms * 1000);
}

void
notify_alive(struct notify *n)
{
	tell(n, MSG_DONTWAIT, "WATCHDOG=1");
}
