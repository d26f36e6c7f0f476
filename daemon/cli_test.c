/* cordwatch test: play stories and compare. */
#include "daemon/cli.h"
#include "daemon/file.h"
#include "daemon/package_dir.h"
#include "daemon/story_play.h"
#include "fhir/time.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DIFFERS = 1, MOST_STORY = 4 << 20 };
static const size_t MOST_MEMORY = (size_t)512 << 20;

static const struct cli_option options[] = {
	{ "package", "DIR", "lay this package over the base one, or replace it", true },
	{ "dump", "DIR", "write what each case received, and as of when, into this folder", false },
	{ "quiet", NULL, "print only what differs, and the summary", false },
};

struct job {
	const struct cli_args *args;
	struct story_world world; /* of all cases without SET and PACKAGE */
	size_t passed, failed, not_run;
	int status; /* of the first fault */
};

/* ---- what a case is judged by ---- */

static void
world_fini(struct story_world *w)
{
	map_plan_free(w->plan);
	map_terminology_free(w->terms);
	map_package_free(w->package);
	*w = (struct story_world){ 0 };
}

/* The packages of the command line, and over them those of the case (NULL: none). */
static int
load_packages(struct story_world *w, const struct cli_args *args, const struct story_case *c,
    struct cw_err *err)
{
	int rc = package_dir_load(&w->package, args, err);

	for (size_t i = 0; rc == CW_OK && c != NULL && i < c->n; i++) {
		char dir[4096];

		if (c->step[i].kind != STORY_PACKAGE)
			continue;
		snprintf(dir, sizeof(dir), "%.*s", CW_ARG(c->step[i].text));
		rc = package_dir_add(w->package, dir, err);
	}
	if (rc == CW_OK)
		rc = map_terminology_new(&w->terms, w->package, err);
	return rc < 0 ? rc : map_plan_new(&w->plan, w->package, w->terms, err);
}

/* A parameter of the story that the plan does not have, or not so: a fault of the story. */
static int
set_parameters(const struct story_world *w, const char *file, const struct story_case *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct cw_str text = c->step[i].text, name, value;
		struct cw_err err = { 0 };

		if (c->step[i].kind != STORY_SET)
			continue;
		name = (struct cw_str){ text.s,
			(size_t)((char *)memchr(text.s, '=', text.n) - text.s) };
		value = (struct cw_str){ text.s + name.n + 1, text.n - name.n - 1 };
		if (map_plan_set(w->plan, name, value, &err) == CW_OK)
			continue;
		err.line = c->step[i].line;
		(void)cli_fault(file, &err);
		return EX_DATAERR;
	}
	return EX_OK;
}

static int
make_world(struct job *j, struct story_world *w, const char *file, const struct story_case *c)
{
	struct cw_err err = { 0 };

	if (load_packages(w, j->args, c, &err) < 0)
		return package_dir_fault(&err);
	return c == NULL ? EX_OK : set_parameters(w, file, c);
}

/* ---- what is written for other tests ---- */

