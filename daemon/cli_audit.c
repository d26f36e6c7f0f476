/* cordwatch audit: the records of what the daemon decided and did. */
#include "daemon/cli_audit.h"
#include "daemon/ask.h"
#include "daemon/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LARGEST_KEY = 1 << 16 };

static const struct cli_option options[] = {
	{ "config", "FILE", "cordwatch.conf: whose database, and whose key", false },
	{ "database", "DIR", "the folder of the database", false },
	{ "from", "N", "export: the first record", false },
	{ "to", "N", "export: the last record", false },
	{ "format", "jsonl|csv", "export: jsonl (the default) can be verified", false },
	{ "key", "FILE", "verify: the key that signed checkpoints, PEM; public is enough", true },
	{ "set", "NAME=VALUE", "replay: with this parameter of the plan", true },
	{ "head", "HEX", "verify: a head written down before, which must be met", false },
};

/* ---- the source ---- */

static int
add_key(struct cli_audit *a, const char *path, struct cw_err *err)
{
	struct cw_err why = { 0 };
	struct cw_buf pem;
	struct seal_key *key = NULL;
	int rc;

	cw_buf_init(&pem, LARGEST_KEY);
	rc = file_read(&pem, path, &why);
	if (rc >= 0)
		rc = seal_key_read(&key, (struct cw_str){ pem.s, pem.n }, &why);
	if (pem.s != NULL)
		explicit_bzero(pem.s, pem.n);
	cw_buf_fini(&pem);
	if (rc < 0)
		return cw_fail(err, rc, "%s: %s", path, why.text);
	a->key = cw_realloc(a->key, (a->keys + 1) * sizeof(struct seal_key *));
	a->key[a->keys++] = key;
	return CW_OK;
}

static int
open_keys(struct cli_audit *a, struct cw_err *err)
{
	const char *path;
	int rc = CW_OK;

	for (size_t i = 0; rc >= 0 && (path = cli_nth(a->args, "key", i)) != NULL; i++)
		rc = add_key(a, path, err);
	if (rc >= 0 && a->keys == 0 && a->conf->key_file != NULL)
		rc = add_key(a, a->conf->key_file, err);
	a->check.key = a->key;
	a->check.keys = a->keys;
	return rc;
}

static int
open_source(struct cli_audit *a, const char *operand, struct cw_err *err)
{
	const char *dir = cli_value(a->args, "database");
	char *usual = NULL;
	struct cw_buf socket;
	struct stat st;
	int rc;

	if (operand != NULL && (stat(operand, &st) != 0 || !S_ISDIR(st.st_mode))) {
		a->name = operand;
		return audit_source_file(&a->source, operand, err);
	}
	a->name = operand != NULL ? operand : dir != NULL ? dir : a->conf->state_dir;
	cw_buf_init(&socket, 0);
	if (a->name == a->conf->state_dir)
		usual = ask_socket(a->conf);
	else
		cw_buf_printf(&socket, "%s/cordwatch.sock", a->name);
	rc = audit_source_dir(&a->source, a->name, usual != NULL ? usual : socket.s, err);
	free(usual);
	cw_buf_fini(&socket);
	return rc;
}

int
cli_audit_open(struct cli_audit *a, const struct cli_args *args, size_t at, struct cw_err *err)
{
	int rc;

	*a = (struct cli_audit){ .args = args, .name = "" };
	rc = conf_load(&a->conf, cli_value(args, "config"), err);
	if (rc >= 0)
		rc = open_keys(a, err);
	if (rc >= 0)
		rc = open_source(a, args->n_operands > at ? args->operands[at] : NULL, err);
	return rc;
}

void
cli_audit_close(struct cli_audit *a)
{
	audit_source_close(&a->source);
	for (size_t i = 0; i < a->keys; i++)
		seal_key_free(a->key[i]);
	free(a->key);
	conf_free(a->conf);
}

/* ---- export ---- */

struct export
{
	struct audit_check check;
	void (*put)(struct cw_buf * out, const struct seal_record *r, struct cw_str payload);
};

static int
write_out(struct cw_buf *text)
{
	bool all = fwrite(text->s, 1, text->n, stdout) == text->n;

	cw_buf_fini(text);
	return all ? 0 : CW_EIO;
}

/* What does not fit is exported all the same: the judge of it is verify. */
static int
export_record(void *arg, const struct seal_record *r, struct cw_str payload, struct cw_arena *arena)
{
	struct export *e = arg;
	struct cw_buf text;

	(void)arena;
	e->check.first = e->check.first == 0 ? r->seq : e->check.first;
	e->check.last = r->seq;
	seal_hash(e->check.head, r);
	cw_buf_init(&text, 0);
	e->put(&text, r, payload);
	return write_out(&text);
}

static int64_t
number(const char *text, int64_t fallback)
{
	char *end;
	long long n = text == NULL ? fallback : strtoll(text, &end, 10);

	return n >= 1 && (text == NULL || (*text != '\0' && *end == '\0')) ? n : -1;
}

static int
export_all(struct cli_audit *a, int64_t from, int64_t to, bool csv, struct cw_err *err)
{
	struct export e = { .put = csv ? audit_put_csv : audit_put };
	enum audit_verdict verdict;
	struct cw_buf text;
	int64_t last;
	int rc = audit_source_end(&a->source, &last, a->check.head, err);

	if (rc < 0)
		return rc;
	cw_buf_init(&text, 0);
	if (csv) {
		audit_put_csv_head(&text);
		rc = write_out(&text);
	}
	if (rc >= 0)
		rc = audit_source_each(&a->source, from, to < last ? to : last, &a->check, &verdict,
		    export_record, &e, err);
	if (rc >= 0 && verdict != AUDIT_GOOD)
		rc = cw_fail(err, CW_EVALUE, "%s", a->check.why);
	if (rc >= 0 && !csv) {
		audit_put_end(&text, &e.check);
		rc = write_out(&text);
	}
	return rc;
}

