"""What the suites of the listener share: the server (listen_server.c), connections, the count of cases."""
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.environ.get("top_srcdir", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD = os.environ.get("top_builddir", ".")
HOST = b"Host: localhost\r\n"
CLOSE = b"Connection: close\r\n\r\n"
counts = {True: 0, False: 0}
lock = threading.Lock()


def case(title, good, told=""):
    with lock:
        counts[bool(good)] += 1
        if not good:
            print(f"{title}: {told}")


def together(*steps):
    """Run functions side by side: most of them wait for a deadline."""
    def run(step):
        try:
            step()
        except Exception as e:  # whatever it is, it is one that failed
            case(getattr(step, "__name__", "a step"), False, f"{type(e).__name__}: {e}")

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def finish():
    print(f"{counts[True]} passed, {counts[False]} failed")
    return counts[False] > 0


def certificates():
    """A folder with the test certificates."""
    folder = tempfile.TemporaryDirectory()
    subprocess.run([os.path.join(TOP, "certs", "make-test-certs.sh"), folder.name], check=True)
    return folder


def client(ca=None, cert=None):
    """A client's context; cert: path without .pem."""
    context = ssl.create_default_context(cafile=ca)
    if cert:
        context.load_cert_chain(cert + ".pem", cert + ".key")
    return context


class Server:
    """listen_server with options; told: what it said at its end."""

    def __init__(self, **options):
        program = os.path.join(BUILD, "tests", "suite", "listen_server")
        self.process = subprocess.Popen([program] + [f"{k}={v}" for k, v in options.items()],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        host, port = self.process.stdout.readline().strip().rsplit(":", 1)
        self.address = host, int(port)
        self.told = {}

    def __enter__(self):
        return self

    def __exit__(self, *what):
        out, _ = self.process.communicate("", timeout=20)
        for word in out.split():
            key, value = word.split("=")
            self.told[key] = int(value)
        case("the server ends well", self.process.returncode == 0, f"exit {self.process.returncode}")

    def cpu(self):
        """Seconds of CPU so far."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Daemon:
    """cordwatch run, with a feed that only pushes; server: more lines of [server]."""

    def __init__(self, server=""):
        self.folder = tempfile.TemporaryDirectory()
        state, conf = os.path.join(self.folder.name, "state"), os.path.join(self.folder.name, "cordwatch.conf")
        with open(conf, "w", encoding="utf-8") as f:
            f.write(f"[server]\nstate_dir = {state}\nlisten = 127.0.0.1:0\nadmin = {self.folder.name}/admin\n{server}"
                    "[feed probes]\n[target nowhere]\nbase = http://127.0.0.1:9/fhir\n")
        self.process = subprocess.Popen([os.path.abspath(os.environ.get("CORDWATCH", "./cordwatch")), "run", "--config", conf],
                                        stderr=subprocess.PIPE, text=True)
        self.address = None
        for line in self.process.stderr:
            if "listening" in line:
                self.address = "127.0.0.1", int(line.rsplit(":", 1)[1])
                break

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.process.terminate()
        _, told = self.process.communicate(timeout=20)
        case("the daemon ends well", self.process.returncode == 0, f"exit {self.process.returncode}: {told}")
        self.folder.cleanup()


def dial(address, context=None, timeout=5):
    s = socket.create_connection(address, timeout=timeout)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(s, server_hostname="localhost") if context else s


def drain(s, limit=1 << 30):
    """All up to the end of the connection, and whether it came within the socket's timeout."""
    got = b""
    try:
        while len(got) < limit:
            more = s.recv(65536)
            if not more:
                return got, True
            got += more
    except TimeoutError:
        return got, False
    except OSError:
        return got, True
    return got, False


def statuses(got):
    """The status of each answer, taken apart by Content-Length; -1 for what is none."""
    out = []
    while got:
        head, end, rest = got.partition(b"\r\n\r\n")
        if not end or not head.startswith(b"HTTP/1."):
            return out + [-1]
        status = int(head.split()[1])
        length = len(rest) if head.startswith(b"HTTP/1.0") else 0
        for line in head.split(b"\r\n")[1:]:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        got = rest[length:]
        if status != 100:
            out.append(status)
    return out


def ask(address, raw, context=None, piece=0, timeout=5):
    """Send, in pieces if asked, and read to the end: statuses, whether the connection ended."""
    with dial(address, context, timeout) as s:
        try:
            for i in range(0, len(raw), piece or len(raw)):
                s.sendall(raw[i:i + (piece or len(raw))])
        except OSError:
            pass  # it was refused before the end
        got, ended = drain(s)
        return statuses(got), ended


def honest(address, context=None, timeout=5):
    """Seconds until an honest client is served, or None."""
    begun = time.monotonic()
    try:
        answers, _ = ask(address, b"GET /honest HTTP/1.1\r\n" + HOST + CLOSE, context, timeout=timeout)
    except OSError:
        return None
    return time.monotonic() - begun if answers == [200] else None


if __name__ == "__main__":
    sys.exit("this is a part of probes.py and crowd.py")
