/* The package container: packages over each other, canonicals, places of errors. */
#include "mappings/package.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct map_package *
opened(const char *name)
{
	struct map_package *p = map_package_new();
	char text[200];

	snprintf(text, sizeof(text), "{\"name\":\"%s\",\"version\":\"1\"}", name);
	ck_assert_int_eq(map_package_open(p, CW_STR("dir"), cw_str(text), NULL), 0);
	return p;
}

static void
open_as(struct map_package *p, const char *name)
{
	char text[200];

	snprintf(text, sizeof(text), "{\"name\":\"%s\",\"version\":\"2\"}", name);
	ck_assert_int_eq(map_package_open(p, CW_STR("other"), cw_str(text), NULL), 0);
}

/* A ValueSet urn:NAME of that version. */
static int
add(struct map_package *p, const char *file, const char *name, const char *version,
    struct cw_err *err)
{
	char text[300];

	snprintf(text, sizeof(text),
	    "{\"resourceType\":\"ValueSet\",\"id\":\"i\",\n\"url\":\"urn:%s\",\"version\":\"%s\"}",
	    name, version);
	return map_package_add(p, cw_str(file), cw_str(text), err);
}

static const char *
found(const struct map_package *p, const char *canonical)
{
	const struct map_artefact *a = map_package_find(p, "ValueSet", cw_str(canonical));
	static char text[300];

	if (a == NULL)
		return "none";
	snprintf(text, sizeof(text), "%.*s %.*s", CW_ARG(a->file), CW_ARG(a->version));
	return text;
}

START_TEST(finds_by_canonical)
{
	struct map_package *p = opened("base");

	ck_assert_int_eq(add(p, "a.json", "a", "1.2", NULL), 0);
	ck_assert_str_eq(found(p, "urn:a"), "dir/a.json 1.2");
	ck_assert_str_eq(found(p, "urn:a|1.2"), "dir/a.json 1.2");
	ck_assert_str_eq(found(p, "urn:a|1"), "none");
	ck_assert_str_eq(found(p, "urn:b"), "none");
	ck_assert_str_eq(found(p, ""), "none");
	ck_assert_ptr_null(map_package_find(p, "ConceptMap", CW_STR("urn:a")));
	ck_assert_uint_eq(map_package_count(p), 1);
	map_package_free(p);
}
END_TEST

START_TEST(later_packages_lie_over_earlier_ones)
{
	struct map_package *p = opened("base");

	ck_assert_int_eq(add(p, "a.json", "a", "1", NULL), 0);
	ck_assert_int_eq(add(p, "b.json", "b", "1", NULL), 0);
	open_as(p, "site");
	ck_assert_int_eq(add(p, "a2.json", "a", "2", NULL), 0);
	ck_assert_str_eq(found(p, "urn:a"), "other/a2.json 2");
	ck_assert_str_eq(found(p, "urn:b"), "dir/b.json 1");
	ck_assert(!map_package_at(p, 0)->active);
	ck_assert(map_package_at(p, 1)->active);
	ck_assert_uint_eq(map_package_at(p, 2)->package, 1);
	/* the same name once more: all of it goes, and what it had covered is back */
	open_as(p, "site");
	ck_assert_str_eq(found(p, "urn:a"), "dir/a.json 1");
	ck_assert(!map_package_at(p, 2)->active);
	open_as(p, "base");
	ck_assert_str_eq(found(p, "urn:b"), "none");
	map_package_free(p);
}
END_TEST

START_TEST(refuses_two_of_one_url)
{
	struct map_package *p = opened("base");
	struct cw_err err = { 0 };

	ck_assert_int_eq(add(p, "a.json", "a", "1", NULL), 0);
	ck_assert_int_eq(add(p, "b.json", "a", "1", &err), CW_EVALUE);
	ck_assert_str_eq(err.path, "dir/b.json: ValueSet.url");
	ck_assert_str_eq(err.text, "dir/a.json has the same type and url");
	ck_assert_uint_eq(err.line, 2);
	ck_assert_uint_eq(err.column, 7);
	map_package_free(p);
}
END_TEST

START_TEST(hashes_and_keeps_the_text)
{
	struct map_package *p = opened("base");
	char text[] = "{\"resourceType\":\"Library\"}";
	const struct map_artefact *a;

	ck_assert_int_eq(map_package_add(p, CW_STR("l.json"), cw_str(text), NULL), 0);
	a = map_package_at(p, 0);
	memset(text, 'x', sizeof(text) - 1);
	ck_assert(cw_str_is(a->text, "{\"resourceType\":\"Library\"}"));
	ck_assert(cw_str_is(a->type, "Library"));
	/* sha256sum of these bytes */
	ck_assert_str_eq(
	    a->sha256, "9bb54e97071acd3a0bb037f136c78b873e1b2cc315cd5ffb89ac4adf2eec0358");
	map_package_free(p);
}
END_TEST

static const struct {
	const char *text;
	int code;
	const char *path;
} broken[] = {
	{ "", CW_ESYNTAX, "dir/x.json" },
	{ "{", CW_ESYNTAX, "dir/x.json" },
	{ "[1]", CW_EVALUE, "dir/x.json" },
	{ "{\"url\":\"urn:a\"}", CW_EVALUE, "dir/x.json" },
	{ "{\"resourceType\":1}", CW_EVALUE, "dir/x.json" },
	{ "{\"resourceType\":\"ValueSet\",\"a\":1,\"a\":2}", CW_ESYNTAX, "dir/x.json" },
};

START_TEST(refuses_what_is_no_resource)
{
	struct map_package *p = opened("base");
	struct cw_err err = { 0 };
	int rc = map_package_add(p, CW_STR("x.json"), cw_str(broken[_i].text), &err);

	ck_assert_msg(rc == broken[_i].code, "%s: %d", broken[_i].text, rc);
	ck_assert_msg(strncmp(err.path, broken[_i].path, strlen(broken[_i].path)) == 0, "%s: %s",
	    broken[_i].text, err.path);
	ck_assert_uint_eq(map_package_count(p), 0);
	map_package_free(p);
}
END_TEST

static const char *const nameless[] = { "", "[]", "{}", "{\"name\":\"a\"}", "{\"version\":\"1\"}",
	"{\"name\":\"\",\"version\":\"1\"}" };

START_TEST(refuses_a_package_without_a_name)
{
	struct map_package *p = map_package_new();
	struct cw_err err = { 0 };

	ck_assert_int_lt(map_package_open(p, CW_STR("dir"), cw_str(nameless[_i]), &err), 0);
	ck_assert_int_eq(strncmp(err.path, "dir/package.json", 16), 0);
	ck_assert_int_eq(add(p, "a.json", "a", "1", NULL), CW_EUSAGE);
	map_package_free(p);
	map_package_free(NULL);
}
END_TEST

int
main(void)
{
	TCase *c = tcase_create("all");

	tcase_add_test(c, finds_by_canonical);
	tcase_add_test(c, later_packages_lie_over_earlier_ones);
	tcase_add_test(c, refuses_two_of_one_url);
	tcase_add_test(c, hashes_and_keeps_the_text);
	tcase_add_loop_test(
	    c, refuses_what_is_no_resource, 0, (int)(sizeof(broken) / sizeof(broken[0])));
	tcase_add_loop_test(
	    c, refuses_a_package_without_a_name, 0, (int)(sizeof(nameless) / sizeof(nameless[0])));
	return test_run("package", c);
}
