/* RECEIVE, WITHDRAW, AGAIN, DELETE: from the words of a story to a FHIR resource. */
#include "daemon/story_draft.h"
#include "fhir/time.h"

#include <ctype.h>
#include <string.h>

/* ---- ids ---- */

/* "c1", "ma2": letters, then digits. What else stands after the type is a keyword or a code. */
static bool
is_id(struct cw_str s)
{
	size_t i = 0;

	while (i < s.n && (islower((unsigned char)s.s[i]) || s.s[i] == '-'))
		i++;
	if (i == 0 || i == s.n)
		return false;
	while (i < s.n && isdigit((unsigned char)s.s[i]))
		i++;
	return i == s.n;
}

static struct story_draft *
find_draft(const struct story_desk *desk, struct cw_str id)
{
	for (struct story_draft *d = desk->last; d != NULL; d = d->before) {
		if (cw_str_eq(d->id, id))
			return d;
	}
	return NULL;
}

/* The initials of the type and the next free number: "ma1". */
static struct cw_str
new_id(struct story_desk *desk, const struct story_type *type)
{
	char initials[8];
	size_t n = 0;
	struct cw_str id;

	for (const char *p = type->name; *p != '\0' && n < sizeof(initials) - 1; p++) {
		if (isupper((unsigned char)*p))
			initials[n++] = (char)tolower((unsigned char)*p);
	}
	for (unsigned i = 1;; i++) {
		id = cw_fmt(desk->mem, "%.*s%u", (int)n, initials, i);
		if (id.s == NULL || find_draft(desk, id) == NULL)
			return id;
	}
}

/* An id that the case has used: *out is its latest draft. */
static int
take_known(struct story_desk *desk, struct story_cursor *c, struct story_draft **out)
{
	struct cw_str id = story_peek(c);

	*out = id.s == NULL ? NULL : find_draft(desk, id);
	if (*out == NULL)
		return story_fail(c, CW_ESYNTAX, "expected the id of something received before");
	c->at++;
	return CW_OK;
}

int
story_take_reference(struct story_desk *desk, struct story_cursor *c, struct cw_str *out)
{
	struct cw_str id = story_peek(c);
	struct story_draft *d;
	int rc;

	if (cw_str_starts(id, CW_STR("order")) && is_id(id)) {
		*out = id; /* the one who plays the story knows which */
		c->at++;
		return CW_OK;
	}
	if (id.s != NULL && memchr(id.s, '/', id.n) != NULL) {
		*out = id;
		c->at++;
		return CW_OK;
	}
	rc = take_known(desk, c, &d);
	if (rc == CW_OK)
		*out = cw_fmt(c->mem, "%s/%.*s", d->type->name, CW_ARG(d->id));
	return rc;
}

/* ---- values ---- */

static bool
is_number(struct cw_str s)
{
	size_t i = s.n > 0 && s.s[0] == '-' ? 1 : 0, digits = 0;

	for (; i < s.n; i++) {
		if (isdigit((unsigned char)s.s[i]))
			digits++;
		else if (s.s[i] != '.' || digits == 0)
			return false;
	}
	return digits > 0 && isdigit((unsigned char)s.s[s.n - 1]);
}

static int
take_number(struct story_cursor *c, struct cw_str *out)
{
	*out = story_peek(c);
	if (!is_number(*out))
		return story_fail(c, CW_ESYNTAX, "expected a number");
	c->at++;
	return CW_OK;
}

/* Words that may follow a number and are no unit. */
static bool
ends_value(struct cw_str s)
{
	static const char *const words[] = { "at", "side", "low", "high", "issued",
		"interpretation", "component", "focus", "member", "updated", "from", "modifier",
		"patient", "no-data", "status", NULL };

	return s.s == NULL || isdigit((unsigned char)s.s[0]) || story_word_in(s, words);
}

