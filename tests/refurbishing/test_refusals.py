"""Every refusal of the bench names the next lawful step. The list is written by hand; the code is read beside it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

from reuse_market.erasure import gate
from reuse_market.refurbishing import policy, queries
from reuse_market.refurbishing.locks import services as locks
from reuse_market.refurbishing.services import returning

ROOT = Path(__file__).resolve().parents[2]
ROOM = ROOT / "reuse_market" / "refurbishing"
# Corrections of acts are the proof's (proofs/corrections), which says what comes next itself.
ELSEWHERE = {"services/correcting.py"}
# words of a Conflict or a NotAllowed of the room → the step its words name
STEPS = {
    "These differences are decided already: send a new report to compare again.": "send a new report",
    "The report names no storage medium: open the device to be sure.": "open the device",
    "Take the device back to the workshop first.": "Take the device back",
    "No label waits: put some in the queue, from the page of a device.": "put some in the queue",
    "Each of these devices has a code already: print its label again.": "print its label",
    "Sign in to label devices: a link is not enough.": "Sign in",
    "This link no longer works: it is too old. Call whoever collected your devices.": "Call",
    "The holder knows of every locked device of this lot: wait for its answer, or call it.": "call it",
    "The holder has given no address to write to: call it.": "call it",
    "Some of these devices are not to take in from this pick-up: open its page again, then choose.": "open its page",
    "Only a device in the workshop is tested: take it in first.": "take it in",
    "A part of another device is in it: take it out first.": "take it out",
    "A storage medium is not proven erased: erase it, or take it out for destruction, first.": "erase it",
    "This device went missing at the pick-up: revise the handover note.": "revise the handover note",
    "This part is in a device already: take it out first.": "take it out",
    "This part is in no device: find it in the stock of parts.": "find it in the stock",
    "Only a device in the workshop is worked on: take it in first.": "take it in",
    "No device waits to be recycled: record the decision to discard them first.": "record the decision",
    "Confirm the triage first.": "Confirm the triage",
    "Only whoever holds waste opens a removal: ask it to.": "ask it to",
    "This removal is done, nothing in it changes any more: open another one.": "open another one",
    "One of these devices is already in a removal. Look again, then retry.": "Look again",
    "The state has changed since you opened the page: open it again to see what is possible.": "open it again",
    "Nobody has a PIN or a badge yet: set your own first, from “My account”.": "set your own",
    "Open this computer as the workshop’s first.": "Open this computer",
    "This photo is there already: choose another one.": "choose another one",
    "Only the seller shows photos of these devices: ask it to.": "ask it to",
    "There are %(most)s photos already: remove one first.": "remove one",
    "Say the model of these devices first, on their page in the workshop.": "Say the model",
    "Only the holder of the lot, and the reuse actor that takes it, choose this: ask one of them to.": "ask one of",
    returning.NOT_HERE: "open its page",
    returning.NOT_TESTED: "Test each device",
    policy.ELSEWHERE: "ask it to",
    policy.NO_WORKSHOP: "ask to be admitted",
    queries.NOT_OURS: "send it back",
    queries.NOT_OURS_YET: "Have the handover note signed",
    queries.UNDER_REPAIR: "hand it back",
    "Test the device.": "Test",
    "The last test found a fault. Repair and test again, or choose parts or removal.": "Repair and test again",
}
# names and expressions that stand for words said elsewhere in the list, or by the kernel for every room
NAMED = {
    "policy.ELSEWHERE": policy.ELSEWHERE, "policy.NO_WORKSHOP": policy.NO_WORKSHOP, "DEAD": locks.DEAD,
    "NOT_OURS": queries.NOT_OURS, "NOT_OURS_YET": queries.NOT_OURS_YET,
    "UNDER_REPAIR": queries.UNDER_REPAIR,
}  # fmt: skip
OTHERS = {
    "lacking[0].message",
    "units.CHANGED",
}  # the gate's own words (judged below); a rival was quicker: retry


def said(tree: ast.Module) -> set[str]:
    """The words, or the expression, of each Conflict, NotAllowed and Reason of a module."""
    known = {
        node.targets[0].id: node.value for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }  # fmt: skip
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Conflict", "NotAllowed"):
            first = node.args[0]
            if isinstance(first, ast.Name):
                first = known.get(first.id, first)
            words = isinstance(first, ast.Call) and getattr(first.func, "id", "") == "N_"
            found.add(ast.literal_eval(first.args[0]) if words else ast.unparse(first))
    return found


def test_each_refusal_of_the_room_names_the_next_step():
    found = set()
    for path in sorted(ROOM.rglob("*.py")):
        if path.relative_to(ROOM).as_posix() not in ELSEWHERE:
            found |= said(ast.parse(path.read_text()))
    found = {NAMED.get(one, one) for one in found} - OTHERS
    found |= {
        "Test the device.",
        "The last test found a fault. Repair and test again, or choose parts or removal.",
    }
    assert found == set(STEPS)
    assert [words for words, step in STEPS.items() if step not in words] == []


def test_the_french_names_it_too():
    """An imperative says what to do, in each French sentence."""
    french = {}
    for file in (ROOT / "translations/fr/LC_MESSAGES").glob("*.po"):
        with file.open("rb") as source:
            french |= {one.id: one.string for one in read_po(source, locale="fr") if isinstance(one.id, str)}
    silent = [words for words in STEPS if not re.search(r"(?<!ch)ez\b|\b[Ff]aites\b", french.get(words, ""))]
    assert silent == [], [french.get(words) for words in silent]


def test_each_word_of_the_erasure_gate_names_a_step():
    """Each sentence of the gate ends on a second one that says what to do, or says it at once."""
    tree = ast.parse(Path(gate.__file__).read_text())
    words = [
        ast.literal_eval(node.args[0]) for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_"
    ]  # fmt: skip
    assert len(words) > 20
    steps = (
        "Erase", "Have", "Count", "Add", "Record", "Read", "Verify", "Use", "Say", "Take", "Draw", "Accept", "Ask",
        "record", "have", "Look", "Give", "Send", "Check", "Sign",
    )  # fmt: skip
    assert [one for one in words if not any(f"{step} " in one for step in steps)] == []
