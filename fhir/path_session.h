/* path_session: a session as the evaluator sees it. */
#ifndef FHIR_PATH_SESSION_H
#define FHIR_PATH_SESSION_H

#include "fhir/path_syntax.h"

enum path_memo_state { PATH_MEMO_NONE, PATH_MEMO_BUSY, PATH_MEMO_DONE };

/* A value kept for the session: a bound name, a named expression, an invariant subexpression. */
struct path_memo {
	enum path_memo_state state;
	struct fhir_coll value;
};

struct fhir_path_session {
	struct fhir_path_env env;
	struct path_memo *var;	/* by slot of the scope */
	struct path_memo *memo; /* by memo slot of the scope */
	size_t vars, memos;
	struct fhir_item context;
	struct fhir_item resource, root_resource;
	size_t contexts, resources, root_resources; /* 0 or 1 each */
	struct fhir_coll std[6];		    /* by PATH_VAR_... */
	uint64_t steps;				    /* over the whole session */
	unsigned height; /* of the named expressions being evaluated, together */
};

/* The collection of slot; evaluates a named expression at first use. Slots below
 * PATH_STD_VARS are the standard names. */
int path_var_get(struct path_ctx *x, const struct path_node *n, const struct fhir_coll **out);

/* Slots of the standard names come first in every scope. */
enum {
	PATH_VAR_CONTEXT,
	PATH_VAR_RESOURCE,
	PATH_VAR_ROOT,
	PATH_VAR_UCUM,
	PATH_VAR_SCT,
	PATH_VAR_LOINC,
	PATH_STD_VARS
};

/* Shared by the rooms of the evaluator. */
int path_eval_any(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out); /* n->left, or $this when there is none */
int path_one(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure);
int path_test(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct path_tri *out);
int path_fail_node(struct path_ctx *x, const struct path_node *n, int code, const char *fmt, ...)
    CW_PRINTF(4, 5);
/* A collection as a criterion: singleton evaluation of a boolean. */
int path_coll_test(
    struct path_ctx *x, const struct path_node *n, const struct fhir_coll *c, struct path_tri *out);
int path_add_all(struct path_ctx *x, struct fhir_coll *to, const struct fhir_coll *from);
int path_add(struct path_ctx *x, struct fhir_coll *to, const struct fhir_item *item);
/* Put an answer into an empty collection. */
int path_put_tri(struct path_ctx *x, const struct path_tri *t, struct fhir_coll *out);

/* Evaluators by operator (path_eval.c, path_logic.c, path_arith.c, path_nav.c, path_call.c). */
path_eval_fn path_eval_by_one, path_eval_by_test, path_eval_member, path_eval_union,
    path_eval_literal, path_eval_this, path_eval_var, path_eval_local, path_eval_total,
    path_eval_at, path_eval_as, path_eval_call, path_eval_empty, path_eval_memo, path_eval_concat;
path_one_fn path_one_by_eval, path_one_by_test, path_one_literal, path_one_this, path_one_index,
    path_one_record, path_one_node, path_one_arith, path_one_negate, path_one_memo, path_one_concat,
    path_one_var, path_one_today, path_one_time_of_day;
path_test_fn path_test_by_eval, path_test_by_one, path_test_and, path_test_or, path_test_xor,
    path_test_implies, path_test_compare, path_test_equal, path_test_equal_one, path_test_equiv,
    path_test_in, path_test_is, path_test_memo;

#endif
