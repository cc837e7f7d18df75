"""The documentation's pictures are drawn from the window itself, and are small."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image

from cordee_agent.window.model import View
from cordee_shared.session.consent import Language
from tests.agent.window.screens import DOCS, views
from tests.e2e.rig.processes import ROOT

_LIMIT_BYTES = 150_000


def test_every_picture_of_the_documentation_is_there_and_small() -> None:
    for file in DOCS.values():
        picture = ROOT / "docs" / "images" / f"{file}.png"
        assert 2_000 < picture.stat().st_size < _LIMIT_BYTES


@pytest.mark.slow
def test_they_can_be_drawn_again(tmp_path: Path) -> None:
    module = "tests.agent.window.screens"
    subprocess.run(
        [sys.executable, "-m", module, str(tmp_path), "--docs"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        timeout=100,
    )
    drawn = {file.stem: file for file in tmp_path.glob("*.png")}
    assert drawn.keys() == set(DOCS.values())
    for file in drawn.values():
        assert file.stat().st_size < _LIMIT_BYTES
        with Image.open(file) as picture:
            assert min(picture.size) > 80


def test_every_kind_of_view_is_drawn(language: Language) -> None:
    kinds = {type(view) for view in views(language).values()}
    assert kinds == set(get_args(View))
