"""Two rankings beside each other: do they say the same of the same policies?

Verdicts, signs and order are compared over the levers in both rankings. Where little can be told
of any policy, two rankings agree in saying nothing: hence the agreement among levers of which at
least one of them says *works* or *harms* stands beside the agreement of all. With r the correlation
of the two orders (Spearman 1904), over n levers:

    interval   tanh(artanh r ± z √((1 + r²/2) / (n - 3)))      Bonett and Wright 2000
    p-value    share of orders of one ranking that correlate with the other at least as much

Two rankings of other seeds are independent, so that effects differ by mean_B - mean_A with a
standard error of √(e_A² + e_B²); where they share seeds of one world that error would be wrong, and
none is given. Rankings of two places are two answers to two questions, and are not compared.

The interval of r is that of levers drawn from many like them; it says nothing of other parameters.
"""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from millworks.errors import InputError
from millworks.study.compare import labels_of, settings_between
from millworks.study.ranking.results import EQUAL
from millworks.study.ranking.verdicts import Word
from millworks.study.verify import Record, read_record
from millworks.world.streams import Streams

if TYPE_CHECKING:
    from millworks.conf.studies import RankConfig

Floats = npt.NDArray[np.float64]

TOLD = (Word.WORKS.value, Word.HARMS.value)
"""Verdicts that say a policy has an effect of its own."""
MOST_EXACT = 7
"""Levers up to which every order is looked at for the p-value; of more, `ORDERS` drawn ones."""
ORDERS = 20_000
"""Orders drawn, by keyed draws: the same two rankings have the same p-value."""
ORDERS_SEED = 1904


@dataclass(frozen=True)
class Ranked:
    """A policy as a ranking has it.

    `verdict` in words; `mean`, corrected `low` and `high` of its effect at equal cost, and `error`,
    its Monte-Carlo standard error; None where they could not be given.
    """

    policy: str
    comparator: bool
    verdict: str
    mean: float | None
    low: float | None
    high: float | None
    error: float | None


@dataclass(frozen=True, eq=False)
class StoredRanking:
    """A ranking as its folder has it; `seeds`: of its pairs; `unit`: of the effects."""

    folder: Path
    config: RankConfig
    quantity: str
    unit: str
    seeds: tuple[int, ...]
    policies: dict[str, Ranked]


@dataclass(frozen=True)
class Correlation:
    """A rank correlation with its interval and p-value; None where levers are too few."""

    r: float
    low: float | None
    high: float | None
    p: float | None
    levers: int


def is_ranking(folder: Path) -> bool:
    """Whether a folder is that of `millworks rank`; InputError as `read_record` raises it."""
    return read_record(folder).command == "rank"


def read_ranking(folder: Path) -> StoredRanking:
    """Return the ranking in a folder.

    Raises InputError where it is the folder of another command, of another version, or damaged.
    """
    record: Record = read_record(folder)
    if record.command != "rank":
        raise InputError(
            f"{folder}: it is the folder of millworks {record.command}; a ranking is compared with "
            "a ranking."
        )
    config = cast("RankConfig", record.config)
    rows = _rows(folder / "ranking.csv")
    file = folder / "effects.csv"
    errors = {}
    try:
        quantity, unit = rows[0]["quantity"], rows[0]["unit"]
        for row in _rows(file):
            whole = row["size_class"] == "all" and row["effect"] == "level"
            if row["sizing"] == EQUAL and row["quantity"] == quantity and whole:
                errors[row["policy"]] = _number(row["mcse"])
        file = folder / "ranking.csv"
        pairs = max(int(row["pairs"]) for row in rows)
        policies = {
            row["policy"]: Ranked(
                policy=row["policy"],
                comparator=row["comparator"].lower() == "true",
                verdict=row["verdict"],
                mean=_number(row["mean"]),
                low=_number(row["low"]),
                high=_number(row["high"]),
                error=errors.get(row["policy"]),
            )
            for row in rows
        }
    except (KeyError, ValueError):
        raise _damaged(file) from None
    seeds = tuple(config.seed_of(pair) for pair in range(pairs))
    return StoredRanking(folder, config, quantity, unit, seeds, policies)


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise _damaged(file) from None
    if not rows:
        raise _damaged(file)
    return rows


def _damaged(file: Path) -> InputError:
    return InputError(f"{file}: it cannot be read; the folder was changed after the run.")


def _number(text: str) -> float | None:
    return float(text) if text else None


