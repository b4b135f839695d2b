"""The section of a ranking that says what common draws gain."""

from __future__ import annotations

from dataclasses import replace

from rank_results import fake_rank

from millworks.report.rank_precision import WHY_LITTLE, lone_pairs, precision
from millworks.study.ranking.rank_files import precision_rows


def with_gains(gains: dict[str, float | None]):
    """A result whose effects at equal cost have these gains, the others none."""
    result = fake_rank()
    entries = [
        replace(
            entry,
            equal=replace(
                entry.equal,
                effects=tuple(
                    replace(one, gain=gains.get(one.quantity)) for one in entry.equal.effects
                ),
            ),
        )
        for entry in result.entries
    ]
    return replace(result, entries=tuple(entries))


def test_a_low_gain_is_named_with_its_mechanism():
    section = precision(with_gains({"value_added": 400.0, "constrained_any": 3.0}))
    assert section is not None
    text = section.paragraphs[1]
    assert "(3.0)" in text
    assert "400" not in text
    assert WHY_LITTLE in text
    (table,) = section.tables
    assert len(table.heads) == 3
    assert {row[1:] for row in table.rows} == {("400", "3.0")}


def test_where_common_draws_help_with_everything_nothing_is_explained_away():
    section = precision(with_gains({"value_added": 400.0}))
    assert section is not None
    assert len(section.paragraphs) == 1


def test_without_gains_there_is_no_section():
    assert precision(with_gains({})) is None


def test_pairs_for_five_percent_grow_with_the_gain_that_independent_draws_lack():
    rows = list(precision_rows(with_gains({"value_added": 400.0})))
    assert {row["policy"] for row in rows} == {entry.name for entry in fake_rank().entries}
    told = [row for row in rows if row["gain"] and row["pairs_for_5_percent"]]
    assert told
    for row in told:
        independent = row["pairs_for_5_percent_independent"]
        assert independent == 400.0 * row["pairs_for_5_percent"]


def test_a_pair_that_is_most_of_the_spread_is_told_and_only_then():
    assert lone_pairs(fake_rank()) == ""
    result = fake_rank()
    first = replace(result.entries[0], largest_pair=0.9)
    second = replace(result.entries[1], largest_pair=0.3)
    text = lone_pairs(replace(result, entries=(first, second, *result.entries[2:])))
    assert "spread of technology transfer: believe neither" in text
    few = fake_rank("few")
    doubtful = tuple(replace(entry, largest_pair=0.9) for entry in few.entries)
    assert lone_pairs(replace(few, entries=doubtful)) == ""
