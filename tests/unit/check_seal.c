/* Unit tests of daemon/seal: the form of a line, and that no change of a chain passes. */
#include "daemon/seal.h"
#include "mappings/digest.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS = 12 };

START_TEST(a_line_is_canonical)
{
	struct seal_record r = { .seq = 7, .at = 1767323045678, .type = CW_STR("decision") };
	char line[SEAL_LINE];
	size_t n;

	memset(r.commit, 0xab, sizeof(r.commit));
	n = seal_line(line, &r);
	ck_assert_uint_eq(n, strlen(line));
	ck_assert_str_eq(line,
	    "{\"seq\":7,\"at\":\"2026-01-02T03:04:05.678Z\",\"type\":\"decision\",\"commit\":"
	    "\"abababababababababababababababababababababababababababababababab\",\"prev\":"
	    "\"0000000000000000000000000000000000000000000000000000000000000000\"}");
	r.at = 1767323045000;
	seal_line(line, &r);
	ck_assert_ptr_nonnull(strstr(line, "\"2026-01-02T03:04:05.000Z\""));
	r.at = 1767323045050;
	seal_line(line, &r);
	ck_assert_ptr_nonnull(strstr(line, "\"2026-01-02T03:04:05.050Z\""));
}
END_TEST

START_TEST(the_longest_line_fits)
{
	static const char type[] = "an-unusually-long-name-of-a-deed-in-the-audit-chain";
	struct seal_record r = { .seq = INT64_MAX, .at = INT64_MAX, .type = CW_STR(type) };
	char line[SEAL_LINE];

	ck_assert_uint_lt(seal_line(line, &r), SEAL_LINE);
}
END_TEST

START_TEST(digests_are_of_the_bytes)
{
	struct seal_record r = { .seq = 1, .type = CW_STR("start") };
	unsigned char salt[SEAL_SALT], got[SEAL_SIZE], expected[SEAL_SIZE];
	char line[SEAL_LINE], both[SEAL_SALT + 5];

	memset(salt, 3, sizeof(salt));
	memcpy(both, salt, sizeof(salt));
	memcpy(both + sizeof(salt), "{\"\":1", 5);
	seal_commit(got, salt, CW_STR("{\"\":1"));
	map_digest(expected, both, sizeof(both));
	ck_assert_mem_eq(got, expected, sizeof(got));
	seal_commit(got, salt, (struct cw_str){ NULL, 0 });
	map_digest(expected, salt, sizeof(salt));
	ck_assert_mem_eq(got, expected, sizeof(got));
	seal_hash(got, &r);
	map_digest(expected, line, seal_line(line, &r));
	ck_assert_mem_eq(got, expected, sizeof(got));
}
END_TEST

START_TEST(salts_differ)
{
	unsigned char a[SEAL_SALT], b[SEAL_SALT];

	ck_assert_int_eq(seal_salt(a, NULL), 0);
	ck_assert_int_eq(seal_salt(b, NULL), 0);
	ck_assert_mem_ne(a, b, sizeof(a));
}
END_TEST

/* ---- an exported chain, judged by its text alone as an outsider would ---- */

struct chain {
	char text[RECORDS * SEAL_LINE];
	size_t n;
};

static void
make(struct chain *c, char head[SEAL_HEX])
{
	struct seal_record r = { .type = CW_STR("decision") };
	unsigned char hash[SEAL_SIZE];

	c->n = 0;
	for (int i = 1; i <= RECORDS; i++) {
		r.seq = i;
		r.at = 1767323045678 + 1000 * i;
		ck_assert_int_eq(seal_salt(r.salt, NULL), 0);
		seal_commit(r.commit, r.salt, CW_STR("{}"));
		c->n += seal_line(c->text + c->n, &r);
		c->text[c->n++] = '\n';
		seal_hash(hash, &r);
		memcpy(r.prev, hash, sizeof(hash));
	}
	for (int i = 0; i < SEAL_SIZE; i++)
		snprintf(head + 2 * i, 3, "%02x", hash[i]);
}

/* Does each line carry the digest of the one before, and is head that of the last? */
static bool
holds(const struct chain *c, const char head[SEAL_HEX])
{
	char before[SEAL_HEX], prev[SEAL_HEX + 12];
	size_t at = 0;

	memset(before, '0', SEAL_HEX - 1);
	before[SEAL_HEX - 1] = '\0';
	while (at < c->n) {
		const char *line = c->text + at, *end = memchr(line, '\n', c->n - at);
		size_t n;

		if (!end)
			return false;
		n = (size_t)(end - line);
		snprintf(prev, sizeof(prev), "\"prev\":\"%s\"}", before);
		if (n < strlen(prev) || memcmp(end - strlen(prev), prev, strlen(prev)) != 0)
			return false;
		map_digest_hex(before, line, n);
		at += n + 1;
	}
	return strcmp(before, head) == 0;
}

