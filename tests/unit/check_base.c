/* Unit tests of fhir/base: errors, arena, buffers, map. */
#include "fhir/base.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(first_error_wins)
{
	struct cw_err err = { 0 };

	ck_assert_int_eq(
	    cw_fail_at(&err, CW_EVALUE, 3, 7, "Patient.birthDate", "month %d", 13), CW_EVALUE);
	ck_assert_int_eq(cw_fail(&err, CW_ELIMIT, "later"), CW_ELIMIT);
	ck_assert_int_eq(err.code, CW_EVALUE);
	ck_assert_str_eq(err.text, "month 13");
	ck_assert_str_eq(err.path, "Patient.birthDate");
	ck_assert_uint_eq(err.line, 3);
	ck_assert_int_eq(cw_fail(NULL, CW_EIO, "nobody listens"), CW_EIO);
}
END_TEST

START_TEST(long_paths_are_cut)
{
	struct cw_err err = { 0 };
	char path[400];

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	cw_fail_at(&err, CW_EVALUE, 0, 0, path, "x");
	ck_assert_uint_eq(strlen(err.path), sizeof(err.path) - 1);
	ck_assert_str_eq(err.path + sizeof(err.path) - 4, "...");
}
END_TEST

START_TEST(arena_keeps_its_maximum)
{
	struct cw_arena *a = cw_arena_new(100);
	char *p = cw_alloc(a, 50);

	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq((uintptr_t)p % 16, 0);
	ck_assert_ptr_null(cw_alloc(a, 60));
	ck_assert(cw_arena_full(a));
	ck_assert_ptr_null(cw_alloc(a, 1));
	cw_arena_reset(a);
	ck_assert(!cw_arena_full(a));
	ck_assert_ptr_nonnull(cw_alloc(a, 96));
	cw_arena_free(a);
	cw_arena_free(NULL);
}
END_TEST

START_TEST(arena_serves_many_sizes)
{
	struct cw_arena *a = cw_arena_new(0);

	for (int round = 0; round < 3; round++) {
		for (size_t n = 1; n < 5000; n += 7) {
			char *p = cw_alloc(a, n);

			ck_assert(p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
			memset(p, 'x', n);
		}
		memset(cw_alloc(a, 3 << 20), 'y', 3 << 20);
		cw_arena_reset(a);
	}
	cw_arena_free(a);
}
END_TEST

START_TEST(plain_text_cannot_steer_a_terminal)
{
	const struct {
		struct cw_str in;
		const char *out;
	} cases[] = {
		{ CW_STR(""), "" },
		{ CW_STR("Wei\xc3\x9f \xe4\xb8\xad \xf0\x9f\x98\x80~"),
		    "Wei\xc3\x9f \xe4\xb8\xad \xf0\x9f\x98\x80~" },
		{ CW_STR("a\tb\r\nc"), "a b  c" },
		{ CW_STR("\x1b[31m\0\x7f"), " [31m  " },
		{ CW_STR("\xc2\x80\xc2\x9f\xc2\xa0"), "  \xc2\xa0" },
		{ CW_STR("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf"),
		    "\xe2\x80\xa7  \xe2\x80\xaf" },
		{ CW_STR("\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa"),
		    "\xe2\x81\xa5  \xe2\x81\xaa" },
		{ CW_STR("cut \xc2"), "cut \xc2" },
		{ CW_STR("cut \xe2\x80"), "cut \xe2\x80" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cw_buf b;

		cw_buf_init(&b, 0);
		cw_buf_plain(&b, cases[i].in);
		ck_assert_str_eq(b.s == NULL ? "" : b.s, cases[i].out);
		cw_buf_fini(&b);
	}
}
END_TEST

START_TEST(buffer_overflow_is_sticky)
{
	struct cw_buf b;

	cw_buf_init(&b, 10);
	cw_buf_puts(&b, "12345");
	cw_buf_printf(&b, "%d", 123456);
	ck_assert(b.over);
	cw_buf_putc(&b, 'x');
	ck_assert_str_eq(b.s, "12345");
	cw_buf_clear(&b);
	cw_buf_printf(&b, "%s", "1234567890");
	ck_assert(!b.over);
	ck_assert_str_eq(b.s, "1234567890");
	cw_buf_fini(&b);
}
END_TEST

START_TEST(map_keeps_order_and_replaces)
{
	struct cw_map *m = cw_map_new();
	static int values[1000];
	char keys[1000][16];
	struct cw_str key;

	ck_assert_ptr_null(cw_map_get(m, CW_STR("none")));
	for (int i = 0; i < 1000; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%d", i);
		ck_assert_ptr_null(cw_map_put(m, cw_str(keys[i]), &values[i]));
	}
	ck_assert_uint_eq(cw_map_count(m), 1000);
	for (size_t i = 0; i < 1000; i++) {
		ck_assert_ptr_eq(cw_map_get(m, cw_str(keys[i])), &values[i]);
		ck_assert_ptr_eq(cw_map_at(m, i, &key), &values[i]);
		ck_assert(cw_str_is(key, keys[i]));
	}
	ck_assert_ptr_eq(cw_map_put(m, CW_STR("k7"), &values[0]), &values[7]);
	ck_assert_ptr_eq(cw_map_get(m, CW_STR("k7")), &values[0]);
	cw_map_free(m);
}
END_TEST

START_TEST(strings_compare_as_bytes)
{
	ck_assert(cw_str_cmp(CW_STR("a"), CW_STR("ab")) < 0);
	ck_assert(cw_str_cmp(CW_STR("b"), CW_STR("ab")) > 0);
	ck_assert(cw_str_eq(CW_STR(""), cw_str(NULL)));
	ck_assert(cw_str_starts(CW_STR("C79.51"), CW_STR("C79.5")));
	ck_assert(!cw_str_starts(CW_STR("C7"), CW_STR("C79.5")));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("base");
	TCase *tc = tcase_create("base");
	SRunner *sr = srunner_create(s);
	int failed;

	tcase_add_test(tc, first_error_wins);
	tcase_add_test(tc, long_paths_are_cut);
	tcase_add_test(tc, arena_keeps_its_maximum);
	tcase_add_test(tc, arena_serves_many_sizes);
	tcase_add_test(tc, buffer_overflow_is_sticky);
	tcase_add_test(tc, plain_text_cannot_steer_a_terminal);
	tcase_add_test(tc, map_keeps_order_and_replaces);
	tcase_add_test(tc, strings_compare_as_bytes);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
