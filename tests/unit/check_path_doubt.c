/* Property test of doubt in fhir/path. A comparison that cannot be told stands for any answer: so
 * whatever an expression says without doubt it must say for every answer put in its place. Random
 * expressions are evaluated once with such comparisons and many times with answers instead. */
#include "tests/unit/path_run.h"
#include "tests/unit/run.h"

enum { ROUNDS = 6000, ANSWERS = 12 };

static uint32_t state;

static unsigned
pick(unsigned n)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % n;
}

/* An expression with '?' where a comparison in doubt goes. */
static struct cw_buf text;

static void criterion(unsigned depth);

static void
collection(unsigned depth)
{
	static const char *const plain[] = { "(1 | 2 | 3)", "(2)", "{}", "(3 | 4)" };
	static const char *const steps[] = { ".skip(1)", ".tail()", ".take(2)", ".distinct()",
		".first()", ".last()", "[0]" };
	static const char *const joins[] = { " | ", ").combine(", ").exclude(", ").intersect(",
		").union(" };
	unsigned join;

	if (depth == 0) {
		cw_buf_puts(&text, plain[pick(COUNT(plain))]);
		return;
	}
	switch (pick(5)) {
	case 0:
		cw_buf_puts(&text, "((");
		collection(depth - 1);
		join = pick(COUNT(joins));
		cw_buf_puts(&text, join ? joins[join] : ") | (");
		collection(depth - 1);
		cw_buf_puts(&text, "))");
		return;
	case 1:
		cw_buf_puts(&text, "(");
		collection(depth - 1);
		cw_buf_puts(&text, ")");
		cw_buf_puts(&text, steps[pick(COUNT(steps))]);
		return;
	case 2:
		collection(depth - 1);
		cw_buf_puts(&text, ".select(iif(");
		criterion(depth - 1);
		cw_buf_puts(&text, ", $this, 9))");
		return;
	default:
		collection(depth - 1);
		cw_buf_puts(&text, ".where(");
		criterion(depth - 1);
		cw_buf_puts(&text, ")");
	}
}

/* One collection and what is asked of it. */
static void
question(unsigned depth)
{
	static const char *const asked[] = { ".exists()", ".empty()", ".count() > 1",
		".count() = 0", " contains 2", ".isDistinct()", ".first() = 2", ".last() = 3",
		" = 2", " != 2", ".subsetOf(1 | 2)", ".supersetOf(2)", ".exists().not()",
		" ~ (2)" };

	cw_buf_puts(&text, "(");
	collection(depth);
	if (pick(3) == 0) {
		cw_buf_puts(&text, pick(2) ? ".exists(" : ".all(");
		criterion(depth - 1);
		cw_buf_puts(&text, "))");
		return;
	}
	cw_buf_puts(&text, asked[pick(COUNT(asked))]);
	cw_buf_puts(&text, ")");
}

static void
criterion(unsigned depth)
{
	static const char *const plain[] = { "?", "?", "true", "false", "{}", "($this > 1)",
		"($this = 2)" };
	static const char *const logic[] = { " and ", " or ", " xor ", " implies ", " = ",
		" != ", " ~ " };

	if (depth == 0) {
		cw_buf_puts(&text, plain[pick(COUNT(plain))]);
	} else if (pick(2)) {
		question(depth);
	} else if (pick(5) == 0) {
		cw_buf_puts(&text, "iif(");
		criterion(depth - 1);
		cw_buf_puts(&text, ", ");
		criterion(depth - 1);
		cw_buf_puts(&text, ", ");
		criterion(depth - 1);
		cw_buf_puts(&text, ")");
	} else {
		cw_buf_puts(&text, "((");
		criterion(depth - 1);
		cw_buf_puts(&text, ")");
		cw_buf_puts(&text, logic[pick(COUNT(logic))]);
		cw_buf_puts(&text, "(");
		criterion(depth - 1);
		cw_buf_puts(&text, "))");
	}
}

/* The text with each "?" replaced by a comparison in doubt or, when answered, by some answer. */
static void
fill(struct cw_buf *out, bool answered)
{
	static const char *const answers[] = { "true", "false", "({})", "($this > 1)",
		"($this = 2)", "($this.toString() = '2')" };

	cw_buf_clear(out);
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] != '?')
			cw_buf_putc(out, text.s[i]);
		else
			cw_buf_puts(
			    out, answered ? answers[pick(COUNT(answers))] : "(1 'mg' > 1 'm')");
	}
}

START_TEST(what_is_sure_holds_for_every_answer)
{
	struct cw_buf expr;
	struct run run;
	unsigned sure = 0, doubtful = 0;
	char said[sizeof(run.text)];

	state = 20250616;
	cw_buf_init(&text, 0);
	cw_buf_init(&expr, 0);
	for (int i = 0; i < ROUNDS; i++) {
		begin(&run, NULL, NULL);
		cw_buf_clear(&text);
		criterion(1 + pick(3));
		fill(&expr, false);
		snprintf(said, sizeof(said), "%s", show(&run, expr.s, NULL, NULL));
		ck_assert_msg(said[0] != '!', "%s: %s", expr.s, run.err.text);
		if (strchr(said, '?')) {
			doubtful++;
			end(&run);
			continue;
		}
		sure += strchr(text.s, '?') != NULL;
		for (int k = 0; k < ANSWERS; k++) {
			fill(&expr, true);
			show(&run, expr.s, NULL, NULL);
			ck_assert_msg(strcmp(run.text, said) == 0, "%s\n says %s, but %s says %s",
			    text.s, said, expr.s, run.text);
		}
		end(&run);
	}
	ck_assert_uint_gt(sure, ROUNDS / 20);
	ck_assert_uint_gt(doubtful, ROUNDS / 20);
	cw_buf_fini(&text);
	cw_buf_fini(&expr);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("path_doubt");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, what_is_sure_holds_for_every_answer);
	return test_run("path_doubt", t);
}
