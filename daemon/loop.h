/* loop: the event loop of the daemon: clock, timers, signals, descriptors, workers.
 *
 * loop.c is the only file that runs libevent's loop.  The stories link a loop with a clock of their
 * own in its place (tests/fake), so nothing in daemon/ may ask the system for the time or make a
 * thread by another way.  All calls but loop_wake and loop_worker_kick belong to the loop's thread.
 */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

#include "fhir/base.h"

struct loop;
struct loop_timer;
struct loop_wake;
struct loop_worker;
struct loop_fd;

typedef void loop_fn(void *arg);

/* A new loop, yours to free (NULL allowed) after everything that was made on it. SIGPIPE is ignored
 * from now on. */
CW_CHECK int loop_new(struct loop **out, struct cw_err *err);
void loop_free(struct loop *loop);
/* Run until loop_stop, which may be called from a callback. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Wall clock, UTC ms since 1970; may jump. Safe from every thread. */
int64_t loop_now(const struct loop *loop);
/* Clock that never goes back, ms from an unknown start; for delays. Safe from every thread. */
int64_t loop_steady(const struct loop *loop);

/* A timer that is not set. fn is called once each time it runs out; it may set or free it. */
struct loop_timer *loop_timer_new(struct loop *loop, loop_fn *fn, void *arg);
/* Call fn in delay ms (>= 0), give or take a few, instead of what was set before. */
void loop_timer_set(struct loop_timer *timer, int64_t delay);
void loop_timer_stop(struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer);

/* Call fn (on the loop, never in the signal's context) when the signal comes. For the life of the
 * loop. */
CW_CHECK int loop_signal(struct loop *loop, int number, loop_fn *fn, void *arg, struct cw_err *err);

/* Call fn on the loop soon after loop_wake; several wakes may become one call. */
struct loop_wake *loop_wake_new(struct loop *loop, loop_fn *fn, void *arg);
/* From any thread. */
void loop_wake(struct loop_wake *wake);
void loop_wake_free(struct loop_wake *wake);

/* A thread that calls run(arg) once after each kick (several kicks may become one call). A story's
 * loop calls it in its own thread, between events. */
CW_CHECK int loop_worker_new(struct loop_worker **out, struct loop *loop, const char *name,
    loop_fn *run, void *arg, struct cw_err *err);
/* From any thread, also from run itself. */
void loop_worker_kick(struct loop_worker *worker);
/* Waits until a running call has ended; a kick that has not begun is forgotten. NULL allowed. */
void loop_worker_free(struct loop_worker *worker);

/* Watch a descriptor; for http.c, whose library owns its sockets. */
enum { LOOP_READ = 1, LOOP_WRITE = 2 };
struct loop_fd *loop_fd_new(
    struct loop *loop, int fd, void (*fn)(void *arg, int fd, int ready), void *arg);
/* want: 0 or LOOP_READ, LOOP_WRITE or both. */
void loop_fd_want(struct loop_fd *watch, int want);
/* Before the descriptor is closed. */
void loop_fd_free(struct loop_fd *watch);

#endif
