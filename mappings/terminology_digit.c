#include "mappings/terminology_internal.h"

#include <string.h>

/* Verhoeff, Error Detecting Decimal Codes (1969), as the SNOMED CT release file specification uses
 * it: D5 multiplication and the powers of its permutation, both computed from their definition. */
static unsigned
d5(unsigned a, unsigned b)
{
	unsigned turn = b % 5, sum;

	if (a < 5)
		sum = (a + turn) % 5;
	else
		sum = (a - 5 + 5 - turn) % 5;
	return (a < 5) == (b < 5) ? sum : sum + 5;
}

static unsigned
permuted(unsigned digit, size_t times)
{
	static const unsigned char once[10] = { 1, 5, 7, 6, 2, 8, 3, 0, 9, 4 };

	for (times %= 8; times > 0; times--)
		digit = once[digit];
	return digit;
}

static bool
is_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return n > 0;
}

/* SCTID of a concept: 6 to 18 digits, partition identifier 00 (core) or 10 (extension). */
static const char *
snomed(struct cw_str code)
{
	unsigned check = 0;

	if (!is_digits(code.s, code.n) || code.n < 6 || code.n > 18 || code.s[0] == '0')
		return "not a SNOMED CT identifier (6 to 18 digits)";
	if ((code.s[code.n - 3] != '0' && code.s[code.n - 3] != '1') || code.s[code.n - 2] != '0')
		return "a SNOMED CT identifier, but not of a concept";
	for (size_t i = 0; i < code.n; i++)
		check = d5(check, permuted((unsigned)(code.s[code.n - 1 - i] - '0'), i));
	return check == 0 ? NULL : "the SNOMED CT check digit is wrong";
}

/* Mod 10: digits from the right are doubled turn about, their decimal digits added. */
static const char *
loinc(struct cw_str code)
{
	const char *dash = memchr(code.s, '-', code.n);
	size_t n = dash == NULL ? 0 : (size_t)(dash - code.s), letters = 0;
	unsigned sum = 0;

	while (letters < n && code.s[letters] >= 'A' && code.s[letters] <= 'Z')
		letters++;
	if (dash == NULL || code.n != n + 2 || !is_digits(dash + 1, 1) ||
	    !is_digits(code.s + letters, n - letters) || n - letters > 9 ||
	    (letters > 0 && code.s[0] != 'L'))
		return "not a LOINC code";
	if (letters > 0)
		return NULL; /* answers and parts (LA.., LP..) are numbered in another way */
	for (size_t i = 0; i < n; i++) {
		unsigned digit = (unsigned)(code.s[n - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);

		sum += digit / 10 + digit % 10;
	}
	return (10 - sum % 10) % 10 == (unsigned)(dash[1] - '0') ? NULL
								 : "the LOINC check digit is wrong";
}

const char *
terms_digit_fault(struct cw_str system, struct cw_str code)
{
	if (cw_str_is(system, "http://snomed.info/sct"))
		return snomed(code);
	if (cw_str_is(system, "http://loinc.org"))
		return loinc(code);
	return NULL;
}
