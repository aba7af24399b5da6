"""Archives: the one list or the agent files that a ZIP holds, what a GZ holds. Nothing is written by its name.

Refused in words: passwords, archives in archives, several lists in one, and what unpacks to far more than a
list of devices weighs.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.keeping import kept
from reuse_market.fleets.reading.source import CHUNK, Source
from reuse_market.kernel.words import N_

MAX_UNPACKED = 400 * 1024 * 1024
MAX_MEMBERS = 20_000
_MAX_RATIO = 100
_RATIO_FROM = 20 * 1024 * 1024
_SIDE_FILES = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_GZIP_OR_ZLIB = 47  # zlib's word for "either header, told by the first bytes"
UNZIP = N_("Unzip it, then send the CSV or spreadsheet it holds.")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name, for messages only, and its place in the list of members."""

    name: str
    place: int


def members_of(source: Source) -> list[Member]:
    """The files a ZIP holds, those systems add by themselves left out. Refused: bombs, passwords."""
    try:
        with source.open() as stream, zipfile.ZipFile(stream) as archive:
            every = archive.infolist()
    except Exception as error:  # zipfile raises many kinds on broken input, struct.error included
        raise damaged() from error
    total = sum(one.file_size for one in every)
    if (
        len(every) > MAX_MEMBERS
        or total > MAX_UNPACKED
        or (total > _RATIO_FROM and total > _MAX_RATIO * source.size)
    ):
        raise _too_big()
    found = [
        (place, one) for place, one in enumerate(every) if not one.is_dir() and not _at_side(one.filename)
    ]
    if any(one.flag_bits & 0x1 for _, one in found):
        raise Unreadable(N_("This archive is protected by a password."), advice=UNZIP)
    if not found:
        raise Unreadable(
            N_("The archive is empty."), advice=N_("Check the export, then send the file again.")
        )
    return [Member(one.filename, place) for place, one in found]


def _at_side(name: str) -> bool:
    lowered = name.lower()
    return lowered.startswith(_SIDE_FILES[0]) or lowered.rpartition("/")[2] in _SIDE_FILES[1:]


def heads_of(source: Source, members: list[Member], size: int = 4096) -> Iterator[tuple[Member, bytes]]:
    """The first bytes of each member, to tell what it is."""
    with source.open() as stream, zipfile.ZipFile(stream) as archive:
        every = archive.infolist()
        for member in members:
            try:
                with archive.open(every[member.place]) as inner:
                    yield member, inner.read(size)
            except Exception as error:  # a damaged member, or a method of packing that is not known
                raise damaged() from error


def unpacked(source: Source, member: Member) -> Source:
    """A member's bytes. Refused when damaged, or longer than it said."""
    ((_, told),) = each_unpacked(source, [member])
    if isinstance(told, Unreadable):
        raise told
    return told


def each_unpacked(source: Source, members: list[Member]) -> Iterator[tuple[Member, Source | Unreadable]]:
    """The bytes of members one after the other, the archive opened once; or why one cannot be read."""
    with source.open() as stream, zipfile.ZipFile(stream) as archive:
        every = archive.infolist()
        for member in members:
            try:
                with archive.open(every[member.place]) as inner:
                    yield member, kept(_counted(_chunks(inner)))
            except Unreadable as error:
                yield member, error
            except Exception:  # a damaged member, or a method of packing that is not known
                yield member, damaged()


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece


def inflated(source: Source) -> Source:
    """What a GZ file (or a zlib stream, as OCS agents leave) holds. Refused when cut, or too long."""
    return kept(_counted(_inflate(source), source.size))


def _inflate(source: Source) -> Iterator[bytes]:
    packed, whole = zlib.decompressobj(_GZIP_OR_ZLIB), False
    try:
        for piece in source.pieces():
            rest = piece
            while rest:
                if whole:  # several streams one after the other, as `cat a.gz b.gz` makes
                    packed = zlib.decompressobj(_GZIP_OR_ZLIB)
                yield packed.decompress(rest, CHUNK)
                whole = packed.eof
                rest = (packed.unused_data if whole else packed.unconsumed_tail).lstrip(
                    b"\x00" if whole else b""
                )
    except zlib.error as error:
        raise damaged() from error
    if not whole:
        raise damaged()


def _counted(pieces: Iterator[bytes], packed_size: int = 0) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > MAX_UNPACKED or (packed_size and total > max(_RATIO_FROM, _MAX_RATIO * packed_size)):
            raise _too_big()
        yield piece


def damaged() -> Unreadable:
    """An archive that cannot be opened or is cut."""
    return Unreadable(
        N_("This file is damaged: it cannot be opened."),
        advice=N_("Check the export, then send the file again."),
    )


def _too_big() -> Unreadable:
    return Unreadable(
        N_("This archive unpacks to more than a list of devices can weigh."),
        advice=N_("Split it into several files."),
    )
