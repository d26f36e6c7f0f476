"""A sender, a receiving FHIR server and a judge for a daemon that is killed again and again.

The judge knows only what the sender was answered and what the receiver was told: what was acknowledged must have been
processed, each patient who should have a request has exactly one, nobody else has any.
"""

import collections
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

PROGRAM = os.environ.get("CORDWATCH", "./cordwatch")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# --- The receiver: a FHIR server that keeps ServiceRequests and counts how often each was made or changed.


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body, etag=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(data)))
        if etag:
            self.send_header("ETag", f'W/"{etag}"')
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        target = self.server.target
        path = self.path.removeprefix("/fhir/")
        if path.startswith("metadata"):
            self.answer(200, target.metadata)
        elif path.startswith("Patient?identifier="):
            mine = re.search(r"identifier=urn:test:mrn\|([^&]*)", urllib.parse.unquote(path))
            entries = [{"resource": {"resourceType": "Patient", "id": mine[1]}}] if mine else []
            self.answer(200, {"resourceType": "Bundle", "type": "searchset", "entry": entries})
        elif path.startswith("Patient/"):
            self.answer(200, {"resourceType": "Patient", "id": path.split("/")[1]})
        else:
            request, version = target.read(path)
            if request:
                self.answer(200, request, version)
            else:
                self.answer(404, {"resourceType": "OperationOutcome", "issue": []})

    def do_POST(self):
        bundle = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        target = self.server.target
        if target.down():
            self.answer(503, {"resourceType": "OperationOutcome", "issue": []})
            return
        entries = []
        for entry in bundle["entry"]:
            path = entry["request"]["url"]
            version = target.write(path, entry["resource"])
            entries.append({"response": {"status": "201 Created", "etag": f'W/"{version}"', "location": path}})
        self.answer(200, {"resourceType": "Bundle", "type": "transaction-response", "entry": entries})

    def do_PUT(self):
        resource = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        version = self.server.target.write(self.path.removeprefix("/fhir/"), resource)
        self.answer(200, resource, version)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a client that was killed


class Target:
    """The requests that arrived: path -> versions; each as (status, patient)."""

    metadata = {
        "resourceType": "CapabilityStatement",
        "fhirVersion": "4.0.1",
        "rest": [{"mode": "server", "resource": [{"type": "ServiceRequest", "updateCreate": True}]}],
    }

    def __init__(self):
        self.lock = threading.Lock()
        self.kept = collections.defaultdict(list)
        self.busy_until = 0
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.target = self
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}/fhir"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def down(self):
        return time.monotonic() < self.busy_until

    def read(self, path):
        with self.lock:
            versions = self.kept.get(path)
            return (versions[-1], len(versions)) if versions else (None, 0)

    def write(self, path, resource):
        with self.lock:
            self.kept[path].append(resource)
            return len(self.kept[path])

    def requests(self):
        """patient -> the versions of each of his requests."""
        found = collections.defaultdict(list)
        with self.lock:
            for path, versions in self.kept.items():
                if path.startswith("ServiceRequest/"):
                    subject = versions[0]["subject"]
                    found[subject["reference"]].append([v["status"] for v in versions])
        return found

    def close(self):
        self.server.shutdown()
        self.server.server_close()


# --- The daemon.


class Daemon:
    def __init__(self, folder, target, program=None, wrap=(), state=None):
        self.folder, self.target, self.wrap = folder, target, list(wrap)
        self.program = program or PROGRAM
        self.port, self.admin = free_port(), free_port()
        self.process = None
        os.makedirs(folder, exist_ok=True)
        self.configuration = os.path.join(folder, "cordwatch.conf")
        with open(self.configuration, "w") as f:
            f.write(
                f"[server]\nstate_dir = {state or 'state'}\nlisten = 127.0.0.1:{self.port}\nadmin = 127.0.0.1:{self.admin}\n"
                f"[feed lab]\n[target ehr]\nbase = {target.base}\n"
            )

    def start(self, wait=True, wrap=None):
        """Start; True once it listens, False if it ended before."""
        command = (self.wrap if wrap is None else wrap) + [self.program, "run", "--config", self.configuration]
        self.log = open(os.path.join(self.folder, "log"), "ab")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, start_new_session=True)
        deadline = time.monotonic() + 60
        while wait and time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return True
            except OSError:
                time.sleep(0.01)
        return wait is False

    def alive(self):
        return self.process.poll() is None

    def kill(self, how=signal.SIGKILL):
        try:
            os.killpg(self.process.pid, how)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.log.close()

    def metric(self, name):
        """Sum of a metric over its labels, or None."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=5)
        try:
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
        except OSError:
            return None
        finally:
            connection.close()
        lines = [x for x in text.splitlines() if re.match(rf"{name}[ {{]", x)]
        return sum(float(x.rsplit(" ", 1)[1]) for x in lines)


# --- The sender: like a server's subscription, it sends again until it is answered 2xx.


def patient(n):
    return {
        "resourceType": "Patient",
        "id": f"p{n}",
        "identifier": [{"system": "urn:test:mrn", "value": f"p{n}"}],
    }


def cancer(n):
    return {
        "resourceType": "Condition",
        "id": f"c{n}",
        "meta": {"versionId": "1"},
        "subject": {"reference": f"Patient/p{n}"},
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "254837009"}]},
    }


def weakness(n, version=1, status="final", which=""):
    return {
        "resourceType": "Observation",
        "id": f"o{which}{n}",
        "meta": {"versionId": str(version)},
        "status": status,
        "subject": {"reference": f"Patient/p{n}"},
        "effectiveDateTime": time.strftime("%Y-%m-%d"),
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "26544005"}]},
    }


def height(n):
    """Concerns nothing."""
    return {
        "resourceType": "Observation",
        "id": f"h{n}",
        "status": "final",
        "subject": {"reference": f"Patient/p{n}"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "8302-2"}]},
    }


class Sender:
    def __init__(self, daemon):
        self.daemon = daemon
        self.sent, self.acknowledged = 0, 0
        self.connection = None

    def once(self, resource):
        """One attempt: was it answered 2xx?"""
        self.sent += 1
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=30)
            if "entry" in resource:
                method, path = "POST", "/fhir/lab"
            else:
                method, path = "PUT", f"/fhir/lab/{resource['resourceType']}/{resource['id']}"
            self.connection.request(method, path, json.dumps(resource), {"Content-Type": "application/fhir+json"})
            answer = self.connection.getresponse()
            answer.read()
            good = 200 <= answer.status < 300
            self.acknowledged += good
            return good
        except (OSError, http.client.HTTPException):
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return False

    def surely(self, resource, revive=None, limit=60):
        """Until it is acknowledged; revive is called when the daemon is gone."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            if self.once(resource):
                return True
            if revive and not self.daemon.alive():
                revive()
            time.sleep(0.01)
        return False


