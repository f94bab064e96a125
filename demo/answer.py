"""A request as the stand-in sees it, the answer that it gives, and how an answer is sent."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, unquote, urlsplit

HTML = "text/html; charset=UTF-8"
PLAIN = "text/plain; charset=UTF-8"
XML = "text/xml; charset=UTF-8"


@dataclass(frozen=True)
class Request:
    """One GET or HEAD request: its target as it came, its headers, the site it was sent to."""

    target: str
    host: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(self.raw_path)

    @property
    def raw_path(self) -> str:
        """The path as it came."""
        return urlsplit(self.target).path

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters of the query; the last wins where one is repeated."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def with_parameter(self, name: str, value: str) -> str:
        """Give the target with one more parameter."""
        return f"{self.target}{'&' if '?' in self.target else '?'}{name}={value}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is sent back: status, body and headers. ``server`` is what the header says."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    server: str = "GSE"
    modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def etag(self) -> str:
        """The weak validator: a hash of the body."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()}"'


def page(text: str, *, status: int = 200, modified: datetime | None = None) -> Answer:
    """Give an HTML page as an answer."""
    return Answer(body=text.encode(), status=status, modified=modified)


def redirect(location: str) -> Answer:
    """Give a 302 to ``location``."""
    text = f'<HTML><BODY><H1>Moved Temporarily</H1><A HREF="{location}">here</A>.</BODY></HTML>'
    return Answer(body=text.encode(), status=302, headers={"Location": location})


def encoded(answer: Answer, request: Request, *, compress: bool) -> tuple[bytes, dict[str, str]]:
    """Give the bytes of the body as they are sent, and all headers with them."""
    headers = {
        "Content-Type": answer.content_type,
        "Server": answer.server,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "X-XSS-Protection": "0",
        **answer.headers,
    }
    if answer.modified:
        headers["Cache-Control"] = "public, must-revalidate, proxy-revalidate, max-age=1"
        headers["ETag"] = answer.etag
        headers["Last-Modified"] = format_datetime(answer.modified, usegmt=True)
    body = answer.body
    if compress and body and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return body, headers


def deliver(
    handler: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    """Send one whole answer; HEAD gets the same headers without the body."""
    handler.send_response_only(status)
    handler.send_header("Date", handler.date_time_string())
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def respond(
    handler: BaseHTTPRequestHandler, answer: Answer, request: Request, *, compress: bool
) -> None:
    """Send the answer as it should be: 304 where the client has it already."""
    body, headers = encoded(answer, request, compress=compress)
    if answer.modified and request.headers.get("If-None-Match") == answer.etag:
        kept = ("ETag", "Last-Modified", "Cache-Control", "Server", "Vary")
        handler.send_response_only(304)
        handler.send_header("Date", handler.date_time_string())
        for name in kept:
            handler.send_header(name, headers[name])
        handler.end_headers()
        return
    deliver(handler, answer.status, headers, body)
