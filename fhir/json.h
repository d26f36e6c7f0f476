/* json: strict JSON text (RFC 8259) <-> FHIR values.
 *
 * One scanner over a buffer, two kinds of user: fhir_json_read builds the node tree, and a
 * projecting reader (the sift) pulls events and skips what it does not need.  Nothing is copied or
 * allocated unless a string holds escapes or one object has very many members.  Every byte is
 * checked whichever way it is passed: grammar, UTF-8, escapes, control characters, duplicate keys,
 * depth.
 *
 * Refused beyond the grammar: duplicate keys (compared unescaped), U+0000 raw or escaped, lone
 * surrogates, more than FHIR_JSON_DEPTH levels, text after the value.  Tolerated: one UTF-8 byte
 * order mark at the start.  Errors carry line, column (bytes, from 1) and element path. */
#ifndef FHIR_JSON_H
#define FHIR_JSON_H

#include "fhir/node.h"

#include <string.h>

enum { FHIR_JSON_DEPTH = 64 }; /* containers open at once; the root is the first */

/* Most that one text may hold; passing a limit is CW_ELIMIT. A member that is 0 means its default.
 */
struct fhir_json_limits {
	size_t bytes;	 /* default 512 MiB; never more than 4 GiB - 1 */
	size_t elements; /* values of any kind, containers included; default 20,000,000 */
};

/* ---- the scanner ---- */

/* What fhir_json_next found. */
enum fhir_json_event {
	FHIR_JSON_END, /* the root value is complete and nothing follows */
	FHIR_JSON_NULL,
	FHIR_JSON_FALSE,
	FHIR_JSON_TRUE,
	FHIR_JSON_NUMBER,
	FHIR_JSON_STRING,
	FHIR_JSON_OBJECT, /* begins: go on with _next for its members, or pass it with _skip */
	FHIR_JSON_ARRAY,  /* begins: go on with _next for its items, or pass it with _skip */
	FHIR_JSON_OBJECT_END,
	FHIR_JSON_ARRAY_END
};

/* A key of an object that is still open. */
struct fhir_json_key {
	const char *s;
	uint32_t n;
	uint32_t hash;
};

/* One open container. */
struct fhir_json_level {
	uint64_t seen[4]; /* which hashes occurred: a clear bit proves a key new */
	uint32_t first;	  /* index of the object's first key */
	uint32_t mask;	  /* of slots while the object is large; else 0 */
	uint32_t room;	  /* slots allocated, kept for the next object of this depth */
	uint32_t *slots;  /* index + 1 into keys */
};

/* A scanner: put it on the stack (about 8 kB). Read key, value, escaped, depth; the rest is
 * private. All slices borrow from the text, or from the arena when a key had escapes. */
struct fhir_json_scan {
	struct cw_str key;   /* of the member just read, unescaped; stale for items of an array */
	struct cw_str value; /* string: between the quotes, raw; number, literal: its lexeme;
				after _skip: the whole container, brackets included */
	bool escaped;	     /* value is a string with escapes: see fhir_json_unescape */
	bool first, begun;
	uint32_t depth; /* containers open, counting one just begun, not one just ended */
	const char *p, *end;
	struct cw_str text;
	struct cw_arena *mem;
	const char *fault, *fault_at, *fault_upto; /* why it stopped */
	int fault_code;
	size_t left;	  /* elements still allowed */
	uint64_t objects; /* bit 0: the innermost container is an object; bit 1: the next ... */
	struct fhir_json_key *keys;
	uint32_t nkeys, room;
	uint32_t deepest; /* levels up to here are initialised */
	struct fhir_json_level level[FHIR_JSON_DEPTH + 1];
	struct fhir_json_key few[256];
};

/* Start at the beginning of text, which must outlive the scan. mem is only used for keys with
 * escapes and for objects with very many members. limits may be NULL. Limits are reported by the
 * first _next. There is nothing to finish: memory is the arena's. */
void fhir_json_scan_init(struct fhir_json_scan *sc, struct cw_str text, struct cw_arena *mem,
    const struct fhir_json_limits *limits);

/* The next event (enum fhir_json_event, 0 at the end) or a negative enum cw_code; a failed scan
 * stays failed. One call reads a member's key and its value (or the value's opening bracket):
 *
 *     while ((ev = fhir_json_next(&sc, err)) > FHIR_JSON_END) {
 *             if (ev == FHIR_JSON_OBJECT && fhir_json_is(sc.key, "text"))
 *                     rc = fhir_json_skip(&sc, err);
 *             ...
 *     } */
int fhir_json_next(struct fhir_json_scan *sc, struct cw_err *err) CW_CHECK;