static int
take_value(struct story_cursor *c, struct story_part *p)
{
	struct cw_str word = story_peek(c);

	if (word.s == NULL)
		return story_fail(c, CW_ESYNTAX, "expected a value");
	if (c->line->word[c->at].quoted) {
		p->kind = STORY_TEXT;
	} else if (cw_str_is(word, "true") || cw_str_is(word, "false")) {
		p->kind = STORY_TRUTH;
	} else if (story_at_coding(c)) {
		p->kind = STORY_CODED;
		return story_take_coding(c, &p->coded);
	} else if (is_number(word)) {
		p->kind = memchr(word.s, '.', word.n) == NULL ? STORY_NUMBER : STORY_QUANTITY;
	} else {
		return story_fail(
		    c, CW_ESYNTAX, "expected a number, true, false, a code or text in quotes");
	}
	p->value = word;
	c->at++;
	if (is_number(word) && p->kind != STORY_TEXT && !story_at_coding(c) &&
	    !ends_value(story_peek(c))) {
		p->kind = STORY_QUANTITY;
		p->unit = story_peek(c);
		c->at++;
	}
	return CW_OK;
}

/* ---- keywords with a time ---- */

static int
take_when(struct story_cursor *c, struct cw_str *slot)
{
	if (slot->s != NULL) {
		c->at--;
		return story_fail(c, CW_ESYNTAX, "said twice");
	}
	return story_take_time(c, slot);
}

/* 1: a keyword of time was taken; 0: it is none. */
static int
take_time_word(struct story_cursor *c, struct story_draft *d)
{
	bool condition = strcmp(d->type->name, "Condition") == 0;
	bool request = strcmp(d->type->name, "ServiceRequest") == 0;
	struct cw_str *slot = NULL;
	int rc;

	if (d->type->record_word != NULL && story_is(c, d->type->record_word))
		slot = &d->record;
	else if (condition && story_is(c, "onset"))
		slot = &d->onset;
	else if (condition && story_is(c, "abated"))
		slot = &d->abated;
	else if (request && story_is(c, "due"))
		slot = &d->due;
	else if (request && story_is(c, "occurrence"))
		slot = &d->occurrence;
	else if (d->type->period != NULL && story_is(c, "from"))
		slot = &d->from;
	else if (d->type->period != NULL && story_is(c, "to"))
		slot = &d->to;
	else if (story_is(c, "updated"))
		slot = &d->updated;
	else if (d->type->event != NULL && isdigit((unsigned char)story_peek(c).s[0]))
		slot = &d->event;
	if (slot == NULL)
		return 0;
	rc = take_when(c, slot);
	return rc < 0 ? rc : 1;
}

/* ---- statuses ---- */

static int
take_status_word(struct story_cursor *c, struct story_draft *d)
{
	struct cw_str word = story_peek(c);
	bool condition = strcmp(d->type->name, "Condition") == 0;
	bool request = strcmp(d->type->name, "ServiceRequest") == 0;

	if (condition && story_word_in(word, story_clinical))
		d->clinical = word;
	else if (condition && story_word_in(word, story_verification))
		d->verification = word;
	else if (condition && cw_str_is(word, "unverified"))
		d->unverified = true;
	else if (story_word_in(word, d->type->statuses))
		d->status = word;
	else if (request && story_word_in(word, story_priorities))
		d->priority = word;
	else
		return 0;
	c->at++;
	return 1;
}

/* ---- the other keywords ---- */

static int
take_codings(struct story_cursor *c, struct story_coding *to, size_t *n)
{
	int rc = CW_OK;

	while (rc == CW_OK && story_at_coding(c)) {
		if (*n == STORY_CODINGS)
			return story_fail(c, CW_ELIMIT, "more codes than fit");
		rc = story_take_coding(c, &to[(*n)++]);
	}
	return rc;
}

static int
take_side(struct story_cursor *c, struct story_draft *d)
{
	static const char *const sides[] = { "left", "right", "bilateral", NULL };

	d->side = story_peek(c);
	if (!story_word_in(d->side, sides))
		return story_fail(c, CW_ESYNTAX, "expected left, right or bilateral");
	c->at++;
	return CW_OK;
}

static int
take_component(struct story_cursor *c, struct story_draft *d)
{
	if (d->parts == STORY_PARTS)
		return story_fail(c, CW_ELIMIT, "more components than fit");
	d->parts++;
	if (!story_at_coding(c))
		return story_fail(c, CW_ESYNTAX, "expected the code of the component");
	return take_codings(c, d->part[d->parts - 1].code, &d->part[d->parts - 1].codes);
}

