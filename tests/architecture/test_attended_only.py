"""What Cordée refuses to have: nobody helps a computer that nobody sits at.

Unattended access, starting with the computer, hidden windows, blocked local
input and a darkened screen are features elsewhere. They are kept out here by
their names, and by the names of the system calls they need.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.architecture.sources import console_modules, modules

#: What each is for, and how it would be called. Words may be joined in any way:
#: auto_start, autoStart, AutoStart, auto-start.
#: Where a name stands because it is refused: no received file is called so (S-39).
REFUSING = {
    ("shared/cordee_shared/wire/filename.py", "autorun.inf"),
    ("server/cordee_server/console/wire/filename.js", "autorun"),
}
REFUSED = {
    "help without anybody there": (
        "unattended",
        "auto accept",
        "accept automatically",
        "always allow",
        "always accept",
        "remember consent",
        "permanent password",
        "wake on lan",
    ),
    "starting with the computer": (
        "auto start",
        "autorun",
        "run at login",
        "run at startup",
        "start at login",
        "launch agents",
        "launch daemons",
        "install service",
        "create service",
        "schtasks",
        "login item",
    ),
    "a hidden window": (
        "hidden window",
        "hide window",
        "hide banner",
        "stealth",
        "silent mode",
        "invisible mode",
    ),
    "blocking the customer's input": (
        "block input",
        "blocks input",
        "lock input",
        "disable input",
        "disable keyboard",
        "disable mouse",
        "grab pointer",
        "grab keyboard",
        "grab device",
        "grab server",
        "clip cursor",
    ),
    "a darkened screen": (
        "black screen",
        "blank screen",
        "dark screen",
        "privacy screen",
        "privacy mode",
        "curtain",
        "monitor power",
        "force dpms",
        "dpms force",
    ),
}

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words(name: str) -> str:
    """Return a name as words: ``XGrabPointer`` is `` x grab pointer ``."""
    return f" {' '.join(word.lower() for word in _WORDS.findall(name))} "


def refused_in(name: str) -> str | None:
    """Return what a name stands for that we refuse to have."""
    # Both as words and run together: BlockInput and blockinput.
    spaced = words(name)
    joined = spaced.replace(" ", "")
    for what, phrases in REFUSED.items():
        for phrase in phrases:
            if f" {phrase} " in spaced or phrase.replace(" ", "") in joined:
                return what
    return None


def python_names(text: str) -> Iterator[tuple[int, str]]:
    """Yield every identifier, and every string that is not a docstring."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME:
            yield token.start[0], token.string
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        )
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.lineno, node.value


_COMMENT = re.compile(r"/\*[\s\S]*?\*/|(?<!:)//[^\n]*")
_JS_NAME = re.compile(r"[A-Za-z_$][\w$]*")


def javascript_names(text: str) -> Iterator[tuple[int, str]]:
    """Yield every word that is not in a comment."""
    code = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(code.splitlines(), start=1):
        for found in _JS_NAME.finditer(line):
            yield number, found[0]


def sources() -> Iterator[tuple[str, list[tuple[int, str]]]]:
    for module in modules():
        yield module.name, list(python_names(module.text))
    for name, text in console_modules():
        yield name, list(javascript_names(text))


@pytest.mark.parametrize(
    ("file", "names"), [pytest.param(*source, id=source[0]) for source in sources()]
)
def test_r34_s23_no_code_has_what_we_refuse(
    file: str, names: list[tuple[int, str]]
) -> None:
    found = [
        f"{file}:{line}: {name!r}: {what}"
        for line, name in [(0, file), *names]
        if (what := refused_in(name)) is not None and (file, name) not in REFUSING
    ]
    assert found == []


@pytest.mark.parametrize(
    "name",
    [
        "unattended",
        "UnattendedAccess",
        "enable_auto_start",
        "autoStart",
        "--autostart",
        "BlockInput",
        "blockinput",
        "XGrabKeyboard",
        "root.grab_pointer",
        "xinput_grab_device",
        "ClipCursor",
        "HKCU\\Software\\AutoRun",
        "~/Library/LaunchAgents",
        "showBlackScreen",
        "privacy-screen",
    ],
)
def test_a_refused_feature_is_known_by_its_name(name: str) -> None:
    assert refused_in(name) is not None


@pytest.mark.parametrize(
    "name",
    ["Screen.grab", "block_size", "input_queue", "start", "hide_screen", "keyboard"],
)
def test_other_names_are_left_alone(name: str) -> None:
    assert refused_in(name) is None


def test_names_are_found_in_python_and_in_javascript() -> None:
    python = '"""Has no block_input."""\ndef f():\n    lib["BlockInput"]()\n'
    assert [line for line, name in python_names(python) if refused_in(name)] == [3]
    script = "// no autostart\nconst a = { autoStart: 1 };\n"
    assert [line for line, name in javascript_names(script) if refused_in(name)] == [2]
