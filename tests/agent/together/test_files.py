"""Files at the customer's side: asked for each, whole or gone, no name told."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from cordee_agent.together import arriving
from cordee_agent.together.files import Files
from cordee_agent.window import filing
from cordee_agent.window.filing import FileAsked, FileWanted, Stage
from cordee_shared.errors import MalformedFrame
from cordee_shared.limits import CONSENT_S, FILES_OPEN_MAX
from cordee_shared.wire import files
from cordee_shared.wire.files import Why
from tests.agent.filing import Desk, desk
from tests.make_file_vectors import content

BODY = content(300_000)
#: More than is on its way at once, several times.
LONG = content(1_700_000)


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(each.name for each in folder.iterdir())


def is_acked(here: Desk, wanted: int) -> bool:
    """Whether so much of the technician's file is written."""
    return here.ours[2][0].acked >= wanted


def is_taken(here: Desk, wanted: int) -> bool:
    """Whether so much of the customer's file has come."""
    return here.theirs[1].at >= wanted


async def test_R32_nothing_is_written_before_the_yes_to_this_file(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "facture.pdf", BODY)
        asked = here.asked()
        assert (asked.name, asked.size, asked.folder) == (
            "facture.pdf",
            len(BODY),
            str(tmp_path),
        )
        assert names(tmp_path) == []
        assert here.acts == []
        # A piece without a yes is nothing: no place, no disk.
        here.files.take(files.encode_piece(2, 0, b"a"))
        assert names(tmp_path) == []


async def test_R32_a_file_arrives_whole_where_the_customer_said(tmp_path: Path) -> None:
    chosen = tmp_path / "Bureau"
    chosen.mkdir()
    async with desk(tmp_path) as here:
        here.offer(2, "facture.pdf", BODY)
        here.yes(chosen)
        await here.until(lambda: here.row(2).stage is Stage.KEPT)
        assert (chosen / "facture.pdf").read_bytes() == BODY
        assert here.row(2).place == str(chosen / "facture.pdf")
        assert here.row(2).moved == len(BODY)
        assert here.acts == [
            ("file_accepted", {"file": 2, "size": len(BODY)}),
            ("file_kept", {"file": 2, "size": len(BODY)}),
        ]
        assert "facture" not in repr(here.acts)


async def test_R32_each_file_is_asked_about_one_after_the_other(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "a", b"aa")
        here.offer(4, "b", b"bb")
        assert here.asked().id == 2
        here.files.command(filing.RefuseFile(2))
        assert here.asked().id == 4
        here.yes()
        await here.until(lambda: here.row(4).stage is Stage.KEPT)
        assert here.acts[0] == ("file_refused", {"file": 2, "why": "refused"})
        assert files.Stop(id=2, why=Why.REFUSED) in here.said
        assert names(tmp_path) == ["b"]


async def test_an_answer_to_another_question_is_none(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "a", b"aa")
        here.files.command(filing.TakeFile(4, str(tmp_path)))
        here.files.command(filing.RefuseFile(6))
        assert here.asked().id == 2
        assert here.acts == []


async def test_silence_means_no(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "a", b"aa")
        here.clock.advance(seconds=CONSENT_S)
        here.files.on_time()
        assert here.shown.question is None
        assert here.acts == [("file_refused", {"file": 2, "why": "expired"})]


@pytest.mark.parametrize(
    ("name", "stands"),
    [
        ("../../.bashrc", "_bashrc"),
        ("C:\\Windows\\CON.txt", "_CON.txt"),
        ("a\u202egpj.exe", "agpj.exe"),
    ],
)
async def test_S39_the_name_asked_about_is_the_name_written(
    tmp_path: Path, name: str, stands: str
) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, name, b"aa")
        assert here.asked().name == stands
        here.yes()
        await here.until(lambda: here.row(2).stage is Stage.KEPT)
    assert names(tmp_path) == [stands]