# --- The judge.


def judge(target, expected, limit=30):
    """Wait until each expected patient has his request; then the faults as texts (none: all is well).

    expected: patient number -> statuses that his one request must have gone through.
    """
    deadline = time.monotonic() + limit
    wanted = {f"Patient/p{n}": statuses for n, statuses in expected.items()}
    while time.monotonic() < deadline:
        if all(found == [wanted[p]] for p, found in target.requests().items() if p in wanted) and all(
            p in target.requests() for p in wanted
        ):
            break
        time.sleep(0.05)
    time.sleep(0.3)  # for what must not come
    faults = []
    found = target.requests()
    for who, statuses in wanted.items():
        if found.get(who, []) != [statuses]:
            faults.append(f"{who}: expected one request {statuses}, found {found.get(who, [])}")
    faults += [f"{who}: a request that nobody expected" for who in found if who not in wanted]
    return faults


# --- Scenarios: what is sent, to whom a request is due, and through which statuses it goes.


def plain(n):
    return [patient(n), cancer(n), weakness(n)], ["active"]


def repeated(n):
    return [patient(n), cancer(n), weakness(n), weakness(n), weakness(n, which="more")], ["active"]


def bundled(n):
    entries = [{"resource": r} for r in (patient(n), cancer(n), weakness(n))]
    return [{"resourceType": "Bundle", "type": "collection", "entry": entries}], ["active"]


def harmless(n):
    return [patient(n), height(n), cancer(n)], None


def late(n):
    return [patient(n), weakness(n), height(n), cancer(n)], ["active"]


def withdrawn(n):
    return [patient(n), cancer(n), weakness(n), None, weakness(n, 2, "entered-in-error")], [
        "active",
        "revoked",
    ]


SCENARIOS = [plain, repeated, bundled, harmless, late, withdrawn]


# --- A daemon, its target and a sender; kept alive while they are judged.


class Trial:
    def __init__(self, program=None, state=None):
        """state: a folder for the database elsewhere."""
        self.folder = tempfile.mkdtemp(prefix="crash.")
        self.target = Target()
        self.daemon = Daemon(os.path.join(self.folder, "d"), self.target, program, state=state)
        self.sender = Sender(self.daemon)
        self.revived = 0

    def revive(self):
        self.daemon.kill()
        self.revived += 1
        if not self.daemon.start(wrap=[]):
            raise RuntimeError("the daemon does not start again: " + self.tail())

    def tail(self):
        with open(os.path.join(self.daemon.folder, "log")) as f:
            return f.read()[-600:]

    def play(self, scenario, n):
        """Send it all; what is due afterwards."""
        resources, statuses = scenario(n)
        for r in resources:
            if r is None:  # until the request is there
                deadline = time.monotonic() + 20
                while f"Patient/p{n}" not in self.target.requests() and time.monotonic() < deadline:
                    if not self.daemon.alive():
                        self.revive()
                    time.sleep(0.01)
            elif not self.sender.surely(r, self.revive):
                return {n: ["acknowledged"]}
        return {} if statuses is None else {n: statuses}

    def watch(self, expected, limit=30):
        """Keep the daemon alive until all has come, and judge."""
        stop = threading.Event()

        def keep():
            while not stop.wait(0.02):
                if not self.daemon.alive():
                    self.revive()

        keeper = threading.Thread(target=keep, daemon=True)
        keeper.start()
        faults = judge(self.target, expected, limit)
        stop.set()
        keeper.join()
        return faults

    def close(self):
        if self.daemon.process is not None:
            self.daemon.kill()
        self.target.close()
        shutil.rmtree(self.folder)
