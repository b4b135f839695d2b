"""What must be known before a study's figures are read: limits, comparators, failed checks."""

from __future__ import annotations

from millworks.report import run_words
from millworks.report.rounding import whole
from millworks.study.run_results import RunResult

NOT_CALIBRATED = (
    "Nothing is calibrated: most parameters are assumptions set by hand. Read signs and "
    "comparisons, not dollars."
)

NOT_CALIBRATED_SHORT = (
    "Not calibrated: hand-set assumptions. Read signs and comparisons, not levels."
)

INTERVAL_MEANS = (
    "The interval is over repeated draws of the same world (orders, births, closures). It does not "
    "say how far wrong the assumptions may be."
)

LOCAL_ONLY = (
    "Effects are net of what rivals within the district lose. What rivals elsewhere lose is not "
    "taken off."
)

JOBS_ARE = "Jobs are covered private jobs: no government, no farm, no self-employed."

CONSTRAINED_MEANS = (
    "Share of makers with fewer than 500 employees. Each quarter a maker is tested: it wants to "
    "grow if a project pays or if it refused 3% of its orders for want of capacity, cash or space; "
    "it is constrained if the money within reach does not cover that. The finance gap is what the "
    "constrained lack, added up, at one date."
)

COMPARATORS = {
    "placebo": (
        "This is a placebo: a levy is raised and handed back to those who paid it, so its effect "
        "should be zero."
    ),
    "household_rebate": (
        "This is a comparator: an equal sum to every resident, to tell what a programme adds to "
        "the mere spending of its money."
    ),
    "untargeted_grant": (
        "This is a comparator: an equal sum per worker to every maker, to tell what choosing whom "
        "to help adds."
    ),
    "wage_subsidy": (
        "This is a comparator: a part of makers' pay is paid for them, to tell what help with "
        "finance or goods adds to help with cost."
    ),
}


def comparator_note(result: RunResult) -> str:
    """Say what a comparator is for, and what a placebo that has an effect means; else ''."""
    said = [COMPARATORS[str(one["name"])] for one in result.levers if one["name"] in COMPARATORS]
    found_zero = _placebo_is_zero(result)
    if found_zero is True:
        said.append("Its interval covers zero, as it should.")
    if found_zero is False:
        said.append(
            "Its interval excludes zero. With few pairs that is often chance, for one closure or "
            "loan that falls into one arm only moves a pair by more than the levy: run more pairs. "
            "What remains is what raising money and handing it back does; set a lever beside it."
        )
    return " ".join(dict.fromkeys(said))


def placebo_short(result: RunResult) -> str:
    """Say in a line whether a placebo is zero, as it should be; '' for other scenarios."""
    return {
        None: "",
        True: "A placebo hands its levy back: no effect is what it should have.",
        False: "A placebo should have no effect. This one has: see the report.",
    }[_placebo_is_zero(result)]


def _placebo_is_zero(result: RunResult) -> bool | None:
    """Tell whether the interval of a placebo covers zero; None for no placebo, or no interval."""
    effect = run_words.headline_effect(result)
    if effect is None or not any(one["name"] == "placebo" for one in result.levers):
        return None
    return effect.covers_zero


def failures(result: RunResult) -> str:
    """Say how many checks failed and what they found; '' where all passed."""
    failed = [check for check in result.checks if not check.passed]
    if not failed:
        return ""
    said = "; ".join(check.meaning or check.id.replace("_", " ") for check in failed)
    return f"{whole(len(failed), 'CHECK', 'CHECKS')} FAILED of {len(result.checks)}: {said}"


def what_failures_mean(result: RunResult) -> str:
    """Say what failed checks mean for the figures; '' where all passed."""
    failed = [check.id for check in result.checks if not check.passed]
    if not failed:
        return ""
    if any(not name.startswith("baseline_") for name in failed):
        return "The books or the programme's dollars do not add up: do not use these figures."
    return (
        "The baseline is not as it should be. Both arms share that, but read the effect with care."
    )


def passed(result: RunResult) -> str:
    """Say how many checks passed, and how well the books balance."""
    count = sum(check.passed for check in result.checks)
    every = "all " if count == len(result.checks) and count > 1 else ""
    return (
        f"Baseline and books: {every}{whole(count, 'check')} passed; "
        f"books balance to {result.worst_residual:.0e}"
    )
