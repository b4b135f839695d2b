"""What a firm that closes owes, and what its creditors lose when its estate is over.

Each kind of debt is written off by a posting of its own, so that the loss reaches whoever holds the
claim: workers, governments, blocks, lenders, the outside. Invoices for goods are lost link by link
(`Ledger.write_off_goods`), and a buyer's stake after all debts (`millworks.programmes.stakes`).

Source: model specification §7.15. Left out: security and rank of creditors beyond the classes in
which `settle` pays.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.estate import CENT
from millworks.world.accounts import LOANS
from millworks.world.columns import Population
from millworks.world.world import World

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


WRITTEN_OFF: dict[str, tuple[str, ...]] = {
    "R": (
        "wages_written_off_residents",
        "wages_written_off_commuters",
        "taxes_written_off_local",
        "taxes_written_off_outside",
        "levy_written_off",
        "services_written_off_local",
        "services_written_off_outside",
        "revolver_written_off",
    ),
}
"""What creditors lose this week, by holder letter of the estates."""
WRITTEN_OFF["M"] = (
    *WRITTEN_OFF["R"],
    "rent_written_off",
    "freight_written_off",
    *(f"{kind}_written_off" for kind in LOANS),
)


def debts(firms: Population, letter: str) -> Floats:
    """All that each firm owes, USD."""
    owed = firms.goods_payable + firms.services_payable_local + firms.services_payable_outside
    owed = owed + firms.wages_due + firms.taxes_due + firms.levy_due + firms.revolver
    if letter == "M":
        owed = owed + firms.rent_due + firms.freight_due + firms.fees_due
        for kind in LOANS:
            owed = owed + getattr(firms, f"{kind}_loan")
    return np.asarray(owed, np.float64)


def write_off(world: World, letter: str, settled: Flags) -> None:
    """What the estates that are over still owe is lost to those they owe it."""
    firms, rates, book = world.population(letter), world.parameters, world.ledger.book
    if not settled.any():
        for name in WRITTEN_OFF[letter]:
            getattr(firms, name)[:] = 0.0
        return
    owed = debts(firms, letter)
    firms.failed[settled & (owed > CENT)] = True

    def lost(amounts: Floats) -> Floats:
        return np.where(settled, amounts, 0.0)

    wages, taxes = lost(firms.wages_due), lost(firms.taxes_due)
    firms.wages_written_off_residents[:] = wages * (1.0 - rates.commuter_share)
    firms.wages_written_off_commuters[:] = wages - firms.wages_written_off_residents
    firms.taxes_written_off_local[:] = taxes * rates.tax_local_share
    firms.taxes_written_off_outside[:] = taxes - firms.taxes_written_off_local
    firms.levy_written_off[:] = lost(firms.levy_due)
    firms.services_written_off_local[:] = lost(firms.services_payable_local)
    firms.services_written_off_outside[:] = lost(firms.services_payable_outside)
    firms.revolver_written_off[:] = lost(firms.revolver)
    if letter == "M":
        firms.rent_written_off[:] = lost(firms.rent_due)
        firms.freight_written_off[:] = lost(firms.freight_due)
        for kind in LOANS:
            getattr(firms, f"{kind}_written_off")[:] = lost(getattr(firms, f"{kind}_loan"))
    book(f"wages written off {letter}>H")
    book(f"wages written off {letter}>X")
    book(f"taxes written off {letter}>G")
    book(f"taxes written off {letter}>X")
    book(f"levy written off {letter}>G")
    services = world.by_sector(letter, firms.services_written_off_local)
    book(f"services written off {letter}>S", world.services_by_block(services))
    book(f"services written off {letter}>X")
    book(f"revolver written off {letter}>B")
    if letter == "M":
        book("rent written off M>S")
        book("freight written off M>S")
        for kind in LOANS:
            book(f"{kind} loan written off M>B")
