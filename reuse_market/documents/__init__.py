"""Purpose: papers. A template and facts give a tagged PDF with a number, a verification code and a SHA-256.

Owns: document, document_reader; the papers' words and looks (templates/print/).
Never: knows a lot, a pick-up or a person; changes a paper once issued (a newer one supersedes it).
Wiring: `documents.configure(base_url=…)`, and kernel.files.configure.
"""

from reuse_market.documents.rendering import configure

__all__ = ["configure"]
