"""Who got the dollar: the difference of two runs by week, recipient, resting place and link."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from millworks.district_model import DistrictModel
from millworks.economy.sectors import SECTOR_NAMES, SECTORS
from millworks.economy.technology import SERVICE_SECTORS
from millworks.study.recorder import Recorder

Floats = npt.NDArray[np.float64]

SIZE_GROUPS = ("maker_lt5", "maker_5_9", "maker_10_19", "maker_20_99", "maker_100_499", "partner")
"""Groups of manufacturers by size class."""

FIRMS_SHOWN = 320
"""Firms of the neighbourhood that a reader can still take in."""


def weekly_path(arms: dict[str, Recorder], base: Recorder, amount: float) -> pl.DataFrame:
    """Output a week by effect and region, USD per USD of orders."""
    frames = []
    for region, series in (("local", "output"), ("rest_of_us", "rest_of_us_output")):
        before = base.series[series].sum(axis=1)
        for effect, record in arms.items():
            after = record.series[series].sum(axis=1)
            frames.append(
                pl.DataFrame(
                    {
                        "week": np.arange(len(after)),
                        "effect": effect,
                        "region": region,
                        "value": (after - before) / amount,
                    }
                )
            )
            before = after
    return pl.concat(frames)


def recipients(
    model: DistrictModel, record: Recorder, base: Recorder, amount: float
) -> pl.DataFrame:
    """Who produced, and who was paid by producers here and elsewhere, USD per USD of orders."""
    made = (record.agent_output - base.agent_output) / amount
    spans = model.trade.spans
    rows: list[tuple[str, str, str, float]] = []
    sizes = np.concatenate(
        [
            model.populations["makers"].size_class,
            np.full(model.populations["partners"].size, len(SIZE_GROUPS) - 1),
        ]
    )
    by_size = np.bincount(sizes, weights=made[: spans["P"].stop], minlength=len(SIZE_GROUPS))
    rows += [
        (group, "local", "output", float(value))
        for group, value in zip(SIZE_GROUPS, by_size, strict=True)
    ]
    rows.append(("retailer", "local", "output", float(made[spans["R"]].sum())))
    rows.append(("chain", "local", "output", float(made[spans["C"]].sum())))
    rows += [
        (SECTORS[sector], "local", "output", float(value))
        for sector, value in zip(SERVICE_SECTORS, made[spans["S"]], strict=True)
    ]
    there = _total(record, base, "rest_of_us_output") / amount
    rows += [
        (SECTORS[sector], "rest_of_us", "output", float(value))
        for sector, value in enumerate(there)
    ]
    rows += [
        (group, region, "income", value)
        for group, region, value in _paid_here(model, record, base, amount)
    ]
    national = model.technology.national
    rows += [
        (group, "rest_of_us", "income_elsewhere", float(rate @ there))
        for group, rate in (
            ("workers", national.compensation),
            ("owners", national.surplus),
            ("governments", national.taxes),
        )
    ]
    return pl.DataFrame(rows, schema=["group", "region", "quantity", "value"], orient="row")


def _paid_here(
    model: DistrictModel, record: Recorder, base: Recorder, amount: float
) -> list[tuple[str, str, float]]:
    """Who was paid by producers in the district: group, where it is, USD per USD of orders.

    Pay and taxes as they were earned; the surplus is the rest of value added, so that the parts sum
    to it, split as the ownership of the firms that earned it. No table says where owners outside
    live, nor whether abroad: they are put in the rest of the US.
    """
    added, pay, commuters = (
        float(_total(record, base, name)) / amount
        for name in ("value_added", "labour_income", "commuters")
    )
    local_tax, other_tax = (float(part) / amount for part in _total(record, base, "taxes"))
    owned = _total(record, base, "surplus")
    surplus = added - pay - local_tax - other_tax
    here = float(owned[0] / owned.sum()) if owned.sum() else 0.0
    return [
        ("workers", "local", pay - commuters),
        ("commuters", "rest_of_us", commuters),
        ("owners", "local", surplus * here),
        ("owners", "rest_of_us", surplus * (1.0 - here)),
        ("local_government", "local", local_tax),
        ("governments", "rest_of_us", other_tax),
    ]


def leakages(record: Recorder, base: Recorder, amount: float, model: DistrictModel) -> pl.DataFrame:
    """Where the dollar came to rest, and as what: frame (region, leakage, value) summing to one.

    A dollar is spent in the district until it is kept there unspent ("local"), or has gone to the
    rest of the US or abroad; what is still on its way when the run ends closes the sum.
    """
    us, abroad = _total(record, base, "outside_inputs") / amount
    outside, local_tax, other_tax, saving = _total(record, base, "households") / amount
    paid = {
        (group, region): value for group, region, value in _paid_here(model, record, base, amount)
    }
    recipe = model.technology
    spent_in_us = float(recipe.direct_us.sum())
    part = spent_in_us / (spent_in_us + recipe.direct_abroad)
    found = {
        ("local", "other_value_added"): paid["owners", "local"],
        ("local", "taxes_on_production"): paid["local_government", "local"],
        ("local", "household_tax"): local_tax,
        ("local", "saving"): saving,
        ("rest_of_us", "purchases"): us + outside * part,
        ("rest_of_us", "other_value_added"): paid["owners", "rest_of_us"],
        ("rest_of_us", "commuters"): paid["commuters", "rest_of_us"],
        ("rest_of_us", "taxes_on_production"): paid["governments", "rest_of_us"],
        ("rest_of_us", "household_tax"): other_tax,
        ("abroad", "imports"): abroad + outside * (1.0 - part),
    }
    found["under_way", "under_way"] = 1.0 - sum(found.values())
    return pl.DataFrame(
        [(region, leakage, float(value)) for (region, leakage), value in found.items()],
        schema=["region", "leakage", "value"],
        orient="row",
    )


def neighbourhood(
    model: DistrictModel, record: Recorder, base: Recorder, amount: float
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The firms that received most of the dollar, all service blocks, and the links among them."""
    trade, spans = model.trade, model.trade.spans
    received = (record.agent_output - base.agent_output) / amount
    firms = np.arange(spans["S"].start)
    ranked = firms[np.argsort(-received[firms], kind="stable")][:FIRMS_SHOWN]
    shown = np.union1d(ranked, np.arange(spans["C"].start, spans["S"].stop))
    nodes = pl.DataFrame(
        [_node(model, int(agent), float(received[agent])) for agent in shown],
        schema=["id", "kind", "label", "sector", "size_class", "sales", "received"],
        orient="row",
    )
    inside = np.zeros(trade.agents, dtype=np.bool_)
    inside[shown] = True
    links = np.flatnonzero(inside[trade.buyer] & inside[trade.seller])
    moved = (record.link_shipped - base.link_shipped) / amount
    kinds = {"M": "supply", "P": "supply", "R": "retail", "C": "retail", "S": "block"}
    letters = np.array(list(spans))[trade.holder_of]
    edges = pl.DataFrame(
        {
            "buyer": trade.buyer[links],
            "seller": trade.seller[links],
            "kind": [kinds[letters[b]] for b in trade.buyer[links]],
            "sector": [SECTORS[s] for s in trade.sector[links]],
            "base_sales": base.link_shipped[links] / base.weeks * 52.0,
            "received": moved[links],
        }
    )
    return nodes, pl.concat([edges, _service_links(model, shown, received)])


