"""Bytes come out as the text that was meant, whatever header and meta tag claim."""

import unicodedata

import pytest

from crawlers.text import encoding
from crawlers.text.chinese import only_simplified
from crawlers.text.encoding import encoding_score, frequent_letters
from tests.growth import LIMIT, MORE, growth

TEXTS = {
    "vi": "Tuyển nhân viên chăm sóc khách hàng, lương 20 triệu một tháng, bao ăn ở, không cần kinh nghiệm. Liên hệ chị Hoa.",
    "th": "รับสมัครพนักงานขับรถส่งของ เชียงใหม่ เงินเดือน 15,000 บาท",
    "zh-Hans": "招聘客服人员，月薪一万元，包吃包住，联系微信。工作地点在海外。",
    "zh-Hant": "誠徵客服人員，月薪十萬元，供食宿，無經驗可，意者請洽。工作地點在海外。",
    "ja": "カスタマーサポートを募集しています。月給三十万円、寮あり。日本語ができる方。",
    "ko": "고객 상담 직원을 모집합니다. 월급 삼백만원, 숙식 제공, 경험 무관.",
    "ru": "Требуется оператор чата, зарплата от тысячи долларов, проживание бесплатно.",
    "cs": "Přijímáme zaměstnance na pozici vývojáře, příjemné prostředí a žádný stres.",
    "fr": "Nous recherchons une réceptionniste bilingue, logement fourni à côté de l'hôtel.",
    "de": "Wir suchen für unser Büro eine Kauffrau, Übernahme möglich, Größe egal.",
    "ar": "مطلوب موظفين للعمل في مركز الاتصال براتب شهري",
}
CODECS = [
    ("vi", "cp1258"), ("th", "cp874"), ("zh-Hans", "gb18030"), ("zh-Hant", "big5"), ("ja", "cp932"),
    ("ja", "euc_jp"), ("ja", "iso2022_jp"),
    ("ko", "euc_kr"), ("ru", "cp1251"), ("ru", "koi8_r"),
    ("cs", "cp1250"), ("cs", "iso8859_2"), ("fr", "cp1252"), ("de", "cp1252"), ("ar", "cp1256"),
]  # fmt: skip
HEADERS = {
    "nothing": (None, None),
    "header says utf-8": ("text/html; charset=utf-8", None),
    "header says latin-1": ("text/html; charset=ISO-8859-1", None),
    "meta says utf-8": (None, "utf-8"),
    "header is right": ("text/html; charset={}", None),
    "meta is right": (None, "{}"),
    "header is no encoding": ("text/html; charset=banana", None),
}
TONES = "\u0300\u0301\u0303\u0309\u0323"


def in_bytes(text: str, codec: str) -> bytes:
    """Return ``text`` in ``codec``; windows-1258 writes Vietnamese tones as marks of their own."""
    if codec != "cp1258":
        return text.encode(codec)
    out = b""
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        out += base.encode(codec) + "".join(part for part in parts if part in TONES).encode(codec)
    return out


@pytest.mark.parametrize("claim", HEADERS)
@pytest.mark.parametrize(("language", "codec"), CODECS)
def test_text_comes_out_as_it_was_meant(language: str, codec: str, claim: str) -> None:
    header, meta = HEADERS[claim]
    head = f'<meta charset="{meta.format(codec)}">' if meta else ""
    body = (
        f'<html><head>{head}</head><body class="x"><p>Job: '.encode() + in_bytes(TEXTS[language], codec) + b"</p></body></html>"
    )
    assert TEXTS[language] in encoding.decode(body, header.format(codec) if header else None)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_known_by_its_mark_or_its_zeros(codec: str) -> None:
    page = f"<html><body><p>{TEXTS['vi']} and a good deal of plain markup around it</p></body></html>"
    assert TEXTS["vi"] in encoding.decode(page.encode(codec), "text/html; charset=ISO-8859-1")


def test_a_few_stray_bytes_do_not_turn_a_utf8_page_into_another() -> None:
    body = TEXTS["th"].encode() * 20 + b"\xe9\xff" + TEXTS["vi"].encode()
    text = encoding.decode(body, "text/html; charset=windows-1252")
    assert TEXTS["th"] in text and TEXTS["vi"] in text and "\ufffd" in text


def test_decomposed_letters_are_composed() -> None:
    assert encoding.decode(unicodedata.normalize("NFD", TEXTS["vi"]).encode(), None) == TEXTS["vi"]


def test_any_bytes_decode() -> None:
    every = bytes(range(256)) * 40
    assert encoding.decode(every, "text/html; charset=shift_jis")
    assert encoding.decode(b"", None) == ""


SHORT = {
    "gb18030": "客服 高薪 急招打字员 诚聘 包吃住 柬埔寨招人 翻译员 服务员 司机 在线客服 日结工资",
    "cp874": "งาน ด่วน รับสมัคร ครู คนขับรถ โทร แอดมิน เชียงใหม่ กัมพูชา", "big5": "誠徵 客服人員 高薪 招聘", "euc_kr": "채용 급여 모집",
}  # fmt: skip
"""Headlines of a few letters, as a list shows them."""


@pytest.mark.parametrize(("codec", "text"), [(codec, text) for codec, texts in SHORT.items() for text in texts.split()])
def test_a_short_headline_without_any_declaration_is_read(codec: str, text: str) -> None:
    body = b"<html><body><h1>" + text.encode(codec) + b"</h1></body></html>"
    assert text in encoding.decode(body, None)


