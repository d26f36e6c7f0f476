#include "fhir/json.h"
#include "mappings/record_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- which version of each resource counts ---- */

/* The best version so far; kept is NULL when it holds nothing. */
struct best {
	bool there, tie;
	struct map_version version;
	struct map_kept *kept;
};

/* Of two equal versions, positive when the new one (k, or NULL) has the larger digest. */
static int
by_digest(const struct best *b, const struct map_version *v, const struct map_kept *k)
{
	if (k != NULL && b->kept != NULL)
		return memcmp(k->digest, b->kept->digest, MAP_DIGEST_SIZE);
	if (v->digest != b->version.digest)
		return v->digest > b->version.digest ? 1 : -1;
	return k != NULL ? 1 : -1; /* evidence stays */
}

static void
consider(struct best *b, const struct map_version *v, struct map_kept *k, bool mixed)
{
	int c = 1;

	if (b->there) {
		c = mixed ? map_version_cmp_mixed(v, &b->version) : map_version_cmp(v, &b->version);
		if (c == 0) {
			c = by_digest(b, v, k);
			b->tie = b->tie || c != 0;
		} else if (c > 0) {
			b->tie = false;
		}
	}
	if (c > 0) {
		b->there = true;
		b->version = *v;
		b->kept = k;
	}
}

/* All versions under one key. */
static void
consider_key(struct map_record *r, struct best *numbered, struct best *other, struct cw_str key)
{
	const struct map_slot *slot = cw_map_get(r->slots, key);
	uint64_t hash = cw_hash(key.s, key.n);
	struct map_version v;

	if (slot != NULL && slot->numbered != NULL)
		consider(numbered, &slot->numbered->version, slot->numbered, false);
	if (slot != NULL && slot->unnumbered != NULL)
		consider(other, &slot->unnumbered->version, slot->unnumbered, false);
	if (map_seen_get(&v, r->seen, hash, true))
		consider(numbered, &v, NULL, false);
	if (map_seen_get(&v, r->seen, hash, false))
		consider(other, &v, NULL, false);
	numbered->tie = numbered->tie || (slot != NULL && slot->tie);
}

bool
map_record_best(
    struct map_record *r, struct cw_str key, struct map_version *version, struct map_kept **kept)
{
	struct best numbered = { 0 }, other = { 0 };

	consider_key(r, &numbered, &other, key);
	if (other.there)
		consider(&numbered, &other.version, other.kept, true);
	*version = numbered.version;
	*kept = numbered.kept;
	return numbered.there;
}

/* The other key of the same resource while the data have only one base: with it, or without. */
static struct cw_str
twin(struct map_record *r, struct cw_str key)
{
	const char *cut = memchr(key.s, '\n', key.n);

	if (r->bases != 1 || memchr(key.s, '#', key.n) != NULL)
		return (struct cw_str){ NULL, 0 };
	if (cut == NULL)
		return cw_fmt(r->settle, "%.*s\n%.*s", CW_ARG(key), CW_ARG(r->base[0].name));
	return (struct cw_str){ key.s, (size_t)(cut - key.s) };
}

static void
settle_slot(struct map_record *r, struct map_slot *slot)
{
	struct best numbered = { 0 }, other = { 0 };
	struct cw_str again = twin(r, slot->key);
	struct map_slot *same = again.s == NULL ? NULL : cw_map_get(r->slots, again);

	slot->winner = NULL;
	slot->same = NULL;
	if (same != NULL && again.n > slot->key.n) {
		slot->same = same;
		if (slot->seq < same->seq)
			same->seq = slot->seq;
		return;
	}
	consider_key(r, &numbered, &other, slot->key);
	if (again.s != NULL)
		consider_key(r, &numbered, &other, again);
	if (other.there)
		consider(&numbered, &other.version, other.kept, true);
	slot->winner = numbered.kept;
	if (slot->winner == NULL)
		return;
	slot->winner->seq = slot->seq;
	if (numbered.tie || other.tie)
		map_record_tell(r, slot->winner, MAP_ISSUE_UNREAD, false,
		    "different contents under the same version and time; one of them was taken");
}

/* ---- patients ---- */

struct map_person *
map_person_root(struct map_person *p)
{
	while (p->up != p) {
		p->up = p->up->up;
		p = p->up;
	}
	return p;
}

