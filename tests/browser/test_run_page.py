"""The page of a scenario in a real browser, offline, at the width of a desk and of a phone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "report"))

from fake_run_result import fake_run

from millworks.report.render import find_browser
from millworks.report.run import write_report

BROWSER = find_browser()

pytestmark = pytest.mark.skipif(
    BROWSER is None,
    reason="no Chromium on this machine (Debian and Ubuntu: apt-get install -y chromium)",
)

#: Written into a copy of the page: reports what the browser made of it.
PROBE = """<script>
window.problems = [];
addEventListener("error", (event) => window.problems.push(String(event.message)), true);
addEventListener("load", () => {
  const seen = (selector) => [...document.querySelectorAll(selector)]
    .filter((one) => one.getBoundingClientRect().height > 0);
  const cut = seen("figure svg").flatMap((svg) => {
    const sheet = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter((text) => {
      const box = text.getBoundingClientRect();
      return box.width > 0 && (box.left < sheet.left - 2 || box.right > sheet.right + 2);
    }).map((text) => text.textContent);
  });
  document.title = JSON.stringify({
    problems: window.problems, cut,
    overflow: document.documentElement.scrollWidth - innerWidth,
    wide: seen(".wide > svg").length, phone: seen(".phone > svg").length,
    table: document.querySelector("#effects .scroll").scrollWidth
      - document.querySelector("#effects .scroll").clientWidth,
    fetched: performance.getEntriesByType("resource").map((one) => one.name),
  });
});
</script>"""


@pytest.fixture(scope="module", params=["usual", "huge", "one"])
def page(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    write_report(fake_run(request.param), folder, "hickory-0123abcd")
    return folder / "report.html"


def opened(page: Path, width: int) -> dict:
    probed = page.with_name(f"probe-{width}.html")
    probed.write_text(page.read_text("utf-8").replace("<head>", f"<head>{PROBE}", 1), "utf-8")
    done = subprocess.run(
        [
            str(BROWSER),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            # Nothing outside this machine can be reached.
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--hide-scrollbars",
            f"--window-size={width},1200",
            "--virtual-time-budget=3000",
            "--dump-dom",
            probed.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.S)
    assert title
    return json.loads(unescape(title.group(1)))


@pytest.mark.parametrize(
    ("width", "shown", "hidden"), [(1280, "wide", "phone"), (520, "phone", "wide")]
)
def test_the_page_opens_offline_fits_the_screen_and_cuts_no_label(page, width, shown, hidden):
    seen = opened(page, width)
    assert seen["problems"] == []
    assert seen["fetched"] == []
    assert seen["overflow"] <= 0
    assert seen["table"] <= 0
    assert seen[shown] == 4
    assert seen[hidden] == 0
    assert seen["cut"] == []
