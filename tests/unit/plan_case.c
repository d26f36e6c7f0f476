#include "tests/unit/plan_case.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
path_of(char *out, size_t size, const char *path)
{
	const char *top = getenv("top_srcdir");

	snprintf(out, size, "%s/%s", top == NULL ? "." : top, path);
}

char *
case_read(const char *path)
{
	char name[1000], *text;
	FILE *f;
	long n;

	path_of(name, sizeof(name), path);
	f = fopen(name, "rb");
	ck_assert_msg(f != NULL, "cannot read %s", name);
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	text = cw_calloc(1, (size_t)n + 1);
	ck_assert_uint_eq(fread(text, 1, (size_t)n, f), (size_t)n);
	fclose(f);
	return text;
}

static struct case_file *
find(struct plan_case *c, const char *name)
{
	for (size_t i = 0; i < c->files; i++) {
		if (strcmp(c->file[i].name, name) == 0)
			return &c->file[i];
	}
	return NULL;
}

static struct case_file *
add(struct plan_case *c, const char *name, char *text)
{
	struct case_file *f = &c->file[c->files++];

	ck_assert_uint_le(c->files, CASE_FILES);
	snprintf(f->name, sizeof(f->name), "%s", name);
	f->text = text;
	return f;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct case_file *)a)->name, ((const struct case_file *)b)->name);
}

void
case_begin(struct plan_case *c, const char *folder)
{
	char path[1000];
	struct dirent *e;
	DIR *d;

	memset(c, 0, sizeof(*c));
	path_of(path, sizeof(path), folder);
	d = opendir(path);
	ck_assert_msg(d != NULL, "no folder %s", path);
	while ((e = readdir(d)) != NULL) {
		if (strstr(e->d_name, ".json") == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		add(c, e->d_name, case_read(path));
	}
	closedir(d);
	qsort(c->file, c->files, sizeof(c->file[0]), by_name);
}

static void
replace(struct case_file *f, const char *from, const char *to)
{
	char *at = strstr(f->text, from);
	struct cw_buf b;

	ck_assert_msg(at != NULL, "%s: no \"%s\"", f->name, from);
	cw_buf_init(&b, 0);
	cw_buf_add(&b, f->text, (size_t)(at - f->text));
	cw_buf_puts(&b, to);
	cw_buf_puts(&b, at + strlen(from));
	free(f->text);
	f->text = b.s;
}

void
case_edit(struct plan_case *c, const char *name, const char *from, const char *to)
{
	struct case_file *f = find(c, name);

	ck_assert_msg(f != NULL, "no file %s", name);
	replace(f, from, to);
}

static void
expect(struct plan_case *c, const char *word, const char *rest)
{
	if (strcmp(word, "code") == 0)
		snprintf(c->code, sizeof(c->code), "%s", rest);
	else if (strcmp(word, "says") == 0)
		snprintf(c->says, sizeof(c->says), "%s", rest);
	else if (strcmp(word, "at") == 0)
		snprintf(c->at, sizeof(c->at), "%s", rest);
	else if (strcmp(word, "remark") == 0)
		snprintf(c->remark[c->remarks++], sizeof(c->remark[0]), "%s", rest);
	else
		ck_abort_msg("a case file does not know \"%s\"", word);
}

/* One line; file and from carry over. */
static void
alter(struct plan_case *c, const char *word, const char *rest, struct case_file **file,
    const char **from)
{
	if (strcmp(word, "file") == 0) {
		*file = find(c, rest);
		ck_assert_msg(*file != NULL, "no file %s", rest);
	} else if (strcmp(word, "from") == 0) {
		*from = rest;
	} else if (strcmp(word, "to") == 0) {
		replace(*file, *from, rest);
	} else if (strcmp(word, "copy") == 0) {
		*file = add(c, rest, cw_strdup((*file)->text));
	} else if (strcmp(word, "whole") == 0) {
		free((*file)->text);
		(*file)->text = cw_strdup(rest);
	} else if (strcmp(word, "drop") == 0) {
		free((*file)->text);
		(*file)->text = NULL;
	} else {
		expect(c, word, rest);
	}
}

void
case_alter(struct plan_case *c, const char *path)
{
	char *text = case_read(path), *next = text;
	struct case_file *file = NULL;
	const char *from = "";

	for (char *line = text; line != NULL; line = next) {
		char *rest;

		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		rest = strchr(line, ' ');
		if (rest != NULL)
			*rest++ = '\0';
		alter(c, line, rest == NULL ? "" : rest, &file, &from);
	}
	free(text);
}

static int
load_files(struct plan_case *c)
{
	struct case_file *names = find(c, "package.json");
	int rc;

	c->package = map_package_new();
	ck_assert_ptr_nonnull(names);
	rc = map_package_open(c->package, CW_STR("test"),
	    names->text == NULL ? CW_STR("{}") : cw_str(names->text), &c->err);
	for (size_t i = 0; i < c->files && rc == 0; i++) {
		if (&c->file[i] == names || c->file[i].text == NULL)
			continue;
		rc = map_package_add(
		    c->package, cw_str(c->file[i].name), cw_str(c->file[i].text), &c->err);
	}
	return rc;
}

void
case_load(struct plan_case *c)
{
	c->rc = load_files(c);
	if (c->rc == 0)
		c->rc = map_terminology_new(&c->terms, c->package, &c->err);
	if (c->rc == 0)
		c->rc = map_plan_new(&c->plan, c->package, c->terms, &c->err);
}

void
case_end(struct plan_case *c)
{
	map_plan_free(c->plan);
	map_terminology_free(c->terms);
	map_package_free(c->package);
	for (size_t i = 0; i < c->files; i++)
		free(c->file[i].text);
}

const char *
case_code(int code)
{
	static const struct {
		int code;
		const char *name;
	} names[] = { { CW_ESYNTAX, "ESYNTAX" }, { CW_EVALUE, "EVALUE" }, { CW_ETYPE, "ETYPE" },
		{ CW_ELIMIT, "ELIMIT" }, { CW_ENOTFOUND, "ENOTFOUND" },
		{ CW_EUNSUPPORTED, "EUNSUPPORTED" }, { CW_EUSAGE, "EUSAGE" }, { CW_EIO, "EIO" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].code == code)
			return names[i].name;
	}
	return "";
}
