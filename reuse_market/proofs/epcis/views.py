"""Downloads: a lot's life for its parties, a device's public life for whoever holds it."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs import passport
from reuse_market.proofs.epcis import public, queries
from reuse_market.proofs.epcis.document import MEDIA_TYPE, text
from reuse_market.proofs.epcis.naming import Names
from reuse_market.proofs.epcis.rows import HEADER, rows
from reuse_market.proofs.epcis.saying import Made
from reuse_market.proofs.epcis.vocabulary import vocabulary as made_of
from reuse_market.proofs.epcis.vocabulary import words
from reuse_market.web.access import access, current_actor
from reuse_market.web.sheets import sheet

blueprint = Blueprint("epcis", __name__)


def base() -> str:
    """The address all URIs of the documents stand under."""
    return str(current_app.config["SETTINGS"].base_url)


def served(made: Made, name: str = "") -> Response:
    """A document as `application/ld+json`, kept under `name` when it is to be saved."""
    response = Response(text(made), content_type=MEDIA_TYPE)
    if name:
        response.headers.set("Content-Disposition", "attachment", filename=f"{name}.epcis.jsonld")
    return response


@blueprint.get("/lots/<string:reference>/epcis.jsonld")
@access("party")
def lot(reference: str) -> Response:
    """The life of a lot, as its timeline may be read."""
    return served(queries.of_lot(reference, current_actor(), base()), reference)


@blueprint.get("/lots/<string:reference>/epcis.csv")
@access("party")
def lot_csv(reference: str) -> Response:
    """The same as a table: a row an event and unit or class."""
    made = queries.of_lot(reference, current_actor(), base())
    return sheet("csv", f"{reference}.epcis", HEADER, rows(made))


@blueprint.get("/u/<string:code>/epcis.jsonld")
@access("public")
def passport_document(code: str) -> Response:
    """What the passport of a device says, for programs."""
    return served(_public(code), code)


@blueprint.get("/u/<string:code>/epcis.csv")
@access("public")
def passport_csv(code: str) -> Response:
    """The same as a table."""
    return sheet("csv", f"{code}.epcis", HEADER, rows(_public(code)))


@blueprint.get("/epcis/voc/", defaults={"word": ""})
@blueprint.get("/epcis/voc/<string:word>")
@access("public")
def vocabulary(word: str) -> Response:
    """What our own words mean: the whole vocabulary, wherever one of their URIs leads."""
    if word and word not in words():
        raise NotFound(N_("This word is not in the vocabulary."))
    return served(made_of(Names(base())))


def _public(code: str) -> Made:
    found = passport.find(code)
    if found is None:
        raise NotFound(N_("No device has this code. Check the seven characters on the label."))
    return public.of_passport(found, base())
