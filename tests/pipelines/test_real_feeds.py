"""What real Blogger feeds hold is read without loss; the feeds are not in the repository."""

from html import escape
from pathlib import Path

import pytest
from lxml import etree

from pipelines.boilerplate import clean_body
from pipelines.markup.source_line import take_source_links

FEEDS = Path(__file__).parents[3] / "shared" / "samples" / "feeds"
CONTENT = "{http://www.w3.org/2005/Atom}content"

pytestmark = pytest.mark.skipif(not FEEDS.is_dir(), reason="the saved feeds are not here")


@pytest.fixture(params=sorted(path.name for path in FEEDS.glob("*_atom*.xml")))
def contents(request: pytest.FixtureRequest) -> list[str]:
    tree = etree.parse(FEEDS / request.param)
    return [content.text or "" for content in tree.iter(CONTENT)]


def test_no_post_of_another_blog_has_a_source_link(contents: list[str]) -> None:
    assert [take_source_links(content) for content in contents] == [((), c) for c in contents]


def test_no_body_holds_code(contents: list[str]) -> None:
    bodies = "\n".join(map(clean_body, contents))
    assert "</" not in bodies
    assert "{" not in bodies


def test_a_body_cleaned_again_is_the_same(contents: list[str]) -> None:
    for body in map(clean_body, contents):
        paragraphs = "".join(f"<p>{escape(text)}</p>" for text in body.split("\n\n"))
        assert clean_body(paragraphs) == body


def test_most_of_the_words_are_kept(contents: list[str]) -> None:
    for content in contents:
        # no one but libxml2 itself is the judge of what the text is
        root = etree.fromstring(f"<html><body><p>{content}", etree.HTMLParser())
        etree.strip_elements(root, "script", "style", with_tail=False)
        said = len("".join(str(text) for text in root.itertext()).split())
        assert len(clean_body(content).split()) >= 0.9 * said
