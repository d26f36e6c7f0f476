/* story_draft: a FHIR resource as RECEIVE describes it, before it is written as JSON. */
#ifndef DAEMON_STORY_DRAFT_H
#define DAEMON_STORY_DRAFT_H

#include "daemon/story_internal.h"

enum { STORY_CODINGS = 6, STORY_PARTS = 9, STORY_REFERENCES = 6 };

/* What a type of resource has; elements by their FHIR R4 names, NULL for what it lacks. */
struct story_type {
	const char *name;
	const char *subject;	 /* "subject", "patient" */
	const char *code;	 /* element of the codes */
	bool codes;		 /* it repeats */
	const char *status;	 /* default of `status` */
	const char *event;	 /* of a bare date */
	const char *period;	 /* of `from` and `to` */
	const char *record_word; /* keyword of the record time: "recorded" */
	const char *record;	 /* its element */
	const char *site;	 /* "bodySite" */
	bool sites;		 /* it repeats */
	const char *const *statuses;
};

enum story_value {
	STORY_NO_VALUE,
	STORY_NUMBER,
	STORY_QUANTITY,
	STORY_TRUTH,
	STORY_TEXT,
	STORY_CODED
};

/* A code with its answer: the resource itself, or a component. */
struct story_part {
	struct story_coding code[STORY_CODINGS];
	size_t codes;
	enum story_value kind;
	struct cw_str value, unit;
	struct story_coding coded;
	struct cw_str interpretation, low, high, no_data;
};

struct story_draft {
	struct story_draft *before; /* drafted earlier in the case */
	const struct story_type *type;
	struct cw_str id, patient;
	unsigned version;
	bool gone; /* entered in error */
	struct story_part part[STORY_PARTS];
	size_t parts;
	struct cw_str status, clinical, verification;
	bool unverified; /* no verificationStatus at all */
	struct cw_str event, onset, onset_age, abated, record, from, to, due, occurrence, updated;
	struct story_coding site[STORY_CODINGS], conclusion[STORY_CODINGS], category;
	size_t sites, conclusions;
	struct cw_str side, priority, intent, identifier_system, identifier, profile;
	struct cw_str focus[STORY_REFERENCES]; /* of a request: its reasons */
	struct cw_str member[STORY_REFERENCES];
	size_t focuses, members;
	bool modifier; /* carries a modifierExtension that nobody knows */
};

/* The types that RECEIVE knows; NULL for any other. */
const struct story_type *story_type_find(struct cw_str name);
/* Is it one of the words of a list that ends with NULL? */
bool story_word_in(struct cw_str word, const char *const *list);
/* Words for Condition's clinicalStatus and verificationStatus, request priorities and intents. */
extern const char *const story_clinical[], *const story_verification[], *const story_priorities[],
									    *const story_intents[];
/* The draft as JSON in mem. */
struct cw_str story_write(const struct story_draft *d, struct cw_arena *mem);

#endif
