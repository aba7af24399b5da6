"""Public pages: home, map, directory, information; and the door to one's own space."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.words import ROLES
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.observatory import dataset, publishing, queries, resource, words
from reuse_market.observatory.dataset import AVAILABLE, Dataset
from reuse_market.observatory.forms import ForecastForm, MapForm, kind_words
from reuse_market.observatory.memory import recent
from reuse_market.places import map as maps
from reuse_market.places import queries as places
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import number

blueprint = Blueprint("observatory", __name__)

KINDS = 8  # lines of the forecast's table: the page stays light, the rest is in the data
MARKS = 12  # communes whose number is written on the map: more would cover one another
FIRST_SCREEN = (
    (("operator", "administrator"), "desk.console"),
    (("auditor",), "auditor.home"),
    (("holder",), "lots.mine"),
    (("reuse_actor",), "lots.board"),
    (("buyer", "obliged_buyer", "recipient"), "catalogue.groups"),
)


@blueprint.get("/")
@access("public")
def home() -> str:
    """One sentence, four doors with one live number each, the map and its table."""
    found = resource.by_commune(AVAILABLE)
    return render_template(
        "observatory/home.html",
        figures=recent("figures", queries.figures),
        rows=[row for row in found.rows if row.lots][:5],
        map=_map(AVAILABLE, found),
        territory=places.territory(),
        expected=resource.forecast().totals,
    )


@blueprint.get("/mon-espace")
@access("signed-in")
def welcome() -> Response | str:
    """The first screen of one's role; an explanation when the organisation is not (yet) admitted."""
    actor = current_actor()
    for roles, endpoint in FIRST_SCREEN:
        if actor.has(*roles) and not actor.has("applicant"):
            return redirect(url_for(endpoint))
    mine = accounts.organisation(actor.organisation_id) if actor.organisation_id else None
    return render_template("observatory/waiting.html", organisation=mine)


@blueprint.get("/carte")
@access("public")
def resource_map() -> str:
    """Where the resource is: the map and the same numbers in a table."""
    form, (state, kind, quarter) = _asked()
    found = resource.by_commune(state, kind, quarter)
    return render_template(
        "observatory/map.html",
        form=form,
        state=state,
        lead=_(words.STATE_LEADS[state]),
        active=sum((state != AVAILABLE, kind != "", quarter != "")),
        chosen={name: value for name, value in form.data.items() if value and value != AVAILABLE},
        found=found,
        map=_map(state, found),
        legend=maps.legend(_values(found)),
        territory=places.territory(),
    )


@blueprint.get("/carte.csv")
@access("public")
def resource_csv() -> Response:
    """The rows the map is drawn from, for the same filters."""
    _form, (state, kind, quarter) = _asked()
    source = publishing.available().dataset if state == AVAILABLE else publishing.published()
    rows = source.select(state=state, kind=kind, quarter=quarter)
    return _csv([Dataset(source.as_of, tuple(rows))], f"carte-{state}.csv")


@blueprint.get("/donnees/gisement.csv")
@access("public")
def dataset_csv() -> Response:
    """The whole dataset of the resource."""
    return _csv([publishing.available().dataset, publishing.published()], "gisement.csv")


@blueprint.get("/previsions")
@access("public")
def forecast() -> str:
    """What the territory's fleets will release, by quarter and kind, with its picture."""
    form, language = ForecastForm.from_query(), str(get_locale())[:2]
    kinds = equipment.kinds()
    told = publishing.published()
    known = [one for one in kinds if told.select(kind=one.code)]
    spots = [one for one in places.communes() if told.select(commune=one.insee)]
    kind, commune = form.offer(known, spots, language)
    found = resource.forecast(kind, commune)
    return render_template(
        "observatory/forecast.html",
        form=form,
        active=sum((kind != "", commune != "")),
        found=found,
        kinds=found.kinds[:KINDS],
        quarters=[words.quarter_short(one) for one in found.quarters],
        sentence=words.forecast_sentence(found) if found.totals else "",
        kind_names=dict(kind_words(kinds, language)),
    )


@blueprint.get("/annuaire")
@access("public")
def directory() -> str:
    """Reuse actors of the territory."""
    return render_template("observatory/directory.html", entries=queries.directory(), roles=ROLES)


@blueprint.get("/donnees")
@access("public")
def open_data() -> str:
    """The datasets: what they say, since when, under which licence, in which files."""
    parts = [publishing.available().dataset, publishing.published()]
    table = _table(parts)
    return render_template(
        "observatory/donnees.html",
        live=parts[0],
        published=parts[1],
        header=table[0],
        sample=table[1:6],
        size=len(csv_bytes(table)),
        fields=dataset.FIELDS,
        licence=(dataset.LICENCE, dataset.LICENCE_URL),
    )


@blueprint.get("/<any(plan, aide, accessibilite, ecoconception, 'donnees-personnelles'):page>")
@access("public")
def information(page: str) -> str:
    """Information pages."""
    return render_template(f"observatory/{page}.html")


def _asked() -> tuple[MapForm, tuple[str, str, str]]:
    """The map's filters and what they ask for."""
    form = MapForm.from_query()
    asked = form.offer(equipment.kinds(), publishing.published().quarters(), str(get_locale())[:2])
    return form, asked


def _table(parts: list[Dataset]) -> list[list[Any]]:
    return dataset.table(parts, {commune.insee: commune.name for commune in places.communes()})


def _csv(parts: list[Dataset], name: str) -> Response:
    """Rows as a CSV file; unchanged, it is not sent again."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    answer = Response(csv_bytes(_table(parts)), mimetype="text/csv", headers=headers)
    answer.add_etag()
    return answer.make_conditional(request)


def _values(found: resource.ByCommune) -> dict[str, int | None]:
    return {row.insee: row.units for row in found.rows}


def _map(state: str, found: resource.ByCommune) -> Markup:
    """The map; its name is what to take away, and each commune says its own number."""
    labels = {row.insee: words.commune_label(state, row) for row in found.rows}
    marks = {row.insee: number(row.units) for row in found.rows[:MARKS] if row.units}
    drawn = maps.map_svg(_values(found), words.map_title(state, found), labels=labels, marks=marks)
    return Markup(drawn)  # noqa: S704 – map_svg escapes everything
