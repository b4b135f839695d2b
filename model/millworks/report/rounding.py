"""Rounding: every number a reader sees is rounded here.

Dollars per dollar of orders to the cent; shares of a dollar in cents, with one decimal below ten
cents; percent and relative differences with two significant digits; jobs with one decimal.
"""

from __future__ import annotations

import math


def dollars(value: float) -> str:
    """Return dollars per dollar to the cent: 1.5234 gives '$1.52'."""
    text = f"{abs(value):.2f}"
    return f"-${text}" if value < 0 and float(text) else f"${text}"


def cents(value: float) -> str:
    """Return a part of a dollar in cents: .473 gives '47¢', .0342 '3.4¢', .0003 'under 0.1¢'."""
    size = abs(100 * value)
    sign = "-" if value < 0 else ""
    if size < 0.05:
        return "0¢" if size == 0 else "under 0.1¢"
    # 9.95 rounds to ten, which is written without a decimal.
    return f"{sign}{size:.1f}¢" if size < 9.95 else f"{sign}{size:.0f}¢"


def money(value: float) -> str:
    """Return dollars per dollar as people say them: dollars from one dollar up, else cents."""
    return dollars(value) if abs(value) >= 0.995 else cents(value)


def per_thousand(value: float) -> str:
    """Return what a dollar brought as dollars per $1,000: .0063 gives '$6.30', 4e-6 '0.4¢'."""
    usd = 1000 * value
    if usd >= 99.95:
        return f"${usd:,.0f}"
    if usd >= 0.995:
        return f"${usd:.2f}" if abs(usd - round(usd)) > 5e-3 else f"${usd:.0f}"
    if usd >= 0.00995:
        return f"{100 * usd:.0f}¢"
    return "$0" if usd == 0 else f"{100 * usd:.1g}¢" if usd >= 9.5e-4 else "under 0.1¢"


def amount(usd: float) -> str:
    """Return a sum of money in words: 1_250_000 gives '$1.25 million'."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if abs(usd) >= size * 0.9995:
            return f"${usd / size:.3g} {name}"
    return f"${usd:,.0f}"


def percent(share: float) -> str:
    """Return a share in percent with two significant digits: .0634 gives '6.3%'."""
    size = 100 * share
    if size == 0:
        return "0%"
    digits = max(0, 1 - math.floor(math.log10(abs(size)) + 1e-12))
    return f"{size:.{digits}f}%"


def difference(relative: float | None) -> str:
    """Return a relative difference in percent, two significant digits, an em dash for none."""
    if relative is None:
        return "—"
    size = abs(100 * relative)
    if size < 1e-8:
        return "0%"
    if size < 1e-4:
        return f"{size:.0e}%".replace("e-0", "e-")
    return f"{_significant(size, 2)}%"


def bound(relative: float) -> str:
    """Return a relative difference rounded up, so that 'within' holds: .000142 gives '0.02%'."""
    size = abs(100 * relative)
    if size < 1e-8:
        return "0%"
    step = 10.0 ** math.floor(math.log10(size) + 1e-9)
    return f"{_significant(math.ceil(size / step - 1e-9) * step, 1)}%"


def _significant(size: float, digits: int) -> str:
    """Return a positive number without exponent, trailing zeros cut."""
    decimals = max(0, digits - 1 - math.floor(math.log10(size) + 1e-12))
    text = f"{size:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def jobs(value: float) -> str:
    """Return job-years with one decimal: 6.862 gives '6.9'."""
    return f"{value:.1f}"


def whole(value: float, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: (1, 'maker') gives '1 maker', (2000, …) '2,000 makers'."""
    count = round(value)
    return f"{count:,} {noun if count == 1 else (plural or noun + 's')}"


def signed_dollars(value: float) -> str:
    """Return dollars with a sign unless they round to zero."""
    text = dollars(abs(value))
    if text == "$0.00":
        return text
    return f"{'+' if value > 0 else '-'}{text}"
