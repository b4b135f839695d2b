"""Credit on stocks under a programme: how far it reaches, and which part of a line is under it.

A programme may let a lender advance more on stocks than it would by itself. The firm's line then
has two parts, which its owner uses in the order of their price:

    private = max(cards · sales, adv_AR receivables + adv_IN stocks)                     [if z > 0]
    whole   = max(cards · sales, adv_AR receivables + adv stocks + adv contract stock)   [if z > 0]
    D       = min((V - private limit)⁺, programme limit)    where the programme is dearer
            = min(V, programme limit)                       where it is cheaper

D programme credit in use, V the line in use, adv the advance of the programme; the score and the
lender are those of the private line. Neither part is ever called: when a limit falls below what is
used (stocks shrink, the score fails, the programme ends), it is frozen there, and what is repaid
comes off the dearer part first. Interest that goes unpaid beyond both limits is the private part's.
The line of a firm that closes is paid pro rata. USD throughout.

Reference: model specification §7.14, §8 (`inventory_finance`). Left out: audits of stocks, fees.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.agents.credit import LendingRules, approval_score, borrowing_base
from millworks.agents.firm import ACTIVE
from millworks.kernels import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@compiled
def programme_part(used: float, private_limit: float, programme_limit: float, dear: bool) -> float:
    """Part of a line in use that is under the programme, USD: the cheaper part is used first."""
    wanted = max(0.0, used - private_limit) if dear else used
    return min(wanted, programme_limit)


@compiled
def extend_lines(
    status: Ints,
    receivable: Floats,
    stock: Floats,
    contract_stock: Floats,
    sales: Floats,
    soft: Floats,
    used: Floats,
    strength: Floats,
    advance: Floats,
    rules: LendingRules,
    private_rate: float,
    programme_rate: Floats,
    credit: Floats,
    private_limit: Floats,
    programme_limit: Floats,
    limit: Floats,
) -> None:
    """Set the two limits of each line, refinance what can be had cheaper, and the line's limit.

    `advance`: of the programme, share of stocks, 0 where it offers nothing; `credit`: programme
    credit in use; closed firms keep what they have.
    """
    for firm in range(limit.shape[0]):
        if status[firm] != ACTIVE:
            continue
        lends = strength[firm] > 0.0 and approval_score(sales[firm], soft[firm], rules) > 0.0
        base = borrowing_base(receivable[firm], stock[firm], sales[firm], lends, rules)
        reach = 0.0
        if advance[firm] > 0.0:
            covered = (advance[firm] - rules.advance_stock) * stock[firm]
            covered += advance[firm] * contract_stock[firm]
            if lends and covered > 0.0:
                advances = rules.advance_receivable * receivable[firm]
                advances += rules.advance_stock * stock[firm] + covered
                reach = max(0.0, advances - base)
        dear = programme_rate[firm] >= private_rate
        private_limit[firm] = max(base, used[firm] - credit[firm])
        open_to = max(reach, credit[firm])
        credit[firm] = programme_part(used[firm], private_limit[firm], open_to, dear)
        programme_limit[firm] = max(reach, credit[firm])
        limit[firm] = max(base + reach, used[firm])


@compiled
def follow_lines(
    status: Ints,
    before: Floats,
    used: Floats,
    private_limit: Floats,
    programme_limit: Floats,
    private_rate: float,
    programme_rate: Floats,
    credit: Floats,
) -> None:
    """Programme credit after a week's draws and payments.

    `before`, `used`: the line before its interest and after all payments, USD.
    """
    for firm in range(used.shape[0]):
        if status[firm] == ACTIVE:
            dear = programme_rate[firm] >= private_rate
            credit[firm] = programme_part(
                used[firm], private_limit[firm], programme_limit[firm], dear
            )
        elif before[firm] > 0.0:
            credit[firm] = min(used[firm], credit[firm] * used[firm] / before[firm])


def line_interest(used: Floats, credit: Floats, rate: float, programme_rate: Floats) -> Floats:
    """Interest of a year on lines, USD, the programme's part at its own rate."""
    return (used - credit) * rate + credit * programme_rate
