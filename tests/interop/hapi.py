#!/usr/bin/env python3
"""`cordwatch run` against a live HAPI FHIR server: Subscriptions, requests, kills on both sides.

    hapi.py [--write FILE] [--outage SECONDS]

Starts the server and the daemon, and stops them again. --write puts the results into a file (RESULTS.md).
Exit 77 where the server cannot be run (a failure under CORDWATCH_REQUIRE=1)."""
import argparse
import datetime
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PROGRAM = os.path.abspath(os.environ.get("CORDWATCH", "./cordwatch"))
PEERS = os.path.abspath(os.environ.get("CORDWATCH_PEERS", "../shared/peers"))
SCT = "http://snomed.info/sct"
CANCER, WEAKNESS, LEG = "254837009", "26544005", "61685007"
results = []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def skip(why):
    print("skip: " + why)
    sys.exit(1 if os.environ.get("CORDWATCH_REQUIRE") == "1" else 77)


class Hapi:
    def __init__(self, work):
        self.port, self.data, self.base = free_port(), os.path.join(work, "hapi"), ""
        self.version = ""

    def start(self):
        done = subprocess.run([os.path.join(PEERS, "hapi", "start.sh"), "--port", str(self.port), "--poll", "200",
                               "--data", self.data], check=False, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            skip("HAPI FHIR does not start here (status %d)" % done.returncode)
        self.base = done.stdout.split()[1]
        self.version = self.get("metadata")[1].get("software", {}).get("version", "?")

    def stop(self, *how):
        subprocess.run([os.path.join(PEERS, "hapi", "stop.sh"), "--port", str(self.port), *how], check=False,
                       stdout=subprocess.DEVNULL)

    def ask(self, method, path, body=None, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        request = urllib.request.Request(self.base + "/" + path, method=method, headers={
            "Content-Type": "application/fhir+json", "Cache-Control": "no-cache", **headers},
            data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, {}

    def get(self, path):
        return self.ask("GET", path)

    def put(self, resource):
        status, _ = self.ask("PUT", "%s/%s" % (resource["resourceType"], resource["id"]), resource)
        assert status in (200, 201), (status, resource["id"])

    def every(self, query):
        """All matches, over all pages."""
        found, path = [], query
        while path:
            _, page = self.get(path)
            found += [e["resource"] for e in page.get("entry", [])]
            links = {link["relation"]: link["url"] for link in page.get("link", [])}
            path = links["next"][len(self.base):].lstrip("/") if "next" in links else None
        return found

    def requests(self, patient):
        return self.every("ServiceRequest?subject=Patient/" + patient)

    def subscriptions(self):
        return self.every("Subscription?_count=50")


class Daemon:
    def __init__(self, work, hapi):
        self.work, self.process, self.log = work, None, open(os.path.join(work, "log"), "ab")
        self.conf = os.path.join(work, "cordwatch.conf")
        self.listen, self.admin = free_port(), free_port()
        secret = os.path.join(work, "secret")
        with open(secret, "w", encoding="ascii", opener=lambda p, f: os.open(p, f, 0o600)) as f:
            f.write("0123456789abcdef0123456789abcdef0123456789abcdef\n")
        os.makedirs(os.path.join(work, "state"))
        with open(self.conf, "w", encoding="ascii") as f:
            f.write("[server]\nstate_dir = %s/state\nlisten = 127.0.0.1:%d\nadmin = 127.0.0.1:%d\n"
                    "[feed hapi]\nbase = %s\nsecret_file = %s\npoll_interval = 10s\n"
                    "[target hapi]\nbase = %s\n"
                    % (work, self.listen, self.admin, hapi.base, secret, hapi.base))

    def start(self):
        self.process = subprocess.Popen([PROGRAM, "run", "--config", self.conf], stdout=self.log, stderr=self.log)
        until(self.is_ready, 20)

    def is_ready(self):
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/readyz" % self.admin, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return None
        self.process.send_signal(how)
        status = self.process.wait(30)
        self.process = None
        return status


def until(what, seconds):
    """Wait until what() holds; its last value."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.2)


def case(title, good, detail=""):
    results.append((title, bool(good), str(detail)))
    print("%s %s %s" % ("ok  " if good else "FAIL", title, detail), flush=True)


def today(days=0):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def patient(name):
    return {"resourceType": "Patient", "id": name, "gender": "female", "birthDate": "1960-05-05",
            "identifier": [{"system": "urn:example:mrn", "value": "mrn-" + name}]}


def condition(name, who, code, verified="confirmed", days=0, **more):
    return {"resourceType": "Condition", "id": name, "subject": {"reference": "Patient/" + who},
            "clinicalStatus": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
            "verificationStatus": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": verified}]},
            "code": {"coding": [{"system": SCT, "code": code}]}, "recordedDate": today(days), **more}


def cancer(who):
    return condition(who + "-cancer", who, CANCER, days=300)


def weakness(who, **more):
    return condition(who + "-weak", who, WEAKNESS, bodySite=[{"coding": [{"system": SCT, "code": LEG}]}], **more)


def retracted(who):
    resource = weakness(who, verified="entered-in-error")
    del resource["clinicalStatus"]
    return resource


def two_steps(hapi):
    hapi.put(patient("two"))
    hapi.put(cancer("two"))
    time.sleep(3)
    before = hapi.requests("two")
    began = time.monotonic()
    hapi.put(weakness("two"))
    until(lambda: hapi.requests("two"), 30)
    took = time.monotonic() - began
    time.sleep(3)
    after = hapi.requests("two")
    case("an emergency in two steps gives one ServiceRequest", not before and len(after) == 1,
         "after %.1f s" % took if after else "none")
    if len(after) != 1:
        return
    r = after[0]
    case("it is an active proposal for that patient with the evidence",
         (r["status"], r["intent"], r["subject"]["reference"]) == ("active", "proposal", "Patient/two")
         and any("two-weak" in x.get("reference", "") for x in r.get("reasonReference", [])))
    provenance = hapi.every("Provenance?target=ServiceRequest/" + r["id"])
    case("its Provenance came with it", len(provenance) == 1)
    return r


def validate(work, request):
    run = os.path.join(PEERS, "validator", "validate.sh")
    if request is None or not os.path.exists(run):
        print("skip: no validator")
        return
    path = os.path.join(work, "request.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(request, f)
    done = subprocess.run([run, path], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode == 77:
        print("skip: the validator does not run here")
        return
    case("it is valid by the HL7 validator", done.returncode == 0, done.stdout.strip().rpartition("\n")[2])


def outage(hapi, daemon, seconds):
    """50 resources while nobody listens, 20 of them twice, in any order."""
    daemon.stop(signal.SIGKILL)
    began = time.monotonic()
    people = ["out%d" % i for i in range(10)]
    writes = [f(p) for p in people for f in (patient, cancer)]
    late = [weakness(p) for p in people] + [condition("%s-x%d" % (p, i), p, "38341003") for p in people for i in (1, 2)]
    for resource in writes:
        hapi.put(resource)
    late += random.sample(late, 20)
    random.shuffle(late)
    for i, resource in enumerate(late):
        if any(other is resource for other in late[:i]):
            resource = dict(resource, note=[{"text": "again"}])
        hapi.put(resource)
    time.sleep(max(0, seconds - (time.monotonic() - began)))
    daemon.start()
    until(lambda: all(hapi.requests(p) for p in people), 60)
    time.sleep(5)
    counts = [len(hapi.requests(p)) for p in people]
    case("50 resources written while it was killed, 20 of them twice: one request for each patient",
         counts == [1] * 10, "%d s down, requests %s" % (seconds, counts))


def taken_back(hapi):
    hapi.put(retracted("out0"))
    until(lambda: hapi.requests("out0")[0]["status"] == "revoked", 30)
    found = hapi.requests("out0")
    case("a retracted finding's request is revoked", [r["status"] for r in found] == ["revoked"],
         ", ".join(r["status"] for r in found))
    request = hapi.requests("out1")[0]
    request["status"] = "completed"
    hapi.put(request)
    version = hapi.requests("out1")[0]["meta"]["versionId"]
    time.sleep(3)
    hapi.put(retracted("out1"))
    time.sleep(15)
    found = hapi.requests("out1")
    case("one that a person completed is left as it is",
         [(r["status"], r["meta"]["versionId"]) for r in found] == [("completed", version)])


def server_restarts(hapi):
    hapi.stop("--kill")
    time.sleep(15)
    hapi.start()
    hapi.put(patient("late"))
    hapi.put(cancer("late"))
    hapi.put(weakness("late"))
    until(lambda: hapi.requests("late"), 120)
    case("the server killed and started again: the next emergency arrives", len(hapi.requests("late")) == 1)


def settled(hapi):
    """The Subscriptions once all are active and no more are made."""
    seen = [None]

    def quiet():
        before, seen[0] = seen[0], sorted((s["id"], s["status"]) for s in hapi.subscriptions())
        time.sleep(2)
        return seen[0] and seen[0] == before and {status for _, status in before} == {"active"}

    until(quiet, 90)
    return hapi.subscriptions()


def play(hapi, daemon, seconds, work):
    daemon.start()
    case("ready", daemon.is_ready())
    subscriptions = settled(hapi)
    types = sorted(s["criteria"].rstrip("?") for s in subscriptions)
    case("one active Subscription for each type", {s["status"] for s in subscriptions} == {"active"}
         and len(set(types)) == len(types) and {"Patient", "ServiceRequest", "Condition"} <= set(types),
         "%d types" % len(types))
    validate(work, two_steps(hapi))
    outage(hapi, daemon, seconds)
    statuses = []
    for _ in range(3):
        statuses.append(daemon.stop())
        daemon.start()
        time.sleep(5)
    case("three restarts add no Subscription", len(hapi.subscriptions()) == len(types), "exit statuses %s" % statuses)
    taken_back(hapi)
    server_restarts(hapi)
    total = hapi.every("ServiceRequest?_count=50")
    case("nobody else got a request", len(total) == 12, len(total))
    case("SIGTERM ends it with 0", daemon.stop() == 0)


def write_results(path, hapi):
    lines = ["# What was seen with live servers", "", "Written by `hapi.py --write` (`make interop`).", "",
             "HAPI FHIR JPA %s, R4, on the same machine; %s." % (hapi.version, today()[:10]), "",
             "| what | worked | seen |", "| --- | --- | --- |"]
    lines += ["| %s | %s | %s |" % (title, "yes" if good else "**no**", detail) for title, good, detail in results]
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write")
    parser.add_argument("--outage", type=int, default=90)
    options = parser.parse_args()
    if not os.path.exists(os.path.join(PEERS, "hapi", "start.sh")):
        skip("no HAPI FHIR peer under " + PEERS)
    work = tempfile.mkdtemp(prefix="cordwatch-interop-")
    hapi, daemon = Hapi(work), None
    try:
        hapi.start()
        daemon = Daemon(work, hapi)
        play(hapi, daemon, options.outage, work)
    finally:
        if daemon is not None:
            daemon.stop(signal.SIGKILL)
        hapi.stop()
        if all(good for _, good, _ in results):
            shutil.rmtree(work, ignore_errors=True)
        else:
            print("the log is in " + work)
    if options.write:
        write_results(options.write, hapi)
    bad = sum(not good for _, good, _ in results)
    print("%d passed, %d failed" % (len(results) - bad, bad))
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