static struct map_person *
person(struct map_record *r, struct cw_str key, struct cw_str name, size_t rank)
{
	struct map_person *p = cw_map_get(r->people, key);

	if (p != NULL)
		return p;
	p = cw_alloc(r->settle, sizeof(*p));
	p->key = cw_str_dup(r->settle, key);
	p->name = cw_str_dup(r->settle, name);
	p->up = p;
	p->first = SIZE_MAX;
	p->rank = rank;
	cw_map_put(r->people, p->key, p);
	return p;
}

enum { RANK_RESOURCE, RANK_REPLACED, RANK_REFERENCE, RANK_URI, RANK_IDENTIFIER, RANK_CONTAINED };

/* A patient by type and id; base 0 is the only one there is, if there is only one. */
static struct map_person *
person_by_id(struct map_record *r, struct cw_str id, uint32_t base)
{
	struct cw_str type = CW_STR("Patient"), key, name;

	base = base == 0 && r->bases == 1 ? 1 : base;
	key = map_record_key(r, type, id, base, r->settle);
	if (r->bases > 1 && base > 0)
		name = cw_fmt(
		    r->settle, "%.*s/Patient/%.*s", CW_ARG(r->base[base - 1].text), CW_ARG(id));
	else
		name = cw_fmt(r->settle, "Patient/%.*s", CW_ARG(id));
	return person(r, key, name, RANK_REFERENCE);
}

/* The patient that the slot of a Patient resource stands for. */
static struct map_person *
person_of_slot(struct map_record *r, struct cw_str key)
{
	const char *cut = memchr(key.s, '\n', key.n);
	const struct map_slot *slot = cw_map_get(r->slots, key);
	struct cw_str head = { key.s, cut == NULL ? key.n : (size_t)(cut - key.s) };
	struct map_kept *any = slot == NULL		? NULL
			       : slot->numbered != NULL ? slot->numbered
							: slot->unnumbered;

	if (cw_str_starts(head, CW_STR("Patient/"))) {
		struct cw_str base = { NULL, 0 };

		if (cut != NULL)
			base = (struct cw_str){ cut + 1, key.n - head.n - 1 };
		return person_by_id(
		    r, (struct cw_str){ head.s + 8, head.n - 8 }, map_record_base_known(r, base));
	}
	if (!cw_str_starts(head, CW_STR("Patient")))
		return NULL;
	return person(r, key, any == NULL ? head : any->source, RANK_URI);
}

static struct map_person *
person_by_uri(struct map_record *r, size_t bundle, struct cw_str uri)
{
	struct cw_str key = map_record_alias(r, bundle, uri);

	if (key.s != NULL)
		return person_of_slot(r, key);
	if (!map_record_global(uri))
		return person(
		    r, cw_fmt(r->settle, "%.*s\n%zu", CW_ARG(uri), bundle), uri, RANK_URI);
	return person(r, uri, uri, RANK_URI);
}

static struct map_person *
person_by_reference(struct map_record *r, const struct map_kept *k, struct cw_str text)
{
	struct fhir_reference ref;
	uint32_t base;

	fhir_reference_parse(&ref, text);
	if (ref.kind == FHIR_REFERENCE_RELATIVE)
		return person_by_id(r, ref.id, k->base);
	if (ref.kind != FHIR_REFERENCE_ABSOLUTE)
		return person_by_uri(r, k->bundle, text);
	base = map_record_base_known(r, ref.base);
	if (base == MAP_BASE_UNKNOWN || cw_map_get(r->aliases, text) != NULL)
		return person_by_uri(r, k->bundle, text);
	return person_by_id(r, ref.id, base);
}

/* One "system|value": key of its person, kept apart from keys of other kinds. */
static struct cw_str
identifier_key(struct map_record *r, struct cw_str text)
{
	return cw_fmt(r->settle, "|%.*s", CW_ARG(text));
}

struct map_person *
map_record_person(struct map_record *r, const struct map_kept *k, const struct map_who *who)
{
	struct cw_str key;

	switch (who->kind) {
	case WHO_REFERENCE:
		return person_by_reference(r, k, who->text);
	case WHO_IDENTIFIER:
		return person(r, identifier_key(r, who->text), who->text, RANK_IDENTIFIER);
	case WHO_CONTAINED:
		key = cw_fmt(r->settle, "%.*s%.*s", CW_ARG(k->slot->key), CW_ARG(who->text));
		return person(r, key,
		    cw_fmt(r->settle, "%.*s%.*s", CW_ARG(k->source), CW_ARG(who->text)),
		    RANK_CONTAINED);
	case WHO_NOBODY:
	case WHO_OTHER:
	case WHO_WRONG:
	case WHO_NOWHERE:
		break;
	}
	return NULL;
}

