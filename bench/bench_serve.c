/* P4-P10, P12: the daemon as a whole, over HTTP, against the bare evhttp, against itself with
 * batches of one, against Node's servers, and against the disk and the network of this very run.
 *
 * CPU time is that of all threads of a server until it has done with everything it was sent.  A
 * disk whose fdatasync takes more than a millisecond is shared with somebody: then latencies and
 * rates are not judged. */
#include "bench/bench.h"

#include "bench/events.h"
#include "bench/load.h"
#include "bench/peer.h"
#include "bench/server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	PAIRS = 7,
	TURN = 4000, /* requests of a turn */
	PATIENTS = 4000,
	MANY = 64,   /* in flight */
	ALONE = 500, /* requests of a turn, one in flight */
	ALARMS = 4000
};

struct bench {
	const char *program;
	struct bench_texts plain, events; /* that concern nothing, and that do: of one turn */
	size_t first;			  /* id of the next event */
	struct bench_server bare, daemon;
	struct bench_load to_bare, to_daemon;
	double sync, sync_99, trip; /* of this run, s */
	bool good;
};

/* ---- a line ---- */

static void
line(struct bench *b, const char *name, const char *what, double *v, size_t n, double bar,
    bool at_most)
{
	double one[PAIRS];
	struct bench_ratio r;

	for (size_t i = 0; i < n; i++)
		one[i] = 1;
	r = bench_ratio_of(v, one, n);
	b->good &= bench_line(name, what, r, bar, at_most);
}

/* Of what hangs on the disk: not judged on a slow one. */
static void
timed(struct bench *b, const char *name, const char *what, double *v, size_t n, double bar,
    bool at_most)
{
	if (b->sync < 0.001) {
		line(b, name, what, v, n, bar, at_most);
		return;
	}
	printf("%s %s %.2f %.2f busy\n", name, what, bench_share(v, n, 0.5), bar);
}

static double
median(const double *v, size_t n)
{
	double copy[PAIRS];

	memcpy(copy, v, n * sizeof(*v));
	return bench_share(copy, n, 0.5);
}

/* ---- this machine ---- */

static void
measure_sync(struct bench *b)
{
	enum { TIMES = 300, SIZE = 8192 };
	static char page[SIZE];
	double took[TIMES];
	char path[] = "bench/sync.XXXXXX";
	int fd = mkstemp(path);

	for (int i = 0; i < TIMES; i++) {
		double from;

		from = bench_clock();
		if (fd < 0 || write(fd, page, SIZE) != SIZE || fdatasync(fd) != 0) {
			perror(path);
			exit(EXIT_FAILURE);
		}
		took[i] = bench_clock() - from;
	}
	close(fd);
	unlink(path);
	b->sync = bench_share(took, TIMES, 0.5);
	b->sync_99 = bench_share(took, TIMES, 0.99);
}

/* A load with fewer connections, from where it is. */
static void
run_with(struct bench_run *r, struct bench_load *load, size_t connections, size_t n, double rate)
{
	size_t usual = load->connections;

	load->connections = connections;
	bench_load(r, load, n, rate);
	load->connections = usual;
	if (r->bad > 0) {
		fprintf(stderr, "bench_serve: %zu requests were refused\n", r->bad);
		exit(EXIT_FAILURE);
	}
}

static double
p50_alone(struct bench_load *load)
{
	struct bench_run r;
	double p50;

	run_with(&r, load, 1, ALONE, 0);
	p50 = bench_share(r.latency, r.n, 0.5);
	bench_run_fini(&r);
	return p50;
}

static void
measure_machine(struct bench *b)
{
	measure_sync(b);
	b->trip = p50_alone(&b->to_bare);
	printf("# fdatasync of 8 kB appended: %.3f ms, 99 %% %.3f ms; round trip of bare evhttp: "
	       "%.3f ms\n",
	    b->sync * 1e3, b->sync_99 * 1e3, b->trip * 1e3);
}

