"""The page on tables of one's own: its code runs from top to bottom and prints what it says."""

import contextlib
import io
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "bring_your_own_table.md"
BLOCK = re.compile(r"```(python|text)\n(.*?)```", re.DOTALL)


def test_the_code_of_the_page_runs_and_prints_what_the_page_says(tmp_path, monkeypatch):
    for file in (ROOT / "tests" / "data" / "bea").glob("*_2022.csv"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    names, printed, compared = {}, "", 0
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "python":
            assert printed == "", "what a block prints must be shown below it"
            with contextlib.redirect_stdout(io.StringIO()) as screen:
                exec(text, names)
            printed = screen.getvalue()
        else:
            assert printed == text
            printed, compared = "", compared + 1
    assert compared == 5
