#include "fhir/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

CW_PRINTF(6, 0)
static void
set_error(struct cw_err *err, int code, size_t line, size_t column, const char *path,
    const char *fmt, va_list ap)
{
	if (err == NULL || err->code != CW_OK)
		return;
	err->code = code;
	err->line = line;
	err->column = column;
	if (snprintf(err->path, sizeof(err->path), "%s", path == NULL ? "" : path) >=
	    (int)sizeof(err->path))
		memcpy(err->path + sizeof(err->path) - 4, "...", 4);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
}

int
cw_fail(struct cw_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_error(err, code, 0, 0, NULL, fmt, ap);
	va_end(ap);
	return code;
}

int
cw_fail_at(struct cw_err *err, int code, size_t line, size_t column, const char *path,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_error(err, code, line, column, path, fmt, ap);
	va_end(ap);
	return code;
}

struct cw_str
cw_str(const char *s)
{
	return (struct cw_str){ s, s == NULL ? 0 : strlen(s) };
}

bool
cw_str_eq(struct cw_str a, struct cw_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

bool
cw_str_is(struct cw_str a, const char *b)
{
	return cw_str_eq(a, cw_str(b));
}

bool
cw_str_starts(struct cw_str a, struct cw_str prefix)
{
	return a.n >= prefix.n && (prefix.n == 0 || memcmp(a.s, prefix.s, prefix.n) == 0);
}

int
cw_str_cmp(struct cw_str a, struct cw_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.s, b.s, n);

	if (c != 0)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 29;
	return h;
}

uint64_t
cw_hash(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ n;
	uint64_t word;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&word, p, 8);
		h = mix(h ^ word) + UINT64_C(0x9e3779b97f4a7c15);
	}
	if (n > 0) {
		word = 0;
		memcpy(&word, p, n);
		h = mix(h ^ word);
	}
	return mix(h);
}

