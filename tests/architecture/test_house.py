"""The house stays easy to see: who may know whom, who may move money, who may draw luck.

Reference: design of the model, §1 (dependencies point one way), §2, §5, §6.
"""

from __future__ import annotations

import ast
import re
import subprocess

import pytest
from source_tree import PACKAGE, ROOT, Source, attributes, imports, outside_imports, sources

from millworks.district_model import WEEK

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "kernels": set(),
    "settings": set(),
    "discovery": {"settings", "errors"},
    "parameters": {"errors"},
    "economy": {"kernels", "errors"},
    "model_inputs": {"economy", "parameters", "errors"},
    "world": {"economy", "parameters", "kernels", "errors"},
    "agents": {"world", "kernels", "errors"},
    "programmes": {"agents", "economy", "world", "errors", "kernels"},
    "policies": {"world", "economy", "discovery", "settings", "errors"},
    "shocks": {"world", "economy", "discovery", "settings", "errors"},
    "week": {"programmes", "agents", "world", "economy", "parameters", "kernels", "errors"},
    "start": {"agents", "world", "economy", "parameters", "kernels", "errors"},
    "district_model": {
        "start",
        "policies",
        "shocks",
        "week",
        "agents",
        "world",
        "model_inputs",
        "economy",
        "parameters",
        "errors",
    },
    "borders": {"agents", "world", "economy", "errors"},
    "multi_district_model": {
        "borders",
        "district_model",
        "world",
        "model_inputs",
        "economy",
        "parameters",
        "errors",
    },
    "conf": {"policies", "shocks", "discovery", "settings", "economy", "parameters", "errors"},
    "study": {
        "conf",
        "discovery",
        "settings",
        "policies",
        "shocks",
        "district_model",
        "multi_district_model",
        "programmes",
        "agents",
        "world",
        "economy",
        "parameters",
        "kernels",
        "errors",
    },
    "report": {"study", "policies", "shocks", "world", "economy", "parameters", "errors"},
    "commands": {
        "report",
        "study",
        "conf",
        "policies",
        "shocks",
        "district_model",
        "multi_district_model",
        "world",
        "economy",
        "parameters",
        "errors",
    },
    "cli": {"commands", "errors"},
    "__main__": {"cli"},
    "__init__": {
        "district_model",
        "multi_district_model",
        "economy",
        "world",
        "parameters",
        "errors",
    },
}
"""Part of the house -> parts it may know. `__init__` only names what users of the library meet."""

SIMULATOR = {
    "kernels",
    "economy",
    "world",
    "agents",
    "week",
    "start",
    "borders",
    "district_model",
    "multi_district_model",
    "study",
}
LONGEST_FILE = 450


def described(source: Source, node: ast.AST) -> str:
    return f"{source.path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def test_every_part_of_the_house_has_its_place():
    """A new folder or module must be given its place in the order first."""
    assert {source.room for source in sources()} == set(MAY_IMPORT)


def test_the_order_of_the_house_has_no_circles():
    """Each part may know only parts that do not know it, directly or through others."""
    order: list[str] = []
    while len(order) < len(MAY_IMPORT):
        ready = [p for p in MAY_IMPORT if p not in order and MAY_IMPORT[p] <= set(order)]
        assert ready, f"circle among {set(MAY_IMPORT) - set(order)}"
        order += ready


def test_dependencies_point_one_way():
    wrong = [
        f"{source.path.relative_to(ROOT)} imports {module}"
        for source in sources()
        for module in imports(source)
        if (room := module.split(".")[0]) != source.room
        and room not in MAY_IMPORT[source.room] | {"__version__"}
    ]
    assert not wrong


def test_no_stage_of_the_week_imports_another():
    """Stages meet in the columns only; so each can be read, tested and replaced alone."""
    stages = {f"week.{stage.module}" for stage in WEEK}
    wrong = [
        f"{source.name} imports {module}"
        for source in sources()
        if source.room == "week"
        for module in imports(source)
        if module in stages and module != source.name
    ]
    assert not wrong


def test_every_file_of_the_week_is_a_stage():
    files = {source.name for source in sources() if source.room == "week"} - {"week"}
    assert files == {f"week.{stage.module}" for stage in WEEK}


