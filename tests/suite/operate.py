#!/usr/bin/env python3
"""An operator at the real daemon: what the commands and the pages tell him, what he may do, that it is on record; a backup
made under load is whole, every change of it is found, and yesterday's backup put back sends nothing twice.
"""

import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import crash_lib as lib  # noqa: E402

NOBODY = 65534
HOSTILE = '"><img src=x onerror=alert(1)>'

good = bad = 0


def say(ok, title):
    global good, bad
    good, bad = good + bool(ok), bad + (not ok)
    if not ok:
        print(title)


def cordwatch(*words, uid=None):
    def become():
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)

    run = subprocess.run([lib.PROGRAM, *words], capture_output=True, text=True, check=False,
                         preexec_fn=become if uid is not None else None)
    say("Sanitizer" not in run.stderr, f"{words}: {run.stderr[:2000]}")
    return run


class Operator:
    def __init__(self, daemon):
        self.conf = ["--config", daemon.configuration]

    def ask(self, *words):
        run = cordwatch(*words, *self.conf, "--format", "json")
        say(run.returncode == 0, f"{words}: {run.returncode} {run.stderr}")
        return json.loads(run.stdout) if run.returncode == 0 else None

    def run(self, *words):
        return cordwatch(*words, *self.conf)


def alert_of(sender, target, n):
    for resource in (lib.patient(n), lib.cancer(n), lib.weakness(n)):
        say(sender.surely(resource), f"{n} is not acknowledged")
    deadline = time.monotonic() + 30
    while f"Patient/p{n}" not in target.requests() and time.monotonic() < deadline:
        time.sleep(0.02)


# --- What the commands say and do.


def looks(daemon, op):
    status = op.ask("status")
    say(status["daemon"]["pid"] == daemon.process.pid, "status tells of another process")
    say(status["database"]["openAlerts"] == 3, f"status: {status['database']}")
    alerts = op.ask("alerts", "list")
    say([a["id"] for a in alerts] == [3, 2, 1], f"alerts: {alerts}")
    alert = op.ask("alerts", "show", "1")
    say(alert["tier"] == "emergency" and len(alert["evidence"]) == 2, f"alert: {alert}")
    say([r["type"] for r in alert["records"]] == ["decision", "alert", "alert"], f"records: {alert['records']}")
    say(alert["resource"]["resourceType"] == "ServiceRequest", "the request as sent is missing")
    text = op.run("alerts", "show", "1").stdout
    for word in ("Explanation", "Evidence", "limb-weakness", "proposed", "delivered"):
        say(word in text, f"alerts show: no {word}")
    feeds = op.ask("feeds", "list")
    say([f["name"] for f in feeds] == ["lab"] and feeds[0]["state"] == "push only", f"feeds: {feeds}")
    say("evaluated" in op.run("feeds", "status").stdout.lower(), "feeds status does not count")
    for words, code in ((("alerts", "show", "99"), 66), (("alerts", "show", "x"), 64), (("alerts", "show"), 64),
                        (("alerts",), 64), (("events", "eat", "q1"), 64), (("events", "show", "z1"), 64),
                        (("events", "replay", "q99"), 66), (("feeds", "show"), 64)):
        say(op.run(*words).returncode == code, f"{words}: not {code}")


def events(op, target):
    waiting = op.ask("events", "list", "--state", "quarantined")
    say(len(waiting) > 1 and waiting[0]["feed"] == "lab", f"quarantine: {waiting}")
    shown = op.ask("events", "show", waiting[0]["id"])
    say('"subject":[1,2]' in shown["body"].replace(" ", ""), f"event: {shown}")
    before = target.requests()
    replayed = op.ask("events", "replay", waiting[0]["id"])
    say(replayed["inbox"] > 0, f"replay: {replayed}")
    time.sleep(0.5)
    again = op.ask("events", "list", "--state", "quarantined")
    say(len(again) == len(waiting) and again[-1]["id"] != waiting[-1]["id"], "what is still bad is not there anew")
    say(op.ask("events", "discard", again[0]["id"])["discarded"] == again[0]["id"], "not discarded")
    say(op.ask("events", "list", "--state", "quarantined") == [], "a discarded text is still there")
    op.ask("events", "replay", "a1")
    time.sleep(0.5)
    say(target.requests() == before, "a replay made another request")
    say(len(op.ask("alerts", "list", "--all")) == 3, "a replay made another alert")
    say(op.ask("events", "list", "--state", "errored") == [], "an errand is dead")


def rights(daemon, op, folder):
    """Another user may look where the socket's mode lets him, and do nothing."""
    if os.geteuid() != 0:
        print("operate: not root, rights of others are not tried")
        return
    socket = os.path.join(folder, "d", "state", "cordwatch.sock")
    run = cordwatch("alerts", "list", "--socket", socket, uid=NOBODY)
    say(run.returncode == 74, f"a socket in a closed folder: {run.returncode} {run.stderr}")
    for path in (folder, os.path.join(folder, "d"), os.path.dirname(socket)):
        os.chmod(path, 0o711)
    os.chmod(socket, 0o666)
    run = cordwatch("alerts", "list", "--format", "json", "--socket", socket, uid=NOBODY)
    say(run.returncode == 0 and len(json.loads(run.stdout)) == 3, f"may not look: {run.stderr}")
    for words in (("events", "discard", "q1"), ("events", "replay", "a1")):
        run = cordwatch(*words, "--socket", socket, uid=NOBODY)
        say(run.returncode != 0 and "only root" in run.stderr, f"{words} by another user: {run.stderr}")
    os.chmod(os.path.dirname(socket), 0o700)


