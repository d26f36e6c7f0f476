#!/usr/bin/env python3
"""Those who take a listener's connections and keep them: slow, idle, many, unauthorised; and the honest one among them."""
import functools
import resource
import socket
import ssl
import sys
import time
import warnings

sys.dont_write_bytecode = True  # the tree is not for writing
from listen_case import (CLOSE, HOST, Server, ask, case, certificates, client, dial, drain, finish, honest, statuses,
                         together)

GET = b"GET / HTTP/1.1\r\n" + HOST + CLOSE
KEPT = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"
SHORT = {"head_deadline": 700, "deadline": 1300, "idle": 2000}
SLACK = 1.5  # s, for a busy machine


def trickle(s, raw, begun):
    """Send a byte each 100 ms until the connection ends or it is all out; seconds until the end."""
    s.settimeout(0.1)
    for i in range(len(raw)):
        try:
            s.sendall(raw[i:i + 1])
            if s.recv(100) == b"":
                return time.monotonic() - begun
        except TimeoutError:
            continue
        except OSError:
            return time.monotonic() - begun
    return None


def cut_at(title, took, deadline):
    case(f"{title}: cut at its deadline", took is not None and deadline - 0.1 <= took <= deadline + SLACK,
         f"after {took} s, not {deadline}")


def answered(s):
    """Read one whole answer: does it say 200?"""
    got = b""
    while not got.endswith(b"uid=-1\n"):
        more = s.recv(65536)
        if not more:
            return False
        got += more
    return statuses(got) == [200]


def slow_head(where, address, context):
    begun = time.monotonic()
    with dial(address, context) as s:
        cut_at(f"{where}: a slow head", trickle(s, b"GET /" + b"x" * 100, begun), 0.7)


def slow_body(where, address, context):
    begun = time.monotonic()
    with dial(address, context) as s:
        s.sendall(b"PUT / HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\n")
        cut_at(f"{where}: a slow body", trickle(s, b"x" * 99, begun), 1.3)


def silent(where, address, context):
    begun = time.monotonic()
    with dial(address, context) as s:
        drain(s)
        cut_at(f"{where}: silence", time.monotonic() - begun, 0.7)


def idle(where, address, context):
    with dial(address, context) as s:
        s.sendall(KEPT)
        answered(s)
        time.sleep(0.7)
        begun = time.monotonic()
        s.sendall(KEPT)  # in time: the next pause counts anew
        case(f"{where}: a second request", answered(s))
        drain(s)
        cut_at(f"{where}: an idle connection", time.monotonic() - begun, 2.0)


def slow_handshake(where, address, context):
    begun = time.monotonic()
    with dial(address) as s:
        hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" if context else b""
        cut_at(f"{where}: a slow handshake", trickle(s, hello + b"x" * 100, begun), 0.7)


