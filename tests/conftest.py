"""What every test may use, and what a run says about missing parts."""

import os
from collections import Counter
from collections.abc import Generator

import pytest
from hypothesis import settings

from tests.clock import ManualClock
from tests.parts import PREFIX, missing, missing_library, nothing_may_be_missing

# A window under test is drawn in memory. Processes started by tests/e2e/rig
# get an environment of their own and use a real X server.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# A busy machine is no wrong example; pytest-timeout ends what hangs.
settings.register_profile("cordee", deadline=None)
settings.load_profile("cordee")


@pytest.fixture
def clock() -> ManualClock:
    """Time that moves when the test says so."""
    return ManualClock()


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Skip a file whose imports lack a library of the system."""
    report = yield
    if report.outcome == "failed" and not nothing_may_be_missing():
        library = missing_library(str(report.longrepr))
        if library is not None:
            report.outcome = "skipped"
            report.longrepr = (str(collector.path), 0, f"Skipped: {PREFIX}{library}")
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say which part is missing when Qt's plugin was left out for want of it."""
    if "qtbot" in getattr(
        item, "fixturenames", ()
    ) and not item.config.pluginmanager.has_plugin("pytest-qt"):
        missing("the libraries Qt needs")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the parts that were missing, once each, where they are seen."""
    parts: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", ()):
        if isinstance(report.longrepr, tuple):
            reason = report.longrepr[2].removeprefix("Skipped: ")
            if reason.startswith(PREFIX):
                parts[reason.removeprefix(PREFIX)] += 1
    if parts:
        terminalreporter.section("parts that are missing here")
        for part, tests in sorted(parts.items()):
            terminalreporter.line(f"{part}: {tests} skipped")
