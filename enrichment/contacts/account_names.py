"""Finds account names and their app: names that are marked, names after a word for an app, and
accounts that are nothing but digits.

These are QQ numbers and groups, and WeChat ids that were QQ numbers. A word for the app must stand right before the digits, or
one for QQ right behind them: also the words that Chinese adverts use so that filters miss them, of the same sound (抠, 蔻, 窛 for
扣) or look (嶶, 徽 for 微).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from enrichment.assessment import ContactType, Language
from enrichment.contacts import handles
from enrichment.contacts.marked_names import SpanIndex, marked_names, stands_alone_name
from enrichment.text.views import View, Views

WITH_NUMBER = frozenset({"whatsapp", "zalo", "viber", "signal", "telegram", "line", "wechat", "kakaotalk"})
"""Apps a telephone number may be an account of."""
NAMED = WITH_NUMBER - {"whatsapp"}
"""Apps whose accounts have names."""
_PHONE: ContactType = "phone"


class ContactSpan(NamedTuple):
    """A contact found in a view; ``start`` and ``end`` are places of the view."""

    type: ContactType
    value: str
    start: int
    end: int
    countries: tuple[str, ...] = ()


_AT_REACH = 6
_UNMARKED: dict[tuple[str, str], ContactType] = {("zh", "Hans"): "wechat", ("zh", "Hant"): "line", ("ja", "Jpan"): "line"}
"""The app whose names are written without @ and without a word for it, where it is not Telegram, by language and script."""


def account_names(
    seen: Views, view: View, named: handles.ContactLabels, others: list[ContactSpan], language: Language
) -> list[ContactSpan]:
    """Return the account names in ``view`` of the text ``seen``, outside the contacts found so far (``others``)."""
    text = view.text
    unmarked = _UNMARKED.get((language.code, language.script), "telegram")
    if not named.all and "@" not in text and "_" not in text:
        return []
    taken = SpanIndex((other.start, other.end) for other in others)
    contact_spans: list[ContactSpan] = []
    known: dict[str, ContactType] = {}
    waiting: list[ContactSpan] = []
    used: set[int] = set()
    last = 0
    for value, start, end, at in sorted(set(marked_names(text, taken)), key=lambda name: name[1]):
        group = named.announcing(text, start, end, max(last, taken.last_end(start)))
        used.update(label.start for label in group)
        types = _announced_types(text, end, group, named)
        if types and types[0] is None:
            continue
        kinds = [] if at and _is_far_wechat(group, start) else _apps_with_names(types)
        written = seen.raw[slice(*view.span(start, end))]
        if kinds:
            last = end
            value = _restore_dots(value, written)
            known.setdefault(value, kinds[0])
            contact_spans += [ContactSpan(kind, value, start, end) for kind in kinds]
        elif len(value) > 4 if at else stands_alone_name(value, written, text[max(0, start - 16) : start]):
            waiting.append(ContactSpan("telegram" if at or value.endswith("bot") else unmarked, value, start, end))
    contact_spans += [waits._replace(type=known.get(waits.value, waits.type)) for waits in waiting]
    taken = SpanIndex({(contact_span.start, contact_span.end) for contact_span in (*others, *contact_spans)})
    return [*contact_spans, *_behind_labels(seen, view, named, taken, used)]


def _announced_types(
    text: str, end: int, group: list[handles.ContactLabel], named: handles.ContactLabels
) -> list[ContactType | None]:
    """Return what the labels of a name that ends at ``end`` announce beside telephone numbers and documents."""
    types = [label.type for label in group if label.type != _PHONE and not (label.type is None and label.marked_only)]
    if group and not types:  # "contact: sample_hr on Telegram"
        return [label.type for label in named.label_behind(text, end) if label.type in NAMED]
    return types


def _is_far_wechat(group: list[handles.ContactLabel], start: int) -> bool:
    """Tell whether a name that starts at ``start`` is announced from afar by WeChat, whose own names bear no @."""
    return bool(group) and group[0].type == "wechat" and start - group[0].end > _AT_REACH


def _apps_with_names(types: list[ContactType | None]) -> list[ContactType]:
    """Return the apps among ``types``, each once, without WhatsApp, which has numbers only."""
    return list(dict.fromkeys(kind for kind in types if kind is not None and kind != "whatsapp"))


def _behind_labels(
    seen: Views, view: View, named: handles.ContactLabels, taken: SpanIndex, used: set[int]
) -> Iterator[ContactSpan]:
    """Yield the names behind labels that announce no marked name (``used``: where those begin that do)."""
    text = view.text
    for label in named.all:
        if label.type not in NAMED or label.start in used:
            continue
        written = seen.raw[slice(*view.span(label.start, label.end))]
        name = handles.named_after(text, label, shown=not label.latin or written[:1].isupper() or _is_invited(named, label))
        if name is None or taken.meets(name[1], name[2]):
            continue
        announcing = named.announcing(text, name[1], name[2], taken.last_end(label.start))
        beside = [other.type for other in announcing if other.type in NAMED]
        value = _restore_dots(name[0], seen.raw[slice(*view.span(name[1], name[2]))])
        yield from (ContactSpan(kind, value, *name[1:]) for kind in dict.fromkeys((label.type, *beside)) if kind is not None)


def _is_invited(named: handles.ContactLabels, label: handles.ContactLabel) -> bool:
    """Tell whether a word like *contact* stands right before ``label``."""
    return any(
        contact_label.type == _PHONE and contact_label.end >= label.start - 2
        for contact_label in named.between(label.start - 16, label.start)
    )


def _restore_dots(value: str, written: str) -> str:
    """Return an account name with the dots it is written with, which the text views take for a disguise of words."""
    plain = written.casefold().strip(" .@:'\"")
    if plain == value or plain.replace(".", "") != value.replace(".", ""):
        return value
    return plain if sum(len(piece) < 3 for piece in plain.split(".")) < 2 else value


_RUN = re.compile(r"(?<![\d.])[1-9]\d{1,4}[ -]?\d{2,4}[ -]?\d{1,4}(?![\d.]|[ -]\d| ?(?:元|块|万|人|个|年|月|天|%))")
_KNOCK = "扣抠叩寇蔻窛"
_JOINT = r"(?:号码|号|群|裙|组|是|为|加|搜|找|咨询|联系|客服|:|-|>|→|\s){0,5}$"
_QQ = re.compile(rf"(?:(?<![a-z0-9@_.])q ?q|[{_KNOCK}]{{1,2}}|企鹅|球球|秋秋|加q|(?<![a-z0-9])q(?=[号群裙:])){_JOINT}")
_WECHAT = re.compile(rf"(?:[加伽+➕][微薇威徽v]|[微薇威徽v](?=:)|[嶶溦])(?:信|号)?{_JOINT}")
_QQ_BEHIND = re.compile(rf"\s?-?\s?(?:[{_KNOCK}]{{1,2}}|q ?q)(?![a-z0-9:群裙号款除钱])")
_REACH = 16


def digit_accounts(text: str) -> Iterator[tuple[ContactType, str, int, int]]:
    """Yield the accounts in ``text`` (folded): type, digits, start and end. Amounts and mobile telephones are none."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        value = re.sub(r"\D", "", run.group())
        if not 5 <= len(value) <= 11 or value.endswith("0000"):
            continue
        before = text[max(0, start - _REACH) : start]
        mobile = len(value) == 11 and value[0] == "1"
        added = before.endswith("加") and 8 < len(value) < 11 and value == run.group()
        if _QQ.search(before) or added or (len(value) > 5 and _QQ_BEHIND.match(text, end)):
            yield "qq", value, start, end
        elif not mobile and _WECHAT.search(before):
            yield "wechat", value, start, end
