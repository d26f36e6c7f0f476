/* path_fn_string: functions on strings (FHIRPath N1 5.6). Positions and lengths count characters
 * (Unicode code points), not bytes. */
#include "fhir/path_fn.h"

#include <string.h>

/* Byte offset of the first, or last, place of needle; -1: none. */
static ptrdiff_t
find(struct cw_str hay, struct cw_str needle, size_t from)
{
	if (needle.n == 0)
		return (ptrdiff_t)from;
	for (size_t i = from; needle.n <= hay.n && i <= hay.n - needle.n; i++) {
		const char *p = memchr(hay.s + i, needle.s[0], hay.n - needle.n - i + 1);

		if (!p)
			return -1;
		i = (size_t)(p - hay.s);
		if (memcmp(p, needle.s, needle.n) == 0)
			return (ptrdiff_t)i;
	}
	return -1;
}

static ptrdiff_t
find_last(struct cw_str hay, struct cw_str needle)
{
	for (size_t i = hay.n + 1; needle.n <= hay.n && i-- > 0;) {
		if (i + needle.n <= hay.n && memcmp(hay.s + i, needle.s, needle.n) == 0)
			return (ptrdiff_t)i;
	}
	return -1;
}

static int
emit_place(struct path_call *c, ptrdiff_t at)
{
	struct cw_str before = { c->one->s, at < 0 ? 0 : (size_t)at };

	return path_emit_integer(c, at < 0 ? -1 : (int64_t)path_utf8_count(before));
}

static int
run_index_of(struct path_call *c)
{
	return emit_place(c, find(path_text(c->one), path_text(c->value[0]), 0));
}

static int
run_last_index_of(struct path_call *c)
{
	return emit_place(c, find_last(path_text(c->one), path_text(c->value[0])));
}

static int
run_contains(struct path_call *c)
{
	return path_emit_boolean(c, find(path_text(c->one), path_text(c->value[0]), 0) >= 0);
}

static int
run_starts_with(struct path_call *c)
{
	return path_emit_boolean(c, cw_str_starts(path_text(c->one), path_text(c->value[0])));
}

static int
run_ends_with(struct path_call *c)
{
	struct cw_str s = path_text(c->one), end = path_text(c->value[0]);

	return path_emit_boolean(c, end.n <= s.n && memcmp(s.s + s.n - end.n, end.s, end.n) == 0);
}

static int
run_length(struct path_call *c)
{
	return path_emit_integer(c, (int64_t)path_utf8_count(path_text(c->one)));
}

static int
run_substring(struct path_call *c)
{
	struct cw_str s = path_text(c->one);
	size_t from, to = s.n;

	if (!c->value[0] || c->value[0]->i < 0)
		return 0;
	from = path_utf8_offset(s, (size_t)c->value[0]->i);
	if (from >= s.n)
		return 0;
	if (c->args > 1 && c->value[1]) {
		int64_t length = c->value[1]->i < 0 ? 0 : c->value[1]->i;
		struct cw_str rest = { s.s + from, s.n - from };

		to = from + path_utf8_offset(rest, (size_t)length);
	}
	return path_emit_string(c, (struct cw_str){ s.s + from, to - from });
}

static int
run_replace(struct path_call *c)
{
	struct cw_str s = path_text(c->one), what = path_text(c->value[0]);
	struct cw_str by = path_text(c->value[1]);
	struct cw_buf b;
	size_t at = 0;

	cw_buf_init(&b, UINT32_MAX / 8);
	while (at < s.n || (what.n == 0 && at == s.n)) {
		ptrdiff_t hit = find(s, what, at);
		size_t step;

		if (hit < 0)
			break;
		cw_buf_add(&b, s.s + at, (size_t)hit - at);
		cw_buf_str(&b, by);
		at = (size_t)hit + what.n;
		if (what.n == 0) {
			if (at == s.n)
				break;
			step = path_utf8_len(s.s + at, s.n - at);
			cw_buf_add(&b, s.s + at, step);
			at += step;
		}
	}
	if (at < s.n)
		cw_buf_add(&b, s.s + at, s.n - at);
	return path_emit_buf(c, &b);
}

static int
run_to_chars(struct path_call *c)
{
	struct cw_str s = path_text(c->one);

	for (size_t i = 0; i < s.n;) {
		size_t n = path_utf8_len(s.s + i, s.n - i);
		int r = path_emit_string(c, (struct cw_str){ s.s + i, n });

		if (r)
			return r;
		i += n;
	}
	return 0;
}

static bool
is_space(char ch)
{
	return ch == ' ' || (ch >= '\t' && ch <= '\r');
}

static int
run_trim(struct path_call *c)
{
	struct cw_str s = path_text(c->one);

	while (s.n && is_space(s.s[0])) {
		s.s++;
		s.n--;
	}
	while (s.n && is_space(s.s[s.n - 1]))
		s.n--;
	return path_emit_string(c, s);
}

static int
run_split(struct path_call *c)
{
	struct cw_str s = path_text(c->one), by = path_text(c->value[0]);
	size_t at = 0;

	if (by.n == 0)
		return run_to_chars(c);
	for (;;) {
		ptrdiff_t hit = find(s, by, at);
		size_t end = hit < 0 ? s.n : (size_t)hit;
		int r = path_emit_string(c, (struct cw_str){ s.s + at, end - at });

		if (r || hit < 0)
			return r;
		at = end + by.n;
	}
}

