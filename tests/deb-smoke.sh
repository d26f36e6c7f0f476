#!/bin/sh
# The Debian package in a fresh root: installed, tried, upgraded, removed, purged. CORDWATCH_DEB_ROOT may
# name a folder that debootstrap has made, of which a copy is used; else debootstrap makes one. As root.
set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
unset CORDWATCH_PACKAGE STATE_DIRECTORY CREDENTIALS_DIRECTORY
deb=${1:?usage: deb-smoke.sh PACKAGE.deb}
[ "$(id -u)" = 0 ] || { echo "skipped: a root can be made by root only"; exit 77; }
work=$(mktemp -d) || exit 1
root=$work/root good=0 bad=0 daemon=

stop() { # exit status of the daemon
	[ -n "$daemon" ] || return 0
	kill -TERM "$(in_root cat /run/cordwatch.pid)" && wait "$daemon"
	status=$?
	daemon=
	return $status
}

clean() {
	stop >/dev/null 2>&1
	umount "$root/proc" 2>/dev/null
	rm -rf --one-file-system "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM

in_root() {
	chroot "$root" "$@" </dev/null
}

# holds TITLE COMMAND...
holds() {
	title=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		echo "$title"
		tail -n 30 "$work/out" | sed 's/^/  /'
	fi
}

lacks() {
	! "$@"
}

# ---- the root ----
make_root() {
	if [ -n "${CORDWATCH_DEB_ROOT:-}" ]; then
		cp -a "$CORDWATCH_DEB_ROOT" "$root"
	else
		debootstrap --variant=minbase bookworm "$root" >"$work/bootstrap" 2>&1 || { tail "$work/bootstrap"; return 1; }
	fi
	# Security updates too, from where this machine has its packages.
	rm -rf "$root/etc/apt/sources.list"
	cp -a /etc/apt/sources.list* "$root/etc/apt/" 2>/dev/null
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	mount -t proc proc "$root/proc" || return 1
	in_root apt-get -q update >"$work/update" 2>&1 || { tail "$work/update"; return 1; }
}

install_deb() { # file
	cp "$1" "$root/cordwatch.deb"
	in_root apt-get -q -y --no-install-recommends install /cordwatch.deb
}

# ---- the daemon ----
port=18086

configure() {
	cat >"$root/etc/cordwatch/cordwatch.conf" <<-CONF
		; written by the administrator
		[server]
		state_dir = /var/lib/cordwatch
		listen = 127.0.0.1:$port
		admin = 127.0.0.1:$((port + 1))
		[feed ward]
		[target print]
	CONF
}

# As the unit would start it, but for systemd.
start() {
	install -d -o "$(in_root id -u cordwatch)" -g "$(in_root id -g cordwatch)" -m 700 "$root/var/lib/cordwatch"
	in_root sh -c 'echo $$ >/run/cordwatch.pid; exec setpriv --reuid cordwatch --regid cordwatch --init-groups \
		cordwatch run --config /etc/cordwatch/cordwatch.conf' >"$work/orders" 2>"$work/log" &
	daemon=$!
	for _ in $(seq 100); do
		curl -fs "http://127.0.0.1:$((port + 1))/readyz" && return
		sleep 0.1
	done
	cat "$work/log"
	return 1
}

send() { # resource
	[ "$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/fhir+json' -d "$1" \
		"http://127.0.0.1:$port/fhir/ward")" = 200 ]
}

cancer='{"resourceType":"Condition","id":"c1","meta":{"versionId":"1"},"subject":{"reference":"Patient/p1"},"clinicalStatus":{"coding":[
{"code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"254837009"}]}}'
weakness='{"resourceType":"Observation","id":"o1","meta":{"versionId":"1"},"status":"final","subject":{"reference":"Patient/p1"},"code":
{"coding":[{"system":"http://snomed.info/sct","code":"26544005"}]}}'

orders() { # how many there must be, after some time
	for _ in $(seq 50); do
		[ "$(grep -c '"ServiceRequest"' "$work/orders")" -ge "$1" ] && break
		sleep 0.1
	done
	sleep 0.5
	[ "$(grep -c '"ServiceRequest"' "$work/orders")" = "$1" ] || { cat "$work/orders" "$work/log"; return 1; }
}

kept() { # what an upgrade and a removal must leave
	in_root sh -c 'sha256sum /etc/cordwatch/cordwatch.conf /var/lib/cordwatch/cordwatch.db*'
}

same_as_kept() {
	kept | diff "$work/kept" -
}

mode() { # wanted, path
	[ "$(in_root stat -c '%a %U:%G' "$2")" = "$1" ] || { in_root stat "$2"; return 1; }
}

make_root || { echo "no root could be made"; exit 1; }

# ---- installed ----
holds "it is installed" install_deb "$deb"
holds "it has a user" in_root getent passwd cordwatch
holds "the configuration is the service's to read" mode "640 root:cordwatch" /etc/cordwatch/cordwatch.conf
holds "its folder too" mode "750 root:cordwatch" /etc/cordwatch
holds "the unit is there" in_root test -f /lib/systemd/system/cordwatch.service
holds "and not enabled" lacks in_root test -e /etc/systemd/system/multi-user.target.wants/cordwatch.service
for file in man/man1/cordwatch.1.gz man/man8/cordwatch.8.gz man/man5/cordwatch.conf.5.gz bash-completion/completions/cordwatch \
	cordwatch/package/package.json; do
	holds "$file is there" in_root test -f "/usr/share/$file"
done
holds "documentation is there" sh -c "dpkg-deb -c '$deb' | grep -q 'doc/cordwatch/runbook.md'"
holds "no name of a folder of the build" lacks grep -aqE '/(tmp|build|home|root|work)/[a-z]' "$root/usr/bin/cordwatch"
holds "--version" in_root cordwatch --version
holds "check" in_root cordwatch check
holds "an empty configuration is refused" sh -c "chroot '$root' cordwatch check --config /etc/cordwatch/cordwatch.conf; [ \$? = 78 ]"

# ---- tried ----
configure
holds "a configuration is good" in_root cordwatch check --config /etc/cordwatch/cordwatch.conf
holds "it answers" start
holds "status finds it" in_root cordwatch status --config /etc/cordwatch/cordwatch.conf
holds "it takes a resource" send "$cancer"
holds "it takes another" send "$weakness"
holds "one request is printed" orders 1
holds "it stops" stop

# ---- upgraded: the same, one revision on ----
kept >"$work/kept"
dpkg-deb -R "$deb" "$work/next"
sed -i 's/^Version: .*/&+1/' "$work/next/DEBIAN/control"
dpkg-deb --root-owner-group -b "$work/next" "$work/next.deb" >/dev/null
holds "it is upgraded" install_deb "$work/next.deb"
holds "to the new version" sh -c "chroot '$root' dpkg-query -W -f '\${Version}' cordwatch | grep '+1\$'"
holds "configuration and database stay" same_as_kept
holds "it answers again" start
holds "it takes what it knows" send "$cancer"
holds "all of it" send "$weakness"
holds "and sends nothing twice" orders 0
holds "it stops again" stop

# ---- removed, purged ----
kept >"$work/kept"
holds "it is removed" in_root apt-get -q -y remove cordwatch
holds "the program is gone" lacks in_root test -e /usr/bin/cordwatch
holds "configuration and database are not" same_as_kept
holds "it is purged" in_root apt-get -q -y purge cordwatch
holds "nothing is left" sh -c "for path in etc/cordwatch var/lib/cordwatch usr/share/cordwatch usr/share/doc/cordwatch; do
	[ ! -e '$root'/\$path ] || { echo \$path; exit 1; }; done"

echo "$good passed, $bad failed"
[ $bad = 0 ]
