"""Settings that need two signatures: receivers of lists, places where a crawl begins, retention, lexicon.

A file under ``seeds/`` proposes such a value; it is in force when two different people have signed it; until then the value
accepted last is. Every step is a row of ``setting_signatures`` (append-only) with its entry in the audit log, old and new
value in clear. A new file's value is in force at once where that is harmless (``_at_first``): an address of the reserved
domain ``.example``, any place to begin, a retention that is not short.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import Connection, Engine, select

from crawlers.sources.source import Source, Takedown
from desk.custody import audit
from desk.custody.log_details import SIGNATURES, add_row
from desk.database import writing
from desk.people.accounts import User, dependence, user_by_id
from desk.people.roles import Right
from desk.platforms import Platform
from desk.refusals import DeskRefusal
from desk.tables import setting_signatures
from foundation.messages import _

Field = Literal["recipient", "start", "retention", "status", "route"]
"""``route``: a receiver proposed at the desk; its second signature writes the file and puts the recipient in force."""
Key = tuple[str, Field]
"""(``source:NAME``, ``platform:KEY`` or, for its status, ``rule:ID``; field)."""
LEXICON: Key = ("lexicon:files", "status")
"""What texts are judged by, all lure files and places together: its value is their digest."""
Values = Mapping[Key, str]
"""What the files say: the canonical JSON of each value."""
LASTS = timedelta(days=14)
"""How long one person's signature waits for the second one."""
NOTHING = "null"
_USUAL_DAYS: int = Source.model_fields["retention_days"].default


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one value."""

    accepted: str | None = None
    """The value in force; None when two people never signed one."""
    waiting: str | None = None
    by_id: int | None = None
    """Who signed it first; None for a value in a file that was not edited at the desk."""
    at: datetime | None = None

    def signer(self, value: str, now: datetime) -> int | None:
        """Return who has signed ``value``."""
        return self.by_id if self.waiting == value and self.at is not None and now - self.at <= LASTS else None


class _Step(NamedTuple):
    """The next state of one value."""

    kind: str
    """``first``, ``found``, ``proposed``, ``accepted`` or ``dropped``."""
    key: Key
    value: str
    before: str | None


class PendingSetting(msgspec.Struct, frozen=True, kw_only=True):
    """A value in a file that is not in force."""

    place: str
    field: Field
    before: str | None
    value: str
    by: str
    """Name of the first signer; empty: nobody yet."""

    @property
    def sentence(self) -> str:
        """A sentence: what waits, for whom, and how it is accepted."""
        now = _("nothing is in force")
        if self.before is not None:
            now = _("%(value)s stays in force", value=describe_value(self.before))
        signed = _("%(name)s signed it; a second person accepts it", name=self.by) if self.by else _("two people have to sign it")
        return _(
            "%(place)s: %(field)s %(value)s is not in force (%(now)s): %(signed)s with"
            " `lurewatch sources accept %(named)s --as NAME`",
            place=self.place.partition(":")[2],
            field=self.field,
            value=describe_value(self.value),
            now=now,
            signed=signed,
            named=self.place.removeprefix("source:"),
        )


def values_of(source: Source) -> dict[Key, str]:
    """Return a source file's values of the settings that need two signatures."""
    route, place = source.operator.takedown, f"source:{source.name}"
    recipient = {"contact": route.contact, "platform": route.platform} if route and (route.contact or route.platform) else None
    start = {"site": source.operator.url, "start": list(source.crawl.start), "sitemap": source.crawl.sitemap}
    values: dict[Field, object] = {"recipient": recipient, "start": start, "retention": source.retention_days}
    return {(place, field): audit.canonical(value) for field, value in values.items()}


def values_of_platform(key: str, platform: Platform) -> dict[Key, str]:
    """Return a receiver's values in ``platforms.yml``: its address, and the sources and hosts whose items it gets."""
    value = {"contact": platform.contact, "hosts": list(platform.hosts), "sources": list(platform.sources)}
    return {(f"platform:{key}", "recipient"): audit.canonical(value)}


def standings(connection: Connection) -> dict[Key, Standing]:
    """Return the state of every value that was ever seen."""
    result: dict[Key, Standing] = {}
    for row in connection.execute(select(setting_signatures).order_by(setting_signatures.c.id)):
        key: Key = (row.place, row.field)
        before = result.get(key, Standing())
        if row.kind in ("first", "accepted"):
            result[key] = Standing(accepted=row.value)
        elif row.kind == "dropped":
            result[key] = Standing(accepted=before.accepted)
        else:
            result[key] = Standing(accepted=before.accepted, waiting=row.value, by_id=row.by_id, at=row.at)
    return result


