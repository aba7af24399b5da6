"""What a mail server's answer means, for who has to do something about it; the edge translates."""

from __future__ import annotations

import re

from reuse_market.kernel.words import N_

_ANSWERS = (  # the first that fits
    (r"^(552|452|422)|5\.2\.2|4\.2\.2|quota|full", N_("The mailbox is full.")),
    (r"^(530|534|535|538)", N_("The mail server does not accept our own sign-in: a setting to correct.")),
    (r"^(550|551|553)|5\.1\.[0-9]", N_("The address does not exist, or its server refuses us.")),
    (r"^(554|571)", N_("The server takes this message for unwanted mail.")),
    (r"^4[0-9][0-9]", N_("The server asks us to come back later.")),
    (r"refused|timed? ?out|gaierror|unreachable|ConnectionRe|Disconnected|OSError",
     N_("The mail server cannot be reached.")),
)  # fmt: skip
_UNKNOWN = N_("The mail server gave no reason we know.")


def meaning(answer: str) -> str:
    """The msgid of what an answer means."""
    return next((words for sign, words in _ANSWERS if re.search(sign, answer, re.IGNORECASE)), _UNKNOWN)
