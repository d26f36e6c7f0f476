/* package: the artefacts of one or more FHIR NPM packages, in memory.
 *
 * The daemon reads directories and hands over file names and texts; here they are parsed, sorted
 * and hashed.  Packages lie over each other in the order in which they are opened: of two artefacts
 * with one type and canonical url the later wins; a package that has the name of an earlier one
 * replaces it whole.  FHIR R4 2.1.0.5 (canonical), NPM package specification (package.json). */
#ifndef MAPPINGS_PACKAGE_H
#define MAPPINGS_PACKAGE_H

#include "fhir/node.h"
#include "mappings/digest.h"

struct map_package;

struct map_artefact {
	struct cw_str type, id, url, version, file; /* file: "name-of-directory/File.json" */
	size_t package; /* which of the packages opened, from 0: the base */
	const struct fhir_node *node;
	struct cw_str text; /* the file's bytes */
	char sha256[2 * MAP_DIGEST_SIZE + 1];
	bool active; /* not replaced by a later package */
};

/* New empty set; free it with map_package_free (NULL allowed). */
struct map_package *map_package_new(void);
void map_package_free(struct map_package *p);
/* Begin a package: text of its package.json (name and version are taken from it). dir is for
 * messages and file names. */
CW_CHECK int map_package_open(
    struct map_package *p, struct cw_str dir, struct cw_str text, struct cw_err *err);
/* Add one resource file of the package opened last. The text is copied. Not a resource with a
 * resourceType: CW_EVALUE; two artefacts of one type and url in one package: CW_EVALUE. */
CW_CHECK int map_package_add(
    struct map_package *p, struct cw_str file, struct cw_str text, struct cw_err *err);
/* Package i in order of opening: the folder it was opened as, its name and version, and whether a
 * later one of the same name replaces it; false past the last. */
bool map_package_entry(const struct map_package *p, size_t i, struct cw_str *dir,
    struct cw_str *name, struct cw_str *version, bool *replaced);
/* All artefacts in order of arrival. */
size_t map_package_count(const struct map_package *p);
const struct map_artefact *map_package_at(const struct map_package *p, size_t i);
/* The active artefact of that type and canonical ("url" or "url|version"), or NULL. */
const struct map_artefact *map_package_find(
    const struct map_package *p, const char *type, struct cw_str canonical);
/* Line and column (1-based) of a node of the artefact. */
void map_artefact_place(
    const struct map_artefact *a, const struct fhir_node *node, size_t *line, size_t *column);
/* Record an error at a node (NULL: the root): err->path is "file: element.path", with line and
 * column. Returns code. */
int map_artefact_fail(struct cw_err *err, int code, const struct map_artefact *a,
    const struct fhir_node *node, const char *fmt, ...) CW_PRINTF(5, 6);

#endif
