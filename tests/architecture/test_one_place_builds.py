"""One place builds everything: only the composition root knows an adapter."""

import pytest

from tests.architecture.sources import Module, imported, modules

ADAPTERS = "cordee_server.adapters"
ROOT_MODULE = "cordee_server.parts"


def reached(module: Module) -> list[str]:
    """Return the adapters a module imports that must not know any."""
    if module.dotted == ROOT_MODULE or is_inside(module.dotted):
        return []
    package = module.dotted
    if module.path.name != "__init__.py":
        package = package.rpartition(".")[0]
    return [name for name in imported(module.tree, package) if is_inside(name)]


def is_inside(name: str) -> bool:
    return name == ADAPTERS or name.startswith(f"{ADAPTERS}.")


@pytest.mark.parametrize(
    "module",
    [module for module in modules() if module.folder == "server"],
    ids=lambda module: module.name,
)
def test_only_the_composition_root_knows_an_adapter(module: Module) -> None:
    assert reached(module) == []


@pytest.mark.parametrize(
    "fault",
    [
        "from cordee_server.adapters.sql import engine",
        "from ..adapters import memory",
        "import cordee_server.adapters.system",
    ],
)
def test_a_service_that_chooses_its_adapter_is_found(fault: str) -> None:
    name = "server/cordee_server/services/journal.py"
    assert reached(Module("server", name, fault)) != []


def test_the_root_and_the_adapters_themselves_are_left_alone() -> None:
    text = "from cordee_server.adapters.sql import engine"
    for name in ("parts.py", "adapters/memory.py"):
        assert reached(Module("server", f"server/cordee_server/{name}", text)) == []
