"""How precise a ranking is: what common draws gain, and whether a single pair is the spread."""

from __future__ import annotations

import math
from collections.abc import Sequence

from millworks.report import names, rounding, run_words
from millworks.report.rank_numbers import NOTHING, found, short_title
from millworks.report.rank_tables import above, ranked, rows_of
from millworks.report.study_page import Section, Table
from millworks.report.words import listed, lower_first
from millworks.study.effects import outlying_share
from millworks.study.ranking.results import RankEntry, RankResult
from millworks.study.ranking.verdicts import Word

QUANTITIES = (
    "value_added",
    "output",
    "jobs",
    "income",
    "constrained_now",
    "constrained_any",
    "fill_rate",
    "survival",
)
"""Outcomes of which the gain is shown, those that are known."""

LITTLE = 10.0
"""Gain below which common draws are said to help little."""

WHY_LITTLE = (
    "Where the gain is small the arms have parted: a project bought, a loan granted, a closure or "
    "a birth near its threshold happened in one arm only, and from there they are two histories. "
    "No draw is shared wrongly: a policy that does nothing leaves every bit as it was. Counts of "
    "few firms show it most, for one firm more or less is the whole difference."
)


def precision(result: RankResult) -> Section | None:
    """Return the gain of common draws by policy and outcome; None where no pair differs."""
    entries = ranked(result)
    known = [name for name in QUANTITIES if any(_gain(entry, name) for entry in entries)]
    if not known:
        return None
    columns = [
        (names.run_label(name), [_times(_gain(entry, name)) for entry in entries]) for name in known
    ]
    text = _lowest(entries, known)
    return Section(
        title="What common draws gain",
        paragraphs=(
            "All arms of a pair share their luck wherever they meet the same question. The gain is "
            "how many times as many pairs independent luck would take; precision.csv has it for "
            "every outcome, with the pairs that an interval of 5% either way would take.",
            *((f"{text} {WHY_LITTLE}",) if text else ()),
        ),
        tables=(
            Table(
                title="Pairs with independent luck, per pair with common luck",
                note=f"At equal cost. {NOTHING}: the arms of all pairs are the same, or one pair.",
                heads=("policy", *(head for head, _ in columns)),
                rows=rows_of(columns, [short_title(entry) for entry in entries]),
                above=above(result),
                folded=True,
            ),
        ),
    )


def _gain(entry: RankEntry, quantity: str) -> float | None:
    effect = found(entry.equal, quantity)
    return None if effect is None else effect.gain


def _times(gain: float | None) -> str:
    return NOTHING if not gain else run_words.times(gain)


def _lowest(entries: Sequence[RankEntry], known: Sequence[str]) -> str:
    """Name the outcomes whose typical gain is little; '' where none is."""
    little = []
    for name in known:
        gains = [gain for entry in entries if (gain := _gain(entry, name))]
        typical = math.exp(sum(math.log(gain) for gain in gains) / len(gains))
        if typical < LITTLE:
            little.append(f"{names.run_phrase(name)} ({run_words.times(typical)})")
    return f"Common draws help little with {', '.join(little)}." if little else ""


def lone_pairs(result: RankResult) -> str:
    """Name the policies of which one pair outlies the others beyond luck; '' where none does."""
    most = outlying_share(len(result.seeds))
    lone = [
        lower_first(short_title(entry))
        for entry in result.entries
        if entry.largest_pair is not None
        and entry.largest_pair > most
        and entry.verdict.word is not Word.CANNOT_TELL
    ]
    if not lone:
        return ""
    return (
        f"One pair holds {rounding.percent(most)} or more of the spread of {listed(lone)}: believe "
        f"neither mean nor verdict before more pairs are run."
    )
