/* path: FHIRPath (N1 / 2.0), compiled once, evaluated many times.
 *
 * A compiled expression is immutable and may be shared between threads; evaluation parses nothing,
 * reads no clock and allocates only from the session's arena.  Data are FHIR nodes (with or without
 * element tables), system values, and native records: flat C structs described by a fhir_class.
 *
 * Empty is not false.  Beside the result that the specification asks for, every collection carries
 * two bits of taint: a comparison of two present operands that gave nothing (units that do not
 * compare, times of different precision) may have hidden an item (FHIR_UNSURE_MORE) or made an item
 * doubtful (FHIR_UNSURE_LESS).  fhir_path_eval_truth turns that into true, false or unknown:
 * `true or unknown` is true, `where(unknown).exists()` is unknown, not false. */
#ifndef FHIR_PATH_H
#define FHIR_PATH_H

#include "fhir/base.h"
#include "fhir/node.h"

struct fhir_decimal;
struct fhir_time;
struct fhir_quantity;
struct fhir_model;
struct fhir_class;

enum fhir_item_kind {
	FHIR_ITEM_NODE, /* an element or resource */
	FHIR_ITEM_BOOLEAN,
	FHIR_ITEM_INTEGER,
	FHIR_ITEM_LONG,
	FHIR_ITEM_DECIMAL,
	FHIR_ITEM_STRING,
	FHIR_ITEM_DATE,
	FHIR_ITEM_DATETIME,
	FHIR_ITEM_TIME,
	FHIR_ITEM_QUANTITY,
	FHIR_ITEM_RECORD, /* a native record of a class */
	FHIR_ITEM_TYPE,	  /* what type() gives: namespace and name */
	FHIR_ITEM_ANY	  /* static types only: not known */
};

/* One item. What it points to is borrowed: from the tree, the record, the expression or the arena.
 */
struct fhir_item {
	uint8_t kind;  /* enum fhir_item_kind */
	bool instant;  /* DATETIME: i holds UTC ms of a time with zone and full (ms) precision */
	uint16_t type; /* NODE: its type in the model, 0 when not known */
	uint32_t n;    /* STRING: bytes; TYPE: bytes of the name */
	union {
		const struct fhir_node *node;
		int64_t i;     /* BOOLEAN (0, 1), INTEGER, LONG; DATETIME if instant */
		const char *s; /* STRING, TYPE: not NUL-terminated */
		const struct fhir_decimal *decimal;
		const struct fhir_quantity *quantity;
		const void *record;
	};
	union {
		const struct fhir_time *time; /* DATE, DATETIME, TIME; NULL for a bare instant */
		const struct fhir_class *cls; /* RECORD */
		const char *space;	      /* TYPE: "System" or "FHIR", NUL-terminated */
		const void *none;
	};
};

enum fhir_unsure {
	FHIR_UNSURE_MORE = 1, /* items may be missing */
	FHIR_UNSURE_LESS = 2  /* the items here may be wrong or may not belong */
};

/* A collection: items in order, two of them inline. Not to be copied by assignment (item may point
 * into it); initialise with fhir_coll_init. Items past two live in the session's arena. */
struct fhir_coll {
	struct fhir_item *item;
	uint32_t n, cap;
	uint8_t unsure; /* of enum fhir_unsure */
	struct fhir_item few[2];
};

/* Make it empty. */
void fhir_coll_init(struct fhir_coll *c);
/* Append. CW_ELIMIT when the arena is full. */
CW_CHECK int fhir_coll_add(struct cw_arena *a, struct fhir_coll *c, const struct fhir_item *item);

/* Items of system values. The pointed-to values are borrowed. */
struct fhir_item fhir_item_boolean(bool b);
struct fhir_item fhir_item_integer(int64_t i);
struct fhir_item fhir_item_string(struct cw_str s);
struct fhir_item fhir_item_decimal(const struct fhir_decimal *d);
struct fhir_item fhir_item_quantity(const struct fhir_quantity *q);
/* kind is DATE, DATETIME or TIME. */
struct fhir_item fhir_item_time(enum fhir_item_kind kind, const struct fhir_time *t);
/* A dateTime of millisecond precision, UTC. Comparing two of these is one integer comparison. */
struct fhir_item fhir_item_instant(int64_t utc_ms);
struct fhir_item fhir_item_record(const struct fhir_class *cls, const void *record);
/* A node of that type in the model; 0 if not known. */
struct fhir_item fhir_item_node(const struct fhir_node *node, unsigned type);
/* A resource (or its root element): the type is found from resourceType; model may be NULL. */
struct fhir_item fhir_item_resource(const struct fhir_model *model, const struct fhir_node *node);

