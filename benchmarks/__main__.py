"""`make bench`: every module of this folder, medians of interleaved rounds, kept as JSON.

A module offers `cases()`, a mapping from names to functions to time (what is made before, in
`cases` itself, is not timed), and `figures(medians)`, a mapping from names to what is read off the
medians in seconds: rates, and ratios between cases of this very run. A case that returns a float
has timed itself: it did more than is to be counted. Interleaving (each round
times every case once) spreads a slow moment of the machine over all cases alike.

Usage: python -m benchmarks [MODULE …] [--rounds N]
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import statistics
import time
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
FEWEST_ROUNDS = 5


def main() -> None:
    """Time the modules named on the command line, by default all of them."""
    available = sorted(
        file.stem for file in HERE.glob("[a-z]*.py") if "\ndef cases(" in file.read_text()
    )
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(available))
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS)
    options = parser.parse_args()
    if unknown := set(options.modules) - set(available):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there is {', '.join(available)}")
    if options.rounds < FEWEST_ROUNDS:
        parser.error(f"--rounds must be {FEWEST_ROUNDS} or more")

    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in options.modules or available:
        results[name] = measure(name, options.rounds)
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    print(f"Kept in {RESULTS.relative_to(HERE.parent)}")


def measure(name: str, rounds: int) -> dict[str, object]:
    """Time the cases of one module in interleaved rounds and print what was found."""
    module = importlib.import_module(f"benchmarks.{name}")
    cases = module.cases()
    seconds: dict[str, list[float]] = {case: [] for case in cases}
    for _ in range(rounds):
        for case, work in cases.items():
            begin = time.perf_counter()
            counted = work()
            elapsed = time.perf_counter() - begin
            seconds[case].append(counted if isinstance(counted, float) else elapsed)
    medians = {case: statistics.median(times) for case, times in seconds.items()}
    figures = module.figures(medians)
    print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}")
    for case, times in seconds.items():
        print(f"  {case:<48}{medians[case]:>10.3f} s  ({min(times):.3f} to {max(times):.3f})")
    for figure, value in figures.items():
        print(f"  {figure:<48}{value:>10.4g}")
    return {
        "rounds": rounds,
        "seconds": seconds,
        "median_seconds": medians,
        "figures": figures,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }


if __name__ == "__main__":
    main()
