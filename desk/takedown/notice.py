"""Makes the notice of one confirmed item, or says why it is held back.

A notice carries the four elements of DSA Art. 16(2): (a) a sufficiently substantiated explanation, (b) the exact address,
(c) name and e-mail of the notifier, (d) a statement of good faith. An item that lacks one is held back with the field named.
"""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

from crawlers.evidence.warc import instant
from crawlers.items import Posting
from desk.cases.case_decisions import Decision
from desk.cases.top_reasons import BACKGROUND, grounds
from desk.highlighting import plain_line
from desk.list_maker import Notifier, WithheldItem
from desk.masks import blank_page, blank_words, mask_contacts, name_blanks
from desk.platforms import Clause, Platform, Platforms
from desk.word_edges import shorten, whole_words
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
}
NAMED = "named_by_analyst"
"""Indicator of the words that a person named."""
CONTENT = ("url", "native_id", "kind", "severity", "clause", "author")
"""Fields whose change updates a notice, besides the text and the analyst's note."""
BUDGET = 1000
"""Characters of a summary: what XARF takes as a description."""
QUOTES = (300, 120, 80, 60, 40)
"""Characters of a quote in a summary, tried from the longest until every reason fits."""
ENDS = tuple(".!?。！？។။…")
"""What ends a sentence."""
_CUT_BLANK = re.compile(r"\s*\[[a-z]*…$")
ELEMENTS = {"explanation": "Art. 16(2)(a)", "url": "Art. 16(2)(b)", "notifier": "Art. 16(2)(c)", "good_faith": "Art. 16(2)(d)"}


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
    if not any(ground["quote"] for ground in _quote_reasons(record, decision)):
        why = "no words that a person can check say why; confirm it again and name the words that show it"
        return WithheldItem(item, "explanation", why)
    return None


def notice(
    record: Record, decision: Decision, *, key: str, platform: Platform, clause: Clause, notifier: Notifier
) -> dict[str, Any]:
    """Return the notice; the same record and decision give the same notice."""
    posting, judged = record.posting, record.assessment
    capture = posting.capture
    assert capture is not None, "held_back() asks for it"
    assert decision.clause is not None, "a confirmation has a clause"
    opened = write_moment(decision.opened_at) if decision.opened_at else None
    title, text = (plain_line(name_blanks(part)) for part in _blank_parts(record))
    return {
        "notice_id": notice_id(key, record.id),
        "url": posting.url,
        "native_id": posting.native_id,
        "source": posting.source,
        "kind": decision.tag,
        "severity": decision.severity,
        "clause": {"key": decision.clause, "title": clause.title, "law": clause.law, "rule": platform.rules.get(decision.clause)},
        "explanation": explanation(record, decision, clause),
        "summary": summary(record, decision, clause),
        "grounds": _quote_reasons(record, decision),
        "title": title or None,
        "text_excerpt": _CUT_BLANK.sub("…", shorten(text, 1000)),
        "language": judged.language.code,
        "author": _page_words(posting.author, record) if posting.author else None,
        "posted_at": write_moment(posting.posted_at) if posting.posted_at else None,
        "first_seen": write_moment(record.first_seen),
        "confirmed_at": write_moment(decision.at),
        "review": {"item_opened_at": opened, "items_decided_together": decision.batch_size or 1},
        "evidence": {"sha256": capture.sha256, "warc_record_id": capture.record_id, "captured_at": _captured_at(posting)},
        "campaign": record.campaign,
        "requested_action": "Remove the item or make it inaccessible, and keep its data for the authorities.",
        "notifier": notifier.published,
        "good_faith": str(GOOD_FAITH),
    }


def explanation(record: Record, decision: Decision, clause: Clause) -> str:
    """Return why the item is illegal or breaks the rules, in sentences an abuse desk can check against the page."""
    grounds = [_sentence(item) for item in _quote_reasons(record, decision)[:8]]
    return " ".join([*_accusation(decision, clause), *grounds, *_note(record, decision), _looked_at(decision)])


def summary(record: Record, decision: Decision, clause: Clause) -> str:
    """Return the explanation within ``BUDGET`` characters: whole sentences, the most important first; quotes are shortened
    first.

    It always has the accusation and what was looked at, then the heaviest reasons and the note as far as they fit, and the
    number of reasons left out.
    """
    accusation, note, closing = _accusation(decision, clause), _note(record, decision), _looked_at(decision)
    kept: list[str] = []
    left_out = ""
    for longest in QUOTES:
        grounds = [_sentence(item, longest) for item in _quote_reasons(record, decision)[:8]]
        room = BUDGET - len(" ".join([*accusation, _left_out(len(grounds)), closing]))
        weightiest = sorted(range(len(grounds) + len(note)), key=lambda at: (3 <= at < len(grounds), at))
        chosen = _fitting([*grounds, *note], weightiest, room)
        kept = [each for at, each in enumerate([*grounds, *note]) if at in chosen]
        left_out = _left_out(len(grounds) - sum(at < len(grounds) for at in chosen))
        if len(chosen) == len(weightiest):
            break
    return " ".join(part for part in [*accusation, *kept, left_out, closing] if part)


def _accusation(decision: Decision, clause: Clause) -> list[str]:
    what = KINDS.get(decision.tag or "", "a harmful offer")
    return [f"The item is {what}.", f"It breaks: {clause.title} ({clause.law}). {clause.means}"]


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


def clause_of(platforms: Platforms, decision: Decision) -> Clause | None:
    """Return the clause a decision names, None when seeds/platforms.yml no longer has it."""
    return platforms.clauses.get(decision.clause or "")


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


def _quote_reasons(record: Record, decision: Decision) -> list[dict[str, str]]:
    """Return the words that the analyst named, then the indicators for, heaviest first, with whole words of the page and their
    meaning.

    What sums up other indicators has no words of its own: its quote is empty.
    """
    raw = blank_page(record)
    meaning = "named by the analyst who confirmed it"
    quote = _page_words(decision.ground, record) if decision.ground else ""
    named = [{"indicator": NAMED, "quote": quote, "meaning": meaning}] if decision.ground else []
    return named + [
        {
            "indicator": ground.indicator,
            "quote": "" if ground.family in BACKGROUND else plain_line(name_blanks(whole_words(raw, ground.start, ground.end))),
            "meaning": plain_line(ground.gloss),
        }
        for ground in grounds(record.assessment.signals)[:12]
    ]


def _blank_parts(record: Record) -> tuple[str, str]:
    """Return title and text with what identifies anybody blanked."""
    blanked, at = blank_page(record), len(record.posting.title or "")
    return blanked[:at], blanked[at:]


def _page_words(words: str, record: Record) -> str:
    return plain_line(name_blanks(blank_words(words, record)))


def _sentence(ground: dict[str, str], longest: int | None = None) -> str:
    """Return one reason; its quote has at most ``longest`` characters."""
    if not ground["quote"]:
        return f"Taken together: {ground['meaning']}."
    quote = ground["quote"] if longest is None else shorten(ground["quote"], longest)
    return f"It says “{quote}”: {ground['meaning']}."


def name_capture(body: dict[str, Any]) -> str:
    """Return when the page of a notice was captured, and the SHA-256 of what was."""
    at, sha256 = body["evidence"].get("captured_at"), body["evidence"]["sha256"]
    return f"captured {at}, SHA-256 {sha256}" if at else f"SHA-256 {sha256}"


def write_moment(moment: datetime) -> str:
    """Return a moment as lists have it, in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
