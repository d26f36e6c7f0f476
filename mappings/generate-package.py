#!/usr/bin/env python3
"""Makes the terminology of mappings/package from the reviewed lists codes.csv and findings.csv.

    generate-package.py           writes the files
    generate-package.py --check   says which files are not up to date; exit 1 if any

It reads columns, never prose. Rows whose verified_from begins with UNVERIFIED are documented gaps
and are never generated. What it does not make (PlanDefinition, ActivityDefinition, ...) it leaves
alone, but lists in the Library.
"""
import csv
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.join(HERE, "package")
VERSION, DATE = "0.1.0", "2026-11-24"
FINDING = "urn:cordwatch:CodeSystem:finding"
MADE = "urn:cordwatch:mappings:codes.csv"  # meta.source of what is made here
WORDS = "urn:cordwatch:CodeSystem:answer-text"
SOURCE_SET = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ConceptMap.group.element.valueSet"
COLUMNS = ["finding", "system", "code", "display", "verified_from", "role", "grade", "side",
           "site", "needsSite", "present", "note"]
PROPERTIES = [("role", "role"), ("grade", "grade"), ("side", "side"), ("site", "site"),
              ("needsSite", "needs-site"), ("present", "present")]
ROLES = {
    "finding": "Evidence.",
    "question": "Only asks; the value decides.",
    "context": "Informs rules and controls; never fires.",
    "weak": "Supports; never fires alone.",
    "qualifier": "Says something of the finding beside it or pointed at.",
    "site": "Names a body site.",
    "side": "Names a side.",
}
NOT_MAPPED = {"order", "answer"}

SNOMED = ("This artefact includes content from SNOMED Clinical Terms(R) (SNOMED CT(R)), copyright of the "
          "International Health Terminology Standards Development Organisation (IHTSDO). Use of SNOMED CT "
          "needs a licence where SNOMED International requires one. See NOTICE.")
WHO = ("This artefact lists single codes of a classification of the World Health Organization or of WONCA. "
       "See NOTICE.")
# id, system, title, copyright
SYSTEMS = [
    ("sct", "http://snomed.info/sct", "SNOMED CT", SNOMED),
    ("icd-10-cm", "http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM",
     "ICD-10-CM is in the public domain in the United States of America. See NOTICE."),
    ("icd-10", "http://hl7.org/fhir/sid/icd-10", "ICD-10", WHO),
    ("icd-9-cm", "http://hl7.org/fhir/sid/icd-9-cm", "ICD-9-CM",
     "ICD-9-CM is in the public domain in the United States of America. See NOTICE."),
    ("icpc-2", "http://hl7.org/fhir/sid/icpc-2", "ICPC-2", WHO),
    ("hpo", "http://human-phenotype-ontology.org", "Human Phenotype Ontology",
     "This artefact uses terms of the Human Phenotype Ontology, http://www.human-phenotype-ontology.org. "
     "See NOTICE."),
    ("loinc", "http://loinc.org", "LOINC",
     "This material contains content from LOINC (http://loinc.org). LOINC is copyright of Regenstrief "
     "Institute, Inc. and the LOINC Committee, and available at no cost under the licence at "
     "http://loinc.org/license. LOINC(R) is a registered trademark of Regenstrief Institute, Inc."),
    ("rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm",
     "RxNorm names and codes courtesy of the U.S. National Library of Medicine. See NOTICE."),
    ("ctv3", "http://read.info/ctv3", "Read codes (CTV3)",
     "Read codes are Crown copyright. See NOTICE."),
    ("readv2", "http://read.info/readv2", "Read codes (version 2)",
     "Read codes are Crown copyright. See NOTICE."),
    ("profile", "urn:ietf:rfc:3986", "profiles of resources", None),
    ("v2-0136", "http://terminology.hl7.org/CodeSystem/v2-0136", "HL7 yes/no indicator", None),
    ("answer-text", WORDS, "answers in words", None),
]
NAME_OF = {system: name for name, system, _, _ in SYSTEMS}
GROUPS = [
    ("motor", "Motor findings"), ("gait", "Gait findings"), ("sphincter", "Bladder and bowel findings"),
    ("sensory", "Sensory findings"), ("radicular", "Radicular findings"), ("cord", "Cord signs"),
    ("cauda", "Cauda equina findings"), ("soft", "Soft findings: balance and falls"), ("pain", "Pain"),
]
ANSWERS = [
    ("answer-no", "Answers that say no", "Codes and words that, as a whole answer, say no or absent."),
    ("answer-yes", "Answers that say yes", "Codes that, as an answer, say yes or present."),
]
ORDERS = [
    ("order-mri-whole-spine", "Orders of whole-spine MRI", "Codes that may order MRI of the whole spine."),
    ("order-ct-whole-spine", "Orders of whole-spine CT", "Codes that may order CT of the whole spine."),
    ("order-category", "Categories of imaging orders", "Categories of an imaging order."),
]


