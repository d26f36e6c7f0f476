#include "config.h"

#include "daemon/loop.h"
#include "daemon/loop_event.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { SIGNALS = 8 };

struct loop {
	struct event_base *base;
	struct loop_signal {
		struct event *event;
		loop_fn *fn;
		void *arg;
	} signal[SIGNALS];
	size_t signals;
};

struct loop_timer {
	struct event *event;
	loop_fn *fn;
	void *arg;
};

/* An eventfd, and not event_active(): so libevent runs without locks. */
struct loop_wake {
	struct event *event;
	int fd;
	loop_fn *fn;
	void *arg;
};

struct loop_fd {
	struct event *event;
	struct event_base *base;
	int fd, want;
	void (*fn)(void *arg, int fd, int ready);
	void *arg;
};

struct loop_worker {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t kick;
	bool kicked, stop;
	char name[16];
	loop_fn *run;
	void *arg;
};

/* libevent's own words may quote what a peer sent; what matters comes back as an error. */
static void
say_nothing(int severity, const char *text)
{
	(void)severity;
	(void)text;
}

int
loop_new(struct loop **out, struct cw_err *err)
{
	struct event_config *config;
	struct loop *loop = cw_calloc(1, sizeof(*loop));

	/* A peer that is gone is an error of write(), not the end of the process. */
	signal(SIGPIPE, SIG_IGN);
	/* A file that may grow no more: an error of the write is enough. */
	signal(SIGXFSZ, SIG_IGN);
	event_set_log_callback(say_nothing);
	event_set_mem_functions(cw_malloc, cw_realloc, free);
	config = event_config_new();
	/* Without the cached time a delay counts from now, not from when the callback began. */
	if (config && event_config_set_flag(config, EVENT_BASE_FLAG_NO_CACHE_TIME) == 0)
		loop->base = event_base_new_with_config(config);
	if (config)
		event_config_free(config);
	if (!loop->base) {
		free(loop);
		return cw_fail(err, CW_EIO, "no event loop: %s", strerror(errno));
	}
	*out = loop;
	return CW_OK;
}

void
loop_free(struct loop *loop)
{
	if (!loop)
		return;
	for (size_t i = 0; i < loop->signals; i++)
		event_free(loop->signal[i].event);
	event_base_free(loop->base);
	free(loop);
}

struct event_base *
loop_base(struct loop *loop)
{
	return loop->base;
}

