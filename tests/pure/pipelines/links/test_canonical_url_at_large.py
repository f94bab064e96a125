"""Thousands of posts whose publishers' links the stand-in spells in every way that it knows."""

import re
from collections import defaultdict

from demo.blog import Blog
from pipelines.links.canonical_url import canonical_url
from tests.forms import LONG

POSTS = 20_000 if LONG else 5_000


def test_every_spelling_of_a_source_link_unifies_and_no_two_stories_are_merged() -> None:
    blog = Blog(POSTS, seed=1)
    urls_of_story = defaultdict(set)
    stories_of_url = defaultdict(set)
    spellings = set()
    for post in blog.posts():
        if post.source_link:
            url = canonical_url(post.source_link)
            urls_of_story[post.story].add(url)
            stories_of_url[url].add(post.story)
            spellings.add(re.sub(r"[a-z0-9-]{6,}", "", post.source_link))
    assert len(urls_of_story) > POSTS * 0.95
    assert len(spellings) > 50
    assert {story: urls for story, urls in urls_of_story.items() if len(urls) > 1} == {}
    assert {url: stories for url, stories in stories_of_url.items() if len(stories) > 1} == {}
