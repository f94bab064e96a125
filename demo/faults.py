"""What can go wrong on the wire: a table of small functions that each spoil one answer.

To add a fault: name it in ``Fault`` and give it a function in ``SPOILERS``; one that a single
test needs is a function of that test, handed to ``StandIn.misbehave`` as it is.
"""

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum, auto
from functools import partial
from http.server import BaseHTTPRequestHandler

from demo.answer import Answer, Request, deliver, encoded, redirect, respond

SORRY = b"""<!DOCTYPE html><html><head><title>Sorry...</title></head><body><h1>We're sorry...</h1>
<p>... but your computer or network may be sending automated queries.</p></body></html>"""
DRIP_SECONDS = 0.1


class Fault(StrEnum):
    """The names of all faults."""

    FORBIDDEN = auto()
    NOT_FOUND = auto()
    GONE = auto()
    TOO_MANY_REQUESTS = auto()
    SERVER_ERROR = auto()
    UNAVAILABLE = auto()
    RESET = auto()
    CLOSE = auto()
    HANG = auto()
    DRIP = auto()
    SHORT_BODY = auto()
    CUT_BODY = auto()
    CUT_GZIP = auto()
    NOT_GZIP = auto()
    UNKNOWN_ENCODING = auto()
    HTML = auto()
    EMPTY = auto()
    GARBAGE = auto()
    ELSEWHERE = auto()
    REDIRECT_LOOP = auto()


@dataclass(kw_only=True)
class Misdeed:
    """One misbehaviour: ``fault`` for requests whose target contains ``match``.

    The first ``skip`` of them go well, the next ``times`` are spoiled (``None``: all of them).
    """

    match: str
    fault: "Fault | Spoiler"
    times: int | None = 1
    skip: int = 0
    retry_after: str | None = None

    def strikes(self, target: str) -> bool:
        """Tell whether this request is spoiled, and count it."""
        if self.match not in target or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(frozen=True)
class Reply:
    """A request at the point of being answered: where to write, and what would be right."""

    handler: BaseHTTPRequestHandler
    request: Request
    answer: Answer
    misdeed: Misdeed
    elsewhere: str
    stopping: threading.Event = field(default_factory=threading.Event)

    def send(self, answer: Answer, *, compress: bool = False) -> None:
        """Send another answer in its place, as it should be sent."""
        respond(self.handler, answer, self.request, compress=compress)


Spoiler = Callable[[Reply], None]


def spoil(reply: Reply) -> None:
    """Answer with the fault of the misdeed: one of the table, or a function of the caller's."""
    fault = reply.misdeed.fault
    (SPOILERS[fault] if isinstance(fault, Fault) else fault)(reply)


def refuse(status: int, reply: Reply) -> None:
    """Answer with a status and an HTML page that says sorry."""
    after = reply.misdeed.retry_after
    headers = {} if after is None else {"Retry-After": after}
    reply.send(Answer(body=SORRY, status=status, server="sffe", headers=headers))


def reset(reply: Reply) -> None:
    """Reset the connection in the middle of the body."""
    send_less_than_promised(reply)
    connection = socket.socket(fileno=reply.handler.connection.detach())
    # Closed without lingering, a connection is reset; the server would have ended it politely.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def close(reply: Reply) -> None:
    """Close the connection without a word."""
    reply.handler.close_connection = True


def hang(reply: Reply) -> None:
    """Never answer, until the site stops."""
    reply.stopping.wait()
    close(reply)


def drip(reply: Reply) -> None:
    """Send the right answer a few bytes at a time, until the site stops or the client leaves."""
    body, headers = encoded(reply.answer, reply.request, compress=False)
    deliver(reply.handler, 200, headers | {"Content-Length": str(len(body))}, b"")
    for start in range(0, len(body), 10):
        if reply.stopping.wait(DRIP_SECONDS):
            break
        reply.handler.wfile.write(body[start : start + 10])
    close(reply)


def send_less_than_promised(reply: Reply) -> None:
    """Name the right length, send half of the body, close."""
    body, headers = encoded(reply.answer, reply.request, compress=False)
    length = {"Content-Length": str(len(body))}
    deliver(reply.handler, 200, headers | length, body[: len(body) // 2])
    close(reply)


def cut_body(reply: Reply) -> None:
    """Send half of the body as if it were all."""
    reply.send(replace(reply.answer, body=reply.answer.body[: len(reply.answer.body) // 2]))


def cut_gzip(reply: Reply) -> None:
    """Send half of the compressed body as if it were all."""
    accepting = replace(reply.request, headers={"Accept-Encoding": "gzip"})
    body, headers = encoded(reply.answer, accepting, compress=True)
    deliver(reply.handler, 200, headers, body[: len(body) // 2])


def claim_encoding(name: str, reply: Reply) -> None:
    """Send the plain body and say that it is encoded."""
    reply.send(replace(reply.answer, headers={"Content-Encoding": name}))


def garble(reply: Reply) -> None:
    """Send what is no HTTP at all."""
    reply.handler.wfile.write(b"garbage\r\n\r\n")
    close(reply)


SPOILERS: dict[Fault, Spoiler] = {
    Fault.FORBIDDEN: partial(refuse, 403),
    Fault.NOT_FOUND: partial(refuse, 404),
    Fault.GONE: partial(refuse, 410),
    Fault.TOO_MANY_REQUESTS: partial(refuse, 429),
    Fault.SERVER_ERROR: partial(refuse, 500),
    Fault.UNAVAILABLE: partial(refuse, 503),
    Fault.RESET: reset,
    Fault.CLOSE: close,
    Fault.HANG: hang,
    Fault.DRIP: drip,
    Fault.SHORT_BODY: send_less_than_promised,
    Fault.CUT_BODY: cut_body,
    Fault.CUT_GZIP: cut_gzip,
    Fault.NOT_GZIP: partial(claim_encoding, "gzip"),
    Fault.UNKNOWN_ENCODING: partial(claim_encoding, "foo"),
    Fault.HTML: partial(refuse, 200),
    Fault.EMPTY: lambda reply: reply.send(replace(reply.answer, body=b"")),
    Fault.GARBAGE: garble,
    Fault.ELSEWHERE: lambda reply: reply.send(redirect(f"{reply.elsewhere}{reply.request.target}")),
    Fault.REDIRECT_LOOP: lambda reply: reply.send(redirect(reply.request.target)),
}
