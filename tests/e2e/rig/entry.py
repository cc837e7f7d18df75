"""A line edit on the customer's desktop: ``python -m tests.e2e.rig.entry``.

Arguments: the window's title, the file that gets the text on each change, and
the window's place, x and y.
"""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit


def main(title: str, file: Path, x: int, y: int) -> int:
    """Show the line edit until the program is ended."""
    app = QApplication([title])
    edit = QLineEdit()
    edit.setWindowTitle(title)
    edit.setGeometry(x, y, 480, 60)

    def write(text: str) -> None:
        half = file.with_suffix(".half")
        half.write_text(text, encoding="utf-8")
        half.replace(file)

    edit.textChanged.connect(write)
    edit.show()
    edit.activateWindow()
    write("")
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
