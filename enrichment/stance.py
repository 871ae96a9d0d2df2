"""The stance of a text to its offer, sentence by sentence: an advertiser makes it, a reporter repeats it.

A cue of warning, news, testimony or asking governs its own sentence, and those beside it that say nothing of the offer. Where the
rest of the text offers something outside quotation marks and is not worded as reports are, the text makes the offer whatever its
author adds: there lure words keep at least half of their worth (``HALF``), and the cues take away nothing more.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from enrichment.assessment import Contact, StanceLabel
from enrichment.combinations import GRAVE
from enrichment.lexicon.matches import LexiconMatch
from enrichment.ngram_model import NgramModel, NgramScore
from enrichment.stance_cues import COUNTER, CUES, MOST_SHARE, StanceWeights, counter
from enrichment.text.characters import SENTENCE_ENDS, Points
from enrichment.text.quotations import QUOTED, Quotes, Spans, room
from foundation.yaml_limits import read_table

TELLING = ("victims-told-of", "deceit-told-of")
"""Concepts of who was deceived, and how: names at the end of an entry's id."""
NARRATED = 2
"""Words of the third person from which a text that addresses nobody is told of others; beside a quotation one is enough."""
PAGES = ("email", "url")
"""Contacts that a report gives as well: of the office that helps, of the story."""
HALF = 0.5
"""The most that lure words lose where a text makes the offer itself."""
REPORTED, BETWEEN = 0.2, -0.7
"""Wording (``NgramScore.reports``) from which the rest of a text without its cues is a report all the same, unless it calls the
reader to a contact there: where the cues stand together, as who adds them puts them, and where what is offered stands between
them."""
SURE = 0.8
"""Strength from which a phrase counts as what no honest employer does."""
PASSED_ON = 1.0
"""How much a text must say around its quotations, measured by these (``Quotes.own``), to be about them without a cue."""
ANSWERABLE = 0.8
"""The same where a cue stands around them and a reader can answer what they hold."""
FRAMED = 0.5
"""The same where it goes on behind them for a sentence and more."""
CLOSED = 20
"""Letters behind the marks that go on with a report."""
TOLD = 80
"""Letters around the marks that say more than that something is passed on."""
LABEL = 14
"""Letters between the marks and an account behind them, at most: the name of the messenger."""
UNSPACED = ("zh", "ja", "ko", "th", "lo", "km", "my")
"""Languages whose words are looked for anywhere: they part none by a space, or join endings to them."""
BLANK = f" .…\n{SENTENCE_ENDS}"
HOTLINES = ("phone", "email", "url")
"""Contacts that a warning gives as well: where to report, where to get help."""
CALLS = ("call_to_contact", "private_message", "messenger_only")
"""Indicators that call the reader."""
TELLS, TELLS_ALONE = 2.0, 1.5
"""From this summed strength of testimony a text reports harm and offers nothing, whatever account it names; the second value
holds when it names none outside the cues. Victims are never taken for advertisers, even where an advertiser who adds a whole
story of suffering goes free."""
STORY = 4.0
"""Strength of testimony from which it is a whole story of suffering."""
OFFERED = 0.3
"""Wording (``NgramScore.value``) from which the rest of a text, its cues left out and a contact in it, makes an offer whatever
its author denies: of authored reports and testimonies none comes to 0.1, of lures that deny beatings few stay below 0.5."""
SURELY_OFFERED = 0.5
"""Wording from which the rest of a text makes an offer that nobody can answer there, beside a sure cue (above ``SURE``) at one
place: what tells of fraudsters in three sentences mostly stays below 0.4, lures whose contact stands in a picture come to 0.9."""
FRAME = 200
"""Characters of a question about an advert that is shown, at most."""
VERDICT = 70
"""Characters of a verdict behind an advert, at most: a warning of others takes more."""
FALSE = "called_false"
"""Indicator of words that call an advert false."""
ASKED = ("seeker", "warning", FALSE)
"""Those that ask about an advert or call it false, in a question or a heading."""
_QUESTION = re.compile(r"(?:[?？؟፧]|(?:ไหม|มั้ย|บ้าง|လား|ບໍ)(?!\w))")
"""Thai, Burmese and Lao ask with a word at the end and write no mark."""
_ASKED = re.compile(rf"{_QUESTION.pattern}\W*$")
_HEADING = re.compile(r"\W*(?:([\[【][^\]】\n]{2,60}[\]】])|[^:：!！?？.。।\n]{2,60}[:：!！\n])\W*")
"""Words in brackets over an advert, or before a colon, a mark or a line's end: an advertiser warns of others in a sentence."""
NEAR = 1
"""Sentences between a call and the contact it calls to, at most."""
_ENDS = SENTENCE_ENDS.replace("።", "")
_END = re.compile(rf"(?<=[{_ENDS}…;\n])|(?<=\.)(?=\s)|(?<=[\u0e00-\u0eff\u1780-\u17ff])(?= [\u0e00-\u0eff\u1780-\u17ff])")
"""Ends of sentences; Thai, Lao and Khmer part theirs by a space. Amharic's stop is left out: its cues are few, and a sentence
without one, in an appeal for help or a warning, was read as an offer of its author."""


