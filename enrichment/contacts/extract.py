"""Extracts contacts in normal form: messengers, telephone, e-mail, web addresses, wallets.

What is read, and how each form is told from pay, dates and ids: docs/contacts.md. Figures: docs/decisions/0202-contacts.md.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache

from enrichment.assessment import Contact, ContactType, Language
from enrichment.contacts import handles, phones
from enrichment.contacts.account_names import NAMED, WITH_NUMBER, ContactSpan, account_names, digit_accounts
from enrichment.contacts.addresses import Address, addresses, wallets
from enrichment.contacts.countries import Nations
from enrichment.contacts.countries import nations as source_nations
from enrichment.contacts.marked_names import SpanIndex
from enrichment.contacts.number_bounds import plain_signs
from enrichment.text.spelled_signs import lettered_digits, readable, spelled_digits, starts
from enrichment.text.views import View, Views, views

_HAN = frozenset({"zh", "ja", "ko", "und"})


def contacts(raw: str | Views, language: Language, countries: tuple[str, ...] = ()) -> tuple[Contact, ...]:
    """Return the contacts in ``raw``, in order, each value once per type.

    ``countries`` (ISO 3166) are those of the source; with the language they settle where a number without a country code is from.
    Values: Telegram, LINE, WeChat and other account names in lower case without ``@``; numbers in E.164; web and e-mail
    addresses as
    written. An invite link's value is its code behind a plus sign, as written.
    """
    seen = raw if isinstance(raw, Views) else views(raw)
    view, unleet = seen.compact, seen.unleet.text
    named = handles.labels(unleet if len(unleet) == len(view.text) else view.text)
    plain = readable(view, spelled=named.spelled)
    if plain is not view:
        view, named = plain, handles.labels(unleet if len(unleet) == len(plain.text) else plain.text)
    text = view.text
    nations = cache(lambda: source_nations(countries, language, text))  # most texts hold no local number
    links = [
        contact_span
        for address in addresses(text)
        if not _account(text, address, named) and (contact_span := _address(address, seen, view, nations)) is not None
    ]
    taken = SpanIndex((link.start, link.end) for link in links)
    if language.code in _HAN or "qq" in text:
        links += [
            ContactSpan(*digit_account)
            for digit_account in digit_accounts(text)
            if not taken.meets(digit_account[2], digit_account[3])
        ]
        taken = SpanIndex((link.start, link.end) for link in links)
    numbers = _numbers(text, nations, named, taken, language.code)
    names = account_names(seen, view, named, [*links, *numbers], language)
    everything = sorted([*links, *numbers, *names], key=lambda item: item.start)
    result = [
        Contact(type=entry.type, value=entry.value, start=span[0], end=span[1], countries=entry.countries)
        for entry in everything
        for span in [view.span(entry.start, entry.end)]
    ]
    result += [Contact(type="crypto", value=wallet.value, start=wallet.start, end=wallet.end) for wallet in wallets(seen.raw)]
    return _once(sorted(result, key=lambda contact: (contact.start, contact.end)))


def _account(text: str, address: Address, named: handles.ContactLabels) -> bool:
    """Tell whether what looks like a web address is the name an app's word announces (``line sample.vn``)."""
    if address.type != "url" or "/" in address.value or address.value.endswith((".com", ".net", ".org")):
        return False
    before = named.between(address.start - 16, address.start)[-1:]
    return bool(before) and before[0].type in NAMED and _PARTICLE.fullmatch(text, before[0].end, address.start) is not None


_PARTICLE = re.compile(r"[ :]*(?:[\u0e00-\uffff]{1,2} ?)?")


def _address(address: Address, seen: Views, view: View, nations: Callable[[], Nations]) -> ContactSpan | None:
    if address.type is None:
        return None
    value = address.value
    countries: tuple[str, ...] = ()
    if address.digits:
        read = phones.reading(value.lstrip("0"), None) if not value.startswith("0") or value.startswith("00") else phones.NONE
        if not read.rank:
            read = next((local for nation in nations().order if (local := phones.reading(value, nation)).rank), phones.NONE)
        value = read.e164 or f"+{value}"
        countries = (read.country,) if read.country else ()
    elif address.written:
        value = _as_written(seen, view, address)
        if address.type == "url" and _ONE_WORD.fullmatch(value):
            return None
        glued = _MAIL_WORD.match(value) if address.type == "email" else None
        if glued and value.index("@") - glued.end() > 2:  # "Emailname@example.org"
            value = value[glued.end() :]
    return ContactSpan(address.type, value, address.start, address.end, countries)


