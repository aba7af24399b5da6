"""Purpose: who waits for devices that are not ready, or too few, served in the order they came.

Owns: waiting_entry.
Never: lets a later one, or a buyer who did not wait, overtake an entry that can be served.
"""
