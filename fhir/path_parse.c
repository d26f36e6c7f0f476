/* path_parse: tokens to the syntax tree, by precedence climbing (FHIRPath N1, Appendix: grammar).
 */
#include <string.h>

#include "fhir/path_syntax.h"

enum { PATH_MAX_HEIGHT = 250 };

struct parser {
	struct path_lexer lx;
	struct path_token t; /* the token in hand */
	struct fhir_path *path;
	struct cw_err *err;
	unsigned depth;
};

struct binary {
	const char *text;
	bool word;
	unsigned char level; /* higher binds tighter */
	enum path_op op;
};

static const struct binary binaries[] = {
	{ "*", false, 10, PATH_MUL },
	{ "/", false, 10, PATH_DIVIDE },
	{ "div", true, 10, PATH_DIV },
	{ "mod", true, 10, PATH_MOD },
	{ "+", false, 9, PATH_ADD },
	{ "-", false, 9, PATH_SUB },
	{ "&", false, 9, PATH_CONCAT },
	{ "is", true, 8, PATH_IS },
	{ "as", true, 8, PATH_AS },
	{ "|", false, 7, PATH_UNION },
	{ "<=", false, 6, PATH_LE },
	{ "<", false, 6, PATH_LT },
	{ ">=", false, 6, PATH_GE },
	{ ">", false, 6, PATH_GT },
	{ "=", false, 5, PATH_EQ },
	{ "!=", false, 5, PATH_NE },
	{ "~", false, 5, PATH_EQUIV },
	{ "!~", false, 5, PATH_NEQUIV },
	{ "in", true, 4, PATH_IN },
	{ "contains", true, 4, PATH_CONTAINS },
	{ "and", true, 3, PATH_AND },
	{ "or", true, 2, PATH_OR },
	{ "xor", true, 2, PATH_XOR },
	{ "implies", true, 1, PATH_IMPLIES },
};

static int parse_expression(struct parser *p, unsigned level, struct path_node **out);

static int
next(struct parser *p)
{
	return path_lex(&p->lx, &p->t);
}

static bool
is_symbol(const struct parser *p, const char *text)
{
	return p->t.kind == PATH_T_SYMBOL && cw_str_is(p->t.text, text);
}

static int
unexpected(struct parser *p, const char *wanted)
{
	if (p->t.kind == PATH_T_END)
		return path_fail_at(p->err, CW_ESYNTAX, p->t.at,
		    "the expression ends where %s must follow", wanted);
	return path_fail_at(p->err, CW_ESYNTAX, p->t.at, "unexpected '%.*s' where %s must follow",
	    p->t.text.n > 40 ? 40 : (int)p->t.text.n, p->t.text.s, wanted);
}

static int
expect(struct parser *p, const char *symbol, const char *wanted)
{
	if (!is_symbol(p, symbol))
		return unexpected(p, wanted);
	return next(p);
}

static struct path_node *
new_node(struct parser *p, enum path_op op, uint32_t at)
{
	struct path_node *n = cw_alloc(p->path->arena, sizeof(*n));

	if (!n) {
		path_fail_at(p->err, CW_ELIMIT, at, "the expression is too large");
		return NULL;
	}
	n->op = op;
	n->at = at;
	n->all = p->path->all;
	p->path->all = n;
	return n;
}

/* Trees are walked by recursion, so their height is bounded. */
static int
set_height(struct parser *p, struct path_node *n)
{
	unsigned h = n->left ? n->left->height : 0;

	if (n->right && n->right->height > h)
		h = n->right->height;
	for (size_t i = 0; i < n->args; i++)
		h = n->arg[i]->height > h ? n->arg[i]->height : h;
	if (h >= PATH_MAX_HEIGHT)
		return path_fail_at(p->err, CW_ELIMIT, n->at, "the expression is too deep");
	n->height = (uint16_t)(h + 1);
	return 0;
}

static bool
is_reserved(struct cw_str word)
{
	static const char *const words[] = { "and", "div", "implies", "mod", "or", "xor" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (cw_str_is(word, words[i]))
			return true;
	}
	return false;
}

/* The arguments of a call; the token in hand follows "(". */
static int
parse_args(struct parser *p, struct path_node *call)
{
	struct path_node *arg[PATH_MAX_ARGS];
	int r;

	if (is_symbol(p, ")"))
		return next(p);
	for (;;) {
		if (call->args == PATH_MAX_ARGS)
			return path_fail_at(
			    p->err, CW_ESYNTAX, p->t.at, "more than %d arguments", PATH_MAX_ARGS);
		r = parse_expression(p, 0, &arg[call->args]);
		if (r)
			return r;
		call->args++;
		if (!is_symbol(p, ","))
			break;
		r = next(p);
		if (r)
			return r;
	}
	call->arg = cw_alloc(p->path->arena, call->args * sizeof(arg[0]));
	if (!call->arg)
		return path_fail_at(p->err, CW_ELIMIT, call->at, "the expression is too large");
	memcpy(call->arg, arg, call->args * sizeof(arg[0]));
	return expect(p, ")", "',' or ')'");
}

