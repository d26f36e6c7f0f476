/* Unit tests of mappings/decide: runs, episodes and inputs, and what happens when an expression
 * fails or memory ends. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/decide_case.h"
#include "tests/unit/run.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define STAT_FILE "ActivityDefinition-sepsis-set-stat.json"

/* --- what only the whole record tells: runs, episodes, elements, inputs --- */

#define TRIGGER(text) EDIT("\"%signs.where(code = 'fever')\"", "\"" text "\"")

static const struct {
	const char *trigger, *findings, *evidence;
} derived[] = {
	/* runs of one group, the gap at its edge */
	{ "%vitals.where(runStart = when)", "f fever -30h; g fever -6h", " f" },
	{ "%vitals.where(runStart = when)", "f fever -108000001ms; g fever -6h", " f g" },
	{ "%vitals.where(runStart = when)", "f fever -30h; t tachycardia -6h", " f" },
	{ "(%vitals | %lactate).where(runStart = when)", "f fever -30h; l raised-lactate -6h",
	    " f l" },
	{ "%vitals.where(runStart = when)", "f fever -2h grade=1; g fever -1h grade=2", " f g" },
	{ "%vitals.where(runStart = when)", "f fever -2h grade=2; g fever -1h grade=1", " f" },
	{ "%vitals.where(runStart = when)", "f fever -2h; g fever -1h status=recurrence", " f g" },
	{ "%vitals.where(runStart = when)", "f fever -2h withdrawn; g fever -1h", " g" },
	{ "%vitals.where(runStart = when)", "f fever -2h unknown; g fever -1h", " g" },
	{ "%vitals.where(runStart = when)", "f fever -2h role=context; g fever -1h", " g" },
	{ "%vitals.where(runStart = recorded)", "f fever -2h rec-50h; g fever -1h", " f g" },
	{ "%vitals.where(previous.exists())", "f fever -50h; g fever -2h; h fever -1h", " g h" },
	{ "%vitals.where(previous = now() - 50 hours)", "f fever -80h; g fever -50h; h fever -1h",
	    " h" },
	{ "%vitals.where(previous.exists())", "f fever -2h; h fever -1h", "" },
	/* episodes of members */
	{ "%vitals.where(episode = when)", "f fever -30h; t tachycardia -6h", " f" },
	{ "%vitals.where(episode = when)", "f fever -108000001ms; t tachycardia -6h", " f t" },
	{ "%vitals.where(episodeEnd = when)", "f fever -30h; t tachycardia -6h", " t" },
	{ "%vitals.where(episodePrevious = now() - 50 hours)", "f fever -50h; t tachycardia -6h",
	    " t" },
	{ "%lactate.where(episode.exists())", "l raised-lactate", "" },
	{ "%lactate.where(runStart.exists())", "l raised-lactate", " l" },
	/* the plan's own element */
	{ "%vitals.where(vital)", "f fever", " f" },
	{ "%lactate.where(vital)", "l raised-lactate", "" },
	/* lone qualifiers: what they point at is qualified, nothing else, nor by one that is denied
	 */
	{ "%vitals.where(qualifier contains 'confusion')",
	    "f fever; g fever; q confusion role=qualifier to=Observation/f", " f" },
	{ "%vitals.where(qualifier contains 'confusion')",
	    "f fever; q confusion role=qualifier no to=Observation/f", "" },
	{ "%vitals.where(qualifier contains 'confusion')",
	    "f fever; q confusion role=qualifier withdrawn to=Observation/f", "" },
	{ "%vitals.where(qualifier contains 'confusion')", "f fever; q confusion to=Observation/f",
	    "" },
	{ "%vitals.where(qualifier.count() = 4)",
	    "f fever; q confusion role=qualifier to=Observation/f; r infection role=qualifier "
	    "to=Observation/f; s antibiotic role=qualifier to=Observation/f; t tachycardia "
	    "role=qualifier to=Observation/f; u confusion role=qualifier to=Observation/f",
	    " f" },
};

START_TEST(derived_elements)
{
	struct decide_edit edit = EDIT("\"%signs.where(code = 'fever')\"", NULL);
	struct decide_case c;
	char quoted[300];

	snprintf(quoted, sizeof(quoted), "\"%s\"", derived[_i].trigger);
	edit.to = quoted;
	decide_all(&c, &edit, 1, derived[_i].findings);
	ck_assert_msg(strcmp(strrchr(decide_show(&c), '/') + 1, derived[_i].evidence) == 0,
	    "%s of %s: %s", derived[_i].trigger, derived[_i].findings, decide_show(&c));
	decide_end(&c);
}
END_TEST

/* A drop comes after runs are made, a discard before. */
START_TEST(dropped_after_runs)
{
	static const struct decide_edit drop[] = {
		FIRST_OF("C", CONTROL("X", "drop", "resolved", "")),
		TRIGGER("%vitals.where(runStart = when)"),
	}, discard[] = {
		FIRST_OF("C", CONTROL("X", "discard", "resolved", "")),
		TRIGGER("%vitals.where(runStart = when)"),
	};
	struct decide_case c;

	decide_all(&c, drop, 2, "f fever -2h resolved; g fever -1h");
	ck_assert_str_eq(decide_show(&c), "none / X / / /");
	decide_end(&c);
	decide_all(&c, discard, 2, "f fever -2h resolved; g fever -1h");
	ck_assert_str_eq(decide_show(&c), "watch R3 / / / / g");
	decide_end(&c);
}
END_TEST

