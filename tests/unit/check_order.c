/* Unit tests of mappings/order: ids that never change, and the resources as bytes. JSON is written
 * here with single quotes. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mappings/order.h"
#include "tests/unit/decide_case.h"
#include "tests/unit/run.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define WHAT CW_STR("cordwatch 0")

/* --- names of alerts: worked out elsewhere, by SHA-256 of "patient\ntier\nepisode" --- */

static const struct {
	const char *patient;
	enum map_tier tier;
	int64_t episode;
	const char *key, *request, *provenance;
} names[] = {
	{ "Patient/p", MAP_TIER_EMERGENCY, 1750057200000,
	    "cab30fc75646fee31811f9fe55e06c014f929b9c185b47f20faa1a3713654de9",
	    "cab30fc7-5646-8ee3-9811-f9fe55e06c01", "82827ee5-6551-8b27-8717-f7bbb4fa57a9" },
	{ "Patient/p", MAP_TIER_URGENT, 1750057200000,
	    "ec074816a743374281170f10d1327a8523dd25f3ba2c132ba17479e75604b3f8",
	    "ec074816-a743-8742-8117-0f10d1327a85", "643db1cf-bd9c-8662-a7b4-5add52e8f860" },
	{ "Patient/q", MAP_TIER_EMERGENCY, 1750057200000,
	    "149a06099af38cc83b8f4f0a1dc7cabcb2e2709538e8b6eeabae79f9f02c2be1",
	    "149a0609-9af3-8cc8-bb8f-4f0a1dc7cabc", "f41da8d8-78ea-8b0c-b2fe-9a11cf28e9ed" },
	{ "Patient/p", MAP_TIER_EMERGENCY, 1750057200001,
	    "8f302d9268bace5724c5a0b183c3c329470effce939c79992f97136ca45948c5",
	    "8f302d92-68ba-8e57-a4c5-a0b183c3c329", "fba81d20-ada7-893d-ac8f-f3cf6e707e60" },
	{ "Patient/p", MAP_TIER_EMERGENCY, -1,
	    "1d898ffce349ebe0e9ea3c88c0ed1d400cdac59f240b36e8f9d1970a6ef1f526",
	    "1d898ffc-e349-8be0-a9ea-3c88c0ed1d40", "3b1b7e50-7dbf-8c9a-a0de-3d5739dcc8b0" },
};

START_TEST(names_of_alerts)
{
	struct map_decision d = { .patient = cw_str(names[_i].patient),
		.tier = names[_i].tier,
		.episode = names[_i].episode };
	struct map_alert alert;

	map_alert_name(&alert, &d);
	ck_assert_str_eq(alert.key, names[_i].key);
	ck_assert_str_eq(alert.request, names[_i].request);
	ck_assert_str_eq(alert.provenance, names[_i].provenance);
}
END_TEST

START_TEST(watch_has_no_name)
{
	struct map_decision d = { .patient = CW_STR("Patient/p"), .tier = MAP_TIER_WATCH };
	struct map_alert alert;

	map_alert_name(&alert, &d);
}
END_TEST

/* The name survives all that may differ between two looks at one alert: a later instant, more
 * evidence after the first, another version and wording of the plan. It changes with the tier. */
static const struct {
	const char *findings;
	int64_t later;
	struct decide_edit edit;
	bool same;
} looks[] = {
	{ "i infection -4h; l raised-lactate -3h value=4|mmol/L", 0, EDIT("R1", "R1"), true },
	{ "i infection -4h; l raised-lactate -3h value=4|mmol/L", 3600000, EDIT("R1", "R1"), true },
	{ "j infection -1d; l raised-lactate -3h value=9|mmol/L; m raised-lactate -1h "
	  "value=5|mmol/L",
	    0, EDIT("R1", "R1"), true },
	{ "i infection -4h; l raised-lactate -3h value=4|mmol/L", 0,
	    EDIT("\"version\": \"1.0.0\",\n  \"name\": \"Sepsis\"",
		"\"version\": \"2.0.0\",\"name\": \"Sepsis\""),
	    true },
	{ "i infection -4h; l raised-lactate -3h value=4|mmol/L", 0,
	    EDIT("\"prefix\": \"R1\"", "\"prefix\": \"Q7\""), true },
	{ "i infection -4h; l raised-lactate -3h value=4|mmol/L", 0,
	    EDIT("\"code\": \"emergency\"", "\"code\": \"urgent\""), false },
	{ "i infection -4h; l raised-lactate -2h value=4|mmol/L", 0, EDIT("R1", "R1"), false },
};

