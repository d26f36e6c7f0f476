/* One value: its text against the type and range of its key, and into its place. */
#include "daemon/conf_internal.h"
#include "fhir/types.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_SECRET = 32 };

struct unit {
	const char *name;
	int64_t factor;
};
static const struct unit durations[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60000 },
	{ "h", 3600000 },
	{ "d", 86400000 },
	{ NULL, 0 },
};
static const struct unit sizes[] = {
	{ "", 1 },
	{ "k", 1 << 10 },
	{ "M", 1 << 20 },
	{ "G", 1 << 30 },
	{ NULL, 0 },
};
static const struct unit counts[] = { { "", 1 }, { NULL, 0 } };

/* Digits and a unit; false for anything else, or more than 63 bits. */
static bool
read_number(int64_t *out, const char *text, const struct unit *unit)
{
	const char *p = text;
	int64_t n = 0;

	for (; isdigit((unsigned char)*p); p++) {
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *p - '0', &n))
			return false;
	}
	for (; p > text && unit->name != NULL; unit++) {
		if (strcmp(p, unit->name) == 0)
			return !__builtin_mul_overflow(n, unit->factor, out);
	}
	return false;
}

static int
set_number(const struct conf_key *key, void *at, const char *text, struct cw_err *err)
{
	const struct unit *unit = key->type == CONF_DURATION ? durations
				  : key->type == CONF_SIZE   ? sizes
							     : counts;
	const char *like = key->type == CONF_DURATION ? "a duration, such as 60s, 15m, 24h or 7d"
			   : key->type == CONF_SIZE   ? "a size, such as 65536, 64k or 16M"
						      : "a whole number";
	int64_t n;

	if (!read_number(&n, text, unit))
		return cw_fail(err, CW_EVALUE, "'%s' is not %s", text, like);
	if (n < key->least || n > key->most)
		return cw_fail(err, CW_EVALUE, "%s is out of range: %lld to %lld%s", text,
		    (long long)key->least, (long long)key->most,
		    key->type == CONF_DURATION ? " ms" : "");
	*(int64_t *)at = n;
	return CW_OK;
}

/* ---- words ---- */

/* The next word at *p, or absent. */
static struct cw_str
next_word(const char **p)
{
	struct cw_str word;

	*p += strspn(*p, " \t");
	word = (struct cw_str){ *p, strcspn(*p, " \t") };
	*p += word.n;
	return word.n == 0 ? (struct cw_str){ 0 } : word;
}

/* Which word of words it is, or -1. */
static int
which(const char *words, const char *text)
{
	struct cw_str word;

	for (int i = 0; (word = next_word(&words)).n > 0; i++) {
		if (cw_str_is(word, text))
			return i;
	}
	return -1;
}

static int
set_choice(
    const struct conf_key *key, void *at, const char *text, const char *copy, struct cw_err *err)
{
	int i = which(key->words, text);

	if (i < 0)
		return cw_fail(err, CW_EVALUE, "'%s' is none of: %s", text, key->words);
	if (key->type == CONF_MODE)
		*(enum conf_mode *)at = i == 0 ? CONF_LIVE : CONF_SHADOW;
	else
		*(const char **)at = copy;
	return CW_OK;
}

static int
check_types(const char *text, struct cw_err *err)
{
	const struct fhir_model *model = fhir_model_r4();
	struct fhir_type_info info;
	struct cw_str word;

	while ((word = next_word(&text)).n > 0) {
		unsigned type = fhir_type_find(model, word);

		if (fhir_type_is_resource(model, type))
			fhir_type_describe(model, type, &info);
		if (!fhir_type_is_resource(model, type) || info.abstract)
			return cw_fail(
			    err, CW_EVALUE, "'%.*s' is no resource type of FHIR R4", CW_ARG(word));
	}
	return CW_OK;
}

