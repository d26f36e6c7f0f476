/* loop.h on the clock of the world. */
#include "daemon/loop.h"

#include <assert.h>
#include <stdlib.h>

#include "tests/fake/world.h"

struct loop {
	struct loop *next;
	bool dead, stop;
	struct loop_wake *wakes;
	struct loop_worker *workers;
	struct loop_signal {
		struct loop_signal *next;
		int number;
		loop_fn *fn;
		void *arg;
	} * signals;
};

struct loop_timer {
	struct loop *loop;
	struct world_event *event; /* NULL: not set */
	loop_fn *fn;
	void *arg;
};

struct loop_wake {
	struct loop_wake *next;
	struct loop *loop;
	bool due;
	loop_fn *fn;
	void *arg;
};

struct loop_worker {
	struct loop_worker *next;
	struct loop *loop;
	bool due;
	loop_fn *run;
	void *arg;
};

int
loop_new(struct loop **out, struct cw_err *err)
{
	(void)err;
	*out = cw_calloc(1, sizeof(**out));
	(*out)->next = world.loops;
	world.loops = *out;
	return 0;
}

void
loop_free(struct loop *loop)
{
	struct loop **p = &world.loops;

	if (loop == NULL)
		return;
	assert(loop->wakes == NULL && loop->workers == NULL);
	while (*p != loop)
		p = &(*p)->next;
	*p = loop->next;
	while (loop->signals != NULL) {
		struct loop_signal *s = loop->signals;

		loop->signals = s->next;
		free(s);
	}
	free(loop);
}

void
loop_run(struct loop *loop)
{
	loop->stop = false;
	if (world.run != NULL) {
		world.run(world.run_arg);
		return;
	}
	while (!loop->stop && !loop->dead && fake_step(INT64_MAX / 4))
		;
}

void
loop_stop(struct loop *loop)
{
	loop->stop = true;
}

int64_t
loop_now(const struct loop *loop)
{
	(void)loop;
	return world.wall;
}

int64_t
loop_steady(const struct loop *loop)
{
	(void)loop;
	return world.steady;
}

struct loop_timer *
loop_timer_new(struct loop *loop, loop_fn *fn, void *arg)
{
	struct loop_timer *timer = cw_calloc(1, sizeof(*timer));

	*timer = (struct loop_timer){ .loop = loop, .fn = fn, .arg = arg };
	return timer;
}

static void
run_out(void *arg)
{
	struct loop_timer *timer = arg;

	timer->event = NULL;
	timer->fn(timer->arg);
}

void
loop_timer_set(struct loop_timer *timer, int64_t delay)
{
	assert(delay >= 0);
	loop_timer_stop(timer);
	if (!timer->loop->dead)
		timer->event = world_plan(delay, run_out, timer, timer->loop);
}

void
loop_timer_stop(struct loop_timer *timer)
{
	if (timer->event != NULL && !timer->loop->dead)
		world_unplan(timer->event);
	timer->event = NULL;
}

void
loop_timer_free(struct loop_timer *timer)
{
	if (timer == NULL)
		return;
	loop_timer_stop(timer);
	free(timer);
}

int
loop_signal(struct loop *loop, int number, loop_fn *fn, void *arg, struct cw_err *err)
{
	struct loop_signal *s = cw_calloc(1, sizeof(*s));

	(void)err;
	*s = (struct loop_signal){ loop->signals, number, fn, arg };
	loop->signals = s;
	return 0;
}

void
world_signal(int number)
{
	for (struct loop *loop = world.loops; loop != NULL; loop = loop->next) {
		for (struct loop_signal *s = loop->signals; s != NULL && !loop->dead; s = s->next) {
			if (s->number == number)
				s->fn(s->arg);
		}
	}
}

struct loop_wake *
loop_wake_new(struct loop *loop, loop_fn *fn, void *arg)
{
	struct loop_wake *wake = cw_calloc(1, sizeof(*wake));

	*wake = (struct loop_wake){ .next = loop->wakes, .loop = loop, .fn = fn, .arg = arg };
	loop->wakes = wake;
	return wake;
}

void
loop_wake(struct loop_wake *wake)
{
	wake->due = true;
}

void
loop_wake_free(struct loop_wake *wake)
{
	struct loop_wake **p;

	if (wake == NULL)
		return;
	for (p = &wake->loop->wakes; *p != wake; p = &(*p)->next)
		;
	*p = wake->next;
	free(wake);
}

int
loop_worker_new(struct loop_worker **out, struct loop *loop, const char *name, loop_fn *run,
    void *arg, struct cw_err *err)
{
	(void)name;
	(void)err;
	*out = cw_calloc(1, sizeof(**out));
	**out = (struct loop_worker){ .next = loop->workers, .loop = loop, .run = run, .arg = arg };
	loop->workers = *out;
	return 0;
}

void
loop_worker_kick(struct loop_worker *worker)
{
	worker->due = true;
}

void
loop_worker_free(struct loop_worker *worker)
{
	struct loop_worker **p;

	if (worker == NULL)
		return;
	for (p = &worker->loop->workers; *p != worker; p = &(*p)->next)
		;
	*p = worker->next;
	free(worker);
}

/* Workers first: what they answer is then there when the wakes run. */
static bool
step(struct loop *loop)
{
	for (struct loop_worker *worker = loop->workers; worker != NULL; worker = worker->next) {
		if (worker->due && !world.held) {
			worker->due = false;
			worker->run(worker->arg);
			return true;
		}
	}
	for (struct loop_wake *wake = loop->wakes; wake != NULL; wake = wake->next) {
		if (wake->due) {
			wake->due = false;
			wake->fn(wake->arg);
			return true;
		}
	}
	return false;
}

bool
world_loop_step(void)
{
	for (struct loop *loop = world.loops; loop != NULL; loop = loop->next) {
		if (!loop->dead && step(loop))
			return true;
	}
	return false;
}

bool
world_dead(const struct loop *loop)
{
	return loop->dead;
}

void
world_kill_loops(void)
{
	for (struct loop *loop = world.loops; loop != NULL; loop = loop->next)
		loop->dead = loop->stop = true;
}

/* The fake client and listener have no descriptors. */
struct loop_fd *
loop_fd_new(struct loop *loop, int fd, void (*fn)(void *arg, int fd, int ready), void *arg)
{
	(void)loop;
	(void)fd;
	(void)fn;
	(void)arg;
	abort();
}

void
loop_fd_want(struct loop_fd *watch, int want)
{
	(void)watch;
	(void)want;
	abort();
}

void
loop_fd_free(struct loop_fd *watch)
{
	assert(watch == NULL);
}
