"""A page's form sent twice (a double click, the back button) acts once: the second is led where the first was."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable

from flask import Flask, request

from reuse_market.kernel import idempotency
from reuse_market.kernel.idempotency import Answer, Asked
from reuse_market.web.access import current_actor

FIELD = "once"
_NAME = re.compile(r"[0-9a-f]{32}")


def name() -> str:
    """What names the form of this page: its own when it is shown again, a new one otherwise."""
    sent = request.form.get(FIELD, "")
    return sent if _NAME.fullmatch(sent) else uuid.uuid4().hex


def once(act: Callable[[], str]) -> str:
    """Run `act`, which gives the address to go to; or the one it gave when this form came with these answers before.

    The same form with other answers, or another file, is another act. A refusal is not kept: the form may be sent
    again. `act` may run twice (a rival was quicker): it reads no file itself.
    """
    sent = request.form.get(FIELD, "")
    if not _NAME.fullmatch(sent):
        return act()
    digest = _digest()
    actor = current_actor()
    owner = f"person/{actor.person_id}/organisation/{actor.organisation_id}"
    asked = Asked(owner, f"form/{sent}/{digest[:32]}", f"{request.method} {request.path}"[:300], digest)
    return idempotency.once(asked, lambda: Answer(303, b"", act())).location


def _digest() -> str:
    """Of the answers and files, whoever has read them before; they are left at their beginning."""
    told = [(key, value) for key, value in request.form.items(multi=True) if key != "csrf_token"]
    for key, file in request.files.items(multi=True):
        file.stream.seek(0)
        read = hashlib.sha256()
        while piece := file.stream.read(1 << 20):
            read.update(piece)
        file.stream.seek(0)
        told.append((key, f"{file.filename}/{read.hexdigest()}"))
    return hashlib.sha256(repr(sorted(told)).encode("utf-8", "surrogatepass")).hexdigest()


def install(app: Flask) -> None:
    """Give templates `form_name()`."""
    app.jinja_env.globals["form_name"] = name
