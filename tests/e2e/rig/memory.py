"""What a running process has in its memory, searched from outside as intruders do.

A test that says "nowhere" has to show that it would have found something: search for
what must be there as well.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.e2e.rig.processes import Program


def found_in(program: Program, needles: Mapping[str, bytes]) -> set[str]:
    """Return the names of the needles that are somewhere in a program's memory.

    The program, and what it has started, stand still meanwhile.
    """
    program.freeze()
    try:
        found: set[str] = set()
        for pid in program.group():
            for region in _regions(pid):
                found |= {name for name, needle in needles.items() if needle in region}
        return found
    finally:
        program.thaw()


def encodings(name: str, text: str) -> dict[str, bytes]:
    """Return a text as it may lie in memory, under names that tell how."""
    return {
        f"{name} in {encoding}": text.encode(encoding)
        for encoding in ("utf-8", "utf-16-le", "utf-32-le")
    }


def _regions(pid: int) -> Iterator[bytes]:
    """Yield what a process has written to, region by region."""
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue  # a program's own text: the same in every process
            start, end = (int(part, 16) for part in span.split("-"))
            # A few regions of the kernel's own are listed and cannot be read.
            with contextlib.suppress(OSError):
                yield os.pread(memory, end - start, start)
    finally:
        os.close(memory)
