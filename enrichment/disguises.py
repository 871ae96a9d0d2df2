"""How adverts hide words, and how each disguise is undone: look-alike letters, spaced letters, leetspeak, emoji, invisible signs."""

import re
import unicodedata

import numpy as np
import numpy.typing as npt

from enrichment.characters import BIDI, DIGIT, FORMAT, LETTER, SCRIPT, UNSPACED, WORD_BREAK, ZERO_WIDTH, Codes, Tables

Edit = tuple[int, int, str]
Mask = npt.NDArray[np.bool_]

_LATIN, _CYRILLIC = SCRIPT["Latn"], SCRIPT["Cyrl"]
_DENSE = np.zeros(256, np.bool_)
_DENSE[[*UNSPACED, SCRIPT["Hang"]]] = True
_NATURAL_JOINERS = np.zeros(256, np.bool_)
_NATURAL_JOINERS[[number for name, number in SCRIPT.items() if name not in ("Zyyy", "Latn", "Cyrl", "Grek", "Hani", "Hira", "Kana", "Hang")]] = True


def compositions(raw: str, marks: Mask) -> list[Edit]:
    """Return the edits that bring each letter and its following marks into NFC."""
    edits: list[Edit] = []
    places = np.flatnonzero(marks)
    end = 0
    for place in places.tolist():
        if place < end:
            continue
        start = max(place - 1, end)
        end = place + 1
        while end < len(marks) and marks[end]:
            end += 1
        piece = raw[start:end]
        new = unicodedata.normalize("NFC", piece)
        if new != piece:
            edits.append((start, end, new))
    edits += [(m.start(), m.end(), m.group(1) + m.group(2).replace("\u0e32", "\u0e33").replace("\u0eb2", "\u0eb3"))
              for m in _SPLIT_AM.finditer(raw)]
    return sorted(edits)


_SPLIT_AM = re.compile("[\u0e4d\u0ecd]([\u0e48-\u0e4b\u0ec8-\u0ecb]?)([\u0e32\u0eb2])")  # sara am typed as two signs


def reordered(folded: Codes) -> Codes:
    """Return ``folded`` with runs of Burmese signs in one order (medials, vowels, dots), however they were typed."""
    rank = np.zeros(0x42, np.uint8)
    for place, sign in enumerate((0x3B, 0x3C, 0x3D, 0x3E, 0x31, 0x2D, 0x2E, 0x32, 0x2F, 0x30, 0x2B, 0x2C, 0x36, 0x37, 0x3A, 0x38), 1):
        rank[sign] = place
    burmese = (folded >= 0x102B) & (folded <= 0x103E)
    ranks = rank[np.where(burmese, folded - 0x1000, 0x41)]
    if not ((ranks[:-1] > ranks[1:]) & (ranks[1:] > 0)).any():
        return folded
    result = folded.copy()
    run = np.cumsum(np.concatenate(([0], (ranks[1:] > 0) != (ranks[:-1] > 0))))
    order = np.lexsort((ranks, run))  # stable inside a run; everything else keeps its place
    moved = ranks > 0
    result[moved] = folded[order][moved]
    return result


def without_twins(folded: Codes, tables: Tables) -> tuple[Codes, int]:
    """Return ``folded`` with letters borrowed from a look-alike alphabet set right, and how many there were.

    Only words that mix alphabets are touched, or every borrowed letter when the text holds no letter that is surely foreign.
    """
    known = np.minimum(folded, 0x10FFFF)
    twin = tables.latin_twin[known]
    borrowed = twin > 0
    if not borrowed.any():
        return folded, 0
    script = tables.script[known]
    latin = script == _LATIN
    phonetic = borrowed & latin  # small capitals and IPA letters: Latin already, never ordinary spelling
    foreign = borrowed & ~latin
    plain = latin & ~phonetic
    if not plain.any() and not phonetic.any():
        return folded, 0
    certain = ((script == _CYRILLIC) | (script == SCRIPT["Grek"]) | (script == SCRIPT["Armn"]) | (script == SCRIPT["Cher"])) & ~borrowed
    change = phonetic.copy()
    result = folded.copy()
    count = 0
    if foreign.any():
        if not certain.any():
            change |= foreign
        else:
            letter = latin | foreign | certain | (folded == 0xFFFFFFFF)
            word = np.cumsum(np.concatenate(([0], (letter[1:] != letter[:-1]).astype(np.int64))))
            has = [np.bincount(word, weights=mask)[word] > 0 for mask in (plain, foreign, certain)]
            mixed = has[0] & (has[1] | has[2]) & letter
            cyrillic_text = int((foreign | certain).sum()) > int(plain.sum())
            to_latin = mixed & ~has[2] if not cyrillic_text else np.zeros_like(mixed)
            change |= to_latin & foreign
            back = mixed & plain & ~to_latin
            if back.any():
                for place in np.flatnonzero(back).tolist():
                    other = _CYRILLIC_TWIN.get(int(folded[place]))
                    if other:
                        result[place] = other
                        count += 1
    result[change] = twin[change]
    return result, count + int(change.sum())