/* name or name(args), applied to left (NULL: $this). */
static int
parse_step(struct parser *p, struct path_node *left, struct path_node **out)
{
	struct path_node *n = new_node(p, PATH_MEMBER, p->t.at);
	int r;

	if (!n)
		return CW_ELIMIT;
	if (p->t.kind != PATH_T_NAME && p->t.kind != PATH_T_DELIMITED)
		return unexpected(p, "a name");
	n->left = left;
	n->name = p->t.text;
	n->delimited = p->t.kind == PATH_T_DELIMITED;
	n->root_type = !left;
	r = next(p);
	if (!r && is_symbol(p, "(") && !n->delimited) {
		n->op = PATH_CALL;
		n->root_type = false;
		r = next(p);
		if (!r)
			r = parse_args(p, n);
	}
	*out = n;
	return r ? r : set_height(p, n);
}

/* The unit after a number, if there is one. */
static int
parse_number(struct parser *p, struct path_node **out)
{
	struct path_token number = p->t;
	struct path_node *n = new_node(p, PATH_LITERAL, number.at);
	int r;

	if (!n)
		return CW_ELIMIT;
	*out = n;
	n->height = 1;
	r = next(p);
	if (r)
		return r;
	if (number.kind == PATH_T_NUMBER &&
	    (p->t.kind == PATH_T_STRING ||
		(p->t.kind == PATH_T_NAME && path_is_calendar(p->t.text)))) {
		r = path_literal_quantity(
		    p->path->arena, &number, p->t.text, p->t.kind == PATH_T_NAME, &n->item, p->err);
		return r ? r : next(p);
	}
	return path_literal_number(p->path->arena, &number, &n->item, p->err);
}

static int
parse_name(struct parser *p, struct path_node **out)
{
	struct path_node *n;
	bool yes = cw_str_is(p->t.text, "true");

	if (yes || cw_str_is(p->t.text, "false")) {
		n = *out = new_node(p, PATH_LITERAL, p->t.at);
		if (!n)
			return CW_ELIMIT;
		n->height = 1;
		n->item = fhir_item_boolean(yes);
		return next(p);
	}
	if (is_reserved(p->t.text))
		return unexpected(p, "an operand");
	return parse_step(p, NULL, out);
}

static int
parse_symbol(struct parser *p, struct path_node **out)
{
	int r;

	if (is_symbol(p, "(")) {
		r = next(p);
		if (!r)
			r = parse_expression(p, 0, out);
		if (r)
			return r;
		(*out)->grouped = true;
		return expect(p, ")", "')'");
	}
	if (!is_symbol(p, "{"))
		return unexpected(p, "an operand");
	*out = new_node(p, PATH_EMPTY, p->t.at);
	if (!*out)
		return CW_ELIMIT;
	(*out)->height = 1;
	r = next(p);
	return r ? r : expect(p, "}", "'}'");
}

static int
parse_simple(struct parser *p, enum path_op op, struct path_node **out)
{
	struct path_node *n = new_node(p, op, p->t.at);

	if (!n)
		return CW_ELIMIT;
	*out = n;
	n->height = 1;
	n->name = p->t.text;
	if (op == PATH_LITERAL) {
		if (p->t.kind == PATH_T_STRING) {
			n->item = fhir_item_string(p->t.text);
		} else {
			int r = path_literal_time(p->path->arena, &p->t, &n->item, p->err);

			if (r)
				return r;
		}
	}
	return next(p);
}

static int
parse_primary(struct parser *p, struct path_node **out)
{
	switch (p->t.kind) {
	case PATH_T_NAME:
		return parse_name(p, out);
	case PATH_T_DELIMITED:
		return parse_step(p, NULL, out);
	case PATH_T_NUMBER:
	case PATH_T_LONG:
		return parse_number(p, out);
	case PATH_T_STRING:
	case PATH_T_DATE:
	case PATH_T_DATETIME:
	case PATH_T_TIME:
		return parse_simple(p, PATH_LITERAL, out);
	case PATH_T_EXTERNAL:
		return parse_simple(p, PATH_VAR, out);
	case PATH_T_SPECIAL:
		return parse_simple(p,
		    p->t.text.s[1] == 'i' ? PATH_INDEX
		    : p->t.text.n == 5	  ? PATH_THIS
					  : PATH_TOTAL,
		    out);
	case PATH_T_SYMBOL:
		return parse_symbol(p, out);
	case PATH_T_END:
		break;
	}
	return unexpected(p, "an operand");
}

