"""One mail over SMTP, and what its server's answer means."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from types import TracebackType
from typing import Literal, Protocol, Self

from reuse_market.kernel import clock
from reuse_market.notices.settings import Settings

TIMEOUT = 30  # seconds, for each exchange
# 5xx answers about our own sign-in: a setting to mend, the mail itself is fine.
OUR_FAULT = {530, 534, 535, 538}


class Letter(Protocol):
    """What is needed to write a mail."""

    @property
    def to_address(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """`later`: try again; `refused`: never (the server said 5xx). `unreachable`: no server to talk to."""

    result: Literal["sent", "kept", "later", "refused"]
    error: str = ""
    unreachable: bool = False


class Postman:
    """Delivers mails one by one over one connection, opened when first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._server.close()

    def deliver(self, letter: Letter) -> Outcome:
        """Send one letter; never raises for what a server, a network or an address may do."""
        if self.settings.way == "page":
            return Outcome("kept")
        try:
            server = self._connected()
        except (smtplib.SMTPException, OSError) as error:
            return Outcome("later", _said(error), unreachable=True)
        try:
            server.send_message(_written(letter, self.settings.sender))
            return Outcome("sent")
        except Exception as error:  # whatever one letter does, the others must leave
            self._drop()  # the next letter starts clean
            return Outcome("refused" if _is_final(error) else "later", _said(error))

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            try:
                if self._server.noop()[0] == 250:
                    return self._server
            except (smtplib.SMTPException, OSError):
                pass
            self._drop()
        given = self.settings
        secure = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(given.host, given.port, timeout=TIMEOUT, context=secure)
            if given.way == "smtps"
            else smtplib.SMTP(given.host, given.port, timeout=TIMEOUT)
        )
        try:
            if given.starttls:
                server.starttls(context=secure)
            if given.user:
                server.login(given.user, given.password)
        except BaseException:
            server.close()
            raise
        self._server = server
        return server

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _written(letter: Letter, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = letter.to_address
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    mail["Content-Language"] = letter.language  # after the parts, which would take it for theirs
    return mail


def _is_final(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    else:  # what cannot be written, or needs an extension the server lacks, will not leave later either
        return isinstance(error, ValueError | smtplib.SMTPNotSupportedError)
    return bool(codes) and all(500 <= code < 600 and code not in OUR_FAULT for code in codes)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(words)}" for code, words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
