"""What the page of a device shows of its last report: each line, and the answer to give."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField

from reuse_market.refurbishing import words
from reuse_market.refurbishing.hardware import comparing, services
from reuse_market.refurbishing.queries import Case
from reuse_market.web.forms import Form


class ReportForm(Form):
    """The agent's file."""

    file = FileField(_l("Report of eReuse Workbench, the GLPI agent or FusionInventory (JSON or XML)"))


def shown(case: Case, posted: Form | None = None) -> dict[str, Any] | None:
    """The last report of a device with its lines; `form` while differences wait for an answer."""
    report = services.latest(case.unit.id)
    if report is None:
        return None
    found = comparing.lines(comparing.declared(case), report.told)
    differing = [line for line in found if not line.same]
    waiting = report.decided_at is None and bool(differing)
    form = (posted or form_of(differing)) if waiting else None
    return {"row": report, "lines": found, "differing": differing, "form": form}


def form_of(differing: list[comparing.Line]) -> Any:
    """One question for each line that differs; a gap is filled unless one says no."""
    choices = [(code, _l(text)) for code, text in words.DECISIONS.items()]
    fields = {
        line.field: RadioField(
            _l(words.HARDWARE[line.field]), choices=choices, default="accepted" if line.fresh else None,
            description=_said(line),
        )
        for line in differing
    }  # fmt: skip
    made: Any = type("HardwareForm", (Form,), fields)
    return made.from_request(prefix="hardware")


def _said(line: comparing.Line) -> str:
    told = value_words(line.field, line.told)
    if line.fresh:
        return _("Nothing declared; the program read: %(told)s", told=told)
    declared = value_words(line.field, line.declared)
    return _("Declared: %(declared)s; the program read: %(told)s", declared=declared, told=told)


def value_words(field: str, value: Any) -> str:
    """A value as people read it: sizes in GB, a diagonal in inches."""
    if value in (None, ""):
        return ""
    if field == "ram_mb":
        return _("%(size)s GB", size=int(value) // 1024)
    if field == "storage_mb":
        return _("%(size)s GB", size=int(value) // 1000)
    if field == "screen_tenths":
        return f"{int(value) // 10}.{int(value) % 10}″"
    return str(value)
