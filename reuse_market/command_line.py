"""The commands of whoever runs the service (`flask --app app …`)."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext

from reuse_market.accounts import services as accounts
from reuse_market.api.cli import create_token, print_openapi, revoke_token
from reuse_market.equipment import services as equipment
from reuse_market.kernel import db, jobs, migrating
from reuse_market.kernel.actor import SYSTEM
from reuse_market.places import services as places
from reuse_market.regimes import services as regimes
from reuse_market.traceability.cli import journal_group


def prepare_database() -> list[str]:
    """Migrate to head and seed the reference rows that are missing; the revisions applied."""
    db.release()
    applied = migrating.upgrade(db.database())
    equipment.seed_reference()
    regimes.seed_reference()
    places.ensure_territory()
    return applied


@click.group("db")
def database_group() -> None:
    """The database's schema."""


@database_group.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Migrate to the newest schema and add missing reference rows."""
    applied = prepare_database()
    click.echo(f"{len(applied)} migration(s) applied")


@database_group.command("downgrade")
@click.argument("target")
@with_appcontext
def downgrade(target: str) -> None:
    """Go back to an older revision ("-1", "base" or its id)."""
    db.release()
    click.echo(f"{len(migrating.downgrade(db.database(), target))} migration(s) undone")


@database_group.command("current")
@with_appcontext
def current() -> None:
    """The revision the database stands at."""
    click.echo(migrating.current(db.database()) or "empty")


@database_group.command("revision")
@click.argument("message")
@with_appcontext
def revision(message: str) -> None:
    """Write the migration that brings the schema to the models (developers)."""
    click.echo(str(migrating.new_revision(message)))


@click.group("jobs")
def jobs_group() -> None:
    """Background work."""


@jobs_group.command("run")
@click.argument("name")
@with_appcontext
def run_job(name: str) -> None:
    """Run one job now."""
    job = jobs.get(name)
    if job is None:
        raise click.ClickException("unknown job; known: " + ", ".join(j.name for j in jobs.all_jobs()))
    click.echo(f"{job.run()} done")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run every job at its cadence until stopped."""
    work()


def work(stop: object = None) -> None:
    """The worker's loop; `stop` is a threading.Event or None."""
    due = dict.fromkeys((job.name for job in jobs.all_jobs()), 0.0)
    while not (stop is not None and stop.wait(1)):  # type: ignore[attr-defined]
        for job in jobs.all_jobs():
            if time.monotonic() >= due[job.name]:
                due[job.name] = time.monotonic() + job.every
                try:
                    job.run()
                except Exception as error:  # a failing job must not stop the others
                    click.echo(f"job {job.name} failed: {error}", err=True)
                finally:
                    db.release()
        if stop is None:
            time.sleep(1)


@click.group("accounts")
def accounts_group() -> None:
    """People and organisations."""


@accounts_group.command("create-admin")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--organisation", default="Administration de la plateforme")
@click.password_option()
@with_appcontext
def create_admin(email: str, name: str, organisation: str, password: str) -> None:
    """Make the first administrator and their organisation."""
    make_admin(email, name, organisation, password)
    click.echo(f"{email} can sign in")


@db.command
def make_admin(email: str, name: str, organisation: str, password: str) -> None:
    """An administrator with an organisation of their own, verified at once by the system."""
    from reuse_market.accounts.founding import found_organisation

    made = found_organisation(organisation, "other", ["administrator"], actor=SYSTEM)
    person = accounts.add_person(name, email, password=password)
    accounts.add_member(person.id, made.id)


accounts_group.add_command(create_token)
accounts_group.add_command(revoke_token)
commands = [database_group, journal_group, jobs_group, worker, accounts_group, print_openapi]
