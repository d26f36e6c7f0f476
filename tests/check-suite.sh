#!/bin/sh
# The counting of tests (tests/suite.sh, tests/totals.sh): what fails is counted as failed.
set -u
export LC_ALL=C
here=${top_srcdir:-.}/tests
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
good=0 bad=0

# expect REQUIRE WANTED OUTPUT STATUS: a suite that prints OUTPUT and ends with STATUS
expect() {
	printf '#!/bin/sh\nprintf "%%b" "%s"\nexit %s\n' "$3" "$4" >"$work/suite"
	chmod +x "$work/suite"
	rm -f "$work/suite.trs"
	CORDWATCH_REQUIRE=$1 "$here/suite.sh" --test-name suite --log-file "$work/suite.log" \
		--trs-file "$work/suite.trs" --color-tests no --enable-hard-errors yes --expect-failure no \
		-- "$work/suite" >"$work/out"
	got=$("$here/totals.sh" "$work/suite.trs")
	if [ "$got" = "$2" ]; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		echo "'$3' and exit $4 (REQUIRE=$1): expected $2, got $got"
	fi
}

expect 0 '1 passed, 0 failed' 'words\n' 0
expect 0 '0 passed, 1 failed' 'words\n' 1
expect 0 '0 passed, 1 failed' '' 139
expect 0 '7 passed, 0 failed' '100%: Checks: 7, Failures: 0, Errors: 0\n' 0
expect 0 '4 passed, 3 failed' '57%: Checks: 7, Failures: 2, Errors: 1\n' 1
expect 0 '4 passed, 3 failed' '57%: Checks: 7, Failures: 2, Errors: 1\n' 0
expect 0 '7 passed, 1 failed' '100%: Checks: 7, Failures: 0, Errors: 0\n' 1
expect 0 '0 passed, 1 failed' '100%: Checks: 0, Failures: 0, Errors: 0\n' 0
expect 0 '12 passed, 0 failed' 'words\n12 passed, 0 failed\n' 0
expect 0 '12 passed, 3 failed' '12 passed, 3 failed\n' 1
expect 0 '12 passed, 0 failed, 2 skipped' '12 passed, 0 failed, 2 skipped\n' 0
expect 1 '12 passed, 2 failed' '12 passed, 0 failed, 2 skipped\n' 0
expect 0 '0 passed, 1 failed' '0 passed, 0 failed\n' 0
expect 0 '0 passed, 0 failed, 1 skipped' 'no suite\n' 77
expect 1 '0 passed, 1 failed' 'no suite\n' 77

[ "$("$here/totals.sh" "$work/none.trs")" = '0 passed, 1 failed' ] && good=$((good + 1)) || bad=$((bad + 1))
"$here/totals.sh" >/dev/null && bad=$((bad + 1)) || good=$((good + 1))

echo "$good passed, $bad failed"
[ $bad = 0 ]
