"""The names of things as readers know them: sectors, groups, leakages, regions, quantities.

Declared once as data; what has no label is shown by its own name.
"""

from __future__ import annotations

#: What people call an order for the goods of a sector ("a dollar of … orders").
ORDER_WORDS = {
    "FOOD": "food and beverage",
    "TEXT": "textile",
    "APPL": "apparel",
    "WOOD": "wood product",
    "PAPR": "paper",
    "PRNT": "printing",
    "PETR": "petroleum product",
    "CHEM": "chemical",
    "PLAS": "plastics and rubber",
    "NMET": "stone, clay and glass",
    "PMET": "primary metal",
    "FMET": "metal product",
    "MACH": "machinery",
    "COMP": "computer and electronics",
    "ELEC": "electrical equipment",
    "MOTV": "motor vehicle",
    "OTRN": "aerospace, rail and ship",
    "FURN": "furniture",
    "MISC": "miscellaneous goods",
    "AGR": "farm and forestry",
    "MIN": "mining",
    "UTL": "utility",
    "CON": "construction",
    "WHL": "wholesale",
    "RET": "retail",
    "TRN": "transport",
    "INF": "information",
    "FIN": "finance",
    "RRE": "real estate",
    "PBS": "business service",
    "EHS": "education and health",
    "LEI": "hotel, food service and arts",
    "OTH": "other service",
    "GOV": "government service",
}

#: Short names of the sectors for labels; the full names are in compact_sectors.csv.
SHORT_SECTORS = {
    "AGR": "Farms and forestry",
    "MIN": "Mining, oil and gas",
    "UTL": "Utilities",
    "CON": "Construction",
    "FOOD": "Food and beverages",
    "TEXT": "Textiles",
    "APPL": "Apparel",
    "WOOD": "Wood products",
    "PAPR": "Paper",
    "PRNT": "Printing",
    "PETR": "Petroleum products",
    "CHEM": "Chemicals",
    "PLAS": "Plastics and rubber",
    "NMET": "Stone, clay and glass",
    "PMET": "Primary metals",
    "FMET": "Metal products",
    "MACH": "Machinery",
    "COMP": "Computers and electronics",
    "ELEC": "Electrical equipment",
    "MOTV": "Motor vehicles",
    "OTRN": "Aerospace, rail, ships",
    "FURN": "Furniture",
    "MISC": "Miscellaneous goods",
    "WHL": "Wholesale",
    "RET": "Retail trade",
    "TRN": "Transport and warehousing",
    "INF": "Information",
    "FIN": "Finance and insurance",
    "RRE": "Real estate and rental",
    "PBS": "Business services",
    "EHS": "Education and health",
    "LEI": "Hotels, food and arts",
    "OTH": "Other services",
    "GOV": "Government",
}

#: Labels of recipients; sectors are added by `group_label`.
GROUP_LABELS = {
    "maker_lt5": "Makers, under 5 employees",
    "maker_5_9": "Makers, 5 to 9 employees",
    "maker_10_19": "Makers, 10 to 19 employees",
    "maker_20_99": "Makers, 20 to 99 employees",
    "maker_100_499": "Makers, 100 to 499 employees",
    "partner": "Partners, 500 or more employees",
    "retailer": "Independent retailers",
    "chain": "Chains and online",
    "workers": "Workers",
    "commuters": "Workers who commute in",
    "owners": "Owners",
    "local_government": "Local government",
    "governments": "Federal and state government",
}

#: Who was paid by producers in the district, where the place changes the name.
PAID_LABELS = {
    ("workers", "local"): "Workers who live here",
    ("owners", "local"): "Owners here",
    ("owners", "rest_of_us"): "Owners elsewhere",
}

#: Who was paid by producers elsewhere; governments there are of every level.
PAID_ELSEWHERE_LABELS = {("governments", "rest_of_us"): "Governments"}

#: As what a dollar came to rest.
LEAKAGE_LABELS = {
    "purchases": "Goods and services bought",
    "imports": "Goods and services bought",
    "taxes_on_production": "Taxes on production",
    "other_value_added": "Profit, rent, wear of capital",
    "household_tax": "Households' taxes",
    "saving": "Households' saving",
    "commuters": "Pay of commuters",
    "under_way": "Paid on later",
}

#: Where a dollar came to rest, in the order in which that is told.
RESTING_PLACES = {
    "local": "Kept in the district, not spent again",
    "rest_of_us": "Gone to the rest of the US",
    "abroad": "Gone abroad",
    "under_way": "Still on its way when the run ended",
}

