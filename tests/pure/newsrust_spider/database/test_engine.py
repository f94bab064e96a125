import pytest

from newsrust_spider.database.engine import read_database_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_the_scheme_means_psycopg2(scheme: str) -> None:
    assert read_database_url(f"{scheme}://u:p@localhost/db").drivername == "postgresql+psycopg2"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:s3cr3t@p@localhost/db",
        "postgresql//u:s3cr3t@localhost/db",
        "mysql://u:s3cr3t@localhost/db",
        "postgresql://u:s3cr3t@localhost:port/db",
        "postgresql://u:s3cr3t@localhost",
        "postgresql://u:s3cr3t@db.example/db",
        "postgresql://u:s3cr3t@db.example/db?sslmode=require",
        "postgresql:///db?host=db.example",
        "postgresql://u:s3cr3t@localhost/db?sslmode=s3cr3t",
        "postgresql://u:s3cr3t@localhost/db?connect_timeout=60",
        "postgresql://u:s3cr3t@localhost/db?options=-c%20search_path%3Ds3cr3t",
        "postgresql://u:s3cr3t%00@localhost/db",
        "postgresql://u:s3cr3t@localhost/db\nx",
        "postgresql://u:s3cr3t%0A@localhost/db",
        "postgresql://u:s3cr3t@localhost:99999/db",
        "'postgresql://u:s3cr3t@localhost/db'",
        "postgresql+asyncpg://u:s3cr3t@localhost/db",
        "postgres:/u:s3cr3t@localhost/db",
        "host=localhost password=s3cr3t dbname=db",
        "s3cr3t",
        "",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(ValueError, match="DATABASE_URL") as refusal:
        read_database_url(address)
    assert "s3cr3t" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u@127.0.0.1/db",
        "postgresql:///db?host=/var/run/postgresql",
        "postgresql://u:p%40x@db.example/db?sslmode=verify-full",
        "postgresql://u:p@postgres/db?sslmode=disable",
    ],
)
def test_local_servers_and_verified_or_waived_encryption_are_taken(address: str) -> None:
    assert read_database_url(address).database == "db"
