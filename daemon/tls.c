#include "daemon/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { CLIENT_CHAIN = 3, DAYS_LEFT = 30 };

struct tls_server {
	SSL_CTX *context;
	int64_t begins, expires;
};

/* An error with the file as its path and OpenSSL's reason, of which the first is the cause. */
static int
fail(struct cw_err *err, int code, const char *file, const char *what)
{
	unsigned long error = ERR_get_error();
	const char *reason = error ? ERR_reason_error_string(error) : NULL;

	/* A file that is no PEM at all has "no start line", which says little. */
	if (error &&
	    (ERR_GET_LIB(error) == ERR_LIB_PEM || ERR_GET_LIB(error) == ERR_LIB_OSSL_DECODER))
		reason = "it is not in PEM form, or protected by a password";
	ERR_clear_error();
	return cw_fail_at(
	    err, code, 0, 0, file, "%s%s%s", what, reason ? ": " : "", reason ? reason : "");
}

static int
can_read(const char *file, bool secret, struct cw_err *err)
{
	struct stat st;
	FILE *f = fopen(file, "re");
	int failed = f ? fstat(fileno(f), &st) : -1;

	if (f)
		fclose(f);
	if (failed)
		return cw_fail_at(
		    err, CW_EIO, 0, 0, file, "it cannot be read: %s", strerror(errno));
	if (secret && (st.st_mode & S_IRWXO))
		return cw_fail_at(err, CW_EVALUE, 0, 0, file, "everybody may read this key");
	return CW_OK;
}

/* Nobody is there to be asked for a password. */
static int
no_password(char *buffer, int size, int writing, void *arg)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static int
set_rules(SSL_CTX *context, struct cw_err *err)
{
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
					 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_security_level(context, 2);
	SSL_CTX_set_default_passwd_cb(context, no_password);
	if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_num_tickets(context, 0) != 1 ||
	    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
		return fail(err, CW_EIO, NULL, "OpenSSL refuses its settings");
	return CW_OK;
}

static int
load_pair(SSL_CTX *context, const struct tls_files *files, struct cw_err *err)
{
	int code = can_read(files->cert, false, err);

	if (code == CW_OK)
		code = can_read(files->key, true, err);
	if (code != CW_OK)
		return code;
	if (SSL_CTX_use_certificate_chain_file(context, files->cert) != 1) {
		bool weak = ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_SSL;

		return fail(err, weak ? CW_EVALUE : CW_ESYNTAX, files->cert,
		    "the certificate cannot be used");
	}
	/* Loading a key compares it with the certificate. */
	if (SSL_CTX_use_PrivateKey_file(context, files->key, SSL_FILETYPE_PEM) != 1) {
		bool other = ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_X509;

		return fail(err, other ? CW_EVALUE : CW_ESYNTAX, files->key,
		    other ? "this key is not that of the certificate" : "the key cannot be used");
	}
	return CW_OK;
}

static int
load_client_ca(SSL_CTX *context, const char *file, struct cw_err *err)
{
	STACK_OF(X509_NAME) * names;
	int code = can_read(file, false, err);

	if (code != CW_OK)
		return code;
	names = SSL_load_client_CA_file(file);
	if (!names || SSL_CTX_load_verify_file(context, file) != 1) {
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		return fail(err, CW_ESYNTAX, file, "the authority of clients cannot be used");
	}
	SSL_CTX_set_client_CA_list(context, names);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_verify_depth(context, CLIENT_CHAIN);
	return CW_OK;
}

static int64_t
milliseconds(const ASN1_TIME *time)
{
	struct tm tm;

	return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) * 1000 : 0;
}

/* The narrowest of the chain. */
static void
read_validity(struct tls_server *server)
{
	STACK_OF(X509) *chain = NULL;
	X509 *own = SSL_CTX_get0_certificate(server->context);

	server->begins = milliseconds(X509_get0_notBefore(own));
	server->expires = milliseconds(X509_get0_notAfter(own));
	SSL_CTX_get0_chain_certs(server->context, &chain);
	for (int i = 0; i < sk_X509_num(chain); i++) {
		int64_t begins = milliseconds(X509_get0_notBefore(sk_X509_value(chain, i)));
		int64_t expires = milliseconds(X509_get0_notAfter(sk_X509_value(chain, i)));

		if (begins > server->begins)
			server->begins = begins;
		if (expires < server->expires)
			server->expires = expires;
	}
}

