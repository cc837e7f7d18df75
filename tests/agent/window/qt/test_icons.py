"""The signs beside the words."""

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QImage
from pytestqt.qtbot import QtBot

from cordee_agent.window.qt.icons import (
    ICON_GAP_PX,
    SIGNS,
    Badge,
    Sign,
    icon,
    initials,
)

FIELD = QRectF(0, 0, 24, 24)


def inked(image: QImage, colour: str) -> int:
    """Count the pixels of exactly this colour."""
    wanted = QColor(colour)
    return sum(
        image.pixelColor(x, y) == wanted
        for x in range(image.width())
        for y in range(image.height())
    )


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_fills_its_field_and_stays_inside(sign: str) -> None:
    place = SIGNS[sign]().boundingRect()
    assert FIELD.contains(place)
    assert max(place.width(), place.height()) >= 15


def test_signs_differ_in_shape_and_not_in_colour_alone() -> None:
    shapes = [SIGNS[sign]() for sign in SIGNS]
    assert all(
        one != other for at, one in enumerate(shapes) for other in shapes[at + 1 :]
    )


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_a_button_has_its_sign_at_every_scale(qtbot: QtBot, scale: float) -> None:
    size = QSize(24 + ICON_GAP_PX, 24)
    picture = icon("tick", "#C8152D").pixmap(size, scale)
    assert picture.size() == size * scale
    assert inked(picture.toImage(), "#C8152D") > 40 * scale


def test_a_sign_can_become_another(qtbot: QtBot) -> None:
    sign = Sign("dot", "#C8152D", 24)
    qtbot.addWidget(sign)
    assert inked(sign.grab().toImage(), "#C8152D") > 100
    sign.become("pause", "#0F7A4B")
    after = sign.grab().toImage()
    assert inked(after, "#C8152D") == 0
    assert inked(after, "#0F7A4B") > 50


def test_a_badge_shows_its_letters(qtbot: QtBot) -> None:
    badge = Badge("CM", 56, "#1557C0")
    qtbot.addWidget(badge)
    image = badge.grab().toImage()
    assert inked(image, "#1557C0") > 1000
    assert inked(image, "#FFFFFF") > 50


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Claire Martin", "CM"),
        ("  Jean-Luc   de la Tour ", "JT"),
        ("Zoé", "Z"),
        ("écume", "É"),
        ("ßen Ali", "SA"),
        ("", "?"),
        ("«» !", "?"),
        ("Claire (Brest)", "C"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_the_sign_of_a_button_that_is_off_is_grey_and_not_lost(qtbot: QtBot) -> None:
    size = QSize(24 + ICON_GAP_PX, 24)
    picture = icon("tick", "white").pixmap(size, 1.0, QIcon.Mode.Disabled)
    image = picture.toImage()
    assert inked(image, "white") == 0
    assert inked(image, "#8A94AE") > 40
