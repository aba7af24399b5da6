"""The operator invites from a CSV of contacts: verdicts, import, what is given back, done twice."""

from __future__ import annotations

import io

import pytest

from reuse_market.accounts import invitations, queries
from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.accounts.models import Organisation
from reuse_market.desk import inviting
from reuse_market.desk.contacts import MOST, read
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid, NotAllowed
from reuse_market.notices import queries as notices
from tests.lots.visiting import Visitor
from tests.support.world import World

HEADER = "organisme;siret;rna;statut;roles;personne;courriel;langue\n"
GOOD = (
    "Entreprise Une;73282932000074;;entreprise;détenteur;Zoé Une;zoe@une.example;\n"
    "Association Deux;;W381234567;association;bénéficiaire, acheteur;Max Deux;max@deux.example;en\n"
)
WRONG = (
    "Entreprise Une;73282932000074;;entreprise;détenteur;Zoé Une;Zoe@Une.example;\n"
    "Entreprise Trois;73282932000075;;entreprise;détenteur;Léo;leo@trois.example;\n"
    ";;;société secrète;sorcier;;pas-une-adresse;de\n"
)


def kept(world: World, text: str) -> str:
    return inviting.keep_file(text.encode(), actor=world.operator().actor)


def whats(world: World, address: str) -> list[str]:
    return [one.what for one in inviting.verdicts(address, actor=world.operator().actor)]


def test_the_whole_way(operator: Visitor, world: World) -> None:
    operator.open("/console/organismes").follow("Inviter à partir d’un fichier")
    file = (io.BytesIO((HEADER + GOOD + WRONG).encode("cp1252")), "contacts.csv")
    operator.press("Vérifier le fichier", file=file)
    assert "2 à inviter, 0 déjà connus, 3 à corriger." in operator.text
    assert notices.messages() == []
    bad = operator.client.get(operator.url + "/a-corriger.csv")
    text = bad.data.decode("utf-8-sig")
    assert text.splitlines()[0].endswith(";À corriger")
    assert len(text.splitlines()) == 4
    assert "Mêmes organisme et adresse que la ligne 2." in text
    operator.press("Inviter 2 contacts")
    assert "Invitations en route : 2." in operator.page.text.replace("\xa0", " ")
    assert "0 à inviter, 2 déjà connus, 3 à corriger." in operator.text
    message = notices.messages(address="max@deux.example")[0]
    assert message.subject == "You are invited to act for Association Deux"
    made = queries.organisation_by_siret("73282932000074")
    assert made is not None
    assert (made.name, made.state, made.legal_kind) == ("Entreprise Une", "to_verify", "company")
    assert queries.roles_of(made.id) == {"holder"}


def test_again_invites_nobody_twice(world: World) -> None:
    actor = world.operator().actor
    address = kept(world, HEADER + GOOD)
    assert inviting.invite_next(address, actor=actor) == 2
    assert inviting.invite_next(address, actor=actor) == 0
    assert whats(world, address) == ["known", "known"]
    token = notices.messages(address="zoe@une.example")[0].facts["secret"]
    invitations.accept(token, person_id=None, password="une phrase de passe à moi")
    assert inviting.invite_next(address, actor=actor) == 0
    assert len(notices.messages(address="zoe@une.example")) == 1


def test_many_are_invited_some_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "AT_ONCE", 2)
    rows = "".join(f"Organisme {n};;;autre;acheteur;Personne {n};p{n}@test.example;\n" for n in range(5))
    address = kept(world, HEADER + rows)
    assert [inviting.invite_next(address, actor=world.operator().actor) for _ in range(4)] == [2, 2, 1, 0]
    assert session().query(Organisation).filter(Organisation.name.like("Organisme %")).count() == 5