/* One element of a native record. */
struct fhir_class_element {
	const char *name;
	enum fhir_item_kind kind;     /* a system type, RECORD, or ANY */
	const struct fhir_class *cls; /* RECORD: its class */
	bool many;		      /* may give more than one item */
};

/* A native record. Elements are resolved to their index when an expression is compiled. get fills
 * *out with value number i (0, 1, ...) of the element and returns true, or returns false when there
 * is none; when many is false only i = 0 is asked for. It must not allocate or keep state. */
struct fhir_class {
	const char *name; /* as `is Finding` and error messages spell it */
	const struct fhir_class_element *element;
	size_t count;
	bool (*get)(const void *record, size_t element, size_t i, struct fhir_item *out);
	/* Equal for `=`, distinct() and |; NULL: the same address. */
	bool (*same)(const void *a, const void *b);
};

/* What is known of a collection before evaluation. */
struct fhir_path_type {
	enum fhir_item_kind kind;     /* ANY when not known */
	unsigned type;		      /* NODE: type in the model, 0 when not known */
	const struct fhir_class *cls; /* RECORD */
	bool many;		      /* may hold more than one item */
	bool choice; /* kind is ANY because this is a choice element: (type, element) name it */
	struct cw_str element;
};

struct fhir_path;
struct fhir_path_session;

/* The names (%name) that expressions may use: built once, then shared and only read. Names must be
 * declared before an expression that uses them is compiled, so definitions cannot form a cycle. */
struct fhir_path_scope;
struct fhir_path_scope *fhir_path_scope_new(void);
void fhir_path_scope_free(struct fhir_path_scope *scope);
/* Declare %name (copied) with its type; *slot is for fhir_path_set. CW_EVALUE: taken or reserved.
 */
CW_CHECK int fhir_path_scope_declare(struct fhir_path_scope *scope, struct cw_str name,
    const struct fhir_path_type *type, size_t *slot, struct cw_err *err);
/* Let fhir_path_set bind the name anew during a session: nothing computed from it is kept. Call it
 * before an expression that uses the name is compiled. A named expression cannot use it. */
void fhir_path_scope_vary(struct fhir_path_scope *scope, size_t slot);
/* Define %name as an expression compiled in this scope (borrowed, must outlive it). It is evaluated
 * on the session's context at first use and at most once in a session. */
CW_CHECK int fhir_path_scope_define(struct fhir_path_scope *scope, struct cw_str name,
    const struct fhir_path *path, size_t *slot, struct cw_err *err);
/* Slot of %name, or -1. */
ptrdiff_t fhir_path_scope_find(const struct fhir_path_scope *scope, struct cw_str name);

/* A remark of the compiler: legal, but probably not meant. at is a 1-based column. */
typedef void fhir_path_lint_fn(void *user, size_t at, const char *text);

struct fhir_path_options {
	const struct fhir_model *model; /* element tables, or NULL: names alone */
	struct fhir_path_scope *scope;	/* names; NULL: the standard ones only */
	struct fhir_path_type context;	/* type of the input; {FHIR_ITEM_ANY} when not known */
	bool strict;	     /* unknown elements, undefined names, impossible types are CW_ETYPE */
	bool lenient_choice; /* accept Observation.valueQuantity for Observation.value */
	bool check_order;    /* refuse skip(), first(), [n] on unordered collections (children()) */
	bool dynamic_names;  /* names not declared may be bound at run time: not an error, empty */
	bool comparable;     /* refuse comparisons that the types show to have no answer (CW_ETYPE):
				units that do not compare, a date against a dateTime */
	fhir_path_lint_fn *lint; /* may be NULL */
	void *user;
};

/* The type of a FHIR type name or a class; kind ANY when the name is not known. */
struct fhir_path_type fhir_path_type_named(const struct fhir_model *model, struct cw_str name);
struct fhir_path_type fhir_path_type_class(const struct fhir_class *cls);

/* Compile. CW_ESYNTAX: not FHIRPath; CW_ETYPE: cannot be evaluated on that context (strict),
 * unknown function, wrong arguments; CW_ELIMIT: longer than 65,535 bytes or nested more than 100
 * deep. err->column is the 1-based byte position. *out is yours to free. opt may be NULL. */
CW_CHECK int fhir_path_compile(struct fhir_path **out, struct cw_str expr,
    const struct fhir_path_options *opt, struct cw_err *err);
