"""The recipe of each sector in a place: what one dollar of output or of spending buys, and where.

From the national coefficients and the place's regional purchase shares:

    stocked goods of a producer   g_c = Σ_{j mfg} (A_jc + M_jc)   bought ahead and held
    services and raw inputs       everything else in A and M       bought as used
    local part of input j         R_jc A_jc                         (R: regional share)
    shops' goods                  per dollar of landed cost: domestic and imported manufactures with
                                  the wholesale and freight margins they carry
    retail price                  landed cost + retail margin

with A_jc domestic and M_jc imported inputs, USD per USD of output of c. Households' manufactures go
through shops, all else is bought directly; no good can be bought locally through shops more often
than residents shop locally, so the household share of a good is min(R_j, R_RET).

Reference for R: `millworks.economy.regional`. Left out: sector-specific shops; margins on inputs
bought by firms are services of the WHL and TRN rows, as in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from millworks.economy.input_output import InputOutputTable
from millworks.economy.margins import margins
from millworks.economy.national import NationalAccounts
from millworks.economy.sectors import MANUFACTURING, N_SECTORS, SECTORS, sector_index
from millworks.errors import InputError

Vector = NDArray[np.float64]

WHL, RET, TRN, GOV = (sector_index(code) for code in ("WHL", "RET", "TRN", "GOV"))
SERVICE_SECTORS = np.flatnonzero(~MANUFACTURING)
"""Sectors that are blocks, in order."""


@dataclass(frozen=True)
class Technology:
    """Coefficients of a place; vectors are [34], matrices [34, 34] as [seller, buyer]."""

    national: NationalAccounts
    regional_share: Vector
    """[34, 34] part of input j of buyer c that is bought in the place."""
    household_share: Vector
    """[34] part of what residents buy of j that is made in the place."""
    goods_rate: Vector
    """Manufactured inputs, domestic and imported, USD per USD of output."""
    goods_local: Vector
    """[j, c] part of c's composite of goods that is bought from makers of j in the place."""
    goods_us: Vector
    """[j, c] part bought from j in the rest of the US."""
    goods_abroad: Vector
    """[c] part that is imported from abroad."""
    goods_abroad_of: Vector
    """[j, c] part that is imported manufactures of j."""
    services_local: Vector
    """[j, c] services of the place's block j, USD per USD of output of c."""
    services_us: Vector
    """[j, c] services of j in the rest of the US."""
    services_abroad: Vector
    """[c] imported services, raw materials, noncomparable imports and scrap."""
    shop_local: Vector
    """[j] per USD of landed cost: bought from j in the place (makers, and blocks for margins)."""
    shop_us: Vector
    """[j] per USD of landed cost: bought from j in the rest of the US."""
    shop_abroad: float
    """Per USD of landed cost: imported from abroad."""
    shop_abroad_of: Vector
    """[j] per USD of landed cost: imported manufactures of j."""
    shop_spending: float
    """Part of household spending that goes to shops, at purchaser prices."""
    shop_local_part: float
    """Part of residents' shopping that is done in the place."""
    retail_margin: float
    """Retail margin per USD of landed cost."""
    shopping_elsewhere: Vector
    """[j] per USD spent in shops of the rest of the US: domestic output, margins included."""
    direct_local: Vector
    """[j] part of household spending that goes directly to the place's block j."""
    direct_us: Vector
    """[j] part of household spending that goes to j in the rest of the US, shops included."""
    direct_abroad: float
    """Part of household spending on imports outside shops, or through shops outside."""

    @property
    def wage(self) -> Vector:
        """Gross pay per USD of output."""
        return self.national.compensation

    @property
    def tax(self) -> Vector:
        """Taxes on production less subsidies per USD of output."""
        return self.national.taxes

    @property
    def jobs(self) -> Vector:
        """Covered private jobs per USD of output and year."""
        return self.national.jobs_per_million / 1e6

    def regional_table(self, commuter_share: float) -> InputOutputTable:
        """Leontief's table of the place, the analytic twin of the simulated one."""
        return InputOutputTable(
            self.national.A,
            sectors=SECTORS,
            regional_share=self.regional_share,
            household_regional_share=self.household_share,
            labour_income=self.national.compensation,
            value_added=self.national.value_added,
            taxes=self.national.taxes,
            jobs=self.national.jobs_per_million,
            basket=self.national.basket,
            resident_share=1.0 - commuter_share,
        )


