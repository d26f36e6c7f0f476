/* Unit tests of mappings/decide: a decision by findings that are told in words and a plan that is
 * edited, without the readers. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/decide_case.h"
#include "tests/unit/run.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define STAT "stat 2025-06-16T10:00:00Z"
#define URGENT "urgent 2025-06-16T15:00:00Z"

/* As the package is. */
static const struct {
	const char *title, *findings, *shown;
} plain[] = {
	/* silence, tiers, what is behind them */
	{ "nothing", "", "none / / / /" },
	{ "a gate alone", "i infection", "none / / / /" },
	{ "a trigger without its gate", "l raised-lactate value=4|mmol/L", "none / / / /" },
	{ "emergency", "i infection -1h; l raised-lactate -2h value=4|mmol/L",
	    "emergency R1 / / " STAT " / / l i" },
	{ "urgent", "f fever -3h; i infection -2h; t tachycardia -1h",
	    "urgent R2 / / " URGENT " / / f i t" },
	{ "two of one code are one", "f fever -3h; i infection -2h; g fever -1h", "none / / / /" },
	{ "watch orders nothing", "f fever", "watch R3 / / / / f" },
	{ "the higher tier speaks",
	    "f fever; i infection; t tachycardia; l raised-lactate value=5|mmol/L",
	    "emergency R1 / / " STAT " / / i l" },
	{ "context, where no role is asked for", "f fever role=context", "watch R3 / / / / f" },
	{ "a weak finding is no sign", "f fever role=weak", "none / / / /" },
	/* numbers and windows at their edges */
	{ "just under the limit", "i infection; l raised-lactate value=3.999999|mmol/L",
	    "none / / / /" },
	{ "another unit", "i infection; l raised-lactate value=4000|umol/L",
	    "emergency R1 / / " STAT " / / i l" },
	{ "the last instant of the window", "i infection -3d; l raised-lactate -24h value=4|mmol/L",
	    "emergency R1 / / " STAT " / / i l" },
	{ "just outside of it", "i infection; l raised-lactate -86400001ms value=4|mmol/L",
	    "none / / / /" },
	/* what is not known */
	{ "an unknown sign might complete it", "i infection; f fever unknown; t tachycardia",
	    "none / / / R2 /" },
	{ "an unknown gate might open", "i infection unknown; f fever; t tachycardia",
	    "watch R3 / / / R2 / f" },
	{ "unknown lowers no tier",
	    "i infection; l raised-lactate value=4|mmol/L; f fever unknown; t tachycardia",
	    "emergency R1 / / " STAT " / R2 / i l" },
	{ "unknown that changes nothing",
	    "i infection; f fever; t tachycardia; c confusion unknown",
	    "urgent R2 / / " URGENT " / / f i t" },
	{ "a number that cannot be compared", "i infection; l raised-lactate value=40|mg/dL",
	    "none / / / R1 /" },
	{ "no number", "i infection; l raised-lactate", "none / / / /" },
	{ "one number is enough",
	    "i infection; l raised-lactate value=40|mg/dL; m raised-lactate value=5|mmol/L",
	    "emergency R1 / / " STAT " / / i m" },
	/* discarded at once */
	{ "denied", "f fever no", "none / C2 / / /" },
	{ "withdrawn", "f fever withdrawn", "none / C1 / / /" },
	{ "withdrawn beside another", "f fever withdrawn; g fever", "watch R3 / / / / g" },
	{ "a control that matters to no rule", "a antibiotic no; f fever", "watch R3 / / / / f" },
	{ "either of two would have done", "f fever no withdrawn", "none / C1 / / /" },
	/* held */
	{ "ordered already",
	    "i infection; l raised-lactate value=4|mmol/L; o sepsis-order role=context urgency=3 "
	    "status=active",
	    "emergency R1 / C3 / / / i l" },
	{ "ordered, but not as soon",
	    "i infection; l raised-lactate value=4|mmol/L; o sepsis-order role=context urgency=2 "
	    "status=active",
	    "emergency R1 / / " STAT " / / i l" },
	{ "as soon as an urgent rule asks",
	    "i infection; f fever; t tachycardia; o sepsis-order role=context urgency=2 "
	    "status=active",
	    "urgent R2 / C3 / / / f i t" },
	{ "the order is done with",
	    "i infection; l raised-lactate value=4|mmol/L; o sepsis-order role=context urgency=3 "
	    "status=completed",
	    "emergency R1 / / " STAT " / / i l" },
	/* evidence */
	{ "one instant: by reference", "b fever; a fever; c fever -1h", "watch R3 / / / / c a b" },
	{ "one resource, two findings", "i infection -1h; f fever; f tachycardia",
	    "urgent R2 / / " URGENT " / / i f" },
	{ "support is not told for what does not hold", "f fever; i infection", "none / / / /" },
};

