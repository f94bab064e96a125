"""Compressed answers: decoded whole, or asked for once more without compression."""

import zlib
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response, TextResponse
from scrapy.responsetypes import responsetypes

GZIP = 31
"""zlib's ``wbits`` for a stream with gzip's own header and trailer."""


class EncodingError(IgnoreRequest):
    """A compressed answer that cannot be decoded to its end."""


class DecodeGzip:
    """Takes gzip in one layer and nothing else: it is what Blogger sends.

    Scrapy's own middleware takes a stream that breaks off for a whole answer and an encoding
    that it does not know for plain text, and undoes layer upon layer.
    """

    def __init__(self, largest: int) -> None:
        """Take the most bytes that an answer may have once it is decoded."""
        self._largest = largest

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for ``crawler``."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Ask for gzip, unless the request says what it wants."""
        request.headers.setdefault(b"Accept-Encoding", b"gzip")

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Return the decoded response, or a request for the plain one; EncodingError after that."""
        names = b",".join(response.headers.getlist("Content-Encoding")).strip().lower()
        if names in {b"", b"identity"} or not response.body:
            return response
        try:
            body = decode_body(names.decode("latin-1"), response.body, self._largest)
        except EncodingError:
            if request.headers[b"Accept-Encoding"] == b"identity":
                raise
            plain = request.replace(dont_filter=True)
            plain.headers[b"Accept-Encoding"] = b"identity"
            return plain
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        encoding = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, body=body, headers=headers, **encoding)


def decode_body(encoding: str, body: bytes, largest: int) -> bytes:
    """Return ``body`` as it was before ``encoding``; EncodingError where that cannot be whole.

    >>> import gzip
    >>> decode_body("gzip", gzip.compress(b"news"), 16)
    b'news'
    >>> decode_body("gzip", gzip.compress(b"news")[:-9], 16)
    Traceback (most recent call last):
    ...
    newsrust_spider.middlewares.encoding.EncodingError: truncated: the gzip stream breaks off
    """
    if encoding not in {"gzip", "x-gzip"}:
        raise EncodingError(f"encoding: the answer is encoded as {encoding[:40]!r}")
    stream = zlib.decompressobj(wbits=GZIP)
    try:
        plain = stream.decompress(body, largest + 1)
    except zlib.error:
        raise EncodingError("encoding: the answer says that it is gzip, and is not") from None
    if len(plain) > largest:
        raise EncodingError(f"too_large: the answer has over {largest} bytes")
    if not stream.eof:
        raise EncodingError("truncated: the gzip stream breaks off")
    if stream.unused_data:
        raise EncodingError("encoding: something follows the end of the gzip stream")
    return plain
