/* Files that a configuration names: are they there, who may read them, what do secrets say. */
#include "daemon/conf_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_SECRET = 8192 };

static const char *
credential(struct cw_arena *arena, const char *name, struct cw_err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
		cw_fail(err, CW_EVALUE, "'%s' is no name of a credential", name);
	else if (folder == NULL || folder[0] == '\0')
		cw_fail(err, CW_ENOTFOUND,
		    "credential %s: systemd gave none ($CREDENTIALS_DIRECTORY is not set)", name);
	else
		return cw_fmt(arena, "%s/%s", folder, name).s;
	return NULL;
}

const char *
conf_path(struct cw_arena *arena, const char *folder, const char *text, struct cw_err *err)
{
	static const char scheme[] = "credential:";

	if (strncmp(text, scheme, strlen(scheme)) == 0)
		return credential(arena, text + strlen(scheme), err);
	if (text[0] == '/')
		return cw_fmt(arena, "%s", text).s;
	return cw_fmt(arena, "%s/%s", folder, text).s;
}

/* systemd gives them with an access list, whose mask stands where the group's bits do. */
static bool
is_credential(const char *path)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	return folder != NULL && folder[0] != '\0' && strncmp(path, folder, strlen(folder)) == 0;
}

/* The first line; a secret is never part of a message. */
static int
read_line(struct cw_arena *arena, int fd, struct cw_str *out, struct cw_err *err)
{
	char buf[MOST_SECRET + 1];
	size_t n = 0;
	ssize_t got = 0;
	int rc = CW_OK;

	while (n < sizeof(buf) && (got = read(fd, buf + n, sizeof(buf) - n)) > 0)
		n += (size_t)got;
	if (got < 0)
		rc = cw_fail(err, CW_EIO, "%s", strerror(errno));
	else if (n > MOST_SECRET)
		rc = cw_fail(err, CW_ELIMIT, "longer than %d bytes", MOST_SECRET);
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	if (n > 0 && buf[n - 1] == '\r')
		n--;
	for (size_t i = 0; rc == CW_OK && i < n; i++) {
		if (buf[i] < 0x20 || buf[i] > 0x7e)
			rc = cw_fail(err, CW_EVALUE, "is not one line of printable ASCII");
	}
	if (rc == CW_OK && (n == 0 || buf[0] == ' ' || buf[n - 1] == ' '))
		rc = cw_fail(err, CW_EVALUE, "is empty, or begins or ends with a blank");
	if (rc == CW_OK)
		*out = cw_str_dup(arena, (struct cw_str){ buf, n });
	explicit_bzero(buf, sizeof(buf));
	return rc;
}

static int
check_open(struct conf *conf, int fd, bool private, struct cw_str *text, const char *path,
    const struct conf_place *place, struct cw_err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return cw_fail(err, CW_EIO, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return cw_fail(err, CW_EVALUE, "is not a file");
	if (private && (st.st_mode & 007) != 0)
		return cw_fail(err, CW_EVALUE, "others may use it (mode %03o): chmod o= it",
		    (unsigned)st.st_mode & 0777U);
	if (private && (st.st_mode & 070) != 0 && !is_credential(path))
		conf_remark(conf, place, "%s: its group may read it (mode %03o)", path,
		    (unsigned)st.st_mode & 0777U);
	return text == NULL ? CW_OK : read_line(conf->arena, fd, text, err);
}

int
conf_file_check(struct conf *conf, const char *path, bool private, struct cw_str *text,
    const struct conf_place *place, struct cw_err *err)
{
	/* Non-blocking: a FIFO must not hold up the start. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct cw_err why = { 0 };
	int rc;

	if (fd < 0)
		rc = cw_fail(&why, errno == ENOENT ? CW_ENOTFOUND : CW_EIO, "%s", strerror(errno));
	else
		rc = check_open(conf, fd, private, text, path, place, &why);
	if (fd >= 0)
		close(fd);
	if (rc < 0)
		cw_fail_at(err, why.code, place->line, 0, place->file, "%s: %s", path, why.text);
	return rc;
}
