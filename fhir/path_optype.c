/* path_optype: static types of operators; what can be refused or remarked before evaluation. */
#include "fhir/path_check.h"
#include "fhir/quantity.h"

bool
path_kinds_compare(enum fhir_item_kind a, enum fhir_item_kind b)
{
	bool na = a == FHIR_ITEM_INTEGER || a == FHIR_ITEM_LONG || a == FHIR_ITEM_DECIMAL ||
		  a == FHIR_ITEM_QUANTITY;
	bool nb = b == FHIR_ITEM_INTEGER || b == FHIR_ITEM_LONG || b == FHIR_ITEM_DECIMAL ||
		  b == FHIR_ITEM_QUANTITY;
	bool da = a == FHIR_ITEM_DATE || a == FHIR_ITEM_DATETIME;
	bool db = b == FHIR_ITEM_DATE || b == FHIR_ITEM_DATETIME;

	if (a == FHIR_ITEM_NODE || b == FHIR_ITEM_NODE)
		return false;
	return a == b || (na && nb) || (da && db);
}

static int
misfit(struct checker *c, const struct path_node *n)
{
	struct cw_str a = path_static_name(c->opt->model, &n->left->is);
	struct cw_str b = path_static_name(c->opt->model, &n->right->is);

	return path_fail_at(c->err, CW_ETYPE, n->at, "'%.*s' cannot take %.*s and %.*s",
	    CW_ARG(n->name), CW_ARG(a), CW_ARG(b));
}

/* What is wrong with a comparison, or NULL. */
static const char *
doubtful(struct checker *c, const struct path_node *n, enum fhir_item_kind a, enum fhir_item_kind b)
{
	struct path_ctx x = { .path = c->path, .arena = c->path->arena };
	int sign;

	if ((a == FHIR_ITEM_DATE && b == FHIR_ITEM_DATETIME) ||
	    (a == FHIR_ITEM_DATETIME && b == FHIR_ITEM_DATE))
		return "a date against a dateTime: empty whenever the days are the same";
	if (!path_kinds_compare(a, b) && (n->op == PATH_EQ || n->op == PATH_NE))
		return "values of these types are never equal";
	if (n->left->op == PATH_LITERAL && n->right->op == PATH_LITERAL &&
	    a == FHIR_ITEM_QUANTITY && b == FHIR_ITEM_QUANTITY &&
	    path_compare(&x, &n->left->item, &n->right->item, &sign) > 0)
		return "these units do not compare";
	return NULL;
}

static int
lint_comparison(
    struct checker *c, const struct path_node *n, enum fhir_item_kind a, enum fhir_item_kind b)
{
	const char *text = doubtful(c, n, a, b);

	if (text == NULL)
		return 0;
	if (c->opt->comparable)
		return path_fail_at(c->err, CW_ETYPE, n->at, "%s", text);
	path_lint(c, n, text);
	return 0;
}

static int
check_comparison(struct checker *c, struct path_node *n)
{
	enum fhir_item_kind a = path_static_kind(c->opt->model, &n->left->is);
	enum fhir_item_kind b = path_static_kind(c->opt->model, &n->right->is);
	bool ordered = n->op >= PATH_LT && n->op <= PATH_GE;
	bool known = a != FHIR_ITEM_ANY && b != FHIR_ITEM_ANY;

	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_BOOLEAN };
	n->safe = n->left->safe && n->right->safe;
	if (ordered) {
		if (c->opt->strict && known && !path_kinds_compare(a, b))
			return misfit(c, n);
		if (c->opt->strict && known && a == FHIR_ITEM_BOOLEAN)
			return misfit(c, n);
		n->safe &= known && path_kinds_compare(a, b) && a != FHIR_ITEM_BOOLEAN &&
			   !n->left->is.many && !n->right->is.many;
	}
	return known ? lint_comparison(c, n, a, b) : 0;
}

static bool
is_timelike(enum fhir_item_kind k)
{
	return k == FHIR_ITEM_DATE || k == FHIR_ITEM_DATETIME || k == FHIR_ITEM_TIME;
}

static bool
is_number(enum fhir_item_kind k)
{
	return k == FHIR_ITEM_INTEGER || k == FHIR_ITEM_LONG || k == FHIR_ITEM_DECIMAL;
}

