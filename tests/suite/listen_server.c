/* listen_server: a listener that answers 200 with what it read, for probes.py.
 *
 * usage: listen_server KEY=VALUE...   (the fields of struct listen_options; tls_cert, tls_key,
 * client_ca; delay: ms before each answer; files: most descriptors).  Its first line on stdout is
 * the address.  It ends when stdin does; then it prints how many requests it handled and how many
 * connections were open. */
#include "daemon/listen.h"
#include "daemon/tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct loop *loop;
static struct listen *server;
static int64_t delay;
static long handled;

/* An answer that waits. */
struct later {
	struct listen_exchange *exchange;
	struct loop_timer *timer;
	struct cw_buf text;
};

static void
answer(void *arg)
{
	struct later *later = arg;
	struct listen_reply reply = { .status = 200,
		.type = "text/plain",
		.body = { later->text.s, later->text.n },
		.name = { "X-Echo" },
		.value = { "yes" } };

	listen_answer(later->exchange, &reply);
	loop_timer_free(later->timer);
	cw_buf_fini(&later->text);
	free(later);
}

static void
handle(void *arg, struct listen_exchange *exchange, const struct listen_request *r)
{
	struct later *later = cw_calloc(1, sizeof(*later));
	struct cw_str secret = listen_header(exchange, "X-Secret");

	(void)arg;
	handled++;
	later->exchange = exchange;
	cw_buf_init(&later->text, 0);
	cw_buf_printf(&later->text, "%s %.*s query=%.*s secret=%.*s peer=%.*s uid=%d", r->method,
	    CW_ARG(r->path), CW_ARG(r->query), CW_ARG(secret), CW_ARG(r->peer), r->uid);
	for (size_t i = 0; r->san && r->san[i]; i++)
		cw_buf_printf(&later->text, " san=%s", r->san[i]);
	cw_buf_puts(&later->text, "\n");
	cw_buf_str(&later->text, r->body);
	if (delay > 0) {
		later->timer = loop_timer_new(loop, answer, later);
		loop_timer_set(later->timer, delay);
	} else {
		answer(later);
	}
}

static void
on_stdin(void *arg, int fd, int ready)
{
	char byte;

	(void)arg;
	(void)ready;
	if (read(fd, &byte, 1) <= 0)
		loop_stop(loop);
}

static const char *
value(char **argv, const char *name)
{
	size_t n = strlen(name);

	for (; *argv; argv++)
		if (strncmp(*argv, name, n) == 0 && (*argv)[n] == '=')
			return *argv + n + 1;
	return NULL;
}

static long
number(char **argv, const char *name, long otherwise)
{
	const char *text = value(argv, name);

	return text ? strtol(text, NULL, 10) : otherwise;
}

static void
limit_files(long files)
{
	struct rlimit limit = { .rlim_cur = (rlim_t)files, .rlim_max = (rlim_t)files };

	if (files > 0 && setrlimit(RLIMIT_NOFILE, &limit) != 0)
		perror("setrlimit");
}

/* Take descriptors until only so many are left. */
static void
take_files(long spare)
{
	int fd;

	while ((fd = dup(STDIN_FILENO)) >= 0)
		;
	for (fd = (int)sysconf(_SC_OPEN_MAX) - 1; spare > 0; spare--)
		close(fd--);
}

static int
run(const struct listen_options *options, long spare)
{
	struct cw_err err = { 0 };
	struct loop_fd *input;

	if (listen_open(&server, loop, options, handle, NULL, &err) != CW_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	printf("%s\n", listen_address(server));
	fflush(stdout);
	if (spare > 0)
		take_files(spare);
	input = loop_fd_new(loop, STDIN_FILENO, on_stdin, NULL);
	loop_fd_want(input, LOOP_READ);
	loop_run(loop);
	printf("handled=%ld open=%zu\n", handled, listen_connections(server));
	loop_fd_free(input);
	listen_close(server);
	return 0;
}

int
main(int argc, char **argv)
{
	struct cw_err err = { 0 };
	struct tls_server *tls = NULL;
	struct tls_files files = { value(argv, "tls_cert"), value(argv, "tls_key"),
		value(argv, "client_ca") };
	struct listen_options options = {
		.address = value(argv, "address"),
		.largest = (size_t)number(argv, "largest", 65536),
		.connections = (size_t)number(argv, "connections", 100),
		.head_deadline = number(argv, "head_deadline", 15000),
		.deadline = number(argv, "deadline", 60000),
		.idle = number(argv, "idle", 60000),
		.secret_header = "X-Secret",
	};
	int status;

	(void)argc;
	if (!options.address)
		options.address = "127.0.0.1:0";
	delay = number(argv, "delay", 0);
	limit_files(number(argv, "files", 0));
	if (files.cert && tls_server_new(&tls, &files, &err) != CW_OK) {
		fprintf(stderr, "%s: %s\n", err.path, err.text);
		return 1;
	}
	options.tls = tls;
	if (loop_new(&loop, &err) != CW_OK)
		return 1;
	status = run(&options, number(argv, "spare", 0));
	loop_free(loop);
	tls_server_free(tls);
	return status;
}
