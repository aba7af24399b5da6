"""Personal links of requests: the mail or the letter alone holds the token, the table its SHA-256.

Opening a link changes nothing, since mail filters open it too.
"""

from __future__ import annotations

import hashlib
import secrets

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations.needs.need_models import Need
from reuse_market.reservations.requests.request_models import AssociationRequest, RequestLine, RequestLink

DEAD = N_("This link no longer works. Call us: we are here to help.")


@command
def make_link(found: AssociationRequest) -> str:
    """The address of a new personal link (`/demande/suivi/…`); those made before go on working."""
    token = secrets.token_urlsafe(24)
    session().add(RequestLink(request_id=found.id, digest=digest(token), made_at=clock.now()))
    session().flush()
    return f"/demande/suivi/{token}"


def peek(token: str) -> AssociationRequest | None:
    """The request a token opens; None when there is none, or once it was forgotten."""
    chosen = (
        sa.select(AssociationRequest)
        .join(RequestLink, RequestLink.request_id == AssociationRequest.id)
        .where(RequestLink.digest == digest(token), AssociationRequest.forgotten_at.is_(None))
    )
    return session().scalars(chosen).one_or_none()


def opened(token: str) -> AssociationRequest:
    """The same; NotFound."""
    found = peek(token)
    if found is None:
        raise NotFound(DEAD, code="link.dead")
    return found


def holder(found: AssociationRequest) -> Actor:
    """Whoever holds a link: nobody by name, for this request and its needs alone."""
    needs = sa.select(Need.reference).join(RequestLine, RequestLine.need_id == Need.id)
    mine = session().scalars(needs.where(RequestLine.request_id == found.id)).all()
    return Actor(via="link", commits=False, scope=frozenset({found.reference, *mine}))


def digest(token: str) -> str:
    """What the table keeps of a link's secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
