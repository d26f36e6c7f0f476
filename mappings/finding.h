/* finding: one flat fact about one patient, read from one version of one FHIR resource.
 *
 * The logical model is urn:cordwatch:StructureDefinition:Finding.  C says here what FHIR says
 * (status, negation, components, dataAbsentReason, interpretation, reference ranges, times); what a
 * fact means for the patient is the plan's business.  Instants are UTC milliseconds since 1970. */
#ifndef MAPPINGS_FINDING_H
#define MAPPINGS_FINDING_H

#include "fhir/base.h"
#include "fhir/node.h"
#include "fhir/quantity.h"

struct map_concept;
struct map_terminology;

enum map_truth { MAP_FALSE, MAP_UNKNOWN, MAP_TRUE };

enum map_role {
	MAP_ROLE_FINDING,   /* evidence */
	MAP_ROLE_QUESTION,  /* evidence once its value said so */
	MAP_ROLE_CONTEXT,   /* informs rules, never fires */
	MAP_ROLE_WEAK,	    /* supports, never fires */
	MAP_ROLE_QUALIFIER, /* speaks of the findings beside it */
	MAP_ROLE_SITE,
	MAP_ROLE_SIDE
};

/* No instant: unknown. */
#define MAP_NO_TIME INT64_MIN

enum { MAP_QUALIFIERS = 4, MAP_CONCLUSIONS = 8 };

/* Reserved concept codes: what a code of this concept says turns what stands beside it. */
#define MAP_CONCEPT_FAMILY "family-history"   /* the evidence is about somebody else */
#define MAP_CONCEPT_NEGATED "negated-finding" /* the code says that something is not there */

struct map_finding {
	/* what */
	const struct map_concept *concept; /* of terminology.h: code, group, title; never NULL */
	enum map_role role;
	uint8_t grade;
	enum map_truth present;
	enum map_truth high; /* raised, by interpretation or range; UNKNOWN if neither is there */
	bool data_absent;    /* present is false because of a dataAbsentReason */
	bool has_value;
	struct fhir_quantity value;
	struct cw_str side, site; /* tokens of codes.csv, or absent */
	const struct map_concept *qualifiers[MAP_QUALIFIERS];
	/* status */
	struct cw_str status, verification, intent,
	    priority;	 /* codes as FHIR writes them, or absent */
	uint8_t urgency; /* 0 routine .. 3 stat */
	bool withdrawn, resolved, done, other_subject, own, concluded;
	const struct map_concept *conclusions[MAP_CONCLUSIONS];
	/* when */
	int64_t when, when_latest, ends, abated, recorded, recorded_latest, received, due;
	bool dated, imprecise;
	/* whence */
	struct cw_str resource; /* "Observation" */
	struct cw_str source;	/* "Observation/o1", unversioned, as printed */
	struct cw_str version;	/* meta.versionId or absent */
	struct cw_str feed;
	struct cw_str path;		     /* element that gave it: "Observation.component[1]" */
	struct cw_str system, code, display; /* the coding that matched */
	const struct cw_str *target; /* what it points at, as sources: focus and hasMember of an
					Observation, the reasons and supports of our own request */
	size_t targets;
};

/* Findings of one resource. The array is scratch of the caller and is used again; what it points to
 * (all strings) lives in the arena. Copy the structs to keep them. */
struct map_findings {
	struct cw_arena *arena; /* long-lived; borrowed */
	struct map_finding *item;
	size_t n, cap;
};
void map_findings_init(struct map_findings *f, struct cw_arena *arena);
void map_findings_clear(struct map_findings *f);
void map_findings_fini(struct map_findings *f);

/* What has to be said about a resource beside its findings. Nothing clinical is left out without
 * one of these. */
enum map_issue_kind {
	MAP_ISSUE_SKIPPED, /* clean: of a Group, Device, Location; a reference that leads nowhere */
	MAP_ISSUE_PARKED,  /* lies more than 24 h ahead: not evaluated until then */
	MAP_ISSUE_UNREAD,  /* well-formed, but may not be read as it stands: unknown
			      modifierExtension */
	MAP_ISSUE_MALFORMED /* wrong shape or JSON kind, impossible date or value: exit 65 */
};

