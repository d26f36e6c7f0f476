#include "mappings/version.h"
#include "fhir/time.h"

#include <stdlib.h>
#include <string.h>

bool
map_version_number(uint64_t *out, struct cw_str text)
{
	if (text.n > 4 && memcmp(text.s, "W/\"", 3) == 0 && text.s[text.n - 1] == '"')
		text = (struct cw_str){ text.s + 3, text.n - 4 };
	else if (text.n > 2 && text.s[0] == '"' && text.s[text.n - 1] == '"')
		text = (struct cw_str){ text.s + 1, text.n - 2 };
	*out = 0;
	if (text.n == 0 || text.n > 18)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] < '0' || text.s[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(text.s[i] - '0');
	}
	return true;
}

int64_t
map_version_instant(struct cw_str text)
{
	struct fhir_time t;

	if (text.n == 0 || fhir_time_parse(FHIR_TIME_DATETIME, text, &t, NULL) < 0)
		return MAP_VERSION_NEVER;
	return fhir_time_interval(&t).from;
}

int
map_version_cmp_mixed(const struct map_version *a, const struct map_version *b)
{
	if (a->updated != b->updated)
		return a->updated > b->updated ? 1 : -1;
	return (int)a->withdrawn - (int)b->withdrawn;
}

int
map_version_cmp(const struct map_version *a, const struct map_version *b)
{
	if (a->number != b->number)
		return a->number > b->number ? 1 : -1;
	return map_version_cmp_mixed(a, b);
}

/* The table is cut into parts by eight bits of the hash: each grows alone, so that growing never
 * needs a second table of the whole size. */
struct row {
	uint64_t key;	 /* bits 0-47 of the hash, bits 48-63: digest */
	uint64_t number; /* of the version */
	uint64_t when;	 /* bit 0 there, 1 numbered, 2 withdrawn, 3-63 lastUpdated + OFFSET */
};

enum { PARTS = 256, FIRST_ROWS = 16 };
#define KEY_BITS ((UINT64_C(1) << 48) - 1)
/* Instants of the years -30000 to 40000 fit; 0 and LAST are the two that are none. */
#define OFFSET (INT64_C(1) << 50)
#define LAST ((INT64_C(1) << 52) - 1)

struct map_seen {
	struct part {
		struct row *row;
		uint32_t n, cap;
	} part[PARTS];
};

struct map_seen *
map_seen_new(void)
{
	return cw_calloc(1, sizeof(struct map_seen));
}

void
map_seen_free(struct map_seen *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < PARTS; i++)
		free(s->part[i].row);
	free(s);
}

static struct row
pack(uint64_t key, const struct map_version *v)
{
	int64_t at = v->updated <= -OFFSET ? 0 : v->updated >= OFFSET ? LAST : v->updated + OFFSET;

	return (struct row){
		.key = (key & KEY_BITS) | (uint64_t)v->digest << 48,
		.number = v->number,
		.when = (uint64_t)at << 3 | (uint64_t)v->withdrawn << 2 |
			(uint64_t)v->numbered << 1 | 1,
	};
}

static void
unpack(struct map_version *out, const struct row *row)
{
	int64_t at = (int64_t)(row->when >> 3);

	*out = (struct map_version){
		.numbered = (row->when & 2) != 0,
		.withdrawn = (row->when & 4) != 0,
		.digest = (uint16_t)(row->key >> 48),
		.number = row->number,
		.updated = at == 0	? MAP_VERSION_NEVER
			   : at == LAST ? MAP_VERSION_ALWAYS
					: at - OFFSET,
	};
}

/* The row of the key, or the free one where it belongs; some row is always free. */
static struct row *
find(const struct part *p, uint64_t key, bool numbered)
{
	uint64_t start = (key & KEY_BITS) >> 16; /* 32 bits, spread over the capacity */
	uint32_t i = (uint32_t)(start * p->cap >> 32);

	for (;; i = i + 1 == p->cap ? 0 : i + 1) {
		struct row *row = &p->row[i];

		if ((row->when & 1) == 0 ||
		    (((row->key ^ key) & KEY_BITS) == 0 && (row->when >> 1 & 1) == numbered))
			return row;
	}
}

static void
grow(struct part *p)
{
	struct part larger = { .cap = p->cap == 0 ? FIRST_ROWS : p->cap + p->cap / 4, .n = p->n };

	larger.row = cw_calloc(larger.cap, sizeof(*larger.row));
	for (uint32_t i = 0; i < p->cap; i++) {
		if ((p->row[i].when & 1) != 0)
			*find(&larger, p->row[i].key, (p->row[i].when & 2) != 0) = p->row[i];
	}
	free(p->row);
	*p = larger;
}

void
map_seen_add(struct map_seen *s, uint64_t key, const struct map_version *v)
{
	struct part *p = &s->part[key >> 56];
	struct map_version former;
	struct row *row;
	int c;

	if ((uint64_t)p->n * 8 >= (uint64_t)p->cap * 7)
		grow(p);
	row = find(p, key, v->numbered);
	if ((row->when & 1) == 0) {
		p->n++;
		*row = pack(key, v);
		return;
	}
	unpack(&former, row);
	c = map_version_cmp(v, &former);
	if (c > 0 || (c == 0 && v->digest > former.digest))
		*row = pack(key, v);
}

bool
map_seen_get(struct map_version *out, const struct map_seen *s, uint64_t key, bool numbered)
{
	const struct part *p = &s->part[key >> 56];
	const struct row *row = p->cap == 0 ? NULL : find(p, key, numbered);

	if (row == NULL || (row->when & 1) == 0)
		return false;
	unpack(out, row);
	return true;
}

size_t
map_seen_bytes(const struct map_seen *s)
{
	size_t n = sizeof(*s);

	for (size_t i = 0; i < PARTS; i++)
		n += s->part[i].cap * sizeof(struct row);
	return n;
}
