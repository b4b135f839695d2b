"""The page of a ranking in a real browser, offline, at the width of a desk and of a phone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "report"))

from rank_results import fake_rank

from millworks.report.rank import write_report
from millworks.report.render import find_browser

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
  const cut = [], covered = [];
  for (const svg of seen("figure svg")) {
    const sheet = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("text")]
      .map((text) => [text.textContent, text.getBoundingClientRect()])
      .filter(([text, box]) => text && box.width > 0);
    for (const [text, box] of boxes) {
      if (box.left < sheet.left - 2 || box.right > sheet.right + 2
          || box.bottom > sheet.bottom + 2) cut.push(text);
    }
    boxes.forEach(([text, one], k) => boxes.slice(k + 1).forEach(([other, two]) => {
      const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
      const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (wide > 2 && high > 0.4 * Math.min(one.height, two.height)) covered.push([text, other]);
    }));
  }
  document.title = JSON.stringify({
    problems: window.problems, cut, covered,
    overflow: document.documentElement.scrollWidth - innerWidth,
    wide: seen(".wide > svg").length, phone: seen(".phone > svg").length,
    tables: seen(".table .scroll").map((one) => one.scrollWidth - one.clientWidth),
    fetched: performance.getEntriesByType("resource").map((one) => one.name),
  });
});
</script>"""


@pytest.fixture(scope="module", params=["usual", "dominated", "huge", "one"])
def page(request, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    write_report(fake_rank(request.param, sectors=True), folder, "rank-hickory-0123abcd")
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
def test_the_page_opens_offline_fits_the_screen_and_no_label_is_cut_or_covered(
    page, width, shown, hidden
):
    seen = opened(page, width)
    assert seen["problems"] == []
    assert seen["fetched"] == []
    assert seen["overflow"] <= 0
    assert max(seen["tables"]) <= 0
    assert seen[shown] == 4
    assert seen[hidden] == 0
    assert seen["cut"] == []
    assert seen["covered"] == []
