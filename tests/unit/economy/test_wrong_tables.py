"""Wrong input: one sentence that names what does not fit, its bound and the nearest valid name."""

import numpy as np
import pytest
from fixtures_of_tables import three_sectors

from millworks.economy.embedded import read_column, read_rows
from millworks.economy.input_output import InputOutputTable
from millworks.economy.margins import margins
from millworks.economy.national import national_accounts
from millworks.economy.prices import general_price_ratio, in_base_dollars, sector_price_ratio
from millworks.economy.regional import regional_shares
from millworks.economy.sectors import sector_index
from millworks.economy.table_builders import from_make_use
from millworks.errors import InputError

TWO = ["one", "two"]
GOOD = [[0.2, 0.3], [0.4, 0.1]]


def table(technical=GOOD, sectors=TWO, **rest):
    return InputOutputTable(technical, sectors=sectors, **rest)


WRONG = {
    "not square": (
        lambda: table([[0.1, 0.2]]),
        "technical: the table must be square, it is 1 x 2.",
    ),
    "more columns than sectors": (
        lambda: table(GOOD, ["one"]),
        "technical: the table has 2 columns for 1 sectors.",
    ),
    "vector too long": (
        lambda: table(jobs=[1, 2, 3]),
        "jobs: 3 entries for 2 sectors.",
    ),
    "text among numbers": (
        lambda: table([[0.1, "x"], [0.2, 0.1]]),
        "technical: every entry must be a number.",
    ),
    "missing number": (
        lambda: table([[0.1, np.nan], [0.2, 0.1]]),
        "technical: every entry must be a finite number, some are nan or infinite.",
    ),
    "negative input": (
        lambda: table([[0.1, -0.2], [0.2, 0.1]]),
        "technical: the input of one into two is -0.2, it must not be negative.",
    ),
    "sector twice": (
        lambda: table(sectors=["one", "one"]),
        "sectors: 'one' appears more than once.",
    ),
    "share above one": (
        lambda: table(regional_share=[0.5, 1.2]),
        "regional_share: 1.2 is not a share between 0 and 1.",
    ),
    "shares of another table": (
        lambda: table(regional_share=[0.5, 0.2, 0.1]),
        "regional_share: give one number, one per sector (2) or an array (2, 2), "
        "not an array (3,).",
    ),
    "saving above one": (
        lambda: table(saving=1.5),
        "saving: 1.5 is not a share between 0 and 1.",
    ),
    "column above one": (
        lambda: table(value_added=[0.5, 0.5]),
        "column one: inputs and value added come to 1.1000 of output, they must not exceed one.",
    ),
    "unproductive": (
        lambda: table([[0.9, 0.2], [0.2, 0.9]]),
        "technical: producing a dollar's worth uses up 1.1000 dollars of inputs round after round "
        "(largest eigenvalue), it must be below one.",
    ),
    "runaway households": (
        lambda: table(labour_income=[0.5, 0.5], basket=[1.0, 0.0]).type_ii("output", "one", 2.0),
        "respent: at 2 each dollar of pay calls forth 2.1667 dollars of pay; the multiplier is "
        "finite only below 0.9231.",
    ),
    "spending more than a dollar": (
        lambda: table(basket=[0.7, 0.5]),
        "basket: it adds up to 1.2000 per dollar spent, it must not exceed one.",
    ),
    "negative jobs per million": (
        lambda: table(jobs=[1.0, -2.0]),
        "jobs: two has -2, it must be 0 or more.",
    ),
    "households without pay": (
        lambda: table(labour_income=[0, 0], basket=[0.5, 0.5]).respending_share(9.0, "one"),
        "no respending share: pay or the basket is zero, so nothing is spent.",
    ),
    "households by pair only": (
        lambda: table(regional_share=GOOD, basket=[0.5, 0.5]),
        "household_regional_share: give it beside a regional_share by seller and buyer.",
    ),
    "jobs not given": (
        lambda: table().type_i("jobs", "one"),
        "quantity 'jobs': jobs is missing, give jobs=… to InputOutputTable.",
    ),
    "imports without value added": (
        lambda: table().type_i("imports", "one"),
        "quantity 'imports': value_added is missing, give value_added=… to InputOutputTable.",
    ),
    "Type SAM of a textbook table": (
        lambda: three_sectors(saving=None).type_sam("output", "maker"),
        "type_sam: saving is missing, give saving=… to InputOutputTable.",
    ),
    "households without a basket": (
        lambda: table(labour_income=[0.2, 0.2]).type_ii("output", "one"),
        "households that respend: basket is missing, give basket=… to InputOutputTable.",
    ),
    "unknown quantity": (
        lambda: three_sectors().type_i("outputs", "maker"),
        "no quantity 'outputs'. Did you mean 'output'?",
    ),
    "unknown sector of a user's table": (
        lambda: three_sectors().type_i("output", "makers"),
        "no sector 'makers'. Did you mean 'maker'?",
    ),
    "unknown closure": (
        lambda: three_sectors().leakages("maker", "type_iii"),
        "no closure 'type_iii'. Did you mean 'type_ii' or 'type_i' or 'type_sam'?",
    ),
    "demand for nothing": (
        lambda: three_sectors().leakages([0, 0, 0]),
        "leakages are shares of a demand, and this demand adds up to zero.",
    ),
    "multiplier below Type I": (
        lambda: three_sectors().respending_share(1.1, "maker"),
        "no respending share gives a multiplier of 1.1: it is below Type I, 1.2423.",
    ),
    "sector without output": (
        lambda: InputOutputTable.from_flows(GOOD, [1.0, 0.0], sectors=TWO),
        "x: sector 'two' has no output, so its coefficients are undefined; leave it out.",
    ),
    "flows that are not square": (
        lambda: InputOutputTable.from_flows([[1.0, 2.0]], [1.0, 2.0], sectors=TWO),
        "Z: the table must be square, it is 1 x 2.",
    ),
    "commodity nobody makes": (
        lambda: InputOutputTable.from_make_use(
            [[1.0, 0.0], [1.0, 0.0]], GOOD, np.zeros((2, 2)), sectors=TWO
        ),
        "make: nobody makes commodity number 2; leave it out.",
    ),
    "use on its side": (
        lambda: InputOutputTable.from_make_use(
            [[1.0, 1.0]], [[1.0, 1.0]], [[0.0, 0.0]], sectors=["one"]
        ),
        "make is (1, 2), use (1, 2), imports (1, 2): use and imports must have the commodities of "
        "make as rows and its industries as columns.",
    ),
    "more industries than sectors": (
        lambda: from_make_use(np.eye(3), np.zeros((3, 3)), sectors=TWO),
        "make: it has 3 industries as rows for 2 sectors.",
    ),
    "commodity without a name for its maker": (
        lambda: from_make_use(
            [[1.0, 0.0], [1.0, 0.0]], GOOD, sectors=TWO, commodities=["goods", "scrap"]
        ),
        "make: nobody makes commodity 'scrap'; leave it out or name it in no_producer.",
    ),
    "scrap without codes": (
        lambda: from_make_use(np.eye(2), GOOD, sectors=TWO, no_producer=["Used"]),
        "no_producer: give the codes of all commodities as well.",
    ),
    "scrap misspelt": (
        lambda: from_make_use(
            np.eye(2), GOOD, sectors=TWO, commodities=["goods", "Used"], no_producer=["used"]
        ),
        "no_producer: no commodity 'used'. Did you mean 'Used'?",
    ),
    "codes of another make": (
        lambda: from_make_use(np.eye(2), GOOD, sectors=TWO, commodities=["goods"]),
        "commodities: 1 codes for the 2 columns of make.",
    ),
    "commodity twice": (
        lambda: from_make_use(np.eye(2), GOOD, sectors=TWO, commodities=["goods", "goods"]),
        "commodities: 'goods' appears more than once.",
    ),
    "negative use": (
        lambda: from_make_use(np.eye(2), [[0.1, -0.2], [0.2, 0.1]], sectors=TWO),
        "use: two uses -0.2 of domestic commodity number 1; correct it, or give "
        "negative_use='zero' to count it as none.",
    ),
    "negative use treated in another way": (
        lambda: from_make_use(np.eye(2), GOOD, sectors=TWO, negative_use="drop"),
        "negative_use: 'drop' is neither 'refuse' nor 'zero'.",
    ),
    "more imported than used": (
        lambda: from_make_use(np.eye(2), GOOD, 2 * np.array(GOOD), sectors=TWO),
        "use: the imports of commodity number 1 by one are 0.4, more than the 0.2 bought in all.",
    ),
    "imported share above one": (
        lambda: from_make_use(np.eye(2), GOOD, [0.5, 1.5], sectors=TWO),
        "imports: 1.5 is not a share between 0 and 1.",
    ),
    "imported shares of another table": (
        lambda: from_make_use(np.eye(2), GOOD, [0.5], sectors=TWO),
        "imports: 1 shares for the 2 commodities of use.",
    ),
    "households without imports": (
        lambda: from_make_use(
            np.eye(2), GOOD, np.zeros((2, 2)), sectors=TWO, household_use=[1.0, 1.0]
        ),
        "household_imports: give it beside household_use and an import matrix; without it all that "
        "households buy would count as made at home.",
    ),
    "households that buy nothing": (
        lambda: from_make_use(np.eye(2), GOOD, sectors=TWO, household_use=[0.0, 0.0]),
        "household_use: it must add up to more than zero.",
    ),
    "households of another table": (
        lambda: from_make_use(np.eye(2), GOOD, sectors=TWO, household_use=[1.0]),
        "household_use: 1 entries for 2 commodities.",
    ),
    "merging an unknown sector": (
        lambda: three_sectors().aggregate({"makr": "goods"}, output=[1, 1, 1]),
        "mapping: no sector 'makr'. Did you mean 'maker'?",
    ),
    "merging without all sectors": (
        lambda: three_sectors().aggregate({"maker": "goods"}, output=[1, 1, 1]),
        "mapping: sector 'retail' is not given a new sector.",
    ),
    "merging without weights": (
        lambda: three_sectors().aggregate({c: c for c in ("maker", "retail", "service")}),
        "aggregate needs gross output as weight: give output=….",
    ),
    "unknown sector": (
        lambda: sector_index("FUNR"),
        "no sector 'FUNR'. Did you mean 'FURN' (Furniture and related products)?",
    ),
    "sector by name": (
        lambda: sector_index("furniture"),
        "no sector 'furniture'. Did you mean 'FURN' (Furniture and related products)?",
    ),
    "unknown year": (
        lambda: national_accounts(2019),
        "no input-output table of 2019: the years are 2017 and 2022.",
    ),
    "price year": (
        lambda: sector_price_ratio("FURN", 1990),
        "no price index 'FURN' for the year 1990: it covers 1997 to 2023.",
    ),
    "price of an unknown sector": (
        lambda: in_base_dollars(1.0, 2017, "FRUN"),
        "no price index for sector 'FRUN'. Did you mean 'FURN' (Furniture and related products)?",
    ),
    "unknown index": (
        lambda: general_price_ratio(2017, index="cpu"),
        "no price index 'cpu'. Did you mean 'cpi'?",
    ),
    "unknown buyer": (
        lambda: margins("export"),
        "no margins for buyer 'export'. Did you mean 'exports'?",
    ),
    "unknown regional method": (
        lambda: regional_shares([1.0] * 34, [1.0] * 34, "flq_good"),
        "no method 'flq_good'. Did you mean 'flq_goods' or 'flq'?",
    ),
    "jobs of another list of sectors": (
        lambda: regional_shares([1.0] * 33, [1.0] * 34),
        "local_jobs: 33 entries beside 34 of national_jobs.",
    ),
    "negative jobs": (
        lambda: regional_shares([1.0] * 21 + [-3.0] + [1.0] * 12, [1.0] * 34),
        "local_jobs: sector FURN has -3.0 jobs, 0 or more is needed.",
    ),
    "empty place": (
        lambda: regional_shares([0.0] * 34, [1.0] * 34),
        "local_jobs: a place needs at least one covered job.",
    ),
    "unknown file": (
        lambda: read_rows("deflator.csv"),
        "no embedded table 'deflator.csv'. Did you mean 'deflators.csv' or 'utilization.csv' or "
        "'dollar_year.csv'?",
    ),
    "unknown column": (
        lambda: read_column("deflators.csv", "price_index"),
        "deflators.csv: no column 'price_index'. Did you mean 'price_index_2017_100'?",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_is_answered_in_one_sentence(case):
    call, sentence = WRONG[case]
    with pytest.raises(InputError) as caught:
        call()
    assert str(caught.value) == sentence
