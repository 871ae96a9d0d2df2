"""Makes the entries of a mail from records: folded by campaign, contacts masked, the quote and the reasons cut to a telephone;
and what changed in each campaign since the last digest."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from datetime import datetime, timedelta
from sys import intern

from desk.cases.case_decisions import SEVERITIES, Case
from desk.cases.top_reasons import grounds, has_ground, telling
from desk.digest.edition import DigestItem, Movement, NoticeState, OfferedPay
from desk.digest.week_figures import KeptAdvert
from desk.highlighting import Excerpt, Mark, excerpt, plain_line
from desk.masks import contact_marks, headline, mask_contacts, without_identities
from desk.people.saved_searches import LATE
from enrichment.assessment import MonthlyPay, Signal
from enrichment.harm import priority
from index.admission import AT_RISK
from index.base import Record
from index.campaigns.dossier import QUIET

QUOTE = 120
"""Characters of a text that a mail quotes at most."""
REASONS = 3
"""Reasons, and marks in a quote, at most."""
GONE = "No longer in the index"
WITHHELD = "Words of somebody at risk"
_GRAVITY = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_SPACE = re.compile(r"\s+")


def kept_advert(record: Record, speaking: Sequence[Signal]) -> KeptAdvert:
    """Return what is kept of an advert whose grounds are ``speaking``."""
    judged = record.assessment
    return KeptAdvert(
        id=record.id, campaign=record.campaign, source=intern(record.posting.source), language=intern(judged.language.code),
        first_seen=record.first_seen, stance=judged.stance, score=judged.score, harm=judged.harm.level, flagged=judged.flagged,
        checkable=has_ground(speaking), alike=_likeness(record),
    )  # fmt: skip


def _likeness(record: Record) -> int:
    """Return the same number for adverts with the same title and text."""
    return hash((record.posting.title, record.posting.text))


def fold_confirmed(found: Iterable[tuple[KeptAdvert, Case]]) -> list[list[tuple[KeptAdvert, Case]]]:
    """Return confirmed adverts by campaign, or by text of those in none: the gravest of each first, the gravest group first."""

    def place(pair: tuple[KeptAdvert, Case]) -> tuple[int, float, datetime, str]:
        return _gravity(pair[1]), *_rank(pair[0])

    groups: dict[str | int, list[tuple[KeptAdvert, Case]]] = defaultdict(list)
    for pair in sorted(found, key=place):
        groups[pair[0].campaign or pair[0].alike].append(pair)
    return list(groups.values())


def fold_unreviewed(listed: Iterable[KeptAdvert]) -> list[tuple[KeptAdvert, int]]:
    """Return one advert per campaign or text, the strongest, and how many are behind it; network points never leave."""
    groups: dict[str | int, list[KeptAdvert]] = defaultdict(list)
    for one in sorted(listed, key=_rank):
        groups[one.campaign or one.alike].append(one)
    return [(group[0], len(group) - 1) for group in groups.values()]


def _rank(one: KeptAdvert) -> tuple[float, datetime, str]:
    """Return the place of an advert: in bands of five points, within each the gravest harm first."""
    return -priority(one.score, one.harm), one.first_seen, one.id


def name_of(record: Record | None) -> str:
    """Return the title with contacts masked, or a sentence in its place."""
    if record is None:
        return GONE
    return WITHHELD if record.assessment.stance in AT_RISK else without_identities(headline(record))


def item_of(
    record: Record,
    *,
    case: Case | None = None,
    alike: int = 0,
    notices: NoticeState = NoticeState(),  # noqa: B008 - frozen
) -> DigestItem:
    """Return the entry of an advert and of ``alike`` more that are told with it."""
    judged = record.assessment
    decision = case.in_force if case else None
    withheld = judged.stance in AT_RISK  # a person confirmed what it tells of; its words stay at the desk all the same
    reasons = telling(judged.signals)[:REASONS]
    return DigestItem(
        id=record.id, title=name_of(record), excerpt=() if withheld else tuple(_quote(record, reasons)),
        reasons=tuple(plain_line(gloss) for gloss in reasons), language=judged.language.code,
        tag=decision.tag or judged.tag if decision else judged.tag, score=round(judged.score), harm=judged.harm.level,
        places=() if withheld else tuple(dict.fromkeys(place.name for place in judged.places))[:REASONS],
        pay=None if withheld or judged.pay is None else _offered_pay(judged.pay), notices=notices,
        campaign=record.campaign or "", source=record.posting.source, first_seen=record.first_seen, alike=alike,
        severity=decision.severity if decision else None, clause=decision.clause if decision else None,
        note=plain_line(mask_contacts(decision.disclosed.replace("\n", " "), record)) if decision else "", stance=judged.stance,
    )  # fmt: skip


def _offered_pay(pay: MonthlyPay) -> OfferedPay:
    usd = round(pay.monthly_usd) if pay.monthly_usd else None
    return OfferedPay(low=pay.low, high=pay.high, currency=pay.currency or "", monthly_usd=usd)


def _quote(record: Record, reasons: list[str]) -> Iterable[tuple[str, int]]:
    """Yield at most QUOTE characters of the text around its reasons in pieces: each reason is marked once, by its number, each
    contact replaced by its kind."""
    offset, text = len(record.posting.title or "") + 1, record.posting.text
    spans: dict[str, Mark] = {}
    for ground in grounds(record.assessment.signals):
        if ground.start >= offset and ground.gloss in reasons:
            number = str(reasons.index(ground.gloss) + 1)
            mark = Mark(start=ground.start - offset, end=ground.end - offset, kind="for", key=number, label=ground.gloss)
            spans.setdefault(number, mark)
    shown = excerpt(text, [*spans.values(), *contact_marks(record, offset, text)], QUOTE - len("[telegram]") * 2)
    masked = [(without_identities(words), number) for words, number in _pieces(shown)]
    said = "".join(words for words, _ in masked)
    if (whole := without_identities(said)) != said:  # what identifies somebody runs across the marks: they are given up for it
        masked = [(whole, 0)]
    room = QUOTE
    for words, reason in masked:
        yield words[:room], reason
        room -= len(words[:room])


def _pieces(shown: Excerpt) -> Iterable[tuple[str, int]]:
    """Yield the excerpt in pieces with the number of their reason, 0 for none."""
    last: Mark | None = None
    for piece in shown.pieces:
        contact = next((mark for mark in piece.marks if mark.kind == "contact"), None)
        if contact is not None:
            if contact is not last:
                yield f"[{contact.key}]", 0
        elif not piece.hidden:
            yield _SPACE.sub(" ", piece.text), next((int(mark.key) for mark in piece.marks if mark.kind == "for"), 0)
        last = contact


def _gravity(case: Case) -> int:
    """Return the place of a confirmed item: what takes people now stands first; then ``_rank`` decides."""
    severity = case.in_force.severity if case.in_force else None
    return _GRAVITY.get(severity or "", len(_GRAVITY))


BACK = timedelta(days=28)
"""A campaign without a new member for QUIET has gone quiet; one that returns after BACK is back."""
CHANGES = ("new", "growing", "moved", "back", "quiet")


def movements(
    flagged: list[KeptAdvert], told: Container[str], *, last: datetime | None, since: datetime, until: datetime
) -> list[Movement]:
    """Return the changes of campaigns with at least two of these adverts, the gravest first; nobody named them yet.

    ``told`` are the adverts of earlier digests, the newest of which was built at ``last``.
    """
    arrived = _arrived_adverts(flagged, told, last, since, until)
    groups: dict[str, list[KeptAdvert]] = defaultdict(list)
    for one in flagged:
        if one.campaign:
            groups[one.campaign].append(one)
    results = [_movement(key, members, arrived, since, until) for key, members in groups.items() if len(members) > 1]
    order = {"new": 0, "growing": 1, "moved": 0, "back": 0, "quiet": 3}
    kept = [movement for movement in results if movement is not None]
    return sorted(kept, key=lambda movement: (order[movement.change], -movement.added, -movement.members, movement.campaign))


def _arrived_adverts(
    flagged: list[KeptAdvert], told: Container[str], last: datetime | None, since: datetime, until: datetime
) -> set[str]:
    """Return the adverts that are new: first seen since, or up to LATE before the last digest, which did not tell them.

    Those were fetched before it and reached the index after it.
    """
    late = last - LATE if last else since
    return {
        one.id for one in flagged if since < one.first_seen <= until or (late < one.first_seen <= since and one.id not in told)
    }


def _movement(key: str, members: list[KeptAdvert], arrived: Container[str], since: datetime, until: datetime) -> Movement | None:
    before = [member for member in members if member.first_seen <= since and member.id not in arrived]
    added = [member for member in members if member.id in arrived]
    new_ground = tuple(sorted(_grounds(added) - _grounds(before))) if before else ()
    change = _change(before, added, since, until, moved=bool(new_ground))
    if not change:
        return None
    lead = max(members, key=lambda one: (one.score, one.id))
    return Movement(
        campaign=key, name="", change=change, members=len(members), added=len(added),
        languages=tuple(sorted({member.language for member in members})), new_ground=new_ground, lead=lead.id,
    )  # fmt: skip


def _change(before: list[KeptAdvert], added: list[KeptAdvert], since: datetime, until: datetime, *, moved: bool) -> str:
    """Return in a word what happened to a campaign; nothing when nothing did."""
    newest_before = max((one.first_seen for one in before), default=None)
    if not added:
        quiet = newest_before is not None and until - QUIET - (until - since) < newest_before <= until - QUIET
        return "quiet" if quiet else ""
    if newest_before is None:
        return "new"
    if min(one.first_seen for one in added) - newest_before >= BACK:
        return "back"
    return "moved" if moved else "growing"


def _grounds(sightings: Iterable[KeptAdvert]) -> set[str]:
    """Return the sources and languages of adverts."""
    pairs = ((f"source {one.source}", f"language {one.language}") for one in sightings)
    return {ground for pair in pairs for ground in pair}
