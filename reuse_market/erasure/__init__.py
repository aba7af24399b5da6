"""Purpose: storage media, erasure certificates, and the gate: gate(unit, policy).

Owns: media_count, storage_medium, erasure_certificate.
Never: moves a unit; never takes "an entry exists" for "erased".
"""
