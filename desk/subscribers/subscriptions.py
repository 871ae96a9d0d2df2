"""Who gets which mail of what is new: a saved search or everything, from which score and harm on, how often, in which language.

A mail carries a signed address by which its reader leaves the list without logging in. The key of each signature is the
subscription's own and stands in the database alone.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from sqlalchemy import Connection, Engine, Row, insert, select, true, update

from desk.custody import audit
from desk.database import writing
from desk.outbox import UNWANTED, recall
from desk.people.accounts import EMAIL, User, all_users, mailbox
from desk.people.roles import Right
from desk.people.saved_searches import list_searches
from desk.refusals import DeskRefusal
from desk.subscribers.bounces import Bounce
from desk.tables import UNDELIVERED, deliveries, saved_searches, subscriptions, users
from enrichment.assessment import HarmLevel
from enrichment.harm import LEVELS, RANKS
from foundation.messages import LANGUAGES, _
from index.base import Query
from index.query.parse import Places, parse

Schedule = Literal["weekly", "daily", "immediate", "feed"]
SCHEDULES: dict[Schedule, str] = {
    "weekly": _("every Monday"), "daily": _("every day with news"), "immediate": _("within the hour, at most one mail an hour"),
    "feed": _("whenever a feed reader asks"),
}  # fmt: skip
ENDED = {
    "unsubscribed": _("left by the link in a mail"), "removed": _("ended at the desk"), "bounced": _("its mails came back"),
    "unlisted": _("not on the operator's list any more"),
}  # fmt: skip
ANYTHING = {"search_id": None, "languages": "", "least_score": 0, "least_harm": "unstated"}
"""What a subscription to everything asks for."""
WEEKLY = "weekly"
"""Name of the weekly digest's mails in the outbox."""
MORNING = 6
"""The hour from which a daily mail is sent."""
MOST = 20
"""Subscriptions of one address at a time."""


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """One address and what is sent to it."""

    id: int
    address: str
    owner: str | None
    """Name of the account it is of; None for a reader without one."""
    by: str
    """Who made it."""
    search_id: int | None = None
    search: str | None
    """Name of the saved search; None for everything."""
    typed: str
    """The search as typed."""
    languages: tuple[str, ...] = ()
    """Languages of adverts; none means all."""
    least_score: int = 0
    least_harm: HarmLevel = "unstated"
    schedule: Schedule
    language: str
    """Of the mail."""
    zone: str
    key: str
    created_at: datetime
    ended_at: datetime | None = None
    ended_why: str = ""
    listed: bool = False
    """Whether it was made because the address stands on the operator's list."""

    @property
    def name(self) -> str:
        """The name of its mails in the outbox; one that wants every week whole shares the weekly digest."""
        return WEEKLY if self.schedule == "weekly" and not self.is_narrow else f"subscription-{self.id}"

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for less than everything."""
        return bool(self.typed or self.languages or self.least_score or self.least_harm != "unstated")

    def period(self, now: datetime) -> str:
        """Return the name of the week, day or hour that its own mail built now is about, no other subscription's.

        Empty while none is due: a daily one is due from six in the morning of its reader.
        """
        local = now.astimezone(ZoneInfo(self.zone))
        if self.schedule == "daily" and local.hour < MORNING:
            return ""
        form = {"weekly": "%g-W%V", "daily": "%y%m%d", "immediate": "%y%m%d%H"}[self.schedule]
        return f"{(local if self.schedule == 'daily' else now.astimezone(UTC)).strftime(form)}.{self.id}"

    def query(self, now: datetime, places: Places | None = None) -> Query:
        """Return what is searched for it; raise QueryError when its search can no longer be read."""
        query = parse(self.typed, now=now, places=places)
        graver = tuple(level for level in LEVELS if RANKS[level] >= RANKS[self.least_harm])
        wanted = {"language": self.languages, "harm": graver if self.least_harm != "unstated" else ()}
        filters = dict(query.filters)
        for name, values in wanted.items():
            if values:
                filters[name] = tuple(value for value in filters.get(name, values) if value in values) or ("none",)
        score = max(filter(None, (query.score_min, float(self.least_score))), default=None)
        return msgspec.structs.replace(query, filters=filters, score_min=score, count_facets=False)

    def token(self, claim: str = "") -> str:
        """Return the signed token of a link in its mails: of the one that ends it, or of one that claims something else."""
        signed = f"{self.id}|{claim or 'unsubscribe'}".encode()
        signature = hmac.new(bytes.fromhex(self.key), signed, hashlib.sha256).hexdigest()
        return "-".join((str(self.id), *filter(None, (claim,)), signature))


def subscribe(
    engine: Engine, *, by: User, now: datetime, address: str = "", search_id: int | None = None, languages: Sequence[str] = (),
    least_score: int = 0, least_harm: str = "unstated", schedule: str = "weekly", language: str = "en", zone: str = "UTC",
) -> int:  # fmt: skip
    """Send mails to a person, or as who administers people to any address; return the number."""
    address = address or by.email
    others = mailbox(address) != mailbox(by.email)
    if others and not by.may(Right.USERS):
        raise DeskRefusal(_("only who administers people subscribes others; leave the address empty for your own"))
    _check(address, languages, least_score, least_harm, schedule, language, zone)
    with writing(engine) as connection:
        if search_id is not None and search_id not in {saved.id for saved in list_searches(connection, by)}:
            raise DeskRefusal(_("there is no such search, or it is not shared with you"))
        values = {
            "address": address, "user_id": None if others else by.id, "search_id": search_id, "languages": " ".join(languages),
            "least_score": least_score, "least_harm": least_harm, "schedule": schedule, "language": language, "zone": zone,
            "by_id": by.id,
        }  # fmt: skip
        return _add(connection, values, by.name, now)


def widen(connection: Connection, one: Subscription, search_id: int, *, actor: str, now: datetime) -> int:
    """Send the reader of a subscription a further search in the same way, as part of a change; return the number."""
    same = ("address", "user_id", "schedule", "language", "zone", "by_id")
    row = connection.execute(select(*(subscriptions.c[name] for name in same)).where(subscriptions.c.id == one.id)).one()
    return _add(connection, {**row._mapping, **ANYTHING, "search_id": search_id}, actor, now)


def _add(connection: Connection, values: dict[str, Any], actor: str, now: datetime) -> int:
    address = values["address"]
    there = sum(mailbox(one.address) == mailbox(address) for one in active_subscriptions(connection))
    if there >= MOST and not values.get("listed"):
        raise DeskRefusal(_("%(address)s has %(most)s subscriptions; end one first", address=address, most=MOST))
    row = insert(subscriptions).values(**values, key=secrets.token_hex(32), created_at=now, ended_why="")
    number = int(connection.execute(row.returning(subscriptions.c.id)).scalar_one())
    detail: dict[str, object] = {name: values[name] for name in ("schedule", "language")} | {"search": values["search_id"]}
    audit.append(connection, at=now, actor=actor, action="subscribed", subject=f"subscription:{number}", detail=detail)
    return number


def enlist(engine: Engine, listed: Sequence[str], *, now: datetime) -> list[str]:
    """Subscribe who is on the operator's list to the weekly digest, to leave and answer by a click; return who cannot be.

    It ends with the list's entry. Who left, or was ended at the desk, stays away whatever the list says. In the database each is
    of the oldest account that administers people; while there is none, nobody can be subscribed.
    """
    keepers = {mailbox(address): address for address in listed}
    with writing(engine) as connection:
        people = [person for person in all_users(connection) if person.may(Right.USERS) and not person.disabled]
        rows = map(_subscription, connection.execute(_query().order_by(subscriptions.c.id)).all())
        weekly = [one for one in rows if one.name == WEEKLY]
        known = {mailbox(one.address): one for one in weekly}
        for one in weekly:
            if one.listed and one.ended_at is None and mailbox(one.address) not in keepers:
                close_subscription(connection, one, "unlisted", "system", now)
        fresh = [address for who, address in keepers.items() if who not in known or known[who].ended_why == "unlisted"]
        if not people:
            return fresh
        keeper = min(one.id for one in people)
        values = {"schedule": "weekly", "language": "en", "zone": "UTC", "user_id": None, "listed": True, "by_id": keeper}
        for address in fresh:
            _add(connection, {**ANYTHING, **values, "address": address}, "system", now)
    return []


def _check(
    address: str, languages: Sequence[str], least_score: int, least_harm: str, schedule: str, language: str, zone: str
) -> None:
    if not EMAIL.fullmatch(address):
        raise DeskRefusal(_("%(address)r is not an address", address=address))
    if schedule not in get_args(Schedule):
        raise DeskRefusal(_("choose how often: %(offered)s", offered=", ".join(get_args(Schedule))))
    if language not in LANGUAGES:
        raise DeskRefusal(_("language %(language)r is none of %(offered)s", language=language, offered=", ".join(LANGUAGES)))
    if zone != "UTC" and zone not in available_timezones():
        raise DeskRefusal(_("%(zone)r is no time zone; write one like Asia/Ho_Chi_Minh or Africa/Dakar", zone=zone))
    if not 0 <= least_score <= 100 or least_harm not in LEVELS:
        raise DeskRefusal(_("choose a least score from 0 to 100 and a least harm"))
    if len(languages) > 30 or not all(code.isascii() and code.isalpha() and len(code) <= 3 for code in languages):
        raise DeskRefusal(_("write languages of adverts as two letters each, such as vi th zh"))


def end_subscription(engine: Engine, number: int, *, by: User, now: datetime) -> None:
    """End a subscription of one's own, or as who administers people any."""
    with writing(engine) as connection:
        found = next((one for one in active_subscriptions(connection) if one.id == number), None)
        if found is None or (found.owner != by.name and not by.may(Right.USERS)):
            raise DeskRefusal(_("there is no such subscription, or it is of somebody else"))
        close_subscription(connection, found, "removed", by.name, now)


