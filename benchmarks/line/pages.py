"""The pages that the customer looks at: text set by a real Chromium, as on a desktop.

Seven kinds of page, none like another, and no sentence twice: what repeats by accident
would flatter every encoder with a memory. Letters are smoothed for the screen's three
colours (LCD), which is what most customers' screens show and what is hardest to send.
Rows of pixels come from here; the customer's desktop (`stage.py`) shows them.
"""

from __future__ import annotations

import io
import os
import random
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from tests.agent.picture import screens
from tests.e2e.rig.browser import chromium

Rgb = NDArray[np.uint8]

#: The customer's screen; a strip below the page is where is typed.
WIDTH: Final = 1366
HEIGHT: Final = 768
STRIP: Final = 40
#: Pixels of a step of the wheel, and how long the page is that is scrolled.
STEP: Final = 57
LONG: Final = 2400

#: Pages to switch between; after them the long one, then the one with a photo.
PAGES: Final = 16
LONG_PAGE: Final = PAGES
PHOTO_PAGE: Final = PAGES + 1

_FONTS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="font">
<edit name="antialias" mode="assign"><bool>true</bool></edit>
<edit name="hinting" mode="assign"><bool>true</bool></edit>
<edit name="hintstyle" mode="assign"><const>hintslight</const></edit>
<edit name="rgba" mode="assign"><const>rgb</const></edit>
<edit name="lcdfilter" mode="assign"><const>lcddefault</const></edit>
</match></fontconfig>
"""
#: Two letters each.
_SYLLABLES: Final = (
    "babebidacodadeduéfafigahaijalalelilomamemimonanenioparepiporareriro"
    "sasesisotatetitouvavevoyazelounquoncré"
)


class _Words:
    """Words nobody wrote, alike from run to run."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - nothing to guess here

    def word(self) -> str:
        starts = self._dice.choices(
            range(0, len(_SYLLABLES) - 1, 2), k=self._dice.randint(1, 4)
        )
        return "".join(_SYLLABLES[at : at + 2] for at in starts)

    def words(self, count: int) -> str:
        return " ".join(self.word() for _ in range(count))

    def sentence(self) -> str:
        return self.words(self._dice.randint(6, 16)).capitalize() + "."

    def paragraph(self, sentences: int) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def number(self) -> str:
        whole, part = self._dice.randint(10, 98_765), self._dice.randint(0, 99)
        return f"{whole:,},{part:02}".replace(",", " ", 1)


def _mail(say: _Words) -> str:
    rows = "".join(
        f"<tr><td>☆</td><td><b>{say.words(2)}</b></td><td>{say.sentence()}</td>"
        f"<td>{say.number()}</td></tr>"
        for _ in range(26)
    )
    folders = "".join(f"<li>{say.word()}</li>" for _ in range(14))
    return (
        f"<header style='background:#1b3a5c;color:#fff'>{say.words(4)}</header>"
        f"<nav><ul>{folders}</ul></nav><main><table>{rows}</table></main>"
    )


def _article(say: _Words, columns: int = 1) -> str:
    text = "".join(f"<p>{say.paragraph(5)}</p>" for _ in range(14))
    return (
        f"<main style='column-count:{columns};text-align:justify;font-family:serif'>"
        f"<h1>{say.words(5)}</h1>{text}</main>"
    )


def _form(say: _Words) -> str:
    fields = "".join(
        f"<label>{say.words(3)}<input value='{say.words(3)}'></label>"
        f"<small>{say.sentence()}</small>"
        for _ in range(13)
    )
    return (
        "<header style='background:#fff;color:#000091;border-bottom:3px solid #000091'>"
        f"{say.words(5)}</header><main style='width:820px;margin:auto'>"
        f"<h1>{say.words(4)}</h1>{fields}</main>"
    )


def _sheet(say: _Words) -> str:
    rows = "".join(
        f"<tr><td>{say.words(2)}</td>"
        + "".join(f"<td align=right>{say.number()}</td>" for _ in range(10))
        + "</tr>"
        for _ in range(34)
    )
    return f"<main><table class=grid>{rows}</table></main>"


