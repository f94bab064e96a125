"""The names of publishers."""

import pytest

from pipelines.links.canonical_url import publisher_of
from pipelines.links.publishers import _names, publisher_name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://cooking.nytimes.com/recipes/1", "The New York Times"),
        ("https://www.bbc.co.uk/news", "BBC"),
        ("https://www.lemonde.fr/a", "Le Monde"),
        ("https://www.harbor-courier.example/a", None),
    ],
)
def test_a_publisher_has_the_name_that_it_writes(url: str, name: str | None) -> None:
    """By its registered domain."""
    assert publisher_name(publisher_of(url) or "") == name


def test_every_domain_in_the_list_is_a_registered_one() -> None:
    """Another would never be asked for."""
    assert [domain for domain in _names() if publisher_of(f"https://{domain}/") != domain] == []


def test_every_name_is_one_line() -> None:
    """As it goes into a column and a heading."""
    assert len(_names()) >= 250
    assert all(name == " ".join(name.split()) != "" for name in _names().values())
