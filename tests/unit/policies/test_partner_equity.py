"""Partner equity: who offers, who pays whom, what ends it, and that nothing else moves.

Rules by hand: `tests/unit/agents/test_stakes.py`. Reference: model specification §7.13, §7.17, §8;
T15 (size zero, before its start, nobody eligible).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from millworks.agents.firm import FREE
from millworks.policies.partner_equity import NOBODY, OUTSIDE, PartnerEquity, PartnerEquitySettings
from millworks.programmes import stakes
from millworks.world.measures import State
from worlds import district, fingerprint, run, world_parameters

NAME = "partner_equity"
BEFORE = 40
GENEROUS = {"share": 0.9, "sales_share": 0.1, "least_sales": 0.0, "least_fill": 0.0}
"""Terms under which many stakes are bought in a small district."""
HELD = ("stakes bought P>M", "stakes bought X>M")
LOST = ("stakes written off M>P", "stakes written off M>X")


@pytest.fixture(scope="module")
def started():
    """A district of 120 makers after `BEFORE` weeks, and its state."""
    model = district("hickory", 120, parameters=world_parameters("default"), seed=3)
    run(model, BEFORE)
    return model, model.state()


@pytest.fixture
def model(started):
    model, state = started
    model.load_state(state)
    return model


@pytest.fixture(scope="module")
def failing():
    """A district whose makers close early and whose goods and machines then fetch little."""
    hard = world_parameters("default").replace(
        unchecked=True, hv0=0.4, recov=0.02, stock_resale=0.02
    )
    model = district("hickory", 120, parameters=hard, seed=3)
    run(model, 8)
    return model, model.state()


def follow(model, weeks: int, **settings) -> Counter:
    """Introduce the policy, let weeks pass with all identities checked, and add up the flows."""
    model.introduce({NAME: settings})
    total: Counter = Counter()
    for _ in range(weeks):
        model.step()
        total.update(model.ledger.flows)
        total["public"] += model.measures.cost[NAME]
        total["others"] += model.measures.resource_cost[NAME]
    return total


def bought(total: Counter) -> float:
    return sum(total[name] for name in HELD)


def after(model, weeks: int, **settings) -> str:
    follow(model, weeks, **settings)
    return fingerprint(model.state())


# --- who offers


def buyers(model, **settings):
    policy = PartnerEquity(PartnerEquitySettings(**settings))
    return policy._buyers(State(model, model.week))


def test_the_partner_that_buys_most_offers_else_a_large_customer_outside(model):
    trade, spans = model.trade, model.trade.spans
    uses = model.population("P").usage_forecast
    found = buyers(model, least_weeks=0)
    for maker in range(spans["M"].stop):
        sold = {}
        large = False
        for link in np.flatnonzero(trade.seller == maker):
            buyer = trade.buyer[link]
            if spans["P"].start <= buyer < spans["P"].stop and trade.share_base[link] > 0.0:
                row = buyer - spans["P"].start
                sold[row] = sold.get(row, 0.0) + trade.share[link] * uses[row]
            large |= buyer >= spans["X"].start and bool(trade.large[link])
        if sold:
            assert sold[found[maker]] == max(sold.values())
        else:
            assert found[maker] == (OUTSIDE if large else NOBODY)
    assert {NOBODY, OUTSIDE} < set(found.tolist())


def test_a_link_counts_once_it_is_old_enough(model):
    assert (buyers(model) >= 0).any()
    model.trade.opened[:] = model.week - 25
    assert not (buyers(model) >= 0).any()
    model.trade.opened[:] = model.week - 26
    assert (buyers(model) >= 0).any()


def test_a_newcomer_has_no_customers_of_long_standing(model):
    model.population("M").born[:] = model.week - 25
    assert (buyers(model) == NOBODY).all()


def test_a_link_opened_in_the_run_knows_its_week(failing):
    model, state = failing
    model.load_state(state)
    seller, found = model.trade.seller.copy(), 0
    for _ in range(78):
        model.step()
        moved = np.flatnonzero(model.trade.seller != seller)
        assert (model.trade.opened[moved] == model.week).all()
        seller, found = model.trade.seller.copy(), found + moved.size
    assert found > 0


def test_small_makers_and_unreliable_ones_get_no_offer(model):
    model.introduce({NAME: {}})
    model.step()
    makers = model.population("M")
    offered = makers.equity_share > 0.0
    assert offered.any()
    assert (makers.annual_sales[offered] >= 0.79e6).all()
    assert (makers.fill[offered] > 0.85).all()


# --- what it does


def test_equity_brings_money_within_reach_at_once_and_takes_none_away(model):
    """Of a quarter of tests, each from the same books: nobody lacks more, somebody lacks less."""
    makers, helped = model.population("M"), 0.0
    for _ in range(13):
        before = model.state()
        run(model, 1)
        missing, wants, alone = makers.money_missing.copy(), makers.wants.copy(), model.state()
        model.load_state(before)
        follow(model, 1, **GENEROUS)
        assert (makers.wants == wants).all()
        assert (makers.money_missing <= missing).all()
        helped += float((missing - makers.money_missing).sum())
        model.load_state(alone)
    assert helped > 0.0


def test_stakes_finance_projects_that_would_wait(model):
    state = model.state()
    alone = follow(model, 104, intensity=0.0)
    model.load_state(state)
    total = follow(model, 104, **GENEROUS)
    ordered = [run["capital ordered M>S"] + run["capital ordered M>X"] for run in (alone, total)]
    assert bought(alone) == 0.0
    assert bought(total) > 0.0
    assert ordered[1] > ordered[0]


def test_a_stake_pays_for_capital_the_same_day(model):
    model.introduce({NAME: GENEROUS})
    makers, sold = model.population("M"), 0
    for _ in range(52):
        model.step()
        equity = makers.stake_bought_partner + makers.stake_bought_outside
        cost = makers.capital_ordered_local + makers.capital_ordered_outside
        cost = cost + makers.technology_local + makers.technology_outside
        assert (equity <= 0.9 * cost + 1e-6).all()
        sold += np.count_nonzero(equity)
    assert sold > 0


def test_each_distribution_is_split_at_book(model):
    model.introduce({NAME: GENEROUS})
    makers, split = model.population("M"), 0
    for _ in range(104):
        before = makers.equity.copy()
        model.step()
        dividend = makers.stake_dividend_partner + makers.stake_dividend_outside
        paid = np.flatnonzero(dividend > 0.0)
        drawn = makers.draw_local[paid] + makers.draw_outside[paid]
        part = makers.stake[paid] / (makers.stake[paid] + np.maximum(0.0, before[paid]))
        assert dividend[paid] == pytest.approx(part * (dividend[paid] + drawn))
        split += paid.size
    assert split > 0


def test_when_it_ends_stakes_stay_and_go_on_to_earn(model):
    model.introduce({NAME: GENEROUS | {"weeks": 40}})
    run(model, 40)
    held = float(model.population("M").stake.sum())
    assert held > 0.0
    later: Counter = Counter()
    for _ in range(40):
        model.step()
        later.update(model.ledger.flows)
    assert bought(later) == 0.0
    assert later["stake dividends M>P"] + later["stake dividends M>X"] > 0.0
    gone = sum(later[f"stakes {end} M>{k}"] for end in ("repaid", "written off") for k in "PX")
    assert float(model.population("M").stake.sum()) == pytest.approx(held - gone)


# --- the year's money


def test_buyers_put_in_no_more_than_the_years_money_and_then_it_is_saturated(model):
    state = model.state()
    plenty = bought(follow(model, 52, **GENEROUS))
    model.load_state(state)
    budget = 0.2 * plenty
    government = model.population("G")
    model.introduce({NAME: GENEROUS | {"budget": budget / model.scale}})
    total = 0.0
    for _ in range(52):
        model.step()
        total += sum(model.ledger.flows[name] for name in HELD)
        assert government.stakes_year[0] <= budget * (1.0 + 1e-12)
    assert 0.5 * budget < total < 2.0 * budget


def test_the_years_money_follows_the_intensity_and_what_makers_sell(model):
    sales = float(model.population("M").annual_sales.sum())
    model.introduce({NAME: {"intensity": 2.0}})
    model.step()
    assert model.population("G").equity_budget[0] == pytest.approx(2.0 * 0.001 * sales)


def test_a_partner_puts_in_what_is_on_its_account_and_no_more(model):
    model.introduce({NAME: {"deal_cost": 0.25}})
    model.step()
    purses = stakes.purses(model)
    assert purses[1:] == pytest.approx(model.population("P").cleared / 1.25)


# --- who pays whom


def test_every_dollar_has_a_payer_and_a_payee(model):
    partners, outside = model.population("P"), model.population("X")
    total = follow(model, 104, **GENEROUS)
    deals = total["deal costs P>S"] + total["deal costs X>S"]
    repaid = total["stakes repaid M>P"] + total["stakes repaid M>X"]
    assert bought(total) > 0.0
    assert deals == pytest.approx(0.05 * bought(total))
    paid = total["stake dividends M>P"] + total["stake dividends M>X"]
    assert total["others"] == pytest.approx(bought(total) + deals - repaid - paid)
    for letter, holder in (("P", partners), ("X", outside)):
        left = total[f"stakes repaid M>{letter}"] + total[f"stakes written off M>{letter}"]
        held = float(holder.stakes_held.sum())
        assert held == pytest.approx(total[f"stakes bought {letter}>M"] - left)
    assert float(model.population("M").stake.sum()) == pytest.approx(
        float(partners.stakes_held.sum() + outside.stakes_held.sum())
    )


def test_the_public_bears_its_part_of_what_is_lost_and_the_running(failing):
    """A dollar of first loss costs 1.08: 8 cents are spent on running the programme."""
    model, state = failing
    model.load_state(state)
    total = follow(model, 104, **GENEROUS)
    lost = sum(total[name] for name in LOST)
    borne = total["programme first loss G>P"] + total["programme first loss G>X"]
    overhead = model.parameters.programme_overhead
    assert lost > 0.0
    assert borne == pytest.approx(0.15 * lost)
    # What the public makes good the buyers have not lost: all payers together pay it once.
    spent = bought(total) + total["deal costs P>S"] + total["deal costs X>S"]
    repaid = total["stakes repaid M>P"] + total["stakes repaid M>X"]
    paid = total["stake dividends M>P"] + total["stake dividends M>X"]
    assert total["others"] == pytest.approx(spent - repaid - borne - paid)
    assert total["public"] == pytest.approx((1.0 + overhead) * borne)
    running = total["programme pay G>H"] + total["programme services G>S"]
    assert running == pytest.approx(overhead * borne)
    assert total["levy withheld H>G"] > 0.0
    assert total["programme funded X>G"] == 0.0
    assert total["stakes repaid M>P"] + total["stakes repaid M>X"] > 0.0


def test_a_row_that_is_free_again_has_no_stake(failing):
    model, state = failing
    model.load_state(state)
    follow(model, 78, **GENEROUS)
    makers = model.population("M")
    assert (makers.status == FREE).any()
    assert (makers.stake[makers.status == FREE] == 0.0).all()


def test_somebody_outside_may_pay_instead_of_a_levy(failing):
    model, state = failing
    model.load_state(state)
    total = follow(model, 78, **GENEROUS, payer="outside")
    assert total["public"] > 0.0
    assert total["programme funded X>G"] == pytest.approx(total["public"])
    assert total["levy withheld H>G"] == 0.0


# --- nothing else moves


@pytest.mark.parametrize(
    "settings",
    [{"intensity": 0.0}, {"start": 1000}, {"least_sales": 1e9}],
    ids=["size zero", "before its start", "nobody eligible"],
)
def test_where_nothing_is_offered_not_a_bit_changes(model, settings):
    state = model.state()
    run(model, 30)
    alone = fingerprint(model.state())
    model.load_state(state)
    assert after(model, 30, **settings) == alone


def test_a_setting_at_its_default_changes_no_bit(model):
    state = model.state()
    usual = after(model, 30)
    model.load_state(state)
    assert after(model, 30, share=0.5, sales_share=0.001, first_loss=0.15) == usual