#: Sectors that are told apart only by family where a reader needs the outline.
SECTOR_FAMILIES = {
    "Factories": (
        "FOOD TEXT APPL WOOD PAPR PRNT PETR CHEM PLAS NMET PMET FMET MACH COMP ELEC MOTV OTRN "
        "FURN MISC"
    ),
    "Wholesale, retail and transport": "WHL RET TRN",
    "Finance, real estate and rental": "FIN RRE",
    "Business services and information": "PBS INF",
    "Health, education and leisure": "EHS LEI OTH",
    "Farms, mines, utilities, building": "AGR MIN UTL CON",
    "Government": "GOV",
}

REGION_LABELS = {
    "local": "in the district",
    "rest_of_us": "elsewhere in the US",
    "national": "in the United States",
    "abroad": "abroad",
}

QUANTITY_LABELS = {
    "output": "Gross output",
    "value_added": "Value added",
    "labour_income": "Labor income",
    "jobs": "Job-years per $1M",
}

EFFECT_LABELS = {
    "direct": "Direct",
    "indirect": "Indirect",
    "induced": "Induced",
    "total": "Total",
}

EFFECT_MEANINGS = {
    "direct": "the orders themselves",
    "indirect": "suppliers and their suppliers",
    "induced": "spending of the pay",
}


#: Quantities of a paired study: as a table names them, and as a sentence does.
RUN_LABELS = {
    "value_added": ("Value added", "value added"),
    "output": ("Gross output", "gross output"),
    "jobs": ("Jobs", "jobs"),
    "income": ("Residents' income", "residents' income"),
    "constrained_now": ("D1: constrained now", "the share of makers constrained now (D1)"),
    "constrained_any": (
        "D2: in any of 4 tests",
        "the share of makers constrained in any of four tests (D2)",
    ),
    "constrained_of_wanting": (
        "D3: of those wanting",
        "the share constrained among makers that want to grow (D3)",
    ),
    "constrained_always": (
        "D4: in all 4 tests",
        "the share of makers constrained in all four tests (D4)",
    ),
    "want_share": ("Want to grow", "the share of makers that want to grow"),
    "finance_gap": ("Finance gap", "the money that constrained makers lack"),
    "public_cost": ("Net public cost", "net public cost"),
    "job_years_per_million": ("Net job-years per $1M", "net job-years per $1M of public cost"),
    "job_years_per_million_of_all": (
        "… of all resources",
        "net job-years per $1M of all resources, buyers' money too",
    ),
    "job_years": ("Job-years", "job-years"),
    "labour_income": ("Pay", "pay"),
    "investment": ("Investment", "manufacturers' investment"),
    "fill_rate": ("Orders filled in time", "the share of orders filled in time"),
    "lead_time": ("Weeks to delivery", "the weeks from order to delivery"),
    "refused": ("Orders refused", "the share of orders refused"),
    "makers_active": ("Makers that trade", "the number of makers"),
    "births": ("Makers born", "the number of makers born"),
    "exits": ("Makers that close", "the number of makers that close"),
    "survival": (
        "Makers that last",
        "the share of makers of the start that still trade at the end",
    ),
    "survival_1": ("Newcomers: 1 year", "the share of newcomers that trade for a year"),
    "survival_3": ("Newcomers: 3 years", "the share of newcomers that trade for three years"),
    "survival_5": ("Newcomers: 5 years", "the share of newcomers that trade for five years"),
    "retention": ("Kept per $ of sales", "the local value added per dollar of final sales"),
    "utilisation": ("Capacity in use", "the part of capacity in use"),
    "price": ("Makers' prices", "makers' prices"),
    "outlay": ("Public outlay", "public outlay"),
    "benefit": ("Benefit to residents", "the benefit to residents"),
    "benefit_cost": ("Benefit per $ of public cost", "the benefit per dollar of public cost"),
    "benefit_cost_of_all": (
        "… of all resources",
        "the benefit per dollar of all resources, others' money too",
    ),
    "benefit_cost_national": (
        "National benefit per $",
        "the national benefit per dollar of all resources",
    ),
    "levy": ("Levy", "the levy"),
}

