/* The tree as JSON: arrays and "_name" members are put together again from runs of siblings. */
#include "fhir/json.h"

static bool
is_primitive(const struct fhir_node *node)
{
	return node->kind != FHIR_OBJECT && node->kind != FHIR_ARRAY;
}

/* Has it something to say in "_name"? */
static bool
has_twin(const struct fhir_node *node)
{
	return is_primitive(node) &&
	       (node->child != NULL || (node->marks & FHIR_MARK_TWIN_EMPTY) != 0);
}

/* Has it something to say beside "_name"? */
static bool
has_value(const struct fhir_node *node)
{
	return node->kind != FHIR_NULL || (node->marks & FHIR_MARK_NULL) != 0 ||
	       (!has_twin(node) && (node->marks & FHIR_MARK_TWIN_NULL) == 0);
}

static void write_members(struct fhir_json_out *o, const struct fhir_node *child);
static void write_items(struct fhir_json_out *o, const struct fhir_node *first, size_t n);

static void
write_value(struct fhir_json_out *o, const struct fhir_node *node)
{
	switch ((enum fhir_node_kind)node->kind) {
	case FHIR_NULL:
		fhir_json_out_null(o);
		break;
	case FHIR_BOOLEAN:
	case FHIR_NUMBER:
		fhir_json_out_raw(o, node->lexeme);
		break;
	case FHIR_STRING:
		fhir_json_out_string(o, node->lexeme);
		break;
	case FHIR_OBJECT:
		fhir_json_out_object(o);
		write_members(o, node->child);
		fhir_json_out_object_end(o);
		break;
	case FHIR_ARRAY:
		write_items(o, node->child, SIZE_MAX);
		break;
	}
}

static void
write_items(struct fhir_json_out *o, const struct fhir_node *first, size_t n)
{
	fhir_json_out_array(o);
	for (; first != NULL && n > 0; first = first->next, n--)
		write_value(o, first);
	fhir_json_out_array_end(o);
}

static void
write_twin(struct fhir_json_out *o, const struct fhir_node *node)
{
	if (!has_twin(node)) {
		fhir_json_out_null(o);
		return;
	}
	fhir_json_out_object(o);
	write_members(o, node->child);
	fhir_json_out_object_end(o);
}

static void
twin_key(struct fhir_json_out *o, struct cw_str name)
{
	char key[256] = "_";
	struct cw_buf buf;

	if (name.n < sizeof(key)) {
		memcpy(key + 1, name.s, name.n);
		fhir_json_out_key_str(o, (struct cw_str){ key, name.n + 1 });
		return;
	}
	cw_buf_init(&buf, 0);
	cw_buf_putc(&buf, '_');
	cw_buf_str(&buf, name);
	fhir_json_out_key_str(o, (struct cw_str){ buf.s, buf.n });
	cw_buf_fini(&buf);
}

/* A run of siblings that stood in one array. */
struct run {
	size_t n;
	size_t values; /* length of the array of values; 0 for none */
	size_t twins;  /* length of the array "_name"; 0 for none */
};

static const struct fhir_node *
measure(struct run *run, const struct fhir_node *node)
{
	struct cw_str name = node->name;
	bool spelled = false;

	*run = (struct run){ 0, 0, 0 };
	for (; node != NULL && node->in_array && cw_str_eq(node->name, name); node = node->next) {
		run->n++;
		if (has_value(node))
			run->values = run->n;
		if (has_twin(node) || (node->marks & FHIR_MARK_TWIN_NULL) != 0)
			run->twins = run->n;
		spelled = spelled || node->marks != 0;
	}
	if (!spelled && run->values > 0)
		run->values = run->n;
	if (!spelled && run->twins > 0)
		run->twins = run->n;
	return node;
}

static const struct fhir_node *
write_run(struct fhir_json_out *o, const struct fhir_node *node)
{
	const struct fhir_node *twin = node, *next;
	struct run run;

	next = measure(&run, node);
	if (run.values > 0) {
		fhir_json_out_key_str(o, node->name);
		write_items(o, node, run.values);
	}
	if (run.twins == 0)
		return next;
	twin_key(o, node->name);
	fhir_json_out_array(o);
	for (; run.twins > 0; run.twins--, twin = twin->next)
		write_twin(o, twin);
	fhir_json_out_array_end(o);
	return next;
}

static const struct fhir_node *
write_single(struct fhir_json_out *o, const struct fhir_node *node)
{
	if (has_value(node)) {
		fhir_json_out_key_str(o, node->name);
		write_value(o, node);
	}
	if (has_twin(node) || (node->marks & FHIR_MARK_TWIN_NULL) != 0) {
		twin_key(o, node->name);
		write_twin(o, node);
	}
	return node->next;
}

static void
write_members(struct fhir_json_out *o, const struct fhir_node *child)
{
	while (child != NULL)
		child = child->in_array ? write_run(o, child) : write_single(o, child);
}

void
fhir_json_out_node(struct fhir_json_out *o, const struct fhir_node *node)
{
	write_value(o, node);
}

void
fhir_json_write(struct cw_buf *out, const struct fhir_node *node, bool pretty)
{
	struct fhir_json_out o;

	fhir_json_out_init(&o, out, pretty);
	write_value(&o, node);
}