/* ---- CPU ---- */

/* CPU time of one request, and how many a second were answered. */
static double
turn(const struct bench_server *s, struct bench_load *load, size_t n, double *rate)
{
	double before = bench_server_settled(s);
	struct bench_run r;

	run_with(&r, load, MANY, n, 0);
	if (rate != NULL)
		*rate = (double)n / r.seconds;
	bench_run_fini(&r);
	return (bench_server_settled(s) - before) / (double)n;
}

static void
check_decided(const struct bench *b)
{
	double decided =
	    bench_server_metric(&b->daemon, "cordwatch_feed_events_total", "outcome=\"evaluated\"");
	double irrelevant = bench_server_metric(
	    &b->daemon, "cordwatch_feed_events_total", "outcome=\"irrelevant\"");

	if (decided < TURN * (PAIRS + 1) || irrelevant < TURN * PAIRS) {
		fprintf(stderr, "bench_serve: only %.0f events decided, %.0f put aside\n", decided,
		    irrelevant);
		exit(EXIT_FAILURE);
	}
}

/* Events that were not sent before. */
static void
renew(struct bench *b, struct bench_load *load, size_t n)
{
	bench_texts_free(&b->events);
	bench_events(&b->events, n, PATIENTS, b->first);
	b->first += n;
	load->texts = &b->events;
	load->next = 0;
}

/* A daemon with an empty database, and some events in it. */
static void
start_daemon(struct bench *b, struct bench_server *s, struct bench_load *load, const char *program)
{
	bench_server_daemon(s, program, NULL);
	*load = (struct bench_load){ .port = s->port, .path = "/fhir/lab", .connections = MANY };
	renew(b, load, TURN);
	turn(s, load, TURN, NULL);
}

static void
tell_cpu(
    struct bench *b, const char *name, const char *what, double *bare, double *ours, double bar)
{
	double ratio[PAIRS];

	for (int i = 0; i < PAIRS; i++)
		ratio[i] = ours[i] / bare[i];
	printf("# %s: %.1f us here, %.1f us of bare evhttp\n", what, median(ours, PAIRS) * 1e6,
	    median(bare, PAIRS) * 1e6);
	line(b, name, what, ratio, PAIRS, bar, true);
}

/* What concerns nothing and what does, each beside the same of bare evhttp. */
static void
compare_cpu(struct bench *b)
{
	double bare[PAIRS], plain[PAIRS], events[PAIRS];

	start_daemon(b, &b->daemon, &b->to_daemon, b->program);
	for (int i = 0; i < PAIRS; i++) {
		bare[i] = turn(&b->bare, &b->to_bare, TURN, NULL);
		b->to_daemon.texts = &b->plain;
		plain[i] = turn(&b->daemon, &b->to_daemon, TURN, NULL);
		renew(b, &b->to_daemon, TURN);
		events[i] = turn(&b->daemon, &b->to_daemon, TURN, NULL);
	}
	check_decided(b);
	tell_cpu(b, "P4", "cpu-of-an-irrelevant-post-in-times-of-evhttp", bare, plain, 1.4);
	tell_cpu(b, "P5", "cpu-of-a-decided-post-in-times-of-evhttp", bare, events, 5);
	bench_server_stop(&b->daemon);
}

/* ---- batches ---- */

static double
commits(const struct bench_server *s)
{
	return bench_server_metric(s, "cordwatch_db_commit_duration_seconds_count", NULL);
}

