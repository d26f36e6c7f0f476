/* node: the one read-only tree that the JSON reader and the XML reader both make.
 *
 * FHIR's data model, not JSON's: a repeating element is a run of adjacent siblings of one name; a
 * primitive carries its own lexeme exactly as written ("1.00" stays "1.00") and, as children, the
 * id and extension merged from its "_name" twin (FHIR R4 2.6.2.3, JSON representation).
 * Nodes live in the arena of the reader and borrow from its input buffer. */
#ifndef FHIR_NODE_H
#define FHIR_NODE_H

#include "fhir/base.h"

enum fhir_node_kind {
	FHIR_NULL,    /* no value: a padding null, or a primitive that has only id/extension */
	FHIR_BOOLEAN, /* lexeme "true" or "false" */
	FHIR_NUMBER,  /* lexeme as written */
	FHIR_STRING,  /* lexeme unescaped, UTF-8 */
	FHIR_OBJECT,
	FHIR_ARRAY /* only where FHIR has no such thing: an array in an array, an empty or root
		      array */
};

struct fhir_node {
	struct cw_str name;   /* element name without "_"; empty at the root */
	struct cw_str lexeme; /* of a primitive; else absent */
	const struct fhir_node
	    *child;		      /* first child element; also of a primitive (id, extension) */
	const struct fhir_node *next; /* next sibling, in document order */
	const struct fhir_node *parent;
	uint32_t offset; /* of the value in the source, for messages */
	uint8_t kind;	 /* enum fhir_node_kind */
	bool in_array;	 /* stood in a JSON array: the writer gives it back so */
	uint8_t marks;	 /* enum fhir_node_mark: of use to the JSON writer only */
};

/* What a JSON text spelled out although the tree does not need it; a node made otherwise has none.
 */
enum fhir_node_mark {
	FHIR_MARK_NULL = 1,	 /* a null beside its "_name" */
	FHIR_MARK_TWIN_NULL = 2, /* a null in "_name" */
	FHIR_MARK_TWIN_EMPTY = 4 /* an object without members in "_name" */
};

/* First child of that name, or NULL; node may be NULL. */
const struct fhir_node *fhir_node_get(const struct fhir_node *node, const char *name);
/* The next repeat of the same element, or NULL. */
const struct fhir_node *fhir_node_again(const struct fhir_node *node);
/* Lexeme of the first child of that name if it is a primitive; else the absent string. */
struct cw_str fhir_node_text(const struct fhir_node *node, const char *name);
/* Type of a resource ("resourceType"), or the absent string. */
struct cw_str fhir_node_resource_type(const struct fhir_node *node);
/* Element path of node from its root, FHIRPath style: "Bundle.entry[2].resource.code"; the index is
 * written for elements that stood in an array. Truncated to n bytes with "...". Returns buf. */
char *fhir_node_path(const struct fhir_node *node, char *buf, size_t n);

#endif
