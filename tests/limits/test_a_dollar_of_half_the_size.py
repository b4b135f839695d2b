"""T16: with every dollar constant twice as large the real path is the same, to 1e-9.

If a dollar buys half as much, all amounts in dollars double: the national accounts, prices in the
price list, the parameters in USD, and units of goods, which are what a dollar of the base year
buys. People, square feet, pounds, miles, weeks and all ratios stay what they were. So

    jobs, floor space, prices p, shares, weeks, reasons      the same
    output, orders, stocks, deposits, loans, equity          twice as large

A constant in dollars that stood in the code alone would show here. Those that the test has to
double by name are listed in `HIDDEN`. Reference: model specification §12 (T16).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numba
import numpy as np
import pytest

from millworks import district_model
from millworks.district_model import DistrictModel
from millworks.economy import freight, space
from millworks.economy.embedded import read_rows
from millworks.economy.national import NationalAccounts, national_accounts
from millworks.parameters import Parameters, register
from millworks.start import links
from millworks.week import ship
from worlds import district, run, world_parameters

FACTOR = 2.0
MAKERS, WEEKS = 60, 104
TOLERANCE = 1e-9

RATIOS_OF_DOLLARS = {"kc"}
"""Parameters whose unit is dollars over dollars."""

HIDDEN = ((links, "OUTSIDE_UNIT_USD"), (ship, "DUST"))
"""Constants in dollars, or in units of goods, that stand in the code and in no register."""

SAME = ("jobs", "price", "floor_space", "accepted", "fill", "market_share", "late_weeks", "bind")
IN_DOLLARS = (
    "orders",
    "output",
    "capacity",
    "backlog",
    "units_on_hand",
    "finished_units",
    "cleared",
    "equity",
    "annual_sales",
    "freight_local",
    "rent",
    "fixed_capital",
)
OF_MAKERS = ("bank_loan", "cdfi_loan", "online_loan", "revolver", "offer", "money_missing")


def doubled_accounts(accounts: NationalAccounts) -> NationalAccounts:
    """The nation counted in dollars of half the size."""

    def double(demand: MappingProxyType[str, np.ndarray]) -> MappingProxyType[str, np.ndarray]:
        return MappingProxyType({name: FACTOR * values for name, values in demand.items()})

    return replace(
        accounts,
        output=FACTOR * accounts.output,
        pce=FACTOR * accounts.pce,
        final_demand=double(accounts.final_demand),
        final_demand_imported=double(accounts.final_demand_imported),
    )


def doubled_parameters(parameters: Parameters) -> Parameters:
    in_dollars = {
        key: FACTOR * getattr(parameters, key)
        for key, row in register().items()
        if "USD" in row.unit and key not in RATIOS_OF_DOLLARS
    }
    assert len(in_dollars) >= 7
    return parameters.replace(unchecked=True, **in_dollars)


def doubled_prices(prices):
    """A price list in which every row with a dollar year is twice as large."""
    money = {row["key"] for row in read_rows(freight.PRICE_LIST) if row["dollar_year"]}
    return prices._replace(
        **{name: FACTOR * getattr(prices, name) for name in prices._fields if name in money}
    )


def found(parameters: Parameters) -> DistrictModel:
    return district(makers=MAKERS, parameters=parameters, seed=3, check_every=26)


@pytest.fixture(scope="module")
def worlds_of_both_dollars() -> Iterator[tuple[DistrictModel, DistrictModel]]:
    """The same district after two years, in dollars and in dollars of half the size."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield both_worlds(monkeypatch)


def both_worlds(monkeypatch: pytest.MonkeyPatch) -> tuple[DistrictModel, DistrictModel]:
    usual = found(world_parameters("default"))
    run(usual, WEEKS)
    accounts = doubled_accounts(national_accounts(2022))
    tariff, floors = doubled_prices(freight.price_list()), doubled_prices(space.price_list())
    pounds = freight.pounds_per_dollar() / FACTOR
    monkeypatch.setattr(district_model, "national_accounts", lambda year: accounts)
    monkeypatch.setattr(freight, "price_list", lambda: tariff)
    monkeypatch.setattr(space, "price_list", lambda: floors)
    monkeypatch.setattr(freight, "pounds_per_dollar", lambda: pounds)
    for module, name in HIDDEN:
        monkeypatch.setattr(module, name, FACTOR * getattr(module, name))
    # A compiled rule keeps the constants it was compiled with.
    rule = getattr(ship.charge_freight, "py_func", ship.charge_freight)
    monkeypatch.setattr(ship, "charge_freight", numba.njit(rule))
    small = found(doubled_parameters(world_parameters("default")))
    run(small, WEEKS)
    return usual, small


def test_a_dollar_of_half_the_size_leaves_the_real_path_as_it_was(worlds_of_both_dollars):
    usual, small = worlds_of_both_dollars
    for letter in "MP":
        before, after = usual.population(letter), small.population(letter)
        of_makers = OF_MAKERS if letter == "M" else ()
        names = {name: 1.0 for name in SAME if name in before.declared}
        names |= {name: FACTOR for name in (*IN_DOLLARS, *of_makers) if name in before.declared}
        for name, factor in names.items():
            known = factor * getattr(before, name)
            scale = max(1.0, float(np.abs(known).max()))
            np.testing.assert_allclose(
                getattr(after, name),
                known,
                rtol=TOLERANCE,
                atol=TOLERANCE * scale,
                err_msg=f"{letter} {name}",
            )
        np.testing.assert_array_equal(after.status, before.status)
    assert small.wage == pytest.approx(usual.wage, rel=TOLERANCE)
    assert small.labour.force == pytest.approx(usual.labour.force, rel=TOLERANCE)
    np.testing.assert_allclose(small.trade.price_us, usual.trade.price_us, rtol=TOLERANCE)
    np.testing.assert_allclose(small.trade.share, usual.trade.share, atol=TOLERANCE)
    consumption = usual.population("H").consumption
    np.testing.assert_allclose(
        small.population("H").consumption, FACTOR * consumption, rtol=TOLERANCE
    )


def test_two_years_of_the_comparison_hold_what_money_decides(worlds_of_both_dollars):
    """Loans, lines, refusals, moves and exits happen in it, or the test above says little."""
    usual, _ = worlds_of_both_dollars
    makers = usual.population("M")
    assert makers.refused_year.sum() > 0.0
    assert (makers.revolver > 0.0).any()
    assert sum(float(getattr(makers, f"{kind}_loan").sum()) for kind in ("cdfi", "online")) > 0.0
    assert (makers.status > 0).any() or (makers.generation > 0).any()
    assert usual.trade.reassigned > 0
