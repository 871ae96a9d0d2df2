"""A lure in eight languages, and how a true report quotes it; what its author may add stands in ``benchmarks/texts``.

The lures and the people in them are invented; no real advert, account or case is described.
"""

from collections.abc import Iterator

from evaluation.attacks import MARKS, REWRITES, Attacks
from evaluation.text_sets import carried_texts

ATTACKS = Attacks(carried_texts().additions())
ADDED = (
    "warning", "impostors", "fake recruiters", "questions", "honest terms", "warning first", "impostors first",
    "fake recruiters first", "questions first", "honest terms first", "forwarded and quoted",
)  # fmt: skip
"""The rewrites no lure here may be silenced by."""

LURES = {
    "en": "Chat agents wanted for our office in Poipet, free flight and dormitory, no experience needed, 1500 USD a month, the "
          "company keeps your passport. Write now on Telegram @sample_hr_desk",
    "vi": "Tuyển gấp nhân viên nhập liệu đi Bavet, bao vé máy bay, bao ăn ở, không cần kinh nghiệm, lương 25 triệu, công ty giữ "
          "hộ chiếu. Liên hệ Telegram @sample_hr_desk",
    "zh": "西港高薪急招打字员，包吃包住包机票，不需要经验，月薪两万，护照由公司保管。联系飞机 @sample_hr_desk",
    "ru": "Срочно нужны операторы чата в Пойпет, перелёт и жильё бесплатно, опыт не нужен, 1500 долларов в месяц, паспорт "
          "хранится у компании. Пишите в телеграм @sample_hr_desk",
    "fr": "Recrutons opérateurs de saisie pour Poipet, billet d'avion et logement offerts, sans expérience, 1500 dollars par "
          "mois, l'entreprise garde le passeport. Contactez-nous sur Telegram @sample_hr_desk",
    "id": "Dibutuhkan segera admin chat di Sihanoukville, tiket gratis, mess dan makan ditanggung, gaji 15 juta, paspor dipegang "
          "perusahaan. Hubungi Telegram @sample_hr_desk",
    "th": "รับสมัครด่วนแอดมินตอบแชทที่ปอยเปต ตั๋วเครื่องบินฟรี ที่พักฟรี ไม่ต้องมีประสบการณ์ เงินเดือน 40000 บริษัทเก็บพาสปอร์ต "
          "ติดต่อเทเลแกรม @sample_hr_desk",
    "es": "Se buscan operadores de chat para Poipet, boleto de avión y alojamiento gratis, sin experiencia, 1500 dólares al mes, "
          "la empresa guarda el pasaporte. Escribe por Telegram @sample_hr_desk",
}  # fmt: skip
REPORTS: dict[str, tuple[str, ...]] = {
    "en": (
        "Police warning: beware of messages such as {} They are a scam: victims were locked in a compound and "
        "beaten. Report them.",
        "I got this message: {} I went, they took my passport and beat me. My family paid a ransom. Please do not go.",
        "Officials said on Monday that 40 people were rescued after answering an advert that read {} Two suspects "
        "were arrested.",
    ),
    "vi": (
        "Công an cảnh báo: cẩn thận với tin nhắn kiểu {} Đây là lừa đảo, nhiều nạn nhân bị giam giữ và đánh đập. Hãy "
        "báo công an.",
        "Mình từng nhận được tin này: {} Mình đã đi, bị thu hộ chiếu và bị đánh. Gia đình phải trả tiền chuộc. Đừng "
        "đi nhé mọi người.",
        "Hôm thứ Hai công an cho biết 40 người được giải cứu sau khi tin vào lời rao {} Hai nghi phạm đã bị bắt.",
    ),
    "zh": (
        "警方提醒：警惕这类信息{}这是诈骗，多名受害者被拘禁殴打。如遇到请立即报警。",
        "我当时收到这条消息：{}我去了，护照被收走，还被打，家里交了赎金才放人。大家千万别去。",
        "警方周一通报，40人在看到{}的广告后被骗，现已获救，两名嫌疑人被抓。",
    ),
    "ru": (
        "Полиция предупреждает: остерегайтесь сообщений вроде {} Это мошенничество, жертв держали взаперти и били. "
        "Сообщайте в полицию.",
        "Мне пришло такое сообщение: {} Я поехал, у меня забрали паспорт и били. Семья заплатила выкуп. Не езжайте "
        "туда.",
        "В понедельник полиция сообщила, что 40 человек спасли после объявления {} Двое подозреваемых задержаны.",
    ),
    "fr": (
        "La police met en garde contre les messages comme {} C'est une arnaque, les victimes étaient enfermées et "
        "battues. Signalez-les.",
        "J'ai reçu ce message : {} J'y suis allé, on m'a pris mon passeport et on m'a frappé. Ma famille a payé une "
        "rançon. N'y allez pas.",
        "Lundi, la police a annoncé que 40 personnes ont été secourues après une annonce disant {} Deux suspects ont "
        "été arrêtés.",
    ),
    "id": (
        "Polisi memperingatkan: waspada pesan seperti {} Ini penipuan, banyak korban disekap dan dipukuli. Segera "
        "lapor polisi.",
        "Saya dulu menerima pesan ini: {} Saya berangkat, paspor saya diambil dan saya dipukuli. Keluarga membayar "
        "tebusan. Jangan pergi.",
        "Hari Senin polisi mengatakan 40 orang diselamatkan setelah membaca iklan {} Dua tersangka ditangkap.",
    ),
    "th": (
        "ตำรวจเตือนภัย ระวังข้อความแบบนี้ {} เป็นการหลอกลวง เหยื่อหลายรายถูกกักขังและทำร้าย แจ้งความได้ที่สถานีตำรวจ",
        "ผมเคยได้รับข้อความนี้ {} ผมไปแล้วถูกยึดพาสปอร์ตและถูกทำร้าย ครอบครัวต้องจ่ายค่าไถ่ อย่าไปเด็ดขาด",
        "ตำรวจเปิดเผยเมื่อวันจันทร์ว่าช่วยเหลือ 40 คนที่หลงเชื่อประกาศ {} จับผู้ต้องสงสัยได้สองคน",
    ),
    "es": (
        "La policía advierte: cuidado con mensajes como {} Es una estafa, las víctimas fueron encerradas y "
        "golpeadas. Denúncielos.",
        "Recibí este mensaje: {} Fui, me quitaron el pasaporte y me golpearon. Mi familia pagó un rescate. No vayan.",
        "El lunes la policía informó que 40 personas fueron rescatadas tras un anuncio que decía {} Dos sospechosos "
        "fueron detenidos.",
    ),
}  # fmt: skip
"""A warning, a testimony and a piece of news around a quoted lure."""


def added(code: str, name: str) -> str:
    """Return what a rewrite adds, by the names of the file."""
    return ATTACKS.lure("1", LURES[code], code, ()).added[name]


def rewrites(code: str) -> Iterator[tuple[str, str]]:
    """Yield the lure of a language as rewritten, with the name of the rewrite."""
    lure = ATTACKS.lure("1", LURES[code], code, ())
    for name in ADDED:
        yield name, REWRITES[name](lure)[0]
    yield "honest terms and a warning", f"{lure.text}\n{lure.added['honest_terms']} {lure.added['warning']}"


def reports(code: str) -> Iterator[str]:
    """Yield true reports that quote the lure of a language whole."""
    opens, closes = MARKS.get(code, "“”")
    for text in REPORTS[code]:
        yield text.format(f"{opens}{LURES[code]}{closes}")
