#include "daemon/story_play.h"
#include "config.h"
#include "daemon/file.h"
#include "fhir/json.h"
#include "fhir/time.h"
#include "mappings/explain.h"
#include "mappings/order.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_FILE = 64 << 20, MOST_ORDERS = 64 };
static const size_t MOST_MEMORY = (size_t)512 << 20;

struct player {
	struct story_result *out;
	const struct story_case *c;
	const struct story_world *world;
	bool keep;
	struct map_record *record;
	struct cw_arena *mem;		   /* lives as long as the play */
	struct cw_str orders[MOST_ORDERS]; /* "ServiceRequest/id" of what was sent */
	size_t n_orders;
	size_t line; /* of the statement being played */
};

void
story_result_init(struct story_result *r)
{
	*r = (struct story_result){ .now = MAP_NO_TIME };
	cw_buf_init(&r->report, 0);
	cw_buf_init(&r->data, 0);
}

void
story_result_fini(struct story_result *r)
{
	cw_buf_fini(&r->report);
	cw_buf_fini(&r->data);
}

/* ---- receiving ---- */

/* Stories hold sound data; a fault in them is a fault of the story. */
static void
on_note(void *arg, const struct map_note *note)
{
	struct player *p = arg;

	if (note->kind != MAP_ISSUE_MALFORMED)
		return;
	p->out->differences++;
	cw_buf_printf(&p->out->report, "  line %zu: the data are malformed: %.*s: %.*s\n", p->line,
	    CW_ARG(note->path), CW_ARG(note->text));
}

static void
receive(struct player *p, struct cw_str json)
{
	struct map_origin from = {
		.file = CW_STR("story"), .line = p->line, .received = MAP_NO_TIME
	};

	map_record_add(p->record, json, &from);
	if (!p->keep)
		return;
	cw_buf_str(&p->out->data, json);
	cw_buf_putc(&p->out->data, '\n');
}

/* A file may be spread over lines: one text, one line. */
static int
receive_text(struct player *p, struct cw_str text, struct cw_err *err)
{
	const struct fhir_node *node;
	struct cw_buf line;
	int rc = fhir_json_read(&node, text, p->mem, NULL, err);

	if (rc < 0)
		return rc;
	cw_buf_init(&line, 0);
	fhir_json_write(&line, node, false);
	receive(p, cw_str_dup(p->mem, (struct cw_str){ line.s, line.n }));
	cw_buf_fini(&line);
	return CW_OK;
}

static int
receive_file(struct player *p, struct cw_str path, struct cw_err *err)
{
	struct fhir_json_lines lines;
	struct cw_str copy = cw_str_dup(p->mem, path), line, text;
	struct cw_buf file;
	int rc;

	if (copy.s == NULL)
		return cw_fail(err, CW_ELIMIT, "no memory left");
	cw_buf_init(&file, MOST_FILE);
	rc = file_read(&file, copy.s, err);
	text = cw_str_dup(p->mem, (struct cw_str){ file.s, file.n });
	cw_buf_fini(&file);
	if (rc < 0)
		return rc;
	if (file_kind(copy.s) != FILE_NDJSON)
		return receive_text(p, text, err);
	fhir_json_lines_init(&lines, text);
	while (rc == CW_OK && fhir_json_lines_next(&lines, &line))
		rc = receive_text(p, line, err);
	return rc;
}

/* What was sent comes back, numbered so that the later of two with one id counts. */
static void
receive_order(struct player *p, const struct map_decision *d)
{
	struct fhir_json_out o;
	struct map_alert alert;
	struct cw_buf text;

	if (!d->has_order || p->n_orders == MOST_ORDERS)
		return;
	map_alert_name(&alert, d);
	cw_buf_init(&text, 0);
	fhir_json_out_init(&o, &text, false);
	map_order_request(&o, d, p->world->plan, CW_STR("cordwatch " PACKAGE_VERSION));
	p->orders[p->n_orders++] = cw_fmt(p->mem, "ServiceRequest/%s", alert.request);
	receive(p, cw_fmt(p->mem, "{\"meta\":{\"versionId\":\"%zu\"},%.*s", p->n_orders,
		       (int)text.n - 1, text.s + 1));
	cw_buf_fini(&text);
}