def leave(engine: Engine, token: str, *, now: datetime) -> bool:
    """End the subscription that a mail's token names; False when it names none. One that has ended stays so."""
    with writing(engine) as connection:
        found, claim = read_token(connection, token)
        if found is None or claim:
            return False
        for one in map(_subscription, connection.execute(_query().where(subscriptions.c.ended_at.is_(None)))):
            if (mailbox(one.address), one.name) == (mailbox(found.address), found.name):  # some are subscribed to one mail twice
                close_subscription(connection, one, "unsubscribed", "-", now)
    return True


def note_bounce(engine: Engine, bounce: Bounce, *, now: datetime) -> bool:
    """Note that a mail came back, and end its address when it does not exist; False for no mail of this desk."""
    with writing(engine) as connection:
        found, claim = read_token(connection, bounce.token)
        if found is None or claim:
            return False
        detail: dict[str, object] = {"status": bounce.status, "action": bounce.action}
        subject = f"subscription:{found.id}"
        audit.append(connection, at=now, actor="system", action="mail_bounced", subject=subject, detail=detail)
        if bounce.is_final and found.ended_at is None:
            end_address(connection, found.address, now)
    return True


def end_address(connection: Connection, address: str, now: datetime) -> None:
    """End every subscription of an address that takes no mail, as part of a change."""
    for one in map(_subscription, connection.execute(_query().where(subscriptions.c.ended_at.is_(None))).all()):
        if mailbox(one.address) == mailbox(address):
            close_subscription(connection, one, "bounced", "system", now)


