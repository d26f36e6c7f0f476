/* The clinical stories, played by the real daemon (app.c) in a world of the test's own: all cases
 * as they stand, and again with something going wrong. Arguments: stories; without them all of
 * tests/stories. */
#include "config.h"

#include "daemon/file.h"
#include "tests/suite/story_judge.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STORY = 4 << 20 };

struct totals {
	size_t passed, failed;
};

/* ---- one play of one case ---- */

struct play {
	const struct story_case *c;
	struct stage stage;
	struct judge judge;
	struct cw_buf report;
	size_t differences;
	bool data; /* something came since the last EXPECT */
};

static bool
brings(const struct story_step *s)
{
	return s->kind == STORY_DATA || s->kind == STORY_FILE;
}

/* Steps from i on that come at one time, with nothing between them. */
static size_t
together(const struct story_case *c, size_t i)
{
	size_t n = 0;

	while (i + n < c->n && brings(&c->step[i + n]) && c->step[i + n].now == c->step[i].now)
		n++;
	return n;
}

static void
receive(struct play *p, size_t i, size_t n)
{
	stage_receive(&p->stage, &p->c->step[i], n);
	p->data = true;
}

/* What came so far is decided, and the decision read before its request comes back. */
static void
decide(struct play *p, int64_t now)
{
	stage_release(&p->stage);
	judge_read(&p->judge);
	stage_until(&p->stage, now);
	judge_read(&p->judge);
}

static void
expect(struct play *p, const struct story_step *s)
{
	struct cw_buf report;
	size_t differences;

	decide(p, s->now);
	stage_settle(&p->stage);
	cw_buf_init(&report, 0);
	p->judge.report = &report;
	differences = judge_expect(&p->judge, s->expect, p->data);
	if (differences > 0)
		cw_buf_printf(&p->report, "  line %zu:\n%s", s->line, report.s);
	cw_buf_fini(&report);
	p->judge.report = &p->report;
	p->differences += differences;
	p->data = false;
	judge_read(&p->judge);
	p->judge.fresh = false;
}

static void
notice(struct play *p, const struct story_step *s)
{
	decide(p, s->now);
	stage_settle(&p->stage);
	if (judge_notice(&p->judge, s->text))
		return;
	cw_buf_printf(&p->report, "  at line %zu\n", s->line);
	p->differences++;
}

static void
play_step(struct play *p, const struct story_step *s)
{
	switch (s->kind) {
	case STORY_EXPECT:
		expect(p, s);
		break;
	case STORY_NOTICE:
		notice(p, s);
		break;
	case STORY_CRASH:
		decide(p, s->now);
		stage_crash(&p->stage);
		break;
	case STORY_RESTART:
		decide(p, s->now);
		stage_restart(&p->stage);
		break;
	case STORY_DATA:
	case STORY_FILE:
	case STORY_SET:
	case STORY_PACKAGE:
		break;
	}
}

static void
play_all(struct play *p)
{
	for (size_t i = 0; i < p->c->n && p->stage.fault == NULL;) {
		size_t n = together(p->c, i);

		if (n > 0)
			receive(p, i, n);
		else
			play_step(p, &p->c->step[i]);
		i += n > 0 ? n : 1;
	}
}

static void
play(struct totals *t, const struct story_case *c, const struct stage_habits *habits)
{
	struct play p = { .c = c };

	cw_buf_init(&p.report, 0);
	p.judge.stage = &p.stage;
	p.judge.report = &p.report;
	if (stage_open(&p.stage, c, habits)) {
		play_all(&p);
		decide(&p, MAP_NO_TIME);
		stage_settle(&p.stage);
		p.differences += judge_end(&p.judge);
	}
	if (p.stage.fault != NULL) {
		cw_buf_printf(&p.report, "    %s\n", p.stage.fault);
		p.differences++;
	}
	if (p.differences > 0) {
		printf("DIFF  %.*s %.*s\n", CW_ARG(c->name), CW_ARG(c->title));
		fwrite(p.report.s, 1, p.report.n, stdout);
	}
	t->passed += p.differences == 0;
	t->failed += p.differences > 0;
	stage_close(&p.stage);
	cw_buf_fini(&p.report);
}

/* ---- files ---- */

static void
play_file(struct totals *t, const char *path)
{
	struct cw_arena *mem = cw_arena_new(0);
	struct stage_habits habits = { .shadow = false };
	struct story_file stories;
	struct cw_buf text;
	struct cw_err err = { 0 };
	char *whole = realpath(path, NULL); /* the configuration lies elsewhere */

	cw_buf_init(&text, MOST_STORY);
	if (file_read(&text, path, &err) < 0 ||
	    story_parse(&stories, cw_str(whole), (struct cw_str){ text.s, text.n }, mem, &err) <
		0) {
		printf("DIFF  %s:%zu: %s\n", path, (size_t)err.line, err.text);
		t->failed++;
		stories.n = 0;
	}
	for (size_t i = 0; i < stories.n; i++)
		play(t, &stories.item[i], &habits);
	free(whole);
	cw_buf_fini(&text);
	cw_arena_free(mem);
}

int
main(int argc, char **argv)
{
	struct totals t = { 0 };
	glob_t found;

	if (argc > 1) {
		for (int i = 1; i < argc; i++)
			play_file(&t, argv[i]);
	} else if (glob(STORIES_DIR "/*.story", 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			play_file(&t, found.gl_pathv[i]);
		globfree(&found);
	}
	printf("%zu passed, %zu failed\n", t.passed, t.failed);
	return t.failed > 0 || t.passed == 0;
}
