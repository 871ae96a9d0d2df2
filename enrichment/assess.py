"""Assesses a text, in this order: language, views, lexicon matches, stance, features, score, facts."""

import hashlib
import traceback
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from enrichment import scoring
from enrichment.assessment import Assessment, Contact, Fingerprint, Language, MonthlyPay, Place, Signal
from enrichment.contacts.extract import contacts
from enrichment.contacts.page_links import link_contacts
from enrichment.facts.pay import ReadPay, read_pay
from enrichment.facts.places import Gazetteer, countries_named
from enrichment.facts.wages import times_ordinary
from enrichment.features import AGAINST, SILENT, Promise, TextFeatures, features
from enrichment.garbage_collection import pause_garbage_collection
from enrichment.harm import harm
from enrichment.language.detect import UNKNOWN, language
from enrichment.lexicon.lexicon import Lexicon, lexicon
from enrichment.lexicon.matches import SURE, LexiconMatch, LexiconMatcher
from enrichment.lexicon.meaning import find_honest_clauses, keep_meant
from enrichment.model import SHIPPED, load
from enrichment.stance import OwnPart, Stance, find_teller, own_part, quoted_parts, shown_advert
from enrichment.stance_cues import CLEARLY_REPORTED, counter_cues, stance_label
from enrichment.text.characters import Points
from enrichment.text.fingerprint import fingerprint
from enrichment.text.masking import NameMask
from enrichment.text.obfuscation_signal import obfuscation
from enrichment.text.quotations import Quotes, Spans, quotes
from enrichment.text.unspaced import whole_words
from enrichment.text.views import Views

SEND_TO = (
    "telegram", "whatsapp", "line", "zalo", "wechat", "qq", "viber", "signal", "kakaotalk", "phone", "email", "crypto", "url",
)  # fmt: skip
"""Which contact names a campaign best, in this order."""

ENRICHMENT = Path(__file__).parent
BATCH, ROOM = 128, 1 << 18
"""Texts that are judged together, and the code points above which fewer are, because all of them are in memory."""


class PostingText(NamedTuple):
    """One posting to judge."""

    id: str
    title: str | None
    text: str
    countries: tuple[str, ...] = ()
    """Where its source is read, likeliest first (ISO 3166): where a telephone number without a country code may belong."""
    links: tuple[str, ...] = ()
    """Addresses the page published beside the text to reach the advertiser (``crawlers.items.Posting.contacts``)."""

    @property
    def raw(self) -> str:
        """What the offsets of an assessment count."""
        return f"{self.title or ''}\n{self.text}"


class _Facts(NamedTuple):
    """Facts of a text: read once, used for features and returned."""

    views: Views
    language: Language
    contacts: tuple[Contact, ...]
    earned: ReadPay | None
    places: tuple[Place, ...]
    countries: frozenset[str]

    @property
    def pay(self) -> MonthlyPay | None:
        """The pay itself."""
        return self.earned.pay if self.earned else None


def parsed_digest(read: Lexicon, places: Gazetteer) -> str:
    """Return the SHA-256 of lexicon and places as they were parsed; a version names their files."""
    return hashlib.sha256(f"{read.parsed_digest}{places.parsed_digest}".encode()).hexdigest()


