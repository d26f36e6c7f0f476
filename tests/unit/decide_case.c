#include "tests/unit/decide_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fhir/time.h"

#define SEPSIS "tests/data/plan/valid/sepsis"
#define PLAN "PlanDefinition-sepsis.json"

void
decide_begin(struct decide_case *c, const struct decide_edit *edit, size_t n)
{
	memset(c, 0, sizeof(*c));
	case_begin(&c->files, SEPSIS);
	for (size_t i = 0; i < n; i++)
		case_edit(&c->files, edit[i].file == NULL ? PLAN : edit[i].file, edit[i].from,
		    edit[i].to);
	case_load(&c->files);
	ck_assert_msg(c->files.rc == 0, "line %zu: %s: %s", c->files.err.line, c->files.err.path,
	    c->files.err.text);
	c->arena = cw_arena_new(0);
	c->about.patient = CW_STR("Patient/p");
	c->about.known = true;
}

/* --- findings --- */

/* "-90min" */
static bool
take_time(const char *word, int64_t *out)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "min", 60000 }, { "h", 3600000 },
		{ "d", 86400000 } };
	char *end;
	long long n;

	if (*word != '-' && *word != '+')
		return false;
	n = strtoll(word, &end, 10);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].unit) == 0) {
			*out = DECIDE_NOW + n * units[i].ms;
			return true;
		}
	}
	return false;
}

/* The rest of a word that starts so, or NULL. */
static const char *
after(const char *word, const char *start)
{
	size_t n = strlen(start);

	return strncmp(word, start, n) == 0 ? word + n : NULL;
}

static void
take_value(struct map_finding *f, char *text)
{
	char *bar = strchr(text, '|');
	struct fhir_decimal number;

	ck_assert_ptr_nonnull(bar);
	*bar = '\0';
	ck_assert_int_eq(fhir_decimal_parse(cw_str(text), &number, NULL), 0);
	ck_assert_int_eq(fhir_quantity_ucum(number, cw_str(bar + 1), &f->value, NULL), 0);
	f->has_value = true;
}

static bool
take_flag(struct map_finding *f, const char *word)
{
	if (strcmp(word, "no") == 0)
		f->present = MAP_FALSE;
	else if (strcmp(word, "unknown") == 0)
		f->present = MAP_UNKNOWN;
	else if (strcmp(word, "absent") == 0)
		f->present = MAP_FALSE, f->data_absent = true;
	else if (strcmp(word, "withdrawn") == 0)
		f->withdrawn = true;
	else if (strcmp(word, "resolved") == 0)
		f->resolved = true;
	else if (strcmp(word, "imprecise") == 0)
		f->imprecise = true;
	else if (strcmp(word, "other") == 0)
		f->other_subject = true;
	else
		return false;
	return true;
}

/* It points at one thing; the text of the case outlives it. */
static void
take_target(struct decide_case *c, struct map_finding *f, char *text)
{
	struct cw_str *target = cw_alloc(c->arena, sizeof(*target));

	*target = cw_str(text);
	f->target = target;
	f->targets = 1;
}

static bool
take_text(struct decide_case *c, struct map_finding *f, char *word)
{
	char *text = strchr(word, '=');

	if (text++ == NULL)
		return false;
	if (after(word, "value="))
		take_value(f, text);
	else if (after(word, "grade="))
		f->grade = (uint8_t)atoi(text);
	else if (after(word, "urgency="))
		f->urgency = (uint8_t)atoi(text);
	else if (after(word, "role="))
		for (f->role = MAP_ROLE_FINDING; !cw_str_is(map_role_name(f->role), text);)
			f->role++;
	else if (after(word, "status="))
		f->status = cw_str(text);
	else if (after(word, "type="))
		f->resource = cw_str(text);
	else if (after(word, "to="))
		take_target(c, f, text);
	else if (after(word, "says="))
		f->display = cw_str(text);
	else
		return false;
	for (; after(word, "says=") && *text != '\0'; text++)
		*text = *text == '_' ? ' ' : *text;
	return true;
}

