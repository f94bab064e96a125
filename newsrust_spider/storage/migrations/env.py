"""Alembic's environment: the connection comes from ``migrate``, the tables from ``schema``."""

from alembic import context

from newsrust_spider.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
