"""Where the customer writes: large, plain, never in the way."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cordee_agent.window.model import Command
from cordee_agent.window.qt.look import SMALLEST_PX
from cordee_agent.window.qt.talk import TalkWindow
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.sharing import Chat, Fate, Line, ReadChat, SayIt, Shared
from cordee_agent.window.text import texts
from cordee_shared.limits import SAID_MAX
from cordee_shared.session.consent import Language
from cordee_shared.session.states import State
from tests.agent.window.conftest import settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import NAME, live, over

FR = texts(Language.FR)
AT = 1_800_000_000


def theirs(number: int, text: str) -> Line:
    return Line(False, number, text, AT, Fate.SEEN)


def mine(number: int, text: str, fate: Fate = Fate.SAID) -> Line:
    return Line(True, number, text, AT, fate)


def show(window: QtWindow, *lines: Line, unread: int = 0, **more: object) -> TalkWindow:
    shared = Shared(Chat(lines, unread))
    window.show(live(State.VIEWING, shared=shared, **more))
    settle()
    return window.together.talk


def opened(window: QtWindow, qtbot: QtBot, *lines: Line) -> TalkWindow:
    talk = show(window, *lines)
    talk.open()
    qtbot.waitUntil(talk.isActiveWindow)
    return talk


def reading(told: list[Command]) -> bool:
    return ReadChat() in told


def test_it_opens_from_the_bar_with_the_keyboard_in_its_field(
    window: QtWindow, hands: Hands, qtbot: QtBot
) -> None:
    talk = show(window)
    assert not talk.isVisible()
    hands.click(window.bar.talk, customer=True)
    qtbot.waitUntil(talk.isActiveWindow)
    assert talk.field.hasFocus()
    assert talk.windowTitle() == f"Discuter avec {NAME}"
    assert talk.empty.isVisible()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The keyboard is in another window (Qt in memory gives it to whatever comes)."""
    with monkeypatch.context() as patched:
        patched.setattr(TalkWindow, "isActiveWindow", lambda _: False)
        yield


@pytest.mark.usefixtures("elsewhere")
def test_first_words_make_it_come_without_taking_the_keyboard(
    window: QtWindow, told: list[Command]
) -> None:
    talk = show(window, theirs(1, "Bonjour"), unread=1)
    assert talk.isVisible()
    # What X11 is told of a window that shall not get the keyboard by coming.
    assert talk.windowHandle().property("_q_showWithoutActivating")
    assert not talk.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not reading(told)
    assert talk.windowTitle() == f"(1) Discuter avec {NAME}"
    talk.hide()
    show(window, theirs(1, "Bonjour"), unread=1)
    assert not talk.isVisible()
    show(window, theirs(1, "Bonjour"), theirs(2, "Vous êtes là ?"), unread=2)
    assert talk.isVisible()


def test_words_are_read_once_it_has_the_keyboard(
    window: QtWindow, told: list[Command], qtbot: QtBot
) -> None:
    talk = opened(window, qtbot)
    assert not reading(told)
    show(window, theirs(1, "Bonjour"), unread=1)
    qtbot.waitUntil(lambda: reading(told))
    assert talk.isActiveWindow()


def test_every_message_says_who_when_and_what_became_of_it(
    window: QtWindow, qtbot: QtBot
) -> None:
    talk = opened(window, qtbot, theirs(1, "<b>Bonjour</b>"), mine(1, "Oui"))
    first, second = talk.rows
    assert first.words.text() == "<b>Bonjour</b>"
    assert first.words.textFormat() is Qt.TextFormat.PlainText
    assert first.accessibleName().startswith(f"{NAME}, ")
    assert second.about.text().endswith(FR["talk.fate.said"])
    show(window, theirs(1, "<b>Bonjour</b>"), mine(1, "Oui", Fate.SEEN))
    assert talk.rows == [first, second]
    assert second.about.text().endswith(FR["talk.fate.seen"])
    assert second.accessibleName().startswith(FR["talk.you"])
    for row in talk.rows:
        assert row.words.font().pixelSize() >= 20
        assert row.about.font().pixelSize() >= SMALLEST_PX


