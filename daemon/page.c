#include "daemon/page.h"

#include <string.h>

static const char style[] =
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:76rem;padding:0 1rem 2rem;color:#1a1a1a;background:#fff;"
    "font:1rem/1.5 system-ui,sans-serif}"
    "a{color:#0b4f9e}a:focus{outline:3px solid #0b4f9e;outline-offset:2px}"
    "nav ul{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;list-style:none;margin:1rem 0;padding:0}"
    "nav a[aria-current]{font-weight:700;color:#1a1a1a;text-decoration:none}"
    "h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.2rem;margin:1.5rem 0 .5rem}"
    "table{border-collapse:collapse;width:100%}"
    "caption{text-align:left;padding:.25rem 0;color:#4a4a4a}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;"
    "border-bottom:1px solid #ccc;overflow-wrap:anywhere}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}"
    "dt{font-weight:700}dd{margin:0;overflow-wrap:anywhere}"
    ".bad{color:#8f0000;font-weight:700}"
    "@media(max-width:40rem){thead{position:absolute;left:-999rem}"
    "tr{display:block;border:1px solid #ccc;border-radius:.4rem;margin:0 0 .75rem;padding:.5rem}"
    "th,td{display:block;border:0;padding:.1rem 0}"
    "td[data-label]::before,th[data-label]::before{content:attr(data-label) \": \";"
    "font-weight:700}"
    "dl{grid-template-columns:1fr}dd{margin:0 0 .5rem}}";

const char *
page_style(void)
{
	return style;
}

/* ---- pieces ---- */

static void
put(struct cw_buf *out, struct cw_str s)
{
	struct cw_buf plain;

	cw_buf_init(&plain, 0);
	cw_buf_plain(&plain, s);
	for (size_t i = 0; i < plain.n; i++) {
		switch (plain.s[i]) {
		case '&':
			cw_buf_puts(out, "&amp;");
			break;
		case '<':
			cw_buf_puts(out, "&lt;");
			break;
		case '>':
			cw_buf_puts(out, "&gt;");
			break;
		case '"':
			cw_buf_puts(out, "&quot;");
			break;
		case '\'':
			cw_buf_puts(out, "&#39;");
			break;
		default:
			cw_buf_putc(out, plain.s[i]);
		}
	}
	cw_buf_fini(&plain);
}

static const struct {
	const char *path, *name;
} places[] = {
	{ "/", "Open alerts" },
	{ "/all", "All alerts" },
	{ "/feeds", "Feeds" },
	{ "/quarantine", "Quarantine" },
};

/* title: fixed words. */
static void
begin(struct cw_buf *out, const char *title)
{
	cw_buf_printf(out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<title>%s - cordwatch</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n"
	    "</head>\n<body>\n<header>\n<nav aria-label=\"Pages\">\n<ul>\n",
	    title);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		cw_buf_printf(out, "<li><a href=\"%s\"%s>%s</a></li>\n", places[i].path,
		    strcmp(places[i].name, title) == 0 ? " aria-current=\"page\"" : "",
		    places[i].name);
	cw_buf_printf(out, "</ul>\n</nav>\n</header>\n<main>\n<h1>%s</h1>\n", title);
}

static void
end(struct cw_buf *out)
{
	cw_buf_puts(out, "</main>\n</body>\n</html>\n");
}

struct column {
	const char *heading, *key;
};

static void
put_cell(struct cw_buf *out, const struct fhir_node *item, const struct column *c, bool first)
{
	struct cw_str s = fhir_node_text(item, c->key);
	const char *tag = first ? "th" : "td";

	cw_buf_printf(
	    out, "<%s%s data-label=\"%s\">", tag, first ? " scope=\"row\"" : "", c->heading);
	if (strcmp(c->key, "due") == 0 && cw_str_is(fhir_node_text(item, "overdue"), "true"))
		cw_buf_puts(out, "<span class=\"bad\">overdue</span> ");
	if (strcmp(c->heading, "Alert") == 0) {
		cw_buf_puts(out, "<a href=\"/alert?id=");
		put(out, s);
		cw_buf_puts(out, "\">Alert ");
		put(out, s);
		cw_buf_puts(out, "</a>");
	} else {
		put(out, s);
	}
	cw_buf_printf(out, "</%s>", tag);
}

