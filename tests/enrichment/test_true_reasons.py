"""Reasons say what the matched words say: kinds of false reasons that were shown once, on texts written for each."""

import re
from pathlib import Path

import pytest

from enrichment.assess import Assessor
from enrichment.assessment import Assessment
from enrichment.lexicon.lexicon import lexicon

UNCLEAR = re.compile(r"driven on|any order|initials|romanised|read only after undoing|hidden by disguised")
"""Words that no reader understood."""


def judge(assessor: Assessor, text: str) -> Assessment:
    return assessor.assess(id="x", title=None, text=text)


def glosses(judged: Assessment, indicator: str) -> list[str]:
    return [signal.gloss for signal in judged.signals if signal.indicator == indicator]


@pytest.mark.parametrize(
    ("indicator", "text"),
    [
        ("debt_hardship", "लोन ऐप के लिए रिकवरी टीम में कॉलिंग का काम"),
        ("mule_account", "Madres sanas para vientre en alquiler en Chipre, alojamiento pagado"),
        ("phone_restricted", "海外コールスタッフ募集、業務用スマホ支給"),
        ("surrogacy_egg", "Pasangan yang belum dikaruniai anak menunggu bayi kamu"),
        ("task_scam", "Warehouse packers wanted, payout same day"),
        ("prepaid_return", "Combo order এলে daily tap করবেন"),
        ("prepaid_return", "高額タスクもあります"),
        ("home_daily_pay", "Подработка онлайн 1-2 часа в день, обучение бесплатно"),
        ("upfront_fee", "هوٹل میں کام، پاسپورٹ ساتھ لائیں، ایک سال سے پہلے خرچہ نہیں بڑھے گا"),
        ("upfront_fee", "Each press costs 30,000 USD, so care is a must"),
        ("upfront_fee", "要先交押金者勿扰"),
        ("upfront_fee", "ຈ່າຍໃຫ້ພໍ່ແມ່ ເອກະສານພວກເຮົາແລ່ນໃຫ້ ໃຜແນະນຳໄດ້ຄ່ານາຍໜ້າ"),
        ("onward_drive", "Apat na slots, alis sa linggo"),
        ("organ_papers", "姐妹先别急着去医院，产检住宿全包"),
        ("deposit_commission", "Партнёры для арбитража, заработок 10-15% к депозиту в неделю"),
        ("documents_held", "Akamni ushlab turishibdi, telefoni va pasportini tortib olishgan"),
        ("call_to_contact", "Hantar gambar pasport"),
        ("unsolicited_hire", "Responde SI"),
        ("unsolicited_hire", "I-add si Ana sa telegram"),
        ("irregular_crossing", "수배자 환영"),
        ("phone_restricted", "Hesap kiralıyoruz, mobil şifre bizde kalacak"),
        ("board_lodging", "ထမင်းချက် အမြန်လိုချင်ပါတယ်"),
        ("organ", "नगद आधा अपरेसन अघि"),
        ("prepaid_return", "missão premium"),
        ("board_lodging", "Call center sa Cebu, sagot ticket ng kumpanya papuntang training"),
        ("documents_held", "Gaji bersih 9 juta, tiket dan paspor kantor yang urus"),
        ("gambling_staff", "May dalawang slot pa sa van, aalis na"),
        ("prepaid_return", "ဧည့်သည်ငွေဖြည့်ရင် ကော်မရှင် ထပ်ရမယ်"),
        ("unsolicited_hire", "Khamis ni aku bertolak, nak join Telegram kumpulan ke?"),
        ("home_work", "انٹرویو فون پر ہوگا، دفتر لاہور میں ہے"),
        ("home_work", "12 hours a day, six days a week at the plant."),
        ("openly_illicit", "未経験・借金あり・ブラックOK、18歳以上"),
        ("upfront_fee", "Shartnoma 1 yil, ish vaqti 8 soat"),
        ("upfront_fee", "不要押金，包吃住"),
        ("referral_bonus", "Half of the shift you share with you know who, and income follows"),
        ("crypto_marketing", "💎 Menejer kerak, oylik 5 mln"),
        ("visa_passport_handled", "Документы не оформляем"),
        ("messenger_only", "สนใจสมัครออนไลน์ที่สำนักงาน"),
        ("bride_price", "พักที่แม่สอด ก่อนไป"),
        ("board_lodging", "面包吃完再住店。"),
        ("organ", "รับซื้อไตรมาสนี้"),
        ("abroad", "Timetable: write to overseas@example.org"),
        ("referral_bonus", "A bonus for each closed customer."),
        ("pay_above_wage", "Bride wanted for a shop owner in China. Parents receive 4,000 USD, papers arranged."),
        ("pay_above_wage", "Leaving before 12 months means paying back 3,000 USD."),
        ("hidden_words", "🇰🇭 CS kripto 💰 Kamboja ✈ 12 juta 🏠"),
        ("home_work", "Gürcistan'da online bahis şirketine eleman lazım"),
        ("home_work", "边境线上赌场招人，包吃住"),
        ("home_work", "آن لائن کیسینو میں بندے چاہئیں"),
        ("board_lodging", "El desayuno va incluido en la habitación del hostal"),
        ("board_lodging", "เกสต์เฮาส์มีรถรับแขกจากสนามบิน อาหารเช้าฟรี"),
        ("free_travel", "เกสต์เฮาส์มีรถรับแขกจากสนามบิน อาหารเช้าฟรี"),
        ("pickup", "เกสต์เฮาส์มีรถรับแขกจากสนามบิน อาหารเช้าฟรี"),
        ("marriage", "ប្តីប្រពន្ធជនជាតិចិនចង់បានកូន"),
        ("call_to_contact", "Pasupoto wa kaisha ga azukarimasu"),
        ("urgent_mass", "급여 바로 지급"),
        ("urgent_mass", "접수 마감 6월 30일"),
        ("advance_or_daily_pay", "매달 생활비 200만 원 지급"),
        ("mule_account", "은행 창구에서 계좌 개설 업무, 연봉 3600만 원"),
        ("deposit_commission", "설문 한 건당 3천원, 하루 10만원"),
        ("tourist_visa_or_none", "no experience, ticket visa company"),
        ("tourist_visa_or_none", "ticket, visa free, passport company"),
        ("upfront_fee", "We pay ticket and visa, you pay nothing before"),
        ("pay_above_wage", "ہر بندہ لانے پر 500 ڈالر"),
        ("pay_above_wage", "介绍一个人过来给2000美金"),
        ("secrecy", "跟家人說去旅遊"),
        ("secrecy", "親には旅行って言ってね"),
        ("secrecy", "부모님한테 어학연수 간다고 해"),
        ("secrecy", "ghar ma Dubai jaane bhandeu"),
        ("model_hostess", "Dicari gadis untuk dinikahi"),
        ("offer", "講座報名請至官網"),
        ("offer", "sayang hantar gambar pasport nanti"),
        ("prepaid_return", "طلبہ فون جمع کرائیں، چھٹی پر واپس ملیں گے"),
        ("task_scam", "Làm tại nhà bằng điện thoại"),
        ("task_scam", "Renda extra pelo celular"),
        ("secrecy", "nói với ba mẹ là đi du lịch"),
        ("grooming_sales", "Like sản phẩm nhận tiền ngay, lên gói VIP thì nạp vốn"),
        ("secrecy", "dis à tes parents que tu pars en vacances"),
        ("secrecy", "ගෙදරට කියන්න ට්‍රිප් එකක් කියලා"),
        ("surrogacy_egg", "試管嬰兒說明會：取卵、胚胎植入，免費入場"),
        ("courier_travel", "Nanunua laini za kutuma pesa, kila moja shilingi 2000"),
        ("task_scam", "Entrevista por vídeo, contrato assinado, da agência"),
        ("advance_or_daily_pay", "Curso de línguas antes da viagem"),
        ("persona_script", "Atención al cliente busca 20 personas para contestar el chat"),
        ("pay_above_wage", "Quem sair antes paga 5.000 dólares."),
        ("romance", "ใครพาคนมาทำงานกับเรา"),
        ("onward_drive", "ใครเดินทางคืนนี้ได้ ทักมา"),
        ("deposit_commission", "1000 रुपये जमा कीजिए और 30% कमीशन लीजिए"),
        ("upfront_fee", "O hospital paga a passagem e o curso"),
        ("visa_passport_handled", "Your passport is never kept by the company"),
        ("foetus_baby", "Tienda de bebés busca vendedora, jornada completa"),
        ("organ", "Free kidney check-up on Saturday at the hospital"),
        ("organ", "周六医院免费检查肾脏"),
        ("seeker", "Kerja chat, di rumah tidak ada yang tahu"),
        ("mule_account", "Personne ne doit prêter son compte bancaire"),
        ("mule_account", "Usikodishe akaunti yako ya benki kwa mtu yeyote"),
        ("urgent_mass", "Nghỉ giữa chừng phải trả gấp đôi"),
        ("local_work", "Pak, indeks nilai B tidak bisa diturunkan lagi"),
        ("local_work", "Bandar narkoba ditangkap polisi"),
        ("local_work", "Kamar mandi dalam, TV kabel, wifi"),
        ("local_work", "全国招收人员，同城多种料自主选择"),
        ("local_work", "Café en grains et boissons fraîches"),
        ("no_fee", "Pinjaman uang tunai tanpa jaminan"),
    ],
)
def test_words_that_do_not_say_so_are_no_reason(assessor: Assessor, indicator: str, text: str) -> None:
    """Polarity, roles, pieces of words and names, and emoji that hide nothing."""
    assert glosses(judge(assessor, text), indicator) == []