/* Can a op b be computed, as far as the static types tell? */
static bool
arithmetic_fits(enum path_op op, enum fhir_item_kind a, enum fhir_item_kind b)
{
	bool add = op == PATH_ADD || op == PATH_SUB;

	if (a == FHIR_ITEM_ANY || b == FHIR_ITEM_ANY)
		return true;
	if (is_number(a) && is_number(b))
		return true;
	if (is_timelike(a))
		return add && b == FHIR_ITEM_QUANTITY;
	if (a == FHIR_ITEM_STRING && b == FHIR_ITEM_STRING)
		return op == PATH_ADD;
	if (a == FHIR_ITEM_QUANTITY || b == FHIR_ITEM_QUANTITY)
		return (a == FHIR_ITEM_QUANTITY || is_number(a)) &&
		       (b == FHIR_ITEM_QUANTITY || is_number(b));
	return false;
}

static int
check_arithmetic(struct checker *c, struct path_node *n)
{
	enum fhir_item_kind a = path_static_kind(c->opt->model, &n->left->is);
	enum fhir_item_kind b = path_static_kind(c->opt->model, &n->right->is);

	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_ANY };
	if (is_timelike(a) || a == FHIR_ITEM_STRING || a == FHIR_ITEM_QUANTITY)
		n->is.kind = a;
	else if (a == FHIR_ITEM_INTEGER && b == FHIR_ITEM_INTEGER)
		n->is.kind = n->op == PATH_DIVIDE ? FHIR_ITEM_DECIMAL : FHIR_ITEM_INTEGER;
	else if (is_number(a) && is_number(b))
		n->is.kind =
		    a == FHIR_ITEM_DECIMAL || b == FHIR_ITEM_DECIMAL || n->op == PATH_DIVIDE
			? FHIR_ITEM_DECIMAL
			: FHIR_ITEM_LONG;
	if (n->op == PATH_DIV && n->is.kind == FHIR_ITEM_DECIMAL)
		n->is.kind = FHIR_ITEM_ANY;
	if (c->opt->strict && !arithmetic_fits(n->op, a, b))
		return misfit(c, n);
	return 0;
}

/* Singleton evaluation makes true of any single item: seldom what was meant. */
static void
lint_boolean(struct checker *c, const struct path_node *operand)
{
	enum fhir_item_kind k = path_static_kind(c->opt->model, &operand->is);

	if (k != FHIR_ITEM_ANY && k != FHIR_ITEM_BOOLEAN)
		path_lint(c, operand, "this is not a boolean: any single value counts as true");
}

static int
check_boolean(struct checker *c, struct path_node *n)
{
	lint_boolean(c, n->left);
	lint_boolean(c, n->right);
	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_BOOLEAN };
	n->safe = n->left->safe && n->right->safe && !n->left->is.many && !n->right->is.many;
	return 0;
}

static int
check_type_operator(struct checker *c, struct path_node *n)
{
	int r = path_check_spec(c, n->spec, n->at);

	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_BOOLEAN };
	if (n->op == PATH_AS) {
		n->is = path_spec_type(n->spec, &n->left->is);
		n->is.many = false;
	}
	n->safe = n->left->safe && !n->left->is.many;
	return r;
}

static int
check_union(struct path_node *n)
{
	const struct fhir_path_type *a = &n->left->is, *b = &n->right->is;

	n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_ANY, .many = true };
	if (a->kind == b->kind && a->type == b->type && a->cls == b->cls && !a->choice &&
	    !b->choice) {
		n->is = *a;
		n->is.many = true;
	}
	n->safe = n->left->safe && n->right->safe;
	n->unordered = true;
	return 0;
}

int
path_check_operator(struct checker *c, struct path_node *n)
{
	switch ((int)n->op) {
	case PATH_NEGATE:
	case PATH_PLUS_SIGN:
		n->is = n->left->is;
		n->is.many = false;
		return 0;
	case PATH_CONCAT:
		n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_STRING };
		return 0;
	case PATH_UNION:
		return check_union(n);
	case PATH_IS:
	case PATH_AS:
		return check_type_operator(c, n);
	case PATH_AND:
	case PATH_OR:
	case PATH_XOR:
	case PATH_IMPLIES:
		return check_boolean(c, n);
	case PATH_IN:
	case PATH_CONTAINS:
		n->is = (struct fhir_path_type){ .kind = FHIR_ITEM_BOOLEAN };
		n->safe = n->left->safe && n->right->safe &&
			  !(n->op == PATH_IN ? n->left : n->right)->is.many;
		return 0;
	case PATH_LT:
	case PATH_LE:
	case PATH_GT:
	case PATH_GE:
	case PATH_EQ:
	case PATH_NE:
	case PATH_EQUIV:
	case PATH_NEQUIV:
		return check_comparison(c, n);
	default:
		return check_arithmetic(c, n);
	}
}