def make_technology(
    national: NationalAccounts, regional_share: Vector, household_share: Vector | None = None
) -> Technology:
    """Split the national recipes into what is bought in the place, in the US and abroad.

    `regional_share` between 0 and 1, [34] by seller or [34, 34] by seller and buyer;
    `household_share` [34], by default the same (needed with a matrix). Every dollar is placed
    exactly once: for each producer local, US and imported inputs with pay, taxes and surplus sum to
    one.
    """
    given = np.asarray(regional_share, dtype=np.float64)
    if household_share is None:
        if given.ndim == 2:
            raise InputError(
                "shares by seller and buyer say nothing of households: give household_shares too."
            )
        household_share = given
    share = np.array(given if given.ndim == 2 else np.tile(given[:, None], (1, N_SECTORS)))
    sold_in_shops = MANUFACTURING.copy()
    sold_in_shops[[WHL, TRN]] = True
    household_share = np.where(
        sold_in_shops, np.minimum(household_share, household_share[RET]), household_share
    )
    A = national.A
    imported = national.import_by_commodity
    goods = MANUFACTURING[:, None]
    imported_goods = imported[:N_SECTORS][MANUFACTURING].sum(axis=0)
    stocked = np.where(goods, A, 0.0).sum(axis=0) + imported_goods
    per_goods = np.divide(1.0, stocked, out=np.zeros_like(stocked), where=stocked > 0.0)
    services = np.where(goods, 0.0, A)
    return Technology(
        national=national,
        regional_share=share,
        household_share=household_share,
        goods_rate=stocked,
        goods_local=np.where(goods, A, 0.0) * share * per_goods,
        goods_us=np.where(goods, A, 0.0) * (1.0 - share) * per_goods,
        goods_abroad=imported_goods * per_goods,
        goods_abroad_of=np.where(goods, imported[:N_SECTORS], 0.0) * per_goods,
        services_local=services * share,
        services_us=services * (1.0 - share),
        services_abroad=national.import_share - imported_goods,
        **_household_recipe(national, household_share),
    )


def _household_recipe(national: NationalAccounts, share: Vector) -> dict[str, Any]:
    """Where a dollar of household spending goes, through shops and directly."""
    basket = national.basket
    abroad = national.basket_imported
    paid = margins("household_consumption")
    freight = basket[RET] * paid.transport[MANUFACTURING].sum() / paid.retail[MANUFACTURING].sum()
    in_shops = np.where(MANUFACTURING, basket, 0.0)
    in_shops[WHL] = basket[WHL]
    in_shops[TRN] = min(freight, basket[TRN])
    shop_imports = float(abroad[:N_SECTORS][MANUFACTURING].sum())
    landed = float(in_shops.sum()) + shop_imports
    here = float(share[RET])
    local = np.divide(in_shops * share, here, out=np.zeros_like(in_shops), where=here > 0.0)
    direct = basket - in_shops
    direct[RET] = 0.0
    total_abroad = 1.0 - float(basket.sum())
    elsewhere = in_shops.copy()
    elsewhere[RET] += basket[RET]
    outside_shops = (1.0 - here) * in_shops
    outside_shops[RET] += (1.0 - here) * basket[RET]
    return {
        "shop_local": local / landed,
        "shop_us": (in_shops - local) / landed,
        "shop_abroad": shop_imports / landed,
        "shop_abroad_of": np.where(MANUFACTURING, abroad[:N_SECTORS], 0.0) / landed,
        "shop_spending": landed + float(basket[RET]),
        "shop_local_part": here,
        "retail_margin": float(basket[RET]) / landed,
        "shopping_elsewhere": elsewhere / (landed + float(basket[RET])),
        "direct_local": direct * share,
        "direct_us": direct * (1.0 - share) + outside_shops,
        "direct_abroad": (total_abroad - shop_imports) + (1.0 - here) * shop_imports,
    }
