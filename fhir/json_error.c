/* What is wrong with a text and where. Only the offset is known while scanning; line, column and
 * element path are found afterwards by walking the accepted part again. */
#include "fhir/json_core.h"

#include <stdio.h>

const char *
fhir_json_stop(
    struct fhir_json_scan *sc, int code, const char *at, const char *upto, const char *why)
{
	sc->fault = why;
	sc->fault_at = at;
	sc->fault_upto = upto;
	sc->fault_code = code;
	return NULL;
}

const char *
fhir_json_bad(struct fhir_json_scan *sc, const char *p, const char *why)
{
	return fhir_json_stop(sc, CW_ESYNTAX, p, p, p == sc->end ? "the text ends too early" : why);
}

/* Where a walk over accepted text is. */
struct place {
	struct cw_str type; /* resourceType of the root */
	uint32_t depth;
	struct {
		struct cw_str key; /* of the member at hand; absent before its end */
		size_t index;
		bool array;
	} at[FHIR_JSON_DEPTH + 1];
};

static const char *
after_string(const char *p, const char *upto)
{
	for (p++; p < upto && *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p < upto ? p + 1 : upto + 1;
}

/* A string at p: a key when the object waits for one. */
static const char *
walk_string(struct place *w, const char *p, const char *upto)
{
	const char *q = after_string(p, upto);
	struct cw_str s = { p + 1, (size_t)(q - p) - 2 };

	if (q > upto)
		return upto;
	if (w->depth > 0 && !w->at[w->depth].array && w->at[w->depth].key.s == NULL)
		w->at[w->depth].key = s;
	else if (w->depth == 1 && !w->at[1].array && fhir_json_is(w->at[1].key, "resourceType"))
		w->type = s;
	return q;
}

static void
walk(struct place *w, const char *p, const char *upto)
{
	while (p < upto) {
		if (*p == '"') {
			p = walk_string(w, p, upto);
			continue;
		}
		if ((*p == '{' || *p == '[') && w->depth < FHIR_JSON_DEPTH) {
			w->depth++;
			w->at[w->depth].key = (struct cw_str){ NULL, 0 };
			w->at[w->depth].index = 0;
			w->at[w->depth].array = *p == '[';
		} else if ((*p == '}' || *p == ']') && w->depth > 0) {
			w->depth--;
		} else if (*p == ',' && w->depth > 0) {
			w->at[w->depth].key = (struct cw_str){ NULL, 0 };
			w->at[w->depth].index++;
		}
		p++;
	}
}

/* Names come from outside: nothing but plain characters may reach a terminal. */
static void
add_name(struct cw_buf *path, struct cw_str name)
{
	size_t n = name.n > 64 ? 64 : name.n;

	for (size_t i = 0; i < n; i++)
		cw_buf_putc(path, name.s[i] > 0x20 && name.s[i] < 0x7f ? name.s[i] : '?');
	if (n < name.n)
		cw_buf_puts(path, "...");
}

static void
write_path(struct cw_buf *path, const struct place *w)
{
	add_name(path, w->type);
	for (uint32_t i = 1; i <= w->depth; i++) {
		if (w->at[i].array) {
			cw_buf_printf(path, "[%zu]", w->at[i].index);
		} else if (w->at[i].key.s != NULL) {
			if (path->n > 0)
				cw_buf_putc(path, '.');
			add_name(path, w->at[i].key);
		}
	}
}

int
fhir_json_fail(const struct fhir_json_scan *sc, int code, const char *at, const char *upto,
    const char *why, struct cw_err *err)
{
	const char *line = sc->text.s;
	struct place w = { .depth = 0 };
	struct cw_buf path;
	size_t number = 1;

	if (sc->text.n >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	cw_buf_init(&path, 4096);
	walk(&w, line, upto);
	write_path(&path, &w);
	for (const char *p = line; p < at; p++)
		if (*p == '\n') {
			number++;
			line = p + 1;
		}
	cw_fail_at(err, code, number, (size_t)(at - line) + 1, path.s, "%s", why);
	cw_buf_fini(&path);
	return code;
}

int
fhir_json_report(const struct fhir_json_scan *sc, struct cw_err *err)
{
	return fhir_json_fail(sc, sc->fault_code, sc->fault_at, sc->fault_upto, sc->fault, err);
}
