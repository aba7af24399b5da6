"""The three grades of a device: how it looks (A–D), what works (ok, partial with its list, ko), its battery.

"Reconditionné" needs every function tested and every medium erased (code de la consommation, R122-4 to R122-6).
"""

from __future__ import annotations

from reuse_market.erasure.gate import Reason
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.models import TestRun
from reuse_market.refurbishing.protocols import PROTOCOLS, protocol
from reuse_market.refurbishing.queries import Case

OFFERED = ("ok", "partial")  # what may be put in the shop window; "ko" never
LABELS = {check.code: check.label for made in PROTOCOLS for check in made.checks}


def functional_state(test: TestRun | None) -> str | None:
    """ok | partial | ko of a test; None while untested."""
    return protocol(test.protocol).state(test.results) if test is not None else None


def listed_faults(test: TestRun) -> str | None:
    """Codes of what does not work, "a,b", in the protocol's order; None when all works."""
    return ",".join(protocol(test.protocol).faults(test.results))[:400] or None


def fault_words(faults: str | None) -> list[str]:
    """The checks of `Offer.faults`, in words (msgids)."""
    return [LABELS.get(code, code) for code in (faults or "").split(",") if code]


def still_missing(case: Case, wanted: str) -> tuple[Reason, ...]:
    """What lacks to offer a unit as `wanted` (ok | partial): partial says its faults instead of having none."""
    partial = functional_state(case.test) == "partial"
    if wanted == "partial" and case.test is not None and not partial and case.test.passed:
        text = N_("Its last test found no fault: offer it as working.")
        return (Reason("test.no-fault", text), *case.missing)
    if wanted != "partial" or not partial:
        return case.missing
    return tuple(reason for reason in case.missing if reason.code != "test.fault")


def may_be_called_refurbished(case: Case) -> bool:
    """Whether the law lets the device be called "reconditionné": all functions tested, none failing, media erased."""
    return case.test is not None and case.test.passed and case.gate.passed
