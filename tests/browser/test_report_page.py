"""The page in a real browser, offline, at the width of a desk and of a phone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "report"))

from fake_linear_result import fake_result

from millworks.report.linear import write_report
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
    .filter((one) => one.getBoundingClientRect().height > 0).length;
  const stage = [...document.querySelectorAll("#supply-network .wide, #supply-network .phone")]
    .find((one) => one.getBoundingClientRect().height > 0);
  const box = stage.getBoundingClientRect();
  const data = JSON.parse(document.querySelector("script.points").textContent);
  const frame = data.frames[stage.className === "wide" ? "page" : "phone"];
  const [x, y] = frame.at[0];
  const scale = box.width / frame.size[0];
  stage.dispatchEvent(new PointerEvent("pointermove", {
    clientX: box.left + x * scale, clientY: box.top + y * scale }));
  document.title = JSON.stringify({
    problems: window.problems,
    overflow: document.documentElement.scrollWidth - innerWidth,
    wide: seen(".wide svg:not(.overlay)"), phone: seen(".phone svg:not(.overlay)"),
    tip: stage.querySelector(".tip").textContent, first: data.texts[0],
    shapes: stage.querySelectorAll(".overlay circle").length,
    fetched: performance.getEntriesByType("resource").map((one) => one.name),
  });
});
</script>"""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    write_report(fake_result(nodes=120), folder, "hickory-0123abcd")
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
    ("width", "shown", "hidden"), [(1280, "wide", "phone"), (420, "phone", "wide")]
)
def test_the_page_opens_offline_and_fits_the_screen(page, width, shown, hidden):
    seen = opened(page, width)
    assert seen["problems"] == []
    assert seen["fetched"] == []
    assert seen["overflow"] <= 0
    assert seen[shown] == 4
    assert seen[hidden] == 0


@pytest.mark.parametrize("width", [1280, 420])
def test_pointing_at_a_firm_names_it_and_shows_its_links(page, width):
    seen = opened(page, width)
    label, sector, sales, received = seen["first"]
    for part in (label, sector, sales, received):
        assert part in seen["tip"]
    assert seen["shapes"] >= 1


def test_pictures_drawn_in_the_browser_are_plotly_s_and_repeatable(page, tmp_path):
    again = write_report(fake_result(nodes=120), tmp_path, "hickory-0123abcd")
    svgs = [path for path in again if path.suffix == ".svg"]
    assert len(svgs) == 4
    for path in svgs:
        first = (page.parent / "charts" / path.name).read_bytes()
        assert b"main-svg" in first
        assert first == path.read_bytes()
