"""RFC 6962 hash trees: roots, inclusion and consistency. Pure: bytes in, bytes out, no database.

A leaf is SHA-256(0x00 || data), an inner node SHA-256(0x01 || left || right); a range of n leaves splits at the
largest power of two below n (RFC 6962 §2.1). Proofs are told as ranges of leaves, so that whoever keeps the
nodes decides how the hash of a range is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

LEAF, NODE = b"\x00", b"\x01"
BYTES = 32
TILE_BITS = 8
TILE = 1 << TILE_BITS  # leaves whose root is kept, and read, together
EMPTY = hashlib.sha256(b"").digest()
Range = tuple[int, int]
_sha256 = hashlib.sha256


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf (32 bytes)."""
    return _sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (32 bytes)."""
    return _sha256(NODE + left + right).digest()


def split(count: int) -> int:
    """The largest power of two smaller than `count` (at least 2): where a tree of so many leaves splits."""
    return 1 << ((count - 1).bit_length() - 1)


def paired(hashes: Sequence[bytes]) -> list[bytes]:
    """One level up: the nodes over an even number of hashes."""
    sha256 = _sha256
    return [
        sha256(NODE + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=True)
    ]


def complete(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = paired(hashes)
    return hashes[0]


class Growing:
    """A tree that only grows: the roots of its complete subtrees, largest first (at most one of a size)."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []  # (leaves, root)

    def add(self, hashed: bytes, leaves: int = 1) -> None:
        """Append one leaf hash, or the root of a complete subtree of `leaves` that fits at this size."""
        if leaves & (leaves - 1) or self.size % leaves:
            raise ValueError("only a complete subtree that starts on its own boundary can be appended")
        self.size += leaves
        while self._peaks and self._peaks[-1][0] == leaves:
            hashed, leaves = node_hash(self._peaks.pop()[1], hashed), leaves * 2
        self._peaks.append((leaves, hashed))

    def root(self) -> bytes:
        """The root at this size."""
        return self.root_with([])

    def root_with(self, more: Sequence[tuple[int, bytes]]) -> bytes:
        """The root if these smaller complete subtrees (leaves, root) followed; the tree stays as it is."""
        hashes = [peak for _, peak in [*self._peaks, *more]]
        if not hashes:
            return EMPTY
        result = hashes[-1]
        for peak in reversed(hashes[:-1]):
            result = node_hash(peak, result)
        return result


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    tree = Growing()
    for hashed in hashes:
        tree.add(hashed)
    return tree.root()


def range_root(start: int, end: int, complete_at: Callable[[int, int], bytes]) -> bytes:
    """The hash over leaves [start, end), `start` on the boundary of its subtree.

    `complete_at(level, index)` gives the root of the complete subtree of 2^level leaves, the index-th of its size.
    """
    count = end - start
    if count == 0:
        return EMPTY
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return complete_at(level, start >> level)
    middle = start + split(count)
    return node_hash(range_root(start, middle, complete_at), range_root(middle, end, complete_at))


def inclusion_ranges(position: int, size: int) -> list[Range]:
    """The ranges whose hashes prove that leaf `position` is in the tree of `size` leaves, nearest first."""
    if not 0 <= position < size:
        raise ValueError("no such leaf in a tree of this size")
    found: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if position < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that the tree of `new` leaves begins with that of `old` (RFC 6962 §2.1.2)."""
    if not 0 <= old <= new:
        raise ValueError("a tree cannot shrink")
    if old in (0, new):
        return []
    found: list[Range] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    if not whole:
        found.append((start, end))
    return found[::-1]


def root_from_inclusion(leaf: bytes, position: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root this proof leads to from a leaf hash, or None when it has not the right length."""
    if not 0 <= position < size:
        return None
    result, index, last = leaf, position, size - 1
    for other in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            result = node_hash(other, result)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            result = node_hash(result, other)
        index, last = index >> 1, last >> 1
    return result if last == 0 else None


def proves_inclusion(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at `position` of the tree with this size and root."""
    hashes = [leaf, root, *proof]
    whole = all(len(one) == BYTES for one in hashes)
    return whole and root_from_inclusion(leaf, position, size, proof) == root


def proves_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether the tree (new, new_root) begins with the tree (old, old_root)."""
    if not 0 < old <= new:  # every tree begins with the empty one: nothing to prove
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return False
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    before = after = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            before, after = node_hash(other, before), node_hash(other, after)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            after = node_hash(after, other)
        index, last = index >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root
