"""`millworks shares`: how much of each sector's goods a place buys inside."""

from __future__ import annotations

from millworks.commands.options import Json, Quiet, Scenarios, Words, Year, split_words


def shares(
    words: Words = None,
    year: Year = None,
    scenarios: Scenarios = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Print the estimated local shares of a place.

    For each sector: its location quotient, and the part of what firms and households buy of it,
    from within the country, that is made in the place, under three quotients. The local figure of a
    multiplier hangs on that choice.

    Example: millworks shares hickory
    """
    from millworks.commands.progress import ProgressBar
    from millworks.commands.screen import paragraph, print_json, table
    from millworks.conf.compose import compose

    district, overrides = split_words(words)
    config = compose("shares", {"district": district, "year": year}, overrides, scenarios)

    from millworks.report.names import SHORT_SECTORS
    from millworks.report.words import shares_matter
    from millworks.study.local_shares import (
        founded,
        local_output,
        own_mix,
        recipes_by_method,
        share_table,
    )
    from millworks.study.run_record import SCHEMA_VERSION

    method = config.world.regionalisation
    with ProgressBar("founding the district", quiet):
        model = founded(config)
        recipes = recipes_by_method(config, model)
        rows = share_table(model, method, recipes)
        output = local_output(recipes, own_mix(model), model.parameters)
    if as_json:
        print_json(
            {
                "district": config.district,
                "year": config.year,
                "regionalisation": method,
                "unit": "share of purchases from within the country",
                "shares": rows,
                "local_output_by_method": output,
                "schema_version": SCHEMA_VERSION,
            }
        )
        return
    shown = [
        {
            "code": row["sector"],
            "quotient": f"{row['location_quotient']:.2f}",
            **{name: f"{row[f'firms_share_{name}']:.3f}" for name in recipes},
            "homes": f"{row['households_share']:.3f}",
            "limit": LIMITS.get(row["limited_by"], row["limited_by"].partition(" ")[0]),
            "sector": SHORT_SECTORS[row["sector"]],
        }
        for row in rows
    ]
    place = model.founding.place.name
    print(
        paragraph(
            f"{place}, table of {config.year}: part of what is bought of each sector, from within "
            f"the country, that is made in the place. Used: {method}; homes: households under it; "
            f"quotient: 1 where the sector has as many jobs as in the nation; limit: what cut the "
            f"estimate for {method}, the cap on all shares or the place's own supply."
        )
    )
    print()
    print(table(shown, list(shown[0])))
    print()
    print(paragraph(shares_matter(method, output, "manufacturing orders in the place's own mix")))


LIMITS = {"what the place makes": "supply"}
