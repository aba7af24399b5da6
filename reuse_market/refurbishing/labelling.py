"""Which labels a sheet holds: those of a lot, a pick-up, a list of the workshop, or a series still blank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from reuse_market.collection import policy as pickup_policy
from reuse_market.collection import queries as pickups
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import policy as lot_policy
from reuse_market.lots import queries as lots
from reuse_market.refurbishing import lists
from reuse_market.refurbishing.queries import Case, cases
from reuse_market.units import series
from reuse_market.units.labels import ensure_labels
from reuse_market.units.models import Engagement

MOST = 1000  # labels of one file
KINDS = ("lot", "pickup", "list", "series")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be printed: `cases` of devices with a code, or `codes` of blank labels; `without` have none yet."""

    kind: str
    reference: str
    cases: list[Case] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    without: int = 0
    kept_by: str = ""

    @property
    def units(self) -> int:
        """Labels there are to print."""
        return len(self.cases) or len(self.codes)

    def labels(self, base: str, name: Callable[[Case], str], blank: str) -> list[dict[str, Any]]:
        """Facts of documents' label sheet: code, words under it, the public address of the code."""
        found = [(case.code or "", name(case)) for case in self.cases] or [
            (code, blank) for code in self.codes
        ]
        return [{"code": code, "label": label, "url": f"{base}/u/{code}"} for code, label in found]


def chosen(kind: str, reference: str, filters: Mapping[str, str | None], *, actor: Actor) -> Selection:
    """The labels of a selection; NotFound for what this organisation has no labels to print of."""
    if kind == "series":
        found = series.seen(reference, actor)
        return Selection(kind, reference, codes=series.blank_codes(found)[:MOST], kept_by=found.kept_by)
    if kind == "list":
        if reference not in lists.LISTS or not actor.has("reuse_actor"):
            raise NotFound(N_("This page does not exist."))
        all_ = lists.rows(actor.organisation_id or 0, reference, MOST, 0, **filters)
    else:
        all_ = cases(_unit_ids(kind, reference, actor)[:MOST])
    labelled = [case for case in all_ if case.code]
    return Selection(kind, reference, cases=labelled, without=len(all_) - len(labelled))


@command
def label_devices(kind: str, reference: str, *, actor: Actor) -> int:
    """Give a code to each device of a lot or a pick-up that has none; returns how many. Conflict when none lacks."""
    if kind not in ("lot", "pickup"):
        raise NotFound(N_("This page does not exist."))
    if not actor.roles or actor.via == "link":
        raise NotAllowed(N_("Sign in to label devices: a link is not enough."), code="labels.not-allowed")
    ids = _unit_ids(kind, reference, actor)[:MOST]
    lacking = [case.unit.id for case in cases(ids) if not case.code]
    if not lacking:
        raise Conflict(
            N_("Each of these devices has a code already: print its label again."), code="labels.none-lacks"
        )
    ensure_labels(lacking, actor=actor)
    return len(lacking)


def _unit_ids(kind: str, reference: str, actor: Actor) -> list[int]:
    """The devices of a lot, for its holder; of a pick-up, for its two sides."""
    if kind == "lot":
        lot = lots.seen(reference, actor)
        if not lot_policy.holder(actor, lot):
            raise NotFound(N_("This lot does not exist."))
    elif kind == "pickup":
        if not pickup_policy.side(actor, pickups.seen(reference, actor)):
            raise NotFound(N_("This pick-up does not exist."))
    else:
        raise NotFound(N_("This page does not exist."))
    statement = (
        sa.select(Engagement.unit_id)
        .where(Engagement.kind == kind, Engagement.reference == reference)
        .order_by(Engagement.line, Engagement.unit_id)
    )
    return list(session().scalars(statement))
