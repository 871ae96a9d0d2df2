"""Random texts that must break nothing: judged whole, every span a slice, every score what its signals come to.

``python -m benchmarks.fuzz [--count 1000000] [--seed 1] [--jobs 1] [--json]``. Texts are pieces of our labelled texts in all
languages, disguised, cut and mixed: look-alike letters, digits and signs for letters, marks, zero-width and direction signs,
emoji, cut surrogates, every line break there is, sums, handles, numbers; most are short, one in 500 has up to 100 KB, one in
20,000 a megabyte on a line. A text is made from the seed and its number alone: ``--only NUMBER`` makes and judges that one.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, partial
from multiprocessing import Pool
from pathlib import Path

from enrichment import scoring
from enrichment.assess import Assessor, PostingText
from enrichment.assessment import Assessment
from enrichment.text.characters import tables
from enrichment.text_lines import encode_line
from evaluation.labelled_listings import listings
from evaluation.text_sets import carried_texts

ROOT = Path(__file__).resolve().parent.parent
SHARE = 2000
"""Texts that a process judges before it takes others."""
BREAKS = ("\n", "\r\n", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85", "\u3000", "\u200b", "\t", " ")
SIGNS = (
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\u0301", "\u0323", "\u20e3", "\ufe0f",
    "\ud83d", "\udc00", "\ud800", "\udfff", "\ufdfa", "\u0378", "\U0010ffff", "\x00", "\U0001f468\u200d\U0001f467", "🇰🇭", "🇰",
    "1\ufe0f\u20e3", "✈", "💰", "①", "㎏", "\u0e33", "\u103a", "\u17d2", "\u0e31", "“", "”", "「", "'", "\"",
)  # fmt: skip
FACTS = (
    "25к", "до 25к", "1500$", "¥2万", "10tr", "30-40 triệu", "@sample_hr_9", "t.me/sample_hr", "+44 7700 900123",
    "wa.me/447700900123", "hr@example.org", "https://example.org/a?b=c", "微信 sample88", "zalo 0500000142", "лс", "ib", "12h",
    "18+", "1/2", "0x1F", "4-5",
)  # fmt: skip
LEET = str.maketrans({"o": "0", "i": "1", "e": "3", "a": "4", "s": "5", "о": "0", "з": "3", "ч": "4", "l": "!"})


@cache
def words() -> list[str]:
    """Return the words of our labelled texts, and of scripts without spaces whole stretches."""
    found: set[str] = set()
    for file in [*sorted(carried_texts().training.glob("listings-*.jsonl")), *carried_texts().unseen()]:
        for item in listings(file):
            found.update(word[:40] for word in item.raw.split())
    return sorted(found)


def disguise(chance: random.Random, word: str) -> str:
    """Return a word as somebody could write it who hides it, or whose program broke it."""
    kind = chance.randrange(12)
    if kind == 0:
        return "".join(chance.choice(twins().get(char, char)) if chance.random() < 0.5 else char for char in word)
    if kind == 1:
        return word.translate(LEET)
    if kind == 2:
        return chance.choice((" ", ".", "·", "*", "_", "\u200b", "|")).join(word)
    if kind == 3:
        return "".join(char + chance.choice(SIGNS) if chance.random() < 0.3 else char for char in word)
    if kind == 4:
        return word[: chance.randrange(1, len(word) + 1)] + chance.choice(SIGNS)
    if kind == 5:
        return word.upper()
    return word


def small_text(chance: random.Random, lexicon: Sequence[str], pieces: int) -> str:
    """Return some pieces in a row."""
    parts: list[str] = []
    for _ in range(pieces):
        kind = chance.randrange(20)
        if kind < 13:
            parts.append(disguise(chance, chance.choice(lexicon)))
        elif kind < 16:
            parts.append(chance.choice(FACTS))
        elif kind < 18:
            parts.append(chance.choice(SIGNS) * chance.choice((1, 1, 2, 9)))
        else:
            parts.append("".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(1, 6))))
        parts.append(" " if chance.random() < 0.7 else chance.choice(BREAKS) if chance.random() < 0.7 else "")
    return "".join(parts)


def text(seed: int, number: int, lexicon: Sequence[str]) -> PostingText:
    """Return text ``number`` of a seed."""
    chance = random.Random(f"{seed}/{number}")
    body = small_text(chance, lexicon, int(chance.paretovariate(1.2)) % 60)
    if number % 20_000 == 19_999:
        body = (body or "\ud800") * ((1 << 20) // max(1, len(body)) + 1)
        body = "".join(body.splitlines())[: 1 << 20]
    elif number % 500 == 499:
        body = small_text(chance, lexicon, chance.randrange(1000, 12_000))[:100_000]
    title = small_text(chance, lexicon, 3) if chance.random() < 0.3 else None
    links = ("https://t.me/sample_hr", "mailto:\ud800@example.org", "https://[") if chance.random() < 0.02 else ()
    return PostingText(str(number), title, body, chance.choice(((), ("VN", "KH"), ("RU",))), links)


def faults(posted: PostingText, judged: Assessment, assessor: Assessor) -> Iterator[str]:
    """Yield what is wrong with a judgement."""
    if judged.unjudged:
        yield f"not judged {judged.unjudged}"
        return
    if judged.score != scoring.score(judged.signals, assessor.model.weights):
        yield "the score is not what its signals come to"
    if any(posted.raw[signal.start : signal.end] != signal.text or not signal.text for signal in judged.signals):
        yield "a signal is no slice of the text"
    spans = [(place.start, place.end) for place in judged.places]
    spans += [(contact.start, contact.end) for contact in judged.contacts if not contact.link]
    if any(not 0 <= start < end <= len(posted.raw) for start, end in spans):
        yield "a place or contact stands outside the text"
    try:
        encode_line(judged)
    except Exception as exc:  # noqa: BLE001 - that is what is looked for
        yield f"not written as JSON: {exc!r}"


def judge(numbers: range, seed: int) -> tuple[int, list[tuple[int, str]]]:
    """Judge texts; return how many, and number and fault of those that broke something."""
    posted = [text(seed, number, words()) for number in numbers]
    judged = load_assessor().assess_all(posted)
    found = [
        (number, why)
        for number, one, item in zip(numbers, posted, judged, strict=True)
        for why in faults(one, item, load_assessor())
    ]
    return len(posted), found


def run(count: int, seed: int, jobs: int) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Yield what came of each share of ``count`` texts, in ``jobs`` processes."""
    shares = [range(start, min(count, start + SHARE)) for start in range(0, count, SHARE)]
    if jobs == 1:
        yield from map(partial(judge, seed=seed), shares)
        return
    load_assessor(), words(), twins()  # loaded once: the processes are forked from this one
    with Pool(jobs) as pool:
        yield from pool.imap(partial(judge, seed=seed), shares)


