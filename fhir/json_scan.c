#include "fhir/json_core.h"

enum {
	FEW_KEYS = 24,	 /* an object with more gets a hash table */
	MOST_STEPS = 256 /* in the hash table; only keys made to collide need more */
};

static const size_t BYTES = (size_t)512 << 20, ELEMENTS = 20000000;

void
fhir_json_scan_init(struct fhir_json_scan *sc, struct cw_str text, struct cw_arena *mem,
    const struct fhir_json_limits *limits)
{
	size_t bytes = limits == NULL || limits->bytes == 0 ? BYTES : limits->bytes;

	memset(sc, 0, offsetof(struct fhir_json_scan, level));
	if (text.s == NULL)
		text.s = "";
	sc->text = text;
	sc->p = text.s;
	sc->end = text.s + text.n;
	sc->mem = mem;
	sc->left = limits == NULL || limits->elements == 0 ? ELEMENTS : limits->elements;
	sc->keys = sc->few;
	sc->room = sizeof(sc->few) / sizeof(sc->few[0]);
	if (text.n > bytes || text.n >= UINT32_MAX)
		fhir_json_stop(sc, CW_ELIMIT, text.s, text.s, "the text is larger than allowed");
	else if (text.n >= 3 && memcmp(text.s, "\xef\xbb\xbf", 3) == 0)
		sc->p += 3;
}

int
fhir_json_next(struct fhir_json_scan *sc, struct cw_err *err)
{
	const char *p;
	int event = FHIR_JSON_END;

	if (unlikely(sc->fault != NULL))
		return fhir_json_report(sc, err);
	p = step(sc, sc->p, &event);
	if (unlikely(p == NULL))
		return fhir_json_report(sc, err);
	sc->p = p;
	return event;
}

int
fhir_json_skip(struct fhir_json_scan *sc, struct cw_err *err)
{
	const char *start = sc->p - 1, *p = sc->p;
	struct cw_str key = sc->key;
	uint32_t outer = sc->depth - 1;
	int event;

	if (unlikely(sc->fault != NULL))
		return fhir_json_report(sc, err);
	do {
		p = step(sc, p, &event);
		if (unlikely(p == NULL))
			return fhir_json_report(sc, err);
	} while (sc->depth != outer);
	sc->p = p;
	sc->key = key;
	sc->value = (struct cw_str){ start, (size_t)(p - start) };
	sc->escaped = false;
	return 0;
}

int
fhir_json_valid(struct cw_str text, struct cw_arena *mem, const struct fhir_json_limits *limits,
    struct cw_err *err)
{
	struct fhir_json_scan sc;
	int rc;

	fhir_json_scan_init(&sc, text, mem, limits);
	rc = fhir_json_next(&sc, err);
	if (rc == FHIR_JSON_OBJECT || rc == FHIR_JSON_ARRAY)
		rc = fhir_json_skip(&sc, err);
	if (rc >= 0)
		rc = fhir_json_next(&sc, err);
	return rc;
}

const char *
fhir_json_outside(struct fhir_json_scan *sc, const char *p, int *event)
{
	if (!sc->begun) {
		if (p == sc->end)
			return fhir_json_bad(sc, p, "there is no JSON value");
		sc->begun = true;
		return any_value(sc, p, sc->end, event);
	}
	if (p != sc->end)
		return fhir_json_bad(sc, p, "something follows the end of the value");
	*event = FHIR_JSON_END;
	return p;
}

const char *
fhir_json_string_end(struct fhir_json_scan *sc, const char *p)
{
	const char *end = sc->end;

	for (;;) {
		while (end - p >= STRIDE) {
			unsigned m = special(p);

			if (m != 0) {
				p += __builtin_ctz(m);
				break;
			}
			p += STRIDE;
		}
		if (p == end)
			return fhir_json_bad(sc, p, "the text ends within a string");
		if (*p == '"')
			return p;
		if (*p == '\\' && end - p >= 2 && fhir_json_escapes[(unsigned char)p[1]] != 0) {
			sc->escaped = true;
			p += 2;
		} else if (*p == '\\' || (unsigned char)*p >= 0x80)
			p = fhir_json_special(sc, p);
		else if ((unsigned char)*p < 0x20)
			return fhir_json_bad(sc, p,
			    *p == '\0' ? "NUL character in a string"
				       : "control character in a string");
		else
			p++;
		if (p == NULL)
			return NULL;
	}
}

