"""S-30 to S-32: what was appended can be proved, on every adapter."""

import pytest

from cordee_server.evidence import LogStore
from cordee_server.ports import JournalStore
from cordee_server.sinks import JournalHeads
from cordee_shared.errors import LocalViolation
from cordee_shared.ids import SessionId
from cordee_shared.journal.checkpoint import read_checkpoint
from cordee_shared.journal.merkle import (
    check_consistency,
    check_inclusion,
    check_several,
    leaf_hash,
)
from cordee_shared.journal.notice import NoticeKind, verify_notice
from tests.builders import ended, invited


async def test_s30_what_an_append_made_durable_is_under_a_signed_head(
    journal: JournalStore, log: LogStore, heads: JournalHeads, relay_pk: bytes
) -> None:
    assert await log.checkpoint() is None
    for number in range(1, 9):
        await journal.append(ended(number).entries)
        note = await log.checkpoint()
        assert note is not None
        head = read_checkpoint(note, relay_pk)
        assert head.size == 2 * number
        assert head.root == await log.root_at(head.size)
        assert head.root.hex() == (await heads.head()).root
        assert await log.checkpoint(head.size) == note
    assert await log.checkpoint(3) is None


async def test_s31_every_entry_of_a_session_is_proved(
    journal: JournalStore, log: LogStore, relay_pk: bytes
) -> None:
    several = [ended(number) for number in range(1, 12)]
    for written in several:
        await journal.append(written.entries[:1])
    for written in several:
        await journal.append(written.entries[1:])
    for written in several:
        proof = await log.proof_of(written.id)
        assert proof is not None
        head = proof.last.check(leaf_hash(written.entries[-1].raw), relay_pk)
        leaves = {
            index: leaf_hash(entry.raw)
            for index, entry in zip(proof.indexes, written.entries, strict=True)
        }
        check_several(leaves, head.size, proof.beside, head.root)
        assert proof.last.index == proof.indexes[-1]
        check_inclusion(
            leaves[proof.last.index],
            proof.last.index,
            head.size,
            proof.last.path,
            head.root,
        )
    assert await log.proof_of(SessionId("f" * 32)) is None


async def test_s32_any_former_head_grew_into_the_newest(
    journal: JournalStore, log: LogStore, relay_pk: bytes
) -> None:
    notes = []
    for number in range(1, 14):
        await journal.append(invited(number).entries)
        notes.append(await log.checkpoint())
    newest = read_checkpoint(notes[-1] or "", relay_pk)
    for note in notes:
        head = read_checkpoint(note or "", relay_pk)
        path = await log.consistency(head.size, newest.size)
        check_consistency(head.size, newest.size, head.root, newest.root, path)
    for first, second in ((0, 5), (6, 5), (5, 14)):
        with pytest.raises(LocalViolation):
            await log.consistency(first, second)


async def test_an_append_that_is_refused_leaves_the_log_as_it_was(
    journal: JournalStore, log: LogStore
) -> None:
    await journal.append(ended(1).entries)
    before = await log.checkpoint()
    with pytest.raises(LocalViolation):
        await journal.append(ended(2).entries[1:])
    assert await log.checkpoint() == before
    await journal.append(ended(2).entries)
    assert await log.checkpoint(4) == await log.checkpoint()


async def test_notices_are_entries_like_others_and_of_no_session(
    journal: JournalStore, log: LogStore, relay_pk: bytes
) -> None:
    await journal.append(invited(1).entries)
    first = await log.note(NoticeKind.ERASED, 5, {"customer": "c-1"})
    second = await log.note(NoticeKind.RETAINED, 6, {"bodies": 2})
    await journal.append(invited(2).entries)
    assert await log.notices() == [first, second]
    assert [notice.n for notice in (first, second)] == [0, 1]
    verify_notice(first, relay_pk)
    assert await journal.unfinished() == [invited(1).id, invited(2).id]
    assert len(await journal.summaries(10)) == 2
    note = await log.checkpoint()
    assert note is not None
    assert read_checkpoint(note, relay_pk).size == 4
