/* The tree: nodes in the order of the text. Members named "_x" are kept aside until their object
 * ends and are then merged into their twins (json_merge.c). */
#include "fhir/json_merge.h"

/* One open container. */
struct open {
	struct fhir_node *owner;       /* whose children are being read */
	const struct fhir_node **tail; /* where the next one is hung */
	struct cw_str name;	       /* of an array's items */
	const char *at;		       /* the opening bracket */
	bool array;
	bool twins; /* an object with a "_name" */
};

struct builder {
	struct fhir_json_scan scan;
	struct fhir_node *spare; /* nodes not used yet */
	size_t nspare, batch;
	struct open open[FHIR_JSON_DEPTH + 1];
};

enum { FIRST_BATCH = 32, LARGEST_BATCH = 1024 };

static bool
more_nodes(struct builder *b)
{
	b->batch = b->batch == 0 ? FIRST_BATCH : b->batch * 2;
	if (b->batch > LARGEST_BATCH)
		b->batch = LARGEST_BATCH;
	b->spare = cw_alloc_raw(b->scan.mem, b->batch * sizeof(*b->spare));
	b->nspare = b->spare == NULL ? 0 : b->batch;
	return b->spare != NULL;
}

/* A new last child of the container in; NULL when the arena is full. */
HOT struct fhir_node *
hang(struct builder *b, struct open *in, uint8_t kind, struct cw_str lexeme, const char *at)
{
	struct fhir_node *node;

	if (unlikely(b->nspare == 0) && !more_nodes(b))
		return NULL;
	b->nspare--;
	node = b->spare++;
	*node = (struct fhir_node){
		.name = in->array ? in->name : b->scan.key,
		.lexeme = lexeme,
		.parent = in->owner,
		.offset = (uint32_t)(at - b->scan.text.s),
		.kind = kind,
		.in_array = in->array,
	};
	*in->tail = node;
	in->tail = &node->next;
	return node;
}

HOT bool
begin_object(struct builder *b, const char *at)
{
	struct open *in = &b->open[b->scan.depth - 1], *open = in + 1;
	struct fhir_node *node = hang(b, in, FHIR_OBJECT, (struct cw_str){ NULL, 0 }, at);

	if (unlikely(node == NULL))
		return false;
	open->owner = node;
	open->tail = &node->child;
	open->array = false;
	open->twins = false;
	return true;
}

/* The items of a member's array belong to the object; an array elsewhere is a node. */
HOT bool
begin_array(struct builder *b, const char *at)
{
	struct open *in = &b->open[b->scan.depth - 1], *open = in + 1;

	open->array = true;
	open->twins = false;
	open->at = at;
	if (likely(!in->array && b->scan.depth > 1)) {
		open->owner = in->owner;
		open->tail = in->tail;
		open->name = b->scan.key;
		return true;
	}
	open->owner = hang(b, in, FHIR_ARRAY, (struct cw_str){ NULL, 0 }, at);
	if (open->owner == NULL)
		return false;
	open->tail = &open->owner->child;
	open->name = (struct cw_str){ "", 0 };
	return true;
}

HOT bool
end_array(struct builder *b)
{
	struct open *in = &b->open[b->scan.depth], *closed = in + 1;

	if (in->array || b->scan.depth == 0)
		return true;
	if (likely(closed->tail != in->tail)) {
		in->tail = closed->tail;
		return true;
	}
	b->scan.key = closed->name;
	return hang(b, in, FHIR_ARRAY, (struct cw_str){ NULL, 0 }, closed->at) != NULL;
}

/* A string, number or literal. */
HOT bool
leaf(struct builder *b, int event)
{
	static const uint8_t kinds[] = { [FHIR_JSON_NULL] = FHIR_NULL,
		[FHIR_JSON_FALSE] = FHIR_BOOLEAN,
		[FHIR_JSON_TRUE] = FHIR_BOOLEAN,
		[FHIR_JSON_NUMBER] = FHIR_NUMBER,
		[FHIR_JSON_STRING] = FHIR_STRING };
	struct cw_str lexeme = b->scan.value;
	const char *at = lexeme.s - (event == FHIR_JSON_STRING);

	if (event == FHIR_JSON_NULL)
		lexeme = (struct cw_str){ NULL, 0 };
	if (unlikely(b->scan.escaped && event == FHIR_JSON_STRING)) {
		lexeme = fhir_json_unescape(lexeme, b->scan.mem);
		if (lexeme.s == NULL)
			return false;
	}
	return hang(b, &b->open[b->scan.depth], kinds[event], lexeme, at) != NULL;
}

/* Take one event into the tree; p is behind it. 0 or a negative enum cw_code. */
HOT int
take(struct builder *b, int event, const char *p, struct cw_err *err)
{
	bool room = true;

	switch (event) {
	case FHIR_JSON_OBJECT:
		room = begin_object(b, p - 1);
		break;
	case FHIR_JSON_ARRAY:
		room = begin_array(b, p - 1);
		break;
	case FHIR_JSON_OBJECT_END:
		if (unlikely(b->open[b->scan.depth + 1].twins))
			return fhir_json_merge(&b->scan, b->open[b->scan.depth + 1].owner, err);
		return 0;
	case FHIR_JSON_ARRAY_END:
		room = end_array(b);
		break;
	default:
		room = leaf(b, event);
	}
	if (unlikely(!room))
		return fhir_json_fail(
		    &b->scan, CW_ELIMIT, p, p, "the text needs more memory than allowed", err);
	return 0;
}

static int
build(struct builder *b, struct cw_err *err)
{
	const char *p = b->scan.p;

	for (;;) {
		struct open *in = &b->open[b->scan.depth];
		int event = FHIR_JSON_END, rc;

		p = step(&b->scan, p, &event);
		if (unlikely(p == NULL))
			return fhir_json_report(&b->scan, err);
		if (event == FHIR_JSON_END)
			return 0;
		rc = take(b, event, p, err);
		if (unlikely(rc < 0))
			return rc;
		if (!in->array && is_twin(b->scan.key) && event < FHIR_JSON_OBJECT_END)
			in->twins = true;
	}
}

int
fhir_json_read(const struct fhir_node **out, struct cw_str text, struct cw_arena *mem,
    const struct fhir_json_limits *limits, struct cw_err *err)
{
	const struct fhir_node *root = NULL;
	struct builder b;
	int rc;

	*out = NULL;
	fhir_json_scan_init(&b.scan, text, mem, limits);
	if (b.scan.fault != NULL)
		return fhir_json_report(&b.scan, err);
	b.scan.key = (struct cw_str){ "", 0 };
	b.nspare = b.batch = 0;
	b.open[0] = (struct open){ .tail = &root };
	rc = build(&b, err);
	if (rc == 0)
		*out = root;
	return rc;
}
