"""What a process used is seen, to less than a key; what is gone counts nothing."""

import os
import subprocess
import sys

from benchmarks.line import usage

GONE = 2**22 + 1


def test_processor_time_that_was_used_is_seen() -> None:
    before = usage.cpu_ms([os.getpid()])
    total = 0
    while usage.cpu_ms([os.getpid()]) <= before:
        total += sum(range(10_000))
    assert total > 0
    assert usage.cpu_ms([GONE]) == 0


def test_memory_is_seen() -> None:
    mine = [os.getpid()]
    assert 0 < usage.memory_mb(mine) <= usage.memory_mb(mine, "Rss")
    assert usage.memory_mb([GONE]) == 0


def test_children_of_children_belong_to_a_process() -> None:
    script = (
        "import subprocess, sys;"
        "child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=0);"
        "print(child.pid, flush=True); child.wait()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert set(usage.offspring(parent.pid)) >= {parent.pid, child}
        assert child in usage.offspring(os.getpid())
        parent.communicate("\n")
    assert usage.load() >= 0