_LOCAL_PART = re.compile(r"[a-z0-9._%+-]*", re.IGNORECASE)
_MAIL_WORD = re.compile(r"e-?mail(?=[a-z0-9])", re.IGNORECASE)
_ONE_WORD = re.compile(r"[^./]+\.(?!Com|Net|Org)[A-Z][a-z]{2,}")
"""A sentence that starts without a space behind the full stop: ``selesai.Info``."""


def _as_written(seen: Views, view: View, address: Address) -> str:
    """Return the value in the raw text's own letters, unless disguised letters would make it another address."""
    start, end = view.span(address.start, address.end)
    raw = seen.raw[start:end]
    offset = raw.casefold().rfind(address.value.lstrip("+"))
    if raw.isascii() and offset >= 0:
        plus = "+" if address.value.startswith("+") else ""
        return plus + raw[offset : offset + len(address.value) - len(plus)]
    if address.type == "email":  # the text views take the dots of a name that no address follows for a disguise
        name, at, host = address.value.partition("@")
        dotted = _LOCAL_PART.match(raw)
        written = dotted.group().strip(".").casefold() if dotted else ""
        return written + at + host if written.replace(".", "") == name.replace(".", "") else address.value
    plain = raw.isascii() and " " not in raw and raw.replace(".", "").casefold() == address.value.replace(".", "")
    return raw if plain else address.value


def _numbers(
    text: str, nations: Callable[[], Nations], named: handles.ContactLabels, taken: SpanIndex, code: str
) -> list[ContactSpan]:
    """Return the numbers; in Swahili *wa* is "of" before it is WhatsApp, and in Vietnamese *V* is Zalo."""
    spoken_edits = spelled_digits(text)
    view = View("digits", plain_signs(lettered_digits(text)))
    ends = [label.end for label in named.all if label.type is not None and not (label.marked_only and label.type == "line")]
    behind = [label.start for label in named.all if label.type in WITH_NUMBER and not label.marked_only]
    if spoken_edits:
        view = view.apply_edits("digits", spoken_edits)
        ends = sorted([_move_place(view, end) for end in (*ends, *starts(spoken_edits))])
        behind = [_move_place(view, start) for start in behind]
    first_named = _first_named(text, named, code)
    contact_spans: list[ContactSpan] = []
    for number in phones.numbers(view.text, nations, ends, behind):
        start, end = view.span(number.start, number.end)
        if taken.meets(start, end):
            continue
        for kind in _apps(text, start, end, named, contact_spans, first_named):
            if kind == "wechat" and code == "vi" and "wechat" not in text:
                kind = "zalo"
            value = number.e164 if kind != "wechat" or number.e164.startswith("+861") else re.sub(r"\D", "", text[start:end])
            contact_spans.append(ContactSpan(kind, value, start, end, number.countries))
    return contact_spans


def _first_named(text: str, named: handles.ContactLabels, code: str) -> dict[ContactType, int]:
    """Return where the first word for each app ends whose accounts are numbers."""
    first_named: dict[ContactType, int] = {}
    for label in named.all:
        if label.type in _DIALLED and (not label.marked_only or (text[label.start : label.end] == "wa" and code != "sw")):
            first_named.setdefault(label.type, label.end)
    return first_named


def _apps(
    text: str,
    start: int,
    end: int,
    named: handles.ContactLabels,
    contact_spans: list[ContactSpan],
    first_named: dict[ContactType, int],
) -> list[ContactType]:
    """Return the apps the number at ``[start, end)`` belongs to; none when it is announced as something else than a contact."""
    barrier = contact_spans[-1].end if contact_spans else 0
    group = _number_labels(text, start, end, named, barrier)
    if group is None:
        return []
    types = list(dict.fromkeys(label.type for label in group if label.type is not None))
    types += _apps_behind(text, end, named, types)
    if not types and contact_spans and _SAME_LIST.fullmatch(text[barrier:start]):
        types = list(
            dict.fromkeys(contact_span.type for contact_span in contact_spans[-3:] if contact_span.end == barrier)
        )  # "Zalo 09… - 09…"
    apps: list[ContactType] = [kind for kind in types if kind != _PHONE]
    if not apps and not types:  # the text named an app before, and gave it no contact yet
        apps = [kind for kind, place in first_named.items() if place <= start][:1]
    for kind in apps:
        first_named.pop(kind, None)
    return apps or [_PHONE]