void
loop_run(struct loop *loop)
{
	event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void
loop_stop(struct loop *loop)
{
	event_base_loopbreak(loop->base);
}

static int64_t
milliseconds(clockid_t clock)
{
	struct timespec t;
	int failed = clock_gettime(clock, &t);

	assert(!failed);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
loop_now(const struct loop *loop)
{
	(void)loop;
	return milliseconds(CLOCK_REALTIME);
}

int64_t
loop_steady(const struct loop *loop)
{
	(void)loop;
	return milliseconds(CLOCK_MONOTONIC);
}

/* A new event; libevent fails here only for want of memory. */
static struct event *
event_or_abort(struct event_base *base, int fd, short what, event_callback_fn fn, void *arg)
{
	struct event *event = event_new(base, fd, what, fn, arg);

	if (!event)
		abort();
	return event;
}

static void
on_timer(int fd, short what, void *arg)
{
	struct loop_timer *timer = arg;

	(void)fd;
	(void)what;
	timer->fn(timer->arg);
}

struct loop_timer *
loop_timer_new(struct loop *loop, loop_fn *fn, void *arg)
{
	struct loop_timer *timer = cw_malloc(sizeof(*timer));

	*timer = (struct loop_timer){ .fn = fn, .arg = arg };
	timer->event = event_or_abort(loop->base, -1, 0, on_timer, timer);
	return timer;
}

void
loop_timer_set(struct loop_timer *timer, int64_t delay)
{
	struct timeval t = { .tv_sec = delay / 1000, .tv_usec = delay % 1000 * 1000 };

	assert(delay >= 0);
	event_add(timer->event, &t);
}

void
loop_timer_stop(struct loop_timer *timer)
{
	event_del(timer->event);
}

void
loop_timer_free(struct loop_timer *timer)
{
	if (!timer)
		return;
	event_free(timer->event);
	free(timer);
}

static void
on_signal(int number, short what, void *arg)
{
	struct loop_signal *s = arg;

	(void)number;
	(void)what;
	s->fn(s->arg);
}

int
loop_signal(struct loop *loop, int number, loop_fn *fn, void *arg, struct cw_err *err)
{
	struct loop_signal *s = &loop->signal[loop->signals];

	assert(loop->signals < SIGNALS);
	*s = (struct loop_signal){ .fn = fn, .arg = arg };
	s->event = event_or_abort(loop->base, number, EV_SIGNAL | EV_PERSIST, on_signal, s);
	if (event_add(s->event, NULL) != 0) {
		event_free(s->event);
		return cw_fail(err, CW_EIO, "signal %d cannot be watched", number);
	}
	loop->signals++;
	return CW_OK;
}

static void
on_wake(int fd, short what, void *arg)
{
	struct loop_wake *wake = arg;
	uint64_t count;

	(void)what;
	/* Emptied first: a wake that comes while fn runs is not lost. */
	if (read(fd, &count, sizeof(count)) == (ssize_t)sizeof(count))
		wake->fn(wake->arg);
}

struct loop_wake *
loop_wake_new(struct loop *loop, loop_fn *fn, void *arg)
{
	struct loop_wake *wake = cw_malloc(sizeof(*wake));

	*wake = (struct loop_wake){ .fn = fn, .arg = arg };
	wake->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (wake->fd < 0) /* only at the start, when there is no descriptor left */
		abort();
	wake->event = event_or_abort(loop->base, wake->fd, EV_READ | EV_PERSIST, on_wake, wake);
	if (event_add(wake->event, NULL) != 0)
		abort(); /* deaf, it would be worse than gone */
	return wake;
}

void
loop_wake(struct loop_wake *wake)
{
	uint64_t one = 1;

	/* It can fail only when it is full, and then the loop is awake already. */
	while (write(wake->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

void
loop_wake_free(struct loop_wake *wake)
{
	if (!wake)
		return;
	event_free(wake->event);
	close(wake->fd);
	free(wake);
}

static void *
work(void *arg)
{
	struct loop_worker *w = arg;

	pthread_setname_np(pthread_self(), w->name);
	pthread_mutex_lock(&w->mutex);
	while (!w->stop) {
		if (!w->kicked) {
			pthread_cond_wait(&w->kick, &w->mutex);
			continue;
		}
		w->kicked = false;
		pthread_mutex_unlock(&w->mutex);
		w->run(w->arg);
		pthread_mutex_lock(&w->mutex);
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

int
loop_worker_new(struct loop_worker **out, struct loop *loop, const char *name, loop_fn *run,
    void *arg, struct cw_err *err)
{
	struct loop_worker *w = cw_calloc(1, sizeof(*w));
	sigset_t all, before;
	int failed;

	(void)loop;
	w->run = run;
	w->arg = arg;
	for (size_t i = 0; i + 1 < sizeof(w->name) && name[i]; i++)
		w->name[i] = name[i];
	pthread_mutex_init(&w->mutex, NULL);
	pthread_cond_init(&w->kick, NULL);
	/* Signals are the loop's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&w->thread, NULL, work, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed) {
		pthread_cond_destroy(&w->kick);
		pthread_mutex_destroy(&w->mutex);
		free(w);
		return cw_fail(err, CW_EIO, "no thread for %s: %s", name, strerror(failed));
	}
	*out = w;
	return CW_OK;
}

void
loop_worker_kick(struct loop_worker *w)
{
	pthread_mutex_lock(&w->mutex);
	w->kicked = true;
	pthread_cond_signal(&w->kick);
	pthread_mutex_unlock(&w->mutex);
}

void
loop_worker_free(struct loop_worker *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->mutex);
	w->stop = true;
	pthread_cond_signal(&w->kick);
	pthread_mutex_unlock(&w->mutex);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->kick);
	pthread_mutex_destroy(&w->mutex);
	free(w);
}

static void
on_fd(int fd, short what, void *arg)
{
	struct loop_fd *watch = arg;

	watch->fn(
	    watch->arg, fd, (what & EV_READ ? LOOP_READ : 0) | (what & EV_WRITE ? LOOP_WRITE : 0));
}

struct loop_fd *
loop_fd_new(struct loop *loop, int fd, void (*fn)(void *arg, int fd, int ready), void *arg)
{
	struct loop_fd *watch = cw_malloc(sizeof(*watch));

	*watch = (struct loop_fd){ .base = loop->base, .fd = fd, .fn = fn, .arg = arg };
	watch->event = event_or_abort(loop->base, fd, EV_READ | EV_PERSIST, on_fd, watch);
	return watch;
}

void
loop_fd_want(struct loop_fd *watch, int want)
{
	short what = EV_PERSIST;

	if (want == watch->want)
		return;
	watch->want = want;
	event_del(watch->event);
	if (!want)
		return;
	what =
	    (short)(what | (want & LOOP_READ ? EV_READ : 0) | (want & LOOP_WRITE ? EV_WRITE : 0));
	event_assign(watch->event, watch->base, watch->fd, what, on_fd, watch);
	event_add(watch->event, NULL);
}

void
loop_fd_free(struct loop_fd *watch)
{
	if (!watch)
		return;
	event_free(watch->event);
	free(watch);
}
