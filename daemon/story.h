/* story: clinical test cases as text that a clinician can read (tests/stories/README.md).
 *
 * A story is a list of statements, one a line: what becomes known and when, and what cordwatch must
 * then think of the patient.  Reading one gives cases; a case is the steps from a fresh start, with
 * every statement already turned into the FHIR resource that it stands for.  Nothing is decided
 * here and nothing but the text is looked at: cli_test and the tests of the daemon play the steps.
 */
#ifndef DAEMON_STORY_H
#define DAEMON_STORY_H

#include "mappings/decide.h"

enum { STORY_MOST = 24 }; /* words of one list in EXPECT */

/* Some words of an EXPECT line; those of one kind. */
struct story_list {
	struct cw_str item[STORY_MOST];
	size_t n;
	bool stated; /* the keyword was there, even if nothing follows it */
};

/* What must be true of the decision at that point. */
struct story_expect {
	enum map_tier tier;
	struct story_list rules, controls, unknown; /* exactly these, in any order */
	bool order;		    /* something must be sent; false: nothing may be */
	struct cw_str priority;	    /* "stat", "urgent" */
	struct cw_str code;	    /* of the order; absent: any */
	int64_t due;		    /* UTC ms; MAP_NO_TIME: any */
	struct story_list notes;    /* texts contained in the notes of the order */
	struct story_list evidence; /* ids: exactly these, if stated */
	struct story_list refers;   /* ids that the order must refer to, among others */
	struct story_list lowered;  /* rules that a control lowered to watch: exactly, if stated */
	bool line, no_line;	    /* a line is printed for the patient, or none; neither: any */
	struct cw_str patient;	    /* "Patient/p" */
};

enum story_kind {
	STORY_DATA,    /* text: a FHIR resource or Bundle as JSON */
	STORY_FILE,    /* text: path of a file of resources */
	STORY_SET,     /* text: NAME=VALUE */
	STORY_PACKAGE, /* text: folder of a package */
	STORY_EXPECT,  /* expect */
	/* For the daemon. */
	STORY_NOTICE, /* text: the words */
	STORY_CRASH,
	STORY_RESTART
};

struct story_step {
	enum story_kind kind;
	size_t line;
	int64_t now; /* the clock of the story, UTC ms; MAP_NO_TIME before the first AT */
	struct cw_str text;
	const struct story_expect *expect;
};

struct story_case {
	struct cw_str name;  /* "V33 b": first word of the story, name of the case */
	struct cw_str title; /* the rest of these lines */
	const struct story_step *step;
	size_t n;
	size_t line; /* of STORY or CASE */
	bool alone;  /* has a SET or PACKAGE: needs a plan of its own */
};

/* All cases of one file, in order. */
struct story_file {
	const struct story_case *item;
	size_t n;
};

/* Read a story file. path is for finding the files it names. Everything in *out lives in mem (text
 * may go). CW_ESYNTAX, CW_EVALUE with line and column for a word that is not understood, a clock
 * that runs backwards, a date that is none; CW_ELIMIT: more than the format allows. */
CW_CHECK int story_parse(struct story_file *out, struct cw_str path, struct cw_str text,
    struct cw_arena *mem, struct cw_err *err);

/* The id under which order number n (from 1) that cordwatch proposed can be named: "order1". */
enum { STORY_NAME = 16 };
struct cw_str story_order_name(size_t n, char name[STORY_NAME]);

#endif
