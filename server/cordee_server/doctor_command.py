"""``cordee doctor``."""

from __future__ import annotations

import os

import typer

from .commands import Config, say
from .doctor import How, findings
from .settings import load

#: Something is wrong.
WRONG = 1


def doctor(config: Config = None) -> None:
    """Look at everything that usually is wrong, and say what to do; changes nothing."""
    is_wrong = False
    for finding in findings(load(config, os.environ)):
        say(f"{finding.how:<5}  {finding.what}: {finding.sentence}")
        is_wrong |= finding.how is How.WRONG
    if is_wrong:
        raise typer.Exit(WRONG)
