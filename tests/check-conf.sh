#!/bin/sh
# `cordwatch check --config` as an administrator meets it: what is printed, where a fault is, which
# exit status; that the sample can be used as it is told to, and that the manual page has every key.
set -u
export LC_ALL=C
program=${CORDWATCH:-./cordwatch} build=${top_builddir:-.}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
unset STATE_DIRECTORY CREDENTIALS_DIRECTORY
XDG_STATE_HOME=$work/state
export XDG_STATE_HOME
good=0 bad=0

same() { # extended regular expression ("" for nothing at all), file
	if [ -z "$1" ]; then [ ! -s "$2" ]; else tr '\n' '~' <"$2" | grep -qE -e "$1"; fi
}

verdict() { # did it hold?, title
	if [ "$1" = 0 ]; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		echo "$2"
		grep -v ' urn:' "$work/out" | sed 's/^/  out: /'
		sed 's/^/  err: /' "$work/err"
	fi
}

# expect STATUS STDOUT STDERR ARGUMENT...; in the patterns a line ends with ~.
expect() {
	status=$1 out=$2 err=$3
	shift 3
	"$program" "$@" >"$work/out" 2>"$work/err"
	got=$?
	[ $got = "$status" ] && same "$out" "$work/out" && same "$err" "$work/err"
	verdict $? "cordwatch $*: expected $status, /$out/, /$err/, got $got"
}

# The configuration from standard input, in place of the one before.
conf() {
	cat >"$work/cordwatch.conf"
}

certificate() { # name, days
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -days "$2" \
		-addext "subjectAltName=DNS:$1" -keyout "$work/$1.key" -out "$work/$1.pem" >/dev/null 2>&1
	chmod 600 "$work/$1.key"
}

check="check --config $work/cordwatch.conf"
where=$work/cordwatch.conf
umask 077
echo 0123456789abcdef0123456789abcdef >"$work/secret"
certificate one 365
certificate two 5

conf <<'END'
[feed ehr]
[target print]
END
# shellcheck disable=SC2086
{
expect 0 "^Configuration~  file      $where~  sha256    [0-9a-f]{64}~  listen    127.0.0.1:8086~  admin     127.0.0.1:8087~  database  $work/state/cordwatch~  mode      live~  feed      ehr  push only, no secret~  target    print  printed~Packages~  .*~Contents~.*~Parameters~" '' $check
sum=$(sha256sum <"$where" | cut -d ' ' -f 1)
expect 0 "sha256    $sum~" '' $check

conf <<'END'
[server]
listen = 0.0.0.0:8443
public = https://cordwatch.example:8443
tls_cert = one.pem
tls_key = one.key
[package]
mode = shadow
shadow = E1 U2
[feed ehr]
base = http://ehr.example/r4
secret_file = secret
[target orders]
base = https://orders.example
cert_file = two.pem
key_file = two.key
END
expect 0 '~  listen    0.0.0.0:8443 \(TLS\)~.*~  mode      shadow, in shadow: E1 U2~  feed      ehr  http://ehr.example/r4~  target    orders  https://orders.example~' '' $check
expect 0 "~Remarks~.*cordwatch.conf:10: feed ehr: patients. data go over the network in clear~  $work/two.pem: the certificate expires in [45] days~$" '' $check

sed -i 's/one.key/two.key/' "$where"
expect 78 '' "^$where:4: tls_cert: .*two.key: .*~$" $check
sed -i 's/two.key/one.key/; s/U2/U99/' "$where"
expect 78 '' "^$where:8: shadow: there is no rule U99~$" $check
sed -i 's/U99/U2/; s/^key_file.*/key_file = one.key/' "$where"
expect 78 '' "^$where:14: cert_file: .*one.key: .*~$" $check
sed -i 's/^cert_file.*/cert_file = secret/' "$where"
expect 78 '' "^$where:14: cert_file: $work/secret: .*~$" $check

conf <<'END'
[set]
noSuchNumber = 3
[feed ehr]
[target print]
END
expect 78 '' "^$where:2: noSuchNumber: .*~$" $check
printf '[feed ehr]\n[target print]\n[package]\noverlay = none\n' >"$where"
expect 78 '' "^$work/none" $check
mkdir "$work/conf.d"
printf '[feed ehr]\n[target print]\n' >"$where"
printf '[feed ehr]\n[sever]\n' >"$work/conf.d/a.conf"
expect 78 '' "^$work/conf.d/a.conf:2: unknown section \[sever\]~$" $check
rm -r "$work/conf.d"
rm "$where"
expect 78 '' "^$where: cannot open.*~$" $check
expect 64 '' 'no other option' $check --package x
expect 64 '' 'no other option' check --sample --package x

# The database: not there, not ours, in use.
conf <<'END'
[server]
state_dir = db
[feed ehr]
[target print]
END
mkdir "$work/db"
echo "no database, but long enough to be one, by the looks of it, were it not for its first bytes; so it is none at all" >"$work/db/cordwatch.db"
expect 65 '' "^$work/db: .*~$" $check

# The sample: with a feed and a target it is the defaults.
expect 0 '^# cordwatch.conf: every key.*~\[server\]~.*~#listen = 127.0.0.1:8086~' '' check --sample
}
"$program" check --sample >"$where"
# shellcheck disable=SC2086
expect 78 '' "^$where: no \[feed NAME\]" $check
sed -i 's/^#\(\[[a-z]* NAME\]\)/\1/; s/ NAME\]/ x]/' "$where"
# shellcheck disable=SC2086
expect 0 'listen    127.0.0.1:8086~.*feed      x  push only' '' $check

# Every key stands in the manual page, in its section, and the files that are installed are these.
"$program" check --sample >"$work/out"
cmp -s "$work/out" "$build/daemon/cordwatch.conf"
verdict $? "daemon/cordwatch.conf is not what the program prints"
awk '/^#?\[/ { sub(/^#/, ""); print } /^#[a-z_]+ = / { print substr($1, 2) }' "$work/out" >"$work/keys"
sed 's/\\-/-/g' "$build/daemon/cordwatch.conf.5" | sed -n 's/^\.SS //p; s/^\.BI \([a-z_]*\) " =.*/\1/p' >"$work/err"
[ "$(wc -l <"$work/keys")" -gt 30 ] && cmp -s "$work/keys" "$work/err"
verdict $? "cordwatch.conf.5 does not have the keys of the sample"

echo "$good passed, $bad failed"
[ $bad = 0 ]
