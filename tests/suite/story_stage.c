#include "config.h"

#include "tests/suite/story_stage.h"

#include "daemon/file.h"
#include "fhir/json.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	BEFORE = 60000, /* ms that the daemon has been running when a story begins */
	TRAVEL = 1,	/* of one delivery */
	DELIVERY = 101, /* from a write to its arrival, by a Subscription */
	SETTLE = 2000,
	STOPPING = 10000,
	CROWD = 10000, /* as many jobs as the queue of app.c takes */
	RECOVERY = 600000,
	MOST_FILE = 64 << 20
};

/* One delivery, sent again until it is taken, as servers do. */
struct stage_letter {
	struct stage_letter *next;
	struct stage *stage;
	const char *method, *target;
	struct http_header header[2];
	size_t headers;
	struct cw_str body;
	bool taken;
};

/* ---- the daemon ---- */

static void
write_conf(struct stage *s)
{
	FILE *f;
	const char *package = getenv("CORDWATCH_PACKAGE");

	snprintf(s->conf, sizeof(s->conf), "%s/cordwatch.conf", s->dir);
	f = fopen(s->conf, "w");
	assert(f != NULL);
	fprintf(f,
	    "[server]\nstate_dir = %s/state\nlisten = 127.0.0.1:8086\n"
	    "[package]\ndir = %s\nmode = %s\n",
	    s->dir, package == NULL ? PACKAGE_DIR : package, s->habits.shadow ? "shadow" : "live");
	for (size_t i = 0; i < s->c->n; i++) {
		if (s->c->step[i].kind == STORY_PACKAGE)
			fprintf(f, "overlay = %.*s\n", CW_ARG(s->c->step[i].text));
	}
	fprintf(f, "[set]\n");
	for (size_t i = 0; i < s->c->n; i++) {
		if (s->c->step[i].kind == STORY_SET)
			fprintf(f, "%.*s\n", CW_ARG(s->c->step[i].text));
	}
	fprintf(f, "[feed ehr]\nbase = " STAGE_BASE "\npoll_interval = 1d\n"
		   "[target ehr]\nbase = " STAGE_BASE "\n");
	assert(fclose(f) == 0);
}

static bool
start(struct stage *s)
{
	struct app_options o = { .conf_file = s->conf };
	struct cw_err err = { 0 };
	struct conf *conf;

	if (conf_load(&conf, s->conf, &err) < 0 || app_new(&s->app, &o, conf, &err) < 0) {
		s->fault = cw_fmt(s->mem, "%s:%zu: %s", err.path, (size_t)err.line, err.text).s;
		s->app = NULL;
		return false;
	}
	return true;
}

/* ---- deliveries ---- */

static void send_letter(void *arg);

static void
on_answer(void *arg, const struct fake_sent *sent)
{
	struct stage_letter *l = arg;

	l->taken = sent->status >= 200 && sent->status < 300;
	if (!l->taken && sent->status > 0 && sent->status != 503)
		l->stage->fault = cw_fmt(
		    l->stage->mem, "%s %s was answered %d", l->method, l->target, sent->status)
				      .s;
}

static void
send_letter(void *arg)
{
	struct stage_letter *l = arg;

	(void)fake_send(
	    "127.0.0.1:8086", l->method, l->target, l->header, l->headers, l->body, on_answer, l);
}

static void
deliver(
    struct stage *s, const char *method, const char *target, uint32_t version, struct cw_str body)
{
	struct stage_letter *l = cw_alloc(s->mem, sizeof(*l));

	*l = (struct stage_letter){ .next = s->letters,
		.stage = s,
		.method = method,
		.target = target,
		.body = cw_str_dup(s->mem, body) };
	l->header[l->headers++] =
	    (struct http_header){ "Content-Type", CW_STR("application/fhir+json") };
	if (version > 0)
		l->header[l->headers++] =
		    (struct http_header){ "If-Match", cw_fmt(s->mem, "W/\"%u\"", version) };
	s->letters = l;
	send_letter(l);
	if (s->habits.twice)
		send_letter(l);
}

