"""The errors a verb may raise. `web/problems.py` alone maps them to HTTP answers.

A message is an English msgid; `params` fill its `%(name)s` once translated.
"""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """Base of every refusal. `code` is stable and ASCII; `message` is for people."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **params: Any) -> None:
        self.message = message
        self.params = params
        if code:
            self.code = code
        super().__init__(message % params if params else message)


class NotFound(DomainError):
    """The object does not exist, or this actor may not know that it does (404)."""

    code = "not-found"


class NotAllowed(DomainError):
    """The actor may see the object but not do this to it (403)."""

    code = "not-allowed"


class NotCommitting(NotAllowed):
    """The organisation may, but not by this person: somebody who may commit it is needed (403)."""

    code = "not-committing"


class Conflict(DomainError):
    """Somebody was quicker, or the object is no longer in a state for this (409)."""

    code = "conflict"


class Invalid(DomainError):
    """A value is wrong (422). `field` names it so that the form can point at it.

    `instead`: msgids of what is possible instead, told after the message.
    """

    code = "invalid"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        code: str | None = None,
        instead: tuple[str, ...] = (),
        **params: Any,
    ) -> None:
        super().__init__(message, code=code, **params)
        self.field = field
        self.instead = instead


class TooMany(DomainError):
    """Too many attempts; wait `seconds` (429, Retry-After)."""

    seconds = 900

    code = "too-many"
