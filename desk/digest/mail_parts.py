"""The parts of a mail, as ``mail_page`` says them and the templates lay them out."""

import msgspec


class DeskLink(msgspec.Struct, frozen=True, kw_only=True):
    """Words that lead to the desk."""

    words: str
    href: str


class MailLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: words of an advert or a name, and what is said of it."""

    words: str
    said: str = ""
    before: str = ""
    href: str = ""
    language: str = ""


class CardReason(msgspec.Struct, frozen=True, kw_only=True):
    """A reason, with the mark of the words it stands for in the quote."""

    mark: str
    words: str
    language: str
    """The reader's, or English where nobody translated it."""


class OfferCard(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign or advert that is set out."""

    title: str
    language: str
    href: str
    facts: str
    where: str
    translated: str
    quote: tuple[tuple[str, str], ...]
    """Pieces, each with the mark of its reason or none."""
    quote_language: str
    reasons: tuple[CardReason, ...]
    notes: tuple[str, ...]
    answers: tuple[DeskLink, ...]
    """By which its reader answers without a log-in."""


class Bars(msgspec.Struct, frozen=True, kw_only=True):
    """One number with its change and eight weeks."""

    name: str
    value: str
    change: str
    heights: tuple[int, ...]
    """Of eight bars, in pixels."""
    alt: str


class MailSection(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the mail under its heading."""

    heading: str
    notes: tuple[str, ...] = ()
    warning: str = ""
    cards: tuple[OfferCard, ...] = ()
    lines: tuple[MailLine, ...] = ()
    more: DeskLink | None = None


class MailPage(msgspec.Struct, frozen=True, kw_only=True):
    """The whole mail in the order it is read."""

    language: str
    title: str
    period: str
    preheader: str
    taken_back: MailSection | None
    summary: tuple[str, ...]
    coverage: tuple[str, ...]
    coverage_link: DeskLink
    bars: tuple[Bars, ...]
    notes: tuple[str, ...]
    sections: tuple[MailSection, ...]
    foot: tuple[str, ...]
    leave: DeskLink | None
    """How its reader leaves the list; None where only an answer does that."""
