"""What a study reads off a world is what is there, and a formula says the same in any window."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE
from millworks.agents.producer import REASONS
from millworks.study.quantities import PATHS, RUN_QUANTITIES, SIZE_CLASSES
from millworks.study.recorder import Recorder
from millworks.study.run_assembly import JOB_YEARS_PER
from millworks.study.run_figures import FORMULAS, Window, figures, reduced, weeks_of_periods
from millworks.study.run_measures import BY_GROUP, PARTNERS, RunMeasures
from millworks.world.accounts import FIRMS
from worlds import district, world_parameters

WEEKS = 60


@pytest.fixture(scope="module")
def watched():
    """A world with everything on, its table, and its last week."""
    world = district("hickory", 60, parameters=world_parameters("default"), seed=4, check_every=0)
    for _ in range(40):
        world.step()
    table = RunMeasures(world, WEEKS, ())
    record = Recorder(world, WEEKS)
    generation = world.population("M").generation.copy()
    exits = births = 0
    for _ in range(WEEKS):
        world.step()
        exits += world.turnover["failed M"] + world.turnover["voluntary M"]
        births += world.turnover["births M"]
        table.record(world)
        record.record(world)
    return world, table, record, generation, exits, births


def window(table: RunMeasures, rows: slice = slice(None)) -> Window:
    values = table.values[rows]
    columns = {name: place for place, name in enumerate(table.columns)}
    return Window(values.sum(axis=0), columns, float(len(values)), 1.0)


def test_sums_over_groups_are_those_of_the_columns(watched):
    world, table, *_ = watched
    week = window(table, slice(-1, None))
    makers, partners = world.population("M"), world.population("P")
    assert week.of("output") == pytest.approx(makers.output.sum() + partners.output.sum())
    assert week.of("jobs") == pytest.approx(makers.jobs.sum() + partners.jobs.sum())
    for place, reason in enumerate(REASONS):
        refused = makers.refused[:, place].sum() + partners.refused[:, place].sum()
        assert week.of(f"refused_{reason}") == pytest.approx(refused)
    active = makers.status == ACTIVE
    tested = active & (makers.tested >= 0)
    assert week.of("active") == active.sum()
    assert week.of("tested") == tested.sum()
    assert week.of("constrained") == (tested & makers.constrained).sum()
    assert week.of("constrained_any") == (tested & makers.constrained_year.any(axis=1)).sum()
    assert week.of("constrained_always") == (tested & makers.constrained_year.all(axis=1)).sum()
    assert week.of("money_missing") == pytest.approx(
        makers.money_missing[tested & makers.constrained].sum()
    )


def test_output_jobs_and_pay_of_the_district_are_those_of_the_linear_study(watched):
    _, table, record, *_ = watched
    whole = window(table)
    assert whole.of("district_output") == pytest.approx(record.series["output"].sum())
    assert whole.of("district_jobs") == pytest.approx(52.0 * record.series["jobs"].sum())
    lenders_pay = whole.of("district_labour_income") - record.series["labour_income"].sum()
    assert 0.0 < lenders_pay < 0.01 * whole.of("district_labour_income")
    # Rent, freight and lenders' services are inputs here; the linear study has none of them.
    assert 0.9 < whole.of("district_value_added") / record.series["value_added"].sum() < 1.0


def test_makers_that_come_and_go_are_those_of_the_turnover(watched):
    world, table, _, generation, exits, births = watched
    whole = window(table)
    assert (whole.of("exits"), whole.of("births")) == (exits, births)
    assert exits > 0
    places = {name: place for place, name in enumerate(table.columns)}
    newcomers = Window(table.values[-1], places, 1.0, 1.0, "newcomers")
    makers = world.population("M")
    assert (
        newcomers.of("active")
        == ((makers.generation != generation) & (makers.status == ACTIVE)).sum()
    )


def test_partners_are_a_class_of_their_own(watched):
    world, table, *_ = watched
    places = {name: place for place, name in enumerate(table.columns)}
    large = Window(table.values[-1], places, 1.0, 1.0, SIZE_CLASSES[PARTNERS])
    assert SIZE_CLASSES[PARTNERS] == "500+"
    assert large.of("output") == pytest.approx(world.population("P").output.sum())
    assert large.of("active") == 0.0


def test_residents_income_is_pay_and_profits_and_transfers(watched):
    world, table, *_ = watched
    pay = sum(world.population(kind).wage_residents.sum() for kind in FIRMS)
    pay += world.population("B").pay.sum()
    profits = sum(
        world.population(k).draw_local.sum() + world.population(k).reinvested_local.sum()
        for k in "MRS"
    )
    transfers = world.ledger.flows["transfers X>H"]
    found = window(table, slice(-1, None)).of("income")
    assert found == pytest.approx(pay + profits + transfers)


def test_quarters_add_up_to_the_horizon(watched):
    _, table, *_ = watched
    kept = reduced(table.values, table.columns, 0.5)
    weeks = weeks_of_periods(WEEKS)
    assert kept.weeks == WEEKS
    assert list(weeks) == [13.0, 13.0, 13.0, 13.0, 8.0]
    assert kept.periods.shape == (5, len(table.columns))
    assert np.allclose(kept.periods.sum(axis=0), table.values.sum(axis=0))
    places = {name: place for place, name in enumerate(table.columns)}
    quarterly = Window(kept.periods, places, weeks, 0.5)
    horizon = Window(kept.periods.sum(axis=0), places, float(WEEKS), 0.5)
    for name in ("output", "jobs", "income"):
        mean = (FORMULAS[name](quarterly) * weeks).sum() / WEEKS
        assert mean == pytest.approx(FORMULAS[name](horizon))
    first = kept.paths[0, PATHS.index("output")]
    assert first == pytest.approx(104.0 * table.values[0][places["district_output"]])


def test_size_classes_add_up_to_all_manufacturers(watched):
    _, table, *_ = watched
    found = figures(window(table))
    total = sum(found["jobs", size] for size in SIZE_CLASSES)
    assert total == pytest.approx(window(table).of("jobs") / WEEKS)
    assert total < found["jobs", "all"]


def test_every_quantity_is_declared_with_its_unit():
    assert set(RUN_QUANTITIES) == {*FORMULAS, *JOB_YEARS_PER}
    assert set(JOB_YEARS_PER.values()) <= set(FORMULAS)
    assert set(PATHS) <= set(FORMULAS)
    assert len(set(BY_GROUP)) == len(BY_GROUP)
