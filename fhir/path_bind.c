/* path_bind: which evaluator serves a node, chosen once when it is compiled. */
#include "fhir/path_session.h"

static void
by_eval(struct path_node *n, path_eval_fn *eval)
{
	n->eval = eval;
	n->one = path_one_by_eval;
	n->test = path_test_by_eval;
}

static void
by_one(struct path_node *n, path_one_fn *one)
{
	n->eval = path_eval_by_one;
	n->one = one;
	n->test = path_test_by_one;
}

static void
by_test(struct path_node *n, path_test_fn *test)
{
	n->eval = path_eval_by_test;
	n->one = path_one_by_test;
	n->test = test;
}

static void
bind_call(struct path_node *n)
{
	const struct path_fn *fn = n->fn;

	if (fn->test)
		by_test(n, fn->test);
	else if (fn->one)
		by_one(n, fn->one);
	else
		by_eval(n, fn->eval ? fn->eval : path_eval_call);
}

static void
bind_member(struct path_node *n)
{
	if (n->cls && !n->is.many)
		by_one(n, path_one_record);
	else
		by_eval(n, path_eval_member);
}

/* Operators without choice. */
static const struct {
	path_eval_fn *eval;
	path_one_fn *one;
	path_test_fn *test;
} table[] = {
	[PATH_LITERAL] = { path_eval_literal, path_one_literal, path_test_by_one },
	[PATH_EMPTY] = { path_eval_empty, path_one_by_eval, path_test_by_eval },
	[PATH_THIS] = { path_eval_this, path_one_this, path_test_by_one },
	[PATH_INDEX] = { path_eval_by_one, path_one_index, path_test_by_one },
	[PATH_TOTAL] = { path_eval_total, path_one_by_eval, path_test_by_eval },
	[PATH_VAR] = { path_eval_var, path_one_var, path_test_by_one },
	[PATH_LOCAL] = { path_eval_local, path_one_by_eval, path_test_by_eval },
	[PATH_AT] = { path_eval_at, path_one_by_eval, path_test_by_eval },
	[PATH_NEGATE] = { path_eval_by_one, path_one_negate, path_test_by_one },
	[PATH_PLUS_SIGN] = { path_eval_by_one, path_one_negate, path_test_by_one },
	[PATH_MUL] = { path_eval_by_one, path_one_arith, path_test_by_one },
	[PATH_DIVIDE] = { path_eval_by_one, path_one_arith, path_test_by_one },
	[PATH_DIV] = { path_eval_by_one, path_one_arith, path_test_by_one },
	[PATH_MOD] = { path_eval_by_one, path_one_arith, path_test_by_one },
	[PATH_ADD] = { path_eval_by_one, path_one_arith, path_test_by_one },
	[PATH_SUB] = { path_eval_by_one, path_one_arith, path_test_by_one },
	[PATH_CONCAT] = { path_eval_by_one, path_one_concat, path_test_by_one },
	[PATH_UNION] = { path_eval_union, path_one_by_eval, path_test_by_eval },
	[PATH_LT] = { path_eval_by_test, path_one_by_test, path_test_compare },
	[PATH_LE] = { path_eval_by_test, path_one_by_test, path_test_compare },
	[PATH_GT] = { path_eval_by_test, path_one_by_test, path_test_compare },
	[PATH_GE] = { path_eval_by_test, path_one_by_test, path_test_compare },
	[PATH_EQ] = { path_eval_by_test, path_one_by_test, path_test_equal },
	[PATH_NE] = { path_eval_by_test, path_one_by_test, path_test_equal },
	[PATH_EQUIV] = { path_eval_by_test, path_one_by_test, path_test_equiv },
	[PATH_NEQUIV] = { path_eval_by_test, path_one_by_test, path_test_equiv },
	[PATH_IN] = { path_eval_by_test, path_one_by_test, path_test_in },
	[PATH_CONTAINS] = { path_eval_by_test, path_one_by_test, path_test_in },
	[PATH_IS] = { path_eval_by_test, path_one_by_test, path_test_is },
	[PATH_AS] = { path_eval_as, path_one_by_eval, path_test_by_eval },
	[PATH_AND] = { path_eval_by_test, path_one_by_test, path_test_and },
	[PATH_OR] = { path_eval_by_test, path_one_by_test, path_test_or },
	[PATH_XOR] = { path_eval_by_test, path_one_by_test, path_test_xor },
	[PATH_IMPLIES] = { path_eval_by_test, path_one_by_test, path_test_implies },
};

void
path_bind(struct path_node *n)
{
	if (n->kept) {
		n->eval = path_eval_memo;
		n->one = path_one_memo;
		n->test = path_test_memo;
	} else if (n->op == PATH_MEMBER) {
		bind_member(n);
	} else if (n->op == PATH_CALL) {
		bind_call(n);
	} else {
		n->eval = table[n->op].eval;
		n->one = table[n->op].one;
		n->test = table[n->op].test;
	}
	if (!n->kept && (n->op == PATH_EQ || n->op == PATH_NE) && !n->left->is.many &&
	    !n->right->is.many)
		n->test = path_test_equal_one;
}
