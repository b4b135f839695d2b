"""Files of one's own under scenarios/policy and scenarios/shock: a wrong one is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from millworks.cli import run
from millworks.conf.compose import compose
from millworks.discovery import own_files
from millworks.errors import InputError
from millworks.policies.registry import levers, make_policies
from millworks.shocks.registry import shocks
from millworks.study.compare import union_of
from millworks.study.run_record import source_sha256

POLICY = """
from typing import ClassVar
import numpy as np
from millworks.policies.base import Policy, PolicySettings
from millworks.settings import number

class MineSettings(PolicySettings):
    part: float = number(0.1, 0, 1, "part")

class Mine(Policy):
    name: ClassVar[str] = "mine"
    order: ClassVar[int] = 7
    title: ClassVar[str] = "Mine: a grant"
    Settings: ClassVar[type[MineSettings]] = MineSettings

    def eligible(self, state):
        return {"M": self.targeted(state, "M")}

    def offer(self, state, offers, eligible, strength):
        offers.entitle("M", "pay", np.where(eligible["M"], self.settings.part * strength, 0.0))
"""
SHOCK = """
from millworks.shocks.base import Shock

class Flood(Shock):
    name, order, title = "flood", 15, "Flood: nobody outside orders"

    def apply(self, state, conditions, strength):
        conditions.outside_demand *= 1.0 - min(1.0, strength)
