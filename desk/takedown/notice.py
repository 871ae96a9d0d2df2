"""Makes the notice of one confirmed item, or says why it is held back.

A notice carries the four elements of DSA Art. 16(2): (a) a sufficiently substantiated explanation, (b) the exact address,
(c) name and e-mail of the notifier, (d) a statement of good faith. An item that lacks one is held back with the field named.
"""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import msgspec

from crawlers.evidence.warc import instant
from crawlers.items import Posting
from desk.cases.case_decisions import Decision
from desk.cases.top_reasons import grounds, is_one_word
from desk.highlighting import plain_line
from desk.list_maker import Notifier, WithheldItem
from desk.masks import blank_page, blank_words, mask_contacts, name_blanks
from desk.platforms import NAMED_WORDS, Clause, Platform, Platforms
from desk.word_edges import shorten, whole_words
from enrichment.assessment import Signal
from foundation.messages import _
from index.admission import AT_RISK
from index.base import Record
from index.history import text_sha256

NAMESPACE = uuid.UUID("6f1d1f0e-3c7e-5a0b-9d4e-2b9c0a7c4c11")
GOOD_FAITH = _(
    "The notifier confirms the bona fide belief that the information and allegations in this notice are accurate and complete. "
    "A person, not a machine, confirmed the item named here; the explanation says what that person had opened."
)
KINDS = {
    "scam_compound": _("a job offer that lures people into a closed online-scam compound"),
    "organ_trade": _("an offer to buy or sell human organs"),
    "surrogacy_or_egg": _("an offer that recruits for commercial surrogacy or egg cells, or trades in unborn children"),
    "marriage_broker": _("an offer of a brokered marriage for money"),
    "money_scam": _("a job offer that takes money from those who apply"),
    "unstated": _("a deceptive offer"),
}
CONTENT = ("url", "native_id", "kind", "severity", "clause", "author")
"""Fields whose change updates a notice, besides the text and the analyst's note."""
MOST = 12
"""Reasons of a notice at most."""
BUDGET = 1000
"""Characters of a summary: what XARF takes as a description."""
QUOTES = (300, 120, 80, 60, 40)
"""Characters of a quote in a summary, tried from the longest until every reason fits."""
ENDS = tuple(".!?。！？។။…")
"""What ends a sentence."""
_CUT_BLANK = re.compile(r"\s*\[[a-z]*…$")
ELEMENTS = {"explanation": "Art. 16(2)(a)", "url": "Art. 16(2)(b)", "notifier": "Art. 16(2)(c)", "good_faith": "Art. 16(2)(d)"}


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What can be said of an item: a clause, and words of the post for each of its elements."""

    key: str
    clause: Clause
    grounds: list[dict[str, str]]
    country: str = ""
    """Whose law is named beside the treaties."""

    @property
    def law(self) -> str:
        """The law that the notice names."""
        return self.clause.law_for(self.country)

    def kind(self, tag: str | None) -> str | None:
        """Return the kind of offer it is said to be: that of the decision only where the clause is about that kind alone."""
        return tag if not self.clause.tags or self.clause.tags == (tag,) else "unstated"


def notice_id(platform: str, item_id: str) -> str:
    """Return the id under which a platform knows an item over all lists."""
    return str(uuid.uuid5(NAMESPACE, f"{platform}|{item_id}"))


def held_back(
    record: Record, decision: Decision, platform: Platform, *, now: datetime, max_age: timedelta
) -> WithheldItem | None:
    """Return why an item must not leave now, or None."""
    item, posting = record.id, record.posting
    if (refusal := platform.refusal(posting.url)) is not None:
        return WithheldItem(item, "url", f"its address is {refusal}")
    if decision.text_sha256 != text_sha256(posting.title, posting.text):
        return WithheldItem(item, "text", "its text was edited after it was confirmed; decide again")
    if record.revisions and record.revisions[-1].change == "deleted":
        return WithheldItem(item, "evidence", f"gone from its page since {record.revisions[-1].at:%Y-%m-%d}, at the latest")
    if now - record.last_seen > max_age:
        return WithheldItem(item, "evidence", f"it was last seen on {record.last_seen:%Y-%m-%d}; crawl its source again")
    if posting.capture is None:
        return WithheldItem(item, "evidence", "no capture of it was kept; crawl its source again")
    if record.assessment.stance in AT_RISK:
        return WithheldItem(item, "stance", f"it reads as {record.assessment.stance}; the author may be a victim")
    return None


def find_charge(record: Record, decision: Decision, platforms: Platforms, country: str = "") -> Charge | WithheldItem:
    """Return what the words of a post bear of what was decided: its clause, else the lesser one, by the law of a country; why it
    is held back where they bear neither."""
    key, lacks = decision.clause, "why"
    if key not in platforms.clauses:
        return WithheldItem(record.id, "clause", f"seeds/platforms.yml has no clause {key!r}; decide again")
    while key:
        clause = platforms.clauses[key]
        grounds = _quote_reasons(record, decision, clause)
        missing = clause.missing([ground["indicator"] for ground in grounds])
        if grounds and not missing:
            return Charge(key=key, clause=clause, grounds=grounds, country=country)
        lacks, key = " and ".join(missing) or lacks, clause.otherwise
    why = f"no words of the post show {lacks}; confirm it again and name the words that show it"
    return WithheldItem(record.id, "explanation", why)


def notice(
    record: Record, decision: Decision, charge: Charge, *, key: str, platform: Platform, notifier: Notifier
) -> dict[str, Any]:
    """Return the notice; the same record and decision give the same notice."""
    posting, judged = record.posting, record.assessment
    capture = posting.capture
    assert capture is not None, "held_back() asks for it"
    clause = charge.clause
    opened = write_moment(decision.opened_at) if decision.opened_at else None
    title, text = (plain_line(name_blanks(part)) for part in _blank_parts(record))
    return {
        "notice_id": notice_id(key, record.id), "url": posting.url, "native_id": posting.native_id, "source": posting.source,
        "kind": charge.kind(decision.tag), "severity": decision.severity,
        "clause": {"key": charge.key, "title": clause.title, "law": charge.law, "rule": platform.rules.get(charge.key)},
        "explanation": explanation(record, decision, charge), "summary": summary(record, decision, charge),
        "grounds": charge.grounds, "title": title or None, "text_excerpt": _CUT_BLANK.sub("…", shorten(text, 1000)),
        "language": judged.language.code, "author": _page_words(posting.author, record) if posting.author else None,
        "posted_at": write_moment(posting.posted_at) if posting.posted_at else None,
        "first_seen": write_moment(record.first_seen), "confirmed_at": write_moment(decision.at),
        "review": {"item_opened_at": opened, "items_decided_together": decision.batch_size or 1},
        "evidence": {"sha256": capture.sha256, "warc_record_id": capture.record_id, "captured_at": _captured_at(posting)},
        "campaign": record.campaign,
        "requested_action": "Remove the item or make it inaccessible, and keep its data for the authorities.",
        "notifier": notifier.contact, "good_faith": str(GOOD_FAITH),
    }  # fmt: skip


def explanation(record: Record, decision: Decision, charge: Charge) -> str:
    """Return why the item is illegal or breaks the rules, in sentences an abuse desk can check against the page."""
    grounds = [_sentence(item) for item in charge.grounds[:8]]
    return " ".join([*_accusation(decision, charge), *grounds, *_note(record, decision), _looked_at(decision)])


def summary(record: Record, decision: Decision, charge: Charge) -> str:
    """Return the explanation within ``BUDGET`` characters: whole sentences, the most important first; quotes are shortened
    first.

    It always has the accusation and what was looked at, then the heaviest reasons and the note as far as they fit, and the
    number of reasons left out.
    """
    accusation, note, closing = _accusation(decision, charge), _note(record, decision), _looked_at(decision)
    kept: list[str] = []
    left_out = ""
    for longest in QUOTES:
        grounds = [_sentence(item, longest) for item in charge.grounds[:8]]
        room = BUDGET - len(" ".join([*accusation, _left_out(len(grounds)), closing]))
        weightiest = sorted(range(len(grounds) + len(note)), key=lambda at: (3 <= at < len(grounds), at))
        chosen = _fitting([*grounds, *note], weightiest, room)
        kept = [each for at, each in enumerate([*grounds, *note]) if at in chosen]
        left_out = _left_out(len(grounds) - sum(at < len(grounds) for at in chosen))
        if len(chosen) == len(weightiest):
            break
    return " ".join(part for part in [*accusation, *kept, left_out, closing] if part)


def _accusation(decision: Decision, charge: Charge) -> list[str]:
    what, clause = KINDS.get(charge.kind(decision.tag) or "", "a harmful offer"), charge.clause
    return [f"The item is {what}.", f"It breaks: {clause.title} ({charge.law}). {clause.means}"]


def _note(record: Record, decision: Decision) -> list[str]:
    if not decision.disclosed:
        return []
    note = plain_line(mask_contacts(decision.disclosed.replace("\n", " "), record))
    return [f"The analyst adds: {note}{'' if note.endswith(ENDS) else '.'}"]


def _fitting(sentences: list[str], order: list[int], room: int) -> set[int]:
    """Return which sentences, chosen in this order, fit together into so many characters with a blank before each."""
    results = set()
    for at in order:
        if len(sentences[at]) + 1 <= room:
            results.add(at)
            room -= len(sentences[at]) + 1
    return results


def _left_out(count: int) -> str:
    return f"Reasons left out here, all in the list beside: {count}." if count else ""


def _looked_at(decision: Decision) -> str:
    """Return what the person who confirmed had opened, by the desk's own record."""
    on, size = f"{decision.at:%Y-%m-%d}", decision.batch_size or 1
    if decision.opened_at is not None:
        along = f", in one decision on {size} items" if size > 1 else ""
        return f"A person opened this item on {decision.opened_at:%Y-%m-%d} and confirmed it on {on}{along}."
    if size > 1:
        listed = "the beginning of each was listed, and this item was not opened by itself"
        return f"A person confirmed it on {on} in one decision on {size} items: {listed}."
    return f"A person confirmed it on {on}; the desk has no record that this item was opened."


