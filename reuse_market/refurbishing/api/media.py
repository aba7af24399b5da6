"""`/units/…/media`: storage media and proofs of erasure."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask_babel import gettext as _

from reuse_market.erasure import queries, services
from reuse_market.erasure import schemas as erasure
from reuse_market.erasure.forms import instant_of
from reuse_market.erasure.models import StorageMedium
from reuse_market.erasure.services import Found, Proof
from reuse_market.erasure.techniques import reached
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import schemas
from reuse_market.refurbishing.api.shared import UNIT, case_here, shown, units
from reuse_market.web.access import current_actor
from reuse_market.web.rest import Refused

MEDIUM = f"{UNIT}/media/<int(min=1, max=2147483647):medium_id>"


@units.verb(f"{UNIT}:count-media", rule="reuse-actor", body=erasure.MediaInput, shape=schemas.UnitSchema)
def count_media(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Write down the storage media, none included, and how they were seen."""
    case_here(unit_id)
    media = [Found(**each) for each in values["media"]]
    services.count_media(unit_id, media, values["seen_how"], actor=current_actor())
    return shown(unit_id)


@units.verb(f"{UNIT}:add-medium", rule="reuse-actor", body=erasure.MediumInput, shape=schemas.UnitSchema)
def add_medium(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """One more medium than counted."""
    case_here(unit_id)
    services.add_medium(unit_id, Found(**values), actor=current_actor())
    return shown(unit_id)


@units.verb(
    f"{MEDIUM}:record-certificate", rule="reuse-actor", body=erasure.CertificateInput, shape=schemas.UnitSchema,
    name="media.record-certificate",
)  # fmt: skip
def record_certificate(values: dict[str, Any], unit_id: int, medium_id: int) -> dict[str, Any]:
    """Record a proof of erasure; whether it suffices is the gate's to say."""
    medium = _medium(unit_id, medium_id)
    file = _report(values.pop("report", ""))
    day = values.pop("erased_on")
    method = reached(values["technique"], medium.kind) or "clear"
    proof = Proof(method=method, erased_at=instant_of(day), **values)
    services.record_certificate(medium_id, proof, actor=current_actor(), file=file)
    return shown(unit_id)


@units.verb(
    f"{MEDIUM}:remove", rule="reuse-actor", body=erasure.MediumRemoval, shape=schemas.UnitSchema,
    name="media.remove",
)  # fmt: skip
def remove_medium(values: dict[str, Any], unit_id: int, medium_id: int) -> dict[str, Any]:
    """Take a medium out (it then has to be destroyed), or correct a miscount."""
    _medium(unit_id, medium_id)
    services.remove_medium(medium_id, actor=current_actor(), miscounted=values["miscounted"])
    return shown(unit_id)


def _medium(unit_id: int, medium_id: int) -> StorageMedium:
    case_here(unit_id)
    medium = queries.medium(medium_id)
    if medium is None or medium.void_at is not None or medium.unit_id != unit_id:
        raise NotFound(N_("This storage medium does not exist."))
    return medium


def _report(text: str) -> bytes | None:
    if not text:
        return None
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        detail = _("Enter this in the form described above.")
        raise Refused([{"field": "report", "detail": detail}]) from None
