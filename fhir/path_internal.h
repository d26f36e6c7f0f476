/* path_internal: what the rooms of path share: the syntax tree, the evaluator and the function
 * table.
 *
 * To add a function: write `static int run(struct path_call *c)` and put one row into the table of
 * your file; path_fn_find (path_fn.c) knows the tables.  The evaluator has already checked the
 * number of arguments, evaluated value arguments, converted typed ones and refused wrong ones. */
#ifndef FHIR_PATH_INTERNAL_H
#define FHIR_PATH_INTERNAL_H

#include "fhir/path.h"

enum {
	PATH_MAX_TEXT = 65535,
	PATH_MAX_DEPTH = 100,
	PATH_MAX_ARGS = 8,
	PATH_MAX_STEPS = 50000000 /* nodes evaluated in one call of fhir_path_eval */
};

enum path_op {
	PATH_LITERAL, /* item */
	PATH_EMPTY,   /* {} */
	PATH_THIS,
	PATH_INDEX,
	PATH_TOTAL,
	PATH_VAR,    /* %name: slot */
	PATH_LOCAL,  /* %name by defineVariable: slot */
	PATH_MEMBER, /* left.name */
	PATH_CALL,   /* left.fn(args) */
	PATH_AT,     /* left[arg] */
	PATH_NEGATE,
	PATH_PLUS_SIGN,
	PATH_MUL,
	PATH_DIVIDE,
	PATH_DIV,
	PATH_MOD,
	PATH_ADD,
	PATH_SUB,
	PATH_CONCAT,
	PATH_UNION,
	PATH_LT,
	PATH_LE,
	PATH_GT,
	PATH_GE,
	PATH_EQ,
	PATH_NE,
	PATH_EQUIV,
	PATH_NEQUIV,
	PATH_IN,
	PATH_CONTAINS,
	PATH_IS,
	PATH_AS,
	PATH_AND,
	PATH_OR,
	PATH_XOR,
	PATH_IMPLIES
};

/* A three-valued answer with its doubt. */
enum path_bool { PATH_FALSE, PATH_TRUE, PATH_NONE };
struct path_tri {
	enum path_bool is;
	bool unsure;
};

/* A type specifier: System.Integer, FHIR.Patient, Patient, Finding. */
struct path_spec {
	enum fhir_item_kind kind;  /* a system kind, NODE, RECORD; ANY: not known */
	unsigned type;		   /* NODE */
	struct cw_str space, name; /* as written; space may be absent */
	bool both; /* written without space and a name of both worlds: string, Quantity */
};

struct path_ctx;
struct path_frame;
struct path_node;
typedef int path_eval_fn(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out);
/* At most one item: 1 filled, 0 empty, negative error; *unsure gets taint bits. */
typedef int path_one_fn(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_item *out, unsigned *unsure);
typedef int path_test_fn(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct path_tri *out);

/* The static shape of a choice element: names in data and their types. */
struct path_form {
	struct cw_str name;
	uint16_t type;
};

struct path_node {
	enum path_op op;
	uint32_t at; /* 0-based offset in the text */
	path_eval_fn *eval;
	path_one_fn *one;
	path_test_fn *test;
	struct path_node *left; /* input of a step, left operand; NULL: $this */
	struct path_node *right;
	struct path_node **arg;
	size_t args;
	struct cw_str name;	  /* MEMBER, CALL, VAR: identifier, unescaped */
	struct fhir_item item;	  /* LITERAL */
	struct path_spec *spec;	  /* IS, AS, and type arguments */
	const struct path_fn *fn; /* CALL */
	size_t slot; /* VAR, LOCAL, defineVariable; MEMBER of a record: element index */
	/* MEMBER over nodes of static type own_type: */
	unsigned own_type;
	unsigned elem_type;
	bool holds_resource; /* the element holds whole resources: its type is in the data */
	const struct fhir_class *cls; /* MEMBER over records of this class */
	const struct path_form *form; /* choice element */
	size_t forms;
	bool delimited; /* `name`: never a type name, never a keyword */
	bool root_type; /* MEMBER that may be a type name at the start of a path */
	bool type_only; /* MEMBER that is that type name: gives $this */
	bool safe;	/* cannot fail on any input of its static type */
	uint64_t uses;	/* lambda levels whose $this, $index or $total it reads, as bits */
	bool impure;	/* never kept */
	size_t memo_slot;
	const struct path_node *kept; /* evaluated once per session: what to evaluate */
	struct fhir_path_type is;     /* static type */
	bool unordered;
	bool grouped;	       /* stood in parentheses */
	uint16_t height;       /* of the tree below, itself included */
	struct path_node *all; /* chain of all nodes of one expression */
};

