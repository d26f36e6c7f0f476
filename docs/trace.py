#!/usr/bin/env python3
"""From every rule and control of the plan to its sources, expression, code rows and tests.

    trace.py --print    docs/trace.md, made from mappings/ and tests/stories/
    trace.py            is docs/trace.md that? Would holes be found?

A hole ends with status 1: no source, a finding without a code, no story in which the rule holds, none of its
own in which it does not.
"""
import collections
import csv
import json
import os
import re
import sys

TREE = os.environ.get("top_srcdir") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
WORDS = {"order", "code", "due", "note", "refers", "evidence", "lowered", "line", "no-line", "patient", "unknown", "controls"}


def path(*names):
    return os.path.join(TREE, *names)


def read_plan():
    with open(path("mappings", "package", "PlanDefinition-mscc.json"), encoding="utf-8") as f:
        return json.load(f)


def read_codes():
    """finding -> system -> rows"""
    codes = collections.defaultdict(collections.Counter)
    with open(path("mappings", "codes.csv"), encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            codes[row["finding"]][row["system"]] += 1
    return codes


def read_expectation(words):
    """The labels of one EXPECT: what holds or acted, what is unknown, what was lowered."""
    seen = {"holds": set(), "unknown": set(), "lowered": set()}
    where = "holds"
    for word in words[1:]:
        if word in WORDS:
            where = {"unknown": "unknown", "lowered": "lowered", "controls": "holds"}.get(word)
        elif re.fullmatch(r"[A-Z][0-9]+", word) and (where or word[0] == "S"):
            seen[where or "holds"].add(word)
    return seen


def read_stories():
    """[(story, case, expectations)]; a case without a name is all of its story."""
    cases = []
    folder = path("tests", "stories")
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".story"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            text = re.sub(r"\n[ \t]+", " ", f.read())
        story = case = ""
        for line in text.split("\n"):
            words = line.split()
            if words[:1] == ["CASE"]:
                case = words[1]
            elif words[:1] == ["STORY"]:
                case = ""
            elif words[:1] == ["EXPECT"]:
                cases.append((name[:-6], case, read_expectation(words[1:])))
    return cases


class Plan:
    def __init__(self, plan):
        self.names, self.numbers, self.inputs = {}, {}, {}
        for e in plan["extension"]:
            v = e.get("valueExpression")
            if v is None:
                continue
            constant = re.fullmatch(r"'[^']*'|[0-9.]+( [a-z]+)?", v["expression"])
            (self.numbers if constant else self.names)[v["name"]] = v["expression"]
        top = plan["action"][0]
        for i in top["input"]:
            filters = i.get("codeFilter", [])
            self.inputs[i["id"]] = [c["code"] for f in filters if f.get("path") == "code" for c in f.get("code", [])]
        self.groups = [(g["title"], g["action"]) for g in top["action"]]

    def reach(self, expressions):
        """All names that these expressions rest on."""
        found, todo = [], list(expressions)
        while todo:
            for name in re.findall(r"%([A-Za-z_][A-Za-z0-9_]*)", todo.pop(0)):
                if name not in found:
                    found.append(name)
                    todo.append(self.names.get(name, ""))
        return found


def labelled(actions):
    """Actions of one label stand together, in the order of the plan."""
    out = collections.OrderedDict()
    for a in actions:
        out.setdefault(a["prefix"], []).append(a)
    return out


def some(cases):
    stories = collections.Counter(story for story, _ in cases)
    return ", ".join(f"{story} ({n})" if n > 1 else story for story, n in stories.items())


def tests_of(label, cases, holes):
    where = {kind: sorted({(s, c) for s, c, e in cases if label in e[kind]}) for kind in ("holds", "unknown", "lowered")}
    own = {s for s, _, _ in cases if s.endswith(f"-{label}")}
    without = sorted({(s, c) for s, c, e in cases if s in own and label not in e["holds"]})
    word = "acts" if label[0] == "S" else "holds"
    if not where["holds"]:
        holes.append(f"{label}: no story in which it {word}")
    if not without:
        holes.append(f"{label}: no story of its own in which it does not")
    yield f"- {word.capitalize()} in {len(where['holds'])} cases: {some(where['holds'])}"
    yield f"- Does not, though nearly, in {len(without)} of its own: {some(without)}"
    if where["lowered"]:
        yield f"- Lowered in {len(where['lowered'])}: {some(where['lowered'])}"
    if where["unknown"]:
        yield f"- Unknown in {len(where['unknown'])}: {some(where['unknown'])}"


def codes_of(label, plan, names, codes, holes):
    findings = sorted({c for n in names for c in plan.inputs.get(n, [])})
    for f in findings:
        if not codes.get(f):
            holes.append(f"{label}: no code for {f}")
    return ", ".join(f"{f} {sum(codes.get(f, {}).values())}" for f in findings)


def section(label, actions, plan, codes, cases, holes):
    yield f"### {label}: {actions[0]['title']}\n"
    sources, expressions = [], []
    for a in actions:
        if len(actions) > 1:
            yield f"- *{a['id']}*, {a['title']}: {a['description']}"
        else:
            yield f"- {a['description']}"
        own = [c["expression"]["expression"] for c in a["condition"]]
        yield "- Expression: " + " and ".join(f"`{e}`" for e in own)
        fires = [v["expression"]["expression"] for v in a.get("dynamicValue", []) if v["path"] == "reasonReference"]
        if fires:
            yield "- Fired by: " + ", ".join(f"`{e}`" for e in fires)
        expressions += own + [v["expression"]["expression"] for v in a.get("dynamicValue", [])]
        sources += [d["citation"] for d in a.get("documentation", []) if d["citation"] not in sources]
    if not sources:
        holes.append(f"{label}: no source")
    yield "- Source: " + "; ".join(sources)
    names = plan.reach(expressions)
    through = [f"`%{n}`" for n in names if n in plan.names]
    numbers = [f"{n} = {plan.numbers[n]}" for n in names if n in plan.numbers]
    if through:
        yield "- Through " + ", ".join(through)
    if numbers:
        yield "- Numbers: " + ", ".join(numbers)
    rows = codes_of(label, plan, names, codes, holes)
    if rows:
        yield "- Findings and their code rows: " + rows
    yield from tests_of(label, cases, holes)
    yield ""


HEAD = """# Trace

From every rule and control of `mappings/package/PlanDefinition-mscc.json` to its source, its expression, the rows of
`mappings/codes.csv` that can bring its findings (`grep '^FINDING,' mappings/codes.csv`) and the stories of
`tests/stories/` that prove it, with the number of cases where there is more than one. Names with % are described in
the plan, each with its own source. Made by `docs/trace.py`; `make check` fails when this is not what it prints, or
when a rule has no source, no code, no case in which it holds or none in which it nearly does.
"""


def trace(plan, codes, cases):
    holes, lines = [], [HEAD]
    for title, actions in plan.groups:
        lines.append(f"## {title}\n")
        for label, same in labelled(actions).items():
            lines += section(label, same, plan, codes, cases, holes)
    return "\n".join(lines), holes


def check():
    plan, codes, cases = Plan(read_plan()), read_codes(), read_stories()
    text, holes = trace(plan, codes, cases)
    with open(path("docs", "trace.md"), encoding="utf-8") as f:
        current = f.read() == text
    uncoded = dict(codes)
    uncoded.pop("limb-weakness")
    untried = [c for c in cases if "E1" not in c[2]["holds"]]
    changed = read_plan()
    changed["action"][0]["action"][1]["action"][0].pop("documentation")
    results = [
        ("docs/trace.md is what docs/trace.py prints (if not: docs/trace.py --print >docs/trace.md)", current),
        ("no hole: " + "; ".join(holes), not holes),
        ("a finding without a code is found", any("limb-weakness" in h for h in trace(plan, uncoded, cases)[1])),
        ("a rule that no story tries is found", "E1: no story in which it holds" in trace(plan, codes, untried)[1]),
        ("a rule without a source is found", "E1: no source" in trace(Plan(changed), codes, cases)[1]),
    ]
    for what, good in results:
        if not good:
            print(what)
    bad = sum(not good for _, good in results)
    print(f"{len(results) - bad} passed, {bad} failed")
    return bad > 0


def main():
    if sys.argv[1:] != ["--print"]:
        return check()
    text, holes = trace(Plan(read_plan()), read_codes(), read_stories())
    sys.stdout.write(text)
    for hole in holes:
        print(hole, file=sys.stderr)
    return len(holes) > 0


if __name__ == "__main__":
    sys.exit(main())
