/* Unit tests of daemon/log: lines, the journal, limits, and that free text does not get through. */
#include "daemon/log_internal.h"
#include "tests/fake/fake.h"

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* 2025-06-16T09:00:00Z */
static const int64_t NOW = 1750064400000;

static FILE *lines;
static struct loop *loop;

static void
enter(void)
{
	struct cw_err err = { 0 };

	unsetenv("JOURNAL_STREAM");
	fake_begin(NOW);
	ck_assert_int_eq(loop_new(&loop, &err), CW_OK);
	lines = tmpfile();
	ck_assert_ptr_nonnull(lines);
}

static void
leave(void)
{
	log_close();
	fclose(lines);
	loop_free(loop);
	fake_end();
}

static void
begin(enum log_level level, struct loop *clock)
{
	struct log_options options = { .level = level, .loop = clock, .fd = fileno(lines) };

	log_open(&options);
}

/* All that was written. */
static const char *
written(void)
{
	static char text[1 << 20];
	size_t n;

	rewind(lines);
	n = fread(text, 1, sizeof(text) - 1, lines);
	text[n] = '\0';
	return text;
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

START_TEST(writes_a_line)
{
	struct cw_err err = { .code = CW_EVALUE, .line = 3, .path = "a.conf", .text = "bad \"x\"" };

	log_say(LOG_READY, NULL); /* before it is open */
	begin(LOG_LEVEL_INFO, loop);
	log_say(LOG_READY, NULL);
	fake_advance(1500);
	log_say(LOG_FEED_LOST,
	    &(struct log_fields){ .feed = "ehr", .status = 503, .reason = "it said 503" });
	log_say(LOG_DELIVERED,
	    &(struct log_fields){ .alert = 7, .target = "orders", .request = CW_STR("0a-1") });
	log_say(LOG_RELOAD_REFUSED, &(struct log_fields){ .err = &err });
	log_say(LOG_LISTENING, &(struct log_fields){ .text = "[::1]:80" });
	log_say(LOG_FEED_LOADED, &(struct log_fields){ .feed = "a.b_c", .count = 12, .ms = -1 });
	ck_assert_str_eq(written(),
	    "time=2025-06-16T09:00:00Z level=notice msg=\"ready\"\n"
	    "time=2025-06-16T09:00:01.500Z level=warning msg=\"the feed does not answer\" feed=ehr "
	    "status=503 reason=\"it said 503\"\n"
	    "time=2025-06-16T09:00:01.500Z level=notice msg=\"request delivered\" target=orders "
	    "alert=7 request=0a-1\n"
	    "time=2025-06-16T09:00:01.500Z level=error msg=\"new configuration refused, the old "
	    "one "
	    "stays\" error=\"a.conf:3: bad \\\"x\\\"\"\n"
	    "time=2025-06-16T09:00:01.500Z level=notice msg=\"listening\" text=[::1]:80\n"
	    "time=2025-06-16T09:00:01.500Z level=notice msg=\"initial load ended\" feed=a.b_c "
	    "count=12 ms=-1\n");
}
END_TEST

START_TEST(keeps_to_its_level)
{
	begin(LOG_LEVEL_WARNING, NULL);
	log_say(LOG_READY, NULL);
	log_say(LOG_EMBEDDED, NULL);
	log_close();
	log_say(LOG_EMBEDDED, NULL);
	ck_assert_uint_eq(count(written(), "\n"), 1);
	ck_assert_uint_eq(count(written(), "level=warning msg=\"no configuration"), 1);
}
END_TEST

/* A byte too long. */
#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789012345678_"

/* A word is an id or it is not said; no text breaks its line. */
START_TEST(lets_no_free_text_through)
{
	static const char *const bad[] = { "Ann Lee", "J\xc3\xbcrgen", "a\nb", "a\"b", "a=b",
		"Lee,Ann", "", LONG, "<b>", "(a)", "a/b" };
	static const char *const good[] = { "E1", "Observation",
		"8f1c2d3e-0000-8000-8000-000000000000", "limb-weakness", "a.b_c:d" };

	begin(LOG_LEVEL_DEBUG, NULL);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		log_say(LOG_ALERT_OPENED, &(struct log_fields){ .feed = bad[i],
					      .target = bad[i],
					      .rule = bad[i],
					      .type = bad[i],
					      .word = bad[i],
					      .request = cw_str(bad[i]),
					      .digest = cw_str(bad[i]) });
	ck_assert_uint_eq(
	    count(written(), "level=notice msg=\"alert\" feed=? target=? rule=? type=? "
			     "word=? request=? digest=?\n"),
	    sizeof(bad) / sizeof(bad[0]));
	log_say(LOG_ALERT_OPENED, &(struct log_fields){ .request = { "a\0b", 3 } });
	ck_assert_uint_eq(count(written(), " request=?\n"), 1);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char want[128];

		log_say(LOG_ALERT_OPENED, &(struct log_fields){ .rule = good[i] });
		snprintf(want, sizeof(want), "level=notice msg=\"alert\" rule=%s\n", good[i]);
		ck_assert_uint_eq(count(written(), want), 1);
	}
	log_say(LOG_FEED_LOST, &(struct log_fields){ .reason = "one\ntwo\x1b[1m \xc3\xbc" });
	ck_assert_uint_eq(count(written(), " reason=\"one?two?[1m ??\"\n"), 1);
}
END_TEST

