"""Finds concepts in a text: word classes that stand in one sentence, close together, and are not denied.

All class words of a language are looked for in one pass over the stream the rules are matched on; what they make up is then
joined sentence by sentence. Words of English and of the text's language may stand together in one concept.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, reduce
from itertools import chain
from operator import or_

import ahocorasick_rs
import msgspec

from enrichment.lexicon.concept_files import NEUTRAL, SHARED, ClassWord, ConceptFile, ConceptRule
from enrichment.lexicon.denial import CLAUSE, DenialWord, denied_before, denied_words, denying_words
from enrichment.lexicon.lexicon import STRENGTH, Indicator, LexiconEntry
from enrichment.lexicon.pattern import CompiledPattern
from enrichment.lexicon.stream import Stream, amount_pattern, read_figures
from enrichment.text.questions import answered_questions

DENYING = frozenset({"not_needed", "forbidden", "missing", "no_problem", "unpaid", "illegal", "secret", "hide"})
"""Classes whose words say themselves that something is not so."""
CLAUSE_COSTS = 30
"""Letters that a mark between two clauses counts for: words of one clause belong together."""
NEAR = 20
"""Letters from its words within which a class spares a concept, or says that it is not needed."""
NOT_ASKED = ("qualification", "fee", "contract", "permit", "licence", "papers", "visa", "interview", "no_problem", "debt")
"""Classes of what recruiters say is not needed, one after the other."""
SECOND = 12
"""Letters between such a word and the word that denies it."""
AMONG = ("customer",)
"""Classes that spare a concept only among its words: customer service is named in many an advert."""
CORE = 2
"""Classes of a concept whose words deny it when they are denied; a denied word of a further class is as good as absent."""
NO_MORE = 30
"""Letters of an answer that says no more than no."""
ENDING = 3
"""Letters that an English word may go on for."""
DENSITY = {"zh": 0.4, "ja": 0.5, "ko": 0.6}
"""Characters a language takes for what others write with one letter."""
BYTES = {"zh": 3, "ja": 3, "ko": 3, "th": 3, "lo": 3, "km": 3, "my": 3, "hi": 3, "ne": 3, "bn": 3, "ta": 3, "si": 3, "am": 3}
"""Bytes of a letter; two or, in Latin letters, one elsewhere."""
ANCHORS, CHOICES, TRIES = 60, 6, 6
"""Places that a concept is looked for at, words tried for each other slot, and finds read again for a denial, at most."""
_NO_FORM = CompiledPattern(b"", (), (), b"")
_SINCE = date(2026, 11, 30)


class WordHit(msgspec.Struct, frozen=True, gc=False):
    """One class word in a stream: its bytes without the spaces around them."""

    start: int
    end: int
    language: str
    word: ClassWord


Hits = Mapping[str, list[WordHit]]
"""Word hits by class, each list in the order of the stream."""


class ConceptHit(msgspec.Struct, frozen=True):
    """A concept that holds in a text."""

    entry: LexiconEntry
    words: tuple[tuple[int, int], ...]
    """Spans of its words in the raw text, in order."""
    marked: bool
    """Its words stand with their marks (Vietnamese)."""
    concept: str
    """Name of the concept."""
    holds: bool = True
    """False where it only takes its indicator back: it is denied, or says so itself."""
    by_denial: bool = False
    """It is the honest term that a denied concept comes to."""


Judge = Callable[[Stream, WordHit], bool | None]
"""Tells whether a word stands where it was found: with its marks, without (False), or not at all (None)."""


class Concepts:
    """The concept grammar made ready for reading texts."""

    def __init__(self, file: ConceptFile, words: Mapping[str, Sequence[ClassWord]], indicators: Mapping[str, Indicator]) -> None:
        self.rules = file.concepts
        self._indicators = indicators
        self._words = words
        self._automata: dict[str, tuple[list[tuple[ClassWord, bool, bool]], ahocorasick_rs.BytesAhoCorasick]] = {}
        """The words of each language, and whether a space is sought before and behind each."""
        currencies = [word.needle for word in words.get(SHARED, ()) if "currency" in word.classes]
        self._amount = amount_pattern(currencies)
        self._most = max((len(rule.slots) for rule in self.rules), default=0)
        self._slots = {"": 0}
        """For each class the slots it fills, a bit for each: those that are first in a rule, then the second, …; without
        a name those that no rule has."""
        for number, rule in enumerate(self.rules):
            for turn, slot in enumerate((*rule.slots, *[("",)] * (self._most - len(rule.slots)))):
                for name in slot:
                    self._slots[name] = self._slots.get(name, 0) | 1 << (turn * len(self.rules) + number)

    def written_words(self, language: str) -> list[str]:
        """Return the words of the classes of a language."""
        return [word.written for word in self._words.get(language, ())]

    def find(self, made: Stream, raw: str, languages: Iterable[str], known: set[str], judge: Judge) -> Iterator[ConceptHit]:
        """Yield the concepts that hold in a stream, without those whose entries are ``known``."""
        if not self.rules:
            return
        data = made.data
        shared, english = {**self._scan(SHARED, data), **self._figures(data)}, self._scan("en", data)
        for language in dict.fromkeys(("en", *languages)):
            own = english if language == "en" else self._scan(language, data)
            if rules := self._list_rules(own, {*own, *english, *shared}):
                text = _Text((made, raw, judge), language, rules, own, english, shared)
                for rule in rules:
                    yield from self._hold(rule, text, known)

    def _list_rules(self, own: Iterable[str], there: Iterable[str]) -> list[ConceptRule]:
        """Return the rules all of whose slots classes that are ``there`` can fill, one of them a class of the language's own."""
        count = len(self.rules)
        filled = reduce(or_, [self._slots.get(name, 0) for name in there], self._slots[""])
        told = reduce(or_, [self._slots.get(name, 0) for name in own], 0)
        found, some = (1 << count) - 1, 0
        for turn in range(self._most):
            found &= filled >> turn * count
            some |= told >> turn * count
        return [rule for number, rule in enumerate(self.rules) if (found & some) >> number & 1]

    def _scan(self, language: str, data: bytes) -> Hits:
        words, automaton = self._automaton(language)
        hits: dict[str, list[WordHit]] = {}
        for number, start, end in automaton.find_matches_as_indexes(data, overlapping=True) if words else ():
            word, before, behind = words[number]
            hit = WordHit(start + before, end - behind, language, word)
            for name in word.classes:
                hits.setdefault(name, []).append(hit)
        return hits

    def _automaton(self, language: str) -> tuple[list[tuple[ClassWord, bool, bool]], "ahocorasick_rs.BytesAhoCorasick"]:
        result = self._automata.get(language)
        if result is None:
            listed = self._words.get(language, ())
            words = [(word, word.needle.startswith(b" "), word.needle.endswith(b" ")) for word in listed]
            automaton = ahocorasick_rs.BytesAhoCorasick(
                [word.needle for word in listed] or [b"\xff"], implementation=ahocorasick_rs.Implementation.ContiguousNFA
            )
            result = self._automata[language] = words, automaton
        return result

    def _figures(self, data: bytes) -> Hits:
        """Return the figures of a text by neutral class."""
        return {
            name: [WordHit(*span, SHARED, ClassWord("", data[slice(*span)], frozenset((name,)))) for span in spans]
            for name, spans in zip(NEUTRAL, read_figures(data, self._amount), strict=True)
            if spans
        }

    def _hold(self, rule: ConceptRule, text: "_Text", known: set[str]) -> Iterator[ConceptHit]:
        """Yield what a concept comes to in a text: itself, and the honest term it is when it is denied."""
        name, honest = _entry_id(text.language, rule.indicator, rule.id), _entry_id(text.language, rule.denial, rule.id)
        if name in known:
            return
        for words in text.places(rule):
            denied = text.denies(rule, words)
            spared = text.spares(rule, words) or (rule.denied and denied and text.denies_twice(words))
            if rule.counter:
                yield from () if denied or spared else self._take_back(name, rule, text, words)
            elif spared:
                yield self._hit(name, rule, text, words, holds=False)
            elif denied == rule.denied:
                known.add(name)
                yield self._hit(name, rule, text, words)
                return
            elif denied:
                yield self._hit(name, rule, text, words, holds=False)
                if rule.denial and honest not in known and not self._is_told_of_another(rule, text, words):
                    known.add(honest)
                    yield self._hit(honest, rule, text, words, denial=True)

    def _is_told_of_another(self, rule: ConceptRule, text: "_Text", words: Sequence[WordHit]) -> bool:
        """Tell whether the deed of a denied concept is told of another thing: no passport needed, telephones are kept by us."""
        slot = rule.slots[1] if len(rule.slots) > 1 else ()
        deeds = [word for word in words if not word.word.classes.isdisjoint(slot)]
        return any(
            not text.denies(other, told)
            for other in text.rules
            if deeds and other.indicator != rule.indicator and not other.counter and slot in other.slots
            for told in text.places(other)
            if any(deed in told for deed in deeds)
        )

    def _take_back(self, name: str, rule: ConceptRule, text: "_Text", words: Sequence[WordHit]) -> Iterator[ConceptHit]:
        """Yield a counter concept: over the whole text where nothing in it says what a lure of its indicator says."""
        hit = self._hit(name, rule, text, words, holds=False)
        if rule.absent and not any(map(text.names, rule.absent)):
            yield msgspec.structs.replace(hit, words=(text.bounds,))
        elif text.is_one_sentence(words):
            yield hit

    def _hit(
        self, name: str, rule: ConceptRule, text: "_Text", words: Sequence[WordHit], *, denial: bool = False, holds: bool = True
    ) -> ConceptHit:
        indicator = self._indicators[rule.denial if denial else rule.indicator]
        entry = _entry(name, rule, text.language, indicator, rule.denial_gloss if denial else rule.gloss)
        marked = all(text.stands(word) is not False for word in words)
        spans = text.denied_spans(words) if rule.denied and holds and not denial else text.raw_spans(words)
        return ConceptHit(entry, tuple(spans), marked, rule.id, holds, denial)


