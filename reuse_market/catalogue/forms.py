"""The filters of the shop window, kept in the address."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from reuse_market.catalogue.describing import size
from reuse_market.catalogue.queries import Filters
from reuse_market.equipment import queries as equipment
from reuse_market.web.forms import EuroField, Form, IntField, answers

MEMORIES = (4, 8, 16, 32)


class FilterForm(Form):
    """What one looks for. A whole need may be typed at once: "24 × portable 14″ i5 8 Go"."""

    text = StringField(
        _l("What are you looking for?"),
        [Length(max=120)],
        description=_l("For example: 24 laptops 14″ i5 8 GB"),
        render_kw={"type": "search"},
    )
    kind = SelectField(_l("Kind"))
    units = IntField(_l("How many alike"), minimum=1, maximum=500)
    ram = SelectField(_l("Memory"))
    grade = SelectField(_l("Appearance"))
    most = EuroField(_l("Price up to, VAT included"))
    sort = SelectField(
        _l("Sort by"),
        choices=[
            ("units", _l("Most devices")),
            ("price", _l("Lowest price")),
            ("distance", _l("Nearest")),
            ("grade", _l("Best appearance")),
        ],
    )
    free = BooleanField(_l("Free of charge only"))

    def filters(self) -> Filters:
        """What is asked, without the values that cannot be read."""
        self.validate()
        good = {name: value for name, value in self.data.items() if not self[name].errors}
        ram = good.get("ram") or ""
        return Filters(
            text=good.get("text") or "",
            kind=good.get("kind") or None,
            units=good.get("units"),
            ram_gb=int(ram) if ram.isdigit() else None,
            grade=good.get("grade") or None,
            most_cents=good.get("most"),
            free=bool(good.get("free")),
            sort=good.get("sort") or "units",
        )


def filter_form() -> FilterForm:
    """The filters of the address, with the choices of today in the reader's language."""
    lang = str(get_locale())[:2]
    form = FilterForm.from_query()
    assert isinstance(form, FilterForm)
    any_word = str(_l("Any"))
    kinds = [(k.code, k.plural_en if lang == "en" else k.plural_fr) for k in equipment.kinds()]
    form.kind.choices = answers([("", any_word), *kinds])
    form.ram.choices = answers(
        [("", any_word), *((str(gb), str(_l("%(size)s or more", size=size(gb, lang)))) for gb in MEMORIES)]
    )
    steps = equipment.grade_scale(lang)
    better = [(s.code, str(_l("%(grade)s or better", grade=f"{s.code} – {s.label}"))) for s in steps]
    form.grade.choices = answers([("", any_word), *better])
    for name in ("kind", "ram", "grade", "sort"):
        field = form[name]
        if field.data in (None, "None"):
            field.data = "units" if name == "sort" else ""
    return form