START_TEST(every_changed_byte_is_found)
{
	static struct chain c;
	char head[SEAL_HEX];

	make(&c, head);
	ck_assert(holds(&c, head));
	for (size_t i = 0; i < c.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			c.text[i] = (char)(c.text[i] ^ 1 << bit);
			ck_assert_msg(!holds(&c, head), "byte %zu bit %d", i, bit);
			c.text[i] = (char)(c.text[i] ^ 1 << bit);
		}
	ck_assert(holds(&c, head));
}
END_TEST

START_TEST(every_removal_and_truncation_is_found)
{
	static struct chain c, less;
	char head[SEAL_HEX];

	make(&c, head);
	for (size_t n = 0; n < c.n; n++) { /* the tail from n on */
		less = c;
		less.n = n;
		ck_assert_msg(!holds(&less, head), "cut at %zu", n);
	}
	for (size_t i = 0; i < c.n; i++) { /* one byte */
		less = c;
		memmove(less.text + i, less.text + i + 1, c.n - i - 1);
		less.n--;
		ck_assert_msg(!holds(&less, head), "without byte %zu", i);
	}
	for (size_t i = 0; i < c.n; i++) { /* the beginning up to i */
		less.n = c.n - i - 1;
		memcpy(less.text, c.text + i + 1, less.n);
		ck_assert_msg(!holds(&less, head), "from %zu", i + 1);
	}
}
END_TEST

/* The lines of c in that order. */
static void
arrange(struct chain *out, const struct chain *c, const int *order, int n)
{
	const char *line[RECORDS + 1] = { c->text };

	for (int i = 0; i < RECORDS; i++)
		line[i + 1] = strchr(line[i], '\n') + 1;
	out->n = 0;
	for (int i = 0; i < n; i++) {
		size_t size = (size_t)(line[order[i] + 1] - line[order[i]]);

		memcpy(out->text + out->n, line[order[i]], size);
		out->n += size;
	}
}

START_TEST(every_move_of_lines_is_found)
{
	static struct chain c, moved;
	char head[SEAL_HEX];
	int order[RECORDS + 1];

	make(&c, head);
	for (int a = 0; a < RECORDS; a++)
		for (int b = 0; b < RECORDS; b++) {
			int n = 0;

			for (int i = 0; i < RECORDS; i++)
				order[i] = i == a ? b : i == b ? a : i;
			arrange(&moved, &c, order, RECORDS);
			ck_assert_int_eq(holds(&moved, head), a == b); /* exchanged */
			for (int i = 0; i < RECORDS; i++)
				if (i != a)
					order[n++] = i;
			arrange(&moved, &c, order, n);
			ck_assert(!holds(&moved, head)); /* left out */
			n = 0;
			for (int i = 0; i < RECORDS - 1; i++) {
				order[n++] = i;
				if (i == a)
					order[n++] = b;
			}
			arrange(&moved, &c, order, n);
			/* The last line put where it was is the chain again. */
			ck_assert_int_eq(holds(&moved, head), a == RECORDS - 2 && b == RECORDS - 1);
		}
}
END_TEST

static Suite *
suite(void)
{
	Suite *suite = suite_create("seal");
	TCase *t = tcase_create("seal");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_line_is_canonical);
	tcase_add_test(t, the_longest_line_fits);
	tcase_add_test(t, digests_are_of_the_bytes);
	tcase_add_test(t, salts_differ);
	tcase_add_test(t, every_changed_byte_is_found);
	tcase_add_test(t, every_removal_and_truncation_is_found);
	tcase_add_test(t, every_move_of_lines_is_found);
	suite_add_tcase(suite, t);
	return suite;
}

/* A chain for check-seal.sh: line, salt in hexadecimal and payload, with tabs between. */
static void export(void)
{
	struct seal_record r = { .type = CW_STR("decision") };
	unsigned char hash[SEAL_SIZE];
	char line[SEAL_LINE], payload[32];

	for (int i = 1; i <= RECORDS; i++) {
		r.seq = i;
		r.at = 1767323045678 + 1000 * i;
		snprintf(payload, sizeof(payload), "{\"n\":%d}", i);
		if (seal_salt(r.salt, NULL) != 0)
			abort();
		seal_commit(r.commit, r.salt, cw_str(payload));
		seal_line(line, &r);
		printf("%s\t", line);
		for (int k = 0; k < SEAL_SALT; k++)
			printf("%02x", r.salt[k]);
		printf("\t%s\n", payload);
		seal_hash(hash, &r);
		memcpy(r.prev, hash, sizeof(hash));
	}
}

int
main(int argc, char **argv)
{
	SRunner *runner;
	int failed;

	if (argc == 2 && strcmp(argv[1], "export") == 0) {
		export();
		return 0;
	}
	runner = srunner_create(suite());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
