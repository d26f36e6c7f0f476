/* path_fn: the tables of functions, and finding one by name. */
#include "fhir/path_internal.h"

static const struct path_fn *const tables[] = {
	path_fn_core,
};

const struct path_fn *
path_fn_find(struct cw_str name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct path_fn *fn = tables[i]; fn->name; fn++) {
			if (cw_str_is(name, fn->name))
				return fn;
		}
	}
	return NULL;
}
