"""What a token opens, and when it opens nothing any more."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from reuse_market.accounts import services as accounts
from reuse_market.accounts import tokens
from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.accounts.models import ApiToken, Membership
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.errors import Invalid, NotFound
from tests.api.conftest import Caller
from tests.support.world import PASSWORD


def test_only_a_digest_is_kept(world):
    party = world.holder()
    made, secret = tokens.make_token(party.person_id, party.organisation_id, ["read"], label="Export")
    assert secret.startswith("parc_")
    row = db.session().get(ApiToken, made.id)
    assert secret not in {str(getattr(row, column.key)) for column in ApiToken.__table__.columns}
    assert row.last_used_at is None


def test_a_token_acts_as_its_person_for_its_organisation(app, world):
    party, other = world.holder(), world.reuse_actor()
    accounts.add_member(party.person_id, other.organisation_id)
    _made, secret = tokens.make_token(party.person_id, other.organisation_id, ["read"])
    grant = tokens.granted(secret)
    assert (grant.actor.person_id, grant.actor.organisation_id) == (party.person_id, other.organisation_id)
    assert (grant.actor.via, grant.actor.roles) == ("token", frozenset({"reuse_actor"}))
    mine = Caller(app, party, secret).get("/organisations")["items"]
    assert [one["id"] for one in mine] == [other.organisation_id]
    assert db.session().get(ApiToken, grant.token_id).last_used_at is not None


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("scopes", "lists", "creates", "other"),
    [
        (["read"], 200, 403, 200),
        (["write"], 200, 201, 200),
        (["lots:read"], 200, 403, 403),
        (["lots:write"], 200, 201, 403),
        (["sites:write"], 403, 403, 200),
    ],
)
def test_scopes(caller, world, scopes, lists, creates, other):
    holder = caller(world.holder(), *scopes)
    holder.get("/lots", lists)
    holder.post("/lots", creates, title="Un lot")
    refused = holder.get("/sites", other)
    if other == 403:
        assert refused["code"] == "token.scope"
        assert "sites:read" in refused["detail"]


def test_unknown_scopes_and_strangers_are_refused(world):
    party, other = world.holder(), world.reuse_actor()
    for wrong in ([], ["lots"], ["everything"], ["read", "lots:erase"]):
        with pytest.raises(Invalid):
            tokens.make_token(party.person_id, party.organisation_id, wrong)
    with pytest.raises(NotFound):
        tokens.make_token(party.person_id, other.organisation_id, ["read"])


def test_a_revoked_or_expired_token_opens_nothing(app, world):
    party = world.holder()
    made, secret = tokens.make_token(party.person_id, party.organisation_id, ["read"], days=2)
    token_id, caller = made.id, Caller(app, party, secret)
    caller.get("/lots")
    with clock.frozen(clock.at_paris(clock.in_days(2), 23, 59)):
        caller.get("/lots")
    with clock.frozen(clock.at_paris(clock.in_days(3))):
        assert caller.get("/lots", 401)["code"] == "unauthorized"
    with pytest.raises(NotFound):
        tokens.revoke_token(token_id, actor=world.reuse_actor().actor)
    tokens.revoke_token(token_id, actor=party.actor)
    caller.get("/lots", 401)
    Caller(app, party, "parc_unknown").get("/lots", 401)
    Caller(app, party, "\xe9").get("/lots", 401)


def test_rights_are_those_of_this_moment(app, caller, world):
    party = world.holder()
    holder = caller(party)
    holder.post("/lots", 201, title="Un lot")
    operator = Actor(via="system", roles=frozenset({"administrator"}))
    decide_on_organisation(party.organisation_id, "suspend", actor=operator, reason="Exemple")
    assert holder.post("/lots", 403, title="Un lot")["code"] == "forbidden"
    db.command(lambda: db.session().execute(sa.delete(Membership)))()
    holder.get("/organisations", 401)
    assert SYSTEM.person_id is None


def test_one_that_prepares_does_not_commit(caller, world):
    party = world.holder()
    db.command(lambda: db.session().execute(sa.update(Membership).values(rights="prepare")))()
    holder = caller(party)
    lot = holder.post("/lots", 201, title="Un lot")
    assert "publish" not in lot["actions"]
    assert holder.post(f"/lots/{lot['reference']}:publish", 403)["code"] == "not-committing"


def test_a_session_does_not_open_the_api_nor_a_token_the_pages(app, world, caller):
    party = world.holder()
    holder, browser = caller(party), app.test_client()
    signed = browser.post(
        "/connexion",
        data={"email": party.email, "password": PASSWORD},
        headers={"Origin": "http://localhost"},
    )
    assert signed.status_code == 302
    assert browser.get("/mes-lots").status_code == 200
    assert browser.get("/api/v1/lots").status_code == 401
    headers = {"Idempotency-Key": "k", "Origin": "http://localhost"}
    assert browser.post("/api/v1/lots", json={"title": "Un lot"}, headers=headers).status_code == 401
    assert app.test_client().get("/mes-lots", headers=holder.headers).status_code == 302
    answer = holder.ask("GET", "/lots")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_command_prints_the_secret_once(app, world):
    party = world.holder()
    run = app.test_cli_runner().invoke
    made = run(
        args=["accounts", "create-token", party.email, "--scope", "lots:read", "--scope", "claims:read"]
    )
    assert made.exit_code == 0, made.output
    holder = Caller(app, party, made.stdout.strip())
    holder.get("/lots")
    assert run(args=["accounts", "revoke-token", "1"]).exit_code == 0
    holder.get("/lots", 401)
    assert run(args=["accounts", "revoke-token", "2"]).exit_code == 1
    assert run(args=["accounts", "create-token", party.email, "--scope", "all"]).exit_code == 1
    assert run(args=["accounts", "create-token", "nobody@test.example", "--scope", "read"]).exit_code == 1