def never_reads(where, address, context):
    """It asks for much and does not take it."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.settimeout(10)
    s.connect(address)
    if context:
        s = context.wrap_socket(s, server_hostname="localhost")
    n = 12 << 20
    s.sendall(b"PUT / HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % n)
    s.sendall(b"x" * n)
    time.sleep(1.3 + SLACK)
    got, ended = drain(s)
    s.close()
    case(f"{where}: an answer that nobody takes is given up", ended and len(got) < n, f"{len(got)} bytes, {ended}")


def deadlines(where, context, **files):
    with Server(largest=16 << 20, **SHORT, **files) as server:
        together(*[functools.partial(step, where, server.address, context)
                   for step in (slow_head, slow_body, silent, idle, slow_handshake, never_reads)])
        case(f"{where}: an honest client is served", honest(server.address, context) is not None)
    case(f"{where}: no connection is left", server.told["open"] == 0, server.told)


def crowd():
    """2,000 idle connections, as many as may be."""
    with Server(connections=2500, head_deadline=60000) as server:
        idle = [dial(server.address) for _ in range(2000)]
        took = honest(server.address)
        case("among 2,000 idle connections: served at once", took is not None and took < 1, f"{took} s")
        case("none of them was cut", all(s.fileno() >= 0 for s in idle))
        for s in idle:
            s.close()
    case("all were open at once, and none is left", server.told["open"] == 0, server.told)


def queue():
    """2,000 idle connections, far more than may be."""
    with Server(connections=600, head_deadline=400) as server:
        idle = [dial(server.address) for _ in range(2000)]
        took = honest(server.address)
        case("behind 2,000 idle connections, 600 at a time: served in turn", took is not None and took < 6, f"{took} s")
        for s in idle:
            s.close()


def no_descriptors():
    """No descriptor left: no busy loop, and service as soon as one is free."""
    with Server(connections=500, head_deadline=1500, files=700, spare=20) as server:
        idle = [dial(server.address) for _ in range(100)]
        time.sleep(0.2)
        before = server.cpu()
        time.sleep(0.8)
        used = server.cpu() - before
        case("without descriptors it rests", used < 0.2, f"{used} s of CPU in 0.8 s")
        took = honest(server.address, timeout=9)
        case("and serves when there are some", took is not None, "never")
        for s in idle:
            s.close()


def few_descriptors():
    """Fewer descriptors than connections are allowed."""
    with Server(connections=5000, head_deadline=700, files=300) as server:
        idle = [dial(server.address) for _ in range(400)]
        case("the limit of connections fits the descriptors", honest(server.address, timeout=9) is not None)
        for s in idle:
            s.close()


def handshake(server, context):
    """The first answer, or what went wrong."""
    try:
        return ask(server.address, GET, context)[0]
    except (ssl.SSLError, ConnectionError) as e:
        return type(e).__name__


def identities(folder):
    files = {"tls_cert": f"{folder}/server.pem", "tls_key": f"{folder}/server.key", "client_ca": f"{folder}/ca.pem"}
    ca = f"{folder}/ca.pem"
    with Server(**files) as server:
        for name in [None, "other-client", "expired-client", "server-only"]:
            got = handshake(server, client(ca, name and f"{folder}/{name}"))
            case(f"a client with {name or 'no certificate'} is refused", got != [200], got)
        got = handshake(server, client(ca, f"{folder}/client"))
        case("a client of the authority is served", got == [200], got)
    case("nobody else came to the handler", server.told["handled"] == 1, server.told)


def versions(folder):
    with Server(tls_cert=f"{folder}/server.pem", tls_key=f"{folder}/server.key") as server:
        for version, ciphers, right in [
                (ssl.TLSVersion.TLSv1_3, None, True), (ssl.TLSVersion.TLSv1_2, "ECDHE+AESGCM", True),
                (ssl.TLSVersion.TLSv1_2, "ECDHE+AES:!AESGCM:!AESCCM", False), (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0", False)]:
            context = client(f"{folder}/ca.pem")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = version
            if ciphers:
                context.set_ciphers(ciphers)
            got = handshake(server, context)
            case(f"{version.name} {ciphers or ''}: {'served' if right else 'refused'}", (got == [200]) == right, got)
        for version in [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
            context = client(f"{folder}/ca.pem")
            context.maximum_version = version
            with dial(server.address, context) as s:
                s.sendall(GET)
                drain(s)
                session = s.session
                ticket = session is not None and session.has_ticket
            case(f"{version.name}: no ticket to resume by", not ticket)
            with socket.create_connection(server.address) as raw:
                with context.wrap_socket(raw, server_hostname="localhost", session=session) as s:
                    case(f"{version.name}: a session is not resumed", not s.session_reused)
        with dial(server.address) as s:
            s.sendall(GET)
            got, ended = drain(s)
            case("in clear nothing is served", ended and b"HTTP" not in got, got)


def main():
    warnings.simplefilter("ignore", DeprecationWarning)  # old versions of TLS are asked for on purpose
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
                                                resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with certificates() as folder:
        together(crowd, queue, no_descriptors, few_descriptors,
                 lambda: deadlines("plain", None),
                 lambda: deadlines("TLS", client(f"{folder}/ca.pem"),
                                   tls_cert=f"{folder}/server.pem", tls_key=f"{folder}/server.key"),
                 lambda: identities(folder), lambda: versions(folder))
    return finish()


if __name__ == "__main__":
    sys.exit(main())
