/* path_check: what the rooms of the checker share. */
#ifndef FHIR_PATH_CHECK_H
#define FHIR_PATH_CHECK_H

#include "fhir/path_session.h"

struct checker {
	struct fhir_path *path;
	const struct fhir_path_options *opt;
	struct cw_err *err;
};

/* A name made by defineVariable, visible to what follows it in the same chain. */
struct path_local {
	struct cw_str name;
	size_t slot;
	struct fhir_path_type type;
	const struct path_local *next;
};

/* Where a node stands. */
struct path_view {
	struct fhir_path_type self; /* of $this */
	unsigned level;		    /* 0 outside of all lambdas */
	const struct path_local *locals;
};

/* Resolve a member's name on the type of its input (path_member.c). */
CW_CHECK int path_check_member(
    struct checker *c, struct path_node *n, const struct fhir_path_type *in, bool at_start);
/* Resolve a type specifier; CW_ETYPE when there is no such type. */
CW_CHECK int path_check_spec(struct checker *c, struct path_spec *spec, uint32_t at);
/* The static type that a specifier names. */
struct fhir_path_type path_spec_type(const struct path_spec *spec, const struct fhir_path_type *in);
/* The system type a static type converts to; ANY when not known, NODE when it has none. */
enum fhir_item_kind path_static_kind(
    const struct fhir_model *model, const struct fhir_path_type *type);
/* "Patient", "System.Integer", for messages. */
struct cw_str path_static_name(const struct fhir_model *model, const struct fhir_path_type *type);
/* System kind of a FHIR primitive type by its name; NODE when it is not one. */
enum fhir_item_kind path_primitive_kind(struct cw_str name);
/* The %names (path_name.c). */
CW_CHECK int path_check_var(struct checker *c, struct path_node *n, const struct path_view *v);
CW_CHECK int path_check_define(struct checker *c, struct path_node *n, struct path_view *v);
/* Types of operators (path_optype.c); children are checked already. */
CW_CHECK int path_check_operator(struct checker *c, struct path_node *n);
/* Do values of the two system kinds compare? */
bool path_kinds_compare(enum fhir_item_kind a, enum fhir_item_kind b);
void path_lint(struct checker *c, const struct path_node *n, const char *text);
/* Evaluate a constant expression while compiling; *out absent if it is not one string. */
CW_CHECK int path_const_string(struct checker *c, struct path_node *n, struct cw_str *out);

#endif