/* All joined with a and all joined with b are one. */
static void
join(struct map_person *a, struct map_person *b)
{
	a = map_person_root(a);
	b = map_person_root(b);
	if (a == b)
		return;
	if (b->first < a->first) {
		struct map_person *swap = a;

		a = b;
		b = swap;
	}
	b->up = a;
}

/* ---- what Patient resources say of each other ---- */

static void
take_link(struct map_record *r, struct map_person *self, const struct fhir_node *link)
{
	struct cw_str type = fhir_node_text(link, "type");
	struct cw_str text = fhir_node_text(fhir_node_get(link, "other"), "reference");
	bool by = cw_str_is(type, "replaced-by"), replaces = cw_str_is(type, "replaces");
	struct fhir_reference ref;
	struct map_person *other;

	fhir_reference_parse(&ref, text);
	if ((!by && !replaces) || ref.kind == FHIR_REFERENCE_NONE ||
	    ref.kind == FHIR_REFERENCE_CONTAINED || ref.kind == FHIR_REFERENCE_SEARCH ||
	    (ref.type.s != NULL && !cw_str_is(ref.type, "Patient")))
		return;
	other = person_by_reference(r, self->self, text);
	if (other == NULL || other == self)
		return;
	if (by)
		self->replaced = true;
	else
		other->replaced = true;
	join(self, other);
}

/* Somebody is referred to by this identifier: the one patient who has it, or nobody known. */
static void
take_identifier(struct map_record *r, struct cw_map *owners, struct map_person *self,
    const struct fhir_node *identifier)
{
	struct cw_str text =
	    cw_fmt(r->scratch, "|%.*s|%.*s", CW_ARG(fhir_node_text(identifier, "system")),
		CW_ARG(fhir_node_text(identifier, "value")));
	struct map_person *wanted = cw_map_get(r->people, text), **owner;

	if (wanted == NULL)
		return;
	owner = cw_map_get(owners, wanted->key);
	if (owner == NULL) {
		owner = cw_alloc(r->settle, 2 * sizeof(*owner));
		owner[0] = self;
		cw_map_put(owners, wanted->key, owner);
	} else if (map_person_root(owner[0]) != map_person_root(self)) {
		owner[1] = self;
	}
}

static void
join_identifiers(struct map_record *r, struct cw_map *owners)
{
	for (size_t i = 0; i < cw_map_count(owners); i++) {
		struct cw_str key;
		struct map_person **owner = cw_map_at(owners, i, &key);

		if (owner[1] == NULL || map_person_root(owner[0]) == map_person_root(owner[1]))
			join(cw_map_get(r->people, key), owner[0]);
	}
}

/* Links first, for they decide whether an identifier has one owner or two. */
static void
settle_patients(struct map_record *r, bool identifiers, struct cw_map *owners)
{
	for (size_t i = 0; i < cw_map_count(r->slots); i++) {
		struct map_slot *slot = cw_map_at(r->slots, i, NULL);
		const struct fhir_node *tree, *c;
		struct map_person *self;

		if (slot->winner == NULL || !cw_str_is(slot->winner->type, "Patient"))
			continue;
		self = person_of_slot(r, slot->key);
		self->self = slot->winner;
		if (slot->seq < self->first)
			self->first = slot->seq;
		cw_arena_reset(r->scratch);
		tree = map_record_tree(slot->winner, r->scratch);
		if (tree == NULL)
			continue;
		c = fhir_node_get(tree, identifiers ? "identifier" : "link");
		for (; c != NULL; c = fhir_node_again(c)) {
			if (identifiers)
				take_identifier(r, owners, self, c);
			else
				take_link(r, self, c);
		}
	}
}

const struct fhir_node *
map_record_tree(const struct map_kept *k, struct cw_arena *arena)
{
	const struct fhir_node *tree;

	return fhir_json_read(&tree, k->text, arena, &map_record_limits, NULL) < 0 ? NULL : tree;
}

/* ---- whose is what ---- */