/* $this, $index, $total of the lambda being evaluated. */
struct path_frame {
	const struct fhir_item *item; /* $this: usually one item */
	size_t n;
	unsigned unsure;	       /* taint of $this */
	int64_t index;		       /* -1 outside of a lambda */
	const struct fhir_coll *total; /* NULL outside of aggregate */
	const struct path_frame *outer;
};

/* One call of fhir_path_eval. */
struct path_ctx {
	const struct fhir_path *path;
	struct fhir_path_session *session;
	struct cw_arena *arena;
	const struct fhir_model *model;
	struct cw_err *err;
	struct fhir_coll *local; /* defineVariable slots */
	struct path_memo *memo;
};

/* Kinds of arguments and of input. */
enum path_kind {
	PATH_NO,
	PATH_ANY,     /* a collection as it is */
	PATH_ONE,     /* at most one item of any kind; its value */
	PATH_BOOLEAN, /* at most one of that type, converted from nodes; others are an error */
	PATH_INTEGER, /* Integer or Long */
	PATH_NUMBER,  /* Integer, Long, Decimal or Quantity */
	PATH_STRING,
	PATH_LAMBDA, /* not evaluated: use path_lambda or path_lambda_test */
	PATH_TYPE    /* a type specifier: call->spec[i] */
};

enum path_fn_flags {
	PATH_FN_EMPTY_ARG = 1,	/* run even when a typed argument is empty (else: empty result) */
	PATH_FN_EMPTY_IN = 2,	/* run even when a typed input is empty (else: empty result) */
	PATH_FN_TAINT = 4,	/* sets out->unsure itself (else: any taint in taints all of out) */
	PATH_FN_ONE = 8,	/* gives at most one item */
	PATH_FN_SAME = 16,	/* gives items of its input: same static type */
	PATH_FN_ORDER = 32,	/* needs an ordered input */
	PATH_FN_UNORDERED = 64, /* output has no order */
	PATH_FN_IMPURE = 128,	/* depends on more than its arguments: never folded or kept */
	PATH_FN_CRITERION = 256,  /* argument 1 is a criterion */
	PATH_FN_UNSUPPORTED = 512 /* known, but not answered here: strict mode refuses it */
};

struct path_call {
	struct path_ctx *x;
	const struct path_node *node;
	const struct path_frame *frame; /* where the call stands (outer $this) */
	const struct fhir_coll *in;	/* the input */
	const struct fhir_item *one;	/* typed input (not PATH_ANY): its only value, or NULL */
	size_t args;
	const struct fhir_coll *arg[PATH_MAX_ARGS];   /* PATH_ANY: the collection */
	const struct fhir_item *value[PATH_MAX_ARGS]; /* typed: the only value, or NULL if empty */
	const struct path_spec *spec[PATH_MAX_ARGS];  /* PATH_TYPE */
	struct fhir_coll *out;			      /* initialised, empty */
};

