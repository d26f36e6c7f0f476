#!/bin/sh
# The documentation moves with the code: every header says what it is for and every exported
# prototype has its contract directly above it (a group without blank lines shares one); the manual
# page describes exactly the commands and options that the program knows, and the README names each
# and shows what the program prints.
# Then the script proves on made-up headers that it can fail.
set -u
export LC_ALL=C
tree=${top_srcdir:-.}
program=${CORDWATCH:-./cordwatch}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

headers() { # file...
	for file in "$@"; do
		awk -v file="$file" '
			NR == 1 && !/^\/\*/ { print file ":1: the header does not say what it is for" }
			/^$/ { told = 0 }
			/\*\/[[:space:]]*$/ && !/;.*\/\*/ { told = 1 }
			/^[A-Za-z_][^=]*\(/ && !/^(typedef|_Static_assert)/ && !told {
				print file ":" NR ": no contract above " $0
			}' "$file"
	done
}

commands() {
	"$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p'
}

options() { # command or nothing
	"$program" ${1:+"$1"} --help | sed -n 's/^  \(--[a-z][a-z-]*\).*/\1/p' | sort
}

# The options that the manual page heads a paragraph with, in the section of one command.
documented() { # command, or OPTIONS
	sed 's/\\//g' "$tree/daemon/cordwatch.1" | awk -v name="$1" '
		/^\.S[HS]/ { inside = $2 == name }
		inside && /^\.BR? --|^\.BI --/ { print $2 }' | sed 's/[=,].*//' | sort
}

manual() {
	for name in OPTIONS $(commands); do
		[ "$name" = help ] && continue
		known=$(options "$([ "$name" = OPTIONS ] || echo "$name")" | grep -v -x -e "$([ "$name" = OPTIONS ] && echo none || echo --help)")
		[ "$known" = "$(documented "$name")" ] ||
			printf 'cordwatch.1: section %s has the options\n%s\nbut the program has\n%s\n' "$name" "$(documented "$name")" "$known"
		grep -q "^\.S[HS] $name" "$tree/daemon/cordwatch.1" || echo "cordwatch.1: no section $name"
		for option in $known; do
			grep -q -e "$option" "$tree/README.md" || echo "README.md: no word of $name $option"
		done
		[ "$name" = OPTIONS ] || grep -q "cordwatch $name" "$tree/README.md" || echo "README.md: no word of $name"
	done
	sed -n '/^\.SH COMMANDS/,/^\.SH [^C]/s/^\.SS //p' "$tree/daemon/cordwatch.1" | while read -r name; do
		commands | grep -q -x "$name" || echo "cordwatch.1: unknown command $name"
	done
}

# What the README shows of a run must be what a run shows.
examples() { # README
	{
		"$program" evaluate "$tree/tests/samples"
		"$program" evaluate --explain "$tree/tests/samples"
	} >"$work/run"
	awk '/^## /{ inside = /How to read/ } /^```/ { code = !code; next } inside && code && NF' "$1" >"$work/shown"
	[ -s "$work/shown" ] || echo "README.md shows no run"
	grep -v -x -F -f "$work/run" "$work/shown"
}

# What the documents name must be there: files of the tree in `...` and links, commands of the program.
named() { # document...
	for file in "$@"; do
		{
			grep -oE '`(certs|daemon|dist|docs|fhir|mappings|tests)/[^` ]*`' "$file" | tr -d '`' | sed 's,^,:,'
			grep -oE '\]\([^)#:]+\)' "$file" | sed 's/^](//; s/)$//'
		} | sort -u | while read -r path; do
			case $path in
			:*) ls -d "$tree"/${path#:} >/dev/null 2>&1 || echo "$file: no ${path#:}" ;;
			*) [ -e "$(dirname "$file")/$path" ] || echo "$file: no $path" ;;
			esac
		done
		grep -oE '`cordwatch [a-z]+' "$file" | sed 's/.* //' | sort -u | while read -r name; do
			commands | grep -q -x "$name" || echo "$file: no command $name"
		done
	done
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

header() { # text
	printf '%b\n' "$1" >"$work/a.h"
	headers "$work/a.h"
}

expect "the headers" "" "$(headers "$tree"/fhir/*.h "$tree"/mappings/*.h "$tree"/daemon/*.h)"
expect "the manual page and the README" "" "$(manual)"
expect "the README's examples" "" "$(examples "$tree/README.md")"
sed 's/EMERGENCY/CALM/' "$tree/README.md" >"$work/README"
expect "an example that is not so" 'CALM E1' "$(examples "$work/README")"
expect "what the documents name" "" "$(named "$tree"/README.md "$tree"/docs/*.md "$tree"/dist/README.md "$tree"/debian/README.md)"
printf '`daemon/none.c` [x](nowhere.md) `cordwatch sing`\n' >"$work/none.md"
expect "what is not there" 'no daemon/none.c.*' "$(named "$work/none.md")"
expect "a link to nowhere" 'no nowhere.md' "$(named "$work/none.md")"
expect "a command that is none" 'no command sing' "$(named "$work/none.md")"
expect "commands were found" '^path$' "$(commands)"
expect "options were found" '^--format$' "$(options path)"
expect "a documented group" "" "$(header '/* a: b */\n\n/* Does. */\nint a_do(int x,\n    int y);\nint a_undo(void);')"
expect "a bare prototype" 'a\.h:3: no contract above int a_do' "$(header '/* a: b */\n\nint a_do(int x);')"
expect "after a blank line" 'a\.h:5' "$(header '/* a: b */\n\n/* Does. */\nint a_do(int x);\n\nint a_undo(void);' | sed 's/:6:/:5:/')"
expect "no purpose" 'a\.h:1:' "$(header '#ifndef A_H')"

echo "$good passed, $bad failed"
[ $bad = 0 ]
