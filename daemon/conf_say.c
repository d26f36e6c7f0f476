/* A configuration in words: the sample, and what a reload cannot take over. */
#include "daemon/conf_internal.h"

#include <string.h>

enum { WIDTH = 78 };

/* Text in comment lines. */
static void
print_comment(FILE *out, const char *text)
{
	size_t column = 1;

	fputc('#', out);
	while (*text != '\0') {
		size_t n = strcspn(text, " ");

		if (column + 1 + n > WIDTH) {
			fputs("\n#", out);
			column = 1;
		}
		fprintf(out, " %.*s", (int)n, text);
		column += 1 + n;
		text += n + strspn(text + n, " ");
	}
	fputc('\n', out);
}

/* A number in the largest unit that it is a multiple of. */
static void
write_number(struct cw_buf *b, enum conf_type type, int64_t n)
{
	static const struct {
		enum conf_type type;
		int64_t factor;
		const char *name;
	} unit[] = { { CONF_DURATION, 86400000, "d" }, { CONF_DURATION, 3600000, "h" },
		{ CONF_DURATION, 60000, "m" }, { CONF_DURATION, 1000, "s" },
		{ CONF_SIZE, 1 << 30, "G" }, { CONF_SIZE, 1 << 20, "M" },
		{ CONF_SIZE, 1 << 10, "k" }, { CONF_COUNT, 1, "" } };
	size_t i = 0;

	while (unit[i].type != type || n % unit[i].factor != 0)
		i++;
	cw_buf_printf(b, "%lld%s", (long long)(n / unit[i].factor), unit[i].name);
}

static void
print_range(FILE *out, const struct conf_key *key)
{
	struct cw_buf b;

	cw_buf_init(&b, 0);
	cw_buf_puts(&b, "From ");
	write_number(&b, key->type, key->least);
	cw_buf_puts(&b, " to ");
	write_number(&b, key->type, key->most);
	cw_buf_puts(&b, ".");
	print_comment(out, b.s);
	cw_buf_fini(&b);
}

static void
print_key(FILE *out, const struct conf_key *key)
{
	fputc('\n', out);
	print_comment(out, key->help);
	if (key->most > 0)
		print_range(out, key);
	if (key->restart)
		print_comment(out, "Taken over at a start only.");
	fprintf(out, "#%s = %s\n", key->name, key->fallback != NULL ? key->fallback : key->example);
}

void
conf_print_sample(FILE *out)
{
	print_comment(out,
	    "cordwatch.conf: every key with its default, or with an example where it has none. "
	    "Files "
	    "conf.d/*.conf beside this one are read after it, in the order of their names, and may "
	    "give a key again. Relative paths begin at the folder of this file. Instead of a path, "
	    "credential:NAME names a systemd credential. At least one [feed NAME] and one "
	    "[target NAME] must be there. cordwatch check --config FILE checks it.");
	for (size_t i = 0; i < conf_n_kinds; i++) {
		const struct conf_kind *kind = &conf_kinds[i];

		fputc('\n', out);
		print_comment(out, kind->help);
		fprintf(out, kind->named ? "#[%s NAME]\n" : "[%s]\n", kind->name);
		for (size_t k = 0; k < conf_n_keys; k++) {
			if (strcmp(conf_keys[k].section, kind->name) == 0)
				print_key(out, &conf_keys[k]);
		}
	}
}

/* Keys that need a start are texts, which may be absent, or numbers. */
static bool
same(const struct conf_key *key, const struct conf *a, const struct conf *b)
{
	const char *x = (const char *)a + key->at, *y = (const char *)b + key->at;

	if (key->type == CONF_COUNT || key->type == CONF_SIZE)
		return memcmp(x, y, sizeof(int64_t)) == 0;
	return cw_str_eq(cw_str(*(const char *const *)x), cw_str(*(const char *const *)y));
}

const char *
conf_needs_restart(const struct conf *old, const struct conf *now)
{
	for (size_t i = 0; i < conf_n_keys; i++) {
		if (conf_keys[i].restart && !same(&conf_keys[i], old, now))
			return conf_keys[i].name;
	}
	return (old->tls_cert == NULL) != (now->tls_cert == NULL) ? "tls_cert" : NULL;
}
