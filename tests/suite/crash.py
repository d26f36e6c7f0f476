#!/usr/bin/env python3
"""Whatever is killed, nothing acknowledged is lost and no request is made twice.

- sweep: SIGKILL at the entry of the nth call of each system call that touches the disk or the network, in every
  scenario (strace counts the calls of one name in one thread, so names and numbers are gone through one by one);
- chaos: kill -9 at random moments under load;
- planted: the judge catches daemons that acknowledge before the commit, forget an errand before its receipt, or
  know no alert again.

make check tries a part; CORDWATCH_SOAK=1 (make soak) all of it.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import crash_lib as lib

SOAK = bool(os.environ.get("CORDWATCH_SOAK"))
REQUIRED = bool(os.environ.get("CORDWATCH_REQUIRE"))
PLANTED = os.environ.get("CORDWATCH_PLANTED", "tests/suite/planted")

good = bad = 0
begun = time.monotonic()


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


# --- Scenarios: what is sent, to whom a request is due, and through which statuses it goes.


def plain(n):
    return [lib.patient(n), lib.cancer(n), lib.weakness(n)], ["active"]


def repeated(n):
    return [lib.patient(n), lib.cancer(n), lib.weakness(n), lib.weakness(n), lib.weakness(n, which="more")], ["active"]


def bundled(n):
    entries = [{"resource": r} for r in (lib.patient(n), lib.cancer(n), lib.weakness(n))]
    return [{"resourceType": "Bundle", "type": "collection", "entry": entries}], ["active"]


def harmless(n):
    return [lib.patient(n), lib.height(n), lib.cancer(n)], None


def late(n):
    return [lib.patient(n), lib.weakness(n), lib.height(n), lib.cancer(n)], ["active"]


def withdrawn(n):
    return [lib.patient(n), lib.cancer(n), lib.weakness(n), None, lib.weakness(n, 2, "entered-in-error")], [
        "active",
        "revoked",
    ]


SCENARIOS = [plain, repeated, bundled, harmless, late, withdrawn]
CALLS = ["pwrite64", "fdatasync", "fsync", "ftruncate", "writev", "write", "sendto", "sendmsg", "connect", "accept4",
         "openat", "unlink", "close", "epoll_wait", "futex"]


class Trial:
    def __init__(self, program=None):
        self.folder = tempfile.mkdtemp(prefix="crash.")
        self.target = lib.Target()
        self.daemon = lib.Daemon(os.path.join(self.folder, "d"), self.target, program)
        self.sender = lib.Sender(self.daemon)
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
        faults = lib.judge(self.target, expected, limit)
        stop.set()
        keeper.join()
        return faults

    def close(self):
        if self.daemon.process is not None:
            self.daemon.kill()
        self.target.close()
        shutil.rmtree(self.folder)


# --- The sweep.


def sweep_point(scenario, call, index):
    """Kill at that call. True: it was reached."""
    trial = Trial()
    wrap = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
            f"inject={call}:signal=SIGKILL:when={index}"]
    try:
        if not trial.daemon.start(wrap=wrap):
            trial.revive()
        expected = trial.play(scenario, 1)
        faults = trial.watch(expected)
        say(not faults, f"sweep {scenario.__name__} {call} {index}", faults)
        return trial.revived > 0
    finally:
        trial.close()


def sweep(points):
    """points: None for all, or how many to try, spread over scenarios and calls."""
    if shutil.which("strace") is None:
        say(not REQUIRED, "strace is not here")
        return 0
    tried = 0
    rng = random.Random(20251116)
    if points is not None:
        for _ in range(points):
            sweep_point(rng.choice(SCENARIOS), rng.choice(CALLS[:8]), rng.randrange(1, 14))
            tried += 1
        return tried
    for scenario in SCENARIOS:
        for call in CALLS:
            index, missed = 1, 0
            while missed < 2 and index <= 400:
                missed = 0 if sweep_point(scenario, call, index) else missed + 1
                tried += 1
                index += 1 if index < 60 else 7
    return tried


# --- Chaos.


def chaos(cycles, rate, program=None, seconds=0.25, tell=True):
    """Kill -9 at random under load; the faults."""
    trial = Trial(program)
    rng = random.Random(cycles)
    expected, numbers, lock, stop = {}, iter(range(1, 10**9)), threading.Lock(), threading.Event()

    def load(seed):
        mine = random.Random(seed)
        sender = lib.Sender(trial.daemon)
        while not stop.is_set():
            with lock:
                n = next(numbers)
            resources, statuses = mine.choice(SCENARIOS[:5])(n)
            for r in resources:
                if not sender.surely(r, limit=120):
                    return
                time.sleep(mine.random() * 2 * workers / rate)
            if statuses:
                with lock:
                    expected[n] = statuses

    workers = 8
    threads = [threading.Thread(target=load, args=(i,), daemon=True) for i in range(workers)]
    try:
        trial.daemon.start()
        for t in threads:
            t.start()
        for _ in range(cycles):
            time.sleep(rng.random() * 2 * seconds)
            if rng.random() < 0.2:
                trial.target.busy_until = time.monotonic() + 0.1
            trial.revive()
        stop.set()
        for t in threads:
            t.join(150)
        faults = trial.watch(expected, limit=60 if tell else 4)
        if tell:
            say(not faults, f"chaos: {cycles} kills", faults[:20])
            print(f"chaos: {cycles} kills, {len(expected)} requests due, {trial.revived} starts")
        return faults
    finally:
        stop.set()
        trial.close()


# --- Planted faults: a judge that catches nothing proves nothing.


def planted():
    for fault, name in (
        ("acknowledged before the commit", "ack"),
        ("errands forgotten before their receipt", "forget"),
        ("no alert known again", "dedup"),
    ):
        program = f"{PLANTED}_{name}"
        if not os.path.exists(program):
            say(False, f"planted {fault}: {program} is not there")
            continue
        caught = False
        for attempt in range(6):
            if chaos(6 + 6 * attempt, 150, program, seconds=0.3, tell=False):
                caught = True
                break
        say(caught, f"planted {fault}: the judge did not catch it")


def shipped():
    """The program that is installed holds nothing of this."""
    symbols = subprocess.run(["nm", lib.PROGRAM], capture_output=True, text=True).stdout
    say("T main" in symbols and "__wrap_" not in symbols, "the program holds a planted fault, or cannot be read")


def main():
    shipped()
    points = sweep(None if SOAK else 10)
    print(f"sweep: {points} points in {time.monotonic() - begun:.0f} s")
    chaos(200 if SOAK else 6, 200)
    planted()
    print(f"{good} passed, {bad} failed")
    return bad > 0


sys.exit(main())
