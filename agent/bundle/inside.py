"""List what is packed: packages, versions, licences. Run by the packed environment.

Writes ``about.txt`` for people and ``sbom.json`` (CycloneDX 1.6) for programs. No
date and no serial number: the same packages give the same bytes.
"""

from __future__ import annotations

import json
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

#: Installed to build with, and not packed.
BUILDERS: Final = {
    "altgraph",
    "packaging",
    "pip",
    "pyinstaller-hooks-contrib",
    "setuptools",
    "wheel",
}
#: Excluded by name in ``pruning.py``.
LEFT_OUT: Final = {
    "cffi",
    "pycparser",
}


def packed() -> list[dict[str, str]]:
    """Return name, version and licence of each package, by name."""
    found = [
        {"name": "Python", "version": platform.python_version(), "licence": "PSF-2.0"}
    ]
    for each in metadata.distributions():
        name = each.metadata["Name"]
        if name.lower().replace("_", "-") in BUILDERS | LEFT_OUT:
            continue
        found.append(
            {"name": name, "version": each.version, "licence": licence(each.metadata)}
        )
    return sorted(found, key=lambda one: one["name"].lower())


def licence(told: metadata.PackageMetadata) -> str:
    """Return a package's licence in its own words, the shortest that it gives."""
    if "License-Expression" in told:
        return told["License-Expression"]
    classes = [
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    words = told["License"].splitlines() if "License" in told else []
    return "; ".join(classes) or (words[0] if words else "see its files")


def main() -> None:
    """Write both lists into a folder."""
    folder = Path(sys.argv[1])
    found = packed()
    lines = [f"{one['name']} {one['version']}: {one['licence']}\n" for one in found]
    (folder / "about.txt").write_text("".join(lines), "utf-8")
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [
            {
                "type": "library",
                "name": one["name"],
                "version": one["version"],
                "licenses": [{"license": {"name": one["licence"]}}],
                "purl": f"pkg:pypi/{one['name'].lower()}@{one['version']}",
            }
            for one in found
        ],
    }
    (folder / "sbom.json").write_text(json.dumps(bill, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
