"""Purpose: the API's application: who a token is, its scopes, the OpenAPI document, the wiring of rooms.

Owns: nothing; each room gives its own collections (`<room>/api.py`).
Never: decides what may be done: the verbs do, as for pages.
"""