/* ---- judging ---- */

/* The case of a patient; one without anything known is empty. */
static int
find_patient(struct player *p, struct map_case *out, struct cw_str patient, int64_t now,
    struct cw_arena *mem, struct cw_err *err)
{
	size_t n = map_record_patients(p->record);

	for (size_t i = 0; i < n; i++) {
		int rc = map_record_patient(out, p->record, i, now, mem, err);

		if (rc < 0 || cw_str_eq(out->patient, patient))
			return rc;
	}
	*out = (struct map_case){ .patient = patient };
	return CW_OK;
}

static void
explain(struct player *p, const struct story_step *s, const struct map_decision *d)
{
	struct map_explain_options options = { .full = true };
	char at[FHIR_TIME_TEXT];
	struct cw_buf text;

	(void)s;
	cw_buf_init(&text, 0);
	map_explain_text(&text, d, &options);
	cw_buf_printf(
	    &p->out->report, "    as of %.*s:\n", CW_ARG(fhir_time_format_utc(d->now, at)));
	for (size_t i = 0; i < text.n;) {
		const char *end = memchr(text.s + i, '\n', text.n - i);
		size_t n = end == NULL ? text.n - i : (size_t)(end - text.s) - i;

		cw_buf_printf(&p->out->report, "      | %.*s\n", (int)n, text.s + i);
		i += n + 1;
	}
	cw_buf_fini(&text);
}

static void
judge(struct player *p, const struct story_step *s)
{
	struct cw_arena *mem = cw_arena_new(MOST_MEMORY);
	struct cw_buf report;
	struct map_case c;
	struct map_decision d;
	struct cw_err fault = { 0 };
	size_t differences;
	int rc = find_patient(p, &c, s->expect->patient, s->now, mem, &fault);

	cw_buf_init(&report, 0);
	p->out->expects++;
	if (rc == CW_OK)
		rc = map_decide(&d, p->world->plan, &c, s->now, true, mem, &fault);
	if (rc < 0) {
		p->out->differences++;
		cw_buf_printf(&p->out->report, "  line %zu: cannot be decided: %s%s%s\n", s->line,
		    fault.path, fault.path[0] == '\0' ? "" : ": ", fault.text);
	} else {
		differences = story_compare(&report, s->expect, &d, p->orders, p->n_orders);
		p->out->differences += differences;
		if (differences > 0) {
			cw_buf_printf(&p->out->report, "  line %zu:\n%s", s->line, report.s);
			explain(p, s, &d);
		}
		receive_order(p, &d);
	}
	cw_buf_fini(&report);
	cw_arena_free(mem);
}

static int
play_step(struct player *p, const struct story_step *s, struct cw_err *err)
{
	p->line = s->line;
	switch (s->kind) {
	case STORY_DATA:
		receive(p, s->text);
		break;
	case STORY_FILE:
		return receive_file(p, s->text, err);
	case STORY_EXPECT:
		judge(p, s);
		break;
	case STORY_NOTICE:
	case STORY_CRASH:
	case STORY_RESTART:
		p->out->not_run++;
		break;
	case STORY_SET:
	case STORY_PACKAGE:
		break; /* in the world already */
	}
	return CW_OK;
}

int
story_play(struct story_result *out, const struct story_case *c, const struct story_world *world,
    bool keep, struct cw_err *err)
{
	struct player *p = cw_calloc(1, sizeof(*p));
	int rc = CW_OK;

	p->out = out;
	p->c = c;
	p->world = world;
	p->keep = keep;
	p->mem = cw_arena_new(MOST_MEMORY);
	p->record = map_record_new(world->terms, on_note, p);
	for (size_t i = 0; i < c->n && rc == CW_OK; i++) {
		rc = play_step(p, &c->step[i], err);
		out->now = c->step[i].now == MAP_NO_TIME ? out->now : c->step[i].now;
	}
	map_record_free(p->record);
	cw_arena_free(p->mem);
	free(p);
	return rc;
}
