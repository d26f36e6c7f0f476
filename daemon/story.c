/* Reads story files: lines, stories, cases, steps. The words of each statement are read by
 * story_receive.c, story_expect.c and story_word.c. */
#include "config.h"

#include "daemon/story_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MOST_WORDS = 200, MOST_LINES = 4000, MOST_CASES = 200, MOST_STEPS = 1000 };

struct reader {
	struct cw_str path;
	struct cw_arena *mem;
	struct cw_err *err;
	struct story_line line[MOST_LINES];
	size_t lines;
	struct story_case item[MOST_CASES];
	size_t first[MOST_CASES], last[MOST_CASES]; /* own lines of each case: [first, last) */
	size_t after[MOST_CASES];		    /* index + 1 of the case that it goes on from */
	size_t common[MOST_CASES];		    /* first line after STORY */
	size_t n;
	/* while one case is made */
	struct story_desk desk;
	struct story_case *now;
	struct story_step *step;
	int64_t clock;
};

/* ---- words ---- */

static bool
is_blank(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r';
}

/* One word at *at. CW_ESYNTAX: a quote that does not end. */
static int
read_word(struct reader *r, struct cw_str text, size_t *at, size_t line, struct story_word *w)
{
	size_t from = *at, i = from;

	w->line = line;
	w->column = from + 1;
	w->quoted = text.s[from] == '"';
	if (w->quoted) {
		i++;
		while (i < text.n && text.s[i] != '"')
			i++;
		if (i == text.n)
			return cw_fail_at(r->err, CW_ESYNTAX, line, from + 1, NULL,
			    "text in quotes does not end on this line");
		w->text = cw_str_dup(r->mem, (struct cw_str){ text.s + from + 1, i - from - 1 });
		*at = i + 1;
		return CW_OK;
	}
	while (i < text.n && !is_blank(text.s[i]) && text.s[i] != '"')
		i++;
	w->text = cw_str_dup(r->mem, (struct cw_str){ text.s + from, i - from });
	*at = i;
	return CW_OK;
}

static int
read_words(struct reader *r, struct cw_str text, size_t line)
{
	struct story_line *to = &r->line[r->lines - 1];

	for (size_t i = 0; i < text.n;) {
		int rc;

		if (is_blank(text.s[i])) {
			i++;
			continue;
		}
		if (text.s[i] == '#')
			break;
		if (to->n == MOST_WORDS)
			return cw_fail_at(
			    r->err, CW_ELIMIT, line, i + 1, NULL, "more words than fit");
		rc = read_word(r, text, &i, line, &to->word[to->n]);
		if (rc < 0)
			return rc;
		to->n++;
	}
	return CW_OK;
}

static bool
says_nothing(struct cw_str text)
{
	size_t i = 0;

	while (i < text.n && is_blank(text.s[i]))
		i++;
	return i == text.n || text.s[i] == '#';
}

/* A line that starts with a blank goes on with the one before. */
static int
read_line(struct reader *r, struct cw_str text, size_t line)
{
	if (says_nothing(text))
		return CW_OK;
	if (!is_blank(text.s[0]) || r->lines == 0) {
		if (r->lines == MOST_LINES)
			return cw_fail_at(r->err, CW_ELIMIT, line, 1, NULL, "more lines than fit");
		r->line[r->lines++].word = cw_alloc(r->mem, MOST_WORDS * sizeof(struct story_word));
	}
	if (cw_arena_full(r->mem))
		return cw_fail_at(r->err, CW_ELIMIT, line, 1, NULL, "the story is too long");
	return read_words(r, text, line);
}

static int
read_lines(struct reader *r, struct cw_str text)
{
	size_t line = 0;
	int rc = CW_OK;

	while (rc == CW_OK && text.n > 0) {
		const char *end = memchr(text.s, '\n', text.n);
		size_t n = end == NULL ? text.n : (size_t)(end - text.s);

		rc = read_line(r, (struct cw_str){ text.s, n }, ++line);
		text.s += end == NULL ? n : n + 1;
		text.n -= end == NULL ? n : n + 1;
	}
	return rc;
}

/* ---- stories and cases ---- */

static bool
starts_with(const struct story_line *l, const char *keyword)
{
	return !l->word[0].quoted && cw_str_is(l->word[0].text, keyword);
}

static int
fail_line(struct reader *r, size_t i, const char *text)
{
	return cw_fail_at(r->err, CW_ESYNTAX, r->line[i].word[0].line, 1, NULL, "%s", text);
}

