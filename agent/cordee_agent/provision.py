"""Which relay this very file belongs to: its name tells it, or a sidecar beside it.

The file's own name comes first: whoever could only drop a file into the same folder
(a browser's downloads) cannot change where a named program goes. Nothing of this ever
comes from the network (architecture.md, attended only; S-25).
"""

from __future__ import annotations

import sys
from pathlib import Path

from cordee_shared.errors import MalformedFrame, SettingsError, Tampered
from cordee_shared.provision import SIDECAR, SIDECAR_MAX, Provision, from_file_name


def this_program() -> Path | None:
    """Return the downloaded file that is running; ``None`` from an installed package.

    A macOS program is a folder: its name is that of the folder which people see.
    """
    if not getattr(sys, "frozen", False):
        return None
    program = Path(sys.executable)
    for parent in program.parents:
        if parent.suffix == ".app":
            return parent
    return program


def told_by(program: Path) -> Provision | None:
    """Return the relay that a program's name or sidecar tells, if any does.

    Raises:
        SettingsError: there is a sidecar, and it is not as the relay signed it.
    """
    named = from_file_name(program.name)
    if named is not None:
        return named
    beside = program.with_name(SIDECAR)
    try:
        with beside.open("rb") as file:
            data = file.read(SIDECAR_MAX + 1)
    except OSError:
        return None
    try:
        return Provision.read_sidecar(data)
    except (MalformedFrame, Tampered) as error:
        raise SettingsError(
            f"{beside.name}: not as your provider made it ({error}); "
            "download the program again"
        ) from None