static void *
or_abort(void *p, size_t n)
{
	if (p == NULL && n != 0) {
		fputs("cordwatch: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *
cw_malloc(size_t n)
{
	return or_abort(malloc(n == 0 ? 1 : n), 1);
}

void *
cw_calloc(size_t n, size_t size)
{
	return or_abort(calloc(n == 0 ? 1 : n, size == 0 ? 1 : size), 1);
}

void *
cw_realloc(void *p, size_t n)
{
	return or_abort(realloc(p, n == 0 ? 1 : n), 1);
}

char *
cw_strdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(cw_malloc(n), s, n);
}

/* Blocks form a list, newest first; the newest serves until it is full. */
struct block {
	struct block *older;
	size_t size, used;
	_Alignas(16) unsigned char bytes[];
};

struct cw_arena {
	struct block *newest;
	size_t max, used;
	bool full;
};

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct cw_arena *
cw_arena_new(size_t max)
{
	struct cw_arena *a = cw_calloc(1, sizeof(*a));

	a->max = max == 0 ? SIZE_MAX : max;
	return a;
}

static void
free_blocks(struct block *b)
{
	while (b != NULL) {
		struct block *older = b->older;

		free(b);
		b = older;
	}
}

void
cw_arena_free(struct cw_arena *a)
{
	if (a == NULL)
		return;
	free_blocks(a->newest);
	free(a);
}

void
cw_arena_reset(struct cw_arena *a)
{
	if (a->newest != NULL) {
		free_blocks(a->newest->older);
		a->newest->older = NULL;
		a->newest->used = 0;
		if (a->newest->size > LARGEST_BLOCK) {
			free(a->newest);
			a->newest = NULL;
		}
	}
	a->used = 0;
	a->full = false;
}

static void
add_block(struct cw_arena *a, size_t n)
{
	size_t size = a->newest == NULL ? FIRST_BLOCK : a->newest->size * 2;
	struct block *b;

	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	if (size < n)
		size = n;
	b = cw_malloc(sizeof(*b) + size);
	b->older = a->newest;
	b->size = size;
	b->used = 0;
	a->newest = b;
}

void *
cw_alloc_raw(struct cw_arena *a, size_t n)
{
	size_t rounded = (n + 15) & ~(size_t)15;
	void *p;

	if (a->full || rounded < n || rounded > a->max - a->used) {
		a->full = true;
		return NULL;
	}
	if (a->newest == NULL || rounded > a->newest->size - a->newest->used)
		add_block(a, rounded);
	p = a->newest->bytes + a->newest->used;
	a->newest->used += rounded;
	a->used += rounded;
	return p;
}

void *
cw_alloc(struct cw_arena *a, size_t n)
{
	void *p = cw_alloc_raw(a, n);

	return p == NULL ? NULL : memset(p, 0, n);
}

bool
cw_arena_full(const struct cw_arena *a)
{
	return a->full;
}

size_t
cw_arena_used(const struct cw_arena *a)
{
	return a->used;
}

struct cw_str
cw_str_dup(struct cw_arena *a, struct cw_str s)
{
	char *p;

	if (s.s == NULL)
		return s;
	p = cw_alloc_raw(a, s.n + 1);
	if (p == NULL)
		return (struct cw_str){ NULL, 0 };
	if (s.n > 0)
		memcpy(p, s.s, s.n);
	p[s.n] = '\0';
	return (struct cw_str){ p, s.n };
}

struct cw_str
cw_fmt(struct cw_arena *a, const char *fmt, ...)
{
	va_list ap, again;
	int n;
	char *p;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = n < 0 ? NULL : cw_alloc_raw(a, (size_t)n + 1);
	if (p != NULL)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct cw_str){ p, p == NULL ? 0 : (size_t)n };
}

void
cw_buf_init(struct cw_buf *b, size_t max)
{
	*b = (struct cw_buf){ .max = max == 0 ? SIZE_MAX - 1 : max };
}

void
cw_buf_fini(struct cw_buf *b)
{
	free(b->s);
	cw_buf_init(b, b->max);
}

void
cw_buf_clear(struct cw_buf *b)
{
	b->n = 0;
	b->over = false;
	if (b->s != NULL)
		b->s[0] = '\0';
}

/* Room for n more bytes and a NUL; false when the maximum would be passed. */
static bool
reserve(struct cw_buf *b, size_t n)
{
	size_t cap = b->cap == 0 ? 64 : b->cap;

	if (b->over || n > b->max - b->n) {
		b->over = true;
		return false;
	}
	if (b->n + n + 1 <= b->cap)
		return true;
	while (cap < b->n + n + 1)
		cap = cap > SIZE_MAX / 2 ? b->n + n + 1 : cap * 2;
	b->s = cw_realloc(b->s, cap);
	b->cap = cap;
	return true;
}

void
cw_buf_add(struct cw_buf *b, const void *bytes, size_t n)
{
	if (!reserve(b, n))
		return;
	if (n > 0)
		memcpy(b->s + b->n, bytes, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void
cw_buf_str(struct cw_buf *b, struct cw_str s)
{
	cw_buf_add(b, s.s, s.n);
}

/* The bytes at the start of s that must not reach a terminal; 0: none. */
static size_t
steering(struct cw_str s)
{
	const unsigned char *p = (const unsigned char *)s.s;

	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (s.n >= 2 && p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
		return 2;
	if (s.n >= 3 && p[0] == 0xe2 &&
	    ((p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae) ||
		(p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)))
		return 3;
	return 0;
}

void
cw_buf_plain(struct cw_buf *b, struct cw_str s)
{
	size_t n;

	for (size_t i = 0; i < s.n; i += n == 0 ? 1 : n) {
		n = steering((struct cw_str){ s.s + i, s.n - i });
		cw_buf_putc(b, n == 0 ? s.s[i] : ' ');
	}
}

void
cw_buf_puts(struct cw_buf *b, const char *s)
{
	cw_buf_add(b, s, strlen(s));
}

void
cw_buf_putc(struct cw_buf *b, char c)
{
	cw_buf_add(b, &c, 1);
}

void
cw_buf_printf(struct cw_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n >= 0 && reserve(b, (size_t)n)) {
		vsnprintf(b->s + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

/* Open addressing over an array in insertion order; slots hold index + 1. */
struct cw_map {
	struct entry {
		struct cw_str key;
		uint64_t hash;
		void *value;
	} * entries;
	uint32_t *slots;
	size_t n, cap, mask;
};

struct cw_map *
cw_map_new(void)
{
	return cw_calloc(1, sizeof(struct cw_map));
}

void
cw_map_free(struct cw_map *m)
{
	if (m == NULL)
		return;
	free(m->entries);
	free(m->slots);
	free(m);
}

/* The slot of key, or the empty slot where it belongs. */
static size_t
find_slot(const struct cw_map *m, struct cw_str key, uint64_t hash)
{
	size_t i = hash & m->mask;

	while (m->slots[i] != 0) {
		const struct entry *e = &m->entries[m->slots[i] - 1];

		if (e->hash == hash && cw_str_eq(e->key, key))
			break;
		i = (i + 1) & m->mask;
	}
	return i;
}

void *
cw_map_get(const struct cw_map *m, struct cw_str key)
{
	size_t slot;

	if (m->n == 0)
		return NULL;
	slot = find_slot(m, key, cw_hash(key.s, key.n));
	return m->slots[slot] == 0 ? NULL : m->entries[m->slots[slot] - 1].value;
}

static void
grow(struct cw_map *m)
{
	m->cap = m->cap == 0 ? 8 : m->cap * 2;
	m->mask = m->cap * 2 - 1;
	m->entries = cw_realloc(m->entries, m->cap * sizeof(*m->entries));
	free(m->slots);
	m->slots = cw_calloc(m->cap * 2, sizeof(*m->slots));
	for (size_t i = 0; i < m->n; i++)
		m->slots[find_slot(m, m->entries[i].key, m->entries[i].hash)] = (uint32_t)(i + 1);
}

void *
cw_map_put(struct cw_map *m, struct cw_str key, void *value)
{
	uint64_t hash = cw_hash(key.s, key.n);
	size_t slot;

	if (m->n == m->cap)
		grow(m);
	slot = find_slot(m, key, hash);
	if (m->slots[slot] != 0) {
		void *former = m->entries[m->slots[slot] - 1].value;

		m->entries[m->slots[slot] - 1].value = value;
		return former;
	}
	m->entries[m->n] = (struct entry){ key, hash, value };
	m->slots[slot] = (uint32_t)++m->n;
	return NULL;
}

size_t
cw_map_count(const struct cw_map *m)
{
	return m->n;
}

void *
cw_map_at(const struct cw_map *m, size_t i, struct cw_str *key)
{
	if (key != NULL)
		*key = m->entries[i].key;
	return m->entries[i].value;
}
