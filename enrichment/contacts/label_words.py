"""Words that announce a contact, in the languages served, and words for the digits, from ``labels.yml``. Folded by
``enrichment.text.views.fold`` when used.
"""

import msgspec

from foundation.yaml_limits import read_table


class LabelLists(msgspec.Struct, frozen=True):
    """What ``labels.yml`` holds."""

    labels: dict[str, list[str]]
    long_labels: dict[str, str]
    fragments: frozenset[str]
    marked_only: frozenset[str]
    online: tuple[str, ...]
    networks: tuple[str, ...]
    documents: tuple[str, ...]
    plain_words: frozenset[str]
    digits: dict[str, tuple[str, ...]]


WORDS = read_table(__file__, "labels.yml", LabelLists)
LABELS = WORDS.labels
"""Type of contact to the words that announce it; names of several words stand in ``WORDS.long_labels``."""
_WHATSAPP_HEADS_AND_TAILS = (
    ("व्हाट्स व्हाट व्हॉट्स वाट्स वॉट्स वट्स व्हट्स ह्वाट्स हाट्स", "एप ऐप अप ऍप एप्प ऐप्प अप्प"),
    ("হোয়াটস হোয়াটস্ হোয়াট্স ওয়াটস ওয়াটস্ হোয়াট", "অ্যাপ এ্যাপ এপ আপ অ্যাপস এপস"),
    ("واٹس وٹس واٹز وہاٹس", "ایپ اپ ایپپ"),
    ("வாட்ஸ் வாட்ச் வாட் வட்ஸ்", "அப் ஆப் ஏப் அப்ப்"),
    ("වට්ස් වට් වොට්ස් වාට්ස්", "ඇප් අප් ඈප් ඇප්ප්"),
)
"""How WhatsApp is spelled in scripts that have no settled spelling: any beginning with any end."""
LABELS["whatsapp"] += [
    head + tail for heads, tails in _WHATSAPP_HEADS_AND_TAILS for head in heads.split() for tail in tails.split()
]
_WECHAT_FIRST, _WECHAT_SECOND = "微薇威徽溦嶶崴葳", "信芯心"
LABELS["wechat"] += [
    word
    for first in _WECHAT_FIRST
    for word in (*(first + second for second in _WECHAT_SECOND), f"加{first}", f"伽{first}", f"+{first}", f"{first}:")
    if word not in LABELS["wechat"]
]
"""Disguised names of WeChat: letters that sound or look like its own."""
_FRENCH_TENS = {
    2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 7: "soixante", 8: "quatre-vingt", 9: "quatre-vingt",
}  # fmt: skip
_FRENCH_TEENS = "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
_FRENCH_ONES = "un deux trois quatre cinq six sept huit neuf"


def french_pairs() -> dict[str, str]:
    """Return the two digits of each French numeral from 10 to 99: French numbers are told in pairs."""
    teens, ones = _FRENCH_TEENS.split(), _FRENCH_ONES.split()
    pairs = {str(10 + place): word for place, word in enumerate(teens)}
    for tens, word in _FRENCH_TENS.items():
        if tens in (7, 9):
            pairs |= {f"{tens}{place}": f"{word}-{value}" for place, value in enumerate(teens)}
        else:
            pairs[f"{tens}0"] = f"{word}s" if tens == 8 else word
            joint = "-et-" if tens < 8 else "-"
            pairs |= {f"{tens}{place}": f"{word}{joint if place == 1 else '-'}{value}" for place, value in enumerate(ones, 1)}
    return pairs | {"71": "soixante-et-onze"}
