#include "daemon/receive.h"

#include "config.h"
#include "daemon/log.h"
#include "fhir/json.h"
#include "fhir/types.h"
#include "mappings/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct receive {
	struct loop *loop;
	struct intake *intake;
	struct feed *const *feed;
	size_t feeds;
	const struct cw_str *type;
	size_t types;
	const char *secret_header;
	bool stopped;
	struct waiting *waiting; /* requests whose commit has not come yet */
	struct receive_counts counts;
	struct metrics *metrics;
};

/* A request that waits for its commit. */
struct waiting {
	struct receive *r;
	struct waiting *next, **back;
	struct listen_exchange *exchange;
	int status;
};

/* What a request asks for. */
struct asked {
	struct listen_exchange *exchange;
	const struct listen_request *request;
	struct feed *feed;
	struct cw_str type, id; /* from the path; absent: not given */
};

/* ---- answers ---- */

static void
answer(struct receive *r, struct listen_exchange *exchange, int status, struct cw_buf *body)
{
	struct listen_reply reply = { .status = status };
	char text[16];

	snprintf(text, sizeof(text), "%d", status);
	metrics_add(r->metrics, METRICS_REQUESTS, METRICS_OF(text), 1);

	if (body != NULL) {
		reply.type = "application/fhir+json; charset=utf-8";
		reply.body = (struct cw_str){ body->s, body->n };
	}
	if (status == 503) {
		reply.name[0] = "Retry-After";
		reply.value[0] = "1";
	}
	if (status == 401) {
		reply.name[0] = "WWW-Authenticate";
		reply.value[0] = "Bearer";
	}
	if (status == 405) {
		reply.name[0] = "Allow";
		reply.value[0] = "PUT, POST, DELETE";
	}
	listen_answer(exchange, &reply);
}

/* OperationOutcome (R4 2.23): fixed words, nothing of the request. */
static void
refuse(struct receive *r, struct listen_exchange *exchange, int status, const char *code,
    const char *text)
{
	struct fhir_json_out o;
	struct cw_buf body;

	cw_buf_init(&body, 0);
	fhir_json_out_init(&o, &body, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "resourceType", CW_STR("OperationOutcome"));
	fhir_json_out_key(&o, "issue");
	fhir_json_out_array(&o);
	fhir_json_out_object(&o);
	fhir_json_out_member(
	    &o, "severity", status < 300 ? CW_STR("information") : CW_STR("error"));
	fhir_json_out_member(&o, "code", cw_str(code));
	fhir_json_out_member(&o, "diagnostics", cw_str(text));
	fhir_json_out_object_end(&o);
	fhir_json_out_array_end(&o);
	fhir_json_out_object_end(&o);
	answer(r, exchange, status, &body);
	cw_buf_fini(&body);
}

static void
member_code(struct fhir_json_out *o, const char *code)
{
	fhir_json_out_object(o);
	fhir_json_out_member(o, "code", cw_str(code));
	fhir_json_out_object_end(o);
}

static void
write_rest(struct fhir_json_out *o, const struct receive *r)
{
	fhir_json_out_object(o);
	fhir_json_out_member(o, "mode", CW_STR("server"));
	fhir_json_out_member(o, "documentation",
	    CW_STR("Takes what Subscriptions send: PUT or DELETE /{feed}/{type}/{id}, POST "
		   "/{feed} with a resource, a Bundle or nothing. Keeps no resource for reading."));
	fhir_json_out_key(o, "resource");
	fhir_json_out_array(o);
	for (size_t i = 0; i < r->types; i++) {
		fhir_json_out_object(o);
		fhir_json_out_member(o, "type", r->type[i]);
		fhir_json_out_key(o, "interaction");
		fhir_json_out_array(o);
		member_code(o, "update");
		member_code(o, "create");
		member_code(o, "delete");
		fhir_json_out_array_end(o);
		fhir_json_out_key(o, "updateCreate");
		fhir_json_out_bool(o, true);
		fhir_json_out_object_end(o);
	}
	fhir_json_out_array_end(o);
	fhir_json_out_object_end(o);
}

