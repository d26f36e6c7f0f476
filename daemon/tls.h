/* tls: what a TLS listener needs: certificate, key, and the authority of its clients (PEM files).
 *
 * TLS 1.2 with forward secrecy and AEAD, or 1.3.  No renegotiation, no compression, no resumption:
 * a resumed connection would not verify its client again. */
#ifndef DAEMON_TLS_H
#define DAEMON_TLS_H

#include "fhir/base.h"

struct tls_server;
struct ssl_st; /* OpenSSL's SSL */

struct tls_files {
	const char *cert;      /* chain: own certificate first */
	const char *key;       /* nobody but owner and group may read it */
	const char *client_ca; /* each client must show a certificate under it; NULL: none asked */
};

/* Read the files; to renew, make a new one, and keep the old when this fails. *out is yours to
 * free. err->path is the file. CW_EIO: it cannot be read; CW_ESYNTAX: it is not PEM; CW_EVALUE: the
 * key is another's, weak, or open to everybody. */
CW_CHECK int tls_server_new(
    struct tls_server **out, const struct tls_files *files, struct cw_err *err);
/* Connections that were made with it live on; NULL allowed. */
void tls_server_free(struct tls_server *server);
/* Until when all certificates of the chain are valid, UTC ms. */
int64_t tls_server_expires(const struct tls_server *server);
/* The same of a file in PEM. CW_EIO: it cannot be read; CW_ESYNTAX: there is no certificate in it.
 */
CW_CHECK int tls_file_expires(int64_t *out, const char *file, struct cw_err *err);
/* Is there something to say at this time (UTC ms), though it can be used: expired, not yet valid,
 * to expire within 30 days?  Then remark says it. */
bool tls_server_doubtful(const struct tls_server *server, int64_t now, struct cw_err *remark);

/* The server's side of a new connection, the caller's to free with SSL_free; NULL when OpenSSL
 * fails. */
struct ssl_st *tls_server_accept(struct tls_server *server);
/* The names (SAN) in the client's verified certificate as "DNS:lab.example", "URI:...", "IP:...",
 * "email:..."; NULL at the end. NULL when it showed none. Yours to free with tls_names_free. */
char **tls_peer_names(const struct ssl_st *connection);
/* NULL allowed. */
void tls_names_free(char **names);

#endif
