"""`/lots/…/erasure`: the holder's own proofs of erasure, for many units at once."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask_babel import gettext as _

from reuse_market.erasure import bulk, report_schemas, schemas
from reuse_market.erasure.api import erasure_checks
from reuse_market.erasure.forms import instant_of
from reuse_market.erasure.models import ErasureException
from reuse_market.erasure.services import Found, Proof
from reuse_market.erasure.techniques import reached
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import erasing, policy, queries, second_look
from reuse_market.lots.api import LOT, lots
from reuse_market.lots.models import Lot
from reuse_market.lots.services.drafting import NO_LOT
from reuse_market.web import rest
from reuse_market.web.access import current_actor

WHICH = ("units", "line", "count")


@lots.read(f"{LOT}/erasure", rule="holder", shape=schemas.ErasureRowSchema, listed=True, name="erasure")
def list_erasure(query: dict[str, Any], reference: str) -> dict[str, Any]:
    """The units still with the holder, and what the erasure of each lacks."""
    after, limit = rest.after(query["cursor"]) or 0, query["limit"]
    found = sorted(erasing.standings(_own(reference)), key=lambda one: one.unit_id)
    rest_of = [one for one in found if one.unit_id > after]
    rows = erasing.page_of(rest_of, offset=0, limit=limit + 1)
    return rest.page(rows, limit, lambda row: row.unit.id, _row)


@lots.verb(
    f"{LOT}:count-media", rule="holder", body=schemas.CountedTogether, shape=schemas.ErasureDoneSchema,
)  # fmt: skip
def count_media(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The same storage media in several units, none included, and how they were seen."""
    lot = _own(reference)
    ids = _chosen(lot, values)
    media = [Found(**each) for each in values["media"]]
    return _done(lot, bulk.count_for_many(ids, media, values["seen_how"], actor=current_actor()))


@lots.verb(
    f"{LOT}:record-certificates", rule="holder", body=schemas.ReportInput, shape=schemas.ErasureDoneSchema,
)  # fmt: skip
def record_certificates(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """One report for the media of several units: a certificate for each."""
    lot = _own(reference)
    ids = _chosen(lot, values)
    file = _report(values.pop("report", ""))
    kind, seen_how = values.pop("kind"), values.pop("seen_how")
    serials = {each["unit"]: each["serial"] for each in values.pop("serials")}
    proof = Proof(
        method=reached(values["technique"], kind) or "clear", erased_at=instant_of(values.pop("erased_on")),
        **{name: value for name, value in values.items() if name not in WHICH},
    )  # fmt: skip
    report = bulk.Report(proof, kind, seen_how, serials)
    bulk.record_for_many(ids, report, actor=current_actor(), file=file)
    return _done(lot, len(ids))


@lots.verb(
    f"{LOT}:ask-erasure-check", rule="holder", body=report_schemas.ErasureDemandInput,
    shape=report_schemas.ErasureDemandSchema,
)  # fmt: skip
def ask_erasure_check(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Ask that another person checks the erasures: each, their list, or a sample; null: nobody."""
    _own(reference)
    found = second_look.ask_second_look(
        reference, values["how"], values.get("percent"), actor=current_actor()
    )
    return {"how": found.how if found else None, "percent": found.percent if found else None}


@erasure_checks.verb(
    "/erasure-checks:accept-exception", rule="waste-keeper", body=report_schemas.ErasureExceptionInput,
    shape=report_schemas.ErasureExceptionSchema,
)  # fmt: skip
def accept_exception(values: dict[str, Any]) -> ErasureException:
    """Accept an erasure that did not end well, as another person than who erased or recorded it; judged against the
    level of the device's own lot."""
    return second_look.accept_exception(values["certificate"], values["ground"], actor=current_actor())


def _own(reference: str) -> Lot:
    lot = queries.seen(reference, current_actor())
    if not policy.holder(current_actor(), lot):
        raise NotFound(NO_LOT)
    return lot


def _chosen(lot: Lot, values: dict[str, Any]) -> list[int]:
    """The units meant, all of this lot."""
    found = erasing.standings(lot)
    if "units" in values:
        mine = {one.unit_id for one in found}
        if not mine.issuperset(values["units"]):
            raise NotFound(N_("This device does not exist."))
        return sorted(set(values["units"]))
    if "line" not in values:
        raise Invalid(N_("Tick at least one device, or choose a line."), field="units")
    return erasing.lacking_ids(found, line=values["line"], count=values.get("count", bulk.MOST_UNITS))


def _done(lot: Lot, units: int) -> dict[str, Any]:
    progress = erasing.progress(erasing.standings(lot))
    return {"units": units, "proven": progress.proven, "lacking": progress.lacking}


def _row(row: erasing.Row) -> dict[str, Any]:
    missing = [
        {"code": each.code, "detail": _(each.message), "medium": each.medium} for each in row.gate.missing
    ]
    unit = row.unit
    return {"unit": unit.id, "line": row.line, "kind": unit.kind, "serial": unit.serial,
            "asset_tag": unit.asset_tag, "proven": row.gate.passed, "missing": missing}  # fmt: skip


def _report(text: str) -> bytes | None:
    if not text:
        return None
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        detail = _("Enter this in the form described above.")
        raise rest.Refused([{"field": "report", "detail": detail}]) from None
