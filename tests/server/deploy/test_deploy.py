"""The files that an operator deploys with, against what they speak of."""

import re
import subprocess

import pytest

from cordee_server import settings
from cordee_server.relay.metrics import Metrics, Parting
from tests.e2e.rig.processes import ROOT
from tests.parts import missing

DEPLOY = ROOT / "server" / "deploy"


@pytest.mark.platform
def test_the_service_is_left_little() -> None:
    unit = DEPLOY / "cordee.service"
    try:
        told = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        missing("systemd-analyze (Debian: systemd)")
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", told.stdout)
    assert found, told.stdout + told.stderr
    assert float(found[1]) <= 2.0


def test_an_alert_asks_for_figures_that_there_are() -> None:
    told = Metrics().exposition({})
    families = set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))
    text = (DEPLOY / "alerts.yml").read_text(encoding="utf-8")
    asked = {name.removesuffix("_bucket") for name in re.findall(r"\bcordee_\w+", text)}
    assert asked
    assert asked <= families
    partings = set(re.findall(r'partings_total\{reason="(\w+)"\}', text))
    assert partings
    assert partings <= {each.value for each in Parting}


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile"])
def test_a_container_sets_only_what_can_be_set(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    known = {*settings._names(), "CORDEE_CONFIG", "CORDEE_HOST"}
    used = set(re.findall(r"\bCORDEE_[A-Z_]+", text))
    assert used
    assert used <= known
