"""The JSON door: a collection of `/api/v1`, whose operations name their access rule as pages do.

`read` lists or shows; `verb` acts: its Idempotency-Key and its act share one transaction, so that a request
sent again is answered, not done, again. Who asks, and within which scopes, is reuse_market.api's to say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any, NoReturn

import flask_smorest
import marshmallow
from flask_babel import gettext as _
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import DomainError, Invalid
from reuse_market.kernel.words import N_
from reuse_market.web.access import RULES
from reuse_market.web.acting import KEY, View, acting
from reuse_market.web.acting import Later as Later  # what verbs of the rooms return
from reuse_market.web.fields import Asked, QueryWhole, Text, problems_of

ROOT = "/api/v1"
UNIT_ID = "<int(min=1, max=2147483647):unit_id>"
MOST = 100
ActionMaker = Callable[[Any, Actor], Sequence[str]]


class Refused(Invalid):
    """Several fields at once: `errors` are {"field", "detail"}, already in the reader's words."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(N_("Some values are missing or wrong."), code="invalid")
        self.errors = errors


def missing(field: str) -> Refused:
    """The refusal of a value that is demanded and not there."""
    return Refused([{"field": field, "detail": _("Fill in this field.")}])


class Paging(Asked):
    """The query of every list."""

    cursor = Text(100, load_default="", metadata={"description": "`next` of the page before."})
    limit = QueryWhole(1, MOST, load_default=25)


class _Key(marshmallow.Schema):
    key = Text(
        200, 1, data_key=KEY, required=True, pattern=r"^[\x21-\x7e]+$",
        metadata={"description": "One per act, made by you; sent again, the act is answered, not repeated."},
    )  # fmt: skip


class _Parser(FlaskParser):
    """Strict: an unknown query name is refused, a body that is no JSON too; none at all is an empty one."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": marshmallow.RAISE}

    def load_json(self, req: Any, schema: Any) -> Any:
        """The body's JSON; 415 for another type, 400 when it cannot be read."""
        body = req.get_data(cache=True)
        if not body:
            return {}
        if not req.is_json:
            raise UnsupportedMediaType
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise DomainError(N_("The body is not JSON."), code="json") from None

    def handle_error(
        self, error: marshmallow.ValidationError, req: Any, schema: Any, **_details: Any
    ) -> NoReturn:
        """Our refusals instead of the library's."""
        [(location, messages)] = error.messages_dict.items()
        if location == "headers":
            raise DomainError(
                N_("Send an Idempotency-Key of your own with every POST: at most 200 visible characters."),
                code="idempotency.missing",
            )
        raise Refused(problems_of(messages))


