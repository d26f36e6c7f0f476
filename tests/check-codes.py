#!/usr/bin/env python3
"""Checks every code of the package against what can be known without a terminology server: check
digits, sources, targets, value sets, the codes of the vignettes; and that the generated files are up
to date. It reads the package with its own eyes, not with the program's. Each rule is then shown a
case that breaks it."""
import csv
import glob
import json
import os
import re
import subprocess
import sys

TREE = os.environ.get("top_srcdir", ".")
PACKAGE = os.path.join(TREE, "mappings", "package")
PROPERTY = "urn:cordwatch:property:"
FINDING = "urn:cordwatch:CodeSystem:finding"
SHORT = {"sct": "http://snomed.info/sct", "loinc": "http://loinc.org",
         "icd-10-cm": "http://hl7.org/fhir/sid/icd-10-cm", "hpo": "http://human-phenotype-ontology.org",
         "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm"}
good = bad = 0


def expect(ok, what):
    global good, bad
    if ok:
        good += 1
    else:
        bad += 1
        print("not so: " + what)


class Rule:
    """One rule over many rows counts as one case."""

    def __init__(self, name):
        self.name, self.broken = name, []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        expect(not self.broken, "%s: %s" % (self.name, "; ".join(self.broken[:20])))

    def expect(self, ok, what):
        if not ok:
            self.broken.append(what)


# ---- check digits, by their published tables ----

D = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 0, 6, 7, 8, 9, 5], [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
     [3, 4, 0, 1, 2, 8, 9, 5, 6, 7], [4, 0, 1, 2, 3, 9, 5, 6, 7, 8], [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
     [6, 5, 9, 8, 7, 1, 0, 4, 3, 2], [7, 6, 5, 9, 8, 2, 1, 0, 4, 3], [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
     [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]
P = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4], [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
     [8, 9, 1, 6, 0, 4, 3, 5, 2, 7], [9, 4, 5, 3, 1, 2, 6, 8, 7, 0], [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
     [2, 7, 9, 3, 8, 0, 6, 4, 1, 5], [7, 0, 4, 6, 9, 1, 3, 2, 5, 8]]


def snomed(code):
    c = 0
    for i, digit in enumerate(reversed(code)):
        c = D[c][P[i % 8][int(digit)]]
    return c == 0 and 6 <= len(code) <= 18 and code[-3:-1] in ("00", "10")


def loinc(code):
    body, _, check = code.partition("-")
    odd = str(int(body[::-1][0::2][::-1]) * 2)
    total = sum(int(d) for d in odd + body[::-1][1::2])
    return (10 - total % 10) % 10 == int(check)


def digit_ok(system, code):
    if system == SHORT["sct"]:
        return code.isdigit() and snomed(code)
    if system == SHORT["loinc"]:
        return code.startswith("LA") or (re.fullmatch(r"\d+-\d", code) is not None and loinc(code))
    return True


# ---- the package ----

def codings(node):
    """Every (system, code) anywhere in a resource that is not a finding's name."""
    if isinstance(node, dict):
        if isinstance(node.get("system"), str):
            if "code" in node:
                yield node["system"], node["code"]
            for c in node.get("concept", []):
                yield node["system"], c["code"]
        if "source" in node and isinstance(node.get("element"), list):
            for e in node["element"]:
                if "code" in e:
                    yield node["source"], e["code"]
        for v in node.values():
            yield from codings(v)
    elif isinstance(node, list):
        for v in node:
            yield from codings(v)


class Package:
    def __init__(self):
        self.all = {}
        for path in sorted(glob.glob(os.path.join(PACKAGE, "*.json"))):
            if os.path.basename(path) == "package.json":
                continue
            with open(path, encoding="utf-8") as f:
                r = json.load(f)
            self.all[r["resourceType"], r["url"]] = r
        finding = self.all["CodeSystem", FINDING]
        self.findings = {c["code"]: c["property"][0]["valueCode"] for c in finding["concept"]}
        self.roles = {c["code"] for c in self.all["CodeSystem", "urn:cordwatch:CodeSystem:role"]["concept"]}

    def rows(self):
        """(system, code or regex, is regex, target)"""
        for (kind, _), r in self.all.items():
            for group in r.get("group", []) if kind == "ConceptMap" else []:
                for e in group["element"]:
                    keys = [(e["code"], False)] if "code" in e else self.prefixes(e)
                    for key, regex in keys:
                        for t in e["target"]:
                            yield group["source"], key, regex, t

    def prefixes(self, element):
        url = element["extension"][0]["valueCanonical"]
        for include in self.all["ValueSet", url]["compose"]["include"]:
            for f in include["filter"]:
                yield f["value"], True

    def find(self, system, code):
        for s, key, regex, t in self.rows():
            if s == system and (re.fullmatch(key, code) if regex else key == code):
                yield t["code"], value(t, "role")


def value(target, name):
    return next((p["value"] for p in target["product"] if p["property"] == PROPERTY + name), "")


def check_rows(package):
    seen, used = set(), set()
    with Rule("findings exist") as exist, Rule("every row has a source") as source, \
            Rule("every row has a role") as role, Rule("every row is there once") as once, \
            Rule("a question names no site") as question:
        for system, key, _, t in package.rows():
            name = "%s %s -> %s" % (system, key, t["code"])
            used.add(t["code"])
            exist.expect(t["code"] in package.findings, name)
            source.expect(t.get("comment", "").strip() and "UNVERIFIED" not in t["comment"], name)
            role.expect(value(t, "role") in package.roles, name)
            once.expect((system, key, t["code"]) not in seen, name)
            question.expect(value(t, "role") != "question" or not value(t, "site"), name)
            seen.add((system, key, t["code"]))
        exist.expect(len(seen) > 700, "only %d rows were read" % len(seen))
    return used


def check_digits(package):
    with Rule("check digits") as rule:
        for (_, url), r in package.all.items():
            for system, code in set(codings(r)):
                rule.expect(digit_ok(system, code), "%s: %s %s has a right check digit" % (url, system, code))


def check_canonicals(package):
    with Rule("canonicals and library") as rule:
        for r in package.all.values():
            for key in ("url", "version", "name", "title", "status", "description"):
                rule.expect(r.get(key), "%s has %s" % (r["url"], key))
        library = package.all["Library", "urn:cordwatch:Library:cordwatch"]
        listed = {a["resource"] for a in library["relatedArtifact"]}
        there = {"%s|%s" % (r["url"], r["version"]) for r in package.all.values()} - {
            library["url"] + "|" + library["version"]}
        rule.expect(listed == there, "the Library lists what is there: %s" % sorted(listed ^ there))


def check_groups(package):
    with Rule("value sets of groups") as rule:
        for group in ("motor", "gait", "sphincter", "sensory", "radicular", "cord", "cauda", "soft", "pain"):
            value_set = package.all.get(("ValueSet", "urn:cordwatch:ValueSet:" + group))
            members = {c["code"] for c in value_set["compose"]["include"][0]["concept"]} if value_set else set()
            rule.expect(members and members == {f for f, g in package.findings.items() if g == group},
                   "the value set of group %s names its findings" % group)


def check_gaps(package):
    """Nothing that the list calls unverified may have got in."""
    with Rule("every verified row and no gap is loaded") as rule:
        with open(os.path.join(TREE, "mappings", "codes.csv"), newline="", encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
        there = {(s, k.replace("\\.?", ".").replace(".*", "*") if regex else k, t["code"])
                 for s, k, regex, t in package.rows()}
        for r in rows:
            key = (r["system"], r["code"], r["finding"])
            if r["verified_from"].startswith("UNVERIFIED"):
                rule.expect(key not in there, "the gap %s %s %s is not loaded" % key)
            elif r["role"] not in ("order", "answer"):
                rule.expect(key in there, "the row %s %s %s is loaded" % key)


def check_vignettes(package):
    with open(os.path.join(TREE, "tests", "data", "codes", "vignettes.csv"), newline="") as f:
        for r in csv.DictReader(f):
            found = set(package.find(SHORT[r["system"]], r["code"]))
            expect((r["finding"], r["role"]) in found,
                   "%(system)s %(code)s is %(finding)s as %(role)s" % r)


def check_decisions(package):
    """What criteria.md, section 11, says of single codes."""
    cm = SHORT["icd-10-cm"]
    for system, code, finding, role in (
            (cm, "M62.81", "limb-weakness", "weak"), (cm, "R53.1", "limb-weakness", "weak"),
            (SHORT["hpo"], "HP:0002019", "bowel-dysfunction", "weak"),
            (SHORT["sct"], "432559006", "gait-disturbance", "finding"),
            (SHORT["sct"], "32181000119106", "gait-disturbance", "finding"),
            (SHORT["sct"], "431524008", "gait-disturbance", "finding"),
            (cm, "G82.21", "complete-paralysis", "context"), (cm, "G82.53", "complete-paralysis", "context"),
            (SHORT["sct"], "249948009", "complete-paralysis", "question"),
            (cm, "Z92.21", "cancer-history", "context"), (cm, "Z92.3", "cancer-history", "context"),
            (cm, "G89.3", "neoplasm-pain", "context"), (SHORT["sct"], "315241008", "bone-metastasis", "context"),
            (SHORT["sct"], "550991000124107", "cancer-history", "finding"),
            (SHORT["sct"], "271299001", "condition-worsened", "qualifier"),
            (SHORT["loinc"], "77565-0", "pain-score", "context"),
            (SHORT["sct"], "387713003", "operation", "context"),
            (cm, "Z45.02", "mri-contraindication", "context"),
            (cm, "M80.08XA", "osteoporotic-fracture", "context"),
            (cm, "T45.1X5A", "anticancer-treatment", "context"),
            (cm, "R20.0", "saddle-anaesthesia", "finding")):
        expect((finding, role) in set(package.find(system, code)), "%s is %s as %s" % (code, finding, role))
    expect("mri-absolute-contraindication" in package.findings, "the absolute contraindication exists")
    expect("mri-absolute-contraindication" not in {t["code"] for _, _, _, t in package.rows()},
           "no code of the absolute contraindication is shipped")
    expect({f for f, _ in package.find(SHORT["sct"], "41370002")} == {"alternative-neuro-cause"},
           "myelitis explains nothing away (S17 names multiple sclerosis and Guillain-Barre)")
    for code in ("D10.0", "D36.9", "Z00.0"):
        expect(not set(package.find(cm, code)), code + " means nothing")
    expect({f for f, _ in package.find(cm, "C44.91")} == {"cancer-low-risk"}, "C44 is low risk only")


def check_fresh():
    script = os.path.join(TREE, "mappings", "generate-package.py")
    r = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    expect(r.returncode == 0, "the generated files are up to date: " + r.stdout + r.stderr)


def check_itself():
    """Codes that circulate and are wrong, and the right ones beside them."""
    for code in ("241570006", "241635003", "450451004", "202689003", "411611000119100"):
        expect(not digit_ok(SHORT["sct"], code), code + " is refused")
    expect(digit_ok(SHORT["sct"], "411611000119102"), "411611000119102 passes")
    expect(not digit_ok(SHORT["loinc"], "72514-4"), "72514-4 is refused")
    expect(digit_ok(SHORT["loinc"], "72514-3"), "72514-3 passes")
    expect(set(codings({"group": [{"source": "s", "element": [{"code": "1"}]}],
                        "x": [{"system": "t", "concept": [{"code": "2"}]}, {"system": "u", "code": "3"}]}))
           == {("s", "1"), ("t", "2"), ("u", "3")}, "every place of a code is looked at")


def main():
    package = Package()
    used = check_rows(package)
    with Rule("every finding has a code, or is known to have none") as rule:
        for f in package.findings:
            rule.expect(f in used or f in ("unremitting-pain", "progressive-pain", "sensory-level",
                                           "mri-absolute-contraindication"), f)
    check_digits(package)
    check_canonicals(package)
    check_groups(package)
    check_gaps(package)
    check_vignettes(package)
    check_decisions(package)
    check_fresh()
    check_itself()
    print("%d passed, %d failed" % (good, bad))
    return 1 if bad else 0


sys.exit(main())
