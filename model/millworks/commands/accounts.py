"""`millworks accounts`: the books of a district in a week, as two matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from millworks.commands.options import (
    Json,
    Makers,
    Quiet,
    Scenarios,
    Seed,
    Words,
    Year,
    number,
    split_words,
)

if TYPE_CHECKING:
    from millworks.conf.schema import AccountsConfig


def accounts(
    words: Words = None,
    week: Annotated[
        int | None,
        typer.Option(metavar="N", parser=number, help="Which week; 0: the opening balance sheet."),
    ] = None,
    year: Year = None,
    seed: Seed = None,
    makers: Makers = None,
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Print the books of a week, as two matrices.

    The balance-sheet and the transactions-flow matrix, in linear mode. Rows are instruments and
    transactions, columns are sectors, in USD of 2022; every row and column adds up to zero.
    """
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import print_json
    from millworks.conf.compose import compose

    district, overrides = split_words(words)
    settings = {
        "district": district,
        "week": week,
        "year": year,
        "seed": seed,
        "makers": makers,
    }
    config = cast("AccountsConfig", compose("accounts", settings, overrides, scenarios))

    from millworks.study import accounts_view

    with ProgressBar("getting ready", quiet) as progress:
        view = accounts_view.run(config, progress)
    if as_json:
        print_json(view.document())
    else:
        print(view.text())
