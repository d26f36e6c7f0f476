#!/bin/sh
# Nothing unfinished and nothing of one machine in the tree: marks of work left over, paths that only
# exist where something was written, hosts of package registries. (The patterns are written so that
# they do not match themselves.)
set -u
export LC_ALL=C
tree=${top_srcdir:-.}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

left_over='\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b|\b([Ss]tub(bed|s)?|[Pp]lacehold[e]r|[Nn]ot (yet )?implemented)\b'
machine='(^|[^[:alnum:]_.-])/(w[o]rk|r[o]ot|h[o]me)/|(^|[^[:alnum:]_.-])/t[m]p/[a-z]'
registry='registry\.npm[j]s|deb\.debian\.[o]rg|py[p]i\.org|crates\.[i]o|proxy\.g[o]lang|repo1?\.[m]aven'

check() { # tree
	for path in fhir mappings daemon bench certs debian dist docs tests .ci configure.ac Makefile.am quickstart README.md CONTRIBUTING.md; do
		[ -e "$1/$path" ] || continue
		grep -rnIE "$left_over" "$1/$path" --include='*.[ch]' --include='*.sh' --include='*.py' --include='*.js' \
			--include='*.am' --include='*.inc' --include='*.ac' --include='*.md' --include='*.[158]' --include='*.yml' --include=quickstart --include=run
		grep -rnIE "$machine|$registry" "$1/$path" --exclude='*.log' --exclude='*.trs'
	done | grep -v '/node_modules/' | cut -c 1-200
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

plant() { # text
	rm -rf "$work/tree"
	mkdir -p "$work/tree/fhir"
	printf '%s\n' "$1" >"$work/tree/fhir/a.c"
	check "$work/tree"
}

expect "the tree" "" "$(check "$tree")"
expect "plain text" "" "$(plant '/* the stubborn todos of /usr/share and ./work */')"
expect "left over" 'a\.c:1' "$(plant "/* TO""DO: later */")"
expect "left over" 'a\.c:1' "$(plant "/* a st""ub */")"
expect "a path" 'a\.c:1' "$(plant "open(\"/ho""me/me/x\")")"
expect "a registry" 'a\.c:1' "$(plant "https://registry.np""mjs.org/x")"

echo "$good passed, $bad failed"
[ $bad = 0 ]
