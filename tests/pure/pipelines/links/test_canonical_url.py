"""Promise 4: one original, one article; and different originals are never merged."""

import subprocess
import sys
import time
import tomllib
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from urllib.parse import quote, urlsplit

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given
from hypothesis import strategies as st

from demo.spelling import respell
from newsrust_spider.limits import LONGEST_ADDRESS
from pipelines.links.canonical_url import NoCanonicalUrl, canonical_url, publisher_of

URLS = tomllib.loads(Path(__file__).with_name("urls.toml").read_text(encoding="utf-8"))
BY_CLASS = tomllib.loads(Path(__file__).with_name("urls_by_class.toml").read_text(encoding="utf-8"))

SAME = [
    pytest.param(case["is"], spelling, id=f"{case['class']}: {number}")
    for case in URLS["same"]
    for number, spelling in enumerate(case["spellings"])
]
NONE = [
    pytest.param(case["because"], address, id=f"{case['because']}: {number}")
    for case in URLS["none"]
    for number, address in enumerate(case["addresses"])
]


def _each(kind: str) -> list[ParameterSet]:
    """Give the pairs of a kind, each with its class and place as its name."""
    return [
        pytest.param(*pair, id=f"{name}: {number}")
        for name, pairs in BY_CLASS[kind].items()
        for number, pair in enumerate(pairs)
    ]


PAIRS, TWO_STORIES = _each("same"), _each("apart")
TOO_LONG = "longer than 2,000 characters"
KNOWN = [
    *(spelling for case in URLS["same"] for spelling in case["spellings"]),
    *(address for case in URLS["apart"] for address in case["addresses"]),
    *(
        address
        for kind in BY_CLASS.values()
        for pairs in kind.values()
        for p in pairs
        for address in p
    ),
]
# Pieces that matter to some rule, so that random strings meet the rules and each other.
PIECES = st.sampled_from(
    r"""http:// HTTPS:// // / \ ? # #! & = ; : @ . %2F %2e %25 %00 %E9 + www. m. amp. ex.com
    a.example google.com cdn.ampproject.org l.facebook.com/l.php?u= google.com/url?q= /amp /amp/
    .amp .amp.html amp=1 /c/s/ /amp/s/ print /print index.html ref=a ref=123 utm_source=x id=1
    &amp; ;jsessionid=1 .. . [ ] ::1 :80 :443 xn-- é 。 ü
    story-of-the-day 2024 http%3A%2F%2F""".split()  # noqa: SIM905
)
PIECED = st.lists(PIECES, max_size=14).map("".join)
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=[])),  # lone surrogates too
    st.text(st.characters(exclude_categories=[])).map("http://a.example/".__add__),
    PIECED,
    PIECED.map("http://a.example/".__add__),
    st.tuples(st.sampled_from(KNOWN), PIECED).map("".join),
)


@pytest.mark.parametrize(("canonical", "spelling"), SAME)
def test_every_spelling_of_a_story_gives_one_identity(canonical: str, spelling: str) -> None:
    """The classes of the design: scheme, host, AMP, mobile, print, tracking, wrappers."""
    assert canonical_url(spelling) == canonical


@pytest.mark.parametrize("case", URLS["apart"], ids=lambda case: case["class"])
def test_different_stories_stay_apart(case: dict[str, list[str]]) -> None:
    """No two addresses of a list share their identity."""
    found = [canonical_url(address) for address in case["addresses"]]
    assert [url for url, times in Counter(found).items() if times > 1] == []


@pytest.mark.parametrize(("because", "address"), NONE)
def test_what_names_no_story_is_refused_with_a_reason(because: str, address: str) -> None:
    """The reason says what is wrong and repeats nothing of the string."""
    with pytest.raises(NoCanonicalUrl) as refusal:
        canonical_url(address)
    assert str(refusal.value) == because
    assert publisher_of(address) is None or "port" in because


@given(ANY_TEXT)
def test_any_text_gives_a_url_or_a_refusal(text: str) -> None:
    """Total, idempotent, and of the promised form."""
    try:
        url = canonical_url(text)
    except NoCanonicalUrl:
        return
    parts = urlsplit(url)
    assert canonical_url(url) == url
    assert url.startswith("https://")
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    assert len(url) <= LONGEST_ADDRESS
    assert "@" not in parts.netloc
    if parts.fragment and not parts.fragment.startswith("!"):
        assert parts.path == "/"
        assert parts.fragment.startswith("/") or any(d in parts.fragment for d in "0123456789")
    assert parts.path == "/" or not parts.path.endswith("/")
    publisher = publisher_of(url)
    assert publisher is not None
    assert (parts.hostname or "").endswith(publisher)


@given(st.sampled_from(KNOWN), st.permutations(["utm_source=a", "fbclid=b", "gclid=c"]))
def test_tracking_never_changes_an_identity(address: str, tracking: list[str]) -> None:
    """Appended to any known address, in any order."""
    head, mark, fragment = address.strip().partition("#")
    joint = "&" if "?" in head else "?"
    if "ampproject" in head or "google" in head:
        return  # the parameters would belong to the wrapper
    spelled = f"{head}{joint}{'&'.join(tracking)}{mark}{fragment}"
    assert canonical_url(spelled) == canonical_url(address)


@given(st.sampled_from(KNOWN))
def test_a_wrapped_address_names_what_it_carries(address: str) -> None:
    """A redirect of Google or Facebook around any known address changes nothing."""
    carried = quote(address.strip(" \t\n\ufeff\u00a0"), safe="")
    if not carried.lower().startswith("http%3a%2f%2f"):
        return
    assert canonical_url(f"https://www.google.com/url?q={carried}&sa=D") == canonical_url(address)
    assert canonical_url(f"http://l.facebook.com/l.php?u={carried}") == canonical_url(address)


