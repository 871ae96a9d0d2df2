"""Addresses nobody can follow by accident: ``https://t.me/x`` becomes ``hxxps://t[.]me/x``."""

import re

_SCHEME = re.compile(r"\bhtt(?=ps?:)", re.IGNORECASE)
_OTHER = re.compile(r"\b(ftps?|javascript|data|vbscript|file|mailto|tel|sms|tg|intent|line|zalo|whatsapp)(?=:)", re.IGNORECASE)
_WORLD = "рф|中国|中國|公司|网络|香港|台灣|ไทย|한국|भारत|বাংলা|ලංකා|இலங்கை"
_DOT = re.compile(rf"(?<=\w)[.．。｡](?=(?:[\w-]+[.．。｡])*(?:[a-z]{{2,24}}|xn--[a-z0-9-]+|{_WORLD})(?!\w))", re.IGNORECASE)
_QUAD = re.compile(r"\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b")
_AT = re.compile(r"(?<=[\w.+-])@(?=[\w-]+\.[\w.-]*[a-z])", re.IGNORECASE)


def defang(text: str) -> str:
    """Return ``text`` with every scheme, domain dot and e-mail sign broken, so that no reader makes a link of it.

    Mail programs make links of bare domains too, so a dot before what may be a top-level domain is broken in running text as
    well; the price is an occasional ``[.]`` where a space is missing after a full stop.
    """
    text = _AT.sub("[@]", text)
    text = _OTHER.sub(r"\1_", _SCHEME.sub("hxx", text))
    return _DOT.sub("[.]", _QUAD.sub(r"\1[.]\2[.]\3[.]\4", text))
