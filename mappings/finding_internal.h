/* finding_internal: what the parts of the reader share. Not for others. */
#ifndef MAPPINGS_FINDING_INTERNAL_H
#define MAPPINGS_FINDING_INTERNAL_H

#include "mappings/finding.h"
#include "mappings/terminology.h"

/* The system under which profiles are looked up. */
#define MAP_PROFILE_SYSTEM "urn:ietf:rfc:3986"

enum {
	MAP_HITS = 16,	   /* concepts that one CodeableConcept may map to */
	MAP_SITES = 4,	   /* different sites that one resource may name */
	MAP_REMARKS = 8,   /* reasons kept until it is known whether anything clinical was there */
	MAP_STRANGES = 16, /* places of the wrong shape that are told apart */
	MAP_TARGETS = 64,  /* references of one resource that are followed */
	MAP_DEPTH = 32,	   /* of nested questionnaire items */
	MAP_CODED = 4	   /* elements with codings in one type */
};

/* One concept that a code maps to, the best of the codings that gave it. */
struct map_hit {
	const struct map_concept *concept;
	enum map_role role;
	uint8_t grade;
	struct cw_str side, site, present, needs_site;
	bool unsure;			/* the code means more than the concept */
	bool strange;			/* it is not written as a code is written */
	const struct fhir_node *coding; /* NULL: a profile */
	struct cw_str system, code;
};

/* All that the codings of one element say. */
struct map_hits {
	struct map_hit item[MAP_HITS];
	size_t n;
	bool family;  /* one of them is family history */
	bool negated; /* one of them is a precoordinated negative */
	bool doubt;   /* one of them might be either, but is not written as a code is */
};

struct map_sites {
	struct cw_str site[MAP_SITES];
	size_t n;
	bool left, right, both, one; /* sides that were named; one: unilateral, either */
	bool stated;		     /* a body site was there, whatever it said */
};

/* What a value says, before anybody asks about what. */
struct map_answer {
	bool there;   /* a value stands */
	bool absent;  /* a dataAbsentReason stands in its place */
	bool strange; /* something of it is of the wrong shape or kind */
	bool numeric; /* a number: one (low is it), or a range */
	bool exact;   /* one, without a comparator */
	bool has_low, has_high;
	struct fhir_quantity low, high;
	enum map_truth said;	      /* yes, no, or neither */
	bool raised, lowered, normal; /* interpretations */
	bool negative, positive, abnormal;
	const struct fhir_node *range; /* first referenceRange */
	struct map_hits hits;	       /* codings of the value */
};

/* A question and its answer: an Observation, a component, a questionnaire item. */
struct map_unit {
	const struct fhir_node *node;
	struct map_hits asked;
	struct map_answer answer;
	bool other; /* about somebody else */
	bool doubt; /* may not be read as it stands */
	bool quiet; /* no value, and parts that all say no, or cannot be read: the code alone is no
		       evidence */
};

/* What a status says of an event. */
struct map_status {
	const char *code;
	bool withdrawn; /* it is taken back */
	bool denied;	/* it did not happen */
	bool done;	/* it took place */
	bool resolved;	/* it is over */
	bool pending;	/* there is no result yet */
	bool timely;	/* it took place if it says when */
};

/* The first of an element and its repeats that is an object (a "_name" twin alone, or anything else
 * in its place, is none), from node on; NULL: none is left. */
static inline const struct fhir_node *
map_object(const struct fhir_node *node)
{
	while (node && node->kind != FHIR_OBJECT)
		node = fhir_node_again(node);
	return node;
}

struct map_reader;

/* What one resource type is read by. */
struct map_type {
	struct cw_str name;
	const char *subject;		 /* its element that names the patient */
	bool subject_required;		 /* FHIR says 1..1 */
	const struct map_status *status; /* rows, ended by a NULL code; NULL: no such element */
	const char *event[2];		 /* times; without the type suffix of a choice */
	const char *record[2];
	struct map_coded {
		struct cw_str name;
		bool many;  /* FHIR has an array here */
	} coded[MAP_CODED]; /* all its elements whose codings may give a finding */
	void (*read)(struct map_reader *r);
};

struct map_remark {
	enum map_issue_kind kind;
	const struct fhir_node *node;
	const char *text;
	bool whole, told;
};

struct map_qualifier {
	struct map_hit hit;
	const struct fhir_node *node;
	enum map_truth present;
};

/* Reading one resource. */
struct map_reader {
	struct map_findings *out;
	const struct map_read_context *ctx;
	const struct map_type *type;
	const struct fhir_node *res;
	size_t first;		 /* of its findings in out */
	struct map_finding base; /* what all its findings have in common */
	struct map_sites sites;
	bool doubt;   /* present of all is unknown */
	bool denied;  /* present of all is false: not done, refuted */
	bool pending; /* there is no result yet */
	bool timely;  /* done once it says when */
	bool parked;  /* of the time to come */
	struct map_remark remark[MAP_REMARKS];
	size_t remarks;
	const struct fhir_node *strange[MAP_STRANGES]; /* of the wrong shape or kind */
	size_t stranges;
	struct map_qualifier qualifier[MAP_QUALIFIERS];
	size_t qualifiers;
	struct cw_str target[MAP_TARGETS];
	size_t targets;
};

