"""The pay a text offers is told from its fees, fines and bonuses, and comes to a month's dollars."""

from pathlib import Path

import msgspec
import pytest

from enrichment.assess import Assessor
from enrichment.assessment import Language, MonthlyPay
from enrichment.facts.pay import pay, read_pay
from enrichment.facts.places import Gazetteer, countries_named
from enrichment.facts.wages import USD, monthly_usd, times_ordinary
from enrichment.language.detect import language
from enrichment.text.views import views
from evaluation.pay_quality import report


def read(text: str, code: str | None = None) -> MonthlyPay | None:
    return pay(text, Language(code=code, script="Latn", confidence=1.0) if code else language(text))


CASES = [
    ("Lương cứng 22 triệu + hoa hồng, ứng trước 5 triệu", "vi", 22e6, 22e6, "VND"),
    ("L ư ơ n g  1 0 0 0 - 1 5 0 0 $, v i ệ c  n h ẹ", "vi", 1000, 1500, "USD"),
    ("Tháng đầu 18 triệu, chưa có hộ chiếu thì chị lo", "vi", 18e6, 18e6, "VND"),
    ("lương 2 củ rưỡi một tuần", "vi", 2.5e6, 2.5e6, "VND"),
    ("包吃住，月薪1.5万到3万，落地报销路费", "zh", 15000, 30000, "CNY"),
    ("底薪 1 2 0 0 刀 ，介绍一人奖 3 0 0 刀", "zh", 1200, 1200, "USD"),
    ("一个月两万，押金五千", "zh", 20000, 20000, "CNY"),
    ("เ งิ น เ ดื อ น 2 5 , 0 0 0 + ค่าคอม", "th", 25000, 25000, "THB"),
    ("G4ji 12-16jt blm b0nus", "id", 12e6, 16e6, "IDR"),
    ("salary 1000 up, free tiket", "id", 1000, 1000, "USD"),
    ("Sahod 65k–80k, libre lahat", "tl", 65000, 80000, "PHP"),
    ("အခြေခံလစာ ကျပ် ၁၅ သိန်း", "my", 1.5e6, 1.5e6, "MMK"),
    ("ប្រាក់ខែ ៩០០ ទៅ ១២០០ ដុល្លារ", "km", 900, 1200, "USD"),
    ("तलब १ लाख २० हजारदेखि १ लाख ५० हजार", "ne", 120000, 150000, "NPR"),
    ("تنخواہ 40 سے 48 ہزار", "ur", 40000, 48000, "PKR"),
    ("சம்பளம் 70,000 முதல் 1 லட்சம் வரை", "ta", 70000, 100000, "INR"),
    ("월 500만 원 이상", "ko", 5e6, 5e6, "KRW"),
    ("時給1,150円、研修も同時給", "ja", 1150, 1150, "JPY"),
    ("Salaire de 600 000 à 850 000 FCFA par mois", "fr", 600000, 850000, "XOF"),
    ("Оклад 1500$ плюс процент, штраф 300$", "ru", 1500, 1500, "USD"),
]


@pytest.mark.parametrize(("text", "code", "low", "high", "currency"), CASES)
def test_the_pay_offered_is_read_and_its_span_slices_to_it(text: str, code: str, low: float, high: float, currency: str) -> None:
    found = read(text, code)
    assert found is not None
    assert (found.low, found.high, found.currency) == (low, high, currency)
    assert any(char.isdigit() or char in "一两" for char in text[found.start : found.end])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Zalo 0500 000 142, tuổi 18-35, ngày 12/05/2025", "vi"), ("đặt cọc 5 triệu, phí 200k", "vi"),
        ("penalty 2000 USD if you leave early", "en"), ("숙소는 농장 캐러밴파크 주 150달러로 선택 사항", "ko"),
        ("We are a team of 250 people in 12 countries since 1998", "en"), ("", "en"),
        ("Vaga no barco, adiantamento de 1.500 dólares", "pt"), ("Trabajo en barco, 1.500 dólares de adelanto", "es"),
    ],
)  # fmt: skip
def test_fees_ages_and_numbers_are_no_pay(text: str, code: str) -> None:
    assert read(text, code) is None


def test_a_month_is_reckoned_from_hours_days_and_years() -> None:
    hourly = read("£12.60 an hour paid weekly", "en")
    assert hourly is not None
    assert hourly.monthly_usd == pytest.approx(12.6 * 1.35 * 208, rel=0.01)
    assert monthly_usd(12000, "USD", "year") == 1000
    assert monthly_usd(1000, "USD", None) is None
    assert monthly_usd(1000, "XXX", "month") is None


def test_a_lump_sum_is_no_month() -> None:
    found = read("Compensation 35,000 USD, paid at once", "en")
    assert found is not None
    assert found.monthly_usd is None


def test_every_currency_that_is_read_has_a_rate() -> None:
    from crawlers.text.money_lookup import money_words

    assert set(money_words().currencies) <= set(USD)


def test_labelled_pay_is_read_at_the_level_documented(shared_data) -> None:
    found = report(shared_data)
    right, named, left, none = (sum(counts[place] for counts in found["languages"].values()) for place in range(4))
    assert right / named >= 0.95
    assert left / none >= 0.95


NO_WAGES: dict[str, list[str]] = msgspec.yaml.decode(Path(__file__).with_name("sums_that_are_no_wage.yml").read_bytes())


