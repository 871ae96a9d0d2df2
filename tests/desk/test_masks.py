"""No sentence that leaves tells who a victim is: what does is masked by its shape. All here is invented."""

import re

import pytest
from msgspec.structs import replace

from desk.masks import blank_page, mask_contacts, without_identities
from enrichment.assessment import MonthlyPay

NUMBERS = """
079203001234|C1234567|B 1234567|N1234567A|AA1234567|P1234567A|EB1234567|G12345678|E12345678|K0123456
A123456789|A123456(7)
900101-14-1234|900101141234|42101-1234567-1|1234 5678 9012|1234-5678-9012|ABCDE1234F|QQ 12 34 56 C
QQ123456C|123-45-6789
HEGG560427MVZRRL04|RSSMRA85T10A562S|12345678Z|X1234567L|12/KAMANA(N)123456|၁၂/ကမန(နိုင်)၁၂၃၄၅၆
27-01-70-01234|3201011203030001
32.01.01.120303.0001|1-2345-67890-12-3|1 2345 67890 12 3|๑๒๓๔๕๖๗๘๙๐๑๒๓|110101200303121234
11010120030312123X|030312-4123456
079.203.001.234|079 203 001 234|０７９２０３００１２３４|0\u200b79203001234|EP1234567|CM86012345ABCD|12345678
1990123456789|60-123456 A 42
P<VNMNGUYEN<<THI<LAN<ANH<<<<<<<<<<<<<<<<<<<<|C1234567<4VNM0303129F3003128|2003 1234 5678 9|१२३४५६७८९०१२
১২৩৪৫৬৭৮৯০|৪২১০১১২৩৪৫৬৭১|M/1234567|TW-12345678-9
""".replace("\n", "|")
DATES = """
born 12/03/2003|born 12 March 2003|born on March 12, 2003|DOB 2003-03-12|DOB: 12.3.03
birth date 12-03-03|12 tháng 3 năm 2003|sinh ngày 12/3/2003
sinh năm 2003|lahir 12 Maret 2003|lahir di Medan tahun 2003|เกิด 12 มีนาคม 2546|12 มีนาคม 2546
出生2003年3月12日|2003年3月12日|生于2003年|nacida el 12 de marzo de 2003
nascida em 12/03/2003|née le 12 mars 2003|родилась 12 марта 2003|12 Mart 2003 doğumlu|born in 2003
12th of March 2003|2003 March 12|12Mar2003|জন্ম ১২/০৩/২০০৩
मिति २०६०-११-२८|မွေးနေ့ ၁၂.၃.၂၀၀၃|កើតថ្ងៃទី 12 មីនា 2003|ipinanganak noong Marso 12, 2003|kuzaliwa 2003
12-MAR-2003|03/2003
""".replace("\n", "|")
ADDRESSES = """
12 Nguyen Trai Street, Ward 5|45/7 Tran Hung Dao street|house 23, Lane 4, Mirpur|Flat 5B, 12 Hill Road
số nhà 14 ngõ 88 Láng Hạ|ngõ 14 phố Huế 22|123 đường Lê Lợi, quận 1
thôn 3, xã Tân Lập|Jl. Merdeka No. 17, Medan|Jalan Sudirman 45|RT 03 RW 05 Kampung Baru
Brgy. 12, Purok 4|ถนนสุขุมวิท 21|บ้านเลขที่ 99 หมู่ 4|ซอย 7 ถนนลาดพร้าว|中山路12号|解放街3巷8号5楼|村12号
Calle 5 de Mayo 18|улица Ленина, дом 5|Atatürk Caddesi 12 sokak|No. 45, Nguyen Hue|số 45 Nguyễn Huệ
#12 Rizal Avenue|फ्लैट मार्ग 12|রোড 12, ঢাকা|လမ်း ၁၂|ផ្លូវ ២៧១|Plot 14, Kebele 03|12 Soi Rangnam
ул. Ленина, д. 5, кв. 7|кв. 7, ул. Ленина|проспект Мира, 12|пр-т Мира 12|микрорайон Южный, корпус 3, подъезд 12
""".replace("\n", "|")
HANDLES = """
Telegram is brighthr eighty|telegram id: bright hr demo|her WhatsApp is bright hr|Zalo là lananh sample
微信号 sample_lan|WeChat ID sample-lan|bright underscore hr|lananh at gmail dot com
lananh (at) example (dot) org|lan chấm anh a còng example chấm com|@sample_lan|@ sample_lan
FB named Lan Sample|zero seven nine two zero three|không bảy chín hai không ba|零七九二零三零零一
ศูนย์ เก้า แปด เจ็ด หก|nol delapan satu dua tiga|телеграм: sample_anna|LINE ID: samplelan
kakao id sample lan|sample dot lan dot anh|no one two three four
""".replace("\n", "|")
SENTENCES = (
    "The girl is {}.",
    "Victim Nguyen Thi Lan Anh ({}), who called us.",
    "We know {} from the family; the advert promises a free flight",
)
PLANTED = [
    (kind, value.strip()) for kind, values in (("number", NUMBERS), ("date", DATES), ("address", ADDRESSES), ("handle", HANDLES))
    for value in values.split("|") if value.strip()
]  # fmt: skip
HARMLESS = [
    "They keep the passport and pay the flight.",
    "They pay 1,500 USD a month, and 25.000.000 VND at the start.",
    "The advert promises $1,500 and takes a deposit of 200 USDT.",
    "The casino in Bavet was raided, and three other adverts name it.",
    "Girls of 18 to 25 years are asked for, 12 hours a day, 6 days a week.",
    "Seen in 14 adverts since 2025.",
    "Họ giữ hộ chiếu và trả vé máy bay.",
    "公司包机票，护照由公司保管。",
]
WORDS = re.compile(
    r"(?i)born|birth|dob|sinh|lahir|date|ngày|năm|tháng|telegram|whatsapp|zalo|wechat|line|kakao|"
    r"телеграм|微信号|house|flat|street|road|number"
)


