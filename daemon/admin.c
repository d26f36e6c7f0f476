#include "daemon/admin.h"

#include "fhir/json.h"

#include <string.h>

#define PLAIN "text/plain; charset=utf-8"

static void
answer(struct listen_exchange *exchange, int status, const char *type, struct cw_str body)
{
	listen_answer(exchange, &(struct listen_reply){ .status = status,
				    .type = type,
				    .body = body,
				    .name = { "Cache-Control", status == 405 ? "Allow" : NULL },
				    .value = { "no-store", status == 405 ? "GET" : NULL } });
}

static void
answer_alive(const struct admin_world *world, struct listen_exchange *exchange)
{
	if (world->alive(world->arg))
		answer(exchange, 200, PLAIN, CW_STR("alive\n"));
	else
		answer(exchange, 503, PLAIN, CW_STR("no progress\n"));
}

/* ---- readiness ---- */

static const char *
status_of(const struct admin_check *check)
{
	return check->good ? "pass" : check->needed ? "fail" : "warn";
}

/* The worst of them. */
static const char *
status_of_all(const struct admin_check *check, size_t n)
{
	const char *worst = "pass";

	for (size_t i = 0; i < n; i++) {
		if (!check[i].good && (check[i].needed || strcmp(worst, "pass") == 0))
			worst = status_of(&check[i]);
	}
	return worst;
}

static void
write_check(struct fhir_json_out *o, const struct admin_check *check)
{
	fhir_json_out_object(o);
	fhir_json_out_member(o, "componentId", cw_str(check->name));
	fhir_json_out_member(o, "status", cw_str(status_of(check)));
	fhir_json_out_member(o, "output", cw_str(check->text));
	fhir_json_out_object_end(o);
}

/* Those of one component stand together: the keys of an object are unique. */
static void
write_checks(struct fhir_json_out *o, const struct admin_check *check, size_t n)
{
	fhir_json_out_key(o, "checks");
	fhir_json_out_object(o);
	for (size_t i = 0; i < n; i++) {
		size_t first = 0;

		while (strcmp(check[first].component, check[i].component) != 0)
			first++;
		if (first < i)
			continue;
		fhir_json_out_key(o, check[i].component);
		fhir_json_out_array(o);
		for (size_t k = i; k < n; k++) {
			if (strcmp(check[k].component, check[i].component) == 0)
				write_check(o, &check[k]);
		}
		fhir_json_out_array_end(o);
	}
	fhir_json_out_object_end(o);
}

static void
answer_ready(const struct admin_world *world, struct listen_exchange *exchange)
{
	struct admin_check check[ADMIN_CHECKS];
	size_t n = world->ready(world->arg, check);
	const char *status = status_of_all(check, n);
	struct fhir_json_out o;
	struct cw_buf body;

	cw_buf_init(&body, 0);
	fhir_json_out_init(&o, &body, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "status", cw_str(status));
	write_checks(&o, check, n);
	fhir_json_out_object_end(&o);
	cw_buf_putc(&body, '\n');
	answer(exchange, strcmp(status, "fail") == 0 ? 503 : 200, "application/health+json",
	    (struct cw_str){ body.s, body.n });
	cw_buf_fini(&body);
}

/* ---- metrics ---- */

static void
answer_metrics(const struct admin_world *world, struct listen_exchange *exchange)
{
	struct cw_buf body;

	if (world->measure != NULL)
		world->measure(world->arg);
	cw_buf_init(&body, 0);
	metrics_print(world->metrics, &body);
	answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8",
	    (struct cw_str){ body.s, body.n });
	cw_buf_fini(&body);
}

static const struct {
	const char *path;
	void (*answer)(const struct admin_world *world, struct listen_exchange *exchange);
} routes[] = {
	{ "/livez", answer_alive },
	{ "/readyz", answer_ready },
	{ "/metrics", answer_metrics },
	{ "/-/healthy", answer_alive },
	{ "/-/ready", answer_ready },
};

void
admin_handle(void *arg, struct listen_exchange *exchange, const struct listen_request *request)
{
	const struct admin_world *world = arg;

	if (world->ask != NULL && cw_str_starts(request->path, CW_STR("/ask/"))) {
		world->ask(world->arg, exchange, request);
		return;
	}
	if (world->page != NULL && world->page(world->arg, exchange, request))
		return;
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (!cw_str_is(request->path, routes[i].path))
			continue;
		if (strcmp(request->method, "GET") == 0)
			routes[i].answer(arg, exchange);
		else
			answer(exchange, 405, PLAIN, CW_STR("only GET\n"));
		return;
	}
	answer(exchange, 404, PLAIN, CW_STR("not found\n"));
}