class Assessor:
    """Everything that is loaded once: lexicon, model, places. Assessing is pure: no network, no clock, no store."""

    @pause_garbage_collection()
    def __init__(self, seeds: Path, *, model: Path = SHIPPED, use_cache: bool = True) -> None:
        """Read ``seeds/lures``, ``seeds/places.yml`` and a model; raise LexiconError, ModelError and the like.

        Without ``use_cache`` the files are parsed, which takes seconds, and what other processes kept of them is replaced.
        """
        read = lexicon(seeds / "lures", use_cache=use_cache)
        self.model = load(model)
        self._texts_of = read.version, seeds / "places.yml"
        self.lexicon_version = _version(*self._texts_of, self.model.version)
        self._reader = LexiconMatcher(read)
        self._served = {entry.language for entry in read.entries}
        self._gazetteer = Gazetteer(seeds / "places.yml", use_cache=use_cache)
        self._names = NameMask(self._gazetteer.forms)
        self.parsed_digest = parsed_digest(read, self._gazetteer)

    @property
    def judge(self) -> str:
        """Version of everything that judges, with the code: another version may judge what this one could not."""
        return f"LureWatch {version('lurewatch')} with lexicon {self.lexicon_version}"

    def copy_with_model(self, folder: Path) -> "Assessor":
        """Return an assessor that judges by another model and shares all else with this one; raise ModelError."""
        other = copy(self)
        other.model = load(folder)
        other.lexicon_version = _version(*self._texts_of, other.model.version)
        return other

    def assess(
        self,
        *,
        id: str,
        title: str | None,
        text: str,
        countries: tuple[str, ...] = (),
        links: tuple[str, ...] = (),
    ) -> Assessment:
        """Return the judgement of one posting; offsets count code points of ``title + "\\n" + text``.

        The place of a text is no evidence, so its address and source are not used. A text that cannot be judged raises
        nothing: ``Assessment.unjudged`` says so.
        """
        return self._judged_apart([PostingText(id, title, text, countries, links)])[0]

    def assess_all(self, postings: Iterable[PostingText]) -> Iterator[Assessment]:
        """Yield the judgements of many postings in their order, as ``assess`` gives them, for two thirds of the time.

        They are taken a batch at a time (``BATCH``), and each stage reads the whole batch before the next begins: one by one,
        the code and tables of each stage have left the processor's caches when the next text comes.
        """
        for batch in _batches(postings):
            yield from self._judged_apart(batch)

    def evidence(self, raw: str) -> list[LexiconMatch]:
        """Return the lexicon entries ``raw`` shows, each with its place in the seed files: what the signals were made from."""
        seen = Views(raw)
        return self._reader.evidence(seen, language(seen))

    def text_features(self, raw: str) -> TextFeatures:
        """Return what ``raw`` shows before anything is argued: what is learned from.

        How it is worded is left out: training tells that from other texts (``evaluation.learning``).
        """
        facts = self._facts([PostingText("", None, raw)])
        return self._features(facts, self._match_batch(facts))[0]

    def _reads(self, spoken: Language) -> bool:
        """Tell whether rules are there for the language of a text, for a part of it, or whether its language is in doubt."""
        if spoken.code in (*self._served, UNKNOWN.code) or spoken.confidence < SURE:
            return True
        return any(segment.code in self._served for segment in spoken.segments)

    def _judged_apart(self, batch: Sequence[PostingText]) -> list[Assessment]:
        """Return the judgements of a batch; what cannot be judged spoils no other text."""
        try:
            return self._judge_batch(batch)
        except Exception as exc:  # noqa: BLE001 - whatever a hostile text brings about is named in its own assessment
            if len(batch) > 1:
                return [judged for posted in batch for judged in self._judged_apart([posted])]
            return [self._unjudged_assessment(batch[0], exc)]

    def _unjudged_assessment(self, posted: PostingText, exc: Exception) -> Assessment:
        frames = traceback.extract_tb(exc.__traceback__)
        at = [frame for frame in frames if Path(frame.filename).is_relative_to(ENRICHMENT)][-1]
        return Assessment(
            id=posted.id,
            language=UNKNOWN,
            stance="other",
            score=0.0,
            flagged=False,
            tag="none",
            lexicon_version=self.lexicon_version,
            model_version=self.model.version,
            unjudged=f"by {self.judge}: {type(exc).__name__} in {Path(at.filename).name}, line {at.lineno}",
        )

    def _judge_batch(self, batch: Sequence[PostingText]) -> list[Assessment]:
        facts = self._facts(batch)
        seen = self._match_batch(facts)
        entries = self._features(facts, seen)
        heard = [text_features.stance(self.model.ngrams, self.model.weights.voices) for text_features in entries]
        printed = [fingerprint(fact.views.raw) for fact in facts]
        ids = [tuple(sorted({match.entry.id for match in lexicon_matches if match.value})) for lexicon_matches in seen]
        return [self._conclude(*item) for item in zip(batch, facts, entries, ids, heard, printed, strict=True)]

    def _match_batch(self, batch: Sequence[_Facts]) -> list[list[LexiconMatch]]:
        return self._reader.evidence_of([(facts.views, facts.language) for facts in batch])

    def _facts(self, batch: Sequence[PostingText]) -> list[_Facts]:
        seen = [Views(posting_text.raw) for posting_text in batch]
        for views in seen:
            views.make()
        spoken = [language(views) for views in seen]
        read = list(zip(seen, spoken, strict=True))
        reached = [_reached_contacts(*item, posted) for item, posted in zip(read, batch, strict=True)]
        named = [self._gazetteer.places(*item) for item in read]
        countries = [countries_named(*item, places) for item, places in zip(read, named, strict=True)]
        earned = [read_pay(*item, about) for item, about in zip(read, countries, strict=True)]
        return list(map(_Facts, seen, spoken, reached, earned, named, countries))

    def _features(self, batch: Sequence[_Facts], seen: Sequence[Sequence[LexiconMatch]]) -> list[TextFeatures]:
        """Return what is argued from ``seen``; rules in shadow are left out."""
        seen = [[item for item in lexicon_matches if item.entry.status != "shadow"] for lexicon_matches in seen]
        results = [
            keep_meant(_without_names(facts, lexicon_matches), facts.views.raw, facts.language.code, facts.contacts, facts.places)
            for facts, lexicon_matches in zip(batch, seen, strict=True)
        ]
        shown = [
            shown_advert(facts.views.raw, lexicon_matches, facts.contacts)
            for facts, lexicon_matches in zip(batch, results, strict=True)
        ]
        honest = [
            find_honest_clauses(all_found, meant, facts.views.raw)
            for facts, all_found, meant in zip(batch, seen, results, strict=True)
        ]
        promised = [_promise(facts) for facts in batch]
        disguised = [obfuscation(facts.views) for facts in batch]
        said = [
            Quotes() if advert else _quoted_parts(facts, lexicon_matches)
            for advert, facts, lexicon_matches in zip(shown, batch, results, strict=True)
        ]
        frames = [
            ((0, one.start), (one.end, len(facts.views.raw))) if one else () for one, facts in zip(shown, batch, strict=True)
        ]
        blanked = [self._blank_names(*item) for item in zip(batch, said, frames, strict=True)]
        read = [facts.views.unleet for facts in batch]
        repeated = [_repeated_share(*item) for item in zip(batch, results, said, strict=True)]
        own = [
            None if advert else self._own_part(facts, lexicon_matches, quoted)
            for advert, facts, lexicon_matches, quoted in zip(shown, batch, results, said, strict=True)
        ]
        answered = [bool(facts.contacts) for facts in batch]
        told = [
            find_teller(facts.views.raw, lexicon_matches, facts.contacts, facts.language.code)
            for facts, lexicon_matches in zip(batch, results, strict=True)
        ]
        parts = results, promised, disguised, read, blanked, said, repeated, own, answered, honest, shown, told
        return list(map(TextFeatures, *parts))

    def _blank_names(self, facts: _Facts, said: Quotes, others: Spans = ()) -> Points:
        names = [
            *((contact.start, contact.end) for contact in facts.contacts),
            *((place.start, place.end) for place in facts.places),
        ]
        names += (*said.sentences, *others)
        return self._names.blank_names(facts.views.unleet, names)

    def _own_part(self, facts: _Facts, lexicon_matches: Sequence[LexiconMatch], said: Quotes) -> OwnPart | None:
        part = own_part(facts.views.raw, lexicon_matches, facts.contacts, said)
        others = (*part.governed, *part.terms) if part else ()
        return part._replace(codes=self._blank_names(facts, said, others)) if part and others else part

    def _conclude(
        self,
        posted: PostingText,
        facts: _Facts,
        text_features: TextFeatures,
        rules: tuple[str, ...],
        heard: Stance,
        printed: Fingerprint,
    ) -> Assessment:
        raw = facts.views.raw
        read = self._reads(facts.language)
        signals = (
            scoring.signals(features(text_features, heard, raw), self.model.weights, raw)
            if read
            else (_unread_signal(raw, facts.language),)
        )
        if read:
            signals = (*signals, *_shown_signal(raw, text_features))
        points = scoring.score(signals, self.model.weights)
        flagged = points >= scoring.FLAGGED
        offers = heard.offers and (flagged or counter_cues(text_features.found) < CLEARLY_REPORTED)
        work = any(signal.weight > 0 for signal in signals)
        speaks = "offer" if offers and read else stance_label(text_features.found, work=work, counter=heard.less)
        if text_features.advert:
            speaks = text_features.advert.stance
        return Assessment(
            id=posted.id,
            language=facts.language,
            stance=speaks,
            score=points,
            flagged=flagged,
            tag=scoring.tag(signals) if flagged else "none",
            signals=signals,
            contacts=facts.contacts,
            places=facts.places,
            pay=facts.pay,
            fingerprint=printed,
            campaign_key=_campaign_key(facts.contacts, printed.bands),
            lexicon_version=self.lexicon_version,
            model_version=self.model.version,
            harm=harm(signals, speaks),
            rules=rules,
        )


