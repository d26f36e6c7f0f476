/* Unit tests of the JSON scanner's own interface, its limits and its cost on large objects. */
#include "fhir/json.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct cw_arena *mem;
static struct fhir_json_scan sc;

static void
set_up(void)
{
	mem = cw_arena_new(0);
}

static void
tear_down(void)
{
	cw_arena_free(mem);
}

static void
start(const char *text)
{
	fhir_json_scan_init(&sc, cw_str(text), mem, NULL);
}

static void
expect(int event, const char *key, const char *value)
{
	ck_assert_int_eq(fhir_json_next(&sc, NULL), event);
	if (key != NULL)
		ck_assert_msg(cw_str_is(sc.key, key), "key %.*s, not %s", CW_ARG(sc.key), key);
	if (value != NULL)
		ck_assert_msg(
		    cw_str_is(sc.value, value), "value %.*s, not %s", CW_ARG(sc.value), value);
}

START_TEST(gives_one_event_for_key_and_value)
{
	start(
	    " { \"a\" : 1.50 , \"b\":[true,false,null,\"x\\ny\"], \"c\\u0041\":{}, \"d\":\"\" } ");
	expect(FHIR_JSON_OBJECT, NULL, NULL);
	ck_assert_uint_eq(sc.depth, 1);
	expect(FHIR_JSON_NUMBER, "a", "1.50");
	expect(FHIR_JSON_ARRAY, "b", NULL);
	ck_assert_uint_eq(sc.depth, 2);
	expect(FHIR_JSON_TRUE, NULL, "true");
	expect(FHIR_JSON_FALSE, NULL, "false");
	expect(FHIR_JSON_NULL, NULL, "null");
	expect(FHIR_JSON_STRING, NULL, "x\\ny");
	ck_assert(sc.escaped);
	ck_assert(cw_str_is(fhir_json_unescape(sc.value, mem), "x\ny"));
	expect(FHIR_JSON_ARRAY_END, NULL, NULL);
	ck_assert_uint_eq(sc.depth, 1);
	expect(FHIR_JSON_OBJECT, "cA", NULL);
	expect(FHIR_JSON_OBJECT_END, NULL, NULL);
	expect(FHIR_JSON_STRING, "d", "");
	ck_assert(!sc.escaped);
	expect(FHIR_JSON_OBJECT_END, NULL, NULL);
	expect(FHIR_JSON_END, NULL, NULL);
	expect(FHIR_JSON_END, NULL, NULL);
}
END_TEST

START_TEST(skips_a_container_and_gives_its_slice)
{
	start("{\"a\":{\"x\":[1,{\"y\":\"}\"}]},\"b\":[ ],\"c\":3}");
	expect(FHIR_JSON_OBJECT, NULL, NULL);
	expect(FHIR_JSON_OBJECT, "a", NULL);
	ck_assert_int_eq(fhir_json_skip(&sc, NULL), 0);
	ck_assert(cw_str_is(sc.value, "{\"x\":[1,{\"y\":\"}\"}]}"));
	ck_assert(cw_str_is(sc.key, "a"));
	expect(FHIR_JSON_ARRAY, "b", NULL);
	ck_assert_int_eq(fhir_json_skip(&sc, NULL), 0);
	ck_assert(cw_str_is(sc.value, "[ ]"));
	expect(FHIR_JSON_NUMBER, "c", "3");
	expect(FHIR_JSON_OBJECT_END, NULL, NULL);
	expect(FHIR_JSON_END, NULL, NULL);
}
END_TEST

START_TEST(skips_the_rest_of_a_container)
{
	start("{\"a\":[1,2,[3],{}],\"b\":4}");
	expect(FHIR_JSON_OBJECT, NULL, NULL);
	expect(FHIR_JSON_ARRAY, "a", NULL);
	expect(FHIR_JSON_NUMBER, NULL, "1");
	ck_assert_int_eq(fhir_json_skip(&sc, NULL), 0);
	expect(FHIR_JSON_NUMBER, "b", "4");
	ck_assert_int_eq(fhir_json_skip(&sc, NULL), 0);
	expect(FHIR_JSON_END, NULL, NULL);
}
END_TEST

START_TEST(a_key_behind_a_skipped_object_is_still_compared)
{
	struct cw_err err = { 0 };

	start("{\"a\":{\"b\":1},\"b\":2,\"a\":3}");
	expect(FHIR_JSON_OBJECT, NULL, NULL);
	expect(FHIR_JSON_OBJECT, "a", NULL);
	ck_assert_int_eq(fhir_json_skip(&sc, NULL), 0);
	expect(FHIR_JSON_NUMBER, "b", "2");
	ck_assert_int_eq(fhir_json_next(&sc, &err), CW_ESYNTAX);
	ck_assert_str_eq(err.path, "a");
	ck_assert_str_eq(err.text, "duplicate key");
}
END_TEST

