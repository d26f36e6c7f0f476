#include "fhir/node.h"

#include <stdio.h>
#include <string.h>

const struct fhir_node *
fhir_node_get(const struct fhir_node *node, const char *name)
{
	size_t n = strlen(name);
	const struct fhir_node *c = node == NULL ? NULL : node->child;

	while (c != NULL && (c->name.n != n || memcmp(c->name.s, name, n) != 0))
		c = c->next;
	return c;
}

const struct fhir_node *
fhir_node_again(const struct fhir_node *node)
{
	const struct fhir_node *next = node == NULL ? NULL : node->next;

	return next != NULL && cw_str_eq(next->name, node->name) ? next : NULL;
}

struct cw_str
fhir_node_text(const struct fhir_node *node, const char *name)
{
	const struct fhir_node *c = fhir_node_get(node, name);

	return c == NULL ? (struct cw_str){ NULL, 0 } : c->lexeme;
}

struct cw_str
fhir_node_resource_type(const struct fhir_node *node)
{
	const struct fhir_node *c = fhir_node_get(node, "resourceType");

	return c == NULL || c->kind != FHIR_STRING ? (struct cw_str){ NULL, 0 } : c->lexeme;
}

enum { DEEPEST = 256 }; /* more levels than any reader accepts */

/* Names come from outside: nothing but plain characters may reach a terminal. */

static size_t
add(char *buf, size_t n, size_t at, struct cw_str s)
{
	for (size_t i = 0; i < s.n && at < n; i++)
		buf[at++] = s.s[i] > 0x20 && s.s[i] < 0x7f ? s.s[i] : '?';
	return at;
}

/* Position of node in its array: how many items stand before it. */
static size_t
item_index(const struct fhir_node *node)
{
	const struct fhir_node *c = node->parent == NULL ? node : node->parent->child;
	size_t index = 0;

	while (c != node && !(c->in_array && cw_str_eq(c->name, node->name)))
		c = c->next;
	for (; c != node; c = c->next)
		index++;
	return index;
}

static size_t
add_step(char *buf, size_t n, size_t at, const struct fhir_node *node)
{
	char digits[24];

	if (node->parent == NULL)
		return add(buf, n, at, fhir_node_resource_type(node));
	if (at > 0 && node->name.n > 0)
		at = add(buf, n, at, CW_STR("."));
	at = add(buf, n, at, node->name);
	if (node->in_array) {
		snprintf(digits, sizeof(digits), "[%zu]", item_index(node));
		at = add(buf, n, at, cw_str(digits));
	}
	return at;
}

char *
fhir_node_path(const struct fhir_node *node, char *buf, size_t n)
{
	const struct fhir_node *way[DEEPEST];
	size_t depth = 0, at = 0;

	for (; node != NULL && depth < DEEPEST; node = node->parent)
		way[depth++] = node;
	while (depth > 0)
		at = add_step(buf, n, at, way[--depth]);
	if (at < n) {
		buf[at] = '\0';
	} else if (n > 0) {
		buf[n - 1] = '\0';
		for (size_t i = 2; i <= 4 && i <= n; i++)
			buf[n - i] = '.';
	}
	return buf;
}
