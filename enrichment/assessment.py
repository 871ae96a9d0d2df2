"""The result of stage 2: the Assessment of one posting; every point is in a signal with a span.

A signal of the family ``wording`` is learned: its span shows where it was read, and it is no reason that a person can check.

Offsets count code points of ``title + "\\n" + text`` of the posting, before any normalisation.
"""

from typing import Literal

import msgspec

StanceLabel = Literal["offer", "warning", "news", "testimony", "seeker", "other"]
LureKind = Literal["scam_compound", "organ_trade", "surrogacy_or_egg", "marriage_broker", "money_scam"]
Tag = Literal[LureKind, "unstated", "none"]
"""What a text is: a kind of lure that its words name; flagged, but no kind named; not flagged."""
HarmLevel = Literal["unstated", "money", "body_trade", "confinement", "taken"]
ContactType = Literal[
    "telegram",
    "phone",
    "whatsapp",
    "line",
    "zalo",
    "wechat",
    "qq",
    "viber",
    "signal",
    "kakaotalk",
    "email",
    "url",
    "crypto",
]


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the text in one language."""

    start: int
    end: int
    code: str
    script: str
    confidence: float


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """The language most of the text is in; ``code`` is ISO 639-1, or ``und`` rather than a guess."""

    code: str
    script: str
    """ISO 15924 (``Latn``, ``Hans``, ``Hant``, ``Khmr``)."""
    confidence: float
    segments: tuple[Segment, ...] = ()
    unaccented: bool = False
    """Vietnamese typed without its marks."""
    romanised: bool = False
    """Hindi, Urdu, Bengali and the like in Latin letters."""
    zawgyi: bool = False


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for (or, with a negative weight, against) flagging, shown to the analyst on the text itself."""

    indicator: str
    family: str
    start: int
    end: int
    text: str
    """``raw[start:end]``."""
    weight: float
    """Points this signal adds before the score is capped; negative when it argues against."""
    gloss: str
    """What the span means, in English."""
    reference: str | None = None
    against: str | None = None
    """Why this signal's weight is lower, as text."""


class HarmReason(msgspec.Struct, frozen=True, kw_only=True):
    """One signal that shows a harm."""

    level: HarmLevel
    indicator: str
    start: int
    end: int
    why: str
    """What the words mean, in English."""


class Harm(msgspec.Struct, frozen=True, kw_only=True):
    """How grave it would be for a person to follow the offer (``enrichment.harm``); not how likely it is a lure."""

    level: HarmLevel = "unstated"
    """The gravest level that any reason shows."""
    reasons: tuple[HarmReason, ...] = ()
    """The gravest first."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A way to reach the advertiser; ``value`` is normalised (E.164, lower-case handle without ``@``)."""

    type: ContactType
    value: str
    start: int
    end: int
    """The span in the text; empty when the contact stands only in a ``link``."""
    countries: tuple[str, ...] = ()
    """Candidate ISO 3166 countries of a telephone number, likeliest first."""
    link: str | None = None
    """The address the page published it as, beside the text (``https://t.me/…``, ``mailto:…``); None for one in the text."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place from ``seeds/places.yml`` named in the text."""

    name: str
    country: str
    kind: str
    start: int
    end: int


class MonthlyPay(msgspec.Struct, frozen=True, kw_only=True):
    """Pay found in the text, with its amount for a month."""

    low: float
    high: float
    currency: str | None
    period: str | None
    monthly_usd: float | None
    start: int
    end: int


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True):
    """What near-duplicates are found by: MinHash bands stored as index terms."""

    bands: tuple[str, ...] = ()
    minhash: tuple[int, ...] = ()
    shingles: int = 0


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The whole judgement of one text; ``score`` can be recomputed from ``signals`` alone (``enrichment.scoring.score``)."""

    id: str
    language: Language
    stance: StanceLabel = msgspec.field(name="voice")
    """How the text stands to the offer in it; stored records call it ``voice``, its name until release 0.2."""
    score: float
    """0 to 100."""
    flagged: bool
    tag: Tag
    signals: tuple[Signal, ...] = ()
    contacts: tuple[Contact, ...] = ()
    places: tuple[Place, ...] = ()
    pay: MonthlyPay | None = None
    fingerprint: Fingerprint = Fingerprint()
    campaign_key: str | None = None
    """The strongest contact or the first band: what this text would be grouped by."""
    lexicon_version: str = ""
    """Hash of all that judged: lexicon, places and model."""
    model_version: str = ""
    """The model among them (``enrichment.model.Card.version``)."""
    harm: Harm = Harm()
    """The harm; no part of the score."""
    unjudged: str = ""
    """Which version could not judge it (``Assessor.judge``) and where that failed; usually empty. Nothing else of the
    assessment counts then."""
    rules: tuple[str, ...] = ()
    """Ids of the lexicon rules that occur in the text, those in shadow, which weigh nothing, among them."""