struct map_issue {
	enum map_issue_kind kind;
	const struct fhir_node *node; /* where, for line and element path; never NULL */
	const char *path;	      /* element path of node */
	const char *text;	      /* one sentence without clinical content, no full stop */
	bool whole; /* no finding of the resource was taken (else: taken, but not as certain) */
};

/* Everything that the reader may know beyond the resource. Zero means "not there" throughout. */
struct map_read_context {
	const struct map_terminology *terms;
	int64_t now;	  /* instant of reading, UTC ms: later times are clamped or parked */
	int64_t received; /* of these bytes, UTC ms; in `evaluate` the same as now */
	struct cw_str feed;
	struct cw_str source;	  /* as printed; absent: "Type/id" is made from the resource */
	struct cw_str own_system; /* absent: "urn:cordwatch:alert" */
	bool deleted;		  /* a history entry with method DELETE: all is withdrawn */

	/* The resource that a reference (as written in resource) leads to, or NULL. Not asked for
	 * contained ones ("#id"): the reader finds these. */
	const struct fhir_node *(*resolve)(
	    void *arg, const struct fhir_node *resource, struct cw_str reference);
	/* The source form ("Type/id") of a reference; absent if unknown. NULL: as written. */
	struct cw_str (*source_of)(
	    void *arg, const struct fhir_node *resource, struct cw_str reference);
	/* Does this reference mean the patient whose record is being read? NULL: compared with the
	 * subject's reference as written. */
	bool (*is_patient)(void *arg, const struct fhir_node *resource, struct cw_str reference);
	void (*issue)(void *arg, const struct map_issue *issue);
	void *arg;
};

/* Positive outcomes of map_findings_read. */
enum { MAP_READ_OTHER = 1 }; /* of a type that the mapping does not read: nothing was looked at */

/* Append the findings of one resource (any version of FHIR R4 JSON as a tree). A fault of the data
 * is told through ctx->issue and never is an error here.  A finding whose time or meaning cannot be
 * read has present MAP_UNKNOWN, never MAP_FALSE, and is not withdrawn for it.  So it is with a
 * value of the wrong shape or JSON kind (a number for a code, "true" for true, an object for an
 * array) at a place that is read: in a code, the findings of that code; in a value or
 * interpretation, those of that Observation, component or answer; in what speaks for the whole
 * resource (status, times, sites, focus), all.  At a place that is not read it is told and costs
 * nothing.  What leaves no code at all to look up (a string for a Coding) gives no finding: then
 * the issue is all there is. Everything kept is copied into out->arena, so the tree may go at once.
 * CW_ELIMIT: the arena is full (out is then as before). FHIR R4 2.6, 9.2, 10.1; criteria S1-S3. */
CW_CHECK int map_findings_read(struct map_findings *out, const struct fhir_node *resource,
    const struct map_read_context *ctx, struct cw_err *err);

/* Type i (from 0) of those that are read, by name; absent past the last. */
struct cw_str map_findings_type(size_t i);

/* The Reference that names whom a resource is about (subject or patient), or NULL: missing, or a
 * type that has none. */
const struct fhir_node *map_findings_subject(const struct fhir_node *resource);

/* A Patient, as far as decisions need it. Strings live in the arena that was given. */
struct map_patient_link {
	struct cw_str type;	 /* replaced-by, replaces, refer, seealso */
	struct cw_str reference; /* as written */
};
struct map_patient_tag {
	struct cw_str system, code;
};
struct map_patient {
	struct cw_str id, version;
	int64_t updated;     /* meta.lastUpdated, or MAP_NO_TIME */
	bool inactive;	     /* active is false */
	bool deceased;	     /* deceasedBoolean true, or deceasedDateTime (of any readable form) */
	int64_t deceased_at; /* earliest; MAP_NO_TIME: not stated */
	bool uncertain;	     /* active or deceased could not be read (told as an issue) */
	const struct map_patient_link *link;
	size_t links;
	const struct map_patient_tag *tag; /* meta.tag and meta.security */
	size_t tags;
};
/* Read a Patient. Faults go to ctx->issue, as above. CW_ELIMIT: the arena is full. */
CW_CHECK int map_patient_read(struct map_patient *out, const struct fhir_node *resource,
    const struct map_read_context *ctx, struct cw_arena *arena, struct cw_err *err);

#endif
