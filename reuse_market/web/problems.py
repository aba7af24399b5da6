"""The one place where domain errors become answers: 403, 404, 409, 422, 429; and the page for each."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from wtforms import Form

from reuse_market.kernel import errors
from reuse_market.kernel.words import N_
from reuse_market.web import panels
from reuse_market.web.filters import date_long

log = logging.getLogger(__name__)

STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.TooMany: 429,
}

# What the API says of an HTTP refusal that no verb worded; pages have their own texts.
DETAILS = {
    400: N_("This request cannot be read."),
    401: N_("Send a valid token: “Authorization: Bearer …”."),
    403: N_("Your organisation may not do this."),
    404: N_("Nothing is at this address."),
    405: N_("This address does not take this method."),
    413: N_("This is too heavy."),
    415: N_("Send JSON: “Content-Type: application/json”."),
}


def status_of(error: errors.DomainError) -> int:
    """The HTTP status of a domain error."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def words(error: errors.DomainError) -> str:
    """The error's message in the reader's language, then what is possible instead, if it says so."""
    params = {k: date_long(v) if isinstance(v, date) else v for k, v in error.params.items()}
    told = gettext(error.message, **params) if params else gettext(error.message)
    instead = [gettext(one) for one in getattr(error, "instead", ())]
    return " ".join([told, gettext("What is possible:"), *instead]) if instead else told


@dataclass
class Outcome:
    """What became of a verb tried from a form: `ok`, and the status to answer with when it was refused."""

    ok: bool = True
    status: int = 200


@contextmanager
def telling(form: Form) -> Iterator[Outcome]:
    """Run a verb; a refusal is written on the form (its field, or the summary) and nothing typed is lost.

    NotFound and NotAllowed pass through to their own pages.
    """
    outcome = Outcome()
    try:
        yield outcome
    except (errors.Invalid, errors.Conflict, errors.TooMany) as error:
        outcome.ok, outcome.status = False, status_of(error)
        name = getattr(error, "field", None)
        if name and name in form:
            form[name].errors = [*form[name].errors, words(error)]
        else:
            form.form_errors.append(words(error))


def wants_json() -> bool:
    """Whether the client asked for JSON (the API)."""
    return request.path.startswith("/api/")


def install(app: Flask) -> None:
    """Map domain errors, HTTP errors and surprises to one page (or problem+json)."""

    @app.errorhandler(errors.DomainError)
    def domain(error: errors.DomainError) -> Response:
        response = _answer(status_of(error), error.code, words(error), errors_of=error)
        if isinstance(error, errors.TooMany):
            response.headers["Retry-After"] = str(error.seconds)
        return response

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.response is not None or (error.code or 500) < 400:
            return error
        response = _answer(error.code or 500, (error.name or "error").lower().replace(" ", "-"), "")
        told = {name: value for name, value in error.get_headers() if name in ("Allow", "WWW-Authenticate")}
        response.headers.update(told)
        return response

    @app.errorhandler(Exception)
    def surprise(error: Exception) -> Response:
        if app.testing:
            raise error
        reference = uuid.uuid4().hex[:8].upper()
        log.exception("unexpected error %s on %s", reference, _path(), exc_info=error)
        return _answer(500, "unexpected", "", reference)


def _path() -> str:
    """The address asked for, without the secret that a one-time link holds."""
    secret = (request.view_args or {}).get("token")
    return request.path.replace(str(secret), "…") if secret else request.path


def _fields(error: errors.DomainError | None) -> dict[str, Any]:
    """The fields an error names, for who reads JSON."""
    if (several := getattr(error, "errors", None)) is not None:
        return {"errors": several}
    name = getattr(error, "field", None)
    return {"errors": [{"field": name, "detail": words(error)}]} if error is not None and name else {}


def _answer(
    status: int, code: str, detail: str, reference: str = "", errors_of: errors.DomainError | None = None
) -> Response:
    if wants_json():
        detail = detail or (gettext(DETAILS[status]) if status in DETAILS else "")
        problem = {"type": f"/problems/{code}", "status": status, "code": code, "detail": detail}
        response = jsonify(problem | _fields(errors_of) | ({"reference": reference} if reference else {}))
        response.status_code = status
        response.content_type = "application/problem+json"
        return response
    parts = panels.drawn(f"problem.{code}", None, g.actor) if g.get("actor") is not None else []
    page = render_template(
        "errors/problem.html", status=status, code=code, message=detail, reference=reference, parts=parts
    )
    return make_response(page, status)
