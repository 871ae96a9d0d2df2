"""Finds the lexicon rules in a text, with their spans and whether they were disguised."""

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain

import msgspec
from msgspec.structs import replace

from enrichment.assessment import Language
from enrichment.language.word_votes import profile
from enrichment.lexicon.concepts import ConceptHit, Concepts, WordHit
from enrichment.lexicon.lexicon import STEP_DOWN, Indicator, Lexicon, LexiconEntry
from enrichment.lexicon.matcher import Hit, Matcher
from enrichment.lexicon.pattern import bare_long, marked_pattern, words_of
from enrichment.lexicon.stream import Stream, stream
from enrichment.text.unspaced import splits_a_word
from enrichment.text.views import View, Views, bare
from enrichment.text.vowelless_words import JOINING, LANGUAGES, expand_words, rejoin_words, vowelless_forms

SHARED = {"id": ("ms",), "ms": ("id",), "pt": ("es",), "es": ("pt",), "hi": ("ur",), "ur": ("hi",)}
"""Languages whose phrases are read on each other's texts; English is read on every text."""
LATIN = frozenset({"vi", "en", "id", "ms", "tl", "fr", "pt", "es", "sw", "ha", "tr", "uz"})
"""Files written in Latin letters: their phrases count only where the language fits; other scripts speak for themselves."""
ROMANISED = frozenset({"hi", "ur", "bn", "ne", "ta", "si", "am", "km", "my", "lo", "th"})
"""Files that also hold phrases as typed in Latin letters; read where such a language is heard, or none is."""
BY_SCRIPT = {
    "Hani": ("zh",),
    "Hira": ("ja",),
    "Kana": ("ja",),
    "Hang": ("ko",),
    "Thai": ("th",),
    "Laoo": ("lo",),
    "Khmr": ("km",),
    "Mymr": ("my",),
    "Arab": ("ur", "ar"),
    "Deva": ("hi", "ne"),
    "Beng": ("bn",),
    "Taml": ("ta",),
    "Sinh": ("si",),
    "Ethi": ("am",),
    "Cyrl": ("ru", "uz"),
}
"""Files a script calls for, wherever it occurs in the text."""
RUNNING = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Files of languages written without spaces, whose phrases may stand inside longer words."""
_WORD = re.compile(r"[^\W\d_]+")
_MARK = re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")
DOUBTFUL, SURE = 250, 0.7
"""Letters under which a text in Latin script that reads as English may be another language's sentence, half of it English words,
and the confidence from which any other language is taken as told."""
TOGETHER = (("id", "ms"), ("es", "pt"), ("ar", "ur"), ("hi", "ne"), ("ru", "uz"))
"""Files that are read together on most texts: compiled together, they take one pass instead of two. English stays apart, though
it is read with all: compiled into each, it would take twice the memory and save a twentieth of the time."""


MARKED, MOSTLY_MARKED = 0.05, 0.5
"""Share of the words of a file that carry marks from which it is written with them, so that they decide which word it is, and
from which one word without them is too little to tell which it is (Vietnamese)."""
FEW_MARKS, FEW_WORDS = 0.25, 8
"""Of the marks that words of the language have, the share up to which a sentence is typed without them, and words under which
the whole text tells."""
STEM = 4
"""Letters of a word of a rule that a longer word of a text may begin with."""
COUNTED, WORDINGS, WHOLE = "voice", 4, 12
"""The family whose cues are counted: a story told in three ways is more of a story. A rule counts so many wordings at most, each
of so many letters: a list of short words (beaten, locked up, sold) tells one thing."""
FEW = 4
"""Files up to which it is told what language a text is in."""
Names = tuple[str, ...]
"""Lexicon files that are read together."""
_Hit = tuple[int, Names, Hit]
"""Number of the entry in the whole lexicon, the files it was found with, and the hit among their entries."""


class LexiconMatch(msgspec.Struct, frozen=True):
    """One entry found in the text."""

    entry: LexiconEntry
    start: int
    end: int
    value: float
    """Strength of the entry, a step less when only a folded view shows it; 0 where a concept is denied: it takes back what rules
    read there."""
    disguise: str
    """What had to be undone to see it; empty when nothing had to."""
    words: tuple[tuple[int, int], ...] = ()
    """Spans of the words of a concept; empty for a rule."""


class Hearing(msgspec.Struct, frozen=True):
    """What is known of the language of a text: it decides whether a word found in it is one of a language."""

    spoken: frozenset[str] = frozenset()
    """Its languages, and those whose phrases are read on their texts."""
    marks: Mapping[str, float] = {}
    """For each language the share of the words of its rules that carry marks."""
    class_marks: Mapping[str, float] = {}
    """The same of its class words."""
    vocabulary: frozenset[str] = frozenset()
    """Words of its language and of English, without their marks: in no other language do they say anything here."""
    doubtful: bool = False
    """Nobody can tell what language it is in."""
    is_marked: bool = False
    """Words of its language are told apart by their marks."""

    def compare_marks(
        self, made: Stream, place: tuple[int, int], language: str, share: float, written: Callable[[str, bool], object]
    ) -> bool | None:
        """Tell whether what stands at a place of the stream is ``written`` with its marks (True), or without any in a sentence
        typed without them (False); with others it is another word (None). ``share`` of the words of its file carry marks: where
        few do, those of its short words alone count as well (``written`` is asked so)."""
        if share < MARKED and (language in self.spoken - {"en"} or not self.is_marked):
            return True
        start, end = made.said_at(*place)
        said = made.marked_text[start:end]
        if written(said, False) or (share <= MOSTLY_MARKED and written(bare_long(said), True)):
            return True
        if said.encode() != made.data[slice(*place)] or _is_marked(made.marked_text, start, end, share):
            return None
        return None if share > MOSTLY_MARKED and self.doubtful and " " not in said.strip(" .") else False

    def is_chance(self, words: Iterable[str]) -> bool:
        """Tell whether words that a file of a language holds which is not spoken here say nothing in it: they are words of the
        language of the text as well."""
        told = set(words)
        return bool(told) and bool(self.spoken) and told <= self.vocabulary


class _Reading:
    """A text while it is read, view after view."""

    __slots__ = ("concepts", "found", "hearing", "known", "raw", "views")

    def __init__(self, raw: str, views: list[View], sets: Iterable[Names], hearing: Hearing) -> None:
        self.raw = raw
        self.hearing = hearing
        self.views = views
        self.found: list[LexiconMatch] = []
        self.known: dict[Names, set[int]] = {names: set() for names in sets}
        """For each set of files the numbers of the entries found."""
        self.concepts: set[str] = set()
        """Ids of the concepts found."""


class LexiconMatcher:
    """A lexicon made ready for reading texts; what a text needs is compiled when the first one comes."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._entries: dict[str, list[tuple[int, LexiconEntry]]] = {}
        """The entries of each file, with their numbers in the whole lexicon."""
        for number, entry in enumerate(lexicon.entries):
            lean = _lean(entry, lexicon.indicators[entry.indicator.slug])
            self._entries.setdefault(entry.language, []).append((number, lean))
        self._matchers: dict[Names, tuple[list[int], list[LexiconEntry], Matcher]] = {}
        self._concepts = Concepts(lexicon.concepts, lexicon.words, lexicon.indicators)
        self._marks = _share_marked((entry.language, *entry.form.words) for entry in lexicon.entries)
        self._class_marks = _share_marked((name, *[word.written for word in words]) for name, words in lexicon.words.items())
        self._vocabularies: dict[str, frozenset[str]] = {}
        self._hearings: dict[tuple[frozenset[str], bool], Hearing] = {}
        self._phrases: dict[tuple[str, str], str] = {}
        """The phrases of a language without spaces for each indicator, to look words up in."""
        self._vocabulary = vowelless_forms(
            word
            for entry in lexicon.entries
            if entry.language in LANGUAGES
            for words in entry.form.words
            for word in words.lower().split()
        )

    def evidence(self, views: Views, language: Language) -> list[LexiconMatch]:
        """Return what the lexicon finds in the text, one item per entry (of a voice, per wording), in the order of the raw text.

        A single word typed without its marks is too little to tell which word it is, and is left out (Vietnamese).
        """
        return [match for match in self.evidence_of([(views, language)])[0] if match.value]

    def evidence_of(self, texts: Sequence[tuple[Views, Language]]) -> list[list[LexiconMatch]]:
        """Return what the lexicon finds in each of many texts; a set of files is read on all that need it before the next one."""
        readings = []
        for seen, language in texts:
            sets = self._sets(seen, language)
            readings.append(_Reading(seen.raw, self._views(seen, language), sets, self._hear(language, sum(map(len, sets)))))
        for turn in range(max([len(item.views) for item in readings], default=0)):
            streams = [(item, stream(item.views[turn], item.raw)) for item in readings if turn < len(item.views)]
            for (reading, result), hits in zip(streams, self._hits(streams), strict=True):
                self._judge(reading, result, hits, reading.views[turn].name if turn else "")
                self._find_concepts(reading, result, reading.views[turn].name if turn else "")
        return [sorted(entry.found, key=lambda item: (item.start, item.end)) for entry in readings]

    def _hits(self, streams: Sequence[tuple[_Reading, Stream]]) -> list[list[_Hit]]:
        """Return the hits of each stream in the order of the lexicon, without the entries an earlier view showed."""
        hits: list[list[_Hit]] = [[] for _ in streams]
        waiting: dict[Names, list[int]] = {}
        for place, (reading, _) in enumerate(streams):
            for names in reading.known:
                waiting.setdefault(names, []).append(place)
        for names, places in waiting.items():
            orders, _, matcher = self._compile_entries(names)
            for place in places:
                reading, result = streams[place]
                hits[place] += [(orders[hit[0]], names, hit) for hit in matcher.hits(result.data, reading.known[names])]
        for each in hits:
            each.sort()
        return hits

    def _judge(self, reading: _Reading, made: Stream, hits: Sequence[_Hit], disguise: str) -> None:
        seen = made.view_spans([(start, end) for _, _, (_, start, end) in hits])
        for (_, names, hit), stretch in zip(hits, seen, strict=True):
            _, entries, matcher = self._compile_entries(names)
            item = self._judge_hit(entries[hit[0]], matcher, made, hit, stretch, disguise, reading.hearing)
            if item is not None:
                reading.found.append(item)
                if item.entry.indicator.family == COUNTED and not disguise:
                    reading.found += self._other_wordings(item, matcher, made, hit, reading.hearing)
                reading.known[names].add(hit[0])

    def _find_concepts(self, reading: _Reading, made: Stream, disguise: str) -> None:
        languages = [name for names in reading.known for name in names]
        judge = partial(word_stands, hearing=reading.hearing)
        for hit in self._concepts.find(made, reading.raw, languages, reading.concepts, judge):
            reading.found.append(_concept_match(hit, disguise))

    def _hear(self, language: Language, files: int) -> Hearing:
        heard = frozenset((language.code, *[segment.code for segment in language.segments]))
        hearing = self._hearings.get((heard, files > FEW))
        if hearing is None:
            spoken = frozenset({"en", *heard, *chain.from_iterable(SHARED.get(code, ()) for code in heard)})
            words = self._vocabulary_of("en").union(*[self._vocabulary_of(code) for code in heard & LATIN])
            is_marked = any(self._marks.get(name, 0.0) >= MARKED for name in spoken)
            hearing = Hearing(spoken, self._marks, self._class_marks, words, files > FEW, is_marked)
            self._hearings[heard, files > FEW] = hearing
        return hearing

    def _vocabulary_of(self, language: str) -> frozenset[str]:
        """Return the words of a language that the lexicon knows, without their marks."""
        words = self._vocabularies.get(language)
        if words is None:
            listed = [*chain.from_iterable(words_of(entry.phrase) for _, entry in self._entries.get(language, ()))]
            listed += self._concepts.written_words(language)
            listed += [word for word, votes in profile("Latn").items() if language in dict(votes)]
            words = self._vocabularies[language] = frozenset(_WORD.findall(bare("\n".join(listed))))
        return words

    def _sets(self, views: Views, language: Language) -> list[Names]:
        spoken = (language.code, *[segment.code for segment in language.segments])
        latin = language.script == "Latn"
        doubtful = latin and len(views.raw) < DOUBTFUL and (language.code == "en" or language.confidence < SURE)
        heard = ("und", *spoken) if doubtful else spoken
        files = _files(tuple(views.scripts), heard, latin, language.romanised)
        return _sets(files.intersection(self._entries))

    def _views(self, views: Views, language: Language) -> list[View]:
        results = [views.folded_view]
        if views.unleet is not views.folded_view:
            results.append(views.unleet)
        if language.code in LANGUAGES or language.code in ("und", "en"):
            full = expand_words(results[-1], self._vocabulary)
            if full is not results[-1]:
                results.append(full)
        elif not JOINING.isdisjoint(views.scripts):
            joined = rejoin_words(views.folded_view)
            if joined is not views.folded_view:
                results.append(joined)
        view = views.worded_in(language.code)
        if view is not views.folded_view:
            results.append(view)
        return results

    def _compile_entries(self, names: Names) -> tuple[list[int], list[LexiconEntry], Matcher]:
        result = self._matchers.get(names)
        if result is None:
            numbered = [entry for name in names for entry in self._entries[name]]
            matcher = Matcher([entry.form for _, entry in numbered])
            result = self._matchers[names] = [number for number, _ in numbered], [entry for _, entry in numbered], matcher
        return result

    def _other_wordings(
        self, first_match: LexiconMatch, matcher: Matcher, made: Stream, hit: Hit, hearing: Hearing
    ) -> Iterator[LexiconMatch]:
        """Yield the entry where it stands in other words behind its first place: a rule holds many wordings of one meaning."""
        number, start, end = hit
        entry = first_match.entry
        known = {made.data[start:end]}
        for place, (first, last) in _later(matcher, number, made, end):
            words = made.data[slice(*place)]
            if place[0] < end or words in known or len(known) == WORDINGS or last - first < WHOLE:
                continue
            if self._stands(entry, made, place, (first, last), hearing) is not None:
                known.add(words)
                yield LexiconMatch(entry, *made.view.span(first, last), first_match.value, "")

    def _judge_hit(
        self,
        entry: LexiconEntry,
        matcher: Matcher,
        made: Stream,
        hit: Hit,
        stretch: tuple[int, int],
        disguise: str,
        hearing: Hearing,
    ) -> LexiconMatch | None:
        """Return the first place of an entry that is one: its words with their marks, no part of longer words."""
        number, start, end = hit
        for place, (first, last) in chain([((start, end), stretch)], _later(matcher, number, made, end)):
            marks = self._stands(entry, made, place, (first, last), hearing)
            if marks is not None:
                value = STEP_DOWN[entry.strength] if disguise or not marks else entry.strength
                return LexiconMatch(entry, *made.view.span(first, last), value, disguise)
        return None

    def _stands(
        self, entry: LexiconEntry, made: Stream, place: tuple[int, int], stretch: tuple[int, int], hearing: Hearing
    ) -> bool | None:
        """Tell whether an entry stands at a place: with its marks (True), without (False), or not at all (None)."""
        if entry.language not in hearing.spoken and hearing.is_chance(_words_found(entry.phrase, made, place)):
            return None
        if entry.language in RUNNING:
            return None if splits_a_word(made.view.text, *stretch, self._kin(entry)) else True
        share = self._marks.get(entry.language, 0.0)

        def is_written(said: str, short: bool) -> object:
            return marked_pattern(entry.phrase, short=short).search(said)

        marks = hearing.compare_marks(made, place, entry.language, share, is_written)
        alone = share > MOSTLY_MARKED and b" " not in made.data[slice(*place)].strip(b" .")
        return None if marks is False and alone else marks

    def _kin(self, entry: LexiconEntry) -> str:
        """Return all phrases of the entry's language and indicator."""
        key = language, indicator = entry.language, entry.indicator.slug
        same = self._phrases.get(key)
        if same is None:
            alike = (other.phrase for _, other in self._entries[language] if other.indicator.slug == indicator)
            same = self._phrases[key] = "\n".join(alike)
        return same


