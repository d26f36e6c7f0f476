/* Unit tests of mappings/record.
 *
 * The sift and the readers are stood in for by the simple ones of stand_in_readers.c (a resource
 * maps if it says 'mapped'), so that what is tested is the record alone: identity, versions,
 * references, patients. Texts are written with single quotes for double ones, and ^ for an escaped
 * one. Each story is read in every order of its texts. */
#include "mappings/digest.h"
#include "mappings/record.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- stories ---- */

enum { MOST_TEXTS = 5 };

static void
on_note(void *arg, const struct map_note *n)
{
	if (n->kind != MAP_ISSUE_SKIPPED)
		cw_buf_printf(arg, "! %.*s:%zu %.*s: %.*s\n", CW_ARG(n->file), n->line,
		    CW_ARG(n->path), CW_ARG(n->text));
}

static void
add(struct map_record *r, const char *text, const char *file)
{
	struct map_origin from = { .file = cw_str(file), .received = MAP_NO_TIME };
	struct cw_buf b;

	cw_buf_init(&b, 0);
	for (; *text != '\0'; text++)
		cw_buf_puts(&b, *text == '\''  ? "\""
				: *text == '^' ? "\\\""
					       : (char[]){ *text, '\0' });
	map_record_add(r, (struct cw_str){ b.s, b.n }, &from);
	cw_buf_fini(&b); /* the record has kept what it needs */
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *
show_case(const struct map_case *c)
{
	struct cw_buf b;

	cw_buf_init(&b, 0);
	cw_buf_str(&b, c->patient);
	cw_buf_puts(&b, !c->known ? "?" : "");
	cw_buf_puts(&b, c->about.inactive ? " inactive" : "");
	cw_buf_puts(&b, c->about.deceased ? " deceased" : "");
	cw_buf_puts(&b, ":");
	for (size_t i = 0; i < c->findings; i++)
		cw_buf_printf(
		    &b, " %.*s%.*s", CW_ARG(c->finding[i]->source), CW_ARG(c->finding[i]->path));
	return b.s;
}

/* What is known of each patient, sorted. */
static void
show(struct cw_buf *out, struct map_record *r)
{
	size_t n = map_record_patients(r);
	char **line = cw_calloc(n, sizeof(*line));

	for (size_t i = 0; i < n; i++) {
		struct cw_arena *arena = cw_arena_new(0);
		struct map_case c;

		ck_assert_int_eq(map_record_patient(&c, r, i, 1000, arena, NULL), CW_OK);
		line[i] = show_case(&c);
		cw_arena_free(arena);
	}
	qsort(line, n, sizeof(*line), by_text);
	for (size_t i = 0; i < n; i++) {
		cw_buf_printf(out, "%s\n", line[i]);
		free(line[i]);
	}
	free(line);
}

#define P1 "{'resourceType':'Patient','id':'p1'}"
#define C(id, subject, more)                                                                       \
	"{'resourceType':'Condition','id':'" id "','x':'mapped','subject':{" subject "}" more "}"
#define OF(reference) "'reference':'" reference "'"
#define V(version, updated) ",'meta':{'versionId':'" version "','lastUpdated':'" updated "'}"
#define GONE(id, more)                                                                             \
	"{'resourceType':'Condition','id':'" id "','subject':{'reference':'Patient/p1'}" more "}"
#define BUNDLE(entries) "{'resourceType':'Bundle','type':'history','entry':[" entries "]}"
#define AT(url, resource) "{'fullUrl':'" url "','resource':" resource "}"
#define U1 "urn:uuid:5d2a2bcb-6a35-4d6c-9a3a-2f6d7b8f9a01"
#define U2 "urn:uuid:5d2a2bcb-6a35-4d6c-9a3a-2f6d7b8f9a02"
#define LINK(id, more, type, other)                                                                \
	"{'resourceType':'Patient','id':'" id "'" more ",'link':[{'other':{'reference':'" other    \
	"'},'type':'" type "'}]}"
#define DELETE(url, response)                                                                      \
	"{'request':{'method':'DELETE','url':'" url "'},'response':{" response "}}"
#define IDENTIFIED(value) "'identifier':{'system':'urn:mrn','value':'" value "'}"
#define NAMELESS_OF(reference)                                                                     \
	"{'resourceType':'Condition','x':'mapped','subject':{'reference':'" reference "'}}"
#define NAMELESS NAMELESS_OF("Patient/p1")
#define NUMBER(id, value)                                                                          \
	"{'resourceType':'Patient','id':'" id                                                      \
	"','identifier':[{'system':'urn:mrn','value':'" value "'}]}"

static const struct story {
	const char *name;
	const char *text[MOST_TEXTS];
	const char *expected;
} stories[] = {
	{ "a patient, a condition", { P1, C("c1", OF("Patient/p1"), "") },
	    "Patient/p1: Condition/c1\n" },
	{ "no Patient resource", { C("c1", OF("Patient/p1"), "") }, "Patient/p1?: Condition/c1\n" },
	{ "two patients never mix",
	    { P1, C("c1", OF("Patient/p1"), ""), C("c2", OF("Patient/p2"), "") },
	    "Patient/p1: Condition/c1\nPatient/p2?: Condition/c2\n" },
	{ "identical bytes count once",
	    { C("c1", OF("Patient/p1"), ""), C("c1", OF("Patient/p1"), "") },
	    "Patient/p1?: Condition/c1\n" },
	/* versions */
	{ "a later version that maps to nothing",
	    { C("c1", OF("Patient/p1"), V("1", "2025-01-01")), GONE("c1", V("2", "2025-01-02")) },
	    "" },
	{ "an earlier version that maps to nothing",
	    { C("c1", OF("Patient/p1"), V("3", "2025-01-01")), GONE("c1", V("2", "2025-01-02")) },
	    "Patient/p1?: Condition/c1\n" },
	{ "numbers are not text",
	    { C("c1", OF("Patient/p1"), V("10", "2025-01-01")), GONE("c1", V("9", "2025-01-01")) },
	    "Patient/p1?: Condition/c1\n" },
	{ "lastUpdated decides without numbers",
	    { C("c1", OF("Patient/p1"), V("a", "2025-01-01T10:00:00Z")),
		GONE("c1", V("b", "2025-01-01T11:00:00Z")) },
	    "" },
	{ "zones are obeyed",
	    { C("c1", OF("Patient/p1"), V("a", "2025-01-01T10:00:00Z")),
		GONE("c1", V("b", "2025-01-01T11:00:00+02:00")) },
	    "Patient/p1?: Condition/c1\n" },
	{ "three versions, the middle one empty",
	    { C("c1", OF("Patient/p1"), V("1", "2025-01-01")), GONE("c1", V("2", "2025-01-02")),
		C("c1", OF("Patient/p1"),
		    V("3", "2025-01-03") ",'focus':{'reference':'Patient/p1'}") },
	    "Patient/p1?: Condition/c1(self)\n" },
	{ "mixed versions do not go in circles",
	    { C("c1", OF("Patient/p1"), V("2", "2025-01-01")), GONE("c1", V("1", "2025-01-03")),
		GONE("c1", V("x", "2025-01-02")) },
	    "" },
	{ "the version that counts is of somebody else",
	    { C("c1", OF("Patient/p1"), V("1", "2025-01-01")),
		C("c1", OF("Patient/p2"), V("2", "2025-01-01")) },
	    "Patient/p2?: Condition/c1\n" },
	{ "entered in error wins a tie",
	    { C("c1", OF("Patient/p1"), V("1", "2025-01-01")),
		"{'resourceType':'Condition','id':'c1','status':'entered-in-error','subject':{'"
		"reference':"
		"'Patient/p1'},'meta':{'versionId':'1','lastUpdated':'2025-01-01'}}" },
	    "" },
	/* deletions */
	{ "deleted, by ETag",
	    { BUNDLE(DELETE("Condition/c1", "'etag':'W/^3^'")),
		C("c1", OF("Patient/p1"), V("2", "2025-01-01")) },
	    "" },
	{ "created again after the deletion",
	    { BUNDLE(DELETE("Condition/c1", "'etag':'W/^3^'")),
		C("c1", OF("Patient/p1"), V("4", "2025-01-01")) },
	    "Patient/p1?: Condition/c1\n" },
	{ "deleted, by time",
	    { BUNDLE(DELETE("Condition/c1", "'lastModified':'2025-02-01T00:00:00Z'")),
		C("c1", OF("Patient/p1"), V("x", "2025-01-01")) },
	    "" },
	{ "deleted, and nobody tells when",
	    { BUNDLE("{'request':{'method':'DELETE','url':'Condition/c1'}}"),
		C("c1", OF("Patient/p1"), V("7", "2025-01-01")) },
	    "" },
	{ "deleted with the base of its full URL",
	    { BUNDLE("{'fullUrl':'https://a/fhir/Condition/c1','request':{'method':'DELETE','url':"
		     "'Condition/c1'}}"),
		C("c1", OF("https://a/fhir/Patient/p1"), V("7", "2025-01-01")) },
	    "" },
	{ "a deletion by search is told",
	    { BUNDLE("{'request':{'method':'DELETE','url':'Condition?code=x'}}"),
		C("c1", OF("Patient/p1"), "") },
	    "! f:1 Bundle.entry[0].resource: a deletion that names no single resource\n"
	    "Patient/p1?: Condition/c1\n" },
	/* bases */
	{ "a relative reference takes the base of its entry",
	    { BUNDLE(AT("https://a/fhir/Patient/p1", P1) "," AT("https://b/fhir/Patient/p1", P1)),
		BUNDLE(AT("https://a/fhir/Condition/c1", C("c1", OF("Patient/p1"), ""))),
		BUNDLE(AT("https://b/fhir/Condition/c1", C("c1", OF("Patient/p1"), ""))) },
	    "https://a/fhir/Patient/p1: Condition/c1\nhttps://b/fhir/Patient/p1: Condition/c1\n" },
	{ "without base they join the only one",
	    { BUNDLE(AT("https://a/fhir/Patient/p1", P1)), C("c1", OF("Patient/p1"), ""),
		C("c2", OF("https://a/fhir/Patient/p1"), "") },
	    "Patient/p1: Condition/c1 Condition/c2\n" },
	{ "without base they stay apart from two",
	    { BUNDLE(AT("https://a/fhir/Patient/p1", P1) "," AT("https://b/fhir/Patient/p1", P1)),
		C("c1", OF("Patient/p1"), ""), C("c2", OF("https://b/fhir/Patient/p1"), "") },
	    "Patient/p1?: Condition/c1\nhttps://b/fhir/Patient/p1: Condition/c2\n" },
	{ "http and https are one",
	    { BUNDLE(AT("https://a/fhir/Patient/p1", P1)),
		C("c1", OF("http://a/fhir/Patient/p1"), "") },
	    "Patient/p1: Condition/c1\n" },
	{ "and are printed as https",
	    { BUNDLE(AT("https://a/fhir/Patient/p1", P1) "," AT("https://b/fhir/Patient/p1", P1)),
		C("c1", OF("http://a/fhir/Patient/p1"), "") },
	    "https://a/fhir/Patient/p1: Condition/c1\n" },
	{ "versions with and without the only base are versions of one",
	    { BUNDLE(AT(
		  "https://a/fhir/Condition/c1", C("c1", OF("Patient/p1"), V("1", "2025-01-01")))),
		GONE("c1", V("2", "2025-01-01")) },
	    "" },
	{ "a version in the reference does not matter",
	    { P1, C("c1", OF("Patient/p1/_history/4"), "") }, "Patient/p1: Condition/c1\n" },
	/* urns */
	{ "a urn leads to the Patient of its Bundle",
	    { BUNDLE(AT(U1, P1) "," AT(U2, C("c1", OF(U1), ""))) }, "Patient/p1: Condition/c1\n" },
	{ "and of another Bundle", { BUNDLE(AT(U1, P1)), BUNDLE(AT(U2, C("c1", OF(U1), ""))) },
	    "Patient/p1: Condition/c1\n" },
	{ "a urn without id",
	    { BUNDLE(AT(U1, "{'resourceType':'Patient'}") "," AT(U2, C("c1", OF(U1), ""))) },
	    U1 ": Condition/c1\n" },
	{ "a urn that leads nowhere", { C("c1", OF(U1), "") }, U1 "?: Condition/c1\n" },
	{ "local urns mean something only in their Bundle",
	    { BUNDLE(AT("urn:uuid:p", P1) "," AT("urn:uuid:c", C("c1", OF("urn:uuid:p"), ""))),
		BUNDLE(AT("urn:uuid:p", "{'resourceType':'Patient','id':'p2'}") "," AT(
		    "urn:uuid:c", C("c2", OF("urn:uuid:p"), ""))) },
	    "Patient/p1: Condition/c1\nPatient/p2: Condition/c2\n" },
	{ "a full URL that is no REST URL",
	    { BUNDLE(
		AT("https://a/people/77", P1) "," AT(U2, C("c1", OF("https://a/people/77"), ""))) },
	    "Patient/p1: Condition/c1\n" },
	{ "a Bundle in a Bundle",
	    { BUNDLE(AT(U1, P1) ",{'resource':" BUNDLE(AT(U2, C("c1", OF(U1), ""))) "}") },
	    "Patient/p1: Condition/c1\n" },
	/* identifiers and contained patients */
	{ "an identifier that one patient has", { NUMBER("p1", "7"), C("c1", IDENTIFIED("7"), "") },
	    "Patient/p1: Condition/c1\n" },
	{ "an identifier that nobody has", { NUMBER("p1", "8"), C("c1", IDENTIFIED("7"), "") },
	    "urn:mrn|7?: Condition/c1\n" },
	{ "an identifier that two have",
	    { NUMBER("p1", "7"), NUMBER("p2", "7"), C("c1", IDENTIFIED("7"), "") },
	    "urn:mrn|7?: Condition/c1\n" },
	{ "an identifier that two have who are one",
	    { NUMBER("p1", "7"), NUMBER("p2", "7"), LINK("p3", "", "replaces", "Patient/p1"),
		LINK("p4", "", "replaces", "Patient/p3"), C("c1", IDENTIFIED("7"), "") },
	    "urn:mrn|7?: Condition/c1\n" },
	{ "an identifier in a search",
	    { NUMBER("p1", "7"), C("c1", OF("Patient?identifier=urn:mrn%7C7"), "") },
	    "Patient/p1: Condition/c1\n" },
	{ "a contained patient with an identifier",
	    { NUMBER("p1", "7"), C("c1", OF("#p"),
				     ",'contained':[{'resourceType':'Patient','id':'p','identifier'"
				     ":[{'system':'urn:mrn','value':"
				     "'7'}]}]") },
	    "Patient/p1: Condition/c1\n" },
	{ "a contained patient known only there",
	    { C("c1", OF("#p"), ",'contained':[{'resourceType':'Patient','id':'p'}]"),
		C("c2", OF("#p"), ",'contained':[{'resourceType':'Patient','id':'p'}]") },
	    "Condition/c1#p?: Condition/c1\nCondition/c2#p?: Condition/c2\n" },
	{ "contained in a circle",
	    { C("c1", OF("#a"),
		",'contained':[{'resourceType':'Patient','id':'a','link':[{'other':{'reference':'#"
		"b'}}]},"
		"{'resourceType':'Patient','id':'b','link':[{'other':{'reference':'#a'}}]}]") },
	    "Condition/c1#a?: Condition/c1\n" },
	{ "a contained patient that is not there", { C("c1", OF("#p"), "") },
	    "! f:1 Condition: the reference to the patient leads nowhere, so it is nobody's\n" },
	/* nobody */
	{ "no subject: the reader tells",
	    { P1, "{'resourceType':'Observation','id':'o1','x':'mapped'}" },
	    "! f:1 Observation: no subject\n" },
	{ "an empty subject", { P1, C("c1", "", "") }, "" },
	{ "a canonical",
	    { C("c1", OF("Patient/p1"), ",'medicationReference':{'reference':'https://q/x|2'}"),
		"{'resourceType':'Questionnaire','id':'q1','url':'https://q/x','x':'mapped'}" },
	    "Patient/p1?: Condition/c1->q1\n" },
	{ "a slash at the end", { C("c1", OF("Patient/p1/"), ""), C("c2", OF("Patient/p1"), "") },
	    "Patient/p1?: Condition/c1 Condition/c2\n" },
	{ "a host in capitals",
	    { C("c1", OF("http://A.Test/f/Patient/p1"), ""),
		C("c2", OF("http://a.test/f/Patient/p1"), "") },
	    "Patient/p1?: Condition/c1 Condition/c2\n" },
	{ "what a condition cannot be about", { C("c1", OF("Organization/p1"), "") },
	    "! f:1 Condition: the reference to the patient leads to another kind of resource\n" },
	{ "nor in a contained form",
	    { C("c1", OF("#m"), ",'contained':[{'resourceType':'Medication','id':'m'}]") },
	    "! f:1 Condition: the reference to the patient leads to another kind of resource\n" },
	{ "a group is no patient", { C("c1", OF("Group/p1"), ""), P1 }, "" },
	{ "a device by its type is no patient", { C("c1", OF(U1) ",'type':'Device'", "") }, "" },
	{ "subject and patient differ",
	    { C("c1", OF("Patient/p1"), ",'patient':{'reference':'Patient/p2'}") },
	    "! f:1 Condition: subject and patient are not the same patient, so it is nobody's\n" },
	{ "subject and patient agree",
	    { C("c1", OF("Patient/p1"), ",'patient':{'reference':'Patient/p1'}") },
	    "Patient/p1?: Condition/c1\n" },
	{ "patient in place of subject",
	    { "{'resourceType':'Condition','id':'c1','x':'mapped','patient':{'reference':'Patient/"
	      "p1'}}" },
	    "Patient/p1?: Condition/c1\n" },
	/* links */
	{ "replaced by",
	    { LINK("p1", ",'active':false", "replaced-by", "Patient/p2"),
		"{'resourceType':'Patient','id':'p2'}", C("c1", OF("Patient/p1"), ""),
		C("c2", OF("Patient/p2"), "") },
	    "Patient/p2: Condition/c1 Condition/c2\n" },
	{ "replaces",
	    { "{'resourceType':'Patient','id':'p1','active':false}",
		LINK("p2", "", "replaces", "Patient/p1"), C("c1", OF("Patient/p1"), "") },
	    "Patient/p2: Condition/c1\n" },
	{ "deceased on either",
	    { LINK("p1", ",'deceasedBoolean':true", "replaced-by", "Patient/p2"),
		"{'resourceType':'Patient','id':'p2'}", C("c1", OF("Patient/p2"), "") },
	    "Patient/p2 deceased: Condition/c1\n" },
	{ "inactive is inactive",
	    { "{'resourceType':'Patient','id':'p1','active':false}",
		C("c1", OF("Patient/p1"), "") },
	    "Patient/p1 inactive: Condition/c1\n" },
	{ "replaced by one who is not there",
	    { LINK("p1", ",'active':false", "replaced-by", "Patient/p2"),
		C("c1", OF("Patient/p1"), "") },
	    "Patient/p1: Condition/c1\n" },
	{ "see also joins nobody",
	    { LINK("p1", "", "seealso", "Patient/p2"), C("c1", OF("Patient/p1"), ""),
		C("c2", OF("Patient/p2"), "") },
	    "Patient/p1: Condition/c1\nPatient/p2?: Condition/c2\n" },
	{ "links in a circle",
	    { LINK("p1", "", "replaced-by", "Patient/p2"),
		LINK("p2", "", "replaced-by", "Patient/p1"), C("c1", OF("Patient/p1"), ""),
		C("c2", OF("Patient/p2"), "") },
	    "Patient/p1: Condition/c1 Condition/c2\n" },
	{ "a link to oneself",
	    { LINK("p1", "", "replaced-by", "Patient/p1"), C("c1", OF("Patient/p1"), "") },
	    "Patient/p1: Condition/c1\n" },
	{ "a later version takes the link back",
	    { LINK("p1", V("1", "2025-01-01"), "replaced-by", "Patient/p2"),
		"{'resourceType':'Patient','id':'p1'" V("2", "2025-01-02") "}",
		C("c1", OF("Patient/p1"), ""), C("c2", OF("Patient/p2"), "") },
	    "Patient/p1: Condition/c1\nPatient/p2?: Condition/c2\n" },
	/* what the readers ask */
	{ "focus on the patient",
	    { C("c1", OF("Patient/p1"), ",'focus':{'reference':'https://a/Patient/p1'}") },
	    "Patient/p1?: Condition/c1(self)\n" },
	{ "an absolute and a relative subject",
	    { C("c1", OF("Patient/p1"), ""), C("c2", OF("https://a/Patient/p1"), ""),
		C("c3", OF("Patient/p1"), "") },
	    "Patient/p1?: Condition/c1 Condition/c2 Condition/c3\n" },
	{ "a link to another server",
	    { LINK("p1", "", "replaced-by", "https://b/Patient/p1"), C("c1", OF("Patient/p1"), ""),
		C("c2", OF("https://b/Patient/p1"), "") },
	    "Patient/p1: Condition/c1 Condition/c2\n" },
	{ "focus on somebody else",
	    { C("c1", OF("Patient/p1"), ",'focus':{'reference':'Patient/p2'}") },
	    "Patient/p1?: Condition/c1(other)\n" },
	{ "a reference to another resource",
	    { C("c1", OF("Patient/p1"), ",'medicationReference':{'reference':'Medication/m1'}"),
		"{'resourceType':'Medication','id':'m1','x':'mapped'}" },
	    "Patient/p1?: Condition/c1->m1\n" },
	{ "a reference by urn",
	    { BUNDLE(AT(U1, C("c1", OF("Patient/p1"),
				",'medicationReference':{'reference':'" U2 "'}")) "," AT(U2,
		"{'resourceType':'Medication','id':'m1','x':'mapped'}")) },
	    "Patient/p1?: Condition/c1->m1\n" },
	{ "a reference that leads nowhere",
	    { C("c1", OF("Patient/p1"), ",'medicationReference':{'reference':'Medication/m1'}") },
	    "Patient/p1?: Condition/c1(lost)\n" },
	/* without id */
	{ "without id: known by content",
	    { BUNDLE("{'resource':" NAMELESS "},{'resource':" NAMELESS "}"), NAMELESS },
	    "Patient/p1?: Condition#ce547d26\n" },
	{ "without id: known by its full URL",
	    { BUNDLE(AT(U1, NAMELESS)), BUNDLE(AT(U1, NAMELESS)) }, "Patient/p1?: " U1 "\n" },
	{ "without id, with local urns: two patients",
	    { BUNDLE(AT("urn:uuid:p", P1) "," AT("urn:uuid:c", NAMELESS_OF("urn:uuid:p"))),
		BUNDLE(AT("urn:uuid:p", "{'resourceType':'Patient','id':'p2'}") "," AT(
		    "urn:uuid:c", NAMELESS_OF("urn:uuid:p"))) },
	    "Patient/p1: urn:uuid:c\nPatient/p2: urn:uuid:c\n" },
	/* malformed */
	{ "a bad entry between good ones",
	    { BUNDLE("{'resource':" C("c1", OF("Patient/p1"),
		"") "},{'resource':{'id':'x'}},{'resource':7},{'resource':" C("c2",
		OF("Patient/p1"), "") "}") },
	    "! f:1 Bundle.entry[1].resource: no resource\n! f:1 Bundle.entry[2].resource: a "
	    "resource must be a JSON object\nPatient/p1?: Condition/c1 Condition/c2\n" },
	{ "the neighbours of a fault of the text",
	    { BUNDLE("{'resource':" C("c1", OF("Patient/p1"), "") "},\n{'resource':{'x':}}") },
	    "! f:2 Bundle.entry[1].resource.x: a value must stand here; this entry is not read\n"
	    "Patient/p1?: Condition/c1\n" },
	{ "a fault within a resource",
	    { BUNDLE("\n{'resource':" C("c1", OF("Patient/p1"),
		",\n'code':'bad'") "},{'resource':" C("c2", OF("Patient/p1"), "") "}") },
	    "! f:3 Bundle.entry[0].resource.code: must be an object\nPatient/p1?: Condition/c2\n" },
	{ "a patch is told",
	    { BUNDLE("{'resource':" C("c1", OF("Patient/p1"),
		"") ",'request':{'method':'PATCH','url':'Condition/c1'}}") },
	    "! f:1 Bundle.entry[0].resource: a PATCH is not applied\n" },
	{ "an entry with another meaning is told",
	    { BUNDLE("{'modifierExtension':[{}],'resource':" C("c1", OF("Patient/p1"), "") "}") },
	    "! f:1 Bundle.entry[0].resource: its Bundle entry has an unknown modifierExtension\n" },
};

/* Read the texts in that order, and the whole again if twice is set. */
static void
tell(struct cw_buf *out, const struct story *s, const int *order, int n, bool twice)
{
	struct map_record *r = map_record_new(NULL, on_note, out);

	for (int round = 0; round < (twice ? 2 : 1); round++) {
		for (int i = 0; i < n; i++)
			add(r, s->text[order[i]], "f");
	}
	show(out, r);
	map_record_free(r);
}

/* The lines about patients: what is told of faults comes in the order of the texts. */
static const char *
patients(const char *text)
{
	while (*text == '!')
		text = strchr(text, '\n') + 1;
	return text;
}

/* The next order of 0..n-1 in the order of the dictionary; false after the last. */
static bool
next_order(int *order, int n)
{
	int i = n - 2, j = n - 1, swap;

	while (i >= 0 && order[i] > order[i + 1])
		i--;
	if (i < 0)
		return false;
	while (order[j] < order[i])
		j--;
	swap = order[i], order[i] = order[j], order[j] = swap;
	for (i = i + 1, j = n - 1; i < j; i++, j--)
		swap = order[i], order[i] = order[j], order[j] = swap;
	return true;
}

START_TEST(tells_each_story_in_every_order)
{
	const struct story *s = &stories[_i];
	int order[MOST_TEXTS] = { 0, 1, 2, 3, 4 }, n = 0;
	bool first = true;

	while (n < MOST_TEXTS && s->text[n] != NULL)
		n++;
	do {
		for (int twice = 0; twice < 2; twice++) {
			struct cw_buf got;

			cw_buf_init(&got, 0);
			cw_buf_puts(&got, "");
			tell(&got, s, order, n, twice);
			if (first)
				ck_assert_msg(
				    strcmp(got.s, s->expected) == 0, "%s: got\n%s", s->name, got.s);
			else
				ck_assert_msg(strcmp(patients(got.s), patients(s->expected)) == 0,
				    "%s, in another order: got\n%s", s->name, got.s);
			first = false;
			cw_buf_fini(&got);
		}
	} while (next_order(order, n));
}
END_TEST

/* Two different contents under the same version: the larger SHA-256 wins, and it is said. */
START_TEST(breaks_ties_by_digest)
{
	static const char *text[2] = { C("c1", OF("Patient/p1"), V("1", "2025-01-01")),
		C("c1", OF("Patient/p2"), V("1", "2025-01-01")) };
	unsigned char digest[2][MAP_DIGEST_SIZE];
	int larger;

	for (int i = 0; i < 2; i++) {
		char copy[512];
		size_t n = strlen(text[i]);

		for (size_t j = 0; j < n; j++)
			copy[j] = text[i][j] == '\'' ? '"' : text[i][j];
		map_digest(digest[i], copy, n);
	}
	larger = memcmp(digest[1], digest[0], MAP_DIGEST_SIZE) > 0;
	for (int i = 0; i < 2; i++) {
		struct map_record *r;
		struct cw_buf got;

		cw_buf_init(&got, 0);
		r = map_record_new(NULL, on_note, &got);
		add(r, text[i], "f");
		add(r, text[1 - i], "f");
		show(&got, r);
		ck_assert_msg(strstr(got.s, "the same version") != NULL, "%s", got.s);
		ck_assert_str_eq(patients(got.s),
		    larger ? "Patient/p2?: Condition/c1\n" : "Patient/p1?: Condition/c1\n");
		map_record_free(r);
		cw_buf_fini(&got);
	}
}
END_TEST

START_TEST(lists_patients_as_they_come)
{
	struct map_record *r = map_record_new(NULL, NULL, NULL);
	static const char *const expected[] = { "Patient/p9", "Patient/p1", "Patient/p5" };

	add(r, C("c1", OF("Patient/p9"), ""), "f");
	add(r, P1, "f");
	add(r, "{'resourceType':'Patient','id':'nobody'}", "f");
	add(r, C("c5", OF("Patient/p5"), ""), "f");
	add(r, C("c2", OF("Patient/p1"), ""), "f");
	ck_assert_uint_eq(map_record_patients(r), 3);
	for (size_t i = 0; i < 3; i++) {
		struct cw_arena *arena = cw_arena_new(0);
		struct map_case c;

		ck_assert_int_eq(map_record_patient(&c, r, i, 5, arena, NULL), CW_OK);
		ck_assert(cw_str_is(c.patient, expected[i]));
		ck_assert_int_eq(c.finding[0]->received, 5);
		cw_arena_free(arena);
	}
	/* More may come later: the deletion of one, a finding of another. */
	add(r, BUNDLE("{'request':{'method':'DELETE','url':'Condition/c1'}}"), "f");
	ck_assert_uint_eq(map_record_patients(r), 2);
	add(r, C("c7", OF("Patient/p7"), ""), "f");
	ck_assert_uint_eq(map_record_patients(r), 3);
	map_record_free(r);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("record");
	TCase *t = tcase_create("stories"), *v = tcase_create("versions");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(
	    t, tells_each_story_in_every_order, 0, (int)(sizeof(stories) / sizeof(stories[0])));
	tcase_add_test(t, lists_patients_as_they_come);
	tcase_set_timeout(t, 60);
	suite_add_tcase(suite, t);
	tcase_add_test(v, breaks_ties_by_digest);
	tcase_set_timeout(v, 60);
	suite_add_tcase(suite, v);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