/* An input that asks for what is denied gets that, and nothing that was taken away otherwise. */
START_TEST(denied_inputs)
{
	static const struct {
		const char *findings, *shown;
	} cases[] = {
		{ "l raised-lactate no", "watch R3 / / / / l" },
		{ "l raised-lactate", "none / / / /" },
		{ "l raised-lactate absent", "none / / / /" },
		{ "l raised-lactate no withdrawn", "none / / / /" },
		{ "l raised-lactate no other", "none / / / /" },
	};
	static const struct decide_edit edit[] = {
		EDIT("\"id\": \"lactate\",\n          \"type\": \"Observation\",\n          "
		     "\"codeFilter\": [",
		    "\"id\": "
		    "\"lactate\",\"type\":\"Observation\",\"codeFilter\":[{\"path\":\"present\","
		    "\"code\":[{\"code\":\"false\"}]},"),
		TRIGGER("%lactate.where(present = false)"),
	};
	struct decide_case c;

	for (size_t i = 0; i < COUNT(cases); i++) {
		decide_all(&c, edit, 2, cases[i].findings);
		ck_assert_msg(strncmp(decide_show(&c), cases[i].shown, 6) == 0, "%s: %s",
		    cases[i].findings, decide_show(&c));
		decide_end(&c);
	}
	decide_begin(&c, edit, 2);
	decide_findings(&c, "l raised-lactate no");
	c.about.about.deceased = true;
	decide_run(&c, false);
	ck_assert_int_eq(c.decision.tier, MAP_TIER_NONE);
	c.about.about = (struct map_patient){ .inactive = true };
	decide_run(&c, false);
	ck_assert_int_eq(c.decision.tier, MAP_TIER_NONE);
	c.about.about.inactive = false;
	decide_run(&c, false);
	ck_assert_int_eq(c.decision.tier, MAP_TIER_WATCH);
	decide_end(&c);
}
END_TEST

START_TEST(a_dead_patient)
{
	static const struct decide_edit edit =
	    FIRST_OF("C", CONTROL("D", "discard", "%patient.deceased", ""));
	struct decide_case c;

	decide_begin(&c, &edit, 1);
	decide_findings(&c, "f fever");
	c.about.about.deceased = true;
	decide_run(&c, true);
	ck_assert_int_eq(c.rc, 0);
	ck_assert_str_eq(decide_show(&c), "none / D / / /");
	ck_assert(!c.decision.told);
	decide_end(&c);
}
END_TEST

/* An element of the plan that rests on a comparison without an answer has no value. */
START_TEST(doubtful_element)
{
	static const struct decide_edit edit[] = {
		EDIT("group = 'vital'", "iif(value > 3 'mmol/L', true, false)"),
		TRIGGER("%lactate.where(vital = false)"),
	};
	struct decide_case c;

	decide_all(&c, edit, 2,
	    "l raised-lactate value=5|mg/dL; m raised-lactate value=5|mmol/L; n raised-lactate "
	    "value=3|mmol/L");
	ck_assert_str_eq(decide_show(&c), "watch R3 / / / / n");
	decide_end(&c);
}
END_TEST

/* --- faults --- */

#define TWO "(code | group).single() = 'x'"
#define TWICE                                                                                      \
	"i infection; l raised-lactate value=4|mmol/L; m raised-lactate value=5|mmol/L; f fever; " \
	"g tachycardia"

static const struct {
	const char *says;
	int rc;
	struct decide_edit edit;
} failures[] = {
	{ "R2: single() found 2 items", CW_EVALUE, EDIT("\"%signs\"", "\"%signs.single()\"") },
	{ "R2: single() found 2 items", CW_EVALUE,
	    EDIT("\"%signs.select(code).distinct().count() >= %least\"",
		"\"%signs.single().exists()\"") },
	{ "R1: H: single() found 2 items", CW_EVALUE,
	    FIRST_OF("C", CONTROL("H", "hold", TWO, ON("R1"))) },
	{ "D: single() found 2 items", CW_EVALUE, FIRST_OF("C", CONTROL("D", "discard", TWO, "")) },
	{ "D: single() found 2 items", CW_EVALUE, FIRST_OF("C", CONTROL("D", "drop", TWO, "")) },
	{ "vital: single() found 2 items", CW_EVALUE, EDIT("group = 'vital'", TWO) },
	{ "run: single() found 2 items", CW_EVALUE, EDIT("status = 'recurrence'", TWO) },
	{ "episode: single() found 2 items", CW_EVALUE,
	    EDIT("\"expression\": \"vital\"", "\"expression\": \"" TWO "\"") },
	{ "R1: single() found 2 items", CW_EVALUE,
	    EDIT("\"expression\": \"%infection\"", "\"expression\": \"%severe.single()\"") },
	{ "R1: single() found 2 items", CW_EVALUE,
	    EDIT("'Repeat the lactate after the first bolus.'", "%severe.single().code") },
	{ "R1: occurrencePeriod.end needs one instant", CW_ETYPE,
	    { "now() + %stat_due", "(now() + %stat_due).where(%patient.deceased)", STAT_FILE } },
	{ "R1: occurrencePeriod.end needs one instant", CW_ETYPE,
	    { "now() + %stat_due", "@2025-06-17T", STAT_FILE } },
	{ "urn:example:ActivityDefinition:sepsis-set-stat: single() found 2 items", CW_EVALUE,
	    { "\"dynamicValue\": [",
		"\"dynamicValue\": [" VALUE("note", "(%patient.tag.code | 'a' | 'b').single()") ",",
		STAT_FILE } },
	{ "urn:example:ActivityDefinition:sepsis-set-stat: single() found 2 items", CW_EVALUE,
	    { "\"dynamicValue\": [",
		"\"dynamicValue\": [" VALUE("intent",
		    "iif((%patient.tag.code | 'a' | 'b').single() = 'a', 'plan', 'order')") ",",
		STAT_FILE } },
};

