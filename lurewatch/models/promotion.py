"""Changes of the champion: by a person with the right to, for a reason, written into the audit log before they take effect.

Killed between the two, the audit log tells of a change that the registry does not have: ``unfinished`` names it, and the same
command again makes it. A champion without its entry cannot come about.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import Engine, select

from desk import tables
from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from lurewatch.models import model_registry
from lurewatch.models.model_registry import SHIPPED, Event, Registry, RegistryError, What

ACTIONS: dict[What, str] = {
    "learned": "model_learned",
    "shadowed": "model_shadowed",
    "shadow ended": "model_shadow_ended",
    "promoted": "model_promoted",
    "rolled back": "model_rolled_back",
}
"""What the audit log calls each change."""


class PromotionRefused(Exception):
    """The champion stays; the message says why and what would change that."""


def note_learned(engine: Engine, models: Path, version: str, *, by: str, detail: dict[str, object], now: datetime) -> Event:
    """Note that a challenger was learned, with the digest of its comparison among ``detail``."""
    return _write_event(engine, models, lambda state: (state, Event(at=now, by=by, what="learned", model=version)), detail)


def shadow(engine: Engine, models: Path, version: str | None, *, by: str, now: datetime) -> Event:
    """Let a challenger judge in the champion's shadow, or none; raise RegistryError when it is not there."""

    def change(state: Registry) -> tuple[Registry, Event]:
        if version is None:
            if state.shadow is None:
                raise RegistryError("no model runs in shadow")
            return replace(state, shadow=None), Event(at=now, by=by, what="shadow ended", model=state.shadow)
        if version == state.champion:
            raise RegistryError(f"{version} is the champion")
        model_registry.folder_of(models, version)
        return replace(state, shadow=version), Event(at=now, by=by, what="shadowed", model=version)

    return _write_event(engine, models, change)


def promote(
    engine: Engine, models: Path, version: str, *, by: User, reason: str, findings: Sequence[str], compared: str,
    override: bool, now: datetime,
) -> Event:  # fmt: skip
    """Make a challenger the champion.

    ``findings`` speak against it: without ``override`` any of them refuses it, with it they are written down beside the reason.
    ``compared`` is the champion it was compared with. Raises PromotionRefused, RegistryError.
    """

    def change(state: Registry) -> tuple[Registry, Event]:
        _check_right(by, reason)
        model_registry.folder_of(models, version)
        if version == state.champion:
            raise PromotionRefused(f"{version} is the champion already")
        if compared != state.champion:
            raise PromotionRefused(
                f"{version} was compared with {compared}, but {state.champion} judges now; "
                f"run `python -m evaluation challenger compare {version}`"
            )
        if findings and not override:
            message = "\n".join(f"  - {finding}" for finding in findings)
            raise PromotionRefused(f"{version} is not promoted:\n{message}\n--override promotes it all the same and keeps why")
        event = Event(
            at=now,
            by=by.name,
            what="promoted",
            model=version,
            before=state.champion,
            reason=reason.strip(),
            overrode=tuple(findings),
        )
        ended = None if state.shadow == version else state.shadow
        return replace(state, champions=(*state.champions, version), shadow=ended), event

    return _write_event(engine, models, change)


def rollback(engine: Engine, models: Path, *, by: User, reason: str, now: datetime) -> Event:
    """Let the model judge again that judged before the last promotion; raise PromotionRefused when there is none."""

    def change(state: Registry) -> tuple[Registry, Event]:
        _check_right(by, reason)
        if not state.champions:
            raise PromotionRefused("the shipped model judges; there is nothing to go back to")
        back = replace(state, champions=state.champions[:-1])
        if back.champion != SHIPPED:
            model_registry.folder_of(models, back.champion)
        event = Event(at=now, by=by.name, what="rolled back", model=back.champion, before=state.champion, reason=reason.strip())
        return back, event

    return _write_event(engine, models, change)


def unfinished_change(engine: Engine, state: Registry) -> str:
    """Return a sentence about a change that the audit log has and the registry does not; empty when they agree."""
    newest = select(tables.audit).where(tables.audit.c.action.in_(ACTIONS.values())).order_by(tables.audit.c.seq.desc()).limit(1)
    with engine.connect() as connection:
        entry = connection.execute(newest).first()
    known = max((event.audit for event in state.history), default=0)
    if entry is None or entry.seq == known:
        return ""
    return (
        f"entry {entry.seq} of the audit log says {entry.action} {entry.subject} by {entry.actor}, the registry of models does "
        "not: the command was killed, or the state folder lost; give the command again, or put the folder's backup back"
    )


def _check_right(by: User, reason: str) -> None:
    if not by.may(Right.MODELS):
        raise PromotionRefused(f"the role {by.role} does not change which model judges; ask a lead")
    if not reason.strip():
        raise PromotionRefused("say why (--reason): it is kept with the change")


def _write_event(
    engine: Engine, models: Path, change: Callable[[Registry], tuple[Registry, Event]], detail: dict[str, object] | None = None
) -> Event:
    """Write an event into the audit log, then into the registry, and return it; nobody else changes the registry meanwhile."""
    with model_registry.writing(models) as put:
        state, event = change(model_registry.read(models))
        values = {"before": event.before, "reason": event.reason, "overrode": list(event.overrode), **(detail or {})}
        with writing(engine) as connection:
            entry = audit.append(
                connection,
                at=event.at,
                actor=event.by,
                action=ACTIONS[event.what],
                subject=event.model,
                detail={name: value for name, value in values.items() if value},
            )
        event = replace(event, audit=entry.seq)
        put(replace(state, history=(*state.history, event)))
    return event