def value_in_force(known: Mapping[Key, Standing], values: Values, key: Key) -> str | None:
    """Return the value in force where the files say ``values``; None when nothing may be used yet."""
    accepted = known.get(key, Standing()).accepted
    if accepted is None:
        return _at_first(values, key)
    return values[key] if _is_same_value(key[1], accepted, values[key]) else accepted


def source_in_force(source: Source, known: Mapping[Key, Standing]) -> Source:
    """Return a source with the values in force of what two people answer for; a receiver that is not accepted is left out."""
    values = values_of(source)
    recipient, start, days = (json.loads(value_in_force(known, values, key) or NOTHING) for key in values)
    route, crawl = source.operator.takedown, source.crawl
    operator: dict[str, Any] = {"url": start["site"], "takedown": None}
    if recipient:
        operator["takedown"] = (route or Takedown()).model_copy(update=recipient)
    return source.model_copy(update={
        "operator": source.operator.model_copy(update=operator),
        "crawl": crawl.model_copy(update={"start": tuple(start["start"]), "sitemap": start["sitemap"]}),
        "retention_days": days,
    })  # fmt: skip


def days_in_force(sources: Iterable[Source], known: Mapping[Key, Standing]) -> dict[str, int]:
    """Return for how long the texts of each source are kept; of a source whose file is gone, as it was accepted last."""
    gone = {key[0].removeprefix("source:"): int(standing.accepted) for key, standing in known.items()
            if key[1] == "retention" and standing.accepted}  # fmt: skip
    return gone | {source.name: source_in_force(source, known).retention_days for source in sources}


def pending(connection: Connection, values: Values, now: datetime) -> list[PendingSetting]:
    """Return the values of the files that are not in force, by place."""
    known = standings(connection)
    result = []
    for key, value in sorted(values.items()):
        before = value_in_force(known, values, key)
        if before != value:
            signer = known.get(key, Standing()).signer(value, now)
            by = user_by_id(connection, signer).name if signer is not None else ""
            result.append(PendingSetting(place=key[0], field=key[1], before=before, value=value, by=by))
    return result


def observe(engine: Engine, values: Values, now: datetime) -> None:
    """Note values that are new, or were changed outside of the desk; usually there are none."""
    with engine.connect() as connection:
        if not any(_steps(standings(connection), values)):
            return
    with writing(engine) as connection:
        for step in list(_steps(standings(connection), values)):
            _note(connection, step, now=now)


def propose(connection: Connection, before: Values, after: Values, *, by: User, reason: str, now: datetime) -> None:
    """Note, inside the caller's write transaction, that a person changed values by editing a file at the desk."""
    known = standings(connection)
    for key, value in after.items():
        if key in before and _is_same_value(key[1], before[key], value):
            continue
        in_force = value_in_force(known, after, key)
        waits = known.get(key, Standing()).waiting is not None
        if in_force != value or waits:
            kind = "dropped" if in_force == value else "proposed"
            _note(connection, _Step(kind, key, value, in_force), now=now, by=by, reason=reason)


def sign(engine: Engine, wanted: Sequence[PendingSetting], values: Values, *, by: User, reason: str, now: datetime) -> list[str]:
    """Sign waiting values and return a sentence for each: proposed by this person, or accepted and in force.

    ``wanted`` is what the person saw, ``values`` what the files say now. Raises DeskRefusal where they differ, and where the
    person, or somebody who answers for the same mailbox or account, signed it before.
    """
    if not by.may(Right.SEEDS):
        raise DeskRefusal(_("the role %(role)s accepts no settings; ask an operator or a lead", role=by.role))
    if not reason.strip():
        raise DeskRefusal(_("say why in a sentence"))
    if not wanted:
        raise DeskRefusal(_("nothing waits for a second person there; `lurewatch sources check` lists what does"))
    with writing(engine) as connection:
        known, told = standings(connection), []
        for setting in wanted:
            key: Key = (setting.place, setting.field)
            before = value_in_force(known, values, key) if key in values else setting.value
            if values.get(key) != setting.value or before == setting.value:
                raise DeskRefusal(
                    _("%(place)s: %(field)s was changed since you looked; look again", place=setting.place, field=setting.field)
                )
            words = f"{setting.place}: {setting.field} {describe_value(setting.value)}"
            if sign_change(connection, key, setting.value, before, by=by, reason=reason, now=now):
                told.append(f"{words} is in force")
            else:
                told.append(f"{words}: you stand behind it; a second person accepts it")
    return told


