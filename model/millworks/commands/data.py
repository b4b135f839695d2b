"""`millworks data check`: whether the embedded tables still say what they should."""

from __future__ import annotations

import typer

from millworks.commands.options import Json
from millworks.errors import InvariantBreach

data_app = typer.Typer(
    help="The tables that travel with millworks.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@data_app.callback()
def _data(context: typer.Context) -> None:
    """The tables that travel with millworks."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@data_app.command()
def check(as_json: Json = False) -> None:
    """Verify the tables; say what does not balance, and why."""
    from millworks.commands.screen import paragraph, print_json, table
    from millworks.economy.data_check import WHAT_DOES_NOT_BALANCE, check_data

    checks = check_data()
    if as_json:
        print_json(
            {
                "checks": [_document(item) for item in checks],
                "does_not_balance": list(WHAT_DOES_NOT_BALANCE),
            }
        )
    else:
        rows = [
            {
                "": "ok" if item.passed else "FAILS",
                "value": f"{item.value:.3g}",
                "tolerance": f"{item.tolerance:.3g}",
                "check": f"{item.id}: {item.note}" if item.note else item.id,
            }
            for item in checks
        ]
        print(table(rows, ["", "value", "tolerance", "check"]))
        print("\nWhat does not balance by itself, and why:")
        print("\n".join(paragraph(text, hanging="- ") for text in WHAT_DOES_NOT_BALANCE))
    failed = [item.id for item in checks if not item.passed]
    if failed:
        raise InvariantBreach(
            f"{len(failed)} of {len(checks)} checks of the tables fail: {', '.join(failed)}."
        )


def _document(item: object) -> dict[str, object]:
    import math

    keys = ("id", "passed", "value", "tolerance", "note")
    row = {key: getattr(item, key) for key in keys}
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in row.items()
    }
