#include "mappings/rows.h"

#include "mappings/record_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	struct map_rows *out;
	struct cw_arena *arena;
	struct map_record *r;
	struct cw_map *known; /* key of the record -> struct entry */
	size_t cap_faults;
	struct map_row_fault *fault;
	struct cw_str text;
	char text_hex[2 * MAP_DIGEST_SIZE + 1]; /* worked out when it is needed */
};

/* What the entries told of one resource. */
struct entry {
	struct cw_str type, version_text, full_url;
	size_t bundle;
	bool deleted;
};

/* ---- names ---- */

static bool
all_digits(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
	}
	return s.n > 0;
}

static const char *
text_hex(struct reading *me)
{
	if (me->text_hex[0] == '\0')
		map_digest_hex(me->text_hex, me->text.s, me->text.n);
	me->text_hex[16] = '\0';
	return me->text_hex;
}

/* A key of the record as a name that holds outside of it.  What is known by its place in this text
 * only ("urn:uuid:p1", a resource without id) is told apart by the text's digest. */
static struct map_name
name_of(struct reading *me, struct cw_str key)
{
	const char *cut = memchr(key.s, '\n', key.n);
	struct map_name name = { .key = cw_str_dup(me->arena, key) };
	struct cw_str tail;

	if (cut == NULL) {
		bool everywhere = key.s[0] == '|' || memchr(key.s, ':', key.n) != NULL;

		if (everywhere)
			name.base = CW_STR(MAP_BASE_ALL);
		return name;
	}
	tail = (struct cw_str){ cut + 1, (size_t)(key.s + key.n - cut) - 1 };
	name.key.n = (size_t)(cut - key.s);
	if (all_digits(tail))
		name.key =
		    cw_fmt(me->arena, "%.*s@%s.%.*s", CW_ARG(name.key), text_hex(me), CW_ARG(tail));
	else if (memchr(name.key.s, '/', name.key.n) == NULL)
		name = (struct map_name){ CW_STR(MAP_BASE_ALL),
			cw_fmt(me->arena, "%.*s %.*s", CW_ARG(name.key), CW_ARG(tail)) };
	else
		name.base = cw_str_dup(me->arena, tail);
	return name;
}

static struct map_name
name_of_person(struct reading *me, struct map_kept *k, const struct map_who *who)
{
	struct map_person *p = map_record_person(me->r, k, who);

	return p == NULL ? (struct map_name){ .key = { NULL, 0 } } : name_of(me, p->key);
}

/* ---- while the text is walked ---- */

static void
on_met(void *arg, const struct fhir_entry *e, const struct map_identity *me)
{
	struct reading *reading = arg;
	struct entry *known;
	bool named = me->url.kind == FHIR_REFERENCE_ABSOLUTE && cw_str_eq(me->url.id, me->id);

	reading->out->resources += me->met != MAP_MET_NOTHING;
	reading->out->other += me->met == MAP_MET_OTHER;
	reading->out->empty += me->met == MAP_MET_EMPTY;
	if (me->met < MAP_MET_DELETED || (me->met == MAP_MET_EMPTY && me->nameless))
		return;
	known = cw_map_get(reading->known, me->key);
	if (known == NULL) {
		known = cw_alloc(reading->arena, sizeof(*known));
		if (known == NULL)
			return;
		known->type = cw_str_dup(reading->arena, me->type);
		cw_map_put(reading->known, cw_str_dup(reading->arena, me->key), known);
	}
	known->bundle = e->bundle;
	known->deleted = me->met == MAP_MET_DELETED;
	known->full_url =
	    named ? (struct cw_str){ NULL, 0 } : cw_str_dup(reading->arena, e->full_url);
	known->version_text = cw_str_dup(reading->arena, me->version_text);
}