def _search(language: str, words: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of words of a language; ``~`` stands for any ending."""
    forms = "|".join(re.escape(word).replace(r"\~", r"\w*") for word in words)
    return re.compile(forms if language in UNSPACED else rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)


_PERSONS = {
    language: (_search(language, words["told"]), _search(language, words["addressed"]))
    for language, words in read_table(__file__, "third_person.yml", dict[str, dict[str, list[str]]]).items()
}


class Stance(NamedTuple):
    """The stance: how far lure words count as the author's own."""

    told: NgramScore | None
    """How the text is worded; the part that makes the offer, where it makes one."""
    less: float
    """Share, 0 to 1, by which lure words count less."""
    governed: Spans = ()
    """Sentences of another stance in a text that makes the offer itself: ``reported`` holds for them."""
    reported: float = 0.0
    """Share by which lure words count less there."""
    offers: bool = False
    """The text makes the offer itself: its cues are counted by the shares alone."""

    def share(self, start: int, end: int) -> float:
        """Return the share by which lure words at a stretch of the raw text count less."""
        return self.reported if any(first < end and start < last for first, last in self.governed) else self.less


def quoted_parts(raw: str, said: Quotes, lexicon_matches: Iterable[LexiconMatch], reached: Iterable[Contact]) -> Quotes:
    """Return what is somebody else's of all that a text puts between marks: nothing where it passes an advert on that says more
    than all around it, and no cue of another stance stands around the marks, or a reader can answer it (``_answerable``).
    Who goes on behind the marks (``_is_framed``) reports, whatever words he uses; who gives an account right behind them and ends
    there (``_ends_with_contact``) passes it on, however much he warns before.

    Who warns of an advert says more than the advert does: so did 260 of 262 authored reports that quote one and name a contact,
    and the two others nearly as much.
    """
    if _ends_with_contact(raw, said, reached):
        return Quotes(passed_on=said.words)
    if said.own_share >= PASSED_ON or _is_framed(raw, said, reached):
        return said
    cued = [item.start for item in lexicon_matches if _counters(item) and not said.hold(item.start, item.end)]
    if not cued:
        return Quotes(passed_on=said.words)
    named = sum(contact.end - contact.start for contact in reached if not said.hold(contact.start, contact.end))
    if said.share(said.around - named) < ANSWERABLE and _answerable(raw, said, cued, lexicon_matches, reached):
        return Quotes(passed_on=said.words)
    return said


class ShownAdvert(NamedTuple):
    """An advert that a text only shows, as a span of the raw text, and the stance of who shows it."""

    start: int
    end: int
    stance: StanceLabel


def shown_advert(raw: str, lexicon_matches: Sequence[LexiconMatch], reached: Iterable[Contact]) -> ShownAdvert | None:
    """Return the advert that a text only shows: somebody asks before or behind it whether it is true, and nobody answers, or
    calls it false in its heading or behind it. None where the text is its author's own, and where it warns in the midst as well:
    that is a report, whose stance is read sentence by sentence."""
    shown = _find_shown(raw, lexicon_matches, [contact for contact in reached if not contact.link])
    cues = [item for item in lexicon_matches if _counters(item) and item.value > SURE]
    if shown is None or shown.stance == "seeker":
        return shown
    return None if any(shown.start <= cue.start and cue.end <= shown.end for cue in cues) else shown


def _find_shown(raw: str, lexicon_matches: Sequence[LexiconMatch], written: Sequence[Contact]) -> ShownAdvert | None:
    """Return what stands behind a question or a heading that calls it false, or before a question or verdict."""
    spoken = [item.start for item in lexicon_matches if _bears(item)] + [contact.start for contact in written]
    if not spoken:
        return None
    asked = [item for item in lexicon_matches if item.entry.indicator.slug in ASKED and item.value > SURE]
    called = [item for item in lexicon_matches if item.entry.indicator.slug == FALSE]
    starts = sorted({*sentences(raw), *(contact.end for contact in written)})
    opening = max(start for start in starts if start <= min(spoken))
    hooked = any(item.end <= opening and item.entry.indicator.slug == "offer" for item in lexicon_matches)
    question = max((start for start in starts if start < opening), default=0)
    asks = any(item.end <= opening and (item.start >= question or item.entry.indicator.slug == "seeker") for item in asked)
    if asks and not hooked and opening <= FRAME and _ASKED.search(raw[:opening]):
        return ShownAdvert(opening, len(raw), "seeker")
    heading = _HEADING.match(raw)
    if heading and any(item.end <= heading.end() for item in ([*asked, *called] if heading[1] else called)):
        return ShownAdvert(heading.end(), len(raw), "warning")
    for item in asked:
        closing = starts[bisect_right(starts, item.start) - 1]
        if min(spoken) < closing and max(spoken) < item.end and len(raw) - closing <= FRAME:
            if _ASKED.search(raw[closing:]):
                return ShownAdvert(0, closing, "seeker")
            if item in called and len(raw) - closing <= VERDICT and not _QUESTION.search(raw[closing:]):
                return ShownAdvert(0, closing, "warning")
    return None


def find_teller(
    raw: str, lexicon_matches: Iterable[LexiconMatch], reached: Iterable[Contact], language: str
) -> tuple[int, int] | None:
    """Return where a text tells, in the third person, of an offer of others: by a phrase of deceit or victims (``TELLING``), or
    because outside quotation marks it speaks of people and addresses none. None where a reader can answer, for who gives his
    account warns of rivals, and for culprits alone: an advertiser tells them to stay away."""
    if any(contact.type not in PAGES for contact in reached):
        return None
    for item in lexicon_matches:
        if item.entry.id.endswith(TELLING) and item.value > SURE:
            return item.start, item.end
    if language not in _PERSONS:
        return None
    told, addressed = _PERSONS[language]
    own = QUOTED.sub(lambda match: " " * len(match[0]), raw)
    found = [match.span() for match in told.finditer(own)]
    return found[0] if len(found) >= (1 if own != raw else NARRATED) and not addressed.search(own) else None


def _bears(lexicon_match: LexiconMatch) -> bool:
    """Tell whether a phrase bears an offer: a word of a lure, no cue and no call."""
    return bool(lexicon_match.value) and lexicon_match.entry.indicator.family not in ("honest", "voice", "channel")


def _ends_with_contact(raw: str, said: Quotes, reached: Iterable[Contact]) -> bool:
    """Tell whether a text ends with an account right behind what it quotes: of 120 authored reports that give one outside the
    marks, none does."""
    last = said.words[-1][1]
    return any(
        not contact.link
        and contact.type not in HOTLINES
        and 0 <= contact.start - last <= LABEL
        and len(raw.rstrip(BLANK)) <= contact.end
        for contact in reached
    )


def _is_framed(raw: str, said: Quotes, reached: Iterable[Contact]) -> bool:
    """Tell whether a text leads to what it quotes and goes on behind it, and only what it quotes holds a way to answer: so do a
    lesson, a report and a police notice in every language, while who passes an advert on ends with it. Where nobody can be
    reached at all, it is enough that more is said than who passes something on says."""
    behind = raw[said.words[-1][1] :].strip(BLANK)
    if not any(True for _ in reached):
        return said.own_share >= FRAMED and said.around >= TOLD
    return (
        said.own_share >= FRAMED
        and room(behind) >= CLOSED
        and not any(contact.link or not said.hold(contact.start, contact.end) for contact in reached)
    )


def _can_answer(lexicon_matches: Iterable[LexiconMatch], reached: Iterable[Contact]) -> bool:
    """Tell whether a reader can answer a text at all: it gives a contact, or calls the reader."""
    return any(True for _ in reached) or any(map(_calls, lexicon_matches))


def _answerable(
    raw: str, said: Quotes, cued: Sequence[int], lexicon_matches: Iterable[LexiconMatch], reached: Iterable[Contact]
) -> bool:
    """Tell whether a text gives a way to answer what it quotes: an account outside the marks, in a sentence without a cue; or any
    contact or call where no cue speaks of the quotation, in the sentence that opens it or behind it."""
    starts = sentences(raw)
    names = {bisect_right(starts, place) for place in cued}
    outside = [contact for contact in reached if not contact.link and not said.hold(contact.start, contact.end)]
    if any(contact.type not in HOTLINES and bisect_right(starts, contact.start) not in names for contact in outside):
        return True
    opened = {bisect_right(starts, start) for start, _ in said.words}
    if any(place > said.words[0][1] or bisect_right(starts, place) in opened for place in cued):
        return False
    return any(not contact.link for contact in reached) or any(map(_calls, lexicon_matches))


def _counters(lexicon_match: LexiconMatch) -> bool:
    return CUES.get(lexicon_match.entry.indicator.slug) in COUNTER


def _speaks(lexicon_match: LexiconMatch) -> bool:
    """Tell whether a phrase is part of an offer: a word of a lure, or a call to the reader."""
    indicator = lexicon_match.entry.indicator
    return indicator.family not in ("honest", "voice") or indicator.slug in (*CALLS, "offer")


def _calls(lexicon_match: LexiconMatch) -> bool:
    return lexicon_match.entry.indicator.slug in CALLS


def _is_grave(lexicon_match: LexiconMatch) -> bool:
    """Tell whether a phrase is surely what no honest employer does."""
    return lexicon_match.entry.indicator.slug in GRAVE and lexicon_match.value >= SURE


def _testifies(lexicon_match: LexiconMatch) -> bool:
    return CUES.get(lexicon_match.entry.indicator.slug) == "testimony"


def _between(names: set[int], offered: set[int], most: int) -> set[int]:
    """Return the sentences beside those of ``names`` that say nothing of the offer: they go on with what the cue says."""
    reached: set[int] = set()
    for number in names:
        for step in (-1, 1):
            beside = number + step
            while 0 < beside <= most and beside not in offered and beside not in names and beside not in reached:
                reached.add(beside)
                beside += step
    return reached


def sentences(raw: str) -> list[int]:
    """Return where the sentences of ``raw`` start; the first at 0."""
    return [0, *(place for match in _END.finditer(raw) if 0 < (place := match.start()) < len(raw))]


class OwnPart(NamedTuple):
    """The part of a text that may make an offer itself."""

    governed: Spans
    """The sentences beside it: they hold a cue of another stance."""
    terms: Spans
    """Sentences that only name honest terms, beside what no honest employer does."""
    limit: float
    """Wording (``NgramScore.reports``) from which it is a report all the same; none is where it calls the reader to its
    contact."""
    denies: bool = False
    """It has a contact, and its testimony is in one place and no whole story: an advertiser may deny harm."""
    answered: bool = True
    """It gives a contact or calls the reader."""
    codes: Points | None = None
    """Its code points, names and quotations blanked; None where they are those of the whole text."""


def own_part(raw: str, lexicon_matches: Sequence[LexiconMatch], reached: Iterable[Contact], said: Quotes) -> OwnPart | None:
    """Return the part of a text beside the sentences that hold a cue of another stance; None where nothing is offered there,
    where nothing is cued or quoted, and where it tells what somebody suffered."""
    cued = _places(lexicon_matches, _counters)
    named = _doubted_terms(lexicon_matches)
    if not cued and not said.words and not named:
        return None
    starts = _sentence_starts(raw, reached, said)

    def numbers(places: Iterable[int]) -> set[int]:
        return {bisect_right(starts, place) for place in places}

    offered = numbers(contact.start for contact in reached) | numbers(_places(lexicon_matches, _speaks))
    names = numbers(cued)
    names |= _between(names, offered, len(starts))

    def stands_beside(part: LexiconMatch | Contact) -> bool:
        return bisect_right(starts, part.start) not in names and not said.hold(part.start, part.end)

    beside = list(filter(stands_beside, lexicon_matches))
    if not any(map(_speaks, beside)):
        return None
    entries = numbers(contact.start for contact in reached if not contact.link and stands_beside(contact))
    linked = any(contact.link for contact in reached)
    value = math.fsum(lexicon_match.value for lexicon_match in filter(_testifies, lexicon_matches))
    blocks = _runs(names, starts, len(raw))
    at_one_place = len(blocks) < 2
    called = numbers(_places(beside, _calls))
    if value >= (TELLS if entries or linked else TELLS_ALONE):
        limit = -math.inf
    elif _calls_to_contact(called, entries, linked=linked):
        limit = math.inf
    else:
        limit = REPORTED if at_one_place else BETWEEN
    honest = numbers(named) - offered - names
    denies = bool(entries) and at_one_place and value < STORY
    return OwnPart(blocks, _runs(honest, starts, len(raw)), limit, denies, _can_answer(beside, reached))


def _places(lexicon_matches: Iterable[LexiconMatch], holds: Callable[[LexiconMatch], bool]) -> list[int]:
    """Return where the phrases start for which a rule holds."""
    return [lexicon_match.start for lexicon_match in lexicon_matches if holds(lexicon_match)]


def _doubted_terms(lexicon_matches: Sequence[LexiconMatch]) -> list[int]:
    """Return where honest terms start in a text that also says what no honest employer does; none in other texts."""
    doubted = any(map(_is_grave, lexicon_matches))
    return _places(lexicon_matches, lambda item: doubted and item.entry.indicator.family == "honest")


def _sentence_starts(raw: str, reached: Iterable[Contact], said: Quotes) -> list[int]:
    """Return where sentences start, also behind a contact and at the marks of an advert that is passed on."""
    edges = [edge for span in said.passed_on for edge in span if edge < len(raw)]
    behind = [contact.end for contact in reached if not contact.link]
    edges += [end for end in behind if raw[end : end + 1].isspace() and raw[end + 1 : end + 2].isupper()]  # a new sentence
    return sorted({*sentences(raw), *edges})


def _calls_to_contact(called: set[int], entries: set[int], *, linked: bool) -> bool:
    """Tell whether a call to the reader stands near a contact; one that the page gives is near every call."""
    return (linked and bool(called)) or any(abs(call - place) <= NEAR for call in called for place in entries)


def _runs(numbers: Iterable[int], starts: Sequence[int], end: int) -> Spans:
    """Return the spans of numbered sentences, those that follow on each other as one."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        start, last = starts[number - 1], starts[number] if number < len(starts) else end
        if runs and runs[-1][1] == start:
            start = runs.pop()[0]
        runs.append((start, last))
    return tuple(runs)


def stance(
    lexicon_matches: Sequence[LexiconMatch],
    repeated: float,
    ngram_score: NgramScore | None,
    own: OwnPart | None,
    ngrams: NgramModel,
    learned: StanceWeights,
    reached: bool,
    *,
    short: bool,
) -> Stance:
    """Return the stance of a text that is ``told`` so; ``own`` is the part that may make an offer itself, ``reached`` tells
    whether it has a contact, and ``short`` that it is too short to be taken at its wording."""
    rest = ngrams.score(own.codes) if own and own.codes is not None else ngram_score
    offered = rest.value if rest else 0.0
    speaks = (own and own.answered) or (offered >= SURELY_OFFERED and not (own and len(own.governed) > 1))
    if not (reached or speaks) and any(_counters(item) and item.value > SURE for item in lexicon_matches):
        return Stance(ngram_score, MOST_SHARE)
    reached = short or reached or (ngram_score is not None and ngram_score.value >= OFFERED)
    less = counter(lexicon_matches, ngram_score.reports if ngram_score else 0.0, repeated, learned, reached=reached)
    reports = rest.reports if rest else 0.0
    offers = offered >= OFFERED
    if own is None or not (offers or own.answered) or (reports >= own.limit and not (offers and own.denies)):
        return Stance(ngram_score, less)
    others = [lexicon_match for lexicon_match in lexicon_matches if not _counters(lexicon_match)]
    return Stance(rest, min(HALF, counter(others, reports, repeated, learned, reached=True)), own.governed, less, offers=True)