START_TEST(a_failed_scan_stays_failed)
{
	struct cw_err first = { 0 }, second = { 0 };

	start("[1,{\"a\":nul},2]");
	expect(FHIR_JSON_ARRAY, NULL, NULL);
	expect(FHIR_JSON_NUMBER, NULL, "1");
	expect(FHIR_JSON_OBJECT, NULL, NULL);
	ck_assert_int_eq(fhir_json_skip(&sc, &first), CW_ESYNTAX);
	ck_assert_int_eq(fhir_json_next(&sc, &second), CW_ESYNTAX);
	ck_assert_int_eq(fhir_json_skip(&sc, NULL), CW_ESYNTAX);
	ck_assert_str_eq(first.path, "[1].a");
	ck_assert_mem_eq(&first, &second, sizeof(first));
}
END_TEST

START_TEST(compares_keys_with_literals)
{
	ck_assert(fhir_json_is(CW_STR("code"), "code"));
	ck_assert(!fhir_json_is(CW_STR("code"), "codes"));
	ck_assert(!fhir_json_is(CW_STR("code"), "cod"));
	ck_assert(!fhir_json_is(CW_STR("code"), "Code"));
}
END_TEST

/* Whatever the distance to the end of the text and to the start of a block: every special byte of a
 * string is seen. */
static int
scan_string(size_t before, const char *special, size_t after)
{
	size_t n = before + strlen(special) + after + 2;
	char *text = cw_malloc(n);
	int rc;

	memset(text, 'x', n);
	text[0] = text[n - 1] = '"';
	memcpy(text + 1 + before, special, strlen(special));
	rc = fhir_json_valid((struct cw_str){ text, n }, mem, NULL, NULL);
	free(text);
	return rc;
}

static const struct {
	const char *special;
	bool good;
} specials[] = { { "", true }, { "\\n", true }, { "\\\"", true }, { "\\u00e4", true },
	{ "\\ud83d\\ude00", true }, { "\xc3\xa4", true }, { "\xe2\x82\xac", true },
	{ "\xf0\x9f\x98\x80", true }, { "\x7f", true }, { "\x1f", false }, { "\x01", false },
	{ "\"", false }, { "\\", false }, { "\\x", false }, { "\\u12g4", false },
	{ "\\ud83dxude00", false }, { "\x80", false }, { "\xc3", false }, { "\xe2\x82", false },
	{ "\xf0\x9f\x98", false }, { "\xff", false } };

START_TEST(sees_special_bytes_everywhere)
{
	bool good = specials[_i].good;

	for (size_t before = 0; before < 40; before++)
		for (size_t after = 1; after < 40; after++)
			ck_assert_msg(
			    (scan_string(before, specials[_i].special, after) == 0) == good,
			    "%zu, %zu", before, after);
}
END_TEST

START_TEST(keys_of_every_length_are_told_apart)
{
	char text[400], key[64];

	for (size_t n = 1; n < sizeof(key); n++)
		for (size_t at = 0; at < n; at++) {
			memset(key, 'k', n);
			key[n] = '\0';
			snprintf(text, sizeof(text), "{\"%s\":1,", key);
			key[at] = 'K';
			snprintf(text + strlen(text), 200, "\"%s\":1}", key);
			ck_assert_int_eq(fhir_json_valid(cw_str(text), mem, NULL, NULL), 0);
			key[at] = 'k';
			snprintf(text, sizeof(text), "{\"%s\":1, \"%s\":1}", key, key);
			ck_assert_int_eq(
			    fhir_json_valid(cw_str(text), mem, NULL, NULL), CW_ESYNTAX);
		}
}
END_TEST

START_TEST(the_size_is_limited)
{
	struct fhir_json_limits limits = { .bytes = 10 };
	struct cw_err err = { 0 };

	ck_assert_int_eq(fhir_json_valid(CW_STR("[1,2,3,44]"), mem, &limits, NULL), 0);
	ck_assert_int_eq(fhir_json_valid(CW_STR("[1,2,3,444]"), mem, &limits, &err), CW_ELIMIT);
	ck_assert_str_eq(err.text, "the text is larger than allowed");
	ck_assert_uint_eq(err.line, 1);
}
END_TEST

START_TEST(the_number_of_elements_is_limited)
{
	struct fhir_json_limits limits = { .elements = 5 };
	const struct fhir_node *root;
	struct cw_err err = { 0 };

	ck_assert_int_eq(fhir_json_valid(CW_STR("[1,{\"a\":2},3]"), mem, &limits, NULL), 0);
	ck_assert_int_eq(
	    fhir_json_valid(CW_STR("[1,{\"a\":2},3,4]"), mem, &limits, NULL), CW_ELIMIT);
	ck_assert_int_eq(
	    fhir_json_read(&root, CW_STR("[1,{\"a\":[]},\n 3,4]"), mem, &limits, &err), CW_ELIMIT);
	ck_assert_str_eq(err.text, "more elements than allowed");
	ck_assert_str_eq(err.path, "[3]");
	ck_assert_uint_eq(err.line, 2);
	ck_assert_uint_eq(err.column, 4);
}
END_TEST