/* Words from the i-th on, with blanks between them. */
static struct cw_str
words_from(struct reader *r, const struct story_line *l, size_t i)
{
	struct cw_buf b;
	struct cw_str out;

	cw_buf_init(&b, 0);
	for (; i < l->n; i++) {
		cw_buf_str(&b, l->word[i].text);
		if (i + 1 < l->n)
			cw_buf_putc(&b, ' ');
	}
	out = cw_str_dup(r->mem, (struct cw_str){ b.n > 0 ? b.s : "", b.n });
	cw_buf_fini(&b);
	return out;
}

/* "CASE b after a: words": the earlier case of this story, from which it goes on. */
static int
find_after(struct reader *r, size_t i, size_t story, struct cw_str name, size_t *out)
{
	for (size_t k = story; k < r->n; k++) {
		struct cw_str whole = r->item[k].name;

		if (whole.n > name.n && whole.s[whole.n - name.n - 1] == ' ' &&
		    cw_str_eq((struct cw_str){ whole.s + whole.n - name.n, name.n }, name)) {
			*out = k + 1;
			return CW_OK;
		}
	}
	return fail_line(r, i, "there is no earlier case of that name");
}

static int
begin_case(struct reader *r, size_t i, size_t story, size_t common)
{
	const struct story_line *l = &r->line[i];
	struct story_case *c = &r->item[r->n];
	bool first = starts_with(l, "STORY");
	size_t title = 2;
	int rc = CW_OK;

	if (r->n == MOST_CASES)
		return fail_line(r, i, "more cases than fit");
	if (l->n < 2)
		return fail_line(r, i, "expected a name");
	*c = (struct story_case){ .line = l->word[0].line };
	c->name = first ? l->word[1].text
			: cw_fmt(r->mem, "%.*s %.*s", CW_ARG(r->line[common - 1].word[1].text),
			      CW_ARG(l->word[1].text));
	r->after[r->n] = 0;
	if (!first && l->n >= 4 && cw_str_is(l->word[2].text, "after")) {
		rc = find_after(r, i, story, l->word[3].text, &r->after[r->n]);
		title = 4;
	}
	c->title = words_from(r, l, title);
	if (c->title.n == 0)
		c->title = words_from(r, &r->line[common - 1], 2);
	r->first[r->n] = i + 1;
	r->last[r->n] = r->lines;
	r->common[r->n] = common;
	r->n++;
	return rc;
}

/* Sorts the lines into cases. The lines between STORY and its first CASE belong to all cases of
 * the story; without CASE they are the one case. */
static int
find_cases(struct reader *r)
{
	size_t story = 0, common = 0;
	bool plain = false; /* the last case is a STORY that has had no CASE yet */
	int rc = CW_OK;

	for (size_t i = 0; i < r->lines && rc == CW_OK; i++) {
		bool head = starts_with(&r->line[i], "STORY");

		if (!head && !starts_with(&r->line[i], "CASE")) {
			if (common == 0)
				rc = fail_line(r, i, "expected STORY");
			continue;
		}
		if (!head && common == 0)
			return fail_line(r, i, "expected STORY");
		if (r->n > 0)
			r->last[r->n - 1] = i;
		if (!head && plain)
			r->n--; /* what it had is common to the cases that follow */
		if (head) {
			common = i + 1;
			story = r->n;
		}
		plain = head;
		rc = begin_case(r, i, story, common);
	}
	if (rc == CW_OK && r->n == 0)
		rc = cw_fail_at(r->err, CW_ESYNTAX, 1, 1, NULL, "there is no story in it");
	return rc;
}

/* ---- statements ---- */

static int
take_at(struct reader *r, struct story_cursor *c)
{
	int64_t at;
	int rc = story_take_instant(c, &at);

	if (rc < 0)
		return rc;
	if (r->clock != MAP_NO_TIME && at < r->clock) {
		c->at--;
		return story_fail(c, CW_EVALUE, "the clock of a story does not run backwards");
	}
	r->clock = at;
	return CW_OK;
}