static int
take_references(struct story_desk *desk, struct story_cursor *c, struct cw_str *to, size_t *n)
{
	if (*n == STORY_REFERENCES)
		return story_fail(c, CW_ELIMIT, "more references than fit");
	return story_take_reference(desk, c, &to[(*n)++]);
}

static int
take_identifier(struct story_cursor *c, struct story_draft *d)
{
	struct story_coding pair;
	int rc = story_take_coding(c, &pair);

	d->identifier_system = pair.system;
	d->identifier = pair.code;
	return rc;
}

static int
take_intent(struct story_cursor *c, struct story_draft *d)
{
	d->intent = story_peek(c);
	if (!story_word_in(d->intent, story_intents))
		return story_fail(c, CW_ESYNTAX, "expected an intent, such as order");
	c->at++;
	return CW_OK;
}

/* Keywords about an answer; they belong to the component begun last. */
static int
take_answer_word(struct story_cursor *c, struct story_draft *d)
{
	struct story_part *p = &d->part[d->parts - 1];
	int rc;

	if (story_is(c, "value"))
		rc = take_value(c, p);
	else if (story_is(c, "interpretation"))
		rc = story_take(c, &p->interpretation, "an interpretation, such as H");
	else if (story_is(c, "high"))
		rc = take_number(c, &p->high);
	else if (story_is(c, "low"))
		rc = take_number(c, &p->low);
	else if (story_is(c, "no-data"))
		rc = story_take(c, &p->no_data, "a reason, such as unknown");
	else
		return 0;
	return rc < 0 ? rc : 1;
}

static int
take_other_word(struct story_desk *desk, struct story_cursor *c, struct story_draft *d)
{
	int rc = CW_OK;

	if (d->type->site != NULL && story_is(c, "site"))
		rc = take_codings(c, d->site, &d->sites);
	else if (story_is(c, "side"))
		rc = take_side(c, d);
	else if (story_is(c, "component"))
		rc = take_component(c, d);
	else if (story_is(c, "conclusion"))
		rc = take_codings(c, d->conclusion, &d->conclusions);
	else if (story_is(c, "category"))
		rc = story_take_coding(c, &d->category);
	else if (story_is(
		     c, cw_str_is(cw_str(d->type->name), "ServiceRequest") ? "reason" : "focus"))
		rc = take_references(desk, c, d->focus, &d->focuses);
	else if (story_is(c, "member"))
		rc = take_references(desk, c, d->member, &d->members);
	else if (story_is(c, "onset-age"))
		rc = take_number(c, &d->onset_age);
	else if (story_is(c, "identifier"))
		rc = take_identifier(c, d);
	else if (story_is(c, "intent"))
		rc = take_intent(c, d);
	else if (story_is(c, "profile"))
		rc = story_take(c, &d->profile, "the URL of a profile");
	else if (story_is(c, "patient"))
		rc = story_take(c, &d->patient, "the id of a patient");
	else if (story_is(c, "modifier"))
		d->modifier = true;
	else
		return 0;
	return rc < 0 ? rc : 1;
}

static int
take_word(struct story_desk *desk, struct story_cursor *c, struct story_draft *d)
{
	int rc;

	if (story_at_coding(c)) {
		rc = take_codings(c, d->part[0].code, &d->part[0].codes);
		return rc;
	}
	if (c->line->word[c->at].quoted)
		return story_fail(c, CW_ESYNTAX, "words in quotes follow a code or `value`");
	rc = take_time_word(c, d);
	if (rc == 0)
		rc = take_status_word(c, d);
	if (rc == 0)
		rc = take_answer_word(c, d);
	if (rc == 0)
		rc = take_other_word(desk, c, d);
	if (rc == 0)
		return story_fail(c, CW_ESYNTAX, "'%.*s' is no word for a %s",
		    CW_ARG(story_peek(c)), d->type->name);
	return rc < 0 ? rc : CW_OK;
}

/* ---- the statements ---- */

