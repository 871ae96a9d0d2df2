"""What a mail says, sentence by sentence, in the reader's language; the templates only lay it out, as HTML and as plain text.

Every list is cut to what six screens of a telephone hold; what is left out is counted and linked.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

import msgspec

from desk.digest import wording
from desk.digest.edition import CARDS, DigestItem, Edition, Ledger, NewSighting, Retraction
from desk.digest.mail_parts import Bars, CardReason, DeskLink, MailLine, MailPage, MailSection, OfferCard
from desk.digest.wording import cut_columns, mail_words
from desk.languages.reader_locale import country_name, number, reader_locale, stamp
from desk.rechecks.notice_outcomes import KnownCounts
from desk.subscribers.mail_answers import AnswerKind, answer_token, link_kinds
from desk.subscribers.subscriptions import Subscription
from desk.week_coverage import SourceCoverage
from foundation.messages import Message, _, ngettext

CARD_TITLE, LINE_TITLE, NAME_TITLE, QUOTED_REASON, NOTE = 70, 34, 28, 52, 72
"""Columns of a title in a card, in a line and behind a change, of a line of a reason, of an analyst's note."""
REASON_LINES = 3
"""Lines of a reason at most; each card of ``CARDS`` leaves one, so that a full mail keeps its six screens."""
BOARDS = 3
"""Boards that the strip of coverage names of each kind."""
MARKS = "¹²³"
ANSWERS: dict[AnswerKind, Message] = {
    "watch": _("Keep in sight"), "irrelevant": _("Not relevant"), "more": _("More like this"),
}  # fmt: skip


HEIGHT = 28
"""Pixels of the highest bar."""


def mail_page(edition: Edition, desk: str, organisation: str, reader: Subscription | None) -> MailPage:
    """Return what the mail says to whoever reads (``reader_locale``); with links to answer by for a ``reader`` who subscribed."""
    unreviewed = _adverts(edition.unreviewed) + edition.more_unreviewed
    unsure = mail_words(_("A machine flagged these. Nobody has confirmed them; do not act on them."))
    found = (
        _list_items(edition, desk, reader, "confirmed", _("Confirmed by a person"), edition.counts.confirmed),
        _movements(edition, desk),
        _list_items(edition, desk, reader, "unreviewed", _("Flagged, not yet reviewed"), unreviewed, unsure),
        _ledger(edition), _patterns(edition, desk), _queue(edition, desk), _searches(edition, desk), _help(edition),
    )  # fmt: skip
    summary, since, until = _summary(edition), mail_words(stamp(edition.since)), mail_words(stamp(edition.until))
    return MailPage(
        language=reader_locale().language, title=wording.title(edition),
        period=" · ".join((f"{since} – {until}", organisation, *wording.narrow_parts(edition))),
        preheader=" ".join(summary[1:]) or summary[0], taken_back=_drop_empty(_taken_back(edition, desk)), summary=summary,
        coverage=_coverage(edition), coverage_link=DeskLink(words=mail_words(_("all boards")), href=f"{desk}/sources"),
        bars=tuple(_bars(edition)), notes=tuple(mail_words(note) for note in _count_notes(edition)),
        sections=tuple(section for section in found if _drop_empty(section)), foot=_foot(edition, organisation, reader),
        leave=DeskLink(words=mail_words(_("Leave this list")), href=leave_address(reader, desk)) if reader else None,
    )  # fmt: skip


def _drop_empty(section: MailSection) -> MailSection | None:
    """Return a section, None for one that has nothing to say."""
    return section if section.cards or section.lines or section.notes or section.more else None


def _taken_back(edition: Edition, desk: str) -> MailSection:
    return MailSection(
        heading=mail_words(_("Taken back")),
        warning=mail_words(_(
            "Earlier mails listed these; a person has since undone that. Please disregard what was said of them, and tell "
            "whoever you passed it on to."
        )),
        lines=tuple(_retraction(edition, one, desk) for one in edition.retracted),
        more=_more(edition.more_retracted, f"{desk}/digest/{edition.week}?standing=withdrawn"),
    )  # fmt: skip


