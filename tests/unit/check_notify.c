/* Unit tests of daemon/notify: what a manager on the other end of the socket gets. */
#include "daemon/notify.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static int manager = -1;

/* Listen at a path, or at an abstract name that begins with @. */
static void
listen_at(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t n = strlen(name);

	memcpy(at.sun_path, name, n);
	if (name[0] == '@')
		at.sun_path[0] = '\0';
	manager = socket(AF_UNIX, SOCK_DGRAM, 0);
	ck_assert_int_ge(manager, 0);
	ck_assert_int_eq(bind(manager, (const struct sockaddr *)&at,
			     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)),
	    0);
	setenv("NOTIFY_SOCKET", name, 1);
}

/* The next message, or "". */
static const char *
told(void)
{
	static char text[1024];
	ssize_t n = recv(manager, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n < 0 ? 0 : n] = '\0';
	return text;
}

static void
tell_all(struct notify *n)
{
	long long usec;
	struct timespec now;
	char status[400];

	notify_status(n, "loading criteria");
	ck_assert_str_eq(told(), "STATUS=loading criteria");
	notify_extend(n, 2500);
	ck_assert_str_eq(told(), "EXTEND_TIMEOUT_USEC=2500000");
	notify_ready(n);
	ck_assert_str_eq(told(), "READY=1");
	notify_alive(n);
	ck_assert_str_eq(told(), "WATCHDOG=1");
	notify_reloading(n);
	ck_assert_int_eq(sscanf(told(), "RELOADING=1\nMONOTONIC_USEC=%lld", &usec), 1);
	clock_gettime(CLOCK_MONOTONIC, &now);
	ck_assert_int_le(usec, now.tv_sec * 1000000LL + now.tv_nsec / 1000);
	ck_assert_int_gt(usec, now.tv_sec * 1000000LL - 10000000LL);
	notify_stopping(n);
	ck_assert_str_eq(told(), "STOPPING=1");
	notify_status(n, "one\nREADY=1");
	ck_assert_str_eq(told(), "STATUS=one");
	memset(status, 'a', sizeof(status) - 1);
	status[sizeof(status) - 1] = '\0';
	notify_status(n, status);
	ck_assert_uint_eq(strlen(told()), strlen("STATUS=") + 200);
	ck_assert_str_eq(told(), "");
}

START_TEST(tells_the_manager)
{
	char folder[] = P_tmpdir "/check_notify.XXXXXX", path[64], abstract[64];
	struct cw_err err = { 0 };
	struct notify n;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	snprintf(abstract, sizeof(abstract), "@check_notify.%ld", (long)getpid());
	for (int i = 0; i < 2; i++) {
		listen_at(i == 0 ? abstract : path);
		ck_assert_int_eq(notify_open(&n, &err), CW_OK);
		ck_assert_ptr_null(getenv("NOTIFY_SOCKET"));
		tell_all(&n);
		notify_close(&n);
		close(manager);
	}
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(knows_its_watchdog)
{
	static const struct {
		const char *usec;
		int other; /* for another process */
		int64_t want;
	} cases[] = {
		{ NULL, 0, 0 },
		{ "60000000", -1, 60000 },
		{ "60000000", 0, 60000 },
		{ "60000000", 1, 0 },
		{ "x", 0, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cw_err err = { 0 };
		struct notify n;
		char pid[32];

		snprintf(pid, sizeof(pid), "%ld", (long)getpid() + cases[i].other);
		listen_at("@check_notify_watchdog");
		if (cases[i].usec != NULL)
			setenv("WATCHDOG_USEC", cases[i].usec, 1);
		if (cases[i].other >= 0)
			setenv("WATCHDOG_PID", pid, 1);
		ck_assert_int_eq(notify_open(&n, &err), CW_OK);
		ck_assert_int_eq(n.watchdog, cases[i].want);
		ck_assert_ptr_null(getenv("WATCHDOG_USEC"));
		ck_assert_ptr_null(getenv("WATCHDOG_PID"));
		notify_close(&n);
		close(manager);
	}
}
END_TEST

START_TEST(does_nothing_without_a_manager)
{
	static const char *const bad[] = { "", "@", "/", "relative", "/nowhere/to/be/found" };
	struct cw_err err = { 0 };
	struct notify n;
	char lots[200];

	unsetenv("NOTIFY_SOCKET");
	setenv("WATCHDOG_USEC", "5000000", 1);
	ck_assert_int_eq(notify_open(&n, &err), CW_OK);
	ck_assert_int_eq(n.watchdog, 0);
	notify_ready(&n);
	notify_close(&n);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err = (struct cw_err){ 0 };
		setenv("NOTIFY_SOCKET", bad[i], 1);
		ck_assert_int_lt(notify_open(&n, &err), 0);
		ck_assert_ptr_null(getenv("NOTIFY_SOCKET"));
		notify_ready(&n);
		notify_close(&n);
	}
	memset(lots, 'a', sizeof(lots));
	lots[0] = '/';
	lots[sizeof(lots) - 1] = '\0';
	setenv("NOTIFY_SOCKET", lots, 1);
	err = (struct cw_err){ 0 };
	ck_assert_int_eq(notify_open(&n, &err), CW_EVALUE);
	ck_assert_int_eq(err.code, CW_EVALUE);
	ck_assert_int_eq(n.fd, -1);
}
END_TEST

/* A manager that reads nothing must not hold up the loop, nor one that has gone kill us. */
START_TEST(never_waits_for_the_manager)
{
	struct cw_err err = { 0 };
	struct notify n;

	listen_at("@check_notify_slow");
	ck_assert_int_eq(notify_open(&n, &err), CW_OK);
	for (int i = 0; i < 20000; i++)
		notify_alive(&n);
	close(manager);
	notify_ready(&n);
	notify_close(&n);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("notify");
	TCase *t = tcase_create("notify");
	SRunner *r;
	int failed;

	tcase_add_test(t, tells_the_manager);
	tcase_add_test(t, knows_its_watchdog);
	tcase_add_test(t, does_nothing_without_a_manager);
	tcase_add_test(t, never_waits_for_the_manager);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}
