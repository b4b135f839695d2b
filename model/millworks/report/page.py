"""The page of a linear multiplier: one HTML file that opens offline, on a desk or on a phone.

Pictures are embedded as SVG in two layouts, for wide and for narrow screens; style and script are
embedded too, and nothing is fetched. The page explains and repeats nothing that it does not get
from the result or from `words`.
"""

from __future__ import annotations

import importlib.util
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from millworks.report import names, rounding, words
from millworks.report.charts.against_leontief import furthest_sentence, leontief_sentence
from millworks.report.drawing import Chart, Dots
from millworks.report.figures import (
    EFFECTS,
    QUANTITIES,
    REGIONS,
    figure,
    has,
    leakages,
    leontief_check,
    makers_are_estimated,
    manufacturing_reference,
    number,
    resting,
    simulated,
    unsettled_weeks,
)
from millworks.report.render import Picture
from millworks.report.sources import source_rows
from millworks.report.style import (
    ACCENT,
    EFFECT_COLOURS,
    FONT,
    GRID,
    INK,
    MUTED,
    PAGE,
    PHONE,
    RULE,
    Frame,
)
from millworks.study.results import LinearResult

_EMBEDDED = (PAGE, PHONE)


@dataclass(frozen=True)
class Plate:
    """A chart as the page shows it."""

    slug: str
    title: str
    caption: str
    alt: str
    wide: str
    phone: str
    links: str
    files: Sequence[tuple[str, str]]


def page_pictures(charts: Sequence[Chart]) -> list[Picture]:
    """Return the pictures that the page embeds, without title and footer."""
    return [
        Picture(f"{chart.slug}-{frame.name}", chart.drawing(frame), "svg")
        for chart in charts
        for frame in _EMBEDDED
    ]


def linear_page(
    result: LinearResult, charts: Sequence[Chart], pictures: dict[str, str], run_id: str
) -> str | None:
    """Return the page as HTML, None where jinja2 is not installed.

    `pictures` maps 'slug-frame' to SVG text; a chart without pictures shows its text alone.
    """
    return rendered("linear", charts, pictures, run_id, _facts(result, run_id))


def rendered(
    template: str,
    charts: Sequence[Chart],
    pictures: dict[str, str],
    run_id: str,
    facts: Mapping[str, Any],
) -> str | None:
    """Fill templates/`template`.html.j2 with charts and facts; None where jinja2 is missing."""
    if importlib.util.find_spec("jinja2") is None:
        return None
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("millworks.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = {
        "plates": [plate(chart, pictures) for chart in charts],
        "colours": colours(),
        "font": FONT,
        "run_id": run_id,
    }
    return environment.get_template(f"{template}.html.j2").render(shown | dict(facts))


def plate(chart: Chart, pictures: dict[str, str]) -> Plate:
    """Return what the page shows of a chart: its pictures for wide and narrow screens."""
    wide = pictures.get(f"{chart.slug}-{PAGE.name}", "")
    phone = pictures.get(f"{chart.slug}-{PHONE.name}", "")
    files = [(f"charts/{chart.slug}.csv", "numbers (CSV)")]
    files += [(f"charts/{chart.slug}-{name}.csv", f"{name} (CSV)") for name in chart.more]
    if wide:
        files += [
            (f"charts/{chart.slug}.svg", "SVG"),
            (f"charts/{chart.slug}.png", "PNG"),
        ]
    return Plate(
        slug=chart.slug,
        title=chart.heading or chart.title,
        caption=chart.subtitle,
        alt=chart.alt,
        wide=_inline(wide),
        phone=_inline(phone),
        links=_points(chart) if wide else "",
        files=files,
    )


def _inline(svg: str) -> str:
    """Return the svg element alone, hidden from screen readers (the figure carries the text)."""
    start = svg.find("<svg")
    if start < 0:
        return ""
    return re.sub(r"^<svg", '<svg aria-hidden="true" focusable="false"', svg[start:], count=1)


