"""The history of a posting over runs; the order in which runs are loaded does not matter."""

import hashlib
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec.structs import replace

from crawlers.items import Posting
from enrichment.assessment import Assessment
from index.base import Outcome, Record, Revision

Change = Literal["first_seen", "edited", "deleted", "reappeared"]


class Observation(NamedTuple):
    """One posting as one run saw it."""

    posting: Posting
    assessment: Assessment
    at: datetime
    run_id: str
    partition: str


class _State(NamedTuple):
    at: datetime
    run_id: str
    deleted: bool
    title: str | None
    text: str


def text_sha256(title: str | None, text: str) -> str:
    """Return the SHA-256 of ``title + "\\n" + text``; lone surrogates are hashed unchanged."""
    return hashlib.sha256(f"{title or ''}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def record_sha256(record: Record) -> str:
    """Return the SHA-256 of what a person reads of a record."""
    return text_sha256(record.posting.title, record.posting.text)


def observe(old: Record | None, new: Observation) -> tuple[Record, Outcome]:
    """Return the record after an observation, and its outcome; ``old`` itself when nothing has to be written.

    Seen again without change is ``unchanged`` though ``last_seen`` moves on. An observation older than the newest one
    known only completes the history: posting, assessment and evidence stay the newest.
    """
    if old is None:
        record = Record(
            id=new.posting.id, posting=new.posting, assessment=new.assessment, revisions=_history([_state(new)]),
            first_seen=new.at, last_seen=new.at, run_id=new.run_id, partition=new.partition,
        )  # fmt: skip
        return record, "inserted"
    newer = (new.at, new.run_id) >= (old.last_seen, old.run_id)
    return _newer(old, new) if newer else _older(old, new)


def _newer(old: Record, new: Observation) -> tuple[Record, Outcome]:
    posting, judged = new.posting, new.assessment
    if posting.deleted:
        # A page that is gone says nothing more: what it said, and how that was judged, stays.
        capture = posting.capture or old.posting.capture
        posting = replace(old.posting, deleted=True, fetched_at=posting.fetched_at, capture=capture)
        judged = old.assessment
    history = _history([*_states(old), _state(new)])
    record = replace(
        old, posting=posting, assessment=judged, revisions=history, last_seen=new.at, run_id=new.run_id, partition=new.partition
    )
    if record == old:
        return old, "unchanged"
    same = history == old.revisions and judged == old.assessment and _content_of(posting) == _content_of(old.posting)
    return replace(record, revision=old.revision + 1), "unchanged" if same else "revised"


def _older(old: Record, new: Observation) -> tuple[Record, Outcome]:
    history = _history([*_states(old), _state(new)])
    if history == old.revisions:
        return old, "unchanged"
    posting, judged = old.posting, old.assessment
    if posting.deleted and not new.posting.deleted and (posting.title, posting.text) != (history[-1].title, history[-1].text):
        # It was gone when first loaded: an older run says what it had said last.
        posting, judged = replace(new.posting, deleted=True, fetched_at=posting.fetched_at), new.assessment
    first = min(old.first_seen, new.at)
    record = replace(old, posting=posting, assessment=judged, revisions=history, first_seen=first, revision=old.revision + 1)
    return record, "revised"


def _content_of(posting: Posting) -> Posting:
    """Return the content of the posting, without the data of its fetches."""
    return replace(posting, fetched_at=None, capture=None, views=None)


def _state(new: Observation) -> _State:
    return _State(new.at, new.run_id, new.posting.deleted, new.posting.title, new.posting.text)


def _states(old: Record) -> list[_State]:
    """Return what is known of the past: each change, and that the newest state still stood when last seen."""
    known = [_State(r.at, r.run_id, r.change == "deleted", r.title, r.text) for r in old.revisions]
    return [*known, known[-1]._replace(at=old.last_seen, run_id=old.run_id)] if known else known


def _history(states: list[_State]) -> tuple[Revision, ...]:
    """Return the changes among states: those that only repeat the one before are no revision."""
    out: list[Revision] = []
    before: _State | None = None
    for state in sorted(states, key=lambda state: (state.at, state.run_id)):
        if before is not None and state.deleted:
            state = state._replace(title=before.title, text=before.text)
        if before is not None and (state.deleted, state.title, state.text) == (before.deleted, before.title, before.text):
            continue
        out.append(
            Revision(
                revision=len(out) + 1,
                change=_change(before, state),
                at=state.at,
                run_id=state.run_id,
                text_sha256=text_sha256(state.title, state.text),
                title=state.title,
                text=state.text,
            )
        )
        before = state
    return tuple(out)


def _change(before: _State | None, state: _State) -> Change:
    if state.deleted:
        return "deleted"
    if before is None:
        return "first_seen"
    return "reappeared" if before.deleted else "edited"
