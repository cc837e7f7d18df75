"""What is on the customer's screen: pictures of known colours, places to type in."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from Xlib.error import BadWindow

from tests.e2e.rig.processes import PATIENCE_S, Program, wait_until
from tests.e2e.rig.xvnc import Desktop
from tests.parts import command

Colour = tuple[int, int, int]

#: Four colours, one a corner, that no toolkit draws by itself and that are far
#: from each other, so that turned, mirrored or swapped channels are seen.
CORNERS: tuple[Colour, Colour, Colour, Colour] = (
    (217, 35, 61),
    (27, 158, 99),
    (38, 70, 214),
    (244, 191, 27),
)


class Painting:
    """A window without frame that shows a grid of colours at a known place.

    The X server keeps it drawn, also after something covered it: the colours
    are the window's background. Nothing else may be at that place.
    """

    def __init__(
        self,
        desktop: Desktop,
        x: int,
        y: int,
        width: int,
        height: int,
        colours: Sequence[Sequence[Colour]] = (CORNERS[:2], CORNERS[2:]),
    ) -> None:
        self.x, self.y, self.width, self.height = x, y, width, height
        self._connection: Any = desktop.connect()
        screen = self._connection.screen()
        self._window = screen.root.create_window(
            x, y, width, height, 0, screen.root_depth, override_redirect=True
        )
        self._context = self._window.create_gc()
        self._fill(colours)
        self._window.map()
        self._connection.sync()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the picture away."""
        self._connection.close()

    def paint(self, colours: Sequence[Sequence[Colour]]) -> None:
        """Show another grid; it is on the screen when this returns."""
        self._fill(colours)
        self._window.clear_area()
        self._connection.sync()

    def colour_at(self, x: int, y: int) -> Colour:
        """Return what the X server has at a place of the screen."""
        image = self._connection.screen().root.get_image(x, y, 1, 1, 2, 0xFFFFFFFF)
        blue, green, red = image.data[:3]
        return red, green, blue

    def middles(self) -> list[list[tuple[int, int]]]:
        """Return the middle of each cell, on the screen, row by row."""
        rows = len(self.colours)
        return [
            [
                (
                    self.x + (2 * column + 1) * self.width // (2 * len(row)),
                    self.y + (2 * at + 1) * self.height // (2 * rows),
                )
                for column in range(len(row))
            ]
            for at, row in enumerate(self.colours)
        ]

    def _fill(self, colours: Sequence[Sequence[Colour]]) -> None:
        self.colours = [list(row) for row in colours]
        depth = self._connection.screen().root_depth
        pixmap = self._window.create_pixmap(self.width, self.height, depth)
        rows = len(self.colours)
        for at, row in enumerate(self.colours):
            top, bottom = (self.height * edge // rows for edge in (at, at + 1))
            for column, (red, green, blue) in enumerate(row):
                left, right = (
                    self.width * edge // len(row) for edge in (column, column + 1)
                )
                self._context.change(foreground=red << 16 | green << 8 | blue)
                pixmap.fill_rectangle(
                    self._context, left, top, right - left, bottom - top
                )
        self._window.change_attributes(background_pixmap=pixmap)
        pixmap.free()


class TypingPlace:
    """A window that writes what is typed into it to a file."""

    def __init__(
        self, desktop: Desktop, program: Program, file: Path, title: str
    ) -> None:
        self.program = program
        self.file = file
        self.title = title
        self._desktop = desktop

    def text(self) -> str:
        """Return what was typed so far."""
        if not self.file.exists():
            return ""
        return self.file.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str, *, within: float = PATIENCE_S) -> None:
        """Wait until exactly this has been typed."""
        wait_until(
            lambda: self.text() == text,
            within=within,
            what=lambda: f"{text!r} typed in {self.title}; it has {self.text()!r}",
        )

    def wait_for_focus(self) -> None:
        """Wait until keys go to this window."""
        wait_until(
            lambda: focused_title(self._desktop) == self.title,
            what=lambda: (
                f"{self.title} has the keyboard, "
                f"not {focused_title(self._desktop)!r}:\n{self.program.text()}"
            ),
        )


def terminal(desktop: Desktop, *, geometry: str = "60x8+40+440") -> TypingPlace:
    """Open an xterm that has the keyboard; Return arrives as a line's end."""
    xterm = command("xterm", package="xterm")
    title, file = "cordee-terminal", desktop.home / "terminal.txt"
    program = desktop.start(
        xterm,
        # Characters as UTF-8, and no menu of its own on Ctrl and a button.
        *("-u8", "-xrm", "XTerm*omitTranslation: popup-menu"),
        *("-T", title, "-geometry", geometry),
        *("-e", "sh", "-c", 'stty -icanon; exec cat > "$1"', "sh", str(file)),
        XMODIFIERS="@im=none",
    )
    place = TypingPlace(desktop, program, file, title)
    place.wait_for_focus()
    wait_until(file.exists, what="cat in xterm")
    return place


def entry(desktop: Desktop, *, x: int = 40, y: int = 440) -> TypingPlace:
    """Open a Qt line edit that has the keyboard."""
    title, file = "cordee-entry", desktop.home / "entry.txt"
    program = desktop.start(
        *(sys.executable, "-m", "tests.e2e.rig.entry"),
        *(title, file, str(x), str(y)),
        name="entry",
        XMODIFIERS="@im=none",
    )
    place = TypingPlace(desktop, program, file, title)
    place.wait_for_focus()
    wait_until(file.exists, what="the line edit")
    return place


def tk_entry(desktop: Desktop, *, x: int = 40, y: int = 440) -> TypingPlace:
    """Open a Tk entry that has the keyboard."""
    wish = command("wish", package="tk")
    title, file = "cordee-tk", desktop.home / "tk.txt"
    program = desktop.start(
        *(wish, Path(__file__).with_name("entry.tcl")),
        *("--", title, file, str(x), str(y)),
        XMODIFIERS="@im=none",
    )
    place = TypingPlace(desktop, program, file, title)
    place.wait_for_focus()
    wait_until(file.exists, what="the Tk entry")
    return place


def focused_title(desktop: Desktop) -> str | None:
    """Return the title of the window that the window manager says is active."""
    connection = desktop.connect()
    try:
        root = connection.screen().root
        active = root.get_full_property(connection.intern_atom("_NET_ACTIVE_WINDOW"), 0)
        if active is None or not active.value[0]:
            return None
        window = connection.create_resource_object("window", active.value[0])
        name = window.get_full_property(connection.intern_atom("_NET_WM_NAME"), 0)
        if name is None:
            name = window.get_full_property(connection.intern_atom("WM_NAME"), 0)
        return None if name is None else bytes(name.value).decode()
    except BadWindow:  # closed since the manager named it
        return None
    finally:
        connection.close()
