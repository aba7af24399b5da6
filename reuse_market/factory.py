"""Wires the rooms into a Flask application: gate, actor, pages, panels, command line."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import flask
from flask import Flask, g, request, session
from flask_babel import get_locale
from flask_login import LoginManager

from reuse_market import navigation, panel_wiring, schedule, sighting_wiring
from reuse_market.accounts import queries as accounts
from reuse_market.accounts.people import SignedIn, load_signed_in
from reuse_market.api import authentication
from reuse_market.api.application import install as install_api
from reuse_market.collection import driving
from reuse_market.desk.on_behalf_views import resumed
from reuse_market.documents import configure as configure_documents
from reuse_market.kernel import db, files
from reuse_market.kernel.actor import VISITOR, Actor
from reuse_market.notices.settings import configure as configure_notices
from reuse_market.places import geocoding, roads
from reuse_market.refurbishing.views.post import at_post
from reuse_market.settings import ROOT, Settings
from reuse_market.traceability import keys as signing_keys
from reuse_market.web import (
    access,
    addresses,
    bodies,
    catalogues,
    csrf,
    filters,
    headers,
    problems,
    twice,
    writing,
)

ROOMS = (
    "observatory", "accounts", "erasure", "fleets", "lots", "claims", "collection", "refurbishing", "catalogue",
    "reservations", "proofs", "desk", "documents", "notices", "places",
)  # fmt: skip


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (the environment's by default). It does not migrate."""
    settings = settings or Settings.from_environment()
    app = Flask(
        "reuse_market",
        root_path=str(ROOT),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(ROOT / "instance"),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=200 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        SESSION_COOKIE_NAME="parc",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_REFRESH_EACH_REQUEST=False,
        SETTINGS=settings,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    connect_services(settings)
    _wire_edge(app)
    install_api(app)
    _wire_pages(app, settings)
    panel_wiring.register()
    schedule.register()
    return app


def connect_services(settings: Settings) -> None:
    """Point this process at the database, files and mail server of these settings."""
    db.connect(settings.database_url)
    files.configure(settings.files_url)
    geocoding.configure(settings.geocoder_url)
    roads.configure(settings.road_matrix_url)
    configure_documents(base_url=settings.base_url)
    _configure_signing(settings)
    configure_notices(
        base_url=settings.base_url, mail_url=settings.mail_url, sender=settings.mail_sender,
        phone=settings.support_phone,
    )  # fmt: skip


def _configure_signing(settings: Settings) -> None:
    """Where the key of the log is: as set, else a file of this installation, never in the database."""
    given = settings.signing_key_file
    made = Path(settings.instance or urlsplit(settings.files_url).path) / "signing.key"
    origin = settings.log_origin or f"{urlsplit(settings.base_url).netloc}/log"
    signing_keys.configure(Path(given) if given else made, origin=origin, own=not given)


def _wire_edge(app: Flask) -> None:
    addresses.install(app)
    writing.install(app)
    catalogues.register(app)
    filters.register(app)
    manager = LoginManager(app, add_context_processor=False)  # templates know `actor`
    manager.session_protection = None
    manager.user_loader(load_signed_in)
    app.before_request(lambda: db.expect_act(request.method not in access.READING))
    app.before_request(_load_actor)
    access.guard(app)
    csrf.guard(app)
    twice.install(app)
    authentication.guard(app)
    headers.install(app)
    sighting_wiring.install(app)
    problems.install(app)
    app.teardown_appcontext(lambda _error: db.release())
    app.teardown_request(lambda _error: db.expect_act(False))
    app.teardown_request(lambda _error: bodies.close())


def _load_actor() -> None:
    """Who asks: resolved once a request. Anonymous requests never touch the session, nor does the API."""
    g.actor = VISITOR
    if problems.wants_json():
        authentication.identify()
        return
    if request.endpoint == "static" or app_cookie() is None:
        return
    from flask_login import current_user

    if isinstance(current_user._get_current_object(), SignedIn):
        actor = accounts.actor_of(current_user.person_id, current_user.organisation_id)
        if actor is not None:
            g.actor = at_post(resumed(actor))
            g.language = _language_of(current_user)
    elif access.BY_LINK in session:
        _load_driver()


def _language_of(opener: SignedIn) -> str:
    """As kept in the account; on a workshop's shared computer in that of whoever works, or as the address says."""
    if not g.get("at_post"):
        return opener.language
    if g.get("no_turn"):
        return request.args.get("lang", opener.language)
    person = accounts.person(g.actor.person_id)
    return person.language if person else opener.language


def _load_driver() -> None:
    """A driver without an account: somebody on the pages its link opens, nobody on public ones, refused on others."""
    actor = driving.actor_of(int(session[access.BY_LINK]))
    if actor is None:
        session.pop(access.BY_LINK)
        return
    g.by_link = True
    if request.endpoint and access.rule_of(flask.current_app, request.endpoint) in access.OPENED:
        g.actor = actor


def app_cookie() -> str | None:
    """The session cookie of this request, if any."""
    return request.cookies.get("parc")


def _wire_pages(app: Flask, settings: Settings) -> None:
    for room in ROOMS:
        for part in ("views", "cli"):
            name = f"reuse_market.{room}.{part}"
            try:
                module = import_module(name)
            except ModuleNotFoundError as error:
                if error.name != name:
                    raise
                continue
            _plug(app, module)
    for name in (
        "reservations.needs.views",
        "reservations.requests.views",
        "refurbishing.solidarity.views",
        "catalogue.photo_views",
        "reservations.fairness.views",
        "reservations.ordering.views",
        "obligations.agec.views",
        "desk.admission_views",
        "desk.inviting_views",
        "desk.on_behalf_views",
        "desk.reference_views",
        "obligations.reen.views",
        "proofs.fates_views",
        "proofs.proof_views",
        "proofs.checkpoint_views",
        "proofs.audit_views",
        "proofs.auditor.views",
        "proofs.epcis.views",
        "proofs.corrections.views",
        "proofs.forgetting.views",
        "demo.cli",
        "operations",
        "command_line",
    ):
        _plug(app, import_module(f"reuse_market.{name}"))
    if settings.demo:
        _plug(app, import_module("reuse_market.demo.views"))
    app.context_processor(lambda: _page_context(settings))
    app.url_defaults(_address_extras)


def _plug(app: Flask, module: Any) -> None:
    if blueprint := getattr(module, "blueprint", None):
        app.register_blueprint(blueprint)
    for group in getattr(module, "commands", ()):
        app.cli.add_command(group)


def _page_context(settings: Settings) -> dict[str, Any]:
    actor = access.current_actor()
    signed_in = actor if actor.person_id is not None else None
    language = str(get_locale())[:2]
    keeps = signed_in is not None and not g.get("no_turn")
    return {
        "actor": signed_in,
        "by_link": actor if actor.via == "link" else None,
        **_menus(actor),
        "lang": language,
        "other_lang_url": _other_language(language, keeps),
        "keeps_language": keeps,
        "support_phone": settings.support_phone,
        "support_email": settings.support_email,
        "demo": settings.demo,
    }


def _menus(actor: Actor) -> dict[str, Any]:
    """The menus, without what a workshop's shared computer does not open; none at all between two turns."""
    if not g.get("at_post"):
        links = navigation.account(actor, request.path)
        return {"nav": navigation.main(actor, request.path), "account_links": links}
    return {"nav": [] if g.get("no_turn") else navigation.workshop(request.path), "account_links": []}


def _other_language(language: str, kept: bool) -> str:
    """This very page in the other language; its bare address where the language is `kept` in an account."""
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    if not kept:
        rest.append(("lang", "en" if language == "fr" else "fr"))
    return f"{request.path}?{urlencode(rest)}" if rest else request.path


def _address_extras(endpoint: str, values: dict[str, Any]) -> None:
    """Static files carry their digest; a visitor's choice of English follows from page to page."""
    if endpoint == "static":
        values["v"] = _digest(str(values.get("filename", "")))
        return
    if not flask.has_request_context() or "lang" not in request.args or "lang" in values:
        return
    if access.current_actor().person_id is None and request.args["lang"] == "en":
        values["lang"] = "en"


@lru_cache(maxsize=64)
def _digest(filename: str) -> str:
    path = Path(ROOT / "static" / filename)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else ""
