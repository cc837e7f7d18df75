"""Every view of the customer's window, as pictures.

``python -m tests.agent.window.screens OUTDIR`` draws them in French and English, at
100 % and 150 %; with ``--docs`` only those of the documentation are drawn. Nothing
is shown on a screen: Qt draws in memory. Each language and scale is drawn by a process
of its own, because Qt takes its scale at the start.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from cordee_agent.window.model import (
    Cost,
    Home,
    Live,
    Over,
    Pairing,
    Question,
    ShowingCode,
    Stopped,
    View,
)
from cordee_agent.window.qt.asking import QuestionPage
from cordee_agent.window.qt.pleases import PleasePage
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.sharing import Chat, Fate, Line, Please, Shared
from cordee_shared.ids import EngagementId
from cordee_shared.session.asking import Ask
from cordee_shared.session.consent import Language, Scope, render
from cordee_shared.session.offer import Offer
from cordee_shared.session.states import EndReason, Side, State

NOW = 1000.0
#: Of what was written: the same minute in every picture.
AT = 1_800_000_000
WRITTEN = {
    Language.FR: (
        "Bonjour ! Je vois bien votre écran.",
        "D’accord. L’imprimante clignote.",
        "Elle est allumée depuis ce matin.",
        "Regardez où je dessine.",
    ),
    Language.EN: (
        "Good morning! I can see your screen.",
        "All right. The printer is blinking.",
        "It has been on since this morning.",
        "Look where I am drawing.",
    ),
}
FIRM = "Dépann’Info Brest"
NAME = "Claire Martin"
LONG_NAME = "Maximiliane-Friederike Schwarzenbach-Hohenlohe-Oehringen"
LONG_FIRM = "Computerhilfe und Datenrettung Mecklenburgische Seenplatte GmbH & Co. KG"

#: Scale: the desktop's size in its own pixels.
DESKTOPS = {1.0: (1366, 768), 1.5: (1920, 1080), 2.0: (2560, 1440)}
#: Documentation's pictures: the view, and the file's name.
DOCS = {
    "home": "agent-home",
    "question-view": "agent-question",
    "live-controlling": "agent-controlling",
    "live-reclaimed": "agent-taken-back",
    "talk": "agent-talk",
    "please-take": "agent-text",
    "over": "agent-end",
}
_DOCS_COLOURS = 192
_DOCS_TOP_PX = 150


#: General terms, long enough to scroll.
TERMS = (
    "1 - VALIDITÉ DU CONTRAT\nToutes les prestations sont faites à ces conditions.\n"
    * 60
)


def offer(organisation: str = FIRM) -> Offer:
    """What was agreed, for the questions."""
    return Offer(
        engagement=EngagementId("0" * 32),
        organisation=organisation,
        phone="02 98 00 11 22",
        customer="Mme Le Goff",
        purpose="l’imprimante n’imprime plus depuis la mise à jour",
        tariff="2026",
        tariff_hash="0" * 64,
        price_cents=2500,
        currency="EUR",
        unit_s=900,
        minimum_units=1,
        policy="p",
        policy_hash="0" * 64,
        terms_version="2026-03",
        terms_hash="0" * 64,
        confirmed_ms=0,
        email="bonjour@depannage-lannion.example",
    )


def question(
    language: Language,
    scope: Scope,
    *,
    name: str = NAME,
    firm: str = FIRM,
    verified: bool = True,
    asks: tuple[str, ...] = (),
) -> Question:
    """A question as the session asks it; ``asks`` of a consumer in the window."""
    agreed = replace(
        offer(firm), asks=asks, backup_cents=2000, withdraw_by="2026-12-07"
    )
    text = render(scope, language, agreed, name)
    terms = TERMS if scope is Scope.VIEW else ""
    return Question(1, text, name, firm, verified, NOW + 112, terms)


def live(state: State, **more: object) -> Live:
    """A session that has been running for a while."""
    base = Live(state, NAME, FIRM, NOW - 207, linked=state is not State.INTERRUPTED)
    return replace(base, **more)  # type: ignore[arg-type]  # checked at run time


def over(reason: EndReason = EndReason.TECHNICIAN_ENDED, **more: object) -> Over:
    """The end of a session."""
    by = Side.TECHNICIAN if reason is EndReason.TECHNICIAN_ENDED else Side.CUSTOMER
    cost = Cost(1620, 2, 5000, "EUR")
    base = Over(reason, by, NAME, FIRM, 1827, 2, cost, confirmed=True)
    return replace(base, **more)  # type: ignore[arg-type]  # checked at run time


def views(language: Language) -> dict[str, View]:
    """Return everything the window can show, by name."""
    view = question(language, Scope.VIEW)
    control = question(language, Scope.CONTROL)
    risky = question(language, Scope.VIEW, verified=False)
    long = question(language, Scope.VIEW, name=LONG_NAME, firm=LONG_FIRM)
    found: dict[str, View] = {
        "home": Home(FIRM, ready=True),
        "home-waiting": Home("", ready=False),
        "home-trouble": Home(FIRM, ready=True, trouble="code_wrong"),
        "code": ShowingCode(FIRM, "482 913 067", NOW + 582),
        "pairing": Pairing(FIRM),
        "question-view": view,
        "question-unverified": risky,
        "question-long": long,
        "question-asking": question(language, Scope.VIEW, asks=tuple(Ask)),
        "question-control": live(State.VIEWING, question=control),
        "question-control-again": live(State.RECLAIMED, question=control),
        "live-long": live(State.CONTROLLING, technician=LONG_NAME),
        "live-paused-unlinked": live(State.PAUSED, linked=False),
        "over": over(),
        "over-pending": over(EndReason.CUSTOMER_ENDED, cost=None, pending=True),
        "over-refused": over(
            EndReason.CONSENT_DENIED, cost=None, seconds=0, reclaims=0
        ),
        "over-unconfirmed": over(EndReason.LINK_EXPIRED, cost=None, confirmed=False),
        "stopped": Stopped("relay_changed"),
    }
    theirs, ours = WRITTEN[language][::3], WRITTEN[language][1:3]
    chat = Chat(
        (
            Line(False, 1, theirs[0], AT, Fate.SEEN),
            Line(True, 1, ours[0], AT + 40, Fate.SEEN),
            Line(True, 2, ours[1], AT + 65, Fate.ARRIVED),
            Line(False, 2, theirs[1], AT + 90, Fate.SEEN),
        ),
        1,
    )
    ring = tuple(
        (640 + round(90 * math.cos(at / 12)), 420 + round(50 * math.sin(at / 12)))
        for at in range(76)
    )
    found["talk"] = live(State.VIEWING, shared=Shared(chat))
    found["marks"] = live(State.VIEWING, shared=Shared(marks=(ring,)))
    for please in (
        Please("give", 0, ""),
        Please("take", 1, "FR76 3000 4000 0312 3456 7890 143"),
        Please("machine", 1, "Debian GNU/Linux 12\n2,0 / 8,0 Go"),
    ):
        shared = Shared(pleases=(please,))
        found[f"please-{please.key}"] = live(State.VIEWING, shared=shared)
    for state in (
        State.VIEWING,
        State.CONTROLLING,
        State.RECLAIMED,
        State.PAUSED,
        State.INTERRUPTED,
    ):
        found[f"live-{state.value}"] = live(state)
    return found


def shown(window: QtWindow) -> list[QWidget]:
    """Return what is on the screen, the lowest first."""
    shared = [*window.together.marks.layers, *window.together.windows]
    edges = window.bar.red_frame.edges
    every = [window.main, *edges, *shared, window.bar, window.card]
    return [each for each in every if each.isVisible()]


def picture(window: QtWindow, scale: float) -> QPixmap:
    """Draw what is on the screen, and as much of the desktop as that needs."""
    parts = shown(window)
    place = parts[0].geometry()
    for part in parts:
        place = place.united(part.geometry())
    drawn = QPixmap(place.size() * scale)
    drawn.setDevicePixelRatio(scale)
    drawn.fill("#8FA3B8")
    painter = QPainter(drawn)
    for part in parts:
        at: QPoint = part.geometry().topLeft() - place.topLeft()
        painter.setClipping(False)
        if not part.mask().isEmpty():
            painter.setClipRegion(part.mask().translated(at))
        painter.drawPixmap(at, part.grab())
    painter.end()
    return drawn


def draw(language: Language, scale: float, names: dict[str, str], to: Path) -> None:
    """Draw some views in this process, which was started for one scale."""
    window = QtWindow(language, lambda _command: None, now=lambda: NOW)
    app = QApplication.instance()
    assert app is not None
    for name, file in names.items():
        window.together.talk.hide()  # what came for one picture is not in the next
        window.show(views(language)[name])
        app.processEvents()
        app.processEvents()
        cards = (window.card, window.together.card)
        for page in (window.main.page, *(card.page for card in cards)):
            if isinstance(page, QuestionPage | PleasePage):
                page.hear()
        for button in window.bar.buttons:
            button.clearFocus()
        app.processEvents()
        picture(window, scale).save(str(to / f"{file}.png"))


def _jobs(docs: bool) -> Iterator[tuple[Language, float, dict[str, str]]]:
    if docs:
        yield Language.FR, 1.0, DOCS
        return
    for language in Language:
        for scale in (1.0, 1.5):
            suffix = f"{language.value}-{round(scale * 100)}"
            names = {name: f"{name}-{suffix}" for name in views(language)}
            yield language, scale, names


def environment(scale: float, folder: Path) -> dict[str, str]:
    """Return what a process needs to draw in memory at a scale."""
    width, height = DESKTOPS[scale]
    desktop = folder / f"desktop-{scale}.json"
    screen = {"name": "one", "x": 0, "y": 0, "width": width, "height": height}
    desktop.write_text(
        json.dumps({"screens": [screen | {"logicalDpi": 96, "dpr": 1}]}), "utf-8"
    )
    return os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={desktop}",
        "QT_SCALE_FACTOR": str(scale),
    }


def _shrink(file: Path) -> None:
    """Make a documentation picture small: few colours, of a desktop only its top."""
    with Image.open(file) as full:
        is_desktop = full.size == DESKTOPS[1.0]
        part = full.crop((0, 0, full.width, _DOCS_TOP_PX)) if is_desktop else full
        few = part.convert("RGB").quantize(_DOCS_COLOURS, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--docs", action="store_true", help="only the documentation's")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job is not None:
        job = json.loads(asked.job)
        draw(Language(job[0]), job[1], job[2], asked.folder)
        return
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for language, scale, names in _jobs(asked.docs):
            job = json.dumps([language.value, scale, names])
            program = [sys.executable, "-m", "tests.agent.window.screens"]
            subprocess.run(
                [*program, str(asked.folder), "--job", job],
                check=True,
                env=environment(scale, Path(folder)),
            )
    if asked.docs:
        for file in DOCS.values():
            _shrink(asked.folder / f"{file}.png")


if __name__ == "__main__":
    main()