def fail(text):
    sys.exit("generate-package.py: " + text)


def read_csv(name, columns):
    with open(os.path.join(HERE, name), newline="", encoding="utf-8") as f:
        reader = csv.DictReader(f)
        if reader.fieldnames != columns:
            fail("%s: the columns must be %s" % (name, ",".join(columns)))
        rows = list(reader)
    for i, row in enumerate(rows, 2):
        row["line"] = "%s row %d" % (name, i)
        if None in row or any(v is None for v in row.values()):
            fail(row["line"] + ": too many or too few columns")
    return rows


def is_prefix(row):
    return row["code"].endswith("*")


def check_row(row, findings, seen):
    where = row["line"]
    known = set(ROLES) | NOT_MAPPED
    if row["role"] not in known:
        fail("%s: unknown role %r" % (where, row["role"]))
    sets = {name for name, _, _ in ANSWERS + ORDERS}
    if row["finding"] not in (sets if row["role"] in NOT_MAPPED else findings):
        fail("%s: unknown finding %r" % (where, row["finding"]))
    if row["system"] not in NAME_OF:
        fail("%s: unknown system %r" % (where, row["system"]))
    if not row["verified_from"].strip():
        fail(where + ": no source")
    if not row["code"]:
        fail(where + ": no code")
    if is_prefix(row) and (not NAME_OF[row["system"]].startswith("icd-") or row["role"] in NOT_MAPPED):
        fail(where + ": only a mapped ICD code may be a prefix rule")
    if row["grade"] and not re.fullmatch("[1-9]", row["grade"]):
        fail("%s: impossible grade %r" % (where, row["grade"]))
    if row["side"] not in ("", "left", "right", "bilateral", "unilateral"):
        fail("%s: unknown side %r" % (where, row["side"]))
    key = (row["finding"], row["system"], row["code"])
    if key in seen:
        fail(where + ": twice")
    seen.add(key)


def read_rows(findings):
    rows, seen = [], set()
    for row in read_csv("codes.csv", COLUMNS):
        if row["verified_from"].startswith("UNVERIFIED"):
            continue
        check_row(row, findings, seen)
        rows.append(row)
    return rows


def resource(type_, ident, title, description, **more):
    name = "".join(w[:1].upper() + w[1:] for w in re.split("[^A-Za-z0-9]+", ident))
    r = {"resourceType": type_, "id": ident, "meta": {"source": MADE},
         "url": "urn:cordwatch:%s:%s" % (type_, ident),
         "version": VERSION, "name": name, "title": title, "status": "draft", "experimental": False,
         "date": DATE, "description": description}
    r.update((k, v) for k, v in more.items() if v is not None)
    return r


def code_system(ident, title, description, concepts, **more):
    return resource("CodeSystem", ident, title, description, caseSensitive=True, content="complete",
                    count=len(concepts), **more, concept=concepts)


