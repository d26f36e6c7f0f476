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


def shuffled(story, folder, rng):
    """The same lines in any order, some of them more than once."""
    base = evaluate(story.arguments, write(os.path.join(folder, "base.ndjson"), story.lines))
    for _ in range(TIMES):
        lines = story.lines + rng.choices(story.lines, k=rng.randrange(len(story.lines) + 1))
        rng.shuffle(lines)
        got = evaluate(story.arguments, write(os.path.join(folder, "other.ndjson"), lines))
        judge(got == base, f"{story.name}, shuffled", *base, *got)
    return base


def split(story, folder, rng, base):
    """One resource a file, or Bundles of a few, over several files in any order."""
    for _ in range(max(1, TIMES // 2)):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            lines = list(story.lines)
            rng.shuffle(lines)
            count = 0
            while lines:
                take = [lines.pop() for _ in range(min(len(lines), rng.randrange(1, 4)))]
                whole = [line for line in take if is_bundle(line)]
                loose = [line for line in take if not is_bundle(line)]
                if loose and rng.random() < 0.7:
                    whole.append(bundle(loose))
                else:
                    whole += loose
                for line in whole:
                    count += 1
                    write(os.path.join(place, f"{rng.randrange(1000)}-{count}.json"), [line])
            got = evaluate(story.arguments, place)
            judge(got == base, f"{story.name}, split over {count} files", *base, *got)


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


def merged(stories, folder, rng):
    """All stories of one instant and setting as one data set."""
    groups = collections.defaultdict(list)
    for story in stories:
        groups[tuple(story.arguments)].append(story)
    for arguments, members in groups.items():
        if len(members) < 2:
            continue
        everything, alone = [], {}
        for number, story in enumerate(members):
            lines = [renamed(line, f"s{number}-") for line in story.lines]
            everything += lines
            for line in evaluate(arguments, write(os.path.join(folder, "alone.ndjson"), lines)):
                alone[json.loads(line)["patient"]] = (story.name, line)
        rng.shuffle(everything)
        together = {}
        for line in evaluate(arguments, write(os.path.join(folder, "all.ndjson"), everything)):
            together[json.loads(line)["patient"]] = line
        judge(len(alone) > 0 and set(alone) == set(together), "the same patients, alone and together",
              sorted(set(alone) ^ set(together)))
        for patient, (name, line) in alone.items():
            judge(together.get(patient) == line, f"{name}, among {len(members)} others", line, together.get(patient))


def main():
    rng = random.Random(20250616)
    with tempfile.TemporaryDirectory() as folder:
        cases = os.path.join(folder, "cases")
        os.mkdir(cases)
        stories = dump(cases)
        judge(len(stories) > 70, "the stories", f"only {len(stories)} cases were written")
        for story in stories:
            base = shuffled(story, folder, rng)
            split(story, folder, rng, base)
        merged(stories, folder, rng)
    print(f"{good} passed, {bad} failed")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
