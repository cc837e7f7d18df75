"""Only the gate calls an Injector: whatever moves the pointer asks it first."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import ROOT, Module, modules

BASE = ROOT / "agent" / "cordee_agent" / "desktops" / "base.py"
GATE = "agent/cordee_agent/guard/gate.py"


def injector_methods(source: str) -> set[str]:
    """Return the names of an Injector's methods, from its definition."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == "Injector":
            return {m.name for m in node.body if isinstance(m, ast.FunctionDef)}
    return set()


def injectors(tree: ast.Module) -> set[str]:
    """Return the names that hold an injector in a module.

    Those annotated as one, those that get one by calling an Injector's class or
    a function named after it, and those that are called one.
    """
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name, annotation=annotation) if names_one(annotation):
                found.add(name)
            case ast.AnnAssign(target=target, annotation=annotation) if names_one(
                annotation
            ):
                found.add(last_name(target))
            case ast.Assign(targets=targets, value=value) if (
                names_one(value) or last_name(value) in found
            ):
                found |= {last_name(target) for target in targets}
            case ast.Name() | ast.Attribute() if names_one(node):
                found.add(last_name(node))
    return found - {""}


def names_one(node: ast.AST | None) -> bool:
    """Whether an expression speaks of an injector."""
    if node is None:
        return False
    match node:
        case ast.Call(func=func):
            return names_one(func)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return "injector" in name.lower()
        case ast.Constant(value=str(text)):
            return "Injector" in text
        case ast.BinOp(left=left, right=right):
            return names_one(left) or names_one(right)
        case _:
            return False


def last_name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def calls(tree: ast.Module, methods: set[str]) -> Iterator[tuple[int, str]]:
    """Yield line and text of each call of an injector's method."""
    held = injectors(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on = node.func.value
            if isinstance(on, ast.Call):
                on = on.func
            if node.func.attr in methods and last_name(on) in held:
                yield node.lineno, ast.unparse(node)


def may_call(module: Module) -> bool:
    """The gate, and an injector itself, which may use its own methods."""
    return module.name == GATE or module.path.match("desktops/*/injector.py")


@pytest.fixture(scope="module")
def methods() -> set[str]:
    return injector_methods(BASE.read_text(encoding="utf-8"))


def test_an_injector_can_do_something(methods: set[str]) -> None:
    assert methods >= {"move", "button", "key", "release_all"}


def test_only_the_gate_calls_an_injector(methods: set[str]) -> None:
    found = [
        f"{module.name}:{line}: {text}"
        for module in modules()
        if module.folder == "agent" and not may_call(module)
        for line, text in calls(module.tree, methods)
    ]
    assert found == []


@pytest.mark.parametrize(
    "fault",
    [
        "def f(injector):\n    injector.move(1, 2)",
        "def f(hand: Injector):\n    hand.move(1, 2)",
        "def f(hand: 'Injector | None'):\n    hand.move(1, 2)",
        "def f(hand: base.Injector | None):\n    hand.release_all()",
        "class A:\n    def f(self):\n        self._injector.key('KeyA', 'a', down=1)",
        "X11Injector(display).move(1, 2)",
        "hand = X11Injector(display)\nhand.move(1, 2)",
        "class A:\n    hand: Injector\n    def f(self):\n        self.hand.move(1, 2)",
        "class A:\n    def __init__(self):\n        self._hand = open_injector()\n"
        "    def f(self):\n        self._hand.wheel(0, 120)",
    ],
)
def test_a_way_round_the_gate_is_found(fault: str, methods: set[str]) -> None:
    assert list(calls(ast.parse(fault), methods))


@pytest.mark.parametrize(
    "honest",
    [
        "def f(window):\n    window.move(1, 2)",
        "def f(injector):\n    gate = Gate(injector)\n    gate.move(1, 2)",
        "def f(injector):\n    injector.name()",
    ],
)
def test_what_asks_the_gate_is_left_alone(honest: str, methods: set[str]) -> None:
    assert list(calls(ast.parse(honest), methods)) == []
