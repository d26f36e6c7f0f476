/* A configuration: read, each value set, checked as a whole. */
#include "daemon/conf_internal.h"
#include "mappings/digest.h"

#include <stdlib.h>
#include <string.h>

void
conf_remark(struct conf *conf, const struct conf_place *place, const char *fmt, ...)
{
	struct cw_err *remark = &conf->remark[conf->remarks];
	char text[256];
	va_list ap;

	if (conf->remarks == sizeof(conf->remark) / sizeof(conf->remark[0]))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	conf->remarks++;
	cw_fail_at(remark, CW_EVALUE, place->line, 0, place->file, "%s", text);
}

/* ---- objects ---- */

/* All keys of a kind of section, from the section (NULL: there is none) or their defaults. */
static int
fill(struct conf *conf, void *object, const char *kind, const struct conf_section *section,
    const char *folder, struct cw_err *err)
{
	static const struct conf_place nowhere = { "(defaults)", 0 };
	int rc = CW_OK;

	for (size_t i = 0; rc == CW_OK && i < conf_n_keys; i++) {
		const struct conf_key *key = &conf_keys[i];
		const struct conf_entry *e;

		if (strcmp(key->section, kind) != 0)
			continue;
		e = conf_entry_find(section, key->name);
		if (e != NULL)
			rc = conf_value_set(conf, object, key, e->value, folder, &e->place, err);
		else if (key->fallback != NULL)
			rc =
			    conf_value_set(conf, object, key, key->fallback, folder, &nowhere, err);
	}
	return rc;
}

static size_t
count(const struct conf_section *s, const char *kind)
{
	size_t n = 0;

	for (; s != NULL; s = s->next)
		n += strcmp(s->kind->name, kind) == 0;
	return n;
}

static void
set_pairs(struct conf *conf, const struct conf_section *section)
{
	size_t n = 0;

	for (const struct conf_entry *e = section->entry; e != NULL; e = e->next)
		n++;
	conf->set = cw_alloc(conf->arena, n * sizeof(*conf->set));
	for (const struct conf_entry *e = section->entry; e != NULL; e = e->next)
		conf->set[conf->sets++] = (struct conf_pair){ e->name, e->value };
}

static int
fill_all(
    struct conf *conf, const struct conf_section *sections, const char *folder, struct cw_err *err)
{
	int rc = CW_OK;

	conf->feed = cw_alloc(conf->arena, count(sections, "feed") * sizeof(*conf->feed));
	conf->target = cw_alloc(conf->arena, count(sections, "target") * sizeof(*conf->target));
	for (const struct conf_section *s = sections; rc == CW_OK && s != NULL; s = s->next) {
		if (strcmp(s->kind->name, "feed") == 0) {
			conf->feed[conf->feeds].name = s->name;
			rc = fill(conf, &conf->feed[conf->feeds++], "feed", s, folder, err);
		} else if (strcmp(s->kind->name, "target") == 0) {
			conf->target[conf->targets].name = s->name;
			rc = fill(conf, &conf->target[conf->targets++], "target", s, folder, err);
		} else if (s->kind->free) {
			set_pairs(conf, s);
		}
	}
	for (size_t i = 0; rc == CW_OK && i < conf_n_kinds; i++) {
		const struct conf_section *s = sections;

		while (s != NULL && s->kind != &conf_kinds[i])
			s = s->next;
		if (!conf_kinds[i].named)
			rc = fill(conf, conf, conf_kinds[i].name, s, folder, err);
	}
	return rc;
}

/* ---- loading ---- */

/* systemd names several folders with colons between; ours is the first. */
static int
default_state(struct conf *conf, struct cw_err *err)
{
	const char *given = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_STATE_HOME"),
		   *home = getenv("HOME");

	if (conf->state_dir != NULL)
		return CW_OK;
	if (given != NULL && given[0] == '/')
		conf->state_dir = cw_fmt(conf->arena, "%.*s", (int)strcspn(given, ":"), given).s;
	else if (xdg != NULL && xdg[0] == '/')
		conf->state_dir = cw_fmt(conf->arena, "%s/cordwatch", xdg).s;
	else if (home != NULL && home[0] == '/')
		conf->state_dir = cw_fmt(conf->arena, "%s/.local/state/cordwatch", home).s;
	else
		return cw_fail_at(err, CW_ENOTFOUND, 0, 0, conf->path,
		    "no state_dir, and none of STATE_DIRECTORY, XDG_STATE_HOME and HOME is an "
		    "absolute path");
	return CW_OK;
}

/* What runs without a file: one sender on this machine, requests on standard output. */
static struct conf_section *
default_sections(struct cw_arena *arena)
{
	struct conf_section *first = NULL;
	static const char *const name[] = { "print", "local" }, *const kind[] = { "target",
		"feed" };

	for (size_t i = 0; i < 2; i++) {
		struct conf_section *s = cw_alloc(arena, sizeof(*s));
		const struct conf_kind *k = conf_kinds;

		while (strcmp(k->name, kind[i]) != 0)
			k++;
		*s = (struct conf_section){
			.next = first, .kind = k, .name = name[i], .place = { "(defaults)", 0 }
		};
		first = s;
	}
	return first;
}

static const char *
folder_of(struct cw_arena *arena, const char *path)
{
	const char *slash = path == NULL ? NULL : strrchr(path, '/');

	if (slash == NULL)
		return ".";
	return slash == path ? "/" : cw_fmt(arena, "%.*s", (int)(slash - path), path).s;
}

int
conf_load(struct conf **out, const char *path, struct cw_err *err)
{
	struct conf *conf = cw_calloc(1, sizeof(*conf));
	struct conf_section *sections = NULL;
	struct cw_buf bytes;
	int rc = CW_OK;

	*out = NULL;
	conf->arena = cw_arena_new(0);
	conf->embedded = path == NULL;
	cw_buf_init(&bytes, 0);
	if (path == NULL)
		sections = default_sections(conf->arena);
	else
		rc = conf_read(&sections, conf->arena, &bytes, path, err);
	map_digest_hex(conf->sha256, bytes.s == NULL ? "" : bytes.s, bytes.n);
	cw_buf_fini(&bytes);
	conf->sections = sections;
	conf->path = path == NULL ? "(defaults)" : cw_fmt(conf->arena, "%s", path).s;
	if (rc == CW_OK)
		rc = fill_all(conf, sections, folder_of(conf->arena, path), err);
	if (rc == CW_OK)
		rc = default_state(conf, err);
	if (rc == CW_OK)
		rc = conf_check(conf, err);
	if (rc == CW_OK)
		*out = conf;
	else
		conf_free(conf);
	return rc;
}

static void
wipe(struct cw_str secret)
{
	if (secret.n > 0)
		explicit_bzero((void *)(uintptr_t)secret.s, secret.n);
}

void
conf_free(struct conf *conf)
{
	if (conf == NULL)
		return;
	for (size_t i = 0; i < conf->feeds; i++) {
		wipe(conf->feed[i].secret);
		wipe(conf->feed[i].previous_secret);
		wipe(conf->feed[i].auth);
	}
	for (size_t i = 0; i < conf->targets; i++)
		wipe(conf->target[i].auth);
	cw_arena_free(conf->arena);
	free(conf);
}
