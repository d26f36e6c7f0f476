/* record_internal: what the parts of the record share. Not for others. */
#ifndef MAPPINGS_RECORD_INTERNAL_H
#define MAPPINGS_RECORD_INTERNAL_H

#include "fhir/bundle.h"
#include "fhir/json.h"
#include "fhir/reference.h"
#include "mappings/digest.h"
#include "mappings/record.h"
#include "mappings/version.h"

/* Whom a resource says it is about, before anything is resolved. */
struct map_who {
	enum {
		WHO_NOBODY,
		WHO_REFERENCE,	/* text: as written */
		WHO_IDENTIFIER, /* text: "system|value" */
		WHO_CONTAINED,	/* text: "#id" of a Patient in the resource without identifier */
		WHO_OTHER,	/* surely no patient: a Group, a Device */
		WHO_WRONG,	/* nor what anything clinical can be about */
		WHO_NOWHERE	/* what is contained is not there; a search that cannot be done */
	} kind;
	struct cw_str text;
};

/* A base of URLs. Number 0 means none. */
struct map_base {
	struct cw_str name; /* as compared */
	struct cw_str text; /* as first written */
};

struct map_slot;
struct map_identity;

/* One version of a resource that may map; one allocation. */
struct map_kept {
	struct map_kept *next; /* of the same patient */
	struct map_slot *slot;
	const struct map_origin *from;
	size_t line;   /* in the file */
	size_t bundle; /* serial number over all texts; 0: stood in none */
	size_t seq;    /* order of first appearance */
	uint32_t base; /* of the relative references in it */
	bool nameless; /* has no id: known by its content */
	bool slim;     /* text was cut down: offsets in it tell no line */
	struct map_version version;
	unsigned char digest[MAP_DIGEST_SIZE];
	struct cw_str type, source, path, text;
	struct map_who subject, other; /* other: where subject and patient both stand */
};

/* All versions of one resource. */
struct map_slot {
	struct cw_str key; /* "Type/id", then "\n" and the name of its base if it has one */
	size_t seq;	   /* of its first version */
	struct map_kept *numbered, *unnumbered; /* the best of each kind */
	struct map_kept *winner;		/* settled: the version that counts, or NULL */
	struct map_slot *same; /* settled: the resource with a base that this one joins */
	bool tie;	       /* different bytes under the same version */
};

/* One patient as referred to in one way; joined to others by `up`. */
struct map_person {
	struct cw_str key;
	struct cw_str name; /* as printed */
	struct map_person *up;
	size_t first;	       /* seq of the first resource that names it */
	size_t rank;	       /* 0: a Patient resource that counts; then less and less of a name */
	bool replaced;	       /* a link says that another one replaces it */
	struct map_kept *self; /* its Patient resource, or NULL */
	/* at the root: */
	struct map_person *members, *next; /* all joined; next is in each of them */
	struct map_person *best;	   /* whose name is printed */
	struct map_kept *kept;		   /* what is about it, last first */
};

struct map_record {
	const struct map_terminology *terms;
	void (*note)(void *arg, const struct map_note *note);
	void *arg;
	struct map_record_counts counts;
	struct cw_arena *keys;	  /* keys, slots, origins, aliases: as long as the record */
	struct cw_arena *scratch; /* of one resource */
	struct cw_arena *walk;	  /* of one text */
	struct cw_map *slots;	  /* key -> struct map_slot */
	struct cw_map *aliases;	  /* full URL, with and without its Bundle -> struct map_alias */
	struct map_seen *seen;
	struct cw_map *base_of; /* name -> number + 1 as pointer */
	struct map_base *base;
	uint32_t bases, last_base;
	const struct map_origin *from; /* of the text being read */
	size_t from_line;
	size_t bundle; /* serial number before the text being read */
	size_t seq;
	/* For rows.c: told once for each entry that was met. */
	void (*met)(void *arg, const struct fhir_entry *e, const struct map_identity *me);
	void *met_arg;
	/* settled */
	bool settled;
	struct cw_arena *settle;
	struct cw_map *people; /* key -> struct map_person */
	struct map_person **cases;
	size_t n_cases;
};

