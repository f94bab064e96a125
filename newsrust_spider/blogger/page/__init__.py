"""A post's page, in MagOne or any other theme: HTML in, the Post that the feed would give out."""

from dataclasses import dataclass
from datetime import datetime

from newsrust_spider.blogger.labels import clean_labels
from newsrust_spider.blogger.moment import FUTURE
from newsrust_spider.blogger.page.around import surroundings_of
from newsrust_spider.blogger.page.body import read_body
from newsrust_spider.blogger.page.context import read_context
from newsrust_spider.blogger.page.fields import (
    read_author,
    read_image,
    read_labels,
    read_post_id,
    read_title,
)
from newsrust_spider.blogger.page.kind import read_addresses, refuse_other_pages
from newsrust_spider.blogger.page.moment import read_published
from newsrust_spider.blogger.page.tree import Element, read_tree
from newsrust_spider.blogger.site import Site
from newsrust_spider.blogger.value import UnreadableEntryError
from newsrust_spider.flags import Flag
from newsrust_spider.items import LONGEST_PAYLOAD, Post, UnreadablePost
from newsrust_spider.reasons import Reason
from newsrust_spider.text import mend_text


@dataclass(frozen=True, slots=True)
class NamedPage:
    """What is on a page, and which post that is by the page's own account.

    ``post_id`` are the digits of its number, ``addresses`` what it calls its own address, in our
    spelling; "" and () where it does not say so.
    """

    post: Post | UnreadablePost
    post_id: str
    addresses: tuple[str, ...]


def read_page(
    html: str, site: Site, permalink: str, seen_at: datetime, updated: datetime | None
) -> NamedPage:
    """Return what stands on the page at ``permalink``, ``html``, received at ``seen_at``.

    ``updated`` is what the sitemap or a short feed says; without it, or where it is in the future,
    the post counts as unchanged since it was published, or else since ``seen_at``. Never raises:
    what is no post's page, or cannot be read, comes back as an UnreadablePost that says why.
    """
    address = site.permalink(permalink)
    payload = html[:LONGEST_PAYLOAD].encode("utf-8", "replace")[:LONGEST_PAYLOAD]
    addresses: tuple[str, ...] = ()
    try:
        if not address:
            raise UnreadableEntryError(Reason.NO_URL, "the page has no address of its own")
        root = read_tree(html)
        addresses = tuple(filter(None, map(site.permalink, read_addresses(root))))
        post = _read_post(root, html, site, address, seen_at, updated, payload)
        post_id = post.post_id if post.post_id != address else ""
        return NamedPage(post, post_id, addresses)
    except UnreadableEntryError as error:
        post_id = read_context(html).post_id
        unreadable = UnreadablePost(
            site=site.name,
            post_id=post_id,
            permalink=address,
            reason=error.reason,
            detail=error.detail,
            payload=payload,
        )
        return NamedPage(unreadable, post_id, addresses)


def parse_page(
    html: str, site: Site, permalink: str, seen_at: datetime, updated: datetime | None
) -> Post | UnreadablePost:
    """Return the post on the page at ``permalink``; see `read_page`."""
    return read_page(html, site, permalink, seen_at, updated).post


def _read_post(  # noqa: PLR0913, PLR0917 - what read_page was given
    root: Element,
    html: str,
    site: Site,
    permalink: str,
    seen_at: datetime,
    updated: datetime | None,
    payload: bytes,
) -> Post:
    context = read_context(html)
    refuse_other_pages(root, html, context, permalink)
    body = read_body(root, html, context)
    around = surroundings_of(body.element, root)
    published = read_published(root, around, seen_at)
    labels, mended = clean_labels(read_labels(around))
    post_id = read_post_id(root, around, context)
    if not post_id:
        mended += (Flag.NO_ID,)
    if published is None:
        mended += (Flag.NO_PUBLISHED,)
    if updated is not None and updated > seen_at + FUTURE:
        mended, updated = (*mended, Flag.FUTURE_UPDATED), None
    if updated is None and published is None:
        mended += (Flag.NO_UPDATED,)
    return Post(
        site=site.name,
        post_id=post_id or permalink,
        permalink=permalink,
        title=mend_text(read_title(root, around, context, magone=body.magone)),
        content=mend_text(body.content),
        labels=labels,
        published=published,
        updated=updated or published or seen_at,
        author=read_author(around),
        image_url=read_image(root),
        mended=mended,
        payload=payload,
    )
