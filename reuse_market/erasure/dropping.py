"""Verbs: erasing reports dropped in one go, each medium matched to its device; what is left is matched by hand.

A file is kept once by its SHA-256; the same one again changes nothing. One act, one event a certificate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.erasure import filing
from reuse_market.erasure.models import ErasureReport, ReportEntry
from reuse_market.erasure.placing import place, places
from reuse_market.erasure.reading import opening
from reuse_market.erasure.reading.stated import Reading, cut, of
from reuse_market.erasure.report_models import NOT_WAITING
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, NotAllowed, NotFound
from reuse_market.kernel.sniffing import sniff
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal

MOST_FILES = 200  # in one drop
NO_REPORT = N_("This erasure report does not exist.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as received, and what it says."""

    name: str
    data: bytes
    reading: Reading


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a file: its report, or None with the trouble of a file that could not be kept.

    `again`: it was there already and nothing changed.
    """

    name: str
    report: ErasureReport | None
    again: bool = False
    trouble: str | None = None


def opened(given: Sequence[tuple[str, bytes]]) -> list[Opened]:
    """Read files (name, bytes), archives unpacked. Writes nothing. Invalid: none, or more than 200."""
    members = [one for name, data in given for one in opening.members(name, data)]
    if not members:
        raise Invalid(N_("Choose at least one file."), field="files")
    if len(members) > MOST_FILES:
        raise Invalid(N_("Drop at most %(most)s files at once."), field="files", most=MOST_FILES)
    return [
        Opened(
            cut(one.name, 200) or "rapport",
            one.data,
            Reading("archive" if one.data else "unknown", (), one.trouble)
            if one.trouble
            else opening.read(one.data),
        )
        for one in members
    ]


@command
def drop_reports(given: Sequence[Opened], *, actor: Actor) -> list[Received]:
    """Keep files that were read and record what they prove: a certificate for each medium that is found.

    What is not found stays in the list of its report with its reason. Refused: NotAllowed for whoever neither holds
    nor reconditions devices, and for the operator in their place.
    """
    require_own_hand(actor)
    organisation_id = _locked(actor)
    outcomes = [_kept(one, organisation_id, actor) for one in given]
    fresh = [one.report for one in outcomes if one.report is not None and not one.again]
    if not fresh:
        return outcomes
    doing = journal.Act(actor)
    facts = {
        "reports": len(fresh), "files": [one.sha256 for one in fresh], "formats": [one.format for one in fresh],
    }  # fmt: skip
    journal.append(doing, f"organisation/{organisation_id}", "erasure.reports-received", facts=facts)
    _match(entries_of([one.id for one in fresh]), organisation_id, doing)
    return outcomes


@command
def match_again(report_id: int, *, actor: Actor) -> int:
    """Try once more what a report left (media counted meanwhile); how many were recorded."""
    require_own_hand(actor)
    organisation_id = _locked(actor)
    report = _report(report_id, organisation_id)
    kept = (None, "undone", *NOT_WAITING)
    waiting = [one for one in entries_of([report.id]) if one.left not in kept]
    return _match(waiting, organisation_id, journal.Act(actor))


@command
def match_by_hand(entry_id: int, unit_id: int, *, actor: Actor) -> ReportEntry:
    """Say which device a line of a report is about; its medium is named or counted by it.

    Refused: NotFound for another's line or device; Conflict with the reason where the device has other media.
    """
    require_own_hand(actor)
    organisation_id = _locked(actor)
    entry = _entry(entry_id, organisation_id)
    filing.by_hand(entry, unit_id, actor=actor)
    return entry


@command
def undo_match(entry_id: int, *, actor: Actor) -> ReportEntry:
    """Take back a match made by hand: its certificate no longer counts, what it named or counted is undone.

    A line set aside waits again. Refused: Conflict for a line that was not matched by hand, or whose device has
    moved on.
    """
    require_own_hand(actor)
    organisation_id = _locked(actor)
    entry = _entry(entry_id, organisation_id)
    filing.undo(entry, actor=actor)
    return entry


@command
def set_aside(entry_id: int, reason: str, *, actor: Actor) -> ReportEntry:
    """Say why a line of a report waits for no device (ASIDE); `undo_match` takes it up again.

    Refused: NotFound for another's line; Invalid outside the reasons; Conflict for a line recorded already.
    """
    require_own_hand(actor)
    entry = _entry(entry_id, _locked(actor))
    filing.set_aside(entry, reason, actor=actor)
    return entry


def entries_of(report_ids: Sequence[int]) -> list[ReportEntry]:
    """The lines of reports, in their order."""
    statement = sa.select(ReportEntry).where(ReportEntry.report_id.in_(report_ids))
    return list(session().scalars(statement.order_by(ReportEntry.report_id, ReportEntry.number)))


def _locked(actor: Actor) -> int:
    """One drop of an organisation after the other: the same file twice at once is kept once."""
    if actor.organisation_id is None or not actor.has("holder", "reuse_actor"):
        raise NotAllowed(N_("Your organisation may not do this."))
    lock(Organisation, Organisation.id == actor.organisation_id)
    return actor.organisation_id


def _kept(one: Opened, organisation_id: int, actor: Actor) -> Received:
    if not one.data or len(one.data) > opening.MOST_BYTES:
        return Received(one.name, None, trouble=one.reading.trouble or "empty")
    sha256 = hashlib.sha256(one.data).hexdigest()
    same = sa.and_(ErasureReport.organisation_id == organisation_id, ErasureReport.sha256 == sha256)
    known = session().scalars(sa.select(ErasureReport).where(same)).one_or_none()
    if known is not None:
        return Received(one.name, known, True, known.trouble)
    files.put(one.data, media_type=sniff(one.data) or "application/octet-stream")
    made = ErasureReport(
        organisation_id=organisation_id, person_id=actor.person_id, sha256=sha256, name=one.name,
        format=one.reading.format, trouble=one.reading.trouble, stream=f"organisation/{organisation_id}",
        received_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    files.use(sha256, "erasure", f"report/{made.id}")
    session().add_all(
        ReportEntry(report_id=made.id, number=number, stated=disk.as_dict(), left=filing.UNKNOWN)
        for number, disk in enumerate(one.reading.disks, 1)
    )
    session().flush()
    return Received(one.name, made, trouble=made.trouble)


def _match(entries: Sequence[ReportEntry], organisation_id: int, doing: journal.Act) -> int:
    """Record what can be, in the order of the devices' streams; how many certificates."""
    told = {one.id: of(one.stated) for one in entries}
    known = places(organisation_id, told.values())
    found = {one.id: place(told[one.id], known) for one in entries}
    for one in entries:
        one.left = found[one.id].left
    placed = [one for one in entries if found[one.id].left is None]
    session().flush()
    hosts = filing.hosts(placed, told, {one.id: found[one.id].unit_id for one in placed})
    return filing.record_placed(placed, told, found, hosts, doing)


def _report(report_id: int, organisation_id: int) -> ErasureReport:
    found = session().get(ErasureReport, report_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound(NO_REPORT)
    return found


def _entry(entry_id: int, organisation_id: int) -> ReportEntry:
    found: ReportEntry | None = lock(ReportEntry, ReportEntry.id == entry_id)
    if found is None:
        raise NotFound(NO_REPORT)
    _report(found.report_id, organisation_id)
    return found
