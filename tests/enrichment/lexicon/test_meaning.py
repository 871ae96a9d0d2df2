"""A match means what its rule says: no word beside it denies it, and it is read off no address, name or number."""

import pytest

from enrichment.assess import Assessor
from enrichment.lexicon.meaning import keep_meant
from tests.growth import LIMIT, MORE, growth

DENIED = [
    ("documents_held", "Your passport stays in your own hands; we don't hold passports."),
    ("documents_held", "Passports will not be collected by the office."), ("documents_held", "Paspor tidak dipegang perusahaan."),
    ("documents_held", "Паспорт не хранится у компании."), ("documents_held", "護照不由公司保管。"),
    ("documents_held", "여권은 회사에서 보관하지 않습니다."), ("upfront_fee", "No hidden fees or deposits of any kind."),
    ("upfront_fee", "Không thu bất kỳ khoản cọc nào."), ("upfront_fee", "无需缴纳任何押金。"), ("upfront_fee", "入职不要押金。"),
    ("upfront_fee", "Tanpa deposit, tanpa biaya."), ("upfront_fee", "Без залога и предоплаты."),
    ("upfront_fee", "ไม่ต้องจ่ายค่ามัดจำก่อนเริ่มงาน"), ("free_travel", "The flight is not free."),
    ("free_travel", "Vé máy bay công ty không hỗ trợ."), ("free_travel", "टिकट कंपनी नहीं देगी।"),
    ("free_travel", "টিকিট কোম্পানি দেবে না।"), ("free_travel", "Bilet şirketten değil."),
    ("phone_restricted", "手机不会被收走。"), ("phone_restricted", "Your phone is never taken away."),
    ("visa_passport_handled", "Документы не оформляем."), ("exit_fee", "There is no penalty for leaving early."),
    ("board_lodging", "Không bao ăn ở."), ("board_lodging", "Makan dan mess tidak ditanggung."), ("board_lodging", "不包吃住。"),
    ("organ", "We do not buy kidneys."), ("mule_account", "We never ask for your bank account."),
]  # fmt: skip
SAID = [
    ("documents_held", "No experience, the company keeps passports."),
    ("documents_held", "Jangan khawatir paspor dipegang perusahaan"),
    ("free_travel", "Không cần kinh nghiệm bao vé máy bay"),
    ("free_travel", "不需要经验包机票"),
    ("free_travel", "Tanpa pengalaman tiket gratis"),
    ("free_travel", "ไม่ต้องมีประสบการณ์ ตั๋วเครื่องบินฟรี"),
    ("free_travel", "Опыт не нужен билет оплачивает компания"),
    ("free_travel", "टिकट फ्री अनुभव नहीं चाहिए"),
    ("free_travel", "항공권 지원 경력 없이 가능"),
    ("free_travel", "Not only free flight but free hotel"),
    ("board_lodging", "No IELTS no problem free room and food"),
    ("board_lodging", "không cần bằng cấp bao ăn ở"),
    ("board_lodging", "不限学历包吃包住"),
]
NO_WORDS = [
    ("abroad", "If anybody presses you, write to the help desk: help@overseastalk.example.org"),
    ("free_travel", "Timetable: https://free-flight.example.org"),
    ("task_scam", "Mail: like.videos.earn@example.org"),
    ("organ", "Patient group: kidney-donor@example.org"),
    ("crypto_marketing", "See crypto-marketing.example.org/library"),
    ("home_work", "Work 12 hours a day in the plant."),
    ("bride_price", "พักที่แม่สอด ก่อนไป"),
]
NO_WAGE = [
    "Leaving before 12 months means paying back 3,000 USD.", "Whoever leaves early owes the firm a fine of 3,000 USD.",
    "Nếu bỏ việc giữa chừng sẽ bị phạt 50 triệu.", "За уход раньше года нужно вернуть 6000 долларов.", "违约金五万元由员工承担。",
    "提前离职须赔偿六万元。", "途中で辞めると150万円を返済していただきます。", "중도 퇴사 시 1200만원을 배상해야 합니다.",
    "ออกก่อนครบปีต้องชดใช้ 90,000 บาท", "Partir avant un an oblige à rembourser 9000 euros.",
    "एक साल से पहले छोड़ने पर 3000 डॉलर चुकाने होंगे।",
]  # fmt: skip


