"""The stand-in misbehaves on request: where, how often and how it was told to."""

import gzip
import http.client
import json
import socket
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress

import pytest

from demo import Fault, StandIn
from demo.faults import SPOILERS

FEED = "/feeds/posts/default?alt=json&max-results=5"


@pytest.fixture(scope="module")
def shared() -> Iterator[StandIn]:
    with StandIn(posts=30) as site:
        yield site


@pytest.fixture
def site(shared: StandIn) -> StandIn:
    shared.behave()
    return shared


def ask(site: StandIn, target: str = FEED, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=0.5)
    try:
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_every_fault_has_its_spoiler() -> None:
    assert set(SPOILERS) == set(Fault)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.FORBIDDEN, 403),
        (Fault.NOT_FOUND, 404),
        (Fault.GONE, 410),
        (Fault.TOO_MANY_REQUESTS, 429),
        (Fault.SERVER_ERROR, 500),
        (Fault.UNAVAILABLE, 503),
        (Fault.HTML, 200),
    ],
)
def test_refusals_are_html_that_says_sorry(site: StandIn, fault: Fault, status: int) -> None:
    site.misbehave("/feeds/", fault)
    assert ask(site)[0] == status
    site.misbehave("/feeds/", fault)
    assert b"We're sorry" in ask(site)[1]


def test_a_misdeed_skips_strikes_and_ends(site: StandIn) -> None:
    site.misbehave("/feeds/", Fault.SERVER_ERROR, times=2, skip=1)
    assert [ask(site)[0] for _ in range(5)] == [200, 500, 500, 200, 200]


def test_a_misdeed_strikes_only_where_it_should(site: StandIn) -> None:
    site.misbehave("/sitemap.xml", Fault.NOT_FOUND, times=None)
    assert ask(site)[0] == 200
    assert [ask(site, "/sitemap.xml")[0] for _ in range(3)] == [404, 404, 404]


def test_misdeeds_strike_one_after_the_other(site: StandIn) -> None:
    site.misbehave("/feeds/", Fault.UNAVAILABLE)
    site.misbehave("/feeds/", Fault.FORBIDDEN)
    assert [ask(site)[0] for _ in range(3)] == [503, 403, 200]


def test_retry_after_is_said(site: StandIn) -> None:
    site.misbehave(fault=Fault.TOO_MANY_REQUESTS, retry_after="120")
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=5)
    connection.request("GET", FEED)
    assert connection.getresponse().headers["Retry-After"] == "120"
    connection.close()


def test_connections_break(site: StandIn) -> None:
    site.misbehave(fault=Fault.CLOSE)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(site)
    site.misbehave(fault=Fault.RESET)
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        ask(site)
    site.misbehave(fault=Fault.SHORT_BODY)
    with pytest.raises(http.client.IncompleteRead):
        ask(site)
    site.misbehave(fault=Fault.GARBAGE)
    with pytest.raises(http.client.BadStatusLine):
        ask(site)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP])
def test_answers_may_never_end(site: StandIn, fault: Fault) -> None:
    site.misbehave(fault=fault)
    connection = socket.create_connection(("127.0.0.1", int(site.url.rpartition(":")[2])))
    connection.settimeout(0.05)
    connection.sendall(f"GET {FEED} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    received = b""
    with suppress(TimeoutError):
        while chunk := connection.recv(100):
            received += chunk
        pytest.fail("the answer came to an end")
    connection.close()
    assert b"Content-Length" in received if fault is Fault.DRIP else received == b""


def test_bodies_are_cut_where_the_length_does_not_tell(site: StandIn) -> None:
    site.misbehave(fault=Fault.CUT_BODY)
    with pytest.raises(json.JSONDecodeError):
        json.loads(ask(site)[1])
    site.misbehave(fault=Fault.CUT_GZIP)
    cut = ask(site)[1]
    with pytest.raises(EOFError):
        gzip.decompress(cut)
    assert zlib.decompressobj(wbits=31).decompress(cut).startswith(b'{"version"')


def test_bodies_may_be_empty_or_wrongly_encoded(site: StandIn) -> None:
    site.misbehave(fault=Fault.EMPTY)
    assert ask(site) == (200, b"")
    for fault in (Fault.NOT_GZIP, Fault.UNKNOWN_ENCODING):
        site.misbehave(fault=fault)
        assert ask(site)[1].startswith(b'{"version"')


def test_redirects_may_lead_elsewhere_or_nowhere(site: StandIn) -> None:
    site.misbehave(fault=Fault.REDIRECT_LOOP)
    assert ask(site)[0] == 302
    site.misbehave(fault=Fault.ELSEWHERE)
    assert site.elsewhere.encode() in ask(site)[1]
    assert not site.elsewhere.endswith(site.url.rpartition(":")[2])


def test_the_stand_in_stops_although_someone_still_waits() -> None:
    with StandIn(posts=3) as site:
        site.misbehave(fault=Fault.HANG)
        connection = socket.create_connection(("127.0.0.1", int(site.url.rpartition(":")[2])))
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    connection.settimeout(5)
    # Whether it was taken up before the end decides how it was cut off.
    with suppress(ConnectionResetError):
        assert connection.recv(10) == b""
    connection.close()


def test_it_is_served_from_the_command_line() -> None:
    command = [sys.executable, "-m", "demo", "--posts", "5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        url = served.stdout.readline().strip()
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
        connection.request("GET", "/robots.txt")
        assert connection.getresponse().status == 200
        connection.close()
        served.terminate()
    assert served.returncode == 0