def _unread_signal(raw: str, spoken: Language) -> Signal:
    """Say that a text is not judged: what rules of other languages find in it is chance."""
    first = len(raw) - len(raw.lstrip())
    start, end = whole_words(raw, first, first + 1)
    gloss = f"not judged: no rules and no wording are known for this language ({spoken.code})"
    return Signal(indicator="language_unread", family="voice", start=start, end=end, text=raw[start:end], weight=0.0, gloss=gloss)


def _shown_signal(raw: str, read: TextFeatures) -> Iterator[Signal]:
    """Say whose words an offer is not: it stays below the flag, and a person reads it."""
    if (advert := read.advert) is not None:
        first, last = (0, advert.start) if advert.start else (advert.end, len(raw))
        first, last = last - len(raw[first:last].lstrip()), first + len(raw[first:last].rstrip())
        gloss = "shows an advert and asks whether it is true, or calls it false: a person reads it, nobody is accused"
    elif read.teller:
        first, last = read.teller
        gloss = "tells of an offer that others made, and gives no way to answer it: nobody is addressed, nobody is accused"
    else:
        return
    start, end = whole_words(raw, first, last)
    yield Signal(indicator=scoring.SHOWN, family="voice", start=start, end=end, text=raw[start:end], weight=0.0, gloss=gloss)


