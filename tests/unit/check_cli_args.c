/* Unit tests of daemon/cli: parsing of options and operands. */
#include "daemon/cli.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_option options[] = {
	{ "package", "DIR", "a folder", true },
	{ "as-of", "INSTANT", "a time", false },
	{ "explain", NULL, "a flag", false },
};
static const struct cli_command command = {
	.name = "try",
	.operands = "A [B]",
	.options = options,
	.n_options = 3,
	.least = 1,
	.most = 2,
};

static const struct {
	const char *line; /* words, one blank between them */
	const char *error;
	const char *seen; /* package,package|as-of|explain|operand,operand */
} cases[] = {
	{ "a", NULL, "||0|a" },
	{ "a b", NULL, "||0|a,b" },
	{ "a --package x --package=y b", NULL, "x,y||0|a,b" },
	{ "--package=x=y --explain a", NULL, "x=y||1|a" },
	{ "--package= a", NULL, "||0|a" },
	{ "--as-of now a", NULL, "|now|0|a" },
	{ "--as-of --explain a", NULL, "|--explain|0|a" },
	{ "a -", NULL, "||0|a,-" },
	{ "-- --explain -1", NULL, "||0|--explain,-1" },
	{ "a -- --", NULL, "||0|a,--" },
	{ "", "too few operands: expected A [B]", NULL },
	{ "--explain", "too few operands: expected A [B]", NULL },
	{ "a b c", "unexpected operand 'c'", NULL },
	{ "a --nothing", "unknown option --nothing", NULL },
	{ "a --nothing=1", "unknown option --nothing", NULL },
	{ "a --pack x", "unknown option --pack", NULL },
	{ "a --package", "option --package needs DIR", NULL },
	{ "a --explain=yes", "option --explain takes no value", NULL },
	{ "a --explain --explain", "option --explain given twice", NULL },
	{ "a --as-of 1 --as-of=2", "option --as-of given twice", NULL },
	{ "-1", "unknown option -1 (put -- before an operand that starts with a dash)", NULL },
};

static void
join(char *out, size_t size, const struct cli_args *args)
{
	struct cw_buf b;
	const char *v;

	cw_buf_init(&b, 0);
	for (size_t i = 0; (v = cli_nth(args, "package", i)) != NULL; i++)
		cw_buf_printf(&b, "%s%s", i == 0 ? "" : ",", v);
	v = cli_value(args, "as-of");
	cw_buf_printf(&b, "|%s|%d|", v == NULL ? "" : v, cli_has(args, "explain"));
	for (size_t i = 0; i < args->n_operands; i++)
		cw_buf_printf(&b, "%s%s", i == 0 ? "" : ",", args->operands[i]);
	snprintf(out, size, "%s", b.s);
	cw_buf_fini(&b);
}

START_TEST(parses)
{
	char line[200], seen[200], *argv[16], *rest = line;
	struct cli_args args;
	struct cw_err err = { 0 };
	int argc = 0, rc;

	snprintf(line, sizeof(line), "%s", cases[_i].line);
	for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
		argv[argc++] = word;
	rc = cli_parse(&args, &command, argc, argv, &err);
	if (cases[_i].error != NULL) {
		ck_assert_int_eq(rc, CW_EUSAGE);
		ck_assert_str_eq(err.text, cases[_i].error);
	} else {
		ck_assert_int_eq(rc, CW_OK);
		join(seen, sizeof(seen), &args);
		ck_assert_str_eq(seen, cases[_i].seen);
	}
	cli_args_fini(&args);
}
END_TEST

START_TEST(package_folder_can_be_set)
{
	char *dir;

	setenv("CORDWATCH_PACKAGE", "/somewhere/else", 1);
	dir = cli_package_dir();
	ck_assert_str_eq(dir, "/somewhere/else");
	free(dir);
	unsetenv("CORDWATCH_PACKAGE");
	dir = cli_package_dir();
	ck_assert_uint_gt(strlen(dir), strlen("/package"));
	ck_assert_str_eq(dir + strlen(dir) - strlen("/package"), "/package");
	free(dir);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("cli_args");

	tcase_add_loop_test(tc, parses, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tc, package_folder_can_be_set);
	return test_run("cli_args", tc);
}
