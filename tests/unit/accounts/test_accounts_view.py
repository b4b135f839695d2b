"""The printed books: they close, say what they are, and fit a screen."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from millworks.cli import run as command
from millworks.conf.compose import compose
from millworks.errors import InvariantBreach
from millworks.study import accounts_view
from millworks.world.accounts import HOLDERS, INSTRUMENTS
from millworks.world.matrices import FLOW_ROWS


def books(*, district="hickory", **settings):
    return accounts_view.run(
        compose("accounts", {"district": district, **settings}), lambda done, total, label: None
    )


@pytest.fixture(scope="module")
def hickory():
    return books(week=1)


@pytest.fixture(scope="module")
def small():
    return books(week=2, makers=40)


def test_the_books_of_a_district_close(hickory):
    assert hickory.residual[1] < 1e-9 * hickory.deposits
    assert "adds up to zero" in hickory.text()


def test_they_fit_a_wide_screen(hickory):
    lines = hickory.text().splitlines()
    assert max(len(line) for line in lines) <= 120
    assert all(line == line.rstrip() for line in lines)


def test_every_row_and_holder_is_printed(hickory):
    text = hickory.text()
    for label in [label for label, _ in INSTRUMENTS.values()] + list(FLOW_ROWS):
        assert f"\n{label.partition(' (')[0]} " in text
    for letter, holder in HOLDERS.items():
        assert f"{letter} {holder.name.lower()}" in " ".join(text.split())


def test_sums_are_printed_as_zero_without_a_sign(hickory):
    lines = [line for line in hickory.text().splitlines() if line.startswith("Σ")]
    assert len(lines) == 2
    for line in lines:
        assert set(line.split()[1:]) == {"0.0"}
    assert "−0.0" not in hickory.text()


def test_money_is_in_million_dollars_of_2022(hickory):
    line = next(row for row in hickory.text().splitlines() if row.startswith("Fixed capital"))
    printed = float(line.split()[2].replace(",", ""))
    assert "million USD of 2022" in hickory.text().splitlines()[0]
    assert printed == pytest.approx(
        hickory.balance.at("Fixed capital (book, net)", "M") / 1e6, abs=0.05
    )


def test_a_scale_model_says_so(small, hickory):
    assert "A scale model: 40 of the 510 makers" in " ".join(small.text().split())
    assert small.document()["scale"] == pytest.approx(40 / 510)
    assert "scale model" not in hickory.text()


def test_a_small_district_is_shown_in_smaller_units():
    tiny = books(week=1, makers=2)
    assert "thousand USD of 2022" in tiny.text().splitlines()[0]
    assert max(len(line) for line in tiny.text().splitlines()) <= 130


def test_the_opening_has_no_transactions():
    opening = books(week=0, makers=40)
    assert opening.flow is None
    assert opening.residual[1] < 1e-9 * opening.deposits
    assert "the opening books" in opening.text()
    assert "nothing has been paid yet" in opening.text()
    assert opening.document()["transactions_flow"] is None


def test_weeks_are_counted_from_one(small):
    assert small.week == 2
    assert "the books of week 2," in small.text()


def test_the_document_is_plain_and_says_the_same(small):
    document = json.loads(json.dumps(small.document(), allow_nan=False))
    assert document["unit"] == "USD of 2022"
    assert document["balance_sheet"]["columns"] == list(HOLDERS)
    flow = document["transactions_flow"]
    wages = next(row for row in flow["rows"] if row["row"] == "Wages (gross)")
    assert dict(zip(flow["columns"], wages["values"], strict=True))["H"] == pytest.approx(
        small.flow.at("Wages (gross)", "H")
    )
    for matrix in (document["balance_sheet"], flow):
        assert max(abs(total) for total in matrix["column_sums"]) < 1e-9 * small.deposits


def test_books_that_do_not_close_stop_the_command(monkeypatch):
    honest = accounts_view.view_of

    def cooked(model, **names):
        model.population("G").writable("cleared")[0] += 5e6
        return honest(model, **names)

    monkeypatch.setattr(accounts_view, "view_of", cooked)
    with pytest.raises(InvariantBreach, match=r"do not close: .* is off by 5e\+06 USD"):
        books(week=0, makers=40)


def test_each_week_is_announced():
    seen = []
    config = compose("accounts", {"district": "hickory", "makers": 40, "week": 3})
    accounts_view.run(config, lambda *step: seen.append(step))
    assert [done for done, _, _ in seen] == [0, 1, 2, 3]
    assert {total for _, total, _ in seen} == {4}


def test_a_world_without_a_title_needs_none(small):
    assert replace(small, world="")._about().startswith("40 makers")


def test_the_command_prints_the_books(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert command(["accounts", "hickory", "--makers", "40", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["week"] == 1
    assert err == ""
    assert command(["accounts", "hickory", "--makers", "40", "--week", "0"]) == 0
    assert capsys.readouterr().out.startswith("Hickory")
    assert not list(tmp_path.iterdir())
