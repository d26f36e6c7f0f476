#!/bin/sh
# No function over 60 lines (from its name to its closing brace), no file over 600; generated tables
# (*_table.[ch]) aside. Then the script proves on made-up files that it can fail.
set -u
export LC_ALL=C
tree=${top_srcdir:-.}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

files() { # tree
	find "$1/fhir" "$1/mappings" "$1/daemon" "$1/bench" "$1/tests" "$1/certs" -type f \
		\( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name '*.js' \) \
		! -name '*_table.[ch]' ! -path '*/node_modules/*' 2>/dev/null | sort
}

# A function of this style has its name at the start of a line and its braces in column one.
check() { # tree
	files "$1" | while read -r file; do
		awk -v file="$file" '
			/^[A-Za-z_][^;]*\(/ { start = NR; split($0, words, "("); name = words[1] }
			/^\{/ { inside = 1 }
			/^\}/ && inside {
				inside = 0
				if (NR - start + 1 > 60)
					print file ":" start ": " name "() has " NR - start + 1 " lines"
			}
			END { if (NR > 600) print file ": " NR " lines" }' "$file"
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

plant() { # file name, lines in the body of its function, lines of comment after it
	rm -rf "$work/tree"
	mkdir -p "$work/tree/fhir"
	awk -v body="$2" -v rest="$3" 'BEGIN {
		print "static int\nplanted(int a,\n    int b)\n{"
		for (i = 0; i < body; i++) print "\ta = f(b);"
		print "}"
		for (i = 0; i < rest; i++) print "/* */"
	}' >"$work/tree/fhir/$1"
	check "$work/tree"
}

expect "the tree" "" "$(check "$tree")"
expect "60 lines" "" "$(plant a.c 56 0)"
expect "61 lines" 'a\.c:2: planted\(\) has 61 lines' "$(plant a.c 57 0)"
expect "600 lines" "" "$(plant a.h 5 590)"
expect "601 lines" 'a\.h: 601 lines' "$(plant a.h 5 591)"
expect "a generated table" "" "$(plant a_table.c 5 900)"

echo "$good passed, $bad failed"
[ $bad = 0 ]
