/* Unit tests of daemon/file: whole files, lines, folders. */
#include "daemon/file.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "check_file.XXXXXX";

static void
put(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

static void
enter(void)
{
	strcpy(folder, "check_file.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void
leave(void)
{
	char command[64];

	ck_assert_int_eq(chdir(".."), 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(reads_within_its_limit)
{
	struct cw_err err = { 0 };
	struct cw_buf b;

	put("a",
	    "12\0"
	    "45",
	    5);
	cw_buf_init(&b, 5);
	ck_assert_int_eq(file_read(&b, "a", &err), CW_OK);
	ck_assert_uint_eq(b.n, 5);
	ck_assert_int_eq(memcmp(b.s,
			     "12\0"
			     "45",
			     5),
	    0);
	cw_buf_fini(&b);
	cw_buf_init(&b, 4);
	ck_assert_int_eq(file_read(&b, "a", &err), CW_ELIMIT);
	ck_assert_str_eq(err.text, "longer than the limit of 4 bytes");
	cw_buf_fini(&b);
}
END_TEST

START_TEST(tells_what_cannot_be_read)
{
	struct cw_err err = { 0 };
	struct cw_buf b;

	cw_buf_init(&b, 5);
	ck_assert_int_eq(file_read(&b, "none", &err), CW_ENOTFOUND);
	err = (struct cw_err){ 0 };
	ck_assert_int_eq(file_read(&b, ".", &err), CW_EIO);
	ck_assert_str_eq(err.text, "is a folder");
	cw_buf_fini(&b);
}
END_TEST

/* Lines around the size of the reader's chunk, with and without a last line end. */
START_TEST(gives_lines)
{
	enum { LONG = 70000 };
	static char bytes[LONG + 20];
	struct file_lines *f;
	struct cw_err err = { 0 };
	struct cw_str line;

	memcpy(bytes, "one\r\n\n", 6);
	memset(bytes + 6, 'x', LONG);
	memcpy(bytes + 6 + LONG, "\nlast", 5);
	put("lines", bytes, LONG + 11);
	ck_assert_int_eq(file_lines_open(&f, "lines", LONG, &err), CW_OK);
	ck_assert_int_eq(file_lines_next(f, &line, &err), CW_OK);
	ck_assert(cw_str_is(line, "one"));
	ck_assert_int_eq(file_lines_next(f, &line, &err), CW_OK);
	ck_assert(line.s != NULL && line.n == 0);
	ck_assert_int_eq(file_lines_next(f, &line, &err), CW_OK);
	ck_assert_uint_eq(line.n, LONG);
	ck_assert_int_eq(file_lines_next(f, &line, &err), CW_OK);
	ck_assert(cw_str_is(line, "last"));
	ck_assert_uint_eq(file_lines_number(f), 4);
	ck_assert_int_eq(file_lines_next(f, &line, &err), FILE_END);
	file_lines_close(f);
}
END_TEST

START_TEST(passes_over_a_line_that_is_too_long)
{
	struct file_lines *f;
	struct cw_err err = { 0 };
	struct cw_str line;

	put("lines", "123456\n12345\n", 13);
	ck_assert_int_eq(file_lines_open(&f, "lines", 5, &err), CW_OK);
	ck_assert_int_eq(file_lines_next(f, &line, &err), CW_ELIMIT);
	ck_assert_uint_eq(err.line, 1);
	ck_assert_int_eq(file_lines_next(f, &line, &err), CW_OK);
	ck_assert(cw_str_is(line, "12345"));
	ck_assert_int_eq(file_lines_next(f, &line, &err), FILE_END);
	file_lines_close(f);
}
END_TEST

START_TEST(walks_folders_in_order)
{
	static const char *const want[] = { "-", "d/a.json", "d/b/c.NDJSON", "d/b/d.xml",
		"d/link.json", "d/lost.json", "d/z.jsonl", "d/other.txt" };
	struct file_list list = { 0 };
	struct cw_err err = { 0 };

	ck_assert_int_eq(mkdir("d", 0700) | mkdir("d/b", 0700) | mkdir("d/.git", 0700), 0);
	put("d/z.jsonl", "", 0);
	put("d/a.json", "", 0);
	put("d/other.txt", "", 0);
	put("d/b/d.xml", "", 0);
	put("d/b/c.NDJSON", "", 0);
	put("d/.hidden.json", "", 0);
	put("d/.git/x.json", "", 0);
	ck_assert_int_eq(symlink("a.json", "d/link.json") | symlink("..", "d/b/loop"), 0);
	ck_assert_int_eq(symlink("no", "d/lost.json") | symlink("no", "d/lost.txt"), 0);
	ck_assert_int_eq(file_list_add(&list, "-", &err), CW_OK);
	ck_assert_int_eq(file_list_add(&list, "d", &err), CW_OK);
	ck_assert_int_eq(file_list_add(&list, "d/other.txt", &err), CW_OK);
	ck_assert_uint_eq(list.n, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < list.n; i++)
		ck_assert_str_eq(list.path[i], want[i]);
	ck_assert_int_eq(file_list_add(&list, "e", &err), CW_ENOTFOUND);
	file_list_fini(&list);
}
END_TEST

START_TEST(knows_kinds_by_name)
{
	ck_assert_int_eq(file_kind("a.json"), FILE_JSON);
	ck_assert_int_eq(file_kind("a.b/c.JSON"), FILE_JSON);
	ck_assert_int_eq(file_kind("a.ndjson"), FILE_NDJSON);
	ck_assert_int_eq(file_kind("a.xml"), FILE_XML);
	ck_assert_int_eq(file_kind(".json"), FILE_OTHER);
	ck_assert_int_eq(file_kind("json"), FILE_OTHER);
	ck_assert_int_eq(file_kind("-"), FILE_OTHER);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("file");

	tcase_add_checked_fixture(tc, enter, leave);
	tcase_add_test(tc, reads_within_its_limit);
	tcase_add_test(tc, tells_what_cannot_be_read);
	tcase_add_test(tc, gives_lines);
	tcase_add_test(tc, passes_over_a_line_that_is_too_long);
	tcase_add_test(tc, walks_folders_in_order);
	tcase_add_test(tc, knows_kinds_by_name);
	return test_run("file", tc);
}