static void
compare_batches(struct bench *b, const char *one_by_one)
{
	double ratio[PAIRS], each[PAIRS], rate, slow;
	struct bench_server single;
	struct bench_load to_single;

	start_daemon(b, &b->daemon, &b->to_daemon, b->program);
	start_daemon(b, &single, &to_single, one_by_one);
	for (int i = 0; i < PAIRS; i++) {
		double before;

		renew(b, &to_single, TURN / 4);
		turn(&single, &to_single, TURN / 4, &slow);
		renew(b, &b->to_daemon, TURN);
		before = commits(&b->daemon);
		turn(&b->daemon, &b->to_daemon, TURN, &rate);
		each[i] = TURN / (commits(&b->daemon) - before);
		ratio[i] = rate / slow;
	}
	bench_server_stop(&single);
	bench_server_stop(&b->daemon);
	printf("# %.0f a second at %d in flight, %.0f one by one\n", rate, MANY, slow);
	timed(b, "P6", "rate-in-times-of-batches-of-one", ratio, PAIRS, 4, false);
	line(b, "P7", "resources-per-fdatasync-at-64-in-flight", each, PAIRS, 16, false);
}

/* ---- latency ---- */

static void
latency_alone(struct bench *b)
{
	double ratio[PAIRS];

	for (int i = 0; i < PAIRS; i++) {
		measure_sync(b);
		b->trip = p50_alone(&b->to_bare);
		renew(b, &b->to_daemon, ALONE);
		ratio[i] = p50_alone(&b->to_daemon) / (b->sync + b->trip);
	}
	timed(b, "P8", "answer-alone-in-fdatasync-and-round-trip", ratio, PAIRS, 2, true);
}

/* Bars as of a disk of 0.25 ms and a round trip of 0.08 ms: 10 ms and 15 ms are 30 and 45. */
static void
latency_at(struct bench *b, double rate, const char *name, const char *what, double bar)
{
	double ratio[PAIRS];

	for (int i = 0; i < PAIRS; i++) {
		struct bench_run r;

		measure_sync(b);
		renew(b, &b->to_daemon, (size_t)rate);
		run_with(&r, &b->to_daemon, MANY, (size_t)rate, rate);
		ratio[i] = bench_share(r.latency, r.n, 0.99) / (b->sync + b->trip);
		bench_run_fini(&r);
	}
	timed(b, name, what, ratio, PAIRS, bar, true);
}

static void
wait_for_requests(const volatile double *seen, size_t n)
{
	for (int i = 0; i < 600; i++) {
		size_t missing = 0;

		for (size_t k = 0; k < n; k += 20)
			missing += seen[k] == 0;
		if (missing == 0)
			return;
		usleep(50000);
	}
	fputs("bench_serve: not every ServiceRequest arrived\n", stderr);
	exit(EXIT_FAILURE);
}

/* POST until the target has the ServiceRequest, at 1,000 a second; one in twenty asks for one. */
static void
latency_of_requests(struct bench *b)
{
	size_t size = ALARMS * sizeof(double), n = 0;
	volatile double *seen =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	static double took[ALARMS / 20];
	struct bench_texts texts = { 0 };
	struct bench_server target, daemon;
	struct bench_load load = { .path = "/fhir/lab", .texts = &texts, .connections = MANY };
	struct bench_run r;
	double p50, p99, ack;

	bench_alarms(&texts, ALARMS, 0);
	bench_server_target(&target, seen, ALARMS);
	bench_server_daemon(&daemon, b->program, &target);
	load.port = daemon.port;
	measure_sync(b);
	run_with(&r, &load, MANY, ALARMS, 1000);
	wait_for_requests(seen, ALARMS);
	for (size_t i = 0; i < ALARMS; i += 20)
		took[n++] = seen[i] - r.due[i];
	ack = bench_share(r.latency, r.n, 0.5);
	p50 = bench_share(took, n, 0.5) / ack;
	p99 = bench_share(took, n, 0.99) / (b->sync + b->trip);
	printf("# answer %.2f ms, request at its target %.2f ms, 99 %% %.2f ms\n", ack * 1e3,
	    p50 * ack * 1e3, p99 * (b->sync + b->trip) * 1e3);
	timed(b, "P10", "request-at-target-in-times-of-the-answer", &p50, 1, 3, true);
	timed(b, "P10-TAIL", "99-percent-in-fdatasync-and-round-trip", &p99, 1, 75, true);
	bench_run_fini(&r);
	bench_server_stop(&daemon);
	bench_server_stop(&target);
	bench_texts_free(&texts);
	munmap((void *)(uintptr_t)seen, size);
}

