"""Masks what identifies a person in texts that leave the house: contacts, numbers, birth dates, addresses, spelt-out handles.

Enrichment gives a contact's place once, where it stands first; here each further writing of it is found too. The rest goes by
shape, in any script: no list of countries' documents is complete. Where a shape is in doubt it is masked, for the sentence is an
explanation and not a record. Left are amounts of money, ages, bare years and short numbers.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache

import regex
from babel import Locale
from icu4py.messageformat import MessageFormat

from desk.highlighting import Mark, plain_line
from enrichment.assessment import Contact
from enrichment.contacts.extract import contacts
from foundation.messages import LANGUAGES
from index.base import Record
from index.terms.record_terms import raw_text

_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
_LETTER = rf"(?:[^\W\d_]|[{_MARKS}])"
"""A letter, or a mark that is part of one: ``\\w`` knows no vowel signs."""
_SIGN = rf"(?:[^\W_]|[{_MARKS}])"
_AMOUNT = re.compile(
    r"(?:(?:[$€£¥₫฿₱₹₦₭៛]|\b(?:US|HK|NT|S)\$|\b(?:USDT?|EUR|VND|THB|PHP|IDR|Rp|MYR|RM|LAK|KHR|MMK|CNY|RMB|INR|BDT|PKR|NPR|KES|"
    r"NGN|ETB|TWD|HKD|SGD|UZS|TRY|BRL|R)\b)\s?\d{1,3}(?:(?:[.,]\d{3})+|\d{0,4})(?:[.,]\d{1,2})?(?![\w-])|"
    r"(?<![\w.,/-])\d{1,3}(?:(?:[.,]\d{3})+|\d{0,4})\s?(?:[$€£¥₫฿₱₹₦₭៛]|(?:USDT?|EUR|VND|THB|PHP|IDR|MYR|LAK|KHR|MMK|CNY|RMB|"
    r"INR|BDT|PKR|NPR|KES|NGN|ETB|TWD|HKD|SGD|UZS|TRY|BRL|dollars?|euros?|dong|đồng|baht|yuan|pesos?|rupiah|元|บาท)(?!\w)))"
)
"""Money as people write it, next to its currency; at most groups of three."""
_NUMBER = re.compile(
    rf"\+?(?:{_LETTER}{{1,4}}[-./])?{_SIGN}{{0,12}}\d(?:{_SIGN}|[-./()#*+–—]+(?={_SIGN})|[ \t]?[-./()#*:+–—]+[ \t]?(?=\d)|"
    rf"[ \t]+(?=\d)|"
    rf"[ \t][A-Z]{{1,3}}(?=[ \t]?\d))*"
    r"|[A-Z0-9<]*<<[A-Z0-9<]*"
)
"""Letters and digits that belong together: ``C1234567``, ``079 203 001 234``, ``42101-1234567-1``, ``12/KAMANA(N)123456``, a
passport's machine-readable line."""
_FEWEST_DIGITS = 5
"""Fewer are a price, a year, an age, a count."""
_SUM = re.compile(r"\d{3,6}(?:\s?[-–—~～至到]\s?\d{3,6})?")
"""Pay that was read without its currency beside it: shown, as it is what the reason says. An account has more digits."""
_LETTERED = re.compile(r"[^\W\d_\u3400-\u9fff]{2,}\d{4}[^\W\d_\u3400-\u9fff]|<<")
"""Four digits between letters, as on a passport; Chinese words stand beside an amount without a space."""
_FEW = r"\d{1,2}"
_YEAR = r"(?:1[89]|2[0-6])\d{2}"
"""Of any calendar in use: Gregorian, Buddhist (25xx), Hijri (14xx) is left to the words around it."""
_MONTH = rf"(?:(?:of|de|del|di|the)\s+)?{_LETTER}+(?:\s+\d{{1,2}}\s+{_LETTER}+)?(?:\s+(?:of|de|del|di))?"
_DATE = re.compile(
    rf"(?<!\d)(?:{_FEW}\s?[-./、]\s?{_FEW}\s?[-./、]\s?\d{{2,4}}|\d{{4}}\s?[-./年]\s?{_FEW}\s?[-./月]\s?{_FEW}\s?日?"
    rf"|{_FEW}(?:st|nd|rd|th|er|º|ª|\.)?[\s,-]+{_MONTH}[\s.,-]+{_YEAR}|(?<!\w){_LETTER}{{3,}}\.?\s{_FEW}(?:st|nd|rd|th)?,?\s{_YEAR}"
    rf"|{_YEAR}[\s,-]+{_LETTER}{{3,}}\.?[\s-]{_FEW}|{_FEW}{_LETTER}+{_YEAR}|{_FEW}\s?[-./]\s?{_YEAR})(?!\d)",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"(?:\bborn\b|\bturn(?:ed|s)\b|\bbirth|\bdob\b|\bb\.?d(?:ay)?\b|sinh|\blahir|\bttl\b|เกิด|出生|生日|生于|生於|生年|nacid[oa]|"
    r"nascid[oa]|né[e]?\s+le|geboren|родил|рожд|doğum"
    r"|tug.ilgan|haihu|kuzaliwa|የተወለ|ተወለ|የልደት|जन्म|জন্ম|پیدائش|مواليد|ولدت|ولد|မွေး|កើត|ເກີດ|kapanganakan|ipinanganak|isinilang)"
    r"[^.!?。！？။។\n]{0,40}",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"(?:passport|\bid\b|\bi\.d\.|identity|licen[cs]e|hộ chiếu|\bcccd\b|\bcmnd\b|căn cước|chứng minh|\bnik\b|\bktp\b|"
    r"\bpaspor\b|pasaporte|passaporte|паспорт|护照|護照|身份证|身分證|身份證|บัตรประชาชน|พาสปอร์ต|หนังสือเดินทาง|မှတ်ပုံတင်|\bnrc\b|"
    r"\bnid\b|\bnin\b|\bcnic\b|aadhaar|\bpan\b|\bssn\b|\btin\b|\bmrz\b|visa no|ປື້ມ|អត្តសញ្ញាណ|লাইসেন্স|পাসপোর্ট|पासपोर्ट|पासपोर्ट|"
    r"پاسپورٹ|ፓስፖርት|pasaport|kimlik|pasport|fasfo)"
    r"[^.!?。！？။។\n\d]{0,25}?(?P<value>[^\W_]*\d[^\s,;.!?。！？။។]*)",
    re.IGNORECASE,
)
_STREETS = (
    r"street|st|road|rd|avenue|ave|lane|ln|drive|boulevard|blvd|alley|block|blk|flat|apartment|apt|unit|room|house|village|"
    r"barangay|brgy|purok|sitio|đường|phố|ngõ|ngách|hẻm|kiệt|ấp|thôn|tổ|phường|xã|quận|huyện|số nhà|jalan|jl|jln|gang|gg|"
    r"kampung|kp|desa|rt|rw|lorong|taman|calle|avenida|rua|travessa|rue|улица|ул|дом|квартира|кв|проспект|пр-т|просп|переулок|шоссе|бульвар|"
    r"набережная|площадь|микрорайон|мкр|корпус|подъезд|sokak|sok|sokağı|cadde|caddesi|cad|"
    r"mahalle|mahallesi|mah|ko.cha|ko'chasi|uyi|uy|titi|layi|mtaa|barabara|nyumba|plot|kebele|woreda|soi|thanon|moo|mu"
)
_SPELLERS = [MessageFormat("{n, spellout}", language) for language in (
    "en", "vi", "fr", "es", "pt", "id", "ms", "fil", "tr", "ru", "uk", "uz", "sw", "am", "hi", "ne", "ar", "th", "lo", "km", "my",
)]  # fmt: skip
"""How the CLDR writes numbers out, in those languages of adverts that it has."""
_NUMERAL = "|".join(
    sorted({w for spell in _SPELLERS for n in range(1, 100) if (w := spell.format({"n": n})).isalpha()}, key=len, reverse=True)
)
"""The first word of a house's number where it is written out, as the CLDR has it."""
_HOUSES = "nhà|số|rumah|nomor|casa|number|numéro|número|номер"
_CAPITAL = r"(?-i:[A-ZĐÀ-Ỹ][\w’'-]*,?\s+)"
_WRITTEN_OUT = (
    rf"{_CAPITAL}{{0,4}}(?<!\w)(?:{_STREETS})\.?,?\s+(?:(?:\S+\s+){{0,4}}?(?:{_STREETS}|{_HOUSES})\.?\s+|{_CAPITAL}{{1,4}})(?:{_NUMERAL})(?!\w)"
    rf"|(?<!\w)(?:(?:{_STREETS})\.?\s+)?(?:{_NUMERAL}),?\s+(?:{_CAPITAL}{{1,4}}(?:{_STREETS})(?!\w)|(?:{_STREETS})\.?\s+{_CAPITAL[:-4]}))"
)
"""A street and a number in words, whichever comes first."""
_ADDRESS = re.compile(
    rf"(?:{_WRITTEN_OUT}|(?-i:(?:[A-ZĐÀ-Ỹ][\w’'-]*\s+){{0,4}})(?<!\w)(?:{_STREETS})\.?(?!\w)[^!?。！？။។\n\d]{{0,40}}\d"
    rf"|(?<![\w/])\d[\d/.-]*[a-z]?[^.!?。！？။។\n\d]{{0,40}}?(?<!\w)(?:{_STREETS})(?!\w)"
    r"|\d+[^.!?。！？။។\n]{0,3}(?:号|號|弄|巷|楼|樓|室)|[路街道巷弄村].{0,6}\d|(?:ถนน|ซอย|หมู่|บ้านเลขที่|ผลូវ|ផ្ទះ|ផ្លូវ|ភូមិ|លេខ|ບ້ານ|"
    r"ຖະໜົນ|လမ်း|အမှတ်|ရပ်ကွက်|রোড|সড়ক|বাড়ি|গ্রাম|मार्ग|गली|मकान|गाउँ|टोल|वडा|گلی|مکان|سڑک|شارع|ቀበሌ|መንገድ|ቤት)"
    r"[^.!?。！？။။\n]{0,25}\d|\d[^.!?。！？။။\n]{0,12}(?:ถนน|ซอย|ផ្លូវ|លេខ|လမ်း|ရပ်ကွက်|রোড|সড়ক|मार्ग|गली|گلی|سڑک|شارع|መንገድ)"
    r"|(?<!\w)(?:no|nr|№|số|nhà|#)\.?\s?\d+[a-z]?(?:/\d+)*,?\s+(?-i:[A-ZĐÀ-Ỹ]))[^!?。！？။។\n]*",
    re.IGNORECASE,
)
"""From the number or the word of a street to the end of the sentence: what follows is ward, district and town."""
_TOKEN = re.compile(
    r"(?<![^\s,;])[^\s,;]*@[^\s,;]+|(?<!\w)\w*_\w[\w.]*|(?<![\w.-])(?:https?://)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+"
    r"|(?<![\w.])[^\W\d]\w*(?:\.\w+){2,}",
    re.IGNORECASE,
)
_DOT = (
    r"dot|underscore|under\s?score|dash|hyphen|slash|chấm|gạch\s?dưới|gạch\s?ngang|titik|garis\s?bawah|punto|ponto|guion\s?bajo|"
    r"точка|подчёркивание|nokta|"
    r"alt\s?çizgi|nuqta|จุด|点|點|下划线|下劃線"
)
_AT = r"at|a\s?còng|arroba|собака|แอท|艾特|圈a"
_BETWEEN = rf"(?:\s*(?:{_AT})\s+|\s*[(\[{{{{]\s?(?:at|dot|a|d|@|\.)\s?[)\]}}}}]\s*|\s+(?:{_DOT})\s+|(?:点|點|下划线|下劃線))"
_SPELT = re.compile(
    rf"(?<!\w)\w+(?:{_BETWEEN}\w+)*(?:\s+(?:{_DOT})\s+|(?:点|點|下划线|下劃線|圈a)|"
    rf"\s*[(\[{{{{]\s?(?:at|dot|a|d|@|\.)\s?[)\]}}}}]\s*)\w+(?:{_BETWEEN}\w+)*",
    re.IGNORECASE,
)
_SERVICES = (
    r"telegram|tele|tg|whats\s?app|wa|zalo|viber|line|wechat|weixin|vx|wx|skype|signal|messenger|facebook|fb|instagram|ig|insta|"
    r"tiktok|kakao\w*|imo|botim|discord|"
    r"snapchat|twitter|телеграм\w*|телега|тг|ватсап|вотсап|вайбер|টেলিগ্রাম|टेलीग्राम|ቴሌግራም|تلگرام|واٹس\s?ایپ"
)
_ORDINARY = (
    r"groups?|channels?|accounts?|chats?|links?|only|and|or|to|for|in|with|messages?|users?|calls?|on|of|from|that|which|who|"
    r"where|as|bots?|posts?|pages?|nhóm|kênh|và|của|để|"
    r"grup|kanal|dan|untuk|grupo|canal|y|para|e|группа|канал|и|для"
)
_WIDE = "电报|電報|飞机|飛機|微信|薇信|徽信|威信|纸飞机|(?<!ออน)ไลน์|เทเลแกรม"
_HANDLE = re.compile(
    rf"(?:(?<!\w)(?:{_SERVICES})(?!\w)|(?:{_WIDE}))(?:\s*(?:id|handle|name|user(?:name)?|account|nick\w*|number|is|là|名|号|號|是|"
    rf"as|under|called|named|the|her|his|their|:|=|-|–|—|：))+\s*"
    r"(?P<value>[^.!?,;。！？，；။។\n]{2,60})|@\s?\w[\w.]{2,}"
    rf"|(?:(?<!\w)(?:{_SERVICES})(?!\w)|(?:{_WIDE}))\s(?!(?:{_ORDINARY})\b|\[)(?P<other>[^\s.,;。，；]+(?:\s[^\s.,;。，；]+){{0,2}})",
    re.IGNORECASE,
)
_DIGIT_WORDS = "|".join(sorted({spell.format({"n": n}) for spell in _SPELLERS for n in range(10)})) + (
    "|oh|double|triple|mốt|lăm|tư|bẩy|nol|kosong|sifuri|sifiri|daya|biyu|uku|hudu|biyar|shida|bakwai|takwas|tara|uch|tort|besh|olti|"
    "yetti|sakkiz|toqqiz|ikki|isa|dalawa|tatlo|apat|pito|walo|siyam|wala|पांच|শূন্য|এক|দুই|তিন|চার|পাঁচ|ছয়|সাত|আট|নয়|ສູນ|ခုနစ်"
)
"""The CLDR's, and what people write besides."""
_SPOKEN = re.compile(
    rf"(?<!\w)(?:(?:{_DIGIT_WORDS})[\s,-]+){{3,}}(?:{_DIGIT_WORDS})(?!\w)|(?:(?:ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|"
    rf"เก้า)\s?){{4,}}|[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两]{{5,}}",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<!\w)(?i:victims?|survivor|girl|boy|woman|man|daughter|son|sister|brother|mother|father|wife|husband|cousin|niece|"
    r"nephew|friend|relative|she|he|named?|called|mr|mrs|ms|miss|nạn nhân|tên|em|chị|anh|bà|ông|cô|korban|bernama|nama|víctima|"
    r"vítima|жертва|имя|mağdur|adı)(?!\w)(?:\s(?i:is|was|là|name|called|named|her|his|tên)|"
    r"[:,])*\s+(?P<value>(?:[A-ZÀ-ÞĐĂÂÊÔƠƯẠ-Ỹ][\w’'-]*\.?\s?){1,6})|(?:受害人|受害者|姓名|名叫|叫做|ชื่อ|นาย|นางสาว|นาง|"
    r"เหยื่อ)\s?[:：]?\s?(?P<other>[^\s\d,.，。]{2,14})"
)
_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (_TOKEN, "[contact]"), (_DATE, "[date]"), (_BIRTH, "[birth]"), (_SPELT, "[contact]"), (_HANDLE, "[contact]"),
    (_ADDRESS, "[address]"), (_IDENTITY, "[number]"), (_SPOKEN, "[number]"), (_NAME, "[name]"),
)  # fmt: skip


