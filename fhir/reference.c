#include "fhir/reference.h"

#include <string.h>

static struct cw_str
slice(const char *from, const char *to)
{
	return (struct cw_str){ from, (size_t)(to - from) };
}

static const char *
find(struct cw_str s, char c)
{
	return s.n == 0 ? NULL : memchr(s.s, c, s.n);
}

/* What stands after the last slash; *s keeps what stands before it. Absent: no slash, s is kept. */
static struct cw_str
take_last(struct cw_str *s)
{
	struct cw_str last;

	for (size_t i = s->n; i-- > 0;) {
		if (s->s[i] == '/') {
			last = (struct cw_str){ s->s + i + 1, s->n - i - 1 };
			s->n = i;
			return last;
		}
	}
	return (struct cw_str){ NULL, 0 };
}

/* Resource types are the only path segments of a FHIR server that start with a capital. */
static bool
is_type(struct cw_str s)
{
	if (s.n < 2 || s.s[0] < 'A' || s.s[0] > 'Z')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		bool letter = (s.s[i] >= 'a' && s.s[i] <= 'z') || (s.s[i] >= 'A' && s.s[i] <= 'Z');

		if (!letter)
			return false;
	}
	return true;
}

/* Ids longer or stranger than FHIR allows occur; all that counts is that it is one segment. */
static bool
is_id(struct cw_str s)
{
	return s.n > 0 && find(s, ':') == NULL;
}

static bool
is_http(struct cw_str s)
{
	return cw_str_starts(s, CW_STR("http://")) || cw_str_starts(s, CW_STR("https://"));
}

/* head is "[base/]Type"; false when it is not. */
static bool
take_type(struct fhir_reference *out, struct cw_str head)
{
	struct cw_str base = head, type = take_last(&base);

	if (type.s == NULL) {
		out->type = head;
		return is_type(head);
	}
	out->type = type;
	out->base = base;
	return is_type(type) && is_http(base);
}

static bool
parse_search(struct fhir_reference *out, const char *question)
{
	const char *end = out->text.s + out->text.n;

	out->kind = FHIR_REFERENCE_SEARCH;
	out->query = slice(question + 1, end);
	return take_type(out, slice(out->text.s, question));
}

static bool
parse_rest(struct fhir_reference *out)
{
	struct cw_str head = out->text, last;
	const char *hash = find(head, '#');

	if (hash != NULL)
		head = slice(head.s, hash);
	while (head.n > 1 && head.s[head.n - 1] == '/' && find(head, '/') != head.s + head.n - 1)
		head.n--;
	last = take_last(&head);
	if (last.s != NULL && head.n > 9 && memcmp(head.s + head.n - 9, "/_history", 9) == 0) {
		out->version = last;
		take_last(&head);
		last = take_last(&head);
	}
	out->id = last;
	if (last.s == NULL || !is_id(last) || !take_type(out, head))
		return false;
	out->kind = out->base.s == NULL ? FHIR_REFERENCE_RELATIVE : FHIR_REFERENCE_ABSOLUTE;
	return true;
}

void
fhir_reference_parse(struct fhir_reference *out, struct cw_str text)
{
	const char *question = find(text, '?');
	bool known;

	*out = (struct fhir_reference){ .kind = FHIR_REFERENCE_NONE, .text = text };
	if (text.n == 0)
		return;
	if (text.s[0] == '#') {
		out->kind = FHIR_REFERENCE_CONTAINED;
		out->id = slice(text.s + 1, text.s + text.n);
		return;
	}
	known = question == NULL ? parse_rest(out) : parse_search(out, question);
	if (!known)
		*out = (struct fhir_reference){ .kind = FHIR_REFERENCE_URI, .text = text };
}

static struct cw_str
lower_host(struct cw_str name, char room[FHIR_BASE_NAME])
{
	const char *path = find(name, '/');
	size_t host = path == NULL ? name.n : (size_t)(path - name.s);
	bool changed = false;

	if (name.n == 0 || name.n > FHIR_BASE_NAME)
		return name;
	memcpy(room, name.s, name.n);
	for (size_t i = 0; i < host; i++) {
		if (room[i] >= 'A' && room[i] <= 'Z') {
			room[i] = (char)(room[i] | 32);
			changed = true;
		}
	}
	return changed ? (struct cw_str){ room, name.n } : name;
}

struct cw_str
fhir_reference_base_name(struct cw_str base, char room[FHIR_BASE_NAME])
{
	size_t scheme = cw_str_starts(base, CW_STR("http://"))	  ? 7
			: cw_str_starts(base, CW_STR("https://")) ? 8
								  : 0;

	if (base.s == NULL)
		return base;
	base = (struct cw_str){ base.s + scheme, base.n - scheme };
	while (base.n > 0 && base.s[base.n - 1] == '/')
		base.n--;
	return lower_host(base, room);
}
