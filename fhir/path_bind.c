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

/* Does this operand hold at most one item whatever the data? */
static bool
single(const struct path_node *n)
{
	return !n->is.many;
}

void
path_bind(struct path_node *n)
{
	if (n->kept) {
		n->eval = path_eval_memo;
		n->one = path_one_memo;
		n->test = path_test_memo;
		return;
	}
	switch (n->op) {
	case PATH_LITERAL:
		by_one(n, path_one_literal);
		n->eval = path_eval_literal;
		break;
	case PATH_EMPTY:
		by_eval(n, path_eval_empty);
		break;
	case PATH_THIS:
		by_eval(n, path_eval_this);
		n->one = path_one_this;
		break;
	case PATH_INDEX:
		by_one(n, path_one_index);
		break;
	case PATH_TOTAL:
		by_eval(n, path_eval_total);
		break;
	case PATH_VAR:
		by_eval(n, path_eval_var);
		n->one = path_one_var;
		n->test = path_test_by_one;
		break;
	case PATH_LOCAL:
		by_eval(n, path_eval_local);
		break;
	case PATH_MEMBER:
		bind_member(n);
		break;
	case PATH_CALL:
		bind_call(n);
		break;
	case PATH_AT:
		by_eval(n, path_eval_at);
		break;
	case PATH_NEGATE:
	case PATH_PLUS_SIGN:
		by_one(n, path_one_negate);
		break;
	case PATH_MUL:
	case PATH_DIVIDE:
	case PATH_DIV:
	case PATH_MOD:
	case PATH_ADD:
	case PATH_SUB:
		by_one(n, path_one_arith);
		break;
	case PATH_CONCAT:
		by_one(n, path_one_concat);
		break;
	case PATH_UNION:
		by_eval(n, path_eval_union);
		break;
	case PATH_LT:
	case PATH_LE:
	case PATH_GT:
	case PATH_GE:
		by_test(n, path_test_compare);
		break;
	case PATH_EQ:
	case PATH_NE:
		by_test(
		    n, single(n->left) && single(n->right) ? path_test_equal_one : path_test_equal);
		break;
	case PATH_EQUIV:
	case PATH_NEQUIV:
		by_test(n, path_test_equiv);
		break;
	case PATH_IN:
	case PATH_CONTAINS:
		by_test(n, path_test_in);
		break;
	case PATH_IS:
		by_test(n, path_test_is);
		break;
	case PATH_AS:
		by_eval(n, path_eval_as);
		break;
	case PATH_AND:
		by_test(n, path_test_and);
		break;
	case PATH_OR:
		by_test(n, path_test_or);
		break;
	case PATH_XOR:
		by_test(n, path_test_xor);
		break;
	case PATH_IMPLIES:
		by_test(n, path_test_implies);
		break;
	}
}