static int
parse_index(struct parser *p, struct path_node **out)
{
	struct path_node *n = new_node(p, PATH_AT, p->t.at);
	int r;

	if (!n)
		return CW_ELIMIT;
	n->left = *out;
	r = next(p);
	if (!r)
		r = parse_expression(p, 0, &n->right);
	if (!r)
		r = expect(p, "]", "']'");
	*out = n;
	return r ? r : set_height(p, n);
}

static int
parse_postfix(struct parser *p, struct path_node **out)
{
	int r = parse_primary(p, out);

	while (!r) {
		if (is_symbol(p, "[")) {
			r = parse_index(p, out);
		} else if (is_symbol(p, ".")) {
			r = next(p);
			if (!r && p->t.kind == PATH_T_SPECIAL)
				return unexpected(p, "a name");
			if (!r)
				r = parse_step(p, *out, out);
		} else {
			break;
		}
	}
	return r;
}

static int
parse_unary(struct parser *p, struct path_node **out)
{
	struct path_node *n;
	bool minus = is_symbol(p, "-");
	int r;

	if (!minus && !is_symbol(p, "+"))
		return parse_postfix(p, out);
	n = new_node(p, minus ? PATH_NEGATE : PATH_PLUS_SIGN, p->t.at);
	if (!n)
		return CW_ELIMIT;
	if (++p->depth > PATH_MAX_DEPTH)
		return path_fail_at(p->err, CW_ELIMIT, p->t.at, "the expression is too deep");
	r = next(p);
	if (!r)
		r = parse_unary(p, &n->left);
	p->depth--;
	*out = n;
	return r ? r : set_height(p, n);
}

/* identifier ("." identifier)* after `is` and `as`. */
static int
parse_type(struct parser *p, struct path_node *n)
{
	struct path_spec *spec = cw_alloc(p->path->arena, sizeof(*spec));
	int r;

	if (!spec)
		return path_fail_at(p->err, CW_ELIMIT, n->at, "the expression is too large");
	n->spec = spec;
	if (p->t.kind != PATH_T_NAME && p->t.kind != PATH_T_DELIMITED)
		return unexpected(p, "a type");
	spec->name = p->t.text;
	r = next(p);
	while (!r && is_symbol(p, ".")) {
		r = next(p);
		if (r)
			return r;
		if (p->t.kind != PATH_T_NAME && p->t.kind != PATH_T_DELIMITED)
			return unexpected(p, "a type");
		if (spec->space.s)
			return path_fail_at(p->err, CW_ESYNTAX, p->t.at,
			    "a type has at most one point in its name");
		spec->space = spec->name;
		spec->name = p->t.text;
		r = next(p);
	}
	return r;
}

static const struct binary *
find_binary(const struct parser *p)
{
	if (p->t.kind != PATH_T_SYMBOL && p->t.kind != PATH_T_NAME)
		return NULL;
	for (size_t i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++) {
		if (binaries[i].word == (p->t.kind == PATH_T_NAME) &&
		    cw_str_is(p->t.text, binaries[i].text))
			return &binaries[i];
	}
	return NULL;
}

static int
parse_binary(struct parser *p, const struct binary *b, struct path_node **out)
{
	struct path_node *n = new_node(p, b->op, p->t.at);
	int r;

	if (!n)
		return CW_ELIMIT;
	n->name = cw_str(b->text);
	n->left = *out;
	r = next(p);
	if (!r)
		r = b->op == PATH_IS || b->op == PATH_AS
			? parse_type(p, n)
			: parse_expression(p, b->level + 1u, &n->right);
	*out = n;
	return r ? r : set_height(p, n);
}

static int
parse_expression(struct parser *p, unsigned level, struct path_node **out)
{
	const struct binary *b;
	int r;

	if (++p->depth > PATH_MAX_DEPTH)
		return path_fail_at(p->err, CW_ELIMIT, p->t.at, "the expression is too deep");
	r = parse_unary(p, out);
	while (!r && (b = find_binary(p)) != NULL && b->level >= level)
		r = parse_binary(p, b, out);
	p->depth--;
	return r;
}

int
path_parse(struct fhir_path *path, struct cw_err *err)
{
	struct parser p = { .path = path, .err = err };
	int r;

	p.lx = (struct path_lexer){ .text = path->text, .arena = path->arena, .err = err };
	r = next(&p);
	if (!r)
		r = parse_expression(&p, 0, &path->root);
	if (r)
		return r;
	if (p.t.kind != PATH_T_END)
		return unexpected(&p, "an operator or the end");
	return 0;
}