def _entry_id(language: str, indicator: str, concept: str) -> str:
    return f"{language}-{indicator.replace('_', '-')}-{concept}"


@lru_cache(maxsize=8192)
def _entry(name: str, rule: ConceptRule, language: str, indicator: Indicator, gloss: str) -> LexiconEntry:
    return LexiconEntry(
        id=name, status="active", language=language, phrase=" + ".join(rule.words), gloss=gloss, indicator=indicator,
        strength=STRENGTH[rule.strength], basis="own", references=(), added=_SINCE, reviewed_by=None, catches=(), spares=(),
        place=rule.place, counter=rule.counter, form=_NO_FORM,
    )  # fmt: skip


def _merge(english: Hits, own: Hits) -> Hits:
    """Return the hits of both, in the order of the stream; the language's own class where English adds nothing."""
    merged = dict(own)
    for name, hits in english.items():
        merged[name] = sorted([*own[name], *hits], key=lambda hit: hit.start) if name in own else hits
    return merged


def _is_apart(hit: WordHit, word: WordHit, overlap: bool) -> bool:
    """Tell whether two words are two: apart or, with ``overlap``, one a part of the other."""
    return hit.end <= word.start or word.end <= hit.start or (overlap and (hit.start, hit.end) != (word.start, word.end))


