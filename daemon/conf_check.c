/* What a configuration must hold as a whole. */
#include "daemon/conf_internal.h"

#include <string.h>

struct check {
	struct conf *conf;
	struct cw_err *err;
};

static const struct conf_section *
find_section(const struct conf *conf, const char *kind, const char *name)
{
	const struct conf_section *s = conf->sections;

	while (s != NULL && (strcmp(s->kind->name, kind) != 0 || strcmp(s->name, name) != 0))
		s = s->next;
	return s;
}

/* Where a key was given, else its section, else the file. */
static struct conf_place
place_of(const struct conf *conf, const char *kind, const char *name, const char *key)
{
	const struct conf_section *s = find_section(conf, kind, name);
	const struct conf_entry *e = conf_entry_find(s, key);

	if (e != NULL)
		return e->place;
	return s != NULL ? s->place : (struct conf_place){ conf->path, 0 };
}

int
conf_fault(struct cw_err *err, const struct conf *conf, const char *section, const char *name,
    const char *key, const struct cw_err *why)
{
	struct conf_place at = place_of(conf, section, name, key);

	return cw_fail_at(err, why->code, at.line, 0, at.file, "%s: %s%s%s", key, why->path,
	    why->path[0] == '\0' ? "" : ": ", why->text);
}

static int refuse(const struct check *c, const char *kind, const char *name, const char *key,
    const char *fmt, ...) CW_PRINTF(5, 6);

static int
refuse(const struct check *c, const char *kind, const char *name, const char *key, const char *fmt,
    ...)
{
	struct conf_place at = place_of(c->conf, kind, name, key);
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return cw_fail_at(c->err, CW_EVALUE, at.line, 0, at.file, "%s", text);
}

/* Does it leave this machine without TLS? */
static bool
is_clear(const char *url)
{
	const char *host;
	char address[64];
	int n;

	if (url == NULL || strncmp(url, "http://", 7) != 0)
		return false;
	host = url + 7;
	n = (int)(host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/"));
	snprintf(address, sizeof(address), "%.*s:1", n, host);
	return !conf_is_loopback(address) && strcmp(address, "localhost:1") != 0;
}

static int
check_server(const struct check *c)
{
	const struct conf *f = c->conf;
	bool open = !conf_is_loopback(f->listen);

	if ((f->tls_cert == NULL) != (f->tls_key == NULL))
		return refuse(c, "server", "", f->tls_cert == NULL ? "tls_key" : "tls_cert",
		    "tls_cert and tls_key go together: %s is missing",
		    f->tls_cert == NULL ? "tls_cert" : "tls_key");
	if (f->client_ca != NULL && f->tls_cert == NULL)
		return refuse(c, "server", "", "client_ca", "client_ca needs tls_cert");
	if (open && f->tls_cert == NULL)
		return refuse(c, "server", "", "listen",
		    "listen %s: other machines reach it, so it needs tls_cert and tls_key",
		    f->listen);
	if (!conf_is_loopback(f->admin))
		return refuse(c, "server", "", "admin",
		    "admin %s: only loopback or the path of a unix socket", f->admin);
	if (strcmp(f->admin, f->listen) == 0)
		return refuse(c, "server", "", "admin", "admin and listen are both %s", f->admin);
	return CW_OK;
}

/* Of feeds and targets alike. */
static int
check_client(const struct check *c, const char *kind, const char *name, const char *base,
    const char *cert, const char *key, struct cw_str auth)
{
	struct conf_place at = place_of(c->conf, kind, name, "base");

	if ((cert == NULL) != (key == NULL))
		return refuse(c, kind, name, cert == NULL ? "key_file" : "cert_file",
		    "cert_file and key_file go together: %s is missing",
		    cert == NULL ? "cert_file" : "key_file");
	if (base == NULL && (cert != NULL || auth.n > 0))
		return refuse(c, kind, name, cert != NULL ? "cert_file" : "auth_file",
		    "%s needs base", cert != NULL ? "cert_file" : "auth_file");
	if (is_clear(base))
		conf_remark(
		    c->conf, &at, "%s %s: patients' data go over the network in clear", kind, name);
	return CW_OK;
}

static int
check_feed(const struct check *c, const struct conf_feed *f)
{
	bool open = !conf_is_loopback(c->conf->listen);

	if (open && f->secret.n == 0)
		return refuse(c, "feed", f->name, "secret_file",
		    "feed %s needs a secret_file: other machines reach listen", f->name);
	if (f->previous_secret.n > 0 && f->secret.n == 0)
		return refuse(c, "feed", f->name, "previous_secret_file",
		    "previous_secret_file needs secret_file");
	if (f->allow_san != NULL && c->conf->client_ca == NULL)
		return refuse(
		    c, "feed", f->name, "allow_san", "allow_san needs client_ca in [server]");
	if (f->base == NULL && f->types != NULL)
		return refuse(c, "feed", f->name, "types", "types needs base");
	if (f->base != NULL && c->conf->public == NULL &&
	    (strncmp(c->conf->listen, "0.0.0.0:", 8) == 0 ||
		strncmp(c->conf->listen, "[::]:", 5) == 0 || c->conf->listen[0] == '/'))
		return refuse(c, "server", "", "listen",
		    "listen %s: servers cannot send to it, so public is needed", c->conf->listen);
	return check_client(c, "feed", f->name, f->base, f->cert_file, f->key_file, f->auth);
}

int
conf_check(struct conf *conf, struct cw_err *err)
{
	struct check c = { conf, err };
	int rc = check_server(&c);

	if (rc == CW_OK && conf->feeds == 0)
		rc = refuse(&c, "", "", "", "no [feed NAME]: nothing is watched");
	if (rc == CW_OK && conf->targets == 0)
		rc = refuse(&c, "", "", "", "no [target NAME]: requests have nowhere to go");
	for (size_t i = 0; rc == CW_OK && i < conf->feeds; i++)
		rc = check_feed(&c, &conf->feed[i]);
	for (size_t i = 0; rc == CW_OK && i < conf->targets; i++) {
		const struct conf_target *t = &conf->target[i];

		rc = check_client(
		    &c, "target", t->name, t->base, t->cert_file, t->key_file, t->auth);
	}
	return rc;
}
