"""Where the bar's buttons stand, and how much they say."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cordee_agent.window.qt.hand import HandButton, Judge
from cordee_agent.window.qt.places import Places
from cordee_agent.window.text import texts
from cordee_shared.session.consent import Language

FR = texts(Language.FR)
KEYS = (("take", "give"), ("talk",), ("hide", "show"), ("end",))


def places(qtbot: QtBot) -> Places:
    bar = QWidget()
    qtbot.addWidget(bar)
    judge = Judge(bar)
    groups = [
        {
            key: HandButton(FR[f"bar.{key}"], judge, lambda _hand: None, parent=bar)
            for key in group
        }
        for group in KEYS
    ]
    return Places(FR, *groups)


def words(made: Places) -> list[str]:
    return [button.text() for place in made.all for button in place.buttons.values()]


def width(made: Places) -> int:
    return sum(place.width() for place in made.all)


def test_buttons_say_less_step_by_step_and_the_vital_ones_never(qtbot: QtBot) -> None:
    made = places(qtbot)
    said: list[list[str]] = []
    widths: list[int] = []
    for room in range(1400, 200, -10):
        made.fit(room)
        if not said or words(made) != said[-1]:
            said.append(words(made))
            widths.append(width(made))
    assert len(said) == 4
    assert widths == sorted(widths, reverse=True)
    for each in said:
        assert each[:2] == [FR["bar.take"], FR["bar.give"]]
        assert each[-1] == FR["bar.end"]
    assert said[-1][2:5] == ["", "", ""]


def test_a_place_is_as_wide_as_the_longest_that_stands_there(qtbot: QtBot) -> None:
    made = places(qtbot)
    made.fit(2000)
    for place in made.all:
        widths = {button.width() for button in place.buttons.values()}
        assert widths == {place.width()}
    before = width(made)
    made.tell_unread(150)
    assert "Discuter (99)" in words(made)
    made.fit(2000)
    assert width(made) == before
