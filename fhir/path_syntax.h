/* path_syntax: what the compiler's rooms share: tokens, the compiled expression, the scope. */
#ifndef FHIR_PATH_SYNTAX_H
#define FHIR_PATH_SYNTAX_H

#include "fhir/path_internal.h"

enum path_token_kind {
	PATH_T_END,
	PATH_T_NAME,	  /* identifier or keyword */
	PATH_T_DELIMITED, /* `identifier`; text is unescaped */
	PATH_T_STRING,	  /* text is unescaped */
	PATH_T_NUMBER,	  /* text as written, without L */
	PATH_T_LONG,
	PATH_T_DATE, /* text without @ */
	PATH_T_DATETIME,
	PATH_T_TIME,	 /* text without @T */
	PATH_T_EXTERNAL, /* %name; text is the name */
	PATH_T_SPECIAL,	 /* $this ...; text with $ */
	PATH_T_SYMBOL	 /* one or two punctuation bytes */
};

struct path_token {
	enum path_token_kind kind;
	uint32_t at; /* 0-based offset */
	struct cw_str text;
	bool decimal; /* NUMBER: has a point */
};

struct path_lexer {
	struct cw_str text;
	size_t pos;
	struct cw_arena *arena; /* for unescaped text */
	struct cw_err *err;
};

/* The next token; CW_ESYNTAX or CW_ELIMIT with the position. */
CW_CHECK int path_lex(struct path_lexer *lx, struct path_token *token);

/* A name that expressions may use. */
struct path_var {
	struct cw_str name;
	struct fhir_path_type type;
	const struct fhir_path *path; /* defined by an expression; or NULL: bound by the caller */
	char *owned;		      /* the bytes of name */
	bool varies;		      /* set more than once in a session: nothing on it is kept */
};

struct fhir_path_scope {
	struct path_var *var;
	size_t vars, cap;
	size_t memos;	      /* slots for subexpressions kept per session */
	struct cw_map *index; /* name to slot + 1 */
};

struct fhir_path {
	struct cw_arena *arena;
	struct cw_str text;
	struct path_node *root;
	struct path_node *all;
	const struct fhir_path_scope *scope;
	const struct fhir_model *model;
	size_t locals;
	size_t memo_base, memos;
	bool varies; /* uses a name that is bound anew during a session */
};

/* Parse path->text into path->root. */
CW_CHECK int path_parse(struct fhir_path *path, struct cw_err *err);
/* Literal tokens to items (path_literal.c). unit is {NULL, 0}, a calendar word or a UCUM unit. */
CW_CHECK int path_literal_number(
    struct cw_arena *a, const struct path_token *t, struct fhir_item *out, struct cw_err *err);
CW_CHECK int path_literal_quantity(struct cw_arena *a, const struct path_token *t,
    struct cw_str unit, bool calendar, struct fhir_item *out, struct cw_err *err);
CW_CHECK int path_literal_time(
    struct cw_arena *a, const struct path_token *t, struct fhir_item *out, struct cw_err *err);
/* Is it year, years, ... millisecond, milliseconds? */
bool path_is_calendar(struct cw_str word);

/* Resolve names and types, choose evaluators (path_check.c). */
CW_CHECK int path_check(
    struct fhir_path *path, const struct fhir_path_options *opt, struct cw_err *err);
/* Choose how a checked node is evaluated (path_bind.c). */
void path_bind(struct path_node *n);
/* Fail at a 0-based offset. */
int path_fail_at(struct cw_err *err, int code, uint32_t at, const char *fmt, ...) CW_PRINTF(4, 5);

#endif
