"""Labels that announce a contact (``tele``, ``微信``, ``ไลน์``) and the account names right behind them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, cast

import ahocorasick_rs

from enrichment.assessment import ContactType
from enrichment.contacts.label_words import LABELS, WORDS
from enrichment.text.characters import SENTENCE_ENDS
from enrichment.text.spelled_signs import SPELLED
from enrichment.text.views import bare, fold


class ContactLabel(NamedTuple):
    """A word that announces a contact; ``type`` is ``None`` for one that announces something else (a licence, another
    network)."""

    type: ContactType | None
    start: int
    end: int
    marked_only: bool
    """It announces only the word right behind it: an everyday word, or a document whose number follows."""
    latin: bool


_NO_LABEL, _SIGN = "none", "sign"


def _announcing_words() -> Iterator[tuple[str, str | None, bool]]:
    """Yield each word that announces something, what it announces, and whether that is a document; the first of a form counts."""
    for phrase, kind in WORDS.long_labels.items():
        yield phrase, kind, False
    for kind, listed in LABELS.items():
        yield from ((word, kind, False) for word in listed if word not in WORDS.fragments)
    yield from ((word, _NO_LABEL, False) for word in WORDS.online)
    yield from ((word, _SIGN, False) for word in SPELLED)
    yield from ((word, None, False) for word in WORDS.networks)
    yield from ((word, None, True) for word in WORDS.documents)


@cache
def _automaton() -> tuple[ahocorasick_rs.AhoCorasick, list[tuple[str | None, bool, bool]]]:
    table: dict[str, tuple[str | None, bool, bool]] = {}
    for word, kind, document in _announcing_words():
        for form in dict.fromkeys((fold(word), bare(word), fold(word).replace(" ", "") if word > "\u0e00" else fold(word))):
            latin = form[0] < "\u0e00"
            if form and (len(form) > 1 or form >= "\u2e80" or form[0] > "\u2000"):
                table.setdefault(form, (kind, document or word in WORDS.marked_only, latin))
    words = list(table)
    machine = ahocorasick_rs.AhoCorasick(
        words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.ContiguousNFA
    )
    return machine, [table[word] for word in words]


def labels(text: str) -> "ContactLabels":
    """Return the labels in ``text`` (folded), in order."""
    machine, kinds = _automaton()
    contact_labels: list[ContactLabel] = []
    spelled = False
    for number, start, end in machine.find_matches_as_indexes(text):
        kind, marked, latin = kinds[number]
        if kind in (_NO_LABEL, _SIGN):
            spelled = spelled or kind == _SIGN
            continue
        if latin:
            if _goes_on_from(text, start, end, kind):
                continue
            end = _end_of_word(text, start, end, bends=kind not in _NOT_BENT and not marked)
            if not end:
                continue
        contact_labels.append(ContactLabel(cast("ContactType | None", kind), start, end, marked, latin))
    return ContactLabels(contact_labels, spelled=spelled)


def _goes_on_from(text: str, start: int, end: int, kind: str | None) -> bool:
    """Tell whether the word at ``[start, end)`` is the end of a longer word, name or address."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in ("_", "@"):
        return True
    if before.isalnum():
        return _is_spaced(before) and text[start].isalpha()
    if before != "." or kind is None or after >= "\u2e80" or after == ":":  # a full stop of its own: "baht。Line我"
        return False
    return text[start - 2 : start - 1].isalnum() and text[start - 2] < "\u0e00"


def _end_of_word(text: str, start: int, end: int, *, bends: bool) -> int:
    """Return where the word at ``[start, end)`` ends, with its case ending when it ``bends``; 0 when a longer one begins so."""
    after = text[end : end + 1]
    if after == "_" or (after == "." and end - start < 4 and text[end + 1 : end + 2].isalpha()):  # VB.NET
        return 0
    if after.isalpha() and _is_spaced(after) and text[end - 1].isalnum() and not _against_name(text, start, end):
        return _ending(text, end) if bends and end - start > 4 and "\u0400" < after < "\u0e00" else 0
    return end


_NAME_AGAINST = re.compile(r"[a-z]*\d[a-z0-9_-]{3,}|[a-z]{3,}\d+")


def _against_name(text: str, start: int, end: int) -> bool:
    """Tell whether a name is written right against a label that is no beginning of a word (``vxsample88``)."""
    return text[start:end] in ("vx", "wx") and _NAME_AGAINST.match(text, end) is not None


def _is_spaced(letter: str) -> bool:
    """Tell whether ``letter`` is of a script with spaces between words; Vietnamese letters stand beyond the others."""
    return letter < "\u0e00" or "\u1e00" <= letter < "\u1f00"