/* The items of an answer that are objects; an empty list is a node of its own. */
static const struct fhir_node *
first_of(const struct fhir_node *answer, const char *key)
{
	const struct fhir_node *item = fhir_node_get(answer, key);

	return item != NULL && item->kind == FHIR_OBJECT ? item : NULL;
}

static void
put_table(struct cw_buf *out, const struct fhir_node *item, const char *caption,
    const struct column *column, size_t columns)
{
	if (item == NULL) {
		cw_buf_puts(out, "<p>None.</p>\n");
		return;
	}
	cw_buf_printf(out, "<table>\n<caption>%s</caption>\n<thead>\n<tr>", caption);
	for (size_t i = 0; i < columns; i++)
		cw_buf_printf(out, "<th scope=\"col\">%s</th>", column[i].heading);
	cw_buf_puts(out, "</tr>\n</thead>\n<tbody>\n");
	for (; item != NULL; item = fhir_node_again(item)) {
		cw_buf_puts(out, "<tr>");
		for (size_t i = 0; i < columns; i++)
			put_cell(out, item, &column[i], i == 0);
		cw_buf_puts(out, "</tr>\n");
	}
	cw_buf_puts(out, "</tbody>\n</table>\n");
}

#define TABLE(out, item, caption, columns)                                                         \
	put_table(out, item, caption, columns, sizeof(columns) / sizeof(columns[0]))

static void
put_next(struct cw_buf *out, const struct fhir_node *answer, const char *path)
{
	struct cw_str next = fhir_node_text(answer, "next");

	if (next.s == NULL)
		return;
	cw_buf_printf(out, "<p><a href=\"%s?before=", path);
	put(out, next);
	cw_buf_puts(out, "\">Older</a></p>\n");
}

/* ---- the pages ---- */

static void
write_alerts(struct cw_buf *out, const struct fhir_node *answer, bool all)
{
	static const struct column columns[] = { { "Alert", "id" }, { "Tier", "tier" },
		{ "State", "state" }, { "Due", "due" }, { "Opened", "opened" },
		{ "Patient", "patient" }, { "Target", "target" }, { "Mode", "mode" } };

	begin(out, all ? "All alerts" : "Open alerts");
	TABLE(out, first_of(answer, "alerts"), "The newest first; times are UTC", columns);
	put_next(out, answer, all ? "/all" : "/");
	end(out);
}

static void
write_feeds(struct cw_buf *out, const struct fhir_node *answer)
{
	static const struct column columns[] = { { "Feed", "name" }, { "State", "state" },
		{ "Last event", "lastEvent" }, { "Last contact", "lastContact" },
		{ "Last poll", "lastPoll" }, { "Subscriptions", "subscriptions" },
		{ "Of them active", "active" }, { "What is wrong", "fault" } };

	begin(out, "Feeds");
	TABLE(out, first_of(answer, "feeds"), "Where data comes from; times are UTC", columns);
	end(out);
}

static void
write_quarantine(struct cw_buf *out, const struct fhir_node *answer)
{
	static const struct column columns[] = { { "Event", "id" }, { "At", "at" },
		{ "Feed", "feed" }, { "Type", "type" }, { "Id", "name" }, { "Reason", "reason" },
		{ "Where", "path" } };

	begin(out, "Quarantine");
	cw_buf_puts(out, "<p>What could not be read or must not be believed. See "
			 "<code>cordwatch events</code>.</p>\n");
	TABLE(out, first_of(answer, "quarantined"), "The newest first; times are UTC", columns);
	put_next(out, answer, "/quarantine");
	end(out);
}

static void
put_terms(struct cw_buf *out, const struct fhir_node *alert)
{
	static const struct column terms[] = { { "Alert", "id" }, { "Tier", "tier" },
		{ "State", "state" }, { "Why", "why" }, { "Mode", "mode" }, { "Opened", "opened" },
		{ "Due", "due" }, { "Closed", "closed" }, { "Patient", "patient" },
		{ "Source", "source" }, { "Target", "target" }, { "Request", "request" } };

	cw_buf_puts(out, "<dl>\n");
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		struct cw_str s = fhir_node_text(alert, terms[i].key);

		if (s.s == NULL)
			continue;
		cw_buf_printf(out, "<dt>%s</dt><dd>", terms[i].heading);
		if (strcmp(terms[i].key, "due") == 0 &&
		    cw_str_is(fhir_node_text(alert, "overdue"), "true"))
			cw_buf_puts(out, "<span class=\"bad\">overdue</span> ");
		put(out, s);
		cw_buf_puts(out, "</dd>\n");
	}
	cw_buf_puts(out, "</dl>\n");
}

