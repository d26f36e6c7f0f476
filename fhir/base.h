/* base: errors, memory and byte strings; the only pair in fhir/ that knows nothing of FHIR.
 *
 * Fallible functions return 0, a positive named outcome, or a negative enum cw_code, and take a
 * struct cw_err as their last parameter.  The first error wins; a NULL err is allowed.
 * Allocation from malloc never fails: out of memory aborts, as a power cut would. */
#ifndef FHIR_BASE_H
#define FHIR_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CW_CHECK __attribute__((warn_unused_result))
#define CW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* What went wrong, for the caller that has to choose; the words are in struct cw_err. */
enum cw_code {
	CW_OK = 0,
	CW_ESYNTAX = -1,      /* not well-formed: JSON, FHIRPath, a date, a unit */
	CW_EVALUE = -2,	      /* well-formed, but impossible or out of range */
	CW_ETYPE = -3,	      /* a type that cannot stand here */
	CW_ELIMIT = -4,	      /* larger, deeper or more than the stated limit */
	CW_ENOTFOUND = -5,    /* a name, file or definition that is not there */
	CW_EUNSUPPORTED = -6, /* understood, but not done here; never silent */
	CW_EUSAGE = -7,	      /* the command line or an argument is wrong */
	CW_EIO = -8	      /* the operating system refused */
};

/* An error, sized by the caller; no allocation, no globals. */
struct cw_err {
	int code;	/* enum cw_code; 0 while nothing has failed */
	size_t line;	/* 1-based; 0 when unknown */
	size_t column;	/* 1-based, in bytes; 0 when unknown */
	char path[256]; /* element path (Bundle.entry[2].resource.code), or ""; cut with "..." */
	char text[256]; /* one clear sentence without clinical content, no full stop */
};

/* Record code and text in *err unless an earlier error is there. Returns code. */
int cw_fail(struct cw_err *err, int code, const char *fmt, ...) CW_PRINTF(3, 4);

/* As cw_fail, with the place: line, column (0 unknown) and element path (NULL for none). */
int cw_fail_at(struct cw_err *err, int code, size_t line, size_t column, const char *path,
    const char *fmt, ...) CW_PRINTF(6, 7);

/* Bytes that somebody else owns; not NUL-terminated. {NULL, 0} is "absent", {"", 0} is empty. */
struct cw_str {
	const char *s;
	size_t n;
};
#define CW_STR(literal) ((struct cw_str){ (literal), sizeof(literal) - 1 })
/* For "%.*s". */
#define CW_ARG(str) (int)(str).n, (str).s

/* The bytes of a NUL-terminated string; NULL gives the absent string. */
struct cw_str cw_str(const char *s);
bool cw_str_eq(struct cw_str a, struct cw_str b);
/* Equal to a NUL-terminated string? */
bool cw_str_is(struct cw_str a, const char *b);
bool cw_str_starts(struct cw_str a, struct cw_str prefix);
/* Byte order: negative, 0 or positive. */
int cw_str_cmp(struct cw_str a, struct cw_str b);
/* 64-bit hash of bytes; fixed for one build, not for storage. */
uint64_t cw_hash(const void *bytes, size_t n);

/* malloc family that aborts instead of returning NULL; free with free(). */
void *cw_malloc(size_t n) __attribute__((malloc, returns_nonnull));
void *cw_calloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *cw_realloc(void *p, size_t n) __attribute__((returns_nonnull));
char *cw_strdup(const char *s) __attribute__((malloc, returns_nonnull));

/* An arena: many allocations, one free. Blocks double in size up to 1 MiB. */
struct cw_arena;

/* New arena that hands out at most max bytes in all (0: no limit). */
struct cw_arena *cw_arena_new(size_t max);
/* Free it and all it handed out; NULL is allowed. */
void cw_arena_free(struct cw_arena *a);
/* Forget all allocations but keep one block, for the next event. */
void cw_arena_reset(struct cw_arena *a);
/* n zeroed bytes aligned to 16; NULL when the stated maximum would be passed, and then always
 * NULL until the next reset (so that one check at the end is enough: cw_arena_full). */
void *cw_alloc(struct cw_arena *a, size_t n);
/* As cw_alloc, but not zeroed. */
void *cw_alloc_raw(struct cw_arena *a, size_t n);
bool cw_arena_full(const struct cw_arena *a);
/* Bytes handed out since the last reset. */
size_t cw_arena_used(const struct cw_arena *a);
/* Copy bytes; a NUL follows them. {NULL, 0} when the arena is full. */
struct cw_str cw_str_dup(struct cw_arena *a, struct cw_str s);
/* Formatted text in the arena. */
struct cw_str cw_fmt(struct cw_arena *a, const char *fmt, ...) CW_PRINTF(2, 3);

/* A growing byte buffer with a stated maximum; overflow is sticky and adds become no-ops. */
struct cw_buf {
	char *s; /* NUL-terminated once anything was added; NULL before */
	size_t n, cap, max;
	bool over;
};
/* Start empty with at most max bytes (0: no limit). */
void cw_buf_init(struct cw_buf *b, size_t max);
void cw_buf_fini(struct cw_buf *b);
void cw_buf_clear(struct cw_buf *b);
void cw_buf_add(struct cw_buf *b, const void *bytes, size_t n);
void cw_buf_str(struct cw_buf *b, struct cw_str s);
/* Append text from outside for a person to read, as one line that cannot steer a terminal: a
 * control character (U+0000 to U+001F, U+007F to U+009F), a line or paragraph separator and what
 * changes the direction of writing (U+202A to U+202E, U+2066 to U+2069) becomes a blank. */
void cw_buf_plain(struct cw_buf *b, struct cw_str s);
void cw_buf_puts(struct cw_buf *b, const char *s);
void cw_buf_putc(struct cw_buf *b, char c);
void cw_buf_printf(struct cw_buf *b, const char *fmt, ...) CW_PRINTF(2, 3);

/* A hash map from byte strings to pointers; keys are borrowed, values too. */
struct cw_map;
struct cw_map *cw_map_new(void);
void cw_map_free(struct cw_map *m);
/* The value under key, or NULL. */
void *cw_map_get(const struct cw_map *m, struct cw_str key);
/* Set (value must not be NULL); returns the former value or NULL. The first key is kept. */
void *cw_map_put(struct cw_map *m, struct cw_str key, void *value);
size_t cw_map_count(const struct cw_map *m);
/* Walk in insertion order: i from 0 to cw_map_count() - 1. */
void *cw_map_at(const struct cw_map *m, size_t i, struct cw_str *key);

#endif
