"""The proof folder (ZIP) of a lot or a device: for an auditor who trusts nobody, or who is party to it.

Events, papers the reader may read, their SHA-256, proofs, EPCIS when there is one, the verifier, and a word to
whoever opens it. The list of files is under a seal, as the events are.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

import sqlalchemy as sa

from reuse_market.documents import queries as papers
from reuse_market.documents.models import Document as Paper
from reuse_market.documents.policy import may_read
from reuse_market.documents.services import stream as paper_stream
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.proofs import lot_file, proving, verify
from reuse_market.proofs.folder_words import README
from reuse_market.proofs.proving import Document
from reuse_market.traceability import checkpoints
from reuse_market.traceability.models import Event

VERIFIER = Path(verify.__file__)
IN_MEMORY = 20_000_000  # bytes; the rest waits on disk
MOST_PAPERS = 2000


def packed(proof: Document, actor: Actor, beside: Mapping[str, bytes]) -> IO[bytes]:
    """The folder of what `proof` speaks of, with the papers of its lot, requests, pick-ups and reservations that
    this reader may read; `beside`: other files of it, by their names."""
    return _packed(proof, _papers({str(proof["subject"]), *_owners(proof), *_whole(proof)}, actor), beside)


def _whole(proof: Document) -> list[str]:
    """Under what the lot files and erasure certificates of the lots named in these events are kept."""
    streams = {json.loads(entry["payload"])["stream"] for entry in proof["events"] if entry["payload"]}
    streams.add(str(proof["subject"]))
    references = [one.removeprefix("lot/") for one in sorted(streams) if one.startswith("lot/")]
    return [owner for reference in references for owner in lot_file.owners_of(reference)]


def _owners(proof: Document) -> set[str]:
    """Under what the papers of these events are kept, as far as this reader reads them."""
    found = set()
    for entry in proof["events"]:
        facts = json.loads(entry["payload"])["facts"] if entry["payload"] else {}
        found |= {f"{kind}/{facts[kind]}" for kind in ("claim", "pickup", "reservation") if kind in facts}
    return found


def _papers(owners: Iterable[str], actor: Actor) -> list[Paper]:
    statement = (
        sa.select(Paper).where(Paper.owner.in_(sorted(owners))).order_by(Paper.number).limit(MOST_PAPERS)
    )
    return [paper for paper in session().scalars(statement) if may_read(paper, actor)]


def _packed(proof: Document, kept: list[Paper], extra: Mapping[str, bytes]) -> IO[bytes]:
    out: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 – the answer reads, then closes it
    sums: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:

        def put(name: str, data: bytes) -> None:
            folder.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")

        for name, text in README.items():
            put(name, text.encode())
        put("verify.py", VERIFIER.read_bytes())
        put("proof.json", proving.written(proof))
        put("checkpoint.txt", proof["checkpoint"].encode())
        put("checkpoint.pub", (proof["key"] + "\n").encode())
        put("events.json", _events(proof))
        for paper in kept:
            put(f"documents/{paper.number}.pdf", papers.content(paper))
        if (issued := _issued(kept)) is not None:
            put("documents.json", issued)
        for name, data in extra.items():
            put(name, data)
        listed = "".join(sums).encode()
        seal = _seal(proof, len(sums), listed)
        for name, data in (("SHA256SUMS", listed), ("seal.txt", seal.encode())):
            folder.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    out.seek(0)
    return out


def _events(proof: Document) -> bytes:
    """The events alone, as a person or a program reads them."""
    told = [json.loads(entry["payload"]) if entry["payload"] else None for entry in proof["events"]]
    return json.dumps(told, indent=1).encode()


def _issued(kept: list[Paper]) -> bytes | None:
    """The proof that each paper's SHA-256 was written down on the day it was issued."""
    streams = [paper_stream(paper.number) for paper in kept]
    events = list(session().scalars(sa.select(Event).where(Event.stream.in_(streams)).order_by(Event.id)))
    return proving.written(proving.proof("documents", events)) if events else None


def _seal(proof: Document, count: int, listed: bytes) -> str:
    checkpoint = checkpoints.at(int(proof["checkpoint"].split("\n")[1]))
    assert checkpoint is not None  # the one the proof was made with: they are never deleted
    return proving.seal(
        verify.FOLDER, str(proof["subject"]), count, hashlib.sha256(listed).digest(), checkpoint
    )
