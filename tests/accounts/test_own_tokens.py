"""Tokens of the API made and revoked by a person; wrong tokens are limited by network address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from reuse_market.accounts import tokens
from reuse_market.api import authentication
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotAllowed, NotFound
from reuse_market.notices import queries as notices
from reuse_market.traceability.models import Event
from tests.lots.visiting import Visitor
from tests.support.world import Party, World


def test_made_shown_once_used_and_revoked(app: Flask, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder).open("/compte").follow("Voir mes jetons de l’API")
    visitor.press("Créer le jeton", 422, scopes=["read"])
    visitor.press("Créer le jeton", label="Outil de stock", scopes=["read"], days="30")
    secret = visitor.tree.xpath("//input[@id='secret']/@value")[0]
    assert visitor.page.headers["Cache-Control"] == "no-store"
    assert secret not in visitor.open("/compte/jetons").page.text
    assert "Lire tout ce que je vois" in visitor.text
    bearer = {"Authorization": f"Bearer {secret}"}
    assert app.test_client().get("/api/v1/organisations", headers=bearer).status_code == 200
    message = notices.messages(address=holder.email)[0]
    assert message.template == "token_made"
    assert secret not in message.text
    assert "jamais" not in visitor.open("/compte/jetons").tree.xpath("string(//main//dl)")
    visitor.press("Révoquer le jeton Outil de stock")
    assert app.test_client().get("/api/v1/organisations", headers=bearer).status_code == 401
    kinds = [e.type for e in session().query(Event).order_by(Event.id) if "token" in e.type]
    assert kinds == ["organisation.token_made", "organisation.token_revoked"]


def test_somebody_elses_token_does_not_exist(world: World, holder: Party) -> None:
    made, _secret = tokens.make_own_token(["read"], label="a", days=None, actor=holder.actor)
    token_id = made.id
    with pytest.raises(NotFound):
        tokens.revoke_token(token_id, actor=world.buyer().actor)


def test_nobody_makes_one_for_somebody_else(holder: Party) -> None:
    with pytest.raises(NotAllowed):
        tokens.make_own_token(["read"], label="a", days=1, actor=replace(holder.actor, via="operator"))


def test_wrong_tokens_are_limited_good_ones_go_on(
    app: Flask, holder: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authentication, "WRONG_TOKENS", 3)
    client = app.test_client()
    _made, good = tokens.make_token(holder.person_id, holder.organisation_id, ["read"])

    def status(secret: str) -> int:
        bearer = {"Authorization": f"Bearer {secret}"}
        return client.get("/api/v1/organisations", headers=bearer).status_code

    assert [status(f"parc_{n}") for n in range(5)] == [401, 401, 401, 429, 429]
    assert status(good) == 200
    refused = client.get("/api/v1/organisations", headers={"Authorization": "Bearer parc_x"})
    assert refused.headers["Retry-After"] == "900"
    assert refused.content_type == "application/problem+json"
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert status("parc_x") == 401
