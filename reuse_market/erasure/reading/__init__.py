"""Purpose: read what erasing tools write: nwipe and ShredOS, Blancco, tables, archives of them.

Owns: nothing. Recognises a file by its structure, never by its name.
Never: judges a proof, believes a claimed level, opens an entity, unpacks without bounds.
"""
