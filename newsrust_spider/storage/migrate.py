"""Migrations: alembic, called from here with a connection of ours and a lock around it."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

from newsrust_spider.database.engine import DatabaseUnusableError
from newsrust_spider.database.patience import Patience

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported where it is needed: a second crawl is turned away without it, 0.1 s sooner.
# ruff: noqa: PLC0415

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('newsrust:migrations', 0))"


def alembic_config(connection: Connection) -> "Config":
    """Return alembic's configuration for our migrations over ``connection``."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision; of two at once, the second waits for the first."""
    from alembic import command

    def upgrade(connection: Connection) -> None:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(_LOCK))
        # One that waits behind a long reader makes everybody wait behind itself: it gives way,
        # and is run again.
        connection.execute(text("SET LOCAL lock_timeout = '3s'"))
        command.upgrade(alembic_config(connection), "head")

    Patience().run(engine, upgrade)


def check_migrated(connection: Connection) -> None:
    """Raise DatabaseUnusableError unless the tables are at the revision of this code."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    wanted = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
    found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        state = f"at revision {found}, not {wanted}" if found else "not there yet"
        raise DatabaseUnusableError(f"the tables are {state}: run `scrapy database migrate`")
