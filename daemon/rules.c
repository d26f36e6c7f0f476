#include "daemon/rules.h"

#include "daemon/package_dir.h"
#include "mappings/digest.h"

#include <stdlib.h>
#include <string.h>

/* Everything that can change a decision: the artefacts in use, then the parameters. */
static void
digest(struct rules *r)
{
	struct cw_buf all;
	struct cw_str name, value;

	cw_buf_init(&all, 0);
	for (size_t i = 0; i < map_package_count(r->package); i++) {
		const struct map_artefact *a = map_package_at(r->package, i);

		if (a->active)
			cw_buf_printf(&all, "%.*s %s\n", CW_ARG(a->file), a->sha256);
	}
	for (size_t i = 0; map_plan_parameter(r->plan, i, &name, &value); i++)
		cw_buf_printf(&all, "%.*s=%.*s\n", CW_ARG(name), CW_ARG(value));
	map_digest_hex(r->sha256, all.s, all.n);
	cw_buf_fini(&all);
}

static int
read_packages(struct rules *r, const struct conf *conf, struct cw_err *err)
{
	char *usual = conf->package_dir == NULL ? cli_package_dir() : NULL;
	int rc;

	r->package = map_package_new();
	rc = package_dir_add(r->package, usual == NULL ? conf->package_dir : usual, err);
	free(usual);
	for (size_t i = 0; rc == CW_OK && conf->overlay != NULL && conf->overlay[i] != NULL; i++)
		rc = package_dir_add(r->package, conf->overlay[i], err);
	return rc;
}

static int
set_parameters(struct rules *r, const struct conf *conf, struct cw_err *err)
{
	for (size_t i = 0; i < conf->sets; i++) {
		struct cw_err why = { 0 };

		if (map_plan_set(
			r->plan, cw_str(conf->set[i].name), cw_str(conf->set[i].value), &why) < 0)
			return conf_fault(err, conf, "set", "", conf->set[i].name, &why);
	}
	return CW_OK;
}

/* A rule whose name is mistyped would be live. */
static int
check_shadow(const struct rules *r, const struct conf *conf, struct cw_err *err)
{
	const char *at = conf->shadow;

	while (at != NULL && *(at += strspn(at, " \t")) != '\0') {
		struct cw_str id = { at, strcspn(at, " \t") };
		struct cw_err why = { 0 };

		if (!map_plan_has_rule(r->plan, id)) {
			cw_fail(&why, CW_EVALUE, "there is no rule %.*s", CW_ARG(id));
			return conf_fault(err, conf, "package", "", "shadow", &why);
		}
		at += id.n;
	}
	return CW_OK;
}

int
rules_load(struct rules **out, const struct conf *conf, struct cw_err *err)
{
	struct rules *r = cw_calloc(1, sizeof(*r));
	int rc = read_packages(r, conf, err);

	if (rc == CW_OK)
		rc = map_terminology_new(&r->terms, r->package, err);
	if (rc == CW_OK)
		rc = map_plan_new(&r->plan, r->package, r->terms, err);
	if (rc == CW_OK)
		rc = set_parameters(r, conf, err);
	if (rc == CW_OK)
		rc = check_shadow(r, conf, err);
	if (rc == CW_OK)
		rc = map_look_init(&r->look, r->plan, err);
	if (rc < 0) {
		rules_free(r);
		return rc;
	}
	r->conf = conf;
	digest(r);
	*out = r;
	return CW_OK;
}

void
rules_free(struct rules *r)
{
	if (r == NULL)
		return;
	map_plan_free(r->plan);
	map_terminology_free(r->terms);
	map_package_free(r->package);
	free(r);
}
