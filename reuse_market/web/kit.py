"""Samples for the kit's own page, which shows every macro; development only, nothing here is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import render_template, request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from reuse_market.web.charts import Part, proportion_bar, stacked_bar
from reuse_market.web.forms import (
    CheckboxesField,
    CodeField,
    DateField,
    EuroField,
    Form,
    IntField,
    SiretField,
)
from reuse_market.web.paging import Pager


class SampleForm(Form):
    """One field of each kind."""

    name = StringField("Nom du lot", [InputRequired()], description="Ce que les acteurs du réemploi lisent.")
    siret = SiretField("SIRET", [InputRequired()])
    count = IntField("Nombre d’appareils", [InputRequired()], minimum=1, maximum=500)
    price = EuroField("Prix par appareil")
    day = DateField("Disponible à partir du", [InputRequired()])
    regime = RadioField(
        "Comment voulez-vous céder ces appareils\u00a0?",
        [InputRequired()],
        choices=[("gift", "Don"), ("sale", "Vente"), ("unknown", "Je ne sais pas, rappelez-moi")],
    )
    access = CheckboxesField("Accès", choices=[("dock", "Quai"), ("lift", "Ascenseur")])
    agreed = BooleanField("Je m’engage au nom de l’organisme", description="Vous pouvez l’engager.")
    note = TextAreaField("Précisions")
    inventory = FileField("Inventaire", description="Tableur ou CSV, 200\u00a0Mo au plus.")


class SampleSearch(Form):
    """Filters of a list."""

    kind = SelectField("Type", choices=[("", "Tous"), ("laptop", "Portables"), ("monitor", "Écrans")])
    within = IntField("Distance en km")
    lift = BooleanField("Hayon nécessaire")


class SampleScan(Form):
    """The one big field of a phone page."""

    code = CodeField("Code de l’appareil", description="Visez l’étiquette, ou tapez les 7 caractères.")


def show() -> str:
    """The page of every macro; `?wrong=1` shows the form come back with its errors."""
    wrong = MultiDict({"siret": "732 829 320", "count": "900", "price": "12,3456"})
    form = SampleForm(wrong if "wrong" in request.args else None)
    if "wrong" in request.args:
        form.validate()
    parts = [Part("portables", 84), Part("écrans", 36), Part("pièces", 9), Part("recyclage", 4)]
    return render_template(
        "kit/kit.html",
        form=form,
        search=SampleSearch(prefix="search"),
        scan=SampleScan(prefix="scan"),
        csrf="",
        pager=Pager(312, 3),
        day=date(2026, 3, 1),
        now=datetime(2026, 3, 4, 8, 5, tzinfo=UTC),
        bar=proportion_bar(14, 100, "14 % sur 20 % demandés", threshold=20),
        stack=stacked_bar(parts, "Les portables font deux tiers du lot"),
    )
