#!/bin/sh
# The shipped knowledge: the package is what generate-package.py makes of the tables, and keeps the
# rules of package_rules.py (check digits, sources, targets, the codes of the cases). Then the
# script proves on planted faults that it can fail.
set -u
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1
tree=${top_srcdir:-.}
command -v python3 >/dev/null 2>&1 || { echo "python3 is not installed"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
data=$tree/tests/data/codes

rules() { # mappings
	python3 "$tree/tests/package_rules.py" "$1" "$data" 2>&1
}

good=0 bad=0

expect() { # title, pattern ("" for no output), output
	if { [ -z "$2" ] && [ -z "$3" ]; } || { [ -n "$2" ] && echo "$3" | grep -qE "$2"; }; then
		good=$((good + 1))
	else
		bad=$((bad + 1))
		printf '%s: expected %s, got:\n%s\n' "$1" "${2:-nothing}" "$3" | head -n 40
	fi
}

fresh() {
	chmod -R u+w "$work" 2>/dev/null
	rm -rf "$work/m"
	cp -R "$tree/mappings" "$work/m"
	chmod -R u+w "$work/m"
}

plant() { # file, sed script: what the rules then say
	fresh
	sed "$2" "$work/m/$1" >"$work/new" && mv "$work/new" "$work/m/$1"
	rules "$work/m"
}

generate() { # argument: what the generator says of the copy
	python3 "$work/m/generate-package.py" ${1:+"$1"} 2>&1
}

expect "the files are current" "" "$(python3 "$tree/mappings/generate-package.py" --check 2>&1)"
expect "the package" '^[0-9]+ passed, 0 failed$' "$(rules "$tree/mappings")"

fresh
generate >/dev/null
expect "made again, the same bytes" "" "$(diff -r "$tree/mappings/package" "$work/m/package")"
echo >>"$work/m/package/ConceptMap-sct.json"
expect "a file changed by hand" 'ConceptMap-sct\.json' "$(generate --check)"
fresh
sed '/,26544005,/d' "$tree/mappings/codes.csv" >"$work/m/codes.csv"
expect "a row gone" 'ConceptMap-sct\.json' "$(generate --check)"
generate >/dev/null
expect "a code of a case gone" 'means nothing, not limb-weakness' "$(rules "$work/m")"
fresh
printf 'no-such-finding,http://snomed.info/sct,26544005,x,y,finding,,,,,,\n' >>"$work/m/codes.csv"
expect "a row of no finding" 'no-such-finding' "$(generate --check)"
fresh
printf 'fall,http://snomed.info/sct,26544005,x,,finding,,,,,,\n' >>"$work/m/codes.csv"
expect "a row without source" 'no source' "$(generate --check)"

map=package/ConceptMap-sct.json
expect "a wrong check digit" '26544006: wrong check digit' "$(plant $map 's/"26544005"/"26544006"/')"
expect "not a concept" 'not of a concept' "$(plant $map 's/"26544005"/"26544015"/')"
expect "a wrong LOINC check digit" '72514-4: wrong check digit' "$(plant package/ConceptMap-loinc.json 's/"72514-3"/"72514-4"/')"
expect "an unverified row" 'no source' "$(plant $map 's/"comment": "UoM[^"]*"/"comment": "UNVERIFIED"/')"
expect "an unverified row is loaded" 'not a verified row' "$(plant codes.csv '/,26544005,/s/OHDSI[^,]*/UNVERIFIED/')"
expect "an absolute contraindication is shipped" 'none is to be shipped' "$(plant $map 's/"code": "mri-contraindication"/"code": "mri-absolute-contraindication"/')"
expect "a target without concept" 'no finding limb-weaknesses' "$(plant $map 's/"limb-weakness"/"limb-weaknesses"/')"
expect "an unknown role" 'property:role evidence' "$(plant $map 's/"value": "finding"/"value": "evidence"/')"
expect "a broader code" 'would mean more' "$(plant $map 's/"equivalence": "wider"/"equivalence": "narrower"/')"
expect "no title" 'no title' "$(plant package/ValueSet-motor.json '/"title"/d')"
expect "another url" 'not made of type and id' "$(plant package/ValueSet-motor.json 's/ValueSet:motor/ValueSet:motors/')"
expect "another version" 'not of the version' "$(plant package/ValueSet-motor.json 's/"0\.1\.0"/"0.1.1"/')"
expect "a group with other members" 'other members' "$(plant package/ValueSet-motor.json 's/"paralysis"/"fall"/')"
expect "no prefix" 'is no prefix' "$(plant package/ValueSet-icd-10-cm-paralysis.json 's/"value": ".*"/"value": "G82.*5.*"/')"
expect "a gap without a word" 'not said to be a gap' "$(plant codes.csv '/,night-pain,/d;s/^night-pain,\([^,]*\),36163009,/night-pain,\1,,/')"
expect "a plan that asks for no finding" 'no finding limb-weaknesses' "$(plant package/PlanDefinition-mscc.json 's/"limb-weakness"/"limb-weaknesses"/')"
expect "an expression that asks for no finding" 'asks for night-pains' "$(plant package/PlanDefinition-mscc.json "s/code = 'night-pain'/code = 'night-pains'/")"
expect "an order that is not there" 'is not in the package' "$(plant package/PlanDefinition-mscc.json 's/ActivityDefinition:ct-whole-spine/ActivityDefinition:ct-spine/')"

echo "$good passed, $bad failed"
[ $bad = 0 ]
