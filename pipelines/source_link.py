"""Stage 100: a post becomes an article, known by the link to its original."""

from urllib.parse import urljoin, urlsplit

from newsrust_spider.flags import Flag
from newsrust_spider.items import Article, Post, UnreadablePost
from newsrust_spider.outcomes import PostSetAside
from newsrust_spider.reasons import Reason
from newsrust_spider.text import REPLACEMENT, one_line, without_credentials
from pipelines.links.canonical_url import NoCanonicalUrl, canonical_url, publisher_of
from pipelines.links.publishers import publisher_name
from pipelines.markup.lead_image import lead_image
from pipelines.markup.source_line import take_source_links

LONGEST_HEADLINE = 1_000
LONGEST_DETAIL = 200


class UnreadableEntry(PostSetAside):
    """The feed entry never was a post; the reason is the feed parser's."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """Keep the ``reason`` of this very entry in place of one for the class."""
        self.reason = reason
        super().__init__(_short(detail))


class SelfSource(PostSetAside):
    """The source link leads back to the aggregator."""

    reason = Reason.SELF_SOURCE


class BadSourceUrl(PostSetAside):
    """The source link is no address on the web."""

    reason = Reason.BAD_SOURCE_URL


class ExtractArticle:
    """Takes the source link out of a post and makes it an article."""

    def process_item(self, item: Post | UnreadablePost) -> Article:
        """Give the article of a post, or set it aside with its reason.

        Raises `UnreadableEntry`, `SelfSource`, `BadSourceUrl`, `TooDeep`, `TooLarge`.
        """
        if isinstance(item, UnreadablePost):
            raise UnreadableEntry(item.reason, item.detail)
        return extract_article(item)


def extract_article(post: Post) -> Article:
    """Give the article of ``post``; its content has lost the line of the source link.

    Among several source links the last that leads to the web and away from the aggregator
    counts. A post without any is an article without `source_url`.
    """
    links, content = take_source_links(post.content)
    source_link, source_url = choose_source(links, post) if links else ("", None)
    publisher = publisher_of(source_url) if source_url else None
    headline = one_line(post.title)
    cleaning = {
        Flag.SEVERAL_SOURCE_LINKS: len(links) > 1,
        Flag.HEADLINE_CUT: len(headline) > LONGEST_HEADLINE,
        Flag.BROKEN_CHARACTERS: REPLACEMENT in post.title or REPLACEMENT in post.content,
    }
    return Article(
        post=post,
        source_link=source_link,
        source_url=source_url,
        publisher=publisher,
        publisher_name=publisher_name(publisher) if publisher else None,
        headline=headline[:LONGEST_HEADLINE].rstrip(),
        content=content,
        image_url=lead_image(post.image_url, content),
        cleaning=(*post.mended, *(flag for flag, raised in cleaning.items() if raised)),
    )


def choose_source(links: tuple[str, ...], post: Post) -> tuple[str, str]:
    """Give the last usable of ``links`` as it is written, and its canonical form.

    Raises the refusal of the last one where none is usable.
    """
    refusals: list[SelfSource | BadSourceUrl] = []
    for link in reversed(links):
        try:
            return without_credentials(link.strip()), source_url_of(link, post)
        except (SelfSource, BadSourceUrl) as refusal:
            refusals.append(refusal)
    raise refusals[0]


def source_url_of(link: str, post: Post) -> str:
    """Give the canonical form of a source link; raises `SelfSource` and `BadSourceUrl`."""
    url = _absolute(link, post.permalink)
    if REPLACEMENT in url:  # what the address named is not known any more
        raise BadSourceUrl(_quoted(link))
    own_hosts = {_host(post.permalink), _host(f"//{post.site.rpartition('//')[2]}")} - {""}
    try:
        found = canonical_url(url)
    except NoCanonicalUrl as error:
        if _is_own(_host(url), own_hosts):
            raise SelfSource(_quoted(link)) from error
        raise BadSourceUrl(f"{_quoted(link)}: {error}"[:LONGEST_DETAIL]) from error
    if _is_own(_host(found), own_hosts):
        raise SelfSource(_quoted(link))
    return found


def _absolute(link: str, permalink: str) -> str:
    """Give ``link`` as a browser would read it on the post's own page."""
    # browsers drop line ends and tabs inside an address (URL standard, 4.4)
    link = "".join(link.strip().splitlines()).replace("\t", "")
    try:
        return urljoin(permalink, link) if link.startswith(("/", "?", "#")) else link
    except ValueError:
        return link


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removesuffix(".").removeprefix("www.")


def _is_own(host: str, own_hosts: set[str]) -> bool:
    return any(host == own or host.endswith(f".{own}") for own in own_hosts)


def _quoted(link: str) -> str:
    return repr(without_credentials(link)[:100])


def _short(detail: str) -> str:
    return one_line(detail)[:LONGEST_DETAIL]
