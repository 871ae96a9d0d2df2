"""Words of pagers in the languages served: whole phrases, and hints at the ends of longer ones."""
# ruff: noqa: SIM905 - a list of words reads best as one text

import re

NEXT = frozenset(
    (
        "next|next page|next »|more|load more|tiếp|tiếp theo|trang sau|trang tiếp|"
        "trang tiếp theo|trang kế|trang kế tiếp|sau|kế tiếp|xem thêm|下一页|下页|下一頁|下一篇|下頁|后页|next page of|"
        "ถัดไป|หน้าถัดไป|หน้าต่อไป|berikutnya|selanjutnya|seterusnya|halaman berikutnya|"
        "laman seterusnya|berikut|susunod|susunod na pahina|បន្ទាប់|ទំព័របន្ទាប់|នៅខាងមុខ|"
        "နောက်|နောက်တစ်ခု|နောက်စာမျက်နှာ|ရှေ့သို့|ຕໍ່ໄປ|ຖັດໄປ|ໜ້າຕໍ່ໄປ|अगला|अगले|अगला पृष्ठ|"
        "अर्को|अर्को पृष्ठ|পরবর্তী|পরের পাতা|اگلا|اگلا صفحہ|ඊළඟ|ඊළඟ පිටුව|மேலும்|அடுத்த|"
        "அடுத்து|அடுத்த பக்கம்|suivant|suivante|page suivante|suiv|suiv.|próxima|próximo|"
        "próxima página|seguinte|página seguinte|siguiente|página siguiente|próximos|"
        "следующая|следующая страница|след|след.|вперед|вперёд|далее|дальше|inayofuata|mbele|"
        "ukurasa unaofuata|ቀጣይ|ቀጣይ ገጽ|다음|다음페이지|다음 페이지|次|次へ|次のページ|次ページ|další|další stránka|"
        "následující|weiter|nächste|nächste seite|vorwärts|volgende|التالي|الصفحة التالية|"
        "sonraki|następna|successiva|avanti"
    ).split("|")
)
PREVIOUS = frozenset(
    (
        "prev|previous|previous page|« previous|back|trang trước|trước|quay lại|zpět|上一页|上页|上一頁|"
        "上頁|前页|ก่อนหน้า|หน้าก่อนหน้า|หน้าก่อน|ย้อนกลับ|sebelumnya|sebelum|halaman sebelumnya|"
        "laman sebelumnya|terdahulu|nakaraan|nakaraang pahina|មុន|ទំព័រមុន|ယခင်|ရှေ့|"
        "ယခင်စာမျက်နှာ|ກ່ອນໜ້າ|ໜ້າກ່ອນ|पिछला|पिछले|पिछला पृष्ठ|अघिल्लो|পূর্ববর্তী|আগের পাতা|"
        "پچھلا|پچھلا صفحہ|පෙර|පෙර පිටුව|முந்தைய|முந்தைய பக்கம்|précédent|précédente|"
        "page précédente|préc|préc.|anterior|página anterior|anteriores|предыдущая|"
        "предыдущая страница|пред|пред.|назад|iliyotangulia|nyuma|iliyopita|ቀዳሚ|ያለፈው|이전|"
        "이전페이지|이전 페이지|前|前へ|前のページ|前ページ|předchozí|předchozí stránka|zurück|vorige|vorherige|"
        "vorherige seite|السابق|الصفحة السابقة|önceki|poprzednia|precedente|indietro"
    ).split("|")
)
OLDER = re.compile(
    (
        r"older(?: \w+)?|(?:bài|tin) cũ hơn|(?:pos|artikel|entri) (?:lama|lebih lama)|"
        r"articles plus anciens|entradas (?:más )?antiguas|postagens mais antigas|"
        r"более старые.*|ältere .*|較舊.*|较旧.*"
    ),
    re.I,
)
NEWER = re.compile(
    (
        r"newer(?: \w+)?|(?:bài|tin) mới hơn|(?:pos|artikel|entri) (?:baru|lebih baru)|"
        r"articles plus récents|entradas (?:más )?recientes|postagens mais recentes|"
        r"более новые.*|neuere .*|較新.*|较新.*"
    ),
    re.I,
)
"""Blog software calls the older page "previous" or "next" as it likes: the class it writes decides, these words only where
it writes none."""
AMBIGUOUS = frozenset("more|sau|次|xem thêm|load more|vor|back|trước|quay lại|zurück|назад|前|ย้อนกลับ|nyuma|zpět".split("|"))
"""Words that mean another page only inside a pager; elsewhere they close a dialogue or open an article."""
COUNTED = re.compile(
    r"^(?:go to |to )?(?:the )?|\s*の?\s*\d+\s*(?:件|页|頁|条|個|개|posts|results|entries|jobs|items|bài|kết quả)?へ?$|"
    r"\s+(?:entries|posts|results|jobs)$"
)
"""What stands around the word itself: "go to next page", "次の20件", "Next 10"."""
ARROWS_NEXT, ARROWS_PREVIOUS = (">", "›", "→", "»", "⟩", "▶", ">>", "→|"), ("<", "‹", "←", "«", "⟨", "◀", "<<")
TRIM = " \u00a0<>‹›«»←→⟨⟩◀▶[]()|.…:·\n"

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
"""Letters of scripts without spaces: a word may continue there."""


def says_next(said: str) -> bool:
    """Tell whether words of a pager lead forward: "Next", "Go to next page", "›"."""
    return len(said) <= 40 and (phrase_of(said) in NEXT or said.replace(" ", "") in ARROWS_NEXT)


def phrase_of(said: str) -> str:
    """Return the words of a link without arrows and without what stands around them: "next" of "Go to next page »"."""
    return COUNTED.sub("", said.strip(TRIM).lower()).strip(TRIM)


def hint(said: str) -> bool | None:
    """Return whether words begin or end with such that lead forward ("next 100 postings": True) or back (False); None for others.

    A hint alone decides nothing: an advert may begin so.
    """
    text = said.strip().lower()
    if not text or len(text) > 40:
        return None
    forward, back = _longest(_HINT_NEXT, text), _longest(_HINT_PREVIOUS, text)
    if forward == back:
        forward, back = int(text[-1] in "›»→⟩▶>"), int(text[0] in "‹«←⟨◀<")
    return forward > back if forward != back else None


def is_plain(said: str) -> bool:
    """Tell whether a text is a pager's word alone, or such a one with a number or an arrow."""
    return phrase_of(said) in NEXT | PREVIOUS or re.search(r"\d|[›»→⟩▶>‹«←⟨◀<]", said) is not None


def _longest(pattern: re.Pattern[str], text: str) -> int:
    return max((len(match[0]) for match in pattern.finditer(text)), default=0)


def _at_an_end(words: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern of these words at the beginning or the end of a text, the longest first."""
    whole = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    loose = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if re.search(f"[{_UNSPACED}]", word))
    return re.compile(rf"^\W*(?:(?:{whole})(?!\w)|(?:{loose}))|(?<!\w)(?:{whole})\W*$|(?:{loose})\W*$")


_HINT_NEXT, _HINT_PREVIOUS = _at_an_end(NEXT), _at_an_end(PREVIOUS)
