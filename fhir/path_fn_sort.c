/* path_fn_sort: sort([-]key, ...): a stable merge sort on keys evaluated once per item. A missing
 * key comes first in either direction (the R5 suite, testSort10; the text is silent). */
#include "fhir/path_fn.h"

#include "fhir/order.h"

struct sort_key {
	struct fhir_item value;
	bool present;
};

struct sorter {
	struct path_call *c;
	struct sort_key *key; /* of item i: key[i * keys ...] */
	size_t keys;
	bool doubt; /* two keys could not be ordered */
};

static bool
descending(const struct path_call *c, size_t k)
{
	return c->args > 0 && c->node->arg[k]->op == PATH_NEGATE;
}

static int
one_key(struct path_call *c, size_t k, uint32_t i, struct sort_key *key)
{
	const struct path_node *n = c->node->arg[k];
	struct path_frame f = {
		.item = &c->in->item[i], .n = 1, .index = i, .total = NULL, .outer = c->frame
	};
	struct fhir_coll found;
	int r = path_eval(c->x, n->op == PATH_NEGATE ? n->left : n, &f, &found);

	if (r)
		return r;
	if (found.n > 1)
		return path_fail(c, CW_EVALUE, "a key of sort() must be a single value");
	if (found.unsure)
		c->out->unsure |= FHIR_UNSURE_LESS | FHIR_UNSURE_MORE;
	key->present = found.n == 1;
	if (key->present)
		path_value(c->x, &found.item[0], &key->value);
	return 0;
}

static int
take_keys(struct sorter *s)
{
	struct path_call *c = s->c;

	for (uint32_t i = 0; i < c->in->n; i++) {
		struct sort_key *key = &s->key[i * s->keys];

		if (c->args == 0) {
			key->present = true;
			path_value(c->x, &c->in->item[i], &key->value);
			continue;
		}
		for (size_t k = 0; k < s->keys; k++) {
			int r = one_key(c, k, i, &key[k]);

			if (r)
				return r;
		}
	}
	return 0;
}

/* Sign of one pair of keys; down: the larger first. */
static int
key_order(
    struct sorter *s, const struct sort_key *a, const struct sort_key *b, bool down, int *sign)
{
	unsigned order;
	int r;

	*sign = (int)a->present - (int)b->present;
	if (!a->present || !b->present)
		return 0;
	r = path_order(s->c->x, &a->value, &b->value, &order);
	if (r)
		return path_fail(s->c, r, "sort() cannot order values of these types");
	if (order == FHIR_LESS || order == FHIR_EQUAL || order == FHIR_GREATER) {
		*sign = order == FHIR_LESS ? -1 : order == FHIR_GREATER;
		*sign = down ? -*sign : *sign;
	} else {
		s->doubt = true;
		path_report(s->c->x, s->c->node->at, "sort", &a->value, &b->value);
	}
	return 0;
}

static int
item_order(struct sorter *s, uint32_t a, uint32_t b, int *sign)
{
	*sign = 0;
	for (size_t k = 0; k < s->keys && *sign == 0; k++) {
		int r = key_order(s, &s->key[a * s->keys + k], &s->key[b * s->keys + k],
		    descending(s->c, k), sign);

		if (r)
			return r;
	}
	return 0;
}

static int
merge(struct sorter *s, const uint32_t *from, uint32_t *to, size_t low, size_t middle, size_t high)
{
	size_t left = low, right = middle;

	for (size_t at = low; at < high; at++) {
		int sign = right < high ? -1 : 0;

		if (left < middle && right < high) {
			int r = item_order(s, from[left], from[right], &sign);

			if (r)
				return r;
			sign = sign > 0 ? -1 : 0;
		} else if (left < middle) {
			sign = 0;
		}
		to[at] = sign < 0 ? from[right++] : from[left++];
	}
	return 0;
}

/* Sort the indices; *done points to the array that holds the result. */
static int
sort_indices(struct sorter *s, uint32_t *a, uint32_t *b, size_t n, uint32_t **done)
{
	for (size_t width = 1; width < n; width *= 2) {
		uint32_t *swap = a;

		for (size_t low = 0; low < n; low += 2 * width) {
			size_t middle = low + width < n ? low + width : n;
			size_t high = low + 2 * width < n ? low + 2 * width : n;
			int r = merge(s, a, b, low, middle, high);

			if (r)
				return r;
		}
		a = b;
		b = swap;
	}
	*done = a;
	return 0;
}

static int
run_sort(struct path_call *c)
{
	struct sorter s = { .c = c, .keys = c->args ? c->args : 1 };
	size_t n = c->in->n;
	uint32_t *index = cw_alloc_raw(c->x->arena, 2 * n * sizeof(*index) + 1);
	uint32_t *sorted;
	int r;

	s.key = cw_alloc(c->x->arena, n * s.keys * sizeof(*s.key) + 1);
	if (!index || !s.key)
		return path_fail(c, CW_ELIMIT, "sort() has too many items");
	for (uint32_t i = 0; i < n; i++)
		index[i] = i;
	r = take_keys(&s);
	if (!r)
		r = sort_indices(&s, index, index + n, n, &sorted);
	for (size_t i = 0; i < n && !r; i++)
		r = path_emit(c, &c->in->item[sorted[i]]);
	if (s.doubt)
		c->out->unsure |= FHIR_UNSURE_LESS | FHIR_UNSURE_MORE;
	return r;
}

const struct path_fn path_fn_sort[] = {
	{ .name = "sort",
	    .least = 0,
	    .most = PATH_MAX_ARGS,
	    .in = PATH_ANY,
	    .arg = { PATH_LAMBDA, PATH_LAMBDA, PATH_LAMBDA, PATH_LAMBDA, PATH_LAMBDA, PATH_LAMBDA,
		PATH_LAMBDA, PATH_LAMBDA },
	    .result = FHIR_ITEM_ANY,
	    .flags = PATH_FN_SAME,
	    .run = run_sort },
	{ .name = NULL },
};