static void
begin(struct story_draft *d, const struct story_type *type)
{
	d->type = type;
	d->patient = CW_STR("p");
	d->parts = 1;
	d->status = cw_str(type->status);
	if (strcmp(type->name, "Condition") == 0)
		d->verification = CW_STR("confirmed");
	if (strcmp(type->name, "CarePlan") == 0)
		d->intent = CW_STR("plan");
	if (strcmp(type->name, "ServiceRequest") == 0 ||
	    strcmp(type->name, "MedicationRequest") == 0)
		d->intent = CW_STR("order");
}

/* The type and the id, which may be left out. */
static int
take_head(struct story_desk *desk, struct story_cursor *c, struct story_draft *d)
{
	const struct story_type *type = story_type_find(story_peek(c));
	const struct story_draft *former;

	if (type == NULL)
		return story_fail(c, CW_ESYNTAX, "expected a type of resource or a file");
	c->at++;
	begin(d, type);
	if (!is_id(story_peek(c))) {
		d->id = new_id(desk, type);
		d->version = 1;
		return CW_OK;
	}
	d->id = story_peek(c);
	former = find_draft(desk, d->id);
	if (former != NULL && former->type != type)
		return story_fail(c, CW_EVALUE, "%.*s is a %s", CW_ARG(d->id), former->type->name);
	d->version = former == NULL ? 1 : former->version + 1;
	c->at++;
	return CW_OK;
}

static struct story_draft *
new_draft(struct story_desk *desk, const struct story_draft *like)
{
	struct story_draft *d = cw_alloc(desk->mem, sizeof(*d));

	if (d == NULL)
		return NULL;
	if (like != NULL)
		*d = *like;
	d->before = desk->last;
	return d;
}

static int
finish(struct story_desk *desk, struct story_draft *d, struct cw_str *json)
{
	desk->last = d;
	*json = story_write(d, desk->mem);
	return CW_OK;
}

int
story_receive(struct story_desk *desk, struct story_cursor *c, struct cw_str *json)
{
	struct story_draft *d = new_draft(desk, NULL);
	int rc;

	if (d == NULL)
		return story_fail(c, CW_ELIMIT, "the story is too long");
	rc = take_head(desk, c, d);
	while (rc == CW_OK && c->at < c->line->n)
		rc = take_word(desk, c, d);
	if (rc < 0)
		return rc;
	if (d->part[0].codes == 0 && d->profile.s == NULL)
		return story_fail(c, CW_ESYNTAX, "a %s needs a code", d->type->name);
	return finish(desk, d, json);
}

int
story_withdraw(struct story_desk *desk, struct story_cursor *c, struct cw_str *json)
{
	struct story_draft *former, *d;
	int rc = take_known(desk, c, &former);

	if (rc < 0)
		return rc;
	d = new_draft(desk, former);
	if (d == NULL)
		return story_fail(c, CW_ELIMIT, "the story is too long");
	d->version++;
	d->gone = true;
	return finish(desk, d, json);
}

int
story_again(struct story_desk *desk, struct story_cursor *c, struct cw_str *json)
{
	struct story_draft *d;
	int rc = take_known(desk, c, &d);

	if (rc == CW_OK)
		*json = story_write(d, desk->mem);
	return rc;
}

int
story_delete(struct story_desk *desk, struct story_cursor *c, struct cw_str *json)
{
	struct story_draft *former, *d;
	int rc = take_known(desk, c, &former);

	if (rc < 0)
		return rc;
	d = new_draft(desk, former);
	if (d == NULL)
		return story_fail(c, CW_ELIMIT, "the story is too long");
	d->version++;
	desk->last = d;
	*json = cw_fmt(desk->mem,
	    "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"entry\":[{\"fullUrl\":\"%s/%.*s\","
	    "\"request\":{\"method\":\"DELETE\",\"url\":\"%s/%.*s\"},"
	    "\"response\":{\"status\":\"204\",\"etag\":\"W/\\\"%u\\\"\"}}]}",
	    d->type->name, CW_ARG(d->id), d->type->name, CW_ARG(d->id), d->version);
	return CW_OK;
}
