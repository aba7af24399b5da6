"""The embedded server of `python app.py`: one process, SQLite by default, jobs in a thread."""

from __future__ import annotations

import threading
from importlib import import_module

import click
import waitress
from flask import Flask
from flask_babel import gettext
from sqlalchemy.orm import configure_mappers

from reuse_market.command_line import prepare_database, work
from reuse_market.kernel import db, migrating
from reuse_market.settings import ROOT, Settings

SHARED = ("kit/", "layout")  # templates that every page is made of
DOORS = ("/", "/catalogue", "/lots", "/connexion", "/api/v1/lots")  # what visitors and programs ask first


def serve(app: Flask) -> None:
    """Migrate, load the demo when asked and empty, then serve until stopped."""
    settings: Settings = app.config["SETTINGS"]
    (ROOT / "instance").mkdir(exist_ok=True)
    with app.app_context():
        prepare_database()
        if settings.demo:
            _welcome(settings)
        db.release()
    stop = threading.Event()
    threading.Thread(target=_background, args=(app, stop), daemon=True).start()
    host, _, port = settings.bind.rpartition(":")
    click.echo(f"\nParc commun: {settings.base_url}  (Ctrl+C to stop)\n")
    try:
        waitress.serve(app, host=host or "127.0.0.1", port=int(port), threads=settings.threads, ident=None)
    finally:
        stop.set()


def warm(app: Flask) -> None:
    """What the first requests would do in each process, done once before workers are forked."""
    configure_mappers()
    app.url_map.update()
    with app.app_context():
        for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(SHARED)):
            app.jinja_env.get_template(name)
    for language in ("fr", "en"):
        with app.test_request_context(f"/?lang={language}"):
            gettext("Sign in")
    _open_doors(app)


def _open_doors(app: Flask) -> None:
    """Show the pages that come first, to nobody: their templates and statements are then made once for all.

    Where the database is not there yet, or not migrated to this version, nothing is asked. No connection is left
    open.
    """
    database = db.database()
    if migrating.is_current(database):
        visitor = app.test_client(use_cookies=False)
        for address in DOORS:
            visitor.get(address).close()
    db.release()
    database.engine.dispose()


def _welcome(settings: Settings) -> None:
    loading = import_module("reuse_market.demo.loading")

    if loading.is_empty():
        click.echo("Loading the demo data…")
        loading.load(settings.demo_password)
    click.echo("\n".join(loading.sign_ins(settings.demo_password)))


def _background(app: Flask, stop: threading.Event) -> None:
    with app.app_context():
        work(stop)
