"""What an inventory agent reads of a device on the bench, held against what was declared.

Owns: hardware_report.
Never: merges a difference by itself; each is accepted or left by the technician.
"""
