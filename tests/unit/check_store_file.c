/* Unit tests of daemon/store: its file (held, foreign, newer, damaged, full), its transactions and
 * the audit chain in it. */
#include "tests/unit/store_case.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* By another connection, past the store. */
static void
by_hand(const char *sql)
{
	sqlite3 *db;
	char *words = NULL;

	ck_assert_int_eq(sqlite3_open("db/cordwatch.db", &db), SQLITE_OK);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &words) == SQLITE_OK, "%s", words);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static void
shut(void)
{
	store_close(s);
	s = NULL;
}

static void
add_records(int n)
{
	OK(store_begin(s, &err));
	for (int i = 0; i < n; i++)
		OK(store_audit(s, 1000 * i, "decision", CW_STR("{\"a\":1}"), &err));
	OK(store_commit(s, &err));
}

static int64_t
setting(const char *sql)
{
	struct query q = query_new(s, sql);
	int64_t v = -1;

	ck_assert_int_eq(query_one(&q, &v, &err), QUERY_ROW);
	return v;
}

START_TEST(is_set_as_it_must_be)
{
	ck_assert_int_eq(setting("PRAGMA synchronous"), 2);
	ck_assert_int_eq(setting("PRAGMA wal_autocheckpoint"), 0);
	ck_assert_int_eq(setting("PRAGMA foreign_keys"), 1);
	ck_assert_int_eq(setting("PRAGMA trusted_schema"), 0);
	ck_assert_int_eq(setting("PRAGMA cell_size_check"), 1);
	ck_assert_int_eq(setting("PRAGMA secure_delete"), 1);
	ck_assert_int_eq(setting("PRAGMA temp_store"), 2);
	ck_assert_int_eq(setting("PRAGMA journal_size_limit"), 64 << 20);
	ck_assert_int_eq(setting("SELECT count(*) FROM pragma_locking_mode"
				 " WHERE locking_mode = 'exclusive'"),
	    1);
	ck_assert_int_eq(setting("SELECT count(*) FROM pragma_journal_mode"
				 " WHERE journal_mode = 'wal'"),
	    1);
	ck_assert_int_eq(setting("SELECT count(*) FROM pragma_table_list"
				 " WHERE schema = 'main' AND type = 'table' AND NOT strict"
				 " AND name NOT LIKE 'sqlite%'"),
	    0);
	ck_assert_int_eq(setting("PRAGMA user_version"), store_version);
}
END_TEST

START_TEST(has_one_user)
{
	struct store *other;

	GIVES(store_open(&other, "db", &err), CW_EIO);
	ck_assert_ptr_null(other);
	GIVES(store_check("db", &err), STORE_BUSY);
	/* The one that was first still has it. */
	add_records(1);
	GIVES(store_open(&other, "db", &err), CW_EIO);
	store_reopen();
}
END_TEST

START_TEST(refuses_a_newer_schema)
{
	char sql[64];

	shut();
	snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", store_version + 1);
	by_hand(sql);
	GIVES(store_check("db", &err), CW_EUNSUPPORTED);
	GIVES(store_open(&s, "db", &err), CW_EUNSUPPORTED);
	ck_assert_ptr_null(s);
}
END_TEST

START_TEST(refuses_what_is_not_its_own)
{
	FILE *f;

	shut();
	by_hand("PRAGMA application_id=7");
	GIVES(store_open(&s, "db", &err), CW_EVALUE);
	GIVES(store_check("db", &err), CW_EVALUE);
	ck_assert_int_eq(unlink("db/cordwatch.db"), 0);
	by_hand("CREATE TABLE t (a)");
	GIVES(store_open(&s, "db", &err), CW_EVALUE);
	f = fopen("db/cordwatch.db", "w");
	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < 4096; i++)
		fputc('x', f);
	fclose(f);
	GIVES(store_open(&s, "db", &err), CW_EVALUE);
	GIVES(store_check("db", &err), CW_EVALUE);
	ck_assert_int_eq(unlink("db/cordwatch.db"), 0);
	ck_assert_int_eq(symlink("../elsewhere", "db/cordwatch.db"), 0);
	GIVES(store_open(&s, "db", &err), CW_EIO);
	ck_assert_int_eq(mkdir("other", 0700), 0);
	ck_assert_int_eq(mkdir("other/cordwatch.db", 0700), 0);
	GIVES(store_open(&s, "other", &err), CW_EIO);
	GIVES(store_open(&s, "db/cordwatch.db/x", &err), CW_EIO);
}
END_TEST

