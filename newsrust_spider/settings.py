"""The wiring, and the only reader of the environment. A number that is not Scrapy's says why."""

import os
import sys
from typing import NoReturn

from newsrust_spider import __version__


def _refuse(name: str, remedy: str) -> NoReturn:
    # Scrapy loads this module before any command of ours could print one line.
    sys.stderr.write(f"newsrust: {name} {remedy}\n")
    raise SystemExit(2)


def _read_number(name: str, default: float, unit: str = "seconds") -> float:
    text = os.environ.get(name) or str(default)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e9:  # noqa: PLR2004 - also refuses nan and inf
        _refuse(name, f"must be a number of {unit}, not {text!r}")
    return number


# --- The environment: all of it, and .env.example lists the same names -----------------------
DATABASE_URL = os.environ.get("DATABASE_URL", "")
"""The database; empty: the embedded server."""
NEWSRUST_HOME = os.environ.get("NEWSRUST_HOME", "")
"""Where the embedded server keeps its files; empty: the user's data folder."""
NEWSRUST_CONTACT = os.environ.get("NEWSRUST_CONTACT", "")
"""An address that the site's owner can write to; part of the user agent."""
DOWNLOAD_DELAY = _read_number("NEWSRUST_DELAY", 1.0)
"""Seconds between two requests. Blogger publishes no limit; 1 s is what its archivists keep."""
CLOSESPIDER_TIMEOUT = _read_number("NEWSRUST_TIME_LIMIT", 6 * 3600.0)
"""Seconds that a crawl may take: a first one of 300,000 posts needs about one and a half hours,
and a stopped process would otherwise hold its lock for ever."""
NEWSRUST_MOST_REJECTED = int(_read_number("NEWSRUST_MOST_REJECTED", 50, "posts"))
"""Posts that a crawl may reject: more of them are not bad posts, but a site that has changed."""

# --- The project ---------------------------------------------------------------------------
BOT_NAME = "newsrust"
SPIDER_MODULES = ["newsrust_spider.spiders"]
COMMANDS_MODULE = "newsrust_spider.commands"
ITEM_PIPELINES = {
    "pipelines.source_link.ExtractArticle": 100,
    "pipelines.boilerplate.RemoveBoilerplate": 200,
    "pipelines.duplicates.SetAsideDuplicates": 300,
    "pipelines.postgres.StoreArticle": 400,
}
EXTENSIONS = {
    "newsrust_spider.extensions.crawl_record.CrawlRecord": 0,
    "newsrust_spider.extensions.progress.Progress": 10,
    "newsrust_spider.extensions.memory_limit.MemoryLimit": 0,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.logstats.LogStats": None,
}
DOWNLOADER_MIDDLEWARES = {
    "newsrust_spider.middlewares.tables.AnswerFromTables": 30,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "newsrust_spider.middlewares.tables.CountTheWire": 850,
    "newsrust_spider.middlewares.same_site.SameSite": 40,
    # Its own judgement of a host's ports and schemes is too kind; ours stands in front.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newsrust_spider.middlewares.robots.ObeyRobots": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "newsrust_spider.middlewares.encoding.DecodeGzip": 590,
    # Behind Scrapy's retries (550), so that it sees a response before they do.
    "newsrust_spider.middlewares.retry_after.HeedRetryAfter": 560,
}

# --- Polite ----------------------------------------------------------------------------------
USER_AGENT = f"newsrust/{__version__} (news archive" + (
    f"; {NEWSRUST_CONTACT})" if NEWSRUST_CONTACT else ")"
)
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newsrust"
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # a walk by key asks for one page at a time anyway
CONCURRENT_REQUESTS = 1  # what waits in the downloader goes out also after SIGTERM or a 429

# --- Bounded ---------------------------------------------------------------------------------
DOWNLOAD_TIMEOUT = 20.0  # of a whole answer; SIGTERM waits for it, and must end within 30 s
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # the default of 1 GiB lets 2 KB of gzip take 2 GB
DOWNLOAD_WARNSIZE = 0
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # our own line says what failed
REDIRECT_MAX_TIMES = 5
MEMUSAGE_LIMIT_MB = 512
MEMUSAGE_CHECK_INTERVAL_SECONDS = 5.0
URLLENGTH_LIMIT = 2083

# --- Safe ------------------------------------------------------------------------------------
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "newsrust_spider.middlewares.resolver.PublicOnlyResolver"
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False  # the middleware fetches the public suffix list, from elsewhere
HTTPPROXY_ENABLED = False  # a proxy from the environment would pass by the same-site rule
REFERRER_POLICY = "same-origin"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # on by default, a port that runs Python

# --- A log that one is glad to get by mail ---------------------------------------------------
LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S"
LOG_FORMATTER = "newsrust_spider.log.ShortFormatter"
LOG_VERSIONS: list[str] = []
