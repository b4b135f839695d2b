"""Stage 16, close: what is left over finds its owner, and the books are closed.

    sweep = deposits - sweep_weeks x this week's payments     (called from the owners if negative)
    saving of workers = (1 - s_w - τ_w) pay,   saving of owners = draws - their spending

Partners, chains and blocks are swept; saving becomes a claim on the rest of the economy (outside
wealth). Every firm's income of the week is retained and belongs to its owners, its revaluations
too; households, government and outside close theirs into net worth. Then the rest of the US takes
its round.

Source: model specification §2, §7.1, §7.12, §9.2. Left out: parents that let a partner run short.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.economy.capital_goods import equipment
from millworks.economy.technology import GOV
from millworks.kernels import compiled
from millworks.programmes import outlays
from millworks.world.accounts import FIRMS, LOCALLY_OWNED, OWNERS, WORKERS
from millworks.world.sums import add_all
from millworks.world.world import World

Floats = npt.NDArray[np.float64]


@compiled
def sweep_deposits(
    cleared: Floats,
    uncleared: Floats,
    paid: Floats,
    keep_weeks: float,
    local: Floats,
    draw_local: Floats,
    draw_outside: Floats,
    called_local: Floats,
    called_outside: Floats,
) -> None:
    """Each firm pays out deposits above its float, or calls what it lacks, USD."""
    for firm in range(cleared.shape[0]):
        surplus = cleared[firm] + uncleared[firm] - keep_weeks * paid[firm]
        out = min(max(0.0, surplus), cleared[firm])
        called = max(0.0, -surplus)
        draw_local[firm] = out * local[firm]
        draw_outside[firm] = out - draw_local[firm]
        called_local[firm] = called * local[firm]
        called_outside[firm] = called - called_local[firm]


@compiled
def retain(
    income: Floats,
    revaluations: Floats,
    draw_local: Floats,
    draw_outside: Floats,
    local: Floats,
    profit: Floats,
    reinvested_local: Floats,
    reinvested_outside: Floats,
    revalued_local: Floats,
    revalued_outside: Floats,
) -> None:
    """What each firm earned and gained goes to its owners' books, part of them `local`, USD.

    `income` of the week, after draws, which count as `profit` when taxes are filed.
    """
    for firm in range(income.shape[0]):
        profit[firm] += income[firm] + draw_local[firm] + draw_outside[firm]
        reinvested_local[firm] = income[firm] * local[firm]
        reinvested_outside[firm] = income[firm] - reinvested_local[firm]
        revalued_local[firm] = revaluations[firm] * local[firm]
        revalued_outside[firm] = revaluations[firm] - revalued_local[firm]


def close(world: World) -> None:
    """Sweep, save, retain, and step the rest of the US."""
    for letter in "PCS":
        _sweep(world, letter)
    outlays.close_week(world)
    _save(world)
    _retain(world)
    world.ledger.close_income()
    _buy_elsewhere(world)
    if world.others is not None:
        world.others.serve(world.rest_of_us)
    world.rest_of_us.step(world.week, world.closure)


def _buy_elsewhere(world: World) -> None:
    """Capital goods and the local government's purchases in the rest of the US, by sector."""
    makers, partners = world.population("M"), world.population("P")
    bought = add_all(makers.capital_ordered_outside) + add_all(makers.technology_outside)
    bought += add_all(makers.capital_replaced) + add_all(partners.capital_replaced)
    bought += add_all(world.population("O").capital_outside)
    demand = world.rest_of_us.capital.purchases
    demand += bought * equipment(world.technology.national.year)
    demand[GOV] += float(world.population("G").purchases_outside[0])


def _retain(world: World) -> None:
    """What firms and lenders earned, gained and lost goes to the books of their owners."""
    book = world.ledger.book
    for letter in FIRMS:
        firms = world.population(letter)
        retain(
            firms.current_account,
            firms.revaluations,
            firms.draw_local,
            firms.draw_outside,
            firms.local_ownership,
            firms.profit_quarter,
            firms.reinvested_local,
            firms.reinvested_outside,
            firms.revalued_local,
            firms.revalued_outside,
        )
        # What stakes bring is taxed as the maker's profit, and not as the partner's again.
        if letter == "M":
            firms.profit_quarter[:] += firms.stake_dividend_partner + firms.stake_dividend_outside
        elif letter == "P":
            firms.profit_quarter[:] -= firms.stake_dividend + firms.first_loss
        if letter in LOCALLY_OWNED:
            book(f"reinvested earnings {letter}>H")
            book(f"revaluations {letter}>H")
        book(f"reinvested earnings {letter}>X")
        book(f"revaluations {letter}>X")
    lenders = world.population("B")
    lenders.reinvested[:] = lenders.current_account
    lenders.revalued[:] = lenders.revaluations
    book("reinvested earnings B>X")
    book("revaluations B>X")


def _sweep(world: World, letter: str) -> None:
    firms = world.population(letter)
    paid = (
        firms.pay_wages_residents
        + firms.pay_wages_commuters
        + firms.pay_taxes_local
        + firms.pay_taxes_outside
        + firms.pay_levy
        + firms.pay_services_local
        + firms.pay_services_outside
        + firms.pay_goods
    )
    if letter == "P":
        paid = paid + firms.pay_rent + firms.pay_freight
    uncleared = firms.uncleared if letter != "S" else np.zeros(firms.size)
    sweep_deposits(
        firms.cleared,
        uncleared,
        paid,
        world.parameters.sweep_weeks,
        firms.local_ownership,
        firms.draw_local,
        firms.draw_outside,
        firms.called_local,
        firms.called_outside,
    )
    if letter in LOCALLY_OWNED:
        world.ledger.book(f"draws {letter}>H")
        world.ledger.book(f"equity paid in H>{letter}")
    world.ledger.book(f"draws {letter}>X")
    world.ledger.book(f"equity paid in X>{letter}")


def _save(world: World) -> None:
    """Workers save a share of pay; owners save what they neither spend nor put into firms."""
    households, rates = world.population("H"), world.parameters
    net = households.rebate - households.levy
    saved = (1.0 - rates.s_w - rates.tau_w) * households.pay_received[WORKERS]
    households.saving[WORKERS] = saved + (1.0 - rates.s_w) * net[WORKERS]
    drawn, called = 0.0, 0.0
    for letter in LOCALLY_OWNED:
        firms = world.population(letter)
        drawn += add_all(firms.draw_local)
        called += add_all(firms.called_local)
    households.draws_received[OWNERS] = drawn
    households.saving[OWNERS] = drawn - called - households.consumption[OWNERS] + net[OWNERS]
    world.ledger.book("saving H>X")
