"""Screenshots of a real first help, and of every view of the console.

Run as ``python -m tests.e2e.screenshots FOLDER``. In the first help both people are the
rig's, on real parts; only the desktop's contents are made up.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.first_help.story import Claire, Durand, FirstHelp
from tests.e2e.rig.agent import Agent
from tests.e2e.rig.browser import browser
from tests.e2e.rig.hand import Hand
from tests.e2e.rig.reader import Reader
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xclient import terminal
from tests.e2e.rig.xvnc import Desktop, closing, xvnc
from tests.e2e.tour import LANGUAGES, tour

#: The desktop behind the windows: a quiet blue.
_DESK = 0x486280


def main(target: Path) -> None:
    """Play a first help and keep what both people see."""
    target.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="cordee-"))
    with (
        xvnc(folder / "x") as desktop,
        Relay(folder / "relay") as relay,
        Agent(desktop, relay.url) as agent,
        Hand(desktop.socket) as hand,
        Reader(desktop.env()) as reader,
        browser() as context,
    ):
        with closing(desktop.connect()) as connection:
            root = connection.screen().root
            root.change_attributes(background_pixel=_DESK)
            root.clear_area()
            connection.sync()
        page = context.new_page()
        account = relay.add_technician("claire", "Claire Martin")
        claire = Claire(page, relay, account)
        durand = Durand(desktop, hand, reader, agent)
        both = FirstHelp(claire, durand)
        claire.signs_in()
        claire.agrees()
        spoken = claire.invites()
        durand.types_code(spoken)
        durand.finds("demande à voir votre écran")
        durand.finds("^Autoriser$", "button")
        _desktop(desktop, target / "agent-question.png", "842x713+262+24")
        durand.presses("Autoriser")
        claire.waits_for_mode("viewing")
        place = terminal(desktop)
        place.wait_for_focus()
        both.gives_control()
        claire.clicks(200, 500)
        place.wait_for_focus()
        claire.page.keyboard.type("L’imprimante est de nouveau en ligne.")
        claire.page.keyboard.press("Enter")
        place.wait_for("L’imprimante est de nouveau en ligne.\n")
        _console(claire, target / "console.png")
        claire.ends()


def views(target: Path) -> None:
    """Walk through every view of the console, and keep each in both languages."""
    target.mkdir(parents=True, exist_ok=True)
    for language, locale in LANGUAGES.items():
        folder = Path(tempfile.mkdtemp(prefix="cordee-"))
        with (
            Relay(folder / "relay") as relay,
            browser(locale=locale, width=1280, height=800) as context,
        ):
            page = context.new_page()
            account = relay.add_technician("claire", "Claire Martin")

            def seen(name: str, page: Page = page, language: str = language) -> None:
                file = target / f"{name}-{language}.png"
                page.screenshot(path=file)
                _smaller(file, "-resize", "960x", "-colors", "48")

            if wrong := tour(page, relay, account, seen):
                raise SystemExit(f"the page complains: {wrong}")


def _console(claire: Claire, file: Path) -> None:
    claire.page.screenshot(path=file)
    _smaller(file)


def _desktop(desktop: Desktop, file: Path, crop: str) -> None:
    words = ["import", "-display", desktop.display, "-window", "root"]
    subprocess.run([*words, "-crop", crop, "+repage", file], check=True)
    _smaller(file)


def _smaller(file: Path, *more: str) -> None:
    """Keep the repository small: 160 colours are enough for a window."""
    words = ["-strip", "+dither", *(more or ("-colors", "160"))]
    level = ["-define", "png:compression-level=9"]
    subprocess.run(["mogrify", *words, *level, file], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    views(Path(sys.argv[1]) / "console")