#: Why an order was not filled.
REASON_LABELS = {
    "capacity": "Capacity: machines full",
    "cash": "Cash: no money for inputs or pay",
    "inputs": "Inputs: not delivered",
    "labour": "Labor: posts not filled",
    "space": "Space: no room to store",
    "shipping": "Shipping",
    "hub_queue": "Queue at the shared hub",
    "forecast": "Forecast: not expected, not in stock",
}

#: Who pays a programme and who is paid by it.
PAYER_LABELS = {
    "partners": "Partners (500+)",
    "services": "Local services",
    "outside": "Outside the district",
    "government": "Local government",
    "operators": "Operators of facilities",
}

#: What a programme pays for.
PAYMENT_LABELS = {
    "subsidy": "subsidies",
    "rebate": "money returned or rebated",
    "fee": "contract fees",
    "guarantee": "losses on loans made good",
    "first loss": "losses of stakes made good",
    "pay": "pay of its staff",
    "services": "services for its running",
    "notes interest": "interest on notes",
    "support": "what fees do not cover",
    "operator fees paid": "fees of members",
    "operator pay": "pay of those who run facilities",
    "operator services": "services for facilities",
    "operator rent": "rent of facilities",
    "operator freight": "freight of pools",
    "operator purchases": "supplies of facilities",
    "operator capital": "buildings and machines",
    "operator granted": "grants for facilities",
}

#: Reported size classes, as a sentence names them.
SIZE_LABELS = {
    "<5": "under 5",
    "500+": "500 or more",
    "newcomers": "newcomers",
}


def order_word(sector: str) -> str:
    """Return the word for orders of a sector; for anything else the district's own mix."""
    return ORDER_WORDS.get(sector, "manufacturing")


def is_manufacturing(sector: str) -> bool:
    """Tell whether orders are for manufactures: a maker's sector, or the district's own mix."""
    return sector not in ORDER_WORDS or sector in SECTOR_FAMILIES["Factories"].split()


def group_label(group: str) -> str:
    """Return the label of a recipient; a group without one is shown by its own name."""
    return GROUP_LABELS.get(group) or SHORT_SECTORS.get(group) or plain(group)


def family_label(group: str) -> str:
    """Return the family of a sector; a group that is no sector keeps its own label."""
    family = next((name for name, codes in SECTOR_FAMILIES.items() if group in codes.split()), None)
    return family or group_label(group)


def short_place(name: str) -> str:
    """Return the first city and state: 'Worcester-Leominster, MA-CT' gives 'Worcester, MA'."""
    cities, comma, states = name.partition(", ")
    return f"{cities.split('-')[0]}{comma}{states.split('-')[0]}"


def leakage_label(leakage: str) -> str:
    """Return the label of a leakage; one without a label is shown by its own name."""
    return LEAKAGE_LABELS.get(leakage) or plain(leakage)


def inside(place: str) -> str:
    """Return a place's name as it stands inside a sentence: 'Hickory, North Carolina,'."""
    return f"{place}," if "," in place else place


def plain(code: str) -> str:
    """Turn a code into words: 'other_taxes' gives 'Other taxes'."""
    words = code.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def run_label(quantity: str) -> str:
    """Return the name of a quantity of a study as tables have it."""
    return RUN_LABELS[quantity][0] if quantity in RUN_LABELS else plain(quantity)


def run_phrase(quantity: str) -> str:
    """Return the name of a quantity of a study as it stands in a sentence."""
    return RUN_LABELS[quantity][1] if quantity in RUN_LABELS else quantity.replace("_", " ")


def reason_label(reason: str) -> str:
    """Return why an order was not filled; a reason without a label is shown by its own name."""
    return REASON_LABELS.get(reason) or plain(reason)


def payer_label(payer: str) -> str:
    """Return who pays or is paid; one without a label is shown by its own name."""
    return PAYER_LABELS.get(payer) or GROUP_LABELS.get(payer) or plain(payer)


def payment_label(what: str) -> str:
    """Return what a payment is for; one without a label is shown by its own name."""
    return PAYMENT_LABELS.get(what) or what.replace("_", " ")


def size_label(size_class: str) -> str:
    """Return a size class in words: '20-99' gives '20 to 99'."""
    return SIZE_LABELS.get(size_class) or size_class.replace("-", " to ")


def firms_of_size(size_class: str) -> str:
    """Return firms of a size class, inside a sentence: 'firms with 20 to 99 employees'."""
    if size_class[:1].isdigit() or size_class.startswith(("<", "under")):
        return f"firms with {size_label(size_class)} employees"
    return size_label(size_class)
