"""What a study reads off a world is what is there, and a formula says the same in any window."""

from __future__ import annotations

import numpy as np
import pytest

from millworks.agents.firm import ACTIVE, FREE
from millworks.agents.producer import REASONS
from millworks.economy.sectors import SECTORS
from millworks.study.producer_sums import (
    BY_GROUP,
    BY_SECTOR,
    EXITS,
    GROUPS,
    LOST,
    OF_NEWCOMERS,
    PARTNERS,
    add_tests,
)
from millworks.study.quantities import PATHS, RUN_QUANTITIES, SIZE_CLASSES
from millworks.study.recorder import Recorder
from millworks.study.run_assembly import JOB_YEARS_PER
from millworks.study.run_figures import (
    FORMULAS,
    Window,
    by_sector,
    figures,
    reduced,
    weeks_of_periods,
)
from millworks.study.run_measures import RunMeasures
from millworks.world.accounts import FIRMS, LOCALLY_OWNED
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


def test_sectors_add_up_to_all_manufacturers(watched):
    """Nobody is in two sectors or in none, and what sectors make is what size classes make."""
    world, table, *_ = watched
    whole = window(table)
    found = by_sector(whole)
    sizes = figures(whole)
    for name in BY_SECTOR:
        total = sum(values for (quantity, _), values in found.items() if quantity == name)
        assert total == pytest.approx(sum(sizes[name, size] for size in SIZE_CLASSES))
    made_here = {SECTORS[sector] for kind in "MP" for sector in world.population(kind).sector}
    assert {sector for _, sector in found} == made_here
    makers, partners = world.population("M"), world.population("P")
    week = by_sector(window(table, slice(-1, None)))
    furniture = sum(
        firms.jobs[firms.sector == SECTORS.index("FURN")].sum() for firms in (makers, partners)
    )
    assert week["jobs", "FURN"] == pytest.approx(furniture)


def test_lead_time_is_what_waits_over_what_leaves(watched):
    world, table, *_ = watched
    waiting = leaving = 0.0
    for kind in "MP":
        firms = world.population(kind)
        ready = world.trade.by_holder(world.trade.ready_at_seller)[kind]
        under_way = firms.shipped * world.parameters.ship_weeks
        waiting += (firms.backlog + ready + under_way).sum()
        leaving += firms.shipped.sum()
    found = FORMULAS["lead_time"](window(table, slice(-1, None)))
    assert found == pytest.approx(waiting / leaving)
    assert world.parameters.ship_weeks < FORMULAS["lead_time"](window(table)) < 12.0


def test_makers_of_the_start_are_kept_or_lost(watched):
    world, table, _, generation, exits, _ = watched
    makers = world.population("M")
    still = ((makers.generation == generation) & (makers.status == ACTIVE)).sum()
    whole = window(table)
    started = whole.of("started") / WEEKS
    assert FORMULAS["survival"](whole) == pytest.approx(still / started)
    assert whole.of("lost") == started - still
    newcomers_lost = sum(whole.of(f"newcomers_lost_{years}") for years in (1, 3, 5))
    assert whole.of("lost") + newcomers_lost == exits


def test_newcomers_are_at_risk_from_the_week_after_their_birth():
    """Three rows: one born in week 1 that closes in week 3, one that stays, one of the start."""
    generation, last = np.zeros(3, np.int64), np.zeros(3, np.int64)
    status = np.array([FREE, ACTIVE, ACTIVE])
    was_active, age = status == ACTIVE, np.zeros(3, np.int64)
    group, newcomers = np.zeros(3, np.int64), np.zeros((3, 2))
    sums = np.zeros((GROUPS, len(BY_GROUP)))

    def week(born: list[int], closed: list[int]) -> None:
        generation[born] += 1
        status[born], status[closed] = ACTIVE, FREE
        nothing, never = np.zeros(3), np.zeros((3, 4), dtype=bool)
        add_tests(
            group, status, generation, was_active, last, age, np.array([2, 4, 6]),
            np.full(3, -1), never[:, 0], never[:, 0], never, never, nothing, nothing, nothing,
            sums, newcomers,
        )  # fmt: skip

    week([0, 1], [])
    assert sums[0, LOST] == 1.0  # another firm took the row: its maker of the start has left
    assert not newcomers.any()
    week([], [])
    week([], [0])
    for _ in range(5):
        week([], [])
    # Weeks 2 and 3 at ages 0 and 1: two at risk each, one lost; then one alone, to age 6.
    assert newcomers.tolist() == [[4.0, 1.0], [2.0, 0.0], [2.0, 0.0]]
    assert sums[0, LOST] == 1.0
    assert sums[:, EXITS].sum() == 2.0