/* With one edit of its plan. */
static const struct {
	const char *title, *findings, *shown;
	struct decide_edit edit;
} edited[] = {
	/* what is not known */
	{ "a doubtful condition",
	    "i infection; f fever; t tachycardia; l raised-lactate -3d value=5|mmol/L",
	    "none / / / R2 /",
	    EDIT("%least\"", "%least and %lactate.exists(value > 30 'mg/dL')\"") },
	{ "false beats doubt", "f fever; t tachycardia; l raised-lactate value=5|mmol/L",
	    "watch R3 / / / / f",
	    EDIT("%least\"", "%least and %lactate.exists(value > 30 'mg/dL')\"") },
	{ "a trigger that doubt may take away", "f fever; l raised-lactate value=40|mg/dL",
	    "none / / / R3 /",
	    EDIT("%signs.where(code = 'fever')",
		"%signs.where(%lactate.where(value > 3 'mmol/L').empty())") },
	/* held */
	{ "held for one of two triggers",
	    "i infection; l raised-lactate resolved value=4|mmol/L; m raised-lactate "
	    "value=5|mmol/L",
	    "emergency R1 / / " STAT " / / i l m",
	    FIRST_OF("C", CONTROL("H", "hold", "resolved", ON("R1"))) },
	{ "held for both",
	    "i infection; l raised-lactate resolved value=4|mmol/L; m raised-lactate resolved "
	    "value=5|mmol/L",
	    "emergency R1 / H / / / i l m",
	    FIRST_OF("C", CONTROL("H", "hold", "resolved", ON("R1"))) },
	{ "each of two holds by itself: both are named",
	    "i infection; l raised-lactate resolved value=4|mmol/L; o sepsis-order role=context "
	    "urgency=3 status=active",
	    "emergency R1 / C3 H / / / i l",
	    FIRST_OF("C", CONTROL("H", "hold", "resolved", ON("R1"))) },
	/* lowered, answered, dropped, replaced, noted */
	{ "lowered", "i infection; l raised-lactate resolved value=4|mmol/L", "watch / L / / /",
	    FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R1"))) },
	{ "one of two lowered",
	    "i infection; l raised-lactate resolved value=4|mmol/L; m raised-lactate "
	    "value=4|mmol/L",
	    "emergency R1 / / " STAT " / / i m",
	    FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R1"))) },
	{ "lowered for certain, whatever else is in doubt",
	    "i infection; l raised-lactate resolved value=4|mmol/L; m raised-lactate value=4|mg/dL",
	    "watch / L / / R1 /", FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R1"))) },
	{ "a control of another rule", "i infection; l raised-lactate resolved value=4|mmol/L",
	    "emergency R1 / / " STAT " / / i l",
	    FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R2"))) },
	{ "a control that cannot tell", "i infection; l raised-lactate value=4|mmol/L",
	    "emergency R1 / / " STAT " / / i l",
	    FIRST_OF("C", CONTROL("L", "watch", "value > 3 'mg/dL'", ON("R1"))) },
	{ "answered", "i infection; l raised-lactate resolved value=4|mmol/L", "none / A / / /",
	    FIRST_OF("C", CONTROL("A", "answer", "resolved", ON("R1"))) },
	{ "lowered, then answered", "i infection; l raised-lactate resolved value=4|mmol/L",
	    "none / A / / /",
	    FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R1")) "," CONTROL(
			      "A", "answer", "resolved", ON("R1"))) },
	{ "answered, the next tier speaks",
	    "i infection; l raised-lactate resolved value=4|mmol/L; f fever; t tachycardia",
	    "urgent R2 / A / " URGENT " / / f i t",
	    FIRST_OF("C", CONTROL("A", "answer", "resolved", ON("R1"))) },
	{ "by the whole group", "f fever resolved", "none / A / / /",
	    FIRST_OF("C", CONTROL("A", "answer", "resolved", ON("R"))) },
	{ "dropped", "f fever resolved", "none / D / / /",
	    FIRST_OF("C", CONTROL("D", "drop", "resolved", "")) },
	{ "discarded for a dead patient only", "f fever", "watch R3 / / / / f",
	    FIRST_OF("C", CONTROL("D", "discard", "%patient.deceased", "")) },
	{ "another definition", "i infection; f fever resolved; t tachycardia",
	    "urgent R2 / P / " URGENT " / / f i t",
	    FIRST_OF(
		"C", CONTROL("P", "replace", "resolved", ON("R2") ORDERS("sepsis-set-stat"))) },
	{ "another definition for an emergency",
	    "i infection; l raised-lactate resolved value=4|mmol/L",
	    "emergency R1 / P / " STAT " / / i l",
	    FIRST_OF(
		"C", CONTROL("P", "replace", "resolved", ON("R1") ORDERS("sepsis-set-urgent"))) },
	{ "held for what is left of it",
	    "i infection; l raised-lactate imprecise value=4|mmol/L; m raised-lactate resolved "
	    "value=4|mmol/L",
	    "emergency R1 / H L / / / i m",
	    FIRST_OF("C", CONTROL("L", "watch", "imprecise", ON("R1")) "," CONTROL(
			      "H", "hold", "resolved", ON("R1"))) },
	{ "the first rule of the tier says what and how soon",
	    "i infection; l raised-lactate value=4|mmol/L", "emergency R1 Z / / " STAT " / / i l",
	    FIRST_OF("R", RULE("Z", "Z", "emergency", "%severe", ORDERS("sepsis-set-urgent"))) },
	{ "a note changes nothing", "i infection; f fever resolved; t tachycardia",
	    "urgent R2 / / " URGENT " / / f i t",
	    FIRST_OF("C", CONTROL("N", "note", "resolved", ON("R2"))) },
	/* labels */
	{ "two before ten, each once", "f fever", "watch R2 R3 R10 / / / / f",
	    FIRST_OF("R", RULE("X", "R10", "watch", "%signs", "") "," RULE("Y", "R2", "watch",
			      "%signs", "") "," RULE("Z", "R2", "watch", "%signs", "")) },
	{ "unknown in table order too", "f fever unknown", "none / / / R2 R3 R10 /",
	    FIRST_OF("R", RULE("X", "R10", "watch", "%signs", "") "," RULE(
			      "Y", "R2", "watch", "%signs", "")) },
	/* what the plan can name */
	{ "what a group took", "f fever", "none / A / / /",
	    FIRST_OF(
		"C", CONTROL("A", "answer", "%R.where(code = 'tachycardia').empty()", ON("R"))) },
	{ "what a control caught", "f fever; o sepsis-order role=context withdrawn",
	    "watch R3 / / / / f o",
	    EDIT("\"expression\": \"%signs.where(code = 'fever')\"",
		"\"expression\": \"%signs.where(code = 'fever') | %C1\"") },
};

/* Findings in another order, and told again: map_case has them by time, but the decision may not
 * rest on it. */
static void
shuffle(struct decide_case *c, unsigned seed)
{
	size_t n = c->about.findings;

	for (size_t i = n; i > 1; i--) {
		size_t k = (seed = seed * 1103515245u + 12345u) / 65536u % i;
		const struct map_finding *f = c->list[i - 1];

		c->list[i - 1] = c->list[k];
		c->list[k] = f;
	}
	if (n > 0 && n < DECIDE_FINDINGS)
		c->list[c->about.findings++] = c->list[seed / 65536u % n];
	decide_run(c, false);
	ck_assert_int_eq(c->rc, 0);
}

/* With a trace, without, in any order: the same. */
static void
judge(const char *title, const char *findings, const struct decide_edit *edit, size_t n,
    const char *shown)
{
	struct decide_case c;

	decide_all(&c, edit, n, findings);
	ck_assert_msg(strcmp(decide_show(&c), shown) == 0, "%s: %s", title, decide_show(&c));
	decide_run(&c, false);
	ck_assert_msg(
	    strcmp(decide_show(&c), shown) == 0, "%s, no trace: %s", title, decide_show(&c));
	ck_assert_uint_eq(c.decision.trace.rules + c.decision.trace.facts, 0);
	for (unsigned seed = 1; seed <= 5; seed++) {
		shuffle(&c, seed);
		ck_assert_msg(strcmp(decide_show(&c), shown) == 0, "%s, shuffled: %s", title,
		    decide_show(&c));
	}
	decide_end(&c);
}

START_TEST(decisions)
{
	judge(plain[_i].title, plain[_i].findings, NULL, 0, plain[_i].shown);
}
END_TEST

START_TEST(decisions_of_edited_plans)
{
	judge(edited[_i].title, edited[_i].findings, &edited[_i].edit, 1, edited[_i].shown);
}
END_TEST

#define IN_DOUBT IF("%lactate.exists(value > 30 'mg/dL')")
#define DOUBTFUL FIRST_OF("R", RULE("Q", "Q", "watch", "%signs", IN_DOUBT))
#define DOUBTED "f fever resolved; l raised-lactate value=5|mmol/L"

/* A condition in doubt lowers nothing and takes nothing for its group. */
START_TEST(doubtful_conditions)
{
	static const struct decide_edit lower[] = { DOUBTFUL,
		FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("Q")) "," CONTROL(
				  "A", "answer", "resolved", ON("R3"))) };
	static const struct decide_edit take[] = { DOUBTFUL,
		FIRST_OF("C", CONTROL("A", "answer", "%R.empty()", ON("R3"))) };

	judge("lower", DOUBTED, lower, 2, "none / A / / Q /");
	judge("take", DOUBTED, take, 2, "none / A / / Q /");
}
END_TEST

