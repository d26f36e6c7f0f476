#!/usr/bin/env python3
"""The daemon against a real HAPI FHIR server: it makes its Subscriptions there, is told of what is written, and puts
its requests there, whatever is stopped meanwhile.

Polls are ten minutes apart here, so what arrives within a minute was told by a notification, or found by a poll for
which there was a reason. The server comes from ../shared/peers/hapi (CORDWATCH_PEERS); where it cannot run, this is
skipped. CORDWATCH_SOAK=1: longer pauses. --results FILE: what was seen, as Markdown.
"""

import argparse
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "suite"))
import crash_lib as lib

SOAK = bool(os.environ.get("CORDWATCH_SOAK"))
REQUIRED = bool(os.environ.get("CORDWATCH_REQUIRE"))
PEERS = os.environ.get("CORDWATCH_PEERS", os.path.join(HERE, "..", "..", "..", "shared", "peers"))
PAUSE = 90 if SOAK else 8  # seconds for which the daemon is dead; the server gives a notification up after 57
SOON = 60  # seconds within which what was told of must be there

SCT = "http://snomed.info/sct"
CANCER, WEAKNESS, NIGHT_PAIN, SPINE, HYPERTENSION = "254837009", "26544005", "36163009", "421060004", "38341003"


def skip(why):
    print(f"skip: {why}")
    sys.exit(1 if REQUIRED else 77)


# --- The server.


class Server:
    def __init__(self, folder):
        self.folder, self.port = folder, lib.free_port()
        self.start()
        software = self.must("GET", "metadata")["software"]
        self.name = f"{software['name']} {software['version']}"

    def start(self):
        script = os.path.join(PEERS, "hapi", "start.sh")
        if not os.path.exists(script):
            skip(f"{script} is not there")
        run = subprocess.run([script, "--port", str(self.port), "--poll", "200", "--data", self.folder],
                             stdout=subprocess.PIPE, text=True)
        if run.returncode == 77:
            skip("the server cannot run here")
        if run.returncode != 0:
            raise RuntimeError("the server does not start")
        self.base = run.stdout.split()[1]

    def stop(self, *options):
        subprocess.run([os.path.join(PEERS, "hapi", "stop.sh"), "--port", str(self.port), *options], check=True)

    def call(self, method, path, body=None, **headers):
        """(status, body as JSON or None)"""
        url = path if path.startswith("http") else f"{self.base}/{path}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Cache-Control": "no-cache", "Accept": "application/fhir+json",
                                                     "Content-Type": "application/fhir+json", **headers}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text, status = answer.read(), answer.status
        except urllib.error.HTTPError as e:
            text, status = e.read(), e.code
        return status, json.loads(text) if text.strip() else None

    def must(self, method, path, body=None):
        status, answer = self.call(method, path, body)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {json.dumps(answer)[:400]}")
        return answer

    def put(self, resource):
        return self.must("PUT", f"{resource['resourceType']}/{resource['id']}", resource)

    def all(self, query):
        """Every match of a search, page by page."""
        found, url = [], query
        while url:
            page = self.must("GET", url)
            found += [e["resource"] for e in page.get("entry", [])]
            url = next((l["url"] for l in page["link"] if l["relation"] == "next"), None)
        return found

    def subscriptions(self):
        return self.all("Subscription?_count=50")

    def requests(self, patient=None):
        """patient -> for each of his requests the statuses through which it went.

        Versions are read one by one: HAPI remembers for a minute how long a history is."""
        found = collections.defaultdict(list)
        for request in self.all("ServiceRequest?_count=50" + (f"&subject=Patient/{patient}" if patient else "")):
            path, last = f"ServiceRequest/{request['id']}/_history", int(request["meta"]["versionId"])
            statuses = [self.must("GET", f"{path}/{v}")["status"] for v in range(1, last)] + [request["status"]]
            found[request["subject"]["reference"].split("/")[1]].append(statuses)
        return found

    def request(self, patient):
        return self.all(f"ServiceRequest?subject=Patient/{patient}")[0]

    def fault(self, what):
        urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.port}/fault?{what}", b"")).close()