def word_stands(made: Stream, hit: WordHit, hearing: Hearing) -> bool | None:
    """Tell whether a class word stands where it was found: with its marks (True), without (False), or not at all.

    A single word without its marks is another one in a text typed with marks, and where it is doubtful what language it is.
    """
    if hit.language not in hearing.spoken and hearing.is_chance(_WORD.findall(hit.word.needle.decode())):
        return None
    if hit.language in RUNNING:
        ((first, last),) = made.view_spans([(hit.start, hit.end)])
        return None if splits_a_word(made.view.text, first, last, hit.word.written) else True
    share = hearing.class_marks.get(hit.language, 0.0)
    marked = hit.word.marked

    def is_written(said: str, short: bool) -> bool:
        return said == (bare_long(marked) if short else marked)

    return hearing.compare_marks(made, (hit.start, hit.end), hit.language, share, is_written)


def _concept_match(hit: ConceptHit, disguise: str) -> LexiconMatch:
    value = STEP_DOWN[hit.entry.strength] if disguise or not hit.marked else hit.entry.strength
    value *= hit.holds
    return LexiconMatch(hit.entry, hit.words[0][0], max(end for _, end in hit.words), value, disguise, hit.words)


@lru_cache(maxsize=256)
def _is_typed_with_marks(text: str, share: float) -> bool:
    """Tell whether words are typed with their marks where so many words have some: a word without them is another word there."""
    words = _WORD.findall(text)
    return sum(_MARK.search(word) is not None for word in words) > FEW_MARKS * share * len(words)


