"""What a test needs from the machine, and what happens when it is not there.

On a developer's machine a test that lacks a part is skipped, and the end of the
run says which parts were missing. With ``CORDEE_NO_MISSING=1``, as `.ci/run`
sets it, the test fails instead: nothing may go untested unseen.
"""

import os
import re
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

#: How a skip for a missing part begins; the end of the run lists these.
PREFIX = "missing: "

#: What the loader says of a shared library that is not installed.
_LIBRARY = re.compile(r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file")


def nothing_may_be_missing() -> bool:
    """Whether a missing part is a failure here."""
    return os.environ.get("CORDEE_NO_MISSING") == "1"


def missing(part: str) -> NoReturn:
    """End the running test: it needs a part that is not here."""
    if nothing_may_be_missing():
        pytest.fail(f"{PREFIX}{part}", pytrace=False)
    pytest.skip(f"{PREFIX}{part}")


def command(*names: str, package: str) -> Path:
    """Return the first of these commands that exists.

    Args:
        names: commands any of which would do.
        package: Debian's package for it, named when there is none.
    """
    for name in names:
        if (found := shutil.which(name)) is not None:
            return Path(found)
    missing(f"{names[0]} (Debian: {package})")


def missing_library(message: str) -> str | None:
    """Return the shared library whose absence an ImportError reports."""
    found = _LIBRARY.search(message)
    return found and found[1]
