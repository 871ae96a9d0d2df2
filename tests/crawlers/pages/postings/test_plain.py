"""The plain family reads labels in every language served, in five ways of setting them."""

from collections.abc import Callable

import pytest

from crawlers.pages import page_families

LABELS = {
    "vi": "Công ty|Địa điểm làm việc|Ngày đăng|Mức lương|Hạn nộp hồ sơ|Mô tả công việc",
    "th": "บริษัท|สถานที่ทำงาน|วันที่ลงประกาศ|เงินเดือน|ปิดรับสมัคร|รายละเอียดงาน",
    "id": "Perusahaan|Lokasi kerja|Tanggal posting|Gaji|Batas lamaran|Deskripsi pekerjaan",
    "zh-Hant": "公司名稱|工作地點|更新日期|薪資待遇|截止日期|工作內容",
    "my": "ကုမ္ပဏီ|အလုပ်နေရာ|ရက်စွဲ|လစာ|နောက်ဆုံးရက်|အလုပ်အကြောင်းအရာ",
    "km": "ក្រុមហ៊ុន|ទីតាំង|ថ្ងៃផ្សាយ|ប្រាក់ខែ|ថ្ងៃផុតកំណត់|ការពិពណ៌នាការងារ",
    "lo": "ບໍລິສັດ|ສະຖານທີ່|ວັນທີ|ເງິນເດືອນ|ວັນໝົດເຂດ|ລາຍລະອຽດ",
    "hi": "कंपनी|स्थान|दिनांक|वेतन|अंतिम तिथि|विवरण",
    "ne": "कम्पनी|ठेगाना|मिति|तलब|अन्तिम मिति|विवरण",
    "bn": "প্রতিষ্ঠানের নাম|কর্মস্থল|প্রকাশের তারিখ|বেতন|শেষ তারিখ|কাজের বিবরণ",
    "ur": "کمپنی|مقام|تاریخ|تنخواہ|آخری تاریخ|تفصیل",
    "si": "සමාගම|ස්ථානය|දිනය|වැටුප|අවසන් දිනය|විස්තර",
    "ta": "நிறுவனம்|இடம்|தேதி|சம்பளம்|கடைசி தேதி|விவரம்",
    "fr": "Entreprise|Lieu|Date de publication|Salaire|Date limite|Description du poste",
    "pt": "Empresa|Local|Data de publicação|Salário|Prazo|Descrição da vaga",
    "ru": "Компания|Место работы|Дата публикации|Зарплата|Срок|Описание",
    "sw": "Kampuni|Mahali|Tarehe|Mshahara|Mwisho wa maombi|Maelezo ya kazi",
    "am": "ድርጅት|የሥራ ቦታ|ቀን|ደመወዝ|ማብቂያ ቀን|የሥራ ዝርዝር",
    "ko": "회사명|근무지|등록일|급여|마감일|상세내용",
    "ja": "会社名|勤務地|掲載日|給与|応募締切|仕事内容",
    "ms": "Syarikat|Tempat kerja|Tarikh iklan|Gaji|Tarikh tutup|Butiran kerja",
    "tl": "Kumpanya|Lokasyon|Petsa|Sahod|Deadline|Paglalarawan",
    "es": "Empresa|Ubicación|Fecha de publicación|Salario|Fecha límite|Descripción del puesto",
    "de": "Arbeitgeber|Arbeitsort|Veröffentlicht am|Gehalt|Bewerbungsfrist|Aufgaben",
    "ar": "الشركة|الموقع|تاريخ النشر|الراتب|آخر موعد|الوصف الوظيفي",
    "cs": "Zaměstnavatel|Místo výkonu práce|Zveřejněno|Mzda|Platnost do|Popis pozice",
}
"""Language -> company, place, date, pay, deadline, description, as boards print them."""
BODY = "Alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi."
FACTS = ("ACME Quay", "Kampot", "2025-03-02", "450 USD", "2025-04-02")


def table(labels: list[str]) -> str:
    rows = "".join(f"<tr><td>{label}</td><td>{fact}</td></tr>" for label, fact in zip(labels, FACTS, strict=False))
    return f"<h1>Net mender</h1><table>{rows}</table><h3>{labels[5]}</h3><p>{BODY}</p>"


def running_text(labels: list[str]) -> str:
    lines = "<br>".join(f"{label}: {fact}" for label, fact in zip(labels, FACTS, strict=False))
    return f"<h1>Net mender</h1><div>{lines}</div><div><b>{labels[5]}:</b><br>{BODY}</div>"


def wide_colons(labels: list[str]) -> str:
    lines = "".join(f"<li>{label}：{fact}</li>" for label, fact in zip(labels, FACTS, strict=False))
    return f"<div class=t><span>Net mender</span></div><ul>{lines}</ul><p>{labels[5]}：</p><div>{BODY}</div>"


def definition_list(labels: list[str]) -> str:
    lines = "".join(f"<dt>{label}</dt><dd>{fact}</dd>" for label, fact in zip(labels, (*FACTS, BODY), strict=True))
    return f"<h2>Net mender</h2><dl>{lines}</dl>"


def strong_labels(labels: list[str]) -> str:
    lines = "".join(f"<p><strong>{label}:</strong> {fact}</p>" for label, fact in zip(labels, FACTS, strict=False))
    return f"<div><h1>Net mender</h1>{lines}<h4>{labels[5]}</h4>{BODY}<br>Second line.</div>"


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("setting", [table, running_text, wide_colons, definition_list, strong_labels])
def test_labels_of_each_language_are_read_in_each_setting(language: str, setting: Callable[[list[str]], str]) -> None:
    markup = setting(LABELS[language].split("|"))
    page = page_families.parse(
        f'<html lang="{language}"><head><title>Net mender - Board</title></head><body>{markup}</body></html>',
        "https://b.example.org/x",
    )
    (posting,) = page.postings
    assert page.family == "plain"
    assert (posting.title, posting.company, posting.location, posting.pay_raw) == ("Net mender", "ACME Quay", "Kampot", "450 USD")
    assert posting.posted_at and posting.posted_at.date().isoformat() == "2025-03-02"
    assert posting.valid_through and posting.valid_through.date().isoformat() == "2025-04-02"
    assert posting.text.startswith(BODY)
    assert posting.pay and (posting.pay.low, posting.pay.currency) == (450, "USD")


@pytest.mark.parametrize("said", [
    "No longer accepting applications", "This job has expired.", "Tin tuyển dụng này đã hết hạn", "该职位已关闭",
    "ประกาศนี้หมดอายุแล้ว", "Lowongan ini sudah ditutup", "Вакансия в архиве", "채용이 마감되었습니다",
    "この求人の募集は終了しました", "Vaga encerrada", "Offre expirée",
])  # fmt: skip
def test_a_closed_advert_says_so(said: str) -> None:
    page = page_families.parse(f"<h1>Cook</h1><p>{said}</p><div class='description'>{BODY}</div>", "https://b.example.org/x")
    assert page.postings[0].is_open is False


def test_an_open_advert_says_nothing_about_it() -> None:
    page = page_families.parse(
        f"<h1>Cook</h1><p>Closed on Sundays.</p><div class='description'>{BODY}</div>", "https://b.example.org/x"
    )
    assert page.postings[0].is_open is None


def test_a_page_without_words_is_rejected_by_name() -> None:
    page = page_families.parse("<html><body><img src='x.png'></body></html>", "https://b.example.org/x")
    assert [(reject.reason, reject.url) for reject in page.rejected] == [("no_text", "https://b.example.org/x")]
