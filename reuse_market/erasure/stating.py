"""What is seen of a medium and what a certificate states, and what either may not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reuse_market.erasure import queries
from reuse_market.erasure.models import (
    DESTINATIONS,
    HIDDEN_AREAS,
    MEDIUM_KINDS,
    METHODS,
    RESULTS,
    VERIFICATIONS,
    StorageMedium,
)
from reuse_market.erasure.reading.terms import plain
from reuse_market.erasure.techniques import TECHNIQUES
from reuse_market.kernel import clock
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_

MOST_MEDIA = 64
CHOOSE = N_("Choose an answer in the list.")
TITLES = frozenset({"m", "mr", "mme", "mlle", "mrs", "ms", "monsieur", "madame", "mademoiselle"})
SHORTEN = N_("Shorten this to %(most)s characters.")
# Free texts of a certificate and how long they may be.
LIMITS = {
    "maker": 60, "model": 120, "serial": 80, "property_number": 60, "media_source": 120,
    "confidentiality": 40, "operator_title": 80, "operator_place": 120, "validator_title": 80,
    "validator_place": 120, "report_number": 80,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A medium as seen: its kind (MEDIUM_KINDS), and what its label or firmware says."""

    kind: str
    serial: str | None = None
    model: str | None = None
    size_mb: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a certificate states (fields of NIST SP 800-88 r2). `errors` None: the report does not say.

    `serial` is the medium's as the report names it; the other texts are optional. `method` never lifts what
    the technique reaches on the medium.
    """

    method: str
    technique: str
    tool: str
    result: str
    verified: bool
    errors: int | None
    hidden_areas: str
    erased_at: datetime
    operator_name: str
    tool_version: str = ""
    validator_name: str = ""
    maker: str | None = None
    model: str | None = None
    serial: str | None = None
    property_number: str | None = None
    media_source: str | None = None
    confidentiality: str | None = None
    passes: int | None = None
    verification: str | None = None
    operator_title: str | None = None
    operator_place: str | None = None
    validator_title: str | None = None
    validator_place: str | None = None
    validated_on: date | None = None
    destination: str | None = None
    report_number: str | None = None


def serial_key(serial: str | None) -> str:
    """A serial as it is compared: letters and digits only, in capitals; "" for none."""
    return re.sub(r"[\W_]+", "", serial or "").upper()


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: in any case and order, without accents, hyphens and titles."""
    return bool(_names(one)) and _names(one) == _names(other)


def _names(name: str) -> list[str]:
    told = sorted(re.findall(r"\w+", plain(name)))
    return [one for one in told if one not in TITLES] or told


def new_medium(unit_id: int, found: Found) -> StorageMedium:
    """A medium as found, not added yet. Invalid for a kind outside the list or a text too long."""
    if found.kind not in MEDIUM_KINDS:
        raise Invalid(CHOOSE, field="kind")
    for name, most in (("serial", 80), ("model", 120)):
        if len(getattr(found, name) or "") > most:
            raise Invalid(SHORTEN, field=name, most=most)
    return StorageMedium(
        unit_id=unit_id, kind=found.kind, serial=found.serial or None, model=found.model or None,
        size_mb=found.size_mb, counted_at=clock.now(),
    )  # fmt: skip


def stated(proof: Proof) -> dict[str, Any]:
    """The columns of a certificate: what is optional and empty is NULL."""
    optional = (*LIMITS, "verification", "destination")
    values = {name: getattr(proof, name) for name in Proof.__slots__}
    return values | {name: values[name] or None for name in optional}


def check_proof(proof: Proof, unit_ids: Sequence[int]) -> None:
    """Refuse (Invalid) what a certificate may not say of the media of these units."""
    for name, allowed in (
        ("method", METHODS), ("technique", TECHNIQUES), ("result", RESULTS), ("hidden_areas", HIDDEN_AREAS),
    ):  # fmt: skip
        if getattr(proof, name) not in allowed:
            raise Invalid(CHOOSE, field=name)
    if proof.errors is not None and proof.errors < 0:
        raise Invalid(N_("Enter the number of errors, 0 if there was none."), field="error_count")
    if not proof.operator_name.strip() or not proof.tool.strip():
        field = "tool" if proof.operator_name.strip() else "operator_name"
        raise Invalid(N_("Say who erased, and with which tool."), field=field)
    _check_details(proof)
    if same_person(proof.validator_name, proof.operator_name):
        text = N_("The check is worth something by another person: name them, or nobody.")
        raise Invalid(text, field="validator_name")
    if proof.erased_at > clock.now():
        raise Invalid(N_("The erasure cannot be later than now."), field="erased_on")
    since = queries.rearmed_at(unit_ids)
    if since is not None and proof.erased_at < since:
        text = N_("This erasure is older than the device's return: erase it again.")
        raise Invalid(text, field="erased_on")


def _check_details(proof: Proof) -> None:
    """The optional fields: known codes, texts that fit, counts that are none below zero."""
    for name, codes in (("verification", VERIFICATIONS), ("destination", DESTINATIONS)):
        if (getattr(proof, name) or None) not in (None, *codes):
            raise Invalid(CHOOSE, field=name)
    for name, most in LIMITS.items():
        if len(getattr(proof, name) or "") > most:
            raise Invalid(SHORTEN, field=name, most=most)
    if proof.passes is not None and not 0 <= proof.passes <= 100:
        raise Invalid(N_("Enter a number between %(min)s and %(max)s."), field="passes", min=0, max=100)
    if proof.validated_on is not None and proof.validated_on > clock.today():
        raise Invalid(N_("The check cannot be later than today."), field="validated_on")
