"""Purpose: the outbox of messages. Template name + address + facts, queued with the verb, delivered after.

Owns: message; delivery by SMTP, back-off, the lease that keeps one attempt at a time.
Never: knows a person or a lot; sends inside a transaction; loses a message once its verb has committed.
How to add a mail: templates/mail/README.md. Wiring: `notices.configure(base_url=…, mail_url=…, sender=…)`.
"""

from reuse_market.notices.settings import configure

__all__ = ["configure"]
