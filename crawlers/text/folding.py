"""The one form in which the crawler compares words (labels of boards, words for money): NFKC, lower case, ASCII digits,
simplified Chinese for the signs of money."""

import unicodedata
from functools import cache


def fold_text(raw: str) -> str:
    """Return ``raw`` in NFKC and lower case with ASCII digits and plain dashes, without invisible characters."""
    text = unicodedata.normalize("NFKC", raw).casefold()
    if text.isascii():
        return text
    return (
        "".join(map(_plain_char, text)).replace("\u0e4d\u0e32", "\u0e33").replace("\u0ecd\u0eb2", "\u0eb3")
    )  # NFKC parts Thai and Lao am


@cache
def _plain_char(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char in "‐‑‒–—―−":
        return "-"
    if char in "〜～":
        return "~"
    if unicodedata.category(char) == "Cf":
        return ""
    return _SIMPLER.get(char, " " if char.isspace() and char != "\n" else char)


_SIMPLER = dict(
    zip("萬億塊幣圓時給鎊銖結週個單兩韓臺薪收領紙紐盧間", "万亿块币圆时给镑铢结周个单两韩台薪收领纸纽卢间", strict=True)
) | dict(zip("أإآٱىيئةۀۂہھەكؤ", "اااایییههههههکو", strict=True))