static const char *
digits(struct fhir_json_scan *sc, const char *p)
{
	if (p == sc->end || *p < '0' || *p > '9')
		return fhir_json_bad(sc, p, "a digit must stand here");
	while (p < sc->end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static const char *
number(struct fhir_json_scan *sc, const char *p)
{
	if (*p == '-')
		p++;
	if (sc->end - p >= 2 && p[0] == '0' && p[1] >= '0' && p[1] <= '9')
		return fhir_json_bad(sc, p, "a number cannot begin with 0");
	p = digits(sc, p);
	if (p != NULL && p < sc->end && *p == '.')
		p = digits(sc, p + 1);
	if (p != NULL && p < sc->end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < sc->end && (*p == '+' || *p == '-'))
			p++;
		p = digits(sc, p);
	}
	return p;
}

static const char *
literal(struct fhir_json_scan *sc, const char *p, struct cw_str name)
{
	if ((size_t)(sc->end - p) < name.n || memcmp(p, name.s, name.n) != 0)
		return fhir_json_bad(sc, p, "a value must stand here");
	return p + name.n;
}

const char *
fhir_json_scalar(struct fhir_json_scan *sc, const char *p, int *event)
{
	switch (*p) {
	case 't':
		*event = FHIR_JSON_TRUE;
		return literal(sc, p, CW_STR("true"));
	case 'f':
		*event = FHIR_JSON_FALSE;
		return literal(sc, p, CW_STR("false"));
	case 'n':
		*event = FHIR_JSON_NULL;
		return literal(sc, p, CW_STR("null"));
	default:
		if (*p != '-' && (*p < '0' || *p > '9'))
			return fhir_json_bad(sc, p, "a value must stand here");
		*event = FHIR_JSON_NUMBER;
		return number(sc, p);
	}
}

uint64_t
fhir_json_hash(const char *s, size_t n)
{
	char few[16] = { 0 };
	uint64_t h = n;

	if (n < 16) {
		memcpy(few, s, n);
		return hash16(few, n);
	}
	for (; n > 16; s += 16, n -= 16)
		h = scramble(word(s), word(s + 8), h);
	memcpy(few, s, n);
	return scramble(word(few), word(few + 8), h);
}

bool
fhir_json_more_keys(struct fhir_json_scan *sc)
{
	struct fhir_json_key *more = cw_alloc_raw(sc->mem, sizeof(*more) * 2 * sc->room);

	if (more == NULL)
		return false;
	memcpy(more, sc->keys, sizeof(*more) * sc->nkeys);
	sc->keys = more;
	sc->room *= 2;
	return true;
}

static bool
same(const struct fhir_json_key *k, struct cw_str key, uint32_t hash)
{
	return k->hash == hash && k->n == key.n && memcmp(k->s, key.s, key.n) == 0;
}

/* The slot of the key, or the empty one where it belongs; UINT32_MAX when it takes too long. */
static uint32_t
find_slot(const struct fhir_json_scan *sc, const struct fhir_json_level *level, struct cw_str key,
    uint32_t hash)
{
	uint32_t i = hash & level->mask;

	for (int steps = 0; steps < MOST_STEPS; steps++) {
		if (level->slots[i] == 0 || same(&sc->keys[level->slots[i] - 1], key, hash))
			return i;
		i = (i + 1) & level->mask;
	}
	return UINT32_MAX;
}

/* Enter all the object's keys into a table four times as large as needed. */
static bool
index_keys(struct fhir_json_scan *sc, struct fhir_json_level *level)
{
	uint32_t count = sc->nkeys - level->first, size = 64;

	while (size < count * 4)
		size *= 2;
	if (level->room < size) {
		level->room = 0;
		level->slots = cw_alloc_raw(sc->mem, size * sizeof(*level->slots));
		if (level->slots == NULL)
			return false;
		level->room = size;
	}
	memset(level->slots, 0, size * sizeof(*level->slots));
	memset(level->seen, 0xff, sizeof(level->seen)); /* from now on every key is looked up */
	level->mask = size - 1;
	for (uint32_t i = level->first; i < sc->nkeys; i++) {
		const struct fhir_json_key *k = &sc->keys[i];
		uint32_t slot = find_slot(sc, level, (struct cw_str){ k->s, k->n }, k->hash);

		if (slot == UINT32_MAX)
			return false;
		level->slots[slot] = i + 1;
	}
	return true;
}

static bool
no_room(struct fhir_json_scan *sc)
{
	fhir_json_stop(sc, CW_ELIMIT, sc->p, sc->p, "an object needs more memory than allowed");
	return false;
}

/* In a large object: true when the key was new and is entered. */
static bool
enter_table(
    struct fhir_json_scan *sc, struct fhir_json_level *level, struct cw_str key, uint32_t hash)
{
	uint32_t slot;

	if (sc->nkeys - level->first >= level->mask / 2 && !index_keys(sc, level))
		return no_room(sc);
	slot = find_slot(sc, level, key, hash);
	if (slot == UINT32_MAX)
		return no_room(sc);
	if (level->slots[slot] != 0)
		return false;
	level->slots[slot] = sc->nkeys + 1;
	return true;
}

bool
fhir_json_enter(struct fhir_json_scan *sc, struct cw_str key, uint32_t hash)
{
	struct fhir_json_level *level = &sc->level[sc->depth];

	if (sc->nkeys == sc->room && !fhir_json_more_keys(sc))
		return no_room(sc);
	if (sc->nkeys - level->first > FEW_KEYS) {
		if (!enter_table(sc, level, key, hash))
			return false;
	} else {
		for (uint32_t i = level->first; i < sc->nkeys; i++)
			if (same(&sc->keys[i], key, hash))
				return false;
		/* An equal key would have found its bit set, so only now it is surely new. */
	}
	level->seen[hash >> 24 & 3] |= UINT64_C(1) << (hash >> 26);
	sc->keys[sc->nkeys++] = (struct fhir_json_key){ key.s, (uint32_t)key.n, hash };
	return true;
}
