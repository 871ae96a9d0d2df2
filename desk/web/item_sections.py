"""The sections of an item's page: each has a query for what it shows and a template of its own; none knows another."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import msgspec
from sqlalchemy import Connection

from desk.cases.asks import asks_about, watch_of
from desk.cases.case_decisions import Case, cases, shown_words, standing_batch
from desk.cases.comments import colleagues, comments_on
from desk.cases.leases import lease_on
from desk.cases.reason_marks import standing_marks, without_struck
from desk.cases.standing_orders import NearCopy, followed_decisions, near_copies
from desk.cases.top_reasons import learned_share, shown_kind
from desk.custody.origin import pictures_of
from desk.partners.answer_review import answers_about
from desk.partners.answers import KINDS, OFFERED, OFFERED_REASONS, REASONS
from desk.people.roles import Right
from desk.rechecks.clock import fates
from desk.rechecks.notice_outcomes import KNOWN
from desk.rechecks.reappearance import reappearances_of
from desk.rechecks.sighting import STATES
from desk.takedown.repository import lists_naming
from desk.web.decision_scope import clause_of, decision_choices
from desk.web.guard import PageVisit
from desk.web.view import RecordView, Sentence, changes_of, glosses_of, line, numbers_of, sentences_of, weighed_reasons
from enrichment.facts.places import countries_named
from enrichment.facts.wages import MONTHS, ordinary_wage
from enrichment.text.views import views
from index.base import Hit, Query, Record
from index.history import record_sha256
from index.terms.record_terms import raw_text

LISTED = 6
"""Members of its campaign an item's page names beside it."""


class ItemLook(msgspec.Struct, frozen=True, dict=True):
    """Somebody looks at an item: what each section of its page is asked about, and what several of them read."""

    visit: PageVisit
    connection: Connection
    record: Record
    case: Case
    done: str
    """Id of the item that was decided just before; empty for none."""

    @cached_property
    def view(self) -> RecordView:
        """The item with its evidence marked."""
        return RecordView(record=self.record)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The reasons to read first, with what people say of each."""
        return sentences_of(self.record.assessment.signals, standing_marks(self.case.marks))

    @cached_property
    def numbers(self) -> dict[str, str]:
        """What stands at the words of each reason."""
        return numbers_of(self.record.assessment.signals, self.sentences)

    @cached_property
    def evident_kind(self) -> str:
        """The kind of lure that words of the text show to a person; who confirms another one names such words."""
        return shown_kind(self.unstruck.assessment)

    @cached_property
    def unstruck(self) -> Record:
        """The item without the reasons that somebody struck."""
        return without_struck(self.record, self.case.struck_reasons)


def query_done(look: ItemLook) -> Mapping[str, Any] | None:
    """Return what the person decided just before, for the line that offers to undo it; None when somebody undid it meanwhile."""
    record = look.visit.desk.store.get(look.done) if look.done else None
    if record is None:
        return None
    case = cases(look.connection, [look.done])[look.done]
    own = case.in_force is not None and case.in_force.by == look.visit.user.name
    return {"record": record, "case": case} if own else None


def query_head(look: ItemLook) -> Mapping[str, Any]:
    """Return what the item is called, and what happened to it since."""
    record, decided = look.record, look.case.in_force
    return {
        "one": look.view,
        "numbers": look.numbers,
        "edited_since": decided is not None and decided.text_sha256 != record_sha256(record),
        "gone": bool(record.revisions) and record.revisions[-1].change == "deleted",
    }


def query_reasons(look: ItemLook) -> Mapping[str, Any]:
    """Return why it is thought a lure, and what people say of each reason."""
    signals = look.record.assessment.signals
    return {
        "sentences": look.sentences,
        "reasons": weighed_reasons(signals),
        "wording": learned_share(signals),
        "founded": look.evident_kind,
    }


def query_text(look: ItemLook) -> Mapping[str, Any]:
    """Return the text with its evidence marked."""
    return {"one": look.view, "numbers": look.numbers}


def query_kept(look: ItemLook) -> Mapping[str, Any] | None:
    """Return how many pictures were kept, for who may see them."""
    return {"pictures": len(pictures_of(look.record.posting))} if look.visit.user.may(Right.EVIDENCE) else None


def query_translation(look: ItemLook) -> Mapping[str, Any] | None:
    """Tell that the text is in another language than the reader's."""
    return {} if look.record.assessment.language.code != look.visit.user.language else None


def query_glosses(look: ItemLook) -> Mapping[str, Any] | None:
    """Return what the marked words say, until a whole translation into the reader's language is there."""
    translated = look.visit.translations([look.record]).get(look.record.id)
    if look.record.assessment.language.code == look.visit.user.language or (translated and translated.whole):
        return None
    return {"glosses": found} if (found := glosses_of(look.record)) else None


def query_contacts(look: ItemLook) -> Mapping[str, Any] | None:
    """Return the contacts; when each was used is asked for by itself."""
    contacts = look.record.assessment.contacts
    return {"item_id": look.record.id, "contacts": contacts, "times": None} if contacts else None