static void
put_explanation(struct cw_buf *out, const struct fhir_node *alert)
{
	const struct fhir_node *note = fhir_node_get(fhir_node_get(alert, "resource"), "note");

	cw_buf_puts(out, "<h2>Explanation</h2>\n");
	for (; note != NULL; note = fhir_node_again(note)) {
		cw_buf_puts(out, "<p>");
		put(out, fhir_node_text(note, "text"));
		cw_buf_puts(out, "</p>\n");
	}
}

static void
put_timeline(struct cw_buf *out, const struct fhir_node *alert)
{
	const struct fhir_node *r = first_of(alert, "records");

	cw_buf_puts(out, "<h2>Timeline</h2>\n<table>\n<caption>From the audit; times are UTC"
			 "</caption>\n<thead>\n<tr><th scope=\"col\">At</th><th scope=\"col\">What"
			 "</th><th scope=\"col\">Result</th><th scope=\"col\">Record</th></tr>\n"
			 "</thead>\n<tbody>\n");
	for (; r != NULL; r = fhir_node_again(r)) {
		const struct fhir_node *p = fhir_node_get(r, "payload");
		struct cw_str what = fhir_node_text(p, "what");

		cw_buf_puts(out, "<tr><th scope=\"row\" data-label=\"At\">");
		put(out, fhir_node_text(r, "at"));
		cw_buf_puts(out, "</th><td data-label=\"What\">");
		put(out, fhir_node_text(r, "type"));
		cw_buf_puts(out, "</td><td data-label=\"Result\">");
		put(out, what.s == NULL ? fhir_node_text(p, "result") : what);
		cw_buf_puts(out, "</td><td data-label=\"Record\">");
		put(out, fhir_node_text(r, "seq"));
		cw_buf_puts(out, "</td></tr>\n");
	}
	cw_buf_puts(out, "</tbody>\n</table>\n");
}

static void
write_alert(struct cw_buf *out, const struct fhir_node *alert)
{
	static const struct column evidence[] = { { "When", "when" }, { "Finding", "finding" },
		{ "Source", "source" } };
	static const struct column notices[] = { { "At", "at" }, { "Kind", "kind" },
		{ "Text", "text" } };
	static const struct column errands[] = { { "Errand", "id" }, { "Kind", "kind" },
		{ "State", "state" }, { "Attempts", "attempts" }, { "Next", "next" },
		{ "Fault", "fault" } };

	begin(out, "One alert");
	put_terms(out, alert);
	put_explanation(out, alert);
	cw_buf_puts(out, "<h2>Evidence</h2>\n");
	TABLE(out, first_of(alert, "evidence"), "What the alert rests on; times are UTC", evidence);
	put_timeline(out, alert);
	cw_buf_puts(out, "<h2>Notices</h2>\n");
	TABLE(out, first_of(alert, "notices"), "What people were told; times are UTC", notices);
	cw_buf_puts(out, "<h2>Errands</h2>\n");
	TABLE(out, first_of(alert, "errands"), "What is still to be brought", errands);
	end(out);
}

void
page_write(struct cw_buf *out, enum page_kind kind, const struct fhir_node *answer)
{
	switch (kind) {
	case PAGE_ALERTS:
	case PAGE_ALL_ALERTS:
		write_alerts(out, answer, kind == PAGE_ALL_ALERTS);
		break;
	case PAGE_ALERT:
		write_alert(out, answer);
		break;
	case PAGE_FEEDS:
		write_feeds(out, answer);
		break;
	case PAGE_QUARANTINE:
		write_quarantine(out, answer);
		break;
	}
}

void
page_write_fault(struct cw_buf *out, const char *text)
{
	begin(out, "Not shown");
	cw_buf_printf(out, "<p>%s.</p>\n", text);
	end(out);
}
