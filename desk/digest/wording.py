"""Words of the mail: amounts, kinds, places and short forms in the reader's language, cut to what a telephone's line holds."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import regex
from babel.dates import format_interval

from desk.cases.case_decisions import TAGS
from desk.digest.edition import DigestItem, Edition, Movement, NoticeState, OfferedPay, QueueAges
from desk.digest.mail_items import GONE, WITHHELD
from desk.languages.catalogues import say
from desk.languages.glosses import WORDS, translate_gloss
from desk.languages.reader_locale import day, language_name, number, reader_locale
from desk.rechecks.notice_outcomes import KNOWN, KnownCounts
from enrichment.harm import LEVELS
from foundation.messages import Message, _, ngettext

DOMAIN = "mail"
READS_AS = {
    "testimony": _("Reads as told by somebody it happened to, not as an offer; the text is shown at the desk only."),
    "seeker": _("Reads as by somebody who looks for work or help, not as an offer; the text is shown at the desk only."),
    "warning": _("Reads as a warning of such offers, not as one."),
    "news": _("Reads as a report of such offers, not as one."),
}
"""What a reader must know when a confirmed text reads as no offer."""
CHANGES = {
    "new": _("New"), "growing": _("Growing"), "moved": _("Moved to new ground"), "back": _("Back"), "quiet": _("Gone quiet"),
}  # fmt: skip
TRENDS = {
    "flagged": _("First seen and flagged in 7 days"), "confirmed": _("Confirmed in 7 days, not taken back"),
    "reported": _("Reported to platforms in 7 days"),
}  # fmt: skip
PRETEXTS = {
    "customer_service": _("customer service"), "data_entry_typing": _("typing and data entry"),
    "chat_operator": _("chatting or calling"), "gambling_staff": _("gambling"), "crypto_marketing": _("crypto and marketing"),
    "home_work": _("work from home"), "translator_it": _("translation and IT"), "model_hostess": _("modelling and hosting"),
    "decoy_trade": _("an ordinary trade"), "openly_illicit": _("openly illicit work"), "vague_duties": _("duties not told"),
    "courier_travel": _("courier or paid travel"), "referral_bonus": _("a bonus for bringing people"),
    "grooming_sales": _("befriending strangers"), "client_relations": _("relations with clients"),
    "direct_hire": _("direct hiring abroad"), "persona_script": _("playing another person"),
}  # fmt: skip
"""Kinds of work that adverts offer, by their indicator."""
FAULTS = {
    "empty": _("empty"), "partial": _("in part"), "changed": _("changed"), "blocked": _("blocked"), "failed": _("failed"),
    "never_run": _("did not run"), "overdue": _("is overdue"), "passport": _("its access passport runs out or has run out"),
    "damaged": _("a run is damaged"), "fill_rate": _("fields are missing"), "shrunk": _("far fewer adverts than usual"),
    "layout_changed": _("its list may have moved"), "preview_gap": _("its preview leaves adverts out"),
    "dead": _("nothing new for long"),
}  # fmt: skip
"""What is wrong with a board, by the state of its worst run or the name of a finding."""
_STANDING = {GONE: _("No longer in the index"), WITHHELD: _("Words of somebody at risk")}
_FRENCH_MARK = regex.compile(r" (?=[;:?!»])|(?<=«) ")
_WIDE = regex.compile(r"[\p{Myanmar}\p{Khmer}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Ethiopic}\p{Sinhala}\p{Tamil}]")
"""Scripts whose letters are about two Latin ones wide."""
_RIGHT_TO_LEFT = regex.compile(r"[\p{bc=R}\p{bc=AL}]")
BOARD = 26
"""Columns of a board's title."""


TITLES = {
    "weekly": _("LureWatch weekly mail"), "daily": _("LureWatch daily mail"), "immediate": _("LureWatch alert"),
}  # fmt: skip


def title(edition: Edition) -> str:
    """Return the title of a mail, with the name of the search it is about."""
    said = mail_words(TITLES[edition.schedule])
    return f"{said}: {cut_columns(edition.about, 40)}" if edition.about else said


