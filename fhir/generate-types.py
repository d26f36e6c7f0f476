#!/usr/bin/env python3
"""Generate the element tables of one FHIR release.

usage: fhir/generate-types.py r4|r4b|r5 PACKAGE_FOLDER > fhir/types_r4_table.c

PACKAGE_FOLDER is an unpacked npm package that holds the StructureDefinitions (CC0): the folder
`package` of hl7.fhir.r4.examples 4.0.1, hl7.fhir.r4b.core 4.3.0 or hl7.fhir.r5.core 5.0.0.
Only Python's standard library is used. The download is never committed, the table is.
"""
import json
import os
import sys

SYSTEM = "http://hl7.org/fhirpath/System."
FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
DEFINITION = "http://hl7.org/fhir/StructureDefinition/"
NUMBERS = {"integer", "decimal", "positiveInt", "unsignedInt"}
ARRAY, REQUIRED, MODIFIER, XML_ATTR, REFERENCE = 1, 2, 4, 8, 16


def definitions(folder):
    """The type definitions that are no profiles and no logical models, by type name."""
    found = {}
    for file in sorted(os.listdir(folder)):
        if not (file.startswith("StructureDefinition-") and file.endswith(".json")):
            continue
        with open(os.path.join(folder, file), encoding="utf-8") as handle:
            sd = json.load(handle)
        if sd.get("derivation") == "constraint" or sd["kind"] == "logical":
            continue
        if not sd["url"].startswith(DEFINITION):
            continue
        found[sd["type"]] = sd
    return found


def type_code(kind):
    """FHIR name of an element's type; the System types stand for the primitive they carry."""
    code = kind["code"]
    if code.startswith(SYSTEM):
        for extension in kind.get("extension", []):
            if extension["url"] == FHIR_TYPE:
                return extension.get("valueUrl") or extension.get("valueUri")
        return code[len(SYSTEM):].lower()
    return code


class Table:
    """Groups of element rows, before the names become offsets."""

    def __init__(self):
        self.groups = {}  # name -> (base, kind, abstract, [(name, choice, type, flags)])
        self.alias = {}  # type name -> the one it is a shorthand for

    def add(self, sd):
        """One definition: a group for the type and one for each backbone element in it."""
        kind = {"primitive-type": 0, "complex-type": 1, "resource": 3}[sd["kind"]]
        base = sd.get("baseDefinition", "").rsplit("/", 1)[-1]
        self.groups[sd["type"]] = (base, kind, sd["abstract"], [])
        elements = sd["snapshot"]["element"]
        parents = {e["path"].rsplit(".", 1)[0] for e in elements if "." in e["path"]}
        for element in elements[1:]:
            if element["max"] == "0":
                continue
            if kind == 0 and element["path"] == sd["type"] + ".value":
                continue
            self.element(element, element["path"] in parents)

    def element(self, element, has_children):
        """One element of a snapshot; a choice becomes one row per type."""
        parent, name = element["path"].rsplit(".", 1)
        flags = 0
        most = element.get("base", {}).get("max", element["max"])
        flags |= ARRAY if most not in ("0", "1") else 0
        flags |= REQUIRED if element["min"] > 0 else 0
        flags |= MODIFIER if element.get("isModifier") else 0
        flags |= XML_ATTR if "xmlAttr" in element.get("representation", []) else 0
        rows = self.groups[parent][3]
        if "contentReference" in element:
            target = element["contentReference"].rsplit("#", 1)[-1]
            rows.append((name, "", target, flags | REFERENCE))
            return
        types = [type_code(t) for t in element["type"]]
        if name == "id" and self.groups[parent][1] == 3:
            types = ["id"]  # R4 and R4B say string where the text and R5 say id
        if has_children:
            self.groups[element["path"]] = (types[0], 2, False, [])
            rows.append((name, "", element["path"], flags))
        elif name.endswith("[x]"):
            bare = name[:-3]
            for code in dict.fromkeys(types):
                rows.append((bare + code[0].upper() + code[1:], bare, code, flags))
        else:
            assert len(set(types)) == 1, element["path"]
            rows.append((name, "", types[0], flags))


class Pool:
    """Length-prefixed strings, each once."""

    def __init__(self):
        self.at = {}
        self.lines = ['"\\000"']
        self.size = 1

    def __call__(self, text):
        if not text:
            return 0
        if text not in self.at:
            assert len(text) < 256
            self.at[text] = self.size
            self.lines.append('"\\%03o%s"' % (len(text), text))
            self.size += 1 + len(text)
            assert self.size < 65536
        return self.at[text]


def order(rows):
    """Positions of rows by (length, bytes) of the name."""
    assert len(rows) <= 256
    return sorted(range(len(rows)), key=lambda i: (len(rows[i][0]), rows[i][0]))


def json_kind(name, kind):
    if kind != 0:
        return "FHIR_OBJECT"
    return {"boolean": "FHIR_BOOLEAN"}.get(name, "FHIR_NUMBER" if name in NUMBERS else "FHIR_STRING")


def write(table, release, package):
    """Print the C file."""
    groups = table.groups
    names = sorted(groups)
    number = {name: i + 1 for i, name in enumerate(names)}
    pool = Pool()
    types, elems = [], []
    kinds = ["FHIR_TYPE_PRIMITIVE", "FHIR_TYPE_COMPLEX", "FHIR_TYPE_BACKBONE", "FHIR_TYPE_RESOURCE"]
    for name in names:
        base, kind, abstract, rows = groups[name]
        types.append("\t{ %d, %d, %d, %d, %s, %s, %d }," % (pool(name), number.get(base, 0),
            len(elems), len(rows), kinds[kind], json_kind(name, kind), abstract))
        for (element, choice, code, flags), place in zip(rows, order(rows)):
            elems.append("{ %d, %d, %d, %d, %d }," % (pool(element), pool(choice), number[code],
                flags, place))
    print("/* Generated by fhir/generate-types.py from %s %s; do not edit."
          % (package["name"], package["version"]))
    print(" * The definitions are HL7's, licence %s. %d types and groups, %d element rows. */"
          % (package["license"], len(names), len(elems)))
    print('#include "fhir/types.h"\n#include "fhir/types_table.h"\n')
    print('#pragma GCC diagnostic ignored "-Woverlength-strings"')
    print("/* clang-format off */")
    print("static const char names[] =\n\t" + "\n\t".join(pool.lines) + ";\n")
    print("static const struct type_row types[] = {\n\t{ 0, 0, 0, 0, 0, 0, 0 },")
    print("\n".join(types) + "\n};\n")
    print("static const struct elem_row elems[] = {")
    for i in range(0, len(elems), 4):
        print("\t" + " ".join(elems[i:i + 4]))
    print("};\n/* clang-format on */\n")
    version = package["fhirVersions"][0] if "fhirVersions" in package else package["version"]
    print("static const struct fhir_model model = { \"%s\", names, types, elems, %d };\n"
          % (version, len(names)))
    print("const struct fhir_model *\nfhir_model_%s(void)\n{\n\treturn &model;\n}" % release)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("r4", "r4b", "r5"):
        sys.exit(__doc__)
    with open(os.path.join(sys.argv[2], "package.json"), encoding="utf-8") as handle:
        package = json.load(handle)
    table = Table()
    for sd in definitions(sys.argv[2]).values():
        table.add(sd)
    write(table, sys.argv[1], package)


main()
