"""Sentences of the multiplier with frictions: templates with blanks, numbers from `rounding`."""

from __future__ import annotations

from millworks.report import names, rounding
from millworks.report.words import listed
from millworks.study.friction_results import FrictionResult, FrictionRow
from millworks.study.reconciliation import Step

TERMS = {
    "leontief": "Leontief",
    "horizon": "not done yet",
    "detail": "own detail",
    "capacity": "capacity",
    "credit": "money",
    "prices": "prices and pay",
    "displacement": "displacement",
    "investment": "investment, turnover",
}
"""Steps of the bridge as readers know them."""

PLURAL = (TERMS["prices"], TERMS["investment"])
"""Steps whose name takes a plural verb."""

TERM_MEANINGS = {
    "leontief": "Type II of the table for the same orders: no limits, all rounds",
    "horizon": "what linear agents have not done yet when the weeks are over",
    "detail": "own recipes and mark-ups, freight and rent, lots, seasons and noise, and spending "
    "out of profits and of local taxes",
    "capacity": "machines, hands and stocks have limits; who has too much to do refuses orders",
    "credit": "payments and projects need money that is at hand or lent",
    "prices": "prices follow cost, pay follows unemployment",
    "displacement": "shares move: customers go to whoever is cheaper or more reliable",
    "investment": "owners enlarge or let go what wears, firms fail and begin",
}

EFFECT_MEANINGS = {
    "direct": "makers serve the dollars or refuse them, lose other customers, pay rises for all; "
    "orders, spending, investment and turnover stay at the baseline's path",
    "indirect": "suppliers answer",
    "induced": "households and the local government spend",
    "dynamic": "owners invest, firms come and go",
}

NOT_CALIBRATED = "Not calibrated: hand-set defaults show the mechanism, not yet the place."

NO_LIMITS_ELSEWHERE = (
    "The rest of the US has no limits: what makers here refuse it makes at once, so frictions move "
    "output there more than they cost the nation."
)

MONEY_AFTER_CAPACITY = (
    "Money cannot be told from capacity: where capacity has no limit no order is ever refused, "
    "and a maker short of money takes orders it never makes. So capacity comes before money here; "
    "means and ranges over all orders stand in reconciliation.csv."
)

PAY_INCLUDES = (
    "Pay counts what all workers here gain when pay rises, which is partly taken from profits."
)


def orders_of(result: FrictionResult) -> str:
    """Say what a dollar is: of orders, or of equity."""
    if result.mode == "spent":
        return "spent on makers" if result.sector is None else f"spent on {_sector(result)} makers"
    return (
        "invested in makers" if result.sector is None else f"invested in {_sector(result)} makers"
    )


def _sector(result: FrictionResult) -> str:
    return names.order_word(result.sector or "")


def headline(result: FrictionResult) -> str:
    """Say the main finding: output here and in the US per dollar, with intervals."""
    place = names.inside(names.short_place(result.place.name))
    here, nation = result.find("output", "local"), result.find("output", "national")
    if here.mean is None or nation.mean is None:
        return f"Nobody in {place} lacks money to grow, so nothing could be invested"
    return (
        f"$1 {orders_of(result)} of {place} makes {_with_interval(here)} of output in the district "
        f"within {result.weeks} weeks, {_with_interval(nation)} in the US, net"
    )


def _with_interval(row: FrictionRow) -> str:
    if row.mean is None:
        return "no figure"
    if row.low is None or row.high is None:
        return rounding.signed_dollars(row.mean) if row.mean < 0 else rounding.dollars(row.mean)
    text = f"{rounding.dollars(row.mean)} ({row.low:.2f} to {row.high:.2f})"
    return f"{text}, covers zero," if row.covers_zero else text


def interval(row: FrictionRow, digits: int = 2) -> str:
    """Return 'mean (low to high)' as bare numbers."""
    if row.mean is None:
        return "—"
    if row.low is None or row.high is None:
        return f"{row.mean:.{digits}f}"
    return f"{row.mean:.{digits}f} ({row.low:.{digits}f} to {row.high:.{digits}f})"


def delivered(result: FrictionResult) -> str:
    """Say what became of the orders, and the figure per net delivered dollar."""
    net = result.find("delivered", "local")
    output = result.find("output", "local", per="delivered")
    if net.mean is None:
        return "No figure of what was delivered"
    return (
        f"Of each $1 ordered, {rounding.cents(net.mean)} more left the district, net of customers "
        f"lost; per net delivered $1: {interval(output)} here"
    )


def levied(result: FrictionResult) -> str:
    """Say what is left if local incomes pay."""
    here = result.find("output", "local", payer="levy")
    nation = result.find("output", "national", payer="levy")
    return f"Levy on local incomes pays: {interval(here)} here, {interval(nation)} US"


def curve(result: FrictionResult) -> str:
    """Say output here over the horizons."""
    weeks = sorted({row.weeks for row in result.rows})
    parts = [
        f"{w} {_bare(result.find('output', 'local', weeks=w))}" for w in weeks if _has(result, w)
    ]
    return f"Output here after weeks: {', '.join(parts)}"


def _has(result: FrictionResult, weeks: int) -> bool:
    try:
        result.find("output", "local", weeks=weeks)
    except KeyError:
        return False
    return True


