/* The table of units against ucum-essence.xml of the outside suites: every factor is computed once
 * more from the definitions there, in floating point, by a reader that shares no code with fhir/.
 */
#include "fhir/ucum.h"
#include "tests/unit/run.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One <unit>, <base-unit> or <prefix>. */
struct entry {
	char code[64], unit[64];
	long double value;
	bool metric, special, arbitrary;
};

static struct entry units[400], prefixes[40];
static int unit_count, prefix_count;

/* The value of an attribute within one tag, or "". */
static void
attribute(const char *tag, const char *name, char *out, size_t n)
{
	const char *end = strchr(tag, '>'), *at;
	char key[32];

	*out = '\0';
	snprintf(key, sizeof(key), " %s=\"", name);
	at = strstr(tag, key);
	if (!at || at > end)
		return;
	at += strlen(key);
	size_t length = strcspn(at, "\"");
	if (length >= n)
		abort(); /* before any test runs, Check has no way to say it */
	memcpy(out, at, length);
	out[length] = '\0';
}

static void
read_entry(const char *tag, struct entry *e)
{
	const char *value = strstr(tag, "<value");
	char text[128];

	/* Line breaks within a tag were made spaces. */
	attribute(tag, "Code", e->code, sizeof(e->code));
	attribute(tag, "isMetric", text, sizeof(text));
	e->metric = strcmp(text, "yes") == 0;
	attribute(tag, "isSpecial", text, sizeof(text));
	e->special = strcmp(text, "yes") == 0;
	attribute(tag, "isArbitrary", text, sizeof(text));
	e->arbitrary = strcmp(text, "yes") == 0;
	if (value) {
		attribute(value, "Unit", e->unit, sizeof(e->unit));
		attribute(value, "value", text, sizeof(text));
		e->value = strtold(text, NULL);
	}
}

static bool
read_essence(void)
{
	const char *suites = getenv("CORDWATCH_SUITES");
	char path[4096], *text = cw_malloc(1 << 20), *p;
	FILE *f;

	snprintf(
	    path, sizeof(path), "%s/ucum/ucum-essence.xml", suites ? suites : "../shared/suites");
	f = fopen(path, "r");
	if (!f) {
		free(text);
		return false;
	}
	text[fread(text, 1, (1 << 20) - 1, f)] = '\0';
	fclose(f);
	for (p = text; *p; p++)
		if (*p == '\n')
			*p = ' ';
	for (p = text; (p = strstr(p, "<prefix ")) != NULL; p++)
		read_entry(p, &prefixes[prefix_count++]);
	for (p = text; (p = strstr(p, "<base-unit ")) != NULL; p++) {
		attribute(p, "Code", units[unit_count].code, sizeof(units->code));
		units[unit_count].metric = true;
		units[unit_count++].value = 1;
	}
	for (p = text; (p = strstr(p, "<unit ")) != NULL; p++)
		read_entry(p, &units[unit_count++]);
	free(text);
	return true;
}

static long double factor_of(const char *s, size_t n);

static const struct entry *
find(const struct entry *list, int count, const char *s, size_t n)
{
	for (int i = 0; i < count; i++)
		if (strlen(list[i].code) == n && memcmp(list[i].code, s, n) == 0)
			return &list[i];
	return NULL;
}

static long double
symbol_factor(const char *s, size_t n)
{
	const struct entry *e = find(units, unit_count, s, n);

	if (e && strcmp(e->code, "mol") == 0)
		return 1; /* a dimension of its own here */
	if (e)
		return e->unit[0] ? e->value * factor_of(e->unit, strlen(e->unit)) : e->value;
	for (size_t m = 2; m > 0; m--) {
		const struct entry *p = m < n ? find(prefixes, prefix_count, s, m) : NULL;
		if (p && find(units, unit_count, s + m, n - m))
			return p->value * symbol_factor(s + m, n - m);
	}
	ck_abort_msg("%.*s: no such unit in the essence", (int)n, s);
	return 0;
}

/* One factor of a product: number, or symbol with exponent. */
static long double
atom_factor(const char *s, size_t n)
{
	size_t end = n;
	char digits[32];

	if (strspn(s, "0123456789") >= n) {
		snprintf(digits, sizeof(digits), "%.*s", (int)n, s);
		return strtold(digits, NULL);
	}
	while (end > 0 && strchr("0123456789", s[end - 1]))
		end--;
	if (end < n && end > 0 && (s[end - 1] == '-' || s[end - 1] == '+'))
		end--;
	int power = 1;
	if (end < n) {
		snprintf(digits, sizeof(digits), "%.*s", (int)(n - end), s + end);
		power = atoi(digits);
	}
	if (end == 3 && s[0] == '1' && s[1] == '0')
		return powl(10, power);
	return powl(symbol_factor(s, end), power);
}

