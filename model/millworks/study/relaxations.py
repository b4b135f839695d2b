"""What it means to relax a limit a little: one experiment for each reason why orders are refused.

A relaxation moves parameters of the weeks of an arm, for all makers from its first week, by a part
r of the limit. Two kinds are told apart, for they are worth different things:

terms   what others grant is wider: lenders advance more against the same collateral;
aims    makers hold or do more of what binds them (capacity, stocks, floor, hiring), and pay for it
        by the rules of the week like for anything else: out of cash, with loans, over time.

Nothing here is a policy: nobody outside pays, and no public dollar is spent. Two of the eight
reasons have no clean experiment. What makes an order too small to be shipped is the price list of
freight, which is data, and no parameter scales it for makers alone; and the queue of a hub exists
only where a hub is in force.

Source: model specification §7.5, §7.6, §7.8, §7.9, §7.14; which parameters stand for a limit is a
choice of this study. Left out: the score by which lenders turn applicants down (it has no unit in
which a tenth more means the same as elsewhere), the price of machines, training of workers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from millworks.parameters import Parameters

MOST_ADVANCED = 0.95
"""Largest advance that a lender is taken to make; the rest is the borrower's own."""
TERMS, AIMS = "terms", "aims"


@dataclass(frozen=True)
class Relaxation:
    """How one limit is relaxed.

    `reason`: one of `agents.producer.REASONS`; `kind`: TERMS or AIMS; `what`: the experiment in
    words, with `{more}` for its size; `mechanism`: how it reaches orders; `misses`: what it does
    not capture; `values`: parameters of the world and r -> those that differ.
    """

    reason: str
    kind: str
    what: str
    mechanism: str
    misses: str
    values: Callable[[Parameters, float], dict[str, float]]

    def world(self, base: Parameters, part: float) -> tuple[tuple[str, float], ...]:
        """Return the parameters of the arm, as `study.arms.Arm.world` has them."""
        return tuple(sorted(self.values(base, part).items()))


def _advances(base: Parameters, part: float) -> dict[str, float]:
    wider = {
        key: min(max(MOST_ADVANCED, base[key]), base[key] * (1.0 + part))
        for key in ("adv_AR", "adv_IN", "adv_K")
    }
    return {**wider, "cards": base.cards * (1.0 + part)}


RELAXATIONS = (
    Relaxation(
        reason="capacity",
        kind=AIMS,
        what="makers want {more} more capacity for the same orders",
        mechanism="use at which an owner looks for more machines falls; who has the money and "
        "finds that it pays buys them, and newcomers start with more",
        misses="machines on hand make no more than before; effects come as projects are carried "
        "out, and owners appraise the reserve as if it sold",
        values=lambda base, part: {"use_target": base.use_target / (1.0 + part)},
    ),
    Relaxation(
        reason="cash",
        kind=TERMS,
        what="lenders advance {more} more on receivables, stocks and machines, cards give {more} "
        "more",
        mechanism="credit lines and loans reach further, so that inputs, pay and stock are bought",
        misses="who is turned down for his score stays turned down; interest and repayment are "
        "charged as ever",
        values=_advances,
    ),
    Relaxation(
        reason="inputs",
        kind=AIMS,
        what="makers hold {more} more weeks of inputs",
        mechanism="stocks bridge late suppliers and swings of orders",
        misses="suppliers deliver no sooner; the stock ties up its buyers' money, and partners "
        "hold more too",
        values=lambda base, part: {"cover_in": base.cover_in * (1.0 + part)},
    ),
    Relaxation(
        reason="labour",
        kind=AIMS,
        what="hands follow orders {more} faster",
        mechanism="a larger part of missing hands is found in a week, and surplus hands leave "
        "sooner",
        misses="nobody is trained and nobody moves here; shops and partners hire faster too",
        values=lambda base, part: {"eta_h": base.eta_h * (1.0 + part)},
    ),
    Relaxation(
        reason="space",
        kind=AIMS,
        what="makers lease {more} more floor for the same people and stock",
        mechanism="at the next yearly review who lacks the room moves to a larger floor, where "
        "more finished stock finds a place",
        misses="rent is paid and production stands still for the move; leases come in whole steps",
        values=lambda base, part: {
            "floor_reserve": (1.0 + base.floor_reserve) * (1.0 + part) - 1.0
        },
    ),
    Relaxation(
        reason="forecast",
        kind=AIMS,
        what="makers aim at {more} more finished stock",
        mechanism="orders that must be served from stock find it more often",
        misses="forecasts are no better; the stock ties up money and room, partners hold more too, "
        "and making it counts as value added once",
        values=lambda base, part: {"cover_f": base.cover_f * (1.0 + part)},
    ),
)
"""In the order of `agents.producer.REASONS`."""

NO_EXPERIMENT = {
    "shipping": "what makes an order too small to be shipped is the price list of freight, which "
    "no parameter scales for makers alone (shared shipments, ports and rail, and the freight spike "
    "move it: see stress and sizes)",
    "hub_queue": "without a hub nobody waits for one",
}
"""Reasons whose limit is not relaxed, and why."""