static void
take_word(struct decide_case *c, struct map_finding *f, char *word)
{
	const char *rest;

	if (take_time(word, &f->when)) {
		f->when_latest = f->when;
		if (f->recorded == MAP_NO_TIME)
			f->recorded = f->recorded_latest = f->received = f->when;
		return;
	}
	if ((rest = after(word, "rec")) != NULL && take_time(rest, &f->recorded)) {
		f->recorded_latest = f->received = f->recorded;
		return;
	}
	if ((rest = after(word, "due")) != NULL && take_time(rest, &f->due))
		return;
	ck_assert_msg(take_flag(f, word) || take_text(c, f, word), "findings have no \"%s\"", word);
}

static void
take_finding(struct decide_case *c, char *text)
{
	struct map_finding *f = &c->finding[c->about.findings];
	char *left, *id = strtok_r(text, " ", &left), *word = strtok_r(NULL, " ", &left);

	ck_assert_uint_lt(c->about.findings, DECIDE_FINDINGS);
	ck_assert_ptr_nonnull(word);
	*f = (struct map_finding){
		.concept = map_terminology_concept(c->files.terms, cw_str(word)),
		.present = MAP_TRUE,
		.high = MAP_UNKNOWN,
		.when = DECIDE_NOW,
		.when_latest = DECIDE_NOW,
		.ends = MAP_NO_TIME,
		.abated = MAP_NO_TIME,
		.recorded = MAP_NO_TIME,
		.due = MAP_NO_TIME,
		.dated = true,
		.resource = CW_STR("Observation"),
		.version = CW_STR("1"),
		.path = CW_STR("Observation"),
		.system = CW_STR("urn:example:CodeSystem:ward"),
		.code = CW_STR("W"),
	};
	ck_assert_msg(f->concept != NULL, "no concept %s", word);
	while ((word = strtok_r(NULL, " ", &left)) != NULL)
		take_word(c, f, word);
	if (f->recorded == MAP_NO_TIME)
		f->recorded = f->recorded_latest = f->received = f->when;
	f->source = cw_fmt(c->arena, "%.*s/%s", CW_ARG(f->resource), id);
	c->list[c->about.findings++] = f;
}

void
decide_findings(struct decide_case *c, const char *words)
{
	struct cw_str copy = cw_fmt(c->arena, "%s", words);
	char *left, *text = cw_alloc(c->arena, copy.n + 1);

	memcpy(text, copy.s, copy.n);
	c->about.findings = 0;
	c->about.finding = c->list;
	for (char *one = strtok_r(text, ";", &left); one != NULL; one = strtok_r(NULL, ";", &left))
		take_finding(c, one);
}

/* --- deciding --- */

void
decide_run(struct decide_case *c, bool explain)
{
	memset(&c->err, 0, sizeof(c->err));
	c->rc = map_decide(
	    &c->decision, c->files.plan, &c->about, DECIDE_NOW, explain, c->arena, &c->err);
}

void
decide_all(struct decide_case *c, const struct decide_edit *edit, size_t n, const char *words)
{
	decide_begin(c, edit, n);
	decide_findings(c, words);
	decide_run(c, true);
	ck_assert_msg(c->rc == 0, "%s: %s", words, c->err.text);
}

void
decide_end(struct decide_case *c)
{
	cw_arena_free(c->arena);
	case_end(&c->files);
}

static void
show_texts(struct cw_buf *b, const struct map_texts *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *id = memchr(list->item[i].s, '/', list->item[i].n);
		size_t skip = id == NULL ? 0 : (size_t)(id + 1 - list->item[i].s);

		cw_buf_putc(b, ' ');
		cw_buf_add(b, list->item[i].s + skip, list->item[i].n - skip);
	}
}

const char *
decide_show(struct decide_case *c)
{
	const struct map_decision *d = &c->decision;
	char due[FHIR_TIME_TEXT];
	struct cw_str text;
	struct cw_buf b;

	cw_buf_init(&b, 0);
	cw_buf_puts(&b, map_tier_name(d->tier));
	show_texts(&b, &d->rules);
	cw_buf_puts(&b, " /");
	show_texts(&b, &d->controls);
	cw_buf_puts(&b, " /");
	if (d->has_order)
		cw_buf_printf(&b, " %.*s %.*s", CW_ARG(d->proposal.priority),
		    CW_ARG(fhir_time_format_utc(d->proposal.due, due)));
	cw_buf_puts(&b, " /");
	show_texts(&b, &d->unknown);
	cw_buf_puts(&b, " /");
	show_texts(&b, &d->evidence);
	text = cw_str_dup(c->arena, (struct cw_str){ b.s, b.n });
	cw_buf_fini(&b);
	return text.s;
}
