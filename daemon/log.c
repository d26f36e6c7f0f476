#include "daemon/log_internal.h"

#include "fhir/time.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define MINUTE 60000

/* The rest of MESSAGE_ID is the number of the message. */
#define MESSAGE_ID "6c41f0d2b7a94e0c9c55d1e83a7b"

static struct {
	pthread_mutex_t lock;
	bool open;
	struct log_options options;
	int journal; /* socket, or -1 */
	struct {
		int64_t since;	     /* of this minute */
		uint64_t said, left; /* in it; left out since the last one said */
	} limit[LOG_MOST_MESSAGES];
} the = { .lock = PTHREAD_MUTEX_INITIALIZER, .journal = -1 };

/* ---- fields ---- */

/* Fields as they come: NAME, then the text. */
struct sink {
	struct cw_buf *out;
	bool journal;
};

static void
put(const struct sink *s, const char *name, const char *value)
{
	bool quote = strpbrk(value, " =\"\\") != NULL || value[0] == '\0';

	if (s->journal) {
		cw_buf_puts(s->out, "CORDWATCH_");
		for (const char *p = name; *p != '\0'; p++)
			cw_buf_putc(s->out, (char)(*p - 'a' + 'A'));
		cw_buf_printf(s->out, "=%s\n", value);
		return;
	}
	cw_buf_printf(s->out, quote ? " %s=\"" : " %s=", name);
	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			cw_buf_putc(s->out, '\\');
		cw_buf_putc(s->out, *p);
	}
	cw_buf_puts(s->out, quote ? "\"" : "");
}

static void
put_number(const struct sink *s, const char *name, int64_t value)
{
	char text[32];

	if (value == 0)
		return;
	snprintf(text, sizeof(text), "%lld", (long long)value);
	put(s, name, text);
}

/* An id: no blank, no byte above ASCII, not long. Anything else is not what we meant to say. */
static void
put_word(const struct sink *s, const char *name, struct cw_str value)
{
	char text[80];
	size_t i;

	if (value.s == NULL)
		return;
	for (i = 0; i < value.n && i < sizeof(text); i++) {
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-",
			value.s[i]) == NULL ||
		    value.s[i] == '\0')
			break;
	}
	snprintf(text, sizeof(text), "%.*s", (int)i, value.s);
	put(s, name, i == value.n && i > 0 && i < sizeof(text) ? text : "?");
}

/* Printable ASCII, not long. */
static void
put_text(const struct sink *s, const char *name, const char *value)
{
	char text[600];
	size_t n;

	if (value == NULL)
		return;
	n = strnlen(value, sizeof(text) - 1);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)(value[i] < 0x20 || value[i] > 0x7e ? '?' : value[i]);
	text[n] = '\0';
	put(s, name, text);
}

static void
put_err(const struct sink *s, const struct cw_err *err)
{
	char text[600];

	if (err == NULL || err->code == 0)
		return;
	if (err->line > 0)
		snprintf(text, sizeof(text), "%s:%zu: %s", err->path, err->line, err->text);
	else
		snprintf(text, sizeof(text), "%s%s%s", err->path, err->path[0] == '\0' ? "" : ": ",
		    err->text);
	put_text(s, "error", text);
}

static void
put_fields(const struct sink *s, const struct log_fields *f, uint64_t left)
{
	static const struct log_fields none = { 0 };

	if (f == NULL)
		f = &none;
	put_word(s, "feed", cw_str(f->feed));
	put_word(s, "target", cw_str(f->target));
	put_word(s, "rule", cw_str(f->rule));
	put_word(s, "type", cw_str(f->type));
	put_word(s, "word", cw_str(f->word));
	put_number(s, "alert", f->alert);
	put_number(s, "event", f->event);
	put_word(s, "request", f->request);
	put_word(s, "digest", f->digest);
	put_number(s, "status", f->status);
	put_number(s, "count", f->count);
	put_number(s, "ms", f->ms);
	put_text(s, "reason", f->reason);
	put_text(s, "text", f->text);
	put_err(s, f->err);
	put_number(s, "suppressed", (int64_t)left);
}

/* ---- where it goes ---- */

