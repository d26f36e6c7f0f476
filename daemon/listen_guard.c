#include "daemon/listen_guard.h"

#include <string.h>
#include <strings.h>

int64_t
guard_end(struct cw_str bytes, size_t *seen)
{
	for (size_t i = *seen; i < bytes.n; i++) {
		if (bytes.s[i] == '\0')
			return -1;
		if (bytes.s[i] != '\n')
			continue;
		if (i < 2 || bytes.s[i - 1] != '\r')
			return -1;
		if (bytes.s[i - 2] == '\n')
			return (int64_t)i + 1;
	}
	*seen = bytes.n;
	return 0;
}

/* ---- characters ---- */

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* RFC 9110 5.6.2. */
static bool
is_token(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.s[i]) && !is_one_of(s.s[i], "!#$%&'*+-.^_`|~"))
			return false;
	return s.n > 0;
}

/* RFC 9110 5.5: no control characters but the tab. */
static bool
is_value(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.s[i] < ' ' && s.s[i] != '\t') || s.s[i] == 127)
			return false;
	return true;
}

/* Origin form, RFC 9112 3.2.1 and RFC 3986 3.3, 3.4. */
static bool
is_target(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '%') {
			if (i + 2 >= s.n || !is_hex(s.s[i + 1]) || !is_hex(s.s[i + 2]))
				return false;
			i += 2;
		} else if (!is_alnum(s.s[i]) && !is_one_of(s.s[i], "-._~!$&'()*+,;=:@/?")) {
			return false;
		}
	}
	return s.n > 0 && s.s[0] == '/';
}

/* RFC 9110 7.2; a name, an address, a port. */
static bool
is_host(struct cw_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.s[i]) && !is_one_of(s.s[i], "-._~:[]%"))
			return false;
	return s.n > 0;
}

/* ---- lines ---- */

static void
refuse(struct guard_head *out, int status, const char *reason)
{
	if (out->refuse)
		return;
	out->refuse = status;
	out->reason = reason;
}

/* Take up to the next c from *rest, and c itself; false when there is none. */
static bool
take(struct cw_str *out, struct cw_str *rest, char c)
{
	const char *at = memchr(rest->s, c, rest->n);

	if (!at)
		return false;
	*out = (struct cw_str){ rest->s, (size_t)(at - rest->s) };
	rest->n -= out->n + 1;
	rest->s = at + 1;
	return true;
}

static bool
same_word(struct cw_str a, const char *b)
{
	return a.n == strlen(b) && strncasecmp(a.s, b, a.n) == 0;
}

struct lines {
	bool body; /* the method may have one */
	bool old;  /* HTTP/1.0 */
};

static void
read_request_line(struct guard_head *out, struct lines *seen, struct cw_str line)
{
	struct cw_str method, target;

	if (!take(&method, &line, ' ') || !take(&target, &line, ' ') || !is_token(method)) {
		refuse(out, 400, "The request line is not method, target, version");
		return;
	}
	seen->old = cw_str_is(line, "HTTP/1.0");
	if (!seen->old && !cw_str_is(line, "HTTP/1.1")) {
		bool other = line.n == 8 && memcmp(line.s, "HTTP/", 5) == 0 && line.s[6] == '.';

		refuse(out, other ? 505 : 400, "The version is not HTTP/1.1 or HTTP/1.0");
		return;
	}
	seen->body = cw_str_is(method, "PUT") || cw_str_is(method, "POST");
	if (!seen->body && !cw_str_is(method, "GET") && !cw_str_is(method, "DELETE"))
		refuse(out, 501, "The method is not GET, PUT, POST or DELETE");
	if (!is_target(target))
		refuse(out, 400, "The target is not an absolute path");
}

static void
read_length(struct guard_head *out, struct cw_str value)
{
	out->sized = true;
	if (value.n == 0 || value.n > 18)
		refuse(out, 400, "Content-Length is not a number");
	for (size_t i = 0; i < value.n; i++) {
		if (value.s[i] < '0' || value.s[i] > '9')
			refuse(out, 400, "Content-Length is not a number");
		out->length = out->length * 10 + (uint64_t)(value.s[i] - '0');
	}
}

/* What two servers could read differently when it stands twice. */
enum single { LENGTH, CODING, HOST, EXPECT, AUTHORIZATION, TYPE, ENCODING, SECRET, SINGLES };

static enum single
single_of(struct cw_str name, const char *secret)
{
	static const char *const names[SECRET] = { "Content-Length", "Transfer-Encoding", "Host",
		"Expect", "Authorization", "Content-Type", "Content-Encoding" };

	for (int i = 0; i < SECRET; i++)
		if (same_word(name, names[i]))
			return (enum single)i;
	return secret && same_word(name, secret) ? SECRET : SINGLES;
}

static void
read_header(struct guard_head *out, bool *seen, struct cw_str line, const char *secret)
{
	struct cw_str name;
	enum single which;

	if (!take(&name, &line, ':') || !is_token(name)) {
		refuse(out, 400, "The name of a header is not a token");
		return;
	}
	while (line.n > 0 && is_one_of(line.s[0], " \t")) {
		line.s++;
		line.n--;
	}
	while (line.n > 0 && is_one_of(line.s[line.n - 1], " \t"))
		line.n--;
	if (!is_value(line))
		refuse(out, 400, "The value of a header has a control character");
	which = single_of(name, secret);
	if (which == SINGLES)
		return;
	if (seen[which])
		refuse(out, 400, "A header stands twice that may stand once");
	seen[which] = true;
	if (which == LENGTH)
		read_length(out, line);
	if (which == HOST && !is_host(line))
		refuse(out, 400, "Host is not a host");
	if (which == EXPECT && !same_word(line, "100-continue"))
		refuse(out, 417, "The expectation is not 100-continue");
}

void
guard_head(struct guard_head *out, struct cw_str head, const char *secret)
{
	struct lines first = { .body = false };
	bool seen[SINGLES] = { false };
	struct cw_str line;

	*out = (struct guard_head){ .refuse = 0 };
	for (bool begun = false; take(&line, &head, '\n') && line.n > 1; begun = true) {
		line.n--; /* the CR, seen to by guard_end */
		if (!begun)
			read_request_line(out, &first, line);
		else
			read_header(out, seen, line, secret);
	}
	if (seen[CODING] && (seen[LENGTH] || first.old))
		refuse(out, 400, "Transfer-Encoding beside Content-Length or in HTTP/1.0");
	if (seen[CODING])
		refuse(out, 411, "Transfer-Encoding is not taken: send Content-Length");
	if (!seen[HOST] && !first.old)
		refuse(out, 400, "Host is missing");
	if (out->length > 0 && !first.body)
		refuse(out, 400, "A body where none belongs");
}