@pytest.mark.parametrize(
    ("indicator", "text", "says"),
    [
        ("tourist_visa_or_none", "Không hộ chiếu vẫn đi được", "without passport"),
        ("closed_site", "พักในตึกบริษัทฟรี", "living on the site"),
        ("closed_site", "Duduk hostel dalam kawasan ofis", "living on the site"),
        ("cover_story", "親には短期留学って言っておくとスムーズ", "family"),
        ("exit_fee", "ኩባንያው ትኬት ይገዛል፣ ከደመወዝ ላይ ይቆረጣል", "charged back"),
        ("onward_drive", "来回机票公司出，落地有人接", "met or taken further"),
    ],
)
def test_one_sentence_is_true_of_every_wording_of_an_indicator(assessor: Assessor, indicator: str, text: str, says: str) -> None:
    """The reason beside a pattern of many alternatives is the title of the indicator, alike in every language."""
    (gloss,) = glosses(judge(assessor, text), indicator)
    assert says in gloss


@pytest.mark.parametrize(
    ("indicator", "text", "says"),
    [
        ("pay_out_of_line", "salary 2000 USD", "sum"),
        ("call_to_contact", "Telegram @sample_hr", "messenger"),
        ("offer", "รับเช่าบัญชีธนาคาร ต้องการคนเปิดบัญชี", "sought"),
        ("secrecy", "সব তথ্য গোপন রাখা হবে", "promised"),
        ("customer_service", "Cakap je kerja khidmat pelanggan", "named"),
        ("free_travel", "semua biaya ditanggung", "all costs"),
        ("advance_or_daily_pay", "Kazi za kwanza zinalipwa papo hapo", "at once"),
        ("documents_held", "паспорт хранится у начальника", "kept"),
        ("home_daily_pay", "pix na hora", "at once"),
        ("abroad", "வெளிநாட்டு தம்பதிக்கு வாடகைத் தாய்", "somebody abroad"),
    ],
)
def test_a_reason_says_no_more_than_its_words(assessor: Assessor, indicator: str, text: str, says: str) -> None:
    """A bare sum is not called high, a messenger no call, a donor nobody who is hired, a promise of silence no order."""
    (gloss,) = glosses(judge(assessor, text), indicator)
    assert says in gloss


