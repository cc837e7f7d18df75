"""The relay's services with both ends on stage."""

from pathlib import Path

import pytest

from tests.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """One node on which nothing has happened yet."""
    return Stage(tmp_path)
