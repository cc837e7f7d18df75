"""Starts relays that are to be killed: one process that has imported, then forks.

A line on standard input starts one; its process id is answered. The child is what
``cordee serve`` is, from its first line on; Python's start is not paid a hundred times.
"""

from __future__ import annotations

import os
import signal
import sys

# Slow to import: once is enough.
import cordee_server.adapters.sql.migrate
import cordee_server.app
import cordee_server.serving  # noqa: F401 - the same as above
from cordee_server import cli


def main() -> None:
    """Start relays until standard input ends."""
    config, log = sys.argv[1:3]
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
        sys.argv = ["cordee", "serve", "--config", config]
        cli.main()
        os._exit(0)


if __name__ == "__main__":
    main()
