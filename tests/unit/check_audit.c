/* Unit tests of daemon/audit and audit_source: an export is what it says it is, and whatever is
 * changed in it is found. */
#include "daemon/audit_source.h"
#include "tests/unit/run.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

enum { RECORDS = 9, MOST = 8192 };

static char private_pem[512], public_pem[512];

struct text {
	char s[MOST];
	size_t n;
};

/* The key of this run: none is kept. */
static void
make_keys(void)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	BIO *private = BIO_new(BIO_s_mem()), *public = BIO_new(BIO_s_mem());

	ck_assert_int_eq(PEM_write_bio_PrivateKey(private, key, NULL, NULL, 0, NULL, NULL), 1);
	ck_assert_int_eq(PEM_write_bio_PUBKEY(public, key), 1);
	ck_assert_int_gt(BIO_read(private, private_pem, sizeof(private_pem) - 1), 0);
	ck_assert_int_gt(BIO_read(public, public_pem, sizeof(public_pem) - 1), 0);
	BIO_free(private);
	BIO_free(public);
	EVP_PKEY_free(key);
}

static struct seal_key *
key_of(const char *pem)
{
	struct seal_key *key;

	ck_assert_int_eq(seal_key_read(&key, cw_str(pem), NULL), 0);
	return key;
}

/* Decisions, the last but one and the fifth a checkpoint, and payload 3 dropped. */
static void
make(struct text *out)
{
	struct seal_key *key = key_of(private_pem);
	struct audit_check c = { .first = 1 };
	struct seal_record r = { 0 };
	char payload[SEAL_CHECKPOINT];
	int64_t sealed = 0;
	struct cw_buf b;

	cw_buf_init(&b, 0);
	for (r.seq = 1; r.seq <= RECORDS; r.seq++) {
		bool seals = r.seq == 5 || r.seq == RECORDS - 1;

		snprintf(payload, sizeof(payload), "{\"n\":\"\\u00e9 \\\"%d\"}", (int)r.seq);
		if (seals) {
			ck_assert_int_eq(
			    seal_checkpoint(payload, key, sealed + 1, r.seq - 1, c.head, NULL), 0);
			sealed = r.seq - 1;
		}
		r.type = seals ? CW_STR("checkpoint") : CW_STR("decision");
		r.at = 1767323045678 + 1000 * r.seq;
		memcpy(r.prev, c.head, SEAL_SIZE);
		ck_assert_int_eq(seal_salt(r.salt, NULL), 0);
		seal_commit(r.commit, r.salt, cw_str(payload));
		audit_put(&b, &r, r.seq == 3 ? (struct cw_str){ NULL, 0 } : cw_str(payload));
		seal_hash(c.head, &r);
		c.last = r.seq;
	}
	audit_put_end(&b, &c);
	ck_assert_uint_lt(b.n, MOST);
	memcpy(out->s, b.s, b.n);
	out->n = b.n;
	cw_buf_fini(&b);
	seal_key_free(key);
}

static int
judge(void *arg, const struct seal_record *r, struct cw_str payload, struct cw_arena *arena)
{
	return (int)audit_check_record(arg, r, payload, arena);
}

/* As `cordwatch audit verify` does. */
static enum audit_verdict
verify(const struct text *t, struct audit_check *c)
{
	static char copy[MOST];
	struct audit_source s = { 0 };
	enum audit_verdict verdict;

	if (t->n == 0)
		return AUDIT_INCOMPLETE;
	memcpy(copy, t->s, t->n);
	s.file = fmemopen(copy, t->n, "rb");
	ck_assert_ptr_nonnull(s.file);
	ck_assert_int_eq(audit_source_each(&s, 1, INT64_MAX, c, &verdict, judge, c, NULL), 0);
	audit_source_close(&s);
	if (verdict == AUDIT_GOOD && c->why[0] != '\0')
		return AUDIT_TAMPERED;
	return verdict == AUDIT_GOOD ? audit_check_end(c, 0, NULL) : verdict;
}