def query_facts(look: ItemLook) -> Mapping[str, Any]:
    """Return places and pay: as the text writes it, how many of its period make a month, and the ordinary wage beside it."""
    record, judged, pay = look.record, look.record.assessment, look.record.assessment.pay
    wage = None
    if pay and pay.monthly_usd:
        countries = countries_named(views(raw_text(record)), judged.language, judged.places)
        wage = ordinary_wage(pay, judged.language, countries)
    return {
        "places": list(dict.fromkeys((place.name, place.country, place.kind) for place in judged.places)),
        "pay_quote": raw_text(record)[pay.start : pay.end] if pay else "",
        "pay_months": MONTHS.get(pay.period or "") if pay else None,
        "wage": wage,
    }


def query_campaign(look: ItemLook) -> Mapping[str, Any]:
    """Return some other members of its campaign, and how many there are."""
    record = look.record
    if record.campaign is None:
        return {"others": [], "total": 0}
    members = look.visit.desk.store.search(Query(campaign=record.campaign, size=LISTED + 1, count_facets=False))
    near = [hit.record for hit in members.hits if hit.record.id != record.id][:LISTED]
    standing = cases(look.connection, [other.id for other in near])
    return {"others": [line(Hit(record=other), standing[other.id]) for other in near], "total": members.total}


def query_notices(look: ItemLook) -> Mapping[str, Any] | None:
    """Return what became of its notices, and which other adverts its case goes on in; one the person may not see is left out."""
    item_id, desk = look.record.id, look.visit.desk
    found = reappearances_of(look.connection, [item_id])
    links = [link for link in found if not desk.hidden & {link.item_id, link.other_id}]
    sent = fates(look.connection, items=[item_id])
    if not sent and not links:
        return None
    records = desk.store.get_many({name for link in links for name in (link.item_id, link.other_id)} - {item_id})
    return {
        "fates": sent, "links": links, "told_others": {name: record.posting for name, record in records.items()},
        "states": STATES, "known": KNOWN, "told": answers_about(look.connection, item_id), "offered": OFFERED,
        "offered_reasons": OFFERED_REASONS, "answer_kinds": KINDS, "answer_reasons": REASONS, "titles": desk.platforms.titles,
    }  # fmt: skip


def query_revisions(look: ItemLook) -> Mapping[str, Any] | None:
    """Return the revisions, newest first, each as what it changed."""
    return {"changes": changes} if (changes := changes_of(look.record.revisions)) else None


def query_case(look: ItemLook) -> Mapping[str, Any]:
    """Return who has the item open, and what the person may decide, undo or follow."""
    visit, case, record = look.visit, look.case, look.record
    receivers, user, last = visit.desk.platforms, visit.user, case.in_force
    key = receivers.of(record.posting.url, record.posting.source, visit.desk.routes)
    lease = lease_on(look.connection, record.id, visit.desk.clock())
    own = user.may(Right.DECIDE) and last is not None and last.by == user.name
    return {
        "lease": lease, "holders": [lease.by] if lease is not None and lease.by != user.name else [],
        "watching": watch_of(look.connection, record.id, user) is not None, "founded": look.evident_kind,
        "words": shown_words(look.unstruck),
        "clauses": receivers.clauses_for(record.assessment.tag), "rules": receivers.platforms[key].rules if key else {},
        **decision_choices(receivers), "near_copy": _near_copy(look) if case.state == "open" else None,
        "undoes": last if own or user.may(Right.UNDO_OTHERS) else None,
        "together": standing_batch(look.connection, last.batch) if last is not None and last.batch else None,
        "followed": followed_decisions(look.connection) if case.history else frozenset(),
    }  # fmt: skip


def query_comments(look: ItemLook) -> Mapping[str, Any]:
    """Return what colleagues say about the item and ask of each other; of one escalated the lists that name it, too."""
    item_id, escalated = look.record.id, look.record.id in look.visit.escalated
    return {
        "listed": lists_naming(look.connection, item_id) if escalated else [],
        "comments": comments_on(look.connection, item_id),
        "asks": asks_about(look.connection, item_id),
        "colleagues": colleagues(look.connection, look.visit.user),
        "escalated": escalated,
    }


SECTIONS: dict[str, dict[str, Callable[[ItemLook], Mapping[str, Any] | None]]] = {
    "head": {"toast.html": query_done, "item_head.html": query_head},
    "reading": {"item_text.html": query_text, "translation.html": query_translation},
    "rail": {"case.html": query_case, "comments.html": query_comments},
    "more": {
        "reasons.html": query_reasons,
        "glosses.html": query_glosses,
        "kept.html": query_kept,
        "contacts.html": query_contacts,
        "facts.html": query_facts,
        "item_campaign.html": query_campaign,
        "notices.html": query_notices,
        "revisions.html": query_revisions,
    },
}
"""Part of the page -> templates of its sections in their order, each with the query whose answer the template reads as ``it``."""


def query_sections(look: ItemLook) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """Return for each part of the page the templates to show, and what each reads; a section without an answer is left out."""
    return {
        part: [(template, found) for template, query in sections.items() if (found := query(look)) is not None]
        for part, sections in SECTIONS.items()
    }


def _near_copy(look: ItemLook) -> NearCopy | None:
    """Return what a standing order puts forward about the item, where one key can say the whole decision of its campaign."""
    desk, record = look.visit.desk, look.record
    if record.campaign is None or not look.visit.user.may(Right.DECIDE):
        return None
    for copy in near_copies(look.connection, desk.store, desk.clock(), record.campaign):
        made = copy.decision
        if copy.record.id == record.id and made.kind == "confirm" and made.clause == clause_of(desk.platforms, made.tag or "")[0]:
            return copy
    return None
