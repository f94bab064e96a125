from sqlalchemy import Engine, text


def test_a_transaction_reads_what_is_committed_whatever_the_default_is(database: Engine) -> None:
    with database.begin() as connection:
        name = connection.engine.url.database
        connection.execute(
            text(f'ALTER DATABASE "{name}" SET default_transaction_isolation TO serializable')
        )
    database.dispose()
    with database.connect() as connection:
        assert connection.scalar(text("SHOW default_transaction_isolation")) == "serializable"
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"
