import json
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordee_shared.errors import NameRefused
from cordee_shared.limits import FILE_NAME_BYTES_MAX
from cordee_shared.wire.filename import numbered, safe_name

_FILE = Path(__file__).parents[3] / "shared" / "vectors" / "filename.json"
VECTORS: dict[str, Any] = json.loads(_FILE.read_text())

#: Pieces that names are attacked with, so that generated ones are worth the time.
PIECES = st.sampled_from(
    [
        *["..", ".", "/", "\\", ":", " ", "CON", "nul", "com1", "a", "é", "-", "_"],
        *["\u202e", "\u200b", "\x00", "\n", "\uff0f", "\uf03a", "desktop.ini", ".exe"],
        *["\ud83d", "e\u0301", "\u3000", "🧗", "x" * 90, ".tar.gz", "¹", "$"],
    ]
)
NAMES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))


@pytest.mark.parametrize(
    "vector", VECTORS["names"], ids=[one["tries"] for one in VECTORS["names"]]
)
def test_s39_a_name_never_leaves_the_folder(vector: dict[str, Any]) -> None:
    if vector.get("refused"):
        with pytest.raises(NameRefused):
            safe_name(vector["announced"])
    else:
        assert safe_name(vector["announced"]) == vector["name"]
        stays_in_its_folder(vector["name"])


@pytest.mark.parametrize("vector", VECTORS["numbered"])
def test_s39_a_taken_name_has_a_next_one(vector: dict[str, Any]) -> None:
    assert numbered(vector["name"], vector["number"]) == vector["next"]
    stays_in_its_folder(vector["next"])


@given(announced=NAMES)
def test_s39_any_name_is_safe_or_refused_and_safe_names_stay(announced: str) -> None:
    try:
        name = safe_name(announced)
    except NameRefused:
        return
    stays_in_its_folder(name)
    assert safe_name(name) == name
    stays_in_its_folder(numbered(name, 2))


def test_s39_a_safe_name_makes_one_file_in_the_folder(tmp_path: Path) -> None:
    for vector in VECTORS["names"]:
        if name := vector.get("name"):
            with (tmp_path / name).open("xb") as made:
                made.write(b"x")
            (tmp_path / name).unlink()
            assert list(tmp_path.iterdir()) == []


def stays_in_its_folder(name: str) -> None:
    """Assert what both kinds of system need of a name."""
    for flavour in (PurePosixPath, PureWindowsPath):
        inside = flavour("folder") / name
        assert inside.parts == ("folder", name)
        assert not flavour(name).is_absolute()
    assert not PureWindowsPath(name).is_reserved()
    assert name == unicodedata.normalize("NFC", name)
    assert len(name.encode()) <= FILE_NAME_BYTES_MAX
    assert name[-1] not in ". "
    assert name[0] not in ". -"
    assert not set('<>:"/\\|?*') & set(name)
    hidden = [c for c in name if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert hidden == []
    assert not any(unicodedata.bidirectional(c) in DIRECTIONS for c in name)


DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
