#!/usr/bin/env python3
"""The daemon over real sockets decides as `cordwatch evaluate` does on the same data.

Every story's data, moved to today and under ids of its own, is sent as one Bundle to `cordwatch run`; what arrives at
the target must be what `evaluate --as-of now` would order: for the same patients, with the same code and priority.
"""

import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import crash_lib as lib  # noqa: E402
import properties as stories  # noqa: E402

EVERY = 1 if os.environ.get("CORDWATCH_SOAK") else 3
DATE = re.compile(r'"(\d{4}-\d{2}-\d{2})((?:T[^"]*)?)"')

good = bad = 0


def say(ok, title):
    global good, bad
    good, bad = good + bool(ok), bad + (not ok)
    if not ok:
        print(title)


def moved(line, days):
    """All whole dates later by that many days; partial ones stay."""

    def later(match):
        try:
            return f'"{datetime.date.fromisoformat(match[1]) + datetime.timedelta(days)}{match[2]}"'
        except (ValueError, OverflowError):
            return match[0]

    return DATE.sub(later, line)


def as_of(case):
    text = case.arguments[case.arguments.index("--as-of") + 1]
    return datetime.date.fromisoformat(text[:10])


def is_plain(case):
    """With the package and the parameters that the daemon has."""
    return "--as-of" in case.arguments and "--set" not in case.arguments and "--package" not in case.arguments


def numbered(lines):
    """One entry for each resource, the last version of each: a server has no other. Without orders of cordwatch's
    own, which would keep it from ordering again."""
    last = {}
    for line in lines:
        if "urn:cordwatch:alert" in line:
            continue
        resource = json.loads(line)
        last[(resource["resourceType"], resource.get("id", len(last)))] = line
    return list(last.values())


def key(order):
    return (order["code"], order["priority"])


def main():
    folder = tempfile.mkdtemp(prefix="live.")
    target = lib.Target()
    daemon = lib.Daemon(os.path.join(folder, "d"), target)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    try:
        dumped = os.path.join(folder, "stories")
        os.mkdir(dumped)
        cases = [c for c in stories.dump(dumped) if is_plain(c) and not any(map(stories.is_bundle, c.lines))]
        texts = []
        for n, case in list(enumerate(cases))[::EVERY]:
            days = (today - as_of(case)).days
            lines = [moved(stories.renamed(line, f"n{n}-"), days) for line in numbered(case.lines)]
            patients = [json.dumps(r) for r in known(lines)]
            texts.append(stories.bundle(patients + [x for x in lines if '"resourceType":"Patient"' not in x]))
        data = stories.write(os.path.join(folder, "data.ndjson"), texts)
        say(daemon.start(), "the daemon does not start")
        sender = lib.Sender(daemon)
        for text in texts:
            say(sender.surely(json.loads(text)), "not acknowledged")
        run = subprocess.run([lib.PROGRAM, "evaluate", "--format", "ndjson", "--as-of", "now", data],
                             capture_output=True, text=True, check=False)
        say(run.returncode in (0, 65), f"evaluate: {run.returncode} {run.stderr[:300]}")
        expected = {}
        for line in run.stdout.splitlines():
            decision = json.loads(line)
            if decision["order"]:
                expected[decision["patient"]] = key(decision["order"])
        deadline = time.monotonic() + 60
        while len(target.requests()) < len(expected) and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(0.5)
        found = {}
        for path, versions in target.kept.items():
            if path.startswith("ServiceRequest/"):
                request = versions[0]
                order = (request["code"]["coding"][0]["code"], request["priority"])
                found.setdefault(request["subject"]["reference"], []).append(order)
        for patient in sorted(set(expected) | set(found)):
            say(found.get(patient) == ([expected[patient]] if patient in expected else None),
                f"{patient}: evaluate {expected.get(patient)}, daemon {found.get(patient)}")
        daemon.kill(signal.SIGTERM)
        for question in ("verify", "replay"):
            done = subprocess.run([lib.PROGRAM, "audit", question, "--config", daemon.configuration],
                                  capture_output=True, text=True, check=False)
            say(done.returncode == 0, f"audit {question}: {done.returncode} {done.stdout[-300:]} {done.stderr[-300:]}")
            print(f"audit {question}: {done.stdout.strip().splitlines()[-1:]}")
        say(len(expected) > 40, f"only {len(expected)} orders: the stories say too little")
        print(f"live: {len(texts)} patients, {len(expected)} orders")
    finally:
        if daemon.process is not None:
            daemon.kill()
        target.close()
        shutil.rmtree(folder)
    print(f"{good} passed, {bad} failed")
    return bad > 0


def known(lines):
    """The Patient resources, each with an identifier by which the target knows him."""
    found = {}
    for line in lines:
        resource = json.loads(line)
        if resource["resourceType"] == "Patient":
            found[resource["id"]] = resource
    for id_ in set(re.findall(r'"Patient/([^"/]+)"', "".join(lines))):
        found.setdefault(id_, {"resourceType": "Patient", "id": id_})
    for id_, resource in found.items():
        resource.setdefault("identifier", []).append({"system": "urn:test:mrn", "value": id_})
    return found.values()


sys.exit(main())