START_TEST(limits_what_repeats)
{
	begin(LOG_LEVEL_DEBUG, loop);
	for (int i = 0; i < 1000; i++) {
		log_say(LOG_FEED_LOST, &(struct log_fields){ .feed = "a" });
		log_say(LOG_STOPPING, NULL); /* never limited */
		fake_advance(10);
	}
	ck_assert_uint_eq(count(written(), "does not answer"), 10);
	ck_assert_uint_eq(count(written(), "stopping"), 1000);
	ck_assert_uint_eq(count(written(), "suppressed"), 0);
	fake_advance(60000);
	log_say(LOG_FEED_LOST, &(struct log_fields){ .feed = "b" });
	log_say(LOG_FEED_LOST, &(struct log_fields){ .feed = "b" });
	ck_assert_uint_eq(count(written(), "feed=b suppressed=990\n"), 1);
	ck_assert_uint_eq(count(written(), "does not answer"), 12);
	for (int i = 0; i < 20; i++)
		log_say(LOG_FEED_LOST, NULL);
	log_close();
	ck_assert_uint_eq(count(written(), "does not answer\" suppressed=12\n"), 1);
}
END_TEST

/* Before there is a clock, and after it has gone, nothing is left out. */
START_TEST(takes_a_clock_later)
{
	begin(LOG_LEVEL_DEBUG, NULL);
	for (int i = 0; i < 50; i++)
		log_say(LOG_FEED_LOST, NULL);
	ck_assert_uint_eq(count(written(), "\nlevel="), 49);
	log_clock(loop);
	for (int i = 0; i < 50; i++)
		log_say(LOG_FEED_LOST, NULL);
	ck_assert_uint_eq(count(written(), "\ntime=2025-06-16T09:00:00Z level="), 10);
	log_clock(NULL);
	for (int i = 0; i < 50; i++)
		log_say(LOG_FEED_LOST, NULL);
	ck_assert_uint_eq(count(written(), "\n"), 111);
	ck_assert_uint_eq(count(written(), "does not answer\" suppressed=40\n"), 1);
}
END_TEST

/* ---- the journal ---- */

