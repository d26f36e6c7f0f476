#!/usr/bin/env python3
"""A FHIR server that lies, floods, stalls and sends the daemon elsewhere is survived, over real sockets.

For each kind of malice a server of its own and a daemon that watches it. While it lasts: nothing reaches another
server, memory stays bounded, and the daemon says that something is wrong with that feed. Afterwards the server behaves, and the
daemon finds the emergency that waits there.

make check tries a part; CORDWATCH_SOAK=1 (make soak) all of it.
"""

import concurrent.futures
import gzip
import http.server
import json
import os
import re
import shutil
import socket
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import crash_lib as lib

SOAK = bool(os.environ.get("CORDWATCH_SOAK"))
MEGABYTE = 1 << 20
MOST = 256 * MEGABYTE  # above what a daemon takes whose server behaves: an answer of 32 MiB, and its tree

# Freed memory that a sanitizer sets aside would be counted as if it were in use.
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"


class Trap:
    """Another server, to which nothing may ever come."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.caught = self.socket.getsockname()[1], 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            self.caught += 1
            connection.close()


trap = Trap()


# --- A server that behaves, and may be told not to.


def bundle(resources, base, query, **links):
    link = [{"relation": "self", "url": f"{base}/{query}"}] + [{"relation": k, "url": v} for k, v in links.items()]
    return {"resourceType": "Bundle", "type": "searchset", "link": link,
            "entry": [{"fullUrl": f"{base}/{r['resourceType']}/{r['id']}", "resource": r} for r in resources]}


def stamped(resource):
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    return {**resource, "meta": {"versionId": "1", "lastUpdated": now}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def send(self, status, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        headers = {"Content_Type": "application/fhir+json", "Content_Length": str(len(data)), **headers}
        for name, value in headers.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        evil, server = self.server.evil, self.server
        server.asked += 1
        if evil and re.search(evil[0], self.path):
            server.hits += 1
            evil[1](self)
            return
        path = self.path.removeprefix("/fhir/")
        kind = re.match(r"[A-Za-z]*", path).group(0)
        if path == "metadata":
            self.send(200, lib.Target.metadata)
        elif kind == "Subscription" and "?" not in path:
            found = server.subscriptions.get(path.split("/")[1])
            self.send(200 if found else 404, found or {"resourceType": "OperationOutcome"})
        else:
            self.send(200, bundle([r for r in server.kept if r["resourceType"] == kind], server.base, path))

    def do_POST(self):
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked += 1
        if server.evil and re.search(server.evil[0], "POST " + self.path):
            server.hits += 1
            server.evil[1](self)
            return
        body["id"] = f"s{len(server.subscriptions) + 1}"
        body["status"] = "active"
        server.subscriptions[body["id"]] = body
        self.send(201, body, Location=f"{server.base}/Subscription/{body['id']}/_history/1")

    def do_PUT(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.subscriptions[body["id"]] = {**body, "status": "active"}
        self.send(200, body)


class Evil(lib.Server):
    def __init__(self, evil):
        super().__init__(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server_address[1]}/fhir"
        self.evil, self.asked, self.hits = evil, 0, 0
        self.subscriptions = {}
        self.kept = [stamped(lib.patient(1)), stamped(lib.cancer(1)), stamped(lib.weakness(1))]
        threading.Thread(target=self.serve_forever, daemon=True).start()


# --- Malice: which requests, what happens, for how many seconds.


def redirect(status):
    return lambda h: h.send(status, b"", Location=f"http://127.0.0.1:{trap.port}{h.path}")


def next_link(form):
    """form: of the server and the trap."""

    def answer(h):
        port = h.server.server_address[1]
        url = form.format(here=f"127.0.0.1:{port}", trap=f"127.0.0.1:{trap.port}", n=h.server.asked)
        h.send(200, bundle([stamped(lib.height(h.server.asked))], h.server.base, h.path.removeprefix("/fhir/"), next=url))

    return answer


def empty_pages(h):
    h.send(200, bundle([], h.server.base, "", next=f"{h.server.base}?_getpages={h.server.asked}"))


def endless_pages(h):
    """Each page with an entry that is new and concerns nothing."""
    h.send(200, bundle([stamped(lib.height(h.server.asked))], h.server.base, "",
                       next=f"{h.server.base}/Observation?page={h.server.asked}"))


def flood(length):
    """100 MB, announced or not."""

    def answer(h):
        h.send_response(200)
        h.send_header("Content-Type", "application/fhir+json")
        if length:
            h.send_header("Content-Length", str(100 * MEGABYTE))
        else:
            h.send_header("Transfer-Encoding", "chunked")
        h.end_headers()
        try:
            for _ in range(100):
                h.wfile.write((b"" if length else b"100000\r\n") + b" " * MEGABYTE + (b"" if length else b"\r\n"))
        except OSError:
            pass
        h.close_connection = True

    return answer


def bomb(h):
    """Small on the wire; 200 MB once it is unpacked."""
    h.send(200, BOMB, Content_Encoding="gzip")


BOMB = gzip.compress(b" " * (200 * MEGABYTE), 1)


def fat(item):
    """As long as an answer may be, and of as many parts as that may have."""
    text = b'{"resourceType":"Bundle","type":"searchset","entry":[' + b",".join([item] * (30 * MEGABYTE // (len(item) + 1)))
    return lambda h: h.send(200, text + b"]}")


def trickle(h):
    h.send_response(200)
    h.end_headers()
    try:
        while h.server.evil:
            h.wfile.write(b" ")
            time.sleep(0.5)
    except OSError:
        pass
    h.close_connection = True


def silent(h):
    while h.server.evil:
        time.sleep(0.1)
    h.close_connection = True


def raw(data):
    def answer(h):
        try:
            h.wfile.write(data)
        except OSError:
            pass
        h.close_connection = True

    return answer


def body(text, kind="application/fhir+json", status=200):
    return lambda h: h.send(status, text if isinstance(text, bytes) else text.encode(), Content_Type=kind)


def long_head(h):
    raw(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"x" * 8000 + b"\r\n" * 1)(h)
    raw((b"X-Filler: " + b"x" * 8000 + b"\r\n") * 2000)(h)


def lying_location(h):
    h.send(201, b"", Location=f"http://127.0.0.1:{trap.port}/fhir/Subscription/../../admin")


ANY, SEARCH = "^/fhir/", r"^/fhir/(Observation|Condition|Patient)[?]|_getpages|page="
MALICE = {
    "redirect 301 of everything": (ANY, redirect(301), 3),
    "redirect 307 of searches": (SEARCH, redirect(307), 3),
    "redirect 308 of a new Subscription": ("^POST ", redirect(308), 3),
    "next on another server": (SEARCH, next_link("http://{trap}/fhir/Observation?page={n}"), 3),
    "next with a user": (SEARCH, next_link("http://{here}@{trap}/fhir/Observation?page={n}"), 3),
    "next without a scheme": (SEARCH, next_link("//{trap}/fhir/Observation?page={n}"), 3),
    "next with a backslash": (SEARCH, next_link("http://{trap}\\@{here}/fhir/Observation?page={n}"), 3),
    "next outside of the base": (SEARCH, next_link("http://{here}/admin?page={n}"), 3),
    "next that climbs out": (SEARCH, next_link("http://{here}/fhir/../admin?page={n}"), 3),
    "next of another scheme": (SEARCH, next_link("file:///etc/passwd?{n}"), 3),
    "empty pages without an end": (SEARCH, empty_pages, 3),
    "100 MB, announced": (SEARCH, flood(True), 4),
    "100 MB, in chunks": (SEARCH, flood(False), 4),
    "200 MB, packed": (SEARCH, bomb, 4),
    "30 MB of empty entries": (SEARCH, fat(b"{}"), 6),
    "30 MB of empty arrays": (SEARCH, fat(b"[]"), 6),
    "garbage": (ANY, raw(bytes(range(256)) * 100), 3),
    "no answer at all": (ANY, raw(b""), 3),
    "a head without an end": (SEARCH, long_head, 3),
    "HTML": (ANY, body("<html><body>Please log in</body></html>", "text/html"), 3),
    "HTML with status 500": (SEARCH, body("<html>oops</html>", "text/html", 500), 3),
    "no resource": (SEARCH, body("[1,2,3]"), 3),
    "half a Bundle": (SEARCH, body('{"resourceType":"Bundle","entry":[{"resource":{'), 3),
    "JSON nested deep": (SEARCH, body("[" * MEGABYTE), 3),
    "a Location elsewhere": ("^POST ", lying_location, 3),
    "silence": (SEARCH, silent, 33),
    "a byte now and then": (SEARCH, trickle, 33),
    "pages without an end": (SEARCH, endless_pages, 20),
}
FEW = ["redirect 301 of everything", "next on another server", "next with a user", "100 MB, in chunks", "200 MB, packed",
       "30 MB of empty entries", "garbage", "HTML", "JSON nested deep", "a Location elsewhere"]
# Nothing is wrong with these but their length.
NEED_NOT_SAY = {"pages without an end", "30 MB of empty entries", "30 MB of empty arrays"}


# --- A trial.


class Daemon(lib.Daemon):
    def __init__(self, folder, server, target):
        super().__init__(folder, target)
        with open(self.configuration, "w") as f:
            f.write(f"[server]\nstate_dir = state\nlisten = 127.0.0.1:{self.port}\nadmin = 127.0.0.1:{self.admin}\n"
                    f"[feed evil]\nbase = {server.base}\npoll_interval = 1s\ntypes = Patient Condition Observation\n"
                    f"[target ehr]\nbase = {target.base}\n")

    def peak(self):
        """Most memory that it ever had, bytes."""
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(r"VmHWM:\s+(\d+) kB", f.read()).group(1)) * 1024

    def written(self):
        with open(os.path.join(self.folder, "log")) as f:
            return f.read()


def trial(name, malice, baseline):
    """The faults, and the peak of memory."""
    folder, target = tempfile.mkdtemp(prefix="hostile."), lib.Target()
    server = Evil(malice and malice[:2])
    daemon = Daemon(folder, server, target)
    faults, peak = [], 0
    try:
        daemon.start()
        if malice:
            time.sleep(malice[2])
            if server.hits == 0:
                faults.append("it never came to that")
            if daemon.alive() and name not in NEED_NOT_SAY and not says_so(daemon):
                faults.append("it does not say what is wrong")
        server.evil = None
        faults += lib.judge(target, {1: ["active"]}, 90)
        if daemon.alive():
            peak = daemon.peak()
        else:
            faults.append("the daemon has ended: " + daemon.written()[-400:])
        if baseline and peak > baseline + MOST:
            faults.append(f"it took {(peak - baseline) / MEGABYTE:.0f} MiB")
        return faults, peak
    finally:
        daemon.kill()
        server.shutdown()
        server.server_close()
        target.close()
        shutil.rmtree(folder)


def says_so(daemon):
    """In the words of /readyz for its feed."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{daemon.admin}/readyz", timeout=5) as answer:
            checks = json.loads(answer.read())["checks"]
    except (OSError, ValueError):
        return False
    return any(c.get("output") for name, found in checks.items() if name.startswith("feed") for c in found)


def main():
    good = bad = 0
    faults, baseline = trial("nothing", None, 0)
    names = list(MALICE) if SOAK else FEW
    outcomes = [("a server that behaves", faults, baseline)]
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        found = pool.map(lambda n: trial(n, MALICE[n], baseline), names)
        outcomes += [(n, *f) for n, f in zip(names, found)]
    for name, faults, peak in outcomes:
        print(f"{'FAIL' if faults else 'ok  '} {name}: {peak / MEGABYTE:.0f} MiB")
        for fault in faults:
            print(f"     {fault}")
        good, bad = good + (not faults), bad + bool(faults)
    if trap.caught:
        print(f"FAIL {trap.caught} connections to another server")
    print(f"{good + (not trap.caught)} passed, {bad + bool(trap.caught)} failed")
    return bad > 0 or trap.caught > 0


sys.exit(main())
