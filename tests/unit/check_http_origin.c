/* Which URLs are below a base, and what Retry-After says. */
#include <check.h>
#include <stdlib.h>

#include "daemon/http.h"

static const struct {
	const char *base, *url;
	bool below;
} urls[] = {
	{ "http://h/fhir", "http://h/fhir", true },
	{ "http://h/fhir", "http://h/fhir/Patient/1", true },
	{ "http://h/fhir", "http://h/fhir?_getpages=1&x=/../", true },
	{ "http://h/fhir/", "http://H:80/fhir/Patient?a=b#c", true },
	{ "HTTPS://h", "https://h:443/x", true },
	{ "https://[::1]:8443/f", "https://[::1]:8443/f/x", true },
	{ "http://h", "http://h", true },
	{ "http://h/fhir", "http://h/fhirx", false },
	{ "http://h/fhir", "http://h/fhi", false },
	{ "http://h/fhir", "http://h/FHIR/x", false },
	{ "http://h/fhir", "https://h/fhir/x", false },
	{ "http://h/fhir", "http://h:8080/fhir/x", false },
	{ "http://h:8080/fhir", "http://h:80800/fhir/x", false },
	{ "http://h:8080/fhir", "http://h:/fhir/x", false },
	{ "http://h", "http://h.evil.example/", false },
	{ "http://h", "http://h@evil.example/", false },
	{ "http://h/fhir", "http://u:p@h/fhir/x", false },
	{ "http://h/fhir", "http://h/fhir/../x", false },
	{ "http://h/fhir", "http://h/fhir/%2E%2e/x", false },
	{ "http://h/fhir", "http://h/fhir/.%2e", false },
	{ "http://h/fhir", "http://h/fhir/./x", false },
	{ "http://h/fhir", "http://h/fhir/...", true },
	{ "http://h/fhir", "http://h/fhir/a%2fb", false },
	{ "http://h/fhir", "http://h/fhir/a%5Cb", false },
	{ "http://h/fhir", "http://h\\fhir/x", false },
	{ "http://h/fhir", "http://h/fhir/\tx", false },
	{ "http://h/fhir", "/fhir/x", false },
	{ "http://h/fhir", "http:/h/fhir", false },
	{ "http://h/fhir", "ftp://h/fhir", false },
	{ "http://h/fhir", "http:///fhir", false },
	{ "http://[::1/f", "http://[::1/f", false },
	{ "http://h", "", false },
};

START_TEST(below)
{
	ck_assert_msg(http_below(cw_str(urls[_i].base), cw_str(urls[_i].url)) == urls[_i].below,
	    "%s below %s", urls[_i].url, urls[_i].base);
}
END_TEST

/* Against 1994-11-06T08:49:00Z. */
static const struct {
	const char *name, *value;
	int64_t ms;
} waits[] = {
	{ "retry-after", "120", 120000 },
	{ "retry-after", "0", 0 },
	{ "retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", 37000 },
	{ "retry-after", "Sunday, 06-Nov-94 08:49:37 GMT", 37000 },
	{ "retry-after", "Sun Nov  6 08:49:37 1994", 37000 },
	{ "retry-after", "Sun, 06 Nov 1994 08:48:00 GMT", 0 },
	{ "retry-after", "Sun, 31 Nov 1994 08:48:00 GMT", -1 },
	{ "retry-after", "Sun, 06 Nov 1994 28:48:00 GMT", -1 },
	{ "retry-after", "soon", -1 },
	{ "retry-after", "-5", -1 },
	{ "retry-after", "", -1 },
	{ "x-ms-retry-after-ms", "250", 250 },
	{ "date", "120", -1 },
};

START_TEST(wait)
{
	struct http_header header = { waits[_i].name, cw_str(waits[_i].value) };
	struct http_response response = { .header = &header, .headers = 1 };

	ck_assert_int_eq(http_retry_after(&response, 784111740000), waits[_i].ms);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("http_origin");
	TCase *tc = tcase_create("http_origin");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tc, below, 0, sizeof(urls) / sizeof(*urls));
	tcase_add_loop_test(tc, wait, 0, sizeof(waits) / sizeof(*waits));
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
