"""What a JSON body or a query is made of: the fields of schemas, as strict as the forms' fields.

Nothing is guessed: no number in a string, no "yes" for true. Messages are the forms' own, in the reader's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate

from reuse_market.kernel.praise import NEW, says_new
from reuse_market.web.filters import number

BIGGEST = 2**31 - 1
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # no database or paper takes these
_MISSING = {"required": _l("Fill in this field."), "null": _l("Fill in this field.")}
_NUMBER = _MISSING | {"invalid": _l("Enter a whole number, for example 12.")}


class Length(validate.Length):
    """Length with the forms' words."""

    def _format_error(self, value: Any, message: str) -> str:
        if self.max is not None and len(value) > self.max:
            return ngettext("Use at most %(num)d character.", "Use at most %(num)d characters.", self.max)
        return ngettext("Use at least %(num)d character.", "Use at least %(num)d characters.", self.min or 0)


class Range(validate.Range):
    """A range with the forms' words."""

    def _format_error(self, value: Any, message: str) -> str:
        said = {"min": number(self.min), "max": number(self.max)}
        return gettext("Enter a number between %(min)s and %(max)s.", **said)


class OneOf(validate.OneOf):
    """A choice with the forms' words."""

    def _format_error(self, value: Any) -> str:
        return gettext("Choose an answer.")


class Asked(Schema):
    """Base of what is sent to us: a field we do not know is refused, so that a typing mistake shows."""

    error_messages = {  # noqa: RUF012 – the library's name
        "unknown": _l("This field does not exist."),
        "type": _l("Enter this in the form described above."),
    }


class Shown(Schema):
    """Base of what we show. `actions`: what this actor may do now, each an operation `…:action`."""

    actions = fields.List(fields.String())
    links = fields.Dict(keys=fields.String(), values=fields.String())


class Text(fields.String):
    """A text of at most `most` characters, spaces at both ends dropped. `least` 1 demands one."""

    default_error_messages = _MISSING | {"invalid": _l("Enter this in the form described above.")}

    def __init__(self, most: int, least: int = 0, pattern: str | None = None, **kwargs: Any) -> None:
        rules: list[Any] = [Length(min=least or None, max=most)]
        if pattern:
            said = kwargs.pop("said", None) or _l("Enter this in the form described above.")
            rules.append(validate.Regexp(pattern, error=said))
        super().__init__(validate=rules, **{"allow_none": False} | kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if UNSEEN.search(text):
            raise self.make_error("invalid")
        if says_new(text):
            raise ValidationError(gettext(NEW))
        return text.strip()


class Choice(Text):
    """One of some codes."""

    default_error_messages = {"invalid": _l("Choose an answer."), "required": _l("Choose an answer.")}

    def __init__(self, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(200, **kwargs)
        self.validators = [OneOf(tuple(codes))]


class Month(Text):
    """A month, "2027-03"; its first day for us."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(7, pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])$", **kwargs)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The first day of the month, once the text is judged."""
        text = super().deserialize(value, attr, data, **kwargs)
        return date.fromisoformat(f"{text}-01") if isinstance(text, str) else text


class Whole(fields.Integer):
    """A whole number within bounds. 12.0 is one (JSON does not tell them apart), "12" and true are none."""

    default_error_messages = _NUMBER

    def __init__(self, minimum: int = 0, maximum: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(validate=Range(min=minimum, max=maximum), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value // 1:
            raise self.make_error("invalid")
        return int(value)


class QueryWhole(Whole):
    """A whole number in an address: digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16):
            raise self.make_error("invalid")
        return int(value)


class Cents(Whole):
    """An amount in integer cents before tax; the forms' bound. `signed`: a credit note is less than zero."""

    def __init__(self, maximum: int = 100_000_000_00, *, signed: bool = False, **kwargs: Any) -> None:
        most = min(maximum, BIGGEST)
        super().__init__(-most if signed else 0, most, **kwargs)


class Flag(fields.Boolean):
    """true or false."""

    default_error_messages = {"invalid": _l("Choose an answer."), "required": _l("Choose an answer.")}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class QueryFlag(Flag):
    """true or false in an address."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value not in ("true", "false"):
            raise self.make_error("invalid")
        return bool(value == "true")


class Day(fields.Date):
    """A civil date of Europe/Paris, YYYY-MM-DD."""

    default_error_messages = _MISSING | {
        "invalid": _l("Enter a date with day, month and year, for example 04/03/2026.")
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


def clock_time(**kwargs: Any) -> Text:
    """A time of the day, HH:MM."""
    said = _l("Enter a time, for example 09:30.")
    return Text(5, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", said=said, **kwargs)


def unit_ids(most: int = 10_000, **kwargs: Any) -> fields.List:
    """Ids of units, one at least."""
    return fields.List(Whole(1, BIGGEST), validate=validate.Length(1, most), **kwargs)


def maybe(kind: type[fields.Field[Any]] = fields.String, *args: Any, **kwargs: Any) -> fields.Field[Any]:
    """A field we show that may be null: "non renseigné"."""
    return kind(*args, allow_none=True, **kwargs)


def problems_of(messages: Mapping[Any, Any] | list[Any], at: str = "") -> list[dict[str, str]]:
    """The errors of a schema, flat: `{"field": "lines.0.units", "detail": …}`."""
    if isinstance(messages, Mapping):
        found = []
        for name, inner in messages.items():
            inside = at if name == "_schema" else f"{at}.{name}" if at else str(name)
            found += problems_of(inner, inside)
        return found
    told = messages if isinstance(messages, list) else [messages]  # a lazy text stands alone
    return [{"field": at, "detail": str(message)} for message in told]


__all__ = [
    "BIGGEST", "Asked", "Cents", "Choice", "Day", "Flag", "OneOf", "QueryFlag", "QueryWhole", "Range",
    "Schema", "Shown", "Text", "ValidationError", "Whole", "clock_time", "fields", "maybe", "problems_of",
    "unit_ids",
]  # fmt: skip
