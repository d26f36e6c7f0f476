/* Every key of cordwatch.conf, in the order of the sample. */
#include "daemon/conf_internal.h"

#include <string.h>

#define SECOND 1000LL
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

#define SERVER(key, member, kind)                                                                  \
	.section = "server", .name = key, .type = kind, .at = offsetof(struct conf, member)
#define PACKAGE(key, member, kind)                                                                 \
	.section = "package", .name = key, .type = kind, .at = offsetof(struct conf, member)
#define RETENTION(member)                                                                          \
	.section = "retention", .name = #member, .type = CONF_DURATION,                            \
	.at = offsetof(struct conf, member), .most = 36500 * DAY
#define FEED(member, kind)                                                                         \
	.section = "feed", .name = #member, .type = kind, .at = offsetof(struct conf_feed, member)
#define TARGET(member, kind)                                                                       \
	.section = "target", .name = #member, .type = kind,                                        \
	.at = offsetof(struct conf_target, member)

const struct conf_kind conf_kinds[] = {
	{ "server", false, false, "Where cordwatch listens and keeps its state." },
	{ "package", false, false, "The knowledge: criteria, codes, orders." },
	{ "set", false, true,
	    "Parameters of the plan that this site sets otherwise: NAME = VALUE, as with --set of "
	    "cordwatch evaluate. cordwatch check lists them." },
	{ "retention", false, false, "How long what is no longer needed is kept." },
	{ "audit", false, false, "The chain of audit records." },
	{ "feed", true, false,
	    "A source of FHIR data. NAME (a-z, 0-9, . _ -; at most 32) is a segment of the URL "
	    "that it "
	    "sends to, {public}/fhir/NAME, and stands in logs and metrics. One section for each." },
	{ "target", true, false, "Where requests go. One section for each." },
};
const size_t conf_n_kinds = sizeof(conf_kinds) / sizeof(conf_kinds[0]);

