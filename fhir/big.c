/* big: schoolbook arithmetic; no operand here is longer than 48 words. */
#include "fhir/big.h"

#include <string.h>

static void
trim(struct fhir_big *b)
{
	while (b->n > 0 && b->w[b->n - 1] == 0)
		b->n--;
}

struct fhir_big
fhir_big_from(fhir_u128 v)
{
	struct fhir_big b = { { 0 }, 0 };

	for (; v != 0; v >>= 32)
		b.w[b.n++] = (uint32_t)v;
	return b;
}

bool
fhir_big_to(const struct fhir_big *b, fhir_u128 *out)
{
	if (b->n > 4)
		return false;
	*out = 0;
	for (int i = b->n - 1; i >= 0; i--)
		*out = *out << 32 | b->w[i];
	return true;
}

int
fhir_big_cmp(const struct fhir_big *a, const struct fhir_big *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (int i = a->n - 1; i >= 0; i--)
		if (a->w[i] != b->w[i])
			return a->w[i] < b->w[i] ? -1 : 1;
	return 0;
}

static bool
mul_small(struct fhir_big *a, uint32_t by)
{
	uint64_t carry = 0;

	for (int i = 0; i < a->n; i++) {
		carry += (uint64_t)a->w[i] * by;
		a->w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry == 0) {
		trim(a);
		return true;
	}
	if (a->n == FHIR_BIG_WORDS)
		return false;
	a->w[a->n++] = (uint32_t)carry;
	return true;
}

bool
fhir_big_mul(struct fhir_big *a, fhir_u128 by)
{
	struct fhir_big b = fhir_big_from(by), r = { { 0 }, 0 };

	if (a->n + b.n > FHIR_BIG_WORDS)
		return false;
	for (int i = 0; i < a->n; i++) {
		uint64_t carry = 0;
		for (int j = 0; j < b.n; j++) {
			carry += (uint64_t)a->w[i] * b.w[j] + r.w[i + j];
			r.w[i + j] = (uint32_t)carry;
			carry >>= 32;
		}
		r.w[i + b.n] = (uint32_t)carry;
	}
	r.n = a->n + b.n;
	trim(&r);
	*a = r;
	return true;
}

bool
fhir_big_mul10(struct fhir_big *a, unsigned n)
{
	for (; n >= 9; n -= 9)
		if (!mul_small(a, 1000000000))
			return false;
	for (; n > 0; n--)
		if (!mul_small(a, 10))
			return false;
	return true;
}

bool
fhir_big_add(struct fhir_big *a, const struct fhir_big *b)
{
	int n = a->n > b->n ? a->n : b->n;
	uint64_t carry = 0;

	for (int i = 0; i < n; i++) {
		carry += (uint64_t)a->w[i] + b->w[i];
		a->w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	a->n = n;
	if (carry == 0)
		return true;
	if (n == FHIR_BIG_WORDS)
		return false;
	a->w[a->n++] = 1;
	return true;
}

void
fhir_big_sub(struct fhir_big *a, const struct fhir_big *b)
{
	uint64_t borrow = 0;

	for (int i = 0; i < a->n; i++) {
		uint64_t d = (uint64_t)a->w[i] - b->w[i] - borrow;
		a->w[i] = (uint32_t)d;
		borrow = d >> 63;
	}
	trim(a);
}

uint32_t
fhir_big_div_small(struct fhir_big *a, uint32_t by)
{
	uint64_t rest = 0;

	for (int i = a->n - 1; i >= 0; i--) {
		rest = rest << 32 | a->w[i];
		a->w[i] = (uint32_t)(rest / by);
		rest %= by;
	}
	trim(a);
	return (uint32_t)rest;
}

/* One bit at a time: a few hundred steps, and only where a quotient does not fit a machine word. */
void
fhir_big_div(struct fhir_big *a, const struct fhir_big *by, struct fhir_big *rest)
{
	struct fhir_big r = { { 0 }, 0 };

	if (by->n == 1) {
		*rest = fhir_big_from(fhir_big_div_small(a, by->w[0]));
		return;
	}
	for (int bit = a->n * 32 - 1; bit >= 0; bit--) {
		uint32_t in = a->w[bit / 32] >> bit % 32 & 1;
		for (int i = 0; i < r.n; i++) {
			uint32_t out = r.w[i] >> 31;
			r.w[i] = r.w[i] << 1 | in;
			in = out;
		}
		if (in && r.n < FHIR_BIG_WORDS)
			r.w[r.n++] = in;
		a->w[bit / 32] &= ~(1u << bit % 32);
		if (fhir_big_cmp(&r, by) >= 0) {
			fhir_big_sub(&r, by);
			a->w[bit / 32] |= 1u << bit % 32;
		}
	}
	trim(a);
	*rest = r;
}

int
fhir_big_digits(const struct fhir_big *a)
{
	struct fhir_big b = *a;
	int n = 0;

	while (b.n > 1) {
		(void)fhir_big_div_small(&b, 1000000000);
		n += 9;
	}
	uint32_t v = b.n ? b.w[0] : 0;
	do {
		n++;
		v /= 10;
	} while (v > 0);
	return n;
}
