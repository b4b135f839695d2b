"""Columns are declared once and held as arrays that compiled rules can take."""

import copy
import pickle

import numba
import numpy as np
import pytest

from millworks.errors import InputError
from millworks.world.columns import Population, ReadOnlyColumnError, column, declared_columns, money
from millworks.world.handles import RowAgent


class Firm(RowAgent):
    cash = money("USD of 2022", "deposit at its bank", account="+deposits")
    output = column(float, "base dollars a week", "what it made", default=2.5)


class Maker(Firm):
    sector = column("int64", "index", "row of the table")
    ambition = column(bool, "yes or no", "wants to grow", default=True)
    stock = column(np.float64, "base dollars", "stocks by age", shape=(2, 3))


class District(RowAgent):
    unemployment = column(float, "share", "of the labour force")


def test_a_class_declares_its_own_columns_after_those_it_inherits():
    names = list(declared_columns(Maker))
    assert names[:3] == ["identity", "generation", "occupied"]
    assert names[3:] == ["cash", "output", "sector", "ambition", "stock"]
    assert list(declared_columns(Firm)) == names[:5]
    cash = declared_columns(Maker)["cash"]
    assert (cash.name, cash.unit, cash.meaning) == ("cash", "USD of 2022", "deposit at its bank")
    assert cash.is_money
    assert cash.account == "+deposits"
    assert not declared_columns(Maker)["output"].is_money


def test_every_column_is_one_contiguous_array_of_64_bits():
    makers = Population(Maker, 5)
    assert makers.size == len(makers) == 5
    assert {name: makers.declared[name].dtype for name in makers.declared} == {
        name: getattr(makers, name).dtype for name in makers.declared
    }
    assert all(getattr(makers, name).flags.c_contiguous for name in makers.declared)
    assert makers.stock.shape == (5, 2, 3)
    assert makers.output.tolist() == [2.5] * 5
    assert makers.ambition.all()
    assert makers.identity.tolist() == [0, 1, 2, 3, 4]


def test_a_district_is_a_population_of_one():
    district = Population(District, 1)
    district.unemployment[:] = 0.04
    assert district.handle(0).unemployment == 0.04


def test_columns_can_be_written_in_place_but_not_replaced():
    makers = Population(Maker, 3)
    array = makers.output
    makers.output[:] = [1.0, 2.0, 3.0]
    makers.output += 1.0
    assert makers.output is array
    assert array.tolist() == [2.0, 3.0, 4.0]
    with pytest.raises(AttributeError, match=r"write into it: population\.output\[:\]"):
        makers.output = np.zeros(3)
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del makers.output
    with pytest.raises(AttributeError, match="fixed when it is made"):
        makers.size = 4


def test_money_is_written_by_the_ledger_only():
    makers = Population(Maker, 3)
    with pytest.raises(ValueError, match="read-only"):
        makers.cash[0] = 5.0
    with pytest.raises(ValueError, match="read-only"):
        makers.cash += 5.0
    with pytest.raises(ReadOnlyColumnError, match="only the ledger moves money"):
        makers.cash = np.ones(3)
    makers.writable("cash")[1] = 7.0
    assert makers.cash.tolist() == [0.0, 7.0, 0.0]


def test_an_unknown_column_is_named_with_its_nearest_neighbour():
    makers = Population(Maker, 3)
    with pytest.raises(AttributeError, match=r"Maker has no column 'ouput'.*'output'"):
        makers.ouput  # noqa: B018
    with pytest.raises(AttributeError, match="'output'"):
        makers.ouput = 3.0
    with pytest.raises(AttributeError, match="'cash'"):
        makers.writable("cahs")


def test_compiled_rules_take_the_arrays():
    @numba.njit
    def produce(output, ambition, sector, cash):
        total = 0.0
        for row in range(output.size):
            if ambition[row]:
                output[row] = output[row] * 2.0 + sector[row] + cash[row]
            total += output[row]
        return total

    makers = Population(Maker, 2)
    makers.ambition[1] = False
    assert produce(makers.output, makers.ambition, makers.sector, makers.cash) == 7.5
    assert makers.output.tolist() == [5.0, 2.5]


