#include "config.h"

#include "bench/server.h"

#include "bench/load.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void
die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

/* ---- ports ---- */

static int
free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) != 0)
		die("bind");
	close(fd);
	return ntohs(at.sin_port);
}

static int
try_port(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Until it answers; false: it has ended, or does not within half a minute. */
static bool
wait_for(const struct bench_server *s)
{
	for (int i = 0; i < 600; i++) {
		int fd = try_port(s->port);

		if (fd >= 0) {
			close(fd);
			return true;
		}
		if (waitpid(s->pid, NULL, WNOHANG) != 0)
			return false;
		usleep(50000);
	}
	return false;
}

/* ---- servers made of evhttp ---- */

static void
serve(int port, void (*fn)(struct evhttp_request *, void *), void *arg)
{
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);

	evhttp_set_gencb(http, fn, arg);
	if (evhttp_bind_socket(http, "127.0.0.1", (ev_uint16_t)port) != 0)
		die("bind");
	event_base_dispatch(base);
	_exit(0);
}

static void
start(struct bench_server *s, void (*fn)(struct evhttp_request *, void *), void *arg)
{
	*s = (struct bench_server){ .port = free_port() };
	s->pid = fork();
	if (s->pid < 0)
		die("fork");
	if (s->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGPIPE, SIG_IGN);
		serve(s->port, fn, arg);
	}
	if (!wait_for(s))
		die("a server of the benchmark");
}

static void
on_bare(struct evhttp_request *req, void *arg)
{
	struct evbuffer *body = evhttp_request_get_input_buffer(req);

	(void)arg;
	evbuffer_drain(body, evbuffer_get_length(body));
	evhttp_send_reply(req, 200, NULL, NULL);
}

void
bench_server_bare(struct bench_server *s)
{
	start(s, on_bare, NULL);
}

struct target {
	volatile double *seen;
	size_t patients;
};

static void
answer(struct evhttp_request *req, const char *text)
{
	struct evbuffer *body = evbuffer_new();

	evhttp_add_header(
	    evhttp_request_get_output_headers(req), "Content-Type", "application/fhir+json");
	evbuffer_add(body, text, strlen(text));
	evhttp_send_reply(req, 200, NULL, body);
	evbuffer_free(body);
}

static void
on_transaction(struct evhttp_request *req, const struct target *t)
{
	static const char subject[] = "\"Patient/p";
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	const char *body = (const char *)evbuffer_pullup(in, -1), *at;
	size_t n = evbuffer_get_length(in);

	at = body == NULL ? NULL : memmem(body, n, subject, sizeof(subject) - 1);
	if (at != NULL) {
		size_t patient = strtoul(at + sizeof(subject) - 1, NULL, 10);

		if (patient < t->patients && t->seen[patient] == 0)
			t->seen[patient] = bench_clock();
	}
	answer(req,
	    "{\"resourceType\":\"Bundle\",\"type\":\"transaction-response\",\"entry\":[{"
	    "\"response\":{\"status\":\"201\",\"etag\":\"W/\\\"1\\\"\"}},{\"response\":{\"status\":"
	    "\"201\",\"etag\":\"W/\\\"1\\\"\"}}]}");
}