class _Text:
    """A text while its concepts are looked for in one language."""

    def __init__(
        self, text: tuple[Stream, str, Judge], language: str, rules: Sequence[ConceptRule], own: Hits, english: Hits, shared: Hits
    ) -> None:
        self.language = language
        self.rules = rules
        """Those that may hold."""
        self._made, self._raw, self._judge = text
        self._hits = _merge(shared, own if language == "en" else _merge(english, own))
        self._english: dict[int, int] = {}
        """Where English words begin and end: a language that borrowed them adds nothing."""
        for hit in chain.from_iterable(english.values()) if language != "en" else ():
            self._english[hit.start] = max(hit.end + ENDING, self._english.get(hit.start, 0))
        self._spans: dict[tuple[int, int], tuple[int, int]] = {}
        """Where stretches of the stream stand in the raw text."""
        self._denied: dict[int, bool] = {}
        """For each hit whether it is denied by itself."""
        self._slots: dict[tuple[str, ...], list[WordHit]] = {}
        self._known: dict[tuple[int, int, str, str], bool | None] = {}
        self._scale = DENSITY.get(language, 1.0)
        self._answered = answered_questions(self._raw)
        self._sentences = self._join_answers() if self._answered else self._made.data
        """The stream, where a dot ends a sentence and none parts a question from its answer."""

    def _join_answers(self) -> bytes:
        """Return the stream without the dots between questions and their answers."""
        data = bytearray(self._made.data)
        for place in [match.start() for match in re.finditer(rb"\.", self._made.data)]:
            ((first, last),) = self._made.view_spans([(place, place + 1)])
            start, _ = self._made.view.span(first, last)
            if any(asked.start <= start < asked.end for asked in self._answered):
                data[place : place + 1] = b" "
        return bytes(data)

    def names(self, name: str) -> bool:
        """Tell whether a word of a class stands in the text, and is not denied."""
        return any(self.stands(hit) is not None and not self._is_denied(hit) for hit in self._hits.get(name, ())[:ANCHORS])

    def is_one_sentence(self, words: Sequence[WordHit]) -> bool:
        """Tell whether words stand in one sentence."""
        return b"." not in self._sentences[min(word.start for word in words) : max(word.end for word in words)]

    @property
    def bounds(self) -> tuple[int, int]:
        """Where the raw text begins and ends."""
        return 0, len(self._raw)

    def _of(self, slot: tuple[str, ...]) -> list[WordHit]:
        """Return the words of some classes, in order."""
        found = self._slots.get(slot)
        if found is None:
            listed = [self._hits[name] for name in slot if name in self._hits]
            found = listed[0] if len(listed) == 1 else [hit for hits in listed for hit in hits]
            found = self._slots[slot] = sorted(found, key=lambda hit: hit.start)
        return found

    def places(self, rule: ConceptRule) -> Iterator[list[WordHit]]:
        """Yield the words of a concept wherever they stand together, a word of the language itself among them."""
        slots = [self._of(slot) for slot in rule.slots]
        rarest = min(range(len(slots)), key=lambda number: len(slots[number]))
        reach = int(rule.within * self._scale * BYTES.get(self.language, 1 if self._made.data.isascii() else 2))
        tries = 0
        for anchor in slots[rarest][:ANCHORS]:
            words = self._join(anchor, slots, rarest, reach, rule)
            if words is None or not self._fits(rule, words):
                continue
            yield words
            tries += 1
            if tries == TRIES:
                return

    def _join(
        self, anchor: WordHit, slots: Sequence[list[WordHit]], rarest: int, reach: int, rule: ConceptRule
    ) -> list[WordHit] | None:
        """Return a word of each slot that is nearest to the anchor in its sentence, or ``across`` some, none of them twice."""
        if self.stands(anchor) is None:
            return None
        data = self._sentences
        begin = -1 if rule.across else data.rfind(b".", max(0, anchor.start - reach), anchor.start)
        low = max(begin + 1, anchor.start - reach)
        stop = -1 if rule.across else data.find(b".", anchor.end, anchor.end + reach)
        high = stop if stop >= 0 else anchor.end + reach
        near = [[anchor] if number == rarest else self._list_near(slot, anchor, low, high) for number, slot in enumerate(slots)]
        if not all(near):
            return None
        core = list(chain.from_iterable(near[:CORE]))
        rest = [
            [hit for hit in hits if number < CORE or not self._is_denied(hit, core)]
            for number, hits in enumerate(near)
            if number != rarest
        ]
        return self._choose([anchor], sorted(rest, key=len), rule.overlap)

    @staticmethod
    def _list_near(slot: list[WordHit], anchor: WordHit, low: int, high: int) -> list[WordHit]:
        """Return the words of a slot in a stretch beside the anchor, the nearest first."""
        first = bisect_left(slot, low, key=lambda hit: hit.start)
        near = []
        for hit in slot[first : first + ANCHORS]:
            if hit.start >= high:
                break
            if hit.end <= high:
                near.append((max(anchor.start - hit.end, hit.start - anchor.end), hit.start - hit.end, hit.start, hit))
        return [hit for *_, hit in sorted(near, key=lambda item: item[:3])[:CHOICES]]

    def _choose(self, words: list[WordHit], rest: Sequence[list[WordHit]], overlap: bool) -> list[WordHit] | None:
        """Return the words with one of each further slot that is no part of them; None where there are none such."""
        if not rest:
            return words
        for hit in rest[0]:
            if all(_is_apart(hit, word, overlap) for word in words) and self.stands(hit) is not None:
                chosen = self._choose([*words, hit], rest[1:], overlap)
                if chosen is not None:
                    return chosen
        return None

    def _is_denied(self, hit: WordHit, core: Iterable[WordHit] = ()) -> bool:
        """Tell whether a word is denied by itself: then it is not there to go with others. What denies a ``core`` word right
        behind it does not: the company never keeps."""
        codes = (self.language, hit.language)
        denied = self._denied.get(id(hit))
        if denied is None:
            can_be = DENYING.isdisjoint(hit.word.classes) and hit.word.written
            denied = self._denied[id(hit)] = bool(can_be) and denied_words(self._raw, self._ask_about(hit), codes)
        if not denied:
            return False
        spans = [span for word in core for start, _ in self.raw_spans([word]) for span in denied_before(self._raw, start, codes)]
        asked = [*self._ask_about(hit), *(DenialWord(*span, True) for span in spans)]
        return not spans or denied_words(self._raw, asked, codes)

    def _ask_about(self, hit: WordHit) -> list[DenialWord]:
        return [DenialWord(*self.raw_spans([hit])[0], False), *self._free_words()]

    def _free_words(self) -> list[DenialWord]:
        """Return the words that say that something costs nothing: their own denying words deny nothing else."""
        return [DenialWord(*span, True) for span in self.raw_spans(self._hits.get("free", ()))]

    def stands(self, hit: WordHit) -> bool | None:
        """Tell whether a word is one: no part of a longer one, with its marks (True), without any (False), or not at all."""
        if hit.language == SHARED:
            return True
        known = hit.start, hit.end, hit.language, hit.word.written
        if known not in self._known:
            self._known[known] = self._judge(self._made, hit)
        return self._known[known]

    def raw_spans(self, words: Iterable[WordHit]) -> list[tuple[int, int]]:
        """Return where words stand in the raw text, in order."""
        places = sorted([(word.start, word.end) for word in words])
        new = [place for place in places if place not in self._spans]
        for place, stretch in zip(new, self._made.view_spans(new), strict=True):
            self._spans[place] = self._made.view.span(*stretch)
        return [self._spans[place] for place in places]

    def _fits(self, rule: ConceptRule, words: Sequence[WordHit]) -> bool:
        """Tell whether words are near enough in the raw text, and one of the language is among them."""
        if not any(word.language == self.language and word.end > self._english.get(word.start, 0) for word in words):
            return False
        spans = self.raw_spans(words)
        start, end = spans[0][0], max(last for _, last in spans)
        said = self._raw[start:end]
        return len(said) / self._scale + CLAUSE_COSTS * len(CLAUSE.findall(said)) <= rule.within

    def spares(self, rule: ConceptRule, words: Sequence[WordHit]) -> bool:
        """Tell whether a word that spares a concept stands in the clause of its words."""
        if not rule.unless:
            return False
        spans = self.raw_spans(words)
        start, end = spans[0][0], max(last for _, last in spans)
        return any(self._stands_beside(name, words, start, end) for choice in rule.unless for name in choice.split("|"))

    def _stands_beside(self, name: str, words: Sequence[WordHit], start: int, end: int) -> bool:
        """Tell whether a word of a class stands in the clause of the words of a concept, and is none of them."""
        low, high = min(word.start for word in words), max(word.end for word in words)
        near = 0 if name in AMONG else NEAR
        reach = int(near * self._scale * BYTES.get(self.language, 2))
        for hit in self._hits.get(name, ()):
            if hit.end < low - reach or hit.start > high + reach or any(hit.start < w.end and w.start < hit.end for w in words):
                continue
            if self.stands(hit) is None or (name == "not_needed" and self._is_about(hit, words)):
                continue
            ((first, last),) = self.raw_spans([hit])
            between = self._raw[last:start] if last <= start else self._raw[end:first] if first >= end else ""
            if len(between) <= near and not CLAUSE.search(between):
                return True
        return False

    def _is_about(self, hit: WordHit, words: Sequence[WordHit]) -> bool:
        """Tell whether a word for what is not needed names another thing than the words do: no experience, visa paid."""
        others = [one for name in NOT_ASKED for one in self._hits.get(name, ()) if hit.start <= one.start and one.end <= hit.end]
        return bool(others) and not any(one.start < word.end and word.start < one.end for one in others for word in words)

    def denies(self, rule: ConceptRule, words: Sequence[WordHit]) -> bool:
        """Tell whether the words of a concept are denied, or said not to be needed where that is what it is about."""
        codes = dict.fromkeys((self.language, *(word.language for word in words)))
        told = [word for word in words if not rule.denied or not word.word.classes.isdisjoint(rule.slots[0])]
        spans = [DenialWord(*self.raw_spans([word])[0], self._denies_in(rule, word)) for word in words]
        asked = spans if told == words else [DenialWord(*span, False) for span in self.raw_spans(told)]
        if any("free" in slot for slot in rule.slots):
            asked += self._free_words()
        if denied_words(self._raw, sorted(asked), codes) or self._is_answered_no(asked, codes):
            return True
        return rule.denied and any(self._stands_beside("not_needed", [word], *self.raw_spans([word])[0]) for word in told)

    def denied_spans(self, words: Sequence[WordHit]) -> list[tuple[int, int]]:
        """Return where words stand in the raw text with the nearest word that denies them: it is a part of what they say."""
        spans = self.raw_spans(words)
        start, end = spans[0][0], max(last for _, last in spans)
        denying = denying_words(self._raw, start, end, dict.fromkeys((self.language, *(word.language for word in words))))
        nearest = min(denying, key=lambda span: max(start - span[1], span[0] - end), default=spans[0])
        return sorted({*spans, nearest})

    def _is_answered_no(self, words: Sequence[DenialWord], codes: Iterable[str]) -> bool:
        """Tell whether words stand in a question whose answer denies: ``Interview? None.``"""
        for start, end in self._answered:
            if all(start <= word.start < end for word in words):
                answer = CLAUSE.split(self._raw[end : end + NO_MORE], maxsplit=1)[0]
                places = self.raw_spans(self._hits.get("not_needed", ()))
                needless = any(end <= first < end + len(answer) for first, _ in places)
                return needless or bool(denying_words(self._raw, end, end, codes))
        return False

    def denies_twice(self, words: Sequence[WordHit]) -> bool:
        """Tell whether what is denied is denied again in the clause: nobody starts without an interview.

        Further things that are not asked for (no interview no degree) are no second denial.
        """
        spans = self.raw_spans(words)
        start, end = spans[0][0], max(last for _, last in spans)
        denying = denying_words(self._raw, start, end, dict.fromkeys((self.language, *(word.language for word in words))))
        if len(denying) < 2:
            return False
        others = [
            span
            for name in NOT_ASKED
            for span in self.raw_spans(self._hits.get(name, ()))
            if not any(span[0] < last and first < span[1] for first, last in spans)
        ]
        apart = [one for one in denying if not any(first - SECOND < one[1] and one[0] < last + SECOND for first, last in others)]
        return len(apart) > 1

    @staticmethod
    def _denies_in(rule: ConceptRule, word: WordHit) -> bool:
        """Tell whether a word stands in a concept for a class that denies."""
        return any(name in DENYING for choice in rule.words for name in choice.split("|") if name in word.word.classes)
