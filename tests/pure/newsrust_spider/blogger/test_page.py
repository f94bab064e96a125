"""A post's page gives the Post that the feed gives; any other page is refused by its reason."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo import Blog, BlogPost, Shape
from demo.answer import Request
from demo.feed import entry, to_json
from demo.pages import about_page, list_page, missing_page, post_page
from newsrust_spider.blogger.entry import read_entry
from newsrust_spider.blogger.page import parse_page, read_page
from newsrust_spider.blogger.page.context import read_context
from newsrust_spider.blogger.page.kind import read_addresses
from newsrust_spider.blogger.page.tree import read_tree
from newsrust_spider.blogger.site import Site
from newsrust_spider.items import LONGEST_PAYLOAD, Article, Post, UnreadablePost
from newsrust_spider.outcomes import PostSetAside
from pipelines.boilerplate import RemoveBoilerplate
from pipelines.source_link import ExtractArticle

HOST = "127.0.0.1:8000"
SITE = Site.parse(f"http://{HOST}")
NOW = datetime.now(UTC)
BLOG = Blog(posts=300, seed=7)
PERMALINK = f"{SITE.home}/2022/06/two-dead.html"
STOCK = """<!DOCTYPE html><html><head><meta content='Two dead' property='og:title'/></head><body>
<div class='widget Blog' id='Blog1'><div class='post-outer'><div class='post hentry'>
<h3 class='post-title entry-title'>Two dead</h3>
<div class='post-body entry-content' id='post-body-42'>{body}</div>
<div class='post-footer'><span class='post-author vcard'>Posted by <span class='fn'>Ola</span>
</span><abbr class='published' title='2022-06-21T18:16:00-07:00'>6:16 PM</abbr>
<span class='post-labels'>Labels: <a href='{home}/search/label/Art%20%26%20War' rel='tag'>x</a>
</span></div></div></div></div><div id='sidebar'><div class='widget Label'>
<a rel='tag' href='{home}/search/label/Sports'>Sports</a></div></div></body></html>"""


def page_of(post: BlogPost) -> str:
    return post_page(BLOG, Shape(), Request(post.path, HOST), post)


def stock(body: str) -> str:
    return STOCK.format(body=body, home=SITE.home)


def read(html: str, permalink: str = PERMALINK, updated: datetime | None = None) -> Post:
    post = parse_page(html, SITE, permalink, NOW, updated)
    assert isinstance(post, Post), post
    return post


def refusal(html: str, permalink: str = PERMALINK) -> str:
    refused = parse_page(html, SITE, permalink, NOW, None)
    assert isinstance(refused, UnreadablePost)
    assert refused.permalink == permalink
    return refused.reason


def from_feed(post: BlogPost) -> Post:
    node = json.loads(to_json(entry(BLOG, post, Shape(), Request(post.path, HOST))))
    found = read_entry(node.get("entry", node), SITE, NOW)
    assert isinstance(found, Post)
    return found


def article_of(post: Post) -> Article | str:
    """Give the article of a post; the reason where the pipelines set it aside."""
    try:
        return RemoveBoilerplate().process_item(ExtractArticle().process_item(post))
    except PostSetAside as refused:
        return repr(refused)


@pytest.fixture(scope="module")
def both() -> list[tuple[Post, Post]]:
    """Read each post of the stand-in from its feed and from its page."""
    fed = [from_feed(post) for post in BLOG.posts()]
    return [
        (one, read(page_of(post), SITE.home + post.path, one.updated))
        for one, post in zip(fed, BLOG.posts(), strict=True)
    ]


def test_every_page_of_the_stand_in_gives_the_post_of_its_feed(
    both: list[tuple[Post, Post]],
) -> None:
    assert len(both) == 300
    for fed, paged in both:
        assert fed.published
        # A page shows no milliseconds.
        assert paged == replace(fed, published=fed.published.replace(microsecond=0))


def test_every_page_of_the_stand_in_gives_the_article_of_its_feed(
    both: list[tuple[Post, Post]],
) -> None:
    for posts in both:
        fed, paged = map(article_of, posts)
        if isinstance(fed, str) or isinstance(paged, str):
            assert fed == paged
            continue
        names = (
            *("source_link", "source_url", "publisher", "headline", "body", "excerpt", "byline"),
            *("image_url", "word_count", "cleaning"),
        )
        for name in names:
            assert getattr(paged, name) == getattr(fed, name), (posts[0].permalink, name)


def test_a_page_of_magone_does_not_load_the_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    assert read(page_of(BLOG.posts()[0])).content


@pytest.mark.parametrize(
    "content",
    [
        "<p>Before</div></div></div> and after.</p>",
        "<div><div><b>Never closed.",
        "<p>A counter: <!-- post-body-inner --> here.</p>",
        "<p>About &lt;div class='post-body-inner'&gt; itself.</p>",
        "<script>var post = 1;</script><p>Text.</p>",
    ],
)
def test_broken_markup_in_a_post_does_not_end_its_body(content: str) -> None:
    post = BLOG.posts()[1]
    html = page_of(post).replace(post.content, content)
    found = read(html)
    assert found.content == content
    assert found.labels == post.labels
    assert found.post_id == post.post_id


def test_a_post_without_labels_takes_none_from_beside_it() -> None:
    assert read(page_of(replace(BLOG.posts()[0], labels=()))).labels == ()


def test_a_post_without_a_title_takes_none_from_the_blog() -> None:
    assert not read(page_of(replace(BLOG.posts()[0], title=""))).title


def test_the_hidden_words_and_labels_are_not_in_the_content() -> None:
    content = read(page_of(BLOG.posts()[0])).content
    for hidden in ("post-excerpt", "Loaded All Posts", "magone-labels", "adsbygoogle"):
        assert hidden not in content


def test_a_stock_theme_gives_the_same_fields() -> None:
    found = read(stock("<p>Two are dead.</p>"))
    assert found.content.strip() == "<p>Two are dead.</p>"
    assert (found.post_id, found.title, found.author) == ("42", "Two dead", "Ola")
    assert found.labels == ("Art & War",)
    assert found.published == found.updated == datetime(2022, 6, 22, 1, 16, tzinfo=UTC)


def test_the_theme_s_parts_inside_the_body_go() -> None:
    body = "<p>Text.</p><div class='post-share-buttons'>Share</div><div class='jump-link'>m</div>"
    assert read(stock(body)).content.strip() == "<p>Text.</p>"


@pytest.mark.parametrize(
    "body",
    [
        "<noscript><p>Two are dead.</p></noscript>",
        "<script type='text/template'><p>Two are dead.</p></script>",
    ],
)
def test_a_body_kept_from_browsers_is_taken_from_where_it_is(body: str) -> None:
    assert read(stock(body)).content == "<p>Two are dead.</p>"


def test_a_theme_without_hooks_is_left_to_the_extractor() -> None:
    told = [f"The harbour was closed on day {n} of the storm, the pilots said. " * 5 for n in "123"]
    prose = "".join(f"<p>{text}</p>" for text in told)
    html = f"<html><body><h1>Storm</h1><article>{prose}</article></body></html>"
    article = article_of(read(html))
    assert isinstance(article, Article)
    assert article.body.split("\n\n") == [text.strip() for text in told]


@pytest.mark.parametrize(
    "path",
    ["/", "/search", "/search?q=storm", "/search/label/World", "/2022/", "/2022/06/"],
)
def test_lists_are_no_posts(path: str) -> None:
    assert refusal(list_page(BLOG, Shape(), Request(path, HOST))) == "not_a_post"


def test_static_pages_are_no_posts() -> None:
    assert refusal(about_page(BLOG, Shape(), Request("/p/about.html", HOST))) == "not_a_post"


def test_the_404_page_is_not_found() -> None:
    html = missing_page(BLOG, Shape(), Request("/2022/06/gone.html", HOST))
    assert refusal(html) == "not_found"


def test_the_404_of_an_unknown_theme_is_known_by_its_words() -> None:
    words = "Sorry, the page you were looking for in this blog does not exist."
    assert refusal(f"<html><body><p>{words}</p></body></html>") == "not_found"


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><div id='app'></div><script>render()</script></body></html>",
        stock("<script>document.write(post)</script>").replace("Sports", "Sports " * 100),
        "<html><head><meta name='blogger-template' content='dynamic'/></head><body></body></html>",
        page_of(BLOG.posts()[0]).replace(BLOG.posts()[0].content, "<script>load()</script>"),
    ],
)
def test_a_body_that_only_scripts_would_write_is_refused(html: str) -> None:
    assert refusal(html) == "script_only"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("hello", "not_html"),
        (page_of(BLOG.posts()[0])[:9000], "truncated"),
        (stock("<b>" * 3000 + "x"), "too_deep"),
        (stock("<i>x</i>" * 150_000), "too_large"),
        (stock("<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x</p>"), "too_large"),
        (stock("x" * 5_000_000), "too_large"),
        (stock("<div>" * 1000 + "<i>x</i>" * 9000), "too_deep"),
        (f"<html><body>{'<p>x y z' * 30_000}</body></html>", "too_large"),
        (stock("<!-- "), "no_body"),
        ("<html><body><p>Hi.</p></body></html>", "no_body"),
        ("<html><p>Unusual traffic from your computer network</html>", "blocked"),
        (stock("<p>Text.</p>").replace("2022-06-21T18", "2922-06-21T18"), "future_date"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_reason(html: str, reason: str) -> None:
    assert refusal(html) == reason


def test_a_page_names_its_blog_and_its_post() -> None:
    post = BLOG.posts()[0]
    context = read_context(page_of(post))
    assert (context.blog_id, context.post_id) == (BLOG.blog_id, post.post_id)


def test_a_post_may_speak_of_unusual_traffic() -> None:
    html = stock("<p>Text.</p>").replace("Two dead", "Unusual traffic, no captcha")
    link = f"<link rel='canonical' href='{PERMALINK}'/></head>"
    assert read(html.replace("</head>", link)).title.startswith("Unusual")


def test_a_last_change_in_the_future_is_not_believed() -> None:
    later = NOW + timedelta(days=30)
    found = parse_page(stock("<p>Text.</p>"), SITE, PERMALINK, NOW, later)
    assert isinstance(found, Post)
    assert found.updated == found.published
    assert found.mended == ("future_updated",)


def test_a_page_without_any_moment_is_as_old_as_its_visit() -> None:
    found = read(stock("<p>Text.</p>").replace("title='2022", "lang='2022"))
    assert (found.published, found.updated) == (None, NOW)
    assert found.mended == ("no_published", "no_updated")


def test_an_alias_of_a_page_has_the_address_of_the_page() -> None:
    assert read(stock("<p>Text.</p>"), f"{PERMALINK}?m=1#c2").permalink == PERMALINK


def test_the_raw_page_is_kept_within_bounds() -> None:
    assert read(stock("<p>Text.</p>")).payload == stock("<p>Text.</p>").encode()
    assert len(read(stock("<p>" + "é" * 900_000)).payload) == LONGEST_PAYLOAD


def named(html: str, permalink: str = PERMALINK) -> tuple[str, tuple[str, ...]]:
    page = read_page(html, SITE, permalink, NOW, None)
    return page.post_id, page.addresses


def headed(head: str, body: str = "<p>Text.</p>") -> str:
    return stock(body).replace("</head>", f"{head}</head>")


def test_every_page_of_the_stand_in_names_its_post() -> None:
    for post in BLOG.posts():
        number, addresses = named(page_of(post), SITE.home + post.path)
        assert (number, set(addresses)) == (post.post_id, {SITE.home + post.path})


def test_a_page_names_itself_whatever_was_asked_for() -> None:
    one, other = BLOG.posts()[:2]
    assert named(page_of(one), SITE.home + other.path)[0] == one.post_id
    assert SITE.home + other.path not in named(page_of(one), SITE.home + other.path)[1]


def test_addresses_are_given_in_their_one_spelling_and_no_more_than_that() -> None:
    head = (
        f"<link rel='canonical' href=' {PERMALINK}?m=1#c2 '/><link rel='canonical' href='//[x'/>"
        "<meta property='og:url' content='https://me:secret@b.example/x'/>"
    )
    assert named(headed(head)) == ("42", (PERMALINK, "https://b.example/x"))


def test_a_page_without_an_address_or_a_number_names_none() -> None:
    assert named(stock("<p>Text.</p>")) == ("42", ())
    nameless = headed(f"<link rel='canonical' href='{PERMALINK}'/>").replace("post-body-42", "x")
    assert named(nameless) == ("", (PERMALINK,))


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><p>Checking your browser before you go on.</p></body></html>",
        "<html><body><h1>Content warning</h1><p>It may contain adult content.</p></body></html>",
        "<html><body><h1>We are down for maintenance.</h1></body></html>",
        "%PDF-1.4",
        "",
    ],
)
def test_a_page_that_is_none_of_the_blog_s_names_nothing(html: str) -> None:
    page = read_page(html, SITE, PERMALINK, NOW, NOW)
    assert isinstance(page.post, UnreadablePost)
    assert (page.post_id, page.addresses) == ("", ())


def test_a_page_whose_text_cannot_be_read_is_named_all_the_same() -> None:
    post = BLOG.posts()[0]
    html = page_of(post).replace(post.content, "<script>load()</script>")
    page = read_page(html, SITE, SITE.home + post.path, NOW, None)
    assert isinstance(page.post, UnreadablePost)
    assert (page.post.reason, page.post_id) == ("script_only", post.post_id)
    assert page.addresses[0] == SITE.home + post.path


def test_what_has_no_address_of_its_own_is_refused_before_it_is_read() -> None:
    page = read_page(stock("<p>Text.</p>"), SITE, "x", NOW, None)
    assert isinstance(page.post, UnreadablePost)
    assert (page.post.reason, page.addresses) == ("no_url", ())


def test_addresses_are_read_in_the_order_of_the_page() -> None:
    tree = read_tree(
        "<html><head><meta property='og:url' content=' b '/><link rel='canonical' href='a'/>"
        "<link rel='alternate' href='c'/></head><body></body></html>"
    )
    assert read_addresses(tree) == ("b", "a")


PIECES = st.sampled_from(
    [
        *("<div class='post-body'>", "<div class='post-body-inner'>", "</div>", "<h1>", "<p>x</p>"),
        *("<div id='post-body-12'>", "<a rel='tag' href='//[x/search/label/%ff'>", "<noscript>"),
        *("<abbr title='0000-00-00T00:00'>", "_SetDataContext([{'postId': '\\ud800'", "\x00"),
        *(
            "<script type='application/ld+json'>[{\"@type\": []}]</script>",
            "&#0;&#xD800;",
            "\ud800",
        ),
        *("<!--", "-->", "<![CDATA[", "<plaintext>", "<body class='item'>", "<div class='post-bre"),
        *("<link rel='canonical' href='http://[/'>", "<frameset>", "<svg><p>", "<a data-id='1'>"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=30), max_size=25).map("".join), st.booleans())
def test_no_page_raises(html: str, ended: bool) -> None:  # noqa: FBT001 - drawn
    found = parse_page(html + ("</html>" if ended else ""), SITE, PERMALINK, NOW, None)
    assert isinstance(found, Post | UnreadablePost)
    assert article_of(found) if isinstance(found, Post) else found.reason
