"""A holder asks a producer scheme to remove waste from its own site: diagnosis and request are one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.equipment import queries as equipment
from reuse_market.fleets.decisions import not_departed
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.lots import advice, triages
from reuse_market.notices.services import ADDRESS
from reuse_market.refurbishing import mails
from reuse_market.refurbishing.models import DIAGNOSES, RemovalBatch, WasteRecord
from reuse_market.refurbishing.services import work
from reuse_market.traceability import journal
from reuse_market.units import services as units
from reuse_market.units.models import Unit

NOTHING = N_("No device waits to be recycled: record the decision to discard them first.")


@command
def request_removal(
    diagnoses: Mapping[int, str],
    *,
    actor: Actor,
    site_id: int | None,
    scheme: str | None,
    producer_scheme: str = "",
    contact_email: str = "",
    note: str = "",
    triage: str | None = None,
) -> RemovalBatch:
    """Declare discarded devices waste (unit id → DIAGNOSES) and ask for their removal, ENV-2026-0001.

    `scheme` is one of equipment.scheme_minima, or None with `producer_scheme` named. The weight is the sum
    of the usual masses, None when no mass is known. Written to the scheme's contact, if given, and to the
    holder's people. From here on the devices are waste (C. env. L541-1-1): there is no way back.
    Refused: who may not commit the holder, devices not discarded or gone, a foreign site, no scheme.
    """
    if not (actor.has("holder") and actor.commits):
        raise refusal(lambda one: one.has("holder"), actor, "removal.request")
    values = _checked(actor, site_id, scheme, producer_scheme, contact_email, note)
    if not set(diagnoses.values()) <= set(DIAGNOSES):
        raise Invalid(N_("Choose the reason in the list."), field="diagnosis")
    found = work.locked(list(diagnoses), actor)
    if not found:
        raise Conflict(NOTHING, code="removal.nothing")
    _require_here(found, actor)
    now = clock.now()
    made = RemovalBatch(
        reference=next_reference("ENV"), state="open", organisation_id=actor.organisation_id, made_at=now,
        requested_at=now, estimated_g=estimate([unit.kind for unit in found])[0], triage=triage, **values,
    )  # fmt: skip
    session().add(made)
    session().flush()
    doing = journal.Act(actor)
    for reason in sorted(set(diagnoses.values())):
        of_it = [unit for unit in found if diagnoses[unit.id] == reason]
        rows = [
            {"unit_id": unit.id, "diagnosis": reason, "note": "", "declared_at": now, "batch_id": made.id}
            for unit in of_it
        ]
        session().execute(sa.insert(WasteRecord), rows)
        work.move(units.Move(action="declare_waste"), of_it, doing, facts={"diagnosis": reason})
    facts = {"batch": made.reference, "units": len(found), "estimated_g": made.estimated_g, "scheme": scheme}
    stream = organisation_stream(made.organisation_id)
    journal.append(doing, stream, "batch.requested", facts=facts)
    mails.removal_requested(made, len(found))
    return made


@command
def request_triage_removal(
    triage: str,
    *,
    actor: Actor,
    site_id: int | None,
    scheme: str | None,
    producer_scheme: str = "",
    contact_email: str = "",
    note: str = "",
) -> RemovalBatch:
    """`request_removal` of what a confirmed triage sends to recycling; each line's reason is its diagnosis."""
    seen = triages.seen(triage, actor)
    if seen.state != "confirmed":
        raise Conflict(N_("Confirm the triage first."), code="removal.triage-open")
    diagnoses = {
        unit_id: advice.diagnosis(line.reason, line.why)
        for line in triages.lines(seen.id)
        if line.outlet == advice.RECYCLE
        for unit_id in triages.still_here([line.id])
    }
    if not diagnoses:
        raise Conflict(NOTHING, code="removal.nothing")
    return request_removal(
        diagnoses, actor=actor, site_id=site_id, scheme=scheme, producer_scheme=producer_scheme,
        contact_email=contact_email, note=note, triage=triage,
    )  # fmt: skip


def estimate(kinds: Sequence[str]) -> tuple[int | None, int]:
    """(grams by the usual masses in force, devices whose kind has none); None grams when none is known."""
    masses = equipment.masses()
    known = [masses[kind].mass_g for kind in kinds if kind in masses]
    return (sum(known) if known else None), len(kinds) - len(known)


def _checked(
    actor: Actor, site_id: int | None, scheme: str | None, name: str, email: str, note: str
) -> dict[str, object]:
    site = accounts.site(site_id)
    if site is None or site.organisation_id != actor.organisation_id:
        raise Invalid(N_("Choose one of your sites."), field="site_id")
    name, note, email = " ".join(name.split()), " ".join(note.split()), email.strip()
    minima = equipment.scheme_minima()
    if scheme is not None and scheme not in minima:
        raise Invalid(N_("Choose an answer."), field="scheme")
    name = minima[scheme].name if scheme is not None else name
    if not name or len(name) > 120:
        raise Invalid(
            N_("Name the producer scheme or the company that takes the devices."), field="producer_scheme"
        )
    if len(note) > 300:
        raise Invalid(N_("Use at most 300 characters."), field="note")
    praise.require_plain(note, field="note")
    if email and (len(email) > 254 or not ADDRESS.fullmatch(email)):
        raise Invalid(N_("Enter an email address in the form name@example.org."), field="contact_email")
    return {
        "site_id": site.id, "scheme": scheme, "producer_scheme": name, "contact_email": email or None,
        "note": note or None,
    }  # fmt: skip


def _require_here(found: Sequence[Unit], actor: Actor) -> None:
    """Each is the holder's own, discarded, and has not left."""
    ids = [unit.id for unit in found]
    here = session().scalar(
        sa.select(sa.func.count()).select_from(Unit).where(units.criterion(ids), not_departed())
    )
    for unit in found:
        work.require("declare_waste", unit, actor)
        work.require_owned(unit)
    if here != len(ids) or any(unit.state != "discarded" for unit in found):
        raise Conflict(units.CHANGED, code="removal.gone")
