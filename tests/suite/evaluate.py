#!/usr/bin/env python3
"""The input side of `cordwatch evaluate`, as a user meets it: what is read, what is told, exit status."""
import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ.get("CORDWATCH", "./cordwatch"))
SCT = "http://snomed.info/sct"
CANCER, WEAKNESS, NOTHING = "254837009", "26544005", "38341003"
passed = failed = 0


def condition(name, kind, patient="p1", **more):
    r = {"resourceType": "Condition", "id": name,
         "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                                        "code": "active"}]},
         "verificationStatus": {"coding": [{
             "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "confirmed"}]},
         "code": {"coding": [{"system": SCT, "code": kind}]},
         "subject": {"reference": "Patient/" + patient}, "recordedDate": "2025-06-15T08:00:00Z"}
    r.update(more)
    return r


def bundle(*resources, kind="collection"):
    return {"resourceType": "Bundle", "type": kind, "entry": [
        r if "resource" in r or "request" in r else {"resource": r} for r in resources]}


ILL = [condition("c1", CANCER), condition("c2", WEAKNESS)]


def lines(*texts):
    return "".join((t if isinstance(t, str) else json.dumps(t)) + "\n" for t in texts)


def run(*arguments, files=None, stdin="", package=None):
    """Exit status, the patients of the NDJSON with their tiers, standard error."""
    with tempfile.TemporaryDirectory() as work:
        for name, text in (files or {}).items():
            os.makedirs(os.path.join(work, os.path.dirname(name)), exist_ok=True)
            with open(os.path.join(work, name), "w", encoding="utf-8", newline="") as f:
                f.write(text if isinstance(text, str) else json.dumps(text, indent=1))
        done = subprocess.run([PROGRAM, "evaluate", "--format", "ndjson", *arguments], cwd=work, check=False,
                              input=stdin.encode(), capture_output=True)
    try:
        out = [json.loads(line) for line in done.stdout.decode().splitlines()]
    except ValueError:
        out = [{"patient": "not JSON: " + done.stdout.decode()[:200], "tier": ""}]
    return done.returncode, out, done.stderr.decode()


def case(title, status, tiers, stderr, *arguments, as_of=None, unknown=None, **inputs):
    """tiers: {patient: tier} in order; stderr: a regular expression for all of it; unknown: rules of the first."""
    global passed, failed
    got, out, err = run(*arguments, **inputs)
    told = [(line["patient"], line["tier"]) for line in out]
    instants = {line["asOf"] for line in out}
    good = (got == status and told == list(tiers.items()) and re.fullmatch(stderr, err, re.S) is not None and
            (as_of is None or instants == {as_of}) and (unknown is None or out[0]["unknown"] == unknown))
    passed += good
    failed += not good
    if not good:
        print(f"failed: {title}\n  expected {status} {tiers} /{stderr}/ {as_of or ''}\n"
              f"  got      {got} {told} {instants}\n  {err}")


def shapes():
    ill = {"Patient/p1": "emergency"}
    case("a Bundle", 0, ill, "", "a.json", files={"a.json": bundle(*ILL)})
    case("plain resources in two files", 0, ill, "", "a.json", "b.json", files={"a.json": ILL[0], "b.json": ILL[1]})
    case("NDJSON", 0, ill, "", "a.ndjson", files={"a.ndjson": lines(*ILL)})
    case("NDJSON of Bundles, blank lines, CRLF", 0, ill, "", "a.ndjson",
         files={"a.ndjson": lines("", bundle(ILL[0]), "  ", bundle(ILL[1])).replace("\n", "\r\n")})
    case("a byte order mark", 0, ill, "", "a.json", files={"a.json": "\ufeff" + json.dumps(bundle(*ILL))})
    case("a folder", 0, ill, "", ".", files={"x/a.json": ILL[0], "x/y/b.ndjson": lines(ILL[1]), "x/notes.txt": "?"})
    case("standard input, indented", 0, ill, "", "-", stdin=json.dumps(bundle(*ILL), indent=2))
    case("standard input, one line", 0, ill, "", "-", stdin=json.dumps(bundle(*ILL)))
    case("standard input, NDJSON", 0, ill, "", "-", stdin=lines(*ILL))
    case("standard input, NDJSON with a bad first line", 65, ill, r"\(standard input\):1:.*\n", "-",
         stdin=lines("{", *ILL))
    case("a name that tells nothing", 0, ill, "", "a.txt", files={"a.txt": lines("", *ILL)})
    case("nothing but what is not read", 0, {}, "", "a.json",
         files={"a.json": bundle({"resourceType": "OperationOutcome", "issue": []},
                                 {"resourceType": "Surprise", "id": "x"}, condition("c", NOTHING))})
    case("two patients never mix", 0, {"Patient/p1": "none", "Patient/p2": "watch"}, "", "a.json",
         files={"a.json": bundle(condition("c1", CANCER), condition("c2", WEAKNESS, "p2"))})
    case("a deletion", 0, {"Patient/p1": "none"}, "", "a.json", "b.json",
         files={"a.json": bundle(*ILL),
                "b.json": bundle({"request": {"method": "DELETE", "url": "Condition/c2"}}, kind="history")})


def faults():
    ill = {"Patient/p1": "emergency"}
    case("a bad line among good ones", 65, ill, r"a\.ndjson:2:\d+: [^\n]+\n", "a.ndjson",
         files={"a.ndjson": lines(ILL[0], '{"resourceType":"Condition",}', ILL[1])})
    case("a bad entry among good ones", 65, ill, r"a\.json:\d+: Bundle\.entry\[1\]\.resource: [^\n]+\n", "a.json",
         files={"a.json": bundle(ILL[0], {"resource": 7}, ILL[1])})
    case("a bad resource among good ones", 65, ill,
         r"a\.json:\d+: Bundle\.entry\[1\]\.resource\.code[^:\n]*: [^\n]+\n", "a.json",
         files={"a.json": bundle(ILL[0], condition("c3", WEAKNESS, code={"coding": {"system": SCT, "code": WEAKNESS}}),
                                 ILL[1])})
    case("an impossible date", 65, ill, r"a\.json:\d+: Bundle\.entry\[2\]\.resource\.recordedDate: [^\n]+\n",
         "a.json", files={"a.json": bundle(*ILL, condition("c3", CANCER, recordedDate="2025-02-30"))})
    number = condition("c2", int(WEAKNESS))
    case("a number for a code", 65, {"Patient/p1": "none"}, r"a\.json:\d+: Bundle\.entry\[1\]\.resource\.code[^\n]+\n",
         "a.json", unknown=["E1"], files={"a.json": bundle(ILL[0], number)})
    case("beside the code", 65, ill, r"a\.json:\d+: Bundle\.entry\[1\]\.resource\.code[^\n]+\n",
         "a.json", unknown=[], files={"a.json": bundle(ILL[0], dict(
             ILL[1], code={"coding": number["code"]["coding"] + ILL[1]["code"]["coding"]}))})
    case("a Coding that is an object", 65, {"Patient/p1": "none"}, r"a\.json:\d+: [^\n]+\.code\.coding: [^\n]+\n", "a.json",
         unknown=["E1"], files={"a.json": bundle(ILL[0], dict(ILL[1], code={"coding": ILL[1]["code"]["coding"][0]}))})
    case("a note that is a string", 65, ill, r"a\.json:\d+: [^\n]+\.note: [^\n]+\n", "a.json",
         unknown=[], files={"a.json": bundle(ILL[0], dict(ILL[1], note="weak"))})
    case("cut off", 65, ill, r"a\.json:\d+:\d+: Bundle[^\n]+\n", "a.json",
         files={"a.json": json.dumps(bundle(*ILL, condition("c3", NOTHING)))[:-30]})
    case("an empty file", 65, {}, r"a\.json:1[^\n]+\n", "a.json", files={"a.json": ""})
    case("an array", 65, {}, r"a\.json:1: a FHIR resource must be a JSON object\n", "a.json", files={"a.json": "[]"})
    case("XML", 65, ill, r"\./b\.xml: XML is not read yet; convert it to JSON\n", ".",
         files={"a.json": bundle(*ILL), "b.xml": "<Patient xmlns='http://hl7.org/fhir'/>"})
    case("XML on standard input", 65, {}, r"\(standard input\): XML is not read yet; convert it to JSON\n", "-",
         stdin="<Patient xmlns='http://hl7.org/fhir'/>")
    case("no subject", 65, {"Patient/p1": "none"}, r"a\.json:\d+: Bundle\.entry\[1\]\.resource[^\n]*subject[^\n]*\n",
         "a.json", files={"a.json": bundle(ILL[0], condition("c2", WEAKNESS, subject={}))})
    case("an unknown modifierExtension", 0, {"Patient/p1": "none"},
         r"a\.json:\d+: Bundle\.entry\[1\]\.resource\.modifierExtension[^\n]*: unread: [^\n]+\n", "a.json",
         files={"a.json": bundle(ILL[0], condition("c2", WEAKNESS, modifierExtension=[
             {"url": "https://a.example/not", "valueBoolean": True}]))})
    case("an event to come", 0, {"Patient/p1": "none"}, r"a\.json:\d+: [^\n]*not yet evaluated: [^\n]+\n",
         "--as-of", "2025-06-16", "a.json",
         files={"a.json": bundle(ILL[0], condition("c2", WEAKNESS, onsetDateTime="2025-06-20T00:00:00Z",
                                                   recordedDate="2025-06-20T00:00:00Z"))})
    case("deep nesting", 65, {"Patient/p1": "none"}, r"a\.json:\d+:\d+: [^\n]*deeper than 64 levels[^\n]*\n",
         "a.json", files={"a.json": json.dumps(bundle(ILL[0]))[:-2] + ',{"x":' + "[" * 100 + "]" * 100 + "}]}"})
    case("a string of 10 MB", 0, ill, "", "a.json",
         files={"a.json": json.dumps(bundle(*ILL, condition("c3", NOTHING, note=[{"text": "x" * 10000000}])))})


def command_line():
    bad = {"a.json": bundle(*ILL)}
    case("no path", 64, {}, r"cordwatch evaluate: .*", files=bad)
    case("no such file", 66, {}, r"b\.json: .*\n", "a.json", "b.json", files=bad)
    case("format", 64, {}, r".*--format.*", "--format=xml", "a.json", files=bad)
    case("as-of", 64, {}, r".*--as-of.*", "--as-of", "yesterday", "a.json", files=bad)
    case("set without value", 64, {}, r".*--set.*", "--set", "t_new_neuro", "a.json", files=bad)
    case("set unknown", 64, {}, r".*--set.*", "--set", "no_such=1", "a.json", files=bad)
    case("no such package", 78, {}, r".*nowhere.*", "--package", "nowhere", "a.json", files=bad)
    case("a package that is none", 78, {}, r".+", "--package", "p", "a.json", files={"p/package.json": "{", **bad})


def instants():
    ill = {"Patient/p1": "emergency"}
    case("the newest time in the data", 0, ill, "", "a.json", as_of="2025-06-15T08:00:00Z",
         files={"a.json": bundle(*ILL)})
    case("also of what maps to nothing", 0, ill, "", "a.json", as_of="2025-06-16T07:00:00Z",
         files={"a.json": bundle(*ILL, condition("c3", NOTHING, recordedDate="2025-06-16T09:00:00+02:00"))})
    case("but not after the wall clock", 0, ill, "", "a.json", as_of="2025-06-15T08:00:00Z",
         files={"a.json": bundle(*ILL, condition("c3", NOTHING, recordedDate="2999-01-01"))})
    case("as asked", 0, ill, "", "--as-of", "2025-06-16T09:00:00Z", "a.json", as_of="2025-06-16T09:00:00Z",
         files={"a.json": bundle(*ILL)})
    case("a date is its first instant", 0, ill, "", "--as-of", "2025-06-16", "a.json", as_of="2025-06-16T00:00:00Z",
         files={"a.json": bundle(*ILL)})


def main():
    shapes()
    faults()
    instants()
    command_line()
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
