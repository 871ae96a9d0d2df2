"""Signs of addresses and names that adverts spell out or part (``[at]``, ``gmail dot com``, ``t . me / name``), and digits
written as words or letters inside a number (``không chín``, ``ศูนย์แปด``, ``O9O``).

Every pattern starts with one sign or word and looks a bounded way around it: repetition stays linear.
"""

import re
from collections.abc import Iterator
from functools import cache

import ahocorasick_rs

from enrichment.contacts.label_words import WORDS, french_pairs
from enrichment.text.views import Edit, View, bare, fold

_AT_WORDS = "собака|собачка|arroba|arobase|arrobase|a còng|a móc|艾特|골뱅이|アットマーク"
_DOT_WORDS = "dot|chấm|cham|titik|punto|point|ponto|точка|点|ドット|จุด|닷|점"
_LINE_WORDS = (
    "underscore|under score|gạch dưới|gach duoi|garis bawah|guion bajo|guión bajo|tiret bas|нижнее подчеркивание|下划线|底线|"
    "언더바|アンダーバー|ขีดล่าง"
)
_MAIL_HOSTS = (
    "gmail|googlemail|yahoo|ymail|hotmail|outlook|icloud|live|proton|protonmail|yandex|mail|rambler|inbox|qq|foxmail|163|126|"
    "sina|naver|daum|hanmail|aol|zoho|rediffmail"
)
_EVERYDAY = ("live", "mail", "inbox", "proton", "163", "126")
"""Hosts whose names are other words too: *at* before them is no sign."""
_ENDS = "com|net|org|ru|me|cn|co|fr|in|id|vn|ph|br|jp|kr|info|de|es"
_BRACKETED = re.compile(rf"[\[({{<]\s?(at|@|\.|{_DOT_WORDS}|điểm|{_AT_WORDS}|{_LINE_WORDS})\s?[\])}}>]\s?")
_PARTED_SIGNS = ("dot ", " @ ", " .", "me /", "me/ ", "/ +", "t.me\\", "点", ",com")
_PARTED_END = re.compile(r"\. (?:com|net|bet|vip|xyz|top|me)(?![a-z0-9])")
_PARTED = re.compile(
    r" (?:(?<=[a-z0-9] )(?:(@) (?=[a-z0-9-]+\.[a-z])|(at) (?=[a-z0-9.-]+ (?:dot|\.) )|(dot) (?=(?:com|net|org|info|vn|me)\b))|"
    r"(?<=\bt )\. ?(?=me ?/)|(?<=t\.me )/ ?(?=[a-z+])|(?<=\bme )/ (?=[a-z0-9_]{5}|\+ ?[a-z0-9]))|\.(?<=\bt\.) (?=me ?/)|"
    r"/(?:(?<=t\.me/) (?=[a-z+])|(?<=\bme/) (?=[a-z0-9_]{5}))|\. (?:(?<=\d\. )(?=(?:com|net|bet|vip|xyz|top)(?![a-z0-9]))|"
    r"(?<=[a-z0-9]\. )(?=(?:com|net) ?(?:[\])\n]|$)))|\\(?<=t\.me\\)(?=[a-z])|,(?<=[a-z0-9],)(?=com ?(?:\n|$))|\+(?<=/ \+) "
    r"?(?=[a-z0-9])|点(?<=[a-z0-9]点)(?=(?:com|net|org|me|cc|top|vip|xyz|app|tv|cn)(?![a-z0-9]))"
)
_MAIL_BEFORE = re.compile(r"mail|mél|correo|courriel|почт|мейл|邮|邮箱|メール|메일|อีเม|ເມລ|मेल|মেইল|மெயில்|ایمیل|ኢሜይል|អ៊ីមែល")
_AT_SIGNS = ("@", " at ", "(a)", "(at)", "#")
SPELLED = (*_AT_WORDS.split("|"), *_LINE_WORDS.split("|"))
"""Words for the signs, which the pass that looks for labels finds as well."""
_HOST = re.compile(
    rf"(?:({_MAIL_HOSTS})( ?\. ?| ?, ?| (?:{_DOT_WORDS}) |点| )|([a-z][a-z0-9-]{{1,40}})( (?:{_DOT_WORDS}) |点))"
    rf"({_ENDS})(?![a-z0-9])"
)
_LOCAL_END = re.compile(r"(?:^|[a-z0-9_.-])[a-z0-9]$")
_SPELLED = re.compile(rf" ?(?:{_LINE_WORDS}) ?(?=[a-z0-9])|艾特(?=[a-z][a-z0-9_]{{4}})")
_SIGNS = {
    "at": "@",
    "@": "@",
    "\\": "/",
    **dict.fromkeys(_AT_WORDS.split("|"), "@"),
    **dict.fromkeys(_LINE_WORDS.split("|"), "_"),
}


