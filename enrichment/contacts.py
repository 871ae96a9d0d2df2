"""Ways to reach the advertiser, in normal form: messengers, telephone, e-mail, web addresses, wallets.

What is read, and how each form is told from pay, dates and ids: docs/contacts.md. Figures: docs/decisions/0202-contacts.md.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from enrichment import contact_countries, handles, phones, spoken
from enrichment.addresses import Address, addresses, wallets
from enrichment.assessment import Contact, ContactType, Language
from enrichment.text import Edit, View, Views, views

_WITH_NUMBER = frozenset({"whatsapp", "zalo", "viber", "signal", "telegram", "line", "wechat", "kakaotalk"})
_BRACKETED = re.compile(r"[\[({<]\s?(at|@|dot|\.|chấm|điểm|titik|punto|point|ponto|точка|собака|点)\s?[\])}>]\s?")
_PARTED_SIGNS = ("dot ", " @ ", " . ", ". me", "t .", "me /", "me/ ")
_PARTED = re.compile(
    r" (?:(?<=[a-z0-9] )(?:(@) (?=[a-z0-9-]+\.[a-z])|(at) (?=[a-z0-9.-]+ (?:dot|\.) )|(dot) (?=(?:com|net|org|info|vn|me)\b))"
    r"|(?<=\bt )\. ?(?=me ?/)|(?<=t\.me )/ ?(?=[a-z+])|(?<=\bme )/ (?=[a-z0-9_]{5}))"
    r"|\.(?<=\bt\.) (?=me ?/)|/(?:(?<=t\.me/) (?=[a-z+])|(?<=\bme/) (?=[a-z0-9_]{5}))"
)
"""Each branch starts with one sign, which is what makes it quick."""
_MAIL_BEFORE = re.compile(r"mail|mél|correo|courriel|почт|мейл|邮|邮箱|メール|메일|อีเม|ເມລ|मेल|মেইল|மெயில்|ایمیل|ኢሜይል|អ៊ីមែល")
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
    Values: Telegram, LINE, WeChat and other account names in lower case without ``@``; numbers in E.164; web and e-mail
    addresses as
    written. An invite link's value is its code behind a plus sign, as written.
    """
    seen = raw if isinstance(raw, Views) else views(raw)
    view = _readable(seen.compact)
    text = view.text
    named = handles.labels(seen.unleet.text if len(seen.unleet.text) == len(text) else text)
    nations = contact_countries.nations(countries, language, text)
    links = [one for address in addresses(text) if (one := _address(address, seen, view, nations)) is not None]
    taken = handles.Spans((one.start, one.end) for one in links)
    numbers = _numbers(text, nations, named, taken, swahili=language.code == "sw")
    names = _names(seen, view, named, [*links, *numbers])
    everything = sorted([*links, *numbers, *names], key=lambda one: one.start)
    result = [
        Contact(type=one.type, value=one.value, start=span[0], end=span[1], countries=one.countries)
        for one in everything
        for span in [view.span(one.start, one.end)]
    ]
    result += [Contact(type="crypto", value=one.value, start=one.start, end=one.end) for one in wallets(seen.raw)]
    return _once(sorted(result, key=lambda one: (one.start, one.end)))


def _readable(view: View) -> View:
    """Return ``view`` with ``[at]`` and ``(dot)`` read as the signs they stand for."""
    text = view.text
    edits: list[Edit] = []
    if any(map(text.__contains__, "[({<")):
        for match in _BRACKETED.finditer(text):
            start = match.start()
            start -= text[start - 1 : start] == " "
            edits.append((start, match.end(), _SIGNS.get(match.group(1), ".")))
    if any(map(text.__contains__, _PARTED_SIGNS)):
        for match in _PARTED.finditer(text):
            sign = match.group().strip()
            if sign == "@" and not _MAIL_BEFORE.search(text, max(0, match.start() - 40), match.start()):
                continue
            edits.append((match.start(), match.end(), _SIGNS.get(sign, "/" if sign == "/" else ".")))
        edits.sort()
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