_LINK = re.compile(
    r"(?<!\w)(?:[a-z][a-z0-9+.-]{1,15}:(?://)?)?(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?![\w.])(?:[:/?#][^\s<>]*)?"
    r"|(?<!\w)[a-z][a-z0-9+.-]{1,15}://[^\s<>]+",
    re.IGNORECASE,
)
"""An address of the web with or without a path; a missing space behind a full stop is taken for one, too."""
_SPACED = re.compile(r"(?:[^\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff]|\d){3,}")
"""A run without letters of writing that has no spaces: handles and numbers hold none."""
_FILLER = "\ue000"
_BLANKS = {
    "\ue000": "[contact]", "\ue001": "[date]", "\ue002": "[birth]", "\ue003": "[address]", "\ue004": "[number]",
    "\ue005": "[name]",
}  # fmt: skip
"""What stands for each character that is blanked, and what a run of them is shown as."""
_FIRST_AMOUNT = 0xF0000
"""Amounts are put aside under characters of a private plane, each under its own: what swallows one moves no other."""
_AMOUNT_SIGN = re.compile("[\U000f0000-\U0010ffff]")
_BLANK_RUN = re.compile("|".join(f"{blank}+" for blank in _BLANKS))
_SPAN_KINDS = (_TOKEN, _LINK, _SPELT, _HANDLE, _IDENTITY, _SPOKEN, _NAME)
_PAGE_KINDS = (_TOKEN, _LINK, _DATE, _BIRTH, _SPELT, _HANDLE, _ADDRESS, _IDENTITY, _SPOKEN, _NAME)
_BLANK_OF = {
    **{pattern: next(blank for blank, name in _BLANKS.items() if name == kind) for pattern, kind in _KINDS},
    _NUMBER: "\ue004",
}
_FIRST_WORDS = re.compile(r"\S+(?:\s+(?:\S*[\d_@]\S*|[a-z0-9](?!\S)))*", re.IGNORECASE)
"""Of what follows the word of a service the name itself, also one that is spaced out; the rest of the sentence is none of it."""


