"""Write the parts of these pages that are read off the code and the data.

    python docs/generate.py            write them
    python docs/generate.py --check    say which page is out of date; exit 1 if any is

A generated part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; the rest of a page is
written by hand. A test runs the check.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import odd_tables
from tables import markdown_table

from millworks.economy.embedded import read_rows
from millworks.economy.national import national_accounts
from millworks.economy.places import list_places, load_place
from millworks.economy.sectors import MANUFACTURING
from millworks.parameters import register
from millworks.policies.registry import levers
from millworks.shocks.registry import shocks
from millworks.start.founding import AGENT_CLASSES
from millworks.world.accounts import (
    GOODS_INVOICED,
    GOODS_PAID,
    GOODS_WRITTEN_OFF,
    HOLDERS,
    INSTRUMENTS,
    ONE_SIDED,
    Posting,
)
from millworks.world.columns import declared_columns
from millworks.world.ledger import BUYERS, SELLERS
from millworks.world.matrices import FLOW_ROWS, goods_row
from millworks.world.postings import POSTINGS

PAGES = Path(__file__).parent
REVALUING = ("devalue", "write off", "revalue")
"""Modes of postings that are no flows: their rows in the matrix are one."""
BLOCK = re.compile(r"(<!-- begin (\S+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def balance_sheet_signs() -> str:
    """Who owns (+) and owes (−) what, from the accounts that the agents declare.

    Income and revaluations of the week are left out: at its end they are closed.
    """
    accounts = {
        letter: [
            column.account
            for name, column in declared_columns(kind).items()
            if column.account and name not in ("current_account", "revaluations")
        ]
        for letter, kind in AGENT_CLASSES.items()
    }
    rows = []
    for name, (label, _) in INSTRUMENTS.items():
        signs = [
            "".join(sign for sign in "+-" if sign + name in accounts[letter]) for letter in HOLDERS
        ]
        rows.append([label, *(sign.replace("+-", "±").replace("-", "−") for sign in signs)])
    return markdown_table(["", *HOLDERS], rows)


def link_pairs(row: str) -> list[str]:
    """Pairs `buyer>seller` that invoices on links of the supply network add to a row."""
    sellers = [seller for seller in SELLERS if goods_row(seller) == row]
    shops = "RC"  # only they have links to blocks, whose margins their goods carry
    return [
        f"{buyer}>{seller}"
        for buyer in BUYERS
        for seller in sellers
        if not (buyer == seller == "X") and (seller != "S" or buyer in shops)
    ]


def flow_pairs() -> str:
    """Who pays whom in each row of the transactions-flow matrix, from the postings."""
    rows = []
    for row in FLOW_ROWS:
        pairs = link_pairs(row)
        for posting in POSTINGS.values():
            revalued = row == odd_tables.REVALUED and posting.mode in REVALUING
            if posting.row == row or revalued:
                pairs.append(_pair(posting))
        rows.append([row, " ".join(dict.fromkeys(pairs))])
    return markdown_table(["Row", "Payer > payee; one letter: within the holder's accounts"], rows)


def postings() -> str:
    """Every posting, postings that differ only by holders in one line."""
    families: dict[tuple[str, ...], list[str]] = {}
    for posting in POSTINGS.values():
        name = posting.name.rpartition(" ")[0]
        bearer = " of the payee" if posting.amount_on_payee else ""
        key = (name, posting.mode, posting.row, f"`{posting.amount}`{bearer}")
        families.setdefault(key, []).append(_pair(posting))
    links = link_pairs("Goods") + link_pairs("Services")
    shipped, paid = "shipped on the link", "`pay_goods`, spread over the links due"
    rows = [
        [GOODS_INVOICED, " ".join(links), "accrue", "Goods; Services (margins)", shipped],
        [GOODS_PAID, " ".join(links), "pay", "", paid],
        [GOODS_WRITTEN_OFF, " ".join(links), "write off", "", "all that is owed on the link"],
    ]
    for (name, mode, row, amount), pairs in families.items():
        rows.append([name, " ".join(pairs), mode, row, amount])
    return markdown_table(["Posting", "Payer > payee", "Mode", "Row", "Amount decided in"], rows)


def parameters() -> str:
    """The register of parameters, with a sentence on how many are measured."""
    specifications = list(register().values())
    assumed = sum(row.source.startswith("assumption") for row in specifications)
    fixed = sum(row.fixed for row in specifications)
    intro = (
        f"{len(specifications)} parameters: {fixed} are conventions (marked *), which keep their"
        f" value in uncertainty runs; the source of {assumed} is an assumption."
    )
    rows = [
        [
            f"`{row.key}`{'*' if row.fixed else ''}",
            "" if row.symbol == "-" else row.symbol,
            f"{row.default:.4g}",
            f"{row.low:g} to {row.high:g}",
            "" if row.off is None else f"{row.off:g}",
            row.unit,
            row.meaning,
            f"{row.source} ({row.confidence})",
            row.stage,
        ]
        for row in specifications
    ]
    heads = ["Key", "Symbol", "Default", "Bounds", "Off", "Unit", "Meaning", "Source (confidence)"]
    return f"{intro}\n\n{markdown_table([*heads, 'Read by'], rows)}"


def output_per_job() -> str:
    """Output per manufacturing job of each district against receipts per employee, 2017."""
    national = national_accounts(2017)
    assert national.table.output is not None
    in_own_prices = national.table.output
    places = {row["slug"]: row for row in read_rows("districts.csv")}
    rows = []
    for slug in list_places():
        if slug == "generic":
            continue
        place, code = load_place(slug), places[slug]["geography_code"]
        counties = [
            county
            for county in read_rows("places.csv")
            if code in (county["fips"], county["cbsa_code"]) and county["mfg_receipts_kusd_2017"]
        ]
        receipts = sum(float(county["mfg_receipts_kusd_2017"]) for county in counties)
        employees = sum(float(county["mfg_employment_2017"]) for county in counties)
        output = place.output_share(national) * in_own_prices
        per_job = float(output[MANUFACTURING].sum()) / place.manufacturing_jobs / 1e3
        reported = receipts / employees
        ratio = f"{per_job / reported:.2f}"
        rows.append((per_job / reported, [place.name, f"{per_job:.0f}", f"{reported:.0f}", ratio]))
    made = float(in_own_prices[MANUFACTURING].sum() / national.employment[MANUFACTURING].sum())
    total = next(
        row
        for row in read_rows("abs_2017_sector_by_size_and_age.csv")
        if (row["naics"], row["class"]) == ("31-33", "All firms")
    )
    nation = float(total["receipts_kusd"]) / float(total["employment"])
    ordered = [row for _, row in sorted(rows, key=lambda found: -found[0])]
    nationwide = ["United States", f"{made / 1e3:.0f}", f"{nation:.0f}"]
    ordered.append([*nationwide, f"{made / 1e3 / nation:.2f}"])
    heads = ["Place", "Model, thousand USD per job", "Reported, thousand USD per employee", "Ratio"]
    return markdown_table(heads, ordered)


def measures() -> str:
    """Every policy and shock, in the order in which they are applied."""
    rows = [
        [f"`{name}`", "comparator" if kind.comparator else "policy", kind.title.partition(": ")[2]]
        for name, kind in levers().items()
    ]
    for name, kind in shocks().items():
        rows.append([f"`{name}`", "shock", kind.title.partition(": ")[2]])
    return markdown_table(["Name", "Kind", "What it is"], rows)


GENERATED: dict[str, Callable[[], str]] = {
    "measures": measures,
    "balance-sheet": balance_sheet_signs,
    "transactions-flow": flow_pairs,
    "postings": postings,
    "parameters": parameters,
    "output-per-job": output_per_job,
    "odd-balance-sheet": balance_sheet_signs,
    **odd_tables.GENERATED,
}
"""Name of a block -> what writes it."""


def rendered(page: str) -> str:
    """Return a page with its generated blocks written anew; KeyError for an unknown block."""
    return BLOCK.sub(lambda found: f"{found[1]}\n{GENERATED[found[2]]()}\n\n{found[3]}", page)


def main(words: Sequence[str]) -> int:
    """Write the pages, or with `--check` only compare them."""
    stale = []
    for path in sorted(PAGES.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        wanted = rendered(page)
        if wanted != page:
            stale.append(path.name)
            if "--check" not in words:
                path.write_text(wanted, encoding="utf-8")
    for name in stale:
        print(f"docs/{name}: {'out of date' if '--check' in words else 'written'}")
    return 1 if stale and "--check" in words else 0


def _pair(posting: Posting) -> str:
    return posting.payer if posting.mode in ONE_SIDED else f"{posting.payer}>{posting.payee}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