def _retraction(edition: Edition, one: Retraction, desk: str) -> MailLine:
    said = [wording.board_name(edition.board(one.source))] if one.source else []
    mailed = wording.local_day(one.mailed_at) if one.mailed_at else wording.mail_name(one.week)
    said.append(mail_words(_("mail of %(day)s", day=mailed)))
    said += [mail_words(_("looked at again: no lure"))] if one.state == "dismissed" else []
    return MailLine(words=wording.shown_title(one.title, LINE_TITLE), said=" · ".join(said), href=f"{desk}/item/{one.id}")


def _summary(edition: Edition) -> tuple[str, ...]:
    """Return the three sentences that say what changed."""
    counts = edition.counts
    if edition.empty:
        sentences = [_("Nothing new in this period.")]
        if edition.incomplete_sources:
            sentences.append(_("But not everything was looked at, see below: silence is not safety."))
        elif edition.coverage:
            boards = len(edition.coverage)
            sentences.append(ngettext("The one board was read whole.", "All %(num)s boards were read whole.", boards))
        return tuple(mail_words(one) for one in sentences)
    first = ngettext(
        "%(flagged)s advert was flagged for the first time; people confirmed %(confirmed)s and dismissed %(dismissed)s.",
        "%(flagged)s adverts were flagged for the first time; people confirmed %(confirmed)s and dismissed %(dismissed)s.",
        counts.new_flagged, flagged=counts.new_flagged, confirmed=counts.confirmed, dismissed=counts.dismissed,
    )  # fmt: skip
    changed = {change: count for change, count in edition.changed.items() if count}
    said = ", ".join(wording.changed_campaigns(change, count) for change, count in changed.items())
    second = _("Campaigns: %(said)s.", said=said) if said else _("No campaign began, grew, moved, came back or went quiet.")
    third = _(
        "Reported to platforms: %(reported)s; seen gone, whenever reported: %(gone)s; waiting for a person: %(waiting)s.",
        reported=edition.ledger.reported, gone=edition.ledger.gone, waiting=counts.waiting,
    )  # fmt: skip
    return mail_words(first), mail_words(second), mail_words(third)


def _coverage(edition: Edition) -> tuple[str, ...]:
    """Return the strip: how many boards were seen, which were not, which only in part."""
    if not edition.coverage:
        return (mail_words(_("No board is enabled")),)
    blind = [one for one in edition.incomplete_sources if one.dark]
    partly = [one for one in edition.incomplete_sources if not one.dark]
    total = len(edition.coverage)
    said = [mail_words(_("%(seen)s of %(total)s boards seen", seen=total - len(blind), total=total))]
    if blind:
        said.append(mail_words(_("blind: %(boards)s", boards=_boards(blind))))
    if partly:
        said.append(mail_words(_("in part: %(boards)s", boards=_boards(partly))))
    return tuple(said)


def _boards(boards: Sequence[SourceCoverage]) -> str:
    """Return the names of some boards, each of the first two with what is wrong, and how many more there are."""
    named = []
    for place, one in enumerate(boards[:BOARDS]):
        name = wording.board_name(one.title)
        fault = _board_fault(one) if place < 2 else ""
        named.append(f"{name} ({fault})" if fault else name)
    if len(boards) > BOARDS:
        named.append(_more_words(len(boards) - BOARDS))
    return ", ".join(named)


def _board_fault(one: SourceCoverage) -> str:
    if not one.runs:
        return mail_words(_("did not run"))
    if one.worst is not None and one.worst.state != "ok" and not one.dark:
        found = {"read": one.worst.read, "expected": one.worst.expected}
        if one.worst.state == "partial":
            return mail_words(_("%(read)s of %(expected)s read", **found))
        return mail_words(_("%(state)s: %(read)s of %(expected)s read", state=wording.FAULTS[one.worst.state], **found))
    kind = one.findings[0].name if one.findings else one.worst.state if one.worst else ""
    return mail_words(wording.FAULTS.get(kind, ""))


