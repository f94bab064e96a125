"""Alembic's environment: the connection comes from ``migrate``, the tables from ``schema``."""

from alembic import context

import newsrust_spider.storage.known_tables
import newsrust_spider.storage.stories.tables  # noqa: F401 - both add their tables to the metadata
from newsrust_spider.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
