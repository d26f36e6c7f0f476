/* Unit tests of daemon/tls: which files are taken, and what is said of those that are not. */
#include "daemon/tls.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char folder[64];

/* The certificates take a moment: they are made once. */
static void
make(void)
{
	const char *top = getenv("top_srcdir");
	char command[1024];

	snprintf(folder, sizeof(folder), "%s/check_tls.XXXXXX", P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(command, sizeof(command),
	    "'%s/certs/make-test-certs.sh' '%s' && cd '%s' && echo hello >text && chmod 600 text",
	    top ? top : ".", folder, folder);
	ck_assert_int_eq(system(command), 0);
}

static void
unmake(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static const struct {
	const char *cert, *key, *client_ca;
	int code;
	const char *file, *text; /* of the error */
} pairs[] = {
	{ "server.pem", "server.key", NULL, CW_OK, NULL, NULL },
	{ "server.pem", "server.key", "ca.pem", CW_OK, NULL, NULL },
	{ "expired.pem", "expired.key", NULL, CW_OK, NULL, NULL }, /* doubtful, not refused */
	{ "none.pem", "server.key", NULL, CW_EIO, "none.pem", "cannot be read" },
	{ "server.pem", "none.key", NULL, CW_EIO, "none.key", "cannot be read" },
	{ "server.pem", "server.key", "none.pem", CW_EIO, "none.pem", "cannot be read" },
	{ "server.pem", "client.key", NULL, CW_EVALUE, "client.key",
	    "not that of the certificate" },
	{ "server.pem", "open.key", NULL, CW_EVALUE, "open.key", "everybody may read" },
	{ "text", "server.key", NULL, CW_ESYNTAX, "text", "PEM" },
	{ "server.key", "server.key", NULL, CW_ESYNTAX, "server.key", "PEM" },
	{ "server.pem", "ca.pem", NULL, CW_ESYNTAX, "ca.pem", "PEM" },
	{ "server.pem", "server.key", "text", CW_ESYNTAX, "text", "authority of clients" },
	{ "sha1.pem", "sha1.key", NULL, CW_EVALUE, "sha1.pem", "too weak" },
	{ "small.pem", "small.key", NULL, CW_EVALUE, "small.pem", "too small" },
};

static const char *
in_folder(char path[128], const char *name)
{
	snprintf(path, 128, "%s/%s", folder, name ? name : "");
	return name ? path : NULL;
}

static int
load(struct tls_server **out, const char *cert, const char *key, const char *ca, struct cw_err *err)
{
	char paths[3][128];
	struct tls_files files = { in_folder(paths[0], cert), in_folder(paths[1], key),
		in_folder(paths[2], ca) };

	return tls_server_new(out, &files, err);
}

START_TEST(pairs_of_files)
{
	struct tls_server *server = NULL;
	struct cw_err err = { 0 };
	int code = load(&server, pairs[_i].cert, pairs[_i].key, pairs[_i].client_ca, &err);

	ck_assert_msg(code == pairs[_i].code, "%s: %d %s", pairs[_i].cert, code, err.text);
	ck_assert_int_eq(server != NULL, code == CW_OK);
	if (code != CW_OK) {
		ck_assert_ptr_nonnull(strstr(err.path, pairs[_i].file));
		ck_assert_msg(strstr(err.text, pairs[_i].text) != NULL, "%s", err.text);
	}
	tls_server_free(server);
}
END_TEST

START_TEST(what_is_doubtful)
{
	static const struct {
		const char *name;
		int days; /* from now, of the look */
		const char *remark;
	} cases[] = { { "server", 0, NULL }, { "server", 330, NULL },
		{ "server", 340, "expires in 2" }, { "server", 366, "expired" },
		{ "expired", 0, "expired" }, { "future", 0, "not valid yet" },
		{ "future", 21, NULL } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t now = ((int64_t)time(NULL) + cases[i].days * INT64_C(86400)) * 1000;
		struct tls_server *server = NULL;
		struct cw_err err = { 0 };
		char cert[32], key[32];

		snprintf(cert, sizeof(cert), "%s.pem", cases[i].name);
		snprintf(key, sizeof(key), "%s.key", cases[i].name);
		ck_assert_int_eq(load(&server, cert, key, NULL, &err), CW_OK);
		ck_assert_int_eq(tls_server_doubtful(server, now, &err), cases[i].remark != NULL);
		if (cases[i].remark)
			ck_assert_msg(strstr(err.text, cases[i].remark) != NULL, "%s", err.text);
		ck_assert_int_eq(tls_server_expires(server) % 86400000, 0);
		tls_server_free(server);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tls");
	TCase *cases = tcase_create("tls");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(cases, make, unmake);
	tcase_add_loop_test(cases, pairs_of_files, 0, sizeof(pairs) / sizeof(pairs[0]));
	tcase_add_test(cases, what_is_doubtful);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
