"""The facts of a pick-up's papers, one place for page and PDF; shapes: documents/papers.py.

`note_facts` are the handover note's: counts by line, each difference with its reason, who signed.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Literal

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.collection import links, papers_sealed, queries, words
from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.collection.queries import Planned
from reuse_market.documents import services as documents
from reuse_market.documents.models import Document
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.units.labels import codes_of

Lang = Literal["fr", "en"]
LISTED = 1000  # units with a line of their own on a paper; beyond, the page gives their list as a file
YES = {
    "has_dock": {"fr": "Quai de chargement", "en": "Loading dock"},
    "has_lift": {"fr": "Monte-charge ou ascenseur", "en": "Lift"},
    "needs_tail_lift": {"fr": "Hayon nécessaire", "en": "Tail-lift needed"},
}
HEIGHT = {"fr": "Hauteur limitée à {cm} cm", "en": "Height limit {cm} cm"}


def owner(pickup: Pickup) -> str:
    """Under what the papers of a pick-up are kept."""
    return f"pickup/{pickup.reference}"


def issue_order(pickup: Pickup, lang: Lang = "fr") -> Document:
    """Issue the pick-up order to both sides."""
    return documents.issue(
        "pickup_order", order_facts(pickup, lang), lang=lang, owner=owner(pickup),
        readers=[pickup.holder_id, pickup.actor_id], number_prefix="BE",
    )  # fmt: skip


def issue_note(pickup: Pickup, lang: Lang = "fr") -> Document:
    """Issue the handover note to both sides."""
    return documents.issue(
        "handover_note", note_facts(pickup, lang), lang=lang, owner=owner(pickup),
        readers=[pickup.holder_id, pickup.actor_id], number_prefix="BR",
    )  # fmt: skip


def issue_waiting_note(pickup: Pickup, until: datetime, lang: Lang = "fr") -> Document:
    """Issue the note as it stands before the holder signs: marked as not counter-signed, to be replaced."""
    facts = note_facts(pickup, lang) | {"countersign_until": until.isoformat()}
    return documents.issue(
        "handover_note", facts, lang=lang, owner=owner(pickup), readers=[pickup.holder_id, pickup.actor_id],
        number_prefix="BR",
    )  # fmt: skip


def order_facts(pickup: Pickup, lang: Lang) -> dict[str, Any]:
    """What the pick-up order says: where, who, when, what; identified units one by one, to tick."""
    planned, labels = queries.sheet(pickup), queries.line_labels(pickup.lot_id)
    masses = {kind: row.mass_g for kind, row in equipment.masses(pickup.day).items()}
    lines = []
    for line in sorted({unit.line or 0 for unit in planned}):
        units = [unit for unit in planned if (unit.line or 0) == line]
        weight = _weight([unit.kind for unit in units], masses)
        row = {"label": labels.get(line, ""), "planned": len(units)}
        lines.append(row if weight is None else row | {"weight_grams": weight})
    numbered = [unit for unit in planned if unit.code and (unit.serial or unit.asset_tag)]
    site = accounts.site(pickup.site_id)
    return (
        _shared(pickup, site)
        | {
            "site": {"address": address(site), "access": access(site, lang)},
            "contact": {
                "name": site.contact_name if site else "",
                "phone": site.contact_phone if site else "",
            },
            "lines": lines,
            "units": _ticks(numbered, labels, lang),
            "remark": pickup.note,
        }
        | _total_weight([unit.kind for unit in planned], masses)
    )


def note_facts(pickup: Pickup, lang: Lang) -> dict[str, Any]:
    """What the handover note says; planned + extra = taken + missing + refused on each line and in all."""
    planned, extras = queries.sheet(pickup), queries.extras(pickup)
    labels = queries.line_labels(pickup.lot_id)
    codes = codes_of([check.unit_id for check in extras if check.unit_id])
    said = {
        outcome: [_difference(unit, labels, lang) for unit in planned if unit.outcome == outcome]
        for outcome in ("missing", "refused")
    }
    extra = [_extra(check, codes) for check in extras]
    taken = [_taken(unit, labels) for unit in planned if unit.outcome == "taken"]
    taken += [row | ({"serial": c.serial} if c.serial else {}) for row, c in zip(extra, extras, strict=True)]
    long = len(taken) > LISTED
    kinds = [u.kind for u in planned if u.outcome == "taken"] + [c.kind or "" for c in extras]
    masses = {kind: row.mass_g for kind, row in equipment.masses(pickup.day).items()}
    site = accounts.site(pickup.site_id)
    said = {outcome: rows if len(rows) <= LISTED else _summed(rows) for outcome, rows in said.items()}
    return _shared(pickup, site) | said | {
        "site": {"address": address(site)},
        "remark": words.LONG_LIST[lang].format(units=len(taken)) if long else "",
        "lines": _note_lines(pickup, len(extras), lang),
        "taken": [] if long else taken,
        "extra": extra,
        "driver": _signer(pickup.driver_name, pickup.driver_signed_at)
        | ({"how": "link"} if pickup.driver_link_id else {}),
        "contact": _signer(pickup.holder_signer, pickup.holder_signed_at)
        | ({"how": "link"} if links.signed_by_link(pickup) else {}),
    } | papers_sealed.facts(pickup, lang) | _total_weight(kinds, masses)  # fmt: skip


def totals(pickup: Pickup) -> dict[str, int]:
    """planned, taken (extras inside), missing, refused, extra."""
    rows, extra = queries.tally(pickup), len(queries.extras(pickup))
    counts = {
        name: sum(getattr(row, name) for row in rows) for name in ("planned", "taken", "missing", "refused")
    }
    return counts | {"taken": counts["taken"] + extra, "extra": extra}


def address(site: Site | None) -> str:
    """The postal address of a site, on lines."""
    if site is None:
        return ""
    return "\n".join(part for part in (site.street, f"{site.postcode} {site.commune_name}") if part)


def access(site: Site | None, lang: str) -> str:
    """What a driver must know of a site, in one sentence."""
    if site is None:
        return ""
    parts = [yes[lang] for name, yes in YES.items() if getattr(site, name) == "yes"]
    if site.height_limit_cm:
        parts.append(HEIGHT[lang].format(cm=site.height_limit_cm))
    said = [part.strip().rstrip(".") for part in (*parts, site.floor, site.hours) if part]
    plain = ", ".join([*said[:1], *(part[:1].lower() + part[1:] for part in said[1:])])
    return ". ".join(part for part in (plain, site.access_note.strip().rstrip(".")) if part)


def _shared(pickup: Pickup, site: Site | None) -> dict[str, Any]:
    seen = queries.view(pickup)
    return {
        "made_at": clock.now().isoformat(),
        "holder": {"name": seen.holder},
        "actor": {"name": seen.actor, "plate": pickup.plate},
        "slot": {"from_at": seen.from_at.isoformat(), "to_at": seen.to_at.isoformat()},
        "pickup_ref": pickup.reference,
        "lot_refs": [seen.lot_reference],
    }


def _signer(name: str, at: Any) -> dict[str, Any]:
    return {"name": name} | ({"signed_at": at.isoformat()} if at else {})


def _note_lines(pickup: Pickup, extra: int, lang: str) -> list[dict[str, Any]]:
    lines = [
        {"label": row.label, "planned": row.planned, "taken": row.taken, "missing": row.missing,
         "refused": row.refused, "extra": 0}
        for row in queries.tally(pickup)
    ]  # fmt: skip
    off_list = {
        "label": words.OFF_LIST[lang],
        "planned": 0,
        "taken": extra,
        "missing": 0,
        "refused": 0,
        "extra": extra,
    }
    return [*lines, off_list] if extra else lines


def _taken(unit: Planned, labels: dict[int | None, str]) -> dict[str, Any]:
    row: dict[str, Any] = {"label": labels.get(unit.line, "")}
    if unit.code:
        row["code"] = unit.code
    if unit.serial:
        row["serial"] = unit.serial
    return row


def _difference(unit: Planned, labels: dict[int | None, str], lang: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "label": _named(unit, labels, lang),
        "reason": words.reason(unit.reason, lang, unit.note),
    }
    return row | ({"code": unit.code} if unit.code else {})


def _summed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Too many differences for a line each: so many of each kind and reason."""
    counts = Counter((row["label"].split(",")[0], row["reason"]) for row in rows)
    return [{"label": f"{count} × {label}", "reason": reason} for (label, reason), count in counts.items()]


