"""Purpose: what an auditor does with the log: samples, figures at entry N, who changed and who saw what.

Owns: nothing. Never: writes.
"""
