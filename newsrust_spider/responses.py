"""What a response says beside its posts: its clock, its text, and why there is none."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newsrust_spider.blogger.decode import decode_page

_WORDS = {
    "DownloadTimeoutError": "no answer in time",
    "DownloadConnectionRefusedError": "the connection is refused",
    "CannotResolveHostError": "the host's name is unknown",
    "ResponseDataLossError": "the answer breaks off",
    "DownloadCancelledError": "the answer is too large",
    "DownloadFailedError": "the connection breaks off",
}
# Twisted wraps what OpenSSL and service_identity say into one text.
_DISTRUST = ("certificate verify failed", "VerificationError")


def explain_failure(failure: Failure) -> str:
    """Return one line on a download that failed, without a stack."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"the site answers {error.response.status}"
    if isinstance(error, IgnoreRequest):
        return str(error) or type(error).__name__
    if any(word in str(error) for word in _DISTRUST):
        return "the site's certificate does not prove that it is the site"
    kind = type(error).__name__
    said = str(error).splitlines()
    return _WORDS.get(kind, f"{kind}: {said[0][:200]}" if said else kind)


def read_date(response: Response, now: datetime) -> datetime:
    """Return what the site's clock says in the ``Date`` header; ``now``, our own, without one."""
    header = (response.headers.get(b"Date") or b"").decode("latin-1")
    try:
        said = parsedate_to_datetime(header)
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return now


def decode_body(response: Response) -> str:
    """Return the text of a response: Blogger's is UTF-8, whatever a wrong header says."""
    return decode_page(response.body, getattr(response, "encoding", None))