/* A control that changes nothing but how soon has changed the order. */
START_TEST(how_soon_is_part_of_the_order)
{
	static const struct decide_edit answer[] = {
		FIRST_OF("R", RULE("Z", "Z", "emergency", "%severe", ORDERS("sepsis-set-urgent"))),
		FIRST_OF("C", CONTROL("A", "answer", "resolved", ON("R1")))
	};
	static const struct decide_edit replace[] = {
		FIRST_OF("R", RULE("Z", "Z", "emergency", "%severe", ORDERS("sepsis-set-urgent"))),
		FIRST_OF("C", CONTROL("A", "answer", "resolved", ON("R1")) "," CONTROL(
				  "P", "replace", "resolved", ON("Z") ORDERS("sepsis-set-stat")))
	};
	const char *findings = "i infection; l raised-lactate resolved value=4|mmol/L";

	judge("answer", findings, answer, 2, "emergency Z / A / " URGENT " / / l");
	judge("replace", findings, replace, 2, "emergency Z / A P / " URGENT " / / l");
}
END_TEST

/* What was taken away may still be what a rule is about: that is told. */
START_TEST(told_by_what_was_taken_away)
{
	static const struct decide_edit edit = EDIT("\"%signs.where(code = 'fever')\"", "\"%C1\"");
	struct decide_case c;

	decide_all(&c, &edit, 1, "f fever withdrawn");
	ck_assert_str_eq(decide_show(&c), "watch R3 / C1 / / / f");
	ck_assert(c.decision.told);
	decide_end(&c);
}
END_TEST

