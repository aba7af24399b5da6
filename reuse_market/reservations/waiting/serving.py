"""Units that come free go to who waited for them first: they are held for it until a day, to be accepted.

One order for all, published in the rules of sharing: places in the waiting list from the moment one joined it, and
promises made for needs from the moment they were accepted. Strictly in order among those that can be served with
what is ready: who needs twenty whole keeps its place and does not stop the next one while three are ready. A promise
takes what there is. Everything here runs inside a command, the seller's head locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock, ending, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.statements import plain
from reuse_market.reservations import acting, placing
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import keeping
from reuse_market.reservations.needs.need_models import NeedMatch
from reuse_market.reservations.queries import HeldUnit
from reuse_market.reservations.waiting import mails
from reuse_market.reservations.waiting.lifecycle import WAITING
from reuse_market.reservations.waiting.waiting_models import WaitingEntry
from reuse_market.traceability import journal

OVERSEER = replace(SYSTEM, roles=SYSTEM.roles | {"operator"})  # sees what is kept for associations, too


def terms(group: catalogue.Group) -> dict[str, int | str]:
    """What `MATCHING` asks of a group."""
    return _asked(group, group.key, group.seller_id, group.price)


def _asked(
    one: catalogue.Group | HeldUnit, key: str, seller_id: int, price: catalogue.Price
) -> dict[str, int | str]:
    paid = price.gross_cents if price.gross_cents is not None else price.net_cents
    return {
        "g_key": key, "g_kind": one.kind, "g_seller": seller_id, "g_grade": one.grade or "",
        "g_ram": one.ram_mb or 0, "g_storage": one.storage_mb or 0, "g_screen": one.screen_tenths or 0,
        "g_paid": paid,
    }  # fmt: skip


def _matching() -> tuple[sa.ColumnElement[bool], ...]:
    """Criteria: the entries that wait for a group by its key, or for something it satisfies."""
    entry, none = WaitingEntry, sa.func.coalesce
    number = {
        name: sa.bindparam(name, type_=sa.Integer)
        for name in ("g_ram", "g_storage", "g_screen", "g_paid", "g_seller")
    }
    text = {name: sa.bindparam(name, type_=sa.String) for name in ("g_key", "g_kind", "g_grade")}
    described = sa.and_(
        entry.group_key.is_(None),
        none(entry.least_ram_mb, 0) <= number["g_ram"],
        none(entry.least_storage_mb, 0) <= number["g_storage"],
        none(entry.least_screen_tenths, 0) <= number["g_screen"],
        none(entry.worst_grade, "Z") >= text["g_grade"],
        none(entry.most_cents, number["g_paid"]) >= number["g_paid"],
    )
    return (
        entry.state == "waiting", entry.kind == text["g_kind"], entry.organisation_id != number["g_seller"],
        sa.or_(entry.group_key == text["g_key"], described),
    )  # fmt: skip


MATCHING = _matching()
_BEFORE = sa.select(WaitingEntry.id, WaitingEntry.joined_at, WaitingEntry.organisation_id).where(*MATCHING)
_FIRST = sa.select(WaitingEntry.id).where(*MATCHING).limit(1)
_IN_TURN = (
    sa.select(WaitingEntry)
    .where(*MATCHING)
    .order_by(WaitingEntry.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_WAITING = sa.union_all(
    sa.select(WaitingEntry.__table__.c.id).where(WaitingEntry.__table__.c.state == sa.literal_column("'waiting'")),
    sa.select(NeedMatch.__table__.c.id).where(NeedMatch.__table__.c.state == sa.literal_column("'promised'")),
).limit(sa.literal_column("1"))  # fmt: skip


class Turn(NamedTuple):
    """A place in the one order: who waits since when, in the list or by a promise."""

    since: datetime
    promised: bool
    id: int
    organisation_id: int


def before(groups: Sequence[catalogue.Group], actor: Actor) -> None:
    """Serve those who came before this actor asked for these groups; one statement when nobody waits.

    Who waits for them itself is not overtaken by later ones, and what it takes now it takes at its own place.
    """
    if not anybody():
        return
    for stored in groups:
        group = catalogue.group(stored.key, actor) or stored  # counted: a row may promise less
        turns = _turns(group)
        own = next((turn for turn in turns if actor.is_org(turn.organisation_id)), None)
        if turns and turns[0] is not own:
            _serve(group, upto=own)


def after(group_keys: Iterable[str]) -> None:
    """Units of these groups are ready again: hold them for who waits. The sellers' heads are locked."""
    if not anybody():
        return
    ending.settle()  # the stored groups must know what has just come back
    for key in sorted(set(group_keys)):
        group = catalogue.group(key, OVERSEER)
        if group is not None:
            _serve(group)