_CYRILLIC_TWIN = {ord(a): ord(b) for a, b in zip("aecopxyktmhbij", "аесорхуктмнвіј", strict=True)}


def dense(codes: Codes, tables: Tables) -> Mask | None:
    """Return which characters stay when unspaced scripts lose the gaps between their letters; ``None`` when all do."""
    gap = (codes == 0x20) | (codes == 0x3000)
    for sign in b".*-_~|/+":
        gap |= codes == sign
    gap |= codes == 0xB7
    letter = _DENSE[tables.script[codes]]
    gap &= ~letter
    if not gap.any() or not letter.any():
        return None
    # For each gap character: is the nearest non-gap character on either side a letter of such a script?
    place = np.arange(len(codes))
    solid = np.where(gap, -1, place)
    before = np.maximum.accumulate(solid)
    solid = np.where(gap, len(codes), place)
    after = np.minimum.accumulate(solid[::-1])[::-1]
    inside = gap & (before >= 0) & (after < len(codes))
    inside &= letter[np.maximum(before, 0)] & letter[np.minimum(after, len(codes) - 1)]
    return ~inside if inside.any() else None


_SPACED = re.compile(r"(?<!\S)\S(?: \S){2,}[.,;:!?]*(?!\S)")
_PAIR = re.compile(r"(?:(?<=  )|(?<=\n)|^)\S \S[.,;:!?]?(?=  |\n|$)")
_GAPS = re.compile(r"  +")
_DOTTED = re.compile(r"[^\W\d_](?:[.*·_~|-][^\W\d_])+(?![^\W_])")
_SPLIT = re.compile(r"(?<![\w@/.])[^\W\d_]+(?:[.*·][^\W\d_]+)+(?![\w@/])")
_DOMAIN_END = re.compile(r"\.(?:com|net|org|info|asia|vn|me|io|co|cn|th|id|my|ph|kh|la|mm|in|pk|bd|np|lk|fr|br|pt|ru|ke|tz|et|kr|jp|hk|tw|sg|"
                         r"us|uk|biz|xyz|top|site|online|shop|app|club|vip|cc|tv|gov|edu|jobs)$")


def spaced(text: str, codes: Codes, tables: Tables, counts: dict[str, int]) -> list[Edit]:
    """Return the edits that join words written letter by letter; two spaces (or a line end) part words."""
    edits: list[Edit] = []
    if len(codes) < 5:
        return edits
    space = (codes == 0x20) | (codes == 0x0A)
    single = space[:-2] & ~space[1:-1] & space[2:]
    if (single[:-2] & single[2:]).any() or (len(codes) < 40 and not space[0]):
        for match in _SPACED.finditer(text):
            piece = match.group()
            letters = sum(char.isalpha() for char in piece)
            if letters < 3 and sum(char.isdigit() for char in piece) < 3:
                continue
            if any(_DENSE[tables.script[ord(char)]] for char in piece):
                continue
            places = [place for place, char in enumerate(piece, match.start()) if char == " "]
            edits += [(place, place + 1, "") for place in places]
            counts["spaced"] = counts.get("spaced", 0) + len(places)
        if edits:
            edits += [(m.start() + 1, m.start() + 2, "") for m in _PAIR.finditer(text)]
            edits += [(m.start(), m.end() - 1, "") for m in _GAPS.finditer(text)]
            edits = sorted(set(edits))
    letter = tables.kind[codes] == LETTER
    mark = (codes == 0x2E) | (codes == 0x2A) | (codes == 0xB7) | (codes == 0x5F) | (codes == 0x7E) | (codes == 0x7C) | (codes == 0x2D)
    if (mark[1:-1] & letter[:-2] & letter[2:]).any():
        edits += _dotted(text, edits, counts)
        edits.sort()
    return edits