async def test_S39_a_name_that_no_file_can_have_is_refused_unasked(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "..", b"aa")
        assert here.shown.question is None
        assert here.acts == [("file_refused", {"file": 2, "why": "name"})]


async def test_too_many_offers_are_refused_unasked(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        for number in range(FILES_OPEN_MAX + 1):
            here.offer(2 + 2 * number, "a", b"aa")
        last = 2 + 2 * FILES_OPEN_MAX
        assert here.acts == [("file_refused", {"file": last, "why": "busy"})]


async def test_cut_three_times_and_resumed_it_arrives_whole(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "a.bin", LONG)
        here.yes()
        for share in (1, 2, 3):
            wanted = share * len(LONG) // 4
            await here.until(partial(is_acked, here, wanted))
            here.cut()
            assert here.ours[2][0].left == 0
            here.mend()
        await here.until(lambda: here.row(2).stage is Stage.KEPT)
        assert (tmp_path / "a.bin").read_bytes() == LONG
        accepts = [each for each in here.said if isinstance(each, files.Accept)]
        assert len(accepts) == 4
        assert len({each.at for each in accepts}) == 4
        assert [each.at for each in accepts] == sorted(each.at for each in accepts)


async def test_the_customers_file_goes_out_cut_three_times_and_whole(
    tmp_path: Path,
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(LONG)
    async with desk(tmp_path) as here:
        here.files.command(filing.WishToSend())
        wish = here.shown.question
        assert isinstance(wish, FileWanted)
        assert not wish.is_asked
        here.files.command(filing.FileChosen(wish.number, str(path)))
        await here.until(lambda: here.theirs)
        for share in (1, 2, 3):
            wanted = share * len(LONG) // 4
            await here.until(partial(is_taken, here, wanted))
            here.cut()
            here.mend()
        await here.until(lambda: here.row(1).stage is Stage.KEPT)
        assert bytes(here.taken[1]) == LONG
        assert here.acts == [("file_offered", {"file": 1, "size": len(LONG)})]


async def test_the_technician_asks_and_only_the_customer_chooses(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as here:
        here.say(files.Want())
        wish = here.shown.question
        assert isinstance(wish, FileWanted)
        assert wish.is_asked
        here.files.command(filing.NothingChosen(wish.number))
        await here.until(lambda: files.NoFile() in here.said)
        assert here.acts == []


async def test_R32_a_file_not_accepted_by_the_technician_is_not_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a"
    path.write_bytes(BODY)
    async with desk(tmp_path) as here:
        here.takes = False
        here.files.command(filing.WishToSend())
        here.files.command(filing.FileChosen(1, str(path)))
        await here.until(lambda: here.said)
        assert here.pieces == 0
        here.say(files.Stop(id=1, why=Why.REFUSED))
        assert (here.row(1).stage, here.row(1).why) == (Stage.STOPPED, "refused")


async def test_a_file_that_changes_on_its_way_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(BODY)
    async with desk(tmp_path) as here:
        here.files.command(filing.WishToSend())
        here.files.command(filing.FileChosen(1, str(path)))
        await here.until(lambda: here.pieces)
        os.truncate(path, 10)
        await here.until(lambda: here.row(1).stage is Stage.STOPPED)
        assert here.row(1).why == "changed"
        assert here.acts_of("file_stopped")[0]["why"] == "changed"


async def test_what_cannot_be_read_is_said_and_not_offered(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.files.command(filing.WishToSend())
        here.files.command(filing.FileChosen(1, str(tmp_path / "gone")))
        await here.until(lambda: here.shown.rows)
        assert here.row(1).stage is Stage.STOPPED
        assert here.acts == []


async def test_R20_a_broken_off_file_leaves_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "a.bin", BODY)
        here.yes()
        await here.until(lambda: here.ours[2][0].acked > 0)
        here.files.command(filing.StopFile(2))
        assert here.row(2).why == "cancelled"
        (stopped,) = here.acts_of("file_stopped")
        assert stopped["why"] == "cancelled"
        assert 0 < stopped["bytes"] <= len(BODY)
    assert names(tmp_path) == []


async def test_R20_the_end_of_the_session_leaves_nothing_that_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "O_TMPFILE", 0)
    async with desk(tmp_path) as here:
        here.offer(2, "a.bin", BODY)
        here.yes()
        await here.until(lambda: here.ours[2][0].acked > 0)
        thread = here.files._thread
    thread.shutdown(wait=True)
    assert names(tmp_path) == []


async def test_a_file_that_is_not_what_was_sent_is_not_kept(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.say(files.Offer(id=2, name="a", size=3))
        here.yes()
        await here.until(lambda: any(isinstance(s, files.Accept) for s in here.said))
        here.files.take(files.encode_piece(2, 0, b"abc"))
        here.say(files.Done(id=2, sha256="0" * 64))
        assert (here.row(2).stage, here.row(2).why) == (Stage.STOPPED, "damaged")
    assert names(tmp_path) == []


async def test_a_full_disk_is_said_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "has_room", lambda *_: False)
    async with desk(tmp_path) as here:
        here.offer(2, "a.bin", BODY)
        here.yes()
        await here.until(lambda: here.row(2).stage is Stage.STOPPED)
        assert here.row(2).why == "disk"
        assert here.acts_of("file_stopped") == [{"file": 2, "bytes": 0, "why": "disk"}]
        assert files.Stop(id=2, why=Why.DISK) in here.said or here.way


async def test_what_was_said_into_a_cut_is_said_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "a", b"aa")
        here.cut()
        assert here.shown.question is None
        here.files.command(filing.RefuseFile(2))
        assert here.acts == []
        here.mend()
        await here.until(lambda: files.Stop(id=2, why=Why.REFUSED) in here.said)
        assert here.acts == [("file_refused", {"file": 2, "why": "refused"})]
        here.offer(2, "a", b"aa")
        assert here.shown.question is None


@pytest.mark.parametrize(
    "payload",
    [
        files.encode_piece(1, 0, b"a"),
        files.encode(files.Done(id=3, sha256="0" * 64)),
        files.encode(files.Ack(id=2, at=0)),
        files.encode(files.Accept(id=2, at=0, sha256="0" * 64)),
        files.encode(files.Offer(id=3, name="a", size=1)),
        files.encode(files.NoFile()),
    ],
)
async def test_who_takes_the_other_sides_part_breaks_the_rules(
    tmp_path: Path, payload: bytes
) -> None:
    async with desk(tmp_path) as here:
        with pytest.raises(MalformedFrame):
            here.files.take(payload)


async def test_what_concerns_a_file_that_is_over_crossed_its_end(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as here:
        here.files.take(files.encode_piece(2, 0, b"a"))
        here.say(files.Ack(id=1, at=0))
        here.say(files.Kept(id=1))
        here.say(files.Stop(id=2, why=Why.CANCELLED))
        assert here.shown.rows == ()


async def test_rate_and_time_left_are_shown_and_rows_can_be_cleared(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "a.bin", BODY)
        here.yes()
        here.clock.advance(seconds=1)
        here.files.on_time()
        await here.until(lambda: here.ours[2][0].acked >= 100_000)
        here.clock.advance(seconds=1)
        here.files.on_time()
        row = here.row(2)
        assert row.moved >= 100_000
        assert row.rate > 0
        assert row.seconds_left == max(1, round((row.size - row.moved) / row.rate))
        await here.until(lambda: here.row(2).stage is Stage.KEPT)
        assert here.row(2).seconds_left is None
        here.files.command(filing.ForgetFiles())
        assert here.shown.rows == ()


async def test_the_end_forgets_every_name(tmp_path: Path) -> None:
    async with desk(tmp_path) as here:
        here.offer(2, "a.bin", BODY)
        assert isinstance(here.shown.question, FileAsked)
        here.files.stop()
        assert here.shown == filing.Files()
        assert isinstance(here.files, Files)