static bool
to_journal(const struct log_message *m, const struct log_fields *fields, uint64_t left)
{
	struct cw_buf b;
	struct sink s = { &b, true };
	bool sent;

	if (the.journal < 0)
		return false;
	cw_buf_init(&b, 0);
	cw_buf_printf(&b,
	    "MESSAGE=%s\nPRIORITY=%d\nSYSLOG_IDENTIFIER=cordwatch\nMESSAGE_ID=" MESSAGE_ID "%04x\n",
	    m->text, (int)m->level, (unsigned)m->id);
	put_fields(&s, fields, left);
	sent = send(the.journal, b.s, b.n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)b.n;
	cw_buf_fini(&b);
	return sent;
}

static void
to_line(const struct log_message *m, const struct log_fields *fields, uint64_t left)
{
	static const char *const level[] = { "", "", "critical", "error", "warning", "notice",
		"info", "debug" };
	struct cw_buf b;
	struct sink s = { &b, false };
	char time[FHIR_TIME_TEXT];

	cw_buf_init(&b, 0);
	if (the.options.loop != NULL)
		cw_buf_printf(
		    &b, "time=%s ", fhir_time_format_utc(loop_now(the.options.loop), time).s);
	cw_buf_printf(&b, "level=%s msg=\"%s\"", level[m->level], m->text);
	put_fields(&s, fields, left);
	cw_buf_putc(&b, '\n');
	/* In one piece, and not again: there is nobody to tell that it failed. */
	if (write(the.options.fd, b.s, b.n) < 0)
		errno = 0;
	cw_buf_fini(&b);
}

/* ---- limits ---- */

/* May it be said? Then *left is how many were not, since the last that was. */
static bool
may_say(size_t i, uint64_t *left)
{
	int64_t now;

	if (log_messages[i].minute == 0 || the.options.loop == NULL)
		return true;
	now = loop_steady(the.options.loop);
	if (the.limit[i].said == 0 || now - the.limit[i].since >= MINUTE) {
		the.limit[i].since = now;
		the.limit[i].said = 0;
	}
	if (the.limit[i].said >= log_messages[i].minute) {
		the.limit[i].left++;
		return false;
	}
	the.limit[i].said++;
	*left = the.limit[i].left;
	the.limit[i].left = 0;
	return true;
}

static void
say(size_t i, const struct log_fields *fields, uint64_t left)
{
	if (!to_journal(&log_messages[i], fields, left))
		to_line(&log_messages[i], fields, left);
}

void
log_say(enum log_id id, const struct log_fields *fields)
{
	int saved = errno;
	uint64_t left = 0;
	size_t i = 0;

	while (i < log_n_messages && log_messages[i].id != id)
		i++;
	assert(i < log_n_messages);
	pthread_mutex_lock(&the.lock);
	if (the.open && log_messages[i].level <= the.options.level && may_say(i, &left))
		say(i, fields, left);
	pthread_mutex_unlock(&the.lock);
	errno = saved;
}

/* ---- opening ---- */

/* Is the descriptor what JOURNAL_STREAM ("DEVICE:INODE") says? systemd.exec(5). */
static bool
is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream != NULL && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(fd, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

static int
open_journal(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(to.sun_path))
		return -1;
	strcpy(to.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

void
log_open(const struct log_options *options)
{
	const char *path = options->journal;

	pthread_mutex_lock(&the.lock);
	assert(!the.open);
	the.open = true;
	the.options = *options;
	memset(the.limit, 0, sizeof(the.limit));
	if (is_journal(options->fd))
		the.journal = open_journal(path == NULL ? "/run/systemd/journal/socket" : path);
	pthread_mutex_unlock(&the.lock);
}

/* What was left out and not told yet. */
static void
say_left(void)
{
	for (size_t i = 0; the.open && i < log_n_messages; i++) {
		if (the.limit[i].left > 0)
			say(i, NULL, the.limit[i].left);
	}
	memset(the.limit, 0, sizeof(the.limit));
}

void
log_clock(struct loop *loop)
{
	pthread_mutex_lock(&the.lock);
	say_left();
	the.options.loop = loop;
	pthread_mutex_unlock(&the.lock);
}

void
log_close(void)
{
	pthread_mutex_lock(&the.lock);
	say_left();
	the.open = false;
	if (the.journal >= 0)
		close(the.journal);
	the.journal = -1;
	pthread_mutex_unlock(&the.lock);
}