def test_survival_of_newcomers_multiplies_weekly_chances_of_each_age():
    columns = {name: place for place, name in enumerate(OF_NEWCOMERS)}
    sums = np.array([[5200.0, 10.0, 2080.0, 2.0, 0.0, 0.0]])
    seen = Window(sums, columns, 520.0, 1.0)
    first = (1.0 - 10.0 / 5200.0) ** 52
    assert FORMULAS["survival_1"](seen) == pytest.approx([first])
    assert FORMULAS["survival_3"](seen) == pytest.approx([first * (1.0 - 2.0 / 2080.0) ** 104])
    assert np.isnan(FORMULAS["survival_5"](seen)).all()
    few = Window(np.array([[519.0, 0.0, 0.0, 0.0, 0.0, 0.0]]), columns, 520.0, 1.0)
    assert np.isnan(FORMULAS["survival_1"](few)).all()


def test_what_is_not_kept_of_final_sales_was_bought_outside():
    """In the linear world a dollar of final sales is value added here or an input from outside."""
    world = district("hickory", 40, seed=4)
    table, record = RunMeasures(world, 20, ()), Recorder(world, 20)
    for _ in range(20):
        world.step()
        table.record(world)
        record.record(world)
    whole = window(table)
    outside = record.series["outside_inputs"].sum()
    kept = FORMULAS["retention"](whole)
    assert kept + outside / whole.of("final_sales") == pytest.approx(1.0, abs=0.005)
    assert 0.3 < kept < 0.8


def test_incomes_and_prices_are_those_of_the_books(watched):
    world, table, *_ = watched
    week, flows = window(table, slice(-1, None)), world.ledger.flows
    pay = sum(world.population(kind).wage_residents.sum() for kind in FIRMS)
    assert week.of("pay_residents") == pytest.approx(pay + world.population("B").pay.sum())
    withheld = flows["taxes withheld H>G"] + flows["taxes withheld H>X"]
    assert week.of("pay_taxes") == pytest.approx(withheld)
    received = flows["taxes withheld H>G"] + sum(flows[f"taxes paid {k}>G"] for k in FIRMS)
    assert week.of("local_tax") == pytest.approx(received)
    owned = sum(
        flows[f"{name} {kind}>H"]
        for name in ("draws", "reinvested earnings", "revaluations")
        for kind in LOCALLY_OWNED
    )
    assert week.of("owners_income") == pytest.approx(owned)
    assert week.of("labour_residents") < week.of("labour")
    spent = sum(flows[name] for name in flows if name.startswith(("retail", "household services")))
    assert week.of("consumption") == pytest.approx(spent)
    price = week.of("consumption") / week.of("consumption_base")
    shops = world.population("R")
    prices = [1.0, *shops.price[shops.status == ACTIVE], *world.population("S").price]
    assert min(prices) < price < max(prices)


def test_the_wage_of_a_unit_of_labour_is_the_index_its_pay_was_earned_at():
    """Pay over labour is the wage index before a tick moves it, not after."""
    world = district("hickory", 40, parameters=world_parameters("default"), seed=4, check_every=0)
    for _ in range(30):
        world.step()
    table = RunMeasures(world, 9, ())
    earned_at = []
    for _ in range(9):
        earned_at.append(world.wage)
        world.step()
        table.record(world)
    places = {name: place for place, name in enumerate(table.columns)}
    index = table.values[:, places["pay_residents"]] / table.values[:, places["labour_residents"]]
    assert len(set(earned_at)) > 1
    assert index == pytest.approx(np.array(earned_at))


def test_every_quantity_is_declared_with_its_unit():
    assert set(RUN_QUANTITIES) == {*FORMULAS, *JOB_YEARS_PER}
    assert set(JOB_YEARS_PER.values()) <= set(FORMULAS)
    assert set(PATHS) <= set(FORMULAS)
    assert len(set(BY_GROUP)) == len(BY_GROUP)
