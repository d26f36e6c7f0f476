/* Unit tests of mappings/explain and explain_trace: the words, the line, the trace. JSON is written
 * here with single quotes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mappings/explain.h"
#include "tests/unit/decide_case.h"
#include "tests/unit/run.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define AT(time) " (2025-06-16T" time "Z)"
#define AS_IS EDIT("R1", "R1")
#define LOWER FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R1")))

static void
quotes(char *text)
{
	for (; *text != '\0'; text++)
		*text = *text == '"' ? '\'' : *text;
}

/* --- the sentence --- */

static const struct {
	const char *findings, *says;
	struct decide_edit edit;
} sentences[] = {
	{ "", "None: no rule holds.", AS_IS },
	{ "f fever", "Watch by R3: Fever without a focus. Seen: Fever" AT("09:00:00") ".", AS_IS },
	{ "f fever -9h", "Watch by R3: Fever without a focus. Seen: Fever (2025-06-16).", AS_IS },
	{ "f fever -9h says=Hot", "Watch by R3: Fever without a focus. Seen: Hot (2025-06-16).",
	    AS_IS },
	{ "i infection -1h; l raised-lactate -2h value=4|mmol/L",
	    "Emergency by R1: Shock suspected. Seen: Raised lactate" AT(
		"07:00:00") "; Infection" AT("08:00:00") ". Proposed: Sepsis set, within an hour, "
							 "priority stat, by "
							 "2025-06-16T10:00:00Z.",
	    AS_IS },
	{ "i infection -9h; f fever -9h; f tachycardia -9h",
	    "Urgent by R2: Sepsis likely. Seen: Fever (2025-06-16); Infection (2025-06-16). "
	    "Proposed: "
	    "Sepsis set, within six hours, priority urgent, by 2025-06-16T15:00:00Z.",
	    AS_IS },
	{ "i infection -9h; l raised-lactate -9h value=4|mmol/L; o sepsis-order role=context "
	  "urgency=3 "
	  "status=active",
	    "Emergency by R1: Shock suspected. Seen: Infection (2025-06-16); Raised lactate "
	    "(2025-06-16). Nothing new is sent: C3 (Already ordered).",
	    AS_IS },
	{ "f fever withdrawn", "None: C1 (Withdrawn) took away what would have counted.", AS_IS },
	{ "f fever no withdrawn", "None: C1 (Withdrawn) took away what would have counted.",
	    AS_IS },
	{ "i infection; l raised-lactate -9h resolved value=4|mmol/L",
	    "Watch. L (L title) lowered R1 (Shock suspected): Raised lactate (2025-06-16). Nothing "
	    "is "
	    "ordered.",
	    LOWER },
	{ "i infection; l raised-lactate -9h resolved value=4|mmol/L; f fever unknown; t "
	  "tachycardia",
	    "Watch. L (L title) lowered R1 (Shock suspected): Raised lactate (2025-06-16). Nothing "
	    "is "
	    "ordered. Could not be decided: R2 (unknown is not \"no\": please look).",
	    LOWER },
	{ "i infection -9h; f fever -9h; t tachycardia -9h; l raised-lactate resolved "
	  "value=4|mmol/L",
	    "Urgent by R2: Sepsis likely. Seen: Fever (2025-06-16); Infection (2025-06-16); Fast "
	    "heart (2025-06-16). Proposed: Sepsis set, within six hours, priority urgent, by "
	    "2025-06-16T15:00:00Z.",
	    LOWER },
	{ "i infection; f fever unknown; t tachycardia",
	    "None: no rule holds. Could not be decided: R2 (unknown is not \"no\": please look).",
	    AS_IS },
	{ "f fever unknown",
	    "None: no rule holds. Could not be decided: R2, R3 and R10 (unknown is not \"no\": "
	    "please "
	    "look).",
	    FIRST_OF("R", RULE("X", "R10", "watch", "%signs", "") "," RULE(
			      "Y", "R2", "watch", "%signs", "")) },
	{ "f fever -9h",
	    "Watch by R2, R3 and R10: Y title; Fever without a focus; X title. Seen: Fever "
	    "(2025-06-16).",
	    FIRST_OF("R", RULE("X", "R10", "watch", "%signs", "") "," RULE(
			      "Y", "R2", "watch", "%signs", "")) },
	{ "f fever -9h says=a\x1b[31mb\nc\x7f\xc2\x9b"
	  "d\xc2\xa0\xc3\xa9",
	    "Watch by R3: Fever without a focus. Seen: a [31mb c  d\xc2\xa0\xc3\xa9 (2025-06-16).",
	    AS_IS },
};