static enum audit_verdict
verdict_of(const struct text *t)
{
	struct audit_check c = { 0 };
	enum audit_verdict verdict = verify(t, &c);

	ck_assert_int_eq(verdict != AUDIT_GOOD && t->n > 0, c.why[0] != '\0');
	return verdict;
}

START_TEST(an_export_is_good)
{
	struct seal_key *key = key_of(public_pem);
	struct audit_check c = { .key = &key, .keys = 1 };
	static struct text t;

	make(&t);
	ck_assert_int_eq(verify(&t, &c), AUDIT_GOOD);
	ck_assert_str_eq(c.why, "");
	ck_assert_int_eq(c.first, 1);
	ck_assert_int_eq(c.last, RECORDS);
	ck_assert_int_eq(c.dropped, 1);
	ck_assert_int_eq(c.checkpoints, 2);
	ck_assert_int_eq(c.covered, RECORDS - 2);
	seal_key_free(key);
}
END_TEST

START_TEST(every_changed_byte_is_found)
{
	static struct text t;

	make(&t);
	for (size_t i = 0; i < t.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			t.s[i] = (char)(t.s[i] ^ 1 << bit);
			ck_assert_msg(verdict_of(&t) != AUDIT_GOOD, "byte %zu bit %d", i, bit);
			t.s[i] = (char)(t.s[i] ^ 1 << bit);
		}
	ck_assert_int_eq(verdict_of(&t), AUDIT_GOOD);
}
END_TEST

START_TEST(every_removal_insertion_and_truncation_is_found)
{
	static struct text t, other;

	make(&t);
	for (size_t i = 0; i < t.n; i++) {
		other = t;
		other.n = i;
		ck_assert_msg(verdict_of(&other) != AUDIT_GOOD, "cut at %zu", i);
		other = t;
		memmove(other.s + i, other.s + i + 1, t.n - i - 1);
		other.n--;
		ck_assert_msg(verdict_of(&other) != AUDIT_GOOD, "without byte %zu", i);
		memmove(other.s + i + 1, t.s + i, t.n - i);
		other.s[i] = ' ';
		other.n = t.n + 1;
		ck_assert_msg(verdict_of(&other) != AUDIT_GOOD, "a blank at %zu", i);
		memcpy(other.s, t.s + i + 1, t.n - i - 1);
		other.n = t.n - i - 1;
		ck_assert_msg(verdict_of(&other) != AUDIT_GOOD, "from %zu", i + 1);
	}
}
END_TEST

/* The lines of t in that order. */
static void
arrange(struct text *out, const struct text *t, const int *order, int n)
{
	const char *line[RECORDS + 2] = { t->s };

	for (int i = 0; i <= RECORDS; i++)
		line[i + 1] = (const char *)memchr(line[i], '\n', t->n) + 1;
	out->n = 0;
	for (int i = 0; i < n; i++) {
		size_t size = (size_t)(line[order[i] + 1] - line[order[i]]);

		memcpy(out->s + out->n, line[order[i]], size);
		out->n += size;
	}
}

START_TEST(every_move_of_lines_is_found)
{
	static struct text t, moved;
	int order[RECORDS + 2];

	make(&t);
	for (int a = 0; a <= RECORDS; a++)
		for (int b = 0; b <= RECORDS; b++) {
			int n = 0;

			for (int i = 0; i <= RECORDS; i++)
				order[i] = i == a ? b : i == b ? a : i;
			arrange(&moved, &t, order, RECORDS + 1);
			ck_assert_int_eq(verdict_of(&moved) == AUDIT_GOOD, a == b); /* exchanged */
			for (int i = 0; i <= RECORDS; i++)
				if (i != a && i != b)
					order[n++] = i;
			arrange(&moved, &t, order, n);
			ck_assert_int_ne(verdict_of(&moved), AUDIT_GOOD); /* left out */
			n = 0;
			for (int i = 0; i <= RECORDS; i++) {
				order[n++] = i;
				if (i == a)
					order[n++] = b;
			}
			arrange(&moved, &t, order, n);
			ck_assert_int_ne(verdict_of(&moved), AUDIT_GOOD); /* twice */
		}
}
END_TEST

