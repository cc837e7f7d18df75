"""The bar: on top, true, and taking back at one press (S-23)."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cordee_agent.window import model
from cordee_agent.window.model import Command
from cordee_agent.window.qt import bar as bar_module
from cordee_agent.window.qt.bar import DEAF_MS, Bar
from cordee_agent.window.qt.window import QtWindow
from cordee_agent.window.sharing import Chat, Shared
from cordee_agent.window.text import texts
from cordee_shared.session.consent import Language
from cordee_shared.session.states import State
from tests.agent.window.conftest import Clock, settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import LONG_NAME, NAME, live

FR = texts(Language.FR)
SHOWN = (
    State.VIEWING,
    State.CONTROLLING,
    State.RECLAIMED,
    State.PAUSED,
    State.INTERRUPTED,
)


class Screen:
    """Stands for a screen of another size."""

    def __init__(self, width: int, height: int, x: int = 0, y: int = 0) -> None:
        self._place = QRect(x, y, width, height)

    def geometry(self) -> QRect:
        return self._place


def show(window: QtWindow, state: State, **more: object) -> Bar:
    window.show(live(state, **more))
    settle()
    return window.bar


def on_screen(monkeypatch: pytest.MonkeyPatch, *place: int) -> None:
    screen = Screen(*place)

    class Application:
        primaryScreen = staticmethod(lambda: screen)
        platformName = staticmethod(lambda: "offscreen")

    monkeypatch.setattr(bar_module, "QGuiApplication", Application)


def place_of(bar: Bar, button: QWidget) -> QRect:
    return QRect(button.mapTo(bar, QPoint(0, 0)), button.size())


def listening(bar: Bar, qtbot: QtBot) -> None:
    for button in bar.buttons:
        if button.isVisible():
            button.be_deaf(0)
            qtbot.waitUntil(button.isEnabled)


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (State.VIEWING, ["bar.talk", "bar.hide", "bar.end"]),
        (State.CONTROLLING, ["bar.take", "bar.talk", "bar.hide", "bar.end"]),
        (State.RECLAIMED, ["bar.give", "bar.talk", "bar.hide", "bar.end"]),
        (State.PAUSED, ["bar.talk", "bar.show", "bar.end"]),
        (State.INTERRUPTED, ["bar.talk", "bar.end"]),
    ],
)
def test_each_state_has_its_words_and_only_the_buttons_that_work(
    window: QtWindow, state: State, names: list[str]
) -> None:
    bar = show(window, state)
    shown = [each.accessibleName() for each in bar.buttons if each.isVisible()]
    assert shown == [FR[name] for name in names]
    title = FR[f"bar.{state.value}"].replace("{technician}", NAME)
    assert bar.accessibleName().startswith(title)
    assert bar.windowTitle() == title
    assert (
        bar.red_frame.edges == []
        or state is not State.CONTROLLING
        or all(edge.isVisible() for edge in bar.red_frame.edges)
    )


def test_states_differ_by_sign_and_words_and_not_by_colour_alone(
    window: QtWindow,
) -> None:
    looks = [bar_module._LOOKS[state] for state in SHOWN]
    assert len({sign for sign, *_ in looks}) == len(SHOWN)
    assert len({FR[f"bar.{state.value}"] for state in SHOWN}) == len(SHOWN)


def test_the_frame_is_red_while_the_technician_drives_and_gone_at_once_after(
    window: QtWindow,
) -> None:
    bar = show(window, State.CONTROLLING)
    assert len(bar.red_frame.edges) == 4 * len(QGuiApplication.screens())
    assert all(edge.isVisible() for edge in bar.red_frame.edges)
    show(window, State.RECLAIMED)
    assert not any(edge.isVisible() for edge in bar.red_frame.edges)


def test_it_hangs_at_the_top_middle(
    window: QtWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_screen(monkeypatch, 1366, 768)
    bar = show(window, State.CONTROLLING)
    place = bar.geometry()
    assert (place.top(), place.width()) == (0, bar_module.WIDTH_PX)
    assert abs(place.center().x() - 683) <= 1
    on_screen(monkeypatch, 1920, 1080, 1366, 200)
    bar.stay_on_top()
    assert bar.geometry().top() == 200
    assert abs(bar.geometry().center().x() - (1366 + 960)) <= 1


def test_s23_it_stays_on_top_without_frame_and_takes_no_focus_by_coming(
    window: QtWindow,
) -> None:
    bar = show(window, State.VIEWING)
    flags = bar.windowFlags()
    assert flags & Qt.WindowType.WindowStaysOnTopHint
    assert flags & Qt.WindowType.FramelessWindowHint
    assert not flags & Qt.WindowType.X11BypassWindowManagerHint
    assert bar.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_s23_a_bar_put_down_or_moved_comes_back(window: QtWindow) -> None:
    bar = show(window, State.CONTROLLING)
    place = bar.geometry()
    bar.move(40, 300)
    bar.showMinimized()
    bar.stay_on_top()
    settle()
    assert not bar.isMinimized()
    assert bar.isVisible()
    assert bar.geometry() == place


def test_what_covers_the_bar_is_passed_over(
    window: QtWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar = show(window, State.CONTROLLING)
    bypass = Qt.WindowType.X11BypassWindowManagerHint
    monkeypatch.setattr(Bar, "_is_seen", lambda _: False)
    bar.stay_on_top()
    assert not bar.windowFlags() & bypass
    bar.stay_on_top()
    assert bar.windowFlags() & bypass
    assert bar.isVisible()
    bar.put_away()
    assert not bar.windowFlags() & bypass
    assert not bar.isVisible()


def test_the_four_commands_and_taking_back(
    window: QtWindow, told: list[Command], hands: Hands, qtbot: QtBot
) -> None:
    bar = window.bar
    wanted: list[Command] = []
    for state, button, command in (
        (State.CONTROLLING, bar.take, model.TakeBack()),
        (State.RECLAIMED, bar.give, model.GiveBack()),
        (State.VIEWING, bar.hide_screen, model.HideScreen()),
        (State.PAUSED, bar.show_screen, model.ShowScreen()),
        (State.INTERRUPTED, bar.end, model.EndSession()),
    ):
        show(window, state)
        listening(bar, qtbot)
        hands.click(button, customer=False)
        hands.click(button, customer=None)
        assert told == wanted
        hands.click(button, customer=True)
        wanted.append(command)
        assert told == wanted


def test_a_program_may_take_power_away_and_never_give_it(
    window: QtWindow, told: list[Command], qtbot: QtBot
) -> None:
    bar = show(window, State.RECLAIMED)
    listening(bar, qtbot)
    bar.give.click()
    assert told == []
    bar.hide_screen.click()
    bar.end.click()
    show(window, State.PAUSED)
    listening(bar, qtbot)
    bar.show_screen.click()
    show(window, State.CONTROLLING)
    listening(bar, qtbot)
    bar.take.click()
    assert told == [model.HideScreen(), model.EndSession(), model.TakeBack()]


def test_a_hand_on_its_way_to_take_back_does_not_give_back(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    bar = show(window, State.CONTROLLING)
    show(window, State.RECLAIMED)  # the hand's own movement took control back
    assert DEAF_MS >= 1000
    hands.click(bar.give, customer=True)
    assert told == []
    hands.click(bar.end, customer=True)
    assert told == [model.EndSession()]


def test_what_takes_power_away_works_from_the_first_moment(
    window: QtWindow, told: list[Command], hands: Hands
) -> None:
    bar = show(window, State.PAUSED)
    show(window, State.VIEWING)
    hands.click(bar.hide_screen, customer=True)
    show(window, State.CONTROLLING)
    hands.click(bar.take, customer=True)
    assert told == [model.HideScreen(), model.TakeBack()]


@pytest.mark.parametrize("width", [683, 800, 1024, 1366, 1920])
def test_every_button_has_one_place_whatever_the_state(
    spoken: QtWindow, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    on_screen(monkeypatch, width, 768)
    places: dict[str, set[object]] = {}
    bar = spoken.bar
    shared = {bar.take: "power", bar.give: "power"}
    shared |= {bar.hide_screen: "screen", bar.show_screen: "screen"}
    for unread in (0, 3):
        chat = Shared(Chat((), unread))
        for state in (*SHOWN, State.CONTROLLING, State.VIEWING):
            show(spoken, state, shared=chat)
            for button in bar.buttons:
                if button.isVisible():
                    name = shared.get(button, button.accessibleName().split(" ")[0])
                    place = place_of(bar, button).getRect()
                    places.setdefault(name, set()).add(place)
    assert len(places) == 4
    assert {name: len(found) for name, found in places.items()} == dict.fromkeys(
        places, 1
    )


def test_what_waits_to_be_read_is_counted_on_the_button(
    window: QtWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_screen(monkeypatch, 1366, 768)
    bar = show(window, State.VIEWING, shared=Shared(Chat((), 2)))
    assert bar.talk.text() == bar.talk.accessibleName() == "Discuter (2)"
    show(window, State.VIEWING)
    assert bar.talk.text() == bar.talk.accessibleName() == "Discuter"
    on_screen(monkeypatch, 800, 600)
    show(window, State.VIEWING, shared=Shared(Chat((), 2)))
    assert (bar.talk.text(), bar.talk.accessibleName()) == ("2", "Discuter (2)")


def test_what_is_announced_is_said_in_large_letters_for_a_moment(
    window: QtWindow,
) -> None:
    bar = show(window, State.CONTROLLING, shared=Shared(notice="screenshot"))
    said = f"{NAME} garde une image de votre écran"
    assert bar._title._said[0].replace("{technician}", NAME) == said
    assert said in bar.accessibleName()
    show(window, State.CONTROLLING)
    assert "image" not in bar.accessibleName()


def test_closing_the_bar_ends_the_session_and_the_bar_waits_for_that(
    window: QtWindow, told: list[Command]
) -> None:
    bar = show(window, State.CONTROLLING)
    bar.close()
    assert told == [model.EndSession()]
    assert bar.isVisible()


def test_the_time_runs(window: QtWindow, now: Clock) -> None:
    bar = show(window, State.VIEWING)
    assert bar._running.text() == "3 min 27 s"
    now.now += 33
    bar.tick()
    assert bar._running.text() == "4 min"


def test_a_screen_cannot_be_shown_again_without_a_link(
    window: QtWindow, qtbot: QtBot
) -> None:
    bar = show(window, State.PAUSED, linked=False)
    assert not bar.show_screen.isEnabled()
    assert FR["bar.unlinked"] in bar.accessibleName()
    show(window, State.PAUSED, linked=True)
    listening(bar, qtbot)
    assert bar.show_screen.isEnabled()


@pytest.mark.parametrize("width", [683, 800, 910, 960, 1024, 1280, 1366, 1920])
@pytest.mark.parametrize("name", [NAME, LONG_NAME])
@pytest.mark.parametrize("state", SHOWN)
def test_nothing_is_pushed_out_whatever_the_screen_and_the_name(
    spoken: QtWindow,
    monkeypatch: pytest.MonkeyPatch,
    width: int,
    name: str,
    state: State,
) -> None:
    on_screen(monkeypatch, width, 768)
    bar = show(spoken, state, technician=name)
    assert bar.width() <= width - 40
    right = 0
    for button in (each for each in bar.buttons if each.isVisible()):
        place = place_of(bar, button)
        assert place.left() > right
        assert place.right() < bar.width()
        assert place.width() >= button.sizeHint().width()
        assert 58 <= place.height() <= 64
        right = place.right()
    line = bar._title
    assert QFontMetrics(line.font()).horizontalAdvance(line.text()) <= line.width()
    assert line.text()
    assert line.height() >= line.sizeHint().height()
    assert bar._more.isVisible() == (width >= 1040)


def test_a_short_bar_says_all_of_it_to_a_screen_reader(
    window: QtWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_screen(monkeypatch, 800, 600)
    bar = show(window, State.CONTROLLING)
    assert (bar.hide_screen.text(), bar.talk.text()) == ("", "")
    assert bar.hide_screen.accessibleName() == FR["bar.hide"]
    assert bar.take.text() == FR["bar.take"]
    on_screen(monkeypatch, 1024, 768)
    show(window, State.CONTROLLING, linked=False)
    assert bar.hide_screen.text() == FR["bar.hide.short"]
    assert bar.hide_screen.accessibleName() == FR["bar.hide"]
    whole = FR["bar.controlling"].replace("{technician}", NAME)
    assert bar.accessibleName().startswith(whole)


def test_the_keyboard_reaches_every_button(window: QtWindow, qtbot: QtBot) -> None:
    bar = show(window, State.CONTROLLING)
    bar.activateWindow()
    bar.take.setFocus()
    order = []
    for _ in range(5):
        order.append(bar.focusWidget())
        QTest.keyClick(bar.focusWidget(), Qt.Key.Key_Tab)
    assert order == [bar.take, bar.talk, bar.hide_screen, bar.end, bar.take]


def test_its_corners_are_cut_although_nobody_blends_windows(window: QtWindow) -> None:
    bar = show(window, State.VIEWING)
    mask = bar.mask()
    assert not mask.contains(bar.rect().bottomLeft())
    assert not mask.contains(bar.rect().bottomRight())
    assert mask.contains(bar.rect().topLeft())
    assert mask.contains(bar.rect().center())


def test_a_tint_is_not_a_cover() -> None:
    red = QColor("#C8152D")
    assert bar_module._distance(red, QColor("#B41329")) < 48
    assert bar_module._distance(red, QColor("#141D36")) > 48
    assert bar_module._distance(red, QColor("#FFFFFF")) > 48


def test_a_second_that_passes_moves_no_word(window: QtWindow) -> None:
    # What moves is sent: a sentence a second is three times what idling may cost.
    bar = show(window, State.CONTROLLING)
    for line in (bar._more, bar._running):
        widths = {
            QFontMetrics(line.font()).horizontalAdvance(f"{digit}:{digit}{digit}")
            for digit in range(10)
        }
        assert len(widths) == 1
