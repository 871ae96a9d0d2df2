"""What a mail says, sentence by sentence, in the reader's language; the templates only lay it out, as HTML and as plain text.

Every list is cut to what six screens of a telephone hold; what is left out is counted and linked.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from crawlers.text.messages import Message, _, ngettext
from desk.digest import wording
from desk.digest.edition import DigestItem, Edition, Ledger, Movement, NewSighting, Retraction
from desk.digest.mail_parts import Bars, CardReason, DeskLink, MailLine, MailPage, MailSection, OfferCard
from desk.digest.wording import cut_columns, mail_words
from desk.languages.reader_locale import number, reader_locale, stamp
from desk.subscribers.mail_answers import AnswerKind, answer_token, link_kinds
from desk.subscribers.subscriptions import Subscription
from desk.week_coverage import SourceCoverage

CARD_TITLE, LINE_TITLE, NAME_TITLE, QUOTED_REASON, NOTE = 70, 34, 28, 52, 72
"""Columns of a title in a card, in a line and behind a change, of a reason, of an analyst's note."""
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
    summary = _summary(edition)
    return MailPage(
        language=reader_locale().language,
        title=wording.title(edition),
        period=f"{mail_words(stamp(edition.since))} – {mail_words(stamp(edition.until))} · {organisation}",
        preheader=_preheader(edition),
        taken_back=_taken_back(edition, desk),
        summary=summary,
        coverage=_coverage(edition),
        coverage_link=DeskLink(words=mail_words(_("all boards")), href=f"{desk}/sources"),
        bars=tuple(_bars(edition)),
        notes=tuple(mail_words(note) for note in _count_notes(edition)),
        sections=tuple(section for section in found if section is not None),
        foot=_foot(edition, organisation, reader),
        leave=DeskLink(words=mail_words(_("Leave this list")), href=leave_address(reader, desk)) if reader else None,
    )


def _preheader(edition: Edition) -> str:
    parts = [_("%(num)s newly flagged", num=number(edition.counts.new_flagged))]
    parts += [_("%(num)s confirmed", num=number(edition.counts.confirmed))] if edition.counts.confirmed else []
    seen = sum(not one.dark for one in edition.coverage)
    parts.append(_("%(seen)s of %(total)s boards seen", seen=seen, total=len(edition.coverage)))
    if taken_back := len(edition.retracted) + edition.more_retracted:
        parts.insert(0, _("%(num)s taken back", num=number(taken_back)))
    return " · ".join(mail_words(part) for part in parts)


def _taken_back(edition: Edition, desk: str) -> MailSection | None:
    if not edition.retracted and not edition.more_retracted:
        return None
    return MailSection(
        heading=mail_words(_("Taken back")),
        warning=mail_words(_(
            "Earlier mails listed these; a person has since undone that. Please disregard what was said of them, and tell "
            "whoever you passed it on to."
        )),
        lines=tuple(_retraction(one, desk) for one in edition.retracted),
        more=_more(edition.more_retracted, f"{desk}/digest/{edition.week}?standing=withdrawn"),
    )  # fmt: skip


def _retraction(one: Retraction, desk: str) -> MailLine:
    said = [one.source] if one.source else []
    said.append(mail_words(_("mail of %(week)s", week=wording.mail_name(one.week))))
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
        counts.new_flagged, flagged=number(counts.new_flagged), confirmed=number(counts.confirmed),
        dismissed=number(counts.dismissed),
    )  # fmt: skip
    changed = {change: count for change, count in edition.changed.items() if count}
    said = ", ".join(wording.changed_campaigns(change, count) for change, count in changed.items())
    second = _("Campaigns: %(said)s.", said=said) if said else _("No campaign began, grew, moved, came back or went quiet.")
    return mail_words(first), mail_words(second), mail_words(_notices_and_queue(edition))


def _notices_and_queue(edition: Edition) -> Message:
    ledger, waiting = edition.ledger, edition.counts.waiting
    if not ledger.reported and not ledger.gone:
        return ngettext(
            "Nothing was reported to platforms; %(waiting)s advert waits for a person.",
            "Nothing was reported to platforms; %(waiting)s adverts wait for a person.", waiting, waiting=number(waiting),
        )  # fmt: skip
    return ngettext(
        "%(reported)s advert was reported to platforms; of all so far %(gone)s went offline; %(waiting)s wait for a person.",
        "%(reported)s adverts were reported to platforms; of all so far %(gone)s went offline; %(waiting)s wait for a person.",
        ledger.reported, reported=number(ledger.reported), gone=number(ledger.gone), waiting=number(waiting),
    )  # fmt: skip


def _coverage(edition: Edition) -> tuple[str, ...]:
    """Return the strip: how many boards were seen, which were not, which only in part."""
    if not edition.coverage:
        return (mail_words(_("No board is enabled")),)
    blind = [one for one in edition.incomplete_sources if one.dark]
    partly = [one for one in edition.incomplete_sources if not one.dark]
    total = len(edition.coverage)
    said = [mail_words(_("%(seen)s of %(total)s boards seen", seen=number(total - len(blind)), total=number(total)))]
    if blind:
        said.append(mail_words(_("blind: %(boards)s", boards=_boards(blind))))
    if partly:
        said.append(mail_words(_("in part: %(boards)s", boards=_boards(partly))))
    return tuple(said)


