/* Unit tests of daemon/conf: every file below tests/data/conf.  Its first lines say what follows:
 *   # error FILE:LINE: TEXT       it is refused with these words, or ones that begin so
 *   # want SECTION.KEY=VALUE      after loading; feed and target with their names between
 *   # remark FILE:LINE: TEXT      each remark, in order
 * "#### NAME" begins another file. */
#include "config.h"

#include "daemon/conf_internal.h"
#include "daemon/file.h"
#include "mappings/digest.h"

#include <check.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET "0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210"

static char folder[] = "check_conf.XXXXXX";

static void
put(const char *path, struct cw_str bytes, mode_t mode)
{
	FILE *f = fopen(path, "wb");

	ck_assert_msg(f != NULL, "%s", path);
	ck_assert_uint_eq(fwrite(bytes.s, 1, bytes.n, f), bytes.n);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static char *
data_folder(const char *kind)
{
	const char *top = getenv("top_srcdir");
	static char path[4096];

	snprintf(path, sizeof(path), "%s/tests/data/conf/%s", top == NULL ? "." : top, kind);
	return path;
}

static void
enter(void)
{
	char data[4096], *absolute = realpath(data_folder(""), NULL);
	static char lots[9000];

	ck_assert_ptr_nonnull(absolute);
	snprintf(data, sizeof(data), "%s/../../..", absolute);
	free(absolute);
	setenv("top_srcdir", data, 1);
	strcpy(folder, "check_conf.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	memset(lots, 'a', sizeof(lots));
	put("secret", CW_STR(SECRET "\n"), 0600);
	put("other-secret", CW_STR(OTHER "\r\n"), 0400);
	put("group-secret", CW_STR(SECRET), 0640);
	put("open-secret", CW_STR(SECRET), 0644);
	put("x-secret", CW_STR(SECRET), 0601);
	put("short-secret", CW_STR("0123456789abcdef0123456789abcde\n"), 0600);
	put("two-lines", CW_STR(SECRET "\n" SECRET "\n"), 0600);
	put("blank-secret", CW_STR(SECRET " \n"), 0600);
	put("two-words", CW_STR("Bearer " SECRET "\n"), 0600);
	put("empty", CW_STR(""), 0600);
	put("long-secret", (struct cw_str){ lots, sizeof(lots) }, 0600);
	put("auth", CW_STR("Bearer a.b-c\n"), 0600);
	put("cert.pem", CW_STR("certificate\n"), 0644);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_eq(mkdir("site", 0700), 0);
	ck_assert_int_eq(mkdir("credentials", 0700), 0);
	put("credentials/ehr", CW_STR(OTHER), 0440);
	setenv("CREDENTIALS_DIRECTORY", "credentials", 1);
	setenv("XDG_STATE_HOME", "/state", 1);
	unsetenv("STATE_DIRECTORY");
}

static void
leave(void)
{
	char command[64];

	ck_assert_int_eq(chdir(".."), 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

/* Write the files that a case holds. */
static void
unpack(struct cw_str text)
{
	static const char mark[] = "\n#### ";
	const char *name = "cordwatch.conf";
	char other[256];

	ck_assert_int_eq(system("rm -rf conf.d cordwatch.conf"), 0);
	ck_assert_int_eq(mkdir("conf.d", 0700), 0);
	for (;;) {
		const char *end = memmem(text.s, text.n, mark, strlen(mark));
		size_t n = end == NULL ? text.n : (size_t)(end + 1 - text.s);

		put(name, (struct cw_str){ text.s, n }, 0644);
		if (end == NULL)
			return;
		end += strlen(mark);
		text.n -= (size_t)(end - text.s);
		text.s = end;
		n = strcspn(text.s, "\n");
		snprintf(other, sizeof(other), "%.*s", (int)n, text.s);
		name = other;
		text.s += n + 1;
		text.n -= n + 1;
	}
}

/* ---- a configuration as lines SECTION.KEY=VALUE ---- */

static void
show(struct cw_buf *b, const struct conf_key *key, const char *name, const void *object)
{
	const void *at = (const char *)object + key->at;
	const char *const *list;

	cw_buf_printf(b, "\n%s.%s%s%s=", key->section, name, name[0] == '\0' ? "" : ".", key->name);
	switch (key->type) {
	case CONF_COUNT:
	case CONF_DURATION:
	case CONF_SIZE:
		cw_buf_printf(b, "%lld", (long long)*(const int64_t *)at);
		break;
	case CONF_MODE:
		cw_buf_printf(b, "%d", (int)*(const enum conf_mode *)at);
		break;
	case CONF_FOLDERS:
		list = *(const char *const *const *)at;
		for (size_t i = 0; list != NULL && list[i] != NULL; i++)
			cw_buf_printf(b, "%s%s", i > 0 ? ":" : "", list[i]);
		break;
	case CONF_ADDRESS:
	case CONF_AUTH_FILE:
	case CONF_CHOICE:
	case CONF_FILE:
	case CONF_FOLDER:
	case CONF_KEY_FILE:
	case CONF_NAMES:
	case CONF_SECRET_FILE:
	case CONF_TOKEN:
	case CONF_TYPES:
	case CONF_URL:
	case CONF_WORDS:
		if (*(const char *const *)at != NULL)
			cw_buf_puts(b, *(const char *const *)at);
		break;
	}
}

static void
show_all(struct cw_buf *b, const char *section, const char *name, const void *object)
{
	for (size_t i = 0; i < conf_n_keys; i++) {
		if (strcmp(conf_keys[i].section, section) == 0)
			show(b, &conf_keys[i], name, object);
	}
}

static void
dump(struct cw_buf *b, const struct conf *c)
{
	static const char *const plain[] = { "server", "package", "retention", "audit" };

	for (size_t i = 0; i < 4; i++)
		show_all(b, plain[i], "", c);
	for (size_t i = 0; i < c->sets; i++)
		cw_buf_printf(b, "\nset.%s=%s", c->set[i].name, c->set[i].value);
	for (size_t i = 0; i < c->feeds; i++) {
		const struct conf_feed *f = &c->feed[i];

		show_all(b, "feed", f->name, f);
		cw_buf_printf(b, "\nfeed.%s.secret=%.*s", f->name, CW_ARG(f->secret));
		cw_buf_printf(
		    b, "\nfeed.%s.previous_secret=%.*s", f->name, CW_ARG(f->previous_secret));
		cw_buf_printf(b, "\nfeed.%s.auth=%.*s", f->name, CW_ARG(f->auth));
	}
	for (size_t i = 0; i < c->targets; i++) {
		show_all(b, "target", c->target[i].name, &c->target[i]);
		cw_buf_printf(
		    b, "\ntarget.%s.auth=%.*s", c->target[i].name, CW_ARG(c->target[i].auth));
	}
	cw_buf_putc(b, '\n');
}

static void
render(const struct cw_err *err, char text[700])
{
	const char *file = strncmp(err->path, "./", 2) == 0 ? err->path + 2 : err->path;

	if (err->line > 0)
		snprintf(text, 700, "%s:%zu: %s", file, err->line, err->text);
	else
		snprintf(text, 700, "%s: %s", file, err->text);
}

/* ---- cases ---- */

/* The text after "# WORD " on the i-th such line at the top, in out. */
static bool
said(struct cw_str text, const char *word, size_t i, char out[700])
{
	char mark[32];

	snprintf(mark, sizeof(mark), "# %s ", word);
	if (cw_str_starts(text, CW_STR("\xef\xbb\xbf")))
		text = (struct cw_str){ text.s + 3, text.n - 3 };
	while (text.n > 0 && text.s[0] == '#') {
		size_t n = strcspn(text.s, "\n");

		if (strncmp(text.s, mark, strlen(mark)) == 0 && i-- == 0) {
			snprintf(out, 700, "%.*s", (int)(n - strlen(mark)), text.s + strlen(mark));
			out[strcspn(out, "\r")] = '\0';
			return true;
		}
		text = (struct cw_str){ text.s + n + 1, text.n - n - 1 };
	}
	return false;
}

static void
refuses(const char *name, struct cw_str text)
{
	struct cw_err err = { 0 };
	struct conf *conf;
	char want[700], got[700];
	int rc = conf_load(&conf, "cordwatch.conf", &err);

	ck_assert_msg(said(text, "error", 0, want), "%s says nothing", name);
	render(&err, got);
	ck_assert_msg(rc < 0 && conf == NULL && rc == err.code, "%s was taken", name);
	ck_assert_msg(
	    strncmp(got, want, strlen(want)) == 0, "%s\n  wanted %s\n  got    %s", name, want, got);
	ck_assert_msg(strstr(got, SECRET) == NULL, "%s told a secret", name);
}

static void
takes(const char *name, struct cw_str text)
{
	struct cw_err err = { 0 };
	struct conf *conf;
	struct cw_buf b;
	char want[700], got[700], line[720];
	size_t n = 0;

	ck_assert_msg(conf_load(&conf, "cordwatch.conf", &err) == CW_OK, "%s: %s:%zu: %s", name,
	    err.path, err.line, err.text);
	cw_buf_init(&b, 0);
	dump(&b, conf);
	for (; said(text, "want", n, want); n++) {
		snprintf(line, sizeof(line), "\n%s\n", want);
		ck_assert_msg(strstr(b.s, line) != NULL, "%s: no %s in%s", name, want, b.s);
	}
	for (size_t i = 0; i < conf->remarks; i++, n++) {
		render(&conf->remark[i], got);
		ck_assert_msg(said(text, "remark", i, want), "%s: also %s", name, got);
		ck_assert_str_eq(got, want);
	}
	ck_assert(!said(text, "remark", conf->remarks, want));
	ck_assert_msg(n > 0, "%s says nothing", name);
	cw_buf_fini(&b);
	conf_free(conf);
}

static size_t
each(const char *kind, void (*try)(const char *name, struct cw_str text))
{
	char *dir = strdup(data_folder(kind)), path[8192];
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0;

	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL) {
		struct cw_err err = { 0 };
		struct cw_buf b;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		cw_buf_init(&b, 1 << 20);
		ck_assert_int_eq(file_read(&b, path, &err), CW_OK);
		unpack((struct cw_str){ b.s, b.n });
		try(e->d_name, (struct cw_str){ b.s, b.n });
		cw_buf_fini(&b);
		n++;
	}
	closedir(d);
	free(dir);
	return n;
}

START_TEST(takes_what_is_valid)
{
	ck_assert_uint_ge(each("valid", takes), 10);
}
END_TEST

START_TEST(refuses_what_is_not)
{
	ck_assert_uint_ge(each("invalid", refuses), 80);
}
END_TEST

/* ---- files ---- */

START_TEST(tells_which_file_is_missing)
{
	struct cw_err err = { 0 };
	struct conf *conf;

	ck_assert_int_eq(conf_load(&conf, "none/cordwatch.conf", &err), CW_ENOTFOUND);
	ck_assert_str_eq(err.path, "none/cordwatch.conf");
	err = (struct cw_err){ 0 };
	ck_assert_int_eq(conf_load(&conf, "site", &err), CW_EIO);
	err = (struct cw_err){ 0 };
	put("conf.d", CW_STR(""), 0600);
	put("cordwatch.conf", CW_STR("[feed a]\n[target b]\n"), 0600);
	ck_assert_int_eq(conf_load(&conf, "cordwatch.conf", &err), CW_EIO);
	ck_assert_str_eq(err.path, "conf.d");
	ck_assert_int_eq(unlink("conf.d"), 0);
	unsetenv("CREDENTIALS_DIRECTORY");
	put("cordwatch.conf", CW_STR("[feed a]\nsecret_file=credential:ehr\n[target b]\n"), 0600);
	err = (struct cw_err){ 0 };
	ck_assert_int_eq(conf_load(&conf, "cordwatch.conf", &err), CW_ENOTFOUND);
	ck_assert_uint_eq(err.line, 2);
}
END_TEST

/* What sha256sum says of all files, one after another, in the order in which they are read. */
START_TEST(hashes_the_files)
{
	static const char all[] = "[feed a]\n[target b]\n[server]\n# z\n";
	char want[2 * MAP_DIGEST_SIZE + 1];
	struct cw_err err = { 0 };
	struct conf *conf;

	unpack(CW_STR(
	    "[feed a]\n[target b]\n#### conf.d/b.conf\n# z\n#### conf.d/a.conf\n[server]\n"));
	map_digest_hex(want, all, strlen(all));
	ck_assert_int_eq(conf_load(&conf, "cordwatch.conf", &err), CW_OK);
	ck_assert_str_eq(conf->sha256, want);
	conf_free(conf);
}
END_TEST

/* Relative paths begin beside the main file, from wherever it is loaded, in conf.d too. */
START_TEST(finds_files_beside_the_main_one)
{
	struct cw_err err = { 0 };
	struct conf *conf;

	put("site/secret", CW_STR(OTHER), 0600);
	put("site/cordwatch.conf", CW_STR("[feed a]\n[target b]\n"), 0600);
	ck_assert_int_eq(mkdir("site/conf.d", 0700), 0);
	put("site/conf.d/a.conf", CW_STR("[feed a]\nsecret_file = secret\n"), 0600);
	ck_assert_int_eq(conf_load(&conf, "site/cordwatch.conf", &err), CW_OK);
	ck_assert(cw_str_is(conf->feed[0].secret, OTHER));
	ck_assert_str_eq(conf->feed[0].secret_file, "site/secret");
	conf_free(conf);
}
END_TEST

/* ---- defaults ---- */

START_TEST(has_defaults_without_a_file)
{
	struct cw_err err = { 0 };
	struct conf *conf;

	ck_assert_int_eq(conf_load(&conf, NULL, &err), CW_OK);
	ck_assert(conf->embedded);
	ck_assert(conf_is_loopback(conf->listen) && conf_is_loopback(conf->admin));
	ck_assert_str_eq(conf->state_dir, "/state/cordwatch");
	ck_assert_uint_eq(conf->feeds, 1);
	ck_assert_str_eq(conf->feed[0].name, "local");
	ck_assert_ptr_null(conf->feed[0].secret.s);
	ck_assert_uint_eq(conf->targets, 1);
	ck_assert_str_eq(conf->target[0].name, "print");
	ck_assert_ptr_null(conf->target[0].base);
	ck_assert_uint_eq(conf->remarks, 0);
	conf_free(conf);
}
END_TEST

START_TEST(finds_a_folder_for_its_state)
{
	static const struct {
		const char *given, *xdg, *home, *want;
	} cases[] = {
		{ "/a:/b", "/c", "/d", "/a" },
		{ NULL, "/c", "/d", "/c/cordwatch" },
		{ NULL, NULL, "/d", "/d/.local/state/cordwatch" },
		{ "", "relative", "/d", "/d/.local/state/cordwatch" },
		{ NULL, NULL, NULL, NULL },
		{ "a", "b", "c", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *name[] = { "STATE_DIRECTORY", "XDG_STATE_HOME", "HOME" };
		const char *value[] = { cases[i].given, cases[i].xdg, cases[i].home };
		struct cw_err err = { 0 };
		struct conf *conf;

		for (size_t k = 0; k < 3; k++) {
			if (value[k] == NULL)
				unsetenv(name[k]);
			else
				setenv(name[k], value[k], 1);
		}
		ck_assert_int_eq(
		    conf_load(&conf, NULL, &err), cases[i].want == NULL ? CW_ENOTFOUND : CW_OK);
		if (conf != NULL)
			ck_assert_str_eq(conf->state_dir, cases[i].want);
		conf_free(conf);
	}
}
END_TEST

/* Every key stands in the sample; with the defaults uncommented it means what it meant before. */
START_TEST(prints_a_sample_that_is_the_defaults)
{
	struct cw_err err = { 0 };
	struct cw_buf plain, full;
	struct conf *conf;
	FILE *f = fopen("cordwatch.conf", "w+"), *out;
	char *line = NULL, key[64], value[256];
	size_t cap = 0, keys = 0, section = 0;

	ck_assert_ptr_nonnull(f);
	conf_print_sample(f);
	rewind(f);
	out = fopen("full.conf", "w");
	ck_assert_ptr_nonnull(out);
	while (getline(&line, &cap, f) > 0) {
		ck_assert_uint_le(strlen(line), 110);
		if (sscanf(line, "[%63[a-z]]", key) == 1 ||
		    sscanf(line, "#[%63[a-z] NAME]", key) == 1) {
			ck_assert_str_eq(key, conf_kinds[section++].name);
			fprintf(out, "[%s%s]\n", key, conf_kinds[section - 1].named ? " x" : "");
		} else if (sscanf(line, "#%63[a-z_] = %255[^\n]", key, value) == 2) {
			const struct conf_key *k = conf_key_find(conf_kinds[section - 1].name, key);

			ck_assert_msg(k != NULL, "%s", line);
			keys++;
			if (k->fallback != NULL)
				fprintf(out, "%s = %s\n", key, value);
		}
	}
	free(line);
	fclose(f);
	fclose(out);
	ck_assert_uint_eq(keys, conf_n_keys);
	ck_assert_uint_eq(section, conf_n_kinds);
	cw_buf_init(&plain, 0);
	cw_buf_init(&full, 0);
	ck_assert_int_eq(conf_load(&conf, "full.conf", &err), CW_OK);
	dump(&full, conf);
	conf_free(conf);
	put("smallest.conf", CW_STR("[feed x]\n[target x]\n"), 0600);
	ck_assert_int_eq(conf_load(&conf, "smallest.conf", &err), CW_OK);
	dump(&plain, conf);
	conf_free(conf);
	ck_assert_str_eq(plain.s, full.s);
	cw_buf_fini(&plain);
	cw_buf_fini(&full);
}
END_TEST

START_TEST(knows_what_needs_a_start)
{
	static const struct {
		const char *server, *want;
	} cases[] = {
		{ "", NULL },
		{ "public = https://a.example\n", NULL },
		{ "listen = 127.0.0.1:9\n", "listen" },
		{ "listen = 127.0.0.1:8086\n", NULL },
		{ "admin = /run/a\n", "admin" },
		{ "state_dir = /a\n", "state_dir" },
		{ "secret_header = X-A\n", "secret_header" },
		{ "connections = 99\n", "connections" },
		{ "largest_body = 1M\n", "largest_body" },
		{ "tls_cert = cert.pem\ntls_key = secret\n", "tls_cert" },
	};
	struct cw_err err = { 0 };
	struct conf *old;

	put("cordwatch.conf", CW_STR("[feed a]\n[target b]\n"), 0600);
	ck_assert_int_eq(conf_load(&old, "cordwatch.conf", &err), CW_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf *now;
		char text[256];

		snprintf(text, sizeof(text), "[feed a]\n[feed c]\n[target b]\n[server]\n%s",
		    cases[i].server);
		put("cordwatch.conf", cw_str(text), 0600);
		ck_assert_int_eq(conf_load(&now, "cordwatch.conf", &err), CW_OK);
		ck_assert_pstr_eq(conf_needs_restart(old, now), cases[i].want);
		conf_free(now);
	}
	conf_free(old);
}
END_TEST

START_TEST(keeps_to_its_room_for_remarks)
{
	struct cw_err err = { 0 };
	struct cw_buf b;
	struct conf *conf;

	cw_buf_init(&b, 0);
	cw_buf_puts(&b, "[target t]\n");
	for (int i = 0; i < 20; i++)
		cw_buf_printf(&b, "[feed f%d]\nsecret_file = group-secret\n", i);
	put("cordwatch.conf", (struct cw_str){ b.s, b.n }, 0600);
	ck_assert_int_eq(conf_load(&conf, "cordwatch.conf", &err), CW_OK);
	ck_assert_uint_eq(conf->remarks, 8);
	ck_assert_uint_eq(conf->feeds, 20);
	conf_free(conf);
	cw_buf_fini(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("conf");
	TCase *t = tcase_create("conf");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, enter, leave);
	tcase_add_test(t, takes_what_is_valid);
	tcase_add_test(t, refuses_what_is_not);
	tcase_add_test(t, tells_which_file_is_missing);
	tcase_add_test(t, hashes_the_files);
	tcase_add_test(t, finds_files_beside_the_main_one);
	tcase_add_test(t, has_defaults_without_a_file);
	tcase_add_test(t, finds_a_folder_for_its_state);
	tcase_add_test(t, prints_a_sample_that_is_the_defaults);
	tcase_add_test(t, knows_what_needs_a_start);
	tcase_add_test(t, keeps_to_its_room_for_remarks);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0;
}
