"""Draws docs/images/justificatif*.png out of real documents, by poppler's pdftoppm.

``python -m tests.make_document_pictures`` writes them again.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Final

from cordee_server.adapters.pdf import FpdfPress
from tests.shared.billing.test_justificatif import papers

IMAGES: Final = Path(__file__).parents[1] / "docs" / "images"
#: Name of the picture, and of the sample it shows the first page of.
SHOWN: Final = {
    "justificatif": "franchise-consumer",
    "justificatif-professional": "standard-professional",
    "justificatif-parked": "parked",
}


def draw(into: Path) -> None:
    """Draw the first page of each sample, at 76 dots an inch."""
    for picture, name in SHOWN.items():
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(FpdfPress().typeset(papers()[name], ()))
            file.flush()
            command = ["pdftoppm", "-r", "76", "-png", "-singlefile", file.name]
            subprocess.run([*command, str(into / picture)], check=True)


if __name__ == "__main__":
    draw(IMAGES)
