#include "config.h"

#include "bench/load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, HEAD = 512, ANSWER = 1 << 16, STALLED_MS = 20000 };

struct conn {
	int fd;
	size_t request; /* SIZE_MAX: none under way */
	char answer[ANSWER];
	size_t n;
};

struct client {
	struct bench_load *load;
	struct bench_run *run;
	struct conn *conn;
	size_t *idle, n_idle; /* connections */
	size_t sent, answered;
	int epoll;
	double rate, begin;
	struct cw_buf request;
};

static void
die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

double
bench_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
bench_share(double *v, size_t n, double share)
{
	qsort(v, n, sizeof(*v), by_value);
	return v[(size_t)((double)(n - 1) * share)];
}

static int
connect_to(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void
open_all(struct client *c)
{
	size_t n = c->load->connections;

	c->conn = cw_calloc(n, sizeof(*c->conn));
	c->idle = cw_calloc(n, sizeof(*c->idle));
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; i < n; i++) {
		struct epoll_event e = { .events = EPOLLIN, .data.u64 = i };

		c->conn[i].fd = connect_to(c->load->port);
		c->idle[c->n_idle++] = i;
		epoll_ctl(c->epoll, EPOLL_CTL_ADD, c->conn[i].fd, &e);
	}
}

static void
send_next(struct client *c)
{
	struct bench_load *l = c->load;
	struct cw_str body = l->texts->v[l->next];
	struct conn *conn = &c->conn[c->idle[--c->n_idle]];

	l->next = (l->next + 1) % l->texts->n;
	cw_buf_clear(&c->request);
	cw_buf_printf(&c->request,
	    "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/fhir+json\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    l->path, body.n);
	cw_buf_add(&c->request, body.s, body.n);
	if (c->rate == 0)
		c->run->due[c->sent] = bench_clock();
	conn->request = c->sent++;
	conn->n = 0;
	if (send(conn->fd, c->request.s, c->request.n, MSG_NOSIGNAL) != (ssize_t)c->request.n)
		die("send");
}

/* Bytes of the whole answer; 0 while it is not there. */
static size_t
whole(const struct conn *conn)
{
	const char *end = memmem(conn->answer, conn->n, "\r\n\r\n", 4), *length;

	if (end == NULL)
		return 0;
	length = strcasestr(conn->answer, "\r\nContent-Length:");
	if (length != NULL && length < end) {
		size_t n = (size_t)(end - conn->answer) + 4 + strtoul(length + 17, NULL, 10);

		return conn->n >= n ? n : 0;
	}
	if (strcasestr(conn->answer, "\r\nTransfer-Encoding:") != NULL)
		return memcmp(conn->answer + conn->n - 5, "0\r\n\r\n", 5) == 0 ? conn->n : 0;
	return conn->n;
}

static void
receive(struct client *c, size_t i)
{
	struct conn *conn = &c->conn[i];
	ssize_t n = recv(conn->fd, conn->answer + conn->n, ANSWER - 1 - conn->n, MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		die("recv");
	conn->n += (size_t)n;
	conn->answer[conn->n] = '\0';
	if (whole(conn) == 0)
		return;
	c->run->bad += strncmp(conn->answer, "HTTP/1.1 2", 10) != 0;
	c->run->latency[conn->request] = bench_clock() - c->run->due[conn->request];
	c->idle[c->n_idle++] = i;
	c->answered++;
}

/* Nanoseconds until the next request is due; 0: now; -1: none is left, or no connection free. */
static int64_t
until_next(const struct client *c)
{
	double wait;

	if (c->sent == c->run->n || c->n_idle == 0)
		return -1;
	wait = c->rate == 0 ? 0 : c->run->due[c->sent] - bench_clock();
	return wait <= 0 ? 0 : (int64_t)(wait * 1e9) + 1;
}

static void
step(struct client *c)
{
	struct epoll_event event[EVENTS];
	struct timespec t;
	int64_t wait;
	int n;

	while ((wait = until_next(c)) == 0)
		send_next(c);
	if (wait < 0)
		wait = (int64_t)STALLED_MS * 1000000;
	t = (struct timespec){ .tv_sec = wait / 1000000000, .tv_nsec = wait % 1000000000 };
	n = epoll_pwait2(c->epoll, event, EVENTS, &t, NULL);
	if (n == 0 && until_next(c) < 0) {
		fputs("the server does not answer\n", stderr);
		exit(EXIT_FAILURE);
	}
	for (int i = 0; i < n; i++)
		receive(c, event[i].data.u64);
}

void
bench_load(struct bench_run *out, struct bench_load *load, size_t n, double rate)
{
	struct client c = { .load = load, .run = out, .rate = rate };

	*out = (struct bench_run){ .n = n };
	out->due = cw_calloc(n, sizeof(*out->due));
	out->latency = cw_calloc(n, sizeof(*out->latency));
	cw_buf_init(&c.request, 0);
	open_all(&c);
	c.begin = bench_clock();
	for (size_t i = 0; rate > 0 && i < n; i++)
		out->due[i] = c.begin + (double)i / rate;
	while (c.answered < n)
		step(&c);
	out->seconds = bench_clock() - c.begin;
	for (size_t i = 0; i < load->connections; i++)
		close(c.conn[i].fd);
	close(c.epoll);
	cw_buf_fini(&c.request);
	free(c.conn);
	free(c.idle);
}

void
bench_run_fini(struct bench_run *run)
{
	free(run->due);
	free(run->latency);
}