/* What nobody has taken is sent again. */
static void
send_again(struct stage *s)
{
	struct stage_letter *list = s->letters, **p = &s->letters;

	s->letters = NULL;
	for (; list != NULL; list = list->next) {
		if (list->taken)
			continue;
		*p = list;
		p = &list->next;
	}
	*p = NULL;
	for (struct stage_letter *l = s->letters; l != NULL; l = l->next)
		send_letter(l);
}

static bool
has_subscriptions(const struct stage *s)
{
	return server_count(s->server, "Subscription") > 0;
}

/* Tell the daemon of the current version. */
static void
tell(struct stage *s, const char *reference)
{
	deliver(s, "PUT", cw_fmt(s->mem, "/fhir/ehr/%s", reference).s,
	    server_version(s->server, reference), server_get(s->server, reference));
}

/* ---- the server ---- */

/* Everybody whom the case speaks of has a Patient there. */
static void
enter_patients(struct stage *s, struct cw_str text)
{
	static const char mark[] = "\"Patient/";
	const char *at = text.s, *end = text.s + text.n;

	while (
	    text.n > 0 && (at = memmem(at, (size_t)(end - at), mark, sizeof(mark) - 1)) != NULL) {
		size_t n = strcspn(at += sizeof(mark) - 1, "\"");

		if (server_version(s->server, cw_fmt(s->mem, "Patient/%.*s", (int)n, at).s) == 0)
			server_put(s->server,
			    cw_fmt(s->mem, "{\"resourceType\":\"Patient\",\"id\":\"%.*s\"}", (int)n,
				at));
	}
}

static void
write_resource(struct stage *s, struct cw_str json)
{
	static const char deletion[] = "{\"method\":\"DELETE\",\"url\":\"";
	const char *url = memmem(json.s, json.n, deletion, sizeof(deletion) - 1);
	const char *reference;
	bool told = has_subscriptions(s);

	if (url != NULL) {
		url += sizeof(deletion) - 1;
		reference = cw_fmt(s->mem, "%.*s", (int)strcspn(url, "\""), url).s;
		server_delete(s->server, reference);
		/* Subscriptions do not tell of deletions; other ways do. */
		deliver(s, "DELETE", cw_fmt(s->mem, "/fhir/ehr/%s", reference).s,
		    server_version(s->server, reference), (struct cw_str){ NULL, 0 });
		return;
	}
	reference = server_put(s->server, json);
	if (!told)
		tell(s, reference);
}

static void
write_file(struct stage *s, struct cw_str path)
{
	struct cw_buf text;
	struct cw_err err = { 0 };
	struct fhir_json_lines lines;
	struct cw_str line;

	cw_buf_init(&text, MOST_FILE);
	if (file_read(&text, cw_str_dup(s->mem, path).s, &err) < 0) {
		s->fault = cw_fmt(s->mem, "%s: %s", err.path, err.text).s;
	} else {
		fhir_json_lines_init(&lines, (struct cw_str){ text.s, text.n });
		while (fhir_json_lines_next(&lines, &line))
			write_resource(s, line);
	}
	cw_buf_fini(&text);
}

/* Byte for byte what is there already: no new version, but delivered once more. */
static bool
is_again(const struct stage *s, const struct story_step *step)
{
	for (const struct story_step *before = step; before-- > s->c->step;) {
		if (before->kind == STORY_DATA && cw_str_eq(before->text, step->text))
			return true;
	}
	return false;
}

/* Where two are one person: what every second step brings is the other's. */
static struct cw_str
of_other(struct stage *s, const struct story_step *step)
{
	static const char one[] = "\"reference\":\"Patient/p\"";
	struct cw_str text = step->text;
	const char *at = memmem(text.s, text.n, one, sizeof(one) - 1);

	if (!s->habits.merged || at == NULL || (step - s->c->step) % 2 == 0)
		return text;
	return cw_fmt(s->mem, "%.*s\"reference\":\"Patient/q\"%s", (int)(at - text.s), text.s,
	    at + sizeof(one) - 1);
}

/* What it brought is delivered once more. */
static void
tell_again(struct stage *s, const struct story_step *step)
{
	const struct fhir_node *node;
	const char *reference;

	if (step->kind != STORY_DATA || fhir_json_read(&node, step->text, s->mem, NULL, NULL) < 0)
		return;
	reference = cw_fmt(s->mem, "%.*s/%.*s", CW_ARG(fhir_node_text(node, "resourceType")),
	    CW_ARG(fhir_node_text(node, "id")))
			.s;
	if (server_get(s->server, reference).s != NULL)
		tell(s, reference);
}