def _bars(edition: Edition) -> Iterable[Bars]:
    for trend in edition.trends:
        now, before = trend.weeks[-1], trend.weeks[-2]
        name = mail_words(wording.TRENDS[trend.name])
        change = f"+{number(now - before)}" if now > before else f"−{number(before - now)}" if now < before else "±0"
        top = max(1, *trend.weeks)
        yield Bars(
            name=name,
            value=number(now),
            change=change,
            heights=tuple(max(2, round(HEIGHT * count / top)) if count else 1 for count in trend.weeks),
            alt=mail_words(_(
                "%(name)s, week by week, the newest last: %(weeks)s", name=name, weeks=", ".join(map(number, trend.weeks))
            )),
        )  # fmt: skip


def _count_notes(edition: Edition) -> Iterable[Message]:
    counts = edition.counts
    if counts.earlier:
        yield _("Of the newly flagged, first seen before this period: %(num)s.", num=counts.earlier)
    if counts.learned_alone:
        yield _("Never listed in mails, for want of a reason that a person can check: %(num)s.", num=counts.learned_alone)
    if counts.withheld:
        yield _("Never listed in mails, by people who may be victims or look for work: %(num)s.", num=counts.withheld)


def _card(edition: Edition, item: DigestItem, desk: str, reader: Subscription | None, *, confirmed: bool) -> OfferCard:
    movement = next((one for one in edition.movements if item.campaign and one.campaign == item.campaign), None)
    where = [", ".join(item.places), wording.offered_pay(item.pay), wording.board_name(edition.board(item.source))]
    if item.alike and (movement is None or movement.members != item.alike + 1):
        where.append(mail_words(ngettext("with %(num)s more like it", "with %(num)s more like it", item.alike)))
    if movement is not None:
        where.append(f"{wording.change_name(movement.change)} {wording.movement_facts(edition, movement)}")
    notes = [mail_words(wording.READS_AS[item.stance])] if item.stance in wording.READS_AS else []
    if item.clause:
        said = mail_words(_("Rule broken: %(clause)s", clause=wording.desk_words(item.clause.replace("_", " "))))
        note = mail_words(_("Analyst: %(note)s", note=cut_columns(item.note, NOTE))) if item.note else ""
        notes.append(f"{said}. {note}" if note else said)
    if confirmed:
        notes.append(mail_words(_("Notices: %(state)s", state=wording.notices(item.notices))))
    return OfferCard(
        title=wording.shown_title(item.title, CARD_TITLE), language=wording.title_language(item), href=f"{desk}/item/{item.id}",
        facts=wording.facts_of(item), where=" · ".join(part for part in where if part),
        translated=cut_columns(dict(item.translated).get(reader_locale().language, ""), CARD_TITLE),
        quote=tuple((words, MARKS[mark - 1] if 0 < mark <= len(MARKS) else "") for words, mark in item.excerpt),
        quote_language=item.language, reasons=tuple(_reasons(edition, item)), notes=tuple(notes),
        answers=_answers(edition, desk, reader, item),
    )  # fmt: skip


def _reasons(edition: Edition, item: DigestItem) -> Iterable[CardReason]:
    lines = min(REASON_LINES, 1 + CARDS - sum(map(len, edition.cards)))
    quoted = {mark for _words, mark in item.excerpt}
    for place, gloss in enumerate(item.reasons[: len(MARKS)]):
        words = wording.desk_words(gloss)
        language = "en" if words == gloss else reader_locale().language
        mark = MARKS[place] if place + 1 in quoted else ""
        yield CardReason(mark=mark, words=cut_columns(words, lines * QUOTED_REASON), language=language)


def _item_line(item: DigestItem, desk: str) -> MailLine:
    said = wording.severity_word(item.severity) if item.severity else wording.kind_of(item.tag)
    if item.alike:
        said += f" · {wording.adverts(1 + item.alike)}"
    title = wording.shown_title(item.title, LINE_TITLE)
    return MailLine(words=title, said=said, href=f"{desk}/item/{item.id}", language=wording.title_language(item))


def _list_items(
    edition: Edition, desk: str, reader: Subscription | None, standing: str, heading: Message, count: int, warning: str = ""
) -> MailSection:  # fmt: skip
    """Return the adverts that people confirmed, or that nobody reviewed: some set out, the others a line each."""
    items, more, cards = getattr(edition, standing), getattr(edition, f"more_{standing}"), edition.cards[standing != "confirmed"]
    return MailSection(
        heading=f"{mail_words(heading)} ({number(count)})",
        warning=warning,
        cards=tuple(_card(edition, item, desk, reader, confirmed=standing == "confirmed") for item in cards),
        lines=tuple(_item_line(item, desk) for item in items[len(cards) :]),
        more=_more(more, f"{desk}/digest/{edition.week}?standing={standing}"),
    )


