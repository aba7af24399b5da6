"""Who parts with a device and who receives it, as finely as the law tells them apart.

An account says less than the law asks (an association may or may not be recognised as of public utility).
What an account cannot tell takes the kind with the fewest rights, or `unknown`; recorded evidence
(`qualification`) says more.
"""

from __future__ import annotations

from collections.abc import Collection

from reuse_market.kernel.words import N_

PRIVATE = (
    "company",  # also a reuse enterprise, a foundation without assistance purpose
    "association_rup",  # recognised as of public utility
    "association_rig",  # of general interest, statutes: equip, train, accompany precarious people
    "association_precarity",  # works for precarious people, without that recognition
    "association_pupils",  # parents of pupils, school support, students
    "reuse_body_esus",  # reuse body approved "entreprise solidaire d'utilité sociale", whatever its form
    "assistance_238bis",  # association or foundation of CGI 238 bis 1 b whose resources go to assistance
    "association_other",
)
PUBLIC = (
    "state_service",
    "local_authority",  # and their groupings
    "public_body",  # hospital, university, CCAS, any public establishment
    "school_eple",  # collège or lycée: a local public establishment
)
OTHERS = (
    "teaching_body",  # teaches or researches; public or private is not known
    "staff",  # of the administration that gives
    "person",
    "precarious_person",  # never identified: a voucher stands for them
    "producer_scheme",  # éco-organisme, or a supplier under contract with one
)
UNKNOWN = "unknown"
ANYONE = "anyone"  # the recipient of an act that has none yet (publish)
KINDS = (*PRIVATE, *PUBLIC, *OTHERS, UNKNOWN)
ORIGINS = ("private", "public")
OBLIGED = ("state_service", "local_authority")  # loi 2020-105 (AGEC), art. 58
GROUPS = {  # short words of data/rules.csv
    "private": PRIVATE,
    "public": PUBLIC,
    "buyers": (*PRIVATE, *PUBLIC, "teaching_body"),
    "people": ("person", "precarious_person"),
}
NAMES = {
    "company": N_("company"),
    "association_rup": N_("association recognised as of public utility"),
    "association_rig": N_("association of general interest that equips people in precarious situations"),
    "association_precarity": N_("association that works for people in precarious situations"),
    "association_pupils": N_("association of parents of pupils, of school support or of students"),
    "reuse_body_esus": N_("reuse body approved as ESUS"),
    "assistance_238bis": N_("association or foundation for assistance"),
    "association_other": N_("other association"),
    "state_service": N_("State service"),
    "local_authority": N_("local authority"),
    "public_body": N_("public body"),
    "school_eple": N_("public collège or lycée"),
    "teaching_body": N_("teaching or research body"),
    "staff": N_("member of staff"),
    "person": N_("person"),
    "precarious_person": N_("person in a precarious situation"),
    "producer_scheme": N_("producer scheme"),
    "unknown": N_("legal standing not known"),
}
EVIDENCE = {  # what proves a kind: asked when it is missing, named when it is recorded
    "company": N_("Companies register extract"),
    "association_rup": N_("Decree of recognition as of public utility"),
    "association_rig": N_("Statutes, and tax ruling that recognises the general interest"),
    "association_precarity": N_("Statutes that say so"),
    "association_pupils": N_("Statutes of the association"),
    "reuse_body_esus": N_("ESUS approval in force (code du travail, L3332-17-1 II)"),
    "assistance_238bis": N_("Statutes, and tax ruling under CGI article 238 bis 1 b"),
    "association_other": N_("Declaration of the association"),
    "public_body": N_("Act that founded the establishment"),
    "school_eple": N_("National number of the school (UAI)"),
    "teaching_body": N_("Decision that opened the school or the laboratory"),
    "producer_scheme": N_("Approval of the scheme"),
}
_ASSOCIATIONS = tuple(kind for kind in PRIVATE if kind != "company")
QUALIFIABLE = {  # what evidence may make of each legal kind of an account
    "company": ("company", "reuse_body_esus", "producer_scheme"),
    "association": _ASSOCIATIONS,
    "school": ("school_eple", "teaching_body", "association_other", "company"),
    "public_body": ("public_body",),
    "other": (*PRIVATE, "teaching_body", "producer_scheme"),
}
_BY_LEGAL_KIND = {
    "company": "company",
    "state": "state_service",
    "local_authority": "local_authority",
    "public_body": "public_body",
    "association": "association_other",
    "school": "teaching_body",
}


def from_account(legal_kind: str, roles: Collection[str] = ()) -> str:
    """The kind an account tells by itself; `unknown` where it tells nothing.

    An association admitted as a recipient serves fragile publics: `association_precarity`.
    """
    if legal_kind == "association" and "recipient" in roles:
        return "association_precarity"
    return _BY_LEGAL_KIND.get(legal_kind, UNKNOWN)


def origin(kind: str) -> str:
    """Whether a device first belonged to a `private` or a `public` person, or `unknown`."""
    if kind in PRIVATE:
        return "private"
    return "public" if kind in PUBLIC else UNKNOWN