static void
write_step(struct stage *s, const struct story_step *step)
{
	if (step->kind == STORY_FILE) {
		write_file(s, step->text);
	} else if (is_again(s, step)) {
		tell_again(s, step);
	} else {
		write_resource(s, of_other(s, step));
	}
}

/* Is it a resource that the story brings? */
static bool
is_of_story(const struct stage *s, const char *reference)
{
	char id[128];
	size_t n = (size_t)snprintf(id, sizeof(id), "\"id\":\"%s\"", strchr(reference, '/') + 1);

	for (size_t i = 0; i < s->c->n; i++) {
		struct cw_str text = s->c->step[i].text;

		if (s->c->step[i].kind == STORY_DATA && text.n >= n &&
		    memmem(text.s, text.n, id, n) != NULL)
			return true;
	}
	return false;
}

const char *
stage_order(const struct stage *s, size_t i)
{
	const char *reference;

	for (size_t k = 0; (reference = server_nth(s->server, "ServiceRequest", k)) != NULL; k++) {
		struct cw_str text = server_get(s->server, reference);

		if (memmem(text.s, text.n, "urn:cordwatch:alert", 19) != NULL &&
		    !is_of_story(s, reference) && i-- == 0)
			return reference;
	}
	return NULL;
}

/* Where no Subscription does it: what the daemon sent comes back. */
static void
echo(struct stage *s)
{
	const char *reference;

	for (size_t i = 0; !has_subscriptions(s) && (reference = stage_order(s, i)) != NULL; i++) {
		uint32_t version = server_version(s->server, reference);

		assert(i < 64);
		if (s->echo[i] != version)
			tell(s, reference);
		s->echo[i] = version;
	}
}

/* ---- time ---- */

void
stage_until(struct stage *s, int64_t clock)
{
	(void)s;
	if (clock != MAP_NO_TIME)
		fake_advance_to(clock);
	fake_advance(0);
}

static struct cw_str
id_of(struct stage *s, const struct story_step *step)
{
	const struct fhir_node *node;

	if (step->kind != STORY_DATA || fhir_json_read(&node, step->text, s->mem, NULL, NULL) < 0)
		return (struct cw_str){ NULL, 0 };
	return fhir_node_text(node, "id");
}

/* No two are versions of one resource, or may be. */
static bool
all_different(struct stage *s, const struct story_step *step, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct cw_str id = id_of(s, &step[i]);

		for (size_t k = 0; k < i; k++) {
			if (id.s == NULL || cw_str_eq(id_of(s, &step[k]), id))
				return false;
		}
	}
	return true;
}

void
stage_receive(struct stage *s, const struct story_step *step, size_t n)
{
	int64_t travel = has_subscriptions(s) ? DELIVERY : TRAVEL;

	bool backwards = s->habits.backwards && all_different(s, step, n);

	if (step->now != MAP_NO_TIME)
		fake_advance_to(step->now - travel + s->habits.late);
	fake_hold(!s->habits.apart);
	for (size_t i = 0; i < n; i++) {
		write_step(s, &step[backwards ? n - 1 - i : i]);
		if (s->habits.apart)
			fake_advance(travel);
	}
	fake_advance(travel);
	for (size_t i = 0; s->habits.twice && i < n; i++)
		tell_again(s, &step[i]);
}

void
stage_release(struct stage *s)
{
	(void)s;
	fake_hold(false);
	fake_advance(0);
}

void
stage_settle(struct stage *s)
{
	for (int i = 0; i < 2; i++) {
		fake_advance(SETTLE / 4);
		send_again(s);
		echo(s);
		fake_advance(SETTLE / 4);
	}
}

/* ---- the daemon's fate ---- */

void
stage_crash(struct stage *s)
{
	fake_cut();
	app_free(s->app);
	if (start(s))
		stage_settle(s);
}

void
stage_restart(struct stage *s)
{
	fake_signal(SIGTERM);
	fake_advance(STOPPING);
	app_free(s->app);
	if (start(s))
		stage_settle(s);
}

void
stage_reload(struct stage *s)
{
	fake_signal(SIGHUP);
	stage_settle(s);
}

