/* path_fn: the tables of the function library, each ending with a row without a name, and the few
 * helpers that its files share. */
#ifndef FHIR_PATH_FN_H
#define FHIR_PATH_FN_H

#include "fhir/path_session.h"
#include "fhir/quantity.h"

extern const struct path_fn path_fn_set[];     /* path_fn_set.c: subsets and combinations */
extern const struct path_fn path_fn_tree[];    /* path_fn_tree.c: children, repeat, aggregate */
extern const struct path_fn path_fn_sort[];    /* path_fn_sort.c */
extern const struct path_fn path_fn_string[];  /* path_fn_string.c */
extern const struct path_fn path_fn_code[];    /* path_fn_code.c: encode, escape */
extern const struct path_fn path_fn_regex[];   /* path_fn_regex.c */
extern const struct path_fn path_fn_convert[]; /* path_fn_convert.c */
extern const struct path_fn path_fn_math[];    /* path_fn_math.c */
extern const struct path_fn path_fn_bound[];   /* path_fn_bound.c: boundaries, precision */
extern const struct path_fn path_fn_fhir[];    /* path_fn_fhir.c: FHIR's additions */

/* Text of a typed string operand. */
static inline struct cw_str
path_text(const struct fhir_item *v)
{
	return (struct cw_str){ v->s, v->n };
}

/* Bytes of the character that starts at s, by its first byte; at least 1, at most n. */
size_t path_utf8_len(const char *s, size_t n);
/* Characters in a text. */
size_t path_utf8_count(struct cw_str s);
/* Byte offset of character number i; s.n past the end. */
size_t path_utf8_offset(struct cw_str s, size_t i);
/* Add a decimal (copied into the arena) to the result. */
int path_emit_decimal(struct path_call *c, const struct fhir_decimal *d);
/* Add a time of that kind (copied). */
int path_emit_time(struct path_call *c, enum fhir_item_kind kind, const struct fhir_time *t);
/* Add a quantity (copied). */
int path_emit_quantity(struct path_call *c, const struct fhir_quantity *q);
/* A number operand as a decimal; a quantity gives its value. */
struct fhir_decimal path_decimal(const struct fhir_item *v);
/* A DATE, DATETIME or TIME operand as a time; a bare instant is in UTC. */
struct fhir_time path_time(const struct fhir_item *v);
/* The text that a buffer holds, moved to the arena and emitted; frees the buffer. */
int path_emit_buf(struct path_call *c, struct cw_buf *b);

#endif
