#!/bin/sh
# The program that is shipped is the program that is tested, without what only tests need: no symbol
# of the fakes that is not also the daemon's own, no name that speaks of a planted fault, and no
# environment variable but the documented one. Then the script proves on planted programs that it can
# fail.
set -u
export LC_ALL=C
build=${top_builddir:-.}
program=${CORDWATCH:-./cordwatch}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

defined() { # file...: functions and variables
	nm "$@" 2>/dev/null | awk '$2 ~ /^[TtDdBbRrVvWw]$/ { print $3 }' | grep -v -E '^(__|_?\.)' | sort -u
}

# Of the fakes and not of the daemon (which the fakes stand in for).
fakes() {
	find "$build/tests" \( -path '*fake*.o' -o -path '*powercut*.o' \) -exec nm -g {} + 2>/dev/null |
		awk '$2 ~ /^[TDB]$/ && $3 != "main" { print $3 }' | grep -v '^__' | sort -u >"$work/fakes"
	nm -g "$build/daemon/libdaemon.a" 2>/dev/null | awk '$2 ~ /^[TDBR]$/ { print $3 }' | sort -u >"$work/own"
	comm -23 "$work/fakes" "$work/own"
}

words='powercut|(^|_)(fake|plant|planted|inject|failpoint|sabotage|mutant)(_|$)'

check() { # program
	defined "$1" >"$work/symbols"
	[ -s "$work/symbols" ] || echo "$1: no symbols to look at"
	fakes | comm -12 - "$work/symbols" | sed 's/$/: a symbol of the fakes/'
	grep -E "$words" "$work/symbols" | sed 's/$/: for tests by its name/'
	grep -a -o -E 'CORDWATCH_[A-Z_]+' "$1" | sort -u | grep -v -x -E 'CORDWATCH_(PACKAGE|H|[A-Z_]+_H)' |
		sed 's/$/: an environment variable that is not documented/'
}

good=0 bad=0

expect() { # title, pattern ("" for no output), output
	if { [ -z "$2" ] && [ -z "$3" ]; } || { [ -n "$2" ] && echo "$3" | grep -qE "$2"; }; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		printf '%s: expected %s, got:\n%s\n' "$1" "${2:-nothing}" "$3"
	fi
}

plant() { # C text, pattern
	echo "$1 int main(void) { return 0; }" >"$work/planted.c"
	${CC:-cc} -o "$work/planted" "$work/planted.c" && expect "planted: $1" "$2" "$(check "$work/planted")"
}

expect "the program" "" "$(check "$program")"
plant 'void powercut_plan(long n); void powercut_plan(long n) { (void)n; }' 'powercut_plan: '
plant 'static int store_failpoint = 1; int f(void); int f(void) { return store_failpoint++; }' 'store_failpoint: for tests'
plant 'char *getenv(const char *); int f(void); int f(void) { return getenv("CORDWATCH_NO_SYNC") != 0; }' 'CORDWATCH_NO_SYNC: '
plant 'int f(void); int f(void) { return 1; }' ''
[ -z "$(fakes)" ] || plant "void $(fakes | head -n 1)(void); void $(fakes | head -n 1)(void) { }" 'a symbol of the fakes'

echo "$good passed, $bad failed"
[ $bad = 0 ]
