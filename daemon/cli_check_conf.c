#include "daemon/cli_check.h"
#include "daemon/package_dir.h"
#include "daemon/rules.h"
#include "daemon/store.h"
#include "daemon/tls.h"

#include <string.h>
#include <time.h>

struct checked {
	struct conf *conf;
	struct rules *rules;
	int database;		  /* what store_check said */
	struct cw_err remark[16]; /* on certificates */
	size_t remarks;
};

/* ---- loading ---- */

static int
load_certificate(struct checked *c, const char *section, const char *name, const char *key,
    const struct tls_files *files, struct cw_err *err)
{
	struct tls_server *tls = NULL;
	struct cw_err why = { 0 };
	struct cw_err *remark = &c->remark[c->remarks];

	if (files->cert == NULL)
		return CW_OK;
	if (tls_server_new(&tls, files, &why) < 0)
		return conf_fault(err, c->conf, section, name, key, &why);
	if (c->remarks < sizeof(c->remark) / sizeof(c->remark[0]) &&
	    tls_server_doubtful(tls, (int64_t)time(NULL) * 1000, remark)) {
		snprintf(remark->path, sizeof(remark->path), "%s", files->cert);
		c->remarks++;
	}
	tls_server_free(tls);
	return CW_OK;
}

static int
load_certificates(struct checked *c, struct cw_err *err)
{
	const struct conf *f = c->conf;
	struct tls_files server = { f->tls_cert, f->tls_key, f->client_ca };
	int rc = load_certificate(c, "server", "", "tls_cert", &server, err);

	for (size_t i = 0; rc == CW_OK && i < f->feeds; i++) {
		struct tls_files files = { f->feed[i].cert_file, f->feed[i].key_file, NULL };

		rc = load_certificate(c, "feed", f->feed[i].name, "cert_file", &files, err);
	}
	for (size_t i = 0; rc == CW_OK && i < f->targets; i++) {
		struct tls_files files = { f->target[i].cert_file, f->target[i].key_file, NULL };

		rc = load_certificate(c, "target", f->target[i].name, "cert_file", &files, err);
	}
	return rc;
}

static int
load(struct checked *c, const char *path, struct cw_err *err)
{
	int rc = conf_load(&c->conf, path, err);

	if (rc == CW_OK)
		rc = rules_load(&c->rules, c->conf, err);
	if (rc == CW_OK)
		rc = load_certificates(c, err);
	return rc;
}

/* ---- printing ---- */

static void
print_conf(const struct checked *c, const char *path)
{
	const struct conf *f = c->conf;

	cli_check_heading("Configuration");
	cli_print(stdout, "  file      %s\n", path);
	cli_print(stdout, "  sha256    %s\n", f->sha256);
	cli_print(stdout, "  listen    %s%s\n", f->listen, f->tls_cert == NULL ? "" : " (TLS)");
	cli_print(stdout, "  admin     %s\n", f->admin);
	cli_print(stdout, "  database  %s%s\n", f->state_dir,
	    c->database == STORE_BUSY ? " (in use: not looked at)" : "");
	cli_print(stdout, "  mode      %s%s%s\n", f->mode == CONF_LIVE ? "live" : "shadow",
	    f->shadow == NULL ? "" : ", in shadow: ", f->shadow == NULL ? "" : f->shadow);
	for (size_t i = 0; i < f->feeds; i++)
		cli_print(stdout, "  feed      %s  %s%s\n", f->feed[i].name,
		    f->feed[i].base == NULL ? "push only" : f->feed[i].base,
		    f->feed[i].secret.n > 0 ? "" : ", no secret");
	for (size_t i = 0; i < f->targets; i++)
		cli_print(stdout, "  target    %s  %s\n", f->target[i].name,
		    f->target[i].base == NULL ? "printed" : f->target[i].base);
}

static void
print_remark(const struct cw_err *e)
{
	if (e->line > 0)
		cli_print(stdout, "  %s:%zu: %s\n", e->path, e->line, e->text);
	else
		cli_print(stdout, "  %s%s%s\n", e->path, e->path[0] == '\0' ? "" : ": ", e->text);
}

static void
print(const struct checked *c, const char *path)
{
	print_conf(c, path);
	if (!cli_check_print(c->rules->package, c->rules->terms, c->rules->plan) &&
	    c->remarks + c->conf->remarks > 0)
		cli_check_heading("Remarks");
	for (size_t i = 0; i < c->conf->remarks; i++)
		print_remark(&c->conf->remark[i]);
	for (size_t i = 0; i < c->remarks; i++)
		print_remark(&c->remark[i]);
}

int
cli_check_conf(const char *path)
{
	struct checked c = { 0 };
	struct cw_err err = { 0 };
	int status = EX_OK;

	if (load(&c, path, &err) < 0)
		status = package_dir_fault(&err);
	else if ((c.database = store_check(c.conf->state_dir, &err)) < 0)
		status = cli_fault(c.conf->state_dir, &err);
	else
		print(&c, path);
	rules_free(c.rules);
	conf_free(c.conf);
	return status;
}
