"""Two rankings beside each other on the screen: a line per policy, then how far they agree.

What is shown is `study.ranking.agreement.compare_rankings`; no line is longer than 80 characters
but for a path.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from millworks.report import effect_numbers, names, rank_words, rounding, run_cautions
from millworks.report.words import listed, shortened
from millworks.study.ranking.verdicts import Word

WIDTH = 80
NAME, CHANGE, VERDICT, REMARK = 24, 9, 13, 11

Document = Mapping[str, Any]


def print_agreement(document: Document, console: Console) -> None:
    """Print the policies of two rankings beside each other, then how far the two agree."""
    for line, style in _table(document):
        console.print(Text(line, style=style), soft_wrap=True)
    console.print()
    for sentence in sentences(document):
        for line in textwrap.wrap(sentence, WIDTH):
            console.print(Text(line), soft_wrap=True)
    console.print(Text(run_cautions.NOT_CALIBRATED_SHORT, style="dim"), soft_wrap=True)


def _table(document: Document) -> list[tuple[str, str]]:
    labels = [one["label"] for one in document["rankings"]]
    rows = document["policies"]
    every = [mean for row in rows for mean in row["means"]]
    on = effect_numbers.scale(document["unit"], every, change=True, short=True)
    what = f"{names.run_label(document['quantity'])} at equal cost, {on.before}{on.after}"
    yearly = " a year" if effect_numbers.yearly(document["unit"]) else ""
    lines = [(f"{what}{yearly}", "bold")]
    heads = [cell for label in labels for cell in (label, "verdict")]
    lines.append((_columns("", heads, "intervals"), "dim"))
    for row in rows:
        cells = []
        for mean, verdict in zip(row["means"], row["verdicts"], strict=True):
            cells += ["—" if mean is None else on.bare(mean, sign=True), short_verdict(verdict)]
        remark = {None: "—", True: "apart", False: "overlap"}[row["apart"]]
        name = row["policy"].replace("_", " ")
        lines.append((_columns(name, cells, remark), "dim" if row["comparator"] else ""))
    return lines


def _columns(name: str, cells: Sequence[str], remark: str) -> str:
    line = f"{shortened(name, NAME - 1):<{NAME}}"
    for place, cell in enumerate(cells):
        line += f"{cell:>{CHANGE}}" if place % 2 == 0 else f"  {cell:<{VERDICT - 2}}"
    return f"{line} {remark:<{REMARK}}".rstrip()


def short_verdict(verdict: str) -> str:
    """Return a verdict as a narrow column has it; it is short of the policies it names."""
    named = Word.ONLY_WITH if verdict.startswith(Word.ONLY_WITH) else verdict
    short = {word.value: short for word, short in rank_words.SHORT_VERDICTS.items()}
    return short.get(named, shortened(verdict, VERDICT - 2))


def sentences(document: Document) -> list[str]:
    """Return what two rankings have in common, and what not, in sentences."""
    found, (one, other) = document["agreement"], (r["label"] for r in document["rankings"])
    count = found["levers"]
    told = found["told_in_one"]
    said = [
        f"Verdicts agree for {_part(found['verdicts_agree'], count)} of "
        f"{rounding.whole(count, 'lever')}."
    ]
    if told:
        said.append(
            f"Of the {rounding.whole(told, 'lever')} that at least one ranking says works or harms,"
            f" the other says the same of {_part(found['verdicts_agree_of_told'], told)}."
        )
    else:
        said.append(
            "Neither says of any lever that it works or harms: they agree in telling nothing."
        )
    if found["opposed"]:
        said.append(
            f"{Word.WORKS.value.capitalize()} in one and {Word.HARMS.value} in the other: "
            f"{_listed(found['opposed'])}."
        )
    if found["signs_agree"] is not None:
        said.append(
            f"The sign of the mean is the same for {rounding.percent(found['signs_agree'])} "
            "(chance alone: half)."
        )
    said.append(_order(found["rank_correlation"]))
    if found["apart"]:
        said.append(f"Corrected intervals that do not overlap: {_listed(found['apart'])}.")
    elif len(found["overlap_unknown"]) < count:
        said.append("All corrected intervals overlap.")
    if document["common_seeds"]:
        shared = rounding.whole(len(document["common_seeds"]), "seed")
        said.append(f"{one} and {other} share {shared}: that they agree is in part the same luck.")
    if document["only_in_one"]:
        said.append(f"In one ranking only: {_listed(document['only_in_one'])}.")
    return said


def _order(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "Of so few levers, or effects without an order, no rank correlation is given."
    within = ""
    if found["low"] is not None:
        within = f"95% interval {found['low']:.2f} to {found['high']:.2f}, "
    return f"Rank correlation of the levers: {found['r']:.2f} ({within}p {_chance(found['p'])})."


def _chance(p: float) -> str:
    return "below 0.001" if p < 0.001 else f"= {p:.3f}"


def _part(share: float | None, count: int) -> str:
    return str(round((share or 0.0) * count))


def _listed(policies: Sequence[str]) -> str:
    return listed([name.replace("_", " ") for name in policies])
