#include "config.h"

#include "tests/suite/story_twist.h"

#include <stdio.h>
#include <string.h>

enum { AWAY = 72 * 3600000, LATE = 5000 };

/* ---- one play of one case ---- */

struct play {
	const struct story_case *c;
	struct stage stage;
	struct judge judge;
	struct cw_buf report;
	size_t differences;
	bool data; /* something came since the last EXPECT */
	enum twist_deed deed;
	size_t at;   /* the deed is done before this step; SIZE_MAX: before none */
	int64_t cut; /* ms */
	bool quiet;
};

static bool
brings(const struct story_step *s)
{
	return s->kind == STORY_DATA || s->kind == STORY_FILE;
}

/* Steps from i on that come at one time, with nothing between them. */
static size_t
together(const struct play *p, size_t i)
{
	const struct story_case *c = p->c;
	size_t n = 0;

	while (i + n < c->n && brings(&c->step[i + n]) && c->step[i + n].now == c->step[i].now &&
	       (n == 0 || i + n != p->at))
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
	if (p->deed == TWIST_CROWD) { /* what was refused comes now */
		stage_settle(&p->stage);
		judge_read(&p->judge);
	}
	if (p->deed == TWIST_CUT) {
		fake_advance(p->cut);
		stage_crash(&p->stage);
	}
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
	if (s > p->c->step && s[-1].now != s->now) /* it is of the time that passes now */
		judge_pass(&p->judge);
	decide(p, s->now);
	stage_settle(&p->stage);
	if (p->stage.habits.shadow || p->stage.habits.down || judge_notice(&p->judge, s->text))
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
do_deed(struct play *p)
{
	if (p->deed == TWIST_CRASH)
		stage_crash(&p->stage);
	else if (p->deed == TWIST_RELOAD)
		stage_reload(&p->stage);
	else if (p->deed == TWIST_RESTART)
		stage_restart(&p->stage);
	else if (p->deed == TWIST_CROWD)
		stage_crowd(&p->stage);
}

static void
play_all(struct play *p)
{
	for (size_t i = 0; i < p->c->n && p->stage.fault == NULL;) {
		size_t n = together(p, i);

		if (i == p->at)
			do_deed(p);

		if (n > 0)
			receive(p, i, n);
		else
			play_step(p, &p->c->step[i]);
		i += n > 0 ? n : 1;
	}
}

/* Nothing is left of it: nothing holds, and what was proposed is revoked. */
static void
correct(struct play *p)
{
	static const struct story_expect nothing = { .due = MAP_NO_TIME,
		.patient = { "Patient/p", 9 } };
	const char *reference;

	fake_hold(true);
	stage_correct(&p->stage);
	decide(p, MAP_NO_TIME);
	stage_settle(&p->stage);
	p->judge.loose = true;
	p->differences += judge_expect(&p->judge, &nothing, true);
	for (size_t i = 0; (reference = stage_order(&p->stage, i)) != NULL; i++) {
		struct cw_str text = server_get(p->stage.server, reference);

		if (memmem(text.s, text.n, "\"status\":\"revoked\"", 18) != NULL)
			continue;
		cw_buf_printf(&p->report, "    %s is not revoked\n", reference);
		p->differences++;
	}
}

/* In the end. */
static void
finish(struct play *p)
{
	decide(p, MAP_NO_TIME);
	stage_settle(&p->stage);
	if (p->deed == TWIST_RECOVER)
		stage_recover(&p->stage, AWAY);
	if (p->deed == TWIST_CORRECT)
		correct(p);
	p->differences += judge_end(&p->judge);
}

static size_t
play(struct totals *t, struct play *p, const struct twist *twist)
{
	size_t orders = 0;

	cw_buf_init(&p->report, 0);
	p->judge =
	    (struct judge){ .stage = &p->stage, .report = &p->report, .loose = twist->loose };
	p->deed = twist->deed;
	if (stage_open(&p->stage, p->c, &twist->habits)) {
		play_all(p);
		if (p->stage.fault == NULL)
			finish(p);
		while (stage_order(&p->stage, orders) != NULL)
			orders++;
	}
	if (p->stage.fault != NULL) {
		cw_buf_printf(&p->report, "    %s\n", p->stage.fault);
		p->differences++;
	}
	if (p->differences > 0 && !p->quiet) {
		printf("DIFF  %.*s %.*s (%s", CW_ARG(p->c->name), CW_ARG(p->c->title), twist->name);
		if (p->at != SIZE_MAX)
			printf(" before step %zu", p->at);
		if (twist->deed == TWIST_CUT)
			printf(" after %lld ms", (long long)p->cut);
		printf(")\n");
		fwrite(p->report.s, 1, p->report.n, stdout);
	}
	t->passed += p->differences == 0;
	t->failed += p->differences > 0;
	stage_close(&p->stage);
	cw_buf_fini(&p->report);
	return orders;
}

/* ---- what may go wrong ---- */

const struct twist twists[] = {
	{ .name = "twice", .habits.twice = true, .rare = 24 },
	{ .name = "backwards", .habits.backwards = true, .rare = 24 },
	{ .name = "apart", .habits.apart = true, .loose = true, .moves = true, .rare = 24 },
	{ .name = "crash", .deed = TWIST_CRASH, .moves = true, .rare = 160 },
	{ .name = "cut", .deed = TWIST_CUT, .moves = true, .rare = 120 },
	{ .name = "restart", .deed = TWIST_RESTART, .moves = true, .rare = 160 },
	{ .name = "reload", .deed = TWIST_RELOAD, .moves = true, .rare = 160 },
	{ .name = "lost", .habits.lost = true, .rare = 24 },
	{ .name = "own ids", .habits.own_ids = true, .rare = 24 },
	{ .name = "own ids, lost", .habits = { .own_ids = true, .lost = true }, .rare = 24 },
	{ .name = "merged", .habits.merged = true, .rare = 24 },
	{ .name = "shadow", .habits.shadow = true, .loose = true, .rare = 24 },
	{ .name = "down", .habits.down = true, .deed = TWIST_RECOVER, .loose = true, .rare = 24 },
	{ .name = "corrected", .deed = TWIST_CORRECT, .rare = 24 },
	{ .name = "crowd", .deed = TWIST_CROWD, .loose = true, .moves = true, .rare = 240 },
	{ .name = NULL },
};
static const struct twist plain = { .name = "plain" };
static const struct twist late = { .name = "late", .habits.late = LATE };

size_t
twist_plain(struct totals *t, const struct story_case *c)
{
	struct play p = { .c = c, .at = SIZE_MAX };

	return play(t, &p, &plain);
}

/* Would it be the same some seconds later? */
static bool
bears_delay(const struct story_case *c)
{
	struct totals t = { .passed = 0 };
	struct play p = { .c = c, .at = SIZE_MAX, .quiet = true };

	(void)play(&t, &p, &late);
	return t.failed == 0;
}

static bool
of_one_person(const struct story_case *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct cw_str text = c->step[i].text;

		if (c->step[i].kind == STORY_FILE ||
		    (c->step[i].kind == STORY_DATA &&
			(memmem(text.s, text.n, "\"Patient/p2\"", 12) != NULL ||
			    memmem(text.s, text.n, "Bundle", 6) != NULL ||
			    /* of two records one may be inactive */
			    memmem(text.s, text.n, "\"active\":false", 14) != NULL)))
			return false;
	}
	return true;
}

static bool
can_be(const struct story_case *c, const struct twist *twist)
{
	return (!twist->moves || bears_delay(c)) && (!twist->habits.merged || of_one_person(c));
}

void
twist_play(struct totals *t, const struct story_case *c, const struct twist *twist)
{
	static const int64_t moments[] = { 0, 1, 2, 3, 4, 5, 6, 8, 10 };
	bool steps = twist->deed == TWIST_CRASH || twist->deed == TWIST_RELOAD ||
		     twist->deed == TWIST_RESTART;

	if (!can_be(c, twist)) {
		t->skipped++;
		return;
	}
	for (size_t i = 0; i < (steps ? c->n : 1); i++) {
		struct play p = { .c = c,
			.at = steps || twist->deed == TWIST_CROWD ? i : SIZE_MAX };

		if (twist->deed != TWIST_CUT) {
			(void)play(t, &p, twist);
			continue;
		}
		for (size_t k = 0; k < sizeof(moments) / sizeof(*moments); k++) {
			p = (struct play){ .c = c, .at = SIZE_MAX, .cut = moments[k] };
			(void)play(t, &p, twist);
		}
	}
}
