"""The result on the screen: one page of 80 x 24 for one sector, one table for all sectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from millworks.report import names, rounding, words
from millworks.report.figures import (
    EFFECTS,
    REGIONS,
    Figure,
    figure,
    has,
    leakages,
    makers_are_estimated,
    manufacturing_reference,
    number,
    recipients,
    resting,
    simulated,
    unsettled_weeks,
    worst_difference,
)
from millworks.study.results import LinearResult

WIDTH = 80

_SHORT_REGIONS = {"local": "district", "rest_of_us": "rest of US", "national": "US"}


def print_linear(
    result: LinearResult, folder: Path | None, console: Console, seconds: float | None = None
) -> None:
    """Print the result of one sector (or of the district's own mix) within 80 x 24.

    `folder`: of the run; `seconds`: of the whole command, by default those of the study.
    """
    place = names.short_place(result.place.name)
    local = simulated(result, "output", "local")
    elsewhere = simulated(result, "output", "rest_of_us")
    headline = words.headline(result.sector, place, local, elsewhere, unsettled_weeks(result))
    _line(console, f"{headline}.", "bold", lines=2 if result.settled else 3)
    console.print()
    console.print(_effects_table(result))
    console.print()
    _line(console, _per_dollar(result))
    _line(console, _jobs(result))
    _line(console, _who(result), lines=2)
    _line(console, _rested(result), lines=2)
    _line(console, words.PAID_FROM_OUTSIDE_SHORT, "dim")
    _line(console, words.LINEAR_LIMITS_SHORT, "dim")
    if result.local_output_by_method:
        _line(
            console,
            words.shares_matter_short(result.regionalisation, result.local_output_by_method),
            "dim",
            lines=2,
        )
    if not result.settled:
        analytic = figure(result, "output", "local", "total").analytic
        _line(console, words.unsettled_short(analytic), "red bold")
    elif names.is_manufacturing(result.sector):
        _line(
            console,
            words.comparator_short(
                simulated(result, "output", "national"), manufacturing_reference(result.year)
            ),
            "dim",
            lines=2,
        )
    _line(console, _health(result, seconds), _health_style(result), lines=2)
    if folder is not None:
        page = folder / "report.html"
        if page.is_file():  # without the extras a run writes no page
            _path(console, "Report", page)
        else:
            _path(console, "Results", folder)


def print_all(
    results: Sequence[LinearResult],
    folder: Path | None,
    console: Console,
    seconds: float | None = None,
) -> None:
    """Print one line per sector: what a dollar of orders makes here and elsewhere in the US."""
    first = results[0]
    place = names.short_place(first.place.name)
    _line(
        console,
        f"Output per $1 of orders in {names.inside(place)} linear mode, table of {first.year}",
        "bold",
    )
    table = Table(box=None, pad_edge=False, padding=(0, 1), width=WIDTH)
    table.add_column("orders for", no_wrap=True)
    for heading in ("district", "rest of US", "US", "Leontief", "apart"):
        table.add_column(heading, justify="right", no_wrap=True)
    for result in results:
        national = figure(result, "output", "national", "total")
        shown = [figure(result, "output", region, "total") for region in REGIONS]
        table.add_row(
            f"{result.sector:<5}{names.SHORT_SECTORS.get(result.sector, 'own mix')}",
            f"{simulated(result, 'output', 'local'):.3f}",
            f"{simulated(result, 'output', 'rest_of_us'):.3f}",
            f"{national.simulated:.3f}",
            _number(national.analytic, 3),
            rounding.difference(
                max(
                    (abs(one.relative_difference) for one in shown if one.relative_difference),
                    default=0.0,
                )
            ),
        )
    console.print(table)
    failed = [result.sector for result in results if _failed(result)]
    worst = max(result.worst_residual for result in results)
    _line(
        console,
        f"Checks: {'all passed' if not failed else 'FAILED for ' + ', '.join(failed)}; "
        f"largest money residual {worst:.0e}; {_seconds(first, seconds):.1f} s.",
        "red bold" if failed else "",
        lines=2,
    )
    _line(
        console,
        "Leontief: US output; apart: largest difference of the three outputs from his.",
        "dim",
    )
    if not first.settled:
        _line(console, words.unsettled_short(None), "red bold")
    if first.local_output_by_method:
        _line(
            console,
            words.shares_matter_for_all(
                first.regionalisation, [result.local_output_by_method for result in results]
            ),
            "dim",
            lines=3,
        )
    _line(console, words.PAID_FROM_OUTSIDE_SHORT, "dim")
    _line(console, words.LINEAR_LIMITS_SHORT, "dim")
    if folder is not None:
        _path(console, "Results", folder)


def _line(console: Console, text: str, style: str = "", lines: int = 1) -> None:
    """Print a text on at most so many lines of 80 characters."""
    room = lines * WIDTH - (0 if lines == 1 else 12)
    console.print(Text(words.shortened(text, room), style=style), width=WIDTH)


def _path(console: Console, name: str, path: Path) -> None:
    """Print a path whole: one that is cut cannot be copied."""
    console.print(Text(f"{name}: {path}", style="bold"), soft_wrap=True)


def _effects_table(result: LinearResult) -> Table:
    """Return output by effect (rows) and region (columns), agents beside Leontief."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), width=WIDTH)
    table.add_column("per $1", no_wrap=True)
    for region in REGIONS:
        table.add_column(_SHORT_REGIONS[region], justify="right", no_wrap=True)
        table.add_column("Leontief", justify="right", style="dim", no_wrap=True)
    table.add_column("apart", justify="right", no_wrap=True)
    for effect in (*EFFECTS, "total"):
        figures = [
            figure(result, "output", region, effect)
            if has(result, "output", region, effect)
            else Figure(0.0, None, None)
            for region in REGIONS
        ]
        rows = [
            row for row in result.rows if row["effect"] == effect and row["quantity"] == "output"
        ]
        cells = [
            cell
            for one in figures
            for cell in (_number(one.simulated, 4), _number(one.analytic, 4))
        ]
        table.add_row(
            effect,
            *cells,
            rounding.difference(worst_difference(rows)),
            style="bold" if effect == "total" else "",
        )
    return table


def _number(value: float | None, digits: int) -> str:
    return "—" if value is None else f"{value:.{digits}f}"


def _both(result: LinearResult, quantity: str) -> tuple[float, float]:
    return simulated(result, quantity, "local"), simulated(result, quantity, "national")


def _per_dollar(result: LinearResult) -> str:
    parts = []
    for quantity in ("value_added", "labour_income"):
        here, nation = _both(result, quantity)
        name = names.QUANTITY_LABELS[quantity].lower()
        parts.append(f"{name} {rounding.dollars(here)}, {rounding.dollars(nation)}")
    return f"Per $1, here and in the US: {'; '.join(parts)}."


def _jobs(result: LinearResult) -> str:
    here, nation = _both(result, "jobs")
    return (
        f"Job-years per $1M: {rounding.jobs(here)} here, {rounding.jobs(nation)} US "
        f"{words.JOBS_COVERAGE_SHORT}"
    )


def _who(result: LinearResult) -> str:
    """Say who produced here, manufacturers by kind, then the largest others."""
    here = recipients(result, "output", "local")
    makers = sum(v for g, v in here.select("group", "value").iter_rows() if g.startswith("maker"))
    pairs = [("makers", rounding.money(makers))]
    pairs += [
        (
            _SHORT_GROUPS.get(group) or words.lower_first(names.group_label(group)),
            rounding.money(value),
        )
        for group, value in here.select("group", "value").iter_rows()
        if not group.startswith("maker")
    ]
    start = "Made here by: "
    return start + words.running_list(pairs, 2 * WIDTH - len(start) - 12)


_SHORT_GROUPS = {"partner": "partners (500+)", "retailer": "retailers", "chain": "chains"}


def _rested(result: LinearResult) -> str:
    """Say where the dollar came to rest, and as what: as many parts of each place as fit."""
    room = 2 * WIDTH - 12
    for most in range(len(_SHORT_LEAKS), 0, -1):
        parts = [
            f"{_SHORT_PLACES[region]} {rounding.cents(total)}{_as_what(result, region, most)}"
            for region, total in resting(result).items()
        ]
        text = f"It ended: {'; '.join(parts)}."
        if len(text) <= room:
            break
    return text


def _as_what(result: LinearResult, region: str, most: int) -> str:
    """Return the largest forms in which the dollar rests in a place, in brackets."""
    sums: dict[str, float] = {}
    for place, leakage, value in leakages(result).iter_rows():
        if place == region:
            name = _SHORT_LEAKS.get(leakage, leakage)
            sums[name] = sums.get(name, 0.0) + value
    found = sorted(sums.items(), key=lambda pair: -pair[1])
    if len(found) < 2:
        return ""
    return f" ({', '.join(f'{name} {rounding.cents(value)}' for name, value in found[:most])})"


_SHORT_PLACES = {
    "local": "kept here",
    "rest_of_us": "rest of US",
    "abroad": "abroad",
    "under_way": "on its way",
}

_SHORT_LEAKS = {
    "purchases": "purchases",
    "other_value_added": "profit",
    "commuters": "commuters",
    "taxes_on_production": "taxes",
    "household_tax": "taxes",
    "saving": "saving",
}


def _failed(result: LinearResult) -> list[str]:
    return [check.id for check in result.checks if not check.passed]


def _seconds(result: LinearResult, seconds: float | None) -> float:
    return sum(result.seconds.values()) if seconds is None else seconds


def _health(result: LinearResult, seconds: float | None) -> str:
    failed = _failed(result)
    passed = (
        f"{rounding.whole(len(result.checks), 'check')} passed"
        if not failed
        else f"CHECKS FAILED: {', '.join(failed)}"
    )
    scale = f"; scale model 1:{1 / result.scale:.1f}" if result.scale < 1 else ""
    estimated = " (estimated)" if makers_are_estimated(result) and not scale else ""
    return (
        f"{rounding.whole(result.makers, 'maker')}{estimated}, {result.horizon_weeks} weeks{scale};"
        f" {passed}; residual {number(result.worst_residual):.0e}; "
        f"{_seconds(result, seconds):.1f} s."
    )


def _health_style(result: LinearResult) -> str:
    return "red bold" if _failed(result) else ""
