"""Build the customer's file for this system: ``make bundle``.

1. An environment of its own with what the agent needs and nothing else, at the
   versions of this checkout's environment.
2. On Linux, two libraries of data and kernels that the agent never asks anything are
   replaced by small ones (``noicu.c``, ``smallblas.c``).
3. PyInstaller, with a fixed seed and the commit's date: the same commit and the same
   packages give the same bytes.
4. What is inside is told by the file itself: ``--about`` prints versions and licences,
   ``--sbom`` the same as CycloneDX.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
BUILD: Final = ROOT / "build" / "bundle"
DIST: Final = ROOT / "dist"
PYINSTALLER: Final = "pyinstaller==6.22.3"
#: Bytes: a few minutes on a slow line are as long as a worried person waits.
MAX_BYTES: Final = 40_000_000


def main() -> int:
    """Build it, and say where it is, its size and its SHA-256."""
    python = environment()
    if sys.platform == "linux":
        slim(site_packages(python))
    about(python)
    pack(python)
    name = "cordee-agent.exe" if sys.platform == "win32" else "cordee-agent"
    file = DIST / name
    data = file.read_bytes()
    print(f"{file.relative_to(ROOT)}: {len(data) / 1e6:.1f} MB")  # noqa: T201
    print(f"SHA-256 {hashlib.sha256(data).hexdigest()}")  # noqa: T201
    if sys.platform == "linux" and len(data) > MAX_BYTES:
        print(f"more than {MAX_BYTES / 1e6:.0f} MB", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def environment() -> Path:
    """Make the environment that is packed; return its Python."""
    folder = BUILD / "venv"
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    here = subprocess.run(
        [sys.executable, "-m", "pip", "freeze", "--exclude-editable"],
        capture_output=True,
        text=True,
        check=True,
    )
    pins = BUILD / "pins.txt"
    pins.write_text(
        "".join(f"{each}\n" for each in here.stdout.splitlines() if "==" in each),
        "utf-8",
    )
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, "--constraint", pins, PYINSTALLER, f"{ROOT}[agent]")
    return python


def site_packages(python: Path) -> Path:
    """Return where an environment keeps its packages."""
    told = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(told.stdout.strip())


def slim(packages: Path) -> None:
    """Put the small libraries in the place of the large ones."""
    for data in packages.glob("PySide6/Qt/lib/libicudata.so.*"):
        version = re.sub(r".*\.so\.(\d+).*", r"\1", data.name)
        flags = [f"-DICU_VERSION={version}", f"-Wl,-soname,{data.name}"]
        compile_into(data, HERE / "noicu.c", *flags)
    for blas in packages.glob("numpy.libs/libscipy_openblas64_*"):
        compile_into(blas, HERE / "smallblas.c", f"-Wl,-soname,{blas.name}")


def compile_into(target: Path, source: Path, *flags: str) -> None:
    """Compile a C file into a shared library, in the place of another."""
    target.unlink(missing_ok=True)
    cc = os.environ.get("CC", "cc")
    common = (
        "-shared",
        "-fPIC",
        "-O2",
        "-s",
        "-Wall",
        "-Wextra",
        "-Wl,--build-id=none",
    )
    run(cc, *common, *flags, "-o", target, source)


def about(python: Path) -> None:
    """Write what is inside, for the file to tell."""
    folder = BUILD / "about"
    folder.mkdir(parents=True, exist_ok=True)
    run(python, HERE / "inside.py", folder)


def pack(python: Path) -> None:
    """Run PyInstaller, so that the same input gives the same bytes."""
    date = subprocess.run(
        ["git", "log", "-1", "--format=%ct"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    env = os.environ | {
        "SOURCE_DATE_EPOCH": date.stdout.strip() or "1700000000",
        "PYTHONHASHSEED": "1",
    }
    command = [python, "-m", "PyInstaller", "--noconfirm", "--clean"]
    command += [
        "--log-level",
        "ERROR",
        "--distpath",
        DIST,
        "--workpath",
        BUILD / "work",
    ]
    run(*command, HERE / "cordee-agent.spec", env=env)


def run(*command: object, env: dict[str, str] | None = None) -> None:
    """Run a command, or stop with its own words."""
    subprocess.run([str(word) for word in command], check=True, env=env)


if __name__ == "__main__":
    sys.exit(main())
