/* The audit chain in its table. Its end is kept in memory, and written at the end of each
 * transaction that made it longer. */
#include "daemon/store_internal.h"

#include <string.h>

int
store_head_load(struct store *s, struct cw_err *err)
{
	static const char last[] = "SELECT seq, at, type, prev, digest FROM audit"
				   " ORDER BY seq DESC LIMIT 1";
	static const char end[] = "SELECT seq, hash FROM head";
	struct seal_record r = { 0 };
	struct store_head found = { 0 };
	struct query q = query_new(s, last);
	int rc = query_step(&q, err);

	if (rc == QUERY_ROW) {
		r.seq = found.seq = query_get(&q);
		r.at = query_get(&q);
		r.type = query_get_bytes(&q, NULL);
		query_get_raw(&q, r.prev, sizeof(r.prev));
		query_get_raw(&q, r.commit, sizeof(r.commit));
		seal_hash(found.hash, &r);
		query_end(&q);
	}
	if (rc < 0)
		return rc;
	q = query_new(s, end);
	rc = query_step(&q, err);
	if (rc < 0)
		return rc;
	if (rc == QUERY_ROW) {
		s->committed.seq = query_get(&q);
		query_get_raw(&q, s->committed.hash, sizeof(s->committed.hash));
		query_end(&q);
	}
	s->head = s->committed;
	if (rc != QUERY_ROW || found.seq != s->head.seq ||
	    memcmp(found.hash, s->head.hash, SEAL_SIZE) != 0)
		return cw_fail(err, CW_EVALUE, "the audit chain does not end as it was left");
	return 0;
}

int
store_head_save(struct store *s, struct cw_err *err)
{
	static const char sql[] = "UPDATE head SET seq = ?, hash = ?";
	struct query q;

	if (s->head.seq == s->committed.seq)
		return 0;
	q = query_write(s, sql);
	query_int(&q, s->head.seq);
	query_digest(&q, s->head.hash);
	return query_run(&q, err);
}

int
store_audit(
    struct store *s, int64_t at, const char *type, struct cw_str payload, struct cw_err *err)
{
	static const char sql[] = "INSERT INTO audit (seq, at, type, prev, digest, salt, payload)"
				  " VALUES (?, ?, ?, ?, ?, ?, ?)";
	struct seal_record r = { .seq = s->head.seq + 1, .at = at, .type = cw_str(type) };
	struct query q;
	int rc = seal_salt(r.salt, err);

	if (rc != 0)
		return rc;
	memcpy(r.prev, s->head.hash, SEAL_SIZE);
	seal_commit(r.commit, r.salt, payload);
	q = query_write(s, sql);
	query_int(&q, r.seq);
	query_int(&q, at);
	query_text(&q, r.type);
	query_digest(&q, r.prev);
	query_digest(&q, r.commit);
	query_blob(&q, (struct cw_str){ (const char *)r.salt, SEAL_SALT });
	query_blob(&q, payload);
	rc = query_run(&q, err);
	if (rc != 0)
		return rc;
	s->head.seq = r.seq;
	seal_hash(s->head.hash, &r);
	return 0;
}

void
store_audit_head(const struct store *s, int64_t *seq, unsigned char hash[SEAL_SIZE])
{
	*seq = s->head.seq;
	memcpy(hash, s->head.hash, SEAL_SIZE);
}

int
store_audit_end(struct store *s, int64_t *seq, unsigned char hash[SEAL_SIZE], struct cw_err *err)
{
	static const char sql[] = "SELECT seq, hash FROM head";
	struct query q = query_new(s, sql);
	int rc = query_step(&q, err);

	if (rc != QUERY_ROW)
		return rc < 0 ? rc : cw_fail(err, CW_EVALUE, "the audit chain has no end");
	*seq = query_get(&q);
	query_get_raw(&q, hash, SEAL_SIZE);
	query_end(&q);
	return 0;
}

/* The next record of the query. */
static int
next(struct query *q, struct seal_record *r, struct cw_str *payload, struct cw_err *err)
{
	int rc = query_step(q, err);

	if (rc != QUERY_ROW)
		return rc;
	r->seq = query_get(q);
	r->at = query_get(q);
	r->type = query_get_bytes(q, NULL);
	query_get_raw(q, r->prev, sizeof(r->prev));
	query_get_raw(q, r->commit, sizeof(r->commit));
	query_get_raw(q, r->salt, sizeof(r->salt));
	*payload = query_get_bytes(q, NULL);
	return QUERY_ROW;
}

#define RECORDS "SELECT seq, at, type, prev, digest, salt, payload FROM audit"

static bool
fits(const struct seal_record *r, struct cw_str payload, const struct store_head *before)
{
	unsigned char commit[SEAL_SIZE];

	if (r->seq != before->seq + 1 || memcmp(r->prev, before->hash, SEAL_SIZE) != 0)
		return false;
	if (!payload.s)
		return true;
	seal_commit(commit, r->salt, payload);
	return memcmp(commit, r->commit, SEAL_SIZE) == 0;
}

int
store_audit_verify(struct store *s, int64_t *records, struct cw_err *err)
{
	static const char sql[] = RECORDS " ORDER BY seq";
	struct query q = query_new(s, sql);
	struct store_head at = { 0 };
	struct seal_record r;
	struct cw_str payload;
	int rc;

	*records = 0;
	while ((rc = next(&q, &r, &payload, err)) == QUERY_ROW) {
		if (!fits(&r, payload, &at)) {
			query_end(&q);
			return cw_fail(err, CW_EVALUE, "audit record %lld does not fit",
			    (long long)at.seq + 1);
		}
		at.seq = r.seq;
		seal_hash(at.hash, &r);
		++*records;
	}
	if (rc < 0)
		return rc;
	if (at.seq != s->head.seq || memcmp(at.hash, s->head.hash, SEAL_SIZE) != 0)
		return cw_fail(err, CW_EVALUE, "the audit chain does not end as it was left");
	return 0;
}

int
store_audit_each(struct store *s, int64_t from,
    int (*fn)(void *arg, const struct seal_record *record, struct cw_str payload), void *arg,
    struct cw_err *err)
{
	static const char sql[] = RECORDS " WHERE seq >= ? ORDER BY seq";
	struct query q = query_new(s, sql);
	struct seal_record r;
	struct cw_str payload;
	int rc;

	query_int(&q, from);
	while ((rc = next(&q, &r, &payload, err)) == QUERY_ROW) {
		rc = fn(arg, &r, payload);
		if (rc != 0) {
			query_end(&q);
			return rc;
		}
	}
	return rc;
}
