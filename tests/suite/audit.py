#!/usr/bin/env python3
"""The audit chain of a daemon over real sockets: exported while it runs and after, verified by cordwatch, by an
independent reading, and by the recipe of docs/audit.md; every kind of change is found; who reads leaves a record.
"""

import base64
import csv
import hashlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import crash_lib as lib  # noqa: E402

PATIENTS = 8
TREE = os.environ.get("top_srcdir", ".")
good = bad = 0


def say(ok, title):
    global good, bad
    good, bad = good + bool(ok), bad + (not ok)
    if not ok:
        print(title)


def audit(*arguments):
    return subprocess.run([lib.PROGRAM, "audit", *arguments], capture_output=True, text=True, check=False)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def keys(folder):
    """A private key of Ed25519 and its public half."""
    private, public = os.path.join(folder, "audit.key"), os.path.join(folder, "audit.pub")
    openssl("genpkey", "-algorithm", "ed25519", "-out", private)
    openssl("pkey", "-in", private, "-pubout", "-out", public)
    os.chmod(private, 0o600)
    return private, public


def judged(text):
    """The records of an export by an independent reading; the first fault ends the program."""
    lines = text.splitlines()
    before, records = "0" * 64, []
    for n, line in enumerate(lines[:-1], 1):
        entry = json.loads(line)
        record = json.loads(entry["line"])
        salt, payload = base64.b64decode(entry["salt"]), entry["payload"].encode()
        assert record["seq"] == n and record["prev"] == before, n
        assert record["commit"] == hashlib.sha256(salt + payload).hexdigest(), n
        before = hashlib.sha256(entry["line"].encode()).hexdigest()
        records.append((record, json.loads(payload)))
    assert json.loads(lines[-1]) == {"end": {"first": 1, "last": len(records), "head": before}}
    return records


def write(path, text):
    with open(path, "w") as f:
        f.write(text)
    return path


def check_changes(folder, text, public):
    """Bytes changed, lines left out, exchanged, cut off: verify never says good."""
    path, chance = os.path.join(folder, "changed"), random.Random(7)
    lines = text.splitlines(keepends=True)
    changed = []
    for _ in range(10):
        at = chance.randrange(len(text))
        other = chance.choice([c for c in "0aZ\"{}\\ \n" if c != text[at]])
        changed.append((f"byte {at} is {other!r}", text[:at] + other + text[at + 1:]))
        at = chance.randrange(len(text))
        changed.append((f"cut at {at}", text[:at]))
        at = chance.randrange(len(lines))
        changed.append((f"without line {at + 1}", "".join(lines[:at] + lines[at + 1:])))
        a, b = sorted(chance.sample(range(len(lines)), 2))
        swapped = lines[:a] + [lines[b]] + lines[a + 1:b] + [lines[a]] + lines[b + 1:]
        changed.append((f"lines {a + 1} and {b + 1} exchanged", "".join(swapped)))
    for title, bytes_ in changed:
        run = audit("verify", "--key", public, write(path, bytes_))
        say(run.returncode in (1, 2, 3) and run.stderr, f"{title}: {run.returncode} {run.stdout} {run.stderr}")
    run = audit("verify", write(path, "".join(lines[:-1])))
    say(run.returncode == 3 and f"cut off after record {len(lines) - 1}" in run.stderr, f"cut: {run.stderr}")
    run = audit("verify", write(path, text.replace('\\"what\\"', '\\"that\\"', 1)))
    say(run.returncode == 1 and re.search(r"record \d+ does not fit", run.stderr), f"payload: {run.stderr}")
    say(audit("verify", write(path, "hello\n")).returncode == 2, "a text is no export")
    say(audit("verify", os.path.join(folder, "nothing")).returncode == 2, "there is no file")