static void
on_target(struct evhttp_request *req, void *arg)
{
	const char *uri = evhttp_request_get_uri(req), *digits = uri + strlen(uri);
	char text[256];

	if (evhttp_request_get_command(req) == EVHTTP_REQ_POST) {
		on_transaction(req, arg);
	} else if (strstr(uri, "metadata") != NULL) {
		answer(req,
		    "{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"kind\":"
		    "\"instance\",\"fhirVersion\":\"4.0.1\",\"format\":[\"json\"],\"rest\":[{"
		    "\"mode\":\"server\",\"resource\":[{\"type\":\"ServiceRequest\","
		    "\"updateCreate\":true}]}]}");
	} else if (strstr(uri, "Patient?identifier=") != NULL) {
		while (digits > uri && digits[-1] >= '0' && digits[-1] <= '9')
			digits--;
		snprintf(text, sizeof(text),
		    "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":{"
		    "\"resourceType\":\"Patient\",\"id\":\"p%s\"}}]}",
		    digits);
		answer(req, text);
	} else {
		evhttp_send_reply(req, 404, NULL, NULL);
	}
}

void
bench_server_target(struct bench_server *s, volatile double *seen, size_t patients)
{
	struct target t = { seen, patients };

	start(s, on_target, &t);
}

/* ---- other programs ---- */

static void
run(struct bench_server *s, const char *const argv[])
{
	s->pid = fork();
	if (s->pid < 0)
		die("fork");
	if (s->pid == 0) {
		int null = open("/dev/null", O_RDWR);

		setenv("CORDWATCH_PACKAGE", BENCH_PACKAGE, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(null, 0);
		dup2(null, 1);
		if (getenv("BENCH_VERBOSE") == NULL)
			dup2(null, 2);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
}

void
bench_server_daemon(struct bench_server *s, const char *program, const struct bench_server *target)
{
	char conf[96];
	const char *const argv[] = { program, "run", "--config", conf, NULL };
	FILE *f;

	*s = (struct bench_server){ .port = free_port(), .folder = "bench/state.XXXXXX" };
	s->admin = free_port();
	if (mkdtemp(s->folder) == NULL)
		die(s->folder);
	snprintf(conf, sizeof(conf), "%s/cordwatch.conf", s->folder);
	f = fopen(conf, "w");
	if (f == NULL)
		die(conf);
	fprintf(f,
	    "[server]\nstate_dir = state\nlisten = 127.0.0.1:%d\nadmin = 127.0.0.1:%d\n[feed lab]\n"
	    "[target ehr]\n",
	    s->port, s->admin);
	if (target != NULL)
		fprintf(f, "base = http://127.0.0.1:%d/fhir\n", target->port);
	fclose(f);
	run(s, argv);
	if (!wait_for(s))
		die(program);
}

bool
bench_server_node(struct bench_server *s, const char *name)
{
	const char *peers = getenv("CORDWATCH_PEERS");
	char script[512], port[16];
	const char *const argv[] = { "node", script, name, port, NULL };

	*s = (struct bench_server){ .port = free_port() };
	snprintf(script, sizeof(script), "%s/node-engines/servers.js",
	    peers == NULL ? BENCH_PEERS : peers);
	snprintf(port, sizeof(port), "%d", s->port);
	run(s, argv);
	if (wait_for(s))
		return true;
	s->pid = 0;
	return false;
}

/* ---- what they use ---- */

static double
cpu_of_thread(pid_t pid, const char *thread)
{
	char path[320];
	double ns = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", (int)pid, thread);
	f = fopen(path, "r");
	if (f == NULL || fscanf(f, "%lf", &ns) != 1)
		ns = 0;
	if (f != NULL)
		fclose(f);
	return ns / 1e9;
}

double
bench_server_cpu(const struct bench_server *s)
{
	char path[64];
	struct dirent *e;
	double sum = 0;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)s->pid);
	d = opendir(path);
	if (d == NULL)
		die("a server has ended");
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] != '.')
			sum += cpu_of_thread(s->pid, e->d_name);
	}
	closedir(d);
	return sum;
}

double
bench_server_settled(const struct bench_server *s)
{
	double before = -1, now = bench_server_cpu(s);

	/* A loop that only waits uses some microseconds at times. */
	while (now - before > 0.0005) {
		usleep(100000);
		before = now;
		now = bench_server_cpu(s);
	}
	return now;
}

double
bench_server_metric(const struct bench_server *s, const char *name, const char *with)
{
	static const char ask[] =
	    "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	int fd = try_port(s->admin);
	size_t length = strlen(name);
	char piece[4096], *line, *rest;
	double sum = 0;
	struct cw_buf b;
	ssize_t n;

	if (fd < 0 || write(fd, ask, sizeof(ask) - 1) < 0)
		die("the daemon's metrics");
	cw_buf_init(&b, 0);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		cw_buf_add(&b, piece, (size_t)n);
	close(fd);
	cw_buf_putc(&b, '\0');
	for (line = strtok_r(b.s, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, name, length) == 0 && strchr(" {", line[length]) != NULL &&
		    (with == NULL || strstr(line, with) != NULL))
			sum += strtod(strrchr(line, ' '), NULL);
	}
	cw_buf_fini(&b);
	return sum;
}

static void
remove_folder(const char *folder)
{
	struct dirent *e;
	DIR *d = opendir(folder);

	while (d != NULL && (e = readdir(d)) != NULL) {
		char path[512];

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (unlink(path) != 0)
			remove_folder(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(folder);
}

void
bench_server_stop(struct bench_server *s)
{
	if (s->pid > 0) {
		kill(s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	if (s->folder[0] != '\0')
		remove_folder(s->folder);
	s->pid = 0;
}
