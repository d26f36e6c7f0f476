/* The clinical stories, played by the real daemon (app.c) in a world of the test's own: all cases
 * as they stand, and again with something going wrong (story_twist.h): a sample, or under
 * CORDWATCH_SOAK=1 everything with everything. Arguments: stories; without them all of
 * tests/stories. TWIST=name: only that. */
#include "config.h"

#include "daemon/file.h"
#include "tests/suite/story_twist.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_STORY = 4 << 20, WORKERS = 2 };

struct share {
	struct totals totals;
	size_t cases;	   /* seen so far */
	size_t worker;	   /* plays one case of WORKERS */
	bool whole;	   /* everything with everything */
	const char *twist; /* only this; NULL: all */
};

static void
play_case(struct share *j, const struct story_case *c)
{
	size_t number = j->cases++;

	if (number % WORKERS != j->worker)
		return;
	if (j->twist == NULL)
		(void)twist_plain(&j->totals, c);
	for (size_t i = 0; twists[i].name != NULL; i++) {
		if (j->twist != NULL && strcmp(j->twist, twists[i].name) != 0)
			continue;
		if (j->whole || (number / WORKERS + 7 * i) % twists[i].rare == 0)
			twist_play(&j->totals, c, &twists[i]);
	}
}

static void
play_file(struct share *j, const char *path)
{
	struct cw_arena *mem = cw_arena_new(0);
	struct story_file stories;
	struct cw_buf text;
	struct cw_err err = { 0 };
	char *whole = realpath(path, NULL); /* the configuration lies elsewhere */

	cw_buf_init(&text, MOST_STORY);
	if (file_read(&text, path, &err) < 0 ||
	    story_parse(&stories, cw_str(whole), (struct cw_str){ text.s, text.n }, mem, &err) <
		0) {
		printf("DIFF  %s:%zu: %s\n", path, (size_t)err.line, err.text);
		j->totals.failed++;
		stories.n = 0;
	}
	for (size_t i = 0; i < stories.n; i++)
		play_case(j, &stories.item[i]);
	free(whole);
	cw_buf_fini(&text);
	cw_arena_free(mem);
}

static void
play_files(struct share *j, char **files)
{
	glob_t found;

	for (size_t i = 0; files[i] != NULL; i++)
		play_file(j, files[i]);
	if (files[0] != NULL || glob(STORIES_DIR "/*.story", 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		play_file(j, found.gl_pathv[i]);
	globfree(&found);
}

/* A process of its own, whose totals come through out. */
static pid_t
begin(size_t worker, char **files, int out)
{
	struct share j = { .worker = worker, .twist = getenv("TWIST") };
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid != 0)
		return pid;
	j.whole = getenv("CORDWATCH_SOAK") != NULL || j.twist != NULL;
	play_files(&j, files);
	fflush(stdout);
	exit(write(out, &j.totals, sizeof(j.totals)) != sizeof(j.totals));
}

int
main(int argc, char **argv)
{
	struct totals all = { 0 }, one;
	bool good = true;
	int pipes[2], status;

	(void)argc;
	if (pipe(pipes) < 0)
		return 1;
	for (size_t i = 0; i < WORKERS; i++)
		good = begin(i, argv + 1, pipes[1]) > 0 && good;
	for (size_t i = 0; i < WORKERS; i++)
		good = wait(&status) > 0 && status == 0 && good;
	close(pipes[1]);
	while (read(pipes[0], &one, sizeof(one)) == sizeof(one)) {
		all.passed += one.passed;
		all.failed += one.failed;
		all.skipped += one.skipped;
	}
	if (all.skipped > 0)
		printf("%zu cases with something that they do not allow left out\n", all.skipped);
	printf("%zu passed, %zu failed\n", all.passed, all.failed + !good);
	return all.failed > 0 || all.passed == 0 || !good;
}
