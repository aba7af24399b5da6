"""Settings from the environment (REUSE_MARKET_*), each documented in docs/settings.md."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

DEMO_PHONE, DEMO_EMAIL = (
    "04 00 00 00 00",
    "aide@demo.example",
)  # fictitious: a demonstration shows whole pages


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides. `from_environment` reads it; tests build it directly."""

    database_url: str
    secret_key: str
    mail_url: str = "page:"
    mail_sender: str = "Parc commun <ne-pas-repondre@localhost>"
    files_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    bind: str = "127.0.0.1:8000"
    demo: bool = False
    demo_password: str = "parc-commun-demo"
    support_phone: str = ""
    support_email: str = ""
    metrics_token: str = ""
    secure_cookies: bool = False
    threads: int = 8
    testing: bool = False
    geocoder_url: str = ""
    road_matrix_url: str = ""
    signing_key_file: str = ""  # empty: `signing.key` of `instance`, made at first use
    instance: str = ""  # where an installation keeps what it made itself; empty (tests): its files' folder
    log_origin: str = ""  # empty: the host of base_url + "/log"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read REUSE_MARKET_*; defaults are those of `make run` (embedded SQLite in instance/)."""
        env = os.environ if environ is None else environ

        def get(name: str, default: str = "") -> str:
            return env.get(f"REUSE_MARKET_{name}", default)

        demo = get("DEMO") == "1"
        instance = ROOT / "instance"
        bind = get("BIND", "127.0.0.1:8000")
        base_url = get("BASE_URL", f"http://{bind}").rstrip("/")
        return cls(
            database_url=get("DATABASE_URL", f"sqlite:///{instance / 'parc-commun.db'}"),
            secret_key=get("SECRET_KEY") or _kept_secret(instance),
            mail_url=get("MAIL_URL", "page:"),
            mail_sender=get("MAIL_SENDER", "Parc commun <ne-pas-repondre@localhost>"),
            files_url=get("FILES_URL", f"file://{instance / 'files'}"),
            base_url=base_url,
            bind=bind,
            demo=demo,
            demo_password=get("DEMO_PASSWORD", "parc-commun-demo"),
            support_phone=get("SUPPORT_PHONE", DEMO_PHONE if demo else ""),
            support_email=get("SUPPORT_EMAIL", DEMO_EMAIL if demo else ""),
            metrics_token=get("METRICS_TOKEN"),
            secure_cookies=base_url.startswith("https://"),
            threads=int(get("THREADS", "8")),
            road_matrix_url=get("ROAD_MATRIX_URL"),
            signing_key_file=get("SIGNING_KEY_FILE"),
            log_origin=get("LOG_ORIGIN"),
            instance=str(instance),
            # A demonstration asks nobody: its addresses are made up.
            geocoder_url=get("GEOCODER_URL", "" if demo else "https://data.geopf.fr/geocodage"),
        )


def _kept_secret(instance: Path) -> str:
    """A secret made once and kept in instance/, for a deployment that sets none."""
    path = instance / "secret-key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()