int
tls_server_new(struct tls_server **out, const struct tls_files *files, struct cw_err *err)
{
	struct tls_server *server = cw_calloc(1, sizeof(*server));
	int code;

	ERR_clear_error();
	server->context = SSL_CTX_new(TLS_server_method());
	if (!server->context)
		abort(); /* for want of memory */
	code = set_rules(server->context, err);
	if (code == CW_OK)
		code = load_pair(server->context, files, err);
	if (code == CW_OK && files->client_ca)
		code = load_client_ca(server->context, files->client_ca, err);
	if (code != CW_OK) {
		tls_server_free(server);
		return code;
	}
	read_validity(server);
	*out = server;
	return CW_OK;
}

void
tls_server_free(struct tls_server *server)
{
	if (!server)
		return;
	SSL_CTX_free(server->context);
	free(server);
}

int64_t
tls_server_expires(const struct tls_server *server)
{
	return server->expires;
}

int
tls_file_expires(int64_t *out, const char *file, struct cw_err *err)
{
	BIO *bio = BIO_new_file(file, "r");
	X509 *one;
	int64_t first = INT64_MAX;

	if (bio == NULL) {
		ERR_clear_error();
		return cw_fail(err, CW_EIO, "cannot be read");
	}
	while ((one = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		int64_t expires = milliseconds(X509_get0_notAfter(one));

		first = expires < first ? expires : first;
		X509_free(one);
	}
	BIO_free(bio);
	ERR_clear_error(); /* the end of the file is one */
	if (first == INT64_MAX)
		return cw_fail(err, CW_ESYNTAX, "there is no certificate in it");
	*out = first;
	return CW_OK;
}

bool
tls_server_doubtful(const struct tls_server *server, int64_t now, struct cw_err *remark)
{
	const int64_t day = INT64_C(24) * 3600 * 1000;
	int64_t days = (server->expires - now) / day;

	if (now < server->begins)
		cw_fail(remark, CW_EVALUE, "the certificate is not valid yet");
	else if (now >= server->expires)
		cw_fail(remark, CW_EVALUE, "the certificate has expired");
	else if (days < DAYS_LEFT)
		cw_fail(remark, CW_EVALUE, "the certificate expires in %d days", (int)days);
	else
		return false;
	return true;
}

struct ssl_st *
tls_server_accept(struct tls_server *server)
{
	SSL *connection = SSL_new(server->context);

	if (connection)
		SSL_set_accept_state(connection);
	return connection;
}

/* ---- names of the peer ---- */

/* Text of a name, or NULL when it is of another kind or holds a NUL. */
static char *
name_text(const GENERAL_NAME *name)
{
	static const struct {
		int type;
		const char *word;
	} words[] = { { GEN_DNS, "DNS" }, { GEN_URI, "URI" }, { GEN_EMAIL, "email" } };
	char address[INET6_ADDRSTRLEN];
	struct cw_buf text;

	cw_buf_init(&text, 0);
	if (name->type == GEN_IPADD) {
		const ASN1_OCTET_STRING *ip = name->d.iPAddress;
		int family = ASN1_STRING_length(ip) == 4 ? AF_INET : AF_INET6;

		if ((family == AF_INET || ASN1_STRING_length(ip) == 16) &&
		    inet_ntop(family, ASN1_STRING_get0_data(ip), address, sizeof(address)))
			cw_buf_printf(&text, "IP:%s", address);
		return text.s;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const ASN1_IA5STRING *s = name->d.ia5;
		size_t n;

		if (name->type != words[i].type)
			continue;
		n = (size_t)ASN1_STRING_length(s);
		if (!memchr(ASN1_STRING_get0_data(s), '\0', n))
			cw_buf_printf(&text, "%s:%.*s", words[i].word, (int)n,
			    (const char *)ASN1_STRING_get0_data(s));
	}
	return text.s;
}

char **
tls_peer_names(const struct ssl_st *connection)
{
	X509 *peer = SSL_get0_peer_certificate(connection);
	GENERAL_NAMES *names;
	char **out;
	size_t n = 0;

	if (!peer || SSL_get_verify_result(connection) != X509_V_OK)
		return NULL;
	names = X509_get_ext_d2i(peer, NID_subject_alt_name, NULL, NULL);
	out = cw_calloc((size_t)(names ? sk_GENERAL_NAME_num(names) : 0) + 1, sizeof(*out));
	for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
		out[n] = name_text(sk_GENERAL_NAME_value(names, i));
		if (out[n])
			n++;
	}
	GENERAL_NAMES_free(names);
	return out;
}

void
tls_names_free(char **names)
{
	if (!names)
		return;
	for (size_t i = 0; names[i]; i++)
		free(names[i]);
	free(names);
}
