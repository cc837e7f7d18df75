"""The window as the session sees it: any view, from any thread, at any moment."""

import threading

import pytest
from PySide6.QtCore import QPoint, QRect, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cordee_agent.window import model
from cordee_agent.window.model import Answer, Command, Hand
from cordee_agent.window.qt.asking import QuestionPage
from cordee_agent.window.qt.look import SMALLEST_PX
from cordee_agent.window.qt.window import QtWindow, Rects, in_desktop_pixels
from cordee_shared.session.consent import Language, Scope
from cordee_shared.session.states import EndReason, State
from tests.agent.window.conftest import Clock, settle
from tests.agent.window.hands import Hands
from tests.agent.window.screens import FIRM, live, over, question, shown, views

NAMES = list(views(Language.FR))


def colours(image: QImage) -> set[int]:
    return {
        image.pixel(x, y)
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    }


def texts_of(window: QtWindow) -> list[QWidget]:
    return [
        each
        for part in shown(window)
        for each in part.findChildren(QWidget)
        if isinstance(each, QLabel | QAbstractButton | QLineEdit) and each.isVisible()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_view_is_drawn_and_can_be_read(
    spoken: QtWindow, language: Language, name: str
) -> None:
    spoken.show(views(language)[name])
    settle()
    # Frame and marks are of one colour: it is their shape that says something.
    plain = [*spoken.bar.red_frame.edges, *spoken.together.marks.layers]
    for part in shown(spoken):
        if part not in plain:
            assert len(colours(part.grab().toImage())) > 20
    for each in texts_of(spoken):
        assert each.font().pixelSize() >= SMALLEST_PX
        if isinstance(each, QLabel | QAbstractButton):
            assert "{" not in each.text()
        if isinstance(each, QAbstractButton):
            assert each.accessibleName() or each.parent() is None


@pytest.mark.parametrize("name", NAMES)
def test_every_button_has_a_name_a_size_and_the_keyboard(
    window: QtWindow, name: str
) -> None:
    window.show(views(Language.FR)[name])
    settle()
    buttons = [each for each in texts_of(window) if isinstance(each, QAbstractButton)]
    assert buttons or name == "pairing"
    for button in buttons:
        assert button.accessibleName()
        assert button.height() >= 44
        assert button.width() >= button.sizeHint().width()


@pytest.mark.slow
@pytest.mark.parametrize("before", NAMES)
def test_any_view_may_follow_any_other(window: QtWindow, before: str) -> None:
    for after, view in views(Language.FR).items():
        for name, each in ((before, views(Language.FR)[before]), (after, view)):
            window.show(each)
            settle()
            asked = is_live = False
            if isinstance(each, model.Live):
                is_live, asked = True, each.question is not None
            assert window.bar.isVisible() is is_live, name
            assert window.main.isVisible() is not is_live, name
            assert window.card.isVisible() is asked, name


def test_views_and_reports_come_from_any_thread_in_their_order(
    window: QtWindow, hands: Hands, told: list[Command]
) -> None:
    def session() -> None:
        window.show(model.Pairing(FIRM))
        window.show(live(State.VIEWING))
        window.show(over())

    thread = threading.Thread(target=session)
    thread.start()
    thread.join()
    settle()
    assert window.main.isVisible()
    assert not window.bar.isVisible()

    window.show(live(State.VIEWING))
    settle()
    at = hands.click(window.bar.end, customer=None)
    reporter = threading.Thread(
        target=lambda: window.pressed(at, customer=True), daemon=True
    )
    reporter.start()
    reporter.join()
    assert told == []
    settle()
    assert told == [model.EndSession()]


def test_a_press_that_waits_answers_no_question_that_came_after(
    window: QtWindow, hands: Hands, told: list[Command]
) -> None:
    window.show(question(Language.FR, Scope.VIEW))
    settle()
    first = window.main.page
    assert isinstance(first, QuestionPage)
    first.hear()
    hands.click(first.yes, customer=None)
    other = question(Language.FR, Scope.VIEW)
    window.show(model.Question(2, other.text, "X", FIRM, True, other.until))
    settle()
    second = window.main.page
    assert isinstance(second, QuestionPage)
    assert second is not first
    second.hear()
    hands.report(customer=True)
    settle()
    assert told == []


def test_a_question_withdrawn_meanwhile_is_not_answered(
    window: QtWindow, hands: Hands, told: list[Command]
) -> None:
    asked = question(Language.FR, Scope.CONTROL)
    window.show(live(State.VIEWING, question=asked))
    settle()
    page = window.card.page
    assert isinstance(page, QuestionPage)
    page.hear()
    hands.click(page.yes, customer=None)
    window.show(live(State.VIEWING))
    settle()
    hands.report(customer=True)
    assert told == []


def test_a_question_stays_the_same_while_the_session_goes_on(
    window: QtWindow,
) -> None:
    asked = question(Language.FR, Scope.CONTROL)
    window.show(live(State.VIEWING, question=asked))
    settle()
    page = window.card.page
    window.show(live(State.RECLAIMED, question=asked))
    settle()
    assert window.card.page is page
    assert window.card.isVisible()
    assert window.card.geometry().top() > window.bar.geometry().bottom()


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("home", model.Quit()),
        ("code", model.Quit()),
        ("pairing", model.Quit()),
        ("question-view", model.EndSession()),
        ("over", model.Quit()),
        ("stopped", model.Quit()),
    ],
)
def test_closing_leaves_or_ends_what_is_running(
    window: QtWindow, told: list[Command], name: str, command: Command
) -> None:
    window.show(views(Language.FR)[name])
    settle()
    window.main.close()
    assert told == [command]
    assert window.main.isVisible()