def _number_labels(
    text: str, start: int, end: int, named: handles.ContactLabels, barrier: int
) -> list[handles.ContactLabel] | None:
    """Return the labels that announce the number at ``[start, end)``; None when they announce something else than a contact."""
    group = named.announcing(text, start, end, barrier)
    if not group:
        return group
    first = group[0]
    if first.type in NAMED and _is_claimed(text, first, start):
        return []
    if first.type is None and not text[start:end].startswith("+"):
        near = first.marked_only or start - first.end <= _NETWORK_REACH
        return None if near else []  # what another network's word is far from is no account of it
    return group


def _apps_behind(text: str, end: int, named: handles.ContactLabels, types: Sequence[ContactType]) -> list[ContactType]:
    """Return the apps that words behind a number add to ``types``, those announced before it."""
    if types and types != [_PHONE]:
        return [] if _PHONE in types else _shared_apps(text, end, named, types)
    beside = [label.type for label in named.between(end, end + 14) if label.type in WITH_NUMBER and _adjoins(text, end, label)]
    return beside[:1] or _shared_apps(text, end, named, types)  # "call +44 … (WhatsApp)"


_NETWORK_REACH = 4
_DIALLED = frozenset({"whatsapp", "zalo", "viber", "signal"})
_PHONE: ContactType = "phone"
_CLAIMED = re.compile(r"@[a-z0-9_]{4,}|[a-z0-9]{2,}_[a-z0-9_]+|(?<![a-z0-9])[a-z][a-z.]{2,31}\d[a-z0-9]*")
_CLAIMING = re.compile(r"(?:@[a-z0-9_]{4,}|[a-z0-9]{2,}_[a-z0-9_]+)[^\w\n.!?:,;/|@]{0,3}\w{0,2}$")


def _is_claimed(text: str, label: handles.ContactLabel, start: int) -> bool:
    """Tell whether ``label`` is of a name beside it and not of the number at ``start``: ``Telegram @name, +44 …``."""
    if start - label.end < 3:
        return False
    if _CLAIMED.search(text, label.end, start):
        return True
    return text[label.end : label.end + 1] != ":" and _CLAIMING.search(text[max(0, label.start - 40) : label.start]) is not None


_SAME_LIST = re.compile(r"[\s\-/,;|&–]{1,4}(?:(?:or|hoặc|hay|atau|หรือ|ou|или|或|와|と|và|and|o)\s)?")
_NAME_AHEAD = re.compile(r"[\s:\-–=>]{0,4}(?:id\s?:?\s?)?(?:@|[a-z0-9.]{2,30}[_\d]|[+(]?\d)")


def _adjoins(text: str, end: int, label: handles.ContactLabel) -> bool:
    """Tell whether ``label`` stands right behind a number and announces nothing after it."""
    if text[label.end : label.end + 1] == ":":  # announces what follows
        return False
    return _BESIDE.fullmatch(text, end, label.start) is not None and not _NAME_AHEAD.match(text, label.end)


_SHARED = re.compile(
    r"cùng số|số này|même numéro|même num|same number|nomor (?:yang )?sama|no sama|(?:wa )?sama|mesmo número|parehong number|"
    r"同号|同步|同一|тот же|этот же|этом же|같은 번호|동일|同じ番号|เบอร์เดียวกัน|เบอร์เดียว|namba hiyo hiyo|इसी नंबर|یہی نمبر|একই নম্বর"
)
_SHARED_REACH = 44


def _shared_apps(text: str, end: int, named: handles.ContactLabels, types: Sequence[ContactType]) -> list[ContactType]:
    """Return the apps that the sentence behind a number says it is on too: ``…, Viber, WhatsApp cùng số``, ``…,微信同号``."""
    apps = [label for label in named.between(end, end + _SHARED_REACH) if label.type in WITH_NUMBER and label.type not in types]
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


def _move_place(view: View, place: int) -> int:
    """Return where ``place`` of the text that ``view`` was edited from stands in ``view``."""
    low, high = 0, len(view.text)
    while low < high:
        middle = (low + high) // 2
        if view.offset(middle) < place:
            low = middle + 1
        else:
            high = middle
    return low


def _once(results: list[Contact]) -> tuple[Contact, ...]:
    seen: set[tuple[str, str]] = set()
    kept = []
    for contact in results:
        key = (contact.type, contact.value.casefold() if contact.type in ("url", "email") else contact.value)
        if key not in seen:
            seen.add(key)
            kept.append(contact)
    return tuple(kept)
