"""Where mails leave from, and the public address their links start with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parseaddr
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

Way = Literal["smtp", "smtps", "page"]
_PORTS = {"smtp": 25, "smtps": 465, "page": 0}


@dataclass(frozen=True, slots=True)
class Settings:
    """`way` "page" keeps mails for the demo mailbox instead of sending them."""

    base_url: str
    sender: str
    way: Way
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starttls: bool = False
    phone: str = ""  # who can be called, said in mails written in plain language

    @property
    def domain(self) -> str:
        """The domain of message identifiers: that of the sender."""
        return parseaddr(self.sender)[1].partition("@")[2]


_settings: Settings | None = None


def configure(*, base_url: str, mail_url: str, sender: str, phone: str = "") -> Settings:
    """Set delivery up. `mail_url`: `smtp://user:pass@host:port?starttls=1`, `smtps://…`, or `page:` (demo).

    `sender` is "Name <address>". ValueError, without the password, for anything else.
    """
    global _settings
    _settings = replace(_read(base_url, mail_url, sender), phone=phone)
    return _settings


def settings() -> Settings:
    """The present settings; RuntimeError before `configure`."""
    if _settings is None:
        raise RuntimeError("no mail settings: call notices.configure")
    return _settings


def _read(base_url: str, mail_url: str, sender: str) -> Settings:
    name, address = parseaddr(sender)
    if "@" not in address or any(sign in sender for sign in "\r\n"):
        raise ValueError(f"mail sender {sender!r} is not «Name <address>»")
    base_url = base_url.rstrip("/")
    if urlsplit(base_url).scheme not in ("http", "https"):
        raise ValueError(f"base address {base_url!r} is not http(s)://…")
    parts = urlsplit(mail_url)
    if parts.scheme == "page":
        return Settings(base_url, sender, "page")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(f"REUSE_MARKET_MAIL_URL: {parts.scheme}:… is not smtp://host, smtps://host or page:")
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] in ("1", "true", "yes")
    return Settings(
        base_url,
        sender,
        "smtps" if parts.scheme == "smtps" else "smtp",
        parts.hostname,
        parts.port or (587 if starttls else _PORTS[parts.scheme]),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        starttls,
    )
