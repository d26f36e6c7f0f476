#include "config.h"

#include "daemon/ask.h"

#include "daemon/answer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 60 /* s */ };

struct ask {
	struct conf *conf;
	char *path;
	bool running;
	struct store *store; /* of a daemon that does not run */
};

char *
ask_socket(const struct conf *conf)
{
	char *dir;
	struct cw_buf path;

	if (conf->admin != NULL && conf->admin[0] == '/')
		return cw_strdup(conf->admin);
	dir = realpath(conf->state_dir, NULL);
	cw_buf_init(&path, 0);
	cw_buf_printf(&path, "%s/cordwatch.sock", dir == NULL ? conf->state_dir : dir);
	free(dir);
	return path.s;
}

int
ask_address(struct sockaddr_un *out, int *dir, const char *path, struct cw_err *err)
{
	const char *slash = strrchr(path, '/');
	struct cw_buf folder;
	int n;

	*dir = -1;
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) < sizeof(out->sun_path)) {
		memcpy(out->sun_path, path, strlen(path));
		return CW_OK;
	}
	/* An address holds 107 characters; a folder that is open is named by few. */
	cw_buf_init(&folder, 0);
	cw_buf_printf(
	    &folder, "%.*s", slash == NULL ? 1 : (int)(slash - path), slash == NULL ? "." : path);
	*dir = open(folder.s, O_PATH | O_DIRECTORY | O_CLOEXEC);
	cw_buf_fini(&folder);
	if (*dir < 0)
		return cw_fail(err, CW_EIO, "%s: %s", path, strerror(errno));
	n = snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d/%s", *dir,
	    slash == NULL ? path : slash + 1);
	if (n < 0 || (size_t)n >= sizeof(out->sun_path)) {
		close(*dir);
		*dir = -1;
		return cw_fail(err, CW_EVALUE, "%s is too long for a socket", path);
	}
	return CW_OK;
}

/* ---- the running daemon ---- */

/* -1 with errno. */
static int
reach(const char *path, struct cw_err *err)
{
	const struct timeval patience = { .tv_sec = PATIENCE };
	struct sockaddr_un address;
	int dir, fd, kept;

	if (ask_address(&address, &dir, path, err) < 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) != 0 ||
		connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0)) {
		kept = errno;
		close(fd);
		fd = -1;
		errno = kept;
	}
	if (dir >= 0) {
		kept = errno;
		close(dir);
		errno = kept;
	}
	return fd;
}

static bool
send_all(int fd, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t done = send(fd, s, n, MSG_NOSIGNAL);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		s += done;
		n -= (size_t)done;
	}
	return true;
}

