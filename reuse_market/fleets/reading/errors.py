"""The one refusal of the reader: what the file is, and what to do about it."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.errors import Invalid


class Unreadable(Invalid):
    """The file cannot be read as an inventory. `message` says why, `advice` what to do (both msgids)."""

    code = "unreadable"

    def __init__(self, message: str, *, advice: str, **params: Any) -> None:
        super().__init__(message, field="file", **params)
        self.advice = advice

    def __str__(self) -> str:
        told = self.message % self.params if self.params else self.message
        help_text = self.advice % self.params if self.params else self.advice
        return f"{told} {help_text}"
