#!/bin/sh
# The totals of a test run, alone on a line, from the .trs files named; 1 when something failed or
# nothing ran. A file that is not there is a suite that never got to its end.
export LC_ALL=C
for trs in "$@"; do
	cat "$trs" 2>/dev/null || echo ":test-result: FAIL"
done | awk '
/^:test-result: PASS/ { good++ }
/^:test-result: FAIL/ { bad++ }
/^:test-result: SKIP/ { left++ }
END {
	printf "%d passed, %d failed", good, bad
	if (left > 0)
		printf ", %d skipped", left
	print ""
	exit bad > 0 || good == 0
}'
