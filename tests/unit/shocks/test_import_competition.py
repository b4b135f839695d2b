"""Import competition: the price of imports, the share rule it works through, and what follows.

Reference: model specification §7.3, §8: p_W -10 %, permanent.
"""

from __future__ import annotations

import numpy as np
import pytest

from arms import arms, differences
from millworks.economy.imports import export_share, import_share
from millworks.economy.national import national_accounts
from millworks.economy.sectors import MANUFACTURING, SECTORS, sector_index
from millworks.shocks.registry import make_shocks
from millworks.world.markets import kept_from_imports, rivals_cost
from millworks.world.measures import Conditions, State
from worlds import district, run, world_parameters

NAME = "import_competition"
AT_ONCE = {"ramp": 0}
FURN, PMET = sector_index("FURN"), sector_index("PMET")


def conditions_in(week: int, **settings) -> Conditions:
    """What the shock writes in a week of the study."""
    shock = make_shocks({NAME: settings})[0]
    study = arms()
    study.follow(0)
    conditions = Conditions(study.model)
    shock.apply(State(study.model, study.model.week - week), conditions, shock.strength(week))
    return conditions


def test_imports_supply_what_the_accounts_say_of_the_home_market():
    """Furniture, BEA 2022: 46 % of the home market is imported, 5 % of output exported."""
    national = national_accounts(2022)
    assert import_share(national)[FURN] == pytest.approx(0.46, abs=0.005)
    assert export_share(national)[FURN] == pytest.approx(0.05, abs=0.005)
    made = float(national.output[FURN] * (1.0 - export_share(national)[FURN]))
    final = [v[FURN] for k, v in national.final_demand_imported.items() if "reexp" not in k]
    brought = sum(final) + float(national.import_by_commodity[FURN] @ national.output)
    assert import_share(national)[FURN] == pytest.approx(brought / (brought + made), rel=1e-12)


@pytest.mark.parametrize("year", [2017, 2022])
def test_shares_of_imports_and_exports_lie_between_nothing_and_all(year):
    national = national_accounts(year)
    for share in (import_share(national), export_share(national)):
        assert np.all((share >= 0.0) & (share <= 1.0))
        assert share[MANUFACTURING].min() > 0.0


def test_without_a_list_it_hits_the_sectors_in_which_imports_are_large():
    hit = np.flatnonzero(conditions_in(52).abroad_price < 1.0)
    names = {SECTORS[k] for k in hit}
    assert names == {"TEXT", "APPL", "MACH", "COMP", "ELEC", "MOTV", "FURN", "MISC"}


@pytest.mark.parametrize(
    ("settings", "week", "price"),
    [
        ({}, 0, 1.0 - 0.10 / 52),
        ({}, 25, 0.95),
        ({}, 51, 0.90),
        ({}, 519, 0.90),
        (AT_ONCE, 0, 0.90),
        ({"ramp": 0, "fall": 0.25}, 0, 0.75),
        ({"ramp": 0, "intensity": 2.0}, 0, 0.80),
        ({"ramp": 0, "fall": 0.5, "intensity": 4.0}, 0, 0.25),
        ({"ramp": 0, "start": 3}, 2, 1.0),
        ({"ramp": 0, "weeks": 5}, 5, 1.0),
    ],
)
def test_the_price_falls_over_the_ramp_and_stays(settings, week, price):
    assert conditions_in(week, **settings).abroad_price[FURN] == pytest.approx(price)


def test_a_list_of_sectors_replaces_those_it_would_choose():
    moved = conditions_in(0, **AT_ONCE, sectors=["PMET"]).abroad_price
    assert moved[PMET] == pytest.approx(0.9)
    assert np.delete(moved, PMET).tolist() == [1.0] * (len(SECTORS) - 1)


def test_domestic_sellers_keep_what_the_share_rule_leaves_them():
    """Imports .40 of a market, 10 % cheaper, elasticity 3: .60 / (.60 + .40 .9^-3) of .60."""
    kept = kept_from_imports(np.array([0.4]), np.ones(1), np.array([0.9**-3.0]))
    assert kept[0] == pytest.approx(1.0 / (0.6 + 0.4 * 0.9**-3.0), rel=1e-14)


def test_while_prices_abroad_stay_domestic_sellers_keep_all_to_the_bit():
    pull = np.array([0.7, 1.0, 1.3])
    assert kept_from_imports(np.array([0.1, 0.46, 0.9]), pull, np.ones(3)).tolist() == [1.0] * 3


