/* EXPECT and PATIENT: what cordwatch must think, and of whom. */
#include "daemon/story_draft.h"
#include "fhir/json.h"

#include <ctype.h>

/* ---- PATIENT ---- */

struct person {
	struct cw_str id, gender, birth, deceased;
	bool dead, inactive, test;
};

static int
take_person(struct story_cursor *c, struct person *p)
{
	static const char *const genders[] = { "female", "male", "other", "unknown", NULL };
	struct cw_str word = story_peek(c);

	if (story_is(c, "deceased")) {
		p->dead = true;
		word = story_peek(c);
		return word.s != NULL && isdigit((unsigned char)word.s[0])
			   ? story_take_time(c, &p->deceased)
			   : CW_OK;
	}
	if (story_is(c, "inactive") || story_is(c, "test")) {
		p->inactive |= cw_str_is(word, "inactive");
		p->test |= cw_str_is(word, "test");
		return CW_OK;
	}
	if (story_is(c, "id"))
		return story_take(c, &p->id, "the id of the patient");
	if (isdigit((unsigned char)word.s[0]))
		return story_take_time(c, &p->birth);
	if (!story_word_in(word, genders))
		return story_fail(c, CW_ESYNTAX, "'%.*s' is no word for a patient", CW_ARG(word));
	p->gender = word;
	c->at++;
	return CW_OK;
}

static struct cw_str
write_person(const struct person *p, unsigned version, struct cw_arena *mem)
{
	struct fhir_json_out o;
	struct cw_buf b;
	struct cw_str out;

	cw_buf_init(&b, 0);
	fhir_json_out_init(&o, &b, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "resourceType", CW_STR("Patient"));
	fhir_json_out_member(&o, "id", p->id);
	fhir_json_out_key(&o, "meta");
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "versionId", cw_fmt(mem, "%u", version));
	if (p->test) {
		fhir_json_out_key(&o, "tag");
		fhir_json_out_raw(&o,
		    CW_STR("[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActReason\","
			   "\"code\":\"HTEST\"}]"));
	}
	fhir_json_out_object_end(&o);
	if (p->inactive) {
		fhir_json_out_key(&o, "active");
		fhir_json_out_bool(&o, false);
	}
	fhir_json_out_member(&o, "gender", p->gender);
	fhir_json_out_member(&o, "birthDate", p->birth);
	fhir_json_out_member(&o, "deceasedDateTime", p->deceased);
	if (p->dead && p->deceased.s == NULL) {
		fhir_json_out_key(&o, "deceasedBoolean");
		fhir_json_out_bool(&o, true);
	}
	fhir_json_out_object_end(&o);
	out = cw_str_dup(mem, (struct cw_str){ b.s, b.n });
	cw_buf_fini(&b);
	return out;
}

int
story_patient(struct story_desk *desk, struct story_cursor *c, struct cw_str *json)
{
	struct person p = { .id = CW_STR("p") };
	int rc = CW_OK;

	while (rc == CW_OK && c->at < c->line->n)
		rc = take_person(c, &p);
	if (rc == CW_OK)
		*json = write_person(&p, ++desk->patients, desk->mem);
	return rc;
}

/* ---- EXPECT ---- */

static bool
is_label(struct cw_str s)
{
	if (s.n < 2 || !isupper((unsigned char)s.s[0]))
		return false;
	for (size_t i = 1; i < s.n; i++) {
		if (!isdigit((unsigned char)s.s[i]))
			return false;
	}
	return true;
}

static int
add(struct story_cursor *c, struct story_list *list, struct cw_str text)
{
	if (list->n == STORY_MOST)
		return story_fail(c, CW_ELIMIT, "more words than fit");
	list->item[list->n++] = text;
	return CW_OK;
}

/* Labels as long as they last: "U10 W4". */
static int
take_labels(struct story_cursor *c, struct story_list *list)
{
	int rc = CW_OK;

	list->stated = true;
	if (story_is(c, "-"))
		return CW_OK;
	while (rc == CW_OK && c->at < c->line->n && is_label(story_peek(c))) {
		rc = add(c, list, story_peek(c));
		c->at++;
	}
	if (rc == CW_OK && list->n == 0)
		rc = story_fail(c, CW_ESYNTAX, "expected a rule, such as E4, or -");
	return rc;
}

static bool
is_keyword(const struct story_cursor *c)
{
	static const char *const words[] = { "rules", "controls", "unknown", "order", "code", "due",
		"note", "evidence", "refers", "lowered", "line", "no-line", "patient", NULL };

	return story_word_in(story_peek(c), words);
}