def _answers(edition: Edition, desk: str, reader: Subscription | None, item: DigestItem) -> tuple[DeskLink, ...]:
    """Return the links by which a reader who subscribed answers to an advert without a log-in."""
    return () if reader is None else tuple(
        DeskLink(words=mail_words(ANSWERS[kind]), href=f"{desk}/answer/{answer_token(reader, kind, item.id, edition.until)}")
        for kind in link_kinds(reader)
    )  # fmt: skip


def leave_address(reader: Subscription, desk: str) -> str:
    """Return the address by which a reader leaves the list without a log-in."""
    return f"{desk}/unsubscribe/{reader.token()}"


def _movements(edition: Edition, desk: str) -> MailSection:
    lines = tuple(
        MailLine(
            before=wording.change_name(one.change),
            words=wording.shown_title(one.name, NAME_TITLE),
            said=wording.movement_facts(edition, one),
            href=f"{desk}/campaign/{one.campaign}",
            language=one.languages[0] if one.languages else "",
        )
        for one in edition.movements
    )
    return MailSection(heading=mail_words(_("Campaigns")), lines=lines, more=_more(edition.more_movements, f"{desk}/campaigns"))


def _ledger(edition: Edition) -> MailSection:
    ledger, heading = edition.ledger, mail_words(_("Reports to platforms"))
    if ledger in (Ledger(), Ledger(refused=0), Ledger(refused=0, known=KnownCounts())):
        nothing = _("Nothing was reported in this period, and no earlier report is open.")
        return MailSection(heading=heading, notes=(mail_words(nothing),))
    refused = _("not known yet") if ledger.refused is None else ledger.refused
    gone = _("Newly seen gone: %(num)s", num=ledger.gone) if ledger.median_hours is None else ngettext(
        "Newly seen gone: %(num)s, within %(hours)s h of the report",
        "Newly seen gone: %(num)s, half of them within %(hours)s h of the report", ledger.gone, hours=ledger.median_hours,
    )  # fmt: skip
    known = ledger.known and wording.known_counts(ledger.known, whole=True)
    said = (
        *((_("Of all notices in force: %(known)s", known=known),) if known else ()),
        _("Reported: %(num)s; notices taken back: %(back)s", num=ledger.reported, back=ledger.withdrawn),
        gone,
        _("Refused by platforms: %(refused)s; back again: %(back)s", refused=refused, back=ledger.back),
    )
    return MailSection(heading=heading, notes=tuple(mail_words(one) for one in said))


def _patterns(edition: Edition, desk: str) -> MailSection:
    """Return corridors, pretexts, pay, and what is new on two boards or more."""
    lines = [
        MailLine(
            words=f"{country_name(one.origin)} → {one.place}",
            said=wording.adverts(one.adverts),
            href=_search(desk, edition, f'place:"{one.place}"'),
        )
        for one in edition.corridors
    ]
    notes = []
    if edition.pretexts:
        said = ", ".join(
            f"{mail_words(wording.PRETEXTS.get(one.indicator, one.indicator))} {number(one.adverts)}" for one in edition.pretexts
        )
        notes.append(_("Pretexts: %(said)s", said=said))
    if edition.pay is not None and edition.pay.low == edition.pay.high:
        notes.append(ngettext(
            "Pay: %(median)s USD a month (%(num)s advert)", "Pay: %(median)s USD a month in half or more of %(num)s adverts",
            edition.pay.adverts, median=edition.pay.median,
        ))  # fmt: skip
    elif edition.pay is not None:
        notes.append(_("Pay: half offer %(low)s to %(high)s USD a month, in the middle %(median)s (%(adverts)s adverts)",
                       **msgspec.structs.asdict(edition.pay)))  # fmt: skip
    if edition.new_places:
        notes.append(_("New places, on two boards or more: %(said)s", said=_new_words(edition.new_places)))
    if edition.new_terms:
        notes.append(_("New terms, on two boards or more: %(said)s", said=_new_words(edition.new_terms)))
    if edition.new_contacts:
        notes.append(ngettext(
            "%(num)s new contact on two boards or more; the desk names it",
            "%(num)s new contacts on two boards or more; the desk names them",
            edition.new_contacts,
        ))  # fmt: skip
    heading = mail_words(_("From the board's country to the place named"))
    return MailSection(heading=heading, lines=tuple(lines), notes=tuple(mail_words(note) for note in notes))