def _settings(say: _Words) -> str:
    tiles = "".join(
        f"<div class=tile><b>{say.words(2)}</b><br>{say.sentence()}</div>"
        for _ in range(28)
    )
    return (
        f"<style>body{{background:#202124;color:#e8eaed}}</style><main>{tiles}</main>"
    )


def _code(say: _Words) -> str:
    lines = "\n".join(
        "    " * (number % 4) + f"<i>{say.word()}</i> = {say.word()}({say.words(3)})"
        f"  <u># {say.words(5)}</u>"
        for number in range(52)
    )
    return f"<main><pre>{lines}</pre></main>"


_STYLE: Final = """
html{background:#fff}
body{margin:0;font:14px/1.45 'DejaVu Sans',sans-serif;color:#202124}
header{padding:12px 20px;font-size:18px}nav{float:left;width:170px;background:#f2f5f9;
height:1000px}nav li{list-style:none;padding:5px}main{padding:10px 24px;overflow:hidden}
td{padding:2px 8px;border-bottom:1px solid #e3e6ea;white-space:nowrap}
.grid td{border:1px solid #c9cdd2;font-size:12px}label{display:block;margin-top:6px}
input{display:block;width:500px;padding:4px;border:1px solid #888;font:inherit}
small{color:#5f6368}.tile{display:inline-block;width:300px;height:76px;margin:6px;
padding:8px;background:#303134;border-radius:6px;overflow:hidden;vertical-align:top}
pre{font:13px/1.1 'DejaVu Sans Mono',monospace}i{color:#0b57d0;font-style:normal}
u{color:#188038;text-decoration:none}h1{font-size:26px;margin:8px 0}
"""

_KINDS: Final = (
    _mail,
    _article,
    _form,
    _sheet,
    _settings,
    _code,
    lambda say: _article(say, 2),
    _mail,
)


def make(folder: Path) -> list[Path]:
    """Return the pages as PNG files, the last of them :data:`LONG`; made once.

    They are as large as the screen less its strip, the last one as wide.
    """
    names = [f"page-{number}" for number in range(PAGES)] + ["long"]
    paths = [folder / f"{name}.png" for name in names]
    if not all(path.exists() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        _draw(folder, paths)
    return paths


def photo_page() -> Rgb:
    """Return a page with a large photo and text around it."""
    page = screens.page(91, WIDTH, HEIGHT - STRIP)
    return screens.with_picture(page, screens.photo(5, 704, 448), 320, 128)


def film(frames: int = 24, width: int = 640, height: int = 360) -> list[Rgb]:
    """Return the pictures of a moving region: a camera that pans over a photo."""
    wide = screens.photo(8, width + 16 * frames, height + 2 * frames)
    return [
        np.ascontiguousarray(wide[2 * at : 2 * at + height, 16 * at : 16 * at + width])
        for at in range(frames)
    ]


def read(path: Path) -> Rgb:
    """Return a page's pixels."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def png(pixels: Rgb) -> bytes:
    """Return pixels as a PNG, for the ruler in the browser."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _draw(folder: Path, paths: list[Path]) -> None:
    fonts = folder / "fonts.conf"
    fonts.write_text(_FONTS, encoding="utf-8")
    flags = ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
    flags += ["--enable-lcd-text", "--font-render-hinting=slight", "--disable-quic"]
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(
            executable_path=chromium(),
            args=flags,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        ) as browser,
    ):
        for number, path in enumerate(paths):
            is_long = number == len(paths) - 1
            size = ViewportSize(width=WIDTH, height=LONG if is_long else HEIGHT - STRIP)
            page = browser.new_page(viewport=size)
            say = _Words(number + 1)
            body = (
                "".join(_article(say) for _ in range(4))
                if is_long
                else _KINDS[number % len(_KINDS)](say)
            )
            page.set_content(f"<style>{_STYLE}</style>{body}")
            page.screenshot(path=path)
            page.close()
