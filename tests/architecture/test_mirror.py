"""Every module has its test, of the same name, in the same place."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, Module, imported, modules


def needs_a_test(module: Module) -> bool:
    if module.path.name == "__main__.py":
        return False
    if only_promises(module.tree):
        return False  # whatever keeps a promise has a test, and a contract
    if "migrations" in module.path.parts:
        return False  # run, all of them, by the stores' contract tests
    if module.path.name == "__init__.py":
        return has_code(module.tree)
    return True


def has_code(tree: ast.Module) -> bool:
    """Whether a module says more than its docstring, its imports and __all__."""
    inert = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Expr)
    return any(not isinstance(node, inert) for node in tree.body)


def only_promises(tree: ast.Module) -> bool:
    """Whether a module defines protocols and records and nothing that acts."""
    protocols = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases)
    ]
    functions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return bool(protocols) and not any(acts(function) for function in functions)


def acts(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function does more than promise, or hand out what is held."""
    for node in function.body:
        match node:
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Return(value=ast.Attribute()):
                pass
            case _:
                return True
    return False


def mirror(module: Module) -> Path:
    """Return where a module's test must be."""
    name = module.path.with_suffix("").name.strip("_")
    return Path("tests") / module.folder / module.path.parent / f"test_{name}.py"


def is_run_by_a_contract(module: Module, contracts: list[set[str]]) -> bool:
    """Whether an adapter is run by the contract test of its port."""
    is_adapter = module.dotted.startswith("cordee_server.adapters.")
    return is_adapter and any(module.dotted in names for names in contracts)


def contracts() -> list[set[str]]:
    return [
        set(imported(ast.parse(path.read_text(encoding="utf-8"))))
        for path in (ROOT / "tests" / "contract").glob("*.py")
    ]


@pytest.mark.parametrize(
    "module", [m for m in modules() if needs_a_test(m)], ids=lambda module: module.name
)
def test_every_module_has_its_test(module: Module) -> None:
    expected = mirror(module)
    if not (ROOT / expected).is_file() and not is_run_by_a_contract(
        module, contracts()
    ):
        pytest.fail(f"{module.name} has no {expected}", pytrace=False)


def test_the_mirror_is_looked_for_in_the_same_place() -> None:
    module = Module("shared", "shared/cordee_shared/wire/frames.py", "x = 1")
    assert mirror(module) == Path("tests/shared/wire/test_frames.py")
    assert needs_a_test(module)
    assert module.dotted == "cordee_shared.wire.frames"


def test_a_package_with_code_in_it_needs_a_test() -> None:
    text = '"""What it is for."""\nfrom .a import b\n'
    name = "shared/cordee_shared/wire/__init__.py"
    assert not needs_a_test(Module("shared", name, text))
    assert needs_a_test(Module("shared", name, text + "def f(): ...\n"))


def test_a_module_that_only_promises_needs_no_test() -> None:
    name = "server/cordee_server/ports.py"
    text = (
        'class A(Protocol):\n    def f(self) -> None:\n        """Do."""\n        ...\n'
    )
    assert not needs_a_test(Module("server", name, text))
    assert needs_a_test(Module("server", name, text + "def g():\n    return 1 + 1\n"))
    assert needs_a_test(Module("server", name, "LIMIT = 4\n"))