def _dotted(text: str, taken: list[Edit], counts: dict[str, int]) -> list[Edit]:
    edits: list[Edit] = []
    used = {place for start, end, _ in taken for place in range(start, end)}
    for pattern in (_DOTTED, _SPLIT):
        for match in pattern.finditer(text):
            piece = match.group()
            if pattern is _SPLIT and (_DOMAIN_END.search(piece) or piece.startswith("www.")):
                continue
            if pattern is _DOTTED and match.start() and text[match.start() - 1].isalnum():
                continue
            if pattern is _DOTTED and len(piece) < 5 and "." not in piece:
                continue
            for place, char in enumerate(piece, match.start()):
                if char in ".*·_~|-" and place not in used:
                    used.add(place)
                    edits.append((place, place + 1, ""))
                    counts["dotted"] = counts.get("dotted", 0) + 1
    return edits


_LEET = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i", "|": "l", "€": "e", "9": "g", "6": "b",
         "+": "t", "£": "l"}
_LEET_SIGN = np.zeros(128, np.bool_)
_LEET_SIGN[[ord(char) for char in "0134578@$!|96+"]] = True
_TOKEN = re.compile(r"[\w@$!|€£+]*(?:[^\W\d_][0134578@$!|€£96+]|(?<![\w.,])[01345@$!|€](?=[^\W\d_]{2}))[\w@$!|€£+]*")
_VOWELS = frozenset("aeiouyăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ034@")
_ADDRESS = re.compile(r"\w*@[\w.-]*\.\w|@|\w+\.\w+[/@]")
_UNIT = re.compile(r"(?:[a-z][1-9]+|\d+[a-z]{1,2}|\d+[a-z]\d+)[!+$|€£]*$")


def leet(text: str, codes: Codes, tables: Tables, counts: dict[str, int]) -> list[Edit]:
    """Return the edits that read signs inside words as the letters they stand for."""
    if len(codes) < 3:
        return []
    sign = _LEET_SIGN[np.minimum(codes, 127)] & (codes < 127)
    letter = tables.script[codes] == _LATIN
    after = sign[1:] & letter[:-1]
    if not after.any():
        start = sign[1:-1] & letter[2:] & ~letter[:-2] & ~(tables.kind[codes[:-2]] == DIGIT)
        if not (start.any() or (sign[0] and letter[1])):
            return []
    edits: list[Edit] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if _UNIT.match(token) or (match.start() and text[match.start() - 1] in "@/.") or _ADDRESS.match(text, match.start()):
            continue
        edits += _read(token, match.start(), counts)
    return edits


def _read(token: str, at: int, counts: dict[str, int]) -> list[Edit]:
    edits: list[Edit] = []
    letters = sum(char.isalpha() for char in token)
    body = len(token.rstrip("!+|$@"))
    for run in re.finditer(r"[0134578@$!|€£96+]+", token):
        start, end = run.span()
        length = end - start
        inside = start > 0 and end < len(token) and token[end].isalpha()
        if length == 2 and not inside and token[start] != token[start + 1]:
            continue
        if length > 2 or letters < 1 or start >= body or (start == 0 and (length > 1 or letters < 2)) or (length == 2 and letters < 2):
            continue
        if any(char.isdigit() for char in token[end : end + 1]):
            continue
        for place in range(start, end):
            char = token[place]
            new = _LEET.get(char) or ("l" if _is_l(token, place) else "i")
            edits.append((at + place, at + place + 1, new))
            counts["leet"] = counts.get("leet", 0) + 1
    return edits


def _is_l(token: str, place: int) -> bool:
    """Tell whether a ``1`` reads as l: before a vowel at the start of a word, and between two vowels or before an i."""
    before, after = token[place - 1 : place] if place else "", token[place + 1 : place + 2]
    if after in ("i", "í", "ì", "1", "!"):
        return True
    return after in _VOWELS and after != "" and (before == "" or before in _VOWELS)


