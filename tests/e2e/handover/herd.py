"""Starts senders that are to be killed: one process that has imported, then forks.

A line on standard input starts one; its process id is answered. The child opens the
relay's data folder and runs the relay's own sending task, and nothing else of it: what
is killed is what is tried, and Python's start is not paid two dozen times.
"""

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import cordee_server.adapters.sql.migrate  # noqa: F401 - slow to import: once is enough
from cordee_server import logs
from cordee_server.app import deliveries_of
from cordee_server.parts import check_sending, open_parts
from cordee_server.settings import load


def send(config: Path) -> None:
    """Send what is due until somebody kills this process."""
    logs.configure()
    parts = open_parts(load(config, {}))
    check_sending(parts.settings)
    deliveries = deliveries_of(parts, Counter())
    assert deliveries is not None
    asyncio.run(deliveries.run())


def main() -> None:
    """Start senders until standard input ends."""
    config, log = map(Path, sys.argv[1:3])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        pid = os.fork()
        if pid:
            os.write(1, f"{pid}\n".encode())
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(output, stream)
        os.close(0)
        send(config)


if __name__ == "__main__":
    main()
