"""Articles and their posts: how new ones are stored, and edited ones mended.

The database decides what is new: a unique source URL, and ON CONFLICT … RETURNING.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, case, func
from sqlalchemy.dialects.postgresql import insert

from newsrust_spider.items import Article, Outcome
from newsrust_spider.storage.fingerprint import fingerprint_article, fingerprint_post
from newsrust_spider.storage.held import find_articles, find_newer, find_owned
from newsrust_spider.storage.labels import gather_labels
from newsrust_spider.storage.rejected import settle_rejected
from newsrust_spider.storage.schema import article_versions, articles, posts
from newsrust_spider.storage.stories.membership import join_stories, lock_stories


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a post ended: its outcome, the article that it retells (0: none), and why not."""

    outcome: Outcome
    article_id: int = 0
    detail: str = ""


def store_articles(connection: Connection, crawl: int, batch: Sequence[Article]) -> list[Filed]:
    """Store a batch of articles with their posts, and say of each how it ended.

    A post that brought its article before edits it; of several posts with one new source URL
    the first brings the article, the others are its duplicates. A post that came twice is
    stored in its newest state; the other is unchanged, as is one that is held in a newer state.
    New articles join the story of their copies.
    """
    # Before any row is locked: of two crawls at once, one waits here and never for a row.
    lock_stories(connection)
    newer = find_newer(connection, batch)
    filed = {place: Filed(Outcome.UNCHANGED, article) for place, article in newer.items()}
    last: dict[tuple[str, str], int] = {}
    for place in sorted(range(len(batch)), key=lambda place: (batch[place].post.updated, place)):
        if place not in newer:
            last[batch[place].post.site, batch[place].post.post_id] = place
    kept = sorted(last.values())
    stored = _store_posts(connection, crawl, [batch[place] for place in kept]) if kept else []
    filed |= dict(zip(kept, stored, strict=True))
    for place, article in enumerate(batch):
        if place not in filed:
            end = filed[last[article.post.site, article.post.post_id]]
            filed[place] = replace(end, outcome=Outcome.UNCHANGED)
    settle_rejected(connection, [article.post for article in batch])
    return [filed[place] for place in range(len(batch))]


def _store_posts(connection: Connection, crawl: int, batch: Sequence[Article]) -> list[Filed]:
    owned = find_owned(connection, batch)
    filed: dict[int, Filed] = {}
    fresh: dict[int, Article] = {}
    for place, article in enumerate(batch):
        own = owned.get((article.post.site, article.post.post_id))
        if own is not None and (own.source_url == article.source_url or not own.shared):
            filed[place] = _edit_article(connection, article, own)
        else:
            fresh[place] = article
    filed |= _insert_articles(connection, fresh)
    join_stories(connection, (f.article_id for f in filed.values() if f.outcome is Outcome.NEW))
    results = [filed[place] for place in range(len(batch))]
    _write_posts(connection, crawl, batch, results)
    former = {row.id for row in owned.values()}
    gather_labels(connection, former | {f.article_id for f in results if f.outcome != Outcome.NEW})
    return results


def file_duplicates(
    connection: Connection, crawl: int, batch: Sequence[tuple[Article, int]]
) -> None:
    """File each post under the article, by its id, that another post brought.

    One that is held in a newer state is passed over.
    """
    newer = find_newer(connection, [article for article, _ in batch])
    batch = [pair for place, pair in enumerate(batch) if place not in newer]
    if not batch:
        return
    duplicates = [article for article, _ in batch]
    owned = find_owned(connection, duplicates)
    results = [Filed(Outcome.DUPLICATE, article_id) for _, article_id in batch]
    _write_posts(connection, crawl, duplicates, results)
    settle_rejected(connection, [article.post for article in duplicates])
    gather_labels(connection, {row.id for row in owned.values()} | {id_ for _, id_ in batch})


