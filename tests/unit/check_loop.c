/* Unit tests of daemon/loop: timers, signals, wakes, workers, descriptors, on the real thing. */
#include "daemon/loop.h"

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct loop *loop;
static struct loop_timer *watchdog;

static void
too_long(void *arg)
{
	(void)arg;
	ck_abort_msg("the loop did not end");
}

static void
enter(void)
{
	ck_assert_int_eq(loop_new(&loop, NULL), CW_OK);
	watchdog = loop_timer_new(loop, too_long, NULL);
	loop_timer_set(watchdog, 5000);
}

static void
leave(void)
{
	loop_timer_free(watchdog);
	loop_free(loop);
}

static void
stop(void *arg)
{
	(void)arg;
	loop_stop(loop);
}

/* Three timers write their letter; the third ends the loop. */
static char seen[8];

static void
note(void *arg)
{
	strncat(seen, arg, 1);
}

START_TEST(timers_in_order)
{
	static char a[] = "a", b[] = "b", c[] = "c";
	struct loop_timer *late = loop_timer_new(loop, note, c);
	struct loop_timer *soon = loop_timer_new(loop, note, a);
	struct loop_timer *never = loop_timer_new(loop, note, b);
	struct loop_timer *end = loop_timer_new(loop, stop, NULL);
	int64_t before = loop_steady(loop);

	seen[0] = '\0';
	loop_timer_set(never, 10);
	loop_timer_set(late, 5);
	loop_timer_set(late, 40); /* instead of the 5 */
	loop_timer_set(soon, 20);
	loop_timer_set(end, 60);
	loop_timer_stop(never);
	loop_run(loop);
	ck_assert_str_eq(seen, "ac");
	ck_assert_int_ge(loop_steady(loop) - before, 50);
	loop_timer_free(late);
	loop_timer_free(soon);
	loop_timer_free(never);
	loop_timer_free(end);
}
END_TEST

static struct loop_timer *again;
static int rounds;

static void
once_more(void *arg)
{
	(void)arg;
	if (++rounds < 3) {
		loop_timer_set(again, 0);
		return;
	}
	loop_timer_free(again);
	loop_stop(loop);
}

START_TEST(timer_sets_and_frees_itself)
{
	rounds = 0;
	again = loop_timer_new(loop, once_more, NULL);
	loop_timer_set(again, 0);
	loop_run(loop);
	ck_assert_int_eq(rounds, 3);
}
END_TEST

START_TEST(a_delay_counts_from_now)
{
	struct loop_timer *end = loop_timer_new(loop, stop, NULL);
	int64_t before;

	/* Time passes before the timer is set, as in a long callback. */
	usleep(50000);
	before = loop_steady(loop);
	loop_timer_set(end, 50);
	loop_run(loop);
	ck_assert_int_ge(loop_steady(loop) - before, 44);
	loop_timer_free(end);
}
END_TEST

START_TEST(signals_arrive_on_the_loop)
{
	struct cw_err err = { 0 };

	ck_assert_int_eq(loop_signal(loop, SIGUSR1, stop, NULL, &err), CW_OK);
	ck_assert_int_eq(raise(SIGUSR1), 0);
	loop_run(loop);
	ck_assert_int_lt(loop_signal(loop, 9999, stop, NULL, &err), 0);
	ck_assert_str_ne(err.text, "");
}
END_TEST

START_TEST(a_broken_pipe_is_an_error)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	close(ends[0]);
	ck_assert_int_eq(write(ends[1], "x", 1), -1);
	close(ends[1]);
}
END_TEST

enum { WAKES = 1000 };
static atomic_int posted, taken;
static struct loop_wake *wake;

static void *
poster(void *arg)
{
	(void)arg;
	for (int i = 0; i < WAKES; i++) {
		atomic_fetch_add(&posted, 1);
		loop_wake(wake);
	}
	return NULL;
}

static void
take(void *arg)
{
	(void)arg;
	taken = posted;
	if (taken == 2 * WAKES)
		loop_stop(loop);
}

