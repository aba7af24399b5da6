"""The four-digit code by which somebody signs on the other party's screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reuse_market.accounts import signatures
from reuse_market.accounts.signatures import check_code, current_code, make_code, spend_code
from reuse_market.kernel import clock
from reuse_market.kernel.errors import Conflict, Invalid
from tests.support.world import Party

SUBJECT = "pickup/ENL-2026-0001"
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 10_000:04d}"


@pytest.fixture
def code(holder: Party) -> str:
    return make_code(SUBJECT, holder.organisation_id)


def test_four_digits(code: str) -> None:
    assert len(code) == 4
    assert code.isascii()
    assert code.isdigit()


def test_the_right_code_signs_once(code: str) -> None:
    check_code(SUBJECT, f" {code} ")
    spend_code(SUBJECT, code)
    with pytest.raises(Conflict) as spent:
        check_code(SUBJECT, code)
    assert spent.value.code == "signature.no-code"
    with pytest.raises(Conflict):
        spend_code(SUBJECT, code)


def test_five_tries_then_a_new_one(code: str, holder: Party) -> None:
    left = []
    for _ in range(4):
        with pytest.raises(Invalid) as refused:
            check_code(SUBJECT, wrong(code))
        left.append(refused.value.params["left"])
    assert left == [4, 3, 2, 1]
    with pytest.raises(Conflict) as spent:
        check_code(SUBJECT, wrong(code))
    assert spent.value.code == "signature.spent"
    with pytest.raises(Conflict):
        check_code(SUBJECT, code)
    check_code(SUBJECT, make_code(SUBJECT, holder.organisation_id))


def test_a_new_code_kills_the_old_one(code: str, holder: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures.secrets, "randbelow", lambda _below: int(wrong(code)))
    newer = make_code(SUBJECT, holder.organisation_id)
    with pytest.raises(Invalid):
        check_code(SUBJECT, code)
    check_code(SUBJECT, newer)


def test_a_code_serves_one_subject(code: str) -> None:
    with pytest.raises(Conflict):
        check_code("pickup/ENL-2026-0002", code)


def test_a_code_ends(holder: Party) -> None:
    with clock.frozen(NOON):
        code = make_code(SUBJECT, holder.organisation_id)
    with clock.frozen(NOON + timedelta(days=2) - timedelta(seconds=1)):
        check_code(SUBJECT, code)
    with clock.frozen(NOON + timedelta(days=2)):
        assert current_code(SUBJECT) is None
        with pytest.raises(Conflict):
            check_code(SUBJECT, code)


@pytest.mark.parametrize("typed", ["", "é", "١٢٣٤", "0000000"])
def test_nonsense_is_a_wrong_try(code: str, typed: str) -> None:
    with pytest.raises(Invalid):
        check_code(SUBJECT, typed)