def compare_rankings(one: StoredRanking, other: StoredRanking) -> dict[str, Any]:
    """Return what two rankings were told to do differently, and how far they agree: plain data.

    Raises InputError where they are of two places or base years, rank by another quantity or have
    no lever in common.
    """
    places = [f"{ranking.config.district} in {ranking.config.year}" for ranking in (one, other)]
    if places[0] != places[1]:
        raise InputError(
            f"{one.folder} is a ranking of {places[0]}, {other.folder} of {places[1]}; rankings of "
            "the same place and year are compared."
        )
    for key in ("quantity", "unit"):
        mine, others = getattr(one, key), getattr(other, key)
        if mine != others:
            raise InputError(
                f"{one.folder} ranks by {mine}, {other.folder} by {others}; rankings by the same "
                f"{key} are compared."
            )
    levers = [
        name
        for name, ranked in one.policies.items()
        if name in other.policies and not ranked.comparator
    ]
    if not levers:
        raise InputError(f"{one.folder} and {other.folder}: no lever is in both rankings.")
    labels = labels_of((one, other))
    common = sorted(set(one.seeds) & set(other.seeds))
    rows = [_beside(one, other, name) for name in one.policies if name in other.policies]
    return {
        "rankings": [
            {"label": label, "folder": str(ranking.folder), "seeds": list(ranking.seeds)}
            for label, ranking in zip(labels, (one, other), strict=True)
        ],
        "settings": settings_between([one.config, other.config]),
        "quantity": one.quantity,
        "unit": one.unit,
        "common_seeds": common,
        "only_in_one": sorted(set(one.policies) ^ set(other.policies)),
        "agreement": agreement([row for row in rows if row["policy"] in levers]),
        "policies": rows,
    }


def _beside(one: StoredRanking, other: StoredRanking, name: str) -> dict[str, Any]:
    """A policy in both: its verdicts, effects, and their difference where there is one."""
    mine, others = one.policies[name], other.policies[name]
    difference = error = None
    if mine.mean is not None and others.mean is not None:
        difference = others.mean - mine.mean
        if not set(one.seeds) & set(other.seeds) and None not in (mine.error, others.error):
            error = math.hypot(cast(float, mine.error), cast(float, others.error))
    both = mine.verdict, others.verdict
    signs = _sign(mine.mean), _sign(others.mean)
    return {
        "policy": name,
        "comparator": mine.comparator,
        "verdicts": list(both),
        "verdicts_agree": both[0] == both[1],
        "told_in_one": any(verdict in TOLD for verdict in both),
        "opposed": set(both) == set(TOLD),
        "means": [mine.mean, others.mean],
        "lows": [mine.low, others.low],
        "highs": [mine.high, others.high],
        "signs_agree": None if None in signs else signs[0] == signs[1],
        "apart": apart(mine, others),
        "difference": difference,
        "difference_error": error,
    }


def _sign(value: float | None) -> int | None:
    return None if value is None else (value > 0.0) - (value < 0.0)


def apart(one: Ranked, other: Ranked) -> bool | None:
    """Whether two corrected intervals do not overlap; None where one of them is not given."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return None
    return one.high < other.low or other.high < one.low


def agreement(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return how far two rankings agree over their common levers; shares are None over none."""
    told = [row for row in rows if row["told_in_one"]]
    known = [row for row in rows if row["signs_agree"] is not None]
    means = np.array([row["means"] for row in known], dtype=float).reshape(-1, 2)
    found = correlation(means[:, 0], means[:, 1])
    return {
        "levers": len(rows),
        "verdicts_agree": _share([row["verdicts_agree"] for row in rows]),
        "told_in_one": len(told),
        "verdicts_agree_of_told": _share([row["verdicts_agree"] for row in told]),
        "opposed": [row["policy"] for row in rows if row["opposed"]],
        "signs_agree": _share([row["signs_agree"] for row in known]),
        "rank_correlation": None if found is None else asdict(found),
        "apart": [row["policy"] for row in rows if row["apart"]],
        "overlap_unknown": [row["policy"] for row in rows if row["apart"] is None],
    }


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def correlation(one: Floats, other: Floats, confidence: float = 0.95) -> Correlation | None:
    """Return the rank correlation of two sets of effects [levers], ties at their mean rank.

    None for fewer than three levers, or where one set has no order: all its effects are the same.
    """
    if len(one) < 3:
        return None
    mine, others = _ranks(one), _ranks(other)
    spread = math.sqrt(float(mine @ mine) * float(others @ others))
    if spread == 0.0:
        return None
    r = float(mine @ others) / spread
    low = high = None
    if len(one) > 3 and abs(r) < 1.0 - 1e-12:
        from scipy.special import ndtri

        width = float(ndtri(0.5 + confidence / 2.0))
        half = width * math.sqrt((1.0 + r * r / 2.0) / (len(one) - 3.0))
        low, high = math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)
    return Correlation(r, low, high, _chance(mine, others), len(one))


def _ranks(values: Floats) -> Floats:
    """Ranks less their mean; equal values share the mean of theirs."""
    before = (values[:, None] > values).sum(axis=1)
    with_ties = (values[:, None] >= values).sum(axis=1)
    ranks: Floats = (before + with_ties + 1.0) / 2.0
    return ranks - ranks.mean()


def _chance(one: Floats, other: Floats) -> float:
    """Part of all orders of `other` whose correlation with `one` is as far from zero as theirs."""
    found, count = abs(float(one @ other)) - 1e-9, len(one)
    if count <= MOST_EXACT:
        orders = np.array(list(itertools.permutations(range(count))))
        return float(np.mean(np.abs(other[orders] @ one) >= found))
    place, draw = np.tile(np.arange(count), ORDERS), np.repeat(np.arange(ORDERS), count)
    luck = Streams(ORDERS_SEED).uniform("bootstrap", place, week=draw).reshape(ORDERS, count)
    reached = np.abs(other[np.argsort(luck, axis=1, kind="stable")] @ one) >= found
    # The order that was found is one of those that could have been drawn.
    return float((reached.sum() + 1) / (ORDERS + 1))
