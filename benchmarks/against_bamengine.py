"""Agent-steps per second of a district beside `bamengine`, at three sizes, in interleaved rounds.

    python -m benchmarks.against_bamengine --peer-python PATH [--world NAME] [--rounds N]
                                           [--agents N …] [--out FILE]

PATH is a Python that has the package `bamengine` (best with its extra `fast`, which compiles its
goods market); it needs nothing else, and this one need not have it. Each model runs as its own
defaults have it and keeps its own step, a week here and a quarter there. Both are founded and run
in before the first round; a round then times the same number of steps of each in turn, so that a
slow moment of the machine hits all alike. What the steps do is not the same: see `WORK`, which is
kept with the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from millworks.conf.compose import compose
from millworks.district_model import DistrictModel

KEPT = Path(__file__).with_suffix(".json")
AGENTS = (6_100, 61_000, 122_000)
FEWEST_ROUNDS = 3
QUARTER = 13
AGENT_WEEKS_A_ROUND = 700_000
RUN_IN_WEEKS, RUN_IN_QUARTERS = 26, 200
OURS, PLAIN, FAST = "millworks", "bamengine, plain", "bamengine, compiled goods market"

WORK = (
    "The two models do different work. A step is a week in millworks and a quarter in bamengine, so"
    " a simulated year takes 52 steps and 4. All agents are counted in both: in millworks makers,"
    " partners, retailers, chains, service blocks, lenders, government and two household cohorts,"
    " nearly all of them firms; in bamengine households one by one (five in six agents), firms and"
    " banks. Firms of millworks trade with each other on a supply network, about 35 links an agent,"
    " and each step updates on each link what is ordered, owed, under way and due in each of the"
    " coming weeks; every payment is booked on both sides, and the identities of the accounts are"
    " checked every 13 weeks. Firms of bamengine sell one good to households and do not buy from"
    " each other; its steps search and match on labour, credit and goods markets, where each agent"
    " asks a few others. Agent-steps per second compare speed for one agent and one step of either"
    " model, not for one answer; links a second are given beside them for millworks."
)

# The peer's process: founds each variant, then times steps as it is asked to, one line each way.
PEER = """
import json, sys, time
from importlib import metadata
from bamengine import Simulation
from bamengine.events._internal import goods_market