static void
capabilities(struct receive *r, struct listen_exchange *exchange)
{
	struct fhir_json_out o;
	struct cw_buf body;

	cw_buf_init(&body, 0);
	fhir_json_out_init(&o, &body, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "resourceType", CW_STR("CapabilityStatement"));
	fhir_json_out_member(&o, "status", CW_STR("active"));
	fhir_json_out_member(&o, "date", CW_STR("2026-11-28"));
	fhir_json_out_member(&o, "kind", CW_STR("instance"));
	fhir_json_out_key(&o, "software");
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "name", CW_STR("cordwatch"));
	fhir_json_out_member(&o, "version", CW_STR(PACKAGE_VERSION));
	fhir_json_out_object_end(&o);
	fhir_json_out_key(&o, "implementation");
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "description", CW_STR("cordwatch notification endpoint"));
	fhir_json_out_object_end(&o);
	fhir_json_out_member(&o, "fhirVersion", CW_STR("4.0.1"));
	fhir_json_out_key(&o, "format");
	fhir_json_out_array(&o);
	fhir_json_out_string(&o, CW_STR("application/fhir+json"));
	fhir_json_out_array_end(&o);
	fhir_json_out_key(&o, "rest");
	fhir_json_out_array(&o);
	write_rest(&o, r);
	fhir_json_out_array_end(&o);
	fhir_json_out_object_end(&o);
	answer(r, exchange, 200, &body);
	cw_buf_fini(&body);
}

/* ---- who may ---- */

/* In a time that tells nothing of where they differ. */
static bool
same_secret(struct cw_str given, struct cw_str wanted)
{
	unsigned char a[MAP_DIGEST_SIZE], b[MAP_DIGEST_SIZE], differ = 0;

	map_digest(a, given.s == NULL ? "" : given.s, given.n);
	map_digest(b, wanted.s == NULL ? "" : wanted.s, wanted.n);
	for (size_t i = 0; i < MAP_DIGEST_SIZE; i++)
		differ = (unsigned char)(differ | (a[i] ^ b[i]));
	return differ == 0 && given.s != NULL && wanted.s != NULL;
}

/* "Bearer x" is x: servers send the header as it stands in the Subscription. */
static struct cw_str
bare_secret(struct cw_str given)
{
	if (given.n > 7 && strncasecmp(given.s, "Bearer ", 7) == 0)
		return (struct cw_str){ given.s + 7, given.n - 7 };
	return given;
}

/* A name of DNS in either case, RFC 4343; all others by the letter. */
static bool
same_name(struct cw_str wanted, const char *shown)
{
	if (wanted.n != strlen(shown))
		return false;
	return cw_str_starts(wanted, CW_STR("DNS:")) ? strncasecmp(wanted.s, shown, wanted.n) == 0
						     : memcmp(wanted.s, shown, wanted.n) == 0;
}

bool
receive_knows(const char *names, const char *const *san)
{
	if (names == NULL)
		return true;
	while (*(names += strspn(names, " \t")) != '\0') {
		struct cw_str name = { names, strcspn(names, " \t") };

		for (size_t i = 0; san != NULL && san[i] != NULL; i++) {
			if (same_name(name, san[i]))
				return true;
		}
		names += name.n;
	}
	return false;
}

static bool
allowed(const struct receive *r, const struct asked *a)
{
	const struct conf_feed *conf = feed_conf(a->feed);
	struct cw_str given;
	bool now, before;

	if (conf->secret.s == NULL && conf->previous_secret.s == NULL)
		return true;
	if (r->secret_header == NULL)
		return false;
	given = bare_secret(listen_header(a->exchange, r->secret_header));
	now = same_secret(given, conf->secret);
	before = same_secret(given, conf->previous_secret);
	return now || before;
}

/* ---- the path ---- */

static struct cw_str
segment(struct cw_str *path)
{
	struct cw_str part = { NULL, 0 };
	const char *slash;

	if (path->n < 2 || path->s[0] != '/')
		return part;
	slash = memchr(path->s + 1, '/', path->n - 1);
	part.s = path->s + 1;
	part.n = slash == NULL ? path->n - 1 : (size_t)(slash - part.s);
	path->s += part.n + 1;
	path->n -= part.n + 1;
	return part;
}

/* R4 2.24.0.1, id. */
static bool
is_id(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '-' || c == '.'))
			return false;
	}
	return s.n > 0 && s.n <= 64;
}

