"""The erasure gate: pure rules over a unit's count, media and certificates.

Passed: the media are counted (0 included, with how it was seen) and each one has an accepted certificate:
result ok, a method that reaches the policy on this kind of medium, no error, no hidden area left on ATA,
verified, about this medium, checked by another person where the lot asks for it. An erasure that did not end well
passes by an accepted exception only. A medium taken out passes only once destroyed. Every refusal says what to do
next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reuse_market.erasure import queries
from reuse_market.erasure.models import ErasureCertificate, MediaCount, StorageMedium
from reuse_market.erasure.queries import Marks, UnitMedia
from reuse_market.erasure.stating import same_person, serial_key
from reuse_market.erasure.techniques import ATA, FLASH, LEVELS, NO_PURGE, effective, reached, suffices
from reuse_market.erasure.validation_models import CHECKS
from reuse_market.kernel.words import N_

DEFAULT_POLICY = "purge"  # NIST: what media need before they leave the organisation's control


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gate is not met: a stable code, what to do next (msgid), the medium's id where one is meant."""

    code: str
    message: str
    medium: int | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict. `met_at`: the latest erasure, or the count of an attested 0; None while not passed."""

    passed: bool
    missing: tuple[Reason, ...]
    met_at: datetime | None = None


Media = Sequence[tuple[StorageMedium, Sequence[ErasureCertificate]]]

_RESULTS = {
    "failed": N_("The erasure failed. Erase the medium again, or take it out and have it destroyed."),
    "aborted": N_(
        "The erasure was interrupted. Start it again and record the new report, or have the medium destroyed."
    ),
    "exceptions": N_(
        "The erasure ended with exceptions: part of the medium was not erased. Erase it again, or take it "
        "out and have it destroyed; another person may also accept the exception, saying why."
    ),
}
_HIDDEN = {
    "present": N_("Hidden areas were left on this medium. Erase them too (HPA, DCO), or have it destroyed."),
    "unknown": N_(
        "The report does not say whether hidden areas (HPA, DCO) remain. Check, then record another one."
    ),
}
_CHECKS = {
    "unit": N_("The lot asks that another person checks each certificate. Have this one checked and signed."),
    "batch": N_(
        "The lot asks that another person checks the certificates. Have their list checked and signed."
    ),
    "sample": N_(
        "The lot asks that another person checks a sample of the certificates. Have a sample drawn, checked and "
        "signed."
    ),
}
# What an accepted exception covers, by the result it was accepted for: never a failure, never a weaker level.
EXCEPTED = {
    "exceptions": frozenset(
        {"result.exceptions", "errors.found", "errors.unknown", "hidden.present", "hidden.unknown"}
    ),
    "aborted": frozenset({"result.aborted", "errors.found", "errors.unknown", "hidden.unknown", "not-verified"}),
    "ok": frozenset({"errors.unknown", "hidden.unknown"}),
}  # fmt: skip
_ASKED = {
    "clear": N_("This technique does not erase this kind of medium. Use one that does, then record it."),
    "purge": N_("The lot asks for purging. Erase again with a technique that purges, or destroy the medium."),
    "destroy": N_("The lot asks for destruction. Have the medium destroyed and record its certificate."),
}


def gate(unit_id: int, policy: str | None) -> Gate:
    """The gate of one unit under its lot's erasure policy (None: purge)."""
    return gates({unit_id: policy})[unit_id]


def gates(policies: Mapping[int, str | None]) -> dict[int, Gate]:
    """The gates of many units, each under its policy, in three statements."""
    found = queries.media_of(list(policies))
    return {
        unit_id: judge(policy or DEFAULT_POLICY, found[unit_id].count, found[unit_id].media, found[unit_id])
        for unit_id, policy in policies.items()
    }


def judge(policy: str, count: MediaCount | None, media: Media, found: UnitMedia | None = None) -> Gate:
    """The verdict on rows. `media` holds those of the unit's present life, certificates oldest first; `found`
    brings the second look that is asked for, and what others put on the certificates."""
    if policy not in LEVELS:
        raise ValueError(f"unknown erasure policy {policy}")
    if count is None or count.void_at is not None:
        return _refused(
            Reason(
                "media.not-counted",
                N_("Count the storage media. If there is none, say 0 and how you saw it."),
            )
        )
    if len(media) != count.media:
        return _refused(
            Reason(
                "media.not-described",
                N_("The number of media does not match those described. Add or take off the difference."),
            )
        )
    missing = [reason for medium, proofs in media for reason in judge_medium(policy, medium, proofs, found)]
    if missing:
        return _refused(*missing)
    return Gate(
        True, (), max((_accepted(proofs, found).erased_at for _, proofs in media), default=count.counted_at)
    )


def judge_medium(
    policy: str, medium: StorageMedium, proofs: Sequence[ErasureCertificate], found: UnitMedia | None = None
) -> list[Reason]:
    """What is missing for one medium: nothing when a certificate is accepted and no later one says otherwise.

    A later failure cancels an earlier success; a later weaker success does not.
    """
    if medium.removed_at is not None:
        policy = "destroy"
    standing = _since_last_failure(proofs, found)
    if any(not judge_certificate(policy, medium, proof, found) for proof in standing):
        return []
    if proofs:
        return judge_certificate(policy, medium, proofs[-1], found)
    if medium.removed_at is not None:
        return [
            Reason(
                "medium.removed",
                N_("This medium was taken out. Have it destroyed and record its destruction certificate."),
                medium.id,
            )
        ]
    return [
        Reason("certificate.missing", N_("Erase this medium and record its certificate."), medium.id)
    ]  # fmt: skip


