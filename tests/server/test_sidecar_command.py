"""The sidecar as the operator's command writes it and the agent reads it."""

from pathlib import Path

import pytest

from cordee_agent.provision import told_by
from tests.server.test_cli import Run, cordee, relay

__all__ = ["cordee", "relay"]


@pytest.mark.slow
def test_the_agent_reads_what_the_command_wrote(
    cordee: Run,
    relay: Path,
    tmp_path: Path,
) -> None:
    done = cordee("sidecar")
    assert done.returncode == 0, done.stderr
    told = told_by(tmp_path / "cordee-agent")
    assert told is not None
    assert told.organisation == "Aide & Cie"
    assert told.phone == "01 23 45 67 89"
    assert told.key in cordee("init").stdout