def private_spans(raw: str) -> list[tuple[int, int]]:
    """Return where ``raw`` holds a link, an account, a number or a person's name, by shape; spans may overlap."""
    return sorted((start, end) for start, end, _ in _private_marks(raw, _SPAN_KINDS))


@lru_cache(maxsize=4096)
def _private_marks(raw: str, kinds: tuple[re.Pattern[str], ...]) -> tuple[tuple[int, int, str], ...]:
    """Return where ``raw`` holds what these patterns and numbers are, each with the character that blanks it."""
    seen = [(char, place) for place, char in enumerate(raw) if unicodedata.category(char) != "Cf"]
    text = "".join(usual if len(usual := unicodedata.normalize("NFKC", char)) == 1 else char for char, _ in seen)
    marks: list[tuple[int, int, str]] = []

    def take(match: re.Match[str]) -> str:
        masked = list(match[0])
        for start, end in _masked_runs(match, text):
            end = start + len(text[start:end].rstrip(" \t\n.,;!?"))
            marks.append((seen[start][1], seen[end - 1][1] + 1, _BLANK_OF.get(match.re, _FILLER)))
            masked[start - match.start() : end - match.start()] = _FILLER * (end - start)
        return "".join(masked)

    for pattern in kinds:
        text = pattern.sub(take, text)
    text = _AMOUNT.sub(lambda match: _FILLER * len(match[0]), text)
    _NUMBER.sub(take, text)
    return tuple(marks)