static struct cw_str
object_of(struct cw_buf *b, size_t n, const char *last)
{
	cw_buf_clear(b);
	cw_buf_puts(b, "{\"\\u006b\":0");
	for (size_t i = 0; i < n; i++)
		cw_buf_printf(b, ",\"key%zu\":%zu", i, i);
	cw_buf_puts(b, last);
	return (struct cw_str){ b->s, b->n };
}

START_TEST(a_small_arena_is_an_error_not_a_crash)
{
	struct cw_buf b;
	struct cw_str text;
	int refused = 0, read = 0;

	cw_buf_init(&b, 0);
	text = object_of(&b, 300, ",\"_key7\":{\"id\":\"\\t\"},\"a\":[[],[\"\\u0041\"]],\"b\":[]}");
	for (size_t max = 16; max < 80000; max += max < 2000 ? 16 : 512) {
		struct cw_arena *small = cw_arena_new(max);
		const struct fhir_node *root;
		struct cw_err err = { 0 };
		int rc = fhir_json_read(&root, text, small, NULL, &err);

		ck_assert(rc == 0 || rc == CW_ELIMIT);
		ck_assert((rc == 0) == (root != NULL));
		refused += rc != 0;
		read += rc == 0;
		cw_arena_free(small);
	}
	ck_assert_int_gt(refused, 50);
	ck_assert_int_gt(read, 5);
	cw_buf_fini(&b);
}
END_TEST

START_TEST(duplicates_are_found_in_objects_of_every_size)
{
	struct cw_buf b;
	char last[64];

	cw_buf_init(&b, 0);
	for (size_t n = 1; n < 2000; n += n < 300 ? 1 : 97) {
		ck_assert_int_eq(
		    fhir_json_valid(object_of(&b, n, ",\"a\":1}"), mem, NULL, NULL), 0);
		snprintf(last, sizeof(last), ",\"a\":{\"key0\":1},\"ke\\u0079%zu\":1}", n / 3);
		ck_assert_int_eq(
		    fhir_json_valid(object_of(&b, n, last), mem, NULL, NULL), CW_ESYNTAX);
		ck_assert_int_eq(
		    fhir_json_valid(object_of(&b, n, ",\"k\":1}"), mem, NULL, NULL), CW_ESYNTAX);
		cw_arena_reset(mem);
	}
	cw_buf_fini(&b);
}
END_TEST

START_TEST(keys_of_inner_objects_are_forgotten)
{
	struct cw_buf b;

	cw_buf_init(&b, 0);
	for (size_t n = 1; n < 80; n++) {
		cw_buf_clear(&b);
		for (size_t i = 0; i < n; i++)
			cw_buf_printf(&b, "%s\"k%zu\":{\"k%zu\":1,\"k%zu\":2}", i == 0 ? "{" : ",",
			    i, i + 1, i + 2);
		cw_buf_putc(&b, '}');
		ck_assert_int_eq(fhir_json_valid((struct cw_str){ b.s, b.n }, mem, NULL, NULL), 0);
	}
	cw_buf_fini(&b);
}
END_TEST

/* Least seconds of CPU in a few tries. */
static double
seconds_to_read(struct cw_str text)
{
	double least = 1e9;

	for (int i = 0; i < 5; i++) {
		const struct fhir_node *root;
		clock_t from = clock();
		double took;

		ck_assert_int_eq(fhir_json_read(&root, text, mem, NULL, NULL), 0);
		took = (double)(clock() - from) / CLOCKS_PER_SEC;
		least = took < least ? took : least;
		cw_arena_reset(mem);
	}
	return least + 1e-4;
}

/* With the "_name" of every other member, so that merging is measured too. */
static struct cw_str
object_with_twins(struct cw_buf *b, size_t n)
{
	cw_buf_clear(b);
	cw_buf_putc(b, '{');
	for (size_t i = 0; i < n; i += 2)
		cw_buf_printf(b, "\"key%zu\":1,\"_key%zu\":{\"id\":\"x\"},", i, i);
	cw_buf_puts(b, "\"last\":1}");
	return (struct cw_str){ b->s, b->n };
}