def test_a_checkpoint_brings_back_every_column():
    makers = Population(Maker, 3)
    makers.stock[1, 1, 2] = 9.0
    makers.writable("cash")[:] = 4.0
    saved = makers.state()
    view = makers.cash
    makers.stock[:] = 0.0
    makers.writable("cash")[:] = 0.0
    makers.load_state(saved)
    assert makers.stock[1, 1, 2] == 9.0
    assert view.tolist() == [4.0, 4.0, 4.0]
    saved["output"][:] = -1.0
    assert makers.output.tolist() == [2.5] * 3


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda s: s.pop("output"), "lacks the column 'output'"),
        (lambda s: s.update(outputs=s["output"]), "Did you mean 'output'"),
        (lambda s: s.update(output=np.zeros(4)), r"shape \(3,\) is needed"),
        (lambda s: s.update(output=np.zeros(3, int)), "int64"),
    ],
)
def test_a_checkpoint_that_does_not_fit_changes_nothing(spoil, sentence):
    makers = Population(Maker, 3)
    saved = makers.state()
    saved["sector"][:] = 5
    spoil(saved)
    with pytest.raises(InputError, match=sentence):
        makers.load_state(saved)
    assert makers.sector.tolist() == [0, 0, 0]


def test_columns_become_a_polars_frame():
    makers = Population(Maker, 3)
    frame = makers.to_polars(["identity", "output"])
    assert frame.columns == ["identity", "output"]
    assert frame["output"].to_list() == [2.5] * 3
    makers.output[:] = 0.0
    assert frame["output"].to_list() == [2.5] * 3
    assert makers.to_polars().columns == list(makers.declared)
    with pytest.raises(AttributeError, match="'output'"):
        makers.to_polars(["outptu"])


def test_a_copied_population_stands_on_its_own():
    makers = Population(Maker, 3)
    for twin in (copy.deepcopy(makers), pickle.loads(pickle.dumps(makers))):
        twin.writable("cash")[0] = 8.0
        twin.output[0] = 1.0
        assert twin.cash[0] == 8.0
        assert makers.cash[0] == 0.0
        assert makers.output[0] == 2.5
        with pytest.raises(ValueError, match="read-only"):
            twin.cash[0] = 1.0


def test_a_row_given_to_a_new_firm_starts_from_the_defaults():
    makers = Population(Maker, 3)
    makers.output[:] = 9.0
    makers.renew([1])
    assert makers.output.tolist() == [9.0, 2.5, 9.0]
    assert makers.generation.tolist() == [0, 1, 0]
    assert makers.identity.tolist() == [0, 1, 2]


def test_a_row_that_still_holds_money_is_not_given_away():
    makers = Population(Maker, 3)
    makers.writable("cash")[1] = 1.0
    with pytest.raises(InputError, match="still holds cash"):
        makers.renew([0, 1])
    assert makers.generation.tolist() == [0, 0, 0]


@pytest.mark.parametrize("dtype", ["USD", str, "float32", "int8", complex])
def test_a_column_of_another_kind_of_number_is_refused(dtype):
    with pytest.raises(TypeError, match="float, int or bool"):
        column(dtype, "-", "-")


@pytest.mark.parametrize("name", ["size", "state", "model", "unique_id", "step", "remove", "row"])
def test_a_column_cannot_take_a_name_that_has_another_use(name):
    with pytest.raises(TypeError, match="another use"):
        type("Odd", (RowAgent,), {name: column(float, "-", "-")})


def test_an_attribute_cannot_hide_an_inherited_column():
    with pytest.raises(TypeError, match="would hide the column 'output'"):
        type("Odd", (Firm,), {"output": 3})


def test_a_population_cannot_be_smaller_than_nobody():
    with pytest.raises(InputError, match="cannot have -1 rows"):
        Population(Maker, -1)
    assert Population(Maker, 0).cash.shape == (0,)


# --- conditions


def test_a_condition_answers_for_one_agent_and_for_all_rows_and_can_be_read():
    makers = Population(Maker, 4)
    makers.sector[:] = [0, 3, 5, 3]
    makers.output[:] = [1.0, 1.0, 9.0, 9.0]
    condition = (Maker.sector == 3) & ~(Maker.output > 5.0) | Maker.sector.isin([5])
    assert condition.mask(makers).tolist() == [False, True, True, False]
    assert [condition(makers.handle(row)) for row in range(4)] == [False, True, True, False]
    assert repr(condition) == ("((sector == 3) and (not (output > 5.0))) or (sector in (5,))")


def test_a_column_compares_with_a_column():
    makers = Population(Maker, 2)
    makers.sector[:] = [1, 4]
    assert (Maker.output < Maker.sector).mask(makers).tolist() == [False, True]
    assert repr(Maker.output < Maker.sector) == "output < sector"


def test_a_condition_has_no_truth_of_its_own():
    with pytest.raises(TypeError, match=r"join conditions with & and \|"):
        bool(Maker.sector == 3)
    with pytest.raises(TypeError, match="each in brackets"):
        assert Maker.sector > 1 and Maker.sector < 3  # noqa: PT018
    with pytest.raises(NotImplementedError, match="numbers for each agent"):
        Maker.stock > 1  # noqa: B015