class Daemon(lib.Daemon):
    def __init__(self, folder, server):
        super().__init__(folder, server)
        self.secrets = 0
        self.rotate()
        with open(self.configuration, "w") as f:
            f.write(f"[server]\nstate_dir = state\nlisten = 127.0.0.1:{self.port}\nadmin = 127.0.0.1:{self.admin}\n"
                    f"[feed hapi]\nbase = {server.base}\npoll_interval = 10m\nsecret_file = secret\n"
                    f"previous_secret_file = secret.old\n[target hapi]\nbase = {server.base}\n")

    def write_secret(self, name, number):
        path = os.path.join(self.folder, name)
        with open(path, "w") as f:
            f.write(f"{number:02d}-secret-of-this-feed-0123456789abcdef\n")
        os.chmod(path, 0o600)

    def rotate(self):
        """A new secret; the one before is valid still."""
        self.secrets += 1
        self.write_secret("secret", self.secrets)
        self.write_secret("secret.old", self.secrets - 1)

    def secret(self):
        with open(os.path.join(self.folder, "secret")) as f:
            return f.read().strip()

    def look_again(self):
        """SIGHUP: read the configuration, and see to the Subscriptions."""
        os.kill(self.process.pid, signal.SIGHUP)

    def outbox(self):
        return self.metric("cordwatch_outbox_depth")

    def decided(self):
        return self.metric("cordwatch_feed_events_total")

    def restart(self, how=signal.SIGTERM):
        self.kill(how)
        if not self.start():
            raise RuntimeError("the daemon does not start again")


# --- What is written there.


def stamp():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def coded(kind, name, patient, code, **more):
    return {"resourceType": kind, "id": f"{patient}-{name}", "subject": {"reference": f"Patient/{patient}"},
            "code": {"coding": [{"system": SCT, "code": code}]}, **more}


def patient(name):
    return {"resourceType": "Patient", "id": name, "gender": "female", "birthDate": "1963-05-04",
            "identifier": [{"system": "urn:interop:mrn", "value": name}]}


def condition(patient, name, code):
    terminology = "http://terminology.hl7.org/CodeSystem/condition"
    return coded("Condition", name, patient, code, recordedDate=stamp(),
                 clinicalStatus={"coding": [{"system": f"{terminology}-clinical", "code": "active"}]},
                 verificationStatus={"coding": [{"system": f"{terminology}-ver-status", "code": "confirmed"}]})


def cancer(patient):
    return condition(patient, "cancer", CANCER)


def finding(patient, name, code, status="final", **more):
    return coded("Observation", name, patient, code, status=status, effectiveDateTime=stamp(), **more)


def weakness(patient, status="final", **more):
    return finding(patient, "weakness", WEAKNESS, status, **more)


def night_pain(patient):
    return finding(patient, "pain", NIGHT_PAIN, bodySite={"coding": [{"system": SCT, "code": SPINE}]})


def until(condition, limit=SOON):
    """Wait for it; the seconds, or None when it did not come."""
    begun = time.monotonic()
    while time.monotonic() - begun < limit:
        if condition():
            return time.monotonic() - begun
        time.sleep(0.2)
    return None


# --- The trial.


class Trial:
    def __init__(self, folder):
        self.results, self.expected = [], {}
        self.server = Server(os.path.join(folder, "server"))
        self.folder = folder
        self.daemon = Daemon(os.path.join(folder, "daemon"), self.server)

    def say(self, ok, title, fault="", seconds=None):
        """fault: what is wrong, when it is."""
        self.results.append((ok, title, seconds, "" if ok else fault))
        print(f"{'ok  ' if ok else 'FAIL'} {title}{'' if seconds is None else f' ({seconds:.1f} s)'}")
        if not ok:
            print(f"     {fault}")
        sys.stdout.flush()

    def write(self, *resources):
        for r in resources:
            self.server.put(r)

    def due(self, name, statuses, title, limit=SOON):
        """Does the patient come to have exactly these requests?"""
        self.expected[name] = statuses
        took = until(lambda: sorted(self.server.requests(name)[name]) == sorted(statuses), limit)
        self.say(took is not None, title, f"expected {statuses}, found {self.server.requests(name)[name]}", took)

    def until_decided(self, *resources):
        before = self.daemon.decided()
        self.write(*resources)
        return until(lambda: self.daemon.decided() >= before + len(resources), SOON)

    def active(self):
        found = self.server.subscriptions()
        return len(found) == self.wanted and all(s["status"] == "active" for s in found)

    def all_active(self, title, limit=SOON):
        took = until(self.active, limit)
        found = [(s["criteria"], s["status"]) for s in self.server.subscriptions()]
        self.say(took is not None, title, f"found {found}", took)


def begin(t):
    t.write(patient("early"), cancer("early"), weakness("early"))
    t.daemon.start()
    seen = []

    def settled():
        """No more are made, and all are active."""
        found = t.server.subscriptions()
        seen.append(len(found))
        return len(seen) > 20 and set(seen[-20:]) == {len(found)} and all(s["status"] == "active" for s in found)

    took = until(settled)
    t.wanted = seen[-1]
    types = {s["criteria"].rstrip("?") for s in t.server.subscriptions()}
    t.say(took is not None and len(types) == t.wanted and {"Patient", "Condition", "ServiceRequest"} <= types,
          "one Subscription for each type is made and becomes active", f"{t.wanted} Subscriptions, {sorted(types)}", took)
    t.due("early", [["active"]], "what was there before is decided at the end of the initial load")


