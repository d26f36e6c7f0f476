#!/bin/sh
# `cordwatch lookup` over the packages of tests/data/package: what is printed, and how a package that
# cannot be loaded is told.
set -u
export LC_ALL=C
data=${top_srcdir:-.}/tests/data/package
program=${CORDWATCH:-./cordwatch}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
CORDWATCH_PACKAGE=$data/base
export CORDWATCH_PACKAGE
good=0 bad=0

# expect STATUS PATTERN ARGUMENT...; the pattern is for stdout and stderr, whose lines end with ~.
expect() {
	status=$1 pattern=$2
	shift 2
	out=$("$program" lookup "$@" 2>&1 | tr '\n' '~')
	"$program" lookup "$@" >/dev/null 2>&1
	got=$?
	if [ $got = "$status" ] && printf '%s\n' "$out" | grep -qE -e "$pattern"; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		printf 'lookup %s\n  expected %s /%s/\n  got %s %s\n' "$*" "$status" "$pattern" "$got" "$out"
	fi
}

broken() { # file of tests/data/package/invalid
	rm -rf "$work/p"
	mkdir "$work/p"
	cp "$data"/base/*.json "$work/p"
	cp "$data/invalid/$1.json" "$work/p/x.json"
	CORDWATCH_PACKAGE=$work/p
}

expect 0 '^http://snomed.info/sct 161891005 \(Backache\)~  back-pain: Back pain~    group +spinal-pain~.*site +spine~.*map +urn:test:ConceptMap:sct\|1~ +file +base/ConceptMap-sct.json~ +verified +a list of its own~$' sct 161891005
expect 0 'cancer-current: .*rule +C79\*~.*bone-metastasis: .*rule +C79.51~' icd-10-cm C79.51
expect 0 '\(Secondary[a-z ]*\)~  bone-metastasis: .*rule +C79.51~' icd-10-cm C79.51 --package "$data/overlay"
expect 0 'rule +7 -> BP -> 161891005~' --package "$data/overlay" http://hospital.example/ward 7
expect 0 'unsure +the map calls' --package="$data/overlay" urn:oid:2.999.1 CA
expect 0 '^http://snomed.info/sct 94602002~  no finding~$' urn:oid:2.16.840.1.113883.6.96 94602002
expect 0 '^urn:fly 1~  no finding: no map has codes of this system~$' urn:fly 1
expect 0 '^http://snomed.info/sct 373067005~  as an answer: no~  no finding~$' sct 373067005
expect 0 '^{"system":"http://loinc.org","code":"72514-3","finding":"pain-score","title":"Pain score","group":"pain-score","role":"question","grade":0,"present":">0","unsure":false,"display":"Pain severity","rule":"72514-3",.*}~$' --format ndjson loinc 72514-3
expect 0 '^{"system":"urn:fly","code":"1","finding":null,"systemKnown":false}~$' --format ndjson urn:fly 1
expect 64 '^cordwatch lookup: too few operands' sct
expect 64 "^cordwatch lookup: unknown format 'xml'~" --format xml sct 1
expect 78 '^none/package\.json: cannot open' --package none sct 1
broken snomed-digit
expect 78 '^p/x\.json:13:19: ConceptMap\.group\[0\]\.element\[0\]\.code: 241570006: the SNOMED CT check digit is wrong~$' sct 1
broken comment
expect 78 '^p/x\.json:[0-9]+:[0-9]+: ConceptMap\.group\[0\]\.element\[0\]\.target\[0\]: no comment' sct 1
echo '{"resourceType":' >"$work/p/x.json"
expect 78 '^p/x\.json:2:1: ' sct 1
: >"$work/p/x.json"
expect 78 '/p/x\.json: the file is empty~$' sct 1
CORDWATCH_PACKAGE=$work
expect 78 '/package\.json: cannot open' sct 1

echo "$good passed, $bad failed"
[ $bad = 0 ]
