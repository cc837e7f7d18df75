"""What a process used is seen, to less than a key; what is gone counts nothing."""

import os
import subprocess
import sys

from benchmarks.line import usage

GONE = 2**22 + 1


#: Works when it is told to, and says when it has. A process of its own: a thread of
#: this one that ends meanwhile would take its time along.
_WORKS = (
    "print(1, flush=True); input(); sum(range(10**6)); print(2, flush=True); input()"
)


def test_processor_time_that_was_used_is_seen() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()
        before = usage.cpu_ms([child.pid])
        child.stdin.write(b"\n")
        child.stdin.flush()
        child.stdout.readline()
        assert usage.cpu_ms([child.pid]) > before > 0
        child.communicate(b"\n")
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
