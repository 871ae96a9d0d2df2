"""Decodes the bytes of a page; header and meta tag may name a wrong encoding.

Order of trust: byte order mark, then strict UTF-8 (no legacy text of any length is valid UTF-8 by accident), then the header
and the ``<meta>`` where the bytes decode to text of a fitting script, then a guess among the encodings of the region. Names
follow the WHATWG Encoding Standard, which is what browsers do with the same labels (``gb2312`` means GB18030, ``tis-620``
means windows-874, ``latin-1`` means windows-1252).
"""

import re
import unicodedata
from collections.abc import Container, Sequence
from functools import cache

from w3lib.encoding import read_bom, resolve_encoding

from crawlers.text.chinese import to_traditional
from foundation.yaml_limits import read_table

_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.\-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.\-]{2,40})", re.I
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.\-]{2,40})", re.I)
_MEANT = {
    "x-gbk": "gbk", "cn-gb": "gbk", "cn-big5": "big5", "x-x-big5": "big5", "dos-874": "cp874", "x-cp1258": "cp1258",
    "viscii": "cp1258", "windows-949": "cp949",
}  # fmt: skip
"""Labels of browsers that w3lib does not know -> one that it knows."""
GUESSES = (
    *("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp874", "cp1258", "cp1251", "cp1252", "cp1250", "iso8859_2", "koi8_r"),
    "cp1256",
)
"""Encodings tried when nothing declared fits, the strict multi-byte ones first."""


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text that ``body`` was meant to be, in NFC, NUL bytes dropped; undecodable bytes become U+FFFD, never an
    error."""
    text, _ = decode_body(body, content_type)
    return text


def decode_body(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Return (text, codec used)."""
    codec, mark = read_bom(body)
    if codec and mark:
        return _clean(body[len(mark) :].decode(codec, "replace")), codec
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(body) - 4 or _mostly_utf8(body):  # cut off in mid-character, or a few stray bytes in a UTF-8 page
            return _clean(body.decode("utf-8", "replace")), "utf-8"
    else:
        if "\x00" not in text[:2000]:
            escaped = "\x1b$" in text or "\x1b(" in text
            return _clean(body.decode("iso2022_jp", "replace") if escaped else text), "iso2022_jp" if escaped else "utf-8"
    if wide := _utf16(body):
        return _clean(body.decode(wide, "replace")), wide
    codec = _best_codec(body, _declared_codecs(body, content_type))
    return _clean(body.decode(codec, "replace")), codec


def _declared_codecs(body: bytes, content_type: str | None) -> list[str]:
    """Return the codecs that the header and the page itself name, in that order, each once, UTF-8 left out (it was tried)."""
    named: list[str] = []
    if content_type and (result := _HEADER.search(content_type)):
        named.append(result[1])
    if match := _META.search(body[:4096]):
        named.append((match[1] or match[2]).decode("ascii"))
    codecs_named: list[str] = []
    for label in named:
        codec = resolve_encoding(_MEANT.get(label.lower(), label))
        if codec and not codec.startswith(("utf", "iso2022", "hz", "unicode", "idna", "punycode", "raw")):
            codecs_named.append(codec)
    return list(dict.fromkeys(codecs_named))


def _best_codec(body: bytes, declared: list[str]) -> str:
    """Return the declared codec whose text looks like text, else the guess whose text looks most like it.

    A declared windows-1252 is weak evidence: it is what servers say when nobody told them (every byte decodes under it).
    """
    sample = _sample(body)
    for codec in declared:
        if codec != "cp1252" and encoding_score(sample, codec) >= 0.6:
            return codec
    scores = {codec: encoding_score(sample, codec) for codec in dict.fromkeys((*declared, *GUESSES))}
    best = max(scores, key=lambda codec: scores[codec])
    if "cp1252" in declared and scores["cp1252"] >= scores[best] - 0.2:
        return "cp1252"
    return best if scores[best] > 0 else (declared[0] if declared else "cp1252")


def _sample(body: bytes) -> bytes:
    """Return the stretches of ``body`` that hold bytes above ASCII, without markup, 20,000 bytes at most; pairs are kept
    whole."""
    bare = re.sub(rb"<script.*?</script>|<style.*?</style>", b" ", body[:400_000], flags=re.S | re.I)
    runs = re.findall(rb"(?:[\x80-\xff][\x40-\x7e]?|[ -~]{0,2}(?=[\x80-\xff]))+", bare)
    return b"\n".join(run for run in runs if any(byte > 127 for byte in run))[:20_000]


def _mostly_utf8(body: bytes) -> bool:
    """Tell whether the multi-byte runs are UTF-8 but for a few bytes: pages pasted together from two sources."""
    bad = len(re.findall("\ufffd", body.decode("utf-8", "replace")))
    good = len(re.findall(rb"[\xc2-\xf4][\x80-\xbf]{1,3}", body))
    return good > 20 and bad * 20 < good


def _utf16(body: bytes) -> str | None:
    head = body[:2000]
    if len(head) < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.3 * len(head) / 2 and even < 0.05 * len(head):
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * len(head) / 2 and odd < 0.05 * len(head) else None


def _clean(text: str) -> str:
    text = text.replace("\x00", "").removeprefix("\ufeff")
    return unicodedata.normalize("NFC", text) if not text.isascii() else text


