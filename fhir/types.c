/* types: look-ups in the generated tables. Names are compared by length first, then bytes. */
#include "fhir/types.h"

#include "fhir/types_table.h"

#include <assert.h>
#include <string.h>

static struct cw_str
pooled(const struct fhir_model *m, unsigned at)
{
	if (at == 0)
		return (struct cw_str){ NULL, 0 };
	return (struct cw_str){ m->names + at + 1, (unsigned char)m->names[at] };
}

static int
shortlex(struct cw_str a, struct cw_str b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return memcmp(a.s, b.s, a.n);
}

static const struct type_row *
row_of(const struct fhir_model *m, unsigned type)
{
	assert(type >= 1 && type <= m->count);
	return &m->types[type];
}

const char *
fhir_model_version(const struct fhir_model *m)
{
	return m->version;
}

unsigned
fhir_model_count(const struct fhir_model *m)
{
	return m->count;
}

unsigned
fhir_type_find(const struct fhir_model *m, struct cw_str name)
{
	unsigned low = 1, high = m->count + 1;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = cw_str_cmp(name, pooled(m, m->types[middle].name));

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

void
fhir_type_describe(const struct fhir_model *m, unsigned type, struct fhir_type_info *info)
{
	const struct type_row *t = row_of(m, type);

	info->name = pooled(m, t->name);
	info->base = t->base;
	info->count = t->count;
	info->kind = (enum fhir_type_kind)t->kind;
	info->json = (enum fhir_node_kind)t->json;
	info->abstract = t->abstract != 0;
}

struct cw_str
fhir_type_name(const struct fhir_model *m, unsigned type)
{
	return type == 0 ? (struct cw_str){ NULL, 0 } : pooled(m, row_of(m, type)->name);
}

unsigned
fhir_type_base(const struct fhir_model *m, unsigned type)
{
	return type == 0 ? 0 : row_of(m, type)->base;
}

bool
fhir_type_is_a(const struct fhir_model *m, unsigned type, unsigned ancestor)
{
	if (ancestor == 0)
		return false;
	while (type != 0 && type != ancestor)
		type = row_of(m, type)->base;
	return type != 0;
}

bool
fhir_type_is_primitive(const struct fhir_model *m, unsigned type)
{
	return type != 0 && row_of(m, type)->kind == FHIR_TYPE_PRIMITIVE;
}

bool
fhir_type_is_resource(const struct fhir_model *m, unsigned type)
{
	return type != 0 && row_of(m, type)->kind == FHIR_TYPE_RESOURCE;
}

static void
fill(const struct fhir_model *m, const struct type_row *t, unsigned i, struct fhir_elem *elem)
{
	const struct elem_row *e = &m->elems[t->first + i];

	elem->name = pooled(m, e->name);
	elem->choice = pooled(m, e->choice);
	elem->type = e->type;
	elem->position = i;
	elem->array = (e->flags & ELEM_ARRAY) != 0;
	elem->required = (e->flags & ELEM_REQUIRED) != 0;
	elem->modifier = (e->flags & ELEM_MODIFIER) != 0;
	elem->resource = m->types[e->type].kind == FHIR_TYPE_RESOURCE;
	elem->xml_attr = (e->flags & ELEM_XML_ATTR) != 0;
	elem->reference = (e->flags & ELEM_REFERENCE) != 0;
}

bool
fhir_type_element(
    const struct fhir_model *m, unsigned type, struct cw_str name, struct fhir_elem *elem)
{
	const struct type_row *t = row_of(m, type);
	const struct elem_row *rows = &m->elems[t->first];
	unsigned low = 0, high = t->count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		unsigned i = rows[middle].sorted;
		int order = shortlex(name, pooled(m, rows[i].name));

		if (order == 0) {
			fill(m, t, i, elem);
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

bool
fhir_type_element_at(const struct fhir_model *m, unsigned type, unsigned i, struct fhir_elem *elem)
{
	const struct type_row *t = row_of(m, type);

	if (i >= t->count)
		return false;
	fill(m, t, i, elem);
	return true;
}

bool
fhir_type_choice(const struct fhir_model *m, unsigned type, struct cw_str name, unsigned i,
    struct fhir_elem *elem)
{
	const struct type_row *t = row_of(m, type);
	const struct elem_row *rows = &m->elems[t->first];

	for (unsigned k = 0; k < t->count; k++) {
		if (rows[k].choice == 0 || !cw_str_eq(pooled(m, rows[k].choice), name))
			continue;
		if (k + i < t->count && rows[k + i].choice == rows[k].choice) {
			fill(m, t, k + i, elem);
			return true;
		}
		return false;
	}
	return false;
}
