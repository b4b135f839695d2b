"""How places are called: the named districts, every county, metro and micro area, every state.

A place answers to its short name (`hickory`, `catawba_county_nc`), to its code (county FIPS 37035,
area 25860, state NC) and to its name as people write it. Names are tried from the most exact to
the loosest; the first way of reading that knows the name decides, and where it knows several
places the answer is a sentence that lists them:

1. a short name or a code
2. a state's name
3. the full name: "Catawba County, NC", "Hickory-Lenoir-Morganton, NC"
4. a part with its state, or most of it without: "Catawba, NC", "Morganton, NC", "Catawba County"
5. the shortest part: "Catawba", "Morganton"

Case, accents, punctuation and "Saint" for "St." make no difference; states may be spelt out.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from millworks.economy.embedded import read_rows, rows_by
from millworks.errors import InputError, nearest

SHOWN: Final[int] = 5
"""Places that an error names when a name could mean several."""

_SUFFIX: Final[re.Pattern[str]] = re.compile(
    r" (county|parish|city and borough|borough|census area|municipality|city)$"
)


@dataclass(frozen=True)
class PlaceName:
    """A place before anything about it is known but its names.

    `kind`: nation, county, metro, micro or state. `code`: US, FIPS (5 digits), area code (5
    digits) or postal code. `slug`: its short name, unique, safe as a file name. `name`: for
    readers. `known_for`: of the named districts, else empty.
    """

    kind: str
    code: str
    slug: str
    name: str
    known_for: str = ""

    @property
    def called(self) -> str:
        """The name with what tells it from others: kind and code."""
        kind = {"metro": ", metro area", "micro": ", micro area"}.get(self.kind, "")
        return f"{self.name}{kind} ({self.code})"


def named_places() -> tuple[PlaceName, ...]:
    """Return the districts of `data/districts.csv` in its order, `generic` first."""
    return tuple(
        PlaceName(r["geography_kind"], r["geography_code"], r["slug"], r["name"], r["known_for"])
        for r in read_rows("districts.csv")
    )


@cache
def all_places() -> tuple[PlaceName, ...]:
    """Return every place that can be asked for: named districts, areas, counties, states."""
    found = list(named_places())
    codes = {place.code for place in found}
    slugs = {place.slug for place in found}

    def add(kind: str, code: str, name: str, slug: str) -> None:
        if code not in codes:
            # Carson City is a county and a metro area of one name: the later takes its code.
            slug = slug if slug not in slugs else code
            slugs.add(slug)
            found.append(PlaceName(kind, code, slug, name))

    for row in read_rows("areas.csv"):
        title = row["cbsa_title"]
        add(row["cbsa_type"], row["cbsa_code"], title, simplified(title).replace(" ", "_"))
    for row in read_rows("places.csv"):
        name = county_name(row)
        add("county", row["fips"], name, simplified(name).replace(" ", "_"))
    for code, name in state_names().items():
        add("state", code, name, code.lower())
    return tuple(found)


def county_name(row: dict[str, str]) -> str:
    """Return "Catawba County, NC" for a row of `data/places.csv`."""
    return f"{row['county'].rpartition(', ')[0]}, {row['state']}"


@cache
def state_names() -> dict[str, str]:
    """Return postal code -> name of the 50 states and the District of Columbia."""
    return {
        code: rows[0]["county"].rpartition(", ")[2]
        for code, rows in sorted(rows_by("places.csv", "state").items())
    }


def simplified(text: str) -> str:
    """Return `text` in lower case, without accents and punctuation: what names are compared by."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", " ", plain.lower().replace("'", "")).split()
    return " ".join("st" if word == "saint" else word for word in words)


def find_place(name: str) -> PlaceName:
    """Return the place of a name or code; InputError lists candidates or says the nearest name."""
    written = name.strip()
    if re.fullmatch(r"\d{4}", written):
        written = f"0{written}"  # a FIPS code whose first zero a spreadsheet took away
    short = re.sub(r"[ -]", "_", written.lower())
    exact = [p for p in all_places() if short in (p.slug, p.code.lower())]
    if exact:
        return exact[0]
    wanted = simplified(written)
    for way in _ways():
        found = way.get(wanted) or way.get(_with_postal_code(wanted))
        if found and len(found) > 1:
            raise InputError(_which(written, found))
        if found:
            return found[0]
    raise InputError(
        f"no district {name!r}.{_nearest(written)} It may be a name of 'millworks list districts', "
        f"a county ('Catawba County, NC' or 37035), a metro or micro area, or a state."
    )


@cache
def _ways() -> tuple[dict[str, list[PlaceName]], ...]:
    """Ways 2 to 5 of the module's list: each from simplified name to places."""
    ways: tuple[dict[str, list[PlaceName]], ...] = ({}, {}, {}, {})
    counties = {row["fips"]: row for row in read_rows("places.csv")}
    areas = {row["cbsa_code"]: row for row in read_rows("areas.csv")}
    for place in all_places():
        names: tuple[set[str], set[str], set[str], set[str]] = (set(), set(), set(), set())
        if place.kind == "state":
            names[0].update({simplified(place.name), f"state of {simplified(place.name)}"})
        elif place.kind == "county":
            row = counties[place.code]
            full, state = simplified(county_name(row)), row["state"].lower()
            whole = full.removesuffix(f" {state}")
            bare = _SUFFIX.sub("", whole)
            names[1].add(full)
            names[2].update({whole, f"{bare} {state}"})
            names[3].add(bare)
        elif place.code in areas:
            title, _, states = areas[place.code]["cbsa_title"].rpartition(", ")
            names[1].add(simplified(f"{title} {states}"))
            names[2 if "-" in title else 3].add(simplified(title))
            for city in re.split(r"-+|/", title):
                plain = simplified(city)
                for form in {plain, plain.removesuffix(" city")}:
                    names[2].update(f"{form} {state.lower()}" for state in states.split("-"))
                    names[3].add(form)
        names[1].add(simplified(place.name))
        for way, keys in zip(ways, names, strict=True):
            for key in keys:
                way.setdefault(key, []).append(place)
    return ways


def _with_postal_code(name: str) -> str:
    """Put the postal code for a state spelt out at the end; the longest name first."""
    for code, state in sorted(state_names().items(), key=lambda item: -len(item[1])):
        ending = f" {simplified(state)}"
        if name.endswith(ending):
            return f"{name.removesuffix(ending)} {code.lower()}"
    return name


def _which(name: str, found: list[PlaceName]) -> str:
    shown = [place.called for place in found[:SHOWN]]
    more = len(found) - len(shown)
    last = f"{more} more" if more else shown.pop()
    return (
        f"{name!r} names {len(found)} places: say which by its full name or code, "
        f"{', '.join(shown)} or {last}."
    )


def _nearest(name: str) -> str:
    """Named districts first; then counties, areas and states, with their codes."""
    close = "" if "," in name or name.isdigit() else nearest(name, (p.slug for p in named_places()))
    if close:
        return close
    if name.isdigit():
        coded = [place for place in all_places() if place.code.isdigit()]
        matches = sorted(coded, key=lambda place: abs(int(place.code) - int(name)))[:2]
    else:
        known = {place.name.lower(): place for place in all_places()}
        close_names = difflib.get_close_matches(name.lower(), known, n=2, cutoff=0.7)
        matches = [known[match] for match in close_names]
    meant = " or ".join(f"{place.name!r} ({place.code})" for place in matches)
    return f" Did you mean {meant}?" if meant else ""
