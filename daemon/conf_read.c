/* The files of a configuration as sections and entries.
 *
 * inih splits lines into keys and values.  What it takes without a word is looked at before it sees
 * a line: what follows a section's bracket, sections without keys, control characters, and lines
 * longer than its buffer, which it would cut in two. */
#include "daemon/conf_internal.h"
#include "daemon/file.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILES = 1 << 20, MOST_NAME = 32 };

struct reading {
	struct cw_arena *arena;
	struct conf_section *first, *section; /* all; the one that lines go to */
	struct conf_entry *entry; /* the last of this section: what an indented line goes on */
	struct cw_str rest;	  /* of the file */
	struct conf_place place;
	bool indented;
	struct cw_err *err;
};

static int fail(struct reading *r, int code, const char *fmt, ...) CW_PRINTF(3, 4);

static int
fail(struct reading *r, int code, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return cw_fail_at(r->err, code, r->place.line, 0, r->place.file, "%s", text);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct cw_str
trim(struct cw_str s)
{
	while (s.n > 0 && blank(s.s[s.n - 1]))
		s.n--;
	while (s.n > 0 && blank(s.s[0]))
		s = (struct cw_str){ s.s + 1, s.n - 1 };
	return s;
}

/* ---- sections ---- */

static const struct conf_kind *
find_kind(struct cw_str name)
{
	for (size_t i = 0; i < conf_n_kinds; i++) {
		if (cw_str_is(name, conf_kinds[i].name))
			return &conf_kinds[i];
	}
	return NULL;
}

static bool
is_name(struct cw_str s)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";

	for (size_t i = 0; i < s.n; i++) {
		if (strchr(allowed, s.s[i]) == NULL)
			return false;
	}
	return s.n > 0 && s.n <= MOST_NAME && s.s[0] != '.';
}

/* A file may go on with a section of an earlier one, not with its own. */
static int
begin_section(struct reading *r, const struct conf_kind *kind, const char *name)
{
	struct conf_section **at = &r->first;

	r->entry = NULL;
	for (; *at != NULL; at = &(*at)->next) {
		if ((*at)->kind != kind || strcmp((*at)->name, name) != 0)
			continue;
		if ((*at)->place.file == r->place.file)
			return fail(r, CW_EVALUE, "[%s%s%s] was begun on line %zu already",
			    kind->name, name[0] == '\0' ? "" : " ", name, (*at)->place.line);
		(*at)->place = r->place;
		r->section = *at;
		return CW_OK;
	}
	*at = r->section = cw_alloc(r->arena, sizeof(**at));
	**at = (struct conf_section){ .kind = kind, .name = name, .place = r->place };
	return CW_OK;
}

/* line begins with [. */
static int
read_section(struct reading *r, struct cw_str line)
{
	const char *end = memchr(line.s, ']', line.n), *space;
	const struct conf_kind *kind;
	struct cw_str inside, word, name = { 0 }, after;

	if (end == NULL)
		return fail(r, CW_ESYNTAX, "expected ] after the name of the section");
	inside = trim((struct cw_str){ line.s + 1, (size_t)(end - line.s) - 1 });
	after = trim((struct cw_str){ end + 1, line.n - (size_t)(end - line.s) - 1 });
	if (after.n > 0 && after.s[0] != '#' && after.s[0] != ';')
		return fail(r, CW_ESYNTAX, "unexpected text after ]");
	space = memchr(inside.s, ' ', inside.n);
	word = space == NULL ? inside : (struct cw_str){ inside.s, (size_t)(space - inside.s) };
	if (space != NULL)
		name = trim((struct cw_str){ space, inside.n - word.n });
	kind = find_kind(word);
	if (kind == NULL)
		return fail(r, CW_EVALUE, "unknown section [%.*s]", CW_ARG(word));
	if (!kind->named && name.n > 0)
		return fail(r, CW_EVALUE, "[%s] takes no name", kind->name);
	if (kind->named && !is_name(name))
		return fail(r, CW_EVALUE,
		    "[%s NAME] needs a name of a-z, 0-9, . _ -, at most %d characters", kind->name,
		    MOST_NAME);
	return begin_section(
	    r, kind, cw_fmt(r->arena, "%.*s", (int)name.n, name.n > 0 ? name.s : "").s);
}

/* ---- entries ---- */

struct conf_entry *
conf_entry_find(const struct conf_section *section, const char *name)
{
	struct conf_entry *e = section == NULL ? NULL : section->entry;

	while (e != NULL && strcmp(e->name, name) != 0)
		e = e->next;
	return e;
}

static bool
is_list(const struct conf_key *key)
{
	return key != NULL && (key->type == CONF_FOLDERS || key->type == CONF_NAMES ||
				  key->type == CONF_TYPES || key->type == CONF_WORDS);
}

static int
go_on(struct reading *r, const char *value)
{
	if (!is_list(r->entry->key))
		return fail(r, CW_ESYNTAX, "%s is no list: it cannot go on in an indented line",
		    r->entry->name);
	r->entry->value = cw_fmt(r->arena, "%s %s", r->entry->value, value).s;
	return CW_OK;
}