def _points(chart: Chart) -> str:
    """Return what the script needs to answer a pointer over the firms of the network, as JSON."""
    named = {frame.name: _firms(chart, frame) for frame in _EMBEDDED}
    if not all(named.values()):
        return ""
    rows = chart.numbers
    place_of = {node: place for place, node in enumerate(rows["id"].to_list())}
    texts = [
        [
            words.shortened(str(row["label"]), 60),
            names.group_label(row["sector"]) if row["sector"] else "",
            f"{rounding.amount(row['sales_usd_per_year'])} of sales a year",
            f"{rounding.per_thousand(row['received_usd_per_usd'])} per $1,000 ordered",
        ]
        for row in rows.iter_rows(named=True)
    ]
    links = [
        [place_of[buyer], place_of[seller]]
        for buyer, seller in chart.more["links"].select("buyer", "seller").iter_rows()
    ]
    data = json.dumps({"frames": named, "texts": texts, "links": links}, separators=(",", ":"))
    # No text inside can open or close an element.
    return data.replace("<", "\\u003c")


def _firms(chart: Chart, frame: Frame) -> dict[str, Any]:
    """Return size of the drawing and [x, y, radius] of every firm in its pixels."""
    drawing = chart.drawing(frame)
    for panel in drawing.panels:
        for mark in panel.marks:
            if isinstance(mark, Dots) and mark.name == "firms":
                return {
                    "size": [drawing.width, round(drawing.height)],
                    "at": [
                        [round(panel.left + x, 1), round(panel.top + y, 1), round(size / 2, 1)]
                        for x, y, size in zip(mark.x, mark.y, mark.diameter, strict=True)
                    ],
                }
    return {}


def colours() -> dict[str, str]:
    """Return the colours that the style sheet of a page uses."""
    return {
        "ink": INK,
        "muted": MUTED,
        "rule": RULE,
        "grid": GRID,
        "accent": ACCENT,
        "direct": EFFECT_COLOURS["direct", "local"],
        "indirect": EFFECT_COLOURS["indirect", "local"],
        "induced": EFFECT_COLOURS["induced", "local"],
    }


def _facts(result: LinearResult, run_id: str) -> dict[str, Any]:
    """Return every number and sentence of the page outside the charts."""
    place = names.short_place(result.place.name)
    local = simulated(result, "output", "local")
    elsewhere = simulated(result, "output", "rest_of_us")
    national = simulated(result, "output", "national")
    failed = [check.id for check in result.checks if not check.passed]
    check = leontief_check(result)
    headline = words.headline(result.sector, place, local, elsewhere, unsettled_weeks(result))
    return {
        # A place's name is not torn apart at the end of a line.
        "title": f"{headline}.".replace(place, place.replace(" ", "\N{NO-BREAK SPACE}")),
        "short_title": f"{names.plain(names.order_word(result.sector))} orders in {place}",
        "place": result.place.name,
        "place_facts": words.listed(
            [
                rounding.whole(result.makers, "maker"),
                *(
                    rounding.whole(result.counts[kind], kind[:-1])
                    for kind in ("partners", "retailers", "lenders")
                    if kind in result.counts
                ),
            ]
        ),
        "counted": words.MAKERS_ESTIMATED if makers_are_estimated(result) else "",
        "unsettled": (
            ""
            if result.settled
            else words.unsettled(
                result.horizon_weeks,
                result.order_weeks,
                figure(result, "output", "local", "total").analytic,
            )
        ),
        "tiles": _tiles(result),
        "paid": words.PAID_FROM_OUTSIDE,
        "jobs_note": words.JOBS_COVERAGE,
        "limits": words.LINEAR_LIMITS,
        "leontief": f"{leontief_sentence(result)}. {furthest_sentence(result)}",
        "tolerance": rounding.difference(check.tolerance) if check else "",
        "comparator": (
            words.comparator(
                result.sector, national, manufacturing_reference(result.year), result.year
            )
            if names.is_manufacturing(result.sector)
            else ""
        ),
        "shares_matter": (
            words.shares_matter(
                result.regionalisation,
                result.local_output_by_method,
                f"{names.order_word(result.sector)} orders",
            )
            if result.local_output_by_method
            else ""
        ),
        "shares": _shares(result),
        "methods": list(result.local_output_by_method),
        "used": result.regionalisation,
        "table": _table(result),
        "regions": [names.plain(names.REGION_LABELS[region]) for region in REGIONS],
        "leaks": [
            (
                names.RESTING_PLACES[region],
                rounding.cents(total),
                [
                    (names.leakage_label(leakage), rounding.cents(value))
                    for place_of, leakage, value in leakages(result).iter_rows()
                    if place_of == region
                ],
            )
            for region, total in resting(result).items()
        ],
        "leak_sum": rounding.dollars(float(result.leakages["value"].sum())),
        "owners_elsewhere": words.OWNERS_ELSEWHERE,
        "orders": (
            f"{rounding.amount(result.injection_usd)} of {names.order_word(result.sector)} "
            f"orders, {words.spread_over(result.order_weeks)}, followed for "
            f"{result.horizon_weeks} weeks; everything is shown per dollar ordered."
        ),
        "scale": (
            f"This is a scale model: {rounding.whole(result.makers, 'maker')} stand for about "
            f"{round(result.makers / result.scale):,}, results are divided by {result.scale:.3g}."
            if result.scale < 1
            else ""
        ),
        "health": (
            f"{len(result.checks)} of {len(result.checks)} checks passed."
            if not failed
            else f"Checks FAILED: {', '.join(failed)}. Do not use these figures."
        ),
        "failed": bool(failed),
        "residual": f"{number(result.worst_residual):.1e}",
        "seconds": f"{sum(result.seconds.values()):.1f}",
        "checks": [
            (
                check.id,
                "passed" if check.passed else "FAILED",
                f"{check.value:.2e}",
                f"{check.tolerance:.0e}",
            )
            for check in result.checks
        ],
        "assumptions": [
            {key: _cell(value) for key, value in row.items()} for row in result.assumptions
        ],
        "mix_quality": str(getattr(result.place, "mix_quality", "")),
        "notes": [*result.notes, *(str(note) for note in getattr(result.place, "notes", ()))],
        "sources": source_rows(result.year),
        "year": result.year,
        "seed": result.seed,
        "run_id": run_id,
    }


