"""What news-please makes of the stand-in site: whether it starts, what it asks for and keeps.

It looks for articles on publishers' sites; labels and the links to originals it does not know.
"""

import json
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from demo.blog import Blog
from demo.site import StandIn

PATIENCE = 240.0
WEB_PORT = 80  # news-please takes another port for a part of the domain, and visits nothing


def try_news_please(blog: Blog) -> str:
    """Run news-please once, undisturbed, with its own settings; return a sentence on it."""
    spec = find_spec("newsplease")
    if not (spec and spec.submodule_search_locations):
        return "not run: it is not installed"
    defaults = Path(spec.submodule_search_locations[0]) / "config" / "config.cfg"
    with site_of(blog) as site, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        address = site.url.removesuffix(f":{WEB_PORT}")
        sites = {"base_urls": [{"url": f"{address}/"}]}
        (home / "sitelist.hjson").write_text(json.dumps(sites))
        config = re.sub(r"(?m)^working_path = .*", f"working_path = {home}", defaults.read_text())
        (home / "config.cfg").write_text(config)
        status = run(home)
        kept = len(list(home.glob("data/**/*.json")))
        asked = sum(blog.by_path(target) is not None for target in site.requests)
    return f"exit {status}, {asked} post pages fetched, {kept} articles kept of {len(blog)} posts"


def site_of(blog: Blog) -> StandIn:
    """Return the site on the web's own port where that can be had, else on any."""
    try:
        return StandIn(blog=blog, port=WEB_PORT)
    except OSError:
        return StandIn(blog=blog)


def run(home: Path) -> int | str:
    """Run the program with the configuration in ``home``; return its exit status."""
    command = [sys.executable, "-m", "newsplease", "-c", str(home)]
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603 - its own program
            command, check=False, stdin=quiet, stdout=quiet, stderr=quiet, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return f"none within {PATIENCE:.0f} s"
    return done.returncode
