"""`millworks week`: the stages of a simulated week, in order, from the model itself."""

from __future__ import annotations

from millworks.commands.options import Json


def week(as_json: Json = False) -> None:
    """Print the stages of the week, in order."""
    from millworks.commands.screen import print_json, table
    from millworks.district_model import WEEK

    rows = [
        {
            "number": stage.number,
            "stage": stage.name,
            "file": f"week/{stage.module}.py",
            "what happens": stage.summary,
        }
        for stage in WEEK
    ]
    if as_json:
        print_json({"stages": rows})
    else:
        print(table([{**row, "": row["number"]} for row in rows], ["", *list(rows[0])[1:]]))