START_TEST(one_alert_keeps_its_name)
{
	struct map_alert first, again;
	struct decide_case c;

	decide_all(&c, &looks[0].edit, 1, looks[0].findings);
	map_alert_name(&first, &c.decision);
	decide_end(&c);
	decide_begin(&c, &looks[_i].edit, 1);
	decide_findings(&c, looks[_i].findings);
	ck_assert_int_eq(map_decide(&c.decision, c.files.plan, &c.about,
			     DECIDE_NOW + looks[_i].later, false, c.arena, NULL),
	    0);
	map_alert_name(&again, &c.decision);
	ck_assert_int_eq(strcmp(first.key, again.key) == 0, looks[_i].same);
	ck_assert_int_eq(strcmp(first.request, again.request) == 0, looks[_i].same);
	ck_assert_int_eq(strcmp(first.provenance, again.provenance) == 0, looks[_i].same);
	decide_end(&c);
}
END_TEST

/* --- resources --- */

static void
quotes(char *text)
{
	for (; *text != '\0'; text++)
		*text = *text == '"' ? '\'' : *text;
}

static void
write_entries(struct cw_buf *b, const struct decide_case *c)
{
	struct fhir_json_out o;

	cw_buf_init(b, 0);
	fhir_json_out_init(&o, b, false);
	fhir_json_out_array(&o);
	map_order_entries(&o, &c->decision, c->files.plan, WHAT);
	fhir_json_out_array_end(&o);
	quotes(b->s);
}

static void
write_request(struct cw_buf *b, const struct decide_case *c)
{
	struct fhir_json_out o;

	cw_buf_init(b, 0);
	fhir_json_out_init(&o, b, false);
	map_order_request(&o, &c->decision, c->files.plan, WHAT);
	quotes(b->s);
}

#define ID "cab30fc7-5646-8ee3-9811-f9fe55e06c01"
#define PROVENANCE_ID "82827ee5-6551-8b27-8717-f7bbb4fa57a9"
#define KEY "cab30fc75646fee31811f9fe55e06c014f929b9c185b47f20faa1a3713654de9"
#define NOW "2025-06-16T09:00:00Z"
#define REQUEST                                                                                    \
	"{'resourceType':'ServiceRequest','id':'" ID                                               \
	"','identifier':[{'system':'urn:cordwatch:alert','value':'" KEY                            \
	"'}],'instantiatesCanonical':['urn:example:PlanDefinition:sepsis|1.0.0',"                  \
	"'urn:example:ActivityDefinition:sepsis-set-stat|1.0.0'],'status':'active',"               \
	"'intent':'proposal','category':[{'text':'Ward'}],'priority':'stat',"                      \
	"'code':{'coding':[{'system':'urn:example:CodeSystem:ward','code':'W-SET',"                \
	"'display':'Sepsis set'}]},'subject':{'reference':'Patient/p'},"                           \
	"'occurrencePeriod':{'start':'" NOW "','end':'2025-06-16T10:00:00Z'},'authoredOn':'" NOW   \
	"','requester':{'display':'cordwatch 0'},"                                                 \
	"'reasonReference':[{'reference':'Observation/l','display':'Lactate, blood'}],"            \
	"'supportingInfo':[{'reference':'Procedure/i','display':'Infection'}],"                    \
	"'bodySite':[{'text':'Vein'},{'text':'Artery'}],"                                          \
	"'note':[{'time':'" NOW                                                                    \
	"','text':'Emergency by R1: Shock suspected. Seen: Lactate, blood "                        \
	"(2025-06-16T07:00:00Z); Infection (2025-06-16T08:00:00Z). Proposed: Sepsis set, within "  \
	"an hour, priority stat, by 2025-06-16T10:00:00Z.'},{'time':'" NOW                         \
	"','text':'Repeat the lactate after the first bolus.'}]}"
