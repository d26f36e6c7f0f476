#include "daemon/ask.h"
#include "daemon/listen_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Owner and group; who of them may do what is asked of the peer's uid. */
enum { SOCKET_MODE = 0660 };

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un path;
};

static int
fail(int *fd, const char *address, struct cw_err *err)
{
	int code = cw_fail(err, CW_EIO, "cannot listen on %s: %s", address, strerror(errno));

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return code;
}

/* A socket file that nobody listens to any more is in the way. */
static void
remove_stale(const struct sockaddr_un *path)
{
	struct stat st;
	int fd;

	if (lstat(path->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)path, sizeof(*path)) != 0 && errno == ECONNREFUSED)
		unlink(path->sun_path);
	close(fd);
}

static int
place_path(struct listen_place *out, int *fd, const char *path, struct cw_err *err)
{
	union address a;
	int dir, rc = ask_address(&a.path, &dir, path, err);

	if (rc < 0)
		return rc;
	remove_stale(&a.path);
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* Nobody can connect before listen(), so the mode is in time. */
	if (*fd < 0 || bind(*fd, &a.any, sizeof(a.path)) != 0 || chmod(path, SOCKET_MODE) != 0 ||
	    listen(*fd, SOMAXCONN) != 0)
		rc = fail(fd, path, err);
	if (dir >= 0)
		close(dir);
	if (rc < 0)
		return rc;
	out->name = cw_strdup(path);
	out->path = cw_strdup(path);
	return CW_OK;
}

/* "127.0.0.1:8086", "[::1]:8086": no names, since what they mean may change. */
static bool
parse(union address *a, const char *text)
{
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2] = "", *end;
	unsigned long port;
	size_t n = colon ? (size_t)(colon - text) : sizeof(host);

	if (n >= sizeof(host) || colon[1] < '0' || colon[1] > '9')
		return false;
	memcpy(host, text, n);
	port = strtoul(colon + 1, &end, 10);
	if (*end != '\0' || port > 65535)
		return false;
	*a = (union address){ .v6 = {
				  .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) } };
	if (n > 2 && host[0] == '[' && host[n - 1] == ']') {
		host[n - 1] = '\0';
		return inet_pton(AF_INET6, host + 1, &a->v6.sin6_addr) == 1;
	}
	*a = (union address){ .v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) } };
	return inet_pton(AF_INET, host, &a->v4.sin_addr) == 1;
}

static char *
name_of(const union address *a)
{
	char host[INET6_ADDRSTRLEN];
	struct cw_buf text;

	cw_buf_init(&text, 0);
	if (a->any.sa_family == AF_INET6)
		cw_buf_printf(&text, "[%s]:%u",
		    inet_ntop(AF_INET6, &a->v6.sin6_addr, host, sizeof(host)),
		    ntohs(a->v6.sin6_port));
	else
		cw_buf_printf(&text, "%s:%u",
		    inet_ntop(AF_INET, &a->v4.sin_addr, host, sizeof(host)), ntohs(a->v4.sin_port));
	return text.s;
}

int
listen_place(struct listen_place *out, int *fd, const char *address, struct cw_err *err)
{
	const int on = 1;
	union address a;
	socklen_t n;

	*out = (struct listen_place){ .name = NULL };
	*fd = -1;
	if (address[0] == '/')
		return place_path(out, fd, address, err);
	if (!parse(&a, address))
		return cw_fail(
		    err, CW_EVALUE, "%s is not ADDRESS:PORT, [ADDRESS]:PORT or /path", address);
	n = a.any.sa_family == AF_INET6 ? sizeof(a.v6) : sizeof(a.v4);
	*fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* After a restart the connections of the last run must not be in the way. */
	if (*fd < 0 || setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0 ||
	    (a.any.sa_family == AF_INET6 &&
		setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0) ||
	    bind(*fd, &a.any, n) != 0 || listen(*fd, SOMAXCONN) != 0 ||
	    getsockname(*fd, &a.any, &n) != 0)
		return fail(fd, address, err);
	out->name = name_of(&a);
	return CW_OK;
}

void
listen_place_free(struct listen_place *place)
{
	if (place->path)
		unlink(place->path);
	free(place->path);
	free(place->name);
}