def test_known_organisations_are_joined_not_made_again(world: World) -> None:
    rows = (
        "Entreprise Une;73282932000074;;entreprise;détenteur;Zoé;zoe@une.example;\n"
        "Entreprise Une;73282932000074;;entreprise;détenteur;Ali;ali@une.example;\n"
        "Sans numéro;;;autre;acheteur;Eve;eve@sans.example;\n"
        "sans Numéro;;;autre;acheteur;Tom;tom@sans.example;\n"
    )
    address = kept(world, HEADER + rows)
    assert inviting.invite_next(address, actor=world.operator().actor) == 4
    made = queries.organisation_by_siret("73282932000074")
    assert made is not None
    assert len(invitations.open_invitations(made.id)) == 2
    assert session().query(Organisation).filter(sql_lower("sans numéro")).count() == 1


def sql_lower(name: str) -> object:
    return Organisation.name.in_([name.capitalize(), "sans Numéro"])


def test_a_refused_organisation_is_not_invited(world: World) -> None:
    actor = world.operator().actor
    address = kept(world, HEADER + GOOD)
    inviting.invite_next(address, actor=actor)
    made = queries.organisation_by_siret("73282932000074")
    assert made is not None
    decide_on_organisation(made.id, "refuse", actor=actor, reason="Dossier incomplet")
    assert whats(world, address) == ["wrong", "known"]


REASONS = {
    ";;;entreprise;détenteur;Zoé;zoe@une.example;": {"organisation"},
    "Une;;;;détenteur;Zoé;zoe@une.example;": {"legal_kind"},
    "Une;;;entreprise;;Zoé;zoe@une.example;": {"roles"},
    "Une;;;entreprise;opérateur;Zoé;zoe@une.example;": {"roles"},
    "Une;;;entreprise;détenteur;;zoe@une.example;": {"person"},
    "Une;;;entreprise;détenteur;Zoé;;": {"email"},
    "Une;;;entreprise;détenteur;Zoé;a@b.example, c@d.example;": {"email"},
    "Une;123;;entreprise;détenteur;Zoé;zoe@une.example;": {"siret"},
    "Une;;381234567;entreprise;détenteur;Zoé;zoe@une.example;": {"rna"},
    "Une;;;entreprise;détenteur;Zoé;zoe@une.example;allemand": {"language"},
    "Une;732 829 320 00074;;Société;Holder / buyer;Zoé;zoe@une.example;FR": set(),
    "Une": {"legal_kind", "roles", "person", "email"},
}


@pytest.mark.parametrize("line", REASONS)
def test_what_is_wrong_with_a_row(line: str) -> None:
    _header, rows = read((HEADER + line).encode())
    assert [(row.number, {one.column for one in row.faults}) for row in rows] == [(2, REASONS[line])]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (HEADER.encode(), "no row"),
        (b"PK\x03\x04xlsx", "not a CSV"),
        (b"organisme;courriel\nUne;a@b.example\n", "statut, roles, personne"),
        (("organisme,statut,roles,personne,courriel\n" + "a,autre,acheteur,b,c@d.example\n" * (MOST + 1)).encode(),
         "At most"),
    ],
)  # fmt: skip
def test_files_that_are_no_use(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(data)


def test_a_preamble_less_file_with_commas_and_empty_rows() -> None:
    text = "\n\norganisme,statut,roles,personne,courriel\n\nUne,autre,acheteur,Zoé,zoe@une.example\n,,,,\n"
    _header, rows = read(text.encode("utf-8-sig"))
    assert [(row.number, row.organisation, row.faults) for row in rows] == [(5, "Une", [])]


def test_formulas_come_back_as_text(world: World) -> None:
    address = kept(world, HEADER + "=1+1;;;autre;acheteur;Zoé;;\n")
    data = inviting.wrong_rows(address, lambda text, **_: text, actor=world.operator().actor)
    assert data.decode("utf-8-sig").splitlines()[1].startswith("'=1+1;")


@pytest.mark.parametrize("role", ["holder", "reuse_actor", "auditor"])
def test_only_the_operator(world: World, role: str) -> None:
    actor = world.party(f"Autre {role}", role).actor
    address = kept(world, HEADER + GOOD)
    for act in (
        lambda: inviting.keep_file(GOOD.encode(), actor=actor),
        lambda: inviting.verdicts(address, actor=actor),
        lambda: inviting.invite_next(address, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            act()
