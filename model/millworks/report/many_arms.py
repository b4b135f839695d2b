"""Words and figures that studies of many arms share: names, settings, cells, lines of a screen."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from millworks.report import effect_numbers, names, run_cautions, run_words
from millworks.report.rounding import whole
from millworks.report.study_page import UNSURE
from millworks.report.words import lower_first, shortened
from millworks.study.many_arms import ONE_PAIR, ManyArmsResult
from millworks.study.run_results import Effect

WIDTH = 80
NOT_GIVEN = "—"
NOT_CALIBRATED = "Simulated, not calibrated, on "

LUCK_ONLY = (
    "Intervals are over repeated draws of the same world (orders, births, closures). They do not "
    "say how far wrong the assumptions may be: nothing is calibrated, most parameters are set by "
    "hand."
)

ONE_DISTRICT = (
    "One district alone: what its makers win from rivals elsewhere counts as gain, so a local "
    "effect is not a national one."
)

#: How a shock is called over a column of a chart, of a narrow one, of a screen; others by their own
#: name.
SHOCK_HEADS = {
    "import_competition": ("Import\ncompetition", "Imports", "imports"),
    "tariff": ("Tariff", "Tariff", "tariff"),
    "big_box_entry": ("Big-box\nentry", "Big\nbox", "big box"),
    "recession": ("Recession", "Reces-\nsion", "slump"),
    "freight_spike": ("Freight\nspike", "Freight", "freight"),
    "supplier_disruption": ("Supplier\ndisruption", "Supply", "supply"),
    "credit_crunch": ("Credit\ncrunch", "Credit", "credit"),
}


FEW_MAKERS, FEW_PAIRS = 100, 10
"""Below these numbers a page says what so few of them cannot tell."""


def too_few(result: ManyArmsResult) -> tuple[str, ...]:
    """Say what few makers and few pairs do not tell; nothing where there are enough of both."""
    said = []
    if result.makers < FEW_MAKERS:
        said.append(
            f"{whole(result.makers, 'maker')}: so few that one or two of them can make a figure, "
            f"above all one of a single size. It need not hold in a district of more."
        )
    if 1 < len(result.seeds) < FEW_PAIRS:
        said.append(
            f"{whole(len(result.seeds), 'pair')} of runs: their intervals rest on the assumption "
            f"that differences between pairs are normal. Ask for {FEW_PAIRS} or more before "
            f"anything is built on a finding."
        )
    return tuple(said)


def short_title(title: str, name: str) -> str:
    """Return the name of a policy or shock: what stands before the colon of its title."""
    return title.partition(":")[0].strip() or names.plain(name)


def inside(title: str, name: str) -> str:
    """Return that name as it stands inside a sentence."""
    return lower_first(short_title(title, name))


def shock_head(name: str, *, narrow: bool = False) -> str:
    """Return the name of a shock over a column of a chart."""
    return _heads(name)[1 if narrow else 0]


def shock_word(name: str) -> str:
    """Return the name of a shock in seven letters."""
    return _heads(name)[2]


def _heads(name: str) -> tuple[str, str, str]:
    plain = names.plain(name)
    return SHOCK_HEADS.get(name, (plain, plain[:6], plain[:7]))


def place(result: ManyArmsResult) -> str:
    """Return the short name of the district."""
    return names.short_place(result.place.name)


def confidence(result: ManyArmsResult) -> str:
    """Return the confidence of the intervals: '95%'."""
    return f"{100 * result.confidence:g}%"


def setting(result: ManyArmsResult) -> str:
    """Say what was run."""
    scale = f" (scale model 1:{1 / result.scale:.1f})" if result.scale < 1.0 - 1e-9 else ""
    return (
        f"{whole(result.makers, 'maker')}{scale}, {whole(result.arms, 'arm')} in each of "
        f"{whole(len(result.seeds), 'pair')} of runs on the same draws, {result.weeks} weeks after "
        f"{result.burn_in} of burn-in"
    )


def level(effect: Effect, *, short: bool = False) -> str:
    """Return a share, a ratio or a cost without a sign; an em dash where it has no value."""
    if effect.mean is None:
        return NOT_GIVEN
    return level_scale(effect, short=short).shown(effect.mean)


def level_ends(effect: Effect, *, short: bool = False) -> str:
    """Return both ends of the interval of such a figure; '' where it has none."""
    if effect.low is None or effect.high is None:
        return ""
    on = level_scale(effect, short=short)
    return f"{on.bare(effect.low)} to {on.shown(effect.high)}"


def level_scale(effect: Effect, *, short: bool = False) -> effect_numbers.Scale:
    """Return the scale on which such a figure and its interval are written."""
    ends = (effect.mean, effect.low, effect.high)
    half = None
    if effect.low is not None and effect.high is not None:
        half = (effect.high - effect.low) / 2.0
    return effect_numbers.scale(effect.unit, ends, half=half, short=short, digits=2)


def share_text(effect: Effect) -> str:
    """Return a share in percent: one decimal from one percent up, else two."""
    if effect.mean is None:
        return NOT_GIVEN
    size = 100.0 * effect.mean
    if size == 0.0:
        return "0%"
    return f"{size:.1f}%" if size >= 0.995 else f"{size:.2f}%" if size >= 0.005 else "<0.01%"


def change(effect: Effect, *, short: bool = False) -> str:
    """Return a change with its interval: '+$1.2 million (+$0.4 to +$2.0 million)'."""
    if effect.mean is None:
        return "not given"
    if run_words.exactly_nothing(effect):
        return "exactly zero in every pair"
    if invisible(effect):
        return figure(effect, short=short)
    text = f"{run_words.moved(effect, short=short)}{run_words.a_year(effect)}"
    if effect.low is None:
        return f"{text} (one pair: no interval)"
    return f"{text} ({run_words.ends(effect, short=short)})"


def invisible(effect: Effect) -> bool:
    """Tell whether a change and both ends of its interval round to zero, though they are not."""
    known = [end for end in (effect.mean, effect.low, effect.high) if end]
    on = run_words.effect_scale(effect)
    return bool(known) and not any(set(on.bare(end)) & set("123456789") for end in known)


def figure(effect: Effect, *, short: bool = False) -> str:
    """Return a change without its interval; '<0.001 points' for what would round to zero."""
    if effect.mean is None:
        return NOT_GIVEN
    if run_words.exactly_nothing(effect):
        return "0"
    if not invisible(effect):
        return run_words.moved(effect, short=short)
    on = run_words.effect_scale(effect, short=short)
    return f"<{on.shown(10.0**-on.decimals / on.factor)}"


def brief(effect: Effect) -> str:
    """Return a change in six characters where its interval's digits would take more."""
    text = figure(effect, short=True)
    if effect.mean is None or len(text) <= 6:
        return text
    on = run_words.effect_scale(effect, short=True)
    return replace(on, decimals=max(on.decimals - 1, 0)).shown(effect.mean, sign=True)