static void
on_note(void *arg, const struct map_note *note)
{
	struct reading *me = arg;
	struct map_rows *out = me->out;

	if (!note->whole || note->kind == MAP_ISSUE_SKIPPED)
		return;
	if (out->faults == me->cap_faults) {
		me->cap_faults = me->cap_faults * 2 + 4;
		me->fault = cw_realloc(me->fault, me->cap_faults * sizeof(*me->fault));
	}
	me->fault[out->faults++] = (struct map_row_fault){
		.text = cw_str_dup(me->arena, note->text),
		.path = cw_str_dup(me->arena, note->path),
		.line = note->line,
		.column = note->column,
		.key = cw_str_dup(me->arena, note->source),
	};
}

/* ---- one row ---- */

static void
add_name(struct reading *me, const struct map_name **list, size_t *n, struct map_name name)
{
	struct map_name *more;

	if (name.key.s == NULL)
		return;
	more = cw_alloc(me->arena, (*n + 1) * sizeof(*more));
	if (more == NULL)
		return;
	if (*n > 0)
		memcpy(more, *list, *n * sizeof(*more));
	more[(*n)++] = name;
	*list = more;
}

static void
take_links(
    struct reading *me, struct map_row *row, struct map_kept *k, const struct fhir_node *patient)
{
	const struct fhir_node *n = fhir_node_get(patient, "link");

	for (; n != NULL; n = fhir_node_again(n)) {
		struct cw_str type = fhir_node_text(n, "type");
		struct map_who other = { WHO_REFERENCE,
			fhir_node_text(fhir_node_get(n, "other"), "reference") };

		if ((cw_str_is(type, "replaced-by") || cw_str_is(type, "replaces")) &&
		    other.text.n > 0 && other.text.s[0] != '#')
			add_name(me, &row->link, &row->links, name_of_person(me, k, &other));
	}
	for (n = fhir_node_get(patient, "identifier"); n != NULL; n = fhir_node_again(n)) {
		struct cw_str value = fhir_node_text(n, "value");
		struct map_name name = { CW_STR(MAP_BASE_ALL),
			cw_fmt(me->arena, "|%.*s|%.*s", CW_ARG(fhir_node_text(n, "system")),
			    CW_ARG(value)) };

		if (value.n > 0)
			add_name(me, &row->link, &row->links, name);
	}
}

/* A canonical is known everywhere, without its version. */
static struct map_name
canonical(struct reading *me, struct cw_str url)
{
	const char *bar = url.n == 0 ? NULL : memchr(url.s, '|', url.n);

	if (bar != NULL)
		url.n = (size_t)(bar - url.s);
	return (struct map_name){ CW_STR(MAP_BASE_ALL),
		url.n == 0 ? (struct cw_str){ NULL, 0 } : cw_str_dup(me->arena, url) };
}

static void
take_needs(struct reading *me, struct map_row *row, const struct map_kept *k,
    const struct fhir_node *resource)
{
	struct cw_str text =
	    fhir_node_text(fhir_node_get(resource, "medicationReference"), "reference");
	struct map_slot *slot = map_record_find(me->r, k, text);
	struct fhir_reference ref;
	char room[FHIR_BASE_NAME];

	fhir_reference_parse(&ref, text);
	if (slot != NULL)
		add_name(me, &row->need, &row->needs, name_of(me, slot->key));
	else if (ref.kind == FHIR_REFERENCE_RELATIVE || ref.kind == FHIR_REFERENCE_ABSOLUTE)
		add_name(me, &row->need, &row->needs,
		    (struct map_name){
			ref.kind == FHIR_REFERENCE_RELATIVE && k->base > 0
			    ? cw_str_dup(me->arena, me->r->base[k->base - 1].name)
			    : cw_str_dup(me->arena, fhir_reference_base_name(ref.base, room)),
			cw_fmt(me->arena, "%.*s/%.*s", CW_ARG(ref.type), CW_ARG(ref.id)) });
	else if (ref.kind == FHIR_REFERENCE_URI)
		add_name(me, &row->need, &row->needs, canonical(me, text));
	add_name(
	    me, &row->need, &row->needs, canonical(me, fhir_node_text(resource, "questionnaire")));
}