class Collection(flask_smorest.Blueprint):
    """The operations a room gives, on its own collection or on one below (`claims` has `/lots/…:claim`).

    The first part of a path is its operations' collection: their tag and their scope.
    """

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(f"api-{name}", __name__, description=description)
        self.collection = name
        self.names: set[str] = set()

    def read(
        self, path: str, *, rule: str, shape: type[marshmallow.Schema], listed: bool = False,
        query: type[marshmallow.Schema] | None = None, name: str = "", media: str | None = None,
    ) -> Callable[[View], View]:  # fmt: skip
        """A GET. `listed`: the view returns `page(…)` of shapes; it gets its query (Paging by default) first.

        `media`: its type where it is not plain JSON; the view then returns the Response itself.
        """
        asked = query or (Paging if listed else None)

        def decorate(view: View) -> View:
            shown = made_of(page_of(shape) if listed else shape)
            made = self.response(200, shown, content_type=media)(_plain(view))
            if asked is not None:
                made = self._taking(asked, "query")(made)
            self._offer(made, path, "GET", rule, name or ("list" if listed else "get"), "read")
            return view  # as written: one view may show what another has done

        return decorate

    def verb(
        self, path: str, *, rule: str, shape: type[marshmallow.Schema], status: int = 200,
        body: type[marshmallow.Schema] | None = None, query: type[marshmallow.Schema] | None = None,
        before: View | None = None, look: View | None = None, name: str = "",
        documented: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:  # fmt: skip
        """A POST. The view gets (body, query, **path) as far as there are, and returns what `shape` shows.

        `before` gets the same outside the transaction, once no answer is kept: what must stay though the act
        is refused (a wrong code counted), or be long done (a file read). The view then gets `prepared=`.
        `look` gets the path and only reads: once those who asked the same before are done, it refuses who comes too
        late before anything is locked, and all who wait then.
        """

        def decorate(view: View) -> View:
            shown = made_of(shape)
            made = self.response(status, shown)(acting(view, shown, status, before, look))
            for schema, location in ((query, "query"), (body, "json"), (_Key, "headers")):
                if schema is not None:
                    made = self._taking(schema, location)(made)
            if documented:
                made = self.doc(**documented)(made)
            self._offer(made, path, "POST", rule, name or _verb_name(path), "write")
            return view

        return decorate

    @staticmethod
    def _make_doc_response_schema(schema: marshmallow.Schema) -> type[marshmallow.Schema]:
        """The class tells as much, and is not copied."""
        return type(schema)

    def _taking(self, schema: type[marshmallow.Schema], location: str) -> Callable[[View], View]:
        taken = made_of(schema)
        required = location != "json" or any(field.required for field in taken.fields.values())

        def decorate(view: View) -> View:
            made = self.arguments(taken, location=location, required=required)(view)
            told = made._apidoc["arguments"]
            told.pop("responses", None)
            told["parameters"][-1]["schema"] = schema  # each decorator copies these notes, instances and all
            return made

        return decorate

    def _offer(self, made: View, path: str, method: str, rule: str, name: str, right: str) -> None:
        if rule not in RULES:
            raise ValueError(f"unknown access rule {rule}")
        collection = path.strip("/").replace(":", "/").split("/")[0]
        operation = f"{collection}.{name}"
        if operation in self.names:
            raise ValueError(f"{operation} is written twice")
        self.names.add(operation)
        needed: list[dict[str, list[str]]] = [] if rule == "public" else [{"token": []}]
        made = self.doc(operationId=operation, security=needed)(made)
        made.access_rule, made.scope = rule, (collection, right)  # type: ignore[attr-defined]
        endpoint = operation.replace(".", "_").replace("-", "_")
        self.route(f"{ROOT}{path}", methods=[method], tags=[collection], endpoint=endpoint)(made)


@cache
def made_of(schema: type[marshmallow.Schema]) -> marshmallow.Schema:
    """The one instance of a schema that every operation uses: it keeps nothing between two of them."""
    return schema()


def page_of(shape: type[marshmallow.Schema]) -> type[marshmallow.Schema]:
    """The schema of a page of `shape`."""
    name = shape.__name__.removesuffix("Schema")
    if name not in _pages:
        items = marshmallow.fields.List(marshmallow.fields.Nested(shape), required=True)
        following = marshmallow.fields.String(required=True, allow_none=True)
        _pages[name] = type(f"{name}Page", (marshmallow.Schema,), {"items": items, "next": following})
    return _pages[name]


_pages: dict[str, type[marshmallow.Schema]] = {}


def page(
    rows: Sequence[Any], limit: int, key: Callable[[Any], Any], shown: Callable[[Any], Any]
) -> dict[str, Any]:
    """One page of rows read by key, one more than `limit` when there is more: {"items", "next"}."""
    kept = rows[:limit]
    return {
        "items": [shown(row) for row in kept],
        "next": str(key(kept[-1])) if len(rows) > limit else None,
    }


def after(cursor: str) -> int | None:
    """The number a cursor holds; Refused when it is none of ours."""
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Refused([{"field": "cursor", "detail": _("Enter this in the form described above.")}])
    return int(cursor)


def address(collection: str, key: object, *more: str) -> str:
    """`/api/v1/lots/LOT-2026-0001`, and what is below it."""
    return "/".join((ROOT, collection, str(key), *more))


_makers: dict[str, list[tuple[str, ActionMaker]]] = {}


def offer_actions(collection: str, room: str, maker: ActionMaker) -> None:
    """Let an upper room name actions on objects of a lower collection (wired in one place). Safe to repeat."""
    kept = [entry for entry in _makers.get(collection, []) if entry[0] != room]
    _makers[collection] = sorted([*kept, (room, maker)], key=lambda entry: entry[0])


def actions(collection: str, subject: Any, actor: Actor, own: Sequence[str] = ()) -> list[str]:
    """The room's own actions on an object, then those of the rooms above."""
    return [*own, *(name for _room, maker in _makers.get(collection, []) for name in maker(subject, actor))]


def _plain(view: View) -> View:
    @wraps(view)
    def run(*parsed: Any, **path: Any) -> Any:
        return view(*parsed, **path)

    return run


def _verb_name(path: str) -> str:
    """The operation of a path: what follows its colon, `create` without one."""
    _before, colon, verb = path.rpartition(":")
    return verb if colon and "/" not in verb and ">" not in verb else "create"
