#include "fhir/newest.h"
#include "fhir/time.h"

#include <string.h>

enum {
	BLOCK = 64,
	LONGEST = 48 /* characters of a dateTime, generously */
};

/* Names of elements that tell when something happened or was written down. */
static bool
tells_when(struct cw_str key)
{
	static const char *const names[] = { "assertedDate", "authored", "authoredOn",
		"collectedDateTime", "created", "date", "dateAsserted", "dateRecorded",
		"dateWritten", "deceasedDateTime", "effectiveDateTime", "effectiveInstant",
		"issued", "lastModified", "lastUpdated", "onsetDateTime", "performedDateTime",
		"receivedTime", "recorded", "recordedDate", "sent", "start", "started",
		"timestamp" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (cw_str_is(key, names[i]))
			return true;
	}
	return false;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The key whose value begins at the quote; absent when there is none. */
static struct cw_str
key_before(const char *start, const char *quote)
{
	const char *p = quote, *end;

	while (p > start && blank(p[-1]))
		p--;
	if (p == start || *--p != ':')
		return (struct cw_str){ NULL, 0 };
	while (p > start && blank(p[-1]))
		p--;
	if (p == start || *--p != '"')
		return (struct cw_str){ NULL, 0 };
	end = p;
	while (p > start && p[-1] != '"')
		p--;
	return (struct cw_str){ p, (size_t)(end - p) };
}

/* A string begins at the quote, and its sixth character is a dash. */
static bool
look(struct cw_str text, const char *quote, int64_t limit, int64_t *newest)
{
	const char *s = quote + 1, *end = text.s + text.n;
	size_t left = (size_t)(end - s);
	const char *close = memchr(s, '"', left < LONGEST ? left : LONGEST);
	struct fhir_time t;
	int64_t from;

	if (close == NULL || *s < '0' || *s > '9' || !tells_when(key_before(text.s, quote)) ||
	    fhir_time_parse(
		FHIR_TIME_DATETIME, (struct cw_str){ s, (size_t)(close - s) }, &t, NULL) < 0)
		return false;
	from = fhir_time_interval(&t).from;
	if (from > limit)
		return false;
	if (from > *newest)
		*newest = from;
	return true;
}

/* Does a string with a dash where a date has one begin in the block? One compiler-made vector
 * loop: most blocks have none. */
static bool
promising(const char *p)
{
	unsigned char any = 0;

	for (int i = 0; i < BLOCK; i++)
		any |= (unsigned char)((p[i] == '"') & (p[i + 5] == '-'));
	return any != 0;
}

bool
fhir_newest(struct cw_str text, int64_t limit, int64_t *newest)
{
	bool found = false;
	size_t i = 0;

	while (i + 6 <= text.n) {
		size_t n = text.n - i - 5 < BLOCK ? text.n - i - 5 : BLOCK;

		if (n < BLOCK || promising(text.s + i)) {
			for (size_t j = i; j < i + n; j++) {
				if (text.s[j] == '"' && text.s[j + 5] == '-' &&
				    look(text, text.s + j, limit, newest))
					found = true;
			}
		}
		i += n;
	}
	return found;
}