def signed_statuses(connection: Connection, now: datetime) -> dict[str, str]:
    """Return, for each rule with one signature, the new status and the signer."""
    result = {}
    for (place, field), standing in standings(connection).items():
        value = standing.waiting or NOTHING
        signer = standing.signer(value, now) if field == "status" else None
        if signer is not None:
            result[place.removeprefix("rule:")] = f"{describe_value(value)}, signed by {user_by_id(connection, signer).name}"
    return result


def sign_change(
    connection: Connection, key: Key, value: str, before: str | None, *, by: User, reason: str, now: datetime
) -> bool:
    """Sign a value inside the caller's write transaction; tell whether it is the second signature, which puts it in force.

    Raises DeskRefusal where the first signature is this person's own or depends on them.
    """
    signer = standings(connection).get(key, Standing()).signer(value, now)
    if signer is not None and (why := dependence(connection, user_by_id(connection, signer), by)):
        raise DeskRefusal(
            _("%(place)s: %(field)s: %(why)s; a second person has to accept it", place=key[0], field=key[1], why=why)
        )
    kind = "proposed" if signer is None else "accepted"
    _note(connection, _Step(kind, key, value, before), now=now, by=by, reason=reason)
    return kind == "accepted"


def drop_change(
    connection: Connection, key: Key, value: str, before: str | None, *, by: User, reason: str, now: datetime
) -> None:
    """Take back, inside the caller's write transaction, a value that waits for its second signature."""
    _note(connection, _Step("dropped", key, value, before), now=now, by=by, reason=reason)


def accept_value(
    connection: Connection, key: Key, value: str, before: str | None, *, by: User, reason: str, now: datetime
) -> None:
    """Put a value in force inside the caller's write transaction: it follows from a change that two people have signed."""
    _note(connection, _Step("accepted", key, value, before), now=now, by=by, reason=reason)


def decode_value(value: str) -> dict[str, Any]:
    """Return the parts of a receiver's value, as ``values_of_platform`` took them."""
    return {name: tuple(part) if isinstance(part, list) else part for name, part in json.loads(value).items()}


def describe_value(value: str | None) -> str:
    """Return a value as people read it."""
    said = json.loads(value or NOTHING)
    if isinstance(said, dict):
        said = ", ".join(
            f"{name} {part if isinstance(part, str) else ' '.join(part)}" for name, part in sorted(said.items()) if part
        )
    return str(said or "none")


def _is_same_value(field: Field, first: str, second: str) -> bool:
    """Tell whether two values are one: of addresses where a crawl begins, the hosts and channels alone count."""
    return first == second or (field == "start" and _hosts(first) == _hosts(second))


def _hosts(value: str) -> set[str]:
    start = json.loads(value)
    addresses = [start["site"], *start["start"], *filter(None, [start["sitemap"]])]
    parts = [urlsplit(address) for address in addresses]
    channels = {part.path.rstrip("/").lower() for part in parts if part.path.startswith("/s/")}
    return {f"{part.scheme}://{(part.netloc or '').lower()}" for part in parts} | channels


def _at_first(values: Values, key: Key) -> str | None:
    """Return the value in force before any signature: no receiver except reserved addresses."""
    value = json.loads(values[key])
    if key[1] == "recipient":
        reserved = value and not value.get("platform") and (value["contact"] or "").casefold().endswith(".example")
        return values[key] if value is None or reserved else None
    if key[1] == "retention":
        start = json.loads(values[key[0], "start"])
        hosts = {urlsplit(address).hostname for address in (start["site"], *start["start"], start["sitemap"] or start["site"])}
        return values[key] if hosts == {"127.0.0.1"} else audit.canonical(max(value, _USUAL_DAYS))
    return values[key]


def _steps(known: Mapping[Key, Standing], values: Values) -> Iterator[_Step]:
    """Yield the steps to note for values changed outside of the desk."""
    for key, value in sorted(values.items()):
        standing, in_force = known.get(key, Standing()), value_in_force(known, values, key)
        if standing.accepted is None and in_force not in (None, NOTHING):
            yield _Step("first", key, in_force or "", None)
        if in_force == value and standing.waiting is not None:
            yield _Step("dropped", key, value, in_force)
        elif value not in (in_force, standing.waiting):
            yield _Step("found", key, value, in_force)


def _note(connection: Connection, step: _Step, *, now: datetime, by: User | None = None, reason: str = "") -> None:
    """Keep a step with its entry in the audit log, old and new value in clear."""
    place, field = step.key
    values = {"place": place, "field": field, "value": step.value, "before": step.before, "kind": step.kind, "reason": reason}
    add_row(connection, SIGNATURES, f"setting_{step.kind}", values, by=by, now=now)
