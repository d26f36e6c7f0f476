#!/usr/bin/env python3
"""The real daemon over real sockets, fed with all the stories' data, each patient under ids of his own, and with all the
bad bytes of tests/data:

- every string of a text field is unlike any other: none comes back in a log, a metric, a page or an error;
- whatever was acknowledged is evaluated, a duplicate, irrelevant or in quarantine: the sum is what was acknowledged;
- bad bytes are taken (they are a person's to look at) or refused; the next sender is served.
"""

import http.client
import json
import os
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import crash_lib as lib
import properties as stories  # noqa: E402

TREE = os.environ.get("top_srcdir", ".")
EVERY = 1 if os.environ.get("CORDWATCH_SOAK") else 6

good = bad = 0


def say(ok, title):
    global good, bad
    good, bad = good + bool(ok), bad + (not ok)
    if not ok:
        print(title)


# --- Marks: a name that nobody else has in each text that a person could have written.

FREE = ("display", "text", "div", "family", "given", "value", "description", "comment", "title", "note", "valueString",
        "conclusion", "city", "line")
marks = []


def marked(value, key=None):
    if isinstance(value, dict):
        return {k: marked(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [marked(v, key) for v in value]
    if isinstance(value, str) and key in FREE:
        marks.append(f"Zq{len(marks):06d}x")
        return f"{value} {marks[-1]}" if key != "value" else marks[-1]
    return value


def with_texts(resource):
    """Texts where the story has none."""
    resource = marked(resource)
    marks.append(f"Zq{len(marks):06d}x")
    resource["text"] = {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{marks[-1]}</div>'}
    if resource["resourceType"] == "Patient":
        marks.append(f"Zq{len(marks):06d}x")
        resource["name"] = [{"family": marks[-1], "given": [marks[-1] + "a"]}]
    return resource


# --- Sending.


class Sender:
    def __init__(self, daemon):
        self.daemon = daemon
        self.connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=60)
        self.said = []  # bodies of refusals

    def send(self, method, path, body):
        try:
            self.connection.request(method, path, body, {"Content-Type": "application/fhir+json"})
            answer = self.connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return -1
        if answer.status >= 300:
            self.said.append(text)
        return answer.status


def corpus():
    for folder in ("json", "bundle"):
        for kind in ("invalid", "valid"):
            top = os.path.join(TREE, "tests", "data", folder, kind)
            for name in sorted(os.listdir(top)):
                if not name.endswith(".txt"):
                    with open(os.path.join(top, name), "rb") as f:
                        yield f"{folder}/{kind}/{name}", f.read()


def settle(daemon):
    """Until nothing waits and the counts stand still."""
    last = None
    for _ in range(600):
        now = (
            daemon.metric("cordwatch_queue_jobs"),
            daemon.metric("cordwatch_feed_acknowledged_total"),
            daemon.metric("cordwatch_feed_events_total"),
        )
        if now == last and now[0] == 0:
            return now
        last = now
        time.sleep(1.2)  # counts of what was dropped are written once a second
    return last


def main():
    folder = tempfile.mkdtemp(prefix="received.")
    target = lib.Target()
    daemon = lib.Daemon(os.path.join(folder, "d"), target)
    try:
        dumped = os.path.join(folder, "stories")
        os.mkdir(dumped)
        cases = stories.dump(dumped)
        say(daemon.start(wrap=None), "the daemon does not start")
        sender = Sender(daemon)
        sent = 0
        for n, case in list(enumerate(cases))[::EVERY]:
            for line in case.lines:
                resource = with_texts(json.loads(stories.renamed(line, f"n{n}")))
                status = sender.send("POST", "/fhir/lab", json.dumps(resource))
                sent += 1
                say(status == 200, f"{case.name}: status {status}")
        before = len(sender.said)
        for name, data in corpus():
            status = sender.send("POST", "/fhir/lab", data)
            say(status in (200, 400, 413), f"{name}: status {status}")
        say(sender.send("POST", "/fhir/lab", json.dumps(lib.patient(1))) == 200, "nobody is served any more")
        queue, acknowledged, events = settle(daemon)
        say(
            acknowledged == events and acknowledged > sent,
            f"acknowledged {acknowledged}, with an outcome {events}, sent {sent} and the corpus",
        )
        said = "".join(sender.said)
        for path in ("/metrics", "/readyz", "/livez"):
            connection = http.client.HTTPConnection("127.0.0.1", daemon.admin, timeout=10)
            connection.request("GET", path)
            said += connection.getresponse().read().decode()
        say(daemon.alive(), "the daemon has ended")
        daemon.kill(15)
        with open(os.path.join(daemon.folder, "log"), encoding="utf-8") as f:
            log = f.read()
        say("quarantine" in log, "the log says nothing of what was put aside")
        leaks = [m for m in marks if m in said or m in log]
        say(not leaks and len(marks) > 1000, f"{len(leaks)} of {len(marks)} marks came back: {leaks[:3]}")
        print(f"received: {sent} resources, {len(marks)} marks, {acknowledged:.0f} acknowledged, "
              f"{before} and {len(sender.said) - before} refusals")
    finally:
        if daemon.process is not None:
            daemon.kill()
        target.close()
        shutil.rmtree(folder)
    print(f"{good} passed, {bad} failed")
    return bad > 0


sys.exit(main())