static bool
receive_all(int fd, struct cw_buf *out)
{
	char chunk[16384];
	ssize_t n;

	do {
		n = recv(fd, chunk, sizeof(chunk), 0);
		if (n > 0)
			cw_buf_add(out, chunk, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n == 0;
}

/* Status and body of a whole answer; 0: it is none. */
static int
take_apart(struct cw_str text, struct cw_str *body)
{
	const char *end = text.n == 0 ? NULL : memmem(text.s, text.n, "\r\n\r\n", 4);
	int status = 0;

	if (end == NULL || sscanf(text.s, "HTTP/1.%*d %d", &status) != 1)
		return 0;
	*body = (struct cw_str){ end + 4, text.n - (size_t)(end + 4 - text.s) };
	return status;
}

static int
code_of(int status)
{
	switch (status) {
	case 400:
		return CW_EUSAGE;
	case 403:
	case 405:
		return CW_EUNSUPPORTED;
	case 404:
		return CW_ENOTFOUND;
	default:
		return CW_EIO;
	}
}

static int
read_answer(
    const struct fhir_node **answer, struct cw_str text, struct cw_arena *arena, struct cw_err *err)
{
	struct cw_str body, why;
	int status = take_apart(text, &body);

	if (status == 0 || fhir_json_read(answer, cw_str_dup(arena, body), arena, NULL, NULL) < 0)
		return cw_fail(err, CW_EIO, "the daemon gave no answer that can be read");
	if (status == 200)
		return CW_OK;
	why = fhir_node_text(*answer, "error");
	return cw_fail(err, code_of(status), "%.*s", CW_ARG(why));
}

static int
ask_daemon(const struct ask *ask, const struct fhir_node **answer, const char *question,
    const char *arguments, struct cw_arena *arena, struct cw_err *err)
{
	struct cw_buf text;
	int fd = reach(ask->path, err), rc = CW_OK;

	if (fd < 0)
		return cw_fail(err, CW_EIO, "%s: %s", ask->path, strerror(errno));
	cw_buf_init(&text, 0);
	cw_buf_printf(&text,
	    "%s /ask/%s%s%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
	    "Content-Length: 0\r\n\r\n",
	    answer_is_deed(cw_str(question)) ? "POST" : "GET", question,
	    arguments[0] == '\0' ? "" : "?", arguments);
	if (!send_all(fd, text.s, text.n))
		rc = cw_fail(err, CW_EIO, "%s: %s", ask->path, strerror(errno));
	cw_buf_clear(&text);
	if (rc == CW_OK && !receive_all(fd, &text))
		rc = cw_fail(err, CW_EIO, "%s: %s", ask->path, strerror(errno));
	close(fd);
	if (rc == CW_OK)
		rc = read_answer(answer, (struct cw_str){ text.s, text.n }, arena, err);
	cw_buf_fini(&text);
	return rc;
}

/* ---- a database without a daemon ---- */

static int
ask_store(struct ask *ask, const struct fhir_node **out, const char *question,
    const char *arguments, struct cw_arena *arena, struct cw_err *err)
{
	struct answer_world world = { .store = ask->store, .now = (int64_t)time(NULL) * 1000 };
	struct cw_buf text;
	int rc;

	if (answer_is_deed(cw_str(question)))
		return cw_fail(
		    err, CW_EUNSUPPORTED, "the daemon does not run, and has to for this");
	cw_buf_init(&text, 0);
	rc = answer(&world, cw_str(question), cw_str(arguments), &text, err);
	if (rc == CW_OK)
		rc = fhir_json_read(
		    out, cw_str_dup(arena, (struct cw_str){ text.s, text.n }), arena, NULL, err);
	else if (rc == ANSWER_NONE)
		rc = cw_fail(err, CW_ENOTFOUND, "there is none");
	else if (rc == ANSWER_BAD)
		rc = cw_fail(err, CW_EUSAGE, "an argument is missing or malformed");
	else if (rc == ANSWER_UNKNOWN)
		rc = cw_fail(err, CW_EUNSUPPORTED, "the daemon does not run, and has to for this");
	cw_buf_fini(&text);
	return rc;
}

int
ask_for(struct ask *ask, const struct fhir_node **answer, const char *question,
    const char *arguments, struct cw_arena *arena, struct cw_err *err)
{
	if (ask->running)
		return ask_daemon(ask, answer, question, arguments, arena, err);
	return ask_store(ask, answer, question, arguments, arena, err);
}

/* ---- who is there ---- */

static int
open_store(struct ask *ask, const char *why, struct cw_err *err)
{
	int rc = store_open_read(&ask->store, ask->conf->state_dir, err);

	if (rc == STORE_NONE)
		return cw_fail(
		    err, CW_ENOTFOUND, "%s: no database, and no daemon runs", ask->conf->state_dir);
	if (rc == STORE_BUSY)
		return cw_fail(
		    err, CW_EIO, "%s: %s, though the database is in use", ask->path, why);
	return rc < 0 ? rc : CW_OK;
}

static int
find(struct ask *ask, struct cw_err *err)
{
	int fd = reach(ask->path, err);

	ask->running = fd >= 0;
	if (fd >= 0)
		close(fd);
	if (ask->running)
		return CW_OK;
	if (ask->conf == NULL || (errno != ENOENT && errno != ECONNREFUSED && errno != ENOTDIR))
		return cw_fail(err, errno == ENOENT ? CW_ENOTFOUND : CW_EIO, "%s: %s", ask->path,
		    strerror(errno));
	return open_store(ask, strerror(errno), err);
}

int
ask_open(struct ask **out, const char *conf_file, const char *socket, struct cw_err *err)
{
	struct ask *ask = cw_calloc(1, sizeof(*ask));
	int rc = CW_OK;

	if (socket == NULL)
		rc = conf_load(&ask->conf, conf_file, err);
	if (rc >= 0) {
		ask->path = socket == NULL ? ask_socket(ask->conf) : cw_strdup(socket);
		rc = find(ask, err);
	}
	if (rc < 0) {
		ask_close(ask);
		ask = NULL;
	}
	*out = ask;
	return rc < 0 ? rc : CW_OK;
}

void
ask_close(struct ask *ask)
{
	if (ask == NULL)
		return;
	store_close(ask->store);
	conf_free(ask->conf);
	free(ask->path);
	free(ask);
}

bool
ask_running(const struct ask *ask)
{
	return ask->running;
}

const struct conf *
ask_conf(const struct ask *ask)
{
	return ask->conf;
}
