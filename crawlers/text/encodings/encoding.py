"""Decodes the bytes of a page; header and meta tag may name a wrong encoding.

Order of trust: byte order mark, then strict UTF-8 (no legacy text of any length is valid UTF-8 by accident), then the header
and the ``<meta>`` where the bytes decode to text of a fitting script, then a guess among the encodings of the region. Names
follow the WHATWG Encoding Standard, which is what browsers do with the same labels (``gb2312`` means GB18030, ``tis-620``
means windows-874, ``latin-1`` means windows-1252).
"""

import codecs
import re
import unicodedata

from crawlers.text.encodings.encoding_score import encoding_score

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.\-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w:.\-]{2,40})", re.I
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.\-]{2,40})", re.I)
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "chinese": "gb18030", "cn-gb": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs",
    "tis-620": "cp874", "tis620": "cp874", "windows-874": "cp874", "iso-8859-11": "cp874", "dos-874": "cp874",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-9": "cp1254", "windows-1258": "cp1258", "x-cp1258": "cp1258", "viscii": "cp1258",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "korean": "cp949", "windows-949": "cp949",
    "utf8": "utf-8", "unicode": "utf-8", "utf-16": "utf-16-le", "unicode-1-1-utf-8": "utf-8",
}  # fmt: skip
"""Label as written -> codec that browsers use for it, where Python's own reading is narrower."""
GUESSES = (
    "gb18030",
    "big5hkscs",
    "cp932",
    "euc_jp",
    "cp949",
    "cp874",
    "cp1258",
    "cp1251",
    "cp1252",
    "cp1250",
    "iso8859_2",
    "koi8_r",
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
    for mark, codec in _BOMS:
        if body.startswith(mark):
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
        codec = _MEANT.get(label.lower(), label.lower())
        try:
            codecs.lookup(codec)
        except LookupError:
            continue
        if codec not in codecs_named and not codec.startswith(("utf", "iso2022", "hz", "unicode", "idna", "punycode", "raw")):
            codecs_named.append(codec)
    return codecs_named


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
