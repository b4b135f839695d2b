"""What a posting does to balances, as a compiled rule over the columns of both sides.

A posting decided by one side moves an amount per row there. What the other side moves is handed
over, or follows: all of it on one row, or by the bank of each customer. Each movement adds one of
these vectors to a balance, or its sum by lender to the books of the lenders.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from millworks.kernels import compiled
from millworks.world.sums import add_by_halves

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PAYER, PAYEE, LENDERS = range(3)
"""Whose balance a movement changes."""
PAID, RECEIVED, PAID_BY_LENDER, RECEIVED_BY_LENDER = range(4)
"""What it adds: amounts per row of the payer or of the payee, or their sums by lender."""
ONE_SIDE, HANDED_OVER, ONE_ROW, BY_LENDER = range(4)
"""How the side without a decision learns its amounts."""
SIDE, COLUMN, SIGN, SOURCE, ACCOUNT = range(5)
"""Columns of the table of movements; `ACCOUNT` numbers the accumulator of what was moved."""
DECIDED, ON_PAYEE, HOW, ROW = range(4)
"""What is known of a decision: its column, whether it stands on the payee, how the other side
learns its amounts, and the row if it is one.
"""


@compiled
def sums_by_lender(lender: Ints, amounts: Floats, lenders: int) -> Floats:
    """Add up amounts by the lender of each row, row after row, [lenders]."""
    total = np.zeros(lenders)
    for row in range(amounts.shape[0]):
        total[lender[row]] += amounts[row]
    return total


@compiled
def all_zero(amounts: Floats) -> bool:
    """Whether there is nothing to move."""
    row = 0
    while row < amounts.shape[0] and amounts[row] == 0.0:
        row += 1
    return row == amounts.shape[0]


@compiled
def move(
    payer: Floats,
    payee: Floats,
    lenders: Floats,
    payer_lender: Ints,
    payee_lender: Ints,
    sizes: Ints,
    movements: Ints,
    paid: Floats,
    received: Floats,
    moved: Floats,
) -> None:
    """Add what is `paid` and `received`, USD per row of either side, to the balances it changes.

    `payer`, `payee`, `lenders` [columns, rows]: blocks of the populations, of `sizes` [3] rows;
    `movements` [movements, 5] in their order; `moved`: accumulators of USD by account.
    """
    source, total = paid, 0.0
    for number in range(movements.shape[0]):
        kind = movements[number, SOURCE]
        if number == 0 or kind != movements[number - 1, SOURCE]:
            source = paid
            if kind == PAID_BY_LENDER:
                source = sums_by_lender(payer_lender, paid, sizes[LENDERS])
            elif kind == RECEIVED:
                source = received
            elif kind == RECEIVED_BY_LENDER:
                source = sums_by_lender(payee_lender, received, sizes[LENDERS])
            total = add_by_halves(source)
        side = movements[number, SIDE]
        block = payer if side == PAYER else payee if side == PAYEE else lenders
        balance = block[movements[number, COLUMN]]
        sign = float(movements[number, SIGN])
        for row in range(source.shape[0]):
            balance[row] += sign * source[row]
        moved[movements[number, ACCOUNT]] += sign * total


@compiled
def carry_out(
    payer: Floats,
    payee: Floats,
    lenders: Floats,
    payer_lender: Ints,
    payee_lender: Ints,
    sizes: Ints,
    movements: Ints,
    decision: Ints,
    handed_over: Floats,
    moved: Floats,
) -> float:
    """Carry out one posting and return its flow, USD.

    `decision` [4]: where it stands; `handed_over`: amounts per row of the other side; the others
    as for `move`.
    """
    on_payee, how = decision[ON_PAYEE], decision[HOW]
    bearer, other = (PAYEE, PAYER) if on_payee else (PAYER, PAYEE)
    amounts = (payee if on_payee else payer)[decision[DECIDED]][: sizes[bearer]]
    flow = add_by_halves(amounts)
    if how != HANDED_OVER and all_zero(amounts):
        return flow
    others = handed_over
    if how == BY_LENDER:
        others = sums_by_lender(payee_lender if on_payee else payer_lender, amounts, sizes[other])
    elif how == ONE_ROW:
        others = np.zeros(sizes[other])
        others[decision[ROW]] = flow
    paid, received = (others, amounts) if on_payee else (amounts, others)
    move(payer, payee, lenders, payer_lender, payee_lender, sizes, movements, paid, received, moved)
    return flow
