"""What the operator's commands have in common: settings, the relay's parts, words."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from . import logs
from .parts import Parts, open_parts
from .settings import load

_T = TypeVar("_T")

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", help="Settings file; else CORDEE_CONFIG, else cordee.toml."
    ),
]


def with_parts(config: Path | None, work: Callable[[Parts], Awaitable[_T]]) -> _T:
    """Open the relay's parts, run ``work``, close them."""
    logs.configure(level=logging.WARNING)
    parts = open_parts(load(config, os.environ))

    async def run() -> _T:
        return await work(parts)

    try:
        return asyncio.run(run())
    finally:
        parts.close()


def say(*lines: str) -> None:
    """Write lines as they are: no folding, no colours that a file would keep."""
    out = Console(file=sys.stdout, highlight=False, markup=False, soft_wrap=True)
    for line in lines:
        out.print(line)


def time_text(at_ms: int) -> str:
    """Return a time of day as a person reads it, in UTC, to the second."""
    at = dt.datetime.fromtimestamp(at_ms / 1000, tz=dt.UTC)
    return at.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
