"""The stand-in site: a web server on loopback for the blog, its shape and its faults."""

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from demo.answer import Request, page, respond
from demo.blog import Blog
from demo.faults import Fault, Misdeed, Reply, Spoiler, spoil
from demo.routes import Site
from demo.shape import Shape

HOME = "127.0.0.1"
OTHER_HOST = "127.0.0.2"

Answering = Callable[[BaseHTTPRequestHandler], None]


class StandIn:
    """A running stand-in Newsrust; use it as a context manager, or ``start`` and ``stop`` it.

    ``url`` is its address, ``blog`` what it publishes, ``shape`` how it behaves, ``requests``
    the targets asked for so far, in order; ``elsewhere_requests`` those that left the site and
    asked another host, to which only redirects lead.
    """

    def __init__(
        self,
        posts: int = 600,
        seed: int = 1,
        shape: Shape | None = None,
        port: int = 0,
        blog: Blog | None = None,
    ) -> None:
        """Write the blog, unless one is given, and take a port; nothing is answered yet."""
        self.blog = blog or Blog(posts, seed)
        self.shape = shape or Shape()
        self.requests: list[str] = []
        self.elsewhere_requests: list[str] = []
        self._misdeeds: list[Misdeed] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._server = Server((HOME, port), self._answer)
        self._other = other_server(self._answer_elsewhere)
        self.url = self._server.url
        self.elsewhere = self._other.url

    def start(self) -> Self:
        """Answer requests from now on, in threads of its own."""
        for server in (self._server, self._other):
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Answer no more; whoever still waits for an answer is cut off."""
        self._stopping.set()
        for server in (self._server, self._other):
            server.shutdown()
            server.server_close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def misbehave(
        self,
        match: str = "",
        fault: Fault | Spoiler = Fault.SERVER_ERROR,
        times: int | None = 1,
        skip: int = 0,
        retry_after: str | None = None,
    ) -> Misdeed:
        """Spoil answers to requests whose target contains ``match``; see ``Misdeed``."""
        misdeed = Misdeed(match=match, fault=fault, times=times, skip=skip, retry_after=retry_after)
        with self._lock:
            self._misdeeds.append(misdeed)
        return misdeed

    def behave(self) -> None:
        """Forget all misbehaviour that is still to come."""
        with self._lock:
            self._misdeeds.clear()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request, rightly or as misbehaviour has it."""
        request = request_of(handler)
        with self._lock:
            self.requests.append(request.target)
            struck = next((deed for deed in self._misdeeds if deed.strikes(request.target)), None)
        answer = Site(self.blog, self.shape, self.elsewhere).answer(request)
        if struck:
            spoil(Reply(handler, request, answer, struck, self.elsewhere, self._stopping))
        else:
            respond(handler, answer, request, compress=self.shape.gzip)

    def _answer_elsewhere(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer for the other host: nothing useful."""
        self.elsewhere_requests.append(handler.path)
        respond(handler, page("<p>Nothing to see here.</p>"), request_of(handler), compress=False)


class Server(ThreadingHTTPServer):
    """A threaded server that hands each request to one function."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], answer: Answering) -> None:
        """Listen at ``address``; port 0 takes a free one."""
        self.answer = answer
        super().__init__(address, Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Report a defect; a client that has gone away is none."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://{self.server_address[0]!s}:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Passes each request to its server's function, and keeps the connection open."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Answer."""
        self.server.answer(self)

    def do_HEAD(self) -> None:
        """Answer as to GET; the body is left out when the answer is delivered."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing: ``StandIn.requests`` is the log."""


def request_of(handler: BaseHTTPRequestHandler) -> Request:
    """Read the request that a handler has received."""
    return Request(handler.path, handler.headers.get("Host", HOME), dict(handler.headers.items()))


def other_server(answer: Answering) -> Server:
    """Listen at another loopback address; at the same one where the system has only one."""
    try:
        return Server((OTHER_HOST, 0), answer)
    except OSError:
        return Server((HOME, 0), answer)
