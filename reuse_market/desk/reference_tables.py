"""The dated tables an administrator keeps: what names a value, what it holds, how it is shown. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reuse_market.desk import reference_words as words
from reuse_market.equipment.models import Grade, ImpactFactor, KindMass, KindRenewal, KindWeee, SchemeMinimum
from reuse_market.kernel.dated import Dated, Delay, Rate
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.models import SolidarityShare
from reuse_market.regimes import models as law
from reuse_market.regimes.models import AgecCategory, PriceCap, PurchaseThreshold, RegimeRule
from reuse_market.reservations.fairness.ceilings import ROLES
from reuse_market.reservations.models import UnitCeiling

Choices = Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its label, and how it is typed and shown.

    `kind`: `device` (a kind of device), `any_device` (or "*"), `known` (a code the table has already),
    `choice` (of `codes`), `codes` (several of them, parted by spaces), `whole`, `per_mille`, `cents`, `text`.
    """

    name: str
    label: str
    kind: str
    codes: tuple[str, ...] = ()
    unit: str = ""
    optional: bool = False
    least: int = 1
    most: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the page lists it. `keys` name the value that a row dates, `values` are what it says."""

    code: str
    model: type[Dated]
    title: str
    keys: tuple[Field, ...]
    values: tuple[Field, ...]

    @property
    def key_names(self) -> tuple[str, ...]:
        """The columns of its keys."""
        return tuple(one.name for one in self.keys)

    @property
    def stream(self) -> str:
        """Where its changes are written in the journal; what the law allows has one stream of its own."""
        return "reference/regimes" if self.code in ("rules", "caps") else f"reference/{self.code}"


_DEVICE = Field("kind", N_("Kind of device"), "device")
_ANY_DEVICE = Field("kind", N_("Kind of device"), "any_device")

TABLES: dict[str, Table] = {
    table.code: table
    for table in (
        Table("masses", KindMass, words.TITLES["masses"], (_DEVICE,), (
            Field("mass_g", N_("Mass"), "whole", unit="g", most=10_000_000),
        )),
        Table("weee-categories", KindWeee, words.TITLES["weee-categories"], (_DEVICE,), (
            Field("weee_category", N_("WEEE category"), "choice", tuple("1234567")),
        )),
        Table("renewal-ages", KindRenewal, words.TITLES["renewal-ages"], (_DEVICE,), (
            Field("months", N_("Usual age of renewal, in months"), "whole", least=6, most=240),
        )),
        Table("impact-factors", ImpactFactor, words.TITLES["impact-factors"], (
            _DEVICE, Field("measure", N_("Measure"), "choice", ("embedded", "avoided_per_year")),
        ), (
            Field("factor", N_("Factor"), "whole", unit="g CO2e"),
            Field("low", N_("Low end of the range"), "whole", unit="g CO2e", optional=True),
            Field("high", N_("High end of the range"), "whole", unit="g CO2e", optional=True),
        )),
        Table("grades", Grade, words.TITLES["grades"], (
            Field("scale", N_("Scale"), "choice", ("cosmetic", "functional_state")),
            Field("code", N_("Step"), "known"),
        ), (
            Field("label_fr", N_("Label in French"), "text", most=80),
            Field("label_en", N_("Label in English"), "text", most=80),
            Field("text_fr", N_("Text in French"), "text", most=300),
            Field("text_en", N_("Text in English"), "text", most=300),
            Field("order", N_("Place in the scale"), "whole", most=1_000),
        )),
        Table("delays", Delay, words.TITLES["delays"], (Field("code", N_("Delay"), "known"),), (
            Field("days", N_("Days"), "whole", least=0, most=36_500),
        )),
        Table("rates", Rate, words.TITLES["rates"], (Field("code", N_("Rate"), "known"),), (
            Field("per_mille", N_("Value"), "per_mille", unit="‰", least=0, most=100_000),
        )),
        Table("scheme-minima", SchemeMinimum, words.TITLES["scheme-minima"], (
            Field("code", N_("Producer scheme"), "known"),
        ), (
            Field("name", N_("Name"), "text", most=80),
            Field("minimum_g", N_("Smallest removal"), "whole", unit="g", most=1_000_000_000),
            Field("minimum_litres", N_("Or this volume"), "whole", unit="l", optional=True),
        )),
        Table("caps", PriceCap, words.TITLES["caps"], (
            Field("code", N_("Ceiling"), "known"), _ANY_DEVICE,
        ), (
            Field("limits", N_("What it limits"), "choice", law.LIMITS),
            Field("cents", N_("Amount"), "cents"),
            Field("conditions", N_("Conditions"), "codes", tuple(words.CONDITIONS), optional=True),
        )),
        Table("agec-categories", AgecCategory, words.TITLES["agec-categories"], (_DEVICE,), (
            Field("category", N_("AGEC category"), "choice", tuple(words.AGEC_CATEGORIES)),
        )),
        Table("purchase-thresholds", PurchaseThreshold, words.TITLES["purchase-thresholds"], (
            Field("code", N_("Threshold"), "known"),
        ), (
            Field("cents", N_("Amount before tax"), "cents"),
        )),
        Table("solidarity-shares", SolidarityShare, words.TITLES["solidarity-shares"], (_ANY_DEVICE,), (
            Field("percent", N_("Share kept for associations"), "whole", unit="%", least=0, most=100),
            Field("days", N_("Days"), "whole", least=1, most=90),
        )),
        Table("unit-ceilings", UnitCeiling, words.TITLES["unit-ceilings"], (
            Field("role", N_("Structure"), "choice", ROLES), _ANY_DEVICE,
        ), (
            Field("units", N_("Devices at most over 12 months"), "whole", optional=True, most=100_000),
        )),
        Table("rules", RegimeRule, words.TITLES["rules"], (
            Field("regime", N_("Regime"), "choice", law.REGIMES),
            Field("origin_kind", N_("First holder"), "choice", words.ORIGIN_CODES),
            Field("giver_kind", N_("Who parts with it"), "choice", words.GIVER_CODES),
            Field("recipient_kind", N_("Who receives it"), "choice", words.RECIPIENT_CODES),
            Field("act", N_("Act"), "choice", law.ACTS),
            _ANY_DEVICE,
        ), (
            Field("outcome", N_("What the law answers"), "choice", law.OUTCOMES),
            Field("article", N_("Article"), "text", most=120),
            Field("reading", N_("Reading"), "choice", law.READINGS[:2]),
            Field("price", N_("Price"), "choice", law.PRICES, optional=True),
            Field("cap", N_("Ceiling"), "text", optional=True, most=40),
            Field("transfer", N_("AGEC counts it as"), "choice", law.TRANSFERS, optional=True),
            Field("documents", N_("Documents"), "codes", tuple(words.DOCUMENTS), optional=True),
            Field("instead", N_("What is possible instead"), "codes", tuple(words.INSTEAD), optional=True),
        )),
    )
}  # fmt: skip
ELSEWHERE = {"qualification": "desk.organisation"}
"""Dated tables kept on another page: what an organisation is before the law, on its own page."""
