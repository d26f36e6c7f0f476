#include "mappings/terminology_internal.h"

#include <string.h>

/* Most look-ups find nothing, so one slot (half a cache line holds four of them) has to tell: it
 * keeps 32 bits of the hash, and no more than half of the slots are taken. */
struct slot {
	uint32_t tag, entry; /* entry + 1; 0: free */
};

struct entry {
	struct cw_str key;
	const void *value;
};

struct terms_index {
	uint64_t mask;
	struct slot *slot;
	struct entry *entry;
};

static inline uint64_t
load(const char *s)
{
	uint64_t word;

	memcpy(&word, s, sizeof(word));
	return word;
}

/* Codes and URIs differ in length, at the ends or in the middle; all bytes count up to 24. */
static inline uint64_t
hash_of(struct cw_str s)
{
	uint64_t a = s.n, b = 0;

	if (s.n >= 8) {
		a += load(s.s) * UINT64_C(0x9e3779b97f4a7c15);
		b = load(s.s + s.n - 8);
		if (s.n > 16)
			a ^= load(s.s + s.n / 2 - 4) * UINT64_C(0xc2b2ae3d27d4eb4f);
	} else {
		for (size_t i = 0; i < s.n; i++)
			b = b << 8 | (unsigned char)s.s[i];
	}
	a = (a ^ (a >> 29) ^ b) * UINT64_C(0xbf58476d1ce4e5b9);
	a = (a ^ (a >> 32)) * UINT64_C(0x94d049bb133111eb);
	return a ^ (a >> 31);
}

const struct terms_index *
terms_index_make(struct cw_arena *mem, const struct cw_map *map)
{
	struct terms_index *x = cw_alloc(mem, sizeof(*x));
	size_t n = cw_map_count(map), room = 4;

	while (room < 2 * n)
		room *= 2;
	x->mask = room - 1;
	x->slot = cw_alloc(mem, room * sizeof(*x->slot));
	x->entry = cw_alloc(mem, (n + 1) * sizeof(*x->entry));
	for (size_t i = 0; i < n; i++) {
		struct entry *e = &x->entry[i];
		uint64_t hash, at;

		e->value = cw_map_at(map, i, &e->key);
		hash = hash_of(e->key);
		for (at = hash & x->mask; x->slot[at].entry != 0; at = (at + 1) & x->mask)
			continue;
		x->slot[at] = (struct slot){ (uint32_t)(hash >> 32), (uint32_t)i + 1 };
	}
	return x;
}

const void *
terms_index_get(const struct terms_index *x, struct cw_str key)
{
	uint64_t hash = hash_of(key);
	uint32_t tag = (uint32_t)(hash >> 32);

	for (uint64_t at = hash & x->mask; x->slot[at].entry != 0; at = (at + 1) & x->mask) {
		const struct entry *e = &x->entry[x->slot[at].entry - 1];

		if (x->slot[at].tag == tag && cw_str_eq(e->key, key))
			return e->value;
	}
	return NULL;
}
