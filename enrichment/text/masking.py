"""Blanks names of places, peoples and messengers before the wording is read: none of them is evidence.

``seeds/places.yml`` lists the places; ``PEOPLES`` holds peoples, their languages and places beyond it (own list).
"""

from collections.abc import Iterable

import ahocorasick_rs
import numpy as np

from enrichment.contacts.label_words import LABELS, WORDS
from enrichment.text.characters import SIZE, Points, tables
from enrichment.text.views import View, bare, text_of

PEOPLES = """
ababa abidjan addis african afrika afrique alemanha allemagne american anglais angola arabia arabie asia asian asiatico
asiatique asie australia bahrain bangla bangladeshi benin bharatiya brasileiro brazilian burmese cameroon cameroun
canada cantonese chinese colombo congo croatia dai dakar desi deutschland doha douala dubai english ethiopia ethiopian
europa europe european filipina filipino france french germany ghanaian guinee habesha han hindi hoa hungary indian
indonesian inggris ingles israel japan japanese jeddah jepang jepun kampala kampuchea kathmandu kazakh kenya kenyan khmer kinshasa
kiswahili korea korean kuwait lanka lankan lao lisboa loan london londres mainland mali mandarin mien mombasa moscow
moskva mozambique nairobi nepal nepali nguoi nhat nigerian nihon oman pakistani paris pinay pinoy poland polska portugal
qatar riyadh romania russian saudi senegal seoul serbia sinhala taiwanese tamil tanzania tanzanian tau tay thai tieng
tki togo tokyo trung uganda ugandan urdu uzbek viet vietnamese western wni
росси русск انگریزی دبئی سعودی قطر پاکستان پاکستانی अंग्रेज़ी अंग्रेजी कतर कुवैत दुबई नेपाल नेपाली
भारत भारतीय सऊदी हिंदी हिन्दी ইংরেজি কাতার কুয়েত দুবাই বাংলাদেশ সৌদি இந்தியா இலங்கை தமிழ் ආසියා
ඉංග්‍රීසි ලංකා සිංහල จีน ญี่ปุ่น ลาว เกาหลี ไทย አበባ አዲስ ኢትዮጵያ እንግሊዝኛ 中国 华 华人 台 台湾 国人 大陆 日 日本 柬 泰 澳门
缅 菲 越 韓国 韩 韩国 香港 서울 일본 중국 한국
"""
_WHOLE = 4
"""Names of fewer letters stand for themselves; from here on also what is derived from them (``Vietnam``, ``Vietnamese``)."""


class NameMask:
    """The names, looked for in one pass."""

    def __init__(self, places: Iterable[str]) -> None:
        """Take the forms of places (``Gazetteer.forms``) and the names of this module."""
        messengers = [word for kind, words in LABELS.items() if kind != "phone" for word in words]
        listed = {*places, *map(bare, (*messengers, *PEOPLES.split()))}
        self._names = sorted(form for form in listed - WORDS.fragments if len(form) > 1 or form >= "\u2e80")
        self._machine = ahocorasick_rs.AhoCorasick(self._names, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def blank_names(self, view: View, spans: Iterable[tuple[int, int]]) -> Points:
        """Return the code points of ``view`` with line ends in place of names and of what came from the raw ``spans``."""
        codes = view.blank_spans(spans)
        plain = tables().bare.take(view.codes)
        text = text_of(np.where(plain < SIZE, plain, 0x300))  # a mark that falls away keeps its place
        for number, start, end in self._machine.find_matches_as_indexes(text):
            if self._names[number][0] < "\u0e00":  # a script with words
                if text[start - 1 : start].isalnum() or (end - start < _WHOLE and text[end : end + 1].isalnum()):
                    continue
                while text[end : end + 1].isalnum():
                    end += 1
            codes[start:end] = 0x0A
        return codes
