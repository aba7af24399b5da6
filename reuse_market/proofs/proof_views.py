"""Downloads of proofs, and the verifier itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from reuse_market.documents import queries as papers
from reuse_market.equipment import queries as equipment
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs import finding, folder, lot_file, proving, subjects
from reuse_market.proofs.epcis import queries as epcis
from reuse_market.proofs.epcis.document import text
from reuse_market.proofs.epcis.views import base
from reuse_market.proofs.seeing import serials_shown
from reuse_market.units import codes
from reuse_market.web.access import access, current_actor

blueprint = Blueprint("proving", __name__)


@blueprint.get("/verify.py")
@access("public")
def verifier() -> Response:
    """The verifier: one file, the standard library only."""
    return Response(
        folder.VERIFIER.read_bytes(), mimetype="text/x-python",
        headers={"Content-Disposition": 'attachment; filename="verify.py"'},
    )  # fmt: skip


@blueprint.get("/u/<string:code>/preuve.json")
@access("public")
def passport_proof(code: str) -> Response:
    """What anybody may prove of a device."""
    plain = codes.normalise(code)
    if not codes.is_code(plain):
        raise NotFound(subjects.NO_DEVICE)
    return _file(subjects.passport(plain), f"preuve-{plain}")


@blueprint.get("/verification/<string:code>/preuve.json")
@access("public")
def paper_proof(code: str) -> Response:
    """That the SHA-256 of a paper was written down when it was issued."""
    found = papers.verify(code)
    proof = subjects.paper(found.number) if found else None
    if found is None or proof is None:
        raise NotFound(N_("No paper bears this code. Check the ten characters at the foot of the paper."))
    return _file(proof, f"preuve-{found.number}")


@blueprint.get("/lots/<string:reference>/preuve.json")
@access("party")
def lot_proof(reference: str) -> Response:
    """The whole journal of a lot, which verify.py checks."""
    return _file(subjects.lot(reference, current_actor()), f"journal-{reference}")


@blueprint.get("/lots/<string:reference>/dossier.zip")
@access("party")
def lot_folder(reference: str) -> Response:
    """The proof folder of a lot."""
    actor = current_actor()
    proof = subjects.lot(reference, actor)
    told = {"epcis.jsonld": text(epcis.of_lot(reference, actor, base())).encode()}
    return _zip(folder.packed(proof, actor, told), f"dossier-{reference}")


@blueprint.post("/lots/<string:reference>/dossier")
@access("taker")
def issue_lot_file(reference: str) -> Answer:
    """A party issues its edition of the lot file."""
    made = lot_file.issue(reference, actor=current_actor())
    flash(_("Document %(number)s is in force.", number=made.number), "success")
    return redirect(url_for("lots.lot", reference=reference, _anchor="papers"))


@blueprint.get("/enlevements/<string:reference>/preuve.json")
@access("party")
def pickup_proof(reference: str) -> Response:
    """The proof that goes with a handover note."""
    return _file(subjects.pickup(reference, current_actor()), f"preuve-{reference}")


@blueprint.get("/preuves")
@access("party")
def find() -> str | Answer:
    """Find a device by its label or serial; its proof folder follows."""
    typed = request.args.get("q", "").strip()[:80]
    found = serials_shown(finding.devices(typed, current_actor())) if typed else []
    lang = str(get_locale())[:2]
    kinds = {row.kind: equipment.kind_label(row.kind, lang) for row in found}
    return render_template("proofs/devices.html", typed=typed, found=found, kinds=kinds)


@blueprint.get("/preuves/appareils/<int:unit_id>/dossier.zip")
@access("party")
def unit_folder(unit_id: int) -> Answer:
    """The proof folder of a device, for who had or has it and those who oversee."""
    actor = current_actor()
    proof = subjects.unit(finding.device(unit_id, actor), actor)
    told = {"epcis.jsonld": text(epcis.of_unit(unit_id, actor, base())).encode()}
    return _zip(folder.packed(proof, actor, told), f"dossier-appareil-{unit_id}")


def _file(proof: proving.Document, name: str) -> Response:
    return Response(
        proving.written(proof), mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}.json"'},
    )  # fmt: skip


def _zip(made: IO[bytes], name: str) -> Response:
    answer = Response(
        _pieces(made), mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )  # fmt: skip
    answer.call_on_close(made.close)
    return answer


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while piece := made.read(1 << 16):
            yield piece