/* 14d, 24h, 30min. */
static int
take_pass(struct reader *r, struct story_cursor *c)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "d", 86400000 }, { "h", 3600000 }, { "min", 60000 } };
	struct cw_str word = story_peek(c);
	int64_t n = 0;
	size_t i = 0;

	while (i < word.n && isdigit((unsigned char)word.s[i]) && n < 100000)
		n = 10 * n + (word.s[i++] - '0');
	for (size_t u = 0; u < 3 && i > 0; u++) {
		if (!cw_str_is((struct cw_str){ word.s + i, word.n - i }, units[u].unit))
			continue;
		if (r->clock == MAP_NO_TIME)
			return story_fail(c, CW_EVALUE, "there is no AT yet");
		r->clock += n * units[u].ms;
		c->at++;
		return CW_OK;
	}
	return story_fail(c, CW_ESYNTAX, "expected a time such as 14d, 24h or 30min");
}

static bool
names_file(struct cw_str s)
{
	static const struct cw_str ends[] = { { ".json", 5 }, { ".ndjson", 7 } };

	for (size_t i = 0; i < 2; i++) {
		if (s.n > ends[i].n && memcmp(s.s + s.n - ends[i].n, ends[i].s, ends[i].n) == 0)
			return true;
	}
	return false;
}

/* Relative to the folder of the story. */
static struct cw_str
beside(struct reader *r, struct cw_str name)
{
	const char *slash = r->path.n > 0 ? memrchr(r->path.s, '/', r->path.n) : NULL;

	if (slash == NULL || name.s[0] == '/')
		return name;
	return cw_fmt(r->mem, "%.*s/%.*s", (int)(slash - r->path.s), r->path.s, CW_ARG(name));
}

static int
take_receive(struct reader *r, struct story_cursor *c, struct story_step *s)
{
	struct cw_str word = story_peek(c);

	s->kind = STORY_DATA;
	if (word.s == NULL || !names_file(word))
		return story_receive(&r->desk, c, &s->text);
	s->kind = STORY_FILE;
	s->text = beside(r, word);
	c->at++;
	return CW_OK;
}

static int
take_set(struct reader *r, struct story_cursor *c, struct story_step *s)
{
	struct cw_str word = story_peek(c);

	s->kind = STORY_SET;
	s->text = word;
	r->now->alone = true;
	if (word.s == NULL || memchr(word.s, '=', word.n) == NULL)
		return story_fail(c, CW_ESYNTAX, "expected NAME=VALUE");
	c->at++;
	return CW_OK;
}

static int
take_package(struct reader *r, struct story_cursor *c, struct story_step *s)
{
	struct cw_str word;
	int rc = story_take(c, &word, "the folder of a package");

	s->kind = STORY_PACKAGE;
	r->now->alone = true;
	if (rc == CW_OK)
		s->text = beside(r, word);
	return rc;
}

static int
take_expect(struct reader *r, struct story_cursor *c, struct story_step *s)
{
	s->kind = STORY_EXPECT;
	if (r->clock == MAP_NO_TIME)
		return story_fail(c, CW_EVALUE, "there is no AT yet");
	return story_expect(&r->desk, c, &s->expect);
}

static int
take_notice(struct reader *r, struct story_cursor *c, struct story_step *s)
{
	s->kind = STORY_NOTICE;
	if (story_peek(c).s == NULL)
		return story_fail(c, CW_ESYNTAX, "expected words");
	s->text = words_from(r, c->line, 1);
	c->at = c->line->n;
	return CW_OK;
}

/* What the daemon does beyond deciding. 1: it is something else. */
static int
take_for_daemon(struct reader *r, struct story_cursor *c, struct story_step *s)
{
	if (story_is(c, "NOTICE"))
		return take_notice(r, c, s);
	if (story_is(c, "CRASH"))
		s->kind = STORY_CRASH;
	else if (story_is(c, "RESTART"))
		s->kind = STORY_RESTART;
	else
		return 1;
	return CW_OK;
}