EMOJI = {
    "✈": "flight", "🛫": "flight", "🛬": "flight", "🛩": "flight", "💰": "money", "💵": "money", "💸": "money", "💴": "money",
    "💶": "money", "💷": "money", "🤑": "money", "💲": "money", "💳": "card", "📱": "phone", "☎": "phone", "📞": "phone", "📲": "phone",
    "🏠": "house", "🏡": "house", "🏘": "house", "🏢": "office", "🏬": "building", "🏨": "hotel", "🛏": "bed", "🍚": "meals", "🍛": "meals",
    "🍱": "meals", "🍜": "meals", "🍲": "meals", "🍽": "meals", "🍴": "meals", "🥘": "meals", "🛂": "passport", "📕": "passport",
    "🪪": "id card", "💻": "computer", "🖥": "computer", "⌨": "typing", "💬": "chat", "🗨": "chat", "🎰": "casino", "🎲": "gambling",
    "🃏": "gambling", "♠": "gambling", "🚐": "pickup", "🚗": "car", "🚙": "car", "🚕": "taxi", "🚌": "bus", "🚎": "bus", "⛴": "boat",
    "🛥": "boat", "🚤": "boat", "🎓": "degree", "🏖": "holiday", "🏝": "holiday", "🎁": "bonus", "🔥": "", "🏥": "hospital",
    "🤰": "pregnant", "👶": "baby", "🍼": "baby", "🥚": "egg", "💉": "injection", "🩸": "blood", "👰": "bride", "💍": "marriage",
    "💒": "marriage", "🤵": "groom", "🔒": "locked", "🔐": "locked", "🚫": "no", "❌": "no", "🈚": "no", "🆓": "free", "🏦": "bank account",
    "🪙": "crypto", "📈": "trading", "👩": "woman", "👨": "man", "👧": "girl", "💃": "dancer", "🍻": "drinks", "🌃": "night", "🌙": "night",
    "⏰": "hours", "🕐": "hours", "📩": "message", "✉": "message", "📧": "email", "🫘": "kidney", "🫁": "organ", "🫀": "organ",
    "🐷": "pig", "🐶": "dog", "🔞": "adult", "🎧": "headset", "🧑‍💻": "operator", "🛃": "customs", "🧳": "luggage", "👮": "police",
}
"""Emoji that stand for a word in job adverts, and the English word (own list)."""
_EMOJI = re.compile("[" + "".join(char for char in EMOJI if len(char) == 1) + "]|[\U0001F1E6-\U0001F1FF]{2}")
_FLAGS = {
    "kh": "cambodia", "mm": "myanmar", "la": "laos", "th": "thailand", "vn": "vietnam", "ph": "philippines", "my": "malaysia",
    "id": "indonesia", "cn": "china", "hk": "hong kong", "tw": "taiwan", "ae": "dubai", "in": "india", "np": "nepal", "bd": "bangladesh",
    "lk": "sri lanka", "pk": "pakistan", "ke": "kenya", "et": "ethiopia", "br": "brazil", "kr": "korea", "jp": "japan", "sg": "singapore",
    "us": "usa", "sa": "saudi arabia", "qa": "qatar", "tr": "turkey", "ge": "georgia", "gb": "uk", "ru": "russia",
}


def worded(text: str, counts: dict[str, int]) -> list[Edit]:
    """Return the edits that put an English word for each emoji that stands for one."""
    if text.isascii():
        return []
    edits: list[Edit] = []
    for match in _EMOJI.finditer(text):
        char = match.group()
        word = EMOJI.get(char) if len(char) == 1 else _FLAGS.get("".join(chr(ord(c) - 0x1F1E6 + 97) for c in char))
        if word:
            edits.append((match.start(), match.end(), f" {word} "))
    if edits:
        counts["emoji"] = counts.get("emoji", 0) + len(edits)
    return edits


def invisible(codes: Codes, tables: Tables) -> dict[str, int]:
    """Return how many characters were removed or restyled, by kind; joiners where a script needs them are counted apart."""
    kind = tables.kind[codes]
    counts = {
        "bidi": int((kind == BIDI).sum()),
        "format": int((kind == FORMAT).sum()),
        "full_width": int((((codes >= 0xFF10) & (codes <= 0xFF19)) | ((codes >= 0xFF21) & (codes <= 0xFF5A))).sum()),
        "styled": int((((codes >= 0x1D400) & (codes <= 0x1D7FF)) | ((codes >= 0x24B6) & (codes <= 0x24E9))
                       | ((codes >= 0x1F130) & (codes <= 0x1F189))).sum()),
    }
    hidden = np.flatnonzero((kind == ZERO_WIDTH) | (kind == WORD_BREAK))
    if len(hidden):
        padded = np.concatenate(([0], tables.script[codes], [0]))
        left, right = padded[hidden], padded[hidden + 2]
        natural = _NATURAL_JOINERS[left] | _NATURAL_JOINERS[right] | ((left == 0) & (right == 0))
        counts["joiner"] = int(natural.sum())
        counts["zero_width"] = int((~natural).sum())
    return {name: count for name, count in counts.items() if count}