/* --- the rest of a decision --- */

static const struct {
	const char *findings;
	bool told;
} telling[] = {
	{ "", false },
	{ "i infection", true },
	{ "i infection no", false },
	{ "i infection unknown", true },
	{ "i infection withdrawn", false },
	{ "a antibiotic role=context", true },
	{ "q confusion role=qualifier", false },
	{ "f fever", true },
};

START_TEST(who_gets_a_line)
{
	struct decide_case c;

	decide_all(&c, NULL, 0, telling[_i].findings);
	ck_assert_msg(c.decision.told == telling[_i].told, "%s", telling[_i].findings);
	decide_end(&c);
}
END_TEST

static void
texts(struct cw_buf *b, const struct map_texts *list)
{
	for (size_t i = 0; i < list->n; i++)
		cw_buf_printf(b, "%s%.*s", i == 0 ? "" : ", ", CW_ARG(list->item[i]));
	cw_buf_puts(b, "; ");
}

static void
sources(struct cw_buf *b, const struct map_facts *list)
{
	for (size_t i = 0; i < list->n; i++)
		cw_buf_printf(
		    b, "%s%.*s", i == 0 ? "" : ", ", CW_ARG(list->item[i]->finding->source));
	cw_buf_puts(b, "; ");
}

/* Titles and what was lowered: rules; controls; lowered; their titles; what fired them. */
static const struct {
	const char *findings, *shown;
	struct decide_edit edit;
} worded[] = {
	{ "f fever", "R10 title, Fever without a focus; ; ; ; ; ",
	    FIRST_OF("R", RULE("R10", "R2", "watch", "%signs", "") "," RULE(
			      "R11", "R2", "watch", "%signs", "")) },
	{ "i infection; m raised-lactate -1h resolved value=5|mmol/L; l raised-lactate -1h "
	  "resolved value=4|mmol/L",
	    "; L title; R1; Shock suspected; Observation/l, Observation/m; ",
	    FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R1"))) },
	{ "i infection; l raised-lactate resolved value=5|mmol/L; m raised-lactate value=4|mmol/L",
	    "Shock suspected; ; ; ; ; ",
	    FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R1"))) },
	{ "f fever resolved", "; X2 title; ; ; ; ",
	    FIRST_OF("C",
		ACTION("X1", "X", "control-effect", "answer", IF("imprecise") ON("R")) "," ACTION(
		    "X2", "X", "control-effect", "answer", IF("resolved") ON("R"))) },
};

START_TEST(titles)
{
	const struct map_decision *d;
	struct decide_case c;
	struct cw_buf b;

	decide_all(&c, &worded[_i].edit, 1, worded[_i].findings);
	d = &c.decision;
	cw_buf_init(&b, 0);
	texts(&b, &d->titles);
	texts(&b, &d->control_titles);
	texts(&b, &d->lowered);
	texts(&b, &d->lowered_titles);
	sources(&b, &d->lowered_facts);
	ck_assert_str_eq(b.s, worded[_i].shown);
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

#define SHOCK                                                                                      \
	"i infection -2h; l raised-lactate -1h resolved value=4|mmol/L; p antibiotic role=context"
#define FIRST_NOTE "Repeat the lactate after the first bolus."
#define STAT_FILE "ActivityDefinition-sepsis-set-stat.json"

/* Sent?; definition, code, priority, intent; notes; reasons; related. */
static const struct {
	const char *shown;
	struct decide_edit edit;
} proposals[] = {
	{ "sent; sepsis-set-urgent W-SET stat proposal; " FIRST_NOTE
	  ", Mind.; Observation/i, Observation/l; Observation/p; ",
	    FIRST_OF("C", CONTROL("P", "replace", "resolved",
			      ON("R1") ORDERS("sepsis-set-urgent") VALUES(VALUE(
				  "note", "'Mind.'") "," VALUE("supportingInfo", "%allergy")))) },
	{ "sent; sepsis-set-stat W-SET stat proposal; " FIRST_NOTE
	  "; Observation/i, Observation/l; ; ",
	    EDIT("R1", "R1") },
	{ "held; sepsis-set-stat W-SET stat proposal; " FIRST_NOTE
	  "; Observation/i, Observation/l; ; ",
	    FIRST_OF("C", CONTROL("H", "hold", "resolved", ON("R1"))) },
	{ "sent; sepsis-set-urgent W-SET stat proposal; " FIRST_NOTE
	  "; Observation/i, Observation/l; ; ",
	    FIRST_OF(
		"C", CONTROL("P", "replace", "resolved", ON("R1") ORDERS("sepsis-set-urgent"))) },
	{ "sent; sepsis-set-stat W-SET stat proposal; " FIRST_NOTE
	  ", Mind.; Observation/i, Observation/l; Observation/p; ",
	    FIRST_OF("C", CONTROL("N", "note", "resolved",
			      ON("R1") VALUES(VALUE("note", "'Mind.'") "," VALUE(
				  "supportingInfo", "%allergy")))) },
	{ "sent; sepsis-set-stat W-SET stat proposal; " FIRST_NOTE
	  "; Observation/i, Observation/l; ; ",
	    FIRST_OF("C",
		CONTROL("N", "note", "imprecise", ON("R1") VALUES(VALUE("note", "'Mind.'")))) },
	{ "sent; sepsis-set-stat W-SET asap order; " FIRST_NOTE
	  "; Observation/i, Observation/l; ; ",
	    { "\"intent\": \"proposal\",\n  \"priority\": \"stat\"",
		"\"intent\": \"order\",\"priority\":\"asap\"", STAT_FILE } },
	{ "sent; sepsis-set-stat W-SET stat proposal; " FIRST_NOTE
	  "; Observation/i, Observation/l; ; ",
	    { "\"intent\": \"proposal\",", "", STAT_FILE } },
	{ "sent; sepsis-set-stat W-SET stat plan; Early., " FIRST_NOTE
	  "; Observation/i, Observation/l; ; ",
	    { "\"dynamicValue\": [",
		"\"dynamicValue\": [" VALUE("intent",
		    "iif(%patient.known, 'plan', 'order')") "," VALUE("note", "'Early.'") ",",
		STAT_FILE } },
};

START_TEST(what_is_proposed)
{
	/* One more input, for what a note refers to. */
	struct decide_edit edit[2] = { EDIT("\"input\": [",
	    "\"input\": "
	    "[{\"id\":\"allergy\",\"type\":\"Observation\",\"codeFilter\":[{\"path\":\"code\","
	    "\"code\":[{\"code\":\"antibiotic\"}]}]},") };
	const struct map_proposal *p;
	struct decide_case c;
	struct cw_buf b;

	edit[1] = proposals[_i].edit;
	decide_all(&c, edit, 2, SHOCK);
	p = &c.decision.proposal;
	cw_buf_init(&b, 0);
	cw_buf_printf(&b, "%s; %.*s %.*s %.*s %.*s; ", c.decision.has_order ? "sent" : "held",
	    CW_ARG(p->definition->id), CW_ARG(p->code), CW_ARG(p->priority), CW_ARG(p->intent));
	texts(&b, &p->notes);
	sources(&b, &p->reason);
	sources(&b, &p->related);
	ck_assert_str_eq(b.s, proposals[_i].shown);
	ck_assert_int_eq(p->due, DECIDE_NOW + 3600000);
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

static const struct {
	const char *findings;
	int64_t episode; /* ms from now */
	struct decide_edit edit;
} episodes[] = {
	{ "i infection -9h; l raised-lactate -2h value=4|mmol/L; m raised-lactate -3h "
	  "value=4|mmol/L",
	    -10800000, EDIT("R1", "R1") },
	{ "i infection -9h; l raised-lactate -2h value=4|mmol/L; m raised-lactate -3h resolved "
	  "value=4|mmol/L",
	    -7200000, FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R1"))) },
	{ "i infection -9h; l raised-lactate -2h value=4|mmol/L; m raised-lactate -3h resolved "
	  "value=4|mmol/L",
	    -7200000, FIRST_OF("C", CONTROL("L", "answer", "resolved", ON("R1"))) },
};

START_TEST(when_an_episode_began)
{
	struct decide_case c;

	decide_all(&c, &episodes[_i].edit, 1, episodes[_i].findings);
	ck_assert_int_eq(c.decision.episode, DECIDE_NOW + episodes[_i].episode);
	ck_assert_int_eq(c.decision.now, DECIDE_NOW);
	ck_assert(cw_str_is(c.decision.patient, "Patient/p"));
	decide_end(&c);
	decide_all(&c, NULL, 0, "i infection");
	ck_assert_int_eq(c.decision.episode, MAP_NO_TIME);
	decide_end(&c);
}
END_TEST

/* --- names --- */

#define TELLS(parts)                                                                               \
	",\"extension\":[{\"url\":\"urn:cordwatch:StructureDefinition:notice\",\"extension\":["    \
	"{\"url\":\"kind\",\"valueCode\":\"team\"},"                                               \
	"{\"url\":\"text\",\"valueString\":\"Tell them.\"}" parts "]},"                            \
	"{\"url\":\"urn:cordwatch:StructureDefinition:notice\",\"extension\":["                    \
	"{\"url\":\"kind\",\"valueCode\":\"later\"},{\"url\":\"text\",\"valueString\":\"Again.\"}" \
	","                                                                                        \
	"{\"url\":\"after\",\"valueDuration\":{\"value\":2,\"unit\":\"days\","                     \
	"\"system\":\"http://unitsofmeasure.org\",\"code\":\"d\"}}]}]"
#define ASKED(text) ",{\"url\":\"condition\",\"valueExpression\":" FHIRPATH(text) "}"

/* What holds at the tier, with the words whose condition is true; the rest says nothing. */
static const struct {
	struct decide_edit edit;
	const char *findings;
	size_t holdings; /* R9 is the last of the rules, if it holds */
	size_t words;
	unsigned bit; /* of the first word */
} told[] = {
	{ FIRST_OF(
	      "R", RULE("R9", "R9", "emergency", "%signs", ORDERS("sepsis-set-stat") TELLS(""))),
	    "f fever", 1, 2, 0 },
	{ FIRST_OF("R", RULE("R9", "R9", "emergency", "%signs",
			    ORDERS("sepsis-set-stat") TELLS(ASKED("%signs.count() = 2")))),
	    "f fever", 1, 1, 1 },
	{ FIRST_OF("R", RULE("R9", "R9", "emergency", "%signs",
			    ORDERS("sepsis-set-stat") TELLS(ASKED("%signs.count() = 1")))),
	    "f fever", 1, 2, 0 },
	{ FIRST_OF(
	      "R", RULE("R9", "R9", "emergency", "%signs", ORDERS("sepsis-set-stat") TELLS(""))),
	    "a antibiotic role=context", 0, 0, 0 },
};

START_TEST(what_a_person_is_told)
{
	struct decide_case c;
	const struct map_holding *h;

	decide_all(&c, &told[_i].edit, 1, told[_i].findings);
	ck_assert_uint_eq(c.decision.holdings, told[_i].holdings);
	if (told[_i].holdings > 0) {
		h = &c.decision.holding[0];
		ck_assert(cw_str_is(h->id, "R9"));
		ck_assert_uint_eq(h->words, told[_i].words);
		ck_assert_uint_eq(h->word[0].bit, told[_i].bit);
		ck_assert(cw_str_is(h->word[h->words - 1].kind, "later"));
		ck_assert_int_eq(h->word[h->words - 1].after, INT64_C(2) * 86400000);
	}
	decide_end(&c);
}
END_TEST

START_TEST(names)
{
	static const char *const tiers[] = { "none", "watch", "urgent", "emergency" };
	static const char *const verdicts[] = { "false", "unknown", "answered", "lowered",
		"holds" };
	static const char *const effects[] = { "discard", "drop", "watch", "answer", "hold",
		"replace", "note" };

	for (int i = 0; i <= MAP_TIER_EMERGENCY; i++)
		ck_assert_str_eq(map_tier_name((enum map_tier)i), tiers[i]);
	for (int i = 0; i <= MAP_VERDICT_HOLDS; i++)
		ck_assert_str_eq(map_verdict_name((enum map_verdict)i), verdicts[i]);
	for (int i = 0; i <= MAP_EFFECT_NOTE; i++)
		ck_assert_str_eq(map_effect_name((enum map_effect)i), effects[i]);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("decide");

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, decisions, 0, COUNT(plain));
	tcase_add_loop_test(t, decisions_of_edited_plans, 0, COUNT(edited));
	tcase_add_test(t, doubtful_conditions);
	tcase_add_test(t, how_soon_is_part_of_the_order);
	tcase_add_test(t, told_by_what_was_taken_away);
	tcase_add_loop_test(t, who_gets_a_line, 0, COUNT(telling));
	tcase_add_loop_test(t, titles, 0, COUNT(worded));
	tcase_add_loop_test(t, what_is_proposed, 0, COUNT(proposals));
	tcase_add_loop_test(t, when_an_episode_began, 0, COUNT(episodes));
	tcase_add_loop_test(t, what_a_person_is_told, 0, COUNT(told));
	tcase_add_test(t, names);
	return test_run("decide", t);
}
