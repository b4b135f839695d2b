"""Drawings to picture files: by plotly in a browser where there is one, else by matplotlib.

Kaleido needs a Chromium on the machine (or the path of one in BROWSER_PATH). None is ever
downloaded, and nothing is fetched from the network: MathJax, which kaleido would take from a
content network, is off. One browser draws all pictures. Whatever goes wrong with it (missing,
broken, silent), matplotlib draws the same drawings and a sentence on standard error says so.
"""

from __future__ import annotations

import importlib.util
import io
import os
import re
import shutil
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from millworks.report.drawing import Drawing

#: Pixels per drawing pixel of a PNG, so that it is sharp in print.
PNG_SCALE = 2

#: Seconds after which a browser that does not answer is given up.
PATIENCE = 45.0

_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "brave-browser",
)

_PLOTLY_ID = re.compile(r'id="defs-([0-9a-f]{6})"')


@dataclass(frozen=True)
class Picture:
    """A drawing to be rendered; `name` makes the ids inside an SVG unique and repeatable."""

    name: str
    drawing: Drawing
    format: Literal["svg", "png"]


def notice(sentence: str) -> None:
    """Tell the user something that is not an error."""
    print(sentence, file=sys.stderr)


def find_browser() -> str | None:
    """Return the path of a Chromium-like browser that kaleido can use, None where there is none.

    BROWSER_PATH, when set, is the only place looked at, as in kaleido itself.
    """
    if importlib.util.find_spec("kaleido") is None:
        return None
    if "BROWSER_PATH" in os.environ:
        named = Path(os.environ["BROWSER_PATH"])
        return str(named) if named.is_file() and os.access(named, os.X_OK) else None
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    if found:
        return found
    try:
        from choreographer.browsers.chromium import Chromium

        return Chromium.find_browser(skip_local=False)
    except Exception:
        # Kaleido's own search differs between versions; without it there is the fallback.
        return None


def render(pictures: Sequence[Picture]) -> list[bytes] | None:
    """Return the files of the pictures, None where neither plotly nor matplotlib can draw."""
    browser = find_browser()
    if browser:
        try:
            return _by_browser(pictures, browser)
        except Exception as error:
            reason = str(error).strip().splitlines()
            notice(
                f"The browser {browser} did not draw the charts "
                f"({reason[0] if reason else type(error).__name__}); matplotlib draws them."
            )
    elif importlib.util.find_spec("matplotlib") is not None:
        notice("No Chromium found (BROWSER_PATH names one): matplotlib draws the charts.")
    if importlib.util.find_spec("matplotlib") is None:
        notice(
            "Charts are left out, their numbers and texts are written: drawing needs Chromium "
            "with kaleido, or matplotlib (pip install 'millworks[report]')."
        )
        return None
    return _by_matplotlib(pictures)


def _by_browser(pictures: Sequence[Picture], browser: str) -> list[bytes]:
    """Draw in one headless browser, in a thread of its own so that a notebook can call this."""
    import asyncio
    import logging

    import kaleido

    from millworks.report.draw_plotly import to_plotly

    # The driver logs messages it could not read and goes on; what matters is the picture.
    for name in ("kaleido", "choreographer"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)

    figures = [to_plotly(picture.drawing).to_dict() for picture in pictures]
    answer: list[bytes] = []
    failure: list[BaseException] = []

    async def draw() -> None:
        async with kaleido.Kaleido(n=1, timeout=PATIENCE, mathjax=False, path=browser) as drawer:
            for picture, figure in zip(pictures, figures, strict=True):
                options = {
                    "format": picture.format,
                    "width": picture.drawing.width,
                    "height": round(picture.drawing.height),
                    "scale": PNG_SCALE if picture.format == "png" else 1,
                }
                answer.append(await drawer.calc_fig(figure, opts=options))

    def run() -> None:
        try:
            asyncio.run(asyncio.wait_for(draw(), PATIENCE))
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE + 10)
    if failure:
        raise failure[0]
    if len(answer) < len(pictures):
        raise TimeoutError(f"no answer within {PATIENCE:.0f} seconds")
    return [_settled(picture, made) for picture, made in zip(pictures, answer, strict=True)]


def _settled(picture: Picture, made: bytes) -> bytes:
    """Replace plotly's random ids, so that equal results give equal files and ids never clash."""
    if picture.format == "png":
        return made
    text = made.decode("utf-8")
    for token in set(_PLOTLY_ID.findall(text)):
        text = text.replace(token, picture.name)
    return text.encode("utf-8")


def _by_matplotlib(pictures: Sequence[Picture]) -> list[bytes]:
    from matplotlib import rc_context

    from millworks.report.draw_matplotlib import to_matplotlib

    made = []
    for picture in pictures:
        # Text stays text; ids and dates do not differ between runs.
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": picture.name}):
            figure = to_matplotlib(picture.drawing)
            stream = io.BytesIO()
            svg = picture.format == "svg"
            figure.savefig(
                stream,
                format=picture.format,
                dpi=figure.dpi * (1 if svg else PNG_SCALE),
                metadata={"Date": None} if svg else None,
            )
            made.append(stream.getvalue())
    return made