def code_systems(findings):
    concepts = [{"code": f["finding"], "display": f["title"], "definition": f["definition"],
                 "property": [{"code": "group", "valueCode": f["group"]}]} for f in findings]
    yield code_system(
        "finding", "Findings", "What cordwatch can know about a patient. Each finding belongs to a group; "
        "new and worse are judged inside the group.", concepts,
        property=[{"code": "group", "description": "Group of the finding", "type": "code"}])
    yield code_system("role", "Roles of codes", "What a code may do for its finding.",
                      [{"code": k, "display": k.capitalize(), "definition": v} for k, v in ROLES.items()])


def words(rows):
    texts = [r["code"] for r in rows if r["system"] == WORDS]
    return code_system("answer-text", "Answers in words",
                       "Words that count when they are the whole answer, in any case.",
                       [{"code": t, "display": t} for t in texts])


def regex(prefix):
    """An ICD prefix with its dot made optional; FHIR matches the whole code."""
    return prefix[:-1].replace(".", "\\.?") + ".*"


def equivalence(row):
    """How the finding lies to the code (R4): it is broader, or only has to do with it."""
    if row["role"] in ("context", "weak", "qualifier"):
        return "relatedto"
    return "wider"


def target(row):
    t = {"code": row["finding"], "equivalence": equivalence(row), "comment": row["verified_from"]}
    t["product"] = [{"property": "urn:cordwatch:property:" + name, "value": row[column]}
                    for column, name in PROPERTIES if row[column]]
    return t


def prefix_sets(system, rows):
    """Prefix rows that say the same make one value set: [(value set, display, rows)]."""
    name, uri, title, copyright_ = system
    same = {}
    for r in rows:
        key = tuple(r[c] for c in COLUMNS if c not in ("code", "display", "note"))
        same.setdefault(key, []).append(r)
    count = {}
    for members in same.values():
        count[members[0]["finding"]] = count.get(members[0]["finding"], 0) + 1
    for members in same.values():
        finding = members[0]["finding"]
        ident = "%s-%s" % (name, finding)
        if count[finding] > 1:
            ident += "-" + re.sub("[^a-z0-9]", "", members[0]["code"].lower())
        codes = ", ".join(r["code"] for r in members)
        include = [{"system": uri, "filter": [
            {"property": "code", "op": "regex", "value": regex(r["code"])}]} for r in members]
        yield resource("ValueSet", ident, "%s codes of %s: %s" % (title, finding, codes),
                       "All %s codes that begin so, with or without the dot." % title,
                       copyright=copyright_, compose={"include": include}), members


def concept_map(system, rows):
    name, uri, title, copyright_ = system
    elements, exact, sets = [], {}, []
    for r in rows:
        if is_prefix(r):
            continue
        if r["code"] not in exact:
            e = exact[r["code"]] = {"code": r["code"]}
            if r["display"]:
                e["display"] = r["display"]
            e["target"] = []
            elements.append(e)
        exact[r["code"]]["target"].append(target(r))
    for value_set, members in prefix_sets(system, [r for r in rows if is_prefix(r)]):
        sets.append(value_set)
        elements.append({
            "extension": [{"url": SOURCE_SET, "valueCanonical": value_set["url"]}],
            "target": [target(members[0])]})
    return sets + [resource(
        "ConceptMap", name, "What %s mean%s" % (title, "" if title.endswith("s") else "s"),
        "Each code with its finding and what it may do for it; the comment says where the code was "
        "verified.", copyright=copyright_,
        group=[{"source": uri, "target": FINDING, "element": elements}])]


def listed(ident, title, description, rows):
    include, by = [], {}
    for r in rows:
        if r["system"] not in by:
            by[r["system"]] = {"system": r["system"], "concept": []}
            include.append(by[r["system"]])
        concept = {"code": r["code"]}
        if r["display"]:
            concept["display"] = r["display"]
        by[r["system"]]["concept"].append(concept)
    notices = [c for _, uri, _, c in SYSTEMS if uri in by and c]
    return resource("ValueSet", ident, title, description, copyright=" ".join(notices) or None,
                    compose={"include": include})


