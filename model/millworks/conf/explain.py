"""A scenario in words, before anything is simulated but its first weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from millworks.conf.schema import LARGEST_SEED
from millworks.parameters import as_written

if TYPE_CHECKING:
    from millworks.conf.schema import RunConfig

PAYERS = {
    "levy": "a levy on the incomes of the district's households and firms",
    "outside": "somebody outside the district",
}
COMMON = {"intensity", "start", "weeks", "ramp", "payer", "budget"} | {
    "sizes", "sectors", "miles", "max_age", "min_age"
}  # fmt: skip
YEAR = 52


def span(weeks: int) -> str:
    """A number of weeks, with years where they are whole: '520 weeks (10 years)'."""
    word = f"{weeks} week{'' if weeks == 1 else 's'}"
    years = weeks // YEAR
    if years and weeks % YEAR == 0:
        return f"{word} ({years} year{'' if years == 1 else 's'})"
    return word


def when(settings: Mapping[str, Any], horizon: int) -> str:
    """When something is in force, in a study of `horizon` weeks."""
    start, weeks, ramp = settings["start"], settings["weeks"], settings["ramp"]
    first = f"from week {start + 1}" if start else "from the first week"
    end = horizon if weeks is None else start + weeks
    last = "to the end" if end >= horizon else f"for {span(weeks)}"
    grown = f", growing to its size over {span(ramp)}" if ramp else ""
    if ramp > min(end, horizon) - start:
        reached = (min(end, horizon) - start) / ramp
        grown = f", growing over {span(ramp)}, so that it gets to {reached:.0%} of its size"
    return f"{first} {last}{grown}"


def how_strong(settings: Mapping[str, Any], size: str) -> str:
    """The intensity, and what an intensity of 1 is."""
    factor = settings["intensity"]
    if factor == 0.0:
        return "0: it is switched off, and its effect must be exactly zero"
    known = f" (1 is: {size})" if size else ""
    return f"intensity {factor:g}{known}"


def size(settings: Mapping[str, Any], usual: str) -> str:
    """What an intensity of 1 is: the scenario's own budget, or the `usual`."""
    budget = settings.get("budget")
    return usual if budget is None else f"a budget of {budget:,.0f} USD a year"


def for_whom(settings: Mapping[str, Any], reached: int, makers: int) -> str | None:
    """Who is meant, and how many makers that is; None where a policy cannot be narrowed."""
    if "sizes" not in settings:
        return None
    parts = []
    if settings["sizes"] is not None:
        parts.append(f"of {', '.join(settings['sizes'])} jobs")
    if settings["sectors"] is not None:
        parts.append(f"in {', '.join(settings['sectors'])}")
    if settings["miles"] is not None:
        parts.append(f"within {settings['miles']:g} miles of the centre")
    if settings["max_age"] is not None:
        parts.append(f"born at most {settings['max_age']:g} years ago")
    if settings["min_age"] > 0.0:
        parts.append(f"at least {settings['min_age']:g} years old")
    if not parts:
        return "every size and sector"
    return f"makers {' '.join(parts)}: {reached:,} of {makers:,}, if eligible besides"


FIRMS = {"M": "makers", "R": "independent shops", "P": "partners"}
"""Holders that a policy may be for -> what they are called."""


def eligible(counts: Mapping[str, int]) -> str | None:
    """How many firms could take a policy up, by holder letter; None where it is not for firms."""
    known = {FIRMS[letter]: count for letter, count in counts.items() if letter in FIRMS}
    if not known:
        return None
    if not any(known.values()):
        return "nobody, as the district stands: in these weeks the policy would do nothing"
    return f"{' and '.join(f'{n:,} {who}' for who, n in known.items())}, as the district stands"


def others(settings: Mapping[str, Any]) -> str:
    """Settings that only this policy or shock has, as key value pairs."""
    own = {key: value for key, value in settings.items() if key not in COMMON}
    return ", ".join(f"{key} {as_written(value)}" for key, value in own.items())


def arms(config: RunConfig) -> str:
    """What is set against what."""
    policies, shocks = " and ".join(config.policies), " and ".join(config.shocks)
    if config.policies and config.shocks:
        return f"{shocks} with {policies}, against {shocks} alone; same draws in both arms"
    if config.policies:
        return f"the district with {policies}, against without; same draws in both arms"
    return f"the district with {shocks}, against without; same draws in both arms"


def study(config: RunConfig) -> str:
    """Pairs, weeks, seeds and what the interval is."""
    given = config.study
    last = config.seed_of(given.pairs - 1)
    seeds = f"seed {config.seed}" if given.pairs == 1 else f"seeds {config.seed} to {last}"
    if config.seed + given.pairs - 1 > LARGEST_SEED:
        seeds = f"seeds from {config.seed}"
    pairs = f"{given.pairs} pair{'' if given.pairs == 1 else 's'} ({seeds})"
    text = f"{pairs}: {span(given.burn_in)} left alone, then {span(given.weeks)} in each arm"
    if given.pairs == 1:
        return f"{text}; a single pair gives no interval"
    text = f"{text}; intervals at {given.confidence:.3g}"
    if given.precision is not None:
        text += (
            f"; then more pairs, {given.most_pairs} at most, until half the interval of "
            f"{given.headline} is {given.precision:.3g} of the effect"
        )
    return text


def duration(seconds: float) -> str:
    """A length of time as people say it: 'about 40 seconds', 'about 3 minutes'."""
    if seconds < 90.0:
        amount, unit = max(1, round(seconds)), "second"
    elif seconds < 5400.0:
        amount, unit = round(seconds / 60.0), "minute"
    else:
        amount, unit = round(seconds / 3600.0), "hour"
    return f"about {amount} {unit}{'' if amount == 1 else 's'}"


def time_taken(seconds: float, processes: int, config: RunConfig) -> str:
    """How long a study takes on so many processes; with a precision, its first pairs."""
    of = f" for the first {config.study.pairs} pairs" if config.study.precision else ""
    several = f"{processes} processes" if processes > 1 else "one process"
    return f"{duration(seconds)}{of} on this machine with {several}"