def mail_name(period: str) -> str:
    """Return what a reader calls a mail: its ISO week, or of a daily mail and an alert its day."""
    kept = period.partition(".")[0]
    if "-W" in kept:
        return kept if len(kept) == len("2026-W48") else f"20{kept}"
    return f"20{kept[:2]}-{kept[2:4]}-{kept[4:6]}"


def mail_words(what: object) -> str:
    """Return a sentence of the mail in the reader's language, its numbers with the marks of that language."""
    if isinstance(what, Message):
        values = {name: number(value) if isinstance(value, int) else value for name, value in what.values.items()}
        what = Message(what.source, values, what.plural, what.number)
    return _tie_marks(say(what, DOMAIN))


def _tie_marks(words: str) -> str:
    """Return French words with spaces that no line breaks at before and behind their marks."""
    return _FRENCH_MARK.sub("\u00a0", words) if reader_locale().language == "fr" else words


def desk_words(english: str) -> str:
    """Return a word of the desk's tables, or a reason's meaning, in the reader's language; as it stands where nobody did."""
    return _tie_marks(translate_gloss(english) or english)


def cut_columns(words: str, columns: int) -> str:
    """Return the beginning of a text that is so many Latin letters wide, whatever it is written in; no grapheme is cut in two."""
    kept: list[str] = []
    room = columns
    for grapheme in regex.findall(r"\X", words):
        room -= 2 if _WIDE.match(grapheme) or unicodedata.east_asian_width(grapheme[0]) in "WF" else 1
        if room < 0:
            return f"{''.join(kept).rstrip()}…"
        kept.append(grapheme)
    return words


def shown_title(title: str, columns: int) -> str:
    """Return a title, or what stands in its place, in so many columns."""
    return cut_columns(mail_words(_STANDING.get(title, title)), columns)


def title_language(item: DigestItem) -> str:
    """Return the language of a title for screen readers: the advert's, or the reader's where a sentence stands in its place."""
    return reader_locale().language if item.title in _STANDING else item.language


def period(edition: Edition) -> str:
    """Return the days of its reader that the numbers cover, short enough for a subject: ``16–23 Nov 2026``."""
    language = reader_locale().language
    since, until = (moment.astimezone(ZoneInfo(reader_locale().zone)) for moment in (edition.since, edition.until))
    return format_interval(since, until, "yMMMd", locale={"en": "en_GB"}.get(language, language))


def local_day(moment: datetime) -> str:
    """Return the day of a moment where the reader is."""
    return day(moment.astimezone(ZoneInfo(reader_locale().zone)))


def narrow_parts(edition: Edition) -> Iterable[str]:
    """Yield what a mail is limited to besides its search: languages, score, harm."""
    if edition.languages:
        names = ", ".join(say(language_name(code)) for code in edition.languages)
        yield mail_words(_("only adverts in: %(names)s", names=names))
    if edition.least_score:
        yield mail_words(_("only scores from %(score)s", score=edition.least_score))
    if edition.least_harm != "unstated":
        yield mail_words(_("only this harm or graver: %(harm)s", harm=say(LEVELS[edition.least_harm])))


def board_name(title: str) -> str:
    """Return the title of a board, apart from what stands beside it where it runs from right to left."""
    cut = cut_columns(title, BOARD)
    return f"\u2068{cut}\u2069" if _RIGHT_TO_LEFT.search(cut) else cut


def adverts(count: int) -> str:
    """Return a number of adverts."""
    return mail_words(ngettext("%(num)s advert", "%(num)s adverts", count))


def kind_of(tag: str) -> str:
    """Return the kind of lure in words."""
    return mail_words(_("Unclassified")) if tag == "none" else say(TAGS[tag])


def severity_word(severity: str) -> str:
    """Return how grave a person found it."""
    return say(WORDS[severity]).capitalize()