static bool
is_type(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];

		if (!((c >= 'A' && c <= 'Z') || (i > 0 && c >= 'a' && c <= 'z')))
			return false;
	}
	return s.n > 0 && s.n < 48;
}

/* What the path names; false: nothing that is here. */
static bool
find(const struct receive *r, struct asked *a)
{
	struct cw_str path = a->request->path, name;

	if (path.n > 1 && path.s[path.n - 1] == '/')
		path.n--;
	if (!cw_str_is(segment(&path), "fhir"))
		return false;
	name = segment(&path);
	for (size_t i = 0; name.n > 0 && i < r->feeds; i++) {
		if (cw_str_is(name, feed_name(r->feed[i])))
			a->feed = r->feed[i];
	}
	a->type = segment(&path);
	a->id = segment(&path);
	return a->feed != NULL && path.n == 0 && (a->type.s == NULL || is_type(a->type)) &&
	       (a->id.s == NULL || is_id(a->id));
}

static bool
is_metadata(const struct listen_request *request)
{
	return cw_str_is(request->path, "/fhir/metadata");
}

/* ---- take ---- */

static void
forget(struct waiting *w)
{
	*w->back = w->next;
	if (w->next != NULL)
		w->next->back = w->back;
	free(w);
}

static void
on_done(void *arg, enum job_result result)
{
	struct waiting *w = arg;

	if (result == JOB_DONE) {
		w->r->counts.accepted++;
		answer(w->r, w->exchange, w->status, NULL);
	} else {
		refuse(
		    w->r, w->exchange, 503, "transient", "the database failed; nothing was taken");
	}
	forget(w);
}

static struct waiting *
wait_for_commit(struct receive *r, struct listen_exchange *exchange, int status)
{
	struct waiting *w = cw_calloc(1, sizeof(*w));

	w->r = r;
	w->exchange = exchange;
	w->status = status;
	w->next = r->waiting;
	w->back = &r->waiting;
	if (w->next != NULL)
		w->next->back = &w->next;
	r->waiting = w;
	return w;
}

static bool
is_blank(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (strchr(" \t\r\n", s.s[i]) == NULL)
			return false;
	}
	return true;
}

/* W/"3" is 3 (RFC 9110 8.8.3). */
static struct cw_str
etag(struct cw_str s)
{
	const char *from = s.n == 0 ? NULL : memchr(s.s, '"', s.n), *to;

	if (from == NULL)
		return s;
	from++;
	to = memchr(from, '"', (size_t)(s.s + s.n - from));
	return to == NULL ? s : (struct cw_str){ from, (size_t)(to - from) };
}

static struct job *
job_of(const struct receive *r, const struct asked *a)
{
	struct job *job = job_new(JOB_INTAKE);
	bool delete = strcmp(a->request->method, "DELETE") == 0;

	job->feed = feed_number(a->feed);
	job->row = (struct store_inbox){
		.feed = job->feed,
		.how = delete ? STORE_DELETE : STORE_PUT,
		.type = cw_str_dup(job->arena, a->type),
		.name = cw_str_dup(job->arena, a->id),
		.received = loop_now(r->loop),
		.backfill = feed_holds(a->feed),
		.body = cw_str_dup(job->arena, delete ? CW_STR("") : a->request->body),
	};
	if (delete)
		job->row.version =
		    cw_str_dup(job->arena, etag(listen_header(a->exchange, "If-Match")));
	return job;
}

static void
notified(struct receive *r, const struct asked *a, const char *type)
{
	metrics_add(
	    r->metrics, METRICS_FEED_NOTIFICATIONS, METRICS_OF(feed_name(a->feed), type), 1);
}

static void
take(struct receive *r, const struct asked *a, int status)
{
	struct job *job = job_of(r, a);
	struct waiting *w = wait_for_commit(r, a->exchange, status);

	feed_heard(a->feed);
	job->done = on_done;
	job->arg = w;
	job->awaited = true;
	switch (intake_take(r->intake, job)) {
	case INTAKE_TAKEN:
		notified(r, a, "event");
		return;
	case INTAKE_DROPPED:
		notified(r, a, "event");
		r->counts.accepted++;
		answer(r, a->exchange, status, NULL);
		break;
	case INTAKE_FULL:
		r->counts.full++;
		refuse(r, a->exchange, 503, "throttled", "too much is waiting; try again");
		break;
	case INTAKE_WRONG:
		notified(r, a, "rejected");
		r->counts.refused++;
		refuse(r, a->exchange, 400, "invalid",
		    "the resource is not the one that the path names");
		break;
	}
	job_free(job);
	forget(w);
}

