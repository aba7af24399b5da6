"""Checking the log: entries and events, gaps, kept nodes, and the root and signature of every checkpoint."""

from __future__ import annotations

from collections.abc import Sequence

from reuse_market.kernel import db
from reuse_market.traceability import keys, log, notes, reading, tree
from reuse_market.traceability.apart import Apart
from reuse_market.traceability.reading import Reading, Row
from reuse_market.traceability.verify import Fault, Looking, check_streams, without_position

LATE = 20_000  # entries read in the time in which a process starts


def verify_log(look: Looking, processes: int, apart_from: int) -> list[Fault]:
    """Read every entry once and check journal and log together, by several `processes` where it is long."""
    size = look.one("SELECT coalesce(max(position) + 1, 0) FROM log_entry")
    notes_kept = look.ask("SELECT size, root, note, key FROM checkpoint ORDER BY size")
    covered = max((one[0] for one in notes_kept), default=0)
    wanted = [one[0] for one in notes_kept] + [size, *_kept_sizes(look)]
    parts = _read(look, size, covered, wanted, min(processes, size // max(apart_from, log.TILE)))
    roots = roots_of(parts)
    later = without_position(look, size, parts)
    return [
        *check_streams(look, parts, later),
        *_check_entries(look, parts, later),
        *_check_nodes(look, parts),
        *_check_checkpoints(look, notes_kept, roots),
        *_check_kept(look, size, roots),
    ]


def _read(look: Looking, size: int, covered: int, wanted: list[int], processes: int) -> list[Reading]:
    """The whole log in runs that each begin on a tile: the first here, each other by a process of its own.

    Ours is longer by what we can read until another process is ready.
    """
    if processes < 2:
        return [reading.read(look.cursor, look.sqlite, 0, size, covered, wanted)]
    url = db.database().url
    address = url.database or "" if look.sqlite else url.set(drivername="postgresql").render_as_string(False)
    late = min(LATE, size // 8)
    ends = (late + (size - late) * n // processes for n in range(1, processes))
    bounds = [0, *(end // log.TILE * log.TILE for end in ends), size]
    others = [
        Apart((look.sqlite, address, first, end, covered, wanted))
        for first, end in zip(bounds[1:], bounds[2:], strict=False)
    ]
    own = reading.read(look.cursor, look.sqlite, 0, bounds[1], covered, wanted)
    return [own, *[other.result() for other in others]]


def roots_of(parts: Sequence[Reading]) -> dict[int, str]:
    """Size → root (hex) for every size that was asked for."""
    roots = {0: tree.EMPTY.hex()}
    growing = tree.Growing()
    for part in parts:
        marks = sorted(part.marks.items())
        for number, tile in enumerate([*part.tiles, b""]):
            at = part.first + number * log.TILE
            while marks and marks[0][0] < at + log.TILE:
                mark, peaks = marks.pop(0)
                roots[mark] = growing.root_with(peaks).hex()
            if tile:
                growing.add(tile, log.TILE)
    return roots


def _check_entries(look: Looking, parts: Sequence[Reading], later: Sequence[Row]) -> list[Fault]:
    """Positions without a gap; each entry the hash of an event that is there; each event in the log or waiting."""
    faults = []
    for part in parts:
        faults += [
            Fault("log.gap", f"position {expected}", f"the next entry is {found}")
            for expected, found in part.gaps
        ]
        for row, _ in part.odd:
            if row.payload is None:
                faults.append(Fault("log.entry", f"position {row.position}", "its event is gone"))
            elif row.hash != row.leaf:
                faults.append(
                    Fault("log.entry", f"position {row.position}", "it is not the hash of its event")
                )
    waiting = {event_id for (event_id,) in look.ask("SELECT event_id FROM log_pending")} if later else set()
    faults += [
        Fault("log.missing", f"{row.stream}#{row.seq}", "neither in the log nor waiting for it")
        for row in sorted(later, key=lambda row: row.id)
        if row.position is None and row.id not in waiting
    ]
    return faults


def _check_nodes(look: Looking, parts: Sequence[Reading]) -> list[Fault]:
    """The nodes kept for quick proofs must be those of the entries."""
    found = {
        (1, place): tile.hex() for part in parts for place, tile in enumerate(part.tiles, part.first >> 8)
    }
    level, hashes = 1, [tile for part in parts for tile in part.tiles]
    while len(hashes) >= log.TILE:
        level += 1
        hashes = [
            tree.complete(hashes[start : start + log.TILE])
            for start in range(0, len(hashes) - len(hashes) % log.TILE, log.TILE)
        ]
        found |= {(level, place): one.hex() for place, one in enumerate(hashes)}
    kept = {
        (level, place): told for level, place, told in look.ask("SELECT level, place, hash FROM log_node")
    }
    return [
        Fault("log.node", f"level {level}, {place}", "a kept node is not that of its entries")
        for level, place in sorted(found.keys() | kept.keys())
        if found.get((level, place)) != kept.get((level, place))
    ]


def _check_checkpoints(
    look: Looking, kept: Sequence[tuple[int, str, str, str]], roots: dict[int, str]
) -> list[Fault]:
    """Every checkpoint: its root recomputed, its note signed by a listed key and saying the same."""
    listed = {key for (key,) in look.ask("SELECT vkey FROM log_key")}
    faults = []
    for size, root, note, key in kept:
        subject = f"checkpoint {size}"
        if roots.get(size) != root:
            faults.append(Fault("log.checkpoint", subject, "the log does not give this root"))
        wrong = _wrong_note(size, root, note, key) or (None if key in listed else "its key is not listed")
        if wrong:
            faults.append(Fault("log.signature", subject, wrong))
    for number, note, key in look.ask("SELECT id, note, key FROM log_statement ORDER BY id"):
        try:
            notes.opened(note, notes.read_vkey(key))
        except notes.BadNote as error:
            faults.append(Fault("log.signature", f"statement {number}", str(error)))
    return faults


def _wrong_note(size: int, root: str, note: str, key: str) -> str | None:
    try:
        text, _ = notes.opened(note, notes.read_vkey(key))
        body = notes.read_body(text)
    except notes.BadNote as error:
        return str(error)
    return None if (body.size, body.root.hex()) == (size, root) else "the note says another size or root"


def _kept_sizes(look: Looking) -> list[int]:
    kept = _kept(look)
    return [kept.size] if kept else []


def _kept(look: Looking) -> keys.Kept | None:
    """What stands beside the signing key, where this machine has it."""
    first = look.ask("SELECT leaf FROM log_entry WHERE position = 0")
    return keys.kept(first[0][0] if first else "") if keys.configured() else None


def _check_kept(look: Looking, size: int, roots: dict[int, str]) -> list[Fault]:
    """The log must begin with what was last signed, and no refusal may wait for its answer."""
    faults = []
    kept = _kept(look)
    if kept is not None and roots.get(kept.size) != kept.root:
        faults.append(
            Fault(
                "log.kept", f"checkpoint {kept.size}", f"signed here, but the log of {size} does not begin so"
            )
        )
    unanswered = look.ask(
        "SELECT id, kept_size FROM log_refusal WHERE id NOT IN (SELECT refusal_id FROM log_statement) ORDER BY id"
    )
    faults += [
        Fault("log.refused", f"refusal {number}", f"no checkpoint is signed since checkpoint {at}")
        for number, at in unanswered
    ]
    return faults