@pytest.mark.parametrize("code", NO_WAGES)
def test_turnover_rent_prizes_loans_prices_fines_and_deposits_are_no_wage(code: str) -> None:
    """In each language, in the form of a list and in a sentence; the same sum behind a word for pay is one."""
    spoken = Language(code=code, script="Hans" if code == "zh" else "Latn", confidence=1.0)
    planted = [form.format(word) for word in NO_WAGES[code] for form in ("{}: 5,000 USD", "{} 5,000 USD.")]
    assert len(planted) == 16
    assert [text for text in planted if pay(f"\n{text}", spoken)] == []
    assert pay("\nsalary: 5,000 USD", spoken)


ROLES: dict[str, list[str]] = msgspec.yaml.decode(Path(__file__).with_name("roles_of_sums.yml").read_bytes())


@pytest.mark.parametrize("code", ROLES)
def test_sums_that_nobody_earns_are_no_wage_and_no_ground(assessor: Assessor, code: str) -> None:
    """The words around tell their role: a penalty of a trade is none for leaving, a bride price told of seeks no bride."""
    judged = [assessor.assess(id=text, title=None, text=text) for text in ROLES[code]]
    assert [one.id for one in judged if one.pay or one.flagged] == []
    grounds = {(one.id, signal.indicator) for one in judged for signal in one.signals}
    assert [one for one in grounds if one[1] in ("pay_above_wage", "exit_fee", "marriage")] == []


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("Cook in Sihanoukville, salary $2,400 a month", True), ("Job in Cambodia, 2,400 USD", True),
        ("Lương 60 triệu một tháng", True), ("Gaji 3000 USD per bulan di Kamboja", True), ("柬埔寨工作，月薪3000美元", True),
        ("Работа в Камбодже, доход 3000 долларов", True), ("Trabajo en Camboya, 2.400 dólares", True),
        ("Cook, salary $2,400 a month", False), ("Gaji 3000 USD per bulan", False), ("Зарплата 6000 долларов в месяц", False),
        ("Lương 3.000 đô, làm ở châu Âu", False), ("Poipet, 2,400 USD", False), ("Take a bag to Thailand, 3,000 USD", False),
    ],
)  # fmt: skip
def test_pay_is_compared_only_where_place_currency_and_role_are_certain(assessor: Assessor, text: str, compared: bool) -> None:
    """Dollars may be earned anywhere, and a bare sum may be anything."""
    judged = assessor.assess(id="x", title=None, text=text)
    assert any(signal.indicator == "pay_above_wage" for signal in judged.signals) is compared


def test_pay_is_stated_by_a_word_or_a_period_and_else_by_its_size_alone() -> None:
    """A bare sum may be anything where nobody speaks of work."""
    spoken = Language(code="en", script="Latn", confidence=1.0)
    stated = {text: read_pay(f"\n{text}", spoken) for text in ("salary 5,000 USD", "5,000 USD a month", "Poipet, 5,000 USD")}
    assert [found.stated if found else None for found in stated.values()] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "code", "currency"),
    [
        ("Receptionist, pay $31 an hour, Singapore", "en", "SGD"), ("Barista in Sydney, pay $31 an hour", "en", "AUD"),
        ("Helper in Hong Kong, salary $18,000 a month", "en", "HKD"), ("Salary $4,000 a month, Toronto", "en", "CAD"),
        ("月薪$45,000，台北", "zh", "TWD"), ("Sueldo $18,000 al mes, México", "es", "MXN"),
        ("Lương 31 đô một giờ ở Canada", "vi", "CAD"), ("เงินเดือน 3,000 ดอลลาร์ สิงคโปร์", "th", "SGD"),
        ("Salary ¥250,000 a month, Tokyo", "en", "JPY"), ("月薪¥15,000", "zh", "CNY"),
        ("Salary £9,000 a month, Cairo", "en", "EGP"), ("Salary 700,000 pesos a month, Santiago", "en", "CLP"),
        ("Salary Rs 40,000 a month in Kathmandu", "en", "NPR"), ("Pay 32,000 kr a month in Denmark", "en", "DKK"),
        ("Salary $1,500 a month, Cambodia", "en", "USD"), ("Lương 1.500 đô", "vi", "USD"),
        ("Gaji $1.500 sebulan di Filipina", "id", "USD"), ("Salary $1,500 a month", "en", None),
        ("Salary $1,500 a month, Singapore or Cambodia", "en", None), ("Salary Rs 40,000 a month", "en", None),
        ("Sueldo $18,000 al mes", "es", None), ("Lương 2.500 ở Singapore", "vi", "SGD"),
    ],
)  # fmt: skip
def test_a_sign_that_currencies_share_is_read_where_the_text_says_which(
    gazetteer: Gazetteer, text: str, code: str, currency: str | None
) -> None:
    """By the countries and great cities it names, or else by its readers' home; what stays open is compared with no wage."""
    seen, spoken = views(f"\n{text}"), Language(code=code, script="Hant" if "台" in text else "Latn", confidence=1.0)
    countries = countries_named(seen, spoken, gazetteer.places(seen, spoken))
    found = pay(seen, spoken, countries)
    assert found is not None
    assert found.currency == currency
    nowhere = currency == "USD" and not countries
    assert (times_ordinary(found, spoken, countries) is None) is (currency is None or currency not in USD or nowhere)


def test_what_is_given_free_beside_pay_is_no_price_of_it() -> None:
    """Tickets are named beside pay more often than they are sold."""
    spoken = Language(code="en", script="Latn", confidence=1.0)
    assert pay("\nCook wanted. Free ticket, 1,500 USD", spoken)
    assert not pay("\nTicket: 1,500 USD", spoken)
