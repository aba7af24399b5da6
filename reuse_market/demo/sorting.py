"""The commune sorts its schools' devices: lots, a removal request, a gift to staff; another triage is still open."""

from __future__ import annotations

from reuse_market.accounts import queries as accounts
from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.demo.inventory import schools_csv
from reuse_market.fleets import queries as fleet
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.lots import services as lots
from reuse_market.lots import triages
from reuse_market.lots.models import TriageLine
from reuse_market.refurbishing import services as workshop


def acts(actors: Actors, told: Told) -> list[Act]:
    """Every act of the chapter, with its day."""
    holder = actors["public-holder"]
    return [
        Act(-30, lambda: told.update(schools=_import(holder))),
        Act(-9, lambda: told.update(sorted=_sort(holder, told["schools"][:-9]))),
        Act(-8, lambda: _decide(holder, told["sorted"])),
        Act(-7, lambda: _recycle(holder, told["sorted"])),
        Act(-1, lambda: lots.start_triage(told["schools"][-9:], actor=holder), 16),
        Act(0, fleets.keep_due_stocks, 0),
    ]


def _import(holder: Actor) -> list[int]:
    site = accounts.base_site(holder.organisation_id or 0)
    staged = fleets.upload_inventory(
        schools_csv(), "parc-ecoles.csv", actor=holder, site_id=site.id if site else None
    )
    import_id = staged.id
    fleets.confirm_mapping(import_id, actor=holder)
    fleets.apply_import(import_id, actor=holder)
    return fleet.imported_ids(import_id)


def _sort(holder: Actor, ids: list[int]) -> str:
    """The advice is followed, but for a few desktops that the staff asked for."""
    reference = lots.start_triage(ids, actor=holder).reference
    desktops = _line(reference, holder, "desktop")
    value = {"value_cents": 60_00, "value_how": "depreciation", "works": "works"}
    lots.describe_lines(reference, [desktops.number], value, actor=holder)
    apart = lots.split_line(reference, desktops.number, units=2, actor=holder)
    lots.sort_lines(reference, [apart.number], outlet="staff", reason="taker_known", actor=holder)
    lots.confirm_triage(reference, actor=holder)
    return reference


def _line(reference: str, holder: Actor, kind: str) -> TriageLine:
    found = triages.lines(triages.seen(reference, holder).id)
    return next(line for line in found if line.kind == kind)


def _decide(holder: Actor, reference: str) -> None:
    lots.decide_triage(
        reference, actor=holder, decided_on=clock.today(), decision_number="DEMO-2026-31",
        decided_by="Conseil municipal (démo)",
    )  # fmt: skip


def _recycle(holder: Actor, reference: str) -> None:
    """The oldest screens are asked to be removed; the staff has taken its two desktops home."""
    site = accounts.base_site(holder.organisation_id or 0)
    lots.depart_triage(
        reference, "staff", left_on=clock.today(), note="Convention 12", erased=True, actor=holder
    )
    workshop.request_triage_removal(
        reference, actor=holder, site_id=site.id if site else None, scheme="ecosystem",
        contact_email="enlevements@eco-organisme.example", note="Quatre palettes, rez-de-chaussée.",
    )  # fmt: skip
