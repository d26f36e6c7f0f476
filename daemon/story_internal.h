/* story_internal: shared by the files that read stories; see story.h. */
#ifndef DAEMON_STORY_INTERNAL_H
#define DAEMON_STORY_INTERNAL_H

#include "daemon/story.h"

/* A word of a statement; one in quotes may hold blanks and is never a keyword. */
struct story_word {
	struct cw_str text;
	size_t line, column; /* from 1 */
	bool quoted;
};

/* A statement: a line with those that continue it. */
struct story_line {
	struct story_word *word;
	size_t n;
};

/* Words that are taken one by one. */
struct story_cursor {
	const struct story_line *line;
	size_t at;
	struct cw_arena *mem;
	struct cw_err *err;
};

/* Text of the word at the cursor; absent at the end of the statement. */
struct cw_str story_peek(const struct story_cursor *c);
/* Is the word at the cursor this keyword (not in quotes)? If so, pass it. */
bool story_is(struct story_cursor *c, const char *keyword);
/* Fail at the word at the cursor, or after the last. */
CW_CHECK int story_fail(const struct story_cursor *c, int code, const char *fmt, ...)
    CW_PRINTF(3, 4);
/* Take any word; what says what was expected. */
CW_CHECK int story_take(struct story_cursor *c, struct cw_str *out, const char *what);
/* Take a date or a dateTime with a zone, as FHIR R4 writes it (seconds are added). */
CW_CHECK int story_take_time(struct story_cursor *c, struct cw_str *out);
/* Take the same as an instant: its earliest, UTC ms. */
CW_CHECK int story_take_instant(struct story_cursor *c, int64_t *out);

/* One coding: "sct:26544005", "cm:C79.51", "http://...|code". */
struct story_coding {
	struct cw_str system, code, display;
};
/* Does the word at the cursor look like one? */
bool story_at_coding(const struct story_cursor *c);
/* Take one, with the words in quotes that may follow it. */
CW_CHECK int story_take_coding(struct story_cursor *c, struct story_coding *out);

/* What is known of the resources of a case so far. */
struct story_draft;
struct story_desk {
	struct cw_arena *mem;
	struct story_draft *last; /* newest first: the last version of each id */
	unsigned patients;	  /* how many PATIENT statements there were */
};

/* RECEIVE Type ..., after the keyword: writes the resource. */
CW_CHECK int story_receive(struct story_desk *desk, struct story_cursor *c, struct cw_str *json);
/* WITHDRAW id: the same resource once more, entered in error. */
CW_CHECK int story_withdraw(struct story_desk *desk, struct story_cursor *c, struct cw_str *json);
/* AGAIN id: the last version of it once more, byte for byte. */
CW_CHECK int story_again(struct story_desk *desk, struct story_cursor *c, struct cw_str *json);
/* DELETE id: a history Bundle that deletes it. */
CW_CHECK int story_delete(struct story_desk *desk, struct story_cursor *c, struct cw_str *json);
/* PATIENT ...: the Patient. */
CW_CHECK int story_patient(struct story_desk *desk, struct story_cursor *c, struct cw_str *json);
/* The word at the cursor is an id of the case: "Condition/c1". */
CW_CHECK int story_take_reference(
    struct story_desk *desk, struct story_cursor *c, struct cw_str *out);
/* EXPECT ..., after the keyword. */
CW_CHECK int story_expect(
    struct story_desk *desk, struct story_cursor *c, const struct story_expect **out);

#endif
