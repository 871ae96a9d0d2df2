"""Finds the country of a number without country code: by language, by words of the text, and by how numbers are written there.

Adverts show reserved and new number blocks, which libphonenumber refuses, but people write them as their country writes
numbers.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from enrichment.assessment import Language
from enrichment.contacts.label_words import LANGUAGE_COUNTRIES
from enrichment.text.views import fold

LOOKS: dict[str, str] = {
    "AE": r"05\d{8}", "AO": r"9\d{8}", "BD": r"01\d{9}", "BR": r"0?[1-9]\d9\d{8}", "CI": r"0[157]\d{8}", "CM": r"6\d{8}",
    "CN": r"1\d{10}", "ET": r"0[79]\d{8}", "FR": r"0[1-9]\d{8}", "GB": r"07\d{9}", "HK": r"[4-9]\d{7}", "ID": r"08\d{8,11}",
    "IN": r"0?[5-9]\d{9}|0(?:11|20|22|33|40|44|79|80)\d{8}", "JP": r"0[789]0\d{8}", "KE": r"0[17]\d{8}", "KH": r"0[1-9]\d{7,8}",
    "KR": r"010\d{8}", "LA": r"020\d{8}", "LK": r"07\d{8}", "MM": r"09\d{7,9}", "MY": r"01\d{8,9}", "MZ": r"8\d{8}",
    "NG": r"0[789][01]\d{8}", "NP": r"9\d{9}", "PH": r"09\d{9}", "PT": r"9\d{8}", "PK": r"03\d{9}|0[245]\d{9}",
    "RU": r"[78]?9\d{9}", "SG": r"[89]\d{7}", "SN": r"7[05-8]\d{7}", "TH": r"0[689]\d{8}", "TW": r"09\d{8}",
    "TZ": r"0[67]\d{8}", "UG": r"07\d{8}", "VN": r"0[35789]\d{8}",
}  # fmt: skip
"""How numbers that adverts give are written in a country, with its trunk 0 where it has one; mostly mobile numbers."""

_NO_TRUNK = "SG HK MO NP PT ES CM CI SN US CA UZ MN RW IN CN PK PL DK NO BR OM QA KW BH LK BD TH VN MZ AO"
NO_TRUNK = frozenset(_NO_TRUNK.split())
"""Countries where a number without a leading 0 is still written whole, at home or by people abroad."""
BARE = frozenset({"US", "CA", "BR"})
"""Countries whose numbers are long enough to be told by their length behind a label, given out or not."""

_HOME_WORDS: dict[str, str] = {
    "AO": "luanda|benguela|angola|kwanza|kwanzas|kz|kota",
    "BD": "dhaka|chittagong|sylhet|bmet|mirpur|uttara|khulna|taka|tk|bkash|lagbe|bhai|apu",
    "CA": "canada|toronto|montréal|laval|québec|vancouver|calgary",
    "CD": "kinshasa|lubumbashi|rdc",
    "CI": "abidjan|bouaké|yamoussoukro|côte d'ivoire",
    "CM": "douala|yaoundé|cameroun",
    "IN": "inr|mumbai|new delhi|noida|bangalore|bengaluru|hyderabad|kolkata|কলকাতা|পশ্চিমবঙ্গ",
    "KE": "bob|keja|safaricom|kericho|machakos|thika|ksh|kes|nairobi|mombasa|kisumu|nakuru|eldoret|kenya",
    "LK": "lkr|colombo|kandy|sri lanka|slbfe|கொழும்பு|யாழ்ப்பாணம்",
    "MA": "casablanca|rabat|maroc|marrakech",
    "MZ": "maputo|nampula|moçambique|mozambique|ifpelac|metical|meticais",
    "NG": "naira|lagos|abuja|ibadan|abeg|wahala|una|oga|wetin|go know",
    "NP": "npr|kathmandu|nepal|pokhara",
    "PH": "php|manila|cebu|makati|quezon|davao|dmw|poea",
    "PT": "lisboa|viseu|braga|aveiro|faro|setúbal|coimbra|boas",
    "PK": "pkr|pakistan|karachi|lahore|islamabad|rawalpindi|peshawar|faisalabad|multan|sialkot",
    "SN": "dakar|thiès|sénégal",
    "TZ": "tsh|tzs|halotel|tigo|vodacom|dodoma|dar es salaam|arusha|mwanza|mbeya|kariakoo|tanzania|taesa",
    "UG": "ugx|kampala|entebbe|uganda",
    "US": "洛杉矶|洛杉磯|纽约|紐約|旧金山|舊金山|圣盖博|聖蓋博|法拉盛|los angeles|new york",
}
"""Money, towns and offices that tell where a text was written; no country people are lured to is among them."""
_HOMES: dict[str, frozenset[str]] = {
    "bn": frozenset({"BD", "IN"}), "en": frozenset({"IN", "KE", "LK", "NG", "NP", "PH", "PK", "TZ", "UG", "BD"}),
    "fr": frozenset({"SN", "CI", "CM", "CD", "MA", "CA"}), "hi": frozenset({"IN", "PK", "NP"}),
    "pt": frozenset({"MZ", "AO", "PT"}), "sw": frozenset({"KE", "TZ", "UG"}), "ta": frozenset({"LK"}), "ur": frozenset({"PK"}),
    "zh": frozenset({"US"}),
}  # fmt: skip
"""The countries whose words are listened to, by the language of the text."""


_TONGUES: dict[str, str] = {
    "BR": "zap|whats|ligue|chama|vaga|vagas|salário|trabalho",
    "FR": "appelez|téléphone|joindre|salaire|recrute",
    "ID": "hubungi|gaji|loker|japri|lowongan|butuh",
    "KE": "piga|simu|namba|mshahara|kazi|usipige",
    "MY": "wasap|jawatan|pekerja|elaun",
    "NP": "garnus|talab|chaiyo|dine",
    "PH": "tawag|sweldo|hanap|trabaho|naman|lang|po",
    "VN": "zalo|sđt|sdt|lương|tuyển|nhắn|liên hệ",
}
"""Everyday words of adverts that tell where a text too short for its language to be told is from."""
_OWN_SCRIPTS = (
    ("\u0400", "\u04ff", ("RU", "KZ")), ("\u0900", "\u097f", ("IN", "NP")), ("\u0980", "\u09ff", ("BD", "IN")),
    ("\u0b80", "\u0bff", ("IN", "LK")), ("\u0d80", "\u0dff", ("LK",)), ("\u0e00", "\u0e7f", ("TH",)),
    ("\u0e80", "\u0eff", ("LA",)), ("\u1000", "\u109f", ("MM",)), ("\u1200", "\u137f", ("ET",)), ("\u1780", "\u17ff", ("KH",)),
    ("\u3041", "\u30ff", ("JP",)), ("\u4e00", "\u9fff", ("CN", "TW", "HK")), ("\uac00", "\ud7a3", ("KR",)),
)  # fmt: skip
"""Scripts that tell where a text is from, as spans of letters."""
_OWN_LETTER = re.compile("[{}]".format("".join(f"{first}-{last}" for first, last, _ in _OWN_SCRIPTS)))
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")


@cache
def _home_words(code: str) -> list[tuple[str, str]]:
    """Return the words listened to in a language, folded, each with its country; more where the language could not be told."""
    known = code in LANGUAGE_COUNTRIES
    listened = _HOMES.get(code, frozenset()) if known else _HOME_WORDS.keys()
    listed = [(country, _HOME_WORDS[country]) for country in sorted(listened)] + ([] if known else list(_TONGUES.items()))
    return [(fold(word), country) for country, words in listed for word in words.split("|")]


class Nations(NamedTuple):
    """Where a local number may be from: countries, likeliest first, and the one the text says most plainly it is written in."""

    order: tuple[str, ...]
    home: str
    """Empty when the text does not say it."""


def nations(source: tuple[str, ...], language: Language, text: str) -> Nations:
    """Return the countries a number may be from, likeliest first: the one its source is for, then those ``text`` (folded) speaks
    for.

    Of a source for several countries none is likelier than what the text itself speaks for.
    """
    entries = _named_countries(language, text)
    spoken = (*entries, *_script_countries(language, text), *LANGUAGE_COUNTRIES.get(language.code, ()))
    if len(source) > 1:
        source = (*[country for country in spoken if country in source], *spoken, *source)
    order = tuple(dict.fromkeys((*source, *spoken)))
    return Nations(order, entries[0] if entries and order[0] == entries[0] else "")


def _named_countries(language: Language, text: str) -> list[str]:
    """Return the countries whose money, towns or offices ``text`` names, the one named most first."""
    named: Counter[str] = Counter()
    for word, country in _home_words(language.code):
        place = text.find(word)
        end = place + len(word)
        if place >= 0 and (word > "\u0900" or not (text[place - 1 : place].isalpha() or text[end : end + 1].isalpha())):
            named[country] += 1
    return [country for country, _ in named.most_common()]


def _script_countries(language: Language, text: str) -> tuple[str, ...]:
    """Return the countries that write the language in this script, likeliest first: Traditional Chinese in Hong Kong where it is
    Cantonese; Hindi in Latin letters, which Urdu in them is taken for, in Pakistan too; any whose script it is where the
    language could not be told."""
    if language.code == "hi" and language.script == "Latn":
        return ("PK", "IN")
    if language.code == "zh" and _KANA.search(text):
        return ("JP",)
    if language.code not in LANGUAGE_COUNTRIES:
        letter = _OWN_LETTER.search(text)
        return next((at for first, last, at in _OWN_SCRIPTS if letter and first <= letter.group() <= last), ())
    if language.script != "Hant":
        return ()
    return ("HK", "MO", "TW") if len(_CANTONESE.intersection(text)) > 1 else ("TW", "HK", "MO")


_CANTONESE = frozenset("唔嘅睇搵係佢咗喺嚟啲冇嘢咁畀")
"""Letters (as simplified by the text views, where they change) that Cantonese is written with and Mandarin is not."""


@cache
def _look(country: str) -> re.Pattern[str] | None:
    return re.compile(LOOKS[country]) if country in LOOKS else None


def looks_at_home(digits: str, country: str | None) -> bool:
    """Tell whether ``digits`` are written as ``country`` writes the numbers that adverts give."""
    look = _look(country) if country else None
    return look is not None and look.fullmatch(digits) is not None


_NATIVE_GROUPS: dict[str, frozenset[tuple[int, ...]]] = {
    "IN": frozenset({(5, 5)}),
    "NP": frozenset({(3, 3, 4), (3, 7), (5, 5)}),
    "MZ": frozenset({(2, 3, 4)}),
    "AO": frozenset({(3, 3, 3)}),
    "BR": frozenset({(2, 5, 4), (2, 9)}),
    "SN": frozenset({(2, 3, 2, 2)}),
    "PT": frozenset({(3, 3, 3)}),
    "CM": frozenset({(1, 2, 2, 2, 2)}),
    "US": frozenset({(3, 3, 4), (1, 3, 3, 4)}),
    "CA": frozenset({(3, 3, 4), (1, 3, 3, 4)}),
}
"""How the digits of numbers without a trunk 0 are grouped at home."""


_ONLY: dict[tuple[int, ...], str] = {(2, 5, 4): "BR", (1, 2, 2, 2, 2): "CM", (5, 5): "IN"}
"""Groups of digits that hardly anybody else writes."""


def only_home(digits: str, sizes: tuple[int, ...], first: str) -> str:
    """Return the country that writes ``digits`` in groups of ``sizes``, when it is another than ``first`` (the likeliest so far)
    and that one does not write them so as well; else an empty string."""
    country = _ONLY.get(sizes, "")
    if not country or country == first or sizes in _NATIVE_GROUPS.get(first, ()):
        return ""
    return country if looks_at_home(digits, country) else ""


def grouped_at_home(digits: str, sizes: Sequence[int], country: str) -> bool:
    """Tell whether ``digits`` in groups of ``sizes`` look like a number of ``country`` even where nothing announces one.

    The second group of ``50000 01234`` is no round amount.
    """
    shapes = _NATIVE_GROUPS.get(country)
    if shapes is None or tuple(sizes) not in shapes or (country in LOOKS and not looks_at_home(digits, country)):
        return False
    return len(sizes) > 2 or digits[sizes[0]] == "0" or not digits.endswith("00")