def lacking(results: dict[str, Any]) -> list[str]:
    """Return the DSA elements a notice does not fill, each with its article."""
    filled = {
        "explanation": bool(str(results.get("explanation") or "").strip()),
        "url": bool(str(results.get("url") or "").strip()),
        "notifier": all(str((results.get("notifier") or {}).get(name) or "").strip() for name in ("name", "email")),
        "good_faith": bool(str(results.get("good_faith") or "").strip()),
    }
    return [f"{name} ({ELEMENTS[name]})" for name, full in filled.items() if not full]


def changes(before: dict[str, Any], after: dict[str, Any], decided: Decision | None, decides: Decision) -> list[str]:
    """Return the parts of a notice that differ from one sent before, each by name; ``decided`` is the decision behind that one.

    Only content counts: the decision and what it is about. A new look, another capture, a newer lexicon or another campaign is
    no change.
    """
    results = [name for name in CONTENT if before.get(name) != after.get(name)]
    if decided is None or decided.text_sha256 != decides.text_sha256:
        results.append("text")
    if decided is None or decided.disclosed != decides.disclosed:
        results.append("note")
    if decided is None or decided.ground != decides.ground:
        results.append("ground")
    return sorted(results)


def _captured_at(posting: Posting) -> str | None:
    """Return the WARC-Date of the capture named, None when an older release kept it and did not note it."""
    capture = posting.capture
    if capture is None:
        return None
    at = capture.captured_at or (posting.fetched_at if capture.run is None else None)
    return instant(at) if at else None