def readable(view: View, *, spelled: bool) -> View:
    """Return ``view`` with the signs that its text spells out, brackets or parts read as the signs they stand for.

    ``spelled`` says whether one of the words ``SPELLED`` is in it.
    """
    edits: list[Edit] = []
    end = 0
    for edit in sorted(_edits(view.text, spelled)):
        if edit[0] >= end:
            edits.append(edit)
            end = edit[1]
    return view.apply_edits("readable", edits) if edits else view


def _edits(text: str, spelled: bool) -> Iterator[Edit]:
    if any(map(text.__contains__, "[({<")):
        for match in _BRACKETED.finditer(text):
            start = match.start()
            yield start - (text[start - 1 : start] == " "), match.end(), _SIGNS.get(match.group(1), ".")
    if any(map(text.__contains__, _PARTED_SIGNS)) or _PARTED_END.search(text):
        for match in _PARTED.finditer(text):
            sign = match.group().strip()
            if sign == "@" and not _MAIL_BEFORE.search(text, max(0, match.start() - 40), match.start()):
                continue
            yield match.start(), match.end(), _SIGNS.get(sign, sign if sign in ("/", "+") else ".")
    yield from _mail(text, (*_AT_SIGNS, *SPELLED) if spelled else _AT_SIGNS)
    if spelled:
        for match in _SPELLED.finditer(text):
            if match.group() == "艾特":
                yield match.start(), match.end(), "@"
            elif text[match.start() - 1 : match.start()].isalnum():
                yield match.start(), match.end(), "_"


def _mail(text: str, signs: tuple[str, ...]) -> Iterator[Edit]:
    """Yield the edits that make an address of ``name @ gmail com`` and ``name at yahoo dot com``."""
    for sign in signs:
        place = text.find(sign)
        while place >= 0:
            start, end = place, place + len(sign)
            start -= text[start - 1 : start] == " "
            host = _HOST.match(text, end + (text[end : end + 1] == " "))
            everyday = host is not None and sign in (" at ", "#") and host[1] in _EVERYDAY
            if host and not everyday and _LOCAL_END.search(text, max(0, start - 2), start):
                name = 1 if host[1] else 3
                yield start, host.start(name), "@"
                yield host.start(name + 1), host.end(name + 1), "."
            place = text.find(sign, end)


_LEAST = 6
"""Digits in words in a row that make a number; fewer are prose."""
_PART = r"[\s.,،、\-/]{0,3}"
_POINT = r"chấm|cham|gạch|titik|strip|dot|dash|point|tiret|ponto|traço|hífen|punto|тире|点|點|の|ノ|점|จุด|ขีด"
"""Words for the signs between the digits of a number."""
_BETWEEN = re.compile(rf"{_PART}(?:(?:\d{{1,5}}|{_POINT}){_PART})?$")
_LONGEST_BETWEEN = 9
_COMMA = re.compile(rf"\s?(?:[,،、]|{_POINT})\s?$")
_REST = re.compile(r"(?:\s?[,،、]\s?\d{1,4}(?!\d))+")