static int
add_entry(struct reading *r, const char *name, const char *value)
{
	const struct conf_key *key = conf_key_find(r->section->kind->name, name);
	struct conf_entry *e = conf_entry_find(r->section, name);

	if (key == NULL && !r->section->kind->free)
		return fail(r, CW_EVALUE, "unknown key %s in [%s]", name, r->section->kind->name);
	if (e != NULL && e->place.file == r->place.file)
		return fail(r, CW_EVALUE, "%s was given on line %zu already", name, e->place.line);
	if (e == NULL) {
		struct conf_entry **at = &r->section->entry;

		while (*at != NULL)
			at = &(*at)->next;
		*at = e = cw_alloc(r->arena, sizeof(*e));
	}
	e->key = key;
	e->name = cw_fmt(r->arena, "%s", name).s;
	e->value = cw_fmt(r->arena, "%s", value).s;
	e->place = r->place;
	r->entry = e;
	return CW_OK;
}

/* Called by inih; 0 is an error. */
static int
on_entry(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *r = arg;

	(void)section; /* cut at 49 bytes; read_section knows it whole */
	if (r->err->code != 0)
		return 1;
	if (value[0] == '\0')
		return fail(r, CW_EVALUE, "%s has no value", name) == CW_OK;
	if (r->indented && r->entry != NULL)
		return go_on(r, value) == CW_OK;
	if (r->section == NULL)
		return fail(r, CW_ESYNTAX, "%s stands before the first section", name) == CW_OK;
	return add_entry(r, name, value) == CW_OK;
}

/* ---- lines ---- */

static bool
has_control(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (((unsigned char)s.s[i] < 0x20 && !blank(s.s[i])) || s.s[i] == 0x7f)
			return true;
	}
	return false;
}

/* Called by inih, like fgets, once a line: so the line is known, which its handler is not told. */
static char *
next_line(char *out, int room, void *arg)
{
	struct reading *r = arg;
	struct cw_str line = r->rest;
	const char *end;
	int most = room - 3; /* line end and NUL */

	if (r->rest.n == 0 || r->err->code != 0)
		return NULL;
	end = memchr(line.s, '\n', line.n);
	line.n = end == NULL ? line.n : (size_t)(end - line.s);
	r->rest.s += line.n + (end != NULL);
	r->rest.n -= line.n + (end != NULL);
	r->place.line++;
	if (has_control(line))
		return fail(r, CW_ESYNTAX, "a control character") == CW_OK ? out : NULL;
	if (line.n > (size_t)most)
		return fail(r, CW_ELIMIT,
			   "longer than %d bytes (a list may go on in a line that begins with a "
			   "blank)",
			   most) == CW_OK
			   ? out
			   : NULL;
	for (size_t i = 1; i < line.n; i++) { /* not every inih does it in indented lines */
		if (line.s[i] == ';' && blank(line.s[i - 1]))
			line.n = i;
	}
	r->indented = line.n > 0 && blank(line.s[0]);
	memcpy(out, line.s, line.n);
	memcpy(out + line.n, "\n", 2);
	line = trim(line);
	if (line.n > 0 && line.s[0] == '[' && !(r->indented && r->entry != NULL) &&
	    read_section(r, line) < 0)
		return NULL;
	return out;
}

static int
read_file(struct reading *r, struct cw_buf *bytes, const char *path)
{
	struct cw_err why = { 0 }, *err = r->err;
	size_t from = bytes->n;
	int line;

	r->place = (struct conf_place){ cw_fmt(r->arena, "%s", path).s, 0 };
	r->section = NULL;
	r->entry = NULL;
	if (file_read(bytes, path, &why) < 0)
		return cw_fail_at(err, why.code, 0, 0, path, "%s", why.text);
	r->rest = (struct cw_str){ bytes->n == 0 ? "" : bytes->s + from, bytes->n - from };
	if (cw_str_starts(r->rest, CW_STR("\xef\xbb\xbf")))
		r->rest = (struct cw_str){ r->rest.s + 3, r->rest.n - 3 };
	r->err = &why;
	line = ini_parse_stream(next_line, r, on_entry, r);
	r->err = err;
	if (line < 0)
		abort(); /* out of memory */
	if (line > 0 && (why.code == 0 || (size_t)line < why.line))
		return cw_fail_at(err, CW_ESYNTAX, (size_t)line, 0, path, "expected KEY = VALUE");
	if (why.code != 0)
		*err = why;
	return why.code;
}

/* ---- files ---- */

static int
is_conf(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return entry->d_name[0] != '.' && n > 5 && strcmp(entry->d_name + n - 5, ".conf") == 0;
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
read_folder(struct reading *r, struct cw_buf *bytes, const char *folder)
{
	struct dirent **entry = NULL;
	int n = scandir(folder, &entry, is_conf, by_name), rc = CW_OK;

	if (n < 0 && errno != ENOENT)
		return cw_fail_at(r->err, CW_EIO, 0, 0, folder, "%s", strerror(errno));
	for (int i = 0; i < n; i++) {
		if (rc == CW_OK)
			rc = read_file(
			    r, bytes, cw_fmt(r->arena, "%s/%s", folder, entry[i]->d_name).s);
		free(entry[i]);
	}
	free(entry);
	return rc;
}

int
conf_read(struct conf_section **out, struct cw_arena *arena, struct cw_buf *bytes, const char *path,
    struct cw_err *err)
{
	struct reading r = { .arena = arena, .err = err };
	const char *slash = strrchr(path, '/');
	int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
	int rc;

	bytes->max = MOST_FILES;
	rc = read_file(&r, bytes, path);
	if (rc == CW_OK)
		rc = read_folder(&r, bytes, cw_fmt(arena, "%.*sconf.d", folder, path).s);
	*out = r.first;
	return rc;
}
