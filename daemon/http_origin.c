/* What can be told of URLs and answers without a network: the parts of http.h that are pure. */
#include "daemon/http.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "fhir/time.h"

struct url {
	struct cw_str scheme, host, path; /* host: with brackets, without port */
	unsigned port;
};

static struct cw_str
cut(struct cw_str s, size_t from, size_t to)
{
	return (struct cw_str){ s.s + from, to - from };
}

static size_t
find(struct cw_str s, size_t from, const char *any)
{
	while (from < s.n && strchr(any, s.s[from]) == NULL)
		from++;
	return from;
}

static bool
same_word(struct cw_str a, struct cw_str b)
{
	return a.n == b.n && strncasecmp(a.s, b.s, a.n) == 0;
}

static bool
read_port(unsigned *out, struct cw_str s)
{
	*out = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9' || *out > 65535)
			return false;
		*out = *out * 10 + (unsigned)(s.s[i] - '0');
	}
	return s.n > 0 && *out > 0 && *out <= 65535;
}

static bool
read_authority(struct url *u, struct cw_str authority)
{
	size_t host = authority.n > 0 && authority.s[0] == '[' ? find(authority, 0, "]") + 1
							       : find(authority, 0, ":");

	if (host == 0 || host > authority.n || memchr(authority.s, '@', authority.n) != NULL)
		return false;
	u->host = cut(authority, 0, host);
	if (host == authority.n)
		return true;
	return authority.s[host] == ':' &&
	       read_port(&u->port, cut(authority, host + 1, authority.n));
}

/* False for what is no plain http or https URL, or could be read in two ways. */
static bool
read_url(struct url *u, struct cw_str text)
{
	size_t colon = find(text, 0, ":"), end;

	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.s[i] <= ' ' || (unsigned char)text.s[i] >= 0x7f ||
		    text.s[i] == '\\')
			return false;
	}
	if (text.n < colon + 3 || memcmp(text.s + colon, "://", 3) != 0)
		return false;
	u->scheme = cut(text, 0, colon);
	if (same_word(u->scheme, CW_STR("http")))
		u->port = 80;
	else if (same_word(u->scheme, CW_STR("https")))
		u->port = 443;
	else
		return false;
	end = find(text, colon + 3, "/?#");
	u->path = cut(text, end, find(text, end, "?#"));
	return read_authority(u, cut(text, colon + 3, end));
}

/* A dot segment, spelt in any way, or a slash in disguise. */
static bool
path_is_doubtful(struct cw_str path)
{
	size_t dots = 0, n = 0; /* of this segment */

	for (size_t i = 0; i <= path.n; i++) {
		size_t left = path.n - i;

		if (i == path.n || path.s[i] == '/') {
			if (n > 0 && n == dots && n <= 2)
				return true;
			n = dots = 0;
			continue;
		}
		n++;
		if (path.s[i] == '.') {
			dots++;
		} else if (left >= 3 && strncasecmp(path.s + i, "%2e", 3) == 0) {
			dots++;
			i += 2;
		} else if (left >= 3 && (strncasecmp(path.s + i, "%2f", 3) == 0 ||
					    strncasecmp(path.s + i, "%5c", 3) == 0)) {
			return true;
		}
	}
	return false;
}

bool
http_below(struct cw_str base, struct cw_str url)
{
	struct url b = { 0 }, u = { 0 };

	if (!read_url(&b, base) || !read_url(&u, url) || path_is_doubtful(u.path))
		return false;
	if (!same_word(b.scheme, u.scheme) || !same_word(b.host, u.host) || b.port != u.port)
		return false;
	while (b.path.n > 0 && b.path.s[b.path.n - 1] == '/')
		b.path.n--;
	return cw_str_starts(u.path, b.path) && (u.path.n == b.path.n || u.path.s[b.path.n] == '/');
}

struct cw_str
http_value(const struct http_response *response, const char *name)
{
	for (size_t i = 0; i < response->headers; i++) {
		if (strcmp(response->header[i].name, name) == 0)
			return response->header[i].value;
	}
	return cw_str(NULL);
}

static bool
read_number(int64_t *out, struct cw_str s)
{
	*out = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
		if (*out < 1000000000)
			*out = *out * 10 + (s.s[i] - '0');
	}
	return s.n > 0;
}

static unsigned
month_of(struct cw_str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (unsigned m = 0; word.n == 3 && m < 12; m++) {
		if (strncasecmp(word.s, names + 3 * (size_t)m, 3) == 0)
			return m + 1;
	}
	return 0;
}

/* "08:49:37" in ms, or -1. */
static int64_t
clock_of(struct cw_str s)
{
	int64_t h, m, sec;

	if (s.n != 8 || s.s[2] != ':' || s.s[5] != ':' || !read_number(&h, cut(s, 0, 2)) ||
	    !read_number(&m, cut(s, 3, 5)) || !read_number(&sec, cut(s, 6, 8)))
		return -1;
	return h > 23 || m > 59 || sec > 60 ? -1 : ((h * 60 + m) * 60 + sec) * 1000;
}

/* The three forms of an HTTP-date have the same words in different orders. RFC 9110 5.6.7. */
static bool
read_date(int64_t *out, struct cw_str s)
{
	int64_t day = -1, year = -1, clock = -1, n;
	unsigned month = 0;

	for (size_t i = 0, end; i < s.n; i = end + 1) {
		struct cw_str word;

		end = find(s, i, " ,-");
		word = cut(s, i, end);
		if (word.n == 0)
			continue;
		if (memchr(word.s, ':', word.n) != NULL)
			clock = clock_of(word);
		else if (!read_number(&n, word))
			month = month == 0 ? month_of(word) : month;
		else if (day < 0)
			day = n;
		else
			year = word.n > 2 ? n : n < 70 ? 2000 + n : 1900 + n;
	}
	if (clock < 0 || month == 0 || year < 1970 || year > 9999 || day < 1 ||
	    day > (int64_t)fhir_days_in_month(year, month))
		return false;
	*out = fhir_days_from_date(year, month, (unsigned)day) * 86400000 + clock;
	return true;
}

int64_t
http_retry_after(const struct http_response *response, int64_t now)
{
	struct cw_str ms = http_value(response, "x-ms-retry-after-ms");
	struct cw_str text = http_value(response, "retry-after");
	int64_t n;

	if (ms.s != NULL && read_number(&n, ms))
		return n;
	if (text.s == NULL)
		return -1;
	if (read_number(&n, text))
		return n * 1000;
	if (!read_date(&n, text))
		return -1;
	return n > now ? n - now : 0;
}

void
http_escape(struct cw_buf *query, struct cw_str value)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.s[i];

		if (c != '\0' && strchr(plain, c) != NULL)
			cw_buf_putc(query, (char)c);
		else
			cw_buf_printf(query, "%%%02X", c);
	}
}
