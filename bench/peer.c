#include "bench/peer.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void
fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

void
bench_peer_start(struct bench_peer *p, const char *script, const char *arg)
{
	int down[2], up[2];

	setenv("CORDWATCH_PEERS", BENCH_PEERS, 0);
	if (pipe(down) || pipe(up))
		fail("pipe");
	p->pid = fork();
	if (p->pid == 0) {
		dup2(down[0], 0);
		dup2(up[1], 1);
		close(down[0]);
		close(down[1]);
		close(up[0]);
		close(up[1]);
		execlp("node", "node", script, arg, (char *)NULL);
		_exit(127);
	}
	close(down[0]);
	close(up[1]);
	p->to = fdopen(down[1], "w");
	p->from = fdopen(up[0], "r");
	if (p->pid < 0 || !p->to || !p->from)
		fail("node");
	signal(SIGPIPE, SIG_IGN); /* a peer that is not there has gone already */
}

bool
bench_peer_line(struct bench_peer *p, struct cw_buf *b)
{
	int c;

	fflush(p->to);
	cw_buf_clear(b);
	while ((c = getc_unlocked(p->from)) != EOF && c != '\n')
		cw_buf_putc(b, (char)c);
	return c == '\n';
}

void
bench_peer_stop(struct bench_peer *p)
{
	fclose(p->to);
	fclose(p->from);
	waitpid(p->pid, NULL, 0);
}
