"""Public pages: home, map, directory, information; and the door to one's own space."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from reuse_market.equipment import queries as equipment
from reuse_market.observatory import queries
from reuse_market.places import map as maps
from reuse_market.places import queries as places
from reuse_market.web.access import access, current_actor

blueprint = Blueprint("observatory", __name__)

PAGES = ("plan", "aide", "accessibilite", "ecoconception", "donnees", "donnees-personnelles")
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
        rows=[row for row in rows if row.holders][:5],
        map=_map(rows),
        territory=places.territory(),
    )


@blueprint.get("/mon-espace")
@access("signed-in")
def welcome() -> Response | str:
    """The first screen of one's role; an explanation when the organisation is not (yet) admitted."""
    actor = current_actor()
    for roles, endpoint in FIRST_SCREEN:
        if actor.has(*roles):
            return redirect(url_for(endpoint))
    return render_template("observatory/waiting.html")


@blueprint.get("/carte")
@access("public")
def resource_map() -> str:
    """Where the resource is: the map and the same numbers in a table."""
    kind = request.args.get("kind") or None
    rows = queries.resource_by_commune(kind)
    return render_template(
        "observatory/map.html",
        rows=rows,
        map=_map(rows),
        kinds=equipment.kinds(),
        kind=kind,
        territory=places.territory(),
        language=str(get_locale())[:2],
    )


@blueprint.get("/annuaire")
@access("public")
def directory() -> str:
    """Reuse actors of the territory."""
    return render_template("observatory/directory.html", entries=queries.directory())


@blueprint.get("/<any(plan, aide, accessibilite, ecoconception, donnees, 'donnees-personnelles'):page>")
@access("public")
def information(page: str) -> str:
    """Information pages."""
    if page not in PAGES:
        abort(404)
    return render_template(f"observatory/{page}.html")


def _map(rows: list[queries.CommuneRow]) -> Markup:
    """The map; its takeaway is its name."""
    total = sum(row.units or 0 for row in rows)
    title = _("Map of the communes: %(total)s devices to collect. The table gives the same numbers.", total=total)
    return Markup(maps.map_svg({row.insee: row.units for row in rows}, title))
