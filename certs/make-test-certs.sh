#!/bin/sh
# usage: make-test-certs.sh FOLDER
# Throw-away certificates for tests, never for use: an authority, a server, clients, and bad ones.
#   ca.pem                      the authority; other-ca.pem is one that nobody trusts
#   server.pem server.key       for localhost and 127.0.0.1
#   client.pem client.key       DNS:client.example, for clients; other-client by the other authority
#   expired.pem expired.key     a server's, of the past
#   future.pem future.key       a server's, of the future
#   server-only.pem .key        may not be a client's
#   expired-client.pem .key     a client's, of the past
#   sha1.pem sha1.key           signed with SHA-1: too weak
#   small.pem small.key         RSA with 1,024 bits: too weak
#   open.key                    server.key, readable by everybody
set -eu
umask 077
[ $# = 1 ] || { sed -n 2p "$0" >&2; exit 64; }
mkdir -p "$1"
cd "$1"
unset OPENSSL_CONF

cat >conf <<'END'
[req]
distinguished_name = name
prompt = no
[name]
CN = cordwatch test
[ca]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
[client]
extendedKeyUsage = clientAuth
subjectAltName = DNS:client.example, URI:urn:example:client, IP:192.0.2.7
END
: >index

key() { # name
	openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
}

authority() { # name, CN
	key "$1"
	openssl req -x509 -new -config conf -extensions authority -key "$1.key" -subj "/CN=$2" -days 3650 -out "$1.pem"
}

# A certificate for the key of that name, by an authority.
sign() { # name, authority, kind, first day, last day[, option]...
	name=$1 by=$2 kind=$3 from=$4 to=$5
	shift 5
	openssl req -new -config conf -key "$name.key" -subj "/CN=$name" -out "$name.csr"
	openssl ca -batch -notext -config conf -name ca -extensions "$kind" -cert "$by.pem" -keyfile "$by.key" \
		-startdate "$from" -enddate "$to" "$@" -in "$name.csr" -out "$name.pem"
}

day() { # days from now
	date -u -d "@$(($(date +%s) + $1 * 86400))" +%Y%m%d000000Z
}

{
	authority ca 'cordwatch test authority'
	authority other-ca 'another test authority'
	for name in server client other-client expired future server-only expired-client sha1; do
		key $name
	done
	openssl genrsa -out small.key 1024
	past=$(day -400) yesterday=$(day -1) soon=$(day 20) later=$(day 365)
	sign server ca server "$yesterday" "$later"
	sign client ca client "$yesterday" "$later"
	sign other-client other-ca client "$yesterday" "$later"
	sign expired ca server "$past" "$(day -30)"
	sign future ca server "$soon" "$later"
	sign server-only ca server "$yesterday" "$later"
	sign expired-client ca client "$past" "$(day -30)"
	sign sha1 ca server "$yesterday" "$later" -md sha1
	sign small ca server "$yesterday" "$later"
	cp server.key open.key
	chmod 644 open.key
	rm -f conf index* ./*.csr serial* [0-9A-F]*.pem
} >log 2>&1 || { cat log >&2; exit 1; }
