/* Unit tests of mappings/version. */
#include "mappings/version.h"
#include "tests/unit/run.h"

#include <check.h>
#include <stdlib.h>

static const struct {
	const char *text;
	bool is;
	uint64_t number;
} numbers[] = {
	{ "1", true, 1 },
	{ "W/\"12\"", true, 12 },
	{ "\"7\"", true, 7 },
	{ "0010", true, 10 },
	{ "999999999999999999", true, UINT64_C(999999999999999999) },
	{ "9999999999999999999", false, 0 },
	{ "", false, 0 },
	{ "1a", false, 0 },
	{ "-1", false, 0 },
	{ "W/\"\"", false, 0 },
	{ "\"", false, 0 },
};

START_TEST(reads_numbers)
{
	uint64_t n;

	ck_assert_int_eq(map_version_number(&n, cw_str(numbers[_i].text)), numbers[_i].is);
	if (numbers[_i].is)
		ck_assert_uint_eq(n, numbers[_i].number);
}
END_TEST

START_TEST(reads_instants)
{
	ck_assert_int_eq(map_version_instant(CW_STR("1970-01-01T00:00:01Z")), 1000);
	ck_assert_int_eq(map_version_instant(CW_STR("1970-01-02")), 86400000);
	ck_assert_int_eq(map_version_instant(CW_STR("yesterday")), MAP_VERSION_NEVER);
	ck_assert_int_eq(map_version_instant((struct cw_str){ NULL, 0 }), MAP_VERSION_NEVER);
}
END_TEST

/* A stream of resources that map to nothing costs at most 40 bytes each, and nothing else. */
START_TEST(remembers_dropped_versions_cheaply)
{
	struct map_seen *s = map_seen_new();
	struct map_version v = { .numbered = true, .number = 1, .updated = 5 }, out;
	enum { MANY = 1000000 };
	size_t right = 0; /* counted, because an assertion is slow */

	for (uint64_t i = 0; i < MANY; i++)
		map_seen_add(s, cw_hash(&i, sizeof(i)), &v);
	ck_assert_uint_lt(map_seen_bytes(s), (size_t)MANY * 36);
	v.number = 7;
	for (uint64_t i = 0; i < MANY; i += 3)
		map_seen_add(s, cw_hash(&i, sizeof(i)), &v);
	v.number = 3;
	for (uint64_t i = 0; i < MANY; i++)
		map_seen_add(s, cw_hash(&i, sizeof(i)), &v);
	ck_assert_uint_lt(map_seen_bytes(s), (size_t)MANY * 36);
	for (uint64_t i = 0; i < MANY; i++) {
		bool found = map_seen_get(&out, s, cw_hash(&i, sizeof(i)), true);

		right += found && out.number == (i % 3 == 0 ? 7 : 3) && out.updated == 5 &&
			 !map_seen_get(&out, s, cw_hash(&i, sizeof(i)), false);
	}
	ck_assert_uint_eq(right, MANY);
	map_seen_free(s);
}
END_TEST

/* Times of every kind come back from the compact form. */
START_TEST(packs_times_exactly)
{
	static const int64_t times[] = { MAP_VERSION_NEVER, MAP_VERSION_ALWAYS, 0, -1, 1,
		INT64_C(1750064400123), -INT64_C(62135596800000), INT64_C(253402300799999) };

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		for (int flags = 0; flags < 4; flags++) {
			struct map_seen *s = map_seen_new();
			struct map_version out, v = { .numbered = flags & 1,
				.withdrawn = flags & 2,
				.digest = 0xabcd,
				.number = flags & 1 ? UINT64_MAX : 0,
				.updated = times[i] };

			map_seen_add(s, UINT64_MAX - i, &v);
			ck_assert(map_seen_get(&out, s, UINT64_MAX - i, v.numbered));
			ck_assert_int_eq(out.updated, v.updated);
			ck_assert_int_eq(out.withdrawn, v.withdrawn);
			ck_assert_uint_eq(out.number, v.number);
			ck_assert_uint_eq(out.digest, v.digest);
			map_seen_free(s);
		}
	}
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("version");

	tcase_add_loop_test(t, reads_numbers, 0, (int)(sizeof(numbers) / sizeof(numbers[0])));
	tcase_add_test(t, reads_instants);
	tcase_add_test(t, remembers_dropped_versions_cheaply);
	tcase_add_test(t, packs_times_exactly);
	tcase_set_timeout(t, 60);
	return test_run("version", t);
}