NOT_OFFERED = """
Chat staff, Myawaddy. The third man plays courier and police on the line. Passport kept by HR.
Typists for Poipet. You may leave after eight months on full pay. Passport with the boss.
Chat agents, Poipet. Overtime pay is lost and overtime added when the target is missed.
Chat agents, dorm on the compound. Annual leave after eight months.
Nhân viên chat Bavet. Đóng vai shipper giao hàng và công an theo kịch bản.
Nhân viên Bavet. Không đạt chỉ tiêu thì tăng ca đêm, muốn nghỉ phải sau 8 tháng.
Nhân viên chat Bavet, bao vé. Sau 8 tháng mới được nghỉ phép.
西港招打字员。二线扮演快递和公安，照剧本打电话。
西港招打字员。业绩不达标晚上加班，没有加班费；做满八个月才能离职。
西港招打字员，住园区。满八个月才有带薪假。
Колл-центр, Мьявади. Вторая линия играет курьера и полицию по скрипту.
Операторы, Мьявади. Не сделал план - смена на ночь без выходных.
Agents de chat à Poipet. Le deuxième joue le livreur et la police selon le script.
Agents de chat à Poipet. Objectif manqué : pas de jour off et heures de nuit.
Admin chat. Lini dua berperan jadi kurir paket dan polisi sesuai skrip.
Admin chat. Target tidak capai lembur malam tanpa uang lembur.
Chat para Poipet. El segundo hace de repartidor y de policía según el guion.
แอดมินปอยเปต สายสองเล่นเป็นพนักงานส่งของและตำรวจตามบท
แอดมินปอยเปต ยอดไม่ถึงไม่มีวันหยุดและต้องทำโอทีกลางคืน
"""
"""A part to play, a penalty or a condition for leaving, in the words of ordinary work."""
OFFERED = """
We seek a courier to deliver parcels in town, Monday to Friday, annual leave from the first month.
Tuyển nhân viên giao hàng, tăng ca có phụ cấp, nghỉ phép năm.
诚聘快递员，双休，加班费另计，带薪假。
Требуется курьер, смена 8 часов, выходной воскресенье.
On recherche un livreur, jour off le dimanche, mutuelle.
"""
ORDINARY = {"local_terms", "ordinary_duties", "social_insurance"}


def ordinary(assessor: Assessor, text: str) -> set[tuple[str, str]]:
    """Return what speaks against a lure in a text as ordinary terms or duties, with its words."""
    made = assessor.assess(id="1", title=None, text=f"{text} Telegram @sample_hr")
    return {(signal.indicator, signal.text) for signal in made.signals if signal.indicator in ORDINARY and signal.weight < 0}


@pytest.mark.parametrize("text", NOT_OFFERED.strip().splitlines())
def test_what_is_not_offered_as_ordinary_terms_does_not_speak_against_a_lure(assessor: Assessor, text: str) -> None:
    assert ordinary(assessor, text) == set()


@pytest.mark.parametrize("text", OFFERED.strip().splitlines())
def test_ordinary_terms_that_are_offered_speak_against_a_lure(assessor: Assessor, text: str) -> None:
    assert len(ordinary(assessor, text)) > 1


def reasons(assessor: Assessor, text: str) -> set[str]:
    """Return the indicators that speak for a lure in a text."""
    made = assessor.assess(id="1", title=None, text=text)
    return {signal.indicator for signal in made.signals if signal.weight > 0}


@pytest.mark.parametrize(("indicator", "text"), DENIED)
def test_what_a_word_beside_it_denies_is_no_reason(assessor: Assessor, indicator: str, text: str) -> None:
    """Before, behind and in the midst of the words, by the order of each language."""
    assert indicator not in reasons(assessor, text)


@pytest.mark.parametrize(("indicator", "text"), SAID)
def test_a_denial_of_something_else_leaves_it_alone(assessor: Assessor, indicator: str, text: str) -> None:
    """Though no comma stands between: no experience needed, the flight is paid."""
    assert indicator in reasons(assessor, text)