struct path_fn {
	const char *name;
	uint8_t least, most;
	uint8_t in;		    /* enum path_kind of the input */
	uint8_t arg[PATH_MAX_ARGS]; /* enum path_kind each */
	enum fhir_item_kind result; /* static type of the result; ANY when it depends */
	unsigned flags;
	uint8_t in_whole; /* bits: lambda arguments whose $this is the whole input */
	int (*run)(struct path_call *c);
	/* Functions known to the evaluator itself replace the generic call; NULL for most. */
	path_eval_fn *eval;
	path_one_fn *one;
	path_test_fn *test;
};

/* The function of that name, or NULL. Written by path_fn.c: looks through path_fn_core
 * (path_call.c) and the tables of the function library. Tables end with a row whose name is NULL.
 */
const struct path_fn *path_fn_find(struct cw_str name);
/* Functions that steer evaluation: where select exists all empty not count first last iif is as
 * ofType now today timeOfDay defineVariable trace. */
extern const struct path_fn path_fn_core[];

/* --- helpers for functions --- */

/* Fail with the position of the call. Returns code. */
int path_fail(const struct path_call *c, int code, const char *fmt, ...) CW_PRINTF(3, 4);
/* Add an item to the result. */
int path_emit(struct path_call *c, const struct fhir_item *item);
int path_emit_boolean(struct path_call *c, bool b);
int path_emit_integer(struct path_call *c, int64_t i);
int path_emit_string(struct path_call *c, struct cw_str s);
/* Evaluate argument i with $this = *item, $index = index, $total = total (may be NULL) into *out,
 * which is initialised here. */
int path_lambda(struct path_call *c, size_t i, const struct fhir_item *item, int64_t index,
    const struct fhir_coll *total, struct fhir_coll *out);
/* The same as a criterion: PATH_NONE for empty; more than one item or a non-boolean is as the
 * specification says. */
int path_lambda_test(struct path_call *c, size_t i, const struct fhir_item *item, int64_t index,
    struct path_tri *out);
/* The system value of an item (primitive nodes converted). */
bool path_value(struct path_ctx *x, const struct fhir_item *item, struct fhir_item *out);
/* Children of an item with their types; name absent: all of them. */
int path_children(
    struct path_ctx *x, const struct fhir_item *item, struct cw_str name, struct fhir_coll *out);
/* Is the item of that type? exact: not of a subtype (FHIR as/ofType of primitives). */
bool path_item_is(
    struct path_ctx *x, const struct fhir_item *item, const struct path_spec *spec, bool exact);

/* Equality (=): PATH_NONE when it cannot be told. Deep for nodes. */
enum path_bool path_equal(struct path_ctx *x, const struct fhir_item *a, const struct fhir_item *b);
/* Equivalence (~): always true or false. */
bool path_equivalent(struct path_ctx *x, const struct fhir_item *a, const struct fhir_item *b);
/* Order: 0 and *sign (-1, 0, 1); 1: cannot be told; CW_ETYPE: not ordered types. */
int path_compare(
    struct path_ctx *x, const struct fhir_item *a, const struct fhir_item *b, int *sign);
/* Order as a set of possibilities (fhir/order.h): 0 and *order; CW_ETYPE: not ordered types. */
int path_order(
    struct path_ctx *x, const struct fhir_item *a, const struct fhir_item *b, unsigned *order);
/* Does c hold an item equal to *item? Hashless; NONE counts as no. */
bool path_holds(struct path_ctx *x, const struct fhir_coll *c, const struct fhir_item *item);
/* Append the items of from that are not yet in to (distinct union). */
int path_add_distinct(struct path_ctx *x, struct fhir_coll *to, const struct fhir_coll *from);
/* Report a comparison or calculation of two present operands that gave nothing. */
void path_report(struct path_ctx *x, size_t at, const char *op, const struct fhir_item *a,
    const struct fhir_item *b);
/* Evaluate any node. out is initialised here. */
int path_eval(struct path_ctx *x, const struct path_node *n, const struct path_frame *f,
    struct fhir_coll *out);

#endif
