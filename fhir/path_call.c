/* path_call: calling a function of the table: input, arguments, their types and their taint. */
#include <stdio.h>
#include <string.h>

#include "fhir/path_session.h"

int
path_fail(const struct path_call *c, int code, const char *fmt, ...)
{
	char text[sizeof(((struct cw_err *)0)->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return path_fail_node(c->x, c->node, code, "%s", text);
}

int
path_emit(struct path_call *c, const struct fhir_item *item)
{
	return path_add(c->x, c->out, item);
}

int
path_emit_boolean(struct path_call *c, bool b)
{
	struct fhir_item item = fhir_item_boolean(b);

	return path_add(c->x, c->out, &item);
}

int
path_emit_integer(struct path_call *c, int64_t i)
{
	struct fhir_item item = fhir_item_integer(i);

	return path_add(c->x, c->out, &item);
}

int
path_emit_string(struct path_call *c, struct cw_str s)
{
	struct fhir_item item = fhir_item_string(s);

	if (!s.s)
		return path_fail(c, CW_ELIMIT, "the result is too large");
	return path_add(c->x, c->out, &item);
}

static struct path_frame
lambda_frame(const struct path_call *c, const struct fhir_item *item, int64_t index,
    const struct fhir_coll *total)
{
	return (struct path_frame){
		.item = item, .n = 1, .index = index, .total = total, .outer = c->frame
	};
}

int
path_lambda(struct path_call *c, size_t i, const struct fhir_item *item, int64_t index,
    const struct fhir_coll *total, struct fhir_coll *out)
{
	struct path_frame f = lambda_frame(c, item, index, total);

	return path_eval(c->x, c->node->arg[i], &f, out);
}

int
path_lambda_test(struct path_call *c, size_t i, const struct fhir_item *item, int64_t index,
    struct path_tri *out)
{
	struct path_frame f = lambda_frame(c, item, index, NULL);

	return path_test(c->x, c->node->arg[i], &f, out);
}

static const char *
kind_words(enum path_kind kind)
{
	switch (kind) {
	case PATH_BOOLEAN:
		return "a boolean";
	case PATH_INTEGER:
		return "an integer";
	case PATH_NUMBER:
		return "a number";
	case PATH_STRING:
		return "a string";
	case PATH_NO:
	case PATH_ANY:
	case PATH_ONE:
	case PATH_LAMBDA:
	case PATH_TYPE:
		break;
	}
	return "a single value";
}

static bool
fits(enum path_kind kind, const struct fhir_item *v)
{
	switch (kind) {
	case PATH_BOOLEAN:
		return v->kind == FHIR_ITEM_BOOLEAN;
	case PATH_INTEGER:
		return v->kind == FHIR_ITEM_INTEGER || v->kind == FHIR_ITEM_LONG;
	case PATH_NUMBER:
		return v->kind == FHIR_ITEM_INTEGER || v->kind == FHIR_ITEM_LONG ||
		       v->kind == FHIR_ITEM_DECIMAL || v->kind == FHIR_ITEM_QUANTITY;
	case PATH_STRING:
		return v->kind == FHIR_ITEM_STRING;
	case PATH_NO:
	case PATH_ANY:
	case PATH_ONE:
	case PATH_LAMBDA:
	case PATH_TYPE:
		break;
	}
	return true;
}

/* The only value of a collection, converted; 0 none, 1 one, negative error. */
static int
only_value(struct path_ctx *x, const struct path_node *at, const char *whose, enum path_kind kind,
    const struct fhir_coll *c, struct fhir_item *out)
{
	struct cw_str type;

	if (c->n == 0)
		return 0;
	if (c->n > 1)
		return path_fail_node(
		    x, at, CW_EVALUE, "%s must be a single item, not %u", whose, (unsigned)c->n);
	path_value(x, &c->item[0], out);
	if (fits(kind, out))
		return 1;
	type = fhir_item_type_name(x->arena, x->model, out);
	return path_fail_node(
	    x, at, CW_ETYPE, "%s must be %s, not %.*s", whose, kind_words(kind), CW_ARG(type));
}

struct call_room {
	struct fhir_coll in, arg[PATH_MAX_ARGS];
	struct fhir_item one, value[PATH_MAX_ARGS];
	unsigned unsure;
	bool missing; /* an operand is empty that must not be */
};

static int
take_arg(struct path_call *c, struct call_room *room, size_t i)
{
	const struct path_node *a = c->node->arg[i];
	enum path_kind kind = (enum path_kind)c->node->fn->arg[i];
	char whose[96];
	int r;

	if (kind == PATH_LAMBDA)
		return 0;
	if (kind == PATH_TYPE) {
		c->spec[i] = a->spec;
		return 0;
	}
	r = path_eval(c->x, a, c->frame, &room->arg[i]);
	if (r)
		return r;
	room->unsure |= room->arg[i].unsure;
	c->arg[i] = &room->arg[i];
	if (kind == PATH_ANY)
		return 0;
	snprintf(whose, sizeof(whose), "argument %zu of %s()", i + 1, c->node->fn->name);
	r = only_value(c->x, a, whose, kind, &room->arg[i], &room->value[i]);
	if (r < 0)
		return r;
	if (r)
		c->value[i] = &room->value[i];
	else if (!(c->node->fn->flags & PATH_FN_EMPTY_ARG))
		room->missing = true;
	return 0;
}

static int
take_input(struct path_call *c, struct call_room *room)
{
	const struct path_fn *fn = c->node->fn;
	char whose[96];
	int r;

	if (fn->in == PATH_NO) {
		fhir_coll_init(&room->in);
		return 0;
	}
	r = path_eval_any(c->x, c->node->left, c->frame, &room->in);
	if (r)
		return r;
	room->unsure |= room->in.unsure;
	if (fn->in == PATH_ANY)
		return 0;
	snprintf(whose, sizeof(whose), "the input of %s()", fn->name);
	r = only_value(c->x, c->node, whose, (enum path_kind)fn->in, &room->in, &room->one);
	if (r < 0)
		return r;
	if (r)
		c->one = &room->one;
	else if (!(fn->flags & PATH_FN_EMPTY_IN))
		room->missing = true;
	return 0;
}

int
path_eval_call(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out)
{
	struct call_room room;
	struct path_call c = { .x = x, .node = n, .frame = f, .args = n->args, .out = out };
	int r;

	room.unsure = 0;
	room.missing = false;
	c.in = &room.in;
	r = take_input(&c, &room);
	for (size_t i = 0; i < n->args && !r; i++)
		r = take_arg(&c, &room, i);
	if (r)
		return r;
	if (!room.missing)
		r = n->fn->run(&c);
	if (room.unsure && (room.missing || !(n->fn->flags & PATH_FN_TAINT)))
		out->unsure |= FHIR_UNSURE_LESS | FHIR_UNSURE_MORE;
	return r;
}
