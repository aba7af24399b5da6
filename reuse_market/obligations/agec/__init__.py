"""Purpose: the AGEC ledger (loi 2020-105, art. 58): euros before tax by category and calendar year.

Owns: agec_entry, agec_year, agec_import, agec_mapping, agec_reminder.
Never: counts a gift received here, guesses an unknown rate, or says who is bound (regimes does).
"""