def _edit_article(connection: Connection, article: Article, own: Row[Any]) -> Filed:
    same_post = own.post_hash == fingerprint_post(article.post)
    outcome = Outcome.UNCHANGED if same_post else Outcome.CHANGED
    row = _article_row(article)
    if own.content_hash == row["content_hash"]:
        return Filed(outcome, own.id)
    if (own.headline, own.body) != (article.headline, article.body):
        connection.execute(
            article_versions.insert().values(
                article_id=own.id, headline=own.headline, body=own.body, replaced_at=func.now()
            )
        )
        row["content_changed_at"] = func.now()
    # The labels are those of all its posts: gather_labels sets them.
    del row["labels"], row["published_at"]
    connection.execute(articles.update().where(articles.c.id == own.id).values(row))
    return Filed(Outcome.CHANGED, own.id)


def _insert_articles(connection: Connection, fresh: dict[int, Article]) -> dict[int, Filed]:
    stamps = {"collected_at": func.now(), "content_changed_at": func.now()}
    statement = insert(articles).values(stamps)
    unsourced = [place for place, article in fresh.items() if article.source_url is None]
    sourced: dict[str, int] = {}
    for place, article in fresh.items():
        if article.source_url is not None:
            sourced.setdefault(article.source_url, place)
    filed: dict[int, Filed] = {}
    if unsourced:
        rows = [_article_row(fresh[place]) for place in unsourced]
        made = connection.scalars(
            statement.returning(articles.c.id, sort_by_parameter_order=True), rows
        )
        filed = {p: Filed(Outcome.NEW, id_) for p, id_ in zip(unsourced, made, strict=True)}
    if sourced:
        rows = [_article_row(fresh[place]) for place in sourced.values()]
        settled = statement.on_conflict_do_nothing(constraint="articles_source_url_key")
        made_rows = connection.execute(
            settled.returning(articles.c.source_url, articles.c.id), rows
        )
        brought = {sourced[row.source_url]: row.id for row in made_rows}
        ids = find_articles(connection, sourced)
        for place, article in fresh.items():
            if article.source_url is not None:
                outcome = Outcome.NEW if place in brought else Outcome.DUPLICATE
                filed[place] = Filed(outcome, ids[article.source_url])
    return filed


def _article_row(article: Article) -> dict[str, Any]:
    return {
        "source_url": article.source_url,
        "source_link": article.source_link,
        "publisher": article.publisher,
        "publisher_name": article.publisher_name,
        "headline": article.headline,
        "body": article.body,
        "excerpt": article.excerpt,
        "byline": article.byline,
        "image_url": article.image_url,
        "labels": sorted(article.post.labels, key=str.lower),
        "published_at": article.post.published,
        "word_count": article.word_count,
        "cleaning": list(article.cleaning),
        "content_hash": fingerprint_article(article),
    }


def _write_posts(
    connection: Connection, crawl: int, batch: Sequence[Article], filed: Sequence[Filed]
) -> None:
    rows = [
        {
            "site": article.post.site,
            "post_id": article.post.post_id,
            "permalink": article.post.permalink,
            "title": article.post.title,
            "labels": list(article.post.labels),
            "published_at": article.post.published,
            "updated_at": article.post.updated,
            "article_id": end.article_id,
            "outcome": Outcome.NEW if end.outcome is Outcome.UNCHANGED else end.outcome,
            "content": article.post.content,
            "content_hash": fingerprint_post(article.post),
            "first_crawl": crawl,
            "last_crawl": crawl,
            "gone_at": None,
        }
        for article, end in zip(batch, filed, strict=True)
    ]
    upsert = insert(posts)
    kept = ("site", "post_id", "first_crawl")
    fresh: dict[str, Any] = {name: upsert.excluded[name] for name in rows[0] if name not in kept}
    # An article that the post brought it did not bring anew: as when a commit is run again.
    brought = (posts.c.outcome == Outcome.CHANGED) & (upsert.excluded.outcome == Outcome.NEW)
    fresh["outcome"] = case((brought, Outcome.CHANGED), else_=upsert.excluded.outcome)
    upsert = upsert.on_conflict_do_update(constraint="posts_site_post_id_key", set_=fresh)
    # RETURNING: without it psycopg2 sends an upsert row by row.
    connection.execute(upsert.returning(posts.c.id), rows)