static int
take_ids(struct story_desk *desk, struct story_cursor *c, struct story_list *list)
{
	int rc = CW_OK;

	list->stated = true;
	if (story_is(c, "-"))
		return CW_OK;
	while (rc == CW_OK && c->at < c->line->n && !is_keyword(c)) {
		struct cw_str reference;

		rc = story_take_reference(desk, c, &reference);
		if (rc == CW_OK)
			rc = add(c, list, reference);
	}
	if (rc == CW_OK && list->n == 0)
		rc = story_fail(c, CW_ESYNTAX, "expected an id");
	return rc;
}

static int
take_order(struct story_cursor *c, struct story_expect *e)
{
	e->order = !story_is(c, "none");
	if (!e->order)
		return CW_OK;
	e->priority = story_peek(c);
	if (!story_word_in(e->priority, story_priorities))
		return story_fail(c, CW_ESYNTAX, "expected none, urgent or stat");
	c->at++;
	return CW_OK;
}

/* `note "CES pathway"`: one or more texts. */
static int
take_note(struct story_cursor *c, struct story_expect *e)
{
	if (c->at >= c->line->n || !c->line->word[c->at].quoted)
		return story_fail(c, CW_ESYNTAX, "expected text in quotes");
	return add(c, &e->notes, c->line->word[c->at++].text);
}

static int
take_patient(struct story_cursor *c, struct story_expect *e)
{
	struct cw_str id;
	int rc = story_take(c, &id, "the id of a patient");

	if (rc == CW_OK)
		e->patient = cw_fmt(c->mem, "Patient/%.*s", CW_ARG(id));
	return rc;
}

static int
take_expectation(struct story_desk *desk, struct story_cursor *c, struct story_expect *e)
{
	if (story_is(c, "rules"))
		return take_labels(c, &e->rules);
	if (story_is(c, "controls"))
		return take_labels(c, &e->controls);
	if (story_is(c, "unknown"))
		return take_labels(c, &e->unknown);
	if (story_is(c, "lowered"))
		return take_labels(c, &e->lowered);
	if (story_is(c, "evidence"))
		return take_ids(desk, c, &e->evidence);
	if (story_is(c, "refers"))
		return take_ids(desk, c, &e->refers);
	if (story_is(c, "order"))
		return take_order(c, e);
	if (story_is(c, "code"))
		return story_take(c, &e->code, "a code of SNOMED CT");
	if (story_is(c, "due"))
		return story_take_instant(c, &e->due);
	if (story_is(c, "note"))
		return take_note(c, e);
	if (story_is(c, "patient"))
		return take_patient(c, e);
	if (story_is(c, "line"))
		e->line = true;
	else if (story_is(c, "no-line"))
		e->no_line = true;
	else
		return story_fail(
		    c, CW_ESYNTAX, "'%.*s' is no word for EXPECT", CW_ARG(story_peek(c)));
	return CW_OK;
}

static int
take_tier(struct story_cursor *c, enum map_tier *out)
{
	for (int t = MAP_TIER_NONE; t <= MAP_TIER_EMERGENCY; t++) {
		if (story_is(c, map_tier_name((enum map_tier)t))) {
			*out = (enum map_tier)t;
			return CW_OK;
		}
	}
	return story_fail(c, CW_ESYNTAX, "expected none, watch, urgent or emergency");
}

/* Rules and controls that stand directly after the tier: "E1 S7" or "- -". */
static int
take_bare(struct story_cursor *c, struct story_expect *e)
{
	int rc = CW_OK;

	while (rc == CW_OK && c->at < c->line->n) {
		struct cw_str word = story_peek(c);

		if (story_is(c, "-"))
			continue;
		if (!is_label(word))
			break;
		rc = add(c, word.s[0] == 'S' ? &e->controls : &e->rules, word);
		c->at++;
	}
	return rc;
}

int
story_expect(struct story_desk *desk, struct story_cursor *c, const struct story_expect **out)
{
	struct story_expect *e = cw_alloc(desk->mem, sizeof(*e));
	int rc;

	if (e == NULL)
		return story_fail(c, CW_ELIMIT, "the story is too long");
	*out = e;
	e->due = MAP_NO_TIME;
	e->patient = CW_STR("Patient/p");
	rc = take_tier(c, &e->tier);
	e->order = e->tier >= MAP_TIER_URGENT;
	e->priority = e->tier == MAP_TIER_EMERGENCY ? CW_STR("stat") : CW_STR("urgent");
	if (rc == CW_OK)
		rc = take_bare(c, e);
	while (rc == CW_OK && c->at < c->line->n)
		rc = take_expectation(desk, c, e);
	return rc;
}