def sizes(result: FrictionResult) -> str:
    """Say output here over the sizes of the injection."""
    found = sorted({row.injection for row in result.rows})
    parts = [
        f"{_percent(size)} {_bare(result.find('output', 'local', injection=size))}"
        for size in found
    ]
    return f"Output here by size, of makers' sales: {', '.join(parts)}"


def _percent(size: float) -> str:
    return f"{100 * size:g}%"


def _bare(row: FrictionRow) -> str:
    return "—" if row.mean is None else f"{row.mean:.2f}"


def bridge(result: FrictionResult, region: str = "local") -> str:
    """Say the steps from Leontief to the full week."""
    assert result.bridge is not None
    steps = result.bridge.of("output", region)
    first, others = steps[0], steps[1:]
    said = ", ".join(f"{TERMS[s.term]} {s.value:+.2f}" for s in others)
    where = "here" if region == "local" else "in the US"
    return (
        f"From Leontief's {first.value:.2f} {where}: {said} = "
        f"{result.bridge.total['output', region]:.2f} "
        f"({rounding.whole(result.bridge.pairs, 'pair')})"
    )


def bridge_finding(result: FrictionResult) -> str:
    """Say which mechanism moves the local figure most, with its range over orders."""
    assert result.bridge is not None
    steps = [s for s in result.bridge.of("output", "local") if s.low is not None]
    largest = max(steps, key=lambda s: abs(s.value))
    start = result.bridge.of("output", "local")[0].value
    several = TERMS[largest.term] in PLURAL
    verb = ("take" if largest.value < 0 else "add") + ("" if several else "s")
    return (
        f"{_upper(TERMS[largest.term])} {verb} ${abs(largest.value):.2f} of the dollar's output "
        f"here ({ranged(largest)} by order): from Leontief's ${start:.2f} to "
        f"${result.bridge.total['output', 'local']:.2f}"
    )


def ranged(step: Step) -> str:
    """Return the range of a step over the orders of switching on."""
    if step.low is None or step.high is None:
        return "fixed place"
    return f"{step.low:+.2f} to {step.high:+.2f}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def curves_finding(result: FrictionResult) -> str:
    """Say how the figure moves with the horizon and with the size."""
    weeks = [w for w in sorted({row.weeks for row in result.rows}) if _has(result, w)]
    ends = [result.find("output", "local", weeks=w) for w in (weeks[0], weeks[-1])]
    found = sorted({row.injection for row in result.rows})
    small, large = (result.find("output", "local", injection=s) for s in (found[0], found[-1]))
    return (
        f"Output here per $1 {result.mode}: ${_bare(ends[0])} after {weeks[0]} weeks, "
        f"${_bare(ends[1])} after {weeks[-1]}; ${_bare(small)} for "
        f"{_percent(found[0])} of sales, ${_bare(large)} for {_percent(found[-1])}"
    )


def path_finding(result: FrictionResult) -> str:
    """Say which effects make up the figure."""
    parts = [
        f"{effect} {_bare(result.find('output', 'local', effect))}"
        for effect in ("direct", "indirect", "induced", "dynamic")
    ]
    return f"Of output here per $1 {result.mode}, {listed(parts)}"


def saturation(result: FrictionResult) -> str:
    """Say how the dollars invested compare with what was lacking."""
    lacking = result.facts["lacking"]
    base = (
        f"{result.facts['recipients']:.0f} makers get it; they lacked "
        f"{rounding.percent(lacking)} of this sum"
    )
    if lacking < 1.0:
        return f"{base}: beyond that it buys capacity nobody asked for (see the sizes)"
    return base


def comparison(result: FrictionResult) -> str:
    """Say what may be set beside NAM's 2.68, and what may not."""
    if result.mode == "invested":
        return (
            "NAM's 2.68 is US output per $1 spent. Nothing here compares: a dollar invested buys "
            "capacity that may sell for years, so its figure depends on the horizon."
        )
    assert result.leontief is not None
    return (
        f"NAM's 2.68: US output per $1 spent, no frictions, households respending pay; its like is "
        f"Leontief's {result.leontief['national', 'output']:.2f}. The US figure above also counts "
        f"profits and budgets spent, capital goods, rivals' sales; local figures do not compare."
    )


def setting(result: FrictionResult) -> str:
    """Say how the figures were made."""
    pairs = len(result.seeds)
    scale = f"; scale model 1:{1 / result.scale:.1f}" if result.scale < 1 else ""
    few = "" if pairs >= 32 else "; headline results use 32"
    dollars = f"${result.usd / 1e6:,.1f}M"
    return (
        f"{result.makers} makers{scale}, {rounding.whole(pairs, 'pair')}{few}; {dollars} over 52 "
        f"weeks after {result.burn_in} of burn-in ({_percent(result.injection)} of makers' sales); "
        f"{100 * result.confidence:.0f}% intervals"
    )


def failures(result: FrictionResult) -> str:
    """Say which checks failed; '' where none did."""
    failed = [check for check in result.checks if not check.passed]
    if not failed:
        return ""
    said = ", ".join(f"{c.id} is {c.value:.2g}, allowed {c.tolerance:.2g}" for c in failed)
    return f"CHECKS FAILED: {said}; do not use these figures"