#define PROVENANCE                                                                                 \
	"{'resourceType':'Provenance','id':'" PROVENANCE_ID                                        \
	"','target':[{'reference':'ServiceRequest/" ID "'}],'recorded':'" NOW                      \
	"','policy':['urn:example:PlanDefinition:sepsis|1.0.0'],"                                  \
	"'agent':[{'who':{'display':'cordwatch 0'}}],"                                             \
	"'entity':[{'role':'source','what':{'reference':'Observation/l'}},"                        \
	"{'role':'source','what':{'reference':'Procedure/i'}}]}"

static const struct decide_edit sited = { "\"title\": \"Sepsis set, within an hour\",",
	"\"title\": \"Sepsis set, within an hour\",\"topic\":[{\"text\":\"Ward\"}],"
	"\"bodySite\":[{\"text\":\"Vein\"},{\"text\":\"Artery\"}],",
	"ActivityDefinition-sepsis-set-stat.json" };

START_TEST(the_whole_of_both)
{
	struct decide_case c;
	struct cw_buf b;

	decide_all(&c, &sited, 1,
	    "l raised-lactate -2h value=4|mmol/L says=Lactate,_blood; i infection -1h "
	    "type=Procedure");
	write_request(&b, &c);
	ck_assert_str_eq(b.s, REQUEST);
	cw_buf_fini(&b);
	write_entries(&b, &c);
	ck_assert_str_eq(b.s, "[{'fullUrl':'urn:uuid:" ID "','resource':" REQUEST
			      ",'request':{'method':'PUT','url':'ServiceRequest/" ID
			      "'}},{'fullUrl':'urn:uuid:" PROVENANCE_ID "','resource':" PROVENANCE
			      ",'request':{'method':'PUT','url':'Provenance/" PROVENANCE_ID "'}}]");
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

/* What sends nothing writes nothing. */
START_TEST(nothing_is_sent)
{
	static const char *const findings[] = { "", "i infection", "f fever",
		"i infection; l raised-lactate value=4|mmol/L; o sepsis-order role=context "
		"urgency=3 "
		"status=active" };
	struct decide_case c;
	struct cw_buf b;

	decide_all(&c, NULL, 0, findings[_i]);
	write_entries(&b, &c);
	ck_assert_str_eq(b.s, "[]");
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

/* --- parts --- */

static const struct {
	const char *patient, *subject;
} subjects[] = {
	{ "Patient/p", "{'reference':'Patient/p'}" },
	{ "https://example.org/fhir/Patient/p",
	    "{'reference':'https://example.org/fhir/Patient/p'}" },
	{ "urn:uuid:2d1b9d3e-3f6e-4c5b-8a57-6a3f2d1f0a11",
	    "{'reference':'urn:uuid:2d1b9d3e-3f6e-4c5b-8a57-6a3f2d1f0a11'}" },
	{ "urn:mrn|77", "{'identifier':{'system':'urn:mrn','value':'77'}}" },
	{ "|77", "{'identifier':{'value':'77'}}" },
};

START_TEST(whom_it_is_about)
{
	struct decide_case c;
	char want[200];
	struct cw_buf b;

	decide_begin(&c, NULL, 0);
	c.about.patient = cw_str(subjects[_i].patient);
	decide_findings(&c, "i infection; l raised-lactate value=4|mmol/L");
	decide_run(&c, false);
	write_request(&b, &c);
	snprintf(want, sizeof(want), "'subject':%s,", subjects[_i].subject);
	ck_assert_msg(strstr(b.s, want) != NULL, "%s", b.s);
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

#define NO_REASON "'requester':{'display':'cordwatch 0'},'supportingInfo':"
#define NOTE_OF(what)                                                                              \
	FIRST_OF("C", CONTROL("N", "note", "true", ON("R1") VALUES(VALUE("supportingInfo", what))))

/* Where the evidence stands: R4 lets four types be reasons, the others inform. */
static const struct {
	const char *findings, *part;
	struct decide_edit edit;
} evidence[] = {
	{ "i infection type=Condition; l raised-lactate type=Observation value=4|mmol/L",
	    "'reasonReference':[{'reference':'Condition/i','display':'Infection'},"
	    "{'reference':'Observation/l','display':'Raised lactate'}],'note'",
	    EDIT("R1", "R1") },
	{ "i infection type=DiagnosticReport; l raised-lactate type=DocumentReference "
	  "value=4|mmol/L",
	    "'reasonReference':[{'reference':'DiagnosticReport/i','display':'Infection'},"
	    "{'reference':'DocumentReference/l','display':'Raised lactate'}],'note'",
	    EDIT("R1", "R1") },
	{ "i infection type=Encounter; l raised-lactate type=Procedure value=4|mmol/L",
	    NO_REASON "[{'reference':'Encounter/i','display':'Infection'},"
		      "{'reference':'Procedure/l','display':'Raised lactate'}],'note'",
	    EDIT("R1", "R1") },
	/* one resource once, however many findings it gives, and the earliest first */
	{ "i infection; l raised-lactate -1h value=4|mmol/L; l raised-lactate value=5|mmol/L",
	    "'reasonReference':[{'reference':'Observation/l','display':'Raised lactate'},"
	    "{'reference':'Observation/i','display':'Infection'}],'note'",
	    EDIT("R1", "R1") },
	/* what a note refers to, of whatever type */
	{ "i infection; l raised-lactate value=4|mmol/L; o sepsis-order type=ServiceRequest "
	  "role=context",
	    "'supportingInfo':[{'reference':'ServiceRequest/o','display':'Sepsis set "
	    "ordered'}],'note'",
	    NOTE_OF("%orders") },
	{ "i infection type=Encounter; l raised-lactate value=4|mmol/L; o sepsis-order "
	  "role=context",
	    "'supportingInfo':[{'reference':'Encounter/i','display':'Infection'},"
	    "{'reference':'Observation/o','display':'Sepsis set ordered'}],'note'",
	    NOTE_OF("%orders") },
	/* but nothing twice */
	{ "i infection type=Encounter; l raised-lactate value=4|mmol/L",
	    "'supportingInfo':[{'reference':'Encounter/i','display':'Infection'}],'note'",
	    NOTE_OF("%infection") },
	/* displays are FHIR strings: no control characters */
	{ "i infection says=a\x1b[31mb\tc\nd\x7f\xc2\x9b"
	  "e; l raised-lactate value=4|mmol/L",
	    "{'reference':'Observation/i','display':'a [31mb c d  e'}", EDIT("R1", "R1") },
};

START_TEST(where_the_evidence_stands)
{
	struct decide_case c;
	struct cw_buf b;

	decide_all(&c, &evidence[_i].edit, 1, evidence[_i].findings);
	write_request(&b, &c);
	ck_assert_msg(strstr(b.s, evidence[_i].part) != NULL, "%s", b.s);
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

/* An urgent request: due, priority, canonicals are those of its own definition. */
START_TEST(another_definition)
{
	struct decide_case c;
	struct cw_buf b;

	decide_all(&c, NULL, 0, "i infection; f fever; t tachycardia");
	write_request(&b, &c);
	ck_assert_ptr_nonnull(
	    strstr(b.s, "'urn:example:ActivityDefinition:sepsis-set-urgent|1.0.0']"));
	ck_assert_ptr_nonnull(strstr(b.s, "'end':'2025-06-16T15:00:00Z'"));
	ck_assert_ptr_nonnull(strstr(b.s, "'priority':'urgent'"));
	ck_assert_ptr_null(strstr(b.s, "category"));
	ck_assert_ptr_null(strstr(b.s, "bodySite"));
	ck_assert_ptr_null(strstr(b.s, "[]"));
	cw_buf_fini(&b);
	decide_end(&c);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("order");

	tcase_add_loop_test(t, names_of_alerts, 0, COUNT(names));
	tcase_add_test_raise_signal(t, watch_has_no_name, SIGABRT);
	tcase_add_loop_test(t, one_alert_keeps_its_name, 0, COUNT(looks));
	tcase_add_test(t, the_whole_of_both);
	tcase_add_loop_test(t, nothing_is_sent, 0, 4);
	tcase_add_loop_test(t, whom_it_is_about, 0, COUNT(subjects));
	tcase_add_loop_test(t, where_the_evidence_stands, 0, COUNT(evidence));
	tcase_add_test(t, another_definition);
	return test_run("order", t);
}
