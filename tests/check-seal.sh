#!/bin/sh
# What an auditor needs to verify the audit chain without cordwatch: sha256sum and jq. Judges a chain
# that the code wrote, and then the same with one thing changed.
set -u
export LC_ALL=C
build=${top_builddir:-.}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
command -v jq >/dev/null 2>&1 || { echo "jq is not installed"; exit 77; }
[ -x "$build/tests/unit/check_seal" ] || { echo "the unit tests are not built"; exit 77; }

verify() { # file of lines: "good LINES HEAD", or which line is the first that does not fit
	before=0000000000000000000000000000000000000000000000000000000000000000
	n=0
	while IFS= read -r line; do
		n=$((n + 1))
		[ "$(printf '%s' "$line" | jq -r '"\(.seq) \(.prev)"' 2>/dev/null)" = "$n $before" ] ||
			{ echo "line $n does not fit"; return; }
		before=$(printf '%s' "$line" | sha256sum | cut -d ' ' -f 1)
	done <"$1"
	echo "good $n $before"
}

bytes() { # hexadecimal
	for pair in $(echo "$1" | sed 's/../& /g'); do
		# shellcheck disable=SC2059
		printf "\\$(printf %03o "0x$pair")"
	done
}

payloads() { # export: which records have a payload that is not theirs
	while IFS="$(printf '\t')" read -r line salt payload; do
		commit=$({ bytes "$salt"; printf '%s' "$payload"; } | sha256sum | cut -d ' ' -f 1)
		[ "$(printf '%s' "$line" | jq -r .commit)" = "$commit" ] || printf '%s' "$line" | jq -r .seq
	done <"$1"
}

good=0 bad=0

expect() { # title, what must be, what is
	if [ "$2" = "$3" ]; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		printf '%s: expected %s, got:\n%s\n' "$1" "${2:-nothing}" "$3"
	fi
}

"$build/tests/unit/check_seal" export >"$work/export"
cut -f 1 "$work/export" >"$work/lines"
head=$(tail -n 1 "$work/lines" | tr -d '\n' | sha256sum | cut -d ' ' -f 1)

expect "the chain" "good 12 $head" "$(verify "$work/lines")"
expect "the payloads" "" "$(payloads "$work/export")"
sed '4s/"n":4/"n":5/' "$work/export" >"$work/changed"
expect "a changed payload" 4 "$(payloads "$work/changed")"
sed '4s/decision/derision/' "$work/lines" >"$work/changed"
expect "a changed line" "line 5 does not fit" "$(verify "$work/changed")"
sed 4d "$work/lines" >"$work/changed"
expect "a line left out" "line 4 does not fit" "$(verify "$work/changed")"
sed '12s/decision/derision/' "$work/lines" >"$work/changed"
expect "the last line changed gives another head" 1 "$(verify "$work/changed" | grep -c -v "$head")"
awk 'NR == 4 { held = $0; next } { print } NR == 5 { print held }' "$work/lines" >"$work/changed"
expect "two lines exchanged" "line 4 does not fit" "$(verify "$work/changed")"

echo "$good passed, $bad failed"
[ $bad = 0 ]
