/* app_page: the pages of the admin listener: who may see them, and where they come from. */
#include "daemon/app_internal.h"
#include "daemon/page.h"
#include "fhir/json.h"

#include <string.h>

static const struct {
	const char *path;
	enum page_kind kind;
	const char *question; /* of answer.h; NULL: of the loop */
} pages[] = {
	{ "/", PAGE_ALERTS, "alerts" },
	{ "/all", PAGE_ALL_ALERTS, "alerts" },
	{ "/alert", PAGE_ALERT, "alert" },
	{ "/feeds", PAGE_FEEDS, NULL },
	{ "/quarantine", PAGE_QUARANTINE, "quarantined" },
};

static void
reply(struct listen_exchange *exchange, int status, const char *type, struct cw_str body)
{
	listen_answer(exchange,
	    &(struct listen_reply){ .status = status,
		.type = type,
		.body = body,
		.name = { "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options",
		    "Referrer-Policy" },
		.value = { "no-store",
		    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
		    "frame-ancestors 'none'",
		    "nosniff", "no-referrer" } });
}

void
app_page_reply(struct listen_exchange *exchange, int status, int kind, struct cw_str answer)
{
	struct cw_arena *arena = cw_arena_new(0);
	const struct fhir_node *node;
	struct cw_buf html;

	cw_buf_init(&html, 0);
	if (status == 200 && fhir_json_read(&node, answer, arena, NULL, NULL) >= 0)
		page_write(&html, (enum page_kind)kind, node);
	else
		page_write_fault(&html, status == 404	? "There is none"
					: status == 400 ? "The address is wrong"
							: "Ask again in a moment");
	reply(exchange, status, "text/html; charset=utf-8", (struct cw_str){ html.s, html.n });
	cw_buf_fini(&html);
	cw_arena_free(arena);
}

/* A page of another site may have its name lead to this machine: only our own names are ours. */
static bool
is_named_here(const struct listen_exchange *exchange)
{
	static const char *const name[] = { "localhost", "127.0.0.1", "[::1]" };
	struct cw_str host = listen_header(exchange, "Host");

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		size_t n = strlen(name[i]);

		if (cw_str_starts(host, cw_str(name[i])) && (host.n == n || host.s[n] == ':'))
			return true;
	}
	return false;
}

bool
app_page(void *arg, struct listen_exchange *exchange, const struct listen_request *request)
{
	const bool is_style = cw_str_is(request->path, "/style.css");
	size_t i = 0, n = sizeof(pages) / sizeof(pages[0]);

	while (i < n && !cw_str_is(request->path, pages[i].path))
		i++;
	if (i == n && !is_style)
		return false;
	if (!is_named_here(exchange))
		app_page_reply(exchange, 421, 0, CW_STR(""));
	else if (strcmp(request->method, "GET") != 0)
		app_page_reply(exchange, 405, 0, CW_STR(""));
	else if (is_style)
		reply(exchange, 200, "text/css; charset=utf-8", cw_str(page_style()));
	else if (pages[i].question == NULL)
		app_answer_daemon(arg, exchange, (int)pages[i].kind);
	else
		app_ask_engine(arg, exchange, request, cw_str(pages[i].question),
		    pages[i].kind == PAGE_ALERTS, (int)pages[i].kind);
	return true;
}