/* 1: makes a step; 0: does not. */
static int
take_statement(struct reader *r, struct story_cursor *c, struct story_step *s)
{
	int rc;

	if (story_is(c, "THEN") || story_is(c, "WHY")) {
		c->at = c->line->n;
		return 0;
	}
	if (story_is(c, "AT")) {
		rc = take_at(r, c);
		return rc < 0 ? rc : 0;
	}
	if (story_is(c, "PASS")) {
		rc = take_pass(r, c);
		return rc < 0 ? rc : 0;
	}
	rc = take_for_daemon(r, c, s);
	if (rc <= 0)
		return rc < 0 ? rc : 1;
	if (story_is(c, "RECEIVE"))
		rc = take_receive(r, c, s);
	else if (story_is(c, "PATIENT"))
		rc = story_patient(&r->desk, c, &s->text);
	else if (story_is(c, "WITHDRAW"))
		rc = story_withdraw(&r->desk, c, &s->text);
	else if (story_is(c, "AGAIN"))
		rc = story_again(&r->desk, c, &s->text);
	else if (story_is(c, "DELETE"))
		rc = story_delete(&r->desk, c, &s->text);
	else if (story_is(c, "SET"))
		rc = take_set(r, c, s);
	else if (story_is(c, "PACKAGE"))
		rc = take_package(r, c, s);
	else if (story_is(c, "EXPECT"))
		rc = take_expect(r, c, s);
	else
		return story_fail(
		    c, CW_ESYNTAX, "'%.*s' begins no statement", CW_ARG(story_peek(c)));
	return rc < 0 ? rc : 1;
}

static int
play_line(struct reader *r, const struct story_line *line)
{
	struct story_cursor c = { .line = line, .mem = r->mem, .err = r->err };
	struct story_step s = { .kind = STORY_DATA, .line = line->word[0].line };
	int rc = take_statement(r, &c, &s);

	if (rc >= 0 && c.at < line->n)
		return story_fail(
		    &c, CW_ESYNTAX, "'%.*s' is one word too many", CW_ARG(story_peek(&c)));
	if (rc != 1)
		return rc;
	if (r->now->n == MOST_STEPS)
		return story_fail(&c, CW_ELIMIT, "more steps than fit");
	s.now = r->clock;
	r->step[r->now->n++] = s;
	return CW_OK;
}

static int
play_lines(struct reader *r, size_t from, size_t to)
{
	int rc = CW_OK;

	for (size_t i = from; i < to && rc == CW_OK; i++)
		rc = play_line(r, &r->line[i]);
	return rc;
}

/* The lines of a case and of those that it goes on from, oldest first. */
static int
play_chain(struct reader *r, size_t i)
{
	int rc = r->after[i] == 0 ? CW_OK : play_chain(r, r->after[i] - 1);

	return rc < 0 ? rc : play_lines(r, r->first[i], r->last[i]);
}

/* Where the lines that all cases of a story share end: at its first CASE, or at once. */
static size_t
common_end(const struct reader *r, size_t i)
{
	size_t at = r->common[i];

	if (r->first[i] == at)
		return at; /* a story without cases: its lines are its own */
	while (!starts_with(&r->line[at], "CASE"))
		at++;
	return at;
}

static int
make_case(struct reader *r, size_t i)
{
	struct story_step *copy;
	int rc;

	r->now = &r->item[i];
	r->clock = MAP_NO_TIME;
	r->desk = (struct story_desk){ .mem = r->mem };
	rc = play_lines(r, r->common[i], common_end(r, i));
	if (rc == CW_OK)
		rc = play_chain(r, i);
	if (rc < 0)
		return rc;
	copy = cw_alloc(r->mem, r->now->n * sizeof(*copy));
	if (copy == NULL)
		return cw_fail_at(
		    r->err, CW_ELIMIT, r->now->line, 1, NULL, "the story is too long");
	memcpy(copy, r->step, r->now->n * sizeof(*copy));
	r->now->step = copy;
	return CW_OK;
}

int
story_parse(struct story_file *out, struct cw_str path, struct cw_str text, struct cw_arena *mem,
    struct cw_err *err)
{
	struct reader *r = cw_alloc(mem, sizeof(*r));
	int rc;

	*out = (struct story_file){ 0 };
	if (r != NULL)
		r->step = cw_alloc(mem, MOST_STEPS * sizeof(*r->step));
	if (r == NULL || r->step == NULL)
		return cw_fail(err, CW_ELIMIT, "no memory left for the story");
	r->path = cw_str_dup(mem, path);
	r->mem = mem;
	r->err = err;
	rc = read_lines(r, text);
	if (rc == CW_OK)
		rc = find_cases(r);
	for (size_t i = 0; i < r->n && rc == CW_OK; i++)
		rc = make_case(r, i);
	*out = (struct story_file){ r->item, r->n };
	return rc;
}

struct cw_str
story_order_name(size_t n, char name[STORY_NAME])
{
	int length = snprintf(name, STORY_NAME, "order%zu", n);

	return (struct cw_str){ name, (size_t)length };
}
