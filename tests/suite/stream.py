#!/usr/bin/env python3
"""Memory of a stream: NDJSON through `cordwatch evaluate`, written to its standard input.

The stream is resources that map to nothing, with a few that do at both ends. Peak memory must not
grow with it beyond what is remembered of each dropped resource (some 30 bytes), and what is kept must be judged as
if the rest were not there: also where a version at one end takes back what the other end says.
50 MB in make check, 1 GB under CORDWATCH_SOAK=1 (there the bound is 64 MiB over an empty stream)."""
import json
import os
import resource
import subprocess
import sys
import threading

PROGRAM = os.environ.get("CORDWATCH", "./cordwatch")
SOAK = os.environ.get("CORDWATCH_SOAK") == "1"
LINE = 1000  # bytes, about what an Observation of a laboratory has
NOW = "2025-06-16T09:00:00Z"

# Freed memory that a sanitizer sets aside would be counted as if it were in use.
ENVIRONMENT = dict(os.environ)
ENVIRONMENT["ASAN_OPTIONS"] = ENVIRONMENT.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1:detect_leaks=0"


def condition(name, patient, version, system, code):
    return {"resourceType": "Condition", "id": name,
            "meta": {"versionId": str(version), "lastUpdated": "2025-06-16T08:00:00Z"},
            "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                                           "code": "active"}]},
            "verificationStatus": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "confirmed"}]},
            "code": {"coding": [{"system": system, "code": code}]},
            "subject": {"reference": "Patient/" + patient}, "recordedDate": "2025-06-15T08:00:00Z"}


SCT = "http://snomed.info/sct"
CANCER, WEAKNESS, NOTHING = "254837009", "26544005", "38341003"


def first():
    """What stands before the stream."""
    yield condition("cancer", "ill", 1, SCT, CANCER)
    yield condition("cancer-2", "well", 1, SCT, CANCER)
    yield condition("taken-back", "well", 1, SCT, WEAKNESS)
    yield condition("overtaken", "well", 2, SCT, NOTHING)


def last():
    """What stands behind it."""
    yield condition("weak", "ill", 1, SCT, WEAKNESS)
    yield condition("taken-back", "well", 2, SCT, NOTHING)
    yield condition("overtaken", "well", 1, SCT, WEAKNESS)


def filler():
    """A line that maps to nothing, its number to be put in."""
    one = {"resourceType": "Observation", "id": "@@@", "meta": {"versionId": "1", "lastUpdated": NOW},
           "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7",
                                                   "display": "Body weight"}]},
           "subject": {"reference": "Patient/other"}, "effectiveDateTime": NOW,
           "valueQuantity": {"value": 70.0, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
           "note": [{"text": ""}]}
    one["note"][0]["text"] = "x" * (LINE - len(json.dumps(one)) - 8)
    return json.dumps(one)


def write(to, megabytes):
    head, tail = filler().split("@@@")
    try:
        for r in first():
            to.write(json.dumps(r).encode() + b"\n")
        for block in range(megabytes):
            lines = (f"{head}o{block * 1000 + i}{tail}\n" for i in range(1000))
            to.write("".join(lines).encode())
        for r in last():
            to.write(json.dumps(r).encode() + b"\n")
        to.close()
    except BrokenPipeError:
        pass


def run(megabytes):
    """Exit status, output lines, and peak memory in KiB of one run."""
    reader, writer = os.pipe()
    child = subprocess.Popen([PROGRAM, "evaluate", "--format", "ndjson", "--as-of", NOW, "-"], stdin=reader,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
    os.close(reader)
    feeder = threading.Thread(target=write, args=(os.fdopen(writer, "wb"), megabytes))
    feeder.start()
    out, err = child.stdout.read(), child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    feeder.join()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0 or err:
        print(err.decode())
    return child.returncode, [json.loads(line) for line in out.splitlines()], usage.ru_maxrss


def main():
    large, bound = (1000, 64 << 10) if SOAK else (50, 24 << 10)
    cases = []
    peak = {}
    for size in (0, large):
        status, lines, peak[size] = run(size)
        told = {line["patient"]: line for line in lines}
        cases.append((f"{size} MB: exit status {status}", status == 0))
        cases.append((f"{size} MB: {list(told)}", list(told) == ["Patient/ill", "Patient/well"]))
        cases.append((f"{size} MB: {told.get('Patient/ill')}",
                      told.get("Patient/ill", {}).get("tier") == "emergency"))
        cases.append((f"{size} MB: {told.get('Patient/well')}",
                      told.get("Patient/well", {}).get("tier") == "none"))
    grown = peak[large] - peak[0]
    print(f"{large} MB: {grown} KiB more than an empty stream ({peak[0]} KiB)")
    cases.append((f"{grown} KiB more, bound {bound} KiB", grown < bound))
    for name, good in cases:
        if not good:
            print("failed:", name)
    print(f"{sum(good for _, good in cases)} passed, {sum(not good for _, good in cases)} failed")
    return 0 if all(good for _, good in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
