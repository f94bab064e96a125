"""The list of tracking parameters, and what keeps it from taking the name of an article."""

import json
import re

import pytest

from pipelines.links import refresh_rules, tracking
from pipelines.links.refresh_rules import convert
from pipelines.links.tracking import is_tracking, may_be_tracking

UPSTREAM = {
    "providers": {
        "daily": {
            "urlPattern": r"^https?:\/\/(?:[a-z0-9-]+\.)*?daily\.example",
            "rules": ["smid", "%24deep", "p"],
        },
        "shop": {
            "urlPattern": r"^https?:\/\/(?:[a-z0-9-]+\.)*?shop(?:\.[a-z]{2,}){1,}",
            "rules": ["qid"],
        },
        "two": {
            "urlPattern": r"^https?:\/\/(?:[a-z0-9-]+\.)*?(a\.example|b\.example)",
            "rules": ["x1"],
        },
        "one page": {"urlPattern": r"^https?:\/\/daily\.example\/search\?", "rules": ["q"]},
        "blocked": {"urlPattern": r"^https?:\/\/ads\.example", "completeProvider": True},
        "all": {"urlPattern": ".*", "rules": ["(?:%3F)?utm(?:_[a-z_]*)?"]},
    }
}


def test_the_upstream_list_becomes_names_by_host() -> None:
    """Rules of one page and blocked hosts are left out."""
    rules = convert(UPSTREAM, "2024-03-01")
    assert rules["global"] == ["utm(?:_[a-z_]*)?"]
    assert rules["hosts"] == {
        "daily.example": [r"\$deep", "p", "smid"],
        "shop.": ["qid"],
        "a.example": ["x1"],
        "b.example": ["x1"],
    }
    assert "2024-03-01" in rules["source"]


@pytest.mark.parametrize(
    "broken", [{}, {"providers": {}}, {"providers": {"a": UPSTREAM["providers"]["daily"]}}]
)
def test_another_list_is_refused(broken: dict[str, dict[str, dict[str, object]]]) -> None:
    """An empty answer must not wipe the rules."""
    with pytest.raises(ValueError, match="not the list of ClearURLs"):
        convert(broken, "2024-03-01")


def test_a_rule_that_is_no_pattern_is_refused() -> None:
    """Else every link would fail."""
    broken = {"providers": {"all": {"urlPattern": ".*", "rules": ["(utm"]}}}
    with pytest.raises(ValueError, match="no pattern"):
        convert(broken, "2024-03-01")


def test_the_shipped_list_is_one_that_the_script_wrote() -> None:
    """With where it is from, its licence beside it, and patterns that compile."""
    folder = refresh_rules.RULES.parent
    shipped = json.loads(refresh_rules.RULES.read_text(encoding="utf-8"))
    assert shipped["source"].startswith(refresh_rules.UPSTREAM)
    assert "LESSER GENERAL PUBLIC LICENSE" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert all(re.compile(rule) for rules in shipped["hosts"].values() for rule in rules)
    assert len(shipped["hosts"]) > 100


def test_a_rule_that_would_take_the_name_of_a_story_is_not_followed() -> None:
    """ClearURLs' `[a-z]?mc` and a shop's `p` are in the list; neither is followed."""
    shipped = json.loads(refresh_rules.RULES.read_text(encoding="utf-8"))
    assert "[a-z]?mc" in shipped["global"]
    hosts = [
        "",
        *(host.removesuffix(".") + ".com" * host.endswith(".") for host in shipped["hosts"]),
    ]
    taken = [
        (name, host)
        for host in hosts
        for name in tracking._NAMES_THAT_SELECT
        if is_tracking(name, "48213", host)
    ]
    assert taken == []


@pytest.mark.parametrize(
    "name", ["utm_x", "fbclid", "gclid", "mc_cid", "Echobox", "wt_zmc", "at_x"]
)
def test_what_every_reader_brings_along_is_tracking(name: str) -> None:
    """From both lists."""
    assert is_tracking(name, "1")


def test_a_rule_of_one_house_counts_there_only() -> None:
    """With the hosts below, and for every country where the list says so."""
    assert is_tracking("smid", "tw", "cooking.nytimes.com")
    assert is_tracking("tid", "ss", "washingtonpost.com")
    assert not is_tracking("tid", "48213", "forum.example")
    assert not is_tracking("tid", "48213", "notwashingtonpost.com")
    assert is_tracking("oq", "x", "google.co.uk")


def test_what_only_some_houses_track_with_may_be_a_name() -> None:
    """A number speaks for a name."""
    assert all(may_be_tracking(name, "a") for name in ("aff", "cid", "ad_campaign", "ref"))
    assert not any(may_be_tracking(name, "48213") for name in ("aff", "cid", "ref"))
    assert not any(may_be_tracking(name, "a") for name in ("id", "gallery", "reference", "story"))
