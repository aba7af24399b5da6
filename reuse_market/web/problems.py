"""The one place where domain errors become answers: 403, 404, 409, 422, 429; and the page for each."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from wtforms import Form

from reuse_market.kernel import errors

log = logging.getLogger(__name__)

STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.TooMany: 429,
}


def status_of(error: errors.DomainError) -> int:
    """The HTTP status of a domain error."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def words(error: errors.DomainError) -> str:
    """The error's message in the reader's language."""
    return gettext(error.message, **error.params) if error.params else gettext(error.message)


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
        return _answer(status_of(error), error.code, words(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.response is not None or (error.code or 500) < 400:
            return error
        return _answer(error.code or 500, (error.name or "error").lower().replace(" ", "-"), "")

    @app.errorhandler(Exception)
    def surprise(error: Exception) -> Response:
        if app.testing:
            raise error
        reference = uuid.uuid4().hex[:8].upper()
        log.exception("unexpected error %s on %s", reference, request.path, exc_info=error)
        return _answer(500, "unexpected", "", reference)


def _answer(status: int, code: str, detail: str, reference: str = "") -> Response:
    if wants_json():
        response = jsonify({"type": f"/problems/{code}", "status": status, "code": code, "detail": detail})
        response.status_code = status
        response.content_type = "application/problem+json"
        return response
    page = render_template("errors/problem.html", status=status, code=code, message=detail, reference=reference)
    return make_response(page, status)