def two_steps(t):
    t.write(patient("watched"))
    t.until_decided(weakness("watched"))
    t.say(not t.server.requests("watched"), "a finding to watch makes no request", "a request is there")
    t.write(cancer("watched"))
    t.due("watched", [["active"]], "watch, then emergency: one request")
    request = t.server.request("watched")
    evidence = {r["reference"] for r in request["reasonReference"]}
    t.say(evidence == {"Observation/watched-weakness", "Condition/watched-cancer"} and request["intent"] == "proposal",
          "it is a proposal that names its evidence", f"{request['intent']} for {evidence}")
    provenance = t.server.all(f"Provenance?target=ServiceRequest/{request['id']}")
    t.say(len(provenance) == 1, "with its Provenance", f"{len(provenance)} of them")
    t.write(patient("urgent"), cancer("urgent"), night_pain("urgent"))
    t.due("urgent", [["active"]], "an urgent finding: one request")
    t.write(weakness("urgent"))
    t.due("urgent", [["active", "revoked"], ["active"]],
          "urgent, then emergency: one request for each alert, the lower one revoked")


def retracted(t):
    t.write(patient("retracted"), cancer("retracted"), weakness("retracted"))
    t.due("retracted", [["active"]], "a finding that will be retracted: one request")
    t.write(weakness("retracted", "entered-in-error"))
    t.due("retracted", [["active", "revoked"]], "the finding is retracted: its request is revoked")


def completed(t):
    seen = weakness("done")
    t.write(patient("done"), cancer("done"), seen)
    t.due("done", [["active"]], "a finding on which a person will act: one request")
    t.until_decided({**t.server.request("done"), "status": "completed"})
    t.until_decided({**seen, "note": [{"text": "told again"}]})
    t.until_decided({**seen, "status": "entered-in-error"})
    time.sleep(3)
    t.due("done", [["active", "completed"]],
          "completed by a person: the finding is told again and retracted, the request stays as it is")


def lost_answer(t):
    t.write(patient("unheard"), cancer("unheard"))
    t.server.fault("drop=1&after=1&method=POST&path=/fhir")
    t.write(weakness("unheard"))
    t.due("unheard", [["active"]], "the server took the request and its answer was lost: one request")


def restarts(t):
    for _ in range(3):
        t.daemon.restart()
    time.sleep(3)
    t.all_active("three restarts: as many Subscriptions as before")


def killed(t):
    """50 resources while the daemon is dead, 20 of them twice, in any order that the server allows."""
    rng = random.Random(20)
    names = [f"k{i}" for i in range(12)]
    rest = [cancer(n) for n in names] + [weakness(n) for n in names[:9]]
    rest += [condition(n, "other", HYPERTENSION) for n in names] + [finding(n, "more", HYPERTENSION) for n in names[:5]]
    assert len(names) + len(rest) == 50
    twice = rng.sample(rest, 20)
    # Half of them as they were, which is no new version, half with a change that means nothing.
    rest += twice[:10] + [{**r, "language": "en"} for r in twice[10:]]
    rng.shuffle(rest)
    t.daemon.kill()
    t.write(*[patient(n) for n in names], *rest)
    time.sleep(PAUSE)
    t.daemon.start()
    for n in names[:9]:
        t.expected[n] = [["active"]]
    took = until(lambda: all(t.server.requests(n)[n] == [["active"]] for n in names[:9]))
    time.sleep(5)  # for what must not come
    found = {n: t.server.requests(n)[n] for n in names}
    t.say(took is not None and found == {n: t.expected.get(n, []) for n in names},
          f"50 resources while killed for {PAUSE} s, 20 of them twice: one request for each of 9 patients, none for 3",
          str(found), took)


def server_restart(t):
    """The server goes away with a request on its way, and comes back with its data."""
    t.write(patient("waiting"), cancer("waiting"))
    t.server.fault("status=503&count=1000&method=POST&path=/fhir")
    t.write(weakness("waiting"))
    held = until(lambda: t.daemon.outbox() == 1)
    t.say(held is not None, "the server answers 503: the request waits", f"outbox {t.daemon.outbox()}", held)
    time.sleep(2)  # its database writes within a second, not at once
    t.server.stop("--kill")
    time.sleep(PAUSE)
    t.server.start()
    t.due("waiting", [["active"]], "the server was killed and started again: the request arrives, once", 6 * SOON)
    t.all_active("its Subscriptions are active again", 6 * SOON)
    t.write(patient("after"), cancer("after"), weakness("after"))
    t.due("after", [["active"]], "and tell of what is new", 2 * SOON)


