"""Names, units and meanings of the quantities that runs report: declared here, read everywhere."""

from __future__ import annotations

from dataclasses import dataclass

USD_PER_USD = "USD per USD of orders"


@dataclass(frozen=True)
class Quantity:
    """A reported quantity: `unit` of its figures and what they count."""

    key: str
    unit: str
    meaning: str


QUANTITIES: dict[str, Quantity] = {
    quantity.key: quantity
    for quantity in (
        Quantity("output", USD_PER_USD, "gross output at producers' prices of the base year"),
        Quantity("value_added", USD_PER_USD, "pay, taxes on production and gross surplus"),
        Quantity("labour_income", USD_PER_USD, "gross pay with employers' contributions"),
        Quantity(
            "jobs",
            "covered private job-years per million USD of orders (USD of 2022)",
            "covered private jobs: no government, farm, railroad or household jobs, no "
            "self-employed",
        ),
        Quantity("imports", USD_PER_USD, "goods and services bought abroad"),
        Quantity("income", USD_PER_USD, "paid by producers in the district, by recipient"),
        Quantity("income_elsewhere", USD_PER_USD, "paid by producers in the rest of the US"),
        Quantity("leakage", USD_PER_USD, "where a dollar of orders came to rest"),
    )
}


YEARLY = "USD of 2022 a year"
SHARE = "share of makers"

SIZE_CLASSES = ("<5", "5-19", "20-99", "100-499", "500+", "newcomers")
"""Employees of a manufacturer when its world began or it was born, so that none moves between
classes; newcomers are born while the study watches."""

SURVIVAL_YEARS = (1, 3, 5)
"""Ages to which newcomers' survival is told, years."""

SURVIVAL_OF_NEWCOMERS = tuple(f"survival_{years}" for years in SURVIVAL_YEARS)

RUN_QUANTITIES: dict[str, Quantity] = {
    quantity.key: quantity
    for quantity in (
        Quantity(
            "value_added",
            YEARLY,
            "output of the district less goods, services, rent and freight used up, all at prices "
            "of the base year",
        ),
        Quantity(
            "output",
            YEARLY,
            "output of makers, partners and services and margins of shops, at prices of the base "
            "year",
        ),
        Quantity("jobs", "jobs", "covered private jobs in the district, mean over the weeks"),
        Quantity(
            "income",
            YEARLY,
            "residents' pay, local owners' part of what firms earn (drawn or kept), transfers and "
            "programme payments to households, less what they are levied; before taxes on income",
        ),
        Quantity("constrained_now", SHARE, "D1: constrained at the last quarterly test"),
        Quantity(
            "constrained_any", SHARE, "D2: constrained at any of the last four quarterly tests"
        ),
        Quantity(
            "constrained_of_wanting",
            "share of makers that wanted",
            "D3: D2 among those that wanted at any of the four",
        ),
        Quantity(
            "constrained_always", SHARE, "D4: constrained at all of the last four quarterly tests"
        ),
        Quantity(
            "want_share", SHARE, "orders refused for want of means, or a project that would pay"
        ),
        Quantity(
            "finance_gap", "USD of 2022", "money out of reach of the constrained, mean over weeks"
        ),
        Quantity(
            "public_cost",
            "USD of 2022",
            "outlays of programmes with overhead, less what comes back, over the horizon at 3 % a "
            "year real; of capital an annuity over its life; however they are paid for",
        ),
        Quantity(
            "job_years_per_million",
            "job-years per million USD of 2022",
            "net job-years over the horizon per million USD of net public cost",
        ),
        Quantity(
            "resource_cost",
            "USD of 2022",
            "net public cost and what others put into what policies offer, less what they get back",
        ),
        Quantity(
            "job_years_per_million_of_all",
            "job-years per million USD of 2022",
            "net job-years over the horizon per million USD of resource cost",
        ),
        Quantity("job_years", "job-years", "jobs added up over the horizon"),
        Quantity("labour_income", YEARLY, "gross pay of jobs in the district, commuters' too"),
        Quantity("investment", YEARLY, "capital goods bought by manufacturers, wear made good too"),
        Quantity("fill_rate", "share of orders", "units delivered in time over units ordered"),
        Quantity(
            "lead_time",
            "weeks",
            "from order to delivery, mean over units delivered by manufacturers: in the books, "
            "waiting for a shipment, under way",
        ),
        Quantity("refused", "share of orders", "orders refused by manufacturers, every reason"),
        Quantity("makers_active", "makers", "makers that trade, mean over the weeks"),
        Quantity("births", "makers a year", "makers born"),
        Quantity("exits", "makers a year", "makers that stop trading"),
        Quantity("survival", SHARE, "makers of the first week that still trade in the last"),
        *(
            Quantity(
                name,
                "share of newcomers",
                f"newcomers that reach the age of {years}, at the rates of loss seen at each age",
            )
            for name, years in zip(
                SURVIVAL_OF_NEWCOMERS, ("one year", "three years", "five years"), strict=True
            )
        ),
        Quantity(
            "retention",
            "USD per USD",
            "value added in the district per dollar of its sales to final buyers and elsewhere, "
            "both at prices of the base year",
        ),
        Quantity("utilisation", "share", "output of manufacturers over their capacity"),
        Quantity("price", "ratio", "makers' prices over the base year's, weighted by output"),
        Quantity("outlay", YEARLY, "paid out by programmes, overhead included"),
        Quantity("levy", YEARLY, "levied on households and firms of the district"),
    )
}
"""What a scenario is judged by: figures of the whole place, also where a scale model is run."""

BENEFIT_QUANTITIES: dict[str, Quantity] = {
    quantity.key: quantity
    for quantity in (
        Quantity(
            "benefit",
            "USD of 2022",
            "over the horizon at 3 % a year real, to residents: pay less what their time is worth, "
            "owners' income, cheaper goods, money handed over, local taxes; before any levy",
        ),
        Quantity(
            "benefit_cost",
            "USD per USD",
            "benefit per dollar of net public cost, levies counted with what raising them costs",
        ),
        Quantity(
            "benefit_cost_of_all",
            "USD per USD",
            "benefit per dollar that all payers put in, buyers of stakes and adopters too",
        ),
        Quantity(
            "benefit_cost_national",
            "USD per USD",
            "what the nation gains, sales lost elsewhere taken off, per dollar of all payers",
        ),
    )
}
"""What benefits come to, between two arms (`millworks.study.benefit_cost`)."""

HEADLINE = (
    "value_added",
    "output",
    "jobs",
    "income",
    "constrained_now",
    "constrained_any",
    "constrained_of_wanting",
    "constrained_always",
    "want_share",
    "finance_gap",
    "public_cost",
    "job_years_per_million",
)
"""Effects that stand first, in this order."""

BY_SIZE = ("value_added", "output", "jobs", "labour_income", "constrained_any", "refused")
"""Quantities of manufacturers that are also given by size class."""

PATHS = (
    "value_added",
    "output",
    "jobs",
    "income",
    "constrained_now",
    "constrained_any",
    "want_share",
    "finance_gap",
    "refused",
    "outlay",
    "levy",
)
"""Quantities followed week by week; flows are smoothed over 13 weeks and given per year."""