def _extra(check: PickupCheck, codes: dict[int, str]) -> dict[str, Any]:
    row: dict[str, Any] = {"label": " – ".join(part for part in (check.label, check.note) if part)}
    code = codes.get(check.unit_id or 0)
    return row | ({"code": code} if code else {})


def _named(unit: Planned, labels: dict[int | None, str], lang: str) -> str:
    """A unit's line and its number: what one reads on the device before any label is stuck."""
    label = labels.get(unit.line, "")
    if unit.serial:
        return f"{label}, {words.SERIAL[lang]} {unit.serial}"
    return f"{label}, {words.TAG[lang]} {unit.asset_tag}" if unit.asset_tag else label


def _ticks(numbered: list[Planned], labels: dict[int | None, str], lang: str) -> list[dict[str, Any]]:
    if len(numbered) > LISTED:
        return []
    return [{"code": unit.code, "label": _named(unit, labels, lang)} for unit in numbered]


def _weight(kinds: list[str], masses: dict[str, int]) -> int | None:
    """Usual masses summed, in grams; None when one is unknown: no half weight for a whole one."""
    return sum(masses[kind] for kind in kinds) if all(kind in masses for kind in kinds) else None


def _total_weight(kinds: list[str], masses: dict[str, int]) -> dict[str, int]:
    weight = _weight(kinds, masses)
    return {} if weight is None else {"weight_grams": weight}