@cache
def _automaton() -> tuple[ahocorasick_rs.AhoCorasick, list[str], list[bool]]:
    words: dict[str, str] = {}
    for digit, listed in WORDS.digits.items():
        for word in listed:
            for form in (fold(word), bare(word)):
                if len(form) > 1 or form >= "\u2e80":
                    words.setdefault(form, digit)
    for number, word in french_pairs().items():
        for form in (fold(word), bare(word)):
            words.setdefault(form, number)
            words.setdefault(form.replace("-", " "), number)
    listed_words = list(words)
    spaced = [word[0] < "\u0e00" or "\u1200" <= word[0] < "\u1380" for word in listed_words]
    machine = ahocorasick_rs.AhoCorasick(
        listed_words,
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        implementation=ahocorasick_rs.Implementation.ContiguousNFA,
    )
    return machine, [words[word] for word in listed_words], spaced


def spelled_digits(text: str) -> list[Edit]:
    """Return the edits that put digits for digit words where enough of them follow one another; ``text`` is folded."""
    machine, digits, spaced = _automaton()
    results = machine.find_matches_as_indexes(text)
    if sum([len(digits[number]) for number, _, _ in results]) < _LEAST:
        return []
    edits: list[Edit] = []
    run: list[Edit] = []
    for number, start, end in results:
        if spaced[number] and (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()):
            continue
        if run and not (start - run[-1][1] <= _LONGEST_BETWEEN and _BETWEEN.match(text[run[-1][1] : start])):
            edits += _number_edits(run, text)
            run = []
        run.append((start, end, digits[number]))
    return edits + _number_edits(run, text)


def starts(edits: list[Edit]) -> list[int]:
    """Return where each number in words starts; such numbers are always telephone numbers."""
    return [edit[0] for place, edit in enumerate(edits) if not place or edit[0] - edits[place - 1][1] > _LONGEST_BETWEEN]


def _number_edits(run: list[Edit], text: str) -> list[Edit]:
    if 2 * len(run) < _LEAST or sum(len(digits) for _, _, digits in run) < _LEAST:
        return []
    joined: list[Edit] = []
    for place, (start, end, digit) in enumerate(run):
        between = text[run[place - 1][1] : start] if place else ""
        if between.isspace() or _COMMA.match(between):
            start = run[place - 1][1]  # the gap between two digit words goes with them
        joined.append((start, end, digit))
    rest = _REST.match(text, run[-1][1])  # "…, quatre-vingt-dix-huit, 22, 14"
    if rest:
        joined.append((rest.start(), rest.end(), " ".join(_DIGITS.findall(rest.group()))))
    return joined


_DIGITS = re.compile(r"\d+")


_LETTERED = re.compile(
    r"(?<![a-z\u00c0-\u0dff\u1e00-\u1eff])(?=[olis]{0,3}\d)[\dolis]{2,}(?:[ .-]{1,2}[\dolis]{2,}){0,4}(?![^\W\d_])"
)
_NEXT_TO_DIGIT = re.compile(r"\d[olis]")
_LETTER_DIGITS = str.maketrans("olis", "0115")


def lettered_digits(text: str) -> str:
    """Return ``text`` with o, l, i and s read as digits inside numbers (``o9o1 234 567``); its length stays."""

    def read(match: re.Match[str]) -> str:
        piece = match.group()
        digits = sum(char.isdigit() for char in piece)
        letters = sum(char.isalpha() for char in piece)
        only_o = piece.count("o") == letters
        zeros = digits >= 3 and digits + letters >= 9 and piece[0] in "0o" and piece.count("o") >= letters - 2
        plain = (digits >= 5 and digits >= 2 * letters) or (only_o and digits >= 3 and digits + letters >= 8) or zeros
        return piece.translate(_LETTER_DIGITS) if letters and plain else piece

    return _LETTERED.sub(read, text) if _NEXT_TO_DIGIT.search(text) else text