_ENDING = re.compile(r"[^\W\d_a-z]\w{0,6}(?!\w)")
_NOT_BENT = ("phone", None)


def _ending(text: str, end: int) -> int:
    """Return where the case ending behind an app's name ends (``टेलिग्राममा``, ``телеграмму``); 0 when it is no ending."""
    match = _ENDING.match(text, end)
    return match.end() if match else 0


_LINK = (
    r"(?:(?:으로|은|는|이|가|로|을|를|の|は|で|に|へ|が|を|是|为|叫|我|找|搜|号|[\u0e01-\u0e4e]{0,14}คือ|ຄື|គឺ|"
    r"मा|को|पर|में|से|এ|তে|এর|ல்|இல்|က|ကို|မှာ|එකෙන්|එකට|එක|پر|ላይ|"
    r"(?:est|c'est|saya|aku|sy|ko|это|é|mình|em|tên)(?![^\W\d_]))\s?){0,2}"
)
"""What may join an app to the name of an account: a particle, a copula, whose it is."""
_MARK = re.compile(
    rf"[ \"'()\[\]]{{0,2}}{_LINK}(id|account|acc|acct|user|username|usr|nick|handle|号码|号|账号|帐号|ไอดี|아이디|ид|ник|ເບີ|អាយឌី|"
    rf"အိုင်ဒီ|आईडी|আইডি|آئی ڈی|là|la|is|ay|at|:|：)?{_LINK}"
    r"[ \"']{0,2}([:=>\-~|→👉☞⇒.]{0,3})[ \"'(]{0,2}@?([a-z0-9][a-z0-9.\-]{3,31})(?![a-z0-9_@])"
)


_ENDS_IN_ID = (" id", "ไอดี", "ไอดีไลน์", "ໄອດີໄລນ໌", "아이디", "号")
_OR = re.compile(r" (?:or|and|hoặc|hay|và|atau|dan|o|at|ou|et|e|и|или) ")
_LATIN = r"[a-z\u00e0-\u024f\u1ea0-\u1ef9]"


def named_after(text: str, label: ContactLabel, *, shown: bool = False) -> tuple[str, int, int] | None:
    """Return the name right behind ``label`` when it reads as an account name though nothing marks it as one.

    ``shown`` says that the label is written as a name (``LINE``), not as the everyday word it may be (``line``).
    """
    match = _MARK.match(text, label.end)
    if not match:
        return None
    word, marker, value = match.groups()
    marker = marker or (word if word in (":", "：") else "")
    value = value.rstrip(".-")
    start = match.start(3)
    end = start + len(value)
    if not _may_be_name(value):
        return None
    dotted = "." in value
    if dotted and not marker and not any(map(str.isdigit, value)):
        is_name = shown and _is_dotted_name(text, value, end)
    else:
        pointed = _is_pointed(text, label, word, marker)
        is_name = _is_name(text, label, value, end, pointed=pointed, dotted=shown and dotted)
    return (value, start, end) if is_name else None


def _may_be_name(value: str) -> bool:
    """Tell whether a word may be an account name at all: long enough, with a letter, and no everyday word."""
    return len(value) >= 4 and any("a" <= char <= "z" for char in value) and value not in WORDS.plain_words


def _is_pointed(text: str, label: ContactLabel, word: str | None, marker: str) -> bool:
    """Tell whether ``word`` or ``marker``, which stand behind a label, or the label itself point at the name."""
    if marker not in ("", ".") or (word and word not in ("is", "la", "ay", "at")):  # a full stop ends a sentence
        return True
    return text[label.end - 1] == ":" or text.endswith(_ENDS_IN_ID, label.start, label.end)


def _is_dotted_name(text: str, value: str, end: int) -> bool:
    """Tell whether letters with dots in them are a name that ends at ``end``, not sentences without spaces between them."""
    last = not re.match(rf" ?{_LATIN}", text[end : end + 2]) or _OR.match(text, end) is not None
    pieces = value.split(".")
    return last and sum(len(piece) < 2 for piece in pieces) <= (len(pieces) > 2)


def _is_name(text: str, label: ContactLabel, value: str, end: int, *, pointed: bool, dotted: bool) -> bool:
    """Tell whether a word that ends at ``end`` is a name: with digits in it, or pointed at and no part of a sentence."""
    digits = sum(char.isdigit() for char in value)
    if digits and value[0].isalpha() and (digits >= 2 or len(value) >= 6):
        return pointed or not label.marked_only or digits >= 2 or dotted
    if len(value) < 5 or re.match(rf"\s{_LATIN}", text[end : end + 2]):
        return False
    return pointed or not (label.latin or label.marked_only)


