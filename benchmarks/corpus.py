"""Listings for the benchmarks of index and campaigns: made from a seed, shaped like the real thing, no text of anybody's.

A word list per script, log-normal lengths (mean about 1,100 characters), 7 % flagged, 15 % copies with another contact and
one sentence changed.
"""

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from crawlers.items import Posting
from enrichment.assessment import Assessment, Contact, Language, Place, Signal, Tag
from enrichment.text.fingerprint import fingerprint
from index.base import Record

LANGUAGES = {
    "vi": ("Latn", "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềộợấầịủ", " "),
    "en": ("Latn", "abcdefghijklmnopqrstuvwxyzaeiounrst", " "),
    "id": ("Latn", "abcdefghijklmnoprstuwyaeiuanng", " "),
    "th": ("Thai", "กขคงจชซญดตถทนบปผพฟมยรลวสหอะาเแโไ", ""),
    "zh": ("Hans", "高薪招聘工作公司包吃住月元人海外客服打字员机票开始时间地点年龄经验不限男女均可联系方式电话新园区", ""),
    "km": ("Khmr", "កខគងចឆជញដតថទនបផពមយរលវសហអាិីុូេ", ""),
    "my": ("Mymr", "ကခဂငစဆဇညတထဒနပဖဗမယရလဝသဟအာိီုူေ", ""),
    "hi": ("Deva", "अआइईउएकखगचछजटडतथदनपबभमयरलवशसहािीुे", " "),
}
COMMON = ("salary", "usd", "telegram", "office", "visa")
PLACES = (
    ("Myawaddy", "MM"),
    ("Sihanoukville", "KH"),
    ("Bavet", "KH"),
    ("Poipet", "KH"),
    ("Mae Sot", "TH"),
    ("Golden Triangle", "LA"),
)
TAGS: tuple[Tag, ...] = ("scam_compound", "scam_compound", "organ_trade", "money_scam", "marriage_broker")
START = datetime(2025, 6, 1, tzinfo=UTC)


def records(count: int, *, seed: int = 5, bands: bool = True) -> Iterator[Record]:
    """Yield ``count`` records, oldest first, over half a year."""
    chance = random.Random(seed)
    words = {code: _vocabulary(random.Random(code), letters) for code, (_, letters, _) in LANGUAGES.items()}
    kept: list[tuple[str, list[str]]] = []
    for number in range(count):
        if kept and chance.random() < 0.15:
            code, sentences = chance.choice(kept)
            sentences = sentences.copy()
            sentences[chance.randrange(len(sentences))] = _sentence(chance, words[code], LANGUAGES[code][2])
        else:
            code = chance.choice(list(LANGUAGES))
            length = max(3, round(chance.lognormvariate(2.2, 0.5)))
            sentences = [_sentence(chance, words[code], LANGUAGES[code][2]) for _ in range(length)]
            kept.append((code, sentences))
            if len(kept) > 5000:
                kept[chance.randrange(5000)] = kept.pop()
        yield _record(number, code, sentences, chance, count, bands=bands)


def _vocabulary(chance: random.Random, letters: str) -> list[str]:
    return ["".join(chance.choice(letters) for _ in range(chance.randint(2, 7))) for _ in range(1500)]


def _sentence(chance: random.Random, words: list[str], space: str) -> str:
    # Squaring makes some words far commoner than others, as in any language.
    text = space.join(words[int(len(words) * chance.random() ** 2)] for _ in range(chance.randint(12, 22)))
    return f"{text} {chance.choice(COMMON)}" if chance.random() < 0.15 else text


def _record(number: int, code: str, sentences: list[str], chance: random.Random, count: int, *, bands: bool) -> Record:
    flagged = chance.random() < 0.07
    score = round(chance.uniform(50, 100), 1) if flagged else 0.0 if chance.random() < 0.7 else round(chance.uniform(0, 49), 1)
    name = hashlib.sha256(number.to_bytes(8, "big")).hexdigest()[:32]  # ids come in no order, as real ones do
    handle = f"crew_{chance.randrange(count // 4 + 1)}" if chance.random() < 0.3 else None
    phone = f"+8450{chance.randrange(10**7):07}" if chance.random() < 0.5 else None
    contacts = [Contact(type="telegram", value=handle, start=0, end=0)] if handle else []
    contacts += [Contact(type="phone", value=phone, start=0, end=0)] if phone else []
    text = ". ".join(sentences) + f" {phone or ''} {'@' + handle if handle else ''}"
    title = sentences[0][:40]
    source = f"source_{chance.randrange(30)}"
    signals = (
        tuple(
            Signal(
                indicator=f"indicator_{n}",
                family="offer",
                start=n * 7,
                end=n * 7 + 5,
                text="words",
                weight=12.5,
                gloss="what it means",
            )
            for n in range(5)
        )
        if flagged
        else ()
    )
    places = (chance.choice(PLACES),) if chance.random() < 0.2 else ()
    judged = Assessment(
        id=name,
        language=Language(code=code, script=LANGUAGES[code][0], confidence=0.99),
        stance="offer",
        score=score,
        flagged=flagged,
        tag=chance.choice(TAGS) if flagged else "none",
        signals=signals,
        contacts=tuple(contacts),
        places=tuple(Place(name=place, country=country, kind="town", start=0, end=1) for place, country in places),
        fingerprint=fingerprint(f"{title}\n{text}") if bands else fingerprint(""),
        lexicon_version="bench",
    )
    posting = Posting(id=name, source=source, url=f"https://{source}.example.org/jobs/{number}", title=title, text=text)
    seen = START + timedelta(seconds=number * (180 * 86400) // count)
    return Record(
        id=name, posting=posting, assessment=judged, first_seen=seen, last_seen=seen, run_id="bench", partition="runs/bench"
    )  # fmt: skip
