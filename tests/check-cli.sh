#!/bin/sh
# The command line as a user meets it: exit status, what is on stdout, what is on stderr.
set -u
export LC_ALL=C
program=${CORDWATCH:-./cordwatch}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
good=0 bad=0
samples=${top_srcdir:-.}/tests/samples
export CORDWATCH_PACKAGE="${CORDWATCH_PACKAGE:-${top_srcdir:-.}/mappings/package}"

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

# path: values, both formats, variables, where an expression is wrong, what a file may be.
input='{"resourceType":"Patient","name":[{"family":"Doe","given":["Ann","Bo"]}],"birthDate":"1970-01-02","multipleBirthInteger":3}'
expect 0 '^Doe~$' '' path name.family -
expect 0 '^Ann~Bo~$' '' path 'Patient.name.given' -
expect 0 '^true~$' '' path 'name.given.count() = 2' -
expect 0 '' '' path 'name.prefix' -
expect 0 '^3~$' '' path 'multipleBirth' -
expect 0 '^{"type":"FHIR.string","value":"Doe"}~$' '' path --format ndjson name.family -
expect 0 '^{"type":"System.Decimal","value":0.10}~{"type":"System.Boolean","value":true}~$' '' path --format=ndjson '0.10 | true'
expect 0 '^{"type":"System.Quantity","value":{"value":4.50,"unit":"mg"}}~$' '' path --format ndjson "4.50 'mg'"
expect 0 '^{"type":"FHIR.HumanName","value":{"family":"Doe","given":\["Ann","Bo"\]}}~$' '' path --format ndjson name -
expect 0 '^{"family":"Doe","given":\["Ann","Bo"\]}~$' '' path name -
expect 0 '^-1~$' '' path -- -1
expect 0 '^7~$' '' path --var 'a=3' --var 'b=[1,3]' '%a + %b.aggregate($this + $total, 0)'
expect 0 '^x y~$' '' path --var 'o={"k":"x y"}' '%o.k'
expect 0 '^T-' '' path "'T-' + now().toString()"
expect 64 '' "^cordwatch path: unknown format 'xml'~" path --format xml 1
expect 64 '' '^cordwatch path: --var needs NAME=JSON' path --var a 1
expect 64 '' '^cordwatch path: --var a=\{:' path --var 'a={' '%a'
expect 64 '' '^cordwatch path: .*~  name\.\(given~ {7}\^~$' path 'name.(given' -
expect 64 '' '^cordwatch path: .*~  fly\(\)~  \^~$' path 'fly()' -
expect 65 '' '^cordwatch path: .*~  .*~ *\^~$' path 'name.given.single()' -
expect 66 '' '^none\.json: cannot open' path 1 none.json
input='{"a":{"b":[1,2.50]}}'
expect 0 '^1~2\.50~$' '' path a.b -
expect 0 '^true~$' '' path 'a.b.first() < a.b.last()' -
input='[1]'
expect 65 '' '^\(standard input\):1: not a JSON object~$' path 1 -
input='{"a":1,"a":2}'
expect 65 '' '^\(standard input\):1:[0-9]+: ' path 1 -
input=''
expect 0 '' "^cordwatch path: note: .*~  1 'mg' = 1 's'~ {9}\^~\$" path "1 'mg' = 1 's'"

# What is in the data, or a file's name, cannot steer the terminal of who reads it.
esc=$(printf '\033')
mkdir "$work/in"
printf '%s' '{"resourceType":"Condition","id":"c\u001b1","subject":{"reference":"Patient/p\u001b[31m"},"code":{"coding":[
{"system":"http://snomed.info/sct","code":"26544005","display":"a\u001bb\u009bc\u202ed\nPatient/q  EMERGENCY"}]},"onsetDateTime":"2025-06-01"}' >"$work/in/a${esc}[1m
b.json"
input=
expect 65 'Patient/p \[31m  WATCH W1 .*c 1  a b c d Patient/q  EMERGENCY  \[limb-weakness\]~' "/a \[1m b\.json:1: .*~\$" evaluate --explain "$work/in"
LC_ALL=C grep -q "$esc" "$work/out" "$work/err" && { echo "an escape sequence comes through"; bad=$((bad + 1)); }
expect 64 '' '^cordwatch evaluate: unknown option -- \[31m~' evaluate "--$esc[31m"
input='{"a":"x\u001by"}'
expect 0 '^x.y~$' '^trace t: x y~$' path "a.trace('t')" -

# A link to nowhere is told, and the rest is evaluated.
mkdir "$work/links"
echo '{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},"onsetDateTime":"2025-06-01","code":{"coding":[{"system":"http://snomed.info/sct","code":"26544005"}]}}' >"$work/links/b.json"
ln -s nowhere "$work/links/a.json"
ln -s nowhere "$work/links/a.txt"
expect 66 'Patient/p  WATCH W1 ' '/links/a\.json: cannot open: [^~]*~$' evaluate "$work/links"

# A pipe in the folder of a package is a fault; nobody waits for its writer.
mkdir "$work/site"
echo '{"name":"site","version":"1"}' >"$work/site/package.json"
mkfifo "$work/site/a.json"
timeout 10 "$program" check --package "$work/site" >"$work/out" 2>"$work/err" </dev/null
if [ $? = 78 ] && same '/site/a\.json: is a pipe~$' "$work/err"; then
	good=$((good + 1))
else
	bad=$((bad + 1))
	echo "a pipe in a package's folder is waited for"
fi

# A file that the system does not let us read is not bad data; the rest is still done.
expect 74 'Patient/sample-2  URGENT' '^/proc/self/mem: cannot read: .*~$' evaluate /proc/self/mem "$samples"

"$program" --help >/dev/full 2>"$work/err"
if [ $? = 74 ] && grep -q 'cannot write the output' "$work/err"; then
	good=$((good + 1))
else
	bad=$((bad + 1))
	echo "a full disk looks like success"
fi

echo "$good passed, $bad failed"
[ $bad = 0 ]
