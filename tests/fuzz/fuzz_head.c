/* Any bytes as the head of a request: the guard finds the same end however they come in pieces, and
 * what it lets pass holds, to a slower and simpler reader, nothing that can be read in two ways. */
#include "daemon/listen_guard.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* How many lines begin with that name and a colon; value: of the last. */
static size_t
count(struct cw_str head, const char *name, struct cw_str *value)
{
	size_t n = 0, length = strlen(name);

	for (size_t i = 2; i + length < head.n; i++) {
		const char *line = head.s + i;

		if (head.s[i - 1] != '\n' || strncasecmp(line, name, length) != 0 ||
		    line[length] != ':')
			continue;
		n++;
		value->s = line + length + 1;
		value->n = (size_t)((const char *)memchr(line, '\n', head.n - i) - value->s) - 1;
	}
	return n;
}

static uint64_t
number(struct cw_str value)
{
	uint64_t n = 0;

	for (size_t i = 0; i < value.n; i++)
		if (value.s[i] != ' ' && value.s[i] != '\t') {
			require(value.s[i] >= '0' && value.s[i] <= '9');
			n = n * 10 + (uint64_t)(value.s[i] - '0');
		}
	return n;
}

static void
read_again(struct cw_str head, const struct guard_head *out)
{
	const char *end = memchr(head.s, '\n', head.n);
	struct cw_str value = { NULL, 0 };
	size_t lengths, hosts;

	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char)head.s[i];

		require(c >= ' ' || c == '\t' || c == '\r' || c == '\n');
		require(c != '\n' || head.s[i - 1] == '\r');
		require(c != '\r' || head.s[i + 1] == '\n');
		require(i == 0 || head.s[i - 1] != '\n' || (c != ' ' && c != '\t'));
	}
	require(memcmp(end - 9, "HTTP/1.1", 8) == 0 || memcmp(end - 9, "HTTP/1.0", 8) == 0);
	require(count(head, "Transfer-Encoding", &value) == 0);
	require(count(head, "X-Secret", &value) <= 1);
	hosts = count(head, "Host", &value);
	require(hosts == 1 || (hosts == 0 && end[-2] == '0'));
	lengths = count(head, "Content-Length", &value);
	require(lengths == out->sized);
	require(out->length == (out->sized ? number(value) : 0));
	require(out->length == 0 || head.s[0] == 'P');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cw_str bytes = { (const char *)data, size };
	struct guard_head out;
	size_t seen = 0, again = 0;
	int64_t end = guard_end(bytes, &seen), piece = 0;

	for (size_t n = 0; n <= size && piece == 0; n++)
		piece = guard_end((struct cw_str){ bytes.s, n }, &again);
	require(piece == end);
	if (end <= 0)
		return 0;
	bytes.n = (size_t)end;
	guard_head(&out, bytes, "X-Secret");
	require((out.refuse == 0) == (out.reason == NULL));
	require(out.refuse == 0 || (out.refuse >= 400 && out.refuse < 600));
	if (out.refuse == 0)
		read_again(bytes, &out);
	return 0;
}
