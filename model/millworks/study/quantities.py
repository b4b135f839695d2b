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
