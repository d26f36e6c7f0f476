/* Unit tests of fhir/node: look-up, repeats, paths. */
#include "fhir/json.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct cw_arena *mem;

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

static const struct fhir_node *
read_text(const char *text)
{
	const struct fhir_node *root;

	ck_assert_int_eq(fhir_json_read(&root, cw_str(text), mem, NULL, NULL), 0);
	return root;
}

static const char bundle[] =
    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"resource\":{"
    "\"resourceType\":"
    "\"Patient\",\"name\":[{\"given\":[\"A\",\"B\"],\"_given\":[null,{\"id\":\"g2\"}]},{\"family\":"
    "\"C\"}]}},{\"resource\":{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"code\":\"x\"}"
    "]}}}]}";

START_TEST(finds_children_by_name)
{
	const struct fhir_node *root = read_text(bundle);
	const struct fhir_node *entry = fhir_node_get(root, "entry");
	const struct fhir_node *patient = fhir_node_get(entry, "resource");

	ck_assert(cw_str_is(fhir_node_resource_type(root), "Bundle"));
	ck_assert(cw_str_is(fhir_node_resource_type(patient), "Patient"));
	ck_assert(cw_str_is(fhir_node_text(root, "type"), "collection"));
	ck_assert_ptr_null(fhir_node_text(root, "entry").s);
	ck_assert_ptr_null(fhir_node_text(root, "typ").s);
	ck_assert_ptr_null(fhir_node_get(root, "typ"));
	ck_assert_ptr_null(fhir_node_get(root, "types"));
	ck_assert_ptr_null(fhir_node_get(NULL, "type"));
	ck_assert_ptr_null(fhir_node_resource_type(entry).s);
	ck_assert_ptr_null(fhir_node_resource_type(read_text("{\"resourceType\":1}")).s);
	ck_assert_ptr_eq(patient->parent, entry);
	ck_assert_ptr_eq(entry->parent, root);
}
END_TEST

START_TEST(walks_the_repeats_of_an_element)
{
	const struct fhir_node *root = read_text("{\"a\":[1,2,3],\"b\":4,\"c\":[]}");
	const struct fhir_node *a = fhir_node_get(root, "a");
	int n = 0;

	for (const struct fhir_node *i = a; i != NULL; i = fhir_node_again(i)) {
		ck_assert(i->in_array);
		ck_assert_int_eq(i->kind, FHIR_NUMBER);
		ck_assert_int_eq(i->lexeme.s[0], '1' + n++);
	}
	ck_assert_int_eq(n, 3);
	ck_assert_ptr_null(fhir_node_again(fhir_node_get(root, "b")));
	ck_assert_ptr_null(fhir_node_again(NULL));
	ck_assert_int_eq(fhir_node_get(root, "c")->kind, FHIR_ARRAY);
	ck_assert_ptr_null(fhir_node_get(root, "c")->child);
}
END_TEST

START_TEST(merges_id_and_extension_into_the_primitive)
{
	const struct fhir_node *root = read_text("{\"_a\":[null,{\"id\":\"1\"},{\"id\":\"2\"}],"
						 "\"a\":[\"x\",\"y\"],\"_b\":{\"extension\":[]}}");
	const struct fhir_node *a = fhir_node_get(root, "a"), *b = fhir_node_get(root, "b");

	ck_assert_ptr_eq(root->child, a);
	ck_assert_int_eq(a->kind, FHIR_STRING);
	ck_assert_ptr_null(a->child);
	a = fhir_node_again(a);
	ck_assert(cw_str_is(a->lexeme, "y"));
	ck_assert(cw_str_is(fhir_node_text(a, "id"), "1"));
	ck_assert_ptr_eq(a->child->parent, a);
	a = fhir_node_again(a);
	ck_assert_int_eq(a->kind, FHIR_NULL);
	ck_assert_ptr_null(a->lexeme.s);
	ck_assert(a->in_array);
	ck_assert(cw_str_is(fhir_node_text(a, "id"), "2"));
	ck_assert_ptr_eq(a->child->parent, a);
	ck_assert_ptr_null(fhir_node_again(a));
	ck_assert_ptr_eq(a->next, b);
	ck_assert_int_eq(b->kind, FHIR_NULL);
	ck_assert_ptr_eq(b->child->parent, b);
	ck_assert_ptr_null(b->next);
}
END_TEST

static const struct {
	const char *way; /* names of children, "+" for the next repeat */
	const char *path;
} paths[] = {
	{ "", "Bundle" },
	{ "type", "Bundle.type" },
	{ "entry", "Bundle.entry[0]" },
	{ "entry +", "Bundle.entry[1]" },
	{ "entry resource name + family", "Bundle.entry[0].resource.name[1].family" },
	{ "entry resource name given +", "Bundle.entry[0].resource.name[0].given[1]" },
	{ "entry resource name given + id", "Bundle.entry[0].resource.name[0].given[1].id" },
	{ "entry + resource code coding code", "Bundle.entry[1].resource.code.coding[0].code" },
};

START_TEST(names_the_place_of_a_node)
{
	const struct fhir_node *node = read_text(bundle);
	char way[100], path[100], *save = NULL;

	strcpy(way, paths[_i].way);
	for (char *name = strtok_r(way, " ", &save); name != NULL;
	     name = strtok_r(NULL, " ", &save))
		node = *name == '+' ? fhir_node_again(node) : fhir_node_get(node, name);
	ck_assert_ptr_nonnull(node);
	ck_assert_str_eq(fhir_node_path(node, path, sizeof(path)), paths[_i].path);
}
END_TEST

START_TEST(paths_need_no_resource)
{
	const struct fhir_node *root = read_text("{\"a\":[[1,[2]],{\"b\\n\":3}]}");
	const struct fhir_node *a = fhir_node_get(root, "a");
	char path[40];

	ck_assert_str_eq(fhir_node_path(root, path, sizeof(path)), "");
	ck_assert_str_eq(fhir_node_path(a->child->next->child, path, sizeof(path)), "a[0][1][0]");
	ck_assert_str_eq(fhir_node_path(a->next->child, path, sizeof(path)), "a[1].b?");
}
END_TEST

START_TEST(long_paths_are_cut)
{
	const struct fhir_node *root = read_text("{\"abcdefghij\":{\"klmnop\":1}}");
	const struct fhir_node *leaf = root->child->child;
	char path[40];

	ck_assert_str_eq(fhir_node_path(leaf, path, 18), "abcdefghij.klmnop");
	ck_assert_str_eq(fhir_node_path(leaf, path, 17), "abcdefghij.kl...");
	ck_assert_str_eq(fhir_node_path(leaf, path, 4), "...");
	ck_assert_str_eq(fhir_node_path(leaf, path, 1), "");
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("node");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, finds_children_by_name);
	tcase_add_test(tc, walks_the_repeats_of_an_element);
	tcase_add_test(tc, merges_id_and_extension_into_the_primitive);
	tcase_add_loop_test(
	    tc, names_the_place_of_a_node, 0, (int)(sizeof(paths) / sizeof(*paths)));
	tcase_add_test(tc, paths_need_no_resource);
	tcase_add_test(tc, long_paths_are_cut);
	return test_run("node", tc);
}
