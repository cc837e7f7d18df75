"""The two write, hand each other a text, point at things: on real parts.

Nothing of it is anywhere in the relay but that it passed, and how much.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.first_help.story import (
    AGAIN_S,
    CANVAS,
    CUSTOMER,
    Claire,
    Durand,
    FirstHelp,
    journal,
    wait_for_kind,
)
from tests.e2e.first_help.test_canary import files, word
from tests.e2e.rig.axe import findings
from tests.e2e.rig.browser import canvas_pixel, near
from tests.e2e.rig.memory import encodings, found_in
from tests.e2e.rig.processes import wait_until
from tests.e2e.rig.relay import Relay
from tests.e2e.rig.xclient import Painting, entry, focused_title, terminal
from tests.e2e.rig.xvnc import Desktop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(480)]

#: What marks are drawn with, and what they are drawn upon.
PINK = (0xE5, 0x00, 0x7D)
WHITE = (255, 255, 255)
#: So long a line is looked for before it is drawn again; it fades after 6 s.
LOOKS_S = 4.0
Line = tuple[tuple[int, int], tuple[int, int]]
FIELD = "^Votre message$"


def writes(durand: Durand, text: str) -> None:
    """Write into the field until it stands there: keys overtake clicks at times."""

    def reads() -> bool:
        durand.hand.click(*durand.finds(FIELD, "text").middle)
        durand.hand.select_all()
        durand.hand.type(text)
        try:
            durand.finds(f"^{text}$", "text", within=AGAIN_S)
        except AssertionError:
            return False
        return True

    wait_until(reads, what=lambda: f"{text!r} among {durand.words()}")


def test_words_and_texts_pass_between_the_two_and_nowhere_else(
    both: FirstHelp, relay: Relay, desktop: Desktop, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    asked, answered, copied, offered = (word() for _ in range(4))
    both.reaches_viewing()
    place = terminal(desktop)
    durand.hand.click(200, 500)
    place.wait_for_focus()
    elsewhere = focused_title(desktop)

    # Her words come to the front, and the keyboard stays where it was.
    claire.see("talk").click()
    claire.see("talk-field").fill(asked)
    claire.page.keyboard.press("Enter")
    durand.finds(f"^{asked}$")
    durand.finds(r"^Discuter \(1\)$", "button")
    assert focused_title(desktop) == elsewhere
    durand.hand.type("encore la")
    place.wait_for("encore la")

    writes(durand, answered)
    durand.hand.key("Return")
    line = claire.see("talk-line").filter(has_text=answered)
    expect(line).to_be_visible()
    said = claire.see("talk-line").filter(has_text=asked)
    expect(said).to_have_attribute("data-fate", "seen")
    durand.finds("^Discuter$", "button")

    # She asks for what was copied: seen before it goes, and only by a yes.
    writes(durand, copied)
    durand.hand.select_all()
    durand.hand.key_down("Control_L")
    durand.hand.key("c")
    durand.hand.key_up("Control_L")
    claire.see("menu-clip").click()
    claire.see("clip-ask").click()
    durand.finds("demande le texte que vous avez copié")
    durand.finds(f"^{copied}$|demande le texte", "text")
    expect(claire.see("clip-asked")).to_have_attribute("data-answer", "waiting")
    durand.presses("Envoyer ce texte")
    expect(claire.see("clip-text")).to_have_value(copied)
    passed = wait_for_kind(relay, "clipboard_passed")
    assert passed["data"] == {"bytes": len(copied), "to": "technician"}

    # She offers one: on the customer's clipboard by the customer's click.
    claire.see("clip-field").fill(offered)
    claire.see("clip-offer").click()
    durand.finds("vous propose un texte à coller")
    durand.presses("Accepter ce texte")
    expect(claire.see("clip-offered")).to_have_attribute("data-answer", "yes")

    def pastes() -> bool:
        durand.hand.click(*durand.finds(FIELD, "text").middle)
        durand.hand.select_all()
        durand.hand.key_down("Control_L")
        durand.hand.key("v")
        durand.hand.key_up("Control_L")
        try:
            durand.finds(f"^{offered}$", "text", within=AGAIN_S)
        except AssertionError:
            return False
        return True

    wait_until(pastes, what=lambda: f"{offered!r} among {durand.words()}")

    hidden: dict[str, bytes] = {}
    for text in (asked, answered, copied, offered):
        hidden |= encodings(text, text)
    claire.ends()
    claire.waits_for_end("technician_ended")
    durand.finds("claire a mis fin à la séance")
    wait_until(relay.billing_file.exists, what="the billing record")
    # What is the relay's to know is found there; what was said is not.
    public = encodings("the customer", CUSTOMER)
    found = found_in(relay.process, hidden | public)
    assert found & set(public) != set()
    assert found - set(public) == set()
    leaks = [
        (str(path), name)
        for path, content in files(relay)
        for name, needle in hidden.items()
        if needle in content
    ]
    assert leaks == []
    # The end has taken every word from both screens.
    assert asked not in durand.words()
    assert asked not in claire.page.content()
    assert wrong == []


def draws(claire: Claire, line: Line, seen: Callable[[], bool]) -> None:
    """Draw a line, and again until it is seen: one that nobody saw in time fades."""
    (x, y), (to_x, to_y) = line

    def try_it() -> bool:
        claire.moves(x, y)
        claire.page.mouse.down()
        claire.moves(to_x, to_y, steps=8)
        claire.page.mouse.up()
        try:
            wait_until(seen, within=LOOKS_S, what="the line")
        except AssertionError:
            return False
        return True

    wait_until(try_it, what=f"a line from {x}, {y}")


def test_marks_are_seen_touch_nothing_and_fade(
    both: FirstHelp, relay: Relay, desktop: Desktop, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_viewing()
    place, other = terminal(desktop), entry(desktop, x=40, y=640)
    with Painting(desktop, 700, 420, 400, 240, ((WHITE,),)) as painting:

        def is_pink(x: int, y: int) -> bool:
            on_desktop = painting.colour_at(x, y)
            in_picture = canvas_pixel(claire.page, CANVAS, x, y)
            return near(on_desktop, PINK) and near(in_picture, PINK)

        claire.sees_pixel((900, 500), WHITE)
        claire.see("pen-toggle").click()
        # Before any control: seen on her desktop, and in the picture of it.
        draws(claire, ((750, 500), (1050, 500)), lambda: is_pink(900, 500))
        claire.sees_pixel((900, 500), WHITE)
        assert near(painting.colour_at(900, 500), WHITE)

        def clicks_through() -> bool:
            """Click what lies under a line, while the line is there."""
            durand.hand.click(100, 660)
            other.wait_for_focus()
            draws(claire, ((60, 500), (400, 500)), lambda: is_pink(200, 500))
            durand.hand.click(200, 500)
            place.wait_for_focus()
            return near(painting.colour_at(200, 500), PINK)

        wait_until(clicks_through, what="a click through a line")
        durand.hand.type("dessous")
        place.wait_for("dessous")

        # No mark counts as anybody's hand.
        claire.see("pen-toggle").click()
        both.gives_control()
        claire.see("pen-toggle").click()
        draws(claire, ((750, 600), (1050, 600)), lambda: is_pink(900, 600))
        claire.waits_for_mode("controlling")
        assert findings(claire.page) == []
    claire.ends()
    durand.finds("claire a mis fin à la séance")
    assert "reclaimed" not in [each["kind"] for each in journal(relay)]
    assert wrong == []


def test_the_machine_is_shown_before_it_is_told_and_a_picture_is_announced(
    both: FirstHelp, relay: Relay, wrong: list[str]
) -> None:
    claire, durand = both.claire, both.durand
    both.reaches_viewing()
    claire.see("menu-machine").click()
    claire.see("machine-ask").click()
    durand.finds("demande quel est cet ordinateur")
    expect(claire.see("machine-lines")).to_have_count(0)
    durand.presses("Envoyer ces lignes")
    expect(claire.see("machine-lines")).to_have_value(
        # Words of the customer's language, as they were shown there.
        re.compile("^Système : ")
    )
    lines = claire.see("machine-lines").input_value().splitlines()
    told = wait_for_kind(relay, "machine_shown")
    assert told["data"] == {"lines": len(lines)}

    with claire.page.expect_download() as download:
        claire.see("shot").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    durand.finds("garde une image de votre écran")
    assert wait_for_kind(relay, "screenshot_taken")["data"] == {}
    claire.ends()
    durand.finds("claire a mis fin à la séance")
    assert not any(lines[0].encode() in content for _, content in files(relay)), (
        f"{CUSTOMER}’s machine is kept nowhere"
    )
    assert wrong == []
