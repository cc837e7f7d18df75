"""``cordee backup`` and ``cordee restore``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from .backup import read_backup, write_backup
from .commands import Config, say
from .evidence_commands import journal_verify
from .settings import DEFAULT_FILE, load


def backup(
    target: Annotated[Path, typer.Argument(help="A .tar.gz that is not there yet.")],
    config: Config = None,
) -> None:
    """Write settings, keys, database and documents into one file; the relay may run."""
    settings = load(config, os.environ)
    named = config or Path(os.environ.get("CORDEE_CONFIG") or DEFAULT_FILE)
    kept = write_backup(settings, named, target)
    say(f"{target}: {kept.files} files, {kept.size / 1e6:.1f} MB before packing.")
    say("It holds the relay's keys and customers' names: encrypt it before it leaves.")
    for file in kept.outside:
        say(f"Not in it, since it lies elsewhere: {file}")


def restore(
    source: Annotated[Path, typer.Argument(help="A backup.")],
    folder: Annotated[Path, typer.Argument(help="An empty folder for all of it.")],
) -> None:
    """Bring a backup back, check every file, and verify the journal."""
    count = read_backup(source, folder)
    say(f"{folder}: {count} files are back.")
    config = folder / DEFAULT_FILE
    # Wherever the data lay before: they are here now, until the settings say so.
    os.environ["CORDEE_DATA"] = str((folder / "data").resolve())
    journal_verify(first=None, second=None, receipt=None, config=config)
    say(f"Start it: cordee serve --config {config}")
