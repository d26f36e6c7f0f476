/* Unit tests of daemon/page: whatever a value holds, it stays text. */
#include "daemon/page.h"
#include "fhir/json.h"
#include "tests/unit/run.h"

#include <stdio.h>
#include <string.h>

#define BAD "<img src=x onerror=y>'&quot;\\u001b[31m\\\""

static struct cw_arena *arena;
static struct cw_buf html;

static void
begin(void)
{
	arena = cw_arena_new(0);
	cw_buf_init(&html, 0);
}

static void
end(void)
{
	cw_arena_free(arena);
	cw_buf_fini(&html);
}

static const char *
write_page(enum page_kind kind, const char *json)
{
	const struct fhir_node *node;
	struct cw_err err = { 0 };

	ck_assert_msg(fhir_json_read(&node, cw_str(json), arena, NULL, &err) == 0, "%s", err.text);
	page_write(&html, kind, node);
	cw_buf_putc(&html, '\0');
	return html.s;
}

static size_t
times(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* Each with as many hostile values as it shows. */
static const struct {
	enum page_kind kind;
	const char *json;
	size_t shown;
} hostile[] = {
	{ PAGE_ALERTS,
	    "{\"alerts\":[{\"id\":\"" BAD "\",\"tier\":\"" BAD "\",\"state\":\"" BAD
	    "\",\"due\":\"" BAD "\",\"opened\":\"" BAD "\",\"patient\":\"" BAD
	    "\",\"target\":\"" BAD "\",\"mode\":\"" BAD "\"}],\"next\":\"" BAD "\"}",
	    10 },
	{ PAGE_FEEDS,
	    "{\"feeds\":[{\"name\":\"" BAD "\",\"state\":\"" BAD "\",\"fault\":\"" BAD "\"}]}", 3 },
	{ PAGE_QUARANTINE,
	    "{\"quarantined\":[{\"id\":\"" BAD "\",\"type\":\"" BAD "\",\"name\":\"" BAD
	    "\",\"reason\":\"" BAD "\",\"path\":\"" BAD "\"}]}",
	    5 },
	{ PAGE_ALERT,
	    "{\"id\":\"" BAD "\",\"patient\":\"" BAD "\",\"why\":\"" BAD
	    "\",\"resource\":{\"note\":[{\"text\":\"" BAD "\"}]},\"evidence\":[{\"when\":\"" BAD
	    "\",\"finding\":\"" BAD "\",\"source\":\"" BAD "\"}],\"records\":[{\"at\":\"" BAD
	    "\",\"type\":\"" BAD "\",\"seq\":\"" BAD "\",\"payload\":{\"what\":\"" BAD
	    "\"}}],\"notices\":[{\"at\":\"" BAD "\",\"kind\":\"" BAD "\",\"text\":\"" BAD
	    "\"}],\"errands\":[{\"id\":\"" BAD "\",\"fault\":\"" BAD "\"}]}",
	    16 },
};

START_TEST(escapes_every_value)
{
	const char *page = write_page(hostile[_i].kind, hostile[_i].json);

	ck_assert_uint_eq(
	    times(page, "&lt;img src=x onerror=y&gt;&#39;&amp;quot;"), hostile[_i].shown);
	ck_assert_ptr_null(strstr(page, "<img"));
	ck_assert_ptr_null(strchr(page, '\x1b'));
	ck_assert_ptr_null(strstr(page, "\"\""));
}
END_TEST

START_TEST(is_whole_without_anything_to_show)
{
	static const enum page_kind kind[] = { PAGE_ALERTS, PAGE_ALL_ALERTS, PAGE_ALERT, PAGE_FEEDS,
		PAGE_QUARANTINE };
	static const char *const json[] = { "{}",
		"{\"alerts\":[],\"feeds\":[],\"quarantined\":[],\"evidence\":[],\"records\":[],"
		"\"notices\":[],\"errands\":[]}" };

	for (size_t i = 0; i < sizeof(kind) / sizeof(kind[0]); i++) {
		const char *page = write_page(kind[i], json[_i]);

		ck_assert(strncmp(page, "<!DOCTYPE html>\n<html lang=\"en\">", 32) == 0);
		ck_assert_uint_eq(times(page, "<h1>"), 1);
		ck_assert_uint_eq(times(page, "</html>"), 1);
		ck_assert_uint_eq(times(page, "<table>"), times(page, "</table>"));
		ck_assert_uint_eq(times(page, "<table>"), times(page, "<caption>"));
		cw_buf_clear(&html);
	}
}
END_TEST

START_TEST(says_what_is_late)
{
	const char *late = "{\"alerts\":[{\"id\":1,\"due\":\"2025-06-16\",\"overdue\":true}]}";
	const char *early = "{\"alerts\":[{\"id\":1,\"due\":\"2025-06-16\",\"overdue\":false}]}";

	ck_assert_ptr_nonnull(strstr(write_page(PAGE_ALERTS, late), ">overdue</span> 2025-06-16"));
	cw_buf_clear(&html);
	ck_assert_ptr_null(strstr(write_page(PAGE_ALERTS, early), "overdue"));
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("page");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_loop_test(
	    tc, escapes_every_value, 0, (int)(sizeof(hostile) / sizeof(hostile[0])));
	tcase_add_loop_test(tc, is_whole_without_anything_to_show, 0, 2);
	tcase_add_test(tc, says_what_is_late);
	return test_run("page", tc);
}