void fhir_path_free(struct fhir_path *path);
/* Static type and cardinality of the result. */
struct fhir_path_type fhir_path_type(const struct fhir_path *path);
/* The text that was compiled (a copy owned by path). */
struct cw_str fhir_path_text(const struct fhir_path *path);

/* Told of a comparison or calculation of two present operands that gave empty. at: 1-based column
 * in path. op is spelled as in the expression ("=", ">", "+", "sort"). */
typedef void fhir_path_unsure_fn(void *user, const struct fhir_path *path, size_t at,
    const char *op, const struct fhir_item *left, const struct fhir_item *right);
/* trace(name) saw these items. */
typedef void fhir_path_trace_fn(
    void *user, struct cw_str name, const struct fhir_item *items, size_t n);
/* resolve() of a reference string: true and *out, or false: not found. */
typedef bool fhir_path_resolve_fn(void *user, struct cw_str reference, struct fhir_item *out);
/* memberOf(): 1 yes, 0 no, -1 not known (no such value set). */
typedef int fhir_path_member_fn(void *user, const struct fhir_item *coded, struct cw_str value_set);

/* One evaluation session: fixed context, fixed now, named expressions evaluated at most once. */
struct fhir_path_env {
	struct cw_arena *arena; /* everything that evaluation allocates; borrowed */
	const struct fhir_path_scope *scope;
	const struct fhir_model *model;	  /* for contained and resolved resources; NULL: none */
	int64_t now_ms;			  /* what now() says, UTC */
	int now_zone;			  /* minutes east of UTC in which now(), today() print */
	const struct fhir_item *context;  /* %context and the input of named expressions; or NULL */
	const struct fhir_item *resource; /* %resource; NULL: the context */
	const struct fhir_item *root_resource; /* %rootResource; NULL: %resource */
	fhir_path_unsure_fn *unsure;
	fhir_path_trace_fn *trace;
	fhir_path_resolve_fn *resolve;
	fhir_path_member_fn *member;
	void *user;
};

/* Begin a session in env->arena; *env is copied. NULL when the arena is full. */
struct fhir_path_session *fhir_path_session_new(const struct fhir_path_env *env);
/* A session in the same arena that goes on from where this one is: it knows what this one worked
 * out, and what is bound anew in one is not in the other. It reports no comparisons. NULL when the
 * arena is full. Not during an evaluation. */
struct fhir_path_session *fhir_path_session_copy(const struct fhir_path_session *s);
/* Bind a declared name. items are borrowed until the session ends; unsure is of enum fhir_unsure.
 */
void fhir_path_set(struct fhir_path_session *s, size_t slot, const struct fhir_item *items,
    size_t n, unsigned unsure);

/* Evaluate on input (n items; usually one). *out is initialised here. Errors (a singleton expected,
 * a string where a number must stand) carry the column. CW_ELIMIT: arena full or too many steps. */
CW_CHECK int fhir_path_eval(const struct fhir_path *path, struct fhir_path_session *s,
    const struct fhir_item *input, size_t n, struct fhir_coll *out, struct cw_err *err);

enum fhir_truth { FHIR_FALSE, FHIR_TRUE, FHIR_UNKNOWN };
/* Evaluate as a criterion: TRUE or FALSE only when no doubt could change it; UNKNOWN when empty or
 * in doubt. A single item that is not a boolean counts as true (singleton evaluation). */
CW_CHECK int fhir_path_eval_truth(const struct fhir_path *path, struct fhir_path_session *s,
    const struct fhir_item *input, size_t n, enum fhir_truth *out, struct cw_err *err);
/* The truth of a collection already evaluated; CW_ETYPE if it holds more than one item. */
CW_CHECK int fhir_coll_truth(const struct fhir_coll *c, enum fhir_truth *out, struct cw_err *err);

/* The system value of an item: a primitive node becomes its system value, a Quantity node a
 * Quantity; others stay. True if *out is a system value. */
bool fhir_item_value(struct cw_arena *a, const struct fhir_model *model,
    const struct fhir_item *item, struct fhir_item *out);
/* Name of its type as type() gives it: "System.Boolean", "FHIR.Patient", "Finding". */
struct cw_str fhir_item_type_name(
    struct cw_arena *a, const struct fhir_model *model, const struct fhir_item *item);
/* As toString() writes a system value; absent for nodes and records without a value. */
struct cw_str fhir_item_text(
    struct cw_arena *a, const struct fhir_model *model, const struct fhir_item *item);

#endif