def blank_page(record: Record) -> str:
    """Return ``title + "\\n" + text`` of a record at its full length, with what identifies anybody blanked letter by letter;
    ``name_blanks`` says what stood there."""
    raw, pay = raw_text(record), record.assessment.pay
    blanked = blank_words(raw, record, 0)
    if pay and _SUM.fullmatch(raw, pay.start, pay.end) and set(blanked[pay.start : pay.end]) <= {*raw, _BLANK_OF[_NUMBER]}:
        blanked = blanked[: pay.start] + raw[pay.start : pay.end] + blanked[pay.end :]
    return blanked


def blank_words(words: str, record: Record, offset: int | None = None) -> str:
    """Return words of a page blanked as ``blank_page`` does; they begin at ``offset`` of the record where that is known."""
    apart = len(raw_text(record)) + 1
    contacts_in = contact_marks(record, apart if offset is None else offset, words)
    marks = [(mark.start, mark.end, _FILLER) for mark in contacts_in] + [*_private_marks(words, _PAGE_KINDS)]
    blanked = ["\ufffd" if char in _BLANKS else char for char in words]
    for start, end, blank in sorted(marks, reverse=True):
        blanked[start:end] = blank * (end - start)
    return "".join(blanked)


def name_blanks(blanked: str) -> str:
    """Return blanked words, or a part of them, in which each run of blanks is the kind of what stood there, in brackets."""
    return _BLANK_RUN.sub(lambda match: _BLANKS[match[0][0]], blanked)