def value_sets(findings, rows):
    for group, title in GROUPS:
        members = [{"code": f["finding"], "display": f["title"]} for f in findings if f["group"] == group]
        yield resource("ValueSet", group, title, "The findings of this group.",
                       compose={"include": [{"system": FINDING, "concept": members}]})
    for name, title, description in ANSWERS + ORDERS:
        yield listed(name, title, description, [r for r in rows if r["finding"] == name])


# name, type, may be many, meaning
ELEMENTS = [
    ("code", "code", "1", "1", "What was found: a code of urn:cordwatch:CodeSystem:finding"),
    ("group", "code", "0", "1", "Group of the finding; new and worse are judged inside it"),
    ("grade", "integer", "1", "1", "How grave it is inside its group; 0 says nothing"),
    ("role", "code", "1", "1", "What the code may do: a code of urn:cordwatch:CodeSystem:role"),
    ("weak", "boolean", "1", "1", "Supports, never fires alone"),
    ("present", "boolean", "0", "1", "Is it there; absent when nobody can tell"),
    ("dataAbsent", "boolean", "1", "1", "Not present because the data are absent, with a reason"),
    ("high", "boolean", "0", "1", "Raised, by interpretation or reference range"),
    ("value", "Quantity", "0", "1", "The measured value"),
    ("qualifier", "code", "0", "*", "Findings that qualify this one"),
    ("conclusion", "code", "0", "*", "Findings that the report concludes"),
    ("concluded", "boolean", "1", "1", "The report has a coded conclusion"),
    ("target", "string", "0", "*", "What it points at: focus and members, reasons of cordwatch's own request"),
    ("status", "code", "0", "1", "Status or clinical status of the resource, as written"),
    ("verification", "code", "0", "1", "Verification status, as written"),
    ("intent", "code", "0", "1", "Intent of a request, as written"),
    ("priority", "code", "0", "1", "Priority of a request, as written"),
    ("urgency", "integer", "1", "1", "Priority as a number: 0 routine, 1 urgent, 2 asap, 3 stat"),
    ("withdrawn", "boolean", "1", "1", "Entered in error, cancelled, refuted, revoked or deleted"),
    ("resolved", "boolean", "1", "1", "Resolved, inactive, in remission or abated"),
    ("done", "boolean", "1", "1", "The event took place"),
    ("otherSubject", "boolean", "1", "1", "It is about somebody else than the patient"),
    ("own", "boolean", "1", "1", "A request that cordwatch made"),
    ("dated", "boolean", "1", "1", "The resource says when it happened"),
    ("imprecise", "boolean", "1", "1", "The time is coarse"),
    ("when", "dateTime", "0", "1", "Earliest start of the event"),
    ("whenLatest", "dateTime", "0", "1", "Latest start of the event"),
    ("ends", "dateTime", "0", "1", "Latest known moment of the event"),
    ("abated", "dateTime", "0", "1", "When it abated"),
    ("recorded", "dateTime", "0", "1", "Earliest time of the record"),
    ("recordedLatest", "dateTime", "0", "1", "Latest time of the record"),
    ("received", "dateTime", "0", "1", "When these bytes were received"),
    ("due", "dateTime", "0", "1", "When a request is due"),
    ("runStart", "dateTime", "0", "1", "First record of the current run of its group"),
    ("previous", "dateTime", "0", "1", "Last record of its group before that run"),
    ("episode", "dateTime", "0", "1", "Start of its episode"),
    ("episodeEnd", "dateTime", "0", "1", "Last record of its episode"),
    ("episodePrevious", "dateTime", "0", "1", "End of the episode before"),
    ("side", "code", "0", "1", "left, right, bilateral or unilateral"),
    ("site", "code", "0", "1", "spine, thoracic (a part of the spine), limb, hand, foot or perineum"),
    ("resource", "code", "1", "1", "Type of the resource it was read from"),
    ("source", "string", "1", "1", "That resource: Type/id"),
    ("feed", "string", "0", "1", "The feed that it came by"),
    ("text", "string", "0", "1", "Display of the code; for people only"),
]