def test_rivals_inputs_pass_into_their_price_with_the_mark_up():
    """.2 of imports 10 % cheaper and .3 of domestic inputs 1 % dearer, mark-up .05."""
    cost = rivals_cost(
        np.array([[0.3]]), np.array([[0.2]]), np.array([1.01]), np.array([0.9]), 0.05
    )
    assert cost[0] == pytest.approx(1.0 + (0.3 * 0.01 - 0.2 * 0.1) / 0.95, rel=1e-14)


def test_buyers_here_move_to_imports_as_the_share_rule_says():
    """After a tick at full speed imports over goods of the rest of the US are up by .9^-3."""
    study = arms(zeta=0.0, q_sw=1.0, gamma_p=0.0)

    def ratio(model):
        trade = model.trade
        served = (trade.group_local_base > 0.0) & (trade.group_us_base > 0.0)
        mine = served & (trade.group_abroad_base > 0.0) & (trade.group_sector == FURN)
        return trade.group_abroad[mine] / trade.group_us[mine]

    shock = {NAME: AT_ONCE | {"sectors": ["FURN"]}}
    calm, hit = (study.follow(5, shocks=given, each=ratio)[-1] for given in ({}, shock))
    assert len(calm) > 20
    np.testing.assert_allclose(hit / calm, 0.9**-3.0, rtol=1e-9)
    home = import_share(study.model.technology.national)[FURN]
    kept = study.model.trade.kept_from_imports[FURN]
    assert kept == pytest.approx(1.0 / (1.0 - home + home * 0.9**-3.0), rel=0.01)


def test_orders_from_outside_fall_with_the_part_of_the_home_market_that_is_lost():
    study = arms(q_sw=1.0, zeta=0.0)

    def seen(model):
        trade = model.trade
        mine = trade.outside_customers[trade.sector[trade.outside_customers] == FURN]
        return float(model.trade.customer_demand[np.isin(trade.outside_customers, mine)].sum())

    calm = study.follow(8, each=seen)
    hit = study.follow(8, shocks={NAME: AT_ONCE | {"sectors": ["FURN"]}}, each=seen)
    exported = export_share(study.model.technology.national)[FURN]
    kept = study.model.trade.kept_from_imports[FURN]
    assert kept < 0.9
    wanted = 1.0 + (1.0 - exported) * (kept - 1.0)
    assert hit[-1] / calm[-1] == pytest.approx(wanted, rel=1e-9)


def test_with_no_response_of_shares_cheaper_inputs_are_all_that_is_left():
    """Shares and links cannot move: makers' unit costs and prices fall, and nobody loses sales."""

    def seen(model):
        makers = model.population("M")
        used = makers.capacity > 0.0
        return makers.unit_cost[used].mean(), makers.price[used].mean()

    study = arms(q_sw=0.0)
    inputs = AT_ONCE | {"sectors": ["PMET", "CHEM", "TEXT", "PLAS", "WOOD"]}
    calm = study.follow(40, each=seen)
    cheap = study.follow(40, shocks={NAME: inputs}, each=seen)
    assert cheap[-1][0] < calm[-1][0]
    assert cheap[-1][1] < calm[-1][1]
    assert study.model.trade.us_cost[MANUFACTURING].max() < 1.0
    np.testing.assert_array_equal(study.model.trade.kept_from_imports, 1.0)


def test_what_shops_sell_becomes_cheaper():
    study = arms()
    price = [
        study.follow(60, shocks=shock, each=lambda m: float(m.population("C").price[0]))[-1]
        for shock in ({}, {NAME: AT_ONCE})
    ]
    assert price[1] < price[0] - 0.005


def test_prices_return_when_it_ends_and_shares_follow():
    study = arms()
    settings = {NAME: AT_ONCE | {"weeks": 20}}
    seen = study.follow(
        100,
        shocks=settings,
        each=lambda m: (m.trade.price_abroad[FURN], m.trade.kept_from_imports[FURN]),
    )
    assert [week[0] for week in seen[:20]] == pytest.approx([0.9] * 20)
    assert [week[0] for week in seen[20:]] == [1.0] * 80
    assert seen[19][1] < 1.0 - 0.02
    assert seen[19][1] < seen[60][1] < seen[99][1] < 1.0


def test_what_an_arm_leaves_abroad_is_not_carried_into_the_next():
    study = arms()
    calm = study.end(8)
    study.end(8, shocks={NAME: AT_ONCE})
    assert differences(calm, study.end(8)) == []


def test_books_close_for_sixty_weeks_under_four_times_the_shock():
    model = district("hickory", 60, parameters=world_parameters("default"), seed=11)
    run(model, 3)
    model.introduce({}, {NAME: {"intensity": 4.0, "fall": 0.25, "ramp": 10}})
    run(model, 65)
    assert max(model.invariants.worst.values()) <= 1e-9
