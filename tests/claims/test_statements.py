"""What a claim and its release ask of the database, through the API, on a first-come lot of many devices."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import event

from reuse_market.accounts import tokens
from reuse_market.kernel import db
from tests.support.world import World, published_lot

# Every statement is a way to the database and back while others wait for the lot's row: 58 and 46 before they were
# counted. More than this wants a reason in the change that brings it.
CLAIM, RELEASE = 27, 19


def test_a_claim_and_its_release_in_few_statements(world: World, database: db.Database, app: Flask) -> None:
    lot = published_lot(
        world.holder(), numbered=0, counted=900, regime="gift", price_kind="free", price_cents=None,
        award_mode="first_come",
    ).reference  # fmt: skip
    actor = world.reuse_actor().actor
    token = tokens.make_token(actor.person_id, actor.organisation_id, ["write"])[1]
    db.release()
    client = app.test_client()
    sent: list[str] = []

    def post(path: str, body: dict[str, object], key: str) -> tuple[dict[str, Any], list[str]]:
        sent.clear()
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        answer = client.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        return answer.get_json(), list(sent)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):  # SQLite's own, said aloud
            sent.append(" ".join(statement.split())[:90])

    event.listen(db.database().engine, "before_cursor_execute", note)
    for turn in range(3):  # the first notes that the token is used; the third is like any other
        asked = {"lines": [{"line": 1, "units": 30 + turn}], "committed": True}
        made, claimed = post(f"/lots/{lot}:claim", asked, f"claim-{turn}")
        gone, released = post(f"/claims/{made['reference']}:release", {"reason": "Rendu"}, f"release-{turn}")
        assert (made["state"], made["awarded"], gone["state"]) == ("awarded", 30 + turn, "released")
    alone = 1 if database.is_sqlite else 0  # it writes two events, or two mails, one after the other
    assert len(claimed) <= CLAIM + alone, claimed
    assert len(released) <= RELEASE + alone, released
