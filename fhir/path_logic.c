/* path_logic: boolean operators and comparisons, three-valued and with their doubt.
 *
 * An operand in doubt may be true, false or empty: the answer is sure only when it is the same for
 * all three.  A comparison of two present operands that gives nothing is in doubt, and reported. */
#include <string.h>

#include "fhir/order.h"
#include "fhir/path_session.h"

/* --- and, or, xor, implies: a sure dominating operand decides, and spares the other --- */

static int
settle(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    enum path_bool left_wins, enum path_bool right_wins, enum path_bool then, struct path_tri *out,
    struct path_tri *a, struct path_tri *b)
{
	int r = path_test(x, n->left, f, a);

	if (r)
		return r < 0 ? r : CW_EVALUE;
	*out = (struct path_tri){ .is = then };
	if (a->is == left_wins && !a->unsure)
		return 1;
	r = path_test(x, n->right, f, b);
	if (r)
		return r;
	if (b->is == right_wins && !b->unsure)
		return 1;
	out->unsure = a->unsure || b->unsure;
	return 0;
}

int
path_test_and(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct path_tri a, b;
	int r = settle(x, n, f, PATH_FALSE, PATH_FALSE, PATH_FALSE, out, &a, &b);

	if (r)
		return r < 0 ? r : 0;
	if (a.is == PATH_FALSE || b.is == PATH_FALSE)
		out->is = PATH_FALSE;
	else
		out->is = a.is == PATH_TRUE && b.is == PATH_TRUE ? PATH_TRUE : PATH_NONE;
	return 0;
}

int
path_test_or(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct path_tri a, b;
	int r = settle(x, n, f, PATH_TRUE, PATH_TRUE, PATH_TRUE, out, &a, &b);

	if (r)
		return r < 0 ? r : 0;
	if (a.is == PATH_TRUE || b.is == PATH_TRUE)
		out->is = PATH_TRUE;
	else
		out->is = a.is == PATH_FALSE && b.is == PATH_FALSE ? PATH_FALSE : PATH_NONE;
	return 0;
}

int
path_test_implies(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct path_tri a, b;
	int r = settle(x, n, f, PATH_FALSE, PATH_TRUE, PATH_TRUE, out, &a, &b);

	if (r)
		return r < 0 ? r : 0;
	if (a.is == PATH_FALSE || b.is == PATH_TRUE)
		out->is = PATH_TRUE;
	else
		out->is = a.is == PATH_TRUE ? b.is : PATH_NONE;
	return 0;
}

int
path_test_xor(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct path_tri a, b;
	int r = path_test(x, n->left, f, &a);

	if (!r)
		r = path_test(x, n->right, f, &b);
	if (r)
		return r;
	out->unsure = a.unsure || b.unsure;
	if ((a.is == PATH_NONE && !a.unsure) || (b.is == PATH_NONE && !b.unsure))
		out->unsure = false;
	out->is = a.is == PATH_NONE || b.is == PATH_NONE ? PATH_NONE
		  : a.is != b.is			 ? PATH_TRUE
							 : PATH_FALSE;
	return 0;
}

/* --- comparisons --- */

void
path_report(struct path_ctx *x, size_t at, const char *op, const struct fhir_item *a,
    const struct fhir_item *b)
{
	const struct fhir_path_env *env = &x->session->env;

	if (env->unsure)
		env->unsure(env->user, x->path, at + 1, op, a, b);
}

/* Two operands of at most one item. 1: both there; 0: *out is settled; negative: error. */
static int
operands(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *a, struct fhir_item *b, struct path_tri *out)
{
	unsigned ua = 0, ub = 0;
	int na = path_one(x, n->left, f, a, &ua);
	int nb = na < 0 ? na : path_one(x, n->right, f, b, &ub);

	if (nb < 0)
		return nb;
	out->is = PATH_NONE;
	out->unsure = (ua || ub) && (na || ua) && (nb || ub);
	return na && nb;
}

static const char *
op_text(enum path_op op)
{
	switch ((int)op) {
	case PATH_LT:
		return "<";
	case PATH_LE:
		return "<=";
	case PATH_GT:
		return ">";
	case PATH_GE:
		return ">=";
	case PATH_NE:
		return "!=";
	case PATH_IN:
		return "in";
	case PATH_CONTAINS:
		return "contains";
	default:
		return "=";
	}
}

static int
bad_types(struct path_ctx *x, const struct path_node *n, const struct fhir_item *a,
    const struct fhir_item *b)
{
	struct cw_str ta = fhir_item_type_name(x->arena, x->model, a);
	struct cw_str tb = fhir_item_type_name(x->arena, x->model, b);

	return path_fail_node(x, n, CW_ETYPE, "'%s' cannot compare %.*s with %.*s", op_text(n->op),
	    CW_ARG(ta), CW_ARG(tb));
}

static unsigned
wanted(enum path_op op)
{
	switch ((int)op) {
	case PATH_LT:
		return FHIR_LESS;
	case PATH_LE:
		return FHIR_LESS | FHIR_EQUAL;
	case PATH_GT:
		return FHIR_GREATER;
	default:
		return FHIR_GREATER | FHIR_EQUAL;
	}
}

static unsigned
order_of(int64_t a, int64_t b)
{
	return a < b ? FHIR_LESS : a > b ? FHIR_GREATER : FHIR_EQUAL;
}