firms, run_in = int(sys.argv[1]), int(sys.argv[2])
kernels = ["python"] + (["numba"] if goods_market.HAS_NUMBA else [])
models = {}
for kernel in kernels:
    models[kernel] = Simulation.init(
        n_firms=firms, n_households=5 * firms, n_banks=max(1, firms // 10), seed=1,
        goods_kernel=kernel, logging={"default_level": "ERROR"},
    )
    models[kernel].run(n_periods=run_in, collect=False)
model = models["python"]
facts = {
    "agents": model.n_firms + model.n_households + model.n_banks,
    "employed": float(model.wrk.employed.mean()),
    "kernels": kernels,
    "version": metadata.version("bamengine"),
}
print(json.dumps(facts), flush=True)
for line in sys.stdin:
    kernel, steps = line.split()
    begin = time.perf_counter()
    models[kernel].run(n_periods=int(steps), collect=False)
    print(time.perf_counter() - begin, flush=True)
"""


class Peer:
    """`bamengine` in a process and an interpreter of its own."""

    def __init__(self, python: str, agents: int) -> None:
        firms = round(agents / 6.1)  # five households and a tenth of a bank for each firm
        words = [python, "-c", PEER, str(firms), str(RUN_IN_QUARTERS)]
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.facts: dict[str, Any] = json.loads(self._answer())

    def seconds(self, kernel: str, steps: int) -> float:
        """Let the peer run and return the seconds that it measured."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{kernel} {steps}\n")
        self.process.stdin.flush()
        return float(self._answer())

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def _answer(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            sys.exit(f"the peer ended with code {code}: does its Python have bamengine?")
        return line


def main() -> None:
    """Measure every size and keep what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against_bamengine")
    parser.add_argument("--peer-python", required=True, help="a Python that has bamengine")
    parser.add_argument("--world", default="default", help="world of the district: default, linear")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--agents", type=int, nargs="+", default=list(AGENTS))
    parser.add_argument("--out", type=Path, default=KEPT)
    options = parser.parse_args()
    if options.rounds < FEWEST_ROUNDS:
        parser.error(f"--rounds must be {FEWEST_ROUNDS} or more")
    sizes = []
    for agents in options.agents:
        sizes.append(measure(agents, options.rounds, options.peer_python, options.world))
        show(sizes[-1])
    document = {
        "work": WORK,
        "world": options.world,
        "rounds": options.rounds,
        "sizes": sizes,
        "millworks": metadata.version("millworks"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
    }
    options.out.write_text(json.dumps(document, indent=2) + "\n")
    print(f"\n{WORK}\n\nKept in {options.out}")


def measure(agents: int, rounds: int, python: str, world: str) -> dict[str, Any]:
    """Found both models at one size, run them in and time them in interleaved rounds."""
    model = district(agents, world)
    ours = sum(population.size for population in model.populations.values())
    advance(model, RUN_IN_WEEKS)
    peer = Peer(python, agents)
    steps = max(QUARTER, AGENT_WEEKS_A_ROUND // ours // QUARTER * QUARTER)
    cases: dict[str, Callable[[], float]] = {
        OURS: lambda: advance(model, steps),
        PLAIN: lambda: peer.seconds("python", steps),
    }
    if "numba" in peer.facts["kernels"]:
        cases[FAST] = lambda: peer.seconds("numba", steps)
    seconds: dict[str, list[float]] = {case: [] for case in cases}
    for _ in range(rounds):
        for case, work in cases.items():
            seconds[case].append(work())
    peer.close()
    medians = {case: statistics.median(times) for case, times in seconds.items()}
    counts = {case: ours if case == OURS else peer.facts["agents"] for case in cases}
    speed = {case: counts[case] * steps / medians[case] for case in cases}
    return {
        "agents": counts,
        "makers": model.populations["makers"].size,
        "links": len(model.trade.buyer),
        "steps_a_round": steps,
        "seconds": seconds,
        "median_seconds": medians,
        "agent_steps_per_second": speed,
        "millworks_to_peer": {case: speed[OURS] / speed[case] for case in cases if case != OURS},
        "links_per_second": len(model.trade.buyer) * steps / medians[OURS],
        "seconds_a_simulated_year": {
            case: medians[case] / steps * (52 if case == OURS else 4) for case in cases
        },
        "peer_version": peer.facts["version"],
        "peer_employed": peer.facts["employed"],
    }


def district(agents: int, world: str) -> DistrictModel:
    """A district of the nation's mix with about so many agents."""
    parameters = compose("multiplier", overrides=[f"world={world}"]).world.values()
    few = 1_000
    small = DistrictModel("generic", makers=few, parameters=parameters)
    per_maker = sum(population.size for population in small.populations.values()) / few
    return DistrictModel("generic", makers=round(agents / per_maker), parameters=parameters)


def advance(model: DistrictModel, weeks: int) -> float:
    """Run so many weeks and return the seconds they took."""
    begin = time.perf_counter()
    for _ in range(weeks):
        model.step()
    return time.perf_counter() - begin


def show(size: dict[str, Any]) -> None:
    """Print one size."""
    print(f"\n{size['agents'][OURS]:,} agents, {size['links']:,} links, {size['makers']:,} makers")
    for case, speed in size["agent_steps_per_second"].items():
        times = size["seconds"][case]
        print(
            f"  {case:<34}{speed:>12,.0f} agent-steps/s   {size['median_seconds'][case]:.3f} s"
            f" for {size['steps_a_round']} steps ({min(times):.3f} to {max(times):.3f})"
        )
    for case, ratio in size["millworks_to_peer"].items():
        print(f"  millworks to {case}: {ratio:.2f}")


if __name__ == "__main__":
    main()
