from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Request

from newsrust_spider.blogger.site import Site
from newsrust_spider.middlewares.same_site import OffSiteError, SameSite

HERE = "https://www.newsrust.com"
ELSEWHERE = [
    "http://www.newsrust.com/x",
    "https://newsrust.com/x",
    "https://evil.www.newsrust.com/x",
    "https://www.newsrust.com.evil.example/x",
    "https://www.newsrust.com:6023/x",
    "https://www.newsrust.com:5432/x",
    "https://www.newsrust.com@127.0.0.1/x",
    "https://user:pw@evil.example/x",
    "https://www.blogger.com/feeds/1/posts/default",
    "http://127.0.0.1/x",
    "http://2130706433/x",
    "http://0x7f000001/x",
    "http://127.1/x",
    "http://[::1]/x",
    "http://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "file://www.newsrust.com/etc/passwd",
    "ftp://www.newsrust.com/x",
    "data:text/html,x",
    "s3://www.newsrust.com/x",
]


@pytest.fixture
def guard() -> SameSite:
    """Give the middleware of a crawl of www.newsrust.com."""
    visit = SimpleNamespace(site=Site.parse(HERE))
    crawler: Any = SimpleNamespace(spider=SimpleNamespace(visit=visit))
    return SameSite(crawler)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_request_that_leaves_the_site_is_refused(guard: SameSite, url: str) -> None:
    with pytest.raises(OffSiteError, match="elsewhere"):
        guard.process_request(Request(url, dont_filter=True))


TARGET = "/feeds/posts/default?alt=json"


@pytest.mark.parametrize(
    "home", ["https://new.example", "http://www.newsrust.com", "https://new.example:8080"]
)
def test_the_same_address_elsewhere_is_a_move_and_names_the_remedy(
    guard: SameSite, home: str
) -> None:
    request = Request(home + TARGET, meta={"redirect_urls": [f"{HERE}/x", HERE + TARGET]})
    with pytest.raises(OffSiteError) as refused:
        guard.process_request(request)
    assert str(refused.value) == f"it has moved to {home}: use site={home}"


@pytest.mark.parametrize(
    "url",
    [
        "https://new.example/feeds/posts/default",
        "https://new.example/other?alt=json",
        f"https://user:pw@new.example{TARGET}",
        f"ftp://new.example{TARGET}",
        f"https://{'a' * 300}.example{TARGET}",
    ],
)
def test_another_address_or_none_of_a_site_is_no_move(guard: SameSite, url: str) -> None:
    with pytest.raises(OffSiteError, match="elsewhere") as refused:
        guard.process_request(Request(url, meta={"redirect_urls": [HERE + TARGET]}))
    assert "pw" not in str(refused.value)


@pytest.mark.parametrize("path", ["/", "/robots.txt", ":443/x", "/feeds/posts/default?alt=json"])
def test_a_request_to_the_site_passes(guard: SameSite, path: str) -> None:
    guard.process_request(Request(HERE + path))
    assert Site.parse(HERE).owns(HERE + path)