@pytest.mark.parametrize("by", ["enter", "button"])
def test_s22_words_go_by_the_customers_hand_alone(
    window: QtWindow, told: list[Command], hands: Hands, qtbot: QtBot, by: str
) -> None:
    talk = opened(window, qtbot)

    def press(customer: bool) -> None:
        if by == "enter":
            hands.key(talk.field, Qt.Key.Key_Return, customer=customer)
        else:
            hands.click(talk.send, customer=customer)

    assert not talk.send.isEnabled()
    press(customer=True)
    QTest.keyClicks(talk.field, "Bonjour Claire")
    press(customer=False)
    assert told == []
    assert talk.field.toPlainText() == "Bonjour Claire"
    press(customer=True)
    assert told == [SayIt("Bonjour Claire")]
    assert talk.field.toPlainText() == ""


def test_shift_and_enter_begin_a_line(
    window: QtWindow, told: list[Command], hands: Hands, qtbot: QtBot
) -> None:
    talk = opened(window, qtbot)
    QTest.keyClicks(talk.field, "un")
    QTest.keyClick(talk.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(talk.field, "deux")
    hands.key(talk.field, Qt.Key.Key_Return, customer=True)
    assert told == [SayIt("un\ndeux")]


def test_what_one_message_cannot_hold_waits_in_the_field(
    window: QtWindow, told: list[Command], hands: Hands, qtbot: QtBot
) -> None:
    talk = opened(window, qtbot)
    talk.field.setPlainText("é" * (SAID_MAX + 7))
    hands.key(talk.field, Qt.Key.Key_Return, customer=True)
    assert told == [SayIt("é" * SAID_MAX)]
    assert talk.field.toPlainText() == "é" * 7


def test_without_a_link_it_says_that_words_wait(window: QtWindow, qtbot: QtBot) -> None:
    talk = opened(window, qtbot)
    assert not talk.unsent.isVisible()
    show(window, linked=False)
    assert talk.unsent.isVisible()


def test_closing_it_ends_nothing_and_forgets_nothing(
    window: QtWindow, told: list[Command], qtbot: QtBot
) -> None:
    talk = opened(window, qtbot, theirs(1, "Bonjour"))
    talk.close()
    assert not talk.isVisible()
    assert told == []
    talk.open()
    assert [row.words.text() for row in talk.rows] == ["Bonjour"]


def test_the_end_takes_every_word_from_the_screen(
    window: QtWindow, qtbot: QtBot
) -> None:
    talk = opened(window, qtbot, theirs(1, "secret"))
    QTest.keyClicks(talk.field, "secret")
    window.show(over())
    settle()
    assert not talk.isVisible()
    assert (talk.rows, talk.field.toPlainText()) == ([], "")


def test_a_conversation_that_lost_its_beginning_is_written_anew(
    window: QtWindow, qtbot: QtBot
) -> None:
    talk = opened(window, qtbot, theirs(1, "un"), theirs(2, "deux"))
    show(window, theirs(2, "deux"), theirs(3, "trois"))
    assert [row.words.text() for row in talk.rows] == ["deux", "trois"]


def test_it_can_be_walked_by_keyboard(window: QtWindow, qtbot: QtBot) -> None:
    talk = opened(window, qtbot)
    QTest.keyClicks(talk.field, "x")
    order: list[Callable[[], object] | QWidget | None] = []
    for _ in range(5):
        order.append(talk.focusWidget())
        QTest.keyClick(talk.focusWidget(), Qt.Key.Key_Tab)
    assert order == [talk.field, talk.give, talk.send, talk.file, talk.area]
    names = [each.accessibleName() for each in (talk.field, talk.give, talk.send)]
    assert all(names)


def test_a_name_that_changes_is_not_rewritten_into_old_words(
    window: QtWindow, qtbot: QtBot
) -> None:
    talk = opened(window, qtbot, theirs(1, "un"))
    view = live(
        State.VIEWING, shared=Shared(Chat((theirs(1, "un"), theirs(2, "deux"))))
    )
    window.show(replace(view, technician="Paul Petit"))
    settle()
    assert [row.about.text().split(",")[0] for row in talk.rows] == [NAME, "Paul Petit"]