"""


@pytest.fixture(autouse=True)
def _project(tmp_path, monkeypatch):
    for group in ("policy", "shock"):
        (tmp_path / "scenarios" / group).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)


def write(content: str, name: str = "mine", group: str = "policy") -> Path:
    file = Path("scenarios") / group / f"{name}.py"
    file.write_text(content, encoding="utf-8")
    return file


def test_a_policy_and_a_shock_of_ones_own_are_known_everywhere():
    before = set(levers()), set(shocks())
    write(POLICY)
    write(SHOCK, "flood", "shock")
    assert (set(levers()) - before[0], set(shocks()) - before[1]) == ({"mine"}, {"flood"})
    config = compose("run", {}, ["policies.mine.part=0.2", "shock=flood"])
    assert config.policies["mine"]["part"] == 0.2
    assert list(config.shocks) == ["flood"]


def test_they_stand_in_the_canonical_order_among_those_of_millworks():
    write(POLICY)
    orders = [kind.order for kind in levers().values()]
    assert orders == sorted(orders)
    assert 0 < list(levers()).index("mine") < len(orders) - 1


def test_files_for_tests_and_helpers_are_left_alone():
    write("raise RuntimeError", "test_mine")
    write("raise RuntimeError", "_helper")
    assert own_files("policy") == ()
    assert "mine" not in levers()


def test_the_record_of_a_run_tells_two_states_of_ones_own_rule_apart():
    plain = source_sha256()
    write(POLICY)
    first = source_sha256()
    write(POLICY.replace("strength, 0.0", "strength * 2.0, 0.0"))
    assert len({plain, first, source_sha256()}) == 3


WRONG = {
    "not Python": ("def offer(:\n", "mine", ", line 1: this is not valid Python: invalid syntax."),
    "a module that is not there": (
        "import nump\n",
        "mine",
        ", line 1: it cannot be loaded: ModuleNotFoundError: No module named 'nump'.",
    ),
    "no policy": (
        "answer = 42\n",
        "mine",
        ": there must be one policy in it, a class derived from Policy that has a name; there is "
        "no.",
    ),
    "another name": (
        POLICY,
        "yours",
        ": the policy in it is called 'mine'; name and file must be the same.",
    ),
    "a name that is taken": (
        POLICY.replace('"mine"', '"placebo"'),
        "placebo",
        ": a policy of this name came with millworks; choose another name.",
    ),
    "a name with a sign": (
        POLICY,
        "my-grant",
        ": 'my-grant' cannot be the name of a policy; a file's name must be of small letters, "
        "digits and _, as first_orders.py.",
    ),
    "no order": (
        POLICY.replace("    order: ClassVar[int] = 7\n", ""),
        "mine",
        ": Mine.order must be a whole number.",
    ),
    "no title": (
        POLICY.replace('    title: ClassVar[str] = "Mine: a grant"\n', ""),
        "mine",
        ": Mine.title must be a text.",
    ),
    "no rule of who is eligible": (
        POLICY.replace("def eligible", "def eligable"),
        "mine",
        ": Mine lacks eligible; every policy has it.",
    ),
    "a setting without bounds": (
        POLICY.replace('number(0.1, 0, 1, "part")', "0.1"),
        "mine",
        ": setting part has no default or no bounds; declare it with number(…) or text(…) of "
        "millworks.settings.",
    ),
    "settings of another kind": (
        POLICY.replace("class MineSettings(PolicySettings)", "class MineSettings").replace(
            "ClassVar[type[MineSettings]]", "ClassVar[type]"
        ),
        "mine",
        ": Mine.Settings must be derived from PaidSettings.",
    ),
}


@pytest.mark.parametrize(("content", "name", "said"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_file_is_refused_in_its_own_sentence(capsys, content, name, said):
    file = write(content, name)
    with pytest.raises(InputError) as refused:
        levers()
    assert str(refused.value) == f"{file}{said}"
    assert run(["list", "policies"]) == 2
    assert capsys.readouterr().err == f"millworks: {file}{said}\n"


def test_a_wrong_shock_is_refused_too():
    file = write(SHOCK.replace("def apply", "def use"), "flood", "shock")
    with pytest.raises(InputError) as refused:
        shocks()
    assert str(refused.value) == f"{file}: Flood lacks apply; every shock has it."


def test_a_file_that_is_mended_is_taken_at_once():
    write("def")
    with pytest.raises(InputError):
        levers()
    write(POLICY)
    assert "mine" in levers()


APART = POLICY.replace(
    'title: ClassVar[str] = "Mine: a grant"',
    'title: ClassVar[str] = "Mine: a grant"\n'
    '    excludes = {"untargeted_grant": "both are a grant to the same makers"}',
)
TOGETHER = {
    "from the start": [],
    "while the other still runs": ["policies.mine.weeks=60", "policies.untargeted_grant.start=59"],
    "with a ramp": ["policies.mine.ramp=52"],
}
IN_TURN = {
    "one after the other": ["policies.mine.weeks=60", "policies.untargeted_grant.start=60"],
    "the other way round": ["policies.untargeted_grant.weeks=60", "policies.mine.start=60"],
    "one of size zero": ["policies.untargeted_grant.intensity=0"],
}


@pytest.mark.parametrize("words", TOGETHER.values(), ids=list(TOGETHER))
def test_two_that_exclude_each_other_are_refused_with_the_reason(words):
    write(APART)
    with pytest.raises(InputError) as refused:
        compose("run", {}, ["policy=untargeted_grant,mine", *words])
    assert str(refused.value) == (
        "command line: policies.mine and "
        "policies.untargeted_grant cannot be combined: both are a grant to the same makers; leave "
        "one out, or let one begin when the other has ended."
    )


@pytest.mark.parametrize("words", IN_TURN.values(), ids=list(IN_TURN))
def test_two_that_exclude_each_other_may_follow_each_other(words):
    write(APART)
    config = compose("run", {}, ["policy=untargeted_grant,mine", *words])
    assert set(config.policies) == {"mine", "untargeted_grant"}


def test_the_interaction_of_two_that_exclude_each_other_is_refused():
    write(APART)
    one, other = (compose("run", {}, [f"policy={name}"]) for name in ("mine", "untargeted_grant"))
    with pytest.raises(InputError, match=r"both are a grant .* there is no interaction\.$"):
        union_of(one, other)


def test_the_library_refuses_two_that_exclude_each_other():
    write(APART)
    with pytest.raises(InputError, match="both are a grant to the same makers"):
        make_policies({"untargeted_grant": {}, "mine": {}})
    assert len(make_policies({"untargeted_grant": {}, "mine": {"intensity": 0.0}})) == 2
