"""Ways to reach the advertiser, in normal form: messengers, telephone, e-mail, web addresses, wallets.

What is read, and how each form is told from pay, dates and ids: docs/contacts.md. Figures: docs/decisions/0202-contacts.md.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from enrichment import handles, phones, spoken
from enrichment.addresses import Address, addresses, wallets
from enrichment.assessment import Contact, ContactType, Language
from enrichment.contact_labels import LANGUAGE_COUNTRIES
from enrichment.text import Edit, View, Views, views

_WITH_NUMBER = frozenset({"whatsapp", "zalo", "viber", "signal", "telegram", "line", "wechat", "kakaotalk"})
_OBFUSCATED = re.compile(
    r"\s?[\[({<]\s?(at|@|dot|\.|chấm|điểm|titik|punto|point|ponto|точка|собака|点)\s?[\])}>]\s?|(?<=[a-z0-9])\s(at)\s(?=[a-z0-9.-]+\s(?:dot|\.)\s)|(?<=[a-z0-9])\s(dot)\s(?=(?:com|net|org|info|vn|me)\b)"
    r"|(?<=\bt)\s?\.\s?(?=me\s?/)|(?<=t\.me)\s?/\s?(?=[a-z+])|(?<=\bme)\s?/\s(?=[a-z0-9_]{5})"
)
_SIGNS = {"at": "@", "@": "@", "собака": "@"}


class _Found(NamedTuple):
    type: ContactType
    value: str
    start: int
    end: int
    countries: tuple[str, ...] = ()


def contacts(raw: str | Views, language: Language, countries: tuple[str, ...] = ()) -> tuple[Contact, ...]:
    """Return the contacts in ``raw``, in order, each value once per type.

    ``countries`` (ISO 3166) are those of the source; with the language they settle where a number without a country code is from.
    Values: Telegram, LINE, WeChat and other account names in lower case without ``@``; numbers in E.164; web and e-mail addresses as
    written. An invite link's value is its code behind a plus sign, as written.
    """
    seen = raw if isinstance(raw, Views) else views(raw)
    view = _readable(seen.compact)
    text = view.text
    named = handles.labels(seen.unleet.text if len(seen.unleet.text) == len(text) else text)
    nations = tuple(dict.fromkeys((*countries, *LANGUAGE_COUNTRIES.get(language.code, ()), *_traditional(language))))
    found = [_address(one, seen, view, nations) for one in addresses(text)]
    links = [one for one in found if one is not None]
    taken = [(one.start, one.end) for one in links]
    numbers = _numbers(view, text, nations, named, taken)
    names = _names(seen, view, named, taken, numbers)
    everything = sorted([*links, *numbers, *names], key=lambda one: one.start)
    result = [Contact(type=one.type, value=one.value, start=span[0], end=span[1], countries=one.countries)
              for one in everything for span in [view.span(one.start, one.end)]]
    result += [Contact(type="crypto", value=one.value, start=one.start, end=one.end) for one in wallets(seen.raw)]
    return _once(sorted(result, key=lambda one: (one.start, one.end)))


def _traditional(language: Language) -> tuple[str, ...]:
    return ("TW", "HK", "MO") if language.script == "Hant" else ()


def _readable(view: View) -> View:
    """Return ``view`` with ``[at]`` and ``(dot)`` read as the signs they stand for."""
    text = view.text
    if not any(sign in text for sign in ("(at", "[at", "dot", "[.", "(.", "{at", "<at", " . ", "t .", ". me", "me /", "me/ ", "(@", "[@", "chấm", "точка")):
        return view
    edits: list[Edit] = []
    for match in _OBFUSCATED.finditer(text):
        word = next((group for group in match.groups() if group), "")
        edits.append((match.start(), match.end(), _SIGNS.get(word, "." if word or "." in match.group() else "/")))
    return view.edited("readable", edits) if edits else view


def _address(one: Address, seen: Views, view: View, nations: Sequence[str]) -> _Found | None:
    if one.type is None:
        return None
    value = one.value
    countries: tuple[str, ...] = ()
    if one.digits:
        read = phones.reading(value.lstrip("0"), None) if not value.startswith("0") or value.startswith("00") else phones.NONE
        if not read.rank:
            read = next((local for nation in nations if (local := phones.reading(value, nation)).rank), phones.NONE)
        value = read.e164 or f"+{value}"
        countries = (read.country,) if read.country else ()
    elif one.written:
        value = _as_written(seen, view, one)
    return _Found(one.type, value, one.start, one.end, countries)


def _as_written(seen: Views, view: View, one: Address) -> str:
    """Return the value in the raw text's own letters, unless disguised letters would make it another address."""
    start, end = view.span(one.start, one.end)
    raw = seen.raw[start:end]
    offset = raw.casefold().rfind(one.value.lstrip("+"))
    if len(raw) == one.end - one.start and raw.isascii() and offset >= 0:
        plus = "+" if one.value.startswith("+") else ""
        return plus + raw[offset : offset + len(one.value) - len(plus)]
    return one.value


