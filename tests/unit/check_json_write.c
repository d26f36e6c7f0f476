/* Unit tests of the JSON writer: the piecewise builder, escapes, indentation, trees made without
 * JSON. */
#include "fhir/json.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct cw_buf buf;
static struct fhir_json_out out;

static void
set_up(void)
{
	cw_buf_init(&buf, 0);
	fhir_json_out_init(&out, &buf, false);
}

static void
tear_down(void)
{
	cw_buf_fini(&buf);
}

static void
some_of_everything(void)
{
	fhir_json_out_object(&out);
	fhir_json_out_member(&out, "resourceType", CW_STR("ServiceRequest"));
	fhir_json_out_member(&out, "id", (struct cw_str){ NULL, 0 });
	fhir_json_out_key(&out, "a");
	fhir_json_out_array(&out);
	fhir_json_out_int(&out, INT64_MIN);
	fhir_json_out_raw(&out, CW_STR("1.00"));
	fhir_json_out_bool(&out, true);
	fhir_json_out_bool(&out, false);
	fhir_json_out_null(&out);
	fhir_json_out_string(&out, (struct cw_str){ NULL, 0 });
	fhir_json_out_array(&out);
	fhir_json_out_array_end(&out);
	fhir_json_out_object(&out);
	fhir_json_out_object_end(&out);
	fhir_json_out_array_end(&out);
	fhir_json_out_key_str(&out, CW_STR("b\"c"));
	fhir_json_out_string(&out, CW_STR(""));
	fhir_json_out_object_end(&out);
}

START_TEST(builds_compact_text)
{
	some_of_everything();
	ck_assert_str_eq(buf.s, "{\"resourceType\":\"ServiceRequest\",\"a\":[-9223372036854775808,"
				"1.00,true,false,null,null,"
				"[],{}],\"b\\\"c\":\"\"}");
}
END_TEST

START_TEST(builds_indented_text)
{
	fhir_json_out_init(&out, &buf, true);
	some_of_everything();
	ck_assert_str_eq(buf.s, "{\n  \"resourceType\": \"ServiceRequest\",\n  \"a\": [\n    "
				"-9223372036854775808,\n    1.00,\n"
				"    true,\n    false,\n    null,\n    null,\n    [],\n    {}\n  "
				"],\n  \"b\\\"c\": \"\"\n}");
}
END_TEST

START_TEST(every_character_survives)
{
	struct cw_arena *mem = cw_arena_new(0);
	const struct fhir_node *root;
	char all[0x7f];

	for (int c = 1; c < 0x80; c++)
		all[c - 1] = (char)c;
	fhir_json_out_string(&out, (struct cw_str){ all, sizeof(all) });
	ck_assert_int_eq(
	    fhir_json_read(&root, (struct cw_str){ buf.s, buf.n }, mem, NULL, NULL), 0);
	ck_assert_uint_eq(root->lexeme.n, sizeof(all));
	ck_assert_mem_eq(root->lexeme.s, all, sizeof(all));
	for (size_t i = 0; i < buf.n; i++)
		ck_assert_int_ge(buf.s[i], 0x20);
	cw_arena_free(mem);
}
END_TEST

START_TEST(beyond_ascii_is_not_escaped)
{
	fhir_json_out_string(&out, CW_STR("R\xc3\xbc"
					  "cken \xe2\x82\xac \xf0\x9f\x98\x80"));
	ck_assert_str_eq(buf.s, "\"R\xc3\xbc"
				"cken \xe2\x82\xac \xf0\x9f\x98\x80\"");
}
END_TEST

START_TEST(places_a_tree_in_new_text)
{
	struct cw_arena *mem = cw_arena_new(0);
	const struct fhir_node *root;

	ck_assert_int_eq(
	    fhir_json_read(&root, CW_STR("{\"a\":[1.0,{\"b\":[]}]}"), mem, NULL, NULL), 0);
	fhir_json_out_object(&out);
	fhir_json_out_key(&out, "resource");
	fhir_json_out_node(&out, root);
	fhir_json_out_key(&out, "part");
	fhir_json_out_node(&out, root->child);
	fhir_json_out_object_end(&out);
	ck_assert_str_eq(buf.s, "{\"resource\":{\"a\":[1.0,{\"b\":[]}]},\"part\":1.0}");
	cw_arena_free(mem);
}
END_TEST

/* As the XML reader makes it: no marks, and nulls only where there is no value. */
START_TEST(pads_both_arrays_of_a_tree_not_made_from_json)
{
	struct fhir_node id = { .name = CW_STR("id"), .lexeme = CW_STR("1"), .kind = FHIR_STRING };
	struct fhir_node third = { .name = CW_STR("given"),
		.lexeme = CW_STR("C"),
		.kind = FHIR_STRING,
		.in_array = true };
	struct fhir_node second = { .name = CW_STR("given"),
		.kind = FHIR_NULL,
		.in_array = true,
		.child = &id,
		.next = &third };
	struct fhir_node first = { .name = CW_STR("given"),
		.lexeme = CW_STR("A"),
		.kind = FHIR_STRING,
		.in_array = true,
		.next = &second };
	struct fhir_node root = { .kind = FHIR_OBJECT, .child = &first };

	fhir_json_write(&buf, &root, false);
	ck_assert_str_eq(
	    buf.s, "{\"given\":[\"A\",null,\"C\"],\"_given\":[null,{\"id\":\"1\"},null]}");
}
END_TEST

START_TEST(a_full_buffer_shows)
{
	struct cw_buf small;

	cw_buf_init(&small, 20);
	fhir_json_out_init(&out, &small, false);
	some_of_everything();
	ck_assert(small.over);
	cw_buf_fini(&small);
}
END_TEST

START_TEST(too_deep_shows_as_overflow)
{
	for (int i = 0; i < 2 * FHIR_JSON_DEPTH; i++)
		fhir_json_out_array(&out);
	ck_assert(!buf.over);
	fhir_json_out_array(&out);
	fhir_json_out_array(&out);
	ck_assert(buf.over);
	for (int i = 0; i < 2 * FHIR_JSON_DEPTH + 2; i++)
		fhir_json_out_array_end(&out);
}
END_TEST

START_TEST(a_key_without_an_object_is_a_bug)
{
	fhir_json_out_array(&out);
	fhir_json_out_key(&out, "a");
}
END_TEST

START_TEST(a_value_without_a_key_is_a_bug)
{
	fhir_json_out_object(&out);
	fhir_json_out_null(&out);
}
END_TEST

START_TEST(an_end_of_the_other_kind_is_a_bug)
{
	fhir_json_out_object(&out);
	fhir_json_out_array_end(&out);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("json_write");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, builds_compact_text);
	tcase_add_test(tc, builds_indented_text);
	tcase_add_test(tc, every_character_survives);
	tcase_add_test(tc, beyond_ascii_is_not_escaped);
	tcase_add_test(tc, places_a_tree_in_new_text);
	tcase_add_test(tc, pads_both_arrays_of_a_tree_not_made_from_json);
	tcase_add_test(tc, a_full_buffer_shows);
	tcase_add_test(tc, too_deep_shows_as_overflow);
	tcase_add_test_raise_signal(tc, a_key_without_an_object_is_a_bug, 6);
	tcase_add_test_raise_signal(tc, a_value_without_a_key_is_a_bug, 6);
	tcase_add_test_raise_signal(tc, an_end_of_the_other_kind_is_a_bug, 6);
	return test_run("json_write", tc);
}
