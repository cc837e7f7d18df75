"""A module is small and named after a thing."""

from pathlib import PurePath

import pytest

from tests.architecture.sources import ROOT, console_modules, modules

LONGEST = 400

#: Names of a shape: what is in such a file has no place yet.
SHAPES = {
    "base",
    "common",
    "core",
    "helpers",
    "lib",
    "manager",
    "misc",
    "util",
    "utils",
}

#: A shape is the right name here, and this is why.
NAMED_SO = {
    "agent/cordee_agent/desktops/base.py": "what every desktop gives",
}


def ours() -> dict[str, str]:
    """Return the name and the text of every module, Python's and the console's."""
    return {module.name: module.text for module in modules()} | dict(console_modules())


def is_a_shape(name: str) -> bool:
    path = PurePath(name)
    if name in NAMED_SO:
        return False
    # What a desktop calls its system's own library by.
    if path.name == "lib.py" and path.parts[-3] == "desktops":
        return False
    return any(part in SHAPES for part in (*path.parts[:-1], path.stem))


@pytest.mark.parametrize(("name", "text"), ours().items(), ids=list(ours()))
def test_no_module_is_too_long_to_be_read(name: str, text: str) -> None:
    lines = len(text.splitlines())
    if lines > LONGEST:
        pytest.fail(f"{name} has {lines} lines", pytrace=False)


def test_no_module_is_named_after_its_shape() -> None:
    assert [name for name in ours() if is_a_shape(name)] == []


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("server/cordee_server/utils.py", True),
        ("server/cordee_server/helpers/text.py", True),
        ("server/cordee_server/console/common.js", True),
        ("agent/cordee_agent/desktops/x11/lib.py", False),
        ("agent/cordee_agent/desktops/base.py", False),
        ("agent/cordee_agent/window/base.py", True),
        ("shared/cordee_shared/canonical.py", False),
    ],
)
def test_a_shape_is_told_from_a_thing(name: str, shape: bool) -> None:
    assert is_a_shape(name) is shape


def test_the_top_level_holds_what_was_agreed() -> None:
    folders = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith(".")
    }
    built = {"build", "dist", "site", "data"}
    assert folders - built <= {
        "agent",
        "benchmarks",
        "docs",
        "server",
        "shared",
        "tests",
    }