@pytest.mark.parametrize(
    ("indicator", "text", "holds"),
    [
        ("no_interview_fast", "mülakat yok, hemen başla", "yok"),
        ("no_interview_fast", "Берём без собеседования", "без"),
        ("account_for_pay", "Cần thuê tài khoản ngân hàng, nhắn Telegram", "tài khoản"),
        ("debtors_abroad", "Nợ xấu nhận hết, làm ở Lào, bao vé", "Nợ xấu"),
    ],
)
def test_the_words_of_a_reason_carry_it(assessor: Assessor, indicator: str, text: str, holds: str) -> None:
    """The word that denies is among them, and of two things together the graver one is shown."""
    (found,) = [signal for signal in judge(assessor, text).signals if signal.indicator == indicator]
    assert holds in text[found.start - 1 : found.end - 1]


def test_no_reason_is_written_in_words_nobody_understands(seeds: Path) -> None:
    """Titles, and glosses of rules that have one of their own; a rule of several alternatives has none."""
    read = lexicon(seeds / "lures")
    assert [entry.place for entry in read.entries if UNCLEAR.search(entry.gloss)] == []
    assert [item.slug for item in read.indicators.values() if UNCLEAR.search(item.title) or " " not in item.title] == []
    own = [entry for entry in read.entries if entry.gloss != entry.indicator.title and "|" in entry.phrase]
    assert {entry.indicator.family for entry in own} <= {"geo"}


def test_promises_alone_do_not_say_that_no_place_is_named(assessor: Assessor) -> None:
    """The note of what counts half says nothing of places: the text may name one."""
    judged = judge(assessor, "Easy work in Cambodia, good money, no experience needed. Telegram @sample_hr88")
    assert judged.places
    assert not any("place" in (signal.against or "") for signal in judged.signals)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("az", "İş axtarıram, Bakıda yaşayıram. Təcrübəm var, satış və müştəri xidməti üzrə işləmişəm. Telegram @sample_elvin"),
        ("pl", "Zatrudnimy pracowników magazynu, zakwaterowanie i dojazd opłacone. Piszcie proszę, więcej szczegółów."),
    ],
)
def test_a_language_without_rules_is_named_and_not_judged(assessor: Assessor, code: str, text: str) -> None:
    """What rules of other languages find in it is chance; its contacts are read all the same."""
    judged = judge(assessor, text)
    assert judged.language.code == code
    assert not judged.flagged
    (signal,) = judged.signals
    assert signal.indicator == "language_unread"
    assert signal.gloss.startswith("not judged")


@pytest.mark.parametrize(
    ("indicator", "text"),
    [
        ("irregular_crossing", "Dicari ABK kapal ikan, kontrak jelas, gaji di bank"),
        ("ordinary_duties", "Chăm sóc khách cho sàn thương mại điện tử"),
        ("call_to_contact", "Atendimento por chat: responder clientes de casa"),
        ("contract_first", "Vaga com carteira assinada, salário dia 5"),
    ],
)
def test_work_on_a_boat_with_electronics_or_customers_is_called_nothing_else(
    assessor: Assessor, indicator: str, text: str
) -> None:
    """A fishing boat crosses no border, customers are answered and not called, a registered job is no visa."""
    assert glosses(judge(assessor, text), indicator) == []