def facts_of(item: DigestItem) -> str:
    """Return what an entry is, in one line: how grave, which kind, which harm, with which score."""
    parts = [severity_word(item.severity)] if item.severity else []
    parts.append(kind_of(item.tag))
    parts += [say(LEVELS[item.harm])] if item.harm != "unstated" else []
    return " · ".join([*parts, mail_words(_("score %(score)s", score=item.score))])


def change_name(change: str) -> str:
    """Return what happened to a campaign, with the colon as the reader's language writes it."""
    return mail_words(_("%(change)s:", change=CHANGES[change]))


def changed_campaigns(change: str, count: int) -> str:
    """Return how many campaigns did what."""
    said = {
        "new": ngettext("%(num)s new", "%(num)s new", count),
        "growing": ngettext("%(num)s growing", "%(num)s growing", count),
        "moved": ngettext("%(num)s moved to new ground", "%(num)s moved to new ground", count),
        "back": ngettext("%(num)s back again", "%(num)s back again", count),
        "quiet": ngettext("%(num)s gone quiet", "%(num)s gone quiet", count),
    }
    return mail_words(said[change])


def offered_pay(pay: OfferedPay | None) -> str:
    """Return the pay a text names, with its worth in US dollars a month where it is in another currency."""
    if pay is None:
        return ""
    amount = number(round(pay.low)) if pay.low == pay.high else f"{number(round(pay.low))}–{number(round(pay.high))}"
    written = f"{amount} {pay.currency}".strip()
    if pay.monthly_usd is None or (pay.currency == "USD" and pay.monthly_usd in (round(pay.low), round(pay.high))):
        return written
    return mail_words(_("%(pay)s (about %(usd)s USD a month)", pay=written, usd=pay.monthly_usd))


def notices(state: NoticeState) -> str:
    """Return what became of the notices of an entry."""
    if not state.reported:
        return mail_words(_("not reported to the platform yet"))
    parts: list[object] = [ngettext("%(num)s sent", "%(num)s sent", state.reported)]
    parts += [known_counts(state.known)] if any(msgspec.structs.astuple(state.known)) else []
    if state.median_hours is not None:
        parts.append(ngettext(
            "gone within %(hours)s h", "half of them gone within %(hours)s h", state.known.seen_gone, hours=state.median_hours,
        ))  # fmt: skip
    parts += [ngettext("%(num)s refused", "%(num)s refused", state.refused)] if state.refused else []
    parts += [ngettext("%(num)s back again", "%(num)s back again", state.back)] if state.back else []
    return "; ".join(mail_words(part) for part in parts)


def known_counts(counts: KnownCounts, *, whole: bool = False) -> str:
    """Return how many notices are in each state, what is said gone and still up first; with ``whole`` also those of none."""
    counted = msgspec.structs.asdict(counts).items()
    return "; ".join(f"{say(KNOWN[name])}: {number(count)}" for name, count in counted if count or whole)


def movement_facts(edition: Edition, one: Movement) -> str:
    """Return how large a campaign is, what is new in it, and on which boards or in which languages it is new."""
    said = [adverts(one.members)]
    said += [mail_words(ngettext("%(num)s new", "%(num)s new", one.added))] if 0 < one.added < one.members else []
    names = [
        say(language_name(name)) if kind == "language" else board_name(edition.board(name))
        for kind, _space, name in (ground.partition(" ") for ground in one.new_ground[:2])
    ]
    return " · ".join([*said, mail_words(_("now also %(names)s", names=", ".join(names)))] if names else said)


def queue_ages(queue: QueueAges) -> str:
    """Return how long flagged adverts wait for a person."""
    if not queue.week + queue.month + queue.older:
        return mail_words(_("Nothing waits for a person."))
    return mail_words(ngettext(
        "Waiting for a person: %(week)s for less than 7 days, %(month)s for 7 to 27 days, %(older)s for 28 days or longer; the "
        "oldest for %(num)s day.",
        "Waiting for a person: %(week)s for less than 7 days, %(month)s for 7 to 27 days, %(older)s for 28 days or longer; the "
        "oldest for %(num)s days.",
        queue.oldest_days, **msgspec.structs.asdict(queue),
    ))  # fmt: skip