int
path_test_compare(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct fhir_item a, b;
	unsigned order;
	int is, r = operands(x, n, f, &a, &b, out);

	if (r <= 0)
		return r;
	if (a.kind == b.kind && ((a.kind == FHIR_ITEM_DATETIME && a.instant && b.instant) ||
				    a.kind == FHIR_ITEM_INTEGER)) {
		order = order_of(a.i, b.i);
	} else {
		r = path_order(x, &a, &b, &order);
		if (r == CW_ETYPE)
			return bad_types(x, n, &a, &b);
		if (r)
			return r;
	}
	is = fhir_order_is(order, wanted(n->op));
	if (is < 0) {
		out->unsure = true;
		path_report(x, n->at, op_text(n->op), &a, &b);
		return 0;
	}
	out->is = is ? PATH_TRUE : PATH_FALSE;
	return 0;
}

static void
equal_items(struct path_ctx *x, const struct path_node *n, const struct fhir_item *a,
    const struct fhir_item *b, struct path_tri *out)
{
	out->is = path_equal(x, a, b);
	if (out->is == PATH_NONE) {
		out->unsure = true;
		path_report(x, n->at, op_text(n->op), a, b);
	}
}

static void
negate_if(const struct path_node *n, struct path_tri *out)
{
	if ((n->op == PATH_NE || n->op == PATH_NEQUIV) && out->is != PATH_NONE)
		out->is = out->is == PATH_TRUE ? PATH_FALSE : PATH_TRUE;
}

/* = and != where both sides hold at most one item by their static types. */
int
path_test_equal_one(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	const struct path_node *right = n->right;
	struct fhir_item a, b;
	unsigned unsure = 0;
	int r;

	if (right->op == PATH_LITERAL) { /* the common case: a member with one word */
		b = right->item;
		r = path_one(x, n->left, f, &a, &unsure);
		*out = (struct path_tri){ .is = PATH_NONE, .unsure = unsure != 0 };
	} else {
		r = operands(x, n, f, &a, &b, out);
	}
	if (r <= 0)
		return r;
	if (a.kind == FHIR_ITEM_STRING && b.kind == FHIR_ITEM_STRING)
		out->is = a.n == b.n && (a.s == b.s || memcmp(a.s, b.s, a.n) == 0) ? PATH_TRUE
										   : PATH_FALSE;
	else
		equal_items(x, n, &a, &b, out);
	negate_if(n, out);
	return 0;
}

/* Two operand collections and what their taint means. 1 when both hold something. */
static int
collections(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *a, struct fhir_coll *b, struct path_tri *out)
{
	int r = path_eval(x, n->left, f, a);

	if (!r)
		r = path_eval(x, n->right, f, b);
	if (r)
		return r;
	out->is = PATH_NONE;
	out->unsure = a->unsure || b->unsure;
	if ((a->n == 0 && !a->unsure) || (b->n == 0 && !b->unsure))
		out->unsure = false;
	return a->n && b->n;
}

int
path_test_equal(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct fhir_coll a, b;
	int r = collections(x, n, f, &a, &b, out);
	bool doubt, none = false;

	if (r <= 0)
		return r;
	doubt = out->unsure;
	out->is = a.n == b.n ? PATH_TRUE : PATH_FALSE;
	for (uint32_t i = 0; i < a.n && out->is == PATH_TRUE; i++) {
		struct path_tri t = { .is = PATH_NONE };

		equal_items(x, n, &a.item[i], &b.item[i], &t);
		none |= t.is == PATH_NONE;
		if (t.is == PATH_FALSE)
			out->is = PATH_FALSE;
	}
	if (none && out->is == PATH_TRUE) {
		out->is = PATH_NONE;
		doubt = true;
	}
	out->unsure = doubt;
	negate_if(n, out);
	return 0;
}

/* ~ over collections: same items in any order; two empty ones are equivalent. */
static bool
equivalent_sets(struct path_ctx *x, struct fhir_coll *a, struct fhir_coll *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++) {
		uint32_t j = 0;

		x->session->steps += b->n;
		if (x->session->steps > PATH_MAX_STEPS)
			return false; /* fhir_path_eval makes it an error */
		while (j < b->n && !path_equivalent(x, &a->item[i], &b->item[j]))
			j++;
		if (j == b->n)
			return false;
		b->item[j] = b->item[--b->n];
	}
	return true;
}

int
path_test_equiv(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	struct fhir_coll a, b;
	int r = collections(x, n, f, &a, &b, out);

	if (r < 0)
		return r;
	out->unsure = a.unsure || b.unsure;
	out->is = equivalent_sets(x, &a, &b) ? PATH_TRUE : PATH_FALSE;
	negate_if(n, out);
	return 0;
}

int
path_test_in(
    struct path_ctx *x, const struct path_node *n, const struct path_frame *f, struct path_tri *out)
{
	const struct path_node *one = n->op == PATH_IN ? n->left : n->right;
	const struct path_node *many = n->op == PATH_IN ? n->right : n->left;
	struct fhir_coll c;
	struct fhir_item item;
	unsigned unsure = 0;
	int k = path_one(x, one, f, &item, &unsure), r;

	if (k < 0)
		return k;
	*out = (struct path_tri){ .is = PATH_NONE, .unsure = unsure != 0 };
	r = path_eval(x, many, f, &c);
	if (r || k == 0)
		return r;
	out->is = PATH_FALSE;
	x->session->steps += c.n;
	for (uint32_t i = 0; i < c.n && out->is == PATH_FALSE; i++) {
		struct path_tri t = { .is = PATH_FALSE };

		equal_items(x, n, &item, &c.item[i], &t);
		if (t.is == PATH_TRUE)
			*out =
			    (struct path_tri){ PATH_TRUE, unsure || (c.unsure & FHIR_UNSURE_LESS) };
		else
			out->unsure |= t.unsure;
	}
	if (out->is == PATH_FALSE)
		out->unsure |= c.unsure != 0;
	return 0;
}