START_TEST(the_sentence)
{
	struct decide_case c;
	struct cw_buf b;

	decide_all(&c, &sentences[_i].edit, 1, sentences[_i].findings);
	cw_buf_init(&b, 0);
	map_explain_sentence(&b, &c.decision);
	ck_assert_str_eq(b.s, sentences[_i].says);
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

/* A rule that holds at watch beside one that was lowered to it: both are told. */
START_TEST(lowered_beside_watch)
{
	static const struct decide_edit edit[] = { LOWER,
		FIRST_OF("R", RULE("W", "W", "watch", "%signs", "")) };
	struct decide_case c;
	struct cw_buf b;

	decide_all(
	    &c, edit, 2, "i infection; l raised-lactate -9h resolved value=4|mmol/L; f fever -9h");
	cw_buf_init(&b, 0);
	map_explain_sentence(&b, &c.decision);
	ck_assert_str_eq(b.s,
	    "Watch by W: W title. Seen: Fever (2025-06-16). L (L title) lowered R1 (Shock "
	    "suspected): Raised lactate (2025-06-16). Nothing is ordered.");
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

/* --- the line --- */

static const struct {
	const char *patient, *findings, *line;
} lines[] = {
	{ "Patient/p", "i infection -1h; l raised-lactate value=4|mmol/L",
	    "{'patient':'Patient/"
	    "p','asOf':'2025-06-16T09:00:00Z','tier':'emergency','rules':['R1'],"
	    "'controls':[],'order':{'priority':'stat','code':'W-SET','due':'2025-06-16T10:00:00Z'},"
	    "'unknown':[],'evidence':['Observation/i','Observation/l']}" },
	{ "Patient/p",
	    "i infection type=Condition; l raised-lactate value=4|mmol/L; o sepsis-order "
	    "role=context "
	    "urgency=3 status=active; f fever unknown; t tachycardia",
	    "{'patient':'Patient/"
	    "p','asOf':'2025-06-16T09:00:00Z','tier':'emergency','rules':['R1'],"
	    "'controls':['C3'],'order':null,'unknown':['R2'],"
	    "'evidence':['Condition/i','Observation/l']}" },
	{ "urn:mrn|7", "i infection no",
	    "{'patient':'urn:mrn|7','asOf':'2025-06-16T09:00:00Z','tier':'none','rules':[],"
	    "'controls':[],'order':null,'unknown':[],'evidence':[]}" },
	{ "urn:mrn|a\\b\x1b\n", "",
	    "{'patient':'urn:mrn|a\\\\b\\u001b\\n','asOf':'2025-06-16T09:00:00Z','tier':'none',"
	    "'rules':[],'controls':[],'order':null,'unknown':[],'evidence':[]}" },
};

START_TEST(the_line)
{
	struct decide_case c;
	struct cw_buf b;

	decide_begin(&c, NULL, 0);
	c.about.patient = cw_str(lines[_i].patient);
	decide_findings(&c, lines[_i].findings);
	decide_run(&c, false);
	cw_buf_init(&b, 0);
	map_explain_line(&b, &c.decision);
	quotes(b.s);
	ck_assert_str_eq(b.s, lines[_i].line);
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

/* --- the text --- */

static const struct {
	const char *findings, *text;
	struct decide_edit edit;
	struct map_explain_options options;
} texts[] = {
	{ "i infection -9h imprecise; l raised-lactate -9h value=4|mmol/L says=Lactate",
	    "Patient/p  EMERGENCY R1  as of 2025-06-16T09:00:00Z\n"
	    "  Emergency by R1: Shock suspected. Seen: Infection (2025-06-16); Lactate "
	    "(2025-06-16).\n"
	    "  Proposed: Sepsis set, within an hour, priority stat, by 2025-06-16T10:00:00Z.\n"
	    "  Evidence\n"
	    "    2025-06-16 (imprecise date)  Observation/i  Infection  [infection]\n"
	    "    2025-06-16  Observation/l  Lactate  [raised-lactate]\n"
	    "  Order\n"
	    "    Sepsis set, within an hour (W-SET), proposal, priority stat, by "
	    "2025-06-16T10:00:00Z\n"
	    "    - Repeat the lactate after the first bolus.\n",
	    AS_IS, { false, false } },
	{ "i infection; l raised-lactate -9h resolved value=4|mmol/L",
	    "Patient/p  \033[36mWATCH\033[0m  controls L  as of 2025-06-16T09:00:00Z\n"
	    "  Watch. L (L title) lowered R1 (Shock suspected): Raised lactate (2025-06-16). "
	    "Nothing "
	    "is\n  ordered.\n"
	    "  Lowered to watch\n"
	    "    2025-06-16  Observation/l  Raised lactate  [raised-lactate]\n",
	    LOWER, { true, false } },
	{ "f fever -9h no withdrawn",
	    "Patient/p  \033[2mNONE\033[0m  controls C1  as of 2025-06-16T09:00:00Z\n"
	    "  None: C1 (Withdrawn) took away what would have counted.\n",
	    AS_IS, { true, false } },
	{ "f fever -9h withdrawn says=x\x1b[2Jy; t tachycardia -9h unknown",
	    "Patient/p  NONE  controls C1  as of 2025-06-16T09:00:00Z\n"
	    "  None: C1 (Withdrawn) took away what would have counted.\n"
	    "  Findings\n"
	    "    2025-06-16  Observation/f  x [2Jy  [fever]\n"
	    "    2025-06-16  Observation/t  Fast heart  [tachycardia]\n"
	    "  Taken away\n"
	    "    C1 (Withdrawn)  2025-06-16  Observation/f  x [2Jy  [fever]\n"
	    "  Rules\n"
	    "    R1  false  Shock suspected (nothing that it looks at is recorded)\n"
	    "    R2  false  Sepsis likely (nothing that it looks at is recorded)\n"
	    "    R3  false  Fever without a focus (nothing that it looks at is recorded)\n",
	    AS_IS, { false, true } },
	{ "i infection; l raised-lactate -9h value=40|mg/dL; m raised-lactate -9h resolved "
	  "value=4|mmol/L",
	    "Patient/p  WATCH  controls L  as of 2025-06-16T09:00:00Z\n"
	    "  Watch. L (L title) lowered R1 (Shock suspected): Raised lactate (2025-06-16). "
	    "Nothing "
	    "is\n  ordered. Could not be decided: R1 (unknown is not \"no\": please look).\n"
	    "  Lowered to watch\n"
	    "    2025-06-16  Observation/m  Raised lactate  [raised-lactate]\n"
	    "  Findings\n"
	    "    2025-06-16T09:00:00Z  Observation/i  Infection  [infection]\n"
	    "    2025-06-16  Observation/l  Raised lactate  [raised-lactate]\n"
	    "    2025-06-16  Observation/m  Raised lactate  [raised-lactate]\n"
	    "  Rules\n"
	    "    R1  unknown  Shock suspected\n"
	    "        condition true: %infection.exists()\n"
	    "        (out)    2025-06-16  Observation/m  Raised lactate  [raised-lactate]\n"
	    "            L acts (watch)\n"
	    "        source   Made up for this test\n"
	    "    R2  false  Sepsis likely (nothing that it looks at is recorded)\n"
	    "    R3  false  Fever without a focus (nothing that it looks at is recorded)\n"
	    "  Without an answer\n"
	    "    \">=\" at position 22 of: %lactate.where(value >= %severe_lactate and when >= "
	    "now() - "
	    "%window)\n",
	    LOWER, { false, true } },
};

START_TEST(the_text)
{
	struct decide_case c;
	struct cw_buf b;

	decide_all(&c, &texts[_i].edit, 1, texts[_i].findings);
	cw_buf_init(&b, 0);
	map_explain_text(&b, &c.decision, &texts[_i].options);
	ck_assert_str_eq(b.s, texts[_i].text);
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

/* --- the trace --- */

/* All of the parts are in it. */
static const struct {
	const char *findings;
	struct decide_edit edit;
	const char *part[4];
} traces[] = {
	{ "", AS_IS,
	    { "{'plan':'urn:example:PlanDefinition:sepsis|1.0.0','parameters':{",
		"{'window':'24 hours','severe_lactate':'4 'mmol/L'','least':'2',",
		"'patient':{'known':true,'deceased':false,'active':true,'tag':[]},"
		"'findings':[],'dropped':[],'rules':[{'action':'R1','id':'R1','tier':'emergency',",
		"'title':'Shock suspected','citation':'Made up for this test','looked':false}," } },
	/* a finding with all that is known of it, and no more */
	{ "l raised-lactate -9h rec-8h due+1h value=4.50|mmol/L grade=2 urgency=3 role=question "
	  "status=final says=Lac",
	    AS_IS,
	    { "'findings':[{'code':'raised-lactate','group':'lactate','grade':2,'role':'question',"
	      "'weak':false,'present':true,'dataAbsent':false,'value':{'value':4.50,'system':'http:"
	      "//unitsofmeasure.org','code':'mmol/L'},"
	      "'concluded':false,'status':'final','urgency':3,'withdrawn':false,'resolved':false,",
		"'dated':true,'imprecise':false,'when':'2025-06-16T00:00:00Z',"
		"'whenLatest':'2025-06-16T00:00:00Z','recorded':'2025-06-16T01:00:00Z',"
		"'recordedLatest':'2025-06-16T01:00:00Z','received':'2025-06-16T01:00:00Z',"
		"'due':'2025-06-16T10:00:00Z','runStart':'2025-06-16T01:00:00Z',",
		"'resource':'Observation','source':'Observation/l','text':'Lac','vital':false,",
		"'system':'urn:example:CodeSystem:ward','sourceCode':'W','element':'Observation',"
		"'version':'1'}]" } },
	{ "l raised-lactate unknown", AS_IS, { "'weak':false,'dataAbsent':false,'concluded'" } },
	{ "f fever; q confusion role=qualifier to=Observation/f", AS_IS,
	    { "'qualifier':['confusion']," } },
	/* what was taken away, by what and why */
	{ "i infection; f fever withdrawn", AS_IS,
	    { "'dropped':[{'finding':1,'control':'C1','reason':'Withdrawn'}]," } },
	/* rules: verdict, conditions, triggers, support, values */
	{ "i infection; l raised-lactate value=4|mmol/L", AS_IS,
	    { "'tier':'emergency','verdict':'holds','title':'Shock suspected',",
		"'looked':true,'conditions':[{'expression':'%infection.exists()','result':'true'}],"
		"'triggers':[{'finding':1,'controls':[]}],'support':[0],"
		"'values':{'severe':{'findings':[1]}}},{'action':'R2',",
		"'verdict':'false','title':'Sepsis likely','citation':'Made up for this test',"
		"'looked':false}" } },
	/* also the conditions behind one that is false */
	{ "f fever; t tachycardia", AS_IS,
	    { "'conditions':[{'expression':'%infection.exists()','result':'false'},{'expression':"
	      "'%signs.select(code).distinct().count() >= %least','result':'true'}],",
		"'triggers':[{'finding':0,'controls':[]},{'finding':1,'controls':[]}],'support':[],"
		"'values':{'least':{'value':'2'},'signs':{'findings':[0,1]}}}" } },
	{ "i infection; l raised-lactate value=40|mg/dL", AS_IS,
	    { "'tier':'emergency','verdict':'unknown',",
		"'triggers':[],'moreTriggers':'unknown','support':[],"
		"'values':{'severe':{'findings':[],'unsure':true}}},",
		"'unsure':['\\'>=\\' at position 22 of: %lactate.where(value >= %severe_lactate "
		"and " } },
	{ "f fever; l raised-lactate value=40|mg/dL",
	    EDIT("%signs.where(code = 'fever')",
		"%signs.where(%lactate.where(value > 3 'mmol/L').empty())"),
	    { "'triggers':[{'finding':0,'controls':[]}],'fewerTriggers':'unknown','support':[]"
	      "," } },
	{ "i infection; l raised-lactate", AS_IS, { "'unsure':[]}" } },
	{ "i infection; l raised-lactate value=40|mg/dL; m raised-lactate value=50|mg/dL", AS_IS,
	    { "'unsure':['\\'>=\\' at position 22 of: %lactate.where(value >= %severe_lactate and "
	      "when >= now() - %window)']}" } },
	/* what each control did; an answered trigger is not asked again */
	{ "i infection; l raised-lactate resolved value=4|mmol/L; m raised-lactate value=5|mmol/L",
	    FIRST_OF("C", CONTROL("L", "watch", "resolved", ON("R1")) "," CONTROL("A", "answer",
			      "resolved", ON("R1")) "," CONTROL("N", "note", "resolved", ON("R1"))),
	    { "'triggers':[{'finding':1,'controls':[{'id':'L','effect':'watch','result':'true'},"
	      "{'id':'A','effect':'answer','result':'true'}]},{'finding':2,'controls':[]}]" } },
	{ "i infection; l raised-lactate resolved value=4|mmol/L",
	    FIRST_OF("C", CONTROL("A", "answer", "resolved", ON("R1")) "," CONTROL(
			      "H", "hold", "resolved", ON("R1"))),
	    { "'controls':[{'id':'A','effect':'answer','result':'true'}]}]" } },
	{ "i infection; l raised-lactate value=4|mmol/L",
	    FIRST_OF("C", CONTROL("L", "watch", "value > 3 'mg/dL'", ON("R1"))),
	    { "'tier':'emergency','verdict':'holds',",
		"'controls':[{'id':'L','effect':'watch','result':'unknown'}]" } },
	{ "i infection; l raised-lactate resolved value=4|mmol/L", LOWER,
	    { "'tier':'emergency','verdict':'lowered'," } },
	{ "i infection; l raised-lactate resolved value=4|mmol/L",
	    FIRST_OF("C", CONTROL("A", "answer", "resolved", ON("R1"))),
	    { "'tier':'emergency','verdict':'answered'," } },
	/* in table order, by label; the action's own id beside it */
	{ "f fever",
	    FIRST_OF("R",
		RULE("Y", "Q10", "watch", "%signs", "") "," RULE("X", "Q1", "watch", "%signs", "")),
	    { "'rules':[{'action':'X','id':'Q1',", "},{'action':'Y','id':'Q10'," } },
	/* escaped, never raw */
	{ "f fever says=a\x1b\\b\n", AS_IS, { "'text':'a\\u001b\\\\b\\n'" } },
};

START_TEST(the_trace)
{
	struct fhir_json_out o;
	struct decide_case c;
	struct cw_buf b;

	decide_all(&c, &traces[_i].edit, 1, traces[_i].findings);
	cw_buf_init(&b, 0);
	fhir_json_out_init(&o, &b, false);
	map_explain_trace(&o, &c.decision, c.files.plan, false);
	quotes(b.s);
	for (size_t i = 0; i < COUNT(traces[_i].part) && traces[_i].part[i] != NULL; i++)
		ck_assert_msg(strstr(b.s, traces[_i].part[i]) != NULL, "no %s\nin %s",
		    traces[_i].part[i], b.s);
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("explain");

	tcase_add_loop_test(t, the_sentence, 0, COUNT(sentences));
	tcase_add_test(t, lowered_beside_watch);
	tcase_add_loop_test(t, the_line, 0, COUNT(lines));
	tcase_add_loop_test(t, the_text, 0, COUNT(texts));
	tcase_add_loop_test(t, the_trace, 0, COUNT(traces));
	return test_run("explain", t);
}
