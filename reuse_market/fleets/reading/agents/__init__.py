"""Inventories that programs write: GLPI, FusionInventory, OCS and eReuse agents, lists of JSON or XML objects.

Owns: documents → rows under labels the mapping knows. Users and addresses are named as columns, never read.
Never: entities, DOCTYPE, unbounded nesting; a whole file in memory.
"""
