"""The source files these tests look at, and how they are read."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Where each package lies; its tests lie under tests/<folder>/.
PACKAGES = {
    "shared": ROOT / "shared" / "cordee_shared",
    "server": ROOT / "server" / "cordee_server",
    "agent": ROOT / "agent" / "cordee_agent",
}
CONSOLE = PACKAGES["server"] / "console"
VENDOR = CONSOLE / "vendor"


@dataclass(frozen=True)
class Module:
    """One module of ours: where it is and what it says."""

    #: ``shared``, ``server`` or ``agent``.
    folder: str
    #: Its path from the repository's root, for messages.
    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """What Python reads in it."""
        return ast.parse(self.text, self.name)

    @property
    def path(self) -> Path:
        """Its path inside its package."""
        return (ROOT / self.name).relative_to(PACKAGES[self.folder])

    @property
    def dotted(self) -> str:
        """The name it is imported by."""
        words = (PACKAGES[self.folder].name, *self.path.with_suffix("").parts)
        return ".".join(words).removesuffix(".__init__")


def modules() -> list[Module]:
    """Return every Python module of the three packages."""
    return [
        Module(folder, str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for folder, package in PACKAGES.items()
        for path in sorted(package.rglob("*.py"))
    ]


def console_modules() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each of the console's own modules."""
    for path in sorted(CONSOLE.rglob("*.js")):
        if not path.is_relative_to(VENDOR):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def imported(tree: ast.AST, package: str = "") -> Iterator[str]:
    """Yield the dotted names a module imports, relative ones made absolute.

    ``from a.b import c`` yields ``a.b`` and ``a.b.c``: c may be a module.

    Args:
        tree: the module.
        package: the package it is in, for relative imports.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")
                above = above[: len(above) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield base
            for alias in node.names:
                yield f"{base}.{alias.name}"