int
cli_audit_export(const struct cli_args *args)
{
	const char *format = cli_value(args, "format");
	int64_t from = number(cli_value(args, "from"), 1);
	int64_t to = number(cli_value(args, "to"), INT64_MAX);
	bool csv = format != NULL && strcmp(format, "csv") == 0;
	struct cw_err err = { 0 };
	struct cli_audit a;
	int rc;

	if (format != NULL && !csv && strcmp(format, "jsonl") != 0)
		return cli_usage(args, "--format %s: expected jsonl or csv", format);
	if (from < 0 || to < from)
		return cli_usage(args, "--from and --to are numbers of records, from 1");
	rc = cli_audit_open(&a, args, 1, &err);
	if (rc >= 0 && a.source.file != NULL)
		rc = cw_fail(&err, CW_EVALUE, "%s: is no folder of a database", a.name);
	if (rc >= 0)
		rc = export_all(&a, from, to, csv, &err);
	cli_audit_close(&a);
	return rc < 0 ? cli_fault(NULL, &err) : EX_OK;
}

/* ---- verify ---- */

static int
judge_record(void *arg, const struct seal_record *r, struct cw_str payload, struct cw_arena *arena)
{
	struct cli_audit *a = arg;

	return (int)audit_check_record(&a->check, r, payload, arena);
}

/* A whole database begins at 1; an export where it was asked to. */
static enum audit_verdict
verify_records(struct cli_audit *a, struct cw_err *err)
{
	struct audit_check *c = &a->check;
	unsigned char head[SEAL_SIZE];
	enum audit_verdict verdict;
	int64_t last = INT64_MAX;
	bool whole = a->source.file == NULL;

	if (whole && audit_source_end(&a->source, &last, head, err) < 0)
		return AUDIT_UNREADABLE;
	if (audit_source_each(&a->source, 1, last, c, &verdict, judge_record, a, err) < 0)
		return AUDIT_UNREADABLE;
	if (verdict == AUDIT_GOOD && c->why[0] != '\0')
		return AUDIT_TAMPERED;
	if (verdict == AUDIT_GOOD && whole)
		verdict = audit_check_end(c, last, head);
	c->ended = c->ended || whole;
	return verdict == AUDIT_GOOD ? audit_check_end(c, 0, NULL) : verdict;
}

static void
say_good(const struct cli_audit *a)
{
	const struct audit_check *c = &a->check;
	char head[SEAL_HEX];

	seal_hex(head, c->head);
	cli_print(stdout, "%s: good: records %lld to %lld, head %s\n", a->name, (long long)c->first,
	    (long long)c->last, head);
	if (c->dropped > 0)
		printf("%lld payloads are no longer there\n", (long long)c->dropped);
	if (c->checkpoints == 0)
		puts("no checkpoint: nothing is signed");
	else
		printf("%lld checkpoints, up to record %lld; their signatures %s\n",
		    (long long)c->checkpoints, (long long)c->covered,
		    a->keys > 0 ? "are good" : "were not looked at: no --key");
}

int
cli_audit_verify(const struct cli_args *args)
{
	static const char *const word[] = { "good", "tampered", "cannot be read", "incomplete" };
	const char *head = cli_value(args, "head");
	unsigned char known[SEAL_SIZE];
	enum audit_verdict verdict = AUDIT_UNREADABLE;
	struct cw_err err = { 0 };
	struct cli_audit a;

	if (head != NULL && !seal_unhex(known, cw_str(head)))
		return cli_usage(args, "--head %s: expected 64 hexadecimal digits", head);
	if (cli_audit_open(&a, args, 1, &err) >= 0) {
		a.check.known = head == NULL ? NULL : known;
		verdict = verify_records(&a, &err);
	}
	if (verdict == AUDIT_GOOD)
		say_good(&a);
	else
		cli_print(stderr, "%s: %s: %s\n", a.name, word[verdict],
		    err.text[0] != '\0' ? err.text : a.check.why);
	cli_audit_close(&a);
	return (int)verdict;
}

/* ---- the command ---- */

static const struct {
	const char *name;
	int (*run)(const struct cli_args *args);
	size_t most; /* operands after the name */
} subcommands[] = {
	{ "export", cli_audit_export, 0 },
	{ "verify", cli_audit_verify, 1 },
	{ "replay", cli_audit_replay, 1 },
};

static int
run(const struct cli_args *args)
{
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
		if (strcmp(args->operands[0], subcommands[i].name) != 0)
			continue;
		if (args->n_operands > subcommands[i].most + 1)
			return cli_usage(args, "unexpected operand '%s'",
			    args->operands[subcommands[i].most + 1]);
		return subcommands[i].run(args);
	}
	return cli_usage(args, "unknown subcommand '%s'", args->operands[0]);
}

const struct cli_command cli_audit = {
	.name = "audit",
	.operands = "export | verify [FILE] | replay [FILE]",
	.help = "export, verify and re-decide what was recorded",
	.more =
	    "export prints the records of the database; verify judges a database or an export:\n"
	    "0 good, 1 tampered, 2 cannot be read, 3 incomplete. replay decides again from what "
	    "was\n"
	    "recorded, by the rules of the configuration: 0 the same, 1 otherwise, 3 there are\n"
	    "decisions by other rules, which were passed over. A running daemon is asked over\n"
	    "its socket, which is for root and its own user.",
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.least = 1,
	.most = 2,
	.run = run,
};
