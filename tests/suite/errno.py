#!/usr/bin/env python3
"""System calls that fail, and a disk without room: nothing acknowledged is lost, no request is made twice.

- errors: each of ten errors at an early or a later call of each of nineteen system calls, while the daemon starts or while it
  works (strace counts in each thread by itself). It may go on or end with a fault; it is then started again.
- full: a disk that is full at a random moment, and has room again, several times over. The daemon stays, takes
  nothing, says so, and goes on by itself.

make check tries a part; CORDWATCH_SOAK=1 (make soak) all of it.
"""

import glob
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import crash_lib as lib

SOAK = bool(os.environ.get("CORDWATCH_SOAK"))
REQUIRED = bool(os.environ.get("CORDWATCH_REQUIRE"))

ERRORS = ["EIO", "ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "ENOMEM", "EINTR", "EAGAIN", "EPIPE", "ECONNRESET"]
# What the daemon calls while it starts, and while it works; with the numbers of the calls that fail, one for each
# error in turn.
AT_START = {"openat": (40, 60), "mmap": (60, 90), "unlink": (1, 2), "getrandom": (1, 3), "socket": (1, 3), "read": (20, 40),
            "ftruncate": (1,), "pwrite64": (1, 5), "fdatasync": (1, 3), "epoll_ctl": (1, 6)}
AT_WORK = {"openat": (1, 3), "read": (1, 4), "pread64": (1, 3), "write": (1, 5), "pwrite64": (1, 4, 20),
           "fdatasync": (1, 2, 4), "ftruncate": (1,), "unlink": (1,), "socket": (1, 2), "accept4": (1, 2), "connect": (1, 2),
           "sendto": (1, 2), "recvfrom": (1, 3), "readv": (1, 2), "writev": (1, 2), "sendmsg": (1, 2),
           "epoll_ctl": (1, 4, 9), "getrandom": (1,), "mmap": (1, 2)}

good = bad = skipped = 0


def say(ok, title, faults=()):
    global good, bad
    if ok:
        good += 1
        return
    bad += 1
    print(f"{title}:")
    for fault in faults:
        print(f"    {fault}")
    sys.stdout.flush()


# --- Errors.


def tracing(call, error, index, out):
    return ["strace", "-f", "-qq", "-o", out, "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={index}"]


def attach(process, command):
    """Trace a daemon that runs already, with all its threads."""
    tracer = subprocess.Popen(command + ["-p", str(process.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and tracer.poll() is None:
        status = []
        for path in glob.glob(f"/proc/{process.pid}/task/*/status"):
            with open(path) as f:
                status.append("TracerPid:\t0\n" not in f.read())
        if all(status):
            break
        time.sleep(0.01)
    return tracer


def cell(call, error, index, starting):
    """Did it come to that? And is all well?"""
    trial = lib.Trial()
    out = os.path.join(trial.folder, "trace")
    command = tracing(call, error, index, out)
    tracer = None
    scenario = lib.SCENARIOS[(index + len(error)) % len(lib.SCENARIOS)]
    try:
        if not trial.daemon.start(wrap=command if starting else []):
            trial.revive()
        if not starting:
            tracer = attach(trial.daemon.process, command)
        expected = trial.play(scenario, 1)
        faults = trial.watch(expected)
        with open(out) as f:
            reached = "(INJECTED)" in f.read()
        when = "while it starts" if starting else "while it works"
        say(not faults, f"{call} {index} fails with {error} {when}, {scenario.__name__}", faults)
        return reached, trial.revived > 0
    except RuntimeError as e:
        say(False, f"{call} {index} fails with {error}", [str(e)])
        return True, True
    finally:
        trial.close()
        if tracer is not None:
            tracer.wait(10)


# Those of make check, each of which has found a fault once, or would.
FEW = [("accept4", "EMFILE", 1, False), ("pwrite64", "EDQUOT", 1, False), ("fdatasync", "EIO", 1, False)]


def errors():
    global skipped
    if shutil.which("strace") is None:
        print("strace is not here")
        skipped += 1
        return
    cells = FEW
    if SOAK:
        cells = [(call, error, calls[call][i % len(calls[call])], calls is AT_START)
                 for calls in (AT_WORK, AT_START) for call in calls for i, error in enumerate(ERRORS)]
    reached = ended = 0
    for c in cells:
        came, died = cell(*c)
        reached += came
        ended += came and died
    say(reached >= (60 if SOAK else len(FEW)), f"only {reached} of {len(cells)} cells were reached")
    print(f"errors: {len(cells)} cells, {reached} reached; the daemon ended in {ended} of them and went on in the others")


# --- A full disk.


class Disk:
    """A small filesystem of its own, filled up by a file beside the database."""

    name = "a filesystem without room"

    def __init__(self, megabytes):
        self.folder = tempfile.mkdtemp(prefix="disk.")
        self.mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "cordwatch-test", self.folder],
                                      stderr=subprocess.DEVNULL).returncode == 0
        self.state = os.path.join(self.folder, "d")
        self.ballast = os.path.join(self.folder, "ballast")

    def fill(self, daemon, spare):
        with open(self.ballast, "wb", buffering=0) as f:
            room = os.statvfs(self.folder)
            left = room.f_bavail * room.f_frsize - spare
            try:
                while left > 0:
                    left -= f.write(b"\0" * min(left, 65536))
            except OSError:
                pass

    def free(self, daemon):
        os.unlink(self.ballast)

    def close(self):
        if self.mounted:
            subprocess.run(["umount", self.folder], check=True)
        shutil.rmtree(self.folder)


class Limit:
    """Where none can be mounted: a limit on how long a file may become."""

    name = "a limit on the size of files"

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="disk.")
        self.state = os.path.join(self.folder, "d")

    def fill(self, daemon, spare):
        longest = max(os.path.getsize(p) for p in glob.glob(os.path.join(self.state, "*")))
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (longest + spare, resource.RLIM_INFINITY))

    def free(self, daemon):
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def close(self):
        shutil.rmtree(self.folder)