@pytest.mark.parametrize(("indicator", "text"), NO_WORDS)
def test_letters_of_an_address_a_name_or_a_number_are_no_words(assessor: Assessor, indicator: str, text: str) -> None:
    """Nobody says by his mail address what he offers."""
    assert indicator not in reasons(assessor, text)


@pytest.mark.parametrize("text", NO_WAGE)
def test_what_must_be_paid_back_is_no_wage(assessor: Assessor, text: str) -> None:
    """Penalties, compensation and refunds are not compared with an ordinary wage."""
    assert "pay_above_wage" not in reasons(assessor, text)


@pytest.mark.parametrize("unit", ["a@b.c ", "a.b/", "a-a", "no ", "不", "paspor tidak ", "https://a.b/c "])
def test_hostile_texts_are_read_in_linear_time(assessor: Assessor, unit: str) -> None:
    """Tens of thousands of addresses and denying words."""

    def make_text(size: int) -> tuple[str, list]:
        raw = "free flight, " + (unit * (size // len(unit) + 1))[:size] + " passport kept by the company"
        return raw, assessor.evidence(raw)

    small, large = make_text((1 << 18) // MORE), make_text(1 << 18)
    assert growth(lambda one: keep_meant(one[1], one[0], "en", (), ()), small, large) <= LIMIT


TOLD_SO = [
    ("en", "Your passport is never kept by the company.", "Your passport is kept by the company until the debt is paid."),
    (
        "en",
        "We do not hold your documents. You can leave the job with two weeks' notice and pay nothing.",
        "We hold your documents.",
    ),
    (
        "es",
        "No guardamos sus documentos; quien renuncia no paga nada.",
        "Guardamos sus documentos; quien renuncia paga 3000 dólares.",
    ),
    ("fr", "Nous ne gardons pas vos papiers.", "Nous gardons vos papiers et celui qui part avant la fin paie 3000 dollars."),
    ("pt", "O passaporte nunca é retido pela empresa.", "O passaporte é retido pela empresa até pagar a dívida."),
    ("vi", "Hộ chiếu của bạn không bao giờ bị công ty giữ.", "Hộ chiếu của bạn bị công ty giữ cho đến khi trả hết nợ."),
    ("id", "Paspor Anda tidak pernah ditahan oleh perusahaan.", "Paspor Anda ditahan oleh perusahaan sampai utang lunas."),
    ("th", "เราไม่ยึดพาสปอร์ตของพนักงาน", "เรายึดพาสปอร์ตของพนักงานจนหมดสัญญา"),
    ("zh", "我们不保管员工证件。", "我们统一保管员工证件。"),
    ("sw", "Je, kampuni hushika pasipoti? Hapana. Je, kuna faini nikiacha kazi? Hakuna.", "Je, kampuni hushika pasipoti? Ndiyo."),
]
"""A clause that denies what no honest employer does, and the same words where it is so."""


@pytest.mark.parametrize(("_", "denied", "so"), TOLD_SO, ids=[one[0] for one in TOLD_SO])
def test_learned_wording_does_not_speak_for_a_lure_in_a_clause_that_denies_one(
    assessor: Assessor, _: str, denied: str, so: str
) -> None:
    """What is said not to be so is no argument, however alike the words are; a clause that says it is read as before."""
    judged = assessor.assess(id="x", title=None, text=denied)
    wording = [signal.weight for signal in judged.signals if signal.family == "wording"]
    assert not judged.flagged and max(wording, default=0.0) < 14.0, judged.score  # 24.8 is the most
    assert not assessor.text_features(f"\n{so}").honest
    assert denied != so


def test_an_advert_that_denies_one_thing_and_does_another_keeps_its_wording(assessor: Assessor) -> None:
    """Whoever adds a denial inside the clause of a lure takes nothing away from it."""
    lure = "No deposit but passport kept by the boss until the debt is paid, chat work abroad, 2000 USD, Telegram @sample_hr88"
    assert not any(lure.find("passport") in range(start - 1, end) for start, end in assessor.text_features(lure).honest)