/* Nameless resources come twice under two keys when a text is read twice. */
static bool
is_copy(struct map_record *r, struct cw_map *copies, struct map_kept *k, const struct map_person *p)
{
	struct copy_key {
		const struct map_person *p;
		unsigned char digest[MAP_DIGEST_SIZE];
	} * key;

	if (!k->nameless)
		return false;
	key = cw_alloc(r->settle, sizeof(*key));
	key->p = p;
	memcpy(key->digest, k->digest, sizeof(key->digest));
	return cw_map_put(copies, (struct cw_str){ (const char *)key, sizeof(*key) }, k) != NULL;
}

static bool
disputed(struct map_record *r, const struct map_kept *k, struct map_person *p)
{
	struct map_person *q = map_record_person(r, k, &k->other);

	if (k->other.kind == WHO_NOBODY || (q != NULL && map_person_root(q) == map_person_root(p)))
		return false;
	map_record_tell(r, k, MAP_ISSUE_MALFORMED, true,
	    "subject and patient are not the same patient, so it is nobody's");
	return true;
}

static void
attach(struct map_record *r, struct map_kept *k, struct cw_map *copies)
{
	struct map_person *p = map_record_person(r, k, &k->subject), *root;

	if (p == NULL || disputed(r, k, p))
		return;
	root = map_person_root(p);
	if (is_copy(r, copies, k, root))
		return;
	k->next = root->kept;
	root->kept = k;
}

/* Everybody who is named, with the place of first appearance. */
static void
meet(struct map_record *r)
{
	for (size_t i = 0; i < cw_map_count(r->slots); i++) {
		const struct map_slot *slot = cw_map_at(r->slots, i, NULL);
		struct map_person *p;

		if (slot->winner == NULL || cw_str_is(slot->winner->type, "Patient"))
			continue;
		p = map_record_person(r, slot->winner, &slot->winner->subject);
		if (p != NULL && slot->winner->seq < p->first)
			p->first = slot->winner->seq;
	}
}

static int
by_first(const void *a, const void *b)
{
	const struct map_person *const *p = a, *const *q = b;

	return ((*p)->first > (*q)->first) - ((*p)->first < (*q)->first);
}

/* The name by which all joined are printed must not hang on the order of the data. */
static void
name_all(struct map_record *r)
{
	for (size_t i = 0; i < cw_map_count(r->people); i++) {
		struct map_person *p = cw_map_at(r->people, i, NULL), *root = map_person_root(p);

		if (p->self != NULL)
			p->rank = p->replaced ? RANK_REPLACED : RANK_RESOURCE;
		p->next = root->members;
		root->members = p;
		if (root->best == NULL || p->rank < root->best->rank ||
		    (p->rank == root->best->rank && cw_str_cmp(p->name, root->best->name) < 0))
			root->best = p;
		if (p->first < root->first)
			root->first = p->first;
	}
}

static void
list_cases(struct map_record *r)
{
	size_t n = cw_map_count(r->people);

	r->n_cases = 0;
	r->cases = cw_alloc(r->settle, n * sizeof(*r->cases));
	for (size_t i = 0; i < n; i++) {
		struct map_person *p = cw_map_at(r->people, i, NULL);

		if (p->up == p && p->kept != NULL)
			r->cases[r->n_cases++] = p;
	}
	if (r->n_cases > 0)
		qsort(r->cases, r->n_cases, sizeof(*r->cases), by_first);
}

void
map_record_settle(struct map_record *r)
{
	struct cw_map *owners = cw_map_new(), *copies = cw_map_new();
	size_t n = cw_map_count(r->slots);

	cw_map_free(r->people);
	r->people = cw_map_new();
	cw_arena_reset(r->settle);
	for (size_t i = 0; i < n; i++)
		settle_slot(r, cw_map_at(r->slots, i, NULL));
	meet(r);
	settle_patients(r, false, NULL);
	settle_patients(r, true, owners);
	join_identifiers(r, owners);
	for (size_t i = 0; i < n; i++) {
		struct map_slot *slot = cw_map_at(r->slots, i, NULL);

		if (slot->winner != NULL && !cw_str_is(slot->winner->type, "Patient"))
			attach(r, slot->winner, copies);
	}
	name_all(r);
	list_cases(r);
	cw_map_free(owners);
	cw_map_free(copies);
	r->settled = true;
}

size_t
map_record_patients(struct map_record *r)
{
	if (!r->settled)
		map_record_settle(r);
	return r->n_cases;
}