def _masked_runs(match: re.Match[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a match that identify somebody; words of writing without spaces around them are none."""
    name = next((name for name in ("value", "other") if match.re.groupindex.get(name) and match[name]), 0)
    start, end = match.span(name)
    if match.re is _HANDLE and (words := _FIRST_WORDS.match(text, start, end)):
        end = words.end()
    if match.re in (_NAME, _SPOKEN):
        yield start, end
        return
    for run in _SPACED.finditer(text, start, end):
        ordinary = match.re is _NUMBER and _number_spans(run[0]) == run[0]
        if not ordinary and run[0].strip(f"{_FILLER} \t\n.,;!?"):
            yield run.span()


def without_identities(sentence: str) -> str:
    """Return a sentence in which everything that identifies a person is replaced by its kind in brackets."""
    amounts: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        amounts.append(match[0])
        return chr(_FIRST_AMOUNT + len(amounts) - 1)

    text = _AMOUNT.sub(put_aside, _unhidden(sentence))
    for pattern, kind in _KINDS:
        text = pattern.sub(_replace_match(kind), text)
    text = _NUMBER.sub(lambda match: _number_spans(match[0]), text)
    return _AMOUNT_SIGN.sub(lambda match: amounts[ord(match[0]) - _FIRST_AMOUNT], text)


def _unhidden(text: str) -> str:
    """Return a text in the usual form of each character, without those that nobody sees."""
    usual = "".join(unicodedata.normalize("NFKC", char) if char.isalnum() else char for char in text)
    return "".join(char for char in usual if unicodedata.category(char) not in ("Cf", "Co"))


def _replace_match(kind: str) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        for group in ("value", "other"):
            if match.re.groupindex.get(group) and match[group]:
                return match[0].replace(match[group], f"{kind} " if match[group].endswith(" ") else kind, 1)
        return kind

    return replace


def _number_spans(written: str) -> str:
    if sum(char.isdigit() for char in written) < _FEWEST_DIGITS and not _LETTERED.search(written):
        return written
    tail = re.search(r"[-./()<:#*+–—\s]*$", written)
    return f"[number]{tail[0] if tail else ''}"


_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_INSIDE = regex.compile(r"(?<=[^.!?…:\s]\s)(\p{Lu}[\w’'-]+(?:\s\p{Lu}[\w’'-]+)*)")
"""Words with a capital that begin no sentence."""
LINE = 110
"""Characters of a title or a campaign's name in a mail."""
_GAP = r"[\W_]{0,3}"
"""What may stand between two characters of a contact and leave it readable."""
_SHORTEST, _SHORTEST_NUMBER = 4, 7
"""A shorter handle is an ordinary word, a shorter number a price."""
_COUNTRY_CODE = 3
"""Most digits of a country code: without up to so many the number is written for its own country."""


def headline(record: Record) -> str:
    """Return the title, or the beginning of a text without one, as one line in which each contact is replaced by its kind."""
    posting = record.posting
    raw = posting.title or posting.text
    offset = 0 if posting.title else 1
    entries, at = [], 0
    for mark in contact_marks(record, offset, raw):
        entries += [raw[at : mark.start], f"[{mark.key}]"]
        at = mark.end
    return plain_line("".join([*entries, raw[at:]]))[:LINE]


def mask_contacts(text: str, record: Record) -> str:
    """Return what somebody wrote about a record without any contact, of the record or of anybody else, and without identities."""
    own = [(contact, text[contact.start : contact.end]) for contact in contacts(text, record.assessment.language)]
    for contact, written in [*_written_forms(record), *own]:
        text = _anyhow(contact, written).sub(f"[{contact.type}]", text)
    return without_identities(_mask_names(text, record))


def _mask_names(text: str, record: Record) -> str:
    """Replace what is written as a name inside a sentence, wherever it stands; what the advert says itself stays."""
    known = _known_names() | {*_WORD.findall(raw_text(record))}

    def tells(run: str) -> bool:
        words = (word for word in run.split() if not word.isupper() and not re.fullmatch(_SERVICES, word, re.IGNORECASE))
        return run not in known and not all(word in known for word in words)

    names = [run for run in _INSIDE.findall(text) if tells(run)]
    return re.sub(rf"(?<!\w)(?:{_any(names)})(?!\w)", "[name]", text) if names else text


@cache
def _known_names() -> frozenset[str]:
    """Return what countries, languages, months and days are called in the languages of the desk."""
    locales = [Locale.parse(language) for language in LANGUAGES]
    tables = [table for locale in locales for table in (locale.territories, locale.languages)]
    tables += [table for locale in locales for each in (locale.months, locale.days) for table in each["format"].values()]
    return frozenset(str(name) for table in tables for name in table.values())


def contact_marks(record: Record, offset: int, part: str) -> list[Mark]:
    """Return the contacts in ``part``, which begins at ``offset`` of the record's ``title + "\\n" + text``: in order, apart."""
    results = [(contact.start - offset, contact.end - offset, contact.type) for contact in record.assessment.contacts]
    for contact, written in _written_forms(record):
        results += [(*match.span(), contact.type) for match in _anyhow(contact, written).finditer(part)]
    marks: list[Mark] = []
    for start, end, kind in sorted(results):
        start, end = max(start, 0, marks[-1].end if marks else 0), min(end, len(part))
        if start < end:
            marks.append(Mark(start=start, end=end, kind="contact", key=kind, label=kind))
    return marks


def _written_forms(record: Record) -> Iterator[tuple[Contact, str]]:
    raw = raw_text(record)
    for contact in record.assessment.contacts:
        yield contact, raw[contact.start : contact.end]


def _anyhow(contact: Contact, written: str) -> re.Pattern[str]:
    """Return a pattern of every way to write a contact that its value and its first writing tell."""
    bare = {_bare(contact.value.partition("://")[2] or contact.value), _bare(written)}
    ways = [_spaced_pattern(value) for value in bare if len(value) >= _SHORTEST and not value.isdigit()]
    pattern = rf"@?(?<![A-Za-z0-9])(?:{_any(ways)})(?![A-Za-z0-9])"
    numbers = {value[skipped:] for value in bare if value.isdigit() for skipped in range(_COUNTRY_CODE + 1)}
    digits = [_spaced_pattern(number) for number in numbers if len(number) >= _SHORTEST_NUMBER]
    return re.compile(rf"{pattern}|(?<!\d)\+?(?:0{_GAP}){{0,2}}(?:{_any(digits)})(?!\d)", re.IGNORECASE)


def _bare(form: str) -> str:
    return "".join(char for char in form if char.isalnum())


def _spaced_pattern(form: str) -> str:
    return _GAP.join(re.escape(char) for char in form)


def _any(ways: Iterable[str]) -> str:
    return "|".join(sorted(ways, key=lambda way: (-len(way), way))) or r"(?!)"
