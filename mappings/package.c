#include "mappings/package.h"
#include "fhir/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One package.json. */
struct entry {
	struct cw_str name, version, dir;
	bool replaced;
};

struct map_package {
	struct cw_arena *mem;
	struct entry *entry;
	size_t entries, entry_cap;
	struct map_artefact **artefact;
	size_t artefacts, artefact_cap;
	struct cw_map *by_url; /* "Type url" -> the active artefact */
};

struct map_package *
map_package_new(void)
{
	struct map_package *p = cw_calloc(1, sizeof(*p));

	p->mem = cw_arena_new(0);
	p->by_url = cw_map_new();
	return p;
}

void
map_package_free(struct map_package *p)
{
	if (p == NULL)
		return;
	cw_map_free(p->by_url);
	cw_arena_free(p->mem);
	free(p->entry);
	free(p->artefact);
	free(p);
}

/* ---- opening ---- */

static struct cw_str
key_of(struct map_package *p, const struct map_artefact *a)
{
	return cw_fmt(p->mem, "%.*s %.*s", CW_ARG(a->type), CW_ARG(a->url));
}

/* Whatever a replaced package had covered comes to light again. */
static void
settle(struct map_package *p)
{
	cw_map_free(p->by_url);
	p->by_url = cw_map_new();
	for (size_t i = 0; i < p->artefacts; i++) {
		struct map_artefact *a = p->artefact[i], *former;

		a->active = !p->entry[a->package].replaced;
		if (!a->active || a->url.n == 0)
			continue;
		former = cw_map_put(p->by_url, key_of(p, a), a);
		if (former != NULL)
			former->active = false;
	}
}

/* A file-like error: the name stands where map_artefact_fail puts it. */
static int
fail_in(struct cw_err *err, struct cw_str file, const struct cw_err *why)
{
	char path[sizeof(why->path)];

	if (why->path[0] == '\0')
		snprintf(path, sizeof(path), "%.*s", CW_ARG(file));
	else
		snprintf(path, sizeof(path), "%.*s: %.150s", file.n > 100 ? 100 : (int)file.n,
		    file.s, why->path);
	return cw_fail_at(err, why->code, why->line, why->column, path, "%s", why->text);
}

static int
read_names(struct map_package *p, struct entry *e, struct cw_str text, struct cw_err *err)
{
	struct cw_str file = cw_fmt(p->mem, "%.*s/package.json", CW_ARG(e->dir));
	const struct fhir_node *root;
	struct cw_err why = { 0 };

	if (fhir_json_read(&root, text, p->mem, NULL, &why) < 0)
		return fail_in(err, file, &why);
	e->name = fhir_node_text(root, "name");
	e->version = fhir_node_text(root, "version");
	if (e->name.n == 0 || e->version.n == 0) {
		cw_fail(&why, CW_EVALUE, "a package needs a name and a version");
		return fail_in(err, file, &why);
	}
	return 0;
}

int
map_package_open(struct map_package *p, struct cw_str dir, struct cw_str text, struct cw_err *err)
{
	struct entry e = { .dir = cw_str_dup(p->mem, dir) };
	int rc = read_names(p, &e, cw_str_dup(p->mem, text), err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < p->entries; i++) {
		if (cw_str_eq(p->entry[i].name, e.name))
			p->entry[i].replaced = true;
	}
	if (p->entries == p->entry_cap) {
		p->entry_cap = p->entry_cap == 0 ? 4 : 2 * p->entry_cap;
		p->entry = cw_realloc(p->entry, p->entry_cap * sizeof(*p->entry));
	}
	p->entry[p->entries++] = e;
	settle(p);
	return 0;
}

/* ---- adding ---- */

static int
read_artefact(struct map_package *p, struct map_artefact *a, struct cw_str text, struct cw_err *err)
{
	struct cw_err why = { 0 };
	int rc;

	a->text = cw_str_dup(p->mem, text);
	rc = fhir_json_read(&a->node, a->text, p->mem, NULL, &why);
	if (rc < 0)
		return fail_in(err, a->file, &why);
	a->type = fhir_node_resource_type(a->node);
	if (a->type.n == 0)
		return map_artefact_fail(
		    err, CW_EVALUE, a, a->node, "not a resource: no resourceType");
	a->id = fhir_node_text(a->node, "id");
	a->url = fhir_node_text(a->node, "url");
	a->version = fhir_node_text(a->node, "version");
	map_digest_hex(a->sha256, a->text.s, a->text.n);
	return 0;
}

