"""Small tables with answers known by hand, shared by the tests of the economy."""

from millworks.economy.input_output import InputOutputTable


def three_sectors(**changes) -> InputOutputTable:
    """The three-sector district of the design page."""
    settings = {
        "technical": [[0.20, 0.05, 0.04], [0.03, 0.02, 0.02], [0.12, 0.18, 0.20]],
        "sectors": ["maker", "retail", "service"],
        "regional_share": (0.45, 0.80, 0.70),
        "labour_income": (0.28, 0.35, 0.38),
        "value_added": (0.52, 0.63, 0.63),
        "jobs": (3.2, 9.5, 8.0),
        "basket": (0.12, 0.40, 0.48),
        "resident_share": 0.88,
        "household_tax": 0.18,
        "saving": 0.06,
    }
    return InputOutputTable(**(settings | changes))
