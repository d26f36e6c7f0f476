#!/bin/sh
# All stories through the real command; then, on made-up ones, that the command can fail and how.
set -u
export LC_ALL=C
tree=${top_srcdir:-.}
program=${CORDWATCH:-./cordwatch}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

good=0 bad=0

expect() { # title, status, pattern, story text (options follow)
	title=$1 want=$2 pattern=$3
	printf '%s\n' "$4" >"$work/a.story"
	shift 4
	said=$("$program" test "$@" "$work/a.story" 2>&1)
	got=$?
	if [ $got = "$want" ] && printf '%s\n' "$said" | grep -qE "$pattern"; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		printf '%s: expected status %s and %s, got %s:\n%s\n' "$title" "$want" "$pattern" "$got" "$said"
	fi
}

start='STORY X1 weakness
AT 2025-06-16T09:00Z
RECEIVE Condition sct:254837009 active
RECEIVE Condition sct:26544005 recorded 2025-06-16'

expect "as it is" 0 '^ok +X1 +weakness$' "$start
EXPECT emergency E1"
expect "another tier" 1 'tier +expected urgent, got emergency' "$start
EXPECT urgent E1"
expect "another rule" 1 'rules +expected E2, got E1' "$start
EXPECT emergency E2"
expect "a rule too many" 1 'rules +expected E1 E2, got E1' "$start
EXPECT emergency E1 E2"
expect "a control" 1 'controls +expected S4, got -' "$start
EXPECT emergency E1 S4"
expect "no order" 1 'order +expected none, got stat' "$start
EXPECT emergency E1 order none"
expect "another code" 1 'code +expected 1, got 411611000119102' "$start
EXPECT emergency E1 code 1"
expect "another time" 1 'due +expected 2025-06-18T09:00:00Z, got 2025-06-17T09:00:00Z' "$start
EXPECT emergency E1 due 2025-06-18T09:00Z"
expect "a note" 1 'note +expected "stairs"' "$start
EXPECT emergency E1 note \"stairs\""
expect "evidence" 1 'evidence +expected Condition/c1, got Condition/c[12] Condition/c[12]' "$start
EXPECT emergency E1 evidence c1"
expect "unknown" 1 'unknown +expected U1, got -' "$start
EXPECT emergency E1 unknown U1"
expect "a line" 1 'line +expected none, got one' "$start
EXPECT emergency E1 no-line"
expect "a reference" 1 'expected to refer to Observation/o1' "$start
RECEIVE Observation o1 loinc:72514-3 value 3 2025-06-16
EXPECT emergency E1 refers o1"
expect "why" 1 'New weakness or paralysis' "$start
EXPECT none"
expect "nothing expected" 1 'no EXPECT' "$start"
expect "for the daemon" 0 '1 statements are for the daemon' "$start
EXPECT emergency E1
CRASH"
expect "malformed" 65 'a.story:3:19: .*no word' 'STORY X1 x
AT 2025-06-16T09:00Z
RECEIVE Condition activ sct:254837009'
expect "a parameter" 65 'a.story:2: .*t_none' 'STORY X1 x
SET t_none=3d
AT 2025-06-16T09:00Z
EXPECT none'
expect "a package" 78 'nowhere' "$start
PACKAGE nowhere
EXPECT emergency E1"
expect "a file" 66 'cannot be read' 'STORY X1 x
AT 2025-06-16T09:00Z
RECEIVE nowhere.json
EXPECT none'

printf '%s\n' '{"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"Patient/p"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"26544005"}]},"effectiveDateTime":"2025-02-30"}' >"$work/bad.ndjson"
expect "malformed data" 1 'line 4: the data are malformed' 'STORY X1 x
AT 2025-06-16T09:00Z
RECEIVE bad.ndjson
EXPECT none unknown W1'

"$program" test "$work/none.story" >/dev/null 2>&1
[ $? = 66 ] && good=$((good + 1)) || { bad=$((bad + 1)); echo "no story: expected status 66"; }

said=$("$program" test "$tree"/tests/stories/*.story 2>&1)
status=$?
printf '%s\n' "$said" | grep -v '^ok  '
set -- $(printf '%s\n' "$said" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
if [ $# != 2 ]; then
	printf '%s\n' "$said" | tail -n 5
	set -- 0 1
fi
[ $status = 0 ] || [ "$2" -gt 0 ] || bad=$((bad + 1))
echo "$((good + $1)) passed, $((bad + $2)) failed"
[ $((bad + $2)) = 0 ]
