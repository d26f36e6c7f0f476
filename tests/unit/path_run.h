/* path_run: running one FHIRPath expression and showing what it gave, for the tests of path. */
#ifndef TESTS_PATH_RUN_H
#define TESTS_PATH_RUN_H

#include "fhir/path.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fhir/json.h"
#include "fhir/types.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* 2025-06-16T09:00:00Z */
static const int64_t NOW = 1750064400000;

struct run {
	struct cw_arena *arena, *tree;
	struct fhir_path_scope *scope;
	struct fhir_path_session *session;
	struct fhir_item records[8];
	size_t n;
	unsigned reports, reported_at;
	char reported_op[16];
	char text[512];
	struct cw_err err;
};

static inline void
on_unsure(void *user, const struct fhir_path *path, size_t at, const char *op,
    const struct fhir_item *left, const struct fhir_item *right)
{
	struct run *run = user;

	ck_assert_ptr_nonnull(path);
	ck_assert_ptr_nonnull(left);
	ck_assert_ptr_nonnull(right);
	run->reports++;
	run->reported_at = (unsigned)at;
	snprintf(run->reported_op, sizeof(run->reported_op), "%s", op);
}

static inline void
render(struct run *run, const struct fhir_coll *c)
{
	struct cw_buf b;

	cw_buf_init(&b, sizeof(run->text) - 1);
	for (uint32_t i = 0; i < c->n; i++) {
		struct cw_str s = fhir_item_text(run->arena, fhir_model_r4(), &c->item[i]);

		if (!s.s)
			s = fhir_item_type_name(run->arena, fhir_model_r4(), &c->item[i]);
		cw_buf_puts(&b, i ? ", " : "");
		cw_buf_str(&b, s);
	}
	if (c->unsure)
		cw_buf_puts(&b, "?");
	snprintf(run->text, sizeof(run->text), "%s", b.n ? b.s : "");
	cw_buf_fini(&b);
}

/* The items as text, "?" after doubtful ones; "!column" for an error. */
static inline const char *
show(struct run *run, const char *expr, const struct fhir_path_options *opt,
    const struct fhir_item *input)
{
	struct fhir_path *path;
	struct fhir_coll out;
	int r;

	run->err = (struct cw_err){ 0 };
	r = fhir_path_compile(&path, cw_str(expr), opt, &run->err);
	if (!r) {
		r = fhir_path_eval(path, run->session, input, input ? 1 : 0, &out, &run->err);
		if (!r)
			render(run, &out);
	}
	if (r) {
		ck_assert_int_eq(r, run->err.code);
		ck_assert_int_ne(run->err.text[0], 0);
		snprintf(run->text, sizeof(run->text), "!%zu", run->err.column);
	}
	fhir_path_free(path);
	return run->text;
}

static inline void
begin(struct run *run, struct fhir_path_scope *scope, const struct fhir_item *context)
{
	memset(run, 0, sizeof(*run));
	run->arena = cw_arena_new(64 << 20);
	run->scope = scope;
	run->session = fhir_path_session_new(&(struct fhir_path_env){ .arena = run->arena,
	    .scope = scope,
	    .model = fhir_model_r4(),
	    .now_ms = NOW,
	    .context = context,
	    .unsure = on_unsure,
	    .user = run });
	ck_assert_ptr_nonnull(run->session);
}

static inline void
end(struct run *run)
{
	cw_arena_free(run->arena);
	cw_arena_free(run->tree);
	fhir_path_scope_free(run->scope);
}

struct expect {
	const char *expr, *want;
};

static inline void
expect_all(struct run *run, const struct expect *e, size_t n, const struct fhir_path_options *opt,
    const struct fhir_item *input)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		const char *got = show(run, e[i].expr, opt, input);

		if (strcmp(got, e[i].want) == 0)
			continue;
		wrong++;
		printf("%s\n\tgave %s, not %s (%s)\n", e[i].expr, got, e[i].want, run->err.text);
	}
	ck_assert_uint_eq(wrong, 0);
}

#endif
