"""The parts of odd.md that are read off the code: entities, columns, flows, stages, draws, symbols.

Nothing about the model is said here but which column a symbol of the specification stands for
(`SYMBOLS`); a name in it that no agent declares is an error, so that the table cannot go stale.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

from tables import markdown_table

import millworks
from millworks.district_model import WEEK, Stage
from millworks.parameters import register
from millworks.start.founding import AGENT_CLASSES
from millworks.world import matrices
from millworks.world.accounts import HOLDERS, INSTRUMENTS, Posting
from millworks.world.columns import Column, declared_columns
from millworks.world.ledger import BUYERS, SELLERS
from millworks.world.matrices import FLOW_ROWS, flow_columns, goods_row
from millworks.world.postings import POSTINGS
from millworks.world.purposes import PURPOSES

PACKAGE = Path(millworks.__file__).parent

SYMBOLS: dict[str, str] = {
    "A": "Producer.productivity",
    "b": "Firm.cash_buffer",
    "C": "Household.consumption",
    "d̂ (makers)": "Producer.demand_forecast",
    "d̂ (shops), û": "StockHolder.usage_forecast",
    "ŝ": "Shop.forecast_deviation",
    "dpot̂": "Producer.potential_forecast",
    "emp·A/a_L": "Producer.staff",
    "F": "Producer.finished_units",
    "F*": "Producer.finished_aim",
    "fill": "Producer.fill",
    "gap": "Maker.gap",
    "K": "Producer.capacity",
    "K_pend": "Maker.pending_capacity",
    "late_w (weeks in arrears)": "Firm.late_weeks",
    "m_i": "Producer.markup",
    "p": "Producer.price",
    "Q": "Producer.planned",
    "q (quality)": "Producer.quality",
    "u_i": "Borrower.soft_information",
    "uc": "Producer.unit_cost",
    "V": "Firm.revolver",
    "V_lim": "Firm.revolver_limit",
    "Y": "Household.smoothed_income",
    "ψ_s": "Producer.spot_share",
}
"""Symbol of the specification -> class and column that holds it."""

REVALUED = "Revaluations"
"""Row of the flow matrix that postings do not name: write-offs, losses, and their passing on."""


def entities() -> str:
    """Every kind of agent: its letter in the accounts, what it is, how many columns it has."""
    rows = []
    for letter, holder in HOLDERS.items():
        kind = AGENT_CLASSES[letter]
        declared = declared_columns(kind)
        balances = sum(column.is_money for column in declared.values())
        rows.append(
            [
                letter,
                f"{holder.name} (`{holder.population}`)",
                _first_sentence(kind.__doc__ or ""),
                str(len(declared)),
                str(balances),
            ]
        )
    return markdown_table(["", "Kind", "One row is", "Columns", "of them balances"], rows)


def state_columns() -> str:
    """Every column with unit and meaning, under the class that declares it, once."""
    parts = []
    for kind in _declaring_classes():
        users = [
            HOLDERS[letter].name.lower()
            for letter, agent in AGENT_CLASSES.items()
            if issubclass(agent, kind)
        ]
        rows = [
            [f"`{name}`", _unit(column), column.meaning, _kind_of_column(column)]
            for name, column in vars(kind).items()
            if isinstance(column, Column)
        ]
        heading = f"**{kind.__name__}**: {', '.join(users)}. {_first_sentence(kind.__doc__ or '')}"
        parts.append(f"{heading}\n\n{markdown_table(['Column', 'Unit', 'Meaning', ''], rows)}")
    return "\n\n".join(parts)


def flow_matrix() -> str:
    """The transactions-flow matrix with signs: + receives or issues, − pays or acquires."""
    signs: dict[tuple[str, str], set[str]] = {}

    def put(row: str, column: str, sign: str) -> None:
        signs.setdefault((row, column), set()).add(sign)

    for posting in POSTINGS.values():
        accounts = matrices._ACCOUNTS.get(posting.mode)
        if accounts:
            # An amount that is declared as minus something turns both signs round.
            gives, gets = "+−" if _amount(posting).meaning.startswith("minus ") else "−+"
            put(posting.row, matrices._column(posting.payer, accounts[0]), gives)
            put(posting.row, matrices._column(posting.payee, accounts[1]), gets)
        elif posting.mode == "devalue":
            put(REVALUED, matrices._column(posting.payer, matrices.CAPITAL), "+")
        elif posting.mode in ("write off", "revalue"):
            for letter in {posting.payer, posting.payee}:
                put(REVALUED, letter, "+")
                put(REVALUED, letter, "−")
    for buyer in BUYERS:
        for seller in SELLERS:
            if not buyer == seller == "X" and (seller != "S" or buyer in "RC"):
                put(goods_row(seller), buyer, "−")
                put(goods_row(seller), seller, "+")
    stocks = {}
    for instrument, (_, kind) in INSTRUMENTS.items():
        if kind == "financial":
            stocks[f"Δ {instrument}"] = instrument
    for letter, agent in AGENT_CLASSES.items():
        for declared in declared_columns(agent).values():
            row = f"Δ {(declared.account or ' ')[1:]}"
            if row in stocks:
                column = matrices._column(letter, matrices.CAPITAL)
                put(row, column, "+" if (declared.account or "").startswith("-") else "−")
    columns = flow_columns()
    heads = [column.replace(" capital", "ᵏ") for column in columns]
    rows = [
        [row, *("±" if len(found := signs.get((row, c), set())) > 1 else "".join(found)
                for c in columns)]
        for row in (*FLOW_ROWS, *stocks)
    ]  # fmt: skip
    return markdown_table(["", *heads], rows)


def stages() -> str:
    """The week in order: what happens in which file, and the first lines of that file."""
    rows = [
        [
            str(stage.number),
            f"`{stage.name}`",
            _first_paragraph(_docstring(_stage_file(stage))),
            f"`week/{stage.module}.py`",
        ]
        for stage in WEEK
    ]
    return markdown_table(["", "Stage", "What happens", "File"], rows)


def submodels() -> str:
    """Every stage, and every rule that stages share, in the words and equations of its file."""
    parts = [
        _section(f"{stage.number}. {stage.name}", _stage_file(stage), f"week/{stage.module}.py")
        for stage in WEEK
    ]
    parts += [
        _section(f"Rule: {file.stem.replace('_', ' ')}", file, f"agents/{file.name}")
        for file in sorted((PACKAGE / "agents").glob("*.py"))
        if not any(isinstance(node, ast.ClassDef) for node in _tree(file).body)
        and any(isinstance(node, ast.FunctionDef) for node in _tree(file).body)
    ]
    return "\n\n".join(parts)


def founding() -> str:
    """The steps of the start of the world, one file each."""
    rows = [
        [f"`start/{file.name}`", _first_paragraph(_docstring(file))]
        for file in sorted((PACKAGE / "start").glob("[a-z]*.py"))
    ]
    return markdown_table(["File", "What it decides"], rows)


def random_purposes() -> str:
    """What is drawn, for whom, and where; a purpose that nobody draws yet says so."""
    rows = []
    for name, purpose in PURPOSES.items():
        where = [
            file.relative_to(PACKAGE).as_posix()
            for file in sorted(PACKAGE.rglob("*.py"))
            if file.name != "purposes.py" and name in _words(file)
        ]
        shown = " ".join(f"`{file}`" for file in where) or "nowhere yet"
        rows.append([str(purpose.code), f"`{name}`", purpose.drawn_for, purpose.meaning, shown])
    return markdown_table(["Code", "Purpose", "For each", "What is drawn", "In"], rows)


def symbols() -> str:
    """Symbol of the specification -> parameter or column -> the stages that read it."""
    rows = [
        [row.symbol, f"`{row.key}`", row.unit, row.meaning, row.used_in_rule, row.stage]
        for row in register().values()
        if row.symbol != "-"
    ]
    for symbol, place in SYMBOLS.items():
        column = _declared(symbol, place)
        readers = [stage.name for stage in WEEK if column.name in _words(_stage_file(stage))]
        stages_that_read = " ".join(readers) or "none yet"
        rows.append([symbol, f"`{place}`", _unit(column), column.meaning, "", stages_that_read])
    rows.sort(key=lambda row: row[0].casefold())
    heads = ["Symbol", "Parameter or column", "Unit", "Meaning", "Section", "Stages"]
    return markdown_table(heads, rows)


GENERATED: dict[str, Callable[[], str]] = {
    "odd-entities": entities,
    "odd-columns": state_columns,
    "odd-flow-matrix": flow_matrix,
    "odd-stages": stages,
    "odd-founding": founding,
    "odd-purposes": random_purposes,
    "odd-symbols": symbols,
    "odd-submodels": submodels,
}
"""Name of a block of odd.md -> what writes it."""


def _declaring_classes() -> Iterator[type]:
    """Classes that declare a column, bases before those built on them, each once."""
    seen: set[type] = set()
    for agent in AGENT_CLASSES.values():
        for kind in reversed(agent.__mro__):
            if kind not in seen and any(isinstance(v, Column) for v in vars(kind).values()):
                seen.add(kind)
                yield kind


def _declared(symbol: str, place: str) -> Column:
    """The column that a symbol stands for; LookupError if no agent declares it."""
    owner, _, name = place.partition(".")
    for kind in _declaring_classes():
        if kind.__name__ == owner and isinstance(vars(kind).get(name), Column):
            return vars(kind)[name]
    raise LookupError(
        f"symbol {symbol} stands for {place}, which no agent declares; mend SYMBOLS in "
        "docs/odd_tables.py"
    )


def _amount(posting: Posting) -> Column:
    """The decision column that says how much a posting moves."""
    bearer = posting.payee if posting.amount_on_payee else posting.payer
    return declared_columns(AGENT_CLASSES[bearer])[posting.amount]


def _unit(column: Column) -> str:
    """The unit, with the number of values where a row holds several."""
    return f"{column.unit}{' x ' if column.shape else ''}{' x '.join(map(str, column.shape))}"


def _kind_of_column(column: Column) -> str:
    """What only the ledger or the register may write: line of the balance sheet with its sign."""
    if column.account:
        return f"{column.account[0].replace('-', '−')} {column.account[1:]}"
    return {"ledger": "balance", "register": "register"}.get(column.writer, "")


def _section(title: str, file: Path, name: str) -> str:
    """A docstring as a section: equations stand in blocks of their own."""
    first, _, rest = _docstring(file).partition("\n\n")
    parts = [f"#### {title} (`{name}`)", _without_title(first)]
    for indented, group in groupby(rest.split("\n\n"), key=lambda part: part.startswith("    ")):
        text = "\n\n".join(group)
        parts.append(f"```text\n{textwrap.dedent(text)}\n```" if indented else text)
    return "\n\n".join(parts)


def _first_paragraph(docstring: str) -> str:
    return " ".join(_without_title(docstring.partition("\n\n")[0]).split())


def _first_sentence(docstring: str) -> str:
    return " ".join(docstring.partition("\n\n")[0].split())


def _without_title(paragraph: str) -> str:
    """A stage's first paragraph without `Stage 3, settle: `, which the heading says."""
    told = re.sub(r"^Stage \d+, [\w -]+: ", "", paragraph)
    return told[:1].upper() + told[1:]


def _stage_file(stage: Stage) -> Path:
    return PACKAGE / "week" / f"{stage.module}.py"


def _docstring(file: Path) -> str:
    return ast.get_docstring(_tree(file)) or ""


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def _words(file: Path) -> frozenset[str]:
    """Attributes and whole texts in a file, and texts with an ending as in `f"{text}_count"`."""
    nodes = list(ast.walk(_tree(file)))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    constants = {node.value for node in nodes if isinstance(node, ast.Constant)}
    texts = {text for text in constants if isinstance(text, str)}
    endings = {
        node.values[1].value
        for node in nodes
        if isinstance(node, ast.JoinedStr)
        and len(node.values) == 2
        and isinstance(node.values[1], ast.Constant)
    }
    return frozenset(names | texts | {text + ending for text in texts for ending in endings})