/* ---- Node ---- */

static bool
node_events(struct bench_texts *t)
{
	struct bench_peer p;
	struct cw_buf text;

	cw_buf_init(&text, 0);
	bench_peer_start(&p, BENCH_SERVE_PEER, NULL);
	while (bench_peer_line(&p, &text))
		bench_texts_add(t, (struct cw_str){ text.s, text.n });
	bench_peer_stop(&p);
	cw_buf_fini(&text);
	return t->n > 0;
}

/* Its own events, which it only reads and judges by two sets of codes; ours are kept and judged by
 * all rules. */
static void
compare_node(struct bench *b, const struct bench_texts *texts, const char *server, const char *path,
    const char *name, const char *what, double bar)
{
	struct bench_server s;
	struct bench_load load = { .path = path, .texts = texts, .connections = MANY };
	double ratio[PAIRS], theirs[PAIRS];

	if (texts->n == 0 || !bench_server_node(&s, server)) {
		const char *require = getenv("CORDWATCH_REQUIRE");

		printf("%s skipped: %s is not there (node, NODE_PATH, CORDWATCH_PEERS)\n", name,
		    server);
		b->good &= require == NULL || strcmp(require, "1") != 0;
		return;
	}
	load.port = s.port;
	turn(&s, &load, TURN, NULL);
	start_daemon(b, &b->daemon, &b->to_daemon, b->program);
	for (int i = 0; i < PAIRS; i++) {
		theirs[i] = turn(&s, &load, TURN, NULL);
		renew(b, &b->to_daemon, TURN);
		ratio[i] = theirs[i] / turn(&b->daemon, &b->to_daemon, TURN, NULL);
	}
	printf("# %s: %.1f us a request\n", server, median(theirs, PAIRS) * 1e6);
	line(b, name, what, ratio, PAIRS, bar, false);
	bench_server_stop(&b->daemon);
	bench_server_stop(&s);
}

static void
compare_nodes(struct bench *b)
{
	struct bench_texts texts = { 0 };

	node_events(&texts);
	compare_node(b, &texts, "node:http", "/fhir/Observation", "P12",
	    "cpu-times-cheaper-than-node:http-without-a-store", 2);
	compare_node(b, &texts, "node-fhir-server-core", "/4_0_0/Observation", "P12-FHIR",
	    "cpu-times-cheaper-than-node-fhir-server-core", 8);
	bench_texts_free(&texts);
}

static void
measure_latency(struct bench *b)
{
	start_daemon(b, &b->daemon, &b->to_daemon, b->program);
	latency_alone(b);
	latency_at(b, 1000, "P9-1000", "99-percent-at-1000/s-in-fdatasync-and-round-trip", 30);
	latency_at(b, 3000, "P9-3000", "99-percent-at-3000/s-in-fdatasync-and-round-trip", 45);
	bench_server_stop(&b->daemon);
	latency_of_requests(b);
}

int
main(void)
{
	struct bench b = { .program = "./cordwatch", .good = true };

	bench_observations(&b.plain, 10000, 1);
	bench_server_bare(&b.bare);
	b.to_bare = (struct bench_load){
		.port = b.bare.port, .path = "/", .texts = &b.plain, .connections = MANY
	};
	measure_machine(&b);
	compare_cpu(&b);
	compare_batches(&b, "bench/one_by_one");
	measure_latency(&b);
	compare_nodes(&b);
	bench_server_stop(&b.bare);
	bench_texts_free(&b.plain);
	bench_texts_free(&b.events);
	return b.good ? EXIT_SUCCESS : EXIT_FAILURE;
}
