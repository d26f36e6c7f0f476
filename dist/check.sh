#!/bin/sh
# The files of dist/ judged by the programs that read them: systemd-analyze, systemd-sysusers, bash,
# promtool, rsyslogd; what is not installed is said and counted as skipped. A planted fault must be
# found each time.
set -u
export LC_ALL=C
tree=${top_srcdir:-.}/dist build=${top_builddir:-.}/dist program=${CORDWATCH:-./cordwatch}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
good=0 bad=0 left=0

say() { # did it hold?, title, file that says why
	if [ "$1" = 0 ]; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		echo "$2"
		sed 's/^/  /' "$3"
	fi
}

holds() { # title, command...
	title=$1
	shift
	"$@" >"$work/out" 2>&1 </dev/null
	say $? "$title" "$work/out"
}

# The command must fail, or say something that matches.
found() { # title, pattern, command...
	title=$1 pattern=$2
	shift 2
	! "$@" >"$work/out" 2>&1 </dev/null || grep -qE "$pattern" "$work/out"
	say $? "$title: not found" "$work/out"
}

there() { # program, how many checks it is for
	command -v "$1" >/dev/null 2>&1 && return
	left=$((left + $2))
	echo "skipped: no $1 here"
	return 1
}

# ---- systemd ----
# As installed, but with the program of this build, which is where systemd-analyze looks for it.
unit() { # sed script
	mkdir -p "$work/unit"
	sed -e "s,^\(Exec[A-Za-z]*=\)/[^ ]*,\1$program," -e "$1" "$build/cordwatch.service" >"$work/unit/cordwatch.service"
}

quiet() { # the word of systemd-analyze is what counts: it ends with 0 on an unknown key
	systemd-analyze verify --man=no "$work/unit/cordwatch.service" >"$work/said" 2>&1
	grep -F cordwatch "$work/said"
	! grep -qF cordwatch "$work/said"
}

secure() {
	systemd-analyze security --offline=true --threshold=15 "$work/unit/cordwatch.service"
}

if there systemd-analyze 4; then
	unit ''
	holds "the unit" quiet
	holds "the unit is not exposed" secure
	unit 's/^WatchdogSec=.*/WatchdogSecond=60/'
	found "a key that is none" '^$' quiet
	unit '/^SystemCallFilter=\|^PrivateUsers=\|^ProtectSystem=/d'
	found "an exposed unit" '^$' secure
fi
holds "every path of the unit is one" sh -c "! grep -n '@[a-z]*@' '$build/cordwatch.service' '$build/tmpfiles.d/cordwatch.conf'"
user=$(sed -n 's/^User=//p' "$build/cordwatch.service")
if there systemd-sysusers 1; then
	mkdir -p "$work/root/etc"
	holds "the unit's user is made" sh -c "systemd-sysusers --root='$work/root' '$tree/sysusers.d/cordwatch.conf' &&
		grep '^$user:' '$work/root/etc/passwd'"
fi

# ---- bash ----
completes() { # words wanted, words of the command line...
	wanted=$1
	shift
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cordwatch; echo "${COMPREPLY[*]}"' \
		bash "$tree/completion/cordwatch" "$program" "$@" >"$work/words" 2>&1
	echo "$* completes to $(cat "$work/words")"
	[ "$(cat "$work/words")" = "$wanted" ]
}

if there bash 6; then
	commands=$("$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' | tr '\n' ' ')
	holds "commands" completes "$commands--help --version" ""
	holds "one command" completes "evaluate" eval
	holds "options" completes "--config --package --sample --help" check --
	holds "words of an option" completes "text ndjson bundle" evaluate --format ""
	holds "a folder" completes "$tree/tmpfiles.d" check --package "$tree/tmp"
	holds "a file" completes "$tree/README.md" run --config "$tree/READ"
fi

# ---- Prometheus ----
# A name that the program does not have would be an alert that is never given.
unknown_names() { # rules
	grep -oE 'cordwatch_[a-z_]+' "$1" | sed -E 's/_(bucket|sum|count)$//' | sort -u | while read -r name; do
		grep -q "\"$name\"" "${top_srcdir:-.}/daemon/metrics_table.c" || echo "no metric $name"
	done | grep .
}

# Every alert has both outcomes in its tests, and a paragraph in the runbook.
untold() { # rules
	sed -n 's/^ *- alert: //p' "$1" | while read -r name; do
		n=$(grep -A 1 "\"$name\"" "$tree/cordwatch.rules.test.yml" | grep -c 'samples: \[{')
		m=$(grep -A 1 "\"$name\"" "$tree/cordwatch.rules.test.yml" | grep -c 'samples: \[\]')
		[ "$n" -gt 0 ] && [ "$m" -gt 0 ] || echo "$name is tested $n times given, $m times not given"
		grep -q "$name" "$tree/../docs/runbook.md" || echo "$name is not in the runbook"
	done | grep .
}

rules=$tree/cordwatch.rules.yml
unknown_names "$rules" >"$work/out"
say $((!$?)) "metrics of the rules" "$work/out"
untold "$rules" >"$work/out"
say $((!$?)) "alerts without a test or a word" "$work/out"
sed 's/outbox_oldest/outbox_older/; s/CordwatchDown/CordwatchUp/' "$rules" >"$work/cordwatch.rules.yml"
unknown_names "$work/cordwatch.rules.yml" >"$work/out" && untold "$work/cordwatch.rules.yml" >>"$work/out"
say $? "a metric and an alert that are none" "$work/out"
if there promtool 4; then
	holds "the rules" promtool check rules "$rules"
	holds "their tests" promtool test rules "$tree/cordwatch.rules.test.yml"
	cp "$tree/cordwatch.rules.test.yml" "$work"
	sed 's/> 300$/> 3000/' "$rules" >"$work/cordwatch.rules.yml"
	found "a limit that is another" '^$' promtool test rules "$work/cordwatch.rules.test.yml"
	sed 's/expr: up/expr: up{/' "$rules" >"$work/cordwatch.rules.yml"
	found "an expression that is none" '^$' promtool check rules "$work/cordwatch.rules.yml"
fi

# ---- rsyslog ----
unknown_fields() { # configuration
	sed -n 's/.*CORDWATCH_\([A-Z]*\)".*/\1/p' "$1" | tr 'A-Z' 'a-z' | while read -r name; do
		grep -qE "put_(word|text|number)\(s, \"$name\"|put_text\(s, \"$name\"" "${top_srcdir:-.}/daemon/log.c" || echo "no field $name"
	done | grep .
}

unknown_fields "$tree/cordwatch.rsyslog" >"$work/out"
say $((!$?)) "fields of the log" "$work/out"
sed 's/_RULE"/_NAME"/' "$tree/cordwatch.rsyslog" >"$work/rsyslog.conf"
unknown_fields "$work/rsyslog.conf" >"$work/out"
say $? "a field that is none" "$work/out"
PATH=$PATH:/usr/sbin:/sbin
if there rsyslogd 2; then
	holds "the rsyslog example" rsyslogd -N1 -f "$tree/cordwatch.rsyslog"
	sed 's/queue.type/queue.kind/' "$tree/cordwatch.rsyslog" >"$work/rsyslog.conf"
	found "a parameter that is none" 'not known|error' rsyslogd -N1 -f "$work/rsyslog.conf"
fi

[ $left = 0 ] && echo "$good passed, $bad failed" || echo "$good passed, $bad failed, $left skipped"
[ $bad = 0 ]