/* finding.c: remarks (_remark waits until something clinical was there, unless malformed; _say is
 * told at once; each once for a node), copies into the arena, and findings from hits. at: where it
 * stands, for the element path. */
void map_remark(struct map_reader *r, enum map_issue_kind kind, const struct fhir_node *node,
    const char *text, bool whole);
void map_say(struct map_reader *r, enum map_issue_kind kind, const struct fhir_node *node,
    const char *text, bool whole);
void map_tell_waiting(struct map_reader *r);
struct cw_str map_keep(struct map_reader *r, struct cw_str s);
void map_emit(struct map_reader *r, const struct map_hit *hit, enum map_truth present,
    const struct fhir_node *at);
void map_emit_hits(struct map_reader *r, const struct map_hits *hits, const struct fhir_node *at);
void map_note_qualifier(struct map_reader *r, const struct map_hit *hit, enum map_truth present,
    const struct fhir_node *at);

/* finding_type.c: how a type is read, or NULL: not at all; is there a type that has codings there?
 */
const struct map_type *map_type_find(struct cw_str name);
bool map_type_any_coded(struct cw_str name);

/* finding_shape.c: finds what is of the wrong shape or kind, which casts doubt where it speaks of
 * the whole resource; is anything so at, below or above node, or a member whose name starts so;
 * true when node has modifier extensions (none is known); those of the resource itself cast doubt.
 */
void map_check_shape(struct map_reader *r);
bool map_strange(const struct map_reader *r, const struct fhir_node *node);
bool map_strange_member(
    const struct map_reader *r, const struct fhir_node *node, const char *start);
bool map_modifiers_unknown(struct map_reader *r, const struct fhir_node *node);
void map_read_modifiers(struct map_reader *r);

/* finding_status.c: the rows of each type, the row of a code (NULL: none), and what the status,
 * Condition's two statuses, or a request's intent, priority and doNotPerform say of the resource.
 */
extern const struct map_status map_status_observation[], map_status_event[],
    map_status_administration[], map_status_statement[], map_status_medication_request[],
    map_status_request[], map_status_imaging[], map_status_report[], map_status_encounter[],
    map_status_family[], map_status_flag[], map_status_answers[], map_status_activity[];
const struct map_status *map_status_find(const struct map_status *row, struct cw_str code);
void map_read_status(struct map_reader *r);
void map_read_condition_status(struct map_reader *r);
void map_read_request(struct map_reader *r);

/* finding_time.c: a date, dateTime or instant as a closed interval (false: told that it cannot be
 * one; coarse, may be NULL: a month or a year), and the times of the resource. */
bool map_instant(struct map_reader *r, const struct fhir_node *node, int64_t *earliest,
    int64_t *latest, bool *coarse);
void map_read_times(struct map_reader *r);
void map_read_abatement(struct map_reader *r);
void map_read_due(struct map_reader *r);

/* finding_code.c: is a site among the tokens ("spine|limb"; thoracic is spine); add what a coding,
 * a CodeableConcept, the profiles map to; take a coding for a site or side (false: neither). */
bool map_site_among(struct cw_str site, struct cw_str needs);
void map_hits_add(struct map_reader *r, struct map_hits *hits, const struct fhir_node *coding);
void map_hits_concept(struct map_reader *r, struct map_hits *hits, const struct fhir_node *concept);
void map_hits_profile(struct map_reader *r, struct map_hits *hits);
void map_read_profile(struct map_reader *r);
bool map_site_coding(struct map_reader *r, const struct fhir_node *coding);
void map_read_sites(struct map_reader *r);
struct cw_str map_side(const struct map_sites *s);

/* finding_reference.c: what a reference leads to, or NULL; true (and remarked) when the resource is
 * about no patient; focus and panel members; what an element's references point at. */
const struct fhir_node *map_resolve_text(struct map_reader *r, struct cw_str ref);
const struct fhir_node *map_resolve(struct map_reader *r, const struct fhir_node *reference);
bool map_subject_foreign(struct map_reader *r);
void map_read_focus(struct map_reader *r);
void map_read_targets(struct map_reader *r, const char *element);

/* finding_value.c, finding_number.c: read an answer; does it name something; and what its flags,
 * its number under a rule ("<5"), its range say. */
void map_answer_read(struct map_reader *r, struct map_answer *a, const struct fhir_node *node);
bool map_answer_evident(const struct map_answer *a);
enum map_truth map_answer_flagged(const struct map_answer *a, struct cw_str rule);
enum map_truth map_answer_measured(const struct map_answer *a, struct cw_str rule);
enum map_truth map_answer_high(const struct map_answer *a);

/* finding_unit.c: findings of a code with its answer. */
void map_emit_unit(struct map_reader *r, const struct map_unit *u);

/* The readers of the types, named in finding_type.c. */
void map_read_observation(struct map_reader *r);
void map_read_questionnaire(struct map_reader *r);
void map_read_condition(struct map_reader *r);
void map_read_procedure(struct map_reader *r);
void map_read_imaging(struct map_reader *r);
void map_read_encounter(struct map_reader *r);
void map_read_flag(struct map_reader *r);
void map_read_family(struct map_reader *r);
void map_read_report(struct map_reader *r);
void map_read_service_request(struct map_reader *r);
void map_read_medication(struct map_reader *r);
void map_read_medication_request(struct map_reader *r);
void map_read_care_plan(struct map_reader *r);

#endif
