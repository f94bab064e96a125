"""What an error in the middle of a crawl says of it: the database, another crawl, or a defect."""

from sqlalchemy.exc import SQLAlchemyError

from newsrust_spider.database.engine import DatabaseUnusableError, explain_error
from newsrust_spider.database.errors import LockLostError
from newsrust_spider.database.lock import SiteBusyError
from newsrust_spider.verdict import Exit, Verdict


def judge_error(error: BaseException | None, where: str) -> Verdict:
    """Return the verdict on a crawl that ``error`` ended; ``where`` places a defect.

    >>> judge_error(SiteBusyError("another crawl of a.example is running"), "opening").status
    <Exit.BUSY: 75>
    >>> from newsrust_spider.storage.blogs import AnotherBlogError
    >>> judge_error(AnotherBlogError("a.example is blog 1, and answers as blog 2"), "the spider")
    Verdict(status=<Exit.UNUSABLE: 69>, reason='a.example is blog 1, and answers as blog 2')
    >>> judge_error(KeyError("link"), "a stage").reason
    'a defect: KeyError in a stage'
    """
    if isinstance(error, SiteBusyError | LockLostError):
        return Verdict(Exit.BUSY, str(error))
    if isinstance(error, DatabaseUnusableError):
        return Verdict(Exit.UNUSABLE, str(error))
    if isinstance(error, SQLAlchemyError):
        return Verdict(Exit.UNUSABLE, f"the database cannot be used: {explain_error(error)}")
    return Verdict(Exit.DEFECT, f"a defect: {type(error).__name__} in {where}")
