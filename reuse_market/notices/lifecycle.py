"""The states of a message: written once, here."""

from __future__ import annotations

from reuse_market.kernel.workflow import T, Workflow
from reuse_market.notices.models import Message
from reuse_market.notices.policy import delivers, mends

STATES = ("queued", "sent", "failed", "kept")

workflow: Workflow[Message] = Workflow(
    "message",
    Message,
    STATES,
    [
        T("sent", ["queued"], "sent", delivers, "message.sent"),
        T("keep", ["queued"], "kept", delivers, "message.kept"),
        T("give_up", ["queued"], "failed", delivers, "message.failed"),
        T("retry", ["failed"], "queued", mends, "message.retried"),
    ],
)
