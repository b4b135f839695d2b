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