def _new_words(sightings: Iterable[NewSighting]) -> str:
    told = [(one.word, cut_columns(wording.desk_words(one.gloss), 40) if one.gloss else "") for one in sightings]
    return ", ".join(f"{word} ({meaning})" if meaning else word for word, meaning in told)


def _search(desk: str, edition: Edition, words: str) -> str:
    return f"{desk}/search?q={quote(f'{words} flagged:true first_seen:>={edition.since:%Y-%m-%d}')}"


def _queue(edition: Edition, desk: str) -> MailSection:
    link = DeskLink(words=mail_words(_("the queue")), href=f"{desk}/queue")
    return MailSection(heading=mail_words(_("Queue")), notes=(wording.queue_ages(edition.queue),), more=link)


def _searches(edition: Edition, desk: str) -> MailSection:
    lines = tuple(
        MailLine(
            words=cut_columns(one.name, LINE_TITLE),
            said=mail_words(
                _("cannot be run any more; open it to see why")
                if one.added is None
                else ngettext("%(num)s new", "%(num)s new", one.added)
            ),
            href=f"{desk}/saved/{one.id}",
        )
        for one in edition.searches
    )
    return MailSection(heading=mail_words(_("Saved searches")), lines=lines, more=_more(edition.more_searches, f"{desk}/saved"))


def _help(edition: Edition) -> MailSection:
    notes = [mail_words(_(
        "Somebody in danger: the police of the place or the embassy. Do not answer an advert or a contact. Pass on the link to "
        "the desk, never names, pictures or documents; say what you saw, where and when, and that it is not verified."
    ))]  # fmt: skip
    if edition.help_lines:
        notes.append(mail_words(_("Help lines against trafficking: %(lines)s", lines=" · ".join(edition.help_lines))))
    return MailSection(heading=mail_words(_("Help, and how to refer")), notes=tuple(notes))


def _foot(edition: Edition, organisation: str, reader: Subscription | None) -> tuple[str, ...]:
    why = (
        _("You get this because you subscribed to “%(name)s” of %(organisation)s.", name=edition.about, organisation=organisation)
        if edition.about
        else _("You get this because you are on a mailing list of %(organisation)s.", organisation=organisation)
    )
    logs_in = reader is not None and reader.owner is None
    opens = _("Titles open at the desk, which asks for an account; the links below a card ask for none.")
    said = [_("A score is not a verdict; nobody named here has been contacted.")]
    if edition.contact and reader is not None:
        said.append(_("Questions or corrections: answer this mail (%(contact)s).", contact=edition.contact))
    elif edition.contact:
        said.append(_("Questions, corrections, or to leave the list: answer this mail (%(contact)s).", contact=edition.contact))
    first = " ".join(mail_words(one) for one in ([why, opens] if logs_in else [why]))
    told = _("Audit log head; compared later, it shows whether an entry was removed: %(head)s", head=edition.audit_head)
    head = mail_words(told)
    if edition.seeds is not None:
        stands = _("Sources and rules are files as they stand: changes need one person.")
        said.append(_("Sources and rules: commit %(commit)s.", commit=edition.seeds[:12]) if edition.seeds else stands)
    return first, *(mail_words(one) for one in said), f"{wording.mail_name(edition.week)} · {head}"


def _adverts(items: Iterable[DigestItem]) -> int:
    return sum(1 + item.alike for item in items)


def _more(count: int, href: str) -> DeskLink | None:
    return DeskLink(words=_more_words(count), href=href) if count else None


def _more_words(count: int) -> str:
    return mail_words(ngettext("and %(num)s more", "and %(num)s more", count))