static void
take_kept(struct reading *me, struct map_row *row, struct map_kept *k)
{
	struct cw_arena *tree_arena = cw_arena_new(0);
	const struct fhir_node *tree = map_record_tree(k, tree_arena);

	assert(tree != NULL);
	row->kind = MAP_ROW_KEPT;
	row->text =
	    k->slim ? (struct cw_str){ NULL, 0 } : map_record_slim(k->text, false, me->arena);
	if (row->text.s == NULL)
		row->text = cw_str_dup(me->arena, k->text);
	map_record_digest(row->digest, tree);
	if (cw_str_is(row->type, "Patient")) {
		row->patient = row->name;
		take_links(me, row, k, tree);
	} else {
		row->patient = name_of_person(me, k, &k->subject);
		take_needs(me, row, k, tree);
	}
	cw_arena_free(tree_arena);
}

/* A Questionnaire is also asked for by its canonical URL. */
static struct map_name
second_name(struct reading *me, const struct map_row *row)
{
	struct map_name name = { .key = { NULL, 0 } };
	struct cw_arena *arena;
	const struct fhir_node *tree;

	if (row->kind != MAP_ROW_KEPT || !cw_str_is(row->type, "Questionnaire"))
		return name;
	arena = cw_arena_new(0);
	if (fhir_json_read(&tree, row->text, arena, &map_record_limits, NULL) >= 0)
		name = canonical(me, fhir_node_text(tree, "url"));
	cw_arena_free(arena);
	return name;
}

static void
make_rows(struct reading *me)
{
	size_t n = cw_map_count(me->known);

	me->out->row = cw_alloc(me->arena, 2 * n * sizeof(*me->out->row));
	for (size_t i = 0; me->out->row != NULL && i < n; i++) {
		struct map_row *row = &me->out->row[me->out->n];
		struct map_kept *kept;
		struct cw_str key;
		const struct entry *known = cw_map_at(me->known, i, &key);
		struct map_name second;

		if (!map_record_best(me->r, key, &row->version, &kept))
			continue;
		me->out->n++;
		row->name = name_of(me, key);
		row->type = known->type;
		row->bundle = known->bundle;
		row->full_url = known->full_url;
		row->version_text = known->version_text;
		row->kind = known->deleted ? MAP_ROW_DELETED : MAP_ROW_EMPTY;
		if (kept != NULL)
			take_kept(me, row, kept);
		second = second_name(me, row);
		if (second.key.s != NULL) {
			me->out->row[me->out->n] = *row;
			me->out->row[me->out->n++].name = second;
		}
	}
}

int
map_rows_read(struct map_rows *out, struct cw_str text, const struct map_terminology *terms,
    struct cw_arena *arena, struct cw_err *err)
{
	struct map_origin from = { .received = MAP_NO_TIME };
	struct reading me = { .out = out, .arena = arena, .known = cw_map_new() };
	struct map_row_fault *fault;

	memset(out, 0, sizeof(*out));
	me.r = map_record_new(terms, on_note, &me);
	me.r->met = on_met;
	me.r->met_arg = &me;
	me.text = text;
	map_record_add(me.r, text, &from);
	map_record_settle(me.r);
	make_rows(&me);
	fault = cw_alloc(arena, out->faults * sizeof(*fault));
	if (fault != NULL && out->faults > 0)
		memcpy(fault, me.fault, out->faults * sizeof(*fault));
	out->fault = fault;
	free(me.fault);
	map_record_free(me.r);
	cw_map_free(me.known);
	if (cw_arena_full(arena))
		return cw_fail(err, CW_ELIMIT, "what is kept of one text passes the limit");
	return CW_OK;
}

/* ---- the way back ---- */

struct giving {
	const struct map_row_back *row;
	size_t next;	       /* of the rows being given */
	struct cw_map *row_of; /* key of the record -> row number + 1 */
	struct cw_arena *keys;
};

static void
on_back(void *arg, const struct fhir_entry *e, const struct map_identity *me)
{
	struct giving *g = arg;

	(void)e;
	g->next++;
	if (me->met == MAP_MET_KEPT)
		cw_map_put(g->row_of, cw_str_dup(g->keys, me->key), (void *)(uintptr_t)g->next);
}