@cache
def twins() -> dict[str, str]:
    """Return for each letter those of other alphabets that look like it."""
    alike: dict[str, str] = {}
    table = tables().latin_twin
    for code in table.nonzero()[0].tolist():
        other, latin = chr(code), chr(int(table[code]))
        alike[latin] = alike.get(latin, latin) + other
        alike[other] = alike.get(other, "") + latin
    return alike


@cache
def load_assessor() -> Assessor:
    """Return the assessor of the shipped seeds."""
    return Assessor(ROOT / "seeds")


def main() -> None:
    """Judge the texts; exit code 1 when one broke something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000, help="texts (default 20,000)")
    parser.add_argument("--seed", type=int, default=1, help="other seeds give other texts (default 1)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="show and judge this text alone")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the lines")
    given = parser.parse_args()
    if given.only is not None:
        posted = text(given.seed, given.only, words())
        print(ascii(posted.raw[:2000]))
        load_assessor()._judge_batch([posted])  # not caught: with its traceback
        return
    done, kinds, first = 0, Counter[str](), dict[str, int]()
    for number, found in run(given.count, given.seed, given.jobs):
        done += number
        for at, why in found:
            kinds[why] += 1
            first.setdefault(why, at)
        if not given.json and done % 50_000 < SHARE:
            print(f"{done:,} texts, {kinds.total()} faults", file=sys.stderr, flush=True)
    if given.json:
        print(json.dumps({"texts": done, "seed": given.seed, "faults": kinds}))
    else:
        print(f"{done:,} texts of seed {given.seed}: {kinds.total()} faults")
        for why, number in kinds.most_common():
            print(f"{number:7}  {why}; first --only {first[why]}")
    sys.exit(1 if kinds else 0)


if __name__ == "__main__":
    main()