def _numbers(
    view: View, text: str, nations: Sequence[str], named: list[handles.Label], taken: list[tuple[int, int]]
) -> list[_Found]:
    spoken_edits = spoken.spoken_digits(text)
    digits = spoken.lettered_digits(text)
    number_view = View("digits", digits)
    if spoken_edits:
        number_view = number_view.edited("digits", spoken_edits)
    labelled = [(label.start, label.end) for label in named if label.type is not None and not (label.marked_only and label.type == "line")]
    if spoken_edits:
        labelled = [(_moved(number_view, start), _moved(number_view, end)) for start, end in labelled]
    found: list[_Found] = []
    barrier = 0
    unused = [label for label in named if label.type in _WITH_NUMBER]
    for number in phones.numbers(number_view.text, nations, labelled):
        start, end = number_view.span(number.start, number.end)
        if any(first < end and start < last for first, last in taken):
            continue
        group, _ = handles.announced_by(text, start, end, named, barrier)
        if group and group[0].type is None and not text[start:end].startswith("+"):
            barrier = end
            continue
        types = list(dict.fromkeys(label.type for label in group if label.type is not None))
        if types in (["phone"], []):  # "call +44 … (WhatsApp)"
            behind, _ = handles.announced_by(text, start, end, [label for label in named if label.type in _WITH_NUMBER and _adjoins(text, end, label)], end)
            types += [label.type for label in behind if label.type is not None]
        if not types and found and _SAME_LIST.fullmatch(text[found[-1].end : start]):
            types = [one.type for one in found if one.end == found[-1].end]  # "Zalo 09… - 09…"
        apps: list[ContactType] = [kind for kind in types if kind != "phone"]
        if not apps and not types:
            apps = [kind for kind in _stray(unused, text, found, start) if kind in ("whatsapp", "zalo", "viber", "signal")][:1]
        for kind in apps or [_PHONE]:
            value = number.e164 if kind != "wechat" or number.e164.startswith("+861") else re.sub(r"\D", "", text[start:end])
            found.append(_Found(kind, value, start, end, number.countries))
        barrier = end
    return found


_PHONE: ContactType = "phone"
_SAME_LIST = re.compile(r"[\s\-/,;|&–]{1,4}(?:(?:or|hoặc|hay|atau|หรือ|ou|или|或|와|と|và|and|o)\s)?")
_NAME_AHEAD = re.compile(r"[\s:\-–=>]{0,4}(?:id\s?:?\s?)?(?:@|[a-z0-9.]{2,30}[_\d]|[+(]?\d)")


def _adjoins(text: str, end: int, label: handles.Label) -> bool:
    near = 0 <= label.start - end <= 3 and all(char in " (/-," for char in text[end : label.start])
    return near and not _NAME_AHEAD.match(text, label.end)


def _moved(view: View, place: int) -> int:
    """Return where ``place`` of the text that ``view`` was edited from stands in ``view``."""
    low, high = 0, len(view.text)
    while low < high:
        middle = (low + high) // 2
        if view.offset(middle) < place:
            low = middle + 1
        else:
            high = middle
    return low


def _stray(unused: list[handles.Label], text: str, found: list[_Found], start: int) -> list[ContactType]:
    """Return the apps the text names before ``start`` without a contact of their own: a number that follows is theirs."""
    kinds = [label.type for label in unused if label.type is not None and label.end <= start and not label.marked_only or
             (label.type is not None and text[label.start : label.end] == "wa" and label.end <= start)]
    held = {one.type for one in found}
    return [kind for kind in dict.fromkeys(kinds) if kind not in held]


def _names(
    seen: Views, view: View, named: list[handles.Label], taken: list[tuple[int, int]], numbers: list[_Found]
) -> list[_Found]:
    text = view.text
    if not named and "@" not in text and "_" not in text:
        return []
    found: list[_Found] = []
    spans = sorted([*taken, *((one.start, one.end) for one in numbers)])
    marked = sorted(set(handles.marked_names(text, spans)), key=lambda name: name[1])
    known: dict[str, ContactType] = {}
    waiting: list[tuple[str, int, int]] = []
    used: set[int] = set()
    for value, start, end, at in marked:
        barrier = max((last for _, last in [*spans, *((one.start, one.end) for one in found)] if last <= start), default=0)
        group, _ = handles.announced_by(text, start, end, named, barrier)
        used.update(label.start for label in group)
        types = [label.type for label in group if label.type != "phone"]
        if types and types[0] is None:
            continue
        kinds = list(dict.fromkeys(kind for kind in types if kind is not None))
        if not kinds:
            first, last = view.span(start, end)
            if at or handles.alone(value, seen.raw[first:last]):
                waiting.append((value, start, end))
            continue
        for kind in kinds:
            known.setdefault(value, kind)
            found.append(_Found(kind, value, start, end))
    for value, start, end in waiting:
        found.append(_Found(known.get(value, "telegram"), value, start, end))
    spans = sorted([*spans, *((one.start, one.end) for one in found)])
    for label in named:
        if label.type in _WITH_NUMBER and label.start not in used and label.type not in ("whatsapp",):
            name = handles.named_after(text, label)
            if name and not any(first < name[2] and name[1] < last for first, last in spans):
                found.append(_Found(label.type, *name))
    return found


def _once(found: list[Contact]) -> tuple[Contact, ...]:
    seen: set[tuple[str, str]] = set()
    kept = []
    for one in found:
        key = (one.type, one.value.casefold() if one.type in ("url", "email") else one.value)
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return tuple(kept)
