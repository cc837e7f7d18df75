import os
from pathlib import Path

import pytest

from cordee_server.adapters.billing_files import Files, FolderSink
from cordee_server.sinks import Answer, Outcome
from cordee_shared.billing.webhook import Envelope, body_of
from cordee_shared.errors import Unavailable
from tests.shared.billing.samples import raw, record

ONE = record()


async def test_files_are_written_whole_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(Unavailable, match="cannot be written"):
        await Files(tmp_path).write({"a": b"one", "b": b"two", "c": b"three"})
    assert (tmp_path / "a").read_bytes() == b"one"
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


async def test_a_record_is_one_file_however_often_it_is_handed_over(
    tmp_path: Path,
) -> None:
    sink = FolderSink(tmp_path)
    for _ in range(2):
        assert await sink.hand_over(ONE.id, raw(ONE)) == Answer(Outcome.DELIVERED)
    assert os.listdir(tmp_path) == [f"{ONE.id}.json"]
    assert (tmp_path / f"{ONE.id}.json").read_bytes() == body_of(raw(ONE))
    await sink.close()


async def test_the_envelope_is_an_option_there_too(tmp_path: Path) -> None:
    await FolderSink(tmp_path, Envelope.CLOUDEVENTS).hand_over(ONE.id, raw(ONE))
    written = (tmp_path / f"{ONE.id}.json").read_bytes()
    assert written == body_of(raw(ONE), Envelope.CLOUDEVENTS)


async def test_a_folder_that_is_away_is_tried_again(tmp_path: Path) -> None:
    sink = FolderSink(tmp_path / "away")
    assert await sink.hand_over(ONE.id, raw(ONE)) == Answer(
        Outcome.FAILED, why="folder"
    )
    assert await sink.hand_over(ONE.id, b"{}") == Answer(Outcome.FAILED, why="record")
    assert sink.name != FolderSink(tmp_path).name
