#include "daemon/audit.h"

#include "fhir/json.h"
#include "fhir/time.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_TYPE = 64 };

/* ---- writing ---- */

void
audit_put(struct cw_buf *out, const struct seal_record *r, struct cw_str payload)
{
	char line[SEAL_LINE], salt[32];
	struct fhir_json_out o;
	size_t n = seal_line(line, r);

	seal_salt_text(salt, r->salt);
	fhir_json_out_init(&o, out, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "line", (struct cw_str){ line, n });
	fhir_json_out_key(&o, "salt");
	fhir_json_out_string(&o, payload.s ? cw_str(salt) : payload);
	fhir_json_out_key(&o, "payload");
	fhir_json_out_string(&o, payload);
	fhir_json_out_object_end(&o);
	cw_buf_putc(out, '\n');
}

static void
put_end(struct cw_buf *out, int64_t first, int64_t last, const unsigned char *head)
{
	char hex[SEAL_HEX];

	seal_hex(hex, head);
	cw_buf_printf(out, "{\"end\":{\"first\":%lld,\"last\":%lld,\"head\":\"%s\"}}\n",
	    (long long)first, (long long)last, hex);
}

void
audit_put_end(struct cw_buf *out, const struct audit_check *c)
{
	put_end(out, c->first, c->last, c->head);
}

void
audit_put_csv_head(struct cw_buf *out)
{
	cw_buf_puts(out, "seq,at,type,commit,prev,salt,payload\r\n");
}

static void
put_cell(struct cw_buf *out, struct cw_str text)
{
	cw_buf_putc(out, '"');
	if (text.n > 0 && memchr("=+-@\t\r\n", text.s[0], 7) != NULL)
		cw_buf_putc(out, '\'');
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] == '"')
			cw_buf_putc(out, '"');
		cw_buf_putc(out, text.s[i]);
	}
	cw_buf_putc(out, '"');
}

void
audit_put_csv(struct cw_buf *out, const struct seal_record *r, struct cw_str payload)
{
	char at[FHIR_TIME_TEXT], commit[SEAL_HEX], prev[SEAL_HEX], salt[32];
	struct cw_str cell[] = { fhir_time_format_utc(r->at, at), r->type, { commit, SEAL_HEX - 1 },
		{ prev, SEAL_HEX - 1 }, { NULL, 0 }, payload };

	seal_hex(commit, r->commit);
	seal_hex(prev, r->prev);
	seal_salt_text(salt, r->salt);
	if (payload.s)
		cell[4] = cw_str(salt);
	cw_buf_printf(out, "%lld", (long long)r->seq);
	for (size_t i = 0; i < sizeof(cell) / sizeof(cell[0]); i++) {
		cw_buf_putc(out, ',');
		put_cell(out, cell[i]);
	}
	cw_buf_puts(out, "\r\n");
}

/* ---- reading ---- */

static enum audit_verdict CW_PRINTF(3, 4)
    say(struct audit_check *c, enum audit_verdict verdict, const char *fmt, ...)
{
	va_list ap;

	if (c->why[0] != '\0')
		return verdict;
	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return verdict;
}

static int64_t
number(const struct fhir_node *object, const char *name, struct cw_arena *arena)
{
	struct cw_str text = cw_str_dup(arena, fhir_node_text(object, name));

	return text.s ? strtoll(text.s, NULL, 10) : -1;
}

static bool
is_type(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((s.s[i] < 'a' || s.s[i] > 'z') && s.s[i] != '-')
			return false;
	}
	return s.n > 0 && s.n <= LONGEST_TYPE;
}

static bool
read_record(struct seal_record *r, const struct fhir_node *object, struct cw_arena *arena)
{
	const struct fhir_node *line;
	struct fhir_time at;
	struct cw_str salt = fhir_node_text(object, "salt");

	if (fhir_json_read(&line, fhir_node_text(object, "line"), arena, NULL, NULL) < 0)
		return false;
	*r = (struct seal_record){ .seq = number(line, "seq", arena),
		.type = fhir_node_text(line, "type") };
	if (r->seq < 1 || !is_type(r->type) ||
	    fhir_time_parse(FHIR_TIME_INSTANT, fhir_node_text(line, "at"), &at, NULL) < 0)
		return false;
	r->at = fhir_time_interval(&at).from;
	return seal_unhex(r->commit, fhir_node_text(line, "commit")) &&
	       seal_unhex(r->prev, fhir_node_text(line, "prev")) &&
	       (!salt.s || seal_salt_read(r->salt, salt));
}

/* Is the line what would have been written of this? */
static bool
is_as_written(const struct cw_buf *again, struct cw_str line)
{
	return again->n == line.n + 1 && memcmp(again->s, line.s, line.n) == 0;
}

static enum audit_verdict
read_end(
    struct audit_check *c, const struct fhir_node *end, struct cw_str line, struct cw_arena *arena)
{
	int64_t first = number(end, "first", arena), last = number(end, "last", arena);
	unsigned char head[SEAL_SIZE];
	struct cw_buf again;
	bool same = seal_unhex(head, fhir_node_text(end, "head"));

	cw_buf_init(&again, 0);
	if (same)
		put_end(&again, first, last, head);
	same = same && is_as_written(&again, line);
	cw_buf_fini(&again);
	if (!same || first != c->first)
		return say(c, AUDIT_TAMPERED, "the end of the export was changed");
	c->ended = true;
	return audit_check_end(c, last, head);
}

