"""``scrapy database``: migrate it, open it with psql, print its URL, stop the embedded server."""

import argparse
import os

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsrust_spider.commands.base import TableCommand
from newsrust_spider.commands.connection import telling
from newsrust_spider.commands.terminal import tell
from newsrust_spider.database.binaries import find_binaries
from newsrust_spider.storage.migrate import migrate
from newsrust_spider.storage.servers import embedded_server


class Command(TableCommand, ScrapyCommand):
    """One verb after ``scrapy database`` says what to do."""

    arguments = ("verb", "…")

    def syntax(self) -> str:
        """Return what follows the command's name."""
        return "migrate | psql [DATABASE] | url | stop"

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Migrate the database, open it with psql, print its URL, stop the embedded one"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do what the verb says."""
        verbs = {"migrate": self._migrate, "psql": self._psql, "url": self._url, "stop": self._stop}
        if args[0] not in verbs or len(args) > 1 + (args[0] == "psql"):
            raise UsageError("say one of: migrate, psql, url, stop", print_help=False)
        verbs[args[0]](*args[1:])

    def _migrate(self) -> None:
        with self.engine() as engine:
            migrate(engine)

    def _url(self) -> None:
        with self.engine() as engine:
            url = engine.url.set(drivername="postgresql")
            tell(url.render_as_string(hide_password=True))

    def _psql(self, database: str = "") -> None:
        with self.engine() as engine:
            url = engine.url.set(drivername="postgresql")
        url = url.set(database=database or url.database)
        # The password goes by the environment: a command line is open to every user of the host.
        environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
        address = url.set(password=None).render_as_string()
        program = find_binaries() / "psql"
        os.execve(program, [str(program), address], environment)  # noqa: S606 - no shell

    def _stop(self) -> None:
        server = embedded_server(self.settings["NEWSRUST_HOME"])  # type: ignore[index]
        with telling():
            tell("stopped" if server.stop() else "it was not running")
