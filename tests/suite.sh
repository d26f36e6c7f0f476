#!/bin/sh
# Automake's driver for one test suite: runs it, prints one line with its counts and seconds, and
# writes the .trs file. A suite counts its own cases by its last output line of either form:
#     100%: Checks: 7, Failures: 0, Errors: 0      (Check)
#     12 passed, 0 failed[, 1 skipped]             (everything else)
# A suite that says neither is one case, judged by its exit status; 77 is skipped, which
# CORDWATCH_REQUIRE=1 turns into a failure. A suite that ran no case has failed.
set -u
export LC_ALL=C
while [ $# -gt 0 ]; do
	case $1 in
	--test-name) name=$2 ;;
	--log-file) log=$2 ;;
	--trs-file) trs=$2 ;;
	--) shift; break ;;
	esac
	shift 2
done

from=$(date +%s%N)
"$@" >"$log" 2>&1 </dev/null
status=$?
millis=$((($(date +%s%N) - from) / 1000000))

awk -v status=$status -v millis=$millis -v name="$name" -v require="${CORDWATCH_REQUIRE:-}" -v trs="$trs" '
/^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$/ {
	split($0, n, /[^0-9]+/); counted = 1; bad = n[3] + n[4]; good = n[2] - bad; left = 0
}
/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
	counted = 1; good = $1; bad = $3; left = NF > 4 ? $5 : 0
}
END {
	if (status == 77 && !counted) {
		counted = 1; left = 1
	}
	if (!counted)
		good = status == 0 ? 1 : 0
	if (status != 0 && status != 77 && bad == 0)
		bad = 1
	if (left > 0 && require == 1) {
		print "skipped, but CORDWATCH_REQUIRE=1 forbids that"
		bad += left; left = 0
	}
	if (good + bad + left == 0)
		bad = 1
	word = bad > 0 ? "FAIL" : good > 0 ? "PASS" : "SKIP"
	for (i = 0; i < good; i++) print ":test-result: PASS" > trs
	for (i = 0; i < bad; i++) print ":test-result: FAIL" > trs
	for (i = 0; i < left; i++) print ":test-result: SKIP" > trs
	print ":global-test-result: " word > trs
	print ":recheck: " (bad > 0 ? "yes" : "no") > trs
	print ":copy-in-global-log: " (word == "PASS" ? "no" : "yes") > trs
	printf "%s  %-36s %6d passed %4d failed %4d skipped %8.1f s\n", word, name, good, bad, left, millis / 1000
	exit bad > 0
}' "$log" || tail -n 60 "$log" | sed 's/^/    | /'
grep -q '^:global-test-result: SKIP' "$trs" && tail -n 1 "$log" | sed 's/^/    | /'
exit 0
