"""The relay never holds what would open a session: no pairing code in it."""

import ast

import pytest

from tests.architecture.sources import Module, imported, modules

PAIRING = "cordee_shared.pairing"


def openers(module: Module) -> list[str]:
    """Return how a module reaches for the pairing: by import or by its name."""
    package = module.dotted if module.path.name == "__init__.py" else ""
    package = package or module.dotted.rpartition(".")[0]
    found = [
        name
        for name in imported(module.tree, package)
        if name == PAIRING or name.startswith(f"{PAIRING}.")
    ]
    found += [
        node.value
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith(PAIRING)
    ]
    return found


@pytest.mark.parametrize(
    "module",
    [module for module in modules() if module.folder == "server"],
    ids=lambda module: module.name,
)
def test_the_relay_has_no_pairing(module: Module) -> None:
    assert openers(module) == []


@pytest.mark.parametrize(
    "fault",
    [
        "import cordee_shared.pairing",
        "from cordee_shared import pairing",
        "from cordee_shared.pairing.pake import Pake",
        "def f():\n    from cordee_shared.pairing import channel",
        "importlib.import_module('cordee_shared.pairing.channel')",
    ],
)
def test_a_relay_that_could_open_is_found(fault: str) -> None:
    module = Module("server", "server/cordee_server/relay/room.py", fault)
    assert openers(module) != []


def test_what_the_relay_may_import_is_left_alone() -> None:
    text = "from cordee_shared.wire import frames\nfrom . import peer"
    module = Module("server", "server/cordee_server/relay/room.py", text)
    assert openers(module) == []