def check_signatures(folder, exported, records, public):
    """The signatures are those of the key, over what is said, by openssl."""
    seals = [p for r, p in records if r["type"] == "checkpoint"]
    der = subprocess.run(["openssl", "pkey", "-pubin", "-in", public, "-outform", "DER"],
                         capture_output=True, check=True).stdout
    covered = 0
    for seal in seals:
        message = write(os.path.join(folder, "message"),
                        f"cordwatch-checkpoint {seal['first']} {seal['last']} {seal['head']}")
        signature = os.path.join(folder, "signature")
        with open(signature, "wb") as f:
            f.write(base64.b64decode(seal["signature"]))
        run = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", message,
                              "-sigfile", signature], capture_output=True, check=False)
        say(run.returncode == 0, f"checkpoint of {seal['last']}: openssl does not verify it")
        say(seal["key"] == hashlib.sha256(der).hexdigest(), "the id of the key")
        say(seal["first"] == covered + 1, "checkpoints leave something out")
        covered = seal["last"]
    say(len(seals) == 2, f"{len(seals)} checkpoints, expected one a stop")
    run = audit("verify", "--key", public, exported)
    say(run.returncode == 0 and "signatures are good" in run.stdout, f"with the key: {run.stderr}")
    other = os.path.join(folder, "other")
    os.mkdir(other)
    run = audit("verify", "--key", keys(other)[1], exported)
    say(run.returncode == 1 and "a key that was not given" in run.stderr, f"with another key: {run.stderr}")


def check_recipe(folder, exported, text, public):
    """The recipe of the manual, as it stands there."""
    with open(os.path.join(TREE, "docs", "audit.md")) as f:
        recipe = re.search(r"```sh\n(#!/bin/sh\n.*?)```", f.read(), re.S)[1]
    script = write(os.path.join(folder, "recipe.sh"), recipe)
    lines = text.splitlines(keepends=True)
    cases = [("as it is", text, 0), ("without line 4", "".join(lines[:3] + lines[4:]), 1),
             ("cut off", "".join(lines[:-1]), 1), ("a payload", text.replace('\\"what\\"', '\\"that\\"', 1), 1),
             ("a signature", re.sub(r'(\\"signature\\":\\")(.)', lambda m: m[1] + ("B" if m[2] == "A" else "A"),
                                    text, count=1), 1)]
    for title, changed, status in cases:
        path = write(os.path.join(folder, "recipe.jsonl"), changed)
        run = subprocess.run(["sh", script, path, public], capture_output=True, text=True, check=False)
        say((run.returncode != 0) == status, f"recipe, {title}: {run.returncode} {run.stdout} {run.stderr}")


def check_replay(configuration):
    """Each decision follows from its record; other parameters give others."""
    run = audit("replay", "--config", configuration)
    found = re.match(r"(\d+) decided the same, 0 otherwise; 0 by other rules", run.stdout)
    say(run.returncode == 0 and found and int(found[1]) >= PATIENTS, f"replay: {run.stdout} {run.stderr}")
    run = audit("replay", "--config", configuration, "--set", "emergency_due=23h")
    say(run.returncode == 1 and "decided now" in run.stdout, f"replay otherwise: {run.stdout} {run.stderr}")
    say(audit("replay", "--config", configuration, "--set", "nothing=1").returncode == 64, "no such parameter")
    with open(configuration, "a") as f:
        f.write("[set]\nemergency_due = 23h\n")
    say(audit("replay", "--config", configuration).returncode == 3, "by other rules")


def check_database(folder, state):
    """The same in the database of a stopped daemon."""
    run = audit("verify", state)
    say(run.returncode == 0, f"the database: {run.stderr}")
    changes = ["UPDATE audit SET at = at + 1 WHERE seq = 5", "DELETE FROM audit WHERE seq = 5",
               "DELETE FROM audit WHERE seq > 9", "UPDATE audit SET payload = CAST(payload || ' ' AS BLOB) WHERE seq = 5",
               "UPDATE audit SET salt = zeroblob(16) WHERE seq = 5", "UPDATE audit SET type = 'nothing' WHERE seq = 5",
               "UPDATE head SET seq = seq - 1"]
    for change in changes:
        copy = os.path.join(folder, "copy")
        shutil.copytree(state, copy, ignore=shutil.ignore_patterns("*.sock"))
        with sqlite3.connect(os.path.join(copy, "cordwatch.db")) as database:
            database.execute(change)
        database.close()
        run = audit("verify", copy)
        say(run.returncode in (1, 3) and run.stderr, f"{change}: {run.returncode} {run.stdout} {run.stderr}")
        shutil.rmtree(copy)
    say(audit("verify", folder).returncode == 2, "a folder without a database")


