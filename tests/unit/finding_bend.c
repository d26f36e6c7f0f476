/* finding_bend: JSON whose values are written otherwise than FHIR wants. */
#include "tests/unit/finding_bend.h"

#include <string.h>

const char *
json_value_end(const char *s)
{
	int depth = 0;

	do {
		if (*s == '"') {
			for (s++; *s != '"'; s++)
				s += *s == '\\';
		} else if (*s == '{' || *s == '[') {
			depth++;
		} else if (*s == '}' || *s == ']') {
			depth--;
		} else if (depth == 0) {
			while (strchr(",]} \n", s[1]) == NULL)
				s++;
		}
		s++;
	} while (depth > 0);
	return s;
}

bool
json_bend(struct cw_buf *out, const char *text, const char *from, const char *to, int how)
{
	static const char *const before[] = { "\"", "7", "true", "[", "{\"value\":", "" };
	static const char *const after[] = { "\"", "", "", "]", "}", "" };
	bool scalar = *from != '{' && *from != '[', keep = how == 0 || how > 2;

	if ((how == 0 && (!scalar || *from == '"')) || (how == 3 && *from == '[') ||
	    (how == 4 && !scalar) || (how == 5 && *from != '[') ||
	    (how == 2 && (*from == 't' || *from == 'f')) ||
	    (how == 1 && (*from == '-' || (*from >= '0' && *from <= '9'))))
		return false;
	cw_buf_clear(out);
	cw_buf_printf(out, "%.*s%s", (int)(from - text), text, before[how]);
	if (keep && how == 5)
		cw_buf_printf(out, "%.*s", (int)(json_value_end(from + 1) - from - 1), from + 1);
	else if (keep)
		cw_buf_printf(out, "%.*s", (int)(to - from), from);
	cw_buf_printf(out, "%s%s", after[how], to);
	return true;
}
