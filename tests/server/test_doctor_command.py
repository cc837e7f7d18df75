"""The command on a relay that does not run."""

from pathlib import Path

import pytest

from tests.server.test_cli import Run, cordee, relay

__all__ = ["cordee", "relay"]


@pytest.mark.slow
def test_a_relay_that_is_not_running_is_wrong_and_says_so(
    cordee: Run, relay: Path
) -> None:
    done = cordee("doctor", CORDEE_PUBLIC_ORIGIN="http://localhost:9")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert any(line.startswith("ok     database: ") for line in lines)
    (wrong,) = [line for line in lines if line.startswith("WRONG  address: ")]
    assert "http://localhost:9 does not answer" in wrong