static int
run_join(struct path_call *c)
{
	struct cw_str by = c->args && c->value[0] ? path_text(c->value[0]) : CW_STR("");
	struct cw_buf b;

	if (c->in->n == 0)
		return 0;
	cw_buf_init(&b, UINT32_MAX / 8);
	for (uint32_t i = 0; i < c->in->n; i++) {
		struct fhir_item v;

		if (!path_value(c->x, &c->in->item[i], &v) || v.kind != FHIR_ITEM_STRING) {
			cw_buf_fini(&b);
			return path_fail(c, CW_ETYPE, "join() needs strings");
		}
		if (i)
			cw_buf_str(&b, by);
		cw_buf_str(&b, path_text(&v));
	}
	return path_emit_buf(c, &b);
}

/* The other case of a two-byte letter of Latin-1, Latin Extended-A, Greek or Cyrillic. Letters
 * whose other case is longer or depends on language stay as they are. */
static unsigned
fold(unsigned u, bool upper)
{
	if (u >= 0xe0 && u <= 0xfe && u != 0xf7)
		return upper ? u - 32 : u;
	if (u >= 0xc0 && u <= 0xde && u != 0xd7)
		return upper ? u : u + 32;
	if ((u >= 0x100 && u <= 0x12f) || (u >= 0x14a && u <= 0x177))
		return upper ? u & ~1u : u | 1;
	if ((u >= 0x391 && u <= 0x3a9 && u != 0x3a2) || (u >= 0x410 && u <= 0x42f))
		return upper ? u : u + 32;
	if ((u >= 0x3b1 && u <= 0x3c9 && u != 0x3c2) || (u >= 0x430 && u <= 0x44f))
		return upper ? u - 32 : u;
	if (u >= 0x400 && u <= 0x40f)
		return upper ? u : u + 80;
	if (u >= 0x450 && u <= 0x45f)
		return upper ? u - 80 : u;
	return u;
}

static int
fold_all(struct path_call *c, bool upper)
{
	struct cw_str s = path_text(c->one);
	unsigned char *p = cw_alloc_raw(c->x->arena, s.n + 1);

	if (!p)
		return path_fail(c, CW_ELIMIT, "the result is too large");
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.s[i];

		if (upper ? ch >= 'a' && ch <= 'z' : ch >= 'A' && ch <= 'Z')
			ch ^= 0x20;
		p[i] = ch;
		if (ch >= 0xc2 && ch < 0xe0 && i + 1 < s.n) {
			unsigned low = (unsigned char)s.s[++i] & 0x3f;
			unsigned u = fold((ch & 0x1fu) << 6 | low, upper);

			p[i - 1] = (unsigned char)(0xc0 | u >> 6);
			p[i] = (unsigned char)(0x80 | (u & 0x3f));
		}
	}
	return path_emit_string(c, (struct cw_str){ (const char *)p, s.n });
}

static int
run_upper(struct path_call *c)
{
	return fold_all(c, true);
}

static int
run_lower(struct path_call *c)
{
	return fold_all(c, false);
}

#define PLAIN(NAME, RESULT, FLAGS, RUN)                                                            \
	{                                                                                          \
		.name = NAME, .in = PATH_STRING, .result = RESULT, .flags = FLAGS, .run = RUN      \
	}
#define WITH_TEXT(NAME, RESULT, FLAGS, RUN)                                                        \
	{                                                                                          \
		.name = NAME, .least = 1, .most = 1, .in = PATH_STRING, .arg = { PATH_STRING },    \
		.result = RESULT, .flags = FLAGS, .run = RUN                                       \
	}

const struct path_fn path_fn_string[] = {
	WITH_TEXT("indexOf", FHIR_ITEM_INTEGER, PATH_FN_ONE, run_index_of),
	WITH_TEXT("lastIndexOf", FHIR_ITEM_INTEGER, PATH_FN_ONE, run_last_index_of),
	WITH_TEXT("contains", FHIR_ITEM_BOOLEAN, PATH_FN_ONE, run_contains),
	WITH_TEXT("startsWith", FHIR_ITEM_BOOLEAN, PATH_FN_ONE, run_starts_with),
	WITH_TEXT("endsWith", FHIR_ITEM_BOOLEAN, PATH_FN_ONE, run_ends_with),
	WITH_TEXT("split", FHIR_ITEM_STRING, 0, run_split),
	PLAIN("length", FHIR_ITEM_INTEGER, PATH_FN_ONE, run_length),
	PLAIN("upper", FHIR_ITEM_STRING, PATH_FN_ONE, run_upper),
	PLAIN("lower", FHIR_ITEM_STRING, PATH_FN_ONE, run_lower),
	PLAIN("trim", FHIR_ITEM_STRING, PATH_FN_ONE, run_trim),
	PLAIN("toChars", FHIR_ITEM_STRING, 0, run_to_chars),
	{ .name = "substring",
	    .least = 1,
	    .most = 2,
	    .in = PATH_STRING,
	    .arg = { PATH_INTEGER, PATH_INTEGER },
	    .result = FHIR_ITEM_STRING,
	    .flags = PATH_FN_ONE | PATH_FN_EMPTY_ARG,
	    .run = run_substring },
	{ .name = "replace",
	    .least = 2,
	    .most = 2,
	    .in = PATH_STRING,
	    .arg = { PATH_STRING, PATH_STRING },
	    .result = FHIR_ITEM_STRING,
	    .flags = PATH_FN_ONE,
	    .run = run_replace },
	{ .name = "join",
	    .least = 0,
	    .most = 1,
	    .in = PATH_ANY,
	    .arg = { PATH_STRING },
	    .result = FHIR_ITEM_STRING,
	    .flags = PATH_FN_ONE | PATH_FN_EMPTY_ARG,
	    .run = run_join },
	{ .name = NULL },
};