static void
ping(struct receive *r, const struct asked *a)
{
	r->counts.pings++;
	notified(r, a, "ping");
	feed_heard(a->feed);
	feed_ping(a->feed);
	answer(r, a->exchange, 200, NULL);
}

static void
take_put(struct receive *r, const struct asked *a)
{
	if (a->id.s == NULL)
		refuse(r, a->exchange, 400, "invalid",
		    "a PUT names the type and the id of its resource");
	else if (is_blank(a->request->body))
		refuse(r, a->exchange, 400, "invalid", "a PUT without a resource");
	else
		take(r, a, 200);
}

static void
serve(struct receive *r, const struct asked *a)
{
	const char *method = a->request->method;

	if (strcmp(method, "PUT") == 0) {
		take_put(r, a);
	} else if (strcmp(method, "DELETE") == 0) {
		if (a->id.s == NULL)
			refuse(r, a->exchange, 400, "invalid", "a DELETE names a type and an id");
		else
			take(r, a, 200);
	} else if (strcmp(method, "POST") == 0 && a->id.s == NULL) {
		if (is_blank(a->request->body))
			ping(r, a);
		else
			take(r, a, 200);
	} else {
		refuse(r, a->exchange, 405, "not-supported", "nothing can be read here");
	}
}

static bool
knows(const struct asked *a)
{
	return receive_knows(feed_conf(a->feed)->allow_san, a->request->san);
}

static void
refuse_sender(
    struct receive *r, const struct asked *a, int status, const char *code, const char *text)
{
	notified(r, a, "rejected");
	log_say(LOG_SENDER_REFUSED,
	    &(struct log_fields){ .feed = feed_name(a->feed), .status = status, .reason = text });
	refuse(r, a->exchange, status, code, text);
}

void
receive_handle(void *arg, struct listen_exchange *exchange, const struct listen_request *request)
{
	struct receive *r = arg;
	struct asked a = { .exchange = exchange, .request = request };

	r->counts.requests++;
	if (is_metadata(request)) {
		if (strcmp(request->method, "GET") == 0)
			capabilities(r, exchange);
		else
			refuse(r, exchange, 405, "not-supported", "metadata can only be read");
		return;
	}
	if (find(r, &a) && !r->stopped && knows(&a) && allowed(r, &a)) {
		serve(r, &a);
		return;
	}
	r->counts.refused++;
	if (a.feed == NULL)
		refuse(r, exchange, 404, "not-found", "there is nothing at this path");
	else if (r->stopped)
		refuse(r, exchange, 503, "transient", "the daemon is stopping");
	else if (!knows(&a))
		refuse_sender(
		    r, &a, 403, "forbidden", "this certificate may not send to this feed");
	else if (!allowed(r, &a))
		refuse_sender(r, &a, 401, "login", "the secret of this feed is missing or wrong");
	else
		refuse(r, exchange, 404, "not-found", "there is nothing at this path");
}

/* ---- life ---- */

struct receive *
receive_new(struct loop *loop, struct intake *intake, struct feed *const *feed, size_t feeds,
    const struct cw_str *type, size_t types, const char *secret_header, struct metrics *metrics)
{
	struct receive *r = cw_calloc(1, sizeof(*r));

	r->loop = loop;
	r->intake = intake;
	r->feed = feed;
	r->feeds = feeds;
	r->type = type;
	r->types = types;
	r->secret_header = secret_header;
	r->metrics = metrics;
	return r;
}

void
receive_free(struct receive *r)
{
	if (r == NULL)
		return;
	while (r->waiting != NULL) {
		refuse(r, r->waiting->exchange, 503, "transient", "stopping; send it again");
		forget(r->waiting);
	}
	free(r);
}

void
receive_stop(struct receive *r)
{
	r->stopped = true;
}

const struct receive_counts *
receive_counts(const struct receive *r)
{
	return &r->counts;
}
