#!/usr/bin/env python3
"""The Synthea patients of CORDWATCH_SUITES/synthea through `cordwatch evaluate --format ndjson`.

Nobody there has cancer and back pain together, so nobody may get an emergency or urgent decision.
Then twenty of them get the findings of one rule each, put into their own files: exactly these must
be found, with that rule and tier, and the others must stay as they were."""
import bz2
import glob
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone

PROGRAM = os.environ.get("CORDWATCH", "./cordwatch")
FOLDER = os.path.join(os.environ.get("CORDWATCH_SUITES", "../shared/suites"), "synthea")
NOW = datetime(2021, 7, 10, 12, 0, 0, tzinfo=timezone.utc)  # two hours after the patients were made

SYSTEM = {"sct": "http://snomed.info/sct", "cm": "http://hl7.org/fhir/sid/icd-10-cm", "loinc": "http://loinc.org",
          "rxn": "http://www.nlm.nih.gov/research/umls/rxnorm", "hpo": "http://human-phenotype-ontology.org"}
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CERTAIN = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def at(days):
    return (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def concept(code, system=None):
    name, code = code.split(":", 1) if system is None else (None, code)
    return {"coding": [{"system": system or SYSTEM[name], "code": code}]}


def cond(code, days, clinical="active", certain="confirmed", **more):
    return {"resourceType": "Condition", "clinicalStatus": concept(clinical, CLINICAL),
            "verificationStatus": concept(certain, CERTAIN), "code": concept(code), "recordedDate": at(days), **more}


def obs(code, days, **more):
    return {"resourceType": "Observation", "status": "final", "code": concept(code), "effectiveDateTime": at(days),
            **more}


def site(code):
    return {"bodySite": concept(code)}


def sites(code):
    return {"bodySite": [concept(code)]}


SPINE, LIMB = "sct:421060004", "sct:61685007"
BREAST, LUNG, PROSTATE, LOW_BACK = "sct:254837009", "sct:93880001", "sct:399068003", "sct:279039007"

SEEDS = [
    ("emergency", "E1", [cond(BREAST, 400), cond("sct:26544005", 1, **sites(LIMB))]),
    ("emergency", "E1", [cond(PROSTATE, 2500, "remission"), cond("sct:1845001", 1)]),
    ("emergency", "E2", [cond("sct:254637007", 200), cond("sct:267981009", 19), obs("sct:719232003", 2)]),
    ("emergency", "E3", [cond("sct:109989006", 300), cond("sct:161891005", 14), cond("sct:236648008", 0)]),
    ("emergency", "E4", [cond("sct:363443007", 90), cond(LOW_BACK, 15), obs("sct:309537005", 1)]),
    ("emergency", "E4", [cond("cm:C43.9", 900, "resolved"), obs("hpo:HP:0010829", 1)]),
    ("emergency", "E5", [cond(BREAST, 90), cond("sct:247389006", 1)]),
    ("emergency", "E6", [cond("sct:254915003", 90), obs("sct:86854008", 0, valueBoolean=True)]),
    ("emergency", "E7", [cond(BREAST, 90), obs("sct:449813001", 0)]),
    ("emergency", "E8", [cond("sct:94602001", 150), obs("sct:1912002", 1)]),
    ("emergency", "E9", [cond(LUNG, 90), cond("cm:G95.20", 0, certain="provisional")]),
    ("emergency", "E10", [cond("sct:270507001", 1), cond("sct:1845001", 0)]),
    ("urgent", "U1", [obs("sct:429087003", 500), cond(LOW_BACK, 11), obs("sct:36163009", 1, **site(SPINE))]),
    ("urgent", "U2", [cond("sct:363406005", 300), cond("sct:161893008", 1)]),
    ("urgent", "U5", [cond("sct:254915003", 800, "remission"), obs("sct:298674008", 1)]),
    ("urgent", "U7", [cond("sct:363478007", 300), cond(LOW_BACK, 6), cond("sct:240219003", 1)]),
    ("urgent", "U9", [cond(BREAST, 3000, "resolved"), cond(LOW_BACK, 20), cond("sct:161891005", 0)]),
    ("urgent", "U10", [cond(PROSTATE, 300), cond(LOW_BACK, 1),
                       obs("loinc:29265-6", 13, valueQuantity={
                           "value": 2.75, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
                           referenceRange=[{"high": {"value": 2.60, "unit": "mmol/L",
                                                     "system": "http://unitsofmeasure.org", "code": "mmol/L"}}])]),
    ("urgent", "U11", [obs("sct:429087003", 500), cond("sct:161891005", 6), cond("sct:314668006", 2)]),
    ("urgent", "U13", [cond("sct:712849003", 400), cond(LOW_BACK, 1)]),
]


def seeded(text, resources):
    """The Bundle's text with the resources as its first entries, about its first Patient."""
    start = text.index(b'"entry": [') + len(b'"entry": [')
    bundle_patient = text[text.index(b'"fullUrl": "', start) + len(b'"fullUrl": "'):]
    patient = bundle_patient[:bundle_patient.index(b'"')].decode()
    entries = []
    for i, r in enumerate(resources):
        r = dict(r, id=f"seed-{i}-{patient[-12:]}", subject={"reference": patient})
        entries.append(json.dumps({"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{i:04x}{patient[-8:]}",
                                   "resource": r, "request": {"method": "POST", "url": r["resourceType"]}}))
    return text[:start] + ",".join(entries).encode() + b"," + text[start:]


def evaluate(folder):
    """Output by patient."""
    run = subprocess.run([PROGRAM, "evaluate", "--format", "ndjson", "--as-of", NOW.isoformat(), folder],
                         capture_output=True, check=False)
    if run.stderr:
        print(run.stderr.decode()[:4000])
    if run.returncode != 0:
        print(f"exit status {run.returncode}")
    return run.returncode, {line["patient"]: line for line in map(json.loads, run.stdout.splitlines())}


def alive(text):
    return b'"deceasedDateTime"' not in text


def main():
    files = sorted(glob.glob(os.path.join(FOLDER, "*.json.bz2")))
    if not files:
        print(f"{FOLDER} is not there")
        return 77
    passed = failed = 0
    begun = time.monotonic()
    expected = {}

    def case(good, words):
        nonlocal passed, failed
        passed += good
        failed += not good
        if not good:
            print("failed:", words)

    with tempfile.TemporaryDirectory() as work:
        whole, plain = os.path.join(work, "whole"), os.path.join(work, "plain")
        os.mkdir(whole)
        os.mkdir(plain)
        for path in files:
            name = os.path.basename(path)[:-4]
            with bz2.open(path) as f:
                text = f.read()
            if len(expected) < len(SEEDS) and name[0] != "0" and alive(text):
                with open(os.path.join(plain, name), "wb") as f:
                    f.write(text)
                tier, rule, resources = SEEDS[len(expected)]
                expected["Patient/" + name[:-5]] = (tier, rule)
                text = seeded(text, resources)
            with open(os.path.join(whole, name), "wb") as f:
                f.write(text)
        unpacked = time.monotonic()
        status, found = evaluate(whole)
        case(status == 0, "the seeded files: exit status")
        status, before = evaluate(plain)
        case(status == 0, "the files before: exit status")
    case(len(files) == 122 and len(expected) == len(SEEDS), f"{len(files)} files, {len(expected)} seeded")
    for patient, (tier, rule) in expected.items():
        line = found.get(patient, {})
        case(line.get("tier") == tier and rule in line["rules"], f"{patient} has {tier} {rule}: {line}")
        line = before.get(patient, {})
        case(line.get("tier") not in ("emergency", "urgent"), f"{patient} before: {line}")
    for patient, line in found.items():
        if patient not in expected:
            case(line["tier"] not in ("emergency", "urgent"), f"{patient}: {line}")
    case(len(found) > len(expected), "some of the others have findings too")
    print(f"unpacked in {unpacked - begun:.1f} s, evaluated in {time.monotonic() - unpacked:.1f} s")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