/* Having read FHIR_JSON_OBJECT or FHIR_JSON_ARRAY, pass everything up to and including its end,
 * fully checked; no END event follows for it. Called later inside the container, it passes what is
 * left of the innermost open one, and value is then undefined. Leaves the whole slice in value and
 * keeps key as it was. 0 or a negative enum cw_code. */
int fhir_json_skip(struct fhir_json_scan *sc, struct cw_err *err) CW_CHECK;

/* Check a whole text without keeping anything: 0 or a negative enum cw_code. mem as for _scan_init.
 */
int fhir_json_valid(struct cw_str text, struct cw_arena *mem, const struct fhir_json_limits *limits,
    struct cw_err *err) CW_CHECK;

/* The characters of a raw string slice that the scanner accepted (value, when escaped is set), in
 * the arena; the absent string when the arena is full. */
struct cw_str fhir_json_unescape(struct cw_str raw, struct cw_arena *mem);

/* Is s the literal? Length first; with a literal the compiler folds it into one comparison. */
static inline bool
fhir_json_is(struct cw_str s, const char *literal)
{
	size_t n = strlen(literal);

	return s.n == n && memcmp(s.s, literal, n) == 0;
}

/* ---- the tree ---- */

/* Read text into a tree in mem. *out and all strings borrow from text and mem. Primitive extensions
 * are merged ("_name" into "name", FHIR R4 2.6.2.3): arrays pair by position and the shorter one is
 * padded with null; a "_name" alone makes FHIR_NULL nodes with children. A "_name" that is neither
 * object, array nor null, or whose twin is not a primitive, is CW_ESYNTAX. A text need not be a
 * resource: any JSON value is read, and fhir_json_write gives it back.
 * 0, CW_ESYNTAX, or CW_ELIMIT (limits, or the arena is full). */
int fhir_json_read(const struct fhir_node **out, struct cw_str text, struct cw_arena *mem,
    const struct fhir_json_limits *limits, struct cw_err *err) CW_CHECK;

/* ---- NDJSON ---- */

/* A walk over the lines of a buffer. */
struct fhir_json_lines {
	struct cw_str rest; /* not yet walked */
	size_t line;	    /* number of the line last given, from 1 */
};
/* Start before the first line of text. */
void fhir_json_lines_init(struct fhir_json_lines *l, struct cw_str text);
/* Give the next line that is not blank, without its line end (LF or CRLF), its number in l->line.
 * False when none is left. A byte order mark stays in the first line. */
bool fhir_json_lines_next(struct fhir_json_lines *l, struct cw_str *line);

/* ---- writing ---- */

/* Append node (and its children) as JSON. Lexemes of numbers byte for byte; strings with the fewest
 * escapes; order kept; "_name" directly after "name". pretty: two spaces a level, no newline at the
 * end; else no blanks at all. Padding nulls and empty "_name" objects come back in FHIR's canonical
 * form. Overflow shows in out->over. */
void fhir_json_write(struct cw_buf *out, const struct fhir_node *node, bool pretty);

/* Writes JSON piece by piece: commas, quotes, escapes and indentation are its business, the order
 * of calls (a key before each value in an object, ends that match) the caller's: asserted. */
struct fhir_json_out {
	struct cw_buf *buf;
	bool pretty;
	bool first; /* nothing yet in the innermost container */
	bool keyed; /* a key waits for its value */
	uint32_t depth;
	bool object[2 * FHIR_JSON_DEPTH]; /* by depth; deeper is refused by overflow of buf */
};
/* Start writing one value to buf, which the caller owns. */
void fhir_json_out_init(struct fhir_json_out *o, struct cw_buf *buf, bool pretty);
/* Begin and end an object or an array. */
void fhir_json_out_object(struct fhir_json_out *o);
void fhir_json_out_object_end(struct fhir_json_out *o);
void fhir_json_out_array(struct fhir_json_out *o);
void fhir_json_out_array_end(struct fhir_json_out *o);
/* The key of the value that follows. */
void fhir_json_out_key(struct fhir_json_out *o, const char *key);
void fhir_json_out_key_str(struct fhir_json_out *o, struct cw_str key);
/* A string value; s must be UTF-8. The absent string writes null. */
void fhir_json_out_string(struct fhir_json_out *o, struct cw_str s);
/* A number by its lexeme, or any other JSON text, as it stands. */
void fhir_json_out_raw(struct fhir_json_out *o, struct cw_str lexeme);
/* An integer. */
void fhir_json_out_int(struct fhir_json_out *o, int64_t i);
/* true or false. */
void fhir_json_out_bool(struct fhir_json_out *o, bool b);
/* null. */
void fhir_json_out_null(struct fhir_json_out *o);
/* A whole tree as the value. */
void fhir_json_out_node(struct fhir_json_out *o, const struct fhir_node *node);
/* A member with a string value; nothing at all when s is absent. */
void fhir_json_out_member(struct fhir_json_out *o, const char *key, struct cw_str s);

#endif
