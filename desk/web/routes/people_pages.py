"""People: added, given a role, disabled, given a new password, logged out, vouched for, by the rules of ``lurewatch users``."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from desk.people.accounts import add_user, all_users, dependence, end_access, hands, set_disabled, set_password, set_role, vouch
from desk.people.passwords import make_password
from desk.people.roles import SENTENCES, Right
from desk.people.sessions import LONGEST, open_sessions
from desk.web import guard
from desk.web.guard import Flag, PageVisit, Text, needs
from foundation.messages import _

router = APIRouter()
Admin = Annotated[PageVisit, Depends(needs(Right.USERS))]
Voucher = Annotated[PageVisit, Depends(needs(Right.APPROVE))]


@router.get("/people")
def people_page(visit: Admin) -> Response:
    """Show everybody."""
    return _show_people(visit)


@router.post("/people", dependencies=[guard.Form])
def add_person(visit: Admin, name: Text = "", email: Text = "", role: Text = "") -> Response:
    """Add a person and show the password made for them, this once."""
    secret, now, actor = make_password(), visit.desk.clock(), visit.user.name
    add = partial(add_user, visit.desk.engine, name=name.strip(), email=email.strip(), role=role, password=secret)
    show = partial(_show_people, visit, name=name, email=email, role=role)
    return visit.change(partial(add, now=now, actor=actor), lambda added: _show_people(visit, made=(added.name, secret)), show)


@router.post("/people/{name}/role", dependencies=[guard.Form])
def change_role(visit: Admin, name: str, role: Text = "") -> Response:
    """Give a person another role."""
    return _change(visit, lambda: set_role(visit.desk.engine, name, role, now=visit.desk.clock(), actor=visit.user.name))


@router.post("/people/{name}/disabled", dependencies=[guard.Form])
def change_disabled(visit: Admin, name: str, disabled: Flag = True) -> Response:
    """Disable a person, or let them in again."""
    now, actor = visit.desk.clock(), visit.user.name
    return _change(visit, lambda: set_disabled(visit.desk.engine, name, disabled=disabled, now=now, actor=actor))


@router.post("/people/{name}/sessions", dependencies=[guard.Form])
def log_person_out(visit: Admin, name: str) -> Response:
    """End a person's sessions and tokens."""
    return _change(visit, lambda: end_access(visit.desk.engine, name, now=visit.desk.clock(), actor=visit.user.name))


@router.post("/people/{name}/password", dependencies=[guard.Form])
def reset_password(visit: Admin, name: str) -> Response:
    """Give a person a new password, shown this once; their sessions and tokens end."""
    if name == visit.user.name:
        return _show_people(visit, 422, _("you choose your own password on the page of your account"))
    secret = make_password()
    give = partial(set_password, visit.desk.engine, name, secret, now=visit.desk.clock(), actor=visit.user.name)
    return visit.change(give, lambda _: _show_people(visit, made=(name, secret)), partial(_show_people, visit))


@router.get("/sessions")
def sessions_page(visit: Admin) -> Response:
    """Show who is logged in, and since when."""
    with visit.desk.engine.connect() as connection:
        found = open_sessions(connection, visit.desk.clock())
    return visit.show("sessions.html", found=found, longest=int(LONGEST.total_seconds() // 3600))


@router.get("/vouch")
def vouch_page(visit: Voucher) -> Response:
    """Show the accounts that count as the person's who made them."""
    return _show_vouch(visit)


@router.post("/vouch", dependencies=[guard.Form])
def vouch_for(visit: Voucher, name: Text = "", why: Text = "") -> Response:
    """Say that a person of its own uses an account, as somebody who did not make it."""
    say_so = partial(vouch, visit.desk.engine, name, by=visit.user, reason=why, now=visit.desk.clock())
    return visit.change(say_so, "/vouch", partial(_show_vouch, visit, name=name, why=why))


def _change(visit: PageVisit, change: Callable[[], object]) -> Response:
    """Carry out a change of an account and lead back; one that is refused, with the reason."""
    return visit.change(change, "/people", partial(_show_people, visit))


def _show_people(
    visit: PageVisit, status: int = 200, problem: str = "", *, made: tuple[str, str] | None = None, **typed: str
) -> Response:
    with visit.desk.engine.connect() as connection:
        people, hand, sessions = all_users(connection), hands(connection), open_sessions(connection, visit.desk.clock())
    last = {each.name: each.seen_at for each in reversed(sessions)}
    counted = {name: (count, last[name]) for name, count in Counter(each.name for each in sessions).items()}
    shown = {"people": people, "roles": SENTENCES, "hands": hand, "sessions": counted, "problem": problem, "made": made}
    return visit.show("people.html", status, typed={"name": "", "email": "", "role": ""} | typed, **shown)


def _show_vouch(visit: PageVisit, status: int = 200, problem: str = "", name: str = "", why: str = "") -> Response:
    with visit.desk.engine.connect() as connection:
        hand = hands(connection)
        waiting = [
            (person, hand[person.name], dependence(connection, person, visit.user))
            for person in all_users(connection)
            if person.name in hand and not person.disabled
        ]
    return visit.show("vouch.html", status, waiting=waiting, problem=problem, name=name, why=why)
