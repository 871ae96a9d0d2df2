"""Accounts of the desk and log-in: one throttle for names and addresses, every attempt in the audit log."""

import hashlib
import ipaddress
import json
import re
import unicodedata
from datetime import datetime, timedelta
from zoneinfo import available_timezones

import msgspec
from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.custody import audit
from desk.custody.log_details import account_detail, password_detail
from desk.database import writing
from desk.people.passwords import LOGINS, hash_password, matches
from desk.people.roles import RIGHTS, Right
from desk.people.second_factor import spend_code
from desk.refusals import DeskRefusal
from desk.tables import attempts, sessions, tokens, users
from desk.tables import audit as audit_log
from foundation.messages import LANGUAGES, _

WINDOW = timedelta(minutes=15)
PAIR_LIMIT, NAME_LIMIT, ADDRESS_LIMIT = 5, 25, 30
"""Failed log-ins within WINDOW after which a name must wait at one address, a name at every address, an address for every
name. The first is the smallest, so that a guesser at one address does not lock the person out at another."""
NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
EMAIL = re.compile(r"(?=[^@]{1,64}@)[\w!#$%&*+/=?^`{|}~-]+(\.[\w!#$%&*+/=?^`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
"""What every mail server takes and ``email.headerregistry.Address`` writes: no quotes, nothing but ASCII."""

_HANDS = ("user_added", "user_enabled", "password_changed", "factor_removed")
"""Actions that make an account depend on the person who does them."""
ALIAS_DOMAINS = {"googlemail.com": "gmail.com"}
"""Domains that are aliases of another domain's mailboxes."""


class LoginRefused(DeskRefusal):
    """Name, password or code is wrong, or the account is disabled; nobody is told which."""


class LoginThrottled(LoginRefused):
    """Too many failures; try again after ``WINDOW``."""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person at the desk."""

    id: int
    name: str
    email: str
    role: str
    disabled: bool
    language: str = "en"
    """The language of their pages, which adverts are translated into, too; empty until their first log-in."""
    zone: str = ""
    """Their time zone; empty: the desk's."""
    text_only: bool = False
    """Whether pages are without pictures and drawings."""
    calm: bool = False
    """Whether pages are muted, and lists silent about harm until an advert is opened."""
    second_factor: bool = False
    """Whether a code is asked for besides the password."""

    def may(self, right: Right) -> bool:
        """Tell whether this person's role carries a right."""
        return not self.disabled and right in RIGHTS[self.role]


def add_user(engine: Engine, *, name: str, email: str, role: str, password: str, now: datetime, actor: str = "system") -> User:
    """Add a person; raise DeskRefusal for a bad or taken name or mailbox, or a weak password."""
    if not NAME.fullmatch(name):
        raise DeskRefusal(_("name %(name)r: use 2 to 32 of a-z 0-9 . _ -, beginning with a letter", name=name))
    if not EMAIL.fullmatch(email):
        raise DeskRefusal(_("e-mail %(email)r is not an address like name@example.org, in letters without marks", email=email))
    if role not in RIGHTS:
        raise DeskRefusal(_("role %(role)r is none of %(rights)s", role=role, rights=", ".join(RIGHTS)))
    secret = hash_password(password, about=(name, email))
    try:
        with writing(engine) as connection:
            if twin := next((each for each in all_users(connection) if mailbox(each.email) == mailbox(email)), None):
                again = f"; let them in again with `lurewatch users change {twin.name} --enable`" if twin.disabled else ""
                raise DeskRefusal(_(
                    "e-mail %(email)r is the mailbox of %(name)s: one person has one account%(again)s", email=email,
                    name=twin.name, again=again,
                ))  # fmt: skip
            connection.execute(
                insert(users).values(name=name, email=email, role=role, language="", password_hash=secret, created_at=now)
            )
            detail = {"role": role} | account_detail(email, secret)
            audit.append(connection, at=now, actor=actor, action="user_added", subject=name, detail=detail)
    except IntegrityError as exc:
        raise DeskRefusal(_("name %(name)r is taken; choose another", name=name)) from exc
    with engine.connect() as connection:
        return user(connection, name)


def all_users(connection: Connection) -> list[User]:
    """Return everyone, by name."""
    return [user_of(row) for row in connection.execute(select(users).order_by(users.c.name))]


def user(connection: Connection, name: str) -> User:
    """Return one person; raise DeskRefusal when there is none of that name."""
    row = connection.execute(select(users).where(users.c.name == name)).first()
    if row is None:
        raise DeskRefusal(_("nobody is called %(name)r; `lurewatch users list` shows who is there", name=name))
    return user_of(row)


def set_locale(engine: Engine, person: User, *, language: str, zone: str) -> User:
    """Keep in which language and time zone a person reads; raise DeskRefusal for what is not offered."""
    if language not in LANGUAGES:
        raise DeskRefusal(_("language %(language)r is none of %(offered)s", language=language, offered=", ".join(LANGUAGES)))
    if zone and zone not in available_timezones():
        raise DeskRefusal(_("%(zone)r is no time zone; write one like Asia/Ho_Chi_Minh or Africa/Dakar", zone=zone))
    with writing(engine) as connection:
        connection.execute(update(users).where(users.c.id == person.id).values(language=language, zone=zone))
        return user(connection, person.name)


def set_disabled(engine: Engine, name: str, *, disabled: bool, now: datetime, actor: str) -> User:
    """Disable or enable a person; a disabled person's sessions and tokens end at once."""
    with writing(engine) as connection:
        result = user(connection, name)
        if disabled and result.role == "admin" and _active_admins(connection) == [result.id]:
            raise DeskRefusal(_("%(name)s is the last active admin; add another first", name=name))
        connection.execute(update(users).where(users.c.id == result.id).values(disabled_at=now if disabled else None))
        if disabled:
            _end_access(connection, result, now)
        audit.append(connection, at=now, actor=actor, action="user_disabled" if disabled else "user_enabled", subject=name)
        return user(connection, name)


def set_role(engine: Engine, name: str, role: str, *, now: datetime, actor: str) -> User:
    """Give a person another role; open sessions follow at their next request."""
    if role not in RIGHTS:
        raise DeskRefusal(_("role %(role)r is none of %(rights)s", role=role, rights=", ".join(RIGHTS)))
    with writing(engine) as connection:
        result = user(connection, name)
        if result.role == "admin" and role != "admin" and _active_admins(connection) == [result.id]:
            raise DeskRefusal(_("%(name)s is the last active admin; add another first", name=name))
        connection.execute(update(users).where(users.c.id == result.id).values(role=role))
        change: dict[str, object] = {"from": result.role, "to": role}
        audit.append(connection, at=now, actor=actor, action="role_changed", subject=name, detail=change)
        return user(connection, name)


def set_password(engine: Engine, name: str, password: str, *, now: datetime, actor: str) -> None:
    """Give a person a new password and end their sessions and tokens."""
    with writing(engine) as connection:
        result = user(connection, name)
        secret = hash_password(password, about=(result.name, result.email))
        connection.execute(update(users).where(users.c.id == result.id).values(password_hash=secret))
        _end_access(connection, result, now)
        audit.append(connection, at=now, actor=actor, action="password_changed", subject=name, detail=password_detail(secret))


def end_access(engine: Engine, name: str, *, now: datetime, actor: str) -> None:
    """End a person's sessions and tokens at once; the account stays as it is."""
    with writing(engine) as connection:
        _end_access(connection, user(connection, name), now)
        audit.append(connection, at=now, actor=actor, action="access_ended", subject=name)


def _end_access(connection: Connection, person: User, now: datetime) -> None:
    connection.execute(delete(sessions).where(sessions.c.user_id == person.id))
    standing = (tokens.c.user_id == person.id) & tokens.c.revoked_at.is_(None)
    connection.execute(update(tokens).where(standing).values(revoked_at=now))


def authenticate(engine: Engine, *, name: str, password: str, address: str, now: datetime, code: str = "") -> User:
    """Return the person with this name and password, and this code where the account has a second factor; note the attempt.

    Raises LoginRefused, LoginThrottled, or, having written nothing, ``passwords.HashingBusy``, when so many log in at once that
    this one cannot even wait.
    """
    name = "".join(c for c in unicodedata.normalize("NFC", name) if c.isprintable())[:64]
    with LOGINS.turn():
        return _authenticate(engine, name, password, code, address, now)


def require_code(engine: Engine, person: User, code: str, *, address: str, now: datetime) -> None:
    """Ask somebody who has a second factor for a code once more, at an act; raise LoginRefused or LoginThrottled as at log-in."""
    with engine.connect() as connection:
        asked = user(connection, person.name).second_factor
    if asked:
        _authenticate(engine, person.name, None, code, address, now)


def _authenticate(engine: Engine, name: str, password: str | None, code: str, address: str, now: datetime) -> User:
    """Return who has this password and code; with no password it is a code alone, of somebody who is logged in."""
    place = network(address)
    with writing(engine) as connection:
        # The attempt is written before the slow check, so that many at once cannot slip under the limit.
        connection.execute(delete(attempts).where(attempts.c.at < now - WINDOW))
        closed = _closed_place(connection, name, place)
        if closed is None:
            connection.execute(insert(attempts).values(name=name, address=place, at=now))
        elif _first(connection, closed, now):
            audit.append(connection, at=now, actor="-", action="login_throttled", subject=name, detail={"address": address})
        row = connection.execute(select(users).where(users.c.name == name)).first()
    if closed is not None:
        raise LoginThrottled(_("too many failed log-ins; wait 15 minutes"))
    act, told = "login", _("name, password or code is wrong")
    if password is None:
        act, told = "login_again", _("the code is wrong or was used; wait for the next one")
    right = (password is None or matches(row.password_hash if row else None, password)) and row and row.disabled_at is None
    with writing(engine) as connection:
        opened = right and row and (not row.second_factor or spend_code(connection, row, code, now))
        if opened:
            connection.execute(delete(attempts).where(attempts.c.name == name, attempts.c.address == place))
        actor, action = (name, act) if opened else ("-", f"{act}_refused")
        audit.append(connection, at=now, actor=actor, action=action, subject=name, detail={"address": address})
    if not row or not opened:
        raise LoginRefused(told)
    return user_of(row)


def network(address: str) -> str:
    """Return what failures are counted by: an IPv4 address, or the /64 network that one IPv6 customer has for all addresses."""
    try:
        ipv6_address = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(ipv6_address, ipaddress.IPv6Address):
        return str(ipv6_address.ipv4_mapped or ipaddress.ip_network((ipv6_address, 64), strict=False))
    return str(ipv6_address)


def _closed_place(connection: Connection, name: str, place: str) -> str | None:
    """Return what is closed: the name here, the name anywhere, or the address; None when nothing is."""
    by_name, by_place = attempts.c.name == name, attempts.c.address == place
    for closed, where, most in (
        (f"{name}\n{place}", by_name & by_place, PAIR_LIMIT), (name, by_name, NAME_LIMIT), (place, by_place, ADDRESS_LIMIT)
    ):  # fmt: skip
        if connection.execute(select(func.count()).select_from(attempts).where(where)).scalar_one() >= most:
            return closed
    return None


def _first(connection: Connection, closed: str, now: datetime) -> bool:
    """Tell whether this is the first refusal of its window; the audit log, which nobody can shorten, hears of no other.

    Kept among the attempts, under a name nobody can type: a line break is taken out of those.
    """
    marked = f"closed\n{hashlib.sha256(closed.encode()).hexdigest()[:56]}"
    if connection.execute(select(attempts.c.id).where(attempts.c.name == marked)).first() is not None:
        return False
    connection.execute(insert(attempts).values(name=marked, address="", at=now))
    return True


def _active_admins(connection: Connection) -> list[int]:
    query = select(users.c.id).where(users.c.role == "admin", users.c.disabled_at.is_(None))
    return list(connection.execute(query).scalars())


def user_by_id(connection: Connection, number: int) -> User:
    """Return the person an account id belongs to; accounts are disabled, never deleted."""
    return user_of(connection.execute(select(users).where(users.c.id == number)).one())


def same_person(first: User, second: User) -> bool:
    """Tell whether two accounts belong to one person: the same account, or the same mailbox."""
    return first.id == second.id or mailbox(first.email) == mailbox(second.email)


def dependence(connection: Connection, first: User, second: User) -> str | None:
    """Return why two accounts do not count as two people; None when they do.

    An account depends on the person who made it, enabled it or set its password, until a third person has vouched for it.
    """
    if first.id == second.id:
        return _("%(name)s did so already", name=second.name)
    if same_person(first, second):
        return _("%(name)s has one mailbox with %(other)s", name=second.name, other=first.name)
    ones, others = _acts_for(connection, first), _acts_for(connection, second)
    if any(same_person(one, other) for one in ones for other in others):
        named = {"first": first.name, "second": second.name, "vouched": (second if len(others) > 1 else first).name}
        return _(
            "%(first)s and %(second)s may be one person, by who made, enabled or gave a password to whom; "
            "a third person vouches with `lurewatch users vouch %(vouched)s --as NAME`",
            **named,
        )
    return None


def ever_approving(connection: Connection) -> set[str]:
    """Return the mailboxes of everybody who could ever approve, also of disabled accounts; a demo's are left out."""
    told = audit_log.c.action.in_(("user_added", "role_changed")) & (audit_log.c.actor != "demo")
    query = select(audit_log.c.subject, audit_log.c.detail).where(told)
    roles = [(subject, json.loads(detail)) for subject, detail in connection.execute(query)]
    names = {name for name, detail in roles if Right.APPROVE in RIGHTS.get(detail.get("to") or detail.get("role"), ())}
    return {mailbox(each.email) for each in all_users(connection) if each.name in names}


def vouch(engine: Engine, name: str, *, by: User, reason: str, now: datetime) -> User:
    """Say of an account that a person of its own uses it; the person who made it, enabled it or set its password cannot say
    so."""
    if not by.may(Right.APPROVE):
        raise DeskRefusal(_("the role %(role)s vouches for nobody; ask a lead or an admin", role=by.role))
    if not reason.strip():
        raise DeskRefusal(_("say in a sentence how you know this person"))
    with writing(engine) as connection:
        vouched = user(connection, name)
        if why := dependence(connection, vouched, by):
            raise DeskRefusal(_("%(voucher)s cannot vouch for %(name)s: %(why)s", voucher=by.name, name=name, why=why))
        audit.append(connection, at=now, actor=by.name, action="user_vouched", subject=name, detail={"reason": reason.strip()})
    return vouched


def _acts_for(connection: Connection, person: User) -> list[User]:
    """Return a person and everybody the account depends on, directly or through others."""
    people, hand = {each.name: each for each in all_users(connection)}, hands(connection)
    chain, name = [person], hand.get(person.name)
    while name is not None and people[name] not in chain:
        chain.append(people[name])
        name = hand.get(name)
    return chain


def hands(connection: Connection) -> dict[str, str]:
    """Return account -> person who made it, enabled it or set its password, where nobody has vouched for it since."""
    people = {each.name for each in all_users(connection)}
    told = audit_log.c.action.in_((*_HANDS, "user_vouched"))
    query = select(audit_log.c.actor, audit_log.c.action, audit_log.c.subject).where(told)
    hand: dict[str, str] = {}
    for actor, action, subject in connection.execute(query.order_by(audit_log.c.seq)):
        if action == "user_vouched":
            hand.pop(subject, None)
        elif actor in people and actor != subject:
            hand[subject] = actor
    return hand


def set_comfort(engine: Engine, person: User, *, text_only: bool, calm: bool) -> None:
    """Keep how a person wants to read."""
    with writing(engine) as connection:
        connection.execute(update(users).where(users.c.id == person.id).values(text_only=text_only, calm=calm))


def mailbox(email: str) -> str:
    """Return the mailbox behind an address: case, dots and what follows a plus sign name no other one.

    Some servers do tell dots apart; for a second person's approval it is safer to take two such addresses for one.
    """
    local, _at, domain = email.casefold().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '') or local}@{ALIAS_DOMAINS.get(domain, domain)}"


def user_of(row: Row) -> User:  # type: ignore[type-arg]
    """Return the person a row of ``users`` describes."""
    disabled = row.disabled_at is not None
    comfort = {"text_only": row.text_only, "calm": row.calm}
    more = {"language": row.language, "zone": row.zone, "second_factor": bool(row.second_factor)}
    return User(id=row.id, name=row.name, email=row.email, role=row.role, disabled=disabled, **more, **comfort)