START_TEST(verdicts_are_told_apart)
{
	static struct text t;
	unsigned char other[SEAL_SIZE] = { 1 };
	struct audit_check c = { .known = other };

	make(&t);
	ck_assert_int_eq(verify(&t, &c), AUDIT_TAMPERED);
	ck_assert_str_eq(c.why, "no record has the head that was given");
	while (t.s[--t.n - 1] != '\n')
		continue;
	ck_assert_int_eq(verdict_of(&t), AUDIT_INCOMPLETE);
	t.n -= 5;
	ck_assert_int_eq(verdict_of(&t), AUDIT_INCOMPLETE);
	strcpy(t.s, "seq,at,type\r\n");
	t.n = strlen(t.s);
	ck_assert_int_eq(verdict_of(&t), AUDIT_UNREADABLE);
}
END_TEST

START_TEST(a_signature_is_of_one_key_over_one_range)
{
	struct seal_key *key = key_of(private_pem), *public = key_of(public_pem);
	unsigned char head[SEAL_SIZE] = { 7 };
	char payload[SEAL_CHECKPOINT];
	struct cw_str signature;

	ck_assert(seal_key_signs(key));
	ck_assert(!seal_key_signs(public));
	ck_assert_str_eq(seal_key_id(key), seal_key_id(public));
	ck_assert_int_eq(seal_checkpoint(payload, key, 3, 12, head, NULL), 0);
	signature = cw_str(strstr(payload, "\"signature\":\"") + strlen("\"signature\":\""));
	signature.n -= 2;
	ck_assert_uint_eq(signature.n, SEAL_SIGNATURE - 1);
	ck_assert(seal_signed(public, 3, 12, head, signature));
	ck_assert(!seal_signed(public, 4, 12, head, signature));
	ck_assert(!seal_signed(public, 3, 13, head, signature));
	head[0] = 8;
	ck_assert(!seal_signed(public, 3, 12, head, signature));
	head[0] = 7;
	payload[strlen(payload) - 20] ^= 1;
	ck_assert(!seal_signed(public, 3, 12, head, signature));
	seal_key_free(key);
	seal_key_free(public);
}
END_TEST

START_TEST(other_keys_are_refused)
{
	static const char *const bad[] = { "", "hello", "-----BEGIN PUBLIC KEY-----\n",
		/* X25519: cannot sign */
		"-----BEGIN PUBLIC KEY-----\n"
		"MCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
		"-----END PUBLIC KEY-----\n" };
	struct seal_key *key;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_lt(seal_key_read(&key, cw_str(bad[i]), NULL), 0);
}
END_TEST

START_TEST(a_table_holds_no_formula)
{
	static const char *const formula[] = { "=1+1", "+1", "-1", "@x", "\t=1" };
	struct seal_record r = { .seq = 1, .type = CW_STR("decision") };
	struct cw_buf b;

	cw_buf_init(&b, 0);
	for (size_t i = 0; i < sizeof(formula) / sizeof(formula[0]); i++) {
		char cell[16];

		cw_buf_clear(&b);
		audit_put_csv(&b, &r, cw_str(formula[i]));
		snprintf(cell, sizeof(cell), ",\"'%s\"\r\n", formula[i]);
		ck_assert_ptr_nonnull(strstr(b.s, cell));
	}
	cw_buf_clear(&b);
	audit_put_csv(&b, &r, CW_STR("{\"a\":1}"));
	ck_assert_ptr_nonnull(strstr(b.s, ",\"{\"\"a\"\":1}\"\r\n"));
	cw_buf_fini(&b);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("audit");

	tcase_set_timeout(t, 120);
	tcase_add_unchecked_fixture(t, make_keys, NULL);
	tcase_add_test(t, an_export_is_good);
	tcase_add_test(t, every_changed_byte_is_found);
	tcase_add_test(t, every_removal_insertion_and_truncation_is_found);
	tcase_add_test(t, every_move_of_lines_is_found);
	tcase_add_test(t, verdicts_are_told_apart);
	tcase_add_test(t, a_signature_is_of_one_key_over_one_range);
	tcase_add_test(t, other_keys_are_refused);
	tcase_add_test(t, a_table_holds_no_formula);
	return test_run("audit", t);
}