# --- The pages.


def get(daemon, path, host=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.admin, timeout=10)
    connection.request(method, path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, dict(answer.getheaders()), body


def pages(daemon):
    for path, words in (("/", ["Open alerts", "Patient/p1", "emergency", 'href="/alert?id=1"']),
                        ("/all", ["All alerts"]), ("/feeds", ["lab", "push only"]),
                        ("/quarantine", ["an array stands where"]),
                        ("/alert?id=1", ["Explanation", "Timeline", "Evidence", "limb-weakness", "delivered"])):
        status, head, body = get(daemon, path)
        say(status == 200, f"{path}: {status}")
        for word in words:
            say(word in body, f"{path}: no {word}")
        say(head.get("Content-Security-Policy", "").startswith("default-src 'none'; style-src 'self';"), f"{path}: CSP")
        say(head.get("Cache-Control") == "no-store", f"{path}: may be kept")
        say("<script" not in body and " style=" not in body and " on" + "click" not in body, f"{path}: more than HTML")
        say(body.count("<h1>") == 1 and '<html lang="en">' in body, f"{path}: no heading or language")
        say(body.count("<table>") == body.count("<caption>"), f"{path}: a table without a caption")
        say(re.search(r"<th(?! scope)[ >]", body) is None, f"{path}: a heading without a scope")
    say(HOSTILE not in get(daemon, "/quarantine")[2], "what was sent is not escaped")
    for host, status in (("localhost", 200), (f"127.0.0.1:{daemon.admin}", 200), ("[::1]:1", 200),
                         ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil.example:80", 421)):
        say(get(daemon, "/", host=host)[0] == status, f"Host {host}: not {status}")
    say(get(daemon, "/", method="POST")[0] == 405, "POST to a page")
    say(get(daemon, "/alert?id=99")[0] == 404 and get(daemon, "/alert?id=<b>")[0] == 400, "faults of the address")
    say(get(daemon, "/ask/alerts")[0] == 404, "questions are answered over TCP")
    say(get(daemon, "/style.css")[1]["Content-Type"].startswith("text/css"), "no style sheet")


def browser(daemon, folder):
    """In a browser: the pages are laid out within the width of a phone, nothing is refused, nothing runs."""
    program = shutil.which("chromium")
    if program is None:
        say(not os.environ.get("CORDWATCH_REQUIRE"), "no chromium")
        print("operate: no chromium, the pages are not drawn")
        return
    for width in (1280, 500):
        for path in ("", "alert?id=1", "feeds", "quarantine"):
            picture = os.path.join(folder, f"{width}-{path.partition('?')[0]}.png")
            run = subprocess.run(
                [program, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--hide-scrollbars",
                 f"--user-data-dir={folder}/chromium", f"--window-size={width},1000", f"--screenshot={picture}",
                 f"http://127.0.0.1:{daemon.admin}/{path}"], capture_output=True, text=True, timeout=120, check=False)
            say(os.path.exists(picture) and os.path.getsize(picture) > 5000, f"{path}: no picture: {run.stderr[-300:]}")
            # A picture is not needed to be seen: what the policy refuses is told.
            say("Content Security Policy" not in run.stderr and "CONSOLE" not in run.stderr,
                f"{path}: {[x for x in run.stderr.splitlines() if 'CONSOLE' in x]}")
    keep = os.environ.get("CORDWATCH_PICTURES")
    if keep:
        os.makedirs(keep, exist_ok=True)
        for name in os.listdir(folder):
            if name.endswith(".png"):
                shutil.copy(os.path.join(folder, name), keep)


# --- Copies.


def backup_under_load(op, sender, folder):
    stop = threading.Event()

    def load():
        n = 10000
        while not stop.is_set():
            sender.once(lib.cancer(n))
            n += 1

    thread = threading.Thread(target=load)
    thread.start()
    time.sleep(0.5)
    path = os.path.join(folder, "copy")
    run = op.run("backup", path)
    stop.set()
    thread.join()
    say(run.returncode == 0 and "is whole" in run.stdout, f"backup: {run.stdout} {run.stderr}")
    say(os.stat(path).st_mode & 0o777 == 0o600, "the copy is not for its owner alone")
    say(op.run("backup", path).returncode == 64, "a backup is written over")
    say(op.run("restore", "--verify", path).returncode == 0, "the copy does not verify")
    say(op.run("restore", path).returncode == 74, "restored under a daemon that runs")
    return path


def changes_are_found(op, path, folder):
    """Whatever byte of a payload, a hash or a page's head is changed: it shows."""
    with open(path, "rb") as f:
        whole = f.read()
    places = [m.start() for m in re.finditer(rb'"what":"proposed"|"result":"emergency"', whole)]
    say(len(places) > 2, "no records in the copy")
    heads = [n * 4096 for n in range(1, len(whole) // 4096)]
    other = os.path.join(folder, "changed")
    for at in random.Random(1).sample(places, 3) + random.Random(2).sample(heads, 5):
        changed = bytearray(whole)
        changed[at] ^= 0x21
        with open(other, "wb") as f:
            f.write(changed)
        run = op.run("restore", "--verify", other)
        say(run.returncode == 65, f"changed at {at}: {run.returncode} {run.stdout}{run.stderr}")
    with open(other, "wb") as f:
        f.write(whole[: len(whole) - 4096])
    say(op.run("restore", "--verify", other).returncode == 65, "cut off, and not found")
    say(op.run("restore", "--verify", os.path.join(folder, "none")).returncode == 66, "verified what is not there")


def yesterday(daemon, op, target, sender, path):
    """Alerts 4 and 5 came after the backup; put back, their evidence comes again."""
    alert_of(sender, target, 4)
    alert_of(sender, target, 5)
    before = {p: list(v) for p, v in target.kept.items()}
    daemon.kill(signal.SIGTERM)
    say(op.ask("status")["daemon"] is None, "a stopped daemon runs")
    say(len(op.ask("alerts", "list")) == 5, "the database of a stopped daemon is not read")
    run = op.run("restore", path)
    say(run.returncode == 0, f"restore: {run.stderr}")
    say(len(op.ask("alerts", "list")) == 3, "what was restored is not the copy")
    say(daemon.start(), "it does not start after a restore")
    sender.connection = None
    for n in (1, 4, 5):
        for resource in (lib.patient(n), lib.cancer(n), lib.weakness(n)):
            say(sender.surely(resource), f"{n} is not acknowledged after the restore")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        status = op.ask("status")["database"]
        if status["openAlerts"] == 5 and status["errandsPending"] == 0:
            break
        time.sleep(0.2)
    say(status["openAlerts"] == 5 and status["errandsDead"] == 0, f"after the restore: {status}")
    say({p: list(v) for p, v in target.kept.items()} == before, "something was sent twice after a restore")
    alert_of(sender, target, 6)
    say(len(target.requests()["Patient/p6"]) == 1, "nothing new is sent after a restore")


def recorded(daemon, folder):
    """Who looked and did is in the chain; nobody who only asked how the daemon is."""
    import sqlite3

    daemon.kill(signal.SIGTERM)
    shutil.copy(os.path.join(folder, "d", "state", "cordwatch.db.replaced"), os.path.join(folder, "audit.db"))
    db = sqlite3.connect(os.path.join(folder, "audit.db"))
    records = [json.loads(x) for (x,) in db.execute("SELECT payload FROM audit WHERE type = 'access' ORDER BY seq")]
    whats = {r["what"] for r in records}
    say({"alert", "alerts", "event", "replay", "discard", "quarantined", "backup-begin"} <= whats, f"on record: {whats}")
    say("figures" not in whats and "daemon" not in whats, f"on record: {whats}")
    say({"uid": os.geteuid()}.items() <= records[0]["who"].items(), f"who: {records[0]}")
    say(any("address" in r["who"] for r in records), "who saw a page is not on record")
    if os.geteuid() == 0:
        say(records[0]["who"]["name"] == "root", f"who: {records[0]}")
        say(any(r["who"].get("uid") == NOBODY for r in records), "another user is not on record")
    replays = [json.loads(x) for (x,) in db.execute("SELECT payload FROM audit WHERE type = 'replay'")]
    say(len(replays) == 1 and replays[0]["event"].startswith("q"), f"replays: {replays}")
    db.close()


def main():
    folder = tempfile.mkdtemp(prefix="operate.")
    target = lib.Target()
    daemon = lib.Daemon(os.path.join(folder, "d"), target)
    op, sender = Operator(daemon), lib.Sender(daemon)
    try:
        run = op.run("status")
        say(run.returncode == 66, f"status of nothing: {run.returncode} {run.stderr}")
        say(daemon.start(), "the daemon does not start")
        for n in (1, 2, 3):
            alert_of(sender, target, n)
        sender.once({"resourceType": "Observation", "id": "z1", "subject": [1, 2], "status": "final",
                     "code": lib.weakness(1)["code"]})
        time.sleep(0.5)
        looks(daemon, op)
        events(op, target)
        rights(daemon, op, folder)
        sender.once({"resourceType": "Observation", "id": "z2", "subject": [1, 2], "status": "final",
                     "meta": {"versionId": HOSTILE}, "code": lib.weakness(1)["code"], HOSTILE: [3]})
        time.sleep(0.5)
        pages(daemon)
        browser(daemon, folder)
        copy = backup_under_load(op, sender, folder)
        changes_are_found(op, copy, folder)
        yesterday(daemon, op, target, sender, copy)
        recorded(daemon, folder)
    finally:
        if daemon.process is not None and daemon.process.returncode is None:
            daemon.kill()
        target.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{good} passed, {bad} failed")
    return bad > 0


sys.exit(main())
