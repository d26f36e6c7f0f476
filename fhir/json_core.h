/* json_core: the scanner's inner parts, inlined into each of its users (skipping, pulling, building
 * the tree). Private to fhir/json*.c.
 *
 * Functions that scan take the position and return the new one, or NULL after setting sc->fault. */
#ifndef FHIR_JSON_CORE_H
#define FHIR_JSON_CORE_H

#include "fhir/json.h"

#if defined(__SSE2__) && !defined(FHIR_JSON_PORTABLE)
#include <emmintrin.h>
#endif

#define HOT static inline __attribute__((always_inline))
#define COLD __attribute__((noinline, cold))
#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

enum { STRIDE = 16 }; /* bytes looked at together */

/* Note why and where (at, with the path of what was read before upto) the scan stops. NULL. */
const char *fhir_json_stop(
    struct fhir_json_scan *sc, int code, const char *at, const char *upto, const char *why);
/* A CW_ESYNTAX at p. NULL. */
const char *fhir_json_bad(struct fhir_json_scan *sc, const char *p, const char *why);
/* Give the fault that stopped the scan to *err; returns its code. */
int fhir_json_report(const struct fhir_json_scan *sc, struct cw_err *err);
/* Something else is wrong at an accepted position, whose path is that of upto: its code. */
int fhir_json_fail(const struct fhir_json_scan *sc, int code, const char *at, const char *upto,
    const char *why, struct cw_err *err);
/* The character that each letter stands for behind a backslash; 0 for the others. */
extern const char fhir_json_escapes[256];
/* Pass an escape or a run of non-ASCII characters in a string at p. */
const char *fhir_json_special(struct fhir_json_scan *sc, const char *p);
/* Pass a number or a literal at p, or fail; *event tells which. */
const char *fhir_json_scalar(struct fhir_json_scan *sc, const char *p, int *event);
/* The key may be in the object already, or the object is large: look, and enter it. */
bool fhir_json_enter(struct fhir_json_scan *sc, struct cw_str key, uint32_t hash);
/* Make room for more keys; false when the arena is full. */
bool fhir_json_more_keys(struct fhir_json_scan *sc);
/* The rest of a string of any length; the position of its closing quote. */
const char *fhir_json_string_end(struct fhir_json_scan *sc, const char *p);
/* Hash of a key of any length; agrees with hash16. */
uint64_t fhir_json_hash(const char *s, size_t n);
/* What to do outside the root value. */
const char *fhir_json_outside(struct fhir_json_scan *sc, const char *p, int *event);

/* Eight bytes from anywhere. */
HOT uint64_t
word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

#if defined(__SSE2__) && !defined(FHIR_JSON_PORTABLE)
/* One bit for each of 16 bytes, lowest first: set where a string cannot simply go on (a quote, a
 * backslash, a control character, a byte that is not ASCII). */
HOT unsigned
special16(__m128i v)
{
	__m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
	__m128i back = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
	__m128i odd = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20)); /* signed: from 0x80 on, too */

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, back), odd));
}

/* The same for 16 bytes in memory. */
HOT unsigned
special(const char *p)
{
	return special16(_mm_loadu_si128((const __m128i *)(const void *)p));
}

/* One bit for each of 16 bytes: set where it is a backslash. */
HOT unsigned
backslashes(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
}