def rotation(t):
    """Twice, so that the first secret is valid no more."""
    for turn in ("first", "second"):
        t.daemon.rotate()
        t.daemon.look_again()
        wanted = [f"X-Cordwatch-Secret: {t.daemon.secret()}"]
        took = until(lambda: t.active() and all(
            s["channel"].get("header") == wanted for s in t.server.subscriptions()), 3 * SOON)
        t.say(took is not None, f"the {turn} new secret is in every Subscription", "it is not", took)
        name = f"rotated-{turn}"
        t.write(patient(name), cancer(name), weakness(name))
        t.due(name, [["active"]], "and notifications come with it")


def put_back(t):
    subscription = next(s for s in t.server.subscriptions() if s["criteria"].startswith("Observation"))
    t.server.put({**subscription, "status": "off"})
    t.write(patient("off"), cancer("off"), weakness("off"))
    t.daemon.look_again()  # at the latest it would look in five minutes
    t.all_active("a Subscription that was set to off is put back", 2 * SOON)
    t.due("off", [["active"]], "and what was written meanwhile is found")
    subscription = next(s for s in t.server.subscriptions() if s["criteria"].startswith("Condition"))
    t.server.must("DELETE", f"Subscription/{subscription['id']}")
    t.write(patient("deleted"), weakness("deleted"), cancer("deleted"))
    t.daemon.look_again()
    t.all_active("a Subscription that was deleted is made again", 2 * SOON)
    t.due("deleted", [["active"]], "and what was written meanwhile is found")


def end(t):
    found = dict(t.server.requests())
    t.say({n: sorted(s) for n, s in found.items()} == {n: sorted(s) for n, s in t.expected.items()},
          "in the end: every patient who should has his requests, nobody else has one",
          str({n: s for n, s in found.items() if s != t.expected.get(n)}))
    acknowledged = t.daemon.metric("cordwatch_feed_acknowledged_total")
    t.say(acknowledged == t.daemon.decided(), "what was acknowledged has become something",
          f"{acknowledged} acknowledged, {t.daemon.decided()} decided")
    t.say(t.daemon.metric("cordwatch_deadletter_depth") == 0, "nothing was given up", "something was")
    t.daemon.kill(signal.SIGTERM)
    t.say(t.daemon.process.returncode == 0, "SIGTERM ends it with 0", str(t.daemon.process.returncode))
    validate(t)


def validate(t):
    folder = os.path.join(t.folder, "validate")
    os.makedirs(folder)
    resources = t.server.all("ServiceRequest?_count=50") + t.server.all("Provenance?_count=50")
    for r in resources:
        with open(os.path.join(folder, f"{r['resourceType']}-{r['id']}.json"), "w") as f:
            json.dump(r, f)
    script = os.path.join(PEERS, "validator", "validate.sh")
    run = subprocess.run([script, "--quiet", *sorted(os.path.join(folder, f) for f in os.listdir(folder))],
                         capture_output=True, text=True)
    if run.returncode == 77:
        print("the validator cannot run here")
        t.say(not REQUIRED, "requests and provenance read back (not validated)", "no validator")
        return
    last = run.stdout.strip().splitlines()[-1]
    errors = [l[len(folder) + 1:] for l in run.stdout.splitlines() if ":error:" in l or ":fatal:" in l]
    t.say(run.returncode == 0, f"requests and provenance are read back and valid: {last}", "\n     ".join(errors[:5]))


STEPS = [begin, two_steps, retracted, completed, lost_answer, restarts, killed, server_restart, rotation, put_back, end]


def report(t, path, seconds):
    good = sum(1 for r in t.results if r[0])
    with open(path, "w") as f:
        f.write("# Interoperability\n\nWritten by `tests/interop/hapi.py --results`"
                f" on {time.strftime('%Y-%m-%d', time.gmtime())}.\n\n## {t.server.name}\n\n"
                f"{good} of {len(t.results)} as they should be, {seconds:.0f} s in all; the daemon dead for {PAUSE} s.\n\n"
                "| what | worked | seconds |\n| --- | --- | ---: |\n")
        for ok, title, took, fault in t.results:
            f.write(f"| {title} | {'yes' if ok else '**no**: ' + fault} | {'' if took is None else f'{took:.1f}'} |\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", metavar="FILE")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    begun = time.monotonic()
    folder = tempfile.mkdtemp(prefix="interop.")
    t = Trial(folder)
    try:
        for step in STEPS:
            try:
                step(t)
            except (RuntimeError, OSError) as e:
                t.say(False, step.__name__, str(e))
        bad = sum(1 for r in t.results if not r[0])
        if options.results:
            report(t, options.results, time.monotonic() - begun)
    finally:
        if t.daemon.process is not None:
            t.daemon.kill()
        t.server.stop()
        if not os.environ.get("CORDWATCH_KEEP"):
            shutil.rmtree(folder)
    print(f"{len(t.results) - bad} passed, {bad} failed")
    return bad > 0


sys.exit(main())
