"""The journal's checkpoint, elsewhere, once a day."""

from pathlib import Path

import pytest

from cordee_server.adapters.shelf import FileShelf
from cordee_server.keyfiles import public_bytes
from cordee_server.parts import initialise, open_parts
from cordee_server.services.anchor import Anchor
from cordee_server.services.inspection import Inspection
from cordee_shared.errors import Tampered, Unavailable
from cordee_shared.journal.notice import NoticeKind
from tests.clock import ManualClock
from tests.house import settings_in

DAY_S = 86_400


async def test_each_day_has_one_file_and_the_journal_grew_from_one_to_the_next(
    tmp_path: Path,
) -> None:
    initialise(settings_in(tmp_path))
    parts = open_parts(settings_in(tmp_path))
    clock, away = ManualClock(), tmp_path / "away"
    anchor = Anchor(parts.log, FileShelf(away), clock)
    try:
        assert await anchor.drop() is None  # there is no journal yet
        await parts.log.note(NoticeKind.RETAINED, 5, {"bodies": 1})
        assert await anchor.drop() == "2025-03-14.note"
        old = (away / "2025-03-14.note").read_text(encoding="utf-8")
        await parts.log.note(NoticeKind.RETAINED, 6, {"bodies": 2})
        assert await anchor.drop() is None
        assert (away / "2025-03-14.note").read_text(encoding="utf-8") == old
        clock.advance(seconds=DAY_S)
        assert await anchor.drop() == "2025-03-15.note"
        new = (away / "2025-03-15.note").read_text(encoding="utf-8")
        looking = Inspection(parts.log, public_bytes(parts.relay_key))
        first, second = await looking.between(old, new)
        assert (first.size, second.size) == (1, 2)
        with pytest.raises(Tampered):
            await looking.between(old, new.replace("\n2\n", "\n3\n", 1))
    finally:
        parts.close()


async def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    initialise(settings_in(tmp_path))
    parts = open_parts(settings_in(tmp_path))
    file = tmp_path / "file"
    file.write_bytes(b"")
    try:
        await parts.log.note(NoticeKind.RETAINED, 5, {"bodies": 1})
        with pytest.raises(Unavailable, match="file"):
            await Anchor(parts.log, FileShelf(file), ManualClock()).drop()
    finally:
        parts.close()
