"""Answers that no decent server gives: the rows of the catalogue's section A, as functions."""

import gzip
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial

from demo.answer import Answer, deliver, redirect
from demo.faults import Reply, Spoiler

MB = 1_000_000
CAPTCHA = b"""<html><head><title>https://www.google.com/sorry</title></head><body><form
id="captcha-form" action="index" method="post"></form>Our systems have detected unusual traffic
from your computer network. This page checks to see if it's really you.</body></html>""".replace(
    b"\n", b" "
)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n(The wire)\nendobj\n%%EOF\n"


def status(number: int, body: bytes = b"<p>Sorry.</p>", **headers: str) -> Spoiler:
    """Answer with a status, a body and headers (``_`` for ``-`` in their names)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda reply: reply.send(Answer(status=number, body=body, headers=named))


def body(content: bytes, content_type: str = "text/html; charset=UTF-8") -> Spoiler:
    """Answer 200 with this body."""
    return lambda reply: reply.send(Answer(body=content, content_type=content_type))


def typed(content_type: str) -> Spoiler:
    """Send the right body under another type."""
    return lambda reply: reply.send(replace(reply.answer, content_type=content_type))


def raw(*parts: bytes) -> Spoiler:
    """Write ``parts`` as they are, and close the connection."""

    def answer(reply: Reply) -> None:
        for part in parts:
            reply.handler.wfile.write(part)
        reply.handler.close_connection = True

    return answer


def head(**headers: str) -> bytes:
    """Give the start of an answer 200, up to its body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}\r\n" for name, value in named.items()]
    return f"HTTP/1.1 200 OK\r\n{''.join(lines)}\r\n".encode()


def with_headers(headers: Callable[[], Mapping[str, str]]) -> Spoiler:
    """Send the right answer with more headers."""
    return lambda reply: reply.send(replace(reply.answer, headers=headers()))


def drip_headers(reply: Reply) -> None:
    """Send one header after the other, and never a body."""
    reply.handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not reply.stopping.wait(0.02):
        reply.handler.wfile.write(b"X-More: to come\r\n")
    reply.handler.close_connection = True


def stream(length: int, reply: Reply) -> None:
    """Send ``length`` bytes without having said how many."""
    reply.handler.wfile.write(head(Content_Type="text/html", Connection="close"))
    for _ in range(length // MB):
        reply.handler.wfile.write(b"x" * MB)
    reply.handler.close_connection = True


def claim_length(length: int, reply: Reply) -> None:
    """Announce ``length`` bytes, and send them."""
    reply.handler.wfile.write(head(Content_Type="text/html", Content_Length=str(length)))
    for _ in range(length // MB):
        reply.handler.wfile.write(b"x" * MB)


@cache
def bomb(layers: int, megabytes: int) -> bytes:
    """Give zeros that were compressed ``layers`` times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(b"\0" * MB) for _ in range(megabytes)) + packer.flush()
    for _ in range(layers - 1):
        packed = gzip.compress(packed)
    return packed


def send_bomb(layers: int, megabytes: int) -> Spoiler:
    """Answer with a bomb, every layer of it declared."""

    def answer(reply: Reply) -> None:
        packed = bomb(layers, megabytes)
        encoding = {"Content-Encoding": ", ".join(["gzip"] * layers), "Content-Type": "text/html"}
        deliver(reply.handler, 200, encoding | {"Content-Length": str(len(packed))}, packed)

    return answer


def send_shifted_date(date: str, reply: Reply) -> None:
    """Send the right answer, and another time of day with it."""
    reply.handler.date_time_string = lambda timestamp=None: date  # type: ignore[method-assign]  # noqa: ARG005
    reply.send(reply.answer)


def leave(to: str, reply: Reply) -> None:
    """Redirect to an address elsewhere."""
    reply.send(redirect(to))


leave_for_loopback = partial(leave, "http://127.0.0.3:9/news")
