"""Acts that waited in a phone: each is done once under its key, and answered by a status of its own."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import marshmallow
from flask_babel import gettext as _

from reuse_market.collection import phone_schemas, schemas, services
from reuse_market.collection.containers import services as sealing
from reuse_market.collection.services import Gesture
from reuse_market.kernel import clock, idempotency
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import DomainError, Invalid
from reuse_market.kernel.idempotency import Answer, Asked
from reuse_market.kernel.words import N_
from reuse_market.web.fields import problems_of
from reuse_market.web.problems import status_of, words

Doing = Callable[[str, dict[str, Any], Gesture, Actor], object]


def answered(reference: str, batch: dict[str, Any], actor: Actor) -> list[dict[str, Any]]:
    """Do the acts of a batch one by one, in their order; what became of each: {"key", "status", …}."""
    ahead = clock.now() - batch["sent_at"]
    return [_answered(reference, one, ahead, actor) for one in batch["acts"]]


def _answered(reference: str, one: dict[str, Any], ahead: timedelta, actor: Actor) -> dict[str, Any]:
    try:
        answer = _once(reference, one, ahead, actor)
    except marshmallow.ValidationError as error:
        said = "; ".join(each["detail"] for each in problems_of(error.normalized_messages()))
        return {"key": one["key"], "status": 422, "code": "invalid", "detail": said, "advice": _advice("")}
    except DomainError as error:
        return {
            "key": one["key"], "status": status_of(error), "code": error.code, "detail": words(error),
            "advice": _advice(error.code),
        }  # fmt: skip
    return {"key": one["key"], "status": answer.status, "again": answer.again}


def _once(reference: str, one: dict[str, Any], ahead: timedelta, actor: Actor) -> Answer:
    """The act and its key in one transaction: sent again after a lost answer, it is answered, not repeated."""
    shape, do = ACTS[one["act"]]
    sent = json.dumps([one["act"], one["values"], one["at"].isoformat()], sort_keys=True)
    values = shape().load(one["values"])
    asked = Asked(
        f"person/{actor.person_id}/link/{actor.link_id}/organisation/{actor.organisation_id}", f"phone/{one['key']}",
        f"PHONE {reference} {one['act']}", hashlib.sha256(sent.encode()).hexdigest(),
    )  # fmt: skip

    def act() -> Answer:
        do(reference, values, Gesture(_at(one["at"], ahead), one["key"]), actor)
        return Answer(200, b"{}")

    return idempotency.kept(asked) or idempotency.once(asked, act)


def _at(told: datetime, ahead: timedelta) -> datetime:
    """When it was done by our clock, whatever the phone's shows."""
    return min(told + ahead, clock.now())


def _check(reference: str, values: dict[str, Any], gesture: Gesture, actor: Actor) -> object:
    return services.check_off(reference, values.pop("code"), gesture=gesture, actor=actor, **values)


def _line(reference: str, values: dict[str, Any], gesture: Gesture, actor: Actor) -> object:
    line, units = values.pop("line"), values.pop("units")
    return services.check_off_line(reference, line, units, gesture=gesture, actor=actor, **values)


def _rest(reference: str, _values: dict[str, Any], gesture: Gesture, actor: Actor) -> object:
    return services.check_off_rest(reference, gesture=gesture, actor=actor)


def _containers(reference: str, values: dict[str, Any], gesture: Gesture, actor: Actor) -> object:
    noted = [sealing.Sealed(**one) for one in values["containers"]]
    return sealing.note_containers(reference, noted, gesture=gesture, actor=actor)


def _extra(reference: str, values: dict[str, Any], gesture: Gesture, actor: Actor) -> object:
    kind, label = values.pop("kind"), values.pop("label")
    return services.add_extra(reference, kind, label, gesture=gesture, actor=actor, **values)


def _stick(reference: str, values: dict[str, Any], gesture: Gesture, actor: Actor) -> object:
    line, code = values.pop("line"), values.pop("code")
    return services.stick_label(reference, line, code, gesture=gesture, actor=actor, **values)


def _undo(reference: str, values: dict[str, Any], _gesture: Gesture, actor: Actor) -> object:
    return services.undo_gesture(reference, values["batch"], actor=actor)


def _sign(reference: str, values: dict[str, Any], gesture: Gesture, actor: Actor) -> object:
    return services.sign_what_was_seen(reference, gesture=gesture, actor=actor, **values)


def _photo(reference: str, values: dict[str, Any], gesture: Gesture, actor: Actor) -> object:
    picture = picture_of(values["picture"])
    return services.add_photo(reference, picture, batch=values["batch"], gesture=gesture, actor=actor)


def picture_of(sent: str) -> bytes:
    """The bytes of a picture sent as base64; Invalid when it is none."""
    try:
        return base64.b64decode(sent.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Invalid(N_("This picture cannot be read."), field="picture", code="photo.unreadable") from None


def _advice(code: str) -> str:
    """What to do about a refusal, said beside it on the phone."""
    told = {
        "check.twice": _("Nothing to do: it is noted already."),
        "check.nothing-left": _("Nothing to do: it is noted already."),
        "pickup.other-sums": _("Your signature was not used. Look at the list, then sign again."),
        "pickup.unchecked": _("Your signature was not used. Look at the list, then sign again."),
        "pickup.state": _("Open the page of the pick-up: somebody has done something with it meanwhile."),
    }
    return told.get(code, _("Look at the list, and do it again if it is still needed."))


ACTS: dict[str, tuple[type[marshmallow.Schema], Doing]] = {
    "check": (schemas.CodeCheck, _check),
    "line": (schemas.LineCheck, _line),
    "rest": (phone_schemas.NoValues, _rest),
    "containers": (phone_schemas.SealedSeveral, _containers),
    "extra": (schemas.ExtraInput, _extra),
    "stick": (phone_schemas.StickInput, _stick),
    "undo": (phone_schemas.UndoneGesture, _undo),
    "sign": (phone_schemas.SeenSignature, _sign),
    "photo": (phone_schemas.PhotoTaken, _photo),
}