/* Absent when it has none. */
static struct cw_str
full_url(struct giving *g, const struct map_row_back *row)
{
	bool based = row->name.base.n > 0 && !cw_str_is(row->name.base, MAP_BASE_ALL);

	if (row->full_url.n > 0 || !based)
		return row->full_url;
	return cw_fmt(g->keys, "https://%.*s/%.*s", CW_ARG(row->name.base), CW_ARG(row->name.key));
}

static void
give_entry(struct fhir_json_out *o, struct giving *g, const struct map_row_back *row)
{
	struct cw_str url = full_url(g, row);

	fhir_json_out_object(o);
	if (url.n > 0)
		fhir_json_out_member(o, "fullUrl", url);
	fhir_json_out_key(o, "resource");
	fhir_json_out_raw(o, row->text);
	fhir_json_out_object_end(o);
}

/* Rows of one Bundle as a Bundle again, for they may refer to each other within it. */
static void
give_bundle(struct map_record *r, struct giving *g, const struct map_row_back *row, size_t n)
{
	struct map_origin from = { .feed = row->feed, .received = row->received };
	struct fhir_json_out o;
	struct cw_buf text;

	cw_buf_init(&text, 0);
	fhir_json_out_init(&o, &text, false);
	fhir_json_out_object(&o);
	fhir_json_out_member(&o, "resourceType", CW_STR("Bundle"));
	fhir_json_out_member(&o, "type", CW_STR("collection"));
	fhir_json_out_key(&o, "entry");
	fhir_json_out_array(&o);
	for (size_t i = 0; i < n; i++)
		give_entry(&o, g, &row[i]);
	fhir_json_out_array_end(&o);
	fhir_json_out_object_end(&o);
	map_record_add(r, (struct cw_str){ text.s, text.n }, &from);
	cw_buf_fini(&text);
}

static void
give_alone(struct map_record *r, struct giving *g, const struct map_row_back *row)
{
	struct map_origin from = { .feed = row->feed, .received = row->received };
	const char *slash = memchr(row->name.key.s, '/', row->name.key.n);
	struct fhir_entry e = { .resource = row->text, .full_url = full_url(g, row) };

	if (slash != NULL)
		e.type = (struct cw_str){ row->name.key.s, (size_t)(slash - row->name.key.s) };
	map_record_entry(r, &e, &from);
}

static void
tell_cases(struct map_record *r, const struct giving *g, size_t *case_of)
{
	for (size_t i = 0; i < r->n_cases; i++) {
		for (const struct map_person *p = r->cases[i]->members; p != NULL; p = p->next) {
			const struct map_kept *self = p->self;
			uintptr_t row =
			    self == NULL ? 0 : (uintptr_t)cw_map_get(g->row_of, self->slot->key);

			if (row > 0)
				case_of[row - 1] = i;
		}
		for (const struct map_kept *k = r->cases[i]->kept; k != NULL; k = k->next) {
			uintptr_t row = (uintptr_t)cw_map_get(g->row_of, k->slot->key);

			if (row > 0)
				case_of[row - 1] = i;
		}
	}
}

void
map_rows_give(struct map_record *r, const struct map_row_back *row, size_t n, size_t *case_of)
{
	struct giving g = { .row = row, .row_of = cw_map_new(), .keys = cw_arena_new(0) };

	r->met = on_back;
	r->met_arg = &g;
	for (size_t i = 0; i < n; i++)
		case_of[i] = SIZE_MAX;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && row[i].bundle != 0; end++) {
			if (row[end].bundle != row[i].bundle)
				break;
		}
		g.next = i;
		if (row[i].bundle == 0)
			give_alone(r, &g, &row[i]);
		else
			give_bundle(r, &g, &row[i], end - i);
	}
	r->met = NULL;
	(void)map_record_patients(r);
	tell_cases(r, &g, case_of);
	cw_map_free(g.row_of);
	cw_arena_free(g.keys);
}
