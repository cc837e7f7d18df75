from pathlib import Path

import pytest

from cordee_server.adapters.shelf import FileShelf
from cordee_shared.errors import Unavailable


async def test_what_is_written_is_there(tmp_path: Path) -> None:
    shelf = FileShelf(tmp_path / "documents")
    assert await shelf.names() == set()
    assert await shelf.read("a.pdf") is None
    await shelf.write("a.pdf", b"1")
    await shelf.write("a.pdf", b"2")
    assert await shelf.read("a.pdf") == b"2"
    assert await shelf.names() == {"a.pdf"}


async def test_only_the_relays_account_may_look_into_it(tmp_path: Path) -> None:
    await FileShelf(tmp_path / "documents").write("a.pdf", b"1")
    assert (tmp_path / "documents").stat().st_mode & 0o077 == 0
    assert (tmp_path / "documents" / "a.pdf").stat().st_mode & 0o077 == 0


async def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    shelf = FileShelf(file)
    with pytest.raises(Unavailable):
        await shelf.write("a.pdf", b"1")
    with pytest.raises(Unavailable):
        await shelf.read("a.pdf")
    with pytest.raises(Unavailable):
        await shelf.names()
