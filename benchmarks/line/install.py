"""Brings what only the comparison needs: ``python -m benchmarks.line.install``.

noVNC, websockify and x11vnc come from Debian (as root), MeshCentral with its agent from
npm, into `.bench/`. Neither `make setup` nor continuous integration asks for them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from benchmarks.line.peers import KEPT

DEBIAN: Final = ("novnc", "websockify", "x11vnc")
NPM: Final = "meshcentral@1.1.55"


def main() -> int:
    """Install both; say in one line what could not be."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    mesh = KEPT / "meshcentral"
    mesh.mkdir(parents=True, exist_ok=True)
    package = mesh / "package.json"
    if not package.exists():
        package.write_text('{"private": true}\n', encoding="utf-8")
    failed = 0
    for words, folder in (
        (["apt-get", "install", "-y", "--no-install-recommends", *DEBIAN], KEPT),
        (["npm", "install", "--no-audit", "--no-fund", NPM], mesh),
    ):
        done = subprocess.run(words, cwd=folder, env=env, check=False)
        if done.returncode:
            failed = 1
            sys.stderr.write(f"this failed: {' '.join(words)}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