/* As tls_peer_names gives them. */
static int
check_names(const char *text, struct cw_err *err)
{
	static const char *const kind[] = { "DNS:", "URI:", "IP:", "email:" };
	struct cw_str word;

	while ((word = next_word(&text)).n > 0) {
		size_t i = 0;

		while (i < 4 && !cw_str_starts(word, cw_str(kind[i])))
			i++;
		if (i == 4 || word.n == strlen(kind[i]))
			return cw_fail(err, CW_EVALUE,
			    "'%.*s' does not begin with DNS:, URI:, IP: or email:", CW_ARG(word));
	}
	return CW_OK;
}

/* ---- addresses and URLs ---- */

static bool
read_address(const char *text, char host[64], bool *six)
{
	const char *colon = strrchr(text, ':');
	unsigned char bytes[16];
	int64_t port;
	size_t n;

	if (colon == NULL || strlen(colon) > 6 || !read_number(&port, colon + 1, counts) ||
	    port > 65535)
		return false;
	*six = text[0] == '[';
	n = (size_t)(colon - text);
	if (*six && (n < 2 || text[n - 1] != ']'))
		return false;
	text += *six;
	n -= *six ? 2 : 0;
	if (n >= 64)
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	return inet_pton(*six ? AF_INET6 : AF_INET, host, bytes) == 1;
}

bool
conf_is_loopback(const char *address)
{
	char host[64];
	bool six;

	if (address[0] == '/')
		return true;
	if (!read_address(address, host, &six))
		return false;
	return six ? strcmp(host, "::1") == 0 : strncmp(host, "127.", 4) == 0;
}

static int
check_address(const char *text, struct cw_err *err)
{
	char host[64];
	bool six;

	if (text[0] == '/' ? strlen(text) < 108 : read_address(text, host, &six))
		return CW_OK;
	return cw_fail(err, CW_EVALUE,
	    "'%s' is not an address and port, such as 127.0.0.1:8086 or [::1]:8086, nor a path of "
	    "at "
	    "most 107 bytes",
	    text);
}

static const char url_wrong[] = "is not a URL such as https://fhir.example/r4 (no user, query, "
				"fragment, dot segment)";

static const char host_bytes[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

/* The length without slashes at its end, or 0. RFC 3986, what a base URL needs of it. */
static size_t
read_url(const char *text)
{
	const char *host = strstr(text, "://"), *path;
	size_t n;
	int64_t port;

	if (strncmp(text, "https://", 8) != 0 && strncmp(text, "http://", 7) != 0)
		return 0;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p <= 0x20 || *p > 0x7e || strchr("@\\?#%\"<>^`{|}", *p) != NULL)
			return 0;
	}
	host += 3;
	path = host + strcspn(host, "/");
	n = host[0] == '[' ? strcspn(host, "]/") + 1 : strspn(host, host_bytes);
	if (n == 0 || host + n > path || (host[0] == '[' && host[n - 1] != ']'))
		return 0;
	host += n;
	if (host < path) {
		char digits[8] = "";

		if (host[0] != ':' || path - host > 6 || path - host < 2)
			return 0;
		memcpy(digits, host + 1, (size_t)(path - host) - 1);
		if (!read_number(&port, digits, counts) || port < 1 || port > 65535)
			return 0;
	}
	n = strlen(text);
	while (text[n - 1] == '/')
		n--;
	for (const char *end = text + n; path < end; path += 1 + strcspn(path + 1, "/")) {
		size_t length = strcspn(path + 1, "/");

		if (length == 0 || (path[1] == '.' && length == 1) ||
		    (strncmp(path + 1, "..", 2) == 0 && length == 2))
			return 0;
	}
	return n;
}

/* RFC 9110 5.6.2. */
static int
check_token(const char *text, struct cw_err *err)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (!isalnum((unsigned char)*p) && strchr("!#$%&'*+-.^_`|~", *p) == NULL)
			return cw_fail(err, CW_EVALUE, "'%s' is not the name of a header", text);
	}
	return CW_OK;
}

/* ---- paths ---- */