def _is_marked(said: str, start: int, end: int, share: float) -> bool:
    """Tell whether the sentence around a stretch, or the text where that is short, is typed with its marks."""
    stop = said.find(".", end)
    sentence = said[said.rfind(".", 0, start) + 1 : stop if stop >= 0 else len(said)]
    return _is_typed_with_marks(sentence if sentence.count(" ") > FEW_WORDS else said, share)


def _share_marked(listed: Iterable[tuple[str, ...]]) -> dict[str, float]:
    """Return for each language in Latin letters the share of its words that carry marks; each item is a language and some."""
    words: dict[str, list[str]] = {}
    for language, *some in listed:
        words.setdefault(language, []).extend(" ".join(some).split())
    return {
        language: sum(map(operator.ne, said, bare(" ".join(said)).split(" "))) / max(1, len(said))
        for language, said in words.items()
        if language in LATIN
    }


def _lean(entry: LexiconEntry, indicator: Indicator) -> LexiconEntry:
    """Return an entry without what proves it, and without its words: a sixth of all memory."""
    return LexiconEntry(
        id=entry.id,
        status=entry.status,
        language=entry.language,
        phrase=entry.phrase,
        gloss=describe_meaning(entry, indicator),
        indicator=indicator,
        strength=entry.strength,
        basis=entry.basis,
        references=entry.references,
        added=entry.added,
        reviewed_by=entry.reviewed_by,
        catches=(),
        spares=(),
        place=entry.place,
        form=replace(entry.form, words=()),
    )


