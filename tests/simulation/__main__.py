"""Play new histories: ``python -m tests.simulation 100000``; exit 1 where one breaks a promise."""

import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from random import SystemRandom

from tests.simulation.history import History, find_break
from tests.simulation.invariants import Broken
from tests.simulation.script import STEPS, Script, draw, shrink
from tests.simulation.site import Endless

CHUNK = 500
Met = Counter[tuple[str, str]]


def play(seeds: Iterable[int]) -> tuple[Met, list[int]]:
    """Play the histories of some seeds; return which fault met which question, and what broke."""
    met: Met = Counter()
    broken = []
    for seed in seeds:
        history = History(draw(seed))
        try:
            history.run()
        except (Broken, Endless):
            broken.append(seed)
        met.update(history.met)
    return met, broken


def print_script(script: Script) -> None:
    """Print a history as a program that plays it."""
    steps = "\n".join(f"    (Step.{step.name}, {seed})," for step, seed in script.steps)
    print(
        f"\n# {find_break(script)}\n"
        "from tests.simulation.history import find_break\n"
        "from tests.simulation.script import Script, Step\n\n"
        f"print(find_break(Script({script.seed}, (\n{steps}\n))))"
    )


def main() -> int:
    """Play as many histories as the first argument says, with new seeds."""
    count = int(sys.argv[1])
    first = SystemRandom().randrange(10**9, 10**12)
    chunks = [
        range(at, min(at + CHUNK, first + count)) for at in range(first, first + count, CHUNK)
    ]
    began = time.monotonic()
    met: Met = Counter()
    broken: list[int] = []
    with ProcessPoolExecutor() as pool:
        for faults, seeds in pool.map(play, chunks):
            met.update(faults)
            broken += seeds
    pace = count / (time.monotonic() - began)
    print(f"{count:,} histories of {STEPS} steps from seed {first}: {pace:.0f} a second")
    for (fault, question), times in sorted(met.items()):
        print(f"{times:>9,}  {question:<10} {fault}")
    for seed in broken[:3]:
        print_script(shrink(draw(seed), lambda script: bool(find_break(script))))
    print(f"{len(broken):,} of {count:,} broke a promise")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