static int
set_folders(struct conf *conf, const char *const **at, const char *text, const char *folder,
    struct cw_err *err)
{
	const char **list = cw_alloc(conf->arena, (strlen(text) / 2 + 2) * sizeof(*list));
	struct cw_str word;

	*at = list;
	while ((word = next_word(&text)).n > 0) {
		*list = conf_path(conf->arena, folder, cw_str_dup(conf->arena, word).s, err);
		if (*list++ == NULL)
			return err->code;
	}
	return CW_OK;
}

static int
set_path(struct conf *conf, void *object, const struct conf_key *key, const char *text,
    const char *folder, const struct conf_place *place, struct cw_err *err)
{
	bool secret = key->type == CONF_SECRET_FILE || key->type == CONF_AUTH_FILE;
	struct cw_str *content = secret ? (void *)((char *)object + key->content) : NULL;
	const char *path = conf_path(conf->arena, folder, text, err);
	int rc;

	if (path == NULL)
		return err->code;
	*(const char **)((char *)object + key->at) = path;
	if (key->type == CONF_FOLDER)
		return CW_OK;
	rc = conf_file_check(conf, path, secret || key->type == CONF_KEY_FILE, content, place, err);
	if (rc == CW_OK && key->type == CONF_SECRET_FILE && content->n < LEAST_SECRET)
		rc = cw_fail(err, CW_EVALUE, "%s: a secret needs at least %d characters", path,
		    LEAST_SECRET);
	if (rc == CW_OK && key->type == CONF_SECRET_FILE &&
	    memchr(content->s, ' ', content->n) != NULL)
		rc = cw_fail(err, CW_EVALUE, "%s: a secret has no blanks", path);
	return rc;
}

/* ---- the value ---- */

static int
set_text(
    void *at, const struct conf_key *key, const char *text, const char *copy, struct cw_err *err)
{
	int rc = CW_OK;

	*(const char **)at = copy;
	if (key->type == CONF_ADDRESS)
		rc = check_address(text, err);
	else if (key->type == CONF_TOKEN)
		rc = check_token(text, err);
	else if (key->type == CONF_NAMES)
		rc = check_names(text, err);
	else if (key->type == CONF_TYPES)
		rc = check_types(text, err);
	return rc;
}

static int
set(struct conf *conf, void *object, const struct conf_key *key, const char *text,
    const char *folder, const struct conf_place *place, struct cw_err *err)
{
	const char *copy = cw_fmt(conf->arena, "%s", text).s;
	void *at = (char *)object + key->at;
	size_t n;

	switch (key->type) {
	case CONF_COUNT:
	case CONF_DURATION:
	case CONF_SIZE:
		return set_number(key, at, text, err);
	case CONF_CHOICE:
	case CONF_MODE:
		return set_choice(key, at, text, copy, err);
	case CONF_FOLDERS:
		return set_folders(conf, at, text, folder, err);
	case CONF_AUTH_FILE:
	case CONF_FILE:
	case CONF_FOLDER:
	case CONF_KEY_FILE:
	case CONF_SECRET_FILE:
		return set_path(conf, object, key, text, folder, place, err);
	case CONF_URL:
		n = read_url(text);
		if (n == 0)
			return cw_fail(err, CW_EVALUE, "'%s' %s", text, url_wrong);
		*(const char **)at = cw_str_dup(conf->arena, (struct cw_str){ text, n }).s;
		return CW_OK;
	case CONF_ADDRESS:
	case CONF_NAMES:
	case CONF_TOKEN:
	case CONF_TYPES:
	case CONF_WORDS:
		return set_text(at, key, text, copy, err);
	}
	return CW_OK;
}

int
conf_value_set(struct conf *conf, void *object, const struct conf_key *key, const char *text,
    const char *folder, const struct conf_place *place, struct cw_err *err)
{
	struct cw_err why = { 0 };
	int rc = set(conf, object, key, text, folder, place, &why);

	if (rc < 0)
		cw_fail_at(err, rc, place->line, 0, place->file, "%s: %s", key->name, why.text);
	return rc;
}
