/* Unit tests of daemon/listen_guard: heads in a table. */
#include "daemon/listen_guard.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define OK "Host: a\r\n"

static const struct {
	const char *head; /* without the empty line */
	int refuse;
} heads[] = {
	{ "GET / HTTP/1.1\r\nHost: a\r\n", 0 },
	{ "GET /fhir/a%2Fb/Patient?x=1&y=a,b HTTP/1.1\r\nHost: a.example:80\r\n", 0 },
	{ "DELETE /x HTTP/1.1\r\nhost:[::1]:8086\r\nX-Secret: a\r\n", 0 },
	{ "PUT /x HTTP/1.1\r\nHost: \t a \t\r\nContent-Length:5\r\nX: \xc3\xa9\r\n", 0 },
	{ "POST /x HTTP/1.1\r\n" OK "Expect: 100-Continue\r\nContent-Length: 0\r\n", 0 },
	{ "GET /x HTTP/1.0\r\n", 0 },
	{ "GET /x HTTP/1.0\r\nX-Empty:\r\n", 0 },
	/* the request line */
	{ "GET /x\r\n", 400 },
	{ "GET  / HTTP/1.1\r\n" OK, 400 },
	{ "GET / HTTP/1.1 \r\n" OK, 400 },
	{ " GET / HTTP/1.1\r\n" OK, 400 },
	{ "GET\t/ HTTP/1.1\r\n" OK, 400 },
	{ "GET / http/1.1\r\n" OK, 400 },
	{ "GET / HTTP/1.2\r\n" OK, 505 },
	{ "GET / HTTP/2.0\r\n" OK, 505 },
	{ "GET / HTTP/0.9\r\n", 505 },
	{ "get / HTTP/1.1\r\n" OK, 501 },
	{ "HEAD / HTTP/1.1\r\n" OK, 501 },
	{ "TRACE / HTTP/1.1\r\n" OK, 501 },
	{ "G@T / HTTP/1.1\r\n" OK, 400 },
	{ "GET x HTTP/1.1\r\n" OK, 400 },
	{ "GET http://a/ HTTP/1.1\r\n" OK, 400 },
	{ "GET /a|b HTTP/1.1\r\n" OK, 400 },
	{ "GET /a\\b HTTP/1.1\r\n" OK, 400 },
	{ "GET /a#b HTTP/1.1\r\n" OK, 400 },
	{ "GET /\xc3\xa9 HTTP/1.1\r\n" OK, 400 },
	{ "GET /%4 HTTP/1.1\r\n" OK, 400 },
	{ "GET /%zz HTTP/1.1\r\n" OK, 400 },
	/* names and values */
	{ "GET / HTTP/1.1\r\n" OK "X : a\r\n", 400 },
	{ "GET / HTTP/1.1\r\n" OK ": a\r\n", 400 },
	{ "GET / HTTP/1.1\r\n" OK "X\r\n", 400 },
	{ "GET / HTTP/1.1\r\n" OK "X(y): a\r\n", 400 },
	{ "GET / HTTP/1.1\r\n" OK "X: a\r\n folded\r\n", 400 },
	{ "GET / HTTP/1.1\r\n X: a\r\n" OK, 400 },
	{ "GET / HTTP/1.1\r\n" OK "X: a\rb\r\n", 400 },
	{ "GET / HTTP/1.1\r\n" OK "X: a\001b\r\n", 400 },
	{ "GET / HTTP/1.1\r\n" OK "X: a\177b\r\n", 400 },
	/* what may stand once */
	{ "GET / HTTP/1.1\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost:\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: a b\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: a/b\r\n", 400 },
	{ "GET / HTTP/1.1\r\n" OK OK, 400 },
	{ "GET / HTTP/1.0\r\n" OK OK, 400 },
	{ "GET / HTTP/1.1\r\n" OK "X-Secret: a\r\nx-secret: b\r\n", 400 },
	{ "GET / HTTP/1.1\r\n" OK "Authorization: a\r\nauthorization: a\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Content-Type: a\r\nContent-Type: a\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Content-Length: 5\r\nContent-Length: 5\r\n", 400 },
	/* the body */
	{ "PUT / HTTP/1.1\r\n" OK "Content-Length: +5\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Content-Length: -5\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Content-Length: 0x5\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Content-Length: 5, 5\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Content-Length: 5 5\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Content-Length:\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Content-Length: 18446744073709551621\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Transfer-Encoding: chunked\r\n", 411 },
	{ "PUT / HTTP/1.1\r\n" OK "Transfer-Encoding: gzip, chunked\r\n", 411 },
	{ "PUT / HTTP/1.0\r\n" OK "Transfer-Encoding: chunked\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Content-Length: 5\r\nTransfer-Encoding: identity\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
	    400 },
	{ "GET / HTTP/1.1\r\n" OK "Content-Length: 5\r\n", 400 },
	{ "DELETE / HTTP/1.1\r\n" OK "Content-Length: 5\r\n", 400 },
	{ "PUT / HTTP/1.1\r\n" OK "Expect: tea\r\n", 417 },
};

START_TEST(heads_by_the_letter)
{
	struct guard_head out;
	size_t seen = 0;
	struct cw_buf text;

	cw_buf_init(&text, 0);
	cw_buf_puts(&text, heads[_i].head);
	cw_buf_puts(&text, "\r\n");
	/* At every length it asks for more, and at the end it knows that it is whole. */
	for (size_t n = 0; n < text.n; n++)
		ck_assert_int_eq(guard_end((struct cw_str){ text.s, n }, &seen), 0);
	ck_assert_int_eq(guard_end((struct cw_str){ text.s, text.n }, &seen), (int64_t)text.n);
	guard_head(&out, (struct cw_str){ text.s, text.n }, "X-Secret");
	ck_assert_msg(out.refuse == heads[_i].refuse, "%s: %d (%s)", text.s, out.refuse,
	    out.reason ? out.reason : "good");
	ck_assert_int_eq(out.reason == NULL, out.refuse == 0);
	cw_buf_fini(&text);
}
END_TEST

START_TEST(lines_that_never_end)
{
	static const char nul[] = "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n";
	static const char *const bad[] = { "\r\n", "\n", "GET / HTTP/1.1\nHost: a\n\n",
		"GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\n\nHost: a\r\n\r\n" };
	size_t seen = 0;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++, seen = 0)
		ck_assert_int_eq(guard_end(cw_str(bad[i]), &seen), -1);
	ck_assert_int_eq(guard_end((struct cw_str){ nul, sizeof(nul) - 1 }, &seen), -1);
}
END_TEST

START_TEST(lengths)
{
	static const struct {
		const char *line;
		bool sized;
		uint64_t length;
	} cases[] = { { "", false, 0 }, { "Content-Length: 0\r\n", true, 0 },
		{ "content-length: 65536\r\n", true, 65536 },
		{ "Content-Length: 007\r\n", true, 7 },
		{ "Content-Length: 999999999999999999\r\n", true, UINT64_C(999999999999999999) } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct guard_head out;
		char head[128];

		snprintf(head, sizeof(head), "PUT / HTTP/1.1\r\nHost: a\r\n%s\r\n", cases[i].line);
		guard_head(&out, cw_str(head), NULL);
		ck_assert_int_eq(out.refuse, 0);
		ck_assert_int_eq(out.sized, cases[i].sized);
		ck_assert_uint_eq(out.length, cases[i].length);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("listen_guard");
	TCase *cases = tcase_create("guard");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(cases, heads_by_the_letter, 0, sizeof(heads) / sizeof(heads[0]));
	tcase_add_test(cases, lines_that_never_end);
	tcase_add_test(cases, lengths);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