enum audit_verdict
audit_read(struct audit_check *c, struct cw_str line, struct seal_record *r, struct cw_str *payload,
    struct cw_arena *arena)
{
	const struct fhir_node *root = NULL;
	struct cw_buf again;
	bool same;

	*r = (struct seal_record){ 0 };
	if (c->ended)
		return say(c, AUDIT_TAMPERED, "something follows the end of the export");
	if (c->last == 0 && !cw_str_starts(line, CW_STR("{\"line\":\"")) &&
	    !cw_str_starts(line, CW_STR("{\"end\":{")))
		return say(c, AUDIT_UNREADABLE, "is no export in JSON lines");
	if (fhir_json_read(&root, line, arena, NULL, NULL) >= 0 && fhir_node_get(root, "end"))
		return read_end(c, fhir_node_get(root, "end"), line, arena);
	cw_buf_init(&again, 0);
	same = root && read_record(r, root, arena);
	if (same) {
		*payload = fhir_node_text(root, "payload");
		audit_put(&again, r, *payload);
	}
	same = same && is_as_written(&again, line);
	cw_buf_fini(&again);
	return same ? AUDIT_GOOD
		    : say(c, AUDIT_TAMPERED, "record %lld is not as it was written",
			  (long long)c->last + 1);
}

/* ---- judging ---- */

static const struct seal_key *
key_of(const struct audit_check *c, struct cw_str id)
{
	for (size_t i = 0; i < c->keys; i++) {
		if (cw_str_is(id, seal_key_id(c->key[i])))
			return c->key[i];
	}
	return NULL;
}

static enum audit_verdict
check_checkpoint(struct audit_check *c, const struct seal_record *r, struct cw_str payload,
    struct cw_arena *arena)
{
	const struct fhir_node *p = NULL;
	const struct seal_key *key;
	unsigned char head[SEAL_SIZE];
	int64_t first;

	if (!payload.s || fhir_json_read(&p, payload, arena, NULL, NULL) < 0 ||
	    !seal_unhex(head, fhir_node_text(p, "head")))
		return say(c, AUDIT_TAMPERED, "checkpoint %lld cannot be read", (long long)r->seq);
	first = number(p, "first", arena);
	if (number(p, "last", arena) != r->seq - 1 || memcmp(head, r->prev, SEAL_SIZE) != 0 ||
	    first < 1 || (c->checkpoints > 0 && first != c->covered + 1))
		return say(c, AUDIT_TAMPERED, "checkpoint %lld is not of the records before it",
		    (long long)r->seq);
	key = key_of(c, fhir_node_text(p, "key"));
	if (c->keys > 0 &&
	    (!key || !seal_signed(key, first, r->seq - 1, head, fhir_node_text(p, "signature"))))
		return say(c, AUDIT_TAMPERED, "checkpoint %lld is %s", (long long)r->seq,
		    key ? "not signed by its key" : "by a key that was not given");
	c->checkpoints++;
	c->covered = r->seq - 1;
	return AUDIT_GOOD;
}

static bool
follows(const struct audit_check *c, const struct seal_record *r, struct cw_str payload)
{
	static const unsigned char none[SEAL_SIZE];
	unsigned char commit[SEAL_SIZE];

	if (c->last > 0 && (r->seq != c->last + 1 || memcmp(r->prev, c->head, SEAL_SIZE) != 0))
		return false;
	if (r->seq == 1 && memcmp(r->prev, none, SEAL_SIZE) != 0)
		return false;
	if (!payload.s)
		return true;
	seal_commit(commit, r->salt, payload);
	return memcmp(commit, r->commit, SEAL_SIZE) == 0;
}

enum audit_verdict
audit_check_record(struct audit_check *c, const struct seal_record *r, struct cw_str payload,
    struct cw_arena *arena)
{
	if (!follows(c, r, payload))
		return say(c, AUDIT_TAMPERED, "record %lld does not fit",
		    (long long)(c->last > 0 ? c->last + 1 : r->seq));
	if (cw_str_is(r->type, "checkpoint") &&
	    check_checkpoint(c, r, payload, arena) != AUDIT_GOOD)
		return AUDIT_TAMPERED;
	c->first = c->first == 0 ? r->seq : c->first;
	c->last = r->seq;
	c->dropped += !payload.s;
	seal_hash(c->head, r);
	c->met = c->met || (c->known && memcmp(c->known, c->head, SEAL_SIZE) == 0);
	return AUDIT_GOOD;
}

enum audit_verdict
audit_check_end(struct audit_check *c, int64_t seq, const unsigned char *head)
{
	if (head && c->last < seq)
		return say(c, AUDIT_INCOMPLETE, "record %lld is missing, and what followed it",
		    (long long)c->last + 1);
	if (head && (c->last != seq || memcmp(c->head, head, SEAL_SIZE) != 0))
		return say(c, AUDIT_TAMPERED, "the records do not end as they were left");
	if (!head && !c->ended)
		return say(c, AUDIT_INCOMPLETE, "cut off after record %lld", (long long)c->last);
	if (!head && c->known && !c->met)
		return say(c, AUDIT_TAMPERED, "no record has the head that was given");
	return AUDIT_GOOD;
}
