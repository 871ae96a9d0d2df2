"""From a text to its Assessment, in the order one reads it: language, views, evidence, voice, arguments, score, facts."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from enrichment import lures
from enrichment.arguments import Promise, Shown, arguments
from enrichment.assessment import Assessment, Contact, Language, MonthlyPay, Place
from enrichment.contacts import contacts
from enrichment.evasion import hidden
from enrichment.evidence import Evidence, Reader
from enrichment.fingerprint import fingerprint
from enrichment.language import language
from enrichment.lexicon import lexicon
from enrichment.names import Names
from enrichment.pay import pay
from enrichment.places import Gazetteer
from enrichment.text import Views, views
from enrichment.voice import counter, voice
from enrichment.wages import times_ordinary
from enrichment.wording import wording

SEND_TO = ("telegram", "whatsapp", "line", "zalo", "wechat", "viber", "signal", "kakaotalk", "phone", "email", "crypto", "url")
"""Which contact names a campaign best, in this order."""
WEIGHTS = Path(__file__).parent / "weights.json"
"""The points of each argument, as `lurewatch eval train` writes them."""
WORDING = Path(__file__).parent / "wording.json"
"""How lures are worded, as the same command learns it."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a text says whatever it is: read once, argued from and handed on."""

    views: Views
    language: Language
    contacts: tuple[Contact, ...]
    pay: MonthlyPay | None
    places: tuple[Place, ...]


class Assessor:
    """Everything that is loaded once: lexicon, weights, places. Assessing is pure: no network, no clock, no store."""

    def __init__(self, seeds: Path, *, portable: bool = False) -> None:
        """Read ``seeds/lures`` and ``seeds/places.yml``; raise LexiconError and the like with file and line.

        ``portable`` matches without Hyperscan: the same hits, slower per text, but an edited lexicon need not be compiled first.
        """
        read = lexicon(seeds / "lures")
        self.lexicon_version = _version(read.version, WEIGHTS, WORDING, seeds / "places.yml")
        self._reader = Reader(read, portable=portable)
        self._weights = lures.weights(WEIGHTS)
        self._wording = wording(WORDING)
        self._gazetteer = Gazetteer(seeds / "places.yml")
        self._names = Names(seeds / "places.yml")

    def assess(
        self, *, id: str, title: str | None, text: str, url: str = "", source: str = "",  # noqa: ARG002 - see below
        countries: tuple[str, ...] = (),
    ) -> Assessment:
        """Return the judgement of one posting; offsets count code points of ``title + "\\n" + text``.

        ``url`` and ``source`` are part of what a posting is, but where a text stands is no evidence of what it is.
        """
        raw = f"{title or ''}\n{text}"
        facts = self._facts(raw, countries)
        shown = self._shown(facts)
        told = self._wording.told(shown.codes)
        less = counter(shown.found, told.reports if told else 0.0, self._weights.voices)
        made = lures.signals(arguments(shown, told, less, raw), self._weights, raw)
        points = lures.score(made)
        flagged = points >= lures.FLAGGED
        printed = fingerprint(raw)
        return Assessment(
            id=id, language=facts.language, voice=voice(shown.found, work=bool(made), counter=less),
            score=points, flagged=flagged, tag=lures.tag(made) if flagged else "none", signals=made,
            contacts=facts.contacts, places=facts.places, pay=facts.pay, fingerprint=printed,
            campaign_key=_campaign_key(facts.contacts, printed.bands), lexicon_version=self.lexicon_version,
        )

    def evidence(self, raw: str) -> list[Evidence]:
        """Return the lexicon entries ``raw`` shows, each with its place in the seed files: what the signals were made from."""
        seen = views(raw)
        return self._reader.evidence(seen, language(seen))

    def shown(self, raw: str) -> Shown:
        """Return what ``raw`` shows before anything is argued: what is learned from.

        How it is worded is left out: training tells that from other texts (``lurewatch.evaluation.learning``).
        """
        return self._shown(self._facts(raw))

    def _facts(self, raw: str, countries: tuple[str, ...] = ()) -> _Facts:
        seen = views(raw)
        spoken = language(seen)
        return _Facts(
            seen, spoken, contacts(seen, spoken, countries), pay(seen, spoken), self._gazetteer.places(seen, spoken),
        )

    def _shown(self, facts: _Facts) -> Shown:
        seen, spoken, earned = facts.views, facts.language, facts.pay
        times = times_ordinary(earned, spoken, facts.places)
        promise = None if earned is None or times is None else Promise(earned, times)
        names = [*((one.start, one.end) for one in facts.contacts), *((one.start, one.end) for one in facts.places)]
        codes = self._names.blanked(seen.unleet, names)
        return Shown(self._reader.evidence(seen, spoken), promise, hidden(seen), seen.unleet, codes)


def _version(phrases: str, *files: Path) -> str:
    """Return the first 12 hex digits of the SHA-256 of all that judges: another version may judge the same text otherwise."""
    return hashlib.sha256(b"\0".join([phrases.encode(), *(file.read_bytes() for file in files)])).hexdigest()[:12]


def _campaign_key(reached: tuple[Contact, ...], bands: tuple[str, ...]) -> str | None:
    if reached:
        strongest = min(reached, key=lambda contact: SEND_TO.index(contact.type))
        return f"{strongest.type}:{strongest.value}"
    return bands[0] if bands else None