def _quote_reasons(record: Record, decision: Decision, clause: Clause) -> list[dict[str, str]]:
    """Return the words that the analyst named, then the reasons that bear an element of a clause, heaviest first, each with whole
    words of the page and its meaning. Reasons on the same words are one: the heaviest."""
    raw = blank_page(record)
    meaning = "named by the analyst who confirmed it"
    named = [(NAMED_WORDS, _page_words(decision.ground, record), meaning)] if decision.ground else []
    told: list[Signal] = []
    for ground in grounds(record.assessment.signals):
        words = whole_words(raw, ground.start, ground.end)
        quote = plain_line(name_blanks(words))
        apart = all(ground.end <= other.start or other.end <= ground.start for other in told)
        leaves = clause.bears(ground.indicator) and _says_enough(words, quote, ground)
        if apart and leaves and len(told) < MOST:
            told.append(ground)
            named.append((ground.indicator, quote, plain_line(ground.gloss)))
    return [{"indicator": indicator, "quote": quote, "meaning": gloss} for indicator, quote, gloss in named if quote]


def _says_enough(words: str, quote: str, ground: Signal) -> bool:
    """Tell whether words of a blanked page, shown as ``quote``, bear their meaning alone: several, with half of the letters left,
    or a sum with its digits. Of a single word (deposit, account, allowance) a reader cannot tell who does what."""
    left = [sign for sign in words if sign.isalnum()]  # a blank is no letter
    if len(left) * 2 < sum(map(str.isalnum, ground.text)):
        return False
    if ground.family == "pay":
        return any(map(str.isdigit, left))
    return not is_one_word(quote)


def _blank_parts(record: Record) -> tuple[str, str]:
    """Return title and text with what identifies anybody blanked."""
    blanked, at = blank_page(record), len(record.posting.title or "")
    return blanked[:at], blanked[at:]


def _page_words(words: str, record: Record) -> str:
    return plain_line(name_blanks(blank_words(words, record)))


def _sentence(ground: dict[str, str], longest: int | None = None) -> str:
    """Return one reason; its quote has at most ``longest`` characters."""
    quote = ground["quote"] if longest is None else shorten(ground["quote"], longest)
    return f"It says “{quote}”: {ground['meaning']}."


def name_capture(body: dict[str, Any]) -> str:
    """Return when the page of a notice was captured, and the SHA-256 of what was."""
    at, sha256 = body["evidence"].get("captured_at"), body["evidence"]["sha256"]
    return f"captured {at}, SHA-256 {sha256}" if at else f"SHA-256 {sha256}"


def write_moment(moment: datetime) -> str:
    """Return a moment as lists have it, in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
