"""Purpose: people, organisations, sites, memberships, sign-in, signature codes.

Owns: organisation, organisation_role, person, membership, site, sign_in_attempt, signature_code,
invitation, account_link, api_token.
Never: knows a lot or a unit.
"""