def _numbers(text: str, nations: Sequence[str], named: handles.Labels, taken: handles.Spans, *, swahili: bool) -> list[_Found]:
    """Return the numbers; in Swahili *wa* is "of" before it is WhatsApp."""
    spoken_edits = spoken.spoken_digits(text)
    view = View("digits", spoken.lettered_digits(text))
    if spoken_edits:
        view = view.edited("digits", spoken_edits)
    ends = [label.end for label in named.all if label.type is not None and not (label.marked_only and label.type == "line")]
    if spoken_edits:
        ends = sorted([_moved(view, end) for end in (*ends, *spoken.starts(spoken_edits))])
    first_named: dict[ContactType, int] = {}
    for label in named.all:
        if label.type in _DIALLED and (not label.marked_only or (text[label.start : label.end] == "wa" and not swahili)):
            first_named.setdefault(label.type, label.end)
    found: list[_Found] = []
    behind = [label.start for label in named.all if label.type in _WITH_NUMBER and not label.marked_only]
    if spoken_edits:
        behind = [_moved(view, start) for start in behind]
    for number in phones.numbers(view.text, nations, ends, behind):
        start, end = view.span(number.start, number.end)
        if taken.meets(start, end):
            continue
        for kind in _apps(text, start, end, named, found, first_named):
            value = number.e164 if kind != "wechat" or number.e164.startswith("+861") else re.sub(r"\D", "", text[start:end])
            found.append(_Found(kind, value, start, end, number.countries))
    return found


def _apps(
    text: str, start: int, end: int, named: handles.Labels, found: list[_Found], first_named: dict[ContactType, int]
) -> list[ContactType]:
    """Return the apps the number at ``[start, end)`` belongs to; none when it is announced as something else than a contact."""
    barrier = found[-1].end if found else 0
    group = named.announcing(text, start, end, barrier)
    if group and group[0].type in _NAMED and _claimed(text, group[0], start):
        group = []
    if group and group[0].type is None and not text[start:end].startswith("+"):
        return []
    types = list(dict.fromkeys(label.type for label in group if label.type is not None))
    if types in (["phone"], []):  # "call +44 … (WhatsApp)"
        types += [
            label.type for label in named.between(end, end + 14) if label.type in _WITH_NUMBER and _adjoins(text, end, label)
        ][:1] or _shared(text, end, named, types)
    elif "phone" not in types:
        types += _shared(text, end, named, types)
    if not types and found and _SAME_LIST.fullmatch(text[barrier:start]):
        types = list(dict.fromkeys(one.type for one in found[-3:] if one.end == barrier))  # "Zalo 09… - 09…"
    apps: list[ContactType] = [kind for kind in types if kind != _PHONE]
    if not apps and not types:  # the text named an app before, and gave it no contact yet
        apps = [kind for kind, place in first_named.items() if place <= start][:1]
    for kind in apps:
        first_named.pop(kind, None)
    return apps or [_PHONE]


_DIALLED = frozenset({"whatsapp", "zalo", "viber", "signal"})
_PHONE: ContactType = "phone"
_CLAIMED = re.compile(r"@[a-z0-9_]{4,}|[a-z0-9]{2,}_[a-z0-9_]+|(?<![a-z0-9])[a-z][a-z.]{2,31}\d[a-z0-9]*")
_CLAIMING = re.compile(r"(?:@[a-z0-9_]{4,}|[a-z0-9]{2,}_[a-z0-9_]+)[^\w\n.!?:,;/|@]{0,3}\w{0,2}$")


def _claimed(text: str, label: handles.Label, start: int) -> bool:
    """Tell whether ``label`` is of a name beside it and not of the number at ``start``: ``Telegram @name, +44 …``."""
    if start - label.end < 3:
        return False
    if _CLAIMED.search(text, label.end, start):
        return True
    return text[label.end : label.end + 1] != ":" and _CLAIMING.search(text[max(0, label.start - 40) : label.start]) is not None


_SAME_LIST = re.compile(r"[\s\-/,;|&–]{1,4}(?:(?:or|hoặc|hay|atau|หรือ|ou|или|或|와|と|và|and|o)\s)?")
_NAME_AHEAD = re.compile(r"[\s:\-–=>]{0,4}(?:id\s?:?\s?)?(?:@|[a-z0-9.]{2,30}[_\d]|[+(]?\d)")


def _adjoins(text: str, end: int, label: handles.Label) -> bool:
    """Tell whether ``label`` stands right behind a number and announces nothing after it."""
    return _BESIDE.fullmatch(text, end, label.start) is not None and not _NAME_AHEAD.match(text, label.end)


_SHARED = re.compile(
    r"cùng số|số này|même numéro|même num|same number|nomor (?:yang )?sama|no sama|(?:wa )?sama|mesmo número|parehong number|"
    r"同号|同步|同一|тот же|этот же|этом же|같은 번호|동일|同じ番号|เบอร์เดียวกัน|เบอร์เดียว|namba hiyo hiyo|इसी नंबर|یہی نمبر|একই নম্বর"
)
_SHARED_REACH = 44