def structure_definition():
    url = "urn:cordwatch:StructureDefinition:Finding"
    elements = [{"id": "Finding", "path": "Finding", "short": "One fact about one patient",
                 "definition": "One flat fact, read from one version of one resource.",
                 "min": 0, "max": "*"}]
    for name, kind, least, most, short in ELEMENTS:
        elements.append({"id": "Finding." + name, "path": "Finding." + name, "short": short,
                         "definition": short + ".", "min": int(least), "max": most,
                         "type": [{"code": kind}]})
    r = resource("StructureDefinition", "Finding", "Finding",
                 "What the mapping makes of a resource and the criteria are asked about. All times are UTC "
                 "instants, so that comparisons are exact.",
                 fhirVersion="4.0.1", kind="logical", abstract=False, type="Finding",
                 baseDefinition="http://hl7.org/fhir/StructureDefinition/Element",
                 derivation="specialization", differential={"element": elements})
    return r


def library(others):
    """Everything in the folder, in byte order; the Library itself left out."""
    listed_ = sorted("%s|%s" % (r["url"], r["version"]) for r in others)
    return resource("Library", "cordwatch", "All artefacts of the package",
                    "The knowledge of cordwatch: criteria, orders, findings, maps and value sets.",
                    type={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/library-type",
                                      "code": "asset-collection"}]},
                    relatedArtifact=[{"type": "composed-of", "resource": c} for c in listed_])


def package_json():
    return {"name": "cordwatch.mscc", "version": VERSION, "canonical": "urn:cordwatch",
            "title": "Red flags for metastatic spinal disease and cord compression",
            "description": "Findings, code maps, criteria and orders of cordwatch.",
            "fhirVersions": ["4.0.1"], "dependencies": {"hl7.fhir.r4.core": "4.0.1"},
            "license": "see NOTICE"}


def file_name(r):
    return "%s-%s.json" % (r["resourceType"], r["id"])


def text(value):
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def generate():
    findings = read_csv("findings.csv", ["finding", "title", "group", "definition"])
    rows = read_rows({f["finding"] for f in findings})
    made = list(code_systems(findings)) + [words(rows), structure_definition()]
    for system in SYSTEMS:
        mine = [r for r in rows if r["system"] == system[1] and r["role"] not in NOT_MAPPED]
        if mine:
            made += concept_map(system, mine)
    made += value_sets(findings, rows)
    files = {}
    for r in made:
        if file_name(r) in files:
            fail("two resources would be " + file_name(r))
        files[file_name(r)] = text(r)
    return files, made


def others(files):
    """(name, resource) of what is in the folder beside these files."""
    for name in sorted(os.listdir(PACKAGE)):
        if not name.endswith(".json") or name in files or name in ("package.json", "Library-cordwatch.json"):
            continue
        with open(os.path.join(PACKAGE, name), encoding="utf-8") as f:
            yield name, json.load(f)


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        fail("usage: generate-package.py [--check]")
    files, made = generate()
    stale = []
    for name, r in others(files):
        if r.get("meta", {}).get("source") != MADE:
            made.append(r)
            continue
        stale.append(name)
        if not check:
            os.remove(os.path.join(PACKAGE, name))
    files["Library-cordwatch.json"] = text(library(made))
    files["package.json"] = text(package_json())
    for name, wanted in sorted(files.items()):
        path = os.path.join(PACKAGE, name)
        have = open(path, encoding="utf-8").read() if os.path.exists(path) else None
        if have == wanted:
            continue
        stale.append(name)
        if not check:
            with open(path, "w", encoding="utf-8") as f:
                f.write(wanted)
    for name in stale:
        print(("not up to date: " if check else "changed: ") + name)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