static void
append(struct map_package *p, struct map_artefact *a)
{
	if (p->artefacts == p->artefact_cap) {
		p->artefact_cap = p->artefact_cap == 0 ? 32 : 2 * p->artefact_cap;
		p->artefact = cw_realloc(p->artefact, p->artefact_cap * sizeof(*p->artefact));
	}
	p->artefact[p->artefacts++] = a;
	a->active = true;
}

int
map_package_add(struct map_package *p, struct cw_str file, struct cw_str text, struct cw_err *err)
{
	struct map_artefact *a, *former;
	struct cw_str key;
	int rc;

	if (p->entries == 0)
		return cw_fail(err, CW_EUSAGE, "no package is open");
	a = cw_alloc(p->mem, sizeof(*a));
	a->package = p->entries - 1;
	a->file = cw_fmt(p->mem, "%.*s/%.*s", CW_ARG(p->entry[a->package].dir), CW_ARG(file));
	rc = read_artefact(p, a, text, err);
	if (rc < 0)
		return rc;
	if (a->url.n > 0) {
		key = key_of(p, a);
		former = cw_map_get(p->by_url, key);
		if (former != NULL && former->package == a->package)
			return map_artefact_fail(err, CW_EVALUE, a, fhir_node_get(a->node, "url"),
			    "%.*s has the same type and url", CW_ARG(former->file));
		if (former != NULL)
			former->active = false;
		cw_map_put(p->by_url, key, a);
	}
	append(p, a);
	return 0;
}

/* ---- asking ---- */

bool
map_package_entry(const struct map_package *p, size_t i, struct cw_str *dir, struct cw_str *name,
    struct cw_str *version, bool *replaced)
{
	if (i >= p->entries)
		return false;
	*dir = p->entry[i].dir;
	*name = p->entry[i].name;
	*version = p->entry[i].version;
	*replaced = p->entry[i].replaced;
	return true;
}

size_t
map_package_count(const struct map_package *p)
{
	return p->artefacts;
}

const struct map_artefact *
map_package_at(const struct map_package *p, size_t i)
{
	return p->artefact[i];
}

const struct map_artefact *
map_package_find(const struct map_package *p, const char *type, struct cw_str canonical)
{
	const char *bar = canonical.n == 0 ? NULL : memchr(canonical.s, '|', canonical.n);
	struct cw_str url = canonical, version = { 0 };
	const struct map_artefact *a;
	struct cw_buf key;

	if (bar != NULL) {
		url.n = (size_t)(bar - canonical.s);
		version = (struct cw_str){ bar + 1, canonical.n - url.n - 1 };
	}
	if (url.n == 0)
		return NULL;
	cw_buf_init(&key, 0);
	cw_buf_puts(&key, type);
	cw_buf_putc(&key, ' ');
	cw_buf_str(&key, url);
	a = cw_map_get(p->by_url, (struct cw_str){ key.s, key.n });
	cw_buf_fini(&key);
	if (a != NULL && version.s != NULL && !cw_str_eq(version, a->version))
		return NULL;
	return a;
}

void
map_artefact_place(
    const struct map_artefact *a, const struct fhir_node *node, size_t *line, size_t *column)
{
	size_t upto = node == NULL ? 0 : node->offset, begin = 0;

	*line = 1;
	if (upto > a->text.n)
		upto = a->text.n;
	for (size_t i = 0; i < upto; i++) {
		if (a->text.s[i] == '\n') {
			++*line;
			begin = i + 1;
		}
	}
	*column = upto - begin + 1;
}

int
map_artefact_fail(struct cw_err *err, int code, const struct map_artefact *a,
    const struct fhir_node *node, const char *fmt, ...)
{
	struct cw_err why = { .code = code };
	va_list ap;

	if (node == NULL)
		node = a->node;
	map_artefact_place(a, node, &why.line, &why.column);
	fhir_node_path(node, why.path, sizeof(why.path));
	va_start(ap, fmt);
	vsnprintf(why.text, sizeof(why.text), fmt, ap);
	va_end(ap);
	return fail_in(err, a->file, &why);
}