static int
journal(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	(void)unlink(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

/* Say that fd is connected to the journal. */
static void
set_stream(int fd, unsigned long long more)
{
	char text[64];
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	snprintf(text, sizeof(text), "%llu:%llu", (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino + more);
	setenv("JOURNAL_STREAM", text, 1);
}

START_TEST(sends_fields_to_the_journal)
{
	static const char path[] = "check_log.socket";
	int fd = journal(path);
	char got[4096];
	ssize_t n;

	set_stream(fileno(lines), 0);
	log_open(&(struct log_options){
	    .level = LOG_LEVEL_INFO, .loop = loop, .fd = fileno(lines), .journal = path });
	log_say(LOG_QUARANTINED,
	    &(struct log_fields){
		.feed = "ehr", .type = "Observation", .event = 12, .reason = "no subject" });
	n = recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT);
	ck_assert_int_gt(n, 0);
	got[n] = '\0';
	ck_assert_str_eq(got, "MESSAGE=put in quarantine\nPRIORITY=4\nSYSLOG_IDENTIFIER=cordwatch\n"
			      "MESSAGE_ID=6c41f0d2b7a94e0c9c55d1e83a7b002b\nCORDWATCH_FEED=ehr\n"
			      "CORDWATCH_TYPE=Observation\nCORDWATCH_EVENT=12\n"
			      "CORDWATCH_REASON=no subject\n");
	ck_assert_str_eq(written(), "");
	close(fd); /* the journal goes away: the line is not lost, and nobody is killed */
	log_say(LOG_STOPPED, NULL);
	ck_assert_uint_eq(count(written(), "msg=\"stopped\""), 1);
	log_close();
	set_stream(fileno(lines), 1);
	fd = journal(path);
	log_open(&(struct log_options){
	    .level = LOG_LEVEL_INFO, .loop = loop, .fd = fileno(lines), .journal = path });
	log_say(LOG_STOPPED, NULL);
	ck_assert_int_lt(recv(fd, got, sizeof(got), MSG_DONTWAIT), 0);
	ck_assert_uint_eq(count(written(), "msg=\"stopped\""), 2);
	close(fd);
	(void)unlink(path);
}
END_TEST

/* ---- the table ---- */

START_TEST(has_texts_that_are_told_apart)
{
	for (size_t i = 0; i < log_n_messages; i++) {
		const struct log_message *m = &log_messages[i];

		ck_assert_int_ge((int)m->level, LOG_LEVEL_CRITICAL);
		ck_assert_int_le((int)m->level, LOG_LEVEL_DEBUG);
		ck_assert_ptr_null(strpbrk(m->text, "\"%\n\\"));
		for (size_t k = 0; k < i; k++) {
			ck_assert_int_ne((int)log_messages[k].id, (int)m->id);
			ck_assert_str_ne(log_messages[k].text, m->text);
		}
	}
}
END_TEST

static void *
talk(void *arg)
{
	for (int i = 0; i < 2000; i++)
		log_say(LOG_STOPPING, &(struct log_fields){ .feed = arg });
	return NULL;
}

START_TEST(takes_both_threads)
{
	char one[] = "one", two[] = "two";
	pthread_t other;

	begin(LOG_LEVEL_DEBUG, NULL);
	ck_assert_int_eq(pthread_create(&other, NULL, talk, one), 0);
	talk(two);
	ck_assert_int_eq(pthread_join(other, NULL), 0);
	ck_assert_uint_eq(count(written(), "level=notice msg=\"stopping\" feed=one\n"), 2000);
	ck_assert_uint_eq(count(written(), "level=notice msg=\"stopping\" feed=two\n"), 2000);
}
END_TEST

START_TEST(keeps_errno)
{
	begin(LOG_LEVEL_DEBUG, NULL);
	errno = ENOSPC;
	log_say(LOG_DISK_FULL, NULL);
	ck_assert_int_eq(errno, ENOSPC);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("log");
	TCase *t = tcase_create("log");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, enter, leave);
	tcase_add_test(t, writes_a_line);
	tcase_add_test(t, keeps_to_its_level);
	tcase_add_test(t, lets_no_free_text_through);
	tcase_add_test(t, limits_what_repeats);
	tcase_add_test(t, takes_a_clock_later);
	tcase_add_test(t, sends_fields_to_the_journal);
	tcase_add_test(t, has_texts_that_are_told_apart);
	tcase_add_test(t, takes_both_threads);
	tcase_add_test(t, keeps_errno);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}
