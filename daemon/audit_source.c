#include "daemon/audit_source.h"

#include "daemon/ask.h"
#include "daemon/store.h"
#include "fhir/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
audit_source_file(struct audit_source *s, const char *path, struct cw_err *err)
{
	*s = (struct audit_source){ .file = fopen(path, "rbe") };
	if (s->file == NULL)
		return cw_fail(
		    err, errno == ENOENT ? CW_ENOTFOUND : CW_EIO, "%s: %s", path, strerror(errno));
	return CW_OK;
}

int
audit_source_dir(struct audit_source *s, const char *dir, const char *socket, struct cw_err *err)
{
	int rc;

	*s = (struct audit_source){ .file = NULL };
	rc = store_open_records(&s->store, dir, err);
	if (rc == STORE_NONE)
		return cw_fail(err, CW_ENOTFOUND, "%s: no database there", dir);
	return rc == STORE_BUSY ? ask_open(&s->ask, NULL, socket, err) : rc;
}

void
audit_source_close(struct audit_source *s)
{
	if (s->file != NULL)
		fclose(s->file);
	store_close(s->store);
	ask_close(s->ask);
	*s = (struct audit_source){ .file = NULL };
}

int
audit_source_end(
    struct audit_source *s, int64_t *seq, unsigned char head[SEAL_SIZE], struct cw_err *err)
{
	struct cw_arena *arena;
	const struct fhir_node *end = NULL;
	struct cw_str last;
	int rc;

	if (s->store != NULL)
		return store_audit_end(s->store, seq, head, err);
	arena = cw_arena_new(0);
	rc = ask_for(s->ask, &end, "audit-end", "", arena, err);
	last = cw_str_dup(arena, fhir_node_text(end, "last"));
	if (rc >= 0 && (last.s == NULL || !seal_unhex(head, fhir_node_text(end, "head"))))
		rc = cw_fail(err, CW_EVALUE, "the daemon does not say where its records end");
	else if (rc >= 0)
		*seq = strtoll(last.s, NULL, 10);
	cw_arena_free(arena);
	return rc;
}

/* One walk. */
struct walk {
	int64_t to, last;
	struct audit_check *c;
	enum audit_verdict *verdict;
	int (*fn)(
	    void *arg, const struct seal_record *r, struct cw_str payload, struct cw_arena *arena);
	void *arg;
	struct cw_arena *arena;
	bool over; /* by fn, to or the verdict */
};

static int
give(struct walk *w, const struct seal_record *r, struct cw_str payload)
{
	int rc;

	w->over = w->over || r->seq > w->to;
	if (w->over)
		return 1;
	w->last = r->seq;
	rc = w->fn(w->arg, r, payload, w->arena);
	w->over = rc != 0;
	return rc;
}

static int
give_line(struct walk *w, struct cw_str line)
{
	struct seal_record r;
	struct cw_str payload = { NULL, 0 };

	cw_arena_reset(w->arena);
	*w->verdict = audit_read(w->c, line, &r, &payload, w->arena);
	w->over = *w->verdict != AUDIT_GOOD;
	return w->over || r.seq == 0 ? 0 : give(w, &r, payload);
}

static int
on_record(void *arg, const struct seal_record *r, struct cw_str payload)
{
	struct walk *w = arg;

	cw_arena_reset(w->arena);
	return give(w, r, payload);
}

static int
each_of_file(struct walk *w, FILE *file, struct cw_err *err)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && !w->over && (n = getline(&line, &room, file)) > 0) {
		/* What was cut off within a line has no end either. */
		if (line[n - 1] == '\n')
			rc = give_line(w, (struct cw_str){ line, (size_t)n - 1 });
		else if (w->c->last == 0)
			rc = give_line(w, (struct cw_str){ line, (size_t)n });
	}
	free(line);
	return rc == 0 && ferror(file) ? cw_fail(err, CW_EIO, "%s", strerror(errno)) : rc;
}

/* What comes is judged as a line of an export is. */
static int
each_of_page(struct walk *w, struct ask *ask, struct cw_arena *arena, struct cw_err *err)
{
	const struct fhir_node *answer = NULL, *record;
	struct cw_buf line;
	char arguments[64];
	int rc;

	snprintf(arguments, sizeof(arguments), "from=%lld&to=%lld", (long long)w->last + 1,
	    (long long)w->to);
	rc = ask_for(ask, &answer, "audit", arguments, arena, err);
	record = fhir_node_get(answer, "audit");
	if (record == NULL || record->kind != FHIR_OBJECT)
		w->over = true;
	for (; rc == 0 && !w->over && record != NULL; record = fhir_node_again(record)) {
		cw_buf_init(&line, 0);
		fhir_json_write(&line, record, false);
		rc = give_line(w, (struct cw_str){ line.s, line.n });
		cw_buf_fini(&line);
	}
	return rc;
}

static int
each_of_daemon(struct walk *w, struct ask *ask, struct cw_err *err)
{
	struct cw_arena *arena = cw_arena_new(0);
	int rc = 0;

	while (rc == 0 && !w->over && w->last < w->to) {
		cw_arena_reset(arena);
		rc = each_of_page(w, ask, arena, err);
	}
	cw_arena_free(arena);
	return rc;
}

int
audit_source_each(struct audit_source *s, int64_t from, int64_t to, struct audit_check *c,
    enum audit_verdict *verdict,
    int (*fn)(
	void *arg, const struct seal_record *r, struct cw_str payload, struct cw_arena *arena),
    void *arg, struct cw_err *err)
{
	struct walk w = { .to = to,
		.last = from - 1,
		.c = c,
		.verdict = verdict,
		.fn = fn,
		.arg = arg,
		.arena = cw_arena_new(0) };
	int rc;

	*verdict = AUDIT_GOOD;
	if (s->file != NULL)
		rc = each_of_file(&w, s->file, err);
	else if (s->store != NULL)
		rc = store_audit_each(s->store, from, on_record, &w, err);
	else
		rc = each_of_daemon(&w, s->ask, err);
	cw_arena_free(w.arena);
	return rc < 0 ? rc : CW_OK;
}
