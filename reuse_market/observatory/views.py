"""Public pages: home, map, directory, information; and the door to one's own space."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.words import ROLES
from reuse_market.equipment import queries as equipment
from reuse_market.observatory import queries
from reuse_market.observatory.forms import MapForm
from reuse_market.places import map as maps
from reuse_market.places import queries as places
from reuse_market.web.access import access, current_actor
from reuse_market.web.filters import number

blueprint = Blueprint("observatory", __name__)

FIRST_SCREEN = (
    (("operator", "administrator"), "desk.console"),
    (("auditor",), "desk.lots"),
    (("holder",), "lots.mine"),
    (("reuse_actor",), "lots.board"),
    (("buyer", "obliged_buyer", "recipient"), "catalogue.groups"),
)


@blueprint.get("/")
@access("public")
def home() -> str:
    """One sentence, four doors with one live number each, the map and its table."""
    rows = queries.resource_by_commune()
    return render_template(
        "observatory/home.html",
        figures=queries.figures(),
        rows=[row for row in rows if row.lots][:5],
        map=_map(rows),
        territory=places.territory(),
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
    form = MapForm.from_query()
    kind = form.offer(equipment.kinds(), str(get_locale())[:2])
    rows = queries.resource_by_commune(kind)
    return render_template(
        "observatory/map.html",
        form=form,
        filtered=kind is not None,
        rows=rows,
        map=_map(rows),
        legend=maps.legend(_values(rows)),
        territory=places.territory(),
    )


@blueprint.get("/annuaire")
@access("public")
def directory() -> str:
    """Reuse actors of the territory."""
    return render_template("observatory/directory.html", entries=queries.directory(), roles=ROLES)


@blueprint.get("/<any(plan, aide, accessibilite, ecoconception, donnees, 'donnees-personnelles'):page>")
@access("public")
def information(page: str) -> str:
    """Information pages."""
    return render_template(f"observatory/{page}.html")


def _values(rows: list[queries.CommuneRow]) -> dict[str, int | None]:
    return {row.insee: row.units for row in rows}


def _map(rows: list[queries.CommuneRow]) -> Markup:
    """The map; its name is what to take away, and each commune says its own number."""
    total = sum(row.units or 0 for row in rows)
    title = _(
        "Map of the communes, number of devices to collect: %(total)s. The table gives the same numbers.",
        total=number(total),
    )
    labels = {row.insee: _label(row) for row in rows}
    return Markup(maps.map_svg(_values(rows), title, labels=labels))  # noqa: S704 – map_svg escapes everything


def _label(row: queries.CommuneRow) -> str:
    if row.units is None:
        return _("%(commune)s: fewer than 3 holders, number not published", commune=row.name)
    return ngettext(
        "%(commune)s: %(count)s device to collect",
        "%(commune)s: %(count)s devices to collect",
        row.units,
        commune=row.name,
        count=number(row.units),
    )