@pytest.mark.parametrize(("language", "codec"), [("zh-Hans", "gb18030"), ("th", "cp874"), ("ko", "euc_kr"), ("zh-Hant", "big5")])
def test_every_beginning_of_a_text_is_read_alike(language: str, codec: str) -> None:
    """Chinese bytes are Thai letters, too, and the other way round: which one was meant never depends on the length."""
    text = TEXTS[language]
    wrong = [
        text[:size] for size in range(6, len(text)) if text[:size] not in encoding.decode(b"<p>" + text[:size].encode(codec))
    ]
    assert wrong == []


ADVERTS = {
    "cp874": "รับสมัครพนักงานขับรถส่งของ เชียงใหม่ เงินเดือน 15,000 บาท",
    "gb18030": "招聘客服人员，月薪一万元，包吃包住，联系微信。工作地点在海外。",
    "big5hkscs": "誠徵客服人員，月薪十萬元，供食宿，無經驗可，意者請洽。工作地點在海外。",
    "cp949": "고객 상담 직원을 모집합니다. 월급 삼백만원, 숙식 제공, 경험 무관.",
    "cp1251": "Требуется оператор чата, зарплата от тысячи долларов, проживание бесплатно.",
    "cp1250": "Přijímáme zaměstnance na pozici vývojáře, příjemné prostředí a žádný stres.",
}


@pytest.mark.parametrize("codec", ADVERTS)
def test_text_scores_highest_in_its_own_encoding(codec: str) -> None:
    scores = {other: encoding_score(ADVERTS[codec].encode(codec), other) for other in ADVERTS}
    assert scores.pop(codec) >= 0.8
    assert max(scores.values()) < 0.5


@pytest.mark.parametrize("sample", [b"", b"Cook wanted", b"0123 <p>"])
def test_ascii_speaks_for_no_encoding(sample: bytes) -> None:
    assert [encoding_score(sample, codec) for codec in ADVERTS] == [0.0] * len(ADVERTS)


def test_an_encoding_nobody_knows_scores_nothing() -> None:
    assert encoding_score("Cà phê".encode(), "banana") == 0.0


@pytest.mark.parametrize("codec", ["cp874", "gb18030", "cp949", "big5hkscs"])
def test_binary_bytes_are_no_text(codec: str) -> None:
    assert encoding_score(bytes(range(128, 256)) * 50, codec) == 0.0


def test_thai_signs_where_no_word_has_them_score_less_than_thai() -> None:
    """Vowel signs without a consonant: Thai letters in an order that only other scripts give when misread."""
    assert encoding_score("ะะัั่่ๆๆๆ".encode("cp874"), "cp874") < 0.1


@pytest.mark.parametrize("codec", ["cp874", "gb18030", "cp1258"])
def test_scoring_is_linear_work(codec: str) -> None:
    assert growth(lambda sample: encoding_score(sample, codec), b"\xc7\xd1x" * 5_000, b"\xc7\xd1x" * 5_000 * MORE) <= LIMIT


HANS, HANT, HANGUL = (frequent_letters()[codec] for codec in ("gb18030", "big5hkscs", "cp949"))
TABLES = {"simplified": HANS, "traditional": HANT, "Korean": HANGUL}
ADVERTS_COMMON_LETTERS = {
    "simplified": "招聘客服人员，月薪一万元，包吃包住，工作地点在海外，无需经验",
    "traditional": "誠徵客服人員，月薪十萬元，供食宿，無經驗可，工作地點在海外",
    "Korean": "고객 상담 직원을 모집합니다. 월급 삼백만원, 숙식 제공, 경험 무관.",
}


def share(text: str, table: frozenset[str]) -> float:
    """Return which part of the letters of ``text`` is in ``table``."""
    letters = [char for char in text if char.isalpha()]
    return sum(char in table for char in letters) / len(letters)


@pytest.mark.parametrize("writing", TABLES)
def test_an_advert_is_made_of_the_characters_of_its_own_writing(writing: str) -> None:
    shares = {name: share(ADVERTS_COMMON_LETTERS[writing], table) for name, table in TABLES.items()}
    assert max(shares, key=lambda name: shares[name]) == writing
    assert shares.pop(writing) >= 0.9 and max(shares.values()) <= 0.75


def test_a_foreign_script_has_no_character_in_any_table() -> None:
    foreign = "Lái xe nâng รับสมัครพนักงานขับรถ Требуется оператор مطلوب موظفين フォークリフト"
    assert [share(foreign, table) for table in TABLES.values()] == [0, 0, 0]


def test_tables_hold_single_composed_characters_of_one_script() -> None:
    assert {unicodedata.name(char).split()[0] for char in HANS | HANT} == {"CJK"}
    assert {unicodedata.name(char).split()[:2][1] for char in HANGUL} == {"SYLLABLE"}
    assert all(unicodedata.normalize("NFC", char) == char for char in HANS | HANT | HANGUL)


def test_no_purely_simplified_character_stands_in_the_traditional_table() -> None:
    assert {char for char in HANT if ord(char) in only_simplified()} == set()
    assert {char for char in HANS if ord(char) in only_simplified()} > set("这们为发")