/* One bit for each of 16 bytes: set where it is not blank. */
HOT unsigned
dark(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i blank = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')),
					 _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'))),
	    _mm_or_si128(
		_mm_cmpeq_epi8(v, _mm_set1_epi8('\t')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'))));

	return (unsigned)_mm_movemask_epi8(blank) ^ 0xffff;
}
#else
static const uint64_t LOW7 = UINT64_C(0x7f7f7f7f7f7f7f7f), ONES = UINT64_C(0x0101010101010101);

/* The high bit of each byte of w that equals c. */
HOT uint64_t
equal8(uint64_t w, unsigned char c)
{
	uint64_t x = w ^ (ONES * c);

	return ~(((x & LOW7) + LOW7) | x | LOW7);
}

/* High bits of eight bytes to eight bits, that of the first byte in memory lowest. */
HOT unsigned
gather8(uint64_t high)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	high = __builtin_bswap64(high);
#endif
	return (unsigned)(((high >> 7) * UINT64_C(0x0102040810204080)) >> 56);
}

/* special() for eight bytes. */
HOT unsigned
special8(const char *p)
{
	uint64_t w = word(p);
	uint64_t odd = (w | ~((w & LOW7) + ONES * 0x60)) & ~LOW7;

	return gather8(odd | equal8(w, '"') | equal8(w, '\\'));
}

/* The same for 16 bytes in memory. */
HOT unsigned
special(const char *p)
{
	return special8(p) | special8(p + 8) << 8;
}

/* The same for 16 bytes: where it is a backslash. */
HOT unsigned
backslashes(const char *p)
{
	return gather8(equal8(word(p), '\\')) | gather8(equal8(word(p + 8), '\\')) << 8;
}

/* dark() for eight bytes. */
HOT unsigned
dark8(const char *p)
{
	uint64_t w = word(p);

	return gather8(equal8(w, ' ') | equal8(w, '\n') | equal8(w, '\t') | equal8(w, '\r')) ^ 0xff;
}

/* One bit for each of 16 bytes: set where it is not blank. */
HOT unsigned
dark(const char *p)
{
	return dark8(p) | dark8(p + 8) << 8;
}
#endif

/* Pass blanks. Compact text has none, indented text a newline and many spaces. */
HOT const char *
blanks(const char *p, const char *end)
{
	if (likely(p<end && * p> ' '))
		return p;
	while (end - p >= STRIDE) {
		unsigned m = dark(p);

		if (m != 0)
			return p + __builtin_ctz(m);
		p += STRIDE;
	}
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* From just behind the opening quote to the closing one; sets sc->escaped on an escape. */
HOT const char *
string_end(struct fhir_json_scan *sc, const char *p, const char *end)
{
	while (likely(end - p >= STRIDE)) {
		unsigned m = special(p);

		if (m != 0) {
			p += __builtin_ctz(m);
			if (likely(*p == '"'))
				return p;
			return fhir_json_string_end(sc, p);
		}
		p += STRIDE;
	}
	return fhir_json_string_end(sc, p);
}

/* Mix two words and a length. */
HOT uint64_t
scramble(uint64_t low, uint64_t high, size_t n)
{
	uint64_t h = (low + n) * UINT64_C(0x9e3779b97f4a7c15) ^ high * UINT64_C(0xc2b2ae3d27d4eb4f);

	h ^= h >> 32;
	return h * UINT64_C(0xd6e8feb86659fd93);
}

/* Hash of a key of n < 16 bytes with 16 readable bytes. */
HOT uint64_t
hash16(const char *s, size_t n)
{
	static const uint64_t keep[9] = { 0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff,
		0xffffffffffff, 0xffffffffffffff, UINT64_MAX };
	uint64_t low = word(s), high = word(s + 8);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	low = __builtin_bswap64(low);
	high = __builtin_bswap64(high);
#endif
	low &= keep[n < 8 ? n : 8];
	high &= keep[n < 8 ? 0 : n - 8];
	return scramble(low, high, n);
}

/* Enter the key into the innermost object; false when it is there already (or no room: fault). */
HOT bool
enter(struct fhir_json_scan *sc, struct cw_str key, uint64_t h)
{
	struct fhir_json_level *level = &sc->level[sc->depth];
	uint64_t bit = UINT64_C(1) << (h >> 58);
	unsigned at = (unsigned)(h >> 56) & 3;

	if (unlikely((level->seen[at] & bit) != 0 || sc->nkeys == sc->room))
		return fhir_json_enter(sc, key, (uint32_t)(h >> 32));
	level->seen[at] |= bit;
	sc->keys[sc->nkeys++] =
	    (struct fhir_json_key){ key.s, (uint32_t)key.n, (uint32_t)(h >> 32) };
	return true;
}

/* A key with its colon, from its opening quote to behind the colon. */
HOT const char *
member_key(struct fhir_json_scan *sc, const char *p, const char *end)
{
	const char *s = p + 1;
	struct cw_str key;
	const char *q;
	uint64_t h;

	if (unlikely(p == end || *p != '"'))
		return fhir_json_bad(sc, p, "a key in double quotes must stand here");
	sc->escaped = false;
	q = string_end(sc, s, end);
	if (unlikely(q == NULL))
		return NULL;
	key = (struct cw_str){ s, (size_t)(q - s) };
	if (likely(key.n < 16 && end - s >= 16 && !sc->escaped)) {
		h = hash16(s, key.n);
	} else {
		if (sc->escaped)
			key = fhir_json_unescape(key, sc->mem);
		if (key.s == NULL)
			return fhir_json_stop(
			    sc, CW_ELIMIT, p, p, "the text needs more memory than allowed");
		h = fhir_json_hash(key.s, key.n);
	}
	sc->key = key;
	if (unlikely(!enter(sc, key, h))) {
		if (sc->fault != NULL)
			return NULL;
		return fhir_json_stop(sc, CW_ESYNTAX, p, q + 1, "duplicate key");
	}
	p = blanks(q + 1, end);
	if (unlikely(p == end || *p != ':'))
		return fhir_json_bad(sc, p, "':' must stand here");
	return blanks(p + 1, end);
}

/* Begin a container at p. */
HOT const char *
open_container(struct fhir_json_scan *sc, const char *p, bool object)
{
	struct fhir_json_level *level;

	if (unlikely(sc->depth == FHIR_JSON_DEPTH))
		return fhir_json_stop(sc, CW_ELIMIT, p, p, "nested deeper than 64 levels");
	level = &sc->level[++sc->depth];
	if (unlikely(sc->depth > sc->deepest)) {
		sc->deepest = sc->depth;
		level->room = 0;
	}
	sc->objects = sc->objects << 1 | object;
	sc->first = true;
	level->first = sc->nkeys;
	if (object) {
		memset(level->seen, 0, sizeof(level->seen));
		level->mask = 0;
	}
	return p + 1;
}

/* End the innermost container at p. */
HOT const char *
close_container(struct fhir_json_scan *sc, const char *p)
{
	sc->nkeys = sc->level[sc->depth].first;
	sc->depth--;
	sc->objects >>= 1;
	sc->first = false;
	return p + 1;
}

/* Any value at p: a container is begun only. */
HOT const char *
any_value(struct fhir_json_scan *sc, const char *p, const char *end, int *event)
{
	const char *q;

	if (unlikely(p == end))
		return fhir_json_bad(sc, p, "the text ends too early");
	if (unlikely(sc->left-- == 0))
		return fhir_json_stop(sc, CW_ELIMIT, p, p, "more elements than allowed");
	sc->first = false;
	if (likely(*p == '"')) {
		*event = FHIR_JSON_STRING;
		sc->escaped = false;
		q = string_end(sc, p + 1, end);
		if (unlikely(q == NULL))
			return NULL;
		sc->value = (struct cw_str){ p + 1, (size_t)(q - p) - 1 };
		return q + 1;
	}
	if (*p == '{') {
		*event = FHIR_JSON_OBJECT;
		return open_container(sc, p, true);
	}
	if (*p == '[') {
		*event = FHIR_JSON_ARRAY;
		return open_container(sc, p, false);
	}
	q = fhir_json_scalar(sc, p, event);
	if (unlikely(q == NULL))
		return NULL;
	sc->value = (struct cw_str){ p, (size_t)(q - p) };
	return q;
}

/* One event from p on. */
HOT const char *
step(struct fhir_json_scan *sc, const char *p, int *event)
{
	const char *end = sc->end;
	bool object = sc->objects & 1;

	p = blanks(p, end);
	if (unlikely(sc->depth == 0))
		return fhir_json_outside(sc, p, event);
	if (unlikely(p == end))
		return fhir_json_bad(sc, p, "the text ends too early");
	if (likely(*p == ',')) {
		if (unlikely(sc->first))
			return fhir_json_bad(sc, p, "a comma cannot stand here");
		p = blanks(p + 1, end);
	} else if (*p == (object ? '}' : ']')) {
		*event = object ? FHIR_JSON_OBJECT_END : FHIR_JSON_ARRAY_END;
		return close_container(sc, p);
	} else if (unlikely(!sc->first)) {
		return fhir_json_bad(
		    sc, p, object ? "',' or '}' must stand here" : "',' or ']' must stand here");
	}
	if (object) {
		p = member_key(sc, p, end);
		if (unlikely(p == NULL))
			return NULL;
	}
	return any_value(sc, p, end, event);
}

#endif