def _node(model: DistrictModel, agent: int, received: float) -> tuple[object, ...]:
    """One row of the nodes' frame."""
    spans = model.trade.spans
    letter = list(spans)[int(model.trade.holder_of[agent])]
    row = agent - spans[letter].start
    firms = model.population(letter)
    sector = SECTORS[int(firms.sector[row])]
    kind = {"M": "maker", "P": "partner", "R": "retailer", "C": "chain", "S": "block"}[letter]
    label = SECTOR_NAMES[sector] if letter == "S" else f"{kind} {row + 1}"
    size = int(firms.size_class[row]) if letter in "MP" else -1
    return (agent, kind, label, sector, size, float(firms.base_output[row]) * 52.0, received)


def _service_links(
    model: DistrictModel, shown: npt.NDArray[np.int64], received: Floats
) -> pl.DataFrame:
    """What the firms shown bought of the place's blocks, by their recipes."""
    recipe, trade = model.technology, model.trade
    makers = shown[shown < trade.spans["P"].stop]
    sectors = np.concatenate(
        [model.populations["makers"].sector, model.populations["partners"].sector]
    )[makers]
    base = np.concatenate(
        [model.populations["makers"].base_output, model.populations["partners"].base_output]
    )[makers]
    per_dollar = recipe.services_local[np.ix_(SERVICE_SECTORS, sectors)]
    blocks = np.arange(trade.spans["S"].start, trade.spans["S"].stop)
    count = len(blocks)
    return pl.DataFrame(
        {
            "buyer": np.repeat(makers, count),
            "seller": np.tile(blocks, len(makers)),
            "kind": "block",
            "sector": [SECTORS[s] for s in SERVICE_SECTORS] * len(makers),
            "base_sales": (per_dollar * base).T.ravel() * 52.0,
            "received": (per_dollar * received[makers]).T.ravel(),
        }
    )


def _total(record: Recorder, base: Recorder, name: str) -> Floats:
    """Difference of a series, summed over the weeks."""
    return np.asarray((record.series[name] - base.series[name]).sum(axis=0))