const struct conf_key conf_keys[] = {
	{ SERVER("state_dir", state_dir, CONF_FOLDER), .example = "/var/lib/cordwatch",
	    .restart = true,
	    .help =
		"Folder of the database. Without it: $STATE_DIRECTORY, which systemd sets, else "
		"$XDG_STATE_HOME/cordwatch, else ~/.local/state/cordwatch." },
	{ SERVER("listen", listen, CONF_ADDRESS), .fallback = "127.0.0.1:8086", .restart = true,
	    .help =
		"Where feeds send to: address:port, or the path of a unix socket. An address that "
		"other machines reach needs tls_cert, tls_key and a secret_file in every feed." },
	{ SERVER("public", public, CONF_URL), .example = "https://cordwatch.hospital.example:8086",
	    .help = "Base URL by which FHIR servers reach cordwatch, written into Subscriptions. "
		    "Without "
		    "it: made from listen." },
	{ SERVER("tls_cert", tls_cert, CONF_FILE), .example = "tls.pem",
	    .help = "Certificate of the listener and its chain, PEM." },
	{ SERVER("tls_key", tls_key, CONF_KEY_FILE), .example = "tls.key",
	    .help = "Private key of tls_cert, PEM." },
	{ SERVER("client_ca", client_ca, CONF_FILE), .example = "clients.pem",
	    .help =
		"Authorities of client certificates, PEM. With it, every sender must show one." },
	{ SERVER("admin", admin, CONF_ADDRESS), .fallback = "127.0.0.1:8087", .restart = true,
	    .help =
		"Where health and metrics are served: address:port on loopback, or the path of a "
		"unix socket." },
	{ SERVER("secret_header", secret_header, CONF_TOKEN), .fallback = "X-Cordwatch-Secret",
	    .restart = true, .help = "Header in which a sender shows the secret of its feed." },
	{ SERVER("connections", connections, CONF_COUNT), .fallback = "4096", .least = 16,
	    .most = 100000, .restart = true, .help = "Connections at once; more have to wait." },
	{ SERVER("largest_body", largest_body, CONF_SIZE), .fallback = "16M", .least = 64 << 10,
	    .most = 1 << 30, .restart = true,
	    .help = "Largest body of a request; more is refused." },

	{ PACKAGE("dir", package_dir, CONF_FOLDER), .example = "/usr/share/cordwatch/package",
	    .help = "The base package. Without it: the one that came with the program." },
	{ PACKAGE("overlay", overlay, CONF_FOLDERS), .example = "site",
	    .help = "Packages laid over it, in this order: a site's own codes and parameters." },
	{ PACKAGE("mode", mode, CONF_MODE), .fallback = "live", .words = "live shadow",
	    .help = "live: requests are sent. shadow: all is decided and logged, nothing sent." },
	{ PACKAGE("shadow", shadow, CONF_WORDS), .example = "W3 W4",
	    .help = "Rules that are in shadow while the others are live." },

	{ RETENTION(keep_keys), .fallback = "7d", .least = HOUR,
	    .help = "How long a version is known as a duplicate, and a deletion is remembered." },
	{ RETENTION(keep_quarantine), .fallback = "90d", .least = DAY,
	    .help = "How long what could not be read is kept for a person." },
	{ RETENTION(keep_closed), .fallback = "730d", .least = 30 * DAY,
	    .help = "How long a closed alert is kept. The audit records of it stay." },

	{ .section = "audit",
	    .name = "key_file",
	    .type = CONF_KEY_FILE,
	    .at = offsetof(struct conf, key_file),
	    .example = "credential:audit-key",
	    .restart = true,
	    .help = "Ed25519 key that signs the chain of audit records, PEM (PKCS#8, without a "
		    "passphrase). Without it they are chained, but not signed." },

	{ FEED(base, CONF_URL), .example = "https://fhir.hospital.example/r4",
	    .help = "Base URL of the FHIR server: cordwatch keeps Subscriptions there, and polls. "
		    "Without it: what others push is all." },
	{ FEED(types, CONF_TYPES), .example = "Patient Condition Observation",
	    .help = "Resource types to watch. Without it: those that the plan reads, Patient and "
		    "ServiceRequest." },
	{ FEED(secret_file, CONF_SECRET_FILE), .content = offsetof(struct conf_feed, secret),
	    .example = "credential:ehr-secret",
	    .help =
		"File with the secret that senders show in secret_header: at least 32 printable "
		"characters, one line." },
	{ FEED(previous_secret_file, CONF_SECRET_FILE),
	    .content = offsetof(struct conf_feed, previous_secret), .example = "ehr.old",
	    .help = "File with a secret that is valid as well, while it is being changed." },
	{ FEED(allow_san, CONF_NAMES), .example = "DNS:ehr.hospital.example",
	    .help = "Names (SAN) in client certificates that may send to this feed, each with "
		    "DNS:, URI:, "
		    "IP: or email: before it. Without it: any under client_ca." },
	{ FEED(poll_interval, CONF_DURATION), .fallback = "60s", .least = SECOND, .most = DAY,
	    .help = "How often the server is asked for what no notification told of." },
	{ FEED(overlap, CONF_DURATION), .fallback = "15m", .least = SECOND, .most = 7 * DAY,
	    .help =
		"How far a poll looks back behind the last one, for what became visible late." },
	{ FEED(ca_file, CONF_FILE), .example = "hospital-ca.pem",
	    .help = "Authorities of the server's certificate, PEM. Without it: the system's." },
	{ FEED(cert_file, CONF_FILE), .example = "client.pem",
	    .help = "Client certificate that is shown to the server, PEM." },
	{ FEED(key_file, CONF_KEY_FILE), .example = "client.key",
	    .help = "Private key of cert_file, PEM." },
	{ FEED(auth_file, CONF_AUTH_FILE), .content = offsetof(struct conf_feed, auth),
	    .example = "credential:ehr-auth",
	    .help =
		"File with the value of Authorization for the server, such as Bearer TOKEN; one "
		"line." },

	{ TARGET(base, CONF_URL), .example = "https://fhir.hospital.example/r4",
	    .help =
		"Base URL of the FHIR server that takes the requests. Without it: they are printed "
		"on standard output." },
	{ TARGET(ca_file, CONF_FILE), .example = "hospital-ca.pem",
	    .help = "Authorities of the server's certificate, PEM. Without it: the system's." },
	{ TARGET(cert_file, CONF_FILE), .example = "client.pem",
	    .help = "Client certificate that is shown to the server, PEM." },
	{ TARGET(key_file, CONF_KEY_FILE), .example = "client.key",
	    .help = "Private key of cert_file, PEM." },
	{ TARGET(auth_file, CONF_AUTH_FILE), .content = offsetof(struct conf_target, auth),
	    .example = "credential:orders-auth",
	    .help =
		"File with the value of Authorization for the server, such as Bearer TOKEN; one "
		"line." },
	{ TARGET(order_intent, CONF_CHOICE), .fallback = "proposal", .words = "proposal order",
	    .help = "Intent of the requests. order is an authorization to act: it needs the "
		    "agreement of "
		    "those who answer for it." },
};
const size_t conf_n_keys = sizeof(conf_keys) / sizeof(conf_keys[0]);

const struct conf_key *
conf_key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < conf_n_keys; i++) {
		if (strcmp(conf_keys[i].section, section) == 0 &&
		    strcmp(conf_keys[i].name, name) == 0)
			return &conf_keys[i];
	}
	return NULL;
}
