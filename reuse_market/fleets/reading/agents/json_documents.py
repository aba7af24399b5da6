"""The objects of a JSON file, one at a time: a list, one a line, one after the other, or inside an answer."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from reuse_market.fleets.reading.agents.shapes import is_document, listed
from reuse_market.fleets.reading.errors import Unreadable
from reuse_market.fleets.reading.source import Source
from reuse_market.kernel.words import N_

MAX_DOCUMENT = 5_000_000
"""Characters of one object. More would not be one device: the text weighs up to 25 times less than the object."""
_PIECE = 1 << 18
_BLANKS = " \t\r\n\x1e\ufeff\x00"
# Numbers stay as written: "6.37702E+15" has to be recognised as a damaged serial number, not rounded.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
EXPORT_AGAIN = N_("Export it again, then send the whole file.")


class _TooLong(Exception):
    """A value above MAX_DOCUMENT; nothing of it has been taken."""


def documents(source: Source, codec: str) -> Iterator[dict[str, Any]]:
    """Every object of the file. Refused: what is no JSON, cut, nested too deep, or holds no object."""
    with io.TextIOWrapper(source.open(), encoding=codec, errors="replace", newline="") as stream:
        text = _Text(stream)
        while first := text.peek():
            if first == "[":
                yield from _elements(text)
            elif first == "{":
                yield from _one(text)
            else:
                raise text.broken()


def _elements(text: _Text) -> Iterator[dict[str, Any]]:
    text.take("[")
    while text.peek() != "]":
        value = text.value()
        text.count += 1
        if isinstance(value, dict):
            yield from listed(value)
        elif value is not None:
            raise _no_objects()
        if text.peek() == ",":
            text.take(",")
        elif text.peek() != "]":
            raise text.broken()
    text.take("]")


def _one(text: _Text) -> Iterator[dict[str, Any]]:
    """One object at the top: a device, an answer that wraps a list, or one too long to be held."""
    try:
        value = text.value(may_be_long=True)
    except _TooLong:
        yield from _long(text)
        return
    text.count += 1
    if text.peek() == ",":
        text.take(",")  # "one a line" as some tools write it
    yield from listed(value)


def _long(text: _Text) -> Iterator[dict[str, Any]]:
    text.take("{")
    small: dict[str, Any] = {}
    while text.peek() != "}":
        key = text.value()
        text.take(":")
        if text.peek() == "[":
            yield from _elements(text)
        else:
            small[str(key)] = text.value()
        if text.peek() == ",":
            text.take(",")
        elif text.peek() != "}":
            raise text.broken()
    text.take("}")
    if is_document(small):
        raise _too_long(text.count)


class _Text:
    """A text read by pieces, and the place reached in it."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self.stream = stream
        self.held = ""
        self.at = 0
        self.count = 0

    def _more(self) -> bool:
        held = len(self.held) - self.at
        piece = self.stream.read(max(_PIECE, min(held, MAX_DOCUMENT - held)))
        self.held = self.held[self.at :] + piece
        self.at = 0
        return bool(piece)

    def peek(self) -> str:
        """The next character that is no blank; "" at the end."""
        while True:
            while self.at < len(self.held) and self.held[self.at] in _BLANKS:
                self.at += 1
            if self.at < len(self.held):
                return self.held[self.at]
            if not self._more():
                return ""

    def take(self, char: str) -> None:
        """Go past a character that has to come next."""
        if self.peek() != char:
            raise self.broken()
        self.at += 1

    def value(self, *, may_be_long: bool = False) -> Any:
        """The next value, whole. `_TooLong` when asked for, else a refusal, above MAX_DOCUMENT."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.held, self.at)
            except RecursionError as error:
                raise Unreadable(
                    N_("This JSON file is nested too deep to be an inventory."), advice=EXPORT_AGAIN
                ) from error
            except ValueError as error:
                if len(self.held) - self.at > MAX_DOCUMENT:
                    if may_be_long:
                        raise _TooLong from error
                    raise _too_long(self.count + 1) from error
                if not self._more():
                    raise self.broken() from error
                continue
            if end - self.at > MAX_DOCUMENT:
                raise _too_long(self.count + 1)
            if end == len(self.held) and not isinstance(value, dict | list) and self._more():
                continue  # a number may go on in the next piece
            self.at = end
            return value

    def broken(self) -> Unreadable:
        """What to tell of a text that is no JSON from here on."""
        return Unreadable(
            N_("This JSON file is cut or damaged after record %(count)s."),
            advice=EXPORT_AGAIN,
            count=self.count,
        )


def _no_objects() -> Unreadable:
    return Unreadable(
        N_("This JSON file holds no list of devices."),
        advice=N_("Export the devices as a list of objects, or as CSV."),
    )


def _too_long(count: int) -> Unreadable:
    return Unreadable(
        N_("Record %(count)s of this file is longer than one device can be."),
        advice=N_("Send one inventory per device, or a list of devices."),
        count=count,
    )
