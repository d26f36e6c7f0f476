#!/usr/bin/env python3
"""Raw HTTP requests that two servers could read differently, and what must become of each.

usage: probes.py [--address HOST:PORT [--ca FILE [--cert PREFIX]] [--path PATH] [--secret NAME] [--header LINE]...]

Without an address a server of its own and the daemon itself are started, plain and with TLS. PATH and the headers
are those of a request that the server at the address takes, NAME the header of its secret."""
import argparse
import sys

sys.dont_write_bytecode = True  # the tree is not for writing
from listen_case import CLOSE, HOST, Daemon, Server, ask, case, certificates, client, finish, together

SMUGGLED = b"GET /smuggled HTTP/1.1\r\n" + HOST + CLOSE
LONG = b"x" * 20000


def good(path, more):
    """(title, bytes, number of answers): served, each like a plain request."""
    put = b"PUT " + path + b" HTTP/1.1\r\n" + HOST + more
    get = b"GET " + path + b" HTTP/1.1\r\n" + HOST + more
    return [
        ("GET", get + CLOSE, 1),
        ("PUT with a body", put + b"Content-Length: 5\r\n" + CLOSE + b"hello", 1),
        ("PUT without length or body", put + CLOSE, 1),
        ("PUT without length, keep-alive",
         put + b"Connection: keep-alive\r\n\r\n" + put + CLOSE, 2),
        ("an empty POST", put.replace(b"PUT", b"POST", 1) + b"Content-Length: 0\r\n" + CLOSE, 1),
        ("DELETE", get.replace(b"GET", b"DELETE", 1) + CLOSE, 1),
        ("a body that looks like a request",
         put + b"Content-Length: %d\r\n" % len(SMUGGLED) + CLOSE + SMUGGLED, 1),
        ("four in one piece", (put + b"Content-Length: 5\r\n\r\nhello") * 2 + get + b"\r\n" + get + CLOSE, 4),
        ("five large ones in one piece", (put + b"Content-Length: 60000\r\n\r\n" + LONG * 3) * 5 + get + CLOSE, 6),
        ("HTTP/1.0", get.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n", 1),
        ("100-continue", put + b"Expect: 100-continue\r\nContent-Length: 5\r\n" + CLOSE + b"hello", 1),
        ("blanks around a value", put + b"Content-Length: \t 5 \t\r\n" + CLOSE + b"hello", 1),
        ("names in any case", put + b"cOnTeNt-LeNgTh: 5\r\n" + CLOSE + b"hello", 1),
        ("a head of 15 kB", get + b"X-Long: " + LONG[:15000] + b"\r\n" + CLOSE, 1),
    ]


def bad(secret):
    """(title, bytes, statuses that are right): refused once, the rest not looked at, the connection ended."""
    put = b"PUT /x HTTP/1.1\r\n" + HOST
    get = b"GET /x HTTP/1.1\r\n" + HOST
    chunk = b"5\r\nhello\r\n0\r\n"
    te = b"Transfer-Encoding: chunked\r\n"
    return [
        ("Content-Length and chunked", put + b"Content-Length: 6\r\n" + te + b"\r\n0\r\n\r\nG" + SMUGGLED, [400]),
        ("chunked and Content-Length", put + te + b"Content-Length: 6\r\n\r\n0\r\n\r\nG" + SMUGGLED, [400]),
        ("gzip, chunked and Content-Length", put + b"Transfer-Encoding: gzip, chunked\r\nContent-Length: 5\r\n\r\n"
         b"hello" + SMUGGLED, [400]),
        ("chunked", put + te + b"\r\n" + chunk + b"\r\n" + SMUGGLED, [411]),
        ("gzip, chunked", put + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunk + b"\r\n", [411]),
        ("identity", put + b"Transfer-Encoding: identity\r\n\r\n" + SMUGGLED, [411]),
        ("xchunked", put + b"Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED, [411]),
        ("chunked twice", put + te + te + b"\r\n" + chunk + b"\r\n", [400]),
        ("chunked in HTTP/1.0", b"PUT /x HTTP/1.0\r\n" + te + b"\r\n" + chunk + b"\r\n", [400]),
        ("a trailer with the secret", put + te + b"\r\n" + chunk + b"X-Secret: s\r\n\r\n", [411]),
        ("chunk size 0x3", put + te + b"\r\n0x3\r\nabc\r\n0\r\n\r\n", [411]),
        ("chunk size +3", put + te + b"\r\n+3\r\nabc\r\n0\r\n\r\n", [411]),
        ("chunk extension", put + te + b"\r\n3;a=b\r\nabc\r\n0\r\n\r\n", [411]),
        ("an endless chunk size", put + te + b"\r\n" + b"0" * 300000, [411]),
        ("two Content-Length", put + b"Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello" + SMUGGLED, [400]),
        ("the same Content-Length twice", put + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", [400]),
        ("a list of Content-Length", put + b"Content-Length: 5, 5\r\n\r\nhello", [400]),
        ("Content-Length: +5", put + b"Content-Length: +5\r\n\r\nhello" + SMUGGLED, [400]),
        ("Content-Length: -1", put + b"Content-Length: -1\r\n\r\n" + SMUGGLED, [400]),
        ("Content-Length: 0x5", put + b"Content-Length: 0x5\r\n\r\nhello", [400]),
        ("Content-Length past 64 bits", put + b"Content-Length: 18446744073709551621\r\n\r\nhello", [400]),
        ("Content-Length : 5", put + b"Content-Length : 5\r\n\r\nhello" + SMUGGLED, [400]),
        ("a folded Content-Length", put + b"Content-Length:\r\n 5\r\n\r\nhello", [400]),
        ("a folded header", get + b"X-A: a\r\n b\r\n\r\n", [400]),
        ("a blank before the first header", b"GET /x HTTP/1.1\r\n X-A: a\r\n" + HOST + b"\r\n", [400]),
        ("a header without colon", get + b"X-A\r\n\r\n", [400]),
        ("a name that is no token", get + b"X(A): a\r\n\r\n", [400]),
        ("NUL in a value", get + b"X-Secret: s\0t\r\n\r\n", [400]),
        ("NUL in a name", get + b"X-\0A: a\r\n\r\n", [400]),
        ("CR in a value", get + b"X-A: a\rX-B: b\r\n\r\n", [400]),
        ("bare LF", b"GET /x HTTP/1.1\nHost: a\n\n", [400]),
        ("one bare LF", get + b"X-A: a\n\r\n" + SMUGGLED, [400]),
        ("LF before the end", get + b"X-A: a\r\n\n\r\n", [400]),
        ("no Host", b"GET /x HTTP/1.1\r\n\r\n", [400]),
        ("two Host", get + HOST + b"\r\n", [400]),
        ("two secrets", get + secret + b": a\r\n" + secret + b": b\r\n\r\n", [400]),
        ("two Authorization", get + b"Authorization: a\r\nAuthorization: b\r\n\r\n", [400]),
        ("an empty line first", b"\r\n" + get + b"\r\n", [400]),
        ("HTTP/0.9 and an empty line", b"GET /x\r\n\r\n", [400]),
        ("HTTP/0.9", b"GET /x\r\n", None),
        ("HTTP/1.2", b"GET /x HTTP/1.2\r\n" + HOST + b"\r\n", [505]),
        ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [505]),
        ("a version in lower case", b"GET /x http/1.1\r\n" + HOST + b"\r\n", [400]),
        ("two blanks", b"GET  /x HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
        ("a blank in the target", b"GET /x y HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
        ("a whole URL", b"GET http://elsewhere/x HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
        ("a control character in the target", b"GET /\x01 HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
        ("a byte above ASCII in the target", b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n", [400]),
        ("TRACE", b"TRACE /x HTTP/1.1\r\n" + HOST + b"\r\n", [501]),
        ("CONNECT", b"CONNECT a:443 HTTP/1.1\r\n" + HOST + b"\r\n", [400, 501]),
        ("a method in lower case", b"get /x HTTP/1.1\r\n" + HOST + b"\r\n", [501]),
        ("GET with a body", get + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED, [400]),
        ("an unknown expectation", put + b"Expect: tea\r\nContent-Length: 5\r\n\r\nhello", [417]),
        ("a header of 20 kB", get + b"X-Long: " + LONG + b"\r\n\r\n", [431]),
        ("a target of 20 kB", b"GET /" + LONG + b" HTTP/1.1\r\n" + HOST + b"\r\n", [431]),
        ("3,000 headers", get + b"".join(b"X-%d: a\r\n" % i for i in range(3000)) + b"\r\n", [431]),
        ("too large a body", put + b"Content-Length: 999999999\r\n\r\n" + b"x" * 300000, [413]),
        ("a record of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + LONG[:520], None),
    ]


def probe(where, address, context=None, path=b"/fhir/metadata", more=b"", secret=b"X-Secret"):
    plain = b"GET " + path + b" HTTP/1.1\r\n" + HOST + more + CLOSE
    expected = ask(address, plain, context)[0]
    case(f"{where}: a plain request", len(expected) == 1 and expected[0] not in (400, 411, -1), expected)
    for title, raw, n in good(path, more):
        pieces = [0] if len(raw) > 4096 else [0, 1, 7, 64]
        for piece in pieces:
            got, ended = ask(address, raw, context, piece)
            # Another method may be answered otherwise, but it is answered.
            right = len(got) == n and ended and not {400, 411, -1} & set(got)
            case(f"{where}: {title}, in pieces of {piece}", right, f"{got}, ended {ended}")
    for title, raw, right in bad(secret):
        for piece in [0] if len(raw) > 4096 else [0, 1, 7, 64]:
            got, ended = ask(address, raw, context, piece, timeout=0.5 if right is None else 5)
            if right is None:  # no end of a line to judge by: a deadline ends it, unanswered
                case(f"{where}: {title}", got in ([], [400]), got)
                break
            case(f"{where}: {title}, in pieces of {piece}", ended and len(got) == 1 and got[0] in right,
                 f"{got}, ended {ended}")


def own(folder):
    """A server that takes whatever the guard lets pass, and counts it."""
    taken = sum(n * (1 if len(raw) > 4096 else 4) for _, raw, n in good(b"/x", b"")) + 1
    tls = {"tls_cert": f"{folder}/server.pem", "tls_key": f"{folder}/server.key"}
    for where, files, context in [("plain", {}, None), ("TLS", tls, client(f"{folder}/ca.pem"))]:
        with Server(**files) as server:
            probe(where, server.address, context, more=b"X-Secret: s\r\n")
        case(f"{where}: nothing else was taken", server.told["handled"] == taken, f"{server.told}, not {taken}")


def daemon(folder):
    """cordwatch run."""
    tls = f"tls_cert = {folder}/server.pem\ntls_key = {folder}/server.key\n"
    for where, more, context in [("cordwatch", "", None), ("cordwatch with TLS", tls, client(f"{folder}/ca.pem"))]:
        with Daemon("secret_header = X-Secret\n" + more) as server:
            probe(where, server.address, context)


def main():
    parser = argparse.ArgumentParser()
    for option in ["--address", "--ca", "--cert"]:
        parser.add_argument(option)
    parser.add_argument("--path", default="/fhir/metadata")
    parser.add_argument("--secret", default="X-Secret")
    parser.add_argument("--header", action="append", default=[])
    args = parser.parse_args()
    if args.address:
        host, port = args.address.rsplit(":", 1)
        context = client(args.ca, args.cert) if args.ca else None
        probe(args.address, (host.strip("[]"), int(port)), context, args.path.encode(),
              b"".join(line.encode() + b"\r\n" for line in args.header), args.secret.encode())
    else:
        with certificates() as folder:
            together(lambda: own(folder), lambda: daemon(folder))
    return finish()


if __name__ == "__main__":
    sys.exit(main())
