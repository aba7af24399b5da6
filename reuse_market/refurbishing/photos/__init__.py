"""Purpose: up to four photos of devices that look alike, shown in the shop window by their seller. Optional.

Owns: offer_photo.
Never: keeps what a camera writes beside a picture; shows one with devices of another seller, model or grade.
"""
