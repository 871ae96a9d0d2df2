"""Webhooks: each list called once to each address, signed, tried again in growing steps, given up at last."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.partners.hooks import STEPS, CallReport, add_hook, call_hooks, end_hook, hook_list, step_hook
from desk.tables import partner_hooks

URL = "https://board.example.org/hook"


@pytest.fixture
def receiver():
    """Keeps what it is sent, and answers what it is told to."""
    got, answers = [], []

    def post(url, content, headers):
        got.append((url, content, headers))
        return answers.pop(0) if answers else "sent"

    post.got, post.answers = got, answers
    return post


def test_each_list_is_called_once_and_only_to_its_platform(desk_db, told, receiver, now):
    told("board", "before")
    later = now + timedelta(hours=1)
    number, secret = add_hook(desk_db, "board", URL, actor="mai", now=now + timedelta(minutes=1))
    assert call_hooks(desk_db, receiver, clock=lambda: later).sent == 0, "what left before it was set"
    told("board", "one", at=later)
    told("chat", "one", at=later)
    told("board", "two", at=later, mailed=False)
    assert [call_hooks(desk_db, receiver, clock=lambda: later).sent for _ in range(3)] == [1, 0, 0]
    ((url, content, headers),) = receiver.got
    assert (url, content) == (URL, b'{"list":2,"platform":"board","type":"list.sent"}')
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + content
    wanted = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(wanted).decode()}"
    assert end_hook(desk_db, number, actor="mai", now=later).platform == "board"
    with desk_db.connect() as connection:
        assert connection.execute(select(partner_hooks.c.secret)).scalar_one() == ""


def test_a_call_that_fails_is_tried_in_growing_steps_under_one_id_and_given_up(desk_db, told, receiver, now):
    add_hook(desk_db, "board", URL, actor="mai", now=now)
    told("board", "one")
    receiver.answers += ["later: answered 503"] * (len(STEPS) + 1)
    moments = [now]

    def clock():
        return moments[-1]

    for step in STEPS:
        assert call_hooks(desk_db, receiver, clock=clock).later == 1
        assert call_hooks(desk_db, receiver, clock=clock).later == 0, "not before its time"
        moments.append(moments[-1] + step)
    (given_up,) = call_hooks(desk_db, receiver, clock=clock).refused
    assert "answered 503" in given_up
    assert len({headers["webhook-id"] for _, _, headers in receiver.got}) == 1
    assert len(receiver.got) == len(STEPS) + 1
    assert call_hooks(desk_db, receiver, clock=lambda: now + timedelta(days=90)).sent == 0


def test_a_paused_address_is_called_about_what_left_meanwhile_once_it_is_resumed(desk_db, told, receiver, now):
    number, _secret = add_hook(desk_db, "board", URL, actor="mai", now=now)
    step_hook(desk_db, number, "pause", platform="board", actor="mai", now=now)
    told("board", "one")
    told("board", "two")
    assert call_hooks(desk_db, receiver, clock=lambda: now) == CallReport()
    step_hook(desk_db, number, "resume", platform="board", actor="mai", now=now)
    assert call_hooks(desk_db, receiver, clock=lambda: now).sent == 1 and b'"list":2' in receiver.got[-1][1]
    with desk_db.connect() as connection:
        (hook,) = hook_list(connection)
    assert (hook.state, hook.called_at, hook.answer, hook.attempts) == ("called", now, "sent", 0)


def test_a_final_no_is_not_asked_again_until_the_next_list(desk_db, told, receiver, now):
    add_hook(desk_db, "board", URL, actor="mai", now=now)
    told("board", "one")
    receiver.answers.append("refused: answered 410")
    assert len(call_hooks(desk_db, receiver, clock=lambda: now).refused) == 1
    assert call_hooks(desk_db, receiver, clock=lambda: now) == CallReport()
    told("board", "two")
    told("board", "three")
    assert call_hooks(desk_db, receiver, clock=lambda: now).sent == 1
    assert b'"list":3' in receiver.got[-1][1], "one call names the newest of both"
    with desk_db.connect() as connection:
        assert [hook.url for hook in hook_list(connection)] == [URL]
