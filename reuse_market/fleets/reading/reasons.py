"""Why a row is good with a warning, to correct, or set aside: stable codes and their English sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reuse_market.kernel.words import N_

SENTENCES: dict[str, str] = {
    # warnings of good rows
    "no_serial": N_("No serial number: the device will have to be identified by its label."),
    "placeholder_serial": N_("“%(value)s” is a placeholder, not a serial number: it was left out."),
    "serial_as_number": N_("The serial number was stored as a number: zeros at its start may be lost."),
    "kind_guessed": N_("The kind was deduced from the model: %(kind)s."),
    "kind_unknown": N_("The kind of device could not be told: it is filed under “other”."),
    "value_left_out": N_("“%(value)s” was not understood in column “%(column)s”: it was left out."),
    "praise_left_out": N_(
        "“%(value)s” in column “%(column)s”: words that the law keeps from used devices nobody tested (art. R122-4)"
        " were left out."
    ),
    "date_month_only": N_("Only the month is told (“%(value)s”): the first day was taken."),
    "date_year_only": N_("Only the year is told (“%(value)s”): 1 January was taken."),
    "lease_over": N_("The lease ended on %(date)s: check that the device is yours."),
    "ownership_blank": N_("The file does not say who owns the device: check that it is yours."),
    "damaged_cell": N_(
        "“%(value)s” holds damaged characters in column “%(column)s”: correct it in your tool."
    ),
    "alive_elsewhere": N_(
        "This maker and serial number is in the fleet of another organisation too: check that the device is"
        " yours, or write to the operator."
    ),
    # to correct
    "serial_damaged": N_(
        "The serial number “%(value)s” holds damaged characters: export the file again in UTF-8."
    ),
    "quote_open": N_("A quotation mark opened in this row is never closed: take it off or close it."),
    "row_too_long": N_("The row is longer than a million characters: take its long text off."),
    "too_many_cells": N_("The row has %(cells)s cells and the header %(columns)s: a text holds a delimiter."),
    "date_unreadable": N_("“%(value)s” is not a date. Write it as 31/12/2024 or 2024-12-31."),
    "date_in_future": N_("The date %(date)s has not come yet."),
    "date_too_old": N_("The date %(date)s is before 1980."),
    "serial_scientific": N_("A spreadsheet turned the serial number into “%(value)s”: its digits are lost."),
    "serial_error": N_("The serial number is a spreadsheet error: “%(value)s”."),
    "serial_too_long": N_("The serial number is longer than 100 characters."),
    "kind_not_understood": N_("“%(value)s” is not a kind of device we know, and the model does not tell it."),
    "several_devices": N_(
        "This row counts %(count)s devices: write one row for each, it would come in as one."
    ),
    "neither_kind_nor_model": N_("Neither the kind nor the model is given."),
    # set aside
    "virtual_machine": N_("It is a virtual machine (“%(value)s”), not a device."),
    "leased": N_("The device is leased (“%(value)s”): it is not yours to give or sell."),
    "leased_until": N_("The device is leased until %(date)s: it is not yours to give or sell."),
    "personally_owned": N_("The device belongs to a person (“%(value)s”), not to the organisation."),
    "ownership_unknown": N_("The owner of the device is not known (“%(value)s”)."),
    "already_gone": N_("Its status says that you no longer have it (“%(value)s”)."),
    "doubled_serial": N_("Same maker and serial number as row %(other)s."),
    "other_organisation": N_(
        "Column “%(column)s” names another organisation (“%(value)s”): it alone can bring this device in."
    ),
    "header_again": N_("It is the header line once more, not a device."),
    "title_row": N_(
        "“%(value)s” stands alone in its row: it is the title of a part of the list, not a device."
    ),
    "total_row": N_("“%(value)s” adds up other rows: it is no device."),
    # notes on the whole file
    "preamble": N_("%(rows)s lines before the header were skipped."),
    "text_named_sheet": N_("The file is named as a spreadsheet but is plain text: it was read as CSV."),
    "doubled_column": N_(
        "Several columns are called “%(column)s”: the fuller one is read. Check it at the step before."
    ),
    "other_sheets": N_("Only the sheet “%(sheet)s” was read. Left out: %(others)s."),
    "hidden_rows": N_(
        "%(count)s hidden rows of the sheet were read too (a filter hides rows, it does not take them off)."
        " If they should not count, delete them and send the file again."
    ),
    "one_column": N_(
        "Each row stood in one column: it was cut again at its separator. Check the columns at the step before."
    ),
    "screens_beside": N_(
        "Columns “%(columns)s” tell of screens beside the computers: they were not read. Give each screen a row of"
        " its own, or send the screens in another list."
    ),
    "nul_removed": N_("The file held null characters: they were removed."),
    "broken_characters": N_("Some characters of the file are damaged; they show as “�”."),
    "bytes_guessed": N_("The file does not tell its encoding: %(encoding)s was deduced. Check the accents."),
    "date_order_guessed": N_(
        "Dates of column “%(column)s” could be read day first or month first: %(order)s was taken."
    ),
    "member_unread": N_("“%(name)s” in the archive was left out: it is cut or damaged, or holds no device."),
    "members_unread": N_("%(count)s files of the archive in all were left out: they cannot be read."),
    "screens_apart": N_("%(count)s screens seen by the agents are counted as devices, after the computers."),
    "autopilot": N_("These devices are enrolled in Autopilot: remove them from it before handing them over."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of SENTENCES and the values its sentence takes."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English msgid, to be translated by the edge and then filled with `params`."""
        return SENTENCES[self.code]

    def in_english(self) -> str:
        """The sentence in English, filled."""
        return self.message % dict(self.params) if self.params else self.message


def because(code: str, **params: object) -> Reason:
    """A `Reason`; a code that has no sentence is refused at once."""
    if code not in SENTENCES:
        raise KeyError(code)
    return Reason(code, params)
