"""The language of a text: script first, then everyday words with CLD2 as second voice and langdetect as third where those two
leave it open; ``und`` rather than a guess.

How each part was chosen, with figures: docs/decisions/0201-language.md. The same text always gets the same answer.
"""

import re
from collections.abc import Callable

import msgspec
import pycld2

from enrichment.assessment import Language, Segment
from enrichment.language.word_votes import APART, CLOSE, RELATED, is_syllable, listed_words, third_voice, votes_of
from enrichment.text import scripts
from enrichment.text.views import Views, fold, views

UNKNOWN = Language(code="und", script="Zyyy", confidence=0.0)
_READ = 420
"""Code points of a text or segment that are read; more changes no answer and costs time."""
Third = Callable[[str, str, str], str]
"""Chooses between the two languages that a text may be in."""
_WORD = re.compile(r"[^\W\d_]+(?:['’ʻ‘][^\W\d_]+)*")


def language(raw: str | Views, third: Third = third_voice) -> Language:
    """Return the language of ``raw``: the one most of it is in, and each stretch in another script or language as a segment."""
    seen = raw if isinstance(raw, Views) else views(raw)
    heavy = scripts.weights(seen.scripts)
    if not heavy:
        return UNKNOWN
    if len(heavy) == 1 and "Latn" in heavy:
        whole, mixed = _latin(seen.unleet.text, (), third)  # already folded, its spaced and disguised words read
        return msgspec.structs.replace(whole, segments=_sentences(seen.raw, whole.code, third)) if mixed else whole
    main = _main_script(heavy)
    total = sum(heavy.values())
    if heavy.get(main, 0.0) >= total * 0.85:  # what is left are names and addresses
        return _resolve_language(seen.raw[: _READ * 2], main, seen, 0, len(seen.raw), (), third)
    script_runs = scripts.runs(seen.codes)
    segments: list[Segment] = []
    if len(script_runs) > 1:
        segments = [segment for run in script_runs if run.letters >= 16 and (segment := _segment(seen, run, third))]
    joined = [run for run in script_runs if run.script == main]
    if not joined:  # its words stand one by one among those of another script
        return _resolve_language(seen.raw[: _READ * 2], main, seen, 0, len(seen.raw), tuple(segments), third)
    start, end = joined[0].start, joined[-1].end
    text = " ".join(seen.raw[run.start : run.end] for run in joined)[: _READ * 2]
    return _resolve_language(text, main, seen, start, end, tuple(segments), third)


_SENTENCE = re.compile(r"[^\n.!?]{24,}[.!?]*")


def _sentences(raw: str, main: str, third: Third) -> tuple[Segment, ...]:
    """Return the stretches of sentences in one language each, when a text in Latin letters holds more than one language."""
    segments: list[Segment] = []
    for match in _SENTENCE.finditer(raw, 0, 2 * _READ):
        item, _ = _latin(fold(match.group()), (), third)
        if item.code == "und" or item.confidence < 0.55:
            continue
        if segments and segments[-1].code == item.code:
            before = segments[-1]
            segments[-1] = msgspec.structs.replace(before, end=match.end(), confidence=max(before.confidence, item.confidence))
        else:
            segments.append(
                Segment(start=match.start(), end=match.end(), code=item.code, script="Latn", confidence=item.confidence)
            )
    return tuple(segments) if any(segment.code != main for segment in segments) else ()


def _main_script(heavy: dict[str, float]) -> str:
    """Return the script of the text: beside Latin letters, one that few languages use counts from a quarter of the letters on."""
    heavy = dict(heavy)
    kana = heavy.pop("Hira", 0.0) + heavy.pop("Kana", 0.0)
    if kana and kana * 7 >= heavy.get("Hani", 0.0):
        heavy["Jpan"] = kana + heavy.pop("Hani", 0.0)
    elif kana:
        heavy["Hani"] = heavy.get("Hani", 0.0) + kana
    best = max(heavy, key=lambda name: (heavy[name], name))
    if best == "Latn" and len(heavy) > 1:
        total = sum(heavy.values())
        second = max((name for name in heavy if name != "Latn"), key=lambda name: (heavy[name], name))
        if heavy[second] >= total * 0.25:
            return second
    return best


