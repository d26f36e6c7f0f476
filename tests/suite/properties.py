#!/usr/bin/env python3
"""What must hold for every story, whatever it is about, judged by `cordwatch evaluate`:

- the order in which resources arrive, and how often, changes nothing;
- the same record decides the same when it is cut up into files and Bundles;
- no evidence crosses from one patient to another: all stories in one data set decide as each does alone.
"""

import collections
import json
import os
import random
import subprocess
import sys
import tempfile

PROGRAM = os.environ.get("CORDWATCH", "./cordwatch")
TREE = os.environ.get("top_srcdir", ".")
TIMES = 40 if os.environ.get("CORDWATCH_SOAK") else 4

good = bad = 0


def judge(ok, title, *detail):
    global good, bad
    if ok:
        good += 1
        return
    bad += 1
    print(f"{title}:")
    for line in detail:
        print(f"    {line}")


def evaluate(arguments, *paths):
    """The lines that `evaluate` prints, in its order; a fault of the program ends the test."""
    run = subprocess.run(
        [PROGRAM, "evaluate", "--format", "ndjson", *arguments, *paths], capture_output=True, text=True
    )
    if run.returncode != 0:
        raise SystemExit(f"evaluate {' '.join(paths)}: status {run.returncode}\n{run.stderr}")
    return run.stdout.splitlines()


def write(path, lines):
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in lines)
    return path


class Story:
    def __init__(self, folder, name):
        self.name = name
        with open(os.path.join(folder, name + ".args"), encoding="utf-8") as lines:
            self.arguments = lines.read().splitlines()
        with open(os.path.join(folder, name + ".ndjson"), encoding="utf-8") as lines:
            self.lines = lines.read().splitlines()


def dump(folder):
    """All cases of all stories, as the program has read them."""
    stories = os.path.join(TREE, "tests", "stories")
    files = sorted(os.path.join(stories, f) for f in os.listdir(stories) if f.endswith(".story"))
    subprocess.run([PROGRAM, "test", "--quiet", "--dump", folder, *files], stdout=subprocess.DEVNULL, check=False)
    names = sorted(f[: -len(".args")] for f in os.listdir(folder) if f.endswith(".args"))
    return [Story(folder, name) for name in names]


def is_bundle(line):
    return json.loads(line)["resourceType"] == "Bundle"


def bundle(lines):
    entries = [{"fullUrl": None, "resource": json.loads(line)} for line in lines]
    for entry in entries:
        resource = entry["resource"]
        entry["fullUrl"] = f"{resource['resourceType']}/{resource['id']}"
    # Numbers are kept as they were written.
    text = ",".join(
        '{"fullUrl":%s,"resource":%s}' % (json.dumps(e["fullUrl"]), line) for e, line in zip(entries, lines)
    )
    return '{"resourceType":"Bundle","type":"collection","entry":[%s]}' % text


TYPES = ("Patient", "Condition", "Observation", "Procedure", "DiagnosticReport", "ImagingStudy", "ServiceRequest",
         "MedicationAdministration", "MedicationStatement", "MedicationRequest", "Encounter", "FamilyMemberHistory",
         "Flag", "CarePlan")


def renamed(line, prefix):
    """The same with ids of its own. Works on the text, so that numbers stay as they are written."""
    value = json.loads(line)
    if value["resourceType"] != "Bundle":
        line = line.replace('"id":"%s"' % value["id"], '"id":"%s%s"' % (prefix, value["id"]), 1)
    for name in TYPES:
        line = line.replace('"%s/' % name, '"%s/%s' % (name, prefix))
    return line


def scattered(lines, place, rng):
    """Over files in any order, some with one resource, some with a Bundle of a few."""
    lines = list(lines)
    rng.shuffle(lines)
    count = 0
    while lines:
        take = [lines.pop() for _ in range(min(len(lines), rng.randrange(1, 6)))]
        whole = [line for line in take if is_bundle(line)]
        loose = [line for line in take if not is_bundle(line)]
        if loose and rng.random() < 0.7:
            whole.append(bundle(loose))
        else:
            whole += loose
        for line in whole:
            count += 1
            write(os.path.join(place, f"{rng.randrange(1000)}-{count}.json"), [line])
    return place


def compare(alone, lines, how):
    """Each patient's line of a common data set against the one that the patient has alone."""
    together = {json.loads(line)["patient"]: line for line in lines}
    for patient, (name, line) in alone.items():
        got = together.pop(patient, None)
        judge(got == line, f"{name}, {how}", f"alone:    {line}", f"together: {got}")
    judge(not together, f"patients that nobody is, {how}", *together.values())


def group(arguments, members, folder, rng):
    """Stories of one instant and setting: each alone as it was told, then all together in any way."""
    everything, alone = [], {}
    for number, story in enumerate(members):
        lines = [renamed(line, f"s{number}-") for line in story.lines]
        everything += lines
        said = evaluate(arguments, write(os.path.join(folder, "alone.ndjson"), lines))
        alone[f"Patient/s{number}-p"] = (story.name, said[0] if said else None)
        judge(len(said) < 2, f"{story.name}: one patient", *said)
    for _ in range(TIMES):
        lines = everything + rng.choices(everything, k=rng.randrange(len(everything) + 1))
        rng.shuffle(lines)
        path = write(os.path.join(folder, "all.ndjson"), lines)
        compare(alone, evaluate(arguments, path), f"shuffled and repeated among {len(members)}")
    for _ in range(max(1, TIMES // 2)):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            lines = evaluate(arguments, scattered(everything, place, rng))
            compare(alone, lines, f"scattered over files among {len(members)}")


def main():
    rng = random.Random(20250616)
    with tempfile.TemporaryDirectory() as folder:
        cases = os.path.join(folder, "cases")
        os.mkdir(cases)
        stories = dump(cases)
        judge(len(stories) > 400, "the stories", f"only {len(stories)} cases were written")
        groups = collections.defaultdict(list)
        for story in stories:
            groups[tuple(story.arguments)].append(story)
        for arguments, members in groups.items():
            group(arguments, members, folder, rng)
    print(f"{good} passed, {bad} failed")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