def told(value: str, left: str) -> list[str]:
    """Return the parts of a value, four characters or a number at least, that a sentence still says."""
    parts = [part for part in re.findall(r"\w+", WORDS.sub(" ", value)) if len(part) >= 4 or (part.isdigit() and len(part) > 1)]
    return [part for part in parts if part in left]


def test_over_a_hundred_planted_identities_and_none_leaves() -> None:
    """Each in three sentences; what is left is printed."""
    left = [
        (kind, value, shown) for kind, value in PLANTED for sentence in SENTENCES
        if told(value, (shown := without_identities(sentence.format(value))).replace(sentence, ""))
    ]  # fmt: skip
    assert len(PLANTED) > 100 and not left, "\n".join(f"{kind}: {value!r} -> {shown!r}" for kind, value, shown in left)


@pytest.mark.parametrize("note", [
    "She is held at {}.", "Жертва живёт: {}", "see {} now",
])  # fmt: skip
@pytest.mark.parametrize("address", [
    "ул Ленина дом пять", "улица ленина, дом двадцать пять", "дом пять, улица Ленина", "five Lenin street",
    "Lenin street, house five", "số năm đường Láng", "đường Láng nhà năm", "cinq rue Victor Hugo",
    "jalan Merdeka nomor rumah lima", "calle Mayor siete",
    "ул. Ленина пять квартира семь", "rua Augusta, vinte e um",
])  # fmt: skip
def test_an_address_whose_number_is_written_out_is_masked(note: str, address: str) -> None:
    shown = without_identities(note.format(address))
    names = [word for word in re.findall(r"\w+", address) if word.istitle()] or ["ленина"]
    assert "[address]" in shown and not [each for each in names if each in shown], shown


@pytest.mark.parametrize(("note", "shown"), [
    ("the mother of Mai says it; Mai is there", "the mother of [name] says it; [name] is there"),
    ("told by Nguyễn Thị Lan yesterday", "told by [name] yesterday"),
    ("its Telegram group in Cambodia since Monday; the Chinese boss of KK wants USD", None),
    ("Công an gọi cho Hương hôm qua", "Công an gọi cho [name] hôm qua"),
    ("the Bright office keeps the passport", None),
    ("appelez le zéro six un deux trois quatre cinq", "appelez le [number]"),
])  # fmt: skip
def test_what_is_written_as_a_name_inside_a_sentence_of_a_note_is_masked(record, note: str, shown: str | None) -> None:
    """The advert's own words stay: ``Bright`` stands in it."""
    assert mask_contacts(note, record(text="Bright hires typists")) == (shown or note)


def test_the_sentence_this_began_with() -> None:
    """Name, card, birth and passport."""
    shown = without_identities("Victim Nguyen Thi Lan Anh (CCCD 079203001234, born 12/03/2003), passport C1234567")
    assert not re.search(r"\d|Nguyen|Lan", shown)


@pytest.mark.parametrize("title", ["แอดมินออนไลน์ ไม่จำกัดวุฒิ รายได้ 30,000+", "海外客服专员（底薪8000起，包机票）"])
def test_the_word_online_is_no_street_and_an_amount_between_chinese_words_no_passport(title: str) -> None:
    assert "[" not in without_identities(title)


@pytest.mark.parametrize("sentence", HARMLESS)
def test_what_tells_of_nobody_stays(sentence: str) -> None:
    """Amounts, ages, counts and years explain an advert."""
    assert without_identities(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("Telegram is bright 500 USD, then 1,500 USD a month", "Telegram is [contact], then 1,500 USD a month"),
        ("She was born with 200 USDT. They ask 300 USD, later $400.", "She was [birth]. They ask 300 USD, later $400."),
        ("\U000f0001 They pay $100 and \ue000 $200.", " They pay $100 and  $200."),
    ],
)
def test_an_amount_goes_back_to_its_own_place(sentence: str, shown: str) -> None:
    """What swallows an amount moved the next ones up by one."""
    assert without_identities(sentence) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("打字员 月薪 15000 - 30000 包吃住", True), ("打字员 月薪 0912345678 包吃住", False), ("护照 123456 包吃住", False)],
)
def test_pay_that_was_read_stays_in_what_a_notice_quotes_and_a_longer_number_does_not(record, text: str, shown: bool) -> None:
    number = re.search(r"[\d -]{6,}", text)[0].strip()
    start = len("海外高薪\n") + text.index(number)
    pay = MonthlyPay(low=1, high=2, currency="CNY", period="month", monthly_usd=2.0, start=start, end=start + len(number))
    item = record(title="海外高薪", text=text)
    item = replace(item, assessment=replace(item.assessment, pay=pay if "月薪" in text else None))
    assert (number in blank_page(item)) is shown