def _shared(text: str, end: int, named: handles.Labels, types: Sequence[ContactType]) -> list[ContactType]:
    """Return the apps that the sentence behind a number says it is on too: ``…, Viber, WhatsApp cùng số``, ``…,微信同号``."""
    apps = [label for label in named.between(end, end + _SHARED_REACH) if label.type in _WITH_NUMBER and label.type not in types]
    if not apps:
        return []
    stop = text.find("\n", end, end + _SHARED_REACH)
    same = _SHARED.search(text, end, stop if stop >= 0 else end + _SHARED_REACH)
    return [label.type for label in apps if same is not None and label.type is not None and label.start < same.end() + 12]


_BESIDE = re.compile(
    r"[ (/\-,]*(?:(?:có|dùng|cả|lewat|melalui|thru|through|через|по|в|"
    r"on|via|also|only|same|ada|pakai|guna|sama|no|sur|aussi|também|tambem|tem|é|juga|cũng|на|есть|同|同号|有|是|มี|ມີ|មាន|ရှိ|"
    r"पर|भी|pe|par|ni|pia|me|tb|이|도|も)(?![a-z])[ :]?){0,3}"
)
"""What may stand between a number and the app it is on too: ``(có zalo)``, ``（同微信）``."""


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


def _names(seen: Views, view: View, named: handles.Labels, others: list[_Found]) -> list[_Found]:
    text = view.text
    if not named.all and "@" not in text and "_" not in text:
        return []
    taken = handles.Spans((one.start, one.end) for one in others)
    found: list[_Found] = []
    known: dict[str, ContactType] = {}
    waiting: list[tuple[str, int, int]] = []
    used: set[int] = set()
    last = 0
    for value, start, end, at in sorted(set(handles.marked_names(text, taken)), key=lambda name: name[1]):
        group = named.announcing(text, start, end, max(last, taken.last_end(start)))
        used.update(label.start for label in group)
        types = [label.type for label in group if label.type != _PHONE and not (label.type is None and label.marked_only)]
        if types and types[0] is None:
            continue
        kinds = list(dict.fromkeys(kind for kind in types if kind is not None and kind != "whatsapp"))  # it has numbers only
        if kinds:
            last = end
        elif at or handles.alone(value, seen.raw[slice(*view.span(start, end))]):
            waiting.append((value, start, end))
        value = _with_dots(value, seen.raw[slice(*view.span(start, end))]) if kinds else value
        for kind in kinds:
            known.setdefault(value, kind)
            found.append(_Found(kind, value, start, end))
    found += [_Found(known.get(value, "telegram"), value, start, end) for value, start, end in waiting]
    taken = handles.Spans({(one.start, one.end) for one in (*others, *found)})
    for label in named.all:
        if label.type in _NAMED and label.start not in used:
            written = seen.raw[slice(*view.span(label.start, label.end))]
            name = handles.named_after(text, label, shown=not label.latin or written[:1].isupper() or _invited(named, label))
            if name and not taken.meets(name[1], name[2]):
                beside = [
                    other.type
                    for other in named.announcing(text, name[1], name[2], taken.last_end(label.start))
                    if other.type in _NAMED
                ]
                value = _with_dots(name[0], seen.raw[slice(*view.span(name[1], name[2]))])
                found += [_Found(kind, value, *name[1:]) for kind in dict.fromkeys((label.type, *beside)) if kind is not None]
    return found


def _invited(named: handles.Labels, label: handles.Label) -> bool:
    """Tell whether a word like *contact* stands right before ``label``."""
    return any(one.type == _PHONE and one.end >= label.start - 2 for one in named.between(label.start - 16, label.start))


def _with_dots(value: str, written: str) -> str:
    """Return an account name with the dots it is written with, which the text views take for a disguise of words."""
    plain = written.casefold().strip(" .@:'\"")
    if plain == value or plain.replace(".", "") != value.replace(".", ""):
        return value
    return plain if sum(len(piece) < 3 for piece in plain.split(".")) < 2 else value


_NAMED = _WITH_NUMBER - {"whatsapp"}


def _once(found: list[Contact]) -> tuple[Contact, ...]:
    seen: set[tuple[str, str]] = set()
    kept = []
    for one in found:
        key = (one.type, one.value.casefold() if one.type in ("url", "email") else one.value)
        if key not in seen:
            seen.add(key)
            kept.append(one)
    return tuple(kept)
