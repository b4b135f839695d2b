"""Figures of two small runs, kept as they were when last reviewed.

A change of these figures is a change of the model's results: it must be meant. To accept one,

    python -m pytest tests/golden --update-golden

writes the files anew, and `git diff tests/golden` shows what moved, for review. Compared to a
relative 1e-9, so that another processor or library may round differently.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.study import linear_multiplier
from millworks.world.accounts import FIRMS, HOLDERS
from worlds import district, one_sector, orders, run, world_parameters

HERE = Path(__file__).parent
RELATIVE = 1e-9


def multiplier_of_furniture() -> dict[str, Any]:
    """A dollar of furniture orders in a scale model of Hickory, agents and table."""
    config = compose(
        "multiplier",
        {"district": "hickory", "makers": 60, "sector": "FURN", "seed": 1},
        ["world=linear"],
        packaged_scenarios(),
    )
    result = linear_multiplier.run(config, lambda done, total, what: None)
    figures: dict[str, Any] = {
        f"{row['quantity']} {row['region']} {row['table']} {row['effect']} {source}": row[source]
        for row in result.rows
        for source in ("simulated", "analytic")
    }
    figures |= {
        f"leakage {row['region']} {row['leakage']}": row["value"]
        for row in result.leakages.to_dicts()
    }
    figures |= {f"number of {name}": count for name, count in result.counts.items()}
    for row in result.recipients.to_dicts():
        name = f"received {row['quantity']} {row['region']}"
        figures[name] = figures.get(name, 0.0) + row["value"]
    return figures | {"orders USD": result.injection_usd, "links shown": len(result.edges)}


def books_after_a_year() -> dict[str, Any]:
    """Balances and flows of the generic district in the world as it is, after 52 weeks, USD."""
    model = district(makers=60, parameters=world_parameters("default"), seed=1)
    sales = 0.1 * float(model.founding.flows_by_sector @ one_sector("FURN"))
    model.programme = orders(one_sector("FURN"), sales, 26)
    run(model, 52)
    figures: dict[str, Any] = {}
    for letter, holder in HOLDERS.items():
        population = model.populations[holder.population]
        for name, column in population.declared.items():
            if column.account and name != "current_account":
                figures[f"{letter} {name}"] = float(getattr(population, name).sum())
    for letter in FIRMS:
        firms = model.population(letter)
        figures[f"{letter} output"] = float(firms.output.sum())
        figures[f"{letter} jobs"] = float(firms.jobs.sum())
    figures |= {f"flow {name}": amount for name, amount in sorted(model.ledger.flows.items())}
    figures["rest of US output"] = float(model.rest_of_us.output.sum())
    return figures


RUNS = {
    "multiplier_of_furniture.json": (multiplier_of_furniture, 1e-9),
    "books_after_a_year.json": (books_after_a_year, 1e-2),
}
"""File -> (run, size below which a figure is only rounding: USD per USD of orders, USD)."""


def moved(kept: dict[str, Any], found: dict[str, Any], rounding: float) -> list[str]:
    """Sentences on every figure that is not what it was."""
    lines = [f"{name}: new" for name in found.keys() - kept.keys()]
    lines += [f"{name}: gone" for name in kept.keys() - found.keys()]
    for name in kept.keys() & found.keys():
        before, now = kept[name], found[name]
        if before is None or now is None:
            same = before is now
        else:
            same = math.isclose(before, now, rel_tol=RELATIVE, abs_tol=rounding)
        if not same:
            lines.append(f"{name}: {before} -> {now}")
    return sorted(lines)


@pytest.mark.parametrize("name", RUNS)
def test_a_small_run_returns_the_figures_it_was_reviewed_with(name, request):
    run_it, rounding = RUNS[name]
    found = json.loads(json.dumps(run_it()))
    file = HERE / name
    if request.config.getoption("--update-golden"):
        file.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    kept = json.loads(file.read_text(encoding="utf-8"))
    differences = moved(kept, found, rounding)
    assert not differences, (
        f"{len(differences)} figures of {name} moved; if that is meant, run"
        " `python -m pytest tests/golden --update-golden` and review the diff:\n"
        + "\n".join(differences[:20])
    )


def test_a_figure_that_moves_by_a_millionth_is_noticed():
    kept = {"a": 1.0, "b": 2.0}
    assert moved(kept, {"a": 1.000001, "b": 2.0}, 1e-9) == ["a: 1.0 -> 1.000001"]
    assert moved(kept, {"a": 1.0, "c": 2.0}, 1e-9) == ["b: gone", "c: new"]
    assert not moved(kept, {"a": 1.0 + 1e-10, "b": 2.0}, 1e-9)
