"""An act of the JSON door, under the key its caller gave it: asked again, it is answered, not done again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from copy import copy
from functools import partial, wraps
from typing import Any

import marshmallow
from flask import Response, request
from flask.json import dumps

from reuse_market.kernel import db, idempotency
from reuse_market.kernel.errors import DomainError
from reuse_market.kernel.idempotency import Answer
from reuse_market.web import bodies, turns
from reuse_market.web.access import current_actor

KEY = "Idempotency-Key"
View = Callable[..., Any]


class Later(dict[str, Any]):
    """What a verb returns that will be done by a job: answered 202, `links.self` says where it stands."""


def acting(
    view: View, shape: marshmallow.Schema, status: int, before: View | None, look: View | None = None
) -> View:
    """The view as an act under its key: looked up where there is something to prepare, done and kept."""

    @wraps(view)
    def run(headers: dict[str, str], *parsed: Any, **path: Any) -> Response:
        asked = _asked(headers["key"])
        given = dict(path)
        if before is not None:
            if (answer := idempotency.kept(asked)) is not None:
                return _response(answer)
            prepared, answer = _unless_kept(asked, before, *parsed, **path)
            if answer is not None:
                return _response(answer)
            given["prepared"] = prepared

        def act() -> Answer:  # tried again, it reads the body whole
            told = [dict(one) if isinstance(one, dict) else one for one in parsed]
            done = view(*told, **given)
            shown, code = shape.dump(done), 202 if isinstance(done, Later) else status
            where = shown.get("links", {}).get("self", "") if code in (201, 202) else ""
            return Answer(code, dumps(shown).encode(), where)

        if look is None:
            return _response(idempotency.once(asked, act))
        return _response(_in_turn(asked, act, partial(look, **path)))

    return run


def _in_turn(asked: idempotency.Asked, act: Callable[[], Answer], look: Callable[[], object]) -> Answer:
    """Wait for one's turn at this address, look, then act. What the look refuses is told all who wait behind.

    It depends on the address alone. Of those behind, who has an answer under its key gets that instead.
    """
    with turns.turn(asked.request, asked) as mine:
        if mine.told is not None:
            raise copy(mine.told)
        behind = mine.behind()
        if behind and not mine.waited:
            db.release()  # what was read before they came is too old to speak for them
        try:
            look()
        except DomainError as refusal:
            answered = idempotency.answered([asked, *(one.asked for one in behind)])
            mine.tell([one for one in behind if one.asked not in answered], refusal)
            if asked in answered and (answer := idempotency.kept(asked)) is not None:
                return answer
            raise
        return idempotency.once(asked, act)


def _unless_kept(
    asked: idempotency.Asked, ask: Callable[..., Any], *parsed: Any, **path: Any
) -> tuple[Any, Answer | None]:
    """What `ask` says; where it refuses, the answer that a rival with our key has got meanwhile."""
    try:
        return ask(*parsed, **path), None
    except DomainError:
        answer = idempotency.kept(asked)
        if answer is None:
            raise
        return None, answer


def _asked(key: str) -> idempotency.Asked:
    actor = current_actor()
    owner = f"person/{actor.person_id}/organisation/{actor.organisation_id}"
    line = f"{request.method} {request.path}"[:300]
    return idempotency.Asked(owner, key, line, _digest())


def _digest() -> str:
    """Of query and body; of a form's values and files, not of the boundary that a client draws anew."""
    told = hashlib.sha256(request.query_string + b"\x00")
    if request.mimetype == "multipart/form-data":
        for name, value in sorted(request.form.items(multi=True)):
            told.update(f"{name}={value}\x00".encode())
        for name, file in sorted(request.files.items(multi=True), key=lambda pair: pair[0]):
            told.update(f"{name}={file.filename}\x00".encode())
            while piece := file.stream.read(1 << 20):
                told.update(piece)
            file.stream.seek(0)
    elif request.is_json or not request.content_length:
        told.update(request.get_data(cache=True))
    else:
        with bodies.raw().open("rb") as body:
            while piece := body.read(1 << 20):
                told.update(piece)
    return told.hexdigest()


def _response(answer: Answer) -> Response:
    made = Response(answer.body, status=answer.status, mimetype="application/json")
    if answer.location:
        made.headers["Location"] = answer.location
    if answer.again:
        made.headers["Idempotent-Replayed"] = "true"
    return made