/* Where a full URL that is no REST URL leads. */
struct map_alias {
	struct cw_str key; /* of the slot */
	bool ambiguous;	   /* several resources claim it */
};

/* What became of an entry. */
enum map_met {
	MAP_MET_NOTHING, /* no resource and no deletion in it */
	MAP_MET_OTHER,	 /* of a type that is never read */
	MAP_MET_BROKEN,	 /* cannot be read, and a note says why */
	MAP_MET_DELETED,
	MAP_MET_EMPTY, /* nothing in it maps */
	MAP_MET_KEPT
};

/* What an entry is known by, and how its version ranks. */
struct map_identity {
	enum map_met met;
	struct cw_str type, id, version_text;
	struct fhir_reference url; /* of the full URL */
	uint32_t base;
	bool nameless;
	struct cw_str key;
	struct map_version version;
	unsigned char digest[MAP_DIGEST_SIZE];
};

/* Limits of one resource's tree. */
extern const struct fhir_json_limits map_record_limits;

/* Keep a version that may map, or remember that it was there. */
int map_record_keep(struct map_record *r, const struct fhir_entry *e, struct map_identity *me);
/* Take one resource that stands in no text: an entry without a walk. */
void map_record_entry(
    struct map_record *r, const struct fhir_entry *e, const struct map_origin *from);
/* Remember a version that holds nothing. */
void map_record_forget(struct map_record *r, const struct map_identity *me);
/* Tell of a fault in the text being read; its line counts from `line` of the text, its path from
 * prefix (NULL: from the root). */
void map_record_fault(
    struct map_record *r, const struct cw_err *fault, size_t line, const char *prefix);
/* The key of a resource in arena: "Type/id" [+ "\n" + base name]. */
struct cw_str map_record_key(const struct map_record *r, struct cw_str type, struct cw_str id,
    uint32_t base, struct cw_arena *arena);
/* The number of a base; entered if it is new. 0 for an absent one. */
uint32_t map_record_base(struct map_record *r, struct cw_str base);
/* The same without entering it: while patients are told apart the bases must stay as they are. */
#define MAP_BASE_UNKNOWN UINT32_MAX
uint32_t map_record_base_known(const struct map_record *r, struct cw_str base);
/* Does a full URL mean one thing wherever it stands? Short local urns ("urn:uuid:p1") are common in
 * hand-made Bundles and mean something only there. */
bool map_record_global(struct cw_str url);
/* The slot that a reference written in `from` leads to, or NULL. */
struct map_slot *map_record_find(
    struct map_record *r, const struct map_kept *from, struct cw_str reference);
/* The key under which a urn or another full URL is known from within a Bundle, or absent. */
struct cw_str map_record_alias(struct map_record *r, size_t bundle, struct cw_str url);
/* The best version under this very key: false when there is none; *kept NULL: it holds nothing. */
bool map_record_best(
    struct map_record *r, struct cw_str key, struct map_version *version, struct map_kept **kept);
/* Two texts of one version say the same when all but meta and narrative is equal. */
void map_record_digest(unsigned char out[MAP_DIGEST_SIZE], const struct fhir_node *resource);
/* Work out winners and patients, unless nothing has changed. */
void map_record_settle(struct map_record *r);
/* The patient that a kept resource names; NULL: nobody, or not a patient. */
struct map_person *map_record_person(
    struct map_record *r, const struct map_kept *k, const struct map_who *who);
/* The root of those joined with p. */
struct map_person *map_person_root(struct map_person *p);
/* The resource without narrative, documents and pictures, which nobody reads; absent when nothing
 * is gained. In arena. */
struct cw_str map_record_slim(struct cw_str text, bool patient, struct cw_arena *arena);
/* Tell of something about a kept resource. */
void map_record_tell(struct map_record *r, const struct map_kept *k, enum map_issue_kind kind,
    bool whole, const char *text);
/* The tree of a kept resource, in arena. It was read before, so only memory can fail: NULL. */
const struct fhir_node *map_record_tree(const struct map_kept *k, struct cw_arena *arena);
/* Whom the resource says it is about; strings in arena. */
void map_who_read(struct map_who *subject, struct map_who *other, const struct fhir_node *resource,
    struct cw_arena *arena);

#endif