@cache
def frequent_letters() -> dict[str, frozenset[str]]:
    """Return codec -> the letters of which text in it is mostly made."""
    words = read_table(__file__, "frequent_letters.yml", dict[str, str]).items()
    letters = {name: frozenset("".join(said.split())) for name, said in words}
    traditional = frozenset("徵").union(map(to_traditional, letters["simplified"]))
    japanese = dict.fromkeys(("cp932", "euc_jp"), letters["japanese"])
    return {"gb18030": letters["simplified"], "big5hkscs": traditional, "cp949": letters["korean"], **japanese}


_ALPHABETS = {
    "cp874": (("\u0e01", "\u0e5b"),),
    "cp1251": (("\u0430", "\u044f"), ("\u0456", "\u0457")),
    "koi8_r": (("\u0430", "\u044f"),),
    "cp1256": (("\u0621", "\u06d2"),),
}
"""Ranges whose letters carry running text; capitals are left out, since a misread page is full of them."""
_THAI = frozenset("กขคงจชดตถทนบปผพมยรลวสหอะาำเแโใไๆฯัิีึืุู็่้์")
"""Letters of which Thai is mostly made; the others stand in one word of ten."""
_CONSONANT = "\u0e01-\u0e2e"
_NOT_THAI = re.compile(
    f"(?<![{_CONSONANT}])[\u0e31\u0e34-\u0e3a\u0e47]|(?<![{_CONSONANT}\u0e48-\u0e4b])[\u0e30\u0e32\u0e33]|"
    f"(?<![{_CONSONANT}\u0e31\u0e34-\u0e39])[\u0e48-\u0e4e]|[\u0e40-\u0e44](?![{_CONSONANT}]|\\s|$)|[\u0e4f\u0e5a\u0e5b]"
)
"""Vowel and tone signs where no Thai word can have them: bytes of Chinese or Russian text read as Thai are full of these."""
_LATIN = {
    "cp1252": "àâäáãåçéèêëíìîïñóòôöõúùûüýÿœßÀÂÄÁÇÉÈÊÍÓÔÖÕÚÜÑ¿¡€£°ªº",
    "cp1250": "áčďéěíňóřšťúůýžąćęłńśźżőűäöüôâăîşţÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĄĆĘŁŃŚŹŻ€°",
    "iso8859_2": "áčďéěíňóřšťúůýžąćęłńśźżőűäöüôâăîşţÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĄĆĘŁŃŚŹŻ°",
    "cp1254": "çğıöşüâîûÇĞİÖŞÜ",
}
"""Letters above ASCII that running text in the languages of each encoding uses."""
_VIETNAMESE = frozenset("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ")
_MARKS = "\u00a0“”‘’–—…•·«»"
"""Marks that pages in every encoding use."""


def encoding_score(sample: bytes, codec: str) -> float:
    """Return how much ``sample`` read as ``codec`` looks like language, 0 to 1: letters of one script, the common ones among
    them."""
    try:
        text = sample.decode(codec, "replace")
    except (LookupError, UnicodeError):
        return 0.0
    letters = [char for char in text if ord(char) > 127]
    bad = sum(char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn") for char in letters)
    if not letters or bad > 0.03 * len(letters):
        return 0.0
    if codec in ("cp932", "euc_jp"):
        return min(0.93, 0.2 + 2.5 * _share(letters, frequent_letters()[codec]))
    if codec in frequent_letters():
        return _score_frequent(letters, frequent_letters()[codec])
    if codec == "cp1258":
        return _score_vietnamese(text)
    if codec in _ALPHABETS:
        return _score_alphabet(text, letters, codec)
    return 0.8 * _share([char for char in letters if char not in _MARKS], _LATIN.get(codec, _LATIN["cp1252"]))


def _share(letters: Sequence[str], known: Container[str]) -> float:
    """Return the share (0-1) of ``letters`` that are among the ``known``."""
    return sum(char in known for char in letters) / max(1, len(letters))


def _score_frequent(letters: list[str], frequent: Container[str]) -> float:
    words = [char for char in letters if unicodedata.category(char)[0] == "L"]
    signs = sum(unicodedata.category(char)[0] in "PZ" for char in letters)
    share = min(1.0, 1.15 * _share(words, frequent))
    return 0.1 + 0.85 * share * len(words) / max(1, len(letters) - signs) if words else 0.0


def _score_vietnamese(text: str) -> float:
    composed = unicodedata.normalize("NFC", text)
    native = _share([char.lower() for char in composed if ord(char) > 127 and char not in _MARKS], _VIETNAMESE)
    return 0.95 * native if any(char in "ăđơư" or "\u1ea0" <= char <= "\u1ef9" for char in composed.lower()) else 0.3 * native


def _score_alphabet(text: str, letters: list[str], codec: str) -> float:
    # a page in these scripts does not put one of its letters inside a word of ASCII letters; a misread Latin page does it in
    # every word
    split = len(re.findall(r"[a-z][^\x00-\x7f]|[^\x00-\x7f][a-z]", text))
    native = sum(low <= char <= high for char in letters for low, high in _ALPHABETS[codec]) / len(letters)
    misspelt = 0
    if codec == "cp874":
        misspelt = len(_NOT_THAI.findall(text))
        native *= min(1.0, 1.15 * sum(char in _THAI or char.isdigit() for char in letters) / len(letters))
    return max(0.0, 0.95 * native - (2 * split + 4 * misspelt) / len(letters))
