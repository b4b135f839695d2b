from __future__ import annotations

import pytest

from millworks.economy.sectors import SECTORS
from millworks.report import names, rounding, words


def test_every_sector_has_a_word_for_its_orders_a_short_name_and_one_family():
    families = " ".join(names.SECTOR_FAMILIES.values()).split()
    assert sorted(families) == sorted(SECTORS)
    assert set(names.ORDER_WORDS) == set(names.SHORT_SECTORS) == set(SECTORS)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.5234, "$1.52"), (0.0, "$0.00"), (-0.001, "$0.00"), (-0.25, "-$0.25"), (2.675, "$2.67")],
)
def test_dollars_are_rounded_to_the_cent(value, text):
    assert rounding.dollars(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.473, "47¢"),
        (0.0342, "3.4¢"),
        (0.0995, "10¢"),
        (0.0994, "9.9¢"),
        (0.0003, "under 0.1¢"),
        (0.0, "0¢"),
        (-0.02, "-2.0¢"),
    ],
)
def test_cents_carry_a_decimal_below_ten(value, text):
    assert rounding.cents(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.994, "99¢"), (0.996, "$1.00"), (1.2, "$1.20"), (0.05, "5.0¢")]
)
def test_money_turns_from_cents_to_dollars_at_one(value, text):
    assert rounding.money(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.013, "$1,013"),
        (0.0063, "$6.30"),
        (0.001, "$1"),
        (0.00061, "61¢"),
        (4e-6, "0.4¢"),
        (1e-8, "under 0.1¢"),
        (0.0, "$0"),
    ],
)
def test_what_a_dollar_brought_a_firm_is_said_per_thousand(value, text):
    assert rounding.per_thousand(value) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [(1_250_000, "$1.25 million"), (999_999, "$1 million"), (3.4e9, "$3.4 billion"), (950, "$950")],
)
def test_sums_are_said_in_words(usd, text):
    assert rounding.amount(usd) == text


def test_a_bound_is_rounded_up_so_that_within_holds():
    assert rounding.bound(0.000142) == "0.02%"
    assert rounding.bound(0.0001) == "0.01%"
    assert rounding.bound(0.0) == "0%"
    assert rounding.difference(-0.000142) == "0.014%"
    assert rounding.difference(None) == "—"
    assert rounding.percent(0.0634) == "6.3%"


def test_the_headline_says_sector_place_and_both_sums():
    said = words.headline("FURN", "Hickory, NC", 1.5234, 1.0449)
    assert said == (
        "One dollar of furniture orders in Hickory, NC, makes $1.52 of output in the district "
        "and $1.04 elsewhere in the US"
    )
    assert "of manufacturing orders" in words.headline("MFG", "Reading, PA", 1.4, 1.2)


def test_the_headline_of_a_run_that_is_too_short_says_so():
    said = words.headline("FURN", "Hickory, NC", 1.5, 1.0, 52)
    assert said.endswith("elsewhere in the US within 52 weeks, NOT SETTLED")
    assert words.unsettled(60, 52, 1.6396) == (
        "Not settled after 60 weeks, 8 after the last order: spending of pay takes about 104, so "
        "figures are not yet Leontief's (district $1.64)."
    )
    assert len(words.unsettled_short(1.6396)) <= 80
    assert "Leontief has $1.64 here" in words.unsettled_short(1.6396)


def test_the_local_figure_is_told_under_every_quotient():
    local = {"flq_goods": 1.64, "flq": 1.2, "slq": 1.91}
    said = words.shares_matter("flq", local, "furniture orders")
    assert "$1.64 under flq_goods, $1.20 under flq (used) and $1.91 under slq" in said
    assert "estimated" in said
    assert len(words.shares_matter_short("flq_goods", local)) <= 148


def test_the_finding_says_where_a_dollar_came_to_rest():
    rest = {"local": 0.15, "rest_of_us": 0.68, "abroad": 0.17}
    assert words.where_finding(1.16, 1.64, rest) == (
        "Manufacturers made $1.16 of the $1.64 of output in the district; of each dollar 15¢ "
        "stayed here unspent, 68¢ went to the rest of the US and 17¢ abroad"
    )
    assert words.where_finding(1.16, 1.64, {}).endswith("of output in the district")


def test_orders_of_a_makers_sector_or_of_the_own_mix_are_for_manufactures():
    assert names.is_manufacturing("FURN")
    assert names.is_manufacturing("MFG")
    assert not names.is_manufacturing("WHL")


def test_a_place_is_called_by_its_first_city_and_state():
    assert names.short_place("Hickory-Lenoir-Morganton, NC") == "Hickory, NC"
    assert names.short_place("Worcester, MA-CT") == "Worcester, MA"
    assert names.short_place("Generic district") == "Generic district"


def test_an_effect_whose_interval_covers_zero_is_called_so():
    said = words.effect_finding("Inventory finance", 0.04, -0.02, 0.10)
    assert "no effect that can be told from zero" in said
    assert "-$0.02 to +$0.10" in said
    assert words.effect_finding("The hub", 0.12, 0.03, 0.2) == (
        "The hub adds $0.12 (interval +$0.03 to +$0.20)"
    )
    assert words.effect_finding("The levy", -0.12, -0.2, -0.03).startswith("The levy takes $0.12")


def test_an_interval_that_ends_at_zero_covers_it():
    assert "told from zero" in words.effect_finding("A grant", 0.1, 0.0, 0.2)


def test_agents_that_miss_leontief_are_said_to_miss_it():
    good = words.leontief_finding(1.2e-4, 5e-4, 104)
    bad = words.leontief_finding(6.1e-4, 5e-4, 104)
    short = words.leontief_finding(0.061, None, 52)
    assert good == (
        "Agents return Leontief's answer: output in the district and in the US agrees within 0.02%"
    )
    assert "do NOT return" in bad
    assert "0.061%" in bad
    assert "0.05% allowed" in bad
    assert short.startswith("After 52 weeks agents are within 7%")
    assert "counterpart" in words.leontief_finding(None, None, 104)


def test_the_figure_furthest_from_leontief_is_named():
    assert words.furthest_figure("labour_income", "induced", "rest_of_us", -8.5e-4) == (
        "The figure furthest apart is induced labor income elsewhere in the US, by 0.085%."
    )


def test_the_comparator_names_what_the_figure_counts_and_is_not():
    said = words.comparator("FURN", 2.82, 2.565, 2022)
    for part in ("2.68", "IMPLAN", "2.82", "2.56", "not a figure of a district", "nor of GDP"):
        assert part in said


def test_lists_and_counts_read_like_english():
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert rounding.whole(1, "maker") == "1 maker"
    assert rounding.whole(2000, "maker") == "2,000 makers"


def test_the_network_sentence_knows_who_was_ordered_from():
    place = "Hickory, NC"
    assert words.network_finding("FURN", place, ["Wholesale", "Wood products"]) == (
        "Beyond furniture makers, wholesale received most in Hickory, NC, then wood products"
    )
    assert words.network_finding("MFG", place, ["Furniture"]) == (
        "Furniture received most in Hickory, NC"
    )
    assert words.network_finding("WHL", place, ["Furniture"]).startswith("Beyond wholesale, ")
    assert "No other firm" in words.network_finding("FURN", place, [])