def _segment(seen: Views, run: scripts.ScriptRun, third: Third) -> Segment | None:
    result = _resolve_language(
        seen.raw[run.start : min(run.end, run.start + _READ)], run.script, seen, run.start, run.end, (), third
    )
    if result.code == "und":
        return None
    return Segment(start=run.start, end=run.end, code=result.code, script=result.script, confidence=result.confidence)


def _resolve_language(
    text: str, script: str, seen: Views, start: int, end: int, segments: tuple[Segment, ...], third: Third
) -> Language:
    if script == "Latn":
        return _latin(fold(text[: _READ * 2]), segments, third)[0]
    if script == "Hani":
        form = scripts.han_script(seen.codes[start:end])
        if end - start < 2:
            return UNKNOWN
        return Language(code="zh", script=form, confidence=0.98, segments=segments)
    if script in ("Deva", "Arab", "Cyrl"):
        return _judge_words(text, script, segments, third)
    code = {"Jpan": "ja", "Mymr": "my"}.get(script) or _sole_language(script, text)
    if code is None:
        return Language(code="und", script=script, confidence=0.0, segments=segments)
    zawgyi = script == "Mymr" and seen.zawgyi
    script = "Kore" if script == "Hang" else script
    return Language(code=code, script=script, confidence=0.99, segments=segments, zawgyi=zawgyi)


def _sole_language(script: str, text: str) -> str | None:
    """Return the one language written in ``script``; letters that only the second one has tell Assamese and Tigrinya."""
    if script == "Beng" and ("ৰ" in text or "ৱ" in text):
        return "as"
    if script == "Ethi" and text.count("ኣ") > text.count("አ"):
        return "ti"
    return scripts.SOLE_LANGUAGE.get(script)


def _cld(text: str) -> list[tuple[str, float, bool]]:
    """Return CLD2's languages with their shares (0 to 1); it raises on control characters and lone surrogates, so they go
    first."""
    clean = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    reliable, _, details = pycld2.detect(clean, bestEffort=True)
    return [(_CLD_CODES.get(code, code), share / 100, reliable) for _, code, share, _ in details if code != "un"]


_CLD_CODES = {"iw": "he", "zh-Hant": "zh", "bh": "bho", "fil": "tl", "nn": "no", "nb": "no"}
_ITS_OWN = {"az": re.compile("ə"), "pl": re.compile("[ąćęłńśźż]"), "cs": re.compile("[ěřů]"), "hu": re.compile("[őű]")}
"""Letters that no served language in Latin letters has: neighbours of served ones (Turkish) are taken for them otherwise."""
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")


def _latin(folded: str, segments: tuple[Segment, ...], third: Third) -> tuple[Language, bool]:
    """Return the language of a folded text in Latin letters, and whether a second one holds a good part of its words."""
    unknown = Language(code="und", script="Latn", confidence=0.0, segments=segments)
    clean = _without_addresses(folded[: _READ + 60])
    words = _WORD.findall(clean)
    marks = len(_VIETNAMESE.findall(clean))
    letters = sum(map(len, words))
    told = _told_by_letters(clean, letters, marks, segments)
    if told is not None:
        return told, told.code == "vi" and marks * 11 < letters
    votes = _latin_votes(words, marks)
    known = max(votes.values(), default=0.0) > 0.5
    opinions = _cld(clean)
    sure = bool(opinions) and opinions[0][2] and opinions[0][1] >= 0.9
    _add_opinions(votes, opinions, len(words))
    if not votes:
        return unknown, False
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    if ranked[0][0] == "en":
        ranked = _beside_english(ranked, len(words))
    ranked = _third_opinion(ranked, clean, third)
    best, score = ranked[0]
    rival = ranked[1][1] if len(ranked) > 1 else 0.0
    backed = (sure and len(words) >= 4) or (score >= 2.5 and any(code == best for code, _, _ in opinions))
    if (not known and (len(words) < 4 or not sure)) or (score / len(words) < 0.12 and not backed):
        return unknown, False
    confidence = min(0.99, 0.5 + 0.5 * abs(score - rival) / max(score, rival)) * min(1.0, 0.5 + len(words) / 10)
    second = max((other for code, other in ranked[1:] if not _is_related(code, best)), default=0.0)
    return Language(
        code=best.split("-")[0],
        script="Latn",
        confidence=round(confidence, 3),
        segments=segments,
        unaccented=best == "vi" and marks * 14 < letters,
        romanised="-Latn" in best,
    ), second >= max(3.0, 0.3 * score)


