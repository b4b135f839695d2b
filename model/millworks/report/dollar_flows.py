"""Who paid a programme and who was paid by it, from the frame of its payments.

A payment may run through a fund: what goes into it is counted with the payers, what comes out of it
with the payees, and what is left in it is shown as such. Notes only bridge time: what was borrowed
and repaid is no payment, and only what is still owed at the end is shown. So the sums of both sides
are equal, and nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from millworks.report.names import payer_label, payment_label
from millworks.report.rounding import percent
from millworks.report.words import listed, lower_first

#: A payee whose name holds one of these, and that pays as well, passes money on.
_FUNDS = ("fund", "government", "programme", "levy", "operators")

#: Borrowing of a fund, and its return.
_BRIDGES = ("notes issued", "notes repaid")

#: Part of all dollars from which a payer is named in a sentence.
NAMED = 0.05

#: Below this, USD, a difference of both sides is rounding.
CENT = 0.01


@dataclass(frozen=True)
class Side:
    """One payer or payee: USD over the horizon with its interval, None where there is none.

    `what` is what a payee is paid for, '' for payers.
    """

    name: str
    usd: float
    low: float | None = None
    high: float | None = None
    what: str = ""

    @property
    def label(self) -> str:
        """Name, and what for."""
        return f"{self.name}: {self.what}" if self.what else self.name


@dataclass(frozen=True)
class Flows:
    """Payers and payees, largest first, and the payments between them as (payer, payee, USD).

    `links` holds places in `payers` and `payees`; it is empty where the money runs through `funds`,
    for then nobody can say whose dollar went where.
    """

    payers: list[Side]
    payees: list[Side]
    links: list[tuple[int, int, float]]
    funds: list[str]

    @property
    def total(self) -> float:
        """USD paid over the horizon."""
        return sum(side.usd for side in self.payers)


def paid_by(found: Flows, verb: str = "") -> str:
    """Say who paid which part, the two largest by name: 'households paid 67% and firms 33%'.

    A single payer has no part; `verb` stands behind the first name.
    """
    largest = [side for side in found.payers if side.usd >= NAMED * found.total]
    named = largest[: 3 if len(found.payers) == 3 else 2] or found.payers[:1]
    rest = found.total - sum(side.usd for side in named)
    parts = [f"{lower_first(side.name)} {percent(side.usd / found.total)}" for side in named]
    if rest > 0.0005 * found.total:
        parts.append(f"others {percent(rest / found.total)}")
    if len(parts) == 1:
        return parts[0].rpartition(" ")[0]
    first, share = parts[0].rpartition(" ")[::2]
    return listed([f"{first} {verb} {share}" if verb else parts[0], *parts[1:]])


@dataclass(frozen=True)
class _Payment:
    payer: str
    payee: str
    what: str
    usd: float
    low: float | None
    high: float | None


def flows(dollars: pl.DataFrame) -> Flows:
    """Return both sides of a frame (payer, payee, what, usd, usd_low, usd_high)."""
    payments = [_forward(row) for row in dollars.iter_rows(named=True) if row["usd"]]
    both = {one.payer for one in payments} & {one.payee for one in payments}
    funds = sorted(name for name in both if any(word in name.lower() for word in _FUNDS))
    bridges = [one for one in payments if one.what in _BRIDGES]
    lasting = [one for one in payments if one.what not in _BRIDGES]
    paid = [one for one in lasting if one.payer not in funds]
    got = [one for one in lasting if one.payee not in funds]
    payers = _sides(((payer_label(one.payer), ""), one) for one in paid)
    payees = _sides((_payee(one), one) for one in got)
    owed = sum(one.usd if one.payee in funds else -one.usd for one in bridges)
    if owed > CENT:
        payers.append(Side("Notes still owed at the end", owed))
    elif owed < -CENT:
        payees.append(Side("Notes from before repaid", -owed))
    left = sum(one.usd for one in payers) - sum(one.usd for one in payees)
    if left > CENT:
        payees.append(Side("Left in the fund at the end", left))
    elif left < -CENT:
        payers.append(Side("In the fund at the start", -left))
    links: list[tuple[int, int, float]] = []
    if not funds:
        left_of = {side.name: place for place, side in enumerate(payers)}
        right_of = {(side.name, side.what): place for place, side in enumerate(payees)}
        links = [
            (left_of[payer_label(one.payer)], right_of[_payee(one)], one.usd) for one in lasting
        ]
    return Flows(payers, payees, links, [payer_label(name) for name in funds])


def _forward(row: dict[str, object]) -> _Payment:
    """Return a payment as a positive sum; one that ran back has payer and payee the other way."""
    payer, payee, what = str(row["payer"]), str(row["payee"]), str(row.get("what") or "")
    usd, low, high = (_number(row.get(key)) for key in ("usd", "usd_low", "usd_high"))
    assert usd is not None
    if usd >= 0:
        return _Payment(payer, payee, what, usd, low, high)
    return _Payment(
        payee, payer, what, -usd, None if high is None else -high, None if low is None else -low
    )


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _payee(one: _Payment) -> tuple[str, str]:
    return payer_label(one.payee), payment_label(one.what)


def _sides(named: Iterable[tuple[tuple[str, str], _Payment]]) -> list[Side]:
    """Sum payments by name and purpose, largest first; one payment alone keeps its interval."""
    sums: dict[tuple[str, str], list[_Payment]] = {}
    for key, one in named:
        sums.setdefault(key, []).append(one)
    sides = [
        Side(name, of[0].usd, of[0].low, of[0].high, what)
        if len(of) == 1
        else Side(name, sum(one.usd for one in of), what=what)
        for (name, what), of in sums.items()
    ]
    return sorted(sides, key=lambda side: -side.usd)