START_TEST(no_wake_is_lost)
{
	pthread_t thread[2];

	posted = taken = 0;
	wake = loop_wake_new(loop, take, NULL);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL, poster, NULL), 0);
	loop_run(loop);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	ck_assert_int_eq(taken, 2 * WAKES);
	loop_wake_free(wake);
}
END_TEST

static atomic_int kicks, done, elsewhere;
static struct loop_worker *worker;
static pthread_t main_thread;

static void
toil(void *arg)
{
	(void)arg;
	elsewhere = !pthread_equal(pthread_self(), main_thread);
	done = kicks;
	if (done == 1) { /* from run itself */
		kicks++;
		loop_worker_kick(worker);
	} else if (done == 100) {
		loop_wake(wake);
	}
}

START_TEST(worker_runs_after_each_kick)
{
	struct loop_timer *rest = loop_timer_new(loop, stop, NULL);

	main_thread = pthread_self();
	kicks = done = 0;
	wake = loop_wake_new(loop, stop, NULL);
	ck_assert_int_eq(
	    loop_worker_new(&worker, loop, "a-very-long-name", toil, NULL, NULL), CW_OK);
	loop_timer_set(rest, 30);
	loop_run(loop); /* not kicked: nothing happens */
	ck_assert_int_eq(done, 0);
	kicks = 1;
	loop_worker_kick(worker);
	loop_timer_set(rest, 30);
	loop_run(loop);
	ck_assert_int_eq(done, 2);
	ck_assert(elsewhere);
	for (kicks = 3; kicks < 100; kicks++)
		loop_worker_kick(worker);
	loop_worker_kick(worker);
	loop_run(loop);
	ck_assert_int_eq(done, 100);
	loop_worker_free(worker);
	loop_worker_free(NULL);
	loop_wake_free(wake);
	loop_timer_free(rest);
}
END_TEST

static void
toil_long(void *arg)
{
	(void)arg;
	kicks = 1;
	usleep(50000);
	done = 1;
}

START_TEST(free_waits_for_a_running_call)
{
	kicks = done = 0;
	ck_assert_int_eq(loop_worker_new(&worker, loop, "long", toil_long, NULL, NULL), CW_OK);
	loop_worker_kick(worker);
	while (!kicks)
		usleep(1000);
	loop_worker_free(worker);
	ck_assert_int_eq(done, 1);
}
END_TEST

static struct loop_fd *reader, *writer;
static size_t got;

static void
on_ready(void *arg, int fd, int ready)
{
	char bytes[64];

	(void)arg;
	if (ready & LOOP_WRITE) {
		ck_assert_int_eq(write(fd, "hello", 5), 5);
		loop_fd_want(writer, 0);
	}
	if (ready & LOOP_READ) {
		got += (size_t)read(fd, bytes, sizeof(bytes));
		loop_stop(loop);
	}
}

START_TEST(descriptors)
{
	int ends[2];

	got = 0;
	ck_assert_int_eq(pipe(ends), 0);
	reader = loop_fd_new(loop, ends[0], on_ready, NULL);
	writer = loop_fd_new(loop, ends[1], on_ready, NULL);
	loop_fd_want(reader, LOOP_READ);
	loop_fd_want(writer, LOOP_WRITE);
	loop_run(loop);
	ck_assert_uint_eq(got, 5);
	loop_fd_free(reader);
	loop_fd_free(writer);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(the_clocks_are_the_systems)
{
	ck_assert_int_gt(loop_now(loop), INT64_C(1700000000000));
	ck_assert_int_le(loop_steady(loop), loop_steady(loop));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("loop");
	TCase *cases = tcase_create("loop");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, enter, leave);
	tcase_add_test(cases, timers_in_order);
	tcase_add_test(cases, timer_sets_and_frees_itself);
	tcase_add_test(cases, a_delay_counts_from_now);
	tcase_add_test(cases, signals_arrive_on_the_loop);
	tcase_add_test(cases, a_broken_pipe_is_an_error);
	tcase_add_test(cases, no_wake_is_lost);
	tcase_add_test(cases, worker_runs_after_each_kick);
	tcase_add_test(cases, free_waits_for_a_running_call);
	tcase_add_test(cases, descriptors);
	tcase_add_test(cases, the_clocks_are_the_systems);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
