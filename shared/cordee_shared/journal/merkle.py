"""The journal as a Merkle tree: roots and proofs of RFC 9162, section 2.1.

Rules:

1. A leaf is SHA-256(0x00 || bytes), a node SHA-256(0x01 || left || right).
2. Only complete subtrees are kept, each written once, when its last leaf comes: the
   node ``(level, index)`` covers the leaves from ``index << level`` on, ``1 << level``
   of them. Everything else is computed from these in O(log n).
3. Checking insists on what the RFC takes for granted: every hash has 32 bytes, every
   size is at least 1, every index is below its size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from cordee_shared.errors import LocalViolation, Tampered

#: Bytes of a hash.
HASH_BYTES: Final = 32
#: The root of no leaves (RFC 9162, 2.1.1).
EMPTY: Final = hashlib.sha256(b"").digest()

#: Gives the complete subtree at (level, index); level 0 is the leaves.
Nodes = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Hash an entry's bytes as a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees as their parent."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(size: int, leaf: bytes, nodes: Nodes) -> list[tuple[int, int, bytes]]:
    """Return the subtrees that a further leaf completes, its parent first.

    Args:
        size: leaves before it.
        leaf: its hash.
        nodes: gives what was completed before.
    """
    made: list[tuple[int, int, bytes]] = []
    level, index, found = 0, size, leaf
    while index & 1:
        found = node_hash(nodes(level, index - 1), found)
        level, index = level + 1, index >> 1
        made.append((level, index, found))
    return made


def root(size: int, nodes: Nodes) -> bytes:
    """Return the tree hash over the first ``size`` leaves."""
    return _over(0, size, nodes) if size else EMPTY


def prove_inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return the path from a leaf to the root (2.1.3.1), its sibling first.

    Raises:
        LocalViolation: there is no such leaf.
    """
    if not 0 <= index < size:
        raise LocalViolation(f"no leaf {index} among {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_over(middle, high, nodes))
            high = middle
        else:
            path.append(_over(low, middle, nodes))
            low = middle
    path.reverse()
    return path


def prove_consistency(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """Return what shows that the tree of ``first`` leaves grew into ``second``.

    Raises:
        LocalViolation: ``first`` is below 1 or above ``second``.
    """
    if not 1 <= first <= second:
        raise LocalViolation(f"no growth from {first} to {second} leaves")
    path: list[bytes] = []
    low, high, is_whole = 0, second, True
    # PROOF and SUBPROOF of 2.1.4.1, from the root down.
    while high != first:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(_over(middle, high, nodes))
            high = middle
        else:
            path.append(_over(low, middle, nodes))
            low, is_whole = middle, False
    if not is_whole:
        path.append(_over(low, high, nodes))
    path.reverse()
    return path


def prove_several(indexes: Sequence[int], size: int, nodes: Nodes) -> list[bytes]:
    """Return what proves several leaves at once: each subtree without any, in order.

    Args:
        indexes: increasing.
        size: leaves of the tree.
        nodes: gives its complete subtrees.

    Raises:
        LocalViolation: there are none, one is not there, or they do not increase.
    """
    if not _are_within(indexes, size):
        raise LocalViolation(f"no such leaves among {size}")
    path: list[bytes] = []

    def walk(low: int, high: int, wanted: Sequence[int]) -> None:
        if not wanted:
            path.append(_over(low, high, nodes))
        elif high - low > 1:
            middle = low + _split(high - low)
            walk(low, middle, [one for one in wanted if one < middle])
            walk(middle, high, [one for one in wanted if one >= middle])

    walk(0, size, indexes)
    return path


def check_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes
) -> None:
    """Check that a leaf stands at ``index`` in a tree (2.1.3.2).

    Raises:
        Tampered: it does not.
    """
    _insist(0 <= index < size, "inclusion proof", "the index is not below the size")
    _insist_on_hashes("inclusion proof", leaf, expected, *path)
    at, last, found = index, size - 1, leaf
    for step in path:
        _insist(last > 0, "inclusion proof", "has too many hashes")
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    _insist(last == 0, "inclusion proof", "has too few hashes")
    _insist(found == expected, "inclusion proof", "does not lead to the root")


def check_consistency(
    first: int,
    second: int,
    first_root: bytes,
    second_root: bytes,
    path: Sequence[bytes],
) -> None:
    """Check that one tree is the beginning of another (2.1.4.2).

    Raises:
        Tampered: it is not.
    """
    where = "consistency proof"
    _insist(1 <= first <= second, where, "the sizes are not in order")
    _insist_on_hashes(where, first_root, second_root, *path)
    if first == second:
        _insist(not path, where, "has hashes between equal sizes")
        _insist(first_root == second_root, where, "two roots of one size differ")
        return
    steps = list(path)
    if first & (first - 1) == 0:
        steps.insert(0, first_root)
    _insist(bool(steps), where, "is empty")
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    former = latter = steps[0]
    for step in steps[1:]:
        _insist(last > 0, where, "has too many hashes")
        if at & 1 or at == last:
            former, latter = node_hash(step, former), node_hash(step, latter)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            latter = node_hash(latter, step)
        at, last = at >> 1, last >> 1
    _insist(last == 0, where, "has too few hashes")
    _insist(former == first_root, where, "does not lead to the first root")
    _insist(latter == second_root, where, "does not lead to the second root")


def check_several(
    leaves: Mapping[int, bytes], size: int, path: Sequence[bytes], expected: bytes
) -> None:
    """Check that several leaves stand where they say, as :func:`prove_several` says.

    Args:
        leaves: hashes by index.
        size: leaves of the tree.
        path: subtrees without any of them, in order.
        expected: the root.

    Raises:
        Tampered: one of them does not.
    """
    where = "proof of the entries"
    indexes = sorted(leaves)
    _insist(_are_within(indexes, size), where, "the indexes are not below the size")
    _insist_on_hashes(where, expected, *path, *leaves.values())
    steps = iter(path)

    def over(low: int, high: int, wanted: Sequence[int]) -> bytes:
        if not wanted:
            step = next(steps, None)
            if step is None:
                raise Tampered(where, "has too few hashes")
            return step
        if high - low == 1:
            return leaves[low]
        middle = low + _split(high - low)
        left = over(low, middle, [one for one in wanted if one < middle])
        return node_hash(
            left, over(middle, high, [one for one in wanted if one >= middle])
        )

    found = over(0, size, indexes)
    _insist(next(steps, None) is None, where, "has too many hashes")
    _insist(found == expected, where, "does not lead to the root")


def _over(low: int, high: int, nodes: Nodes) -> bytes:
    """Return the tree hash over the leaves from ``low`` up to ``high``, exclusive.

    ``low`` is where a recursion of the RFC may arrive: a multiple of the largest power
    of two that is not above the count.
    """
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, low >> level)
    middle = low + _split(count)
    return node_hash(_over(low, middle, nodes), _over(middle, high, nodes))


def _split(count: int) -> int:
    """Return the largest power of two below ``count``, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _are_within(indexes: Sequence[int], size: int) -> bool:
    rising = all(one < other for one, other in pairwise(indexes))
    return bool(indexes) and rising and indexes[0] >= 0 and indexes[-1] < size


def _insist(is_so: bool, where: str, why: str) -> None:
    if not is_so:
        raise Tampered(where, why)


def _insist_on_hashes(where: str, *hashes: bytes) -> None:
    _insist(
        all(len(one) == HASH_BYTES for one in hashes), where, "a hash is not 32 bytes"
    )
