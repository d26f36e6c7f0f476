/* cordwatch backup and restore: a copy of the database, and back. */
#include "daemon/cli_desk.h"

#include "daemon/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct cli_option backup_options[] = {
	{ "config", "FILE", "configuration of the daemon", false },
};

static const struct cli_option restore_options[] = {
	{ "config", "FILE", "configuration of the daemon", false },
	{ "verify", NULL, "only look whether the copy is whole", false },
};

static int
say_whole(const char *path, const struct store_figures *f)
{
	cli_print(stdout, "%s is whole: %lld audit records, %lld open alerts, %lld errands\n", path,
	    (long long)f->records, (long long)f->open_alerts, (long long)f->pending);
	return EX_OK;
}

static int
fault(const char *path, struct cw_err *err)
{
	cw_fail(err, CW_EIO, "%s: %s", path, strerror(errno));
	return cli_fault(NULL, err);
}

/* ---- backup ---- */

/* The daemon copies a piece between its batches each time it is asked. */
static int
let_copy(struct cli_desk *desk)
{
	int status;
	const struct fhir_node *a = cli_desk_ask(desk, "backup-begin", "", &status);

	while (a != NULL && cw_str_is(fhir_node_text(a, "running"), "true")) {
		cw_arena_reset(desk->arena);
		a = cli_desk_ask(desk, "backup", "", &status);
	}
	if (a == NULL)
		return status;
	if (cw_str_is(fhir_node_text(a, "done"), "true"))
		return EX_OK;
	fputs("cordwatch backup: the daemon could not write the copy; see that its folder has "
	      "room\n",
	    stderr);
	return EX_CANTCREAT;
}

static bool
copy_all(int in, int out)
{
	enum { CHUNK = 1 << 16 };
	char *chunk = cw_malloc(CHUNK);
	ssize_t n, done = 0;

	while ((n = read(in, chunk, CHUNK)) > 0 && done >= 0) {
		for (ssize_t at = 0; at < n && done >= 0; at += done)
			done = write(out, chunk + at, (size_t)(n - at));
	}
	free(chunk);
	return n == 0 && done >= 0 && fsync(out) == 0;
}

/* A new file, for its owner alone; nothing is written over. */
static int
fetch(const char *from, const char *to, struct cw_err *err)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out, status = EX_OK;

	if (in < 0)
		return fault(from, err);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0) {
		status = fault(to, err);
	} else if (!copy_all(in, out)) {
		status = fault(to, err);
		(void)unlink(to);
	}
	close(in);
	if (out >= 0)
		close(out);
	return status;
}

static int
take_copy(const char *from, const char *to)
{
	struct store_figures figures;
	struct cw_err err = { 0 };
	int status = fetch(from, to, &err);

	if (status == EX_OK && store_verify(to, &figures, &err) < 0) {
		(void)unlink(to);
		status = cli_fault(NULL, &err);
	}
	return status == EX_OK ? say_whole(to, &figures) : status;
}

/* Of a daemon that does not run: straight from its database, through SQLite, for its log counts. */
static int
copy_still(const char *dir, const char *to)
{
	struct store *s = NULL;
	struct store_backup b = { 0 };
	struct store_figures figures;
	struct cw_err err = { 0 };
	char *path = cw_strdup(to);
	int rc = store_open_read(&s, dir, &err);

	if (rc == 0 && to[0] != '/') {
		char *here = getcwd(NULL, 0);
		struct cw_buf whole;

		cw_buf_init(&whole, 0);
		cw_buf_printf(&whole, "%s/%s", here == NULL ? "." : here, to);
		free(here);
		free(path);
		path = whole.s;
	}
	if (rc == 0)
		rc = store_backup(s, path, &b, &err);
	while (rc == 0 && b.running) {
		rc = store_checkpoint(s, &err);
		if (rc == 0)
			rc = store_backup(s, NULL, &b, &err);
	}
	store_close(s);
	free(path);
	if (rc == 0 && !b.done)
		rc = cw_fail(&err, CW_EIO, "%s: cannot be written", to);
	if (rc == 0)
		rc = store_verify(to, &figures, &err);
	return rc == 0 ? say_whole(to, &figures) : cli_fault(NULL, &err);
}

static int
run_backup(const struct cli_args *args)
{
	struct cli_desk desk;
	const char *to = args->operands[0];
	int status = EX_OK;
	char *dir = NULL;
	bool running;

	if (access(to, F_OK) == 0)
		return cli_usage(args, "%s is there already", to);
	status = cli_desk_open(&desk, args);
	running = status == EX_OK && ask_running(desk.ask);
	if (status == EX_OK)
		dir = cw_strdup(ask_conf(desk.ask)->state_dir);
	if (running)
		status = let_copy(&desk);
	cli_desk_close(&desk);
	if (status == EX_OK && running) {
		struct cw_buf from;

		cw_buf_init(&from, 0);
		cw_buf_printf(&from, "%s/backup.db", dir);
		status = take_copy(from.s, to);
		(void)unlink(from.s);
		cw_buf_fini(&from);
	} else if (status == EX_OK) {
		status = copy_still(dir, to);
	}
	free(dir);
	return status;
}

/* ---- restore ---- */

static int
put_back(const struct cli_args *args, const char *path)
{
	struct conf *conf = NULL;
	struct cw_err err = { 0 };
	char who[40];
	int rc = conf_load(&conf, cli_desk_conf(args), &err), status;

	snprintf(who, sizeof(who), "{\"uid\":%u}", (unsigned)getuid());
	if (rc == 0)
		rc = store_restore(
		    conf->state_dir, path, (int64_t)time(NULL) * 1000, cw_str(who), &err);
	if (rc == STORE_BUSY)
		rc = cw_fail(&err, CW_EIO, "%s: the daemon runs: stop it first", conf->state_dir);
	status = rc < 0 ? cli_fault(NULL, &err) : EX_OK;
	if (status == EX_OK)
		cli_print(stdout, "restored into %s; what was there is cordwatch.db.replaced\n",
		    conf->state_dir);
	conf_free(conf);
	return status;
}

static int
run_restore(const struct cli_args *args)
{
	struct store_figures figures;
	struct cw_err err = { 0 };
	const char *path = args->operands[0];

	if (store_verify(path, &figures, &err) < 0)
		return cli_fault(NULL, &err);
	(void)say_whole(path, &figures);
	return cli_has(args, "verify") ? EX_OK : put_back(args, path);
}

const struct cli_command cli_backup = {
	.name = "backup",
	.operands = "FILE",
	.help = "copy the database into a new file, while the daemon runs or not, and verify it",
	.options = backup_options,
	.n_options = sizeof(backup_options) / sizeof(backup_options[0]),
	.least = 1,
	.most = 1,
	.run = run_backup,
};

const struct cli_command cli_restore = {
	.name = "restore",
	.operands = "FILE",
	.help = "verify a backup and put it in the place of the database; the daemon must not run",
	.options = restore_options,
	.n_options = sizeof(restore_options) / sizeof(restore_options[0]),
	.least = 1,
	.most = 1,
	.run = run_restore,
};