/* "V33 b" -> DIR/V33-b.EXT, to be closed by the caller; NULL when it cannot be made. */
static FILE *
open_dump(const struct job *j, const struct story_case *c, const char *ext)
{
	char path[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/", cli_value(j->args, "dump"));
	n = strlen(path);
	snprintf(path + n, sizeof(path) - n, "%.*s.%s", CW_ARG(c->name), ext);
	for (char *p = path + n; *p != '\0'; p++) {
		if (*p == ' ' || *p == '/')
			*p = '-';
	}
	f = fopen(path, "w");
	if (f == NULL)
		perror(path);
	return f;
}

/* One argument of `cordwatch evaluate` a line. */
static void
write_arguments(FILE *f, const struct job *j, const struct story_case *c, int64_t now)
{
	char at[FHIR_TIME_TEXT];
	const char *dir;

	fprintf(f, "--as-of\n%.*s\n", CW_ARG(fhir_time_format_utc(now, at)));
	for (size_t i = 0; (dir = cli_nth(j->args, "package", i)) != NULL; i++)
		fprintf(f, "--package\n%s\n", dir);
	for (size_t i = 0; i < c->n; i++) {
		if (c->step[i].kind == STORY_SET)
			fprintf(f, "--set\n%.*s\n", CW_ARG(c->step[i].text));
		if (c->step[i].kind == STORY_PACKAGE)
			fprintf(f, "--package\n%.*s\n", CW_ARG(c->step[i].text));
	}
}

static int
dump(const struct job *j, const struct story_case *c, const struct story_result *r)
{
	FILE *f = open_dump(j, c, "ndjson");
	int rc;

	if (f == NULL)
		return EX_CANTCREAT;
	fwrite(r->data.s, 1, r->data.n, f);
	rc = fclose(f);
	f = rc == 0 ? open_dump(j, c, "args") : NULL;
	if (f == NULL)
		return EX_CANTCREAT;
	write_arguments(f, j, c, r->now);
	return fclose(f) == 0 ? EX_OK : EX_CANTCREAT;
}

/* ---- one case ---- */

static void
print(struct job *j, const struct story_case *c, const struct story_result *r)
{
	bool good = r->differences == 0;
	const char *tone = cli_tone(stdout, good ? CLI_GREEN : CLI_RED);

	j->not_run += r->not_run;
	if (good)
		j->passed++;
	else
		j->failed++;
	if (good && cli_has(j->args, "quiet"))
		return;
	printf("%s%s%s", tone, good ? "ok  " : "DIFF",
	    tone[0] == '\0' ? "" : cli_tone(stdout, CLI_PLAIN));
	cli_print(stdout, "  %-8.*s %.*s", CW_ARG(c->name), CW_ARG(c->title));
	if (r->not_run > 0)
		printf(" (%zu not run)", r->not_run);
	putchar('\n');
	if (!good)
		fwrite(r->report.s, 1, r->report.n, stdout);
}

/* A case that expects nothing proves nothing. */
static void
require_expect(struct story_result *r)
{
	if (r->expects > 0)
		return;
	r->differences++;
	cw_buf_puts(&r->report, "    there is no EXPECT in it\n");
}

static int
play(struct job *j, const char *file, const struct story_case *c, const struct story_world *w)
{
	struct story_result r;
	struct cw_err err = { 0 };
	int status = EX_OK;

	story_result_init(&r);
	if (story_play(&r, c, w, cli_has(j->args, "dump"), &err) < 0) {
		cw_buf_printf(&r.report, "    a file cannot be read: %s\n", err.text);
		r.differences++;
		status = cli_fault(file, &err);
	}
	require_expect(&r);
	print(j, c, &r);
	if (status == EX_OK && cli_has(j->args, "dump"))
		status = dump(j, c, &r);
	story_result_fini(&r);
	return status;
}

static int
play_case(struct job *j, const char *file, const struct story_case *c)
{
	struct story_world own = { 0 };
	int status;

	if (!c->alone)
		return play(j, file, c, &j->world);
	status = make_world(j, &own, file, c);
	if (status == EX_OK)
		status = play(j, file, c, &own);
	world_fini(&own);
	return status;
}

/* ---- files ---- */

static int
play_file(struct job *j, const char *path)
{
	struct cw_arena *mem = cw_arena_new(MOST_MEMORY);
	struct story_file stories;
	struct cw_buf text;
	struct cw_err err = { 0 };
	int rc, status = EX_OK;

	cw_buf_init(&text, MOST_STORY);
	rc = file_read(&text, path, &err);
	if (rc == CW_OK)
		rc = story_parse(&stories, cw_str(path),
		    (struct cw_str){ text.n > 0 ? text.s : "", text.n }, mem, &err);
	if (rc < 0)
		status = cli_fault(path, &err);
	for (size_t i = 0; rc == CW_OK && status == EX_OK && i < stories.n; i++)
		status = play_case(j, path, &stories.item[i]);
	cw_buf_fini(&text);
	cw_arena_free(mem);
	return status;
}

static int
run(const struct cli_args *args)
{
	struct job j = { .args = args };

	j.status = make_world(&j, &j.world, NULL, NULL);
	if (j.status == EX_OK && cli_has(args, "dump"))
		(void)mkdir(cli_value(args, "dump"), 0777);
	if (j.status == EX_OK) {
		for (size_t i = 0; i < args->n_operands; i++) {
			int status = play_file(&j, args->operands[i]);

			j.status = j.status == EX_OK ? status : j.status;
		}
		if (j.not_run > 0)
			printf("%zu statements are for the daemon and were not run\n", j.not_run);
		printf("%zu passed, %zu failed\n", j.passed, j.failed);
	}
	world_fini(&j.world);
	return j.status != EX_OK ? j.status : j.failed > 0 ? DIFFERS : EX_OK;
}

const struct cli_command cli_test = {
	.name = "test",
	.operands = "STORY...",
	.help = "play stories and compare what is decided with what they expect",
	.more =
	    "A story says in words what becomes known about a patient and what must follow from\n"
	    "it; tests/stories/README.md describes how. Prints a line for each case and, where\n"
	    "something differs, why cordwatch decided as it did. Status 0: all as expected;\n"
	    "1: something differs; 65: a story is malformed.",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 1,
	.most = CLI_MANY,
	.run = run,
};