static void
write_file(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

static size_t
read_file(const char *path, char *bytes, size_t most)
{
	FILE *f = fopen(path, "r");
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(bytes, 1, most, f);
	ck_assert_int_eq(fclose(f), 0);
	return n;
}

/* A byte in each page in turn is changed: found, or without effect, never a crash. */
START_TEST(finds_damage)
{
	int found = 0, pages;
	struct stat st;
	char *whole;
	FILE *f;

	add_records(200);
	shut();
	ck_assert_int_eq(stat("db/cordwatch.db", &st), 0);
	pages = (int)(st.st_size / 4096);
	whole = cw_malloc((size_t)st.st_size);
	ck_assert_uint_eq(
	    read_file("db/cordwatch.db", whole, (size_t)st.st_size), (size_t)st.st_size);
	for (int page = 0; page < pages; page++) {
		int at = page * 4096 + (page == 0 ? 100 : 0); /* the header of the B-tree page */

		f = fopen("db/cordwatch.db", "r+");
		fseek(f, at, SEEK_SET);
		fputc(whole[at] ^ 0x55, f);
		fclose(f);
		found += store_check("db", &err) == CW_EVALUE;
		err = (struct cw_err){ 0 };
		found += store_open(&s, "db", &err) == CW_EVALUE;
		err = (struct cw_err){ 0 };
		shut();
		write_file("db/cordwatch.db", whole, (size_t)st.st_size);
	}
	ck_assert_int_eq(found, 2 * pages);
	ck_assert_int_eq(truncate("db/cordwatch.db", st.st_size / 2), 0);
	GIVES(store_open(&s, "db", &err), CW_EVALUE);
	free(whole);
}
END_TEST

/* Every kind of reading and writing, whatever comes of it. */
static void
use(void)
{
	struct store_resource *rows, r;
	struct store_inbox in[4] = { { .how = STORE_PUT, .body = CW_STR("x") } };
	int64_t a, b;
	size_t n = 4;

	(void)!store_audit_verify(s, &a, NULL);
	(void)!store_resources(s, 1, &rows, &n, arena, NULL);
	(void)!store_resource_get(s, &r, 1, CW_STR("Condition/3"), arena, NULL);
	n = 4;
	(void)!store_inbox_next(s, 0, in, &n, arena, NULL);
	n = 4;
	(void)!store_links(s, 1, (int64_t[4]){ 0 }, &n, 4, NULL);
	n = 1;
	(void)!store_tick_due(s, INT64_MAX, &a, &b, &n, NULL);
	if (store_begin(s, NULL) != 0)
		return;
	r = store_case_resource(1, "Condition/new", STORE_TEXT);
	if (store_inbox_add(s, in, NULL) != 0 || store_resource_put(s, &r, NULL) != 0 ||
	    store_audit(s, 1, "start", CW_STR("{}"), NULL) != 0 || store_commit(s, NULL) != 0)
		store_rollback(s);
}

static void
fill_some(void)
{
	char key[24];

	OK(store_begin(s, &err));
	for (unsigned i = 0; i < 60; i++) {
		struct store_resource r;
		int64_t p;

		snprintf(key, sizeof(key), "Patient/%u", i % 7);
		p = store_case_patient(key);
		snprintf(key, sizeof(key), "Condition/%u", i);
		r = store_case_resource(p, key, STORE_TEXT);
		OK(store_resource_put(s, &r, &err));
		OK(store_tick_set(s, p, i, &err));
		OK(store_audit(s, i, "decision", CW_STR("{}"), &err));
	}
	OK(store_commit(s, &err));
}

/* Bits are flipped anywhere in the database and its log: it is refused, or it serves; no crash. */
START_TEST(survives_random_damage)
{
	enum { MOST = 1 << 20 };
	static char database[MOST], log[MOST];
	int tries = getenv("CORDWATCH_SOAK") ? 10000 : 150, refused = 0;
	unsigned seed = 1;
	size_t n, n_log;

	fill_some();
	OK(sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
	add_records(20);
	n = read_file("db/cordwatch.db", database, MOST);
	n_log = read_file("db/cordwatch.db-wal", log, MOST);
	ck_assert(n > 40000 && n_log > 4096 && n < MOST && n_log < MOST);
	shut();
	for (int i = 0; i < tries; i++) {
		bool in_log = i % 4 == 0;
		char *bytes = in_log ? log : database;
		size_t at = (size_t)rand_r(&seed) % (in_log ? n_log : n);
		int bit = rand_r(&seed) % 8;

		bytes[at] = (char)(bytes[at] ^ 1 << bit);
		write_file("db/cordwatch.db", database, n);
		write_file("db/cordwatch.db-wal", log, n_log);
		bytes[at] = (char)(bytes[at] ^ 1 << bit);
		if (store_open(&s, "db", NULL) == 0)
			use();
		else
			refused++;
		shut();
		cw_arena_reset(arena);
	}
	ck_assert_int_gt(refused, 0);
	ck_assert_int_lt(refused, tries);
}
END_TEST

static void
same_folder(const char *command)
{
	FILE *p = popen(command, "r");
	char line[256];
	static char before[4096];
	char now[4096] = "";

	while (fgets(line, sizeof(line), p))
		strncat(now, line, sizeof(now) - strlen(now) - 1);
	ck_assert_int_eq(pclose(p), 0);
	if (before[0])
		ck_assert_str_eq(before, now);
	strcpy(before, now);
}

START_TEST(a_check_changes_nothing)
{
	int status;
	pid_t child;

	OK(store_check("nowhere", &err));
	ck_assert_int_eq(mkdir("empty", 0700), 0);
	OK(store_check("empty", &err));
	ck_assert_int_eq(rmdir("empty"), 0);
	shut();
	/* One that left its log behind. */
	child = fork();
	if (child == 0) {
		if (store_open(&s, "db", NULL) != 0 || store_begin(s, NULL) != 0 ||
		    store_audit(s, 1, "start", CW_STR("{}"), NULL) != 0 ||
		    store_commit(s, NULL) != 0)
			_exit(1);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	same_folder("ls db; cat db/* | sha256sum");
	OK(store_check("db", &err));
	same_folder("ls db; cat db/* | sha256sum");
	OK(store_open(&s, "db", &err));
	ck_assert_int_eq(s->head.seq, 1);
	shut();
	OK(store_check("db", &err));
	ck_assert_int_ne(access("db/cordwatch.db-wal", F_OK), 0);
}
END_TEST

START_TEST(a_full_disk_is_said_and_survived)
{
	struct store_inbox row = { .how = STORE_PUT };
	char sql[64];
	static char body[8192];
	int64_t records;
	int rc = 0;

	row.body = (struct cw_str){ body, sizeof(body) };
	add_records(1);
	snprintf(
	    sql, sizeof(sql), "PRAGMA max_page_count=%d", (int)setting("PRAGMA page_count") + 3);
	OK(store_exec(s, sql, &err));
	OK(store_begin(s, &err));
	OK(store_audit(s, 1, "lost", CW_STR("{}"), &err));
	for (int i = 0; rc == 0 && i < 10; i++)
		rc = store_inbox_add(s, &row, &err);
	ck_assert_int_eq(rc, CW_ELIMIT);
	err = (struct cw_err){ 0 };
	/* Nothing slips through in what SQLite may have made a transaction of its own. */
	GIVES(store_audit(s, 1, "lost", CW_STR("{}"), &err), CW_EIO);
	GIVES(store_commit(s, &err), CW_EIO);
	store_rollback(s);
	OK(store_exec(s, "PRAGMA max_page_count=1000000", &err));
	OK(store_begin(s, &err));
	OK(store_inbox_add(s, &row, &err));
	OK(store_audit(s, 1, "kept", CW_STR("{}"), &err));
	OK(store_commit(s, &err));
	OK(store_audit_verify(s, &records, &err));
	ck_assert_int_eq(records, 2);
}
END_TEST

static int
refuse(void *arg)
{
	(void)arg;
	return 1;
}

START_TEST(after_a_failed_commit_there_is_nothing)
{
	size_t n = 1;
	struct store_inbox row = { .how = STORE_PUT };

	OK(store_begin(s, &err));
	OK(store_inbox_add(s, &row, &err));
	sqlite3_commit_hook(s->db, refuse, NULL);
	ck_assert_int_lt(store_commit(s, &err), 0);
	err = (struct cw_err){ 0 };
	store_rollback(s);
	GIVES(store_begin(s, &err), CW_EIO);
	GIVES(store_inbox_next(s, 0, &row, &n, arena, &err), CW_EIO);
	store_reopen();
}
END_TEST

START_TEST(migrates_step_by_step_or_not_at_all)
{
	static const char *steps[8] = { NULL }; /* those before are done */
	const int n = store_version;

	steps[n] = "CREATE TABLE two (a) STRICT";
	steps[n + 1] = "CREATE TABLE three (a ANY) STRICT; INSERT INTO three VALUES (3)";
	ck_assert_int_lt(store_migrate(s, steps, n + 2, &err), 0);
	err = (struct cw_err){ 0 };
	ck_assert_int_eq(setting("PRAGMA user_version"), n);
	steps[n] = "CREATE TABLE two (a ANY) STRICT";
	OK(store_migrate(s, steps, n + 2, &err));
	ck_assert_int_eq(setting("PRAGMA user_version "), n + 2);
	ck_assert_int_eq(setting("SELECT a FROM three"), 3);
	OK(store_migrate(s, steps, n + 2, &err));
	GIVES(store_migrate(s, steps, n + 1, &err), CW_EUNSUPPORTED);
}
END_TEST

START_TEST(moves_its_log_past_a_bound)
{
	static char body[1 << 20];
	struct store_inbox row = { .how = STORE_PUT, .body = { body, sizeof(body) } };
	struct stat st;
	off_t log;

	OK(store_checkpoint(s, &err));
	for (int i = 0; i < 9; i++) {
		OK(store_begin(s, &err));
		OK(store_inbox_add(s, &row, &err));
		OK(store_commit(s, &err));
	}
	ck_assert_int_eq(stat("db/cordwatch.db-wal", &st), 0);
	log = st.st_size;
	ck_assert_int_gt(log, 9 << 20);
	ck_assert_int_eq(stat("db/cordwatch.db", &st), 0);
	ck_assert_int_lt(st.st_size, 1 << 20);
	ck_assert_int_eq(store_size(s), log + st.st_size);
	OK(store_checkpoint(s, &err));
	ck_assert_int_eq(stat("db/cordwatch.db", &st), 0);
	ck_assert_int_gt(st.st_size, 9 << 20);
	/* From its beginning again. */
	for (int i = 0; i < 9; i++) {
		OK(store_begin(s, &err));
		OK(store_inbox_add(s, &row, &err));
		OK(store_commit(s, &err));
	}
	ck_assert_int_eq(stat("db/cordwatch.db-wal", &st), 0);
	ck_assert_int_eq(st.st_size, log);
}
END_TEST

static int
collect(void *arg, const struct seal_record *r, struct cw_str payload)
{
	char line[SEAL_LINE];
	struct cw_buf *b = arg;

	ck_assert_uint_eq(seal_line(line, r), strlen(line));
	cw_buf_printf(b, "%s|%.*s\n", line, CW_ARG(payload));
	return r->seq == 3 ? 42 : 0;
}

START_TEST(tells_each_record)
{
	struct cw_buf b;
	int64_t records;

	add_records(4);
	cw_buf_init(&b, 0);
	GIVES(store_audit_each(s, 2, collect, &b, &err), 42);
	ck_assert_ptr_nonnull(strstr(b.s, "{\"seq\":2,\"at\":\"1970-01-01T00:00:01.000Z\",\"type\":"
					  "\"decision\",\"commit\":\""));
	ck_assert_ptr_nonnull(strstr(b.s, "\"}|{\"a\":1}\n{\"seq\":3,"));
	cw_buf_fini(&b);
	/* A payload at the end of its retention: the chain still holds. */
	OK(store_exec(s, "UPDATE audit SET salt = NULL, payload = NULL WHERE seq < 3", &err));
	OK(store_audit_verify(s, &records, &err));
	ck_assert_int_eq(records, 4);
}
END_TEST

START_TEST(finds_a_changed_record)
{
	static const struct {
		const char *sql;
		bool at_open;
	} deeds[] = {
		{ "UPDATE audit SET at = at + 1 WHERE seq = 2", false },
		{ "UPDATE audit SET type = 'decisions' WHERE seq = 3", false },
		{ "UPDATE audit SET payload = CAST('{\"a\":2}' AS BLOB) WHERE seq = 5", false },
		{ "UPDATE audit SET payload = NULL, digest = zeroblob(32) WHERE seq = 3", false },
		{ "UPDATE audit SET salt = zeroblob(16) WHERE seq = 4", false },
		{ "UPDATE audit SET prev = zeroblob(32) WHERE seq = 2", false },
		{ "DELETE FROM audit WHERE seq = 2", false },
		{ "DELETE FROM audit WHERE seq = 1", false },
		{ "DELETE FROM audit WHERE seq = 5", true },
		{ "UPDATE audit SET seq = 6 WHERE seq = 5", true },
		{ "DELETE FROM audit", true },
		{ "DELETE FROM head", true },
		{ "UPDATE head SET seq = 4", true },
		{ "UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;"
		  "UPDATE audit SET seq = 3 WHERE seq = -1",
		    false },
		{ "UPDATE audit SET digest = zeroblob(32) WHERE seq = 5", true },
	};
	size_t i = (size_t)_i;
	int64_t records;
	int rc;

	add_records(5);
	OK(store_audit_verify(s, &records, &err));
	shut();
	by_hand(deeds[i].sql);
	rc = store_open(&s, "db", &err);
	ck_assert_int_eq(rc, deeds[i].at_open ? CW_EVALUE : 0);
	if (rc == 0)
		GIVES(store_audit_verify(s, &records, &err), CW_EVALUE);
}
END_TEST

static Suite *
suite(void)
{
	Suite *suite = suite_create("store: file");
	TCase *t = tcase_create("store");

	tcase_add_checked_fixture(t, store_enter, store_leave);
	tcase_set_timeout(t, 600);
	tcase_add_test(t, is_set_as_it_must_be);
	tcase_add_test(t, has_one_user);
	tcase_add_test(t, refuses_a_newer_schema);
	tcase_add_test(t, refuses_what_is_not_its_own);
	tcase_add_test(t, finds_damage);
	tcase_add_test(t, survives_random_damage);
	tcase_add_test(t, a_check_changes_nothing);
	tcase_add_test(t, a_full_disk_is_said_and_survived);
	tcase_add_test(t, after_a_failed_commit_there_is_nothing);
	tcase_add_test(t, migrates_step_by_step_or_not_at_all);
	tcase_add_test(t, moves_its_log_past_a_bound);
	tcase_add_test(t, tells_each_record);
	tcase_add_loop_test(t, finds_a_changed_record, 0, 15);
	suite_add_tcase(suite, t);
	return suite;
}

int
main(void)
{
	return store_case_run(suite());
}