def close_subscription(connection: Connection, found: Subscription, why: str, actor: str, now: datetime) -> None:
    """End a subscription, as part of a change; what waits for its reader does not leave any more."""
    connection.execute(update(subscriptions).where(subscriptions.c.id == found.id).values(ended_at=now, ended_why=why))
    recall(connection, subscription=found.name, recipient=found.address, state="recalled", why=str(ENDED[why]), now=now)
    detail: dict[str, object] = {"why": why}
    audit.append(connection, at=now, actor=actor, action="subscription_ended", subject=f"subscription:{found.id}", detail=detail)


def read_token(connection: Connection, token: str) -> tuple[Subscription | None, str]:
    """Return the subscription that signed a token, ended or not, and what the token claims; None for any other token."""
    number, _dash, rest = token.partition("-")
    if not token.isascii() or not number.isdigit() or len(number) > 9:
        return None, ""
    row = connection.execute(_query().where(subscriptions.c.id == int(number))).first()
    found, claim = _subscription(row) if row else None, rest.rpartition("-")[0]
    return (found, claim) if found and hmac.compare_digest(found.token(claim), token) else (None, "")


def active_subscriptions(connection: Connection, address: str = "") -> list[Subscription]:
    """Return every subscription in force, or those of one address.

    None of a person who is disabled, or whose search is deleted or shared no more.
    """
    readable = saved_searches.c.id.is_(None) | saved_searches.c.shared | (saved_searches.c.owner_id == subscriptions.c.by_id)
    query = _query().where(
        subscriptions.c.ended_at.is_(None), users.c.disabled_at.is_(None), saved_searches.c.deleted_at.is_(None), readable,
        (subscriptions.c.address == address) if address else true(),
    )  # fmt: skip
    return [_subscription(row) for row in connection.execute(query.order_by(subscriptions.c.id))]


def is_wanted(connection: Connection, name: str, address: str) -> bool:
    """Tell whether mails of that name still go to an address; whoever never subscribed gets what the operator sends."""
    if any(one.name == name for one in active_subscriptions(connection, address)):
        return True
    mine = map(_subscription, connection.execute(_query().where(subscriptions.c.address == address)))
    return all(one.name != name for one in mine)


def recall_unwanted(engine: Engine, *, now: datetime) -> None:
    """Take back what waits for whoever may not get it any more."""
    waiting = select(deliveries.c.subscription, deliveries.c.recipient).where(deliveries.c.state.in_(UNDELIVERED)).distinct()
    with writing(engine) as connection:
        for name, address in connection.execute(waiting).all():
            if not is_wanted(connection, name, address):
                recall(connection, subscription=name, recipient=address, state="recalled", why=UNWANTED, now=now)


def subscriptions_of(connection: Connection, person: User) -> list[Subscription]:
    """Return what a person sees: their own, or as who administers people all; those that ended too."""
    query = _query() if person.may(Right.USERS) else _query().where(subscriptions.c.user_id == person.id)
    return [_subscription(row) for row in connection.execute(query.order_by(subscriptions.c.id))]


def _query() -> Any:
    maker = users.alias("maker")
    names = saved_searches.c.name.label("search"), saved_searches.c.typed, users.c.name.label("owner"), maker.c.name.label("by")
    query = select(subscriptions, *names).outerjoin(users, users.c.id == subscriptions.c.user_id)
    query = query.join(maker, maker.c.id == subscriptions.c.by_id)
    return query.outerjoin(saved_searches, saved_searches.c.id == subscriptions.c.search_id)


def _subscription(row: Row[Any]) -> Subscription:
    values = {name: row._mapping[name] for name in Subscription.__struct_fields__}
    return Subscription(**values | {"languages": tuple(row.languages.split()), "typed": row.typed or ""})