def describe_meaning(entry: LexiconEntry, indicator: Indicator) -> str:
    """Return what an entry means as a reason a person can read: one word or a name alone tells nobody why it counts."""
    return entry.gloss if " " in entry.gloss and not is_name(entry.gloss) else f"{indicator.title} ({entry.gloss})"


def is_name(gloss: str) -> bool:
    """Tell whether each word of a gloss is written as a name is (``KK Park``, ``English``)."""
    return all(word[:1].isupper() for word in gloss.split())


def _later(matcher: Matcher, number: int, made: Stream, end: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the places of an entry that end behind byte ``end``, each with its stretch of the view."""
    places = [place for place in matcher.every(number, made.data) if place[1] > end]
    yield from zip(places, made.view_spans(places), strict=True)


@lru_cache(maxsize=1024)
def _files(scripts: tuple[str, ...], spoken: tuple[str, ...], latin: bool, romanised: bool) -> frozenset[str]:
    """Return the lexicon files to read a text with: those of the scripts it holds, and of Latin ones those its language allows.

    ``spoken`` are its language and those of its segments; when the language is in doubt, all are read.
    """
    files = {name for script in scripts for name in BY_SCRIPT.get(script, ())}
    if "ja" in files:  # kana: the ideographs beside it are Japanese, too
        files.discard("zh")
    codes = {*spoken}
    if spoken[0] == "und" or (latin and not codes & (LATIN | ROMANISED)):
        allowed: Iterable[str] = LATIN | ROMANISED
    else:
        shared = {other for code in codes for other in SHARED.get(code, ()) if code in LATIN or romanised}
        allowed = codes | {"en"} | shared
    return frozenset({*files, spoken[0], *((LATIN | ROMANISED) & set(allowed))})


@lru_cache(maxsize=1024)
def _sets(files: frozenset[str]) -> list[Names]:
    """Return the files in as few sets as are worth compiling together; there are never more than some sixty."""
    sets = []
    left = set(files)
    for group in TOGETHER:
        if left.issuperset(group):
            left.difference_update(group)
            sets.append(group)
    return sets + [(name,) for name in sorted(left)]


def _words_found(phrase: str, made: Stream, place: tuple[int, int]) -> list[str]:
    """Return the words of a rule that stand at a place, without what a gap of it stands for."""
    own = _own_words(phrase)
    words = _WORD.findall(made.data[slice(*place)].decode())
    return [word for word in words if word in own or any(len(stem) >= STEM and word.startswith(stem) for stem in own)]


@lru_cache(maxsize=1024)
def _own_words(phrase: str) -> frozenset[str]:
    return frozenset(_WORD.findall(bare("\n".join(words_of(phrase)))))
