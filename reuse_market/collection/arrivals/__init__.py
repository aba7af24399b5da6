"""Purpose: before a vehicle comes – slots from opening hours, reminders, the site sheet, safety protocols,
and the other ways devices arrive: brought by the holder, by a carrier, on a grouped collection day.

Owns: collection_day, collection_slot, loading_protocol.
Never: passes custody (the check-off of a pick-up does, however the devices arrive).
"""