void
stage_crowd(struct stage *s)
{
	const char *address = app_address(s->app);
	static const char filler[] =
	    "{\"resourceType\":\"Condition\",\"id\":\"filler\",\"subject\":"
	    "{\"reference\":\"Patient/filler\"},\"code\":{\"coding\":[{"
	    "\"system\":\"http://snomed.info/sct\",\"code\":\"161891005\"}]}}";

	fake_hold(true);
	for (int i = 0; i < CROWD; i++)
		(void)fake_send(address, "PUT", "/fhir/ehr/Condition/filler", NULL, 0,
		    cw_str(filler), NULL, NULL);
	fake_advance(TRAVEL);
}

void
stage_recover(struct stage *s, int64_t ms)
{
	fake_advance(ms);
	server_well(s->server);
	fake_advance(RECOVERY);
	stage_settle(s);
}

void
stage_correct(struct stage *s)
{
	const char *reference;

	for (size_t i = 0; i < s->c->n; i++) {
		const struct fhir_node *node;
		struct cw_str type, id;

		if (s->c->step[i].kind != STORY_DATA ||
		    fhir_json_read(&node, s->c->step[i].text, s->mem, NULL, NULL) < 0)
			continue;
		type = fhir_node_text(node, "resourceType");
		id = fhir_node_text(node, "id");
		if (cw_str_is(type, "Patient") || cw_str_is(type, "ServiceRequest") ||
		    cw_str_is(type, "Bundle"))
			continue;
		reference = cw_fmt(s->mem, "%.*s/%.*s", CW_ARG(type), CW_ARG(id)).s;
		if (server_get(s->server, reference).s == NULL)
			continue;
		write_resource(
		    s, cw_fmt(s->mem,
			   "{\"resourceType\":\"%.*s\",\"id\":\"%.*s\",\"status\":\"final\","
			   "\"subject\":{\"reference\":\"Patient/p\"},\"code\":{\"coding\":[{"
			   "\"system\":\"http://loinc.org\",\"code\":\"8302-2\"}]}}",
			   CW_ARG(type), CW_ARG(id)));
	}
	fake_advance(DELIVERY);
}

static int64_t
first_clock(const struct story_case *c)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->step[i].now != MAP_NO_TIME)
			return c->step[i].now;
	}
	return 0;
}

static void
set_faults(struct stage *s)
{
	static const char *const writes[] = { "POST", "PUT" };
	struct server_fault fault = { .times = -1, .down = s->habits.down };

	if (s->habits.down)
		server_fault(s->server, &fault);
	fault.lose = true;
	for (size_t i = 0; s->habits.lost && i < 2; i++) {
		fault.method = writes[i];
		server_fault(s->server, &fault);
	}
}

bool
stage_open(struct stage *s, const struct story_case *c, const struct stage_habits *habits)
{
	*s = (struct stage){ .c = c, .habits = *habits, .mem = cw_arena_new(0) };
	snprintf(s->dir, sizeof(s->dir), "%s/stories.XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : P_tmpdir);
	if (mkdtemp(s->dir) == NULL) {
		s->fault = "no folder can be made";
		return false;
	}
	write_conf(s);
	fake_begin(first_clock(c) - BEFORE);
	s->server = server_new(STAGE_BASE);
	server_options(s->server)->update_create = !habits->own_ids;
	server_options(s->server)->silent = true;
	for (size_t i = 0; i < c->n; i++) {
		if (c->step[i].kind == STORY_DATA)
			enter_patients(s, c->step[i].text);
	}
	if (habits->merged)
		server_put_text(s->server,
		    "{\"resourceType\":\"Patient\",\"id\":\"q\",\"link\":[{\"other\":{"
		    "\"reference\":\"Patient/p\"},\"type\":\"replaces\"}]}");
	if (!start(s))
		return false;
	fake_advance(BEFORE / 2);
	set_faults(s);
	return true;
}

void
stage_close(struct stage *s)
{
	char command[128];

	if (s->app != NULL)
		app_free(s->app);
	fake_end();
	snprintf(command, sizeof(command), "rm -rf '%s'", s->dir);
	if (system(command) != 0)
		perror(s->dir);
	cw_arena_free(s->mem);
}
