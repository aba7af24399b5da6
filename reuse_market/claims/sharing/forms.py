"""The form of a proposal of share: one number per cell, and why it is changed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from reuse_market.claims.sharing.reading import Table
from reuse_market.web.forms import Form, IntField


class ShareForm(Form):
    """Units by cell; `cells()` gives (claim, line) → number."""

    keys: dict[str, tuple[str, int]] = {}  # noqa: RUF012 – filled by `share_form`
    reason = TextAreaField(
        _l("Why do you change the proposal?"), [Length(max=500)], render_kw={"rows": 3},
        description=_l("Only if you change a number. Those concerned read it."),
    )  # fmt: skip

    def cells(self) -> dict[tuple[str, int], int]:
        """(claim, line) → units, the empty boxes as 0."""
        return {key: self[name].data or 0 for name, key in self.keys.items()}


def share_form(table: Table) -> ShareForm:
    """The form of this table: what is proposed in each cell by default."""
    names = {column.claim: column.claimant for column in table.columns}
    labels = {row.number: row.label for row in table.rows}
    members: dict[str, Any] = {"keys": {cell.name: (cell.claim, cell.line) for cell in table.cells}}
    for cell in table.cells:
        label = gettext("%(name)s, %(line)s", name=names[cell.claim], line=labels[cell.line])
        members[cell.name] = IntField(label, minimum=0, maximum=cell.asked, default=cell.units)
    kind: Any = type("BoundShareForm", (ShareForm,), members)
    form: ShareForm = kind.from_request()
    return form
