"""The walk of docs/api.md is run as it stands there: bash and curl, in order, against a server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from reuse_market.accounts import tokens
from reuse_market.kernel import db
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations.models import Reservation
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Unit
from tests.support import direct

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def script() -> str:
    """Every block of the page, in order; the first refusal ends it."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) > 10
    return "\n".join(["set -euxo pipefail", *blocks])


def programs(folder: Path) -> str:
    """A PATH that finds this Python first, and a uuidgen where the machine has none."""
    folder.mkdir()
    (folder / "python3").symlink_to(Path(sys.executable).resolve())
    if not shutil.which("uuidgen"):
        made = folder / "uuidgen"
        made.write_text("#!/bin/sh\nexec cat /proc/sys/kernel/random/uuid\n", encoding="utf-8")
        made.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_walk_of_the_page_works(app, world, live_server, tmp_path):
    if not (shutil.which("bash") and shutil.which("curl")):
        # The page is walked with the very program it names; elsewhere test_chain.py plays the same verbs.
        pytest.skip("NO CURL: the walk of docs/api.md is not run on this machine")
    actor = direct.qualified(world, world.reuse_actor(), "association_rig")
    association = direct.qualified(world, world.recipient(), "association_rup")
    parties = {
        "HOLDER": world.holder(), "COMMUNE": world.public_holder(), "ACTOR": actor, "BUYER": world.buyer(),
        "ASSOCIATION": association, "OPERATOR": world.operator(),
        "ADMINISTRATOR": world.party("Administration Exemple", "administrator"),
    }  # fmt: skip
    told = {
        name: tokens.make_token(party.person_id, party.organisation_id, ["write"])[1]
        for name, party in parties.items()
    }
    db.release()
    told["API"] = f"{live_server(app).rstrip('/')}/api/v1"
    told["PATH"] = programs(tmp_path / "bin")
    ran = subprocess.run(
        ["bash", "-c", script()], cwd=tmp_path, env=os.environ | told, capture_output=True, text=True,
        timeout=240, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, f"{ran.stdout[-1500:]}\n…\n{ran.stderr[-1500:]}"
    states = list(db.session().scalars(sa.select(Unit.state)))
    assert [states.count(name) for name in ("provided", "recycled", "missing")] == [6, 1, 1]
    acts = db.session().scalars(sa.select(Reservation.act).order_by(Reservation.id)).all()
    assert acts[-1] == "solidarity_sale"
    assert verify_chains() == []
    assert reconcile() == []