def test_only_the_ledger_writes_money():
    """`Population.writable` is called in the ledger; private balances are touched there only."""
    allowed = {
        "writable": {"world.ledger", "world.columns"},
        "_bases": {"world.columns"},
        "_block": {"world.ledger", "world.columns"},
        "_ring": {"world.ledger", "world.trade"},
        "_overdue": {"world.ledger", "world.trade"},
    }
    wrong = [
        f"{described(source, node)} uses .{node.attr}"
        for source in sources()
        for node in attributes(source)
        if node.attr in allowed and source.name not in allowed[node.attr]
    ]
    assert not wrong


def test_no_rule_asks_whether_it_runs_in_linear_mode():
    """Linear mode is a set of parameter values, never a branch."""
    wrong = [
        described(source, node)
        for source in sources()
        if source.room in SIMULATOR
        for node in ast.walk(source.tree)
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Match)
        and "linear" in ast.unparse(node.subject if isinstance(node, ast.Match) else node.test)
    ]
    assert not wrong


def test_all_luck_comes_from_keyed_streams():
    """No generator of numpy or of the standard library is made in the simulator.

    Mesa hands `AgentSet.shuffle` a generator of its own; the type of it is all that is imported.
    """
    only_for_mesa = {"world.agent_sets"}
    wrong = [
        f"{source.name} imports {module}"
        for source in sources()
        for module in outside_imports(source)
        if re.match(r"random$|secrets$|numpy\.random|scipy\.stats", module)
        and source.name not in only_for_mesa
    ]
    wrong += [
        f"{described(source, node)} uses {ast.unparse(node)}"
        for source in sources()
        for node in attributes(source)
        if node.attr == "random" and ast.unparse(node.value) in {"np", "numpy"}
    ]
    wrong += [
        f"{described(source, node)} draws {ast.unparse(node)}"
        for source in sources()
        if source.name in only_for_mesa
        for node in attributes(source)
        if ast.unparse(node.value) == "standard_random" and node.attr != "Random"
    ]
    assert not wrong


def test_the_simulator_reads_neither_clock_nor_machine():
    """Same seed, same bits: nothing in the state may depend on when or where a run happens."""
    wrong = [
        f"{source.name} imports {module}"
        for source in sources()
        if source.room in SIMULATOR - {"study"}
        for module in outside_imports(source)
        if module.split(".")[0] in {"time", "datetime", "os", "platform", "uuid", "socket"}
    ]
    assert not wrong


def test_compiled_rules_use_no_reductions_and_no_other_mathematics():
    """Spec §11: float64, math.* only, no array reductions, so that compiled = uncompiled."""
    wrong = []
    for source in sources():
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            if not any("compiled" in ast.unparse(mark) for mark in node.decorator_list):
                continue
            body = ast.Module(body=node.body, type_ignores=[])
            wrong += [
                f"{described(source, node)} {node.name} uses {ast.unparse(inner)}"
                for inner in ast.walk(body)
                if isinstance(inner, ast.Attribute)
                and (
                    inner.attr in {"sum", "mean", "dot", "prod", "cumsum"}
                    or ast.unparse(inner).startswith(("np.exp", "np.log", "np.sqrt", "np.power"))
                )
            ]
    assert not wrong


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.name)
def test_a_file_is_a_room_of_a_few_hundred_lines_with_a_sign_on_its_door(source):
    lines = source.path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{lines} lines: two rooms, not one"
    assert ast.get_docstring(source.tree), "a file says in its first lines what it is for"


def tracked_files() -> list[str]:
    """Files of the checkout that git knows; skips where there is no checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0 or not listed.stdout:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name]


def test_no_tracked_file_names_a_machine():
    """What is kept must work anywhere: no path of anybody's computer, no registry's address."""
    home = re.compile(rb"(?<![\w.])/(?:home|Users|root|work|tmp|opt|mnt|workspace)/[\w.-]+")
    registry = re.compile(rb"https?://(?:[\w.-]*pypi[\w.-]*|[\w.-]+/simple|files\.pythonhosted)")
    # Paths in these places belong to the systems that tests and containers describe.
    exempt = re.compile(r"^tests/architecture/")
    wrong = []
    for name in tracked_files():
        path = ROOT / name
        if exempt.match(name) or not path.is_file() or path.suffix == ".png":
            continue
        content = path.read_bytes()
        for pattern in (home, registry):
            wrong += [
                f"{name}: {found.decode(errors='replace')}"
                for found in set(pattern.findall(content))
            ]
    assert not wrong


def test_the_package_is_where_the_tests_think_it_is():
    """All of the above would be empty on an empty list of files."""
    assert len(sources()) > 50
    assert (PACKAGE / "district_model.py").is_file()
    assert any("numpy" in set(outside_imports(source)) for source in sources())