def test_closing_the_question_in_a_session_is_a_no_and_the_session_goes_on(
    window: QtWindow, told: list[Command]
) -> None:
    window.show(views(Language.FR)["question-control"])
    settle()
    window.card.close()
    assert told == [Answer(1, False, Hand.MOUSE)]


def test_the_guard_is_told_where_our_windows_are(window: QtWindow) -> None:
    rects: list[Rects] = []
    window.on_rects = rects.append
    window.show(views(Language.FR)["question-control"])
    settle()
    assert rects[-1] == [
        in_desktop_pixels(window.bar),
        in_desktop_pixels(window.card),
    ]
    window.card.move(window.card.pos() + QPoint(0, 7))
    settle()
    assert rects[-1][1] == in_desktop_pixels(window.card)
    window.show(over(EndReason.IDLE))
    settle()
    assert rects[-1] == [in_desktop_pixels(window.main)]
    window.put_away()
    settle()
    assert rects[-1] == []


class Scaled:
    """Stands for a window on a screen with its own corner and scale."""

    def __init__(self, frame: QRect, corner: QPoint, scale: float) -> None:
        self._frame, self._corner, self._scale = frame, corner, scale

    def devicePixelRatioF(self) -> float:
        return self._scale

    def frameGeometry(self) -> QRect:
        return self._frame

    def screen(self) -> "Scaled":
        return self

    def geometry(self) -> QRect:
        return QRect(self._corner, self._frame.size())


@pytest.mark.parametrize(
    ("frame", "corner", "scale", "wanted"),
    [
        (QRect(10, 20, 300, 200), QPoint(0, 0), 1.0, (10, 20, 300, 200)),
        (QRect(10, 20, 300, 200), QPoint(0, 0), 2.0, (20, 40, 600, 400)),
        (QRect(11, 21, 301, 201), QPoint(0, 0), 1.5, (16, 31, 452, 302)),
        (QRect(1930, 20, 300, 200), QPoint(1920, 0), 2.0, (1940, 40, 600, 400)),
        (QRect(-1270, 0, 10, 10), QPoint(-1280, 0), 1.5, (-1265, 0, 15, 15)),
    ],
)
def test_places_are_in_the_desktops_own_pixels(
    qtbot: QtBot, frame: QRect, corner: QPoint, scale: float, wanted: object
) -> None:
    window = Scaled(frame, corner, scale)
    assert in_desktop_pixels(window) == wanted  # type: ignore[arg-type]


def test_quitting_before_running_ends_the_run(window: QtWindow) -> None:
    window.show(model.Home(FIRM, ready=True))
    window.quit()
    late = QTimer()
    late.setSingleShot(True)
    late.timeout.connect(lambda: QApplication.exit(7))
    late.start(20_000)
    window.run()
    assert not window.main.isVisible()
    assert late.isActive()


def test_times_go_on_by_themselves(window: QtWindow, qtbot: QtBot, now: Clock) -> None:
    window.show(question(Language.FR, Scope.VIEW))
    settle()
    page = window.main.page
    assert isinstance(page, QuestionPage)
    now.now += 30
    qtbot.waitUntil(lambda: "1 min 22 s" in page.left.text(), timeout=5000)


@pytest.mark.slow
def test_20_000_repaints_leave_the_interpreter_whole(window: QtWindow) -> None:
    # PySide6 6.12.0 loses a reference of None at each (agent_platform.md 4.1).
    window.show(views(Language.FR)["home"])
    settle()
    page = window.main.page
    assert page is not None
    sign = page._sign  # type: ignore[attr-defined]  # the smallest thing that is drawn
    for _ in range(20_000):
        sign.repaint()
    assert sign.isVisible()