def judge_certificate(
    policy: str, medium: StorageMedium, proof: ErasureCertificate, found: UnitMedia | None = None
) -> list[Reason]:
    """What a certificate lacks for this policy; empty when it is accepted."""
    mark = _mark(proof, found)
    missing = [*_stated(policy, medium, proof), *_seconded(medium, proof, mark, found)]
    excepted = EXCEPTED.get(proof.result, frozenset()) if mark.exception else frozenset()
    left = [reason for reason in missing if reason.code not in excepted]
    ended = next((reason for reason in left if reason.code.startswith("result.")), None)
    return [ended] if ended is not None else left


def may_except(policy: str, medium: StorageMedium, proof: ErasureCertificate) -> bool:
    """Whether an exception would bring something: what the certificate lacks can be excepted, all but its check."""
    lacks = {reason.code for reason in _stated(policy, medium, proof)}
    return bool(lacks) and medium.removed_at is None and lacks <= EXCEPTED.get(proof.result, frozenset())


def _stated(policy: str, medium: StorageMedium, proof: ErasureCertificate) -> list[Reason]:
    """What the certificate itself lacks."""
    missing = []
    if proof.result != "ok":
        unknown = N_("The result of the erasure is not known. Record a certificate that says it.")
        missing.append(Reason(f"result.{proof.result}", _RESULTS.get(proof.result, unknown), medium.id))
    if serial_key(proof.serial) and serial_key(medium.serial) not in ("", serial_key(proof.serial)):
        text = N_("The certificate is about another medium. Record the one of this medium.")
        missing.append(Reason("serial.other", text, medium.id))
    level = effective(proof.method, proof.technique, medium.kind)
    if not suffices(level, policy):
        missing.append(_too_weak(policy, medium, proof))
    if proof.errors is None:
        text = N_("The number of errors is not known. Read it on the report and record a new certificate.")
        missing.append(Reason("errors.unknown", text, medium.id))
    elif proof.errors != 0:
        text = N_("The erasure met errors. Erase the medium again, or take it out and have it destroyed.")
        missing.append(Reason("errors.found", text, medium.id))
    if medium.kind in ATA and level != "destroy" and proof.hidden_areas not in ("none", "erased"):
        code = "present" if proof.hidden_areas == "present" else "unknown"
        missing.append(Reason(f"hidden.{code}", _HIDDEN[code], medium.id))
    if not proof.verified:
        text = N_("The erasure was not verified. Verify it, then record a new certificate.")
        missing.append(Reason("not-verified", text, medium.id))
    return missing


def _seconded(
    medium: StorageMedium, proof: ErasureCertificate, mark: Marks, found: UnitMedia | None
) -> list[Reason]:
    """What the second look lacks: nothing where the lot asks for none and nobody refused the certificate."""
    if mark.refused:
        text = N_(
            "Who checked this certificate refused it. Erase the medium again and record the new report."
        )
        return [Reason("check.refused", text, medium.id)]
    if proof.validator_name and same_person(proof.validator_name, proof.operator_name):
        text = N_("The same person erased and checked. Have another person check.")
        return [Reason("check.same-person", text, medium.id)]
    asked, percent = found.demand if found and found.demand else (None, None)
    if asked is None or any(_covers(how, share, asked, percent) for how, share in mark.checks):
        return []
    return [Reason(f"check.{asked}", _CHECKS[asked], medium.id)]


def _covers(how: str, share: int, asked: str, percent: int | None) -> bool:
    """Whether a signed check is as strong as what is asked: unit, then batch, then a sample of so many percent."""
    if how == asked == "sample":
        return share >= (percent or 0)
    return CHECKS.index(how) >= CHECKS.index(asked) and how != "sample"


def _mark(proof: ErasureCertificate, found: UnitMedia | None) -> Marks:
    return found.marks.get(proof.id, Marks()) if found is not None else Marks()


def _too_weak(policy: str, medium: StorageMedium, proof: ErasureCertificate) -> Reason:
    if medium.removed_at is not None or policy == "destroy":
        return Reason("method.destroy-asked", _ASKED["destroy"], medium.id)
    if reached(proof.technique, medium.kind) is None:
        return Reason("technique.not-for-medium", _ASKED["clear"], medium.id)
    if medium.kind in NO_PURGE:
        text = N_("USB keys and cards cannot be purged. Take this medium out and have it destroyed.")
        return Reason("method.no-purge", text, medium.id)
    if medium.kind in FLASH and reached(proof.technique, medium.kind) == "clear":
        text = N_(
            "On flash memory this technique only clears. Use block or cryptographic erase, or destroy it."
        )
        return Reason("method.flash-cleared", text, medium.id)
    return Reason("method.too-weak", _ASKED["purge"], medium.id)


def _since_last_failure(
    proofs: Sequence[ErasureCertificate], found: UnitMedia | None
) -> Sequence[ErasureCertificate]:
    """The certificates after the last erasure that did not end well; one with an accepted exception stands."""
    failures = [
        index
        for index, proof in enumerate(proofs)
        if proof.result != "ok" and not _mark(proof, found).exception
    ]
    return proofs[failures[-1] + 1 :] if failures else proofs


def _accepted(proofs: Sequence[ErasureCertificate], found: UnitMedia | None) -> ErasureCertificate:
    return max(_since_last_failure(proofs, found), key=lambda proof: proof.erased_at)


def _refused(*reasons: Reason) -> Gate:
    return Gate(False, reasons)
