"""``python -m demo [--port N] [--posts N] [--seed N]``: serve until interrupted."""

import argparse
import signal
import threading

from demo.site import StandIn


def main() -> None:
    """Read the arguments, print the address, serve."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="A stand-in Newsrust.")
    parser.add_argument(
        "--port", type=int, default=0, help="port on loopback (default: a free one)"
    )
    parser.add_argument("--posts", type=int, default=600, help="number of posts (default: 600)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same news")
    wanted = parser.parse_args()
    ended = threading.Event()
    for stop_signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop_signal, lambda *_: ended.set())
    with StandIn(posts=wanted.posts, seed=wanted.seed, port=wanted.port) as site:
        print(site.url, flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
