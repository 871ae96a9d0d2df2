"""`lurewatch takedown exchange`: what a partner has seen too, by files of keyed hashes."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from desk.cases.case_decisions import decided_cases
from desk.cases.comments import escalated_items
from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.takedown import exchange
from desk.takedown.exchange import ExchangeError
from index.base import Record
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.cli.presenter import writing_to
from lurewatch.cli.sign_in import Signer, open_desk, require_signer
from lurewatch.settings import load_settings

DAY = timedelta(days=1)


@click.group("exchange")
def command() -> None:
    """Compare confirmed items with one partner: seen or not seen, and nothing else.

    Both hold the same key. One asks with a file, the other answers with a file; each learns only which of its own items match.
    Towards the partner the hashes hide little, as telephone numbers can be tried out: ask only whom you would tell. Escalated
    items take no part. docs/takedown.md says what is protected against whom.
    """


def _take_key(function: Callable[..., None]) -> Any:
    """Give a command the key and who runs it."""
    key = click.option(
        "--key", "key_file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="File of the key agreed with this partner.",
    )  # fmt: skip
    return key(require_signer(function))


@command.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File for the new key; it must not exist.")
def key(out: Path) -> None:
    """Make a key for one partner; hand it over in person, never by the same way as the files."""
    with writing_to(out, "--out", "file"):
        number = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(exchange.new_key())
    click.echo(f"{out}: key {exchange.key_name(_key(out))}; both sides compare this name by telephone")


@command.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File for the question.")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="Items last seen within so many days.")
@_take_key
def ask(out: Path, days: int, key_file: Path, signer: Signer) -> None:
    """Write a question: which of our confirmed items has the partner seen?"""
    now = datetime.now(UTC)
    with _exchanging(key_file, signer) as (secret, user, records):
        content, question = exchange.ask((each for each in records if now - each.last_seen <= days * DAY), secret, now)
        _write(out, content)
        _note(user, "exchange_asked", secret, question=question.salt, items=len(question.items))
    click.echo(f"{out}: {len(question.items)} items asked; nothing but keyed hashes is in it")


@command.command()
@click.argument("question", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File for the answer.")
@_take_key
def answer(question: Path, out: Path, key_file: Path, signer: Signer) -> None:
    """Answer a partner's question: say which of their items we have confirmed too."""
    now = datetime.now(UTC)
    with _exchanging(key_file, signer) as (secret, user, records):
        content, given, own = exchange.answer(_read(question), records, secret, now)
        _check_rate(secret, given.salt, now)
        _note(user, "exchange_answered", secret, question=given.salt, matches=len(given.matches), items=sorted(own))
        _write(out, content)
    click.echo(f"{out}: {len(given.matches)} of their items are known here")
    _print_matches(own)


@command.command()
@click.argument("given", metavar="ANSWER", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_take_key
def read(given: Path, key_file: Path, signer: Signer) -> None:
    """Read a partner's answer: which of our confirmed items they have seen too."""
    with _exchanging(key_file, signer) as (secret, user, records):
        found = exchange.read_answer(_read(given), records, secret)
        _note(user, "exchange_read", secret, items=sorted(found))
    click.echo(f"{len(found)} of our items were seen by the partner too")
    _print_matches(found)


@contextmanager
def _exchanging(key_file: Path, signer: Signer) -> Iterator[tuple[bytes, User, list[Record]]]:
    """Yield the key, the person, and the confirmed items that are not escalated."""
    settings = load_settings()
    user = signer.sign_in(open_desk(settings), Right.APPROVE, "tells partners nothing; ask a lead")
    try:
        with desk_and_index_opened(settings) as (engine, store):
            with engine.connect() as connection:
                sure = {case.item_id for case in decided_cases(connection) if case.state == "confirmed"}
                sure -= escalated_items(connection)
            yield _key(key_file), user, list(store.get_many(sorted(sure)).values())
    except ExchangeError as exc:
        raise click.ClickException(str(exc)) from exc


def _key(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise ExchangeError(f"{path} can be read by others; chmod 600 {path}, and make a new key if anybody did")
    return exchange.read_key(path.read_text(encoding="utf-8", errors="replace")[:1000])


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(exchange.MOST_BYTES + 1)


def _write(path: Path, content: bytes) -> None:
    with writing_to(path, "--out", "file"):
        path.write_bytes(content)


def _check_rate(secret: bytes, salt: str, now: datetime) -> None:
    """Raise ExchangeError for a question that was answered, or one too many of a day."""
    with open_desk(load_settings()).connect() as connection:
        before = list(audit.entries(connection, "exchange_answered", subject=f"exchange:{exchange.key_name(secret)}"))
    if any(f'"{salt}"' in entry.detail for entry in before):
        raise ExchangeError("this question was answered before; the partner asks anew")
    if sum(now - datetime.fromisoformat(entry.at) < DAY for entry in before) >= exchange.MOST_ANSWERS:
        raise ExchangeError(f"{exchange.MOST_ANSWERS} questions of this partner were answered in a day; answer this one tomorrow")


def _note(user: User, action: str, secret: bytes, **detail: object) -> None:
    with writing(open_desk(load_settings())) as connection:
        subject = f"exchange:{exchange.key_name(secret)}"
        audit.append(connection, at=datetime.now(UTC), actor=user.name, action=action, subject=subject, detail=detail)


def _print_matches(found: dict[str, tuple[exchange.Kind, ...]]) -> None:
    for item, kinds in sorted(found.items()):
        click.echo(f"  {item} by {', '.join(kinds)}")
