"""Writes ``docs/security/sbom.cdx.json``: what Cordée is made of, as CycloneDX 1.5.

Out of the locks and ``console/vendor/VENDOR.json``, so it says what is installed and
served, and nothing else; ``make lock`` runs it. Of what runs, ``scope`` is required; of
what only builds and tests, excluded.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
FILE: Final = ROOT / "docs" / "security" / "sbom.cdx.json"
RUNTIME: Final = ROOT / ".ci" / "runtime.lock"
DEV: Final = ROOT / ".ci" / "dev.lock"
VENDOR: Final = ROOT / "server" / "cordee_server" / "console" / "vendor"

_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, set[str]]:
    """Return each locked name with its versions: one, or one for each Python."""
    found: dict[str, set[str]] = {}
    for name, version in _PIN.findall(lock.read_text("utf-8")):
        found.setdefault(name, set()).add(version)
    return found


def components() -> Iterator[dict[str, Any]]:
    """Yield what is installed, then what is served to browsers."""
    needed = pins(RUNTIME)
    for name, versions in sorted(pins(DEV).items()):
        for version in sorted(versions):
            yield {
                "type": "library",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name}@{version}",
                "bom-ref": f"pkg:pypi/{name}@{version}",
                "scope": "required" if name in needed else "excluded",
            }
    listed = json.loads((VENDOR / "VENDOR.json").read_text("utf-8"))["files"]
    for one in listed:
        ref = f"{one['package']}@{one['version']}"
        yield {
            "type": "file",
            "name": f"{one['package']}: {one['file']}",
            "version": one["version"],
            "bom-ref": f"vendor/{one['file']}",
            "scope": "required",
            "licenses": [{"license": {"id": one["licence"]}}],
            "hashes": [{"alg": "SHA-256", "content": one["sha256"]}],
            "description": f"served to browsers, out of {ref}",
        }


def bill() -> dict[str, Any]:
    """Return the whole bill of materials."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
                "bom-ref": f"pkg:pypi/{project['name']}@{project['version']}",
            }
        },
        "components": list(components()),
    }


def main() -> None:
    """Write the file, if it says something else now."""
    text = json.dumps(bill(), indent=1, ensure_ascii=True) + "\n"
    if not FILE.exists() or FILE.read_text("utf-8") != text:
        FILE.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {FILE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