def _reached_contacts(seen: Views, spoken: Language, posted: PostingText) -> tuple[Contact, ...]:
    written = contacts(seen, spoken, posted.countries)
    return (*written, *link_contacts(posted.links, written, spoken, posted.countries)) if posted.links else written


def _batches(postings: Iterable[PostingText]) -> Iterator[list[PostingText]]:
    batch: list[PostingText] = []
    room = ROOM
    for posting in postings:
        batch.append(posting)
        room -= len(posting.text)
        if len(batch) == BATCH or room <= 0:
            yield batch
            batch, room = [], ROOM
    if batch:
        yield batch


def _without_names(facts: _Facts, lexicon_matches: Sequence[LexiconMatch]) -> list[LexiconMatch]:
    """Return the matches without those that read a part of a place's name: who names the Rich World casino names no gambling."""
    return [
        item
        for item in lexicon_matches
        if item.entry.indicator.slug in SILENT
        or not any(
            place.start < end and start < place.end and not (start <= place.start and place.end <= end)
            for place in facts.places
            for start, end in item.words or ((item.start, item.end),)
        )
    ]


def _quoted_parts(facts: _Facts, lexicon_matches: Sequence[LexiconMatch]) -> Quotes:
    said = quotes(facts.views.raw)
    return quoted_parts(facts.views.raw, said, lexicon_matches, facts.contacts) if said.words else said


def _repeated_share(facts: _Facts, lexicon_matches: Sequence[LexiconMatch], said: Quotes) -> float:
    if not said.sentences:
        return 0.0
    lures = [
        (lexicon_match.start, lexicon_match.end, lexicon_match.value)
        for lexicon_match in lexicon_matches
        if lexicon_match.entry.indicator.family not in AGAINST
    ]
    return said.repeated_share(lures, facts.contacts)


def _promise(facts: _Facts) -> Promise | None:
    times = times_ordinary(facts.pay, facts.language, facts.countries)
    if facts.earned is None or not facts.earned.stated or times is None:
        return None
    return Promise(facts.earned.pay, times)


def _version(phrases: str, places: Path, model: str) -> str:
    """Return the first 12 hex digits of the SHA-256 of all that judges: another version may judge the same text otherwise."""
    return hashlib.sha256(b"\0".join([phrases.encode(), model.encode(), places.read_bytes()])).hexdigest()[:12]


def _campaign_key(reached: tuple[Contact, ...], bands: tuple[str, ...]) -> str | None:
    if reached:
        strongest = min(reached, key=lambda contact: SEND_TO.index(contact.type))
        return f"{strongest.type}:{strongest.value}"
    return bands[0] if bands else None
