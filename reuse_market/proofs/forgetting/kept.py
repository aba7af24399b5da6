"""What forgetting leaves as it is, table by table, and why. Every other text of every table is searched, so a new
table or column is covered the day it is made."""

from __future__ import annotations

LAW = "a paper that was issued: accounts and handovers are kept ten years (L123-22), waste registers three (R541-43)"
HASHED = "hashed bytes: codes and integers only, the journal refuses a name"
KEPT: dict[str, str] = {
    "document": LAW,
    "loading_protocol": "a signed safety protocol, sealed by its digest (R4515-4 of the labour code)",
    "event": HASHED,
    "stream_head": HASHED,
    "checkpoint": HASHED,
    "log_entry": HASHED,
    "log_key": HASHED,
    "log_node": HASHED,
    "log_pending": HASHED,
    "log_refusal": HASHED,
    "log_statement": HASHED,
    "stored_file": "digests of files; papers are kept with their document",
    "alembic_version": "the schema's own",
}
