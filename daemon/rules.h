/* rules: a package as the daemon uses it: loaded, compiled, immutable. */
#ifndef DAEMON_RULES_H
#define DAEMON_RULES_H

#include "daemon/conf.h"
#include "mappings/look.h"
#include "mappings/plan.h"

struct rules {
	struct map_package *package;
	struct map_terminology *terms;
	struct map_plan *plan;
	struct map_look look;
	const struct conf *conf; /* what they were loaded by; borrowed */
	char sha256[65];	 /* over all artefacts in use and the parameters that were set */
};

/* Load what conf names; conf must outlive *out. Errors of content carry "file: element.path",
 * those of conf the file and line. Yours to free. */
CW_CHECK int rules_load(struct rules **out, const struct conf *conf, struct cw_err *err);
void rules_free(struct rules *rules);

#endif
