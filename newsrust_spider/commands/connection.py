"""The database as the commands open it: with one line, and no stack, where that fails."""

from collections.abc import Iterator
from contextlib import contextmanager

from scrapy.settings import BaseSettings
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from newsrust_spider.commands.terminal import refuse
from newsrust_spider.database.engine import DatabaseUnusableError, explain_error
from newsrust_spider.storage.migrate import check_migrated
from newsrust_spider.storage.servers import open_database
from newsrust_spider.verdict import Exit


@contextmanager
def telling() -> Iterator[None]:
    """End the process with 2 or 69, and one line, where the database cannot be used."""
    try:
        yield
    except ValueError as error:
        refuse(str(error))
    except DatabaseUnusableError as error:
        refuse(str(error), Exit.UNUSABLE)
    except SQLAlchemyError as error:
        refuse(f"the database cannot be used: {explain_error(error)}", Exit.UNUSABLE)


@contextmanager
def usable_engine(settings: BaseSettings) -> Iterator[Engine]:
    """Give the engine of the configured database; ends the process as `telling`."""
    with telling():
        engine = open_database(settings["DATABASE_URL"], settings["NEWSRUST_HOME"])
        yield engine
        engine.dispose()


@contextmanager
def connected(settings: BaseSettings) -> Iterator[Connection]:
    """Give a connection to the migrated database, to read; ends the process as usable_engine."""
    with usable_engine(settings) as engine, engine.connect() as connection:
        check_migrated(connection)
        yield connection
