"""The gate's rules as literal tables: every cell is written here, none is computed from the rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reuse_market.erasure.gate import judge
from reuse_market.erasure.models import ErasureCertificate, MediaCount, StorageMedium
from reuse_market.erasure.techniques import REACHES

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def count(media, **values):
    return MediaCount(media=media, seen_how="opened", counted_at=NOON, **values)


def medium(kind="ssd", **values):
    return StorageMedium(id=7, kind=kind, **values)


def certificate(**values):
    good = {"method": "purge", "technique": "sanitize_block_erase", "result": "ok", "verified": True,
            "errors": 0, "hidden_areas": "none", "erased_at": NOON}  # fmt: skip
    return ErasureCertificate(**(good | values))


def codes(policy, one, *proofs):
    return [reason.code for reason in judge(policy, count(1), [(one, proofs)]).missing]


# technique: what it passes on hdd, ssd, nvme, emmc, memory_card, other: the strongest policy met ("-": none).
TABLE = """
                           hdd     ssd     nvme    emmc    memory_card other
overwrite                  clear   clear   clear   clear   clear       clear
ata_secure_erase           clear   clear   -       -       -           -
ata_secure_erase_enhanced  purge   clear   -       -       -           -
sanitize_overwrite         purge   clear   -       -       -           -
sanitize_block_erase       -       purge   purge   -       -           -
nvme_format                -       -       purge   -       -           -
firmware_purge             purge   purge   purge   -       -           -
crypto_erase               purge   purge   purge   purge   clear       clear
factory_reset              -       -       -       clear   -           -
degauss                    purge   -       -       -       -           -
shred                      destroy destroy destroy destroy destroy     destroy
disintegrate               destroy destroy destroy destroy destroy     destroy
incinerate                 destroy destroy destroy destroy destroy     destroy
"""
KINDS, *ROWS = (line.split() for line in TABLE.strip().splitlines())
MET = {"-": [], "clear": ["clear"], "purge": ["clear", "purge"], "destroy": ["clear", "purge", "destroy"]}
CELLS = [
    (technique, kind, policy, policy in MET[best])
    for technique, *bests in ROWS
    for kind, best in zip(KINDS, bests, strict=True)
    for policy in ("clear", "purge", "destroy")
]


@pytest.mark.parametrize(("technique", "kind", "policy", "passes"), CELLS)
def test_technique_on_medium_under_policy(technique, kind, policy, passes):
    claim = certificate(
        method="destroy", technique=technique
    )  # the claim never lifts what the technique reaches
    assert (codes(policy, medium(kind), claim) == []) is passes


def test_the_table_is_whole():
    assert {row[0] for row in ROWS} == set(REACHES)


@pytest.mark.parametrize(
    ("policy", "kind", "technique", "code"),
    [
        ("purge", "ssd", "overwrite", "method.flash-cleared"),
        ("purge", "nvme", "overwrite", "method.flash-cleared"),
        ("purge", "emmc", "factory_reset", "method.flash-cleared"),
        ("purge", "memory_card", "overwrite", "method.no-purge"),
        ("purge", "other", "overwrite", "method.no-purge"),
        ("purge", "hdd", "overwrite", "method.too-weak"),
        ("destroy", "hdd", "sanitize_overwrite", "method.destroy-asked"),
        ("clear", "ssd", "degauss", "technique.not-for-medium"),
        ("purge", "hdd", "no-such-technique", "technique.not-for-medium"),
    ],
)
def test_why_a_method_is_refused(policy, kind, technique, code):
    assert codes(policy, medium(kind), certificate(technique=technique)) == [code]


def test_a_modest_claim_is_believed():
    assert codes("purge", medium(), certificate(method="clear")) == ["method.too-weak"]


@pytest.mark.parametrize(
    ("result", "expected"),
    [("ok", []), ("failed", ["result.failed"]), ("aborted", ["result.aborted"]),
     ("exceptions", ["result.exceptions"]), ("erased?", ["result.erased?"])],
)  # fmt: skip
def test_result(result, expected):
    assert codes("clear", medium(), certificate(result=result)) == expected


@pytest.mark.parametrize(
    ("errors", "expected"),
    [(0, []), (1, ["errors.found"]), (None, ["errors.unknown"]), (900, ["errors.found"])],
)
@pytest.mark.parametrize("technique", ["sanitize_block_erase", "shred"])
def test_errors(errors, expected, technique):
    assert codes("clear", medium(), certificate(errors=errors, technique=technique)) == expected


@pytest.mark.parametrize("verified", [True, False])
def test_verified(verified):
    assert codes("clear", medium(), certificate(verified=verified)) == ([] if verified else ["not-verified"])


@pytest.mark.parametrize(
    ("kind", "technique", "hidden", "expected"),
    [
        ("hdd", "overwrite", "none", []),
        ("hdd", "overwrite", "erased", []),
        ("hdd", "overwrite", "present", ["hidden.present"]),
        ("hdd", "overwrite", "unknown", ["hidden.unknown"]),
        ("ssd", "overwrite", "none", []),
        ("ssd", "overwrite", "erased", []),
        ("ssd", "overwrite", "present", ["hidden.present"]),
        ("ssd", "overwrite", "unknown", ["hidden.unknown"]),
        ("ssd", "overwrite", "whatever", ["hidden.unknown"]),
        ("nvme", "overwrite", "unknown", []),
        ("nvme", "overwrite", "present", []),
        ("emmc", "overwrite", "unknown", []),
        ("memory_card", "overwrite", "unknown", []),
        ("other", "overwrite", "unknown", []),
    ],
)
def test_hidden_areas(kind, technique, hidden, expected):
    assert codes("clear", medium(kind), certificate(technique=technique, hidden_areas=hidden)) == expected


@pytest.mark.parametrize(("kind", "hidden"), [("hdd", "unknown"), ("ssd", "present")])
def test_a_destroyed_medium_hides_nothing(kind, hidden):
    destroyed = certificate(method="destroy", technique="shred", hidden_areas=hidden)
    assert codes("destroy", medium(kind), destroyed) == []


@pytest.mark.parametrize(
    ("known", "told", "expected"),
    [(None, "B2", []), ("A1", None, []), ("a-1", "A 1", []), ("A1", "B2", ["serial.other"])],
)
def test_a_certificate_is_about_its_medium(known, told, expected):
    assert codes("purge", medium(serial=known), certificate(serial=told)) == expected


@pytest.mark.parametrize(
    ("operator", "validator", "expected"),
    [("Alix", "", []), ("Alix", "Camille", []), ("Alix  Exemple", "alix exemple", ["check.same-person"])],
)
def test_nobody_checks_their_own_erasure(operator, validator, expected):
    named = certificate(operator_name=operator, validator_name=validator)
    assert codes("purge", medium(), named) == expected


def test_every_fault_is_said_at_once():
    bad = certificate(technique="overwrite", errors=None, hidden_areas="unknown", verified=False)
    expected = ["method.flash-cleared", "errors.unknown", "hidden.unknown", "not-verified"]
    assert codes("purge", medium(), bad) == expected


@pytest.mark.parametrize(
    ("counted", "media", "expected"),
    [
        (None, [], ["media.not-counted"]),
        (count(0), [], []),
        (count(0, void_at=NOON), [], ["media.not-counted"]),
        (count(2), [(medium(), [certificate()])], ["media.not-described"]),
        (count(0), [(medium(), [certificate()])], ["media.not-described"]),
        (count(1), [(medium(), [])], ["certificate.missing"]),
        (count(2), [(medium(), [certificate()]), (medium("hdd"), [])], ["certificate.missing"]),
        (count(1), [(medium(removed_at=NOON), [])], ["medium.removed"]),
        (count(1), [(medium(removed_at=NOON), [certificate()])], ["method.destroy-asked"]),
        (count(1), [(medium(removed_at=NOON), [certificate(method="destroy", technique="shred")])], []),
    ],
)
def test_counting(counted, media, expected):
    verdict = judge("clear", counted, media)
    assert [reason.code for reason in verdict.missing] == expected
    assert verdict.passed is (expected == [])
    assert (verdict.met_at is not None) is verdict.passed


@pytest.mark.parametrize(
    ("proofs", "passes"),
    [
        (["failed", "ok"], True),
        (["ok", "failed"], False),
        (["ok", "aborted", "ok"], True),
        (["ok", "ok"], True),
        (["failed", "exceptions"], False),
    ],
)
def test_a_later_failure_cancels_an_earlier_success(proofs, passes):
    assert (codes("purge", medium(), *(certificate(result=each) for each in proofs)) == []) is passes


def test_a_later_weaker_success_cancels_nothing():
    assert codes("purge", medium(), certificate(), certificate(technique="overwrite")) == []


def test_each_refusal_names_its_medium_and_what_to_do():
    [reason] = judge("purge", count(1), [(medium(), [])]).missing
    assert (reason.medium, reason.message) == (7, "Erase this medium and record its certificate.")


def test_an_unknown_policy_is_a_fault_of_the_code():
    with pytest.raises(ValueError, match="unknown erasure policy"):
        judge("shred-everything", count(0), [])