def cell(effect: Effect) -> str:
    """Return a change for a cell of a page's table, its interval on a line below.

    What cannot be told from zero begins with `study_page.UNSURE`.
    """
    if effect.mean is None:
        return NOT_GIVEN
    if run_words.exactly_nothing(effect):
        return "exactly 0"
    text = f"{UNSURE if effect.covers_zero else ''}{figure(effect, short=True)}"
    if effect.low is None or invisible(effect):
        return text
    return f"{text}\n{bare_ends(effect)}"


def level_cell(effect: Effect) -> str:
    """Return a share, a ratio or a cost for a cell of a table, its interval on a line below."""
    ends = level_ends(effect, short=True)
    return f"{level(effect, short=True)}\n{ends}" if ends else level(effect, short=True)


def bare_ends(effect: Effect) -> str:
    """Return both ends of a change without their unit: '-1.2 to +3.4'; '' without an interval."""
    if effect.low is None or effect.high is None:
        return ""
    on = run_words.effect_scale(effect, short=True)
    return f"{on.bare(effect.low, sign=True)} to {on.bare(effect.high, sign=True)}"


class Screen:
    """A page of 80 characters to be printed line by line."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def line(self, text: str, style: str = "") -> None:
        """Print one line as it is."""
        self._console.print(Text(text, style=style), soft_wrap=True)

    def fold(self, text: str, style: str = "", most: int = 4) -> None:
        """Print a text in lines of 80; what exceeds `most` lines ends in an ellipsis."""
        lines = textwrap.wrap(text, WIDTH, break_on_hyphens=False) or [""]
        if len(lines) > most:
            lines = [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), WIDTH)]
        for line in lines:
            self.line(line, style)

    def columns(self, cells: Iterable[tuple[str, int]], style: str = "") -> None:
        """Print cells, each (text, width): the first to the left, the others to the right."""
        parts = []
        for number, (text, width) in enumerate(cells):
            if number == 0:
                parts.append(f"{shortened(text, width - 1):<{width}}")
            else:
                parts.append(f"{text:>{width}}")
        self.line("".join(parts).rstrip(), style)

    def head(self, result: ManyArmsResult, headline: str) -> None:
        """Print the finding, checks that failed and what was run."""
        self.fold(f"{headline}.", "bold")
        failed = [check for check in result.checks if not check.passed]
        if failed:
            which = ", ".join(names.plain(check.id).lower() for check in failed)
            self.fold(f"CHECKS FAILED: {which}.", "red bold", 2)
        self.fold(f"{result.place.name}: {setting(result)}.", "dim", 2)
        for note in result.notes:
            if note != ONE_PAIR:
                self.fold(note, "dim", 2)
        self.line("")

    def foot(self, result: ManyArmsResult, folder: Path | None, seconds: float | None) -> None:
        """Print what must be known of every figure, and where the run is."""
        if len(result.seeds) == 1:
            self.line("One pair has no interval: any difference may be chance.", "yellow")
        self.line(run_cautions.NOT_CALIBRATED_SHORT, "dim")
        if seconds is not None:
            self.line(f"{seconds:.0f} seconds.", "dim")
        if folder is not None:
            self.line(f"{folder}/report.html", "dim")
