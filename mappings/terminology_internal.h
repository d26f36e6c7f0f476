/* terminology_internal: how the look-up is built and laid out. Not for others. */
#ifndef MAPPINGS_TERMINOLOGY_INTERNAL_H
#define MAPPINGS_TERMINOLOGY_INTERNAL_H

#include "mappings/terminology.h"

#define TERMS_FINDING "urn:cordwatch:CodeSystem:finding"
#define TERMS_TEXT "urn:cordwatch:CodeSystem:answer-text"
#define TERMS_NO "urn:cordwatch:ValueSet:answer-no"
#define TERMS_YES "urn:cordwatch:ValueSet:answer-yes"

enum { TERMS_KEY = 64 }; /* longest code of a system whose codes are normalised */

/* How two codes of a system compare. */
enum terms_kind {
	TERMS_PLAIN, /* byte by byte */
	TERMS_ICD,   /* without dots, letters of either case */
	TERMS_WORDS  /* without outer blanks, letters of either case */
};

/* The targets of one code or prefix. */
struct terms_hit {
	const struct map_target *target;
	size_t n;
};

/* A prefix rule; parent is the longest other one that is a prefix of it, or -1. */
struct terms_prefix {
	struct cw_str key;
	ptrdiff_t parent;
	struct terms_hit hit; /* its own and those of all its parents */
};

struct terms_system {
	struct cw_str uri;
	enum terms_kind kind;
	size_t index;
	struct cw_map *exact;		    /* key -> struct terms_hit; NULL: none */
	const struct terms_index *index_of; /* the same, for look-ups */
	struct terms_prefix *prefix;	    /* in byte order */
	size_t prefixes;
	uint32_t *first; /* where the prefixes with a first byte begin: 257 places */
};

/* A value set, or one include or exclude of it. */
struct terms_part {
	const struct terms_system *system; /* NULL: only sets */
	bool whole;			   /* every code of the system */
	struct cw_map *code;		   /* key -> its node; NULL: none */
	struct terms_prefix *prefix;	   /* in no order; parent and hit are not used */
	struct cw_str *rule;		   /* as written, per prefix */
	size_t prefixes;
	const struct terms_set **set; /* all of these too */
	size_t sets;
};

struct terms_set {
	const struct map_artefact *artefact;
	enum { TERMS_SET_NEW, TERMS_SET_OPEN, TERMS_SET_DONE } state;
	struct terms_part *include, *exclude;
	size_t includes, excludes;
	const struct map_concept **concept; /* those of the finding system in it */
	size_t concepts;
};

struct map_terminology {
	struct cw_arena *mem;
	struct map_concept *concept;
	size_t concepts;
	struct cw_map *by_code;		    /* code -> concept */
	struct cw_map *names;		    /* uri, oid, alias -> system */
	const struct terms_index *names_of; /* the same, for look-ups */
	struct cw_map *short_names;	    /* sct, loinc ... -> system */
	struct terms_system **system;
	size_t systems, system_cap;
	struct cw_map *sets; /* url and url|version -> set */
	const struct terms_system *finding, *words;
	const struct terms_set *no, *yes;
	struct cw_map **map; /* all cw_maps made, to free */
	size_t maps, map_cap;
};

/* One row while loading: what a code or prefix says, or takes back. */
struct terms_row {
	struct terms_system *system;
	struct cw_str key;
	bool prefix, inherited;
	bool remove; /* takes the concept away; without a concept: all */
	size_t order;
	struct map_target target;
};

/* A code that stands for a code of another system. */
struct terms_edge {
	struct terms_system *system, *to_system;
	struct cw_str key, code, to_key, to_code, display, map, file;
	const struct map_artefact *artefact;
	const struct fhir_node *node;
	bool unsure;
	unsigned height; /* 1: leads to a code that leads no further; 0: not known yet */
	bool open;	 /* on the way that is being followed */
};

struct terms_build {
	struct map_terminology *t;
	const struct map_package *package;
	struct terms_row *row;
	size_t rows, row_cap;
	struct terms_edge *edge;
	size_t edges, edge_cap;
};

/* ---- terminology_system.c ---- */

/* A map that is freed with t. */
struct cw_map *terms_map(struct map_terminology *t);
/* The systems with names of their own, and their urn:oid forms and short names. */
void terms_system_init(struct map_terminology *t);
/* The system of that URI or alias; made when it is new. */
struct terms_system *terms_system_of(struct map_terminology *t, struct cw_str uri);
/* The aliases that a NamingSystem lists. */
CW_CHECK int terms_system_alias(
    struct map_terminology *t, const struct map_artefact *a, struct cw_err *err);
/* The form in which codes compare; room for TERMS_KEY bytes. Absent: longer than any. */
struct cw_str terms_key(const struct terms_system *s, struct cw_str code, char room[TERMS_KEY]);
/* The same in t's memory, checked: CW_EVALUE for an impossible code, a wrong check digit. */
CW_CHECK int terms_key_checked(struct map_terminology *t, const struct terms_system *s,
    const struct map_artefact *a, const struct fhir_node *node, struct cw_str *key,
    struct cw_err *err);

/* ---- terminology_digit.c ---- */

/* What is wrong with a code of a system that has check digits, or NULL. */
const char *terms_digit_fault(struct cw_str system, struct cw_str code);

/* ---- terminology_set.c ---- */

/* Read all active value sets. */
CW_CHECK int terms_sets_read(struct terms_build *b, struct cw_err *err);
/* The value set of a canonical, or NULL. */
const struct terms_set *terms_set_find(const struct map_terminology *t, struct cw_str canonical);
/* Is the key of the system in it? */
bool terms_set_has(const struct terms_set *set, const struct terms_system *s, struct cw_str key);

/* ---- terminology_map.c ---- */

/* Read one ConceptMap into rows and edges. */
CW_CHECK int terms_map_read(
    struct terms_build *b, const struct map_artefact *a, struct cw_err *err);
/* Add a row, numbered in the order of arrival. */
void terms_row_add(struct terms_build *b, const struct terms_row *row);

/* ---- terminology_chain.c ---- */

/* Give the codes that stand for others the targets of these; needs tables, leaves new ones. */
CW_CHECK int terms_chain(struct terms_build *b, struct cw_err *err);

/* ---- terminology_index.c ---- */

/* A read-only copy of a map, quick to say that something is not in it; keys are borrowed. */
const struct terms_index *terms_index_make(struct cw_arena *mem, const struct cw_map *map);
/* The value under key, or NULL. */
const void *terms_index_get(const struct terms_index *x, struct cw_str key);

/* ---- terminology_build.c ---- */

/* Make the tables of all systems from the rows. */
void terms_tables(struct terms_build *b);
/* What a key of a system maps to, or NULL. */
const struct terms_hit *terms_hit_of(const struct terms_system *s, struct cw_str key);

#endif
