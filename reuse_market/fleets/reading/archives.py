"""What to read of an archive: its one list, or all its agent files."""

from __future__ import annotations

from reuse_market.fleets.reading.contents import content_of, text_content
from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.packed import UNZIP, Member, heads_of, members_of
from reuse_market.fleets.reading.source import Source
from reuse_market.kernel.words import N_

_SHEETS = (b"PK", b"\xd0\xcf\x11\xe0")
_PROSE = (".txt", ".md", ".log", ".html", ".htm", ".pdf", ".png", ".jpg", ".yml", ".yaml")


def inside(source: Source) -> str:
    """What an unpacked file is. Refused: an archive once more."""
    container = content_of(source)
    if container in ("zip", "gz"):
        raise Unreadable(N_("This archive holds another archive."), advice=UNZIP)
    return container


def chosen_members(source: Source) -> Member | list[tuple[Member, str]]:
    """The one list (CSV or spreadsheet) of a ZIP, or its agent files with `json` or `xml` of each.

    Refused: several lists, nothing to read.
    """
    lists: list[Member] = []
    agents: list[tuple[Member, str]] = []
    for member, head in heads_of(source, members_of(source)):
        kind = _told(member, head)
        if kind == "list":
            lists.append(member)
        elif kind:
            agents.append((member, kind))
    if len(lists) == 1 and not agents:
        return lists[0]
    if agents and not lists:
        return agents
    if not lists and not agents:
        raise Unreadable(N_("The archive holds no list of devices."), advice=UNZIP)
    raise Unreadable(
        N_("The archive holds several lists: %(names)s."),
        advice=N_("Send them one by one."),
        names=", ".join(member.name[-60:] for member in (*lists, *(one for one, _ in agents))[:5]),
    )


def _told(member: Member, head: bytes) -> str:
    """`list`, `json`, `xml`, or "" for prose beside them. Only prose is told by its name."""
    if head.startswith(_SHEETS):
        return "list"
    try:
        kind = text_content(head)
    except Unreadable:
        return ""
    if kind != "csv":
        return kind
    return "" if not head.strip() or member.name.lower().endswith(_PROSE) else "list"
