#include "fhir/json_merge.h"

enum { MAPPED_FROM = 32 }; /* objects with more children are searched through a map */

/* The nodes of this reader are still its own to change. */
static struct fhir_node *
own(const struct fhir_node *node)
{
	return (struct fhir_node *)(uintptr_t)node;
}

/* The object's children by name: the first of each run. */
struct names {
	const struct fhir_node *object;
	struct cw_map *map; /* NULL while there are few */
};

static void
names_init(struct names *names, const struct fhir_node *object)
{
	size_t n = 0;

	*names = (struct names){ object, NULL };
	for (const struct fhir_node *c = object->child; c != NULL; c = c->next)
		n++;
	if (n <= MAPPED_FROM)
		return;
	names->map = cw_map_new();
	for (const struct fhir_node *c = object->child; c != NULL; c = c->next)
		if (cw_map_get(names->map, c->name) == NULL)
			cw_map_put(names->map, c->name, own(c));
}

static struct fhir_node *
names_find(const struct names *names, struct cw_str name)
{
	const struct fhir_node *c = names->object->child;

	if (names->map != NULL)
		return cw_map_get(names->map, name);
	while (c != NULL && !cw_str_eq(c->name, name))
		c = c->next;
	return own(c);
}

/* Is next one more item of the same array? */
static bool
same_run(const struct fhir_node *node, const struct fhir_node *next)
{
	return next != NULL && node->in_array && next->in_array &&
	       cw_str_eq(node->name, next->name);
}

static const char *
place(const struct fhir_json_scan *sc, const struct fhir_node *node)
{
	return sc->text.s + node->offset;
}

static int
refuse(const struct fhir_json_scan *sc, const struct fhir_node *twin, const char *why,
    struct cw_err *err)
{
	return fhir_json_fail(sc, CW_ESYNTAX, place(sc, twin), place(sc, twin), why, err);
}

/* Give base what its twin holds. */
static int
marry(const struct fhir_json_scan *sc, struct fhir_node *base, const struct fhir_node *twin,
    struct cw_err *err)
{
	if (twin->kind != FHIR_NULL && twin->kind != FHIR_OBJECT)
		return refuse(sc, twin, "an object or null must stand here", err);
	if (base->kind == FHIR_OBJECT || base->kind == FHIR_ARRAY)
		return refuse(sc, twin, "the element of this name is not a primitive", err);
	if (base->kind == FHIR_NULL)
		base->marks |= FHIR_MARK_NULL;
	if (twin->kind == FHIR_NULL)
		base->marks |= FHIR_MARK_TWIN_NULL;
	else if (twin->child == NULL)
		base->marks |= FHIR_MARK_TWIN_EMPTY;
	base->child = twin->child;
	for (const struct fhir_node *c = twin->child; c != NULL; c = c->next)
		own(c)->parent = base;
	return 0;
}

/* A twin that has no value beside it becomes the element: null, with children. */
static int
promote(const struct fhir_json_scan *sc, struct fhir_node *twin, struct cw_err *err)
{
	struct fhir_node alone = { .kind = FHIR_NULL };
	int rc = marry(sc, &alone, twin, err);

	twin->name.s++;
	twin->name.n--;
	twin->kind = FHIR_NULL;
	twin->marks = alone.marks & (FHIR_MARK_TWIN_NULL | FHIR_MARK_TWIN_EMPTY);
	for (const struct fhir_node *c = twin->child; c != NULL; c = c->next)
		own(c)->parent = twin;
	return rc;
}

/* The run that begins at twin, already taken out of the list, into the run that begins at base. */
static int
merge_run(const struct fhir_json_scan *sc, struct fhir_node *base, struct fhir_node *twin,
    struct cw_err *err)
{
	struct fhir_node *rest;
	int rc;

	if (base->in_array != twin->in_array)
		return refuse(sc, twin, "one is an array, its twin without '_' is not", err);
	for (;;) {
		rc = marry(sc, base, twin, err);
		if (rc < 0)
			return rc;
		twin = own(twin->next);
		if (twin == NULL)
			return 0;
		if (!same_run(base, base->next))
			break;
		base = own(base->next);
	}
	for (; twin != NULL && rc == 0; twin = rest) {
		rest = own(twin->next);
		rc = promote(sc, twin, err);
		twin->next = base->next;
		base->next = twin;
		base = twin;
	}
	return rc;
}

/* The run that begins at twin, without anything beside it. */
static int
promote_run(const struct fhir_json_scan *sc, struct fhir_node *twin, struct fhir_node *last,
    struct cw_err *err)
{
	const struct fhir_node *stop = last->next;
	int rc = 0;

	if (twin->kind == FHIR_ARRAY && !twin->in_array && twin->child == NULL)
		return 0; /* "_x": [] says nothing of any x: kept under its own name */
	for (; twin != stop && rc == 0; twin = own(twin->next))
		rc = promote(sc, twin, err);
	return rc;
}

int
fhir_json_merge(const struct fhir_json_scan *sc, struct fhir_node *object, struct cw_err *err)
{
	const struct fhir_node **link = &object->child;
	struct names names;
	int rc = 0;

	names_init(&names, object);
	while (*link != NULL && rc == 0) {
		struct fhir_node *twin = own(*link), *last = twin, *base;

		if (!is_twin(twin->name)) {
			link = &twin->next;
			continue;
		}
		while (same_run(last, last->next))
			last = own(last->next);
		base = names_find(&names, (struct cw_str){ twin->name.s + 1, twin->name.n - 1 });
		if (base == NULL) {
			rc = promote_run(sc, twin, last, err);
			link = &last->next;
		} else {
			*link = last->next;
			last->next = NULL;
			rc = merge_run(sc, base, twin, err);
		}
	}
	cw_map_free(names.map);
	return rc;
}
