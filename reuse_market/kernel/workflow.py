"""Life-cycles as data. A transition is written once; `fire` is the only writer of a `state` column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import in_command, session
from reuse_market.kernel.errors import Conflict, NotAllowed, NotCommitting
from reuse_market.kernel.statements import plain
from reuse_market.kernel.words import N_

S = TypeVar("S")
Policy = Callable[[Actor, Any], bool]
REFUSED = N_("Your organisation may not do this.")


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of a life-cycle: `action` moves `sources` to `target` if `policy` agrees; `event` names it."""

    action: str
    sources: frozenset[str]
    target: str
    policy: Policy
    event: str


def T(action: str, sources: Iterable[str], target: str, policy: Policy, event: str) -> Transition:
    """Short form for transition tables."""
    return Transition(action, frozenset(sources), target, policy, event)


def refusal(allowed: Callable[[Actor], bool], actor: Actor, code: str, message: str = REFUSED) -> NotAllowed:
    """What to raise when `allowed(actor)` is false: the person lacks the right, or the whole organisation does.

    NotCommitting when the same act would be allowed to somebody who may commit the organisation.
    """
    if not actor.commits and allowed(replace(actor, commits=True)):
        return NotCommitting(N_("This commits your organisation: it takes somebody who may commit it."))
    return NotAllowed(message, code=code)


class Workflow(Generic[S]):
    """The life-cycle of one table: `model` has `id`, `state`, `version`."""

    def __init__(
        self, name: str, model: type[Any], states: Sequence[str], transitions: Sequence[Transition]
    ) -> None:
        self.name, self.model, self.states = name, model, tuple(states)
        self.transitions = {t.action: t for t in transitions}
        self._as_seen = (model.id == sa.bindparam("the_id"), model.version == sa.bindparam("the_version"))
        self._built: dict[Any, sa.Update] = {}
        if len(self.transitions) != len(transitions):
            raise ValueError(f"{name}: an action is written twice")
        unknown = {s for t in transitions for s in (*t.sources, t.target)} - set(states)
        if unknown:
            raise ValueError(f"{name}: unknown states {unknown}")

    def transition(self, action: str) -> Transition:
        """The row of `action` (KeyError when the table has none)."""
        return self.transitions[action]

    def offered(self, subject: S, actor: Actor) -> list[str]:
        """Actions this actor may take on this subject now: buttons, API `actions`, help."""
        state = subject.state  # type: ignore[attr-defined]
        return [a for a, t in self.transitions.items() if state in t.sources and t.policy(actor, subject)]

    def allows(self, action: str, subject: S, actor: Actor) -> bool:
        """Whether `action` is offered to `actor` on `subject`."""
        return action in self.offered(subject, actor)

    def require(self, action: str, subject: S, actor: Actor) -> Transition:
        """Raise NotAllowed (rights) or Conflict (state) unless the transition may fire."""
        row = self.transitions[action]
        if not row.policy(actor, subject):
            raise refusal(lambda one: row.policy(one, subject), actor, f"{self.name}.{action}.not-allowed")
        if subject.state not in row.sources:  # type: ignore[attr-defined]
            raise Conflict(
                N_("This is no longer possible: the state has changed since you opened the page."),
                code=f"{self.name}.{action}.state",
            )
        return row

    def fire(self, action: str, subject: S, actor: Actor, **values: Any) -> Transition:
        """Move one subject: rights, source state, then one guarded UPDATE (state and version as seen)."""
        row = self.require(action, subject, actor)
        seen = subject
        told = {"the_id": seen.id, "the_version": seen.version}  # type: ignore[attr-defined]  # each has both
        changed = self._update(row, self._as_seen, values, told)
        if changed != 1:
            raise Conflict(N_("Somebody else was quicker. Look at the page again, then retry."), code="raced")
        _written(subject, {"state": row.target, "version": seen.version + 1} | values)  # type: ignore[attr-defined]  # each has a version
        return row

    def fire_many(
        self, action: str, subjects: Any, count: int, actor: Actor, *, subject: Any = None,
        told: Mapping[str, Any] | None = None, **values: Any,
    ) -> Transition:  # fmt: skip
        """Move `count` rows chosen by the criterion `subjects` in one UPDATE; all or Conflict.

        `subject` is what the policy judges for the whole set (rows of one act share owner and custodian). `told`:
        what the criterion's parameters stand for, where it is one that is used again and again.
        """
        row = self.transitions[action]
        if not row.policy(actor, subject):
            raise refusal(lambda one: row.policy(one, subject), actor, f"{self.name}.{action}.not-allowed")
        if self._update(row, (subjects,), values, told) != count:
            raise Conflict(
                N_("Some of these devices have changed since you opened the page. Look again, then retry."),
                code=f"{self.name}.{action}.state",
            )
        self._forget(values)
        return row

    def _forget(self, values: dict[str, Any]) -> None:
        """Rows already loaded are read again on next use: the UPDATE went past them."""
        current = session()
        for loaded in [row for row in current.identity_map.values() if isinstance(row, self.model)]:
            current.expire(loaded, ["state", "version", *values])

    def _update(
        self, row: Transition, criteria: tuple[Any, ...], values: dict[str, Any],
        told: Mapping[str, Any] | None = None,
    ) -> int:  # fmt: skip
        if not in_command():
            raise RuntimeError("a workflow fires only inside a command")
        if told is None or any(isinstance(value, sa.ClauseElement) for value in values.values()):
            return int(plain(self._statement(row, criteria, values), told).rowcount)
        key = (row.sources, row.target, criteria, tuple(values))  # all that the statement says
        if key not in self._built:  # as many as there are ways to call it in the code
            columns = sa.inspect(self.model).columns
            asked = {name: sa.bindparam(f"to_{name}", type_=columns[name].type) for name in values}
            self._built[key] = self._statement(row, criteria, asked)
        given = {f"to_{name}": value for name, value in values.items()}
        return int(plain(self._built[key], {**told, **given}).rowcount)

    def _statement(self, row: Transition, criteria: tuple[Any, ...], values: Mapping[str, Any]) -> sa.Update:
        """The guarded UPDATE: state as the transition wants it, version one more."""
        columns = sa.inspect(self.model).columns  # by attribute: written on the table, past the session
        written = {columns[name].name: value for name, value in values.items()}
        sources = columns["state"].in_(sorted(row.sources))
        return (
            sa.update(self.model.__table__)
            .where(*criteria, sources)
            .values(state=row.target, version=columns["version"] + 1, **written)
        )


def _written(subject: Any, values: dict[str, Any]) -> None:
    """The loaded row as the guarded UPDATE has left it; read again where the database computed a value."""
    if any(isinstance(value, sa.ClauseElement) for value in values.values()):
        session().refresh(subject)
        return
    for name, value in values.items():
        set_committed_value(subject, name, value)
