"""Big-box entry: chains' price and base share, and whom it reaches.

Reference: model specification §8: p_C -8 %, independents' share -40 % at baseline prices over 52
weeks.
"""

from __future__ import annotations

import pytest

from arms import arms
from millworks.shocks.registry import make_shocks
from millworks.world.measures import Conditions, State
from worlds import district, run, world_parameters

NAME = "big_box_entry"


def moved_in(week: int, **settings) -> dict[str, float]:
    """The parameters that the shock moves in a week of the study."""
    shock = make_shocks({NAME: settings})[0]
    study = arms()
    study.follow(0)
    conditions = Conditions(study.model)
    shock.apply(State(study.model, study.model.week - week), conditions, shock.strength(week))
    return conditions.parameters


@pytest.mark.parametrize(
    ("settings", "week", "price", "independents"),
    [
        ({}, 0, 0.92, 0.4 * (1.0 - 0.4 / 52)),
        ({}, 25, 0.92, 0.4 * 0.8),
        ({}, 51, 0.92, 0.24),
        ({}, 519, 0.92, 0.24),
        ({"share_weeks": 1}, 0, 0.92, 0.24),
        ({"price_cut": 0.2, "share_weeks": 1, "share_lost": 0.0}, 0, 0.8, 0.4),
        ({"intensity": 0.5, "share_weeks": 1}, 0, 0.96, 0.32),
        ({"intensity": 4.0, "price_cut": 0.5, "share_lost": 1.0, "share_weeks": 1}, 0, 0.25, 0.0),
        ({"weeks": 10}, 10, 1.0, 0.4),
        ({"start": 4}, 3, 1.0, 0.4),
    ],
)
def test_price_and_base_share_are_those_of_the_specification(settings, week, price, independents):
    base = arms().model.base_parameters
    assert (base.p_chain, base.chain_share) == (1.0, 0.6)
    moved = moved_in(week, **settings)
    assert moved.get("p_chain", 1.0) == pytest.approx(price)
    assert 1.0 - moved.get("chain_share", 0.6) == pytest.approx(independents)


def test_at_equal_prices_independents_end_up_with_forty_per_cent_less():
    study = arms(q_sw=1.0, gamma_p=0.0)
    settings = {"price_cut": 0.0, "share_weeks": 1}
    seen = study.follow(9, shocks={NAME: settings}, each=lambda m: 1.0 - m.chain_share)
    calm = study.follow(9, each=lambda m: 1.0 - m.chain_share)
    assert calm[-1] == pytest.approx(0.4, rel=0.02)
    assert seen[-1] == pytest.approx(0.24, rel=0.02)


def test_chains_price_moves_to_its_new_level_over_landed_cost():
    study = arms(gamma_p=1.0)

    def seen(model):
        chains = model.population("C")
        return float(chains.price[0] / (chains.inventory[0] / chains.units_on_hand[0]))

    assert study.follow(9, each=seen)[-1] == pytest.approx(1.0, abs=0.01)
    assert study.follow(9, shocks={NAME: {}}, each=seen)[-1] == pytest.approx(0.92, abs=0.01)


def test_a_cheaper_chain_wins_shoppers_by_the_share_rule_alone():
    study = arms(q_sw=1.0, gamma_p=1.0)
    cut = {"share_lost": 0.0}
    share = study.follow(13, shocks={NAME: cut}, each=lambda m: m.chain_share)[-1]
    own, other = 0.6 * 0.92**-3.0, 0.4
    assert share == pytest.approx(own / (own + other), abs=0.01)


def test_independents_sell_less_chains_more_and_owners_outside_bear_the_cut():
    def seen(model):
        chains = model.population("C")
        flows = model.ledger.flows
        return (
            float(model.population("R").sales.sum()),
            float(chains.sales.sum()),
            flows["draws C>X"] - flows["equity paid in X>C"],
            float(chains.units_sold.sum()),
        )

    def year(weeks):
        return [sum(week[k] for week in weeks[-26:]) for k in range(4)]

    study = arms()
    calm = year(study.follow(104, each=seen))
    entry = year(study.follow(104, shocks={NAME: {}}, each=seen))
    assert entry[0] < 0.75 * calm[0]
    assert entry[1] > 1.1 * calm[1]
    # Per unit sold, what is left to the owners falls with the price.
    assert entry[2] / entry[3] < calm[2] / calm[3]


def test_makers_lose_orders_from_shops_that_the_rest_of_the_us_wins():
    """Orders of shops at district makers, without prices: chains buy a little of it here."""

    def seen(model):
        trade = model.trade
        shops = {}
        for letter in "RC":
            span = trade.spans[letter]
            mine = (trade.buyer >= span.start) & (trade.buyer < span.stop)
            made = mine & (trade.seller < trade.spans["P"].stop)
            shops[letter] = float(trade.request[made].sum())
        return shops["R"], shops["C"]

    study = arms()
    settings = {"price_cut": 0.0}
    calm = [sum(week) for week in study.follow(104, each=seen)[-26:]]
    entry = [sum(week) for week in study.follow(104, shocks={NAME: settings}, each=seen)[-26:]]
    assert sum(entry) < 0.95 * sum(calm)


def test_it_goes_back_when_the_stores_close():
    study = arms()
    seen = study.follow(120, shocks={NAME: {"weeks": 52}}, each=lambda m: m.chain_share)
    assert seen[51] > seen[0]
    assert seen[51] > seen[119] > 0.6


def test_books_close_for_sixty_weeks_under_four_times_the_shock():
    model = district("hickory", 60, parameters=world_parameters("default"), seed=13)
    run(model, 3)
    model.introduce({}, {NAME: {"intensity": 4.0, "share_weeks": 10}})
    run(model, 65)
    assert max(model.invariants.worst.values()) <= 1e-9