START_TEST(expressions_that_fail)
{
	struct decide_case c;

	decide_begin(&c, &failures[_i].edit, 1);
	decide_findings(&c, TWICE);
	decide_run(&c, false);
	ck_assert_int_eq(c.rc, failures[_i].rc);
	ck_assert_int_eq(c.err.code, failures[_i].rc);
	ck_assert_msg(strstr(c.err.text, failures[_i].says) == c.err.text, "%s", c.err.text);
	ck_assert_int_eq(
	    map_decide(&c.decision, c.files.plan, &c.about, DECIDE_NOW, true, c.arena, NULL),
	    failures[_i].rc);
	decide_end(&c);
}
END_TEST

/* A rule that is too much work is unknown, and so is what comes after; what was told before stands,
 * with its order. */
START_TEST(too_many_steps)
{
	static const struct decide_edit edit =
	    TRIGGER("%vitals.where(grade.repeat($this + 1).exists())");
	struct decide_case c;

	decide_all(&c, &edit, 1, "i infection; l raised-lactate value=4|mmol/L; f fever grade=1");
	ck_assert_str_eq(decide_show(&c), "emergency R1 / / stat 2025-06-16T10:00:00Z / R3 / i l");
	ck_assert_int_eq(c.decision.limit.code, CW_ELIMIT);
	ck_assert_msg(strstr(c.decision.limit.text, "R3: ") == c.decision.limit.text, "%s",
	    c.decision.limit.text);
	ck_assert_int_eq(c.err.code, 0);
	decide_end(&c);
	decide_all(&c, &edit, 1, "i infection; l raised-lactate value=4|mmol/L");
	ck_assert_int_eq(c.decision.limit.code, 0);
	decide_end(&c);
}
END_TEST

/* However little memory there is: CW_ELIMIT, or the same decision. */
START_TEST(a_full_arena)
{
	static const struct decide_edit edit =
	    FIRST_OF("C", CONTROL("L", "watch", "imprecise", ON("R1")) "," CONTROL(
			      "H", "hold", "resolved", ON("R1")));
	const char *findings = "i infection; l raised-lactate resolved value=4|mmol/L; m "
			       "raised-lactate value=4|mg/dL; "
			       "f fever unknown; t tachycardia; q confusion role=qualifier "
			       "to=Observation/t; n raised-lactate no";
	struct decide_case c;
	struct cw_arena *whole;
	size_t used, refused = 0, steps = 300;
	const char *shown;

	decide_all(&c, &edit, 1, findings);
	shown = decide_show(&c);
	whole = c.arena;
	c.arena = cw_arena_new(0);
	decide_run(&c, true);
	used = cw_arena_used(c.arena);
	for (size_t i = 0; i <= steps; i++) {
		cw_arena_free(c.arena);
		c.arena = cw_arena_new(1 + used * i / steps);
		decide_run(&c, true);
		ck_assert(c.rc == 0 || (c.rc == CW_ELIMIT && c.err.code == CW_ELIMIT));
		refused += c.rc < 0;
	}
	ck_assert_int_eq(c.rc, 0);
	ck_assert_uint_eq(refused, steps);
	cw_arena_free(c.arena);
	c.arena = cw_arena_new(0);
	decide_run(&c, true);
	ck_assert_str_eq(decide_show(&c), shown);
	cw_arena_free(whole);
	decide_end(&c);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("decide_world");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, derived_elements, 0, COUNT(derived));
	tcase_add_test(t, doubtful_element);
	tcase_add_test(t, dropped_after_runs);
	tcase_add_test(t, denied_inputs);
	tcase_add_test(t, a_dead_patient);
	tcase_add_loop_test(t, expressions_that_fail, 0, COUNT(failures));
	tcase_add_test(t, too_many_steps);
	tcase_add_test(t, a_full_arena);
	return test_run("decide_world", t);
}
