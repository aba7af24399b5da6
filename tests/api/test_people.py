"""An organisation's people, invitations and evidence by the API; registering one; what a token never signs."""

from __future__ import annotations

import base64

from reuse_market.kernel import clock
from tests.accounts.test_people import colleague

PDF = base64.b64encode(b"%PDF-1.7 exemple ").decode()


def test_people_by_the_api(world, caller):
    party = world.holder()
    holder, helper = caller(party), caller(colleague(party, "prepare"))
    at = f"/organisations/{party.organisation_id}"
    me, other = holder.all(f"{at}/members")
    assert (me["rights"], me["actions"]) == ("commit", ["change", "remove"])
    assert (other["rights"], holder.get(other["links"]["self"])["email"]) == ("prepare", other["email"])
    assert [one["actions"] for one in helper.all(f"{at}/members")] == [[], []]
    asked = {"name": "Alix Modèle", "email": "alix@exemple.test", "rights": "prepare"}
    assert helper.post(f"{at}:invite", 403, **asked)["code"] == "not-committing"
    made = holder.post(f"{at}:invite", 201, key="une fois".replace(" ", "-"), **asked)
    assert holder.post(f"{at}:invite", 201, key="une-fois", **asked) == made
    assert holder.post(f"{at}:invite", 409, **asked)["code"] == "invitation.twice"
    assert holder.post(f"{at}:invite", 422, **asked | {"email": "alix"})["errors"][0]["field"] == "email"
    assert [one["id"] for one in holder.all(f"{at}/invitations")] == [made["id"]]
    assert holder.post(f"{made['links']['self']}:send-again")["actions"] == ["send-again", "cancel"]
    assert holder.post(f"{made['links']['self']}:cancel")["actions"] == []
    holder.get(made["links"]["self"], 404)
    assert holder.post(f"{me['links']['self']}:change", 409, rights="prepare")["code"] == "member.last"
    until = clock.in_days(30).isoformat()
    changed = holder.post(f"{other['links']['self']}:change", rights="commit", until=until)
    assert (changed["rights"], changed["until"]) == ("commit", until)
    assert holder.post(f"{other['links']['self']}:remove")["actions"] == []
    assert [one["person_id"] for one in holder.all(f"{at}/members")] == [me["person_id"]]
    helper.get(f"{at}/members", 401)


def test_the_file_of_an_organisation(world, caller):
    party, operator = world.holder(), caller(world.operator())
    holder, at = caller(party), f"/organisations/{party.organisation_id}"
    assert holder.get(at)["actions"] == ["change", "invite", "add-evidence"]
    assert holder.post(f"{at}:change", phone="04 00 00 00 00")["phone"] == "04 00 00 00 00"
    assert holder.post(f"{at}:change", 403, name="Autre Exemple")["code"] == "organisation.change"
    assert operator.post(f"{at}:change", name="Autre Exemple")["name"] == "Autre Exemple"
    assert holder.post(f"{at}:add-evidence", 422, kind="other", file="@")["errors"][0]["field"] == "file"
    assert holder.post(f"{at}:add-evidence", 422, kind="other", file="AAA")["errors"][0]["field"] == "file"
    sent = holder.post(f"{at}:add-evidence", 201, kind="other", file=PDF, note="Statuts")
    assert operator.get(sent["links"]["self"])["file"] == PDF
    assert [one["note"] for one in operator.all(f"{at}/evidence")] == ["Statuts"]
    stranger = caller(world.buyer())
    for path in ("members", "invitations", "evidence", f"evidence/{sent['id']}"):
        stranger.get(f"{at}/{path}", 404)
    mine = f"/organisations/{world.buyer().organisation_id}"
    stranger.get(f"{mine}/evidence/{sent['id']}", 404)
    stranger.post(f"{mine}/evidence/{sent['id']}:withdraw", 404)
    assert holder.post(f"{sent['links']['self']}:withdraw")["actions"] == []
    assert holder.all(f"{at}/evidence") == []


def test_the_operator_registers_and_acts_for_nobody_in_matters_of_rights(world, caller):
    operator = caller(world.operator())
    asked = {
        "name": "Nouvelle Exemple", "legal_kind": "association", "roles": ["recipient"], "rna": "W381234567",
        "postcode": "38000", "commune_name": "Grenoble", "person_name": "Lou Modèle", "email": "Lou@exemple.test",
    }  # fmt: skip
    made = operator.post("/organisations", 201, **asked)
    assert (made["state"], made["roles"]) == ("to_verify", ["recipient"])
    assert operator.post("/organisations", 409, **asked)["code"] == "registration.known"
    wrong = operator.post("/organisations", 422, **asked | {"rna": "", "siret": "12345678901234"})
    assert wrong["errors"][0]["field"] == "siret"
    [person] = operator.all(f"{made['links']['self']}/members")
    assert (person["email"], person["seen"]) == ("lou@exemple.test", False)
    assert caller(world.holder()).post("/organisations", 403, **asked)["code"] == "forbidden"
    held = world.holder().organisation_id
    operator.headers["X-On-Behalf-Of"] = str(held)
    invited = {"name": "Alix Modèle", "email": "alix@exemple.test", "rights": "commit"}
    assert operator.post(f"/organisations/{held}:invite", 403, **invited)["code"] == "own-hand"


def test_wrong_values_of_on_behalf(world, caller):
    held = str(world.holder().organisation_id)
    operator, holder = caller(world.operator()), caller(world.holder())
    wanted = {
        "": (422, "on-behalf.number"), "0": (404, "not-found"), "-1": (422, "on-behalf.number"),
        "x": (422, "on-behalf.number"), "1.0": (422, "on-behalf.number"), "¹": (422, "on-behalf.number"),
        f"{held}, {held}": (422, "on-behalf.number"), "9" * 10: (422, "on-behalf.number"),
        "999999999": (404, "not-found"), str(world.operator().organisation_id): (403, "on-behalf.not-allowed"),
    }  # fmt: skip
    for value, expected in wanted.items():
        for method, path in (
            ("GET", "/lots"),
            ("POST", "/lots"),
            ("GET", "/nothing"),
            ("GET", "/openapi.json"),
        ):
            sent = {"X-On-Behalf-Of": value, "Idempotency-Key": "k"}
            answer = operator.ask(method, path, headers=sent)
            assert (answer.status_code, answer.json["code"]) == expected, (value, method, path, answer.data)
            assert answer.content_type == "application/problem+json"
            assert answer.json["detail"]
    answer = holder.ask("GET", "/lots", headers={"X-On-Behalf-Of": held})
    assert (answer.status_code, answer.json["code"]) == (403, "on-behalf.not-allowed")
    anonymous = operator.app.test_client().get("/api/v1/lots", headers={"X-On-Behalf-Of": "x"})
    assert anonymous.status_code == 401
