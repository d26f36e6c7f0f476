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


CALLS = ["pwrite64", "fdatasync", "fsync", "ftruncate", "writev", "write", "sendto", "sendmsg", "connect", "accept4",
         "openat", "unlink", "close", "epoll_wait", "futex"]


# --- The sweep.


def sweep_point(scenario, call, index):
    """Kill at that call. True: it was reached."""
    trial = lib.Trial()
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
            sweep_point(rng.choice(lib.SCENARIOS), rng.choice(CALLS[:8]), rng.randrange(1, 14))
            tried += 1
        return tried
    for scenario in lib.SCENARIOS:
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
    trial = lib.Trial(program)
    rng = random.Random(cycles)
    expected, numbers, lock, stop = {}, iter(range(1, 10**9)), threading.Lock(), threading.Event()

    def load(seed):
        mine = random.Random(seed)
        sender = lib.Sender(trial.daemon)
        while not stop.is_set():
            with lock:
                n = next(numbers)
            resources, statuses = mine.choice(lib.SCENARIOS[:5])(n)
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
