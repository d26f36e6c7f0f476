#!/bin/sh
# The command line as a user meets it: exit status, what is on stdout, what is on stderr.
set -u
export LC_ALL=C
program=${CORDWATCH:-./cordwatch}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
good=0 bad=0

same() { # extended regular expression ("" for nothing at all), file
	if [ -z "$1" ]; then [ ! -s "$2" ]; else tr '\n' '~' <"$2" | grep -qE -e "$1"; fi
}

# expect STATUS STDOUT STDERR ARGUMENT...; in the patterns a line ends with ~. Standard input is
# $input.
input=
expect() {
	status=$1 out=$2 err=$3
	shift 3
	printf '%s' "$input" | "$program" "$@" >"$work/out" 2>"$work/err"
	got=$?
	if [ $got = "$status" ] && same "$out" "$work/out" && same "$err" "$work/err"; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		printf 'cordwatch %s\n  expected %s, stdout /%s/, stderr /%s/\n  got %s\n' "$*" "$status" "$out" "$err" "$got"
		sed 's/^/  out: /' "$work/out"
		sed 's/^/  err: /' "$work/err"
	fi
}

expect 64 '' '^usage: cordwatch COMMAND'
expect 0 '^usage: cordwatch COMMAND.*Commands:' '' --help
expect 0 '^usage: cordwatch COMMAND' '' help
expect 0 '^usage: cordwatch path ' '' help path
expect 0 '^usage: cordwatch path .*--format.*--var' '' path --help
expect 64 '' "^cordwatch: unknown command 'fly'~" fly
expect 64 '' "^cordwatch: unknown command 'fly'~" help fly
expect 64 '' "^cordwatch: unknown command '--fly'~" --fly
expect 0 '^cordwatch [0-9]+\.[0-9]+\.[0-9]+~compiler .*~flags .*~sanitizers ' '' --version
expect 64 '' '^cordwatch path: too few operands: expected .*~See cordwatch path --help~' path
expect 64 '' '^cordwatch path: unknown option --zoo~' path --zoo 1
expect 64 '' "^cordwatch path: unexpected operand 'c'~" path a b c

"$program" --help >/dev/full 2>"$work/err"
if [ $? = 74 ] && grep -q 'cannot write the output' "$work/err"; then
	good=$((good + 1))
else
	bad=$((bad + 1))
	echo "a full disk looks like success"
fi

echo "$good passed, $bad failed"
[ $bad = 0 ]
