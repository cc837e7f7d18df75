"""What processes used: processor time and memory, as Linux counts them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def cpu_ms(pids: Iterable[int]) -> float:
    """Return the processor time of living processes so far, in milliseconds.

    From the scheduler's own counters, to the nanosecond: the usual ticks of 10 ms
    would not see a key.
    """
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for task in (_PROC / str(pid) / "task").iterdir():
                with contextlib.suppress(OSError):
                    total += int((task / "schedstat").read_text().split()[0])
    return total / 1e6


def memory_mb(pids: Iterable[int], field: str = "Pss") -> float:
    """Return the memory of processes, in MB; shared pages count in parts."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            text = (_PROC / str(pid) / "smaps_rollup").read_text()
            found = [line for line in text.splitlines() if line.startswith(f"{field}:")]
            total += sum(int(line.split()[1]) for line in found)
    return total / 1000


def offspring(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text()
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found.extend(child for child, parent in parents.items() if parent == one)
    return found


def load() -> float:
    """Return how many programs wanted a processor in the last minute."""
    return os.getloadavg()[0]