def _boards(boards: Sequence[SourceCoverage]) -> str:
    """Return the names of some boards, each of the first two with what is wrong, and how many more there are."""
    named = []
    for place, one in enumerate(boards[:BOARDS]):
        name = cut_columns(one.title, 30)
        fault = _board_fault(one) if place < 2 else ""
        named.append(f"{name} ({fault})" if fault else name)
    if len(boards) > BOARDS:
        named.append(
            mail_words(
                ngettext("and %(total)s more", "and %(total)s more", len(boards) - BOARDS, total=number(len(boards) - BOARDS))
            )
        )
    return ", ".join(named)


def _board_fault(one: SourceCoverage) -> str:
    if not one.runs:
        return mail_words(_("did not run"))
    if one.worst is not None and one.worst.state != "ok" and not one.dark:
        found = {"read": number(one.worst.read), "expected": number(one.worst.expected)}
        if one.worst.state == "partial":
            return mail_words(_("%(read)s of %(expected)s read", **found))
        return mail_words(_("%(state)s: %(read)s of %(expected)s read", state=wording.FAULTS[one.worst.state], **found))
    said = one.findings[0].problem if one.findings else one.worst.reason if one.worst else ""
    if reader_locale().language != "en":  # what is wrong is told in English; its kind has words in each language
        kind = one.findings[0].name if one.findings else one.worst.state if one.worst else ""
        said = mail_words(wording.FAULTS.get(kind, said))
    return cut_columns(said, 48)


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
        yield ngettext(
            "Of the newly flagged %(num)s was first seen before this period.",
            "Of the newly flagged %(num)s were first seen before this period.",
            counts.earlier,
        )
    if counts.learned_alone or counts.withheld:
        yield _(
            "Never listed in mails: %(alone)s flagged without a reason that a person can check, %(withheld)s by people who may "
            "be victims or look for work.",
            alone=number(counts.learned_alone), withheld=number(counts.withheld),
        )  # fmt: skip


def _card(
    item: DigestItem, desk: str, changes: dict[str, Movement], answers: tuple[DeskLink, ...], *, confirmed: bool
) -> OfferCard:  # fmt: skip
    title_language = wording.title_language(item)
    movement = changes.get(item.campaign) if item.campaign else None
    where = [", ".join(item.places), wording.offered_pay(item.pay), item.source]
    if item.alike:
        where.append(mail_words(ngettext("+%(num)s alike", "+%(num)s alike", item.alike)))
    if movement is not None:
        where.append(f"{wording.change_name(movement.change)} {wording.movement_facts(movement)}")
    notes = [mail_words(wording.READS_AS[item.stance])] if item.stance in wording.READS_AS else []
    if item.clause:
        said = mail_words(_("Breaks: %(clause)s", clause=wording.desk_words(item.clause.replace("_", " "))))
        note = mail_words(_("Analyst: %(note)s", note=cut_columns(item.note, NOTE))) if item.note else ""
        notes.append(f"{said}. {note}" if note else said)
    if confirmed:
        notes.append(mail_words(_("Notices: %(state)s", state=wording.notices(item.notices))))
    return OfferCard(
        title=wording.shown_title(item.title, CARD_TITLE),
        language=title_language,
        href=f"{desk}/item/{item.id}",
        facts=wording.facts_of(item),
        where=" · ".join(part for part in where if part),
        translated=cut_columns(dict(item.translated).get(reader_locale().language, ""), CARD_TITLE),
        quote=tuple((words, MARKS[mark - 1] if 0 < mark <= len(MARKS) else "") for words, mark in item.excerpt),
        quote_language=item.language,
        reasons=tuple(_reasons(item)),
        notes=tuple(notes),
        answers=answers,
    )


def _reasons(item: DigestItem) -> Iterable[CardReason]:
    quoted = {mark for _words, mark in item.excerpt}
    for place, gloss in enumerate(item.reasons[: len(MARKS)]):
        words = wording.desk_words(gloss)
        language = "en" if words == gloss else reader_locale().language
        mark = MARKS[place] if place + 1 in quoted else ""
        yield CardReason(mark=mark, words=cut_columns(words, QUOTED_REASON), language=language)


def _item_line(item: DigestItem, desk: str) -> MailLine:
    said = mail_words(wording.SEVERITY_WORDS[item.severity]) if item.severity else wording.kind_of(item.tag)
    if item.alike:
        said += f" · +{number(item.alike)}"
    title = wording.shown_title(item.title, LINE_TITLE)
    return MailLine(words=title, said=said, href=f"{desk}/item/{item.id}", language=wording.title_language(item))