@pytest.mark.parametrize(
    "source_url",
    [
        "https://www.harbor-courier.example/2024/05/01/ferry-returns-to-harbour",
        "https://www.harbor-courier.example/2024/05/01/ferry.html",
        "https://harbor-courier.example/story?id=48213",
        "http://news.harbor-courier.example/index.php?threads/ferry.7/",
        "https://www.harbor-courier.example/world/ferry/",
    ],
)
@given(st.integers(0, 2**32))
def test_every_spelling_of_the_stand_in_site_is_one_article(source_url: str, seed: int) -> None:
    """The demo aggregator spells source links in these ways."""
    assert canonical_url(respell(source_url, Random(seed))) == canonical_url(source_url)  # noqa: S311


def test_the_longest_url_is_the_longest_that_the_database_holds() -> None:
    """2,000 characters pass, 2,001 do not, however the link was written."""
    start = "https://ex.com/"
    url = start + "a" * (LONGEST_ADDRESS - len(start))
    assert canonical_url(f"{url}?utm_source={'x' * 5000}") == url
    for too_long in (url + "a", start + "é" * LONGEST_ADDRESS, start + "a" * 1_000_000):
        with pytest.raises(NoCanonicalUrl, match=TOO_LONG):
            canonical_url(too_long)


def test_redirects_inside_each_other_come_to_an_end() -> None:
    """A few layers are undone; a hundred are refused."""
    url = "https://ex.com/a"
    for layers in range(60):
        wrapped = f"https://www.google.com/amp/s/www.google.com/amp/s/ex.com/{layers}"
        assert canonical_url(wrapped) == f"https://ex.com/{layers}"
    with pytest.raises(NoCanonicalUrl, match="too many addresses inside"):
        canonical_url("https://" + "google.com/amp/s/" * 100 + url)


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "\x00",
        "a",
        "/",
        "../",
        "%",
        "%41",
        "&",
        "a&",
        "?a=1&",
        "&amp;",
        "amp;",
        "@",
        ":",
        ".",
        "[",
        "é",
        "%2e/",
        "/amp",
        "-",
        "ü.",
        "。",
        "google.com/amp/s/",
        "#",
        ";jsessionid=",
        "ref_",
        "0",
    ],
)
@pytest.mark.parametrize("start", ["", "http://", "http://ex.com/", "http://ex.com/?", "http://a:"])
def test_a_megabyte_takes_no_time_to_speak_of(start: str, piece: str) -> None:
    """Neither what is refused by its length nor what is just short enough takes long."""
    canonical_url("http://www.ü.example/?ref=a")  # reads the lists
    for length in (15_900, 1_000_000):
        text = start + piece * (length // len(piece))
        began = time.process_time()
        with suppress(NoCanonicalUrl):
            canonical_url(text)
        assert time.process_time() - began < 5  # quadratic work would take minutes


@pytest.mark.parametrize(
    "end", ["@/", "@ex.com:x/", "@[::1/", "@localhost", "@ex..com/", "@ex.com"]
)
def test_a_password_is_never_repeated(end: str) -> None:
    """Neither in an identity nor in a reason, nor in an exception behind it."""
    told = ""
    try:
        told = canonical_url(f"https://reader:hunter2{end}/a")
    except NoCanonicalUrl as refusal:
        told = f"{refusal!r}{refusal.__cause__!r}"
    assert told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://nytimes.com/a", "nytimes.com"),
        ("https://cooking.nytimes.com/a", "nytimes.com"),
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://www.harbor-courier.example/a", "harbor-courier.example"),
        ("https://ferries.blogspot.com/a", "ferries.blogspot.com"),
        ("https://www.gov.uk/a", "www.gov.uk"),
        ("https://xn--bcher-kva.example/a", "xn--bcher-kva.example"),
        ("https://127.0.0.1/a", None),
        ("https://localhost/a", None),
        ("not a url", None),
    ],
)
def test_a_publisher_is_the_registered_domain(url: str, publisher: str | None) -> None:
    """By the public suffix list; outside it, the last two labels."""
    assert publisher_of(url) == publisher


@pytest.mark.parametrize(("variant", "canonical"), PAIRS)
def test_a_variant_is_its_canonical(variant: str, canonical: str) -> None:
    """The classes of the requirement, in forms that publishers show."""
    assert canonical_url(variant) == canonical_url(canonical)


@pytest.mark.parametrize(("first", "second"), TWO_STORIES)
def test_what_looks_alike_stays_two_stories(first: str, second: str) -> None:
    """Each pair differs in what a rule might take for tracking or for a rendition."""
    assert canonical_url(first) != canonical_url(second)


@given(PIECED, st.sampled_from(["reader:hunter2", "reader", "a:hunter2@b"]))
def test_a_login_never_survives(rest: str, login: str) -> None:
    """Neither of the address nor of one inside its path."""
    for url in (f"http://{login}@ex.com/{rest}", f"http://ex.com/web/http://{login}@a.example/"):
        with suppress(NoCanonicalUrl):
            assert login not in canonical_url(url)


def test_the_module_is_imported_fast() -> None:
    """A second crawl must be refused within 1.5 s: the large lists are read at the first link."""
    lists = "{'tldextract', 'idna', 'courlan'}"
    code = f"import sys, pipelines.links.canonical_url; print({lists} & {{*sys.modules}})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