def _told_by_letters(text: str, letters: int, marks: int, segments: tuple[Segment, ...]) -> Language | None:
    """Return the language that the letters tell, unknown where there are few of them; None where the words decide."""
    for code, its_own in _ITS_OWN.items():
        if len(its_own.findall(text)) > 1:
            return Language(code=code, script="Latn", confidence=0.9, segments=segments)
    if letters < 3:
        return Language(code="und", script="Latn", confidence=0.0, segments=segments) if segments else UNKNOWN
    if marks * 14 >= letters and marks >= 2:
        return Language(code="vi", script="Latn", confidence=min(0.99, 0.6 + marks / letters * 2), segments=segments)
    return None


def _latin_votes(words: list[str], marks: int) -> dict[str, float]:
    """Return the votes of everyday words; Vietnamese gains by its letters (``marks``) and by words shaped as its syllables."""
    votes = votes_of(words, "Latn")
    if votes.get("vi-bare", 0.0) > 1 or votes.get("vi"):
        syllables = sum(map(is_syllable, words))
        shape = (syllables - 0.8 * len(words)) * 0.5
        votes["vi"] = max(0.0, max(votes.pop("vi-bare", 0.0), votes.get("vi", 0.0)) + marks + shape)
    return votes


def _add_opinions(votes: dict[str, float], opinions: list[tuple[str, float, bool]], words: int) -> None:
    """Add CLD2's opinions of a text of so many words to the votes."""
    for code, share, reliable in opinions:
        vote = share * _second_voice(words) * (1.0 if reliable else 0.5) * _trust(code)
        sibling = _SIBLING.get(code)
        if sibling:  # CLD2 takes one of these for the other in one text of ten: the words decide
            votes[sibling] = votes.get(sibling, 0.0) + 0.4 * vote
            vote *= 0.6
        votes[code] = votes.get(code, 0.0) + vote


def _is_related(code: str, best: str) -> bool:
    """Tell whether a language is so near to the best one that it is not told apart from it."""
    return code == _SIBLING.get(best) or RELATED.get(code, code) == RELATED.get(best, best)


_MIXED_WITH_ENGLISH = frozenset({
    "tl", "vi", "id", "ms", "sw", "hi-Latn", "ur-Latn", "bn-Latn", "ne-Latn", "ta-Latn", "si-Latn", "am-Latn", "km-Latn",
    "my-Latn", "lo-Latn", "ha",
})  # fmt: skip


def _beside_english(ranked: list[tuple[str, float]], words: int) -> list[tuple[str, float]]:
    """Let a language that adverts mix with English come first when it holds a good part of the everyday words."""
    least = min(3.0, max(1.2, 0.12 * words))
    for place, (code, score) in enumerate(ranked[1:3], 1):
        if code in _MIXED_WITH_ENGLISH and score >= least and score >= 0.3 * ranked[0][1]:
            return [ranked[place], *ranked[:place], *ranked[place + 1 :]]
    return ranked