_JOIN = re.compile(
    r"[\s/,、&+|·–\-:()]*(?:or|and|atau|và|hoặc|hay|ou|или|и|dan|o|at|หรือ|និង|ឬ|နဲ့|နှင့်|သို့မဟုတ်|ຫຼື|ແລະ|或|"
    r"或者|和|跟|या|और|অথবা|ও|یا|اور|또는|や|または|と|au|na|ya|aur|va|e|y|বা|আর|এবং|र|वा|සහ|හෝ|மற்றும்|அல்லது|ወይም|እና|ແລະ|그리고)?[\s/,、&+|·–\-:()]*$"
)


class ContactLabels:
    """The labels of one text in order, looked up by place."""

    def __init__(self, contact_labels: list[ContactLabel], *, spelled: bool = False) -> None:
        self.all = contact_labels
        self.spelled = spelled
        """A word for a sign of addresses is in the text too (``enrichment.text.spelled_signs``)."""
        self._starts = [label.start for label in contact_labels]

    def between(self, start: int, end: int) -> list[ContactLabel]:
        """Return the labels that start in ``[start, end)``."""
        return self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def announcing(self, text: str, start: int, end: int, barrier: int) -> list[ContactLabel]:
        """Return the labels of the words at ``[start, end)``: the nearest before them and those beside that, or one behind.

        ``barrier`` is where the contact before this one ends; a label before it announces that one.
        """
        before = [
            label
            for label in self.between(max(barrier, start - _REACH - 24), start)
            if label.end <= start + 1 and start - label.end <= (_NETWORK_REACH if _is_network(label) else _REACH)
        ]
        before = [label for label in before if not is_parted(text[label.end + _is_dotted(text, label) : start])]
        reach = _REACH if before and _is_account(before) else 14
        if before and not (before[-1].marked_only and start - before[-1].end > reach):
            group = [before[-1]]
            for label in reversed(before[:-1]):
                between = text[label.end : group[-1].start]
                if label.type != group[-1].type and (not _JOIN.match(between) or (label.marked_only and "," in between)):
                    break
                group.append(label)
            return group
        return self.label_behind(text, end)

    def label_behind(self, text: str, end: int) -> list[ContactLabel]:
        """Return the label behind ``end`` that announces the words before it, when it announces nothing after it."""
        behind = [label for label in self.between(end, end + 11) if text[label.start : label.end] != "no"][:1]
        if not behind or behind[0].type is None or text[behind[0].end : behind[0].end + 1] == ":":
            return []
        if is_parted(text[end : behind[0].start + 1]):
            return []
        bracketed = "(" in text[end : behind[0].start]
        return [] if (_OTHER_AHEAD if bracketed else _NAME_AHEAD).match(text, behind[0].end) else behind


_OTHER_AHEAD = re.compile(r"(?:[ :\-–=>]{0,4}|[ :]{0,2}id[ :]{1,3})(?:@[a-z]|[a-z0-9.]{2,30}[_\d]|[+(]?\d)")
_NAME_AHEAD = re.compile(rf"{_OTHER_AHEAD.pattern}|[^.!?\n,;/|()]{{0,26}}[\s:](?:@[a-z]|[a-z0-9.]{{2,30}}_[a-z0-9])")
"""A name right behind a label, or in the same clause; then the label does not announce the words before it."""
_REACH = 44
"""How many characters may stand between a label and what it announces."""
_NETWORK_REACH = 10
"""The same for a network we keep no contacts of: "send your Discord history to @name" names no Discord account."""


def _is_account(labels: list[ContactLabel]) -> bool:
    """Tell whether the last two labels are of one bank account: ``no rek … BRI``, ``STK … Vietcombank``."""
    return len(labels) > 1 and all(label.type is None and label.marked_only for label in labels[-2:])


_SHORTENED = ("no", "nr", "ref", "reg", "rek", "лиц", "नं")


def _is_dotted(text: str, label: ContactLabel) -> bool:
    """Tell whether the full stop behind a label is of the word: "order no. 123"."""
    return text[label.end : label.end + 1] == "." and text.endswith(_SHORTENED, label.start, label.end)


def _is_network(label: ContactLabel) -> bool:
    return label.type is None and not label.marked_only


_STOP = re.compile(
    rf"(?<!\bno)(?<!\bnr)(?<!\bnos)(?<!नं)(?<!\bтел)(?<!\bdoc)[.;；{SENTENCE_ENDS}]"
    r"(?:\s|(?=[\u2e80-\ufaff]))"
)


def is_parted(between: str) -> bool:
    """Tell whether a sentence or line ends in ``between``."""
    return "\n" in between or _STOP.search(between) is not None
