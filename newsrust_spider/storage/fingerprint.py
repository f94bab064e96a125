"""Fingerprints: what makes two readings of a post, or of an article, the same."""

from hashlib import sha256

from newsrust_spider.items import Article, Post


def _digest(*parts: str) -> bytes:
    # A length before each part: ("ab", "c") and ("a", "bc") must differ.
    digest = sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(encoded))
        digest.update(encoded)
    return digest.digest()


def fingerprint_post(post: Post) -> bytes:
    """Return SHA-256 over all of ``post`` but the moment of its last change."""
    published = post.published.isoformat() if post.published else ""
    parts = (post.permalink, post.title, post.content, published, post.author, post.image_url)
    return _digest(*parts, *post.labels)


def fingerprint_article(article: Article) -> bytes:
    """Return SHA-256 over what a reader sees of ``article``, its labels and dates aside."""
    source = article.source_url or ""
    return _digest(source, article.headline, article.body, article.byline, article.image_url)