def _third_opinion(ranked: list[tuple[str, float]], text: str, third: Third) -> list[tuple[str, float]]:
    """Let the third voice choose between the first two when they are close and it can tell them apart."""
    if len(ranked) < 2 or ranked[0][0] not in APART or ranked[1][0] not in APART:
        return ranked
    (first, score), (second, rival) = ranked[:2]
    if score - rival >= CLOSE * score or third(text, first, second) == first:
        return ranked
    return [ranked[1], ranked[0], *ranked[2:]]


def _trust(code: str) -> float:
    """Return how far CLD2 is believed: English is what it says when it does not know, languages far from any advert served what
    it says of unknown spellings."""
    return 0.5 if code == "en" else 1.0 if code in listed_words()["Latn"] and code != "ha" else 0.6


def _without_addresses(text: str) -> str:
    """Return ``text`` without handles, addresses and hashtags, which are in no language."""
    if not any(map(text.__contains__, "@_/#\\")) and "." not in text:
        return text
    return " ".join(
        word
        for word in text.split()
        if word.isalpha() or not ("@" in word or "_" in word or "/" in word or word[0] == "#" or "\\x" in word or _domain(word))
    )


_DOMAINS = ("com", "net", "org", "me", "vn", "io", "cc", "asia", "info")


def _domain(word: str) -> bool:
    place = word.find(".")
    return 0 < place < len(word) - 2 and word.rstrip(".,;:!?").rpartition(".")[2] in _DOMAINS


_SIBLING = {"id": "ms", "ms": "id"}


def _second_voice(words: int) -> float:
    """Return how many votes CLD2's answer is worth in a text of so many words."""
    return 0.5 + 0.08 * words


_AROUND = ".,!?;:\"'()[]।،؛؟«»-"
_LETTERS = {
    "Arab": (
        ("ur", "ٹڈڑںےہھ"),
        ("fa", "ژ"),
        ("ps", "ټډړښځڅۍ"),
        ("sd", "ٻڀٺٿڄڃڊڌڏ"),
        ("ckb", "ڕڵۆێ"),
        ("ar", "ةكيىأإ"),
        ("ug", "ۇۈ"),
    ),
    "Cyrl": (
        ("uk", "їєґ"),
        ("sr", "ђћџљњј"),
        ("mn", "өү"),
        ("kk", "әңұһі"),
        ("ky", "ңү"),
        ("tg", "ӣӯҷ"),
        ("uz", "ўқғҳ"),
        ("be", "ў"),
    ),
    "Deva": (("mr", "ळ"),),
}
_SERVED = frozenset({"ru", "uz", "mn", "hi", "ne", "mr", "ar", "ur", "fa"})
_LETTER_WEIGHT = {"Arab": 0.25, "Cyrl": 0.6, "Deva": 0.2}


def _judge_words(text: str, script: str, segments: tuple[Segment, ...], third: Third) -> Language:
    part = text[:_READ]
    words = _WORD.findall(fold(part)) if script == "Cyrl" else [word.strip(_AROUND) for word in fold(part).split()]
    votes = votes_of(words, script)
    lowered = part.casefold()
    for code, letters in _LETTERS[script]:
        if count := sum(map(lowered.count, letters)):
            votes[code] = votes.get(code, 0.0) + count * _LETTER_WEIGHT[script]
    for code, share, reliable in _cld(part):
        votes[code] = votes.get(code, 0.0) + share * _second_voice(len(words)) * (1.0 if reliable else 0.5) * (
            1.0 if code in _SERVED else 0.6
        )
    if not votes:
        return Language(code="und", script=script, confidence=0.0, segments=segments)
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    ranked = _third_opinion(ranked, part, third)
    rival = ranked[1][1] if len(ranked) > 1 else 0.0
    confidence = min(0.99, 0.5 + 0.5 * abs(ranked[0][1] - rival) / max(ranked[0][1], rival))
    return Language(code=ranked[0][0], script=script, confidence=round(confidence, 3), segments=segments)