def _tiles(result: LinearResult) -> list[tuple[str, str, str]]:
    """Return the key figures: number, what it is, what it leaves out."""
    return [
        (
            rounding.dollars(simulated(result, "output", "local")),
            "of output in the district",
            "all sales along the way, the dollar ordered included",
        ),
        (
            rounding.dollars(simulated(result, "value_added", "local")),
            "of value added in the district",
            "what its people, owners and governments earn: the part that is GDP",
        ),
        (
            rounding.jobs(simulated(result, "jobs", "local")),
            "job-years in the district per $1M",
            "covered private jobs; no government, no farms",
        ),
        (
            rounding.dollars(simulated(result, "output", "national")),
            "of output in the United States",
            "district and rest of the country together",
        ),
    ]


def _shares(result: LinearResult) -> list[tuple[str, str, list[str], str, str]]:
    """Return the local shares: sector, quotient, share by method, households', what limits it."""
    return [
        (
            names.group_label(row["sector"]),
            f"{row['location_quotient']:.2f}",
            [f"{row[f'firms_share_{method}']:.2f}" for method in result.local_output_by_method],
            f"{row['households_share']:.2f}",
            row["limited_by"],
        )
        for row in result.local_shares
    ]


def _table(result: LinearResult) -> list[dict[str, Any]]:
    """Return the table against Leontief: per quantity its rows, per row cells by region."""
    blocks = []
    for quantity in QUANTITIES:
        digits = 3 if quantity == "jobs" else 4
        rows = []
        for effect in (*EFFECTS, "total"):
            cells: list[tuple[str, str, str]] = []
            for region in REGIONS:
                if not has(result, quantity, region, effect):
                    cells.append(("—", "—", "—"))
                    continue
                one = figure(result, quantity, region, effect)
                cells.append(
                    (
                        f"{one.simulated:.{digits}f}",
                        "—" if one.analytic is None else f"{one.analytic:.{digits}f}",
                        rounding.difference(one.relative_difference),
                    )
                )
            rows.append({"effect": effect, "name": names.EFFECT_LABELS[effect], "cells": cells})
        unit = "" if quantity == "jobs" else ", $ per $1 ordered"
        blocks.append({"name": f"{names.QUANTITY_LABELS[quantity]}{unit}", "rows": rows})
    return blocks


def _cell(value: Any) -> str:
    """Return a value of the assumptions as text; a list of bounds as 'low to high'."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
