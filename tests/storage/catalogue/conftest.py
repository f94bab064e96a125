"""One database for all rows of the catalogue: each has a site of its own in it."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, create_engine, text

import pipelines.batch
from newsrust_spider.database.engine import connect_engine
from newsrust_spider.storage.ledger import Ledger


@pytest.fixture(scope="session")
def catalogue_ledger(embedded_template: URL) -> Iterator[Ledger]:
    """Open a crawl in a database of its own, for the whole session."""
    name = f"catalogue_{os.getpid()}"
    admin = create_engine(embedded_template.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        source = embedded_template.database
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{source}"'))
    admin.dispose()
    engine = connect_engine(embedded_template.set(database=name))
    ledger = Ledger.open(engine, "catalogue.example", "test")
    yield ledger
    ledger.close("complete", "", "feed", None, None)


@pytest.fixture
def ledger(catalogue_ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Give the open crawl; a batch waits no longer than for the items of its own page."""
    monkeypatch.setattr(pipelines.batch, "PATIENCE", 0)
    return catalogue_ledger
