"""What a field says when it is not filled as it should be: the library's messages in our words.

An error says what to do; it comes in the reader's language.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask_babel import get_locale, gettext, ngettext
from wtforms import i18n

from reuse_market.kernel.words import N_

_CHOOSE = N_("Choose an answer.")
_WORDS = {
    "This field is required.": N_("Fill in this field."),
    "Not a valid choice.": _CHOOSE,
    "Invalid Choice: could not coerce.": _CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOOSE,
    "Not a valid integer value.": N_("Enter a whole number, for example 12."),
    "Not a valid date value.": N_("Enter a date with day, month and year, for example 04/03/2026."),
    "Not a valid time value.": N_("Enter a time, for example 09:30."),
    "Invalid email address.": N_("Enter an email address, for example name@example.org."),
    "Invalid input.": N_("Enter this in the form described above."),
    "Number must be at least %(min)s.": N_("Enter a number of %(min)s or more."),
    "Number must be at most %(max)s.": N_("Enter a number of %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": N_("Enter a number between %(min)s and %(max)s."),
    "Date must be at least %(min)s.": N_("Enter a date from %(min)s on."),
    "Date must be at most %(max)s.": N_("Enter a date up to %(max)s."),
    "Field must be between %(min)d and %(max)d characters long.": N_(
        "Use between %(min)d and %(max)d characters."
    ),
    "Field must be equal to %(other_name)s.": N_("Type the same thing in both fields."),
}


@lru_cache(maxsize=2)
def _library_words(language: str) -> Any:
    """WTForms' own translations, for the few messages not reworded here."""
    return i18n.get_translations([language])


class Messages:
    """Turns WTForms' messages into ours, in the reader's language. `choice`: one answers by choosing."""

    def __init__(self, choice: bool = False) -> None:
        self.choice = choice

    def gettext(self, text: str) -> str:
        """The text for `text`, placeholders left in place."""
        if self.choice and text == "This field is required.":
            return gettext(_CHOOSE)
        if text in _WORDS:
            return gettext(_WORDS[text])
        locale = get_locale()
        if locale is not None and locale.language == "fr":
            return str(_library_words("fr").gettext(text))
        return text

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The text for a count; a length message comes back complete."""
        if plural.startswith("Field cannot be longer"):
            return ngettext("Use at most %(num)d character.", "Use at most %(num)d characters.", n)
        if plural.startswith("Field must be at least"):
            return ngettext("Use at least %(num)d character.", "Use at least %(num)d characters.", n)
        if plural.startswith("Field must be exactly"):
            return ngettext("Use exactly %(num)d character.", "Use exactly %(num)d characters.", n)
        return self.gettext(singular if n == 1 else plural)