def feed(daemon, target, first, last):
    sender = lib.Sender(daemon)
    for n in range(first, last):
        for resource in (lib.patient(n), lib.cancer(n), lib.weakness(n)):
            say(sender.surely(resource), "not acknowledged")
    deadline = time.monotonic() + 60
    while len(target.requests()) < last and time.monotonic() < deadline:
        time.sleep(0.05)


def stop(daemon):
    daemon.process.send_signal(signal.SIGTERM)
    say(daemon.process.wait(60) == 0, "the daemon does not stop well")


def main():
    folder = tempfile.mkdtemp(prefix="audit.")
    target = lib.Target()
    daemon = lib.Daemon(os.path.join(folder, "d"), target)
    state = os.path.join(daemon.folder, "state")
    try:
        private, public = keys(folder)
        with open(daemon.configuration, "a") as f:
            f.write(f"[audit]\nkey_file = {private}\n")
        say(daemon.start(), "the daemon does not start")
        feed(daemon, target, 0, PATIENTS // 2)
        # While it runs, which is said in a record.
        for source in (["--config", daemon.configuration], ["--database", state]):
            run = audit("export", *source)
            say(run.returncode == 0, f"export: {run.stderr}")
            say(len(judged(run.stdout)) > PATIENTS, "too few records")
        access = judged(audit("export", "--database", state).stdout)[-1]
        say(access[0]["type"] == "access" and access[1]["what"] == "audit", f"no record of access: {access}")
        run = audit("verify", "--config", daemon.configuration)
        say(run.returncode == 0 and "no checkpoint" in run.stdout, f"verify: {run.stdout} {run.stderr}")
        stop(daemon)
        say(daemon.start(), "the daemon does not start again")
        feed(daemon, target, PATIENTS // 2, PATIENTS)
        stop(daemon)
        # And after.
        text = audit("export", "--database", state).stdout
        exported = write(os.path.join(folder, "export.jsonl"), text)
        records = judged(text)
        say(sum(r["type"] == "decision" for r, _ in records) >= PATIENTS, "a decision is missing")
        run = audit("verify", exported)
        head = hashlib.sha256(json.loads(text.splitlines()[4])["line"].encode()).hexdigest()
        say(run.returncode == 0 and f"records 1 to {len(records)}" in run.stdout, f"verify: {run.stdout} {run.stderr}")
        say(audit("verify", "--head", head, exported).returncode == 0, "a head that is there")
        say(audit("verify", "--head", "0" * 64, exported).returncode == 1, "a head that is not there")
        part = write(os.path.join(folder, "part"), audit("export", "--database", state, "--from", "5", "--to", "20").stdout)
        run = audit("verify", part)
        say(run.returncode == 0 and "records 5 to 20" in run.stdout, f"a part: {run.stdout} {run.stderr}")
        rows = list(csv.reader(audit("export", "--format", "csv", "--database", state).stdout.splitlines()))
        say(len(rows) == len(records) + 1 and json.loads(rows[1][6]) == records[0][1], "CSV")
        check_replay(daemon.configuration)
        check_changes(folder, text, public)
        check_signatures(folder, exported, records, public)
        check_recipe(folder, exported, text, public)
        check_database(folder, state)
        print(f"audit: {len(records)} records, {len(text)} bytes")
    finally:
        if daemon.process is not None:
            daemon.kill()
        target.close()
        shutil.rmtree(folder)
    print(f"{good} passed, {bad} failed")
    return bad > 0


if any(shutil.which(tool) is None for tool in ("jq", "openssl", "sha256sum")):
    print("jq or openssl is not installed")
    sys.exit(77)
sys.exit(main())