static long double
factor_of(const char *s, size_t n)
{
	long double f = 1;
	bool over = false;

	for (size_t i = 0, start = 0, bracket = 0; i <= n; i++) {
		bracket += i < n && s[i] == '[';
		bracket -= i < n && s[i] == ']';
		if (i < n && (bracket || (s[i] != '.' && s[i] != '/')))
			continue;
		if (i > start) {
			long double a = atom_factor(s + start, i - start);
			f = over ? f / a : f * a;
		}
		over = i < n && s[i] == '/';
		start = i + 1;
	}
	return f;
}

static long double
ours(const struct fhir_unit *u)
{
	static const long double pi = 3.14159265358979323846264338327950288L;
	long double top = ldexpl((long double)(uint64_t)(u->top >> 64), 64) + (uint64_t)u->top;
	long double bottom =
	    ldexpl((long double)(uint64_t)(u->bottom >> 64), 64) + (uint64_t)u->bottom;

	return top / bottom * powl(10, u->ten) * powl(pi, u->pi);
}

static struct fhir_unit
parse(const char *code)
{
	struct fhir_unit u;

	ck_assert_msg(fhir_ucum_parse(cw_str(code), &u, NULL) == 0, "%s: not known", code);
	return u;
}

START_TEST(every_factor_is_the_essences)
{
	int compared = 0;

	for (int i = 0; i < unit_count; i++) {
		const struct entry *e = &units[i];
		struct fhir_unit u = parse(e->code);
		if (e->special || e->arbitrary) {
			ck_assert_msg(u.shift != 0 || u.own[0].unit != 0, "%s", e->code);
			continue;
		}
		long double want = symbol_factor(e->code, strlen(e->code));
		if (strcmp(e->code, "10*") == 0 || strcmp(e->code, "10^") == 0)
			want = 10;
		ck_assert_msg(fabsl(ours(&u) / want - 1) < 1e-15L, "%s: %Lg, not %Lg", e->code,
		    ours(&u), want);
		compared++;
	}
	ck_assert_int_gt(compared, 200);
}
END_TEST

/* A unit has the dimensions of what it is defined by. */
START_TEST(every_unit_converts_to_its_definition)
{
	for (int i = 0; i < unit_count; i++) {
		const struct entry *e = &units[i];
		if (e->special || !e->unit[0])
			continue;
		struct fhir_unit a = parse(e->code), b = parse(e->unit);
		bool apart = strcmp(e->code, "mol") == 0 || strcmp(e->code, "eq") == 0 ||
			     strcmp(e->code, "osm") == 0;
		enum fhir_unit_relation r = fhir_unit_relate(&a, &b);
		if (apart)
			ck_assert_msg(r == FHIR_UNITS_AMOUNT, "%s", e->code);
		else if (e->arbitrary && strcmp(e->unit, "1") == 0)
			ck_assert_msg(r == FHIR_UNITS_DIFFERENT, "%s", e->code);
		else
			ck_assert_msg(r <= FHIR_UNITS_CONVERT, "%s: %d", e->code, r);
	}
}
END_TEST

/* Is it a prefix and a metric unit, in one way or another? */
static bool
splits(const char *code)
{
	for (int k = 0; k < prefix_count; k++) {
		size_t m = strlen(prefixes[k].code);
		if (strncmp(code, prefixes[k].code, m) != 0)
			continue;
		const struct entry *e = find(units, unit_count, code + m, strlen(code + m));
		if (e && e->metric)
			return true;
	}
	return false;
}

START_TEST(metric_units_alone_take_prefixes)
{
	char code[80];
	struct fhir_unit u;

	for (int i = 0; i < unit_count; i++) {
		if (units[i].special || strncmp(units[i].code, "10", 2) == 0)
			continue;
		for (int k = 0; k < prefix_count; k++) {
			snprintf(code, sizeof(code), "%.8s%.64s", prefixes[k].code, units[i].code);
			if (find(units, unit_count, code, strlen(code)))
				continue;
			int rc = fhir_ucum_parse(cw_str(code), &u, NULL);
			ck_assert_msg((rc == 0) == splits(code), "%s: %d", code, rc);
			if (units[i].metric && !units[i].arbitrary) {
				struct fhir_unit base = parse(units[i].code);
				ck_assert_msg(
				    fabsl(ours(&u) / ours(&base) / prefixes[k].value - 1) < 1e-15L,
				    "%s: wrong prefix", code);
			}
		}
	}
}
END_TEST

int
main(void)
{
	TCase *tc;

	if (!read_essence()) { /* 77: skipped, a failure where the suites are required */
		puts("ucum/ucum-essence.xml is not among the suites: skipped");
		return 77;
	}
	tc = tcase_create("ucum");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, every_factor_is_the_essences);
	tcase_add_test(tc, every_unit_converts_to_its_definition);
	tcase_add_test(tc, metric_units_alone_take_prefixes);
	return test_run("ucum", tc);
}