def _list_items(
    edition: Edition, desk: str, reader: Subscription | None, standing: str, heading: Message, count: int, warning: str = ""
) -> MailSection | None:  # fmt: skip
    """Return the adverts that people confirmed, or that nobody reviewed: some set out, the others a line each."""
    items, more, cards = getattr(edition, standing), getattr(edition, f"more_{standing}"), edition.cards[standing != "confirmed"]
    if not items and not more:
        return None
    changes = {one.campaign: one for one in edition.movements}
    return MailSection(
        heading=f"{mail_words(heading)} ({number(count)})",
        warning=warning,
        cards=tuple(
            _card(item, desk, changes, _answers(edition, desk, reader, item), confirmed=standing == "confirmed") for item in cards
        ),
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


def _movements(edition: Edition, desk: str) -> MailSection | None:
    if not edition.movements and not edition.more_movements:
        return None
    lines = tuple(
        MailLine(
            before=wording.change_name(one.change),
            words=wording.shown_title(one.name, NAME_TITLE),
            said=wording.movement_facts(one),
            href=f"{desk}/campaign/{one.campaign}",
            language=one.languages[0] if one.languages else "",
        )
        for one in edition.movements
    )
    return MailSection(heading=mail_words(_("Campaigns")), lines=lines, more=_more(edition.more_movements, f"{desk}/campaigns"))


def _ledger(edition: Edition) -> MailSection:
    ledger, heading = edition.ledger, mail_words(_("What platforms did"))
    if ledger in (Ledger(), Ledger(refused=0)):
        return MailSection(heading=heading, notes=(mail_words(_("No platform holds a notice.")),))
    refused = mail_words(_("not known yet")) if ledger.refused is None else number(ledger.refused)
    hours = mail_words(_("not known yet")) if ledger.median_hours is None else mail_words(
        _("half of them after %(num)s hours", num=wording.span_of_hours(ledger))
    )  # fmt: skip
    said = (
        _("Reported: %(num)s; notices taken back: %(back)s", num=number(ledger.reported), back=number(ledger.withdrawn)),
        _("Gone: %(num)s; how soon: %(hours)s", num=number(ledger.gone), hours=hours),
        _("Refused by platforms: %(refused)s; back again: %(back)s", refused=refused, back=number(ledger.back)),
        _("Reported and still there, as far as known: %(num)s", num=number(ledger.standing)),
    )
    return MailSection(heading=heading, notes=tuple(mail_words(one) for one in said))


def _patterns(edition: Edition, desk: str) -> MailSection | None:
    """Return corridors, pretexts, pay, and what is new on two boards or more."""
    lines = [
        MailLine(
            words=f"{wording.country_name(one.origin)} → {one.place}",
            said=mail_words(ngettext("%(total)s advert", "%(total)s adverts", one.adverts, total=number(one.adverts))),
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
            "Pay: %(median)s USD a month (%(total)s advert)", "Pay: %(median)s USD a month in half or more of %(total)s adverts",
            edition.pay.adverts, median=number(edition.pay.median), total=number(edition.pay.adverts),
        ))  # fmt: skip
    elif edition.pay is not None:
        pay = {"median": number(edition.pay.median), "low": number(edition.pay.low), "high": number(edition.pay.high)}
        notes.append(_("Pay: half offer %(low)s to %(high)s USD a month, in the middle %(median)s (%(num)s adverts)",
                       **pay, num=number(edition.pay.adverts)))  # fmt: skip
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
    if not lines and not notes:
        return None
    heading = mail_words(_("From where to where, and with which words"))
    return MailSection(heading=heading, lines=tuple(lines), notes=tuple(mail_words(note) for note in notes))


def _new_words(sightings: Iterable[NewSighting]) -> str:
    told = [(one.word, cut_columns(wording.desk_words(one.gloss), 40) if one.gloss else "") for one in sightings]
    return ", ".join(f"{word} ({meaning})" if meaning else word for word, meaning in told)


def _search(desk: str, edition: Edition, words: str) -> str:
    return f"{desk}/search?q={quote(f'{words} flagged:true first_seen:>{edition.since:%Y-%m-%d}')}"


def _queue(edition: Edition, desk: str) -> MailSection:
    link = DeskLink(words=mail_words(_("the queue")), href=f"{desk}/queue")
    return MailSection(heading=mail_words(_("Queue")), notes=(wording.queue_ages(edition.queue),), more=link)


def _searches(edition: Edition, desk: str) -> MailSection | None:
    if not edition.searches and not edition.more_searches:
        return None
    lines = tuple(
        MailLine(
            words=cut_columns(one.name, LINE_TITLE),
            said=f"{one.owner} · "
            + mail_words(
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
    head = mail_words(_("Audit log head: %(head)s", head=edition.audit_head))
    return first, *(mail_words(one) for one in said), f"{wording.mail_name(edition.week)} · {head}"


def _adverts(items: Iterable[DigestItem]) -> int:
    return sum(1 + item.alike for item in items)


def _more(count: int, href: str) -> DeskLink | None:
    words = ngettext("and %(total)s more", "and %(total)s more", count, total=number(count))
    return DeskLink(words=mail_words(words), href=href) if count else None