def ready(daemon):
    """(is it?, what it says)"""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{daemon.admin}/readyz", timeout=5) as answer:
            return True, answer.read().decode()
    except urllib.error.HTTPError as e:
        return False, e.read().decode()
    except OSError as e:
        return False, str(e)


def until(condition, limit=30):
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


class Load:
    """Senders that send patient after patient, each resource until it is acknowledged."""

    def __init__(self, daemon, workers=3):
        self.daemon, self.stop, self.lock = daemon, threading.Event(), threading.Lock()
        self.numbers, self.expected, self.refused = iter(range(1, 10**9)), {}, 0
        self.threads = [threading.Thread(target=self.send, args=(i,), daemon=True) for i in range(workers)]
        for t in self.threads:
            t.start()

    def send(self, seed):
        mine, sender = random.Random(seed), lib.Sender(self.daemon)
        while not self.stop.is_set():
            with self.lock:
                n = next(self.numbers)
            resources, statuses = mine.choice(lib.SCENARIOS[:5])(n)
            for r in resources:
                while not sender.once({**r, "text": {"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/"
                                                     "xhtml'>" + "x" * 3000 + "</div>"}} if "entry" not in r else r):
                    self.refused += 1
                    time.sleep(0.02)
            if statuses:
                with self.lock:
                    self.expected[n] = statuses

    def end(self):
        self.stop.set()
        for t in self.threads:
            t.join(60)


def full(disk, rounds):
    trial = lib.Trial(state=disk.state)
    rng, faults = random.Random(rounds), []
    try:
        trial.daemon.start()
        load = Load(trial.daemon)
        for turn in range(rounds):
            time.sleep(0.3 + rng.random() * 0.5)
            disk.fill(trial.daemon, rng.choice((0, 4096, 40000, 200000)))
            if not until(lambda: not ready(trial.daemon)[0]):
                faults.append(f"round {turn}: it does not say that it is not ready")
            elif "the disk is full" not in ready(trial.daemon)[1]:
                faults.append(f"round {turn}: /readyz says {ready(trial.daemon)[1]}")
            before = load.refused
            if not until(lambda: load.refused > before + 3):
                faults.append(f"round {turn}: senders are not refused")
            if turn == rounds - 1:  # killed without room, started with it
                trial.daemon.kill()
                if isinstance(disk, Disk):
                    disk.free(trial.daemon)
                trial.daemon.start()
            else:
                disk.free(trial.daemon)
            if not until(lambda: ready(trial.daemon)[0]):
                faults.append(f"round {turn}: it does not go on: {ready(trial.daemon)[1]}")
            if trial.daemon.process.poll() is not None:
                faults.append(f"round {turn}: it ended")
                trial.revive()
        load.end()
        faults += lib.judge(trial.target, load.expected, 60)[:20]
        until(lambda: trial.daemon.metric("cordwatch_feed_events_total") ==
              trial.daemon.metric("cordwatch_feed_acknowledged_total"), 5)
        counts = [trial.daemon.metric(f"cordwatch_feed_{x}_total") for x in ("acknowledged", "events")]
        if counts[0] > counts[1]:
            faults.append(f"{counts[0]} acknowledged, {counts[1]} became something")
        with open(os.path.join(trial.daemon.folder, "log")) as f:
            log = f.read()
        for words in ("the disk is full", "there is room on the disk again"):
            if words not in log:
                faults.append(f"the log does not say: {words}")
        say(not faults, f"{disk.name}, {rounds} times", faults)
        print(f"full: {disk.name}, {rounds} times; {load.refused} refusals, {len(load.expected)} requests due")
    finally:
        trial.close()
        disk.close()


def main():
    errors()
    disk = Disk(24)
    if disk.mounted:
        full(disk, 20 if SOAK else 2)
    else:
        disk.close()
    if SOAK or not disk.mounted:
        full(Limit(), 20 if SOAK else 2)
    print(f"{good} passed, {bad} failed, {skipped} skipped")
    return bad > 0


sys.exit(main())