START_TEST(large_objects_take_linear_time)
{
	struct cw_buf small, large;

	cw_buf_init(&small, 0);
	cw_buf_init(&large, 0);
	ck_assert_double_lt(seconds_to_read(object_of(&large, 100000, "}")),
	    40 * seconds_to_read(object_of(&small, 10000, "}")));
	ck_assert_double_lt(seconds_to_read(object_with_twins(&large, 100000)),
	    40 * seconds_to_read(object_with_twins(&small, 10000)));
	cw_buf_fini(&small);
	cw_buf_fini(&large);
}
END_TEST

/* Keys of 15 bytes that all have one hash: the scanner's mixing, undone. */
static void
colliding_key(char key[16], unsigned *state)
{
	const uint64_t k1 = UINT64_C(0x9e3779b97f4a7c15), k2 = UINT64_C(0xc2b2ae3d27d4eb4f);
	uint64_t inverse = k1, low, high;
	bool plain;

	for (int i = 0; i < 6; i++)
		inverse *= 2 - k1 * inverse;
	do {
		for (int i = 8; i < 15; i++) {
			*state = *state * 1664525u + 1013904223u;
			key[i] = (char)('a' + (*state >> 8) % 26);
		}
		key[15] = '\0';
		memcpy(&high, key + 8, 8);
		low = (UINT64_C(0x123456789abcdef) ^ high * k2) * inverse - 15;
		memcpy(key, &low, 8);
		plain = true;
		for (int i = 0; i < 8; i++)
			plain = plain && key[i] > 0x20 && key[i] < 0x7f && key[i] != '"' &&
				key[i] != '\\';
	} while (!plain);
}

START_TEST(keys_made_to_collide_are_refused)
{
	struct cw_buf b;
	struct cw_err err = { 0 };
	unsigned state = 1;
	char key[16];

	cw_buf_init(&b, 0);
	for (int i = 0; i < 400; i++) {
		colliding_key(key, &state);
		cw_buf_printf(&b, "%s\"%s\":1", i == 0 ? "{" : ",", key);
		if (i == 200) {
			cw_buf_putc(&b, '}');
			ck_assert_int_eq(
			    fhir_json_valid((struct cw_str){ b.s, b.n }, mem, NULL, NULL), 0);
			b.n--;
		}
	}
	cw_buf_putc(&b, '}');
	ck_assert_int_eq(fhir_json_valid((struct cw_str){ b.s, b.n }, mem, NULL, &err), CW_ELIMIT);
	cw_buf_fini(&b);
}
END_TEST

START_TEST(lines_of_ndjson_keep_their_numbers)
{
	struct fhir_json_lines l;
	struct cw_str line;

	fhir_json_lines_init(&l, CW_STR("{\"a\":1}\r\n\n  \t\r\n {\"b\":2} \n\n{\"c\":3}"));
	ck_assert(fhir_json_lines_next(&l, &line));
	ck_assert(cw_str_is(line, "{\"a\":1}"));
	ck_assert_uint_eq(l.line, 1);
	ck_assert(fhir_json_lines_next(&l, &line));
	ck_assert(cw_str_is(line, " {\"b\":2} "));
	ck_assert_uint_eq(l.line, 4);
	ck_assert(fhir_json_lines_next(&l, &line));
	ck_assert(cw_str_is(line, "{\"c\":3}"));
	ck_assert_uint_eq(l.line, 6);
	ck_assert(!fhir_json_lines_next(&l, &line));
	fhir_json_lines_init(&l, CW_STR(""));
	ck_assert(!fhir_json_lines_next(&l, &line));
	fhir_json_lines_init(&l, CW_STR("\n\n"));
	ck_assert(!fhir_json_lines_next(&l, &line));
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("json_scan");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, gives_one_event_for_key_and_value);
	tcase_add_test(tc, skips_a_container_and_gives_its_slice);
	tcase_add_test(tc, skips_the_rest_of_a_container);
	tcase_add_test(tc, a_key_behind_a_skipped_object_is_still_compared);
	tcase_add_test(tc, a_failed_scan_stays_failed);
	tcase_add_test(tc, compares_keys_with_literals);
	tcase_add_loop_test(
	    tc, sees_special_bytes_everywhere, 0, (int)(sizeof(specials) / sizeof(*specials)));
	tcase_add_test(tc, keys_of_every_length_are_told_apart);
	tcase_add_test(tc, the_size_is_limited);
	tcase_add_test(tc, the_number_of_elements_is_limited);
	tcase_add_test(tc, a_small_arena_is_an_error_not_a_crash);
	tcase_add_test(tc, duplicates_are_found_in_objects_of_every_size);
	tcase_add_test(tc, keys_of_inner_objects_are_forgotten);
	tcase_add_test(tc, large_objects_take_linear_time);
	tcase_add_test(tc, keys_made_to_collide_are_refused);
	tcase_add_test(tc, lines_of_ndjson_keep_their_numbers);
	return test_run("json_scan", tc);
}