def wanted(found: Reservation, held: HeldUnit) -> bool:
    """Whether somebody but its beneficiary waits for such a device as this reservation holds; nothing is locked."""
    price = catalogue.price_of(found.price_cents, found.vat_scheme)
    others = _FIRST.where(WaitingEntry.organisation_id != found.beneficiary_id)
    listed = session().scalar(others, _asked(held, found.group_key, found.seller_id, price))
    return listed is not None or keeping.owes(found, held, price)


def serve_due() -> int:
    """Job: what the workshops have made ready goes to those who wait; how many entries were offered something."""
    kinds = session().scalars(sa.select(WaitingEntry.kind).where(WaitingEntry.state == "waiting").distinct())
    wanted = [
        group.key
        for kind in sorted({*kinds, *keeping.kinds()})
        for group in catalogue.groups(catalogue.Filters(kind=kind), OVERSEER)
        if session().scalar(_FIRST, terms(group)) is not None or keeping.standing(group)
    ]
    before_it = _offered()
    jobs.each(list(range(len(wanted))), lambda n: serve_group(wanted[n]), "waiting.serve")
    return _offered() - before_it


@command
def serve_group(key: str) -> int:
    """Hold what is ready of a group for those who wait, in order; how many were offered something."""
    group = catalogue.group(key, OVERSEER)
    if group is None:
        return 0
    acting.queue_up(group.seller_id)
    return _serve(group)


def close(found: Reservation, action: str, actor: Actor) -> bool:
    """The answer to an offer, or none: `pass` or `lapse`. Its entry ends; False for a proposal, which has none."""
    entry: WaitingEntry | None = lock(
        WaitingEntry, WaitingEntry.reservation == found.reference, WaitingEntry.state == "offered"
    )
    if entry is not None:
        WAITING.fire(action, entry, actor, ended_at=clock.now())
        write(entry, WAITING.transition(action).event, actor)
    return entry is not None


def write(entry: WaitingEntry, event: str, actor: Actor) -> None:
    """What happens to an entry, on the stream of the organisation that waits."""
    facts = {"waiting": entry.reference, "kind": entry.kind, "units": entry.units}
    if entry.reservation:
        facts["reservation"] = entry.reservation
    journal.append(journal.Act(actor), f"organisation/{entry.organisation_id}", event, facts=facts)


def _turns(group: catalogue.Group) -> list[Turn]:
    """Who may be served with this group, in the one order; nothing is locked."""
    rows = session().execute(_BEFORE, terms(group))
    listed = [Turn(row.joined_at, False, row.id, row.organisation_id) for row in rows]
    promised = [Turn(one.since, True, one.id, one.organisation_id) for one in keeping.standing(group)]
    return sorted([*listed, *promised])


def _serve(group: catalogue.Group, upto: Turn | None = None) -> int:
    served, turns = 0, _turns(group)
    entries = {entry.id: entry for entry in session().scalars(_IN_TURN, terms(group)).all()}
    for turn in turns:
        if upto is not None and turn >= upto:
            break
        if turn.promised:
            served += keeping.keep(turn.id, group)
            continue
        entry = entries.get(turn.id)
        if entry is None:  # it left meanwhile; who joined meanwhile has no turn yet
            continue
        left = len(catalogue.ready_ids(group, entry.units))
        if not left:
            break
        if left >= (1 if entry.fewer else entry.units):
            served += _offer(entry, group, min(left, entry.units))
    return served


def _offer(entry: WaitingEntry, group: catalogue.Group, count: int) -> bool:
    """Hold them until the day to answer; False where it may not have them (kept for others, law, fairness)."""
    actor = _actor_of(entry)
    if actor is None or (group.open_to == "recipients" and not actor.has("recipient")):
        return False
    until = clock.in_days(delay_days("waiting.answer"))
    common = {"until": until, "offered_until": until, "delivery": "collect"}
    try:
        [made] = placing.hold([placing.Part(group, count)], doing=journal.Act(actor), common=common)
    except (Invalid, Conflict):  # said before anything is written: it keeps its place
        return False
    WAITING.fire("offer", entry, SYSTEM, reservation=made.reference, offered_at=clock.now())
    write(entry, "waiting.offered", SYSTEM)
    mails.offered(entry, made, group)
    return True


def _actor_of(entry: WaitingEntry) -> Actor | None:
    """The organisation that waits, as the clock acts for it; None while it is suspended."""
    if not accounts.is_verified(entry.organisation_id):
        return None
    return Actor(entry.organisation_id, roles=accounts.roles_of(entry.organisation_id), via="system")


def anybody() -> bool:
    """Whether anybody waits for anything, in the list or by a promise; mostly nobody does, and this is all it costs."""
    return plain(_WAITING).scalar() is not None


def _offered() -> int:
    return session().scalar(
        sa.select(sa.func.count()).where(WaitingEntry.offered_at.is_not(None))
    ) or 0  # fmt: skip
