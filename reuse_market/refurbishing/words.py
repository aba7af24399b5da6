"""Codes of the room as words (msgids), and the state words of a device's page."""

from __future__ import annotations

from collections.abc import Iterable

from reuse_market.erasure.gate import Reason
from reuse_market.erasure.words import TO_CHECK, USUAL
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.protocols import protocol
from reuse_market.refurbishing.queries import Case

DIAGNOSES = {
    "not_repairable": N_("Cannot be repaired"),
    "too_old": N_("Too old to be used"),
    "unsafe": N_("Dangerous (swollen battery, burn…)"),
    "no_demand": N_("Nobody asks for it"),
    "parts_missing": N_("Parts missing"),
    "erasure_failed": N_("Erasure impossible"),
    "other": N_("Other reason"),
}
VAT_SCHEMES = {
    "standard": N_("VAT on the price"),
    "exempt": N_("No VAT (exempt)"),
    "margin": N_("VAT on the margin"),
}
OPEN_TO = {
    "all": N_("Every buyer and association"),
    "recipients": N_("Associations only"),
    "public": N_("Public bodies first"),
}
GROUNDS = {"exchange": N_("Exchanged for another device"), "refund": N_("Refunded")}
ANSWERS = {"ok": N_("Works"), "fault": N_("Fault"), "not_applicable": N_("Not on this device")}
LOCK_ANSWERS = {
    "ok": N_("None left"),
    "fault": N_("Locked: to be released by the holder"),
    "not_applicable": N_("Not on this device"),
}
LOCKS = {
    "mdm": N_("Remote management (Autopilot, MDM)"),
    "activation": N_("Activation Lock (account of the former user)"),
    "frp": N_("Google account (FRP)"),
    "bios": N_("BIOS or UEFI password"),
}
RELEASES = {"released": N_("It is released"), "refused": N_("Cannot be released")}
FUNCTIONAL = {"ok": N_("Every function works"), "partial": N_("Works, with the faults listed")}
FUNCTIONAL_STATES = {"ok": N_("Works"), "partial": N_("Works in part"), "ko": N_("Does not work")}
HARDWARE = {
    "serial": N_("Serial number"), "maker": N_("Maker"), "model": N_("Model"), "cpu": N_("Processor"),
    "ram_mb": N_("Memory"), "storage_mb": N_("Storage"), "screen_tenths": N_("Screen diagonal"),
    "os": N_("Operating system"),
}  # fmt: skip
AGENTS = {
    "glpi-json": N_("GLPI agent (JSON)"), "ocs-json": N_("OCS or GLPI inventory (JSON)"),
    "fusion-xml": N_("FusionInventory (XML)"), "ocs-xml": N_("OCS inventory (XML)"),
    "ereuse-json": N_("eReuse Workbench (JSON)"),
}  # fmt: skip
DECISIONS = {"accepted": N_("Take what the program read"), "kept": N_("Keep what was declared")}
WAITS = {
    "shipment": N_("The answer of another actor to a shipment"),
    "intake": N_("To take in"),
    "signature": N_("The holder’s signature"),
    "owner": N_("To be sent or handed back to its owner"),
    "lock": N_("The holder’s release of a lock"),
    "tests": N_("Tests"),
    "repair": N_("A repair, parts or removal"),
    "erasure": N_("Erasure"),
    "check": N_("The check of an erasure by another person"),
    "offer": N_("Grade and price"),
    "removal": N_("Removal"),
}
# state → (word, tone)
STATES = {
    "collected": (N_("To take in"), "wait"),
    "in_workshop": (N_("In the workshop"), "wait"),
    "ready": (N_("Ready"), "ok"),
    "held": (N_("Reserved"), "ok"),
    "provided": (N_("Provided"), "ok"),
    "missing": (N_("Cannot be found"), "refused"),
    "parts": (N_("Spare parts"), "neutral"),
    "waste": (N_("Waste, awaiting removal"), "wait"),
    "recycled": (N_("Recycled"), "neutral"),
}
BATCH_STATES = {"open": (N_("Being prepared"), "wait"), "removed": (N_("Removed"), "ok")}
LISTS = {
    "arrivals": N_("To take in"),
    "workshop": N_("In the workshop"),
    "ready": N_("Ready devices"),
    "waste": N_("Awaiting removal"),
    "lost": N_("Cannot be found"),
}


# A word for each thing a device may lack, in the order of the work; the last one is never lacking.
STEPS = (
    N_("Tests"), N_("Fault"), N_("Erasure"), N_("Second check"), N_("Counter-signature"),
    N_("Belongs to somebody else"), N_("Grade and price"),
)  # fmt: skip
NO_STORAGE = frozenset(kind for kind, (number, _medium, _how) in USUAL.items() if number == 0)


def data_may_be_left(case: Case) -> bool:
    """Whether a device about to leave may still hold data: gate not met, screens nobody counted aside."""
    codes = {reason.code for reason in case.gate.missing}
    return bool(codes) and not (codes == {"media.not-counted"} and case.unit.kind in NO_STORAGE)


def short(reasons: Iterable[Reason]) -> list[str]:
    """What is missing, a word for each block, in the order of the work: for lists (a lock is told by its wait)."""
    found = {_word(reason.code) for reason in reasons if reason.code != "test.locked"}
    return [word for word in STEPS if word in found] or [STEPS[-1]]


def _word(code: str) -> str:
    if code == "test.fault":
        return N_("Fault")
    if code in TO_CHECK:
        return N_("Second check")
    if code == "unit.not-countersigned":
        return N_("Counter-signature")
    block = code.partition(".")[0]
    return {"test": N_("Tests"), "unit": N_("Belongs to somebody else")}.get(block, N_("Erasure"))


def identity_state(case: Case) -> tuple[str, str]:
    """(word, tone) of the block Identity."""
    if case.model is not None and case.unit.serial:
        return N_("Complete"), "ok"
    return N_("To complete"), "neutral"


def tests_state(case: Case) -> tuple[str, str]:
    """(word, tone) of the block Tests."""
    if case.test is None:
        return N_("Not tested yet"), "wait"
    if case.test.passed:
        return N_("All good"), "ok"
    found = protocol(case.test.protocol)
    if found.locked(case.test.results):
        return N_("Locked: waits for the holder’s release"), "wait"
    partial = found.state(case.test.results) == "partial"
    return (N_("Works in part"), "wait") if partial else (N_("Fault"), "refused")


def erasure_state(case: Case) -> tuple[str, str]:
    """(word, tone) of the block Erasure."""
    codes = {reason.code for reason in case.gate.missing}
    if case.gate.passed:
        return N_("Accepted"), "ok"
    if codes & {"media.not-counted", "media.not-described"}:
        return N_("Media to count"), "wait"
    if codes <= {"certificate.missing", "medium.removed"}:
        return N_("Certificate to record"), "wait"
    if codes <= TO_CHECK:
        return N_("To be checked by another person"), "wait"
    return N_("Refused"), "refused"


def offer_state(case: Case) -> tuple[str, str]:
    """(word, tone) of the block Condition."""
    if case.unit.state in ("ready", "held", "provided"):
        return STATES[case.unit.state]
    return (N_("Not ready"), "wait") if case.missing else (N_("Grade and price to set"), "wait")
