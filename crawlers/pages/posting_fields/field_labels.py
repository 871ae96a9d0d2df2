"""Labels that boards print before a fact, in the languages served: which field the words before a colon, or in a table head,
announce."""
# ruff: noqa: SIM905 - a list of words reads best as one text

import re

from crawlers.text.folding import fold_text

_LABELS = {
    "title": (
        "job title|title|position|post title|job position|vị trí|vị trí tuyển dụng|tiêu đề|"
        "chức danh|职位|职位名称|岗位|岗位名称|職位|職稱|職務名稱|招聘职位|ตำแหน่ง|ตำแหน่งงาน|ชื่อตำแหน่ง|posisi|"
        "jawatan|nama jawatan|judul|jabatan|trabaho|posisyon|មុខតំណែង|តួនាទី|មុខងារ|ရာထူး|"
        "ຕຳແໜ່ງ|पद|पद का नाम|পদ|পদের নাম|পদবি|عہدہ|آسامی|පනතුර|තනතුර|பதவி|வேலை|poste|"
        "intitulé du poste|cargo|vaga|puesto|должность|вакансия|nafasi|cheo|የሥራ መደብ|직무|직위|"
        "모집분야|職種|職位名|pozice|stelle|المسمى الوظيفي"
    ),
    "company": (
        "company|company name|employer|employer name|organization|organisation|"
        "organisation name|hiring company|recruiter|business name|advertiser|"
        "posted by company|agency|công ty|tên công ty|nhà tuyển dụng|đơn vị|"
        "đơn vị tuyển dụng|doanh nghiệp|cơ quan|公司|公司名称|公司名稱|企业|企业名称|企業名稱|招聘单位|招聘公司|单位|单位名称|"
        "用人单位|雇主|僱主|店名|บริษัท|ชื่อบริษัท|หน่วยงาน|นายจ้าง|ผู้ประกาศ|สถานประกอบการ|perusahaan|"
        "nama perusahaan|syarikat|nama syarikat|majikan|pemberi kerja|instansi|kumpanya|"
        "kompanya|ក្រុមហ៊ុន|ឈ្មោះក្រុមហ៊ុន|និយោជក|ស្ថាប័ន|ကုမ္ပဏီ|ကုမ္ပဏီအမည်|အလုပ်ရှင်|"
        "ບໍລິສັດ|ຊື່ບໍລິສັດ|ນາຍຈ້າງ|कंपनी|कम्पनी|कंपनी का नाम|नियोक्ता|संस्था|संस्थान|"
        "रोजगारदाता|কোম্পানি|কোম্পানির নাম|প্রতিষ্ঠান|প্রতিষ্ঠানের নাম|নিয়োগকর্তা|کمپنی|"
        "کمپنی کا نام|ادارہ|آجر|සමාගම|ආයතනය|සේවා යෝජක|நிறுவனம்|நிறுவனத்தின் பெயர்|entreprise|"
        "société|nom de l'entreprise|employeur|recruteur|empresa|nome da empresa|empregador|"
        "empleador|nombre de la empresa|компания|название компании|работодатель|организация|"
        "kampuni|jina la kampuni|mwajiri|shirika|ድርጅት|የድርጅቱ ስም|ኩባንያ|ቀጣሪ|회사|회사명|기업|기업명|업체명|"
        "会社名|会社|企業|企業名|勤務先名|雇用主|společnost|firma|název společnosti|zaměstnavatel|unternehmen|"
        "arbeitgeber|الشركة|اسم الشركة|صاحب العمل|جهة العمل"
    ),
    "location": (
        "location|job location|place|work place|workplace|work location|place of work|"
        "working location|city|city/town|area|region|address|province|town|job site|địa điểm|"
        "địa điểm làm việc|nơi làm việc|nơi làm|địa chỉ|khu vực|tỉnh thành|tỉnh/thành phố|"
        "thành phố|地区|地區|工作地点|工作地點|工作地区|地点|地點|上班地点|上班地點|城市|工作城市|"
        "地址|区域|所在地|所在地区|สถานที่|"
        "สถานที่ทำงาน|สถานที่ปฏิบัติงาน|จังหวัด|พื้นที่|ที่ตั้ง|พื้นที่ทำงาน|ทำเล|lokasi|"
        "lokasi kerja|tempat kerja|penempatan|penempatan kerja|kota|alamat|wilayah|negeri|"
        "bandar|lugar|lokasyon|lugar ng trabaho|ទីតាំង|ទីកន្លែង|កន្លែងធ្វើការ|"
        "ទីកន្លែងធ្វើការ|ខេត្ត/ក្រុង|អាសយដ្ឋាន|နေရာ|အလုပ်နေရာ|တည်နေရာ|မြို့|လိပ်စာ|ສະຖານທີ່|"
        "ສະຖານທີ່ເຮັດວຽກ|ບ່ອນເຮັດວຽກ|ແຂວງ|ທີ່ຕັ້ງ|स्थान|कार्यस्थल|कार्य स्थल|नौकरी का स्थान|"
        "शहर|ठेगाना|कार्यस्थान|জেলা|স্থান|কর্মস্থল|কাজের স্থান|অবস্থান|ঠিকানা|مقام|جگہ|"
        "کام کی جگہ|شہر|پتہ|ස්ථානය|සේවා ස්ථානය|නගරය|දිස්ත්‍රික්කය|இடம்|பணியிடம்|வேலை இடம்|"
        "நகரம்|lieu|lieu de travail|localisation|ville|local|localização|local de trabalho|"
        "cidade|localidade|ubicación|lugar de trabajo|ciudad|место|место работы|город|адрес|"
        "регион|локация|mahali|eneo|mahali pa kazi|mji|ቦታ|የሥራ ቦታ|ከተማ|አድራሻ|근무지|근무지역|지역|위치|"
        "근무장소|勤務地|場所|所在地|就業場所|エリア|místo|místo výkonu práce|lokalita|místo pracoviště|"
        "pracoviště|adresa|ort|arbeitsort|standort|einsatzort|الموقع|المدينة|مكان العمل|"
        "المكان"
    ),
    "posted_at": (
        "date|posted|posted on|date posted|posting date|published|published on|publish date|"
        "publication date|post date|listed|listed on|created|updated|last updated|ngày|"
        "đăng|ngày đăng|đăng ngày|đăng lúc|đăng từ|ngày đăng tin|thời gian đăng|ngày cập nhật|cập nhật|"
        "发布时间|发布日期|发布于|發布時間|發布日期|刊登日期|刊登時間|更新时间|更新日期|更新時間|日期|时间|時間|发表时间|登录日期|วันที่|"
        "วันที่ประกาศ|วันที่ลงประกาศ|ประกาศเมื่อ|ลงประกาศเมื่อ|โพสต์เมื่อ|วันที่โพสต์|อัพเดต|"
        "อัปเดต|อัปเดตล่าสุด|tanggal|tanggal posting|tanggal tayang|diposting|dipublikasikan|"
        "diterbitkan|tarikh|tarikh iklan|tarikh siaran|petsa|petsa ng pag-post|កាលបរិច្ឆេទ|"
        "ថ្ងៃចុះផ្សាយ|ថ្ងៃផ្សាយ|ថ្ងៃប្រកាស|ថ្ងៃទី|နေ့စွဲ|ရက်စွဲ|တင်သည့်ရက်|ວັນທີ|ວັນທີປະກາດ|"
        "ວັນທີ່|तारीख|दिनांक|तिथि|पोस्ट की तारीख|प्रकाशित|प्रकाशित मिति|मिति|তারিখ|"
        "প্রকাশের তারিখ|প্রকাশ|تاریخ|شائع|تاریخ اشاعت|දිනය|පළ කළ දිනය|தேதி|வெளியிட்ட தேதி|"
        "date de publication|publié le|publiée le|publié|mise en ligne|data|"
        "data de publicação|publicado em|publicado|fecha|fecha de publicación|дата|"
        "опубликовано|дата публикации|размещено|tarehe|tarehe ya kutangazwa|imewekwa|ቀን|"
        "የታተመበት ቀን|የወጣበት ቀን|등록일|작성일|게시일|날짜|等録日|掲載日|登録日|投稿日|更新日|日付|公開日|datum|datum zveřejnění|"
        "zveřejněno|vloženo|přidáno|veröffentlicht|veröffentlicht am|eingestellt am|"
        "تاريخ النشر|التاريخ|نشر في"
    ),
    "valid_through": (
        "deadline|application deadline|closing date|closes|apply before|apply by|last date|"
        "last date to apply|expires|expiry date|expiration date|valid through|valid until|"
        "hạn nộp|hạn nộp hồ sơ|hạn chót|ngày hết hạn|hết hạn|hạn cuối|截止时间|截止日期|有效期|有效期至|"
        "到期时间|截止時間|应聘截止|招聘截止|หมดเขต|วันหมดเขต|วันที่ปิดรับสมัคร|ปิดรับสมัคร|วันปิดรับสมัคร|"
        "batas lamaran|batas waktu|batas akhir|tenggat|berlaku hingga|tarikh tutup|"
        "ថ្ងៃផុតកំណត់|ផុតកំណត់|ថ្ងៃឈប់ទទួល|နောက်ဆုံးရက်|ပိတ်ရက်|ວັນໝົດເຂດ|ວັນປິດຮັບ|"
        "अंतिम तिथि|आवेदन की अंतिम तिथि|अन्तिम मिति|আবেদনের শেষ তারিখ|শেষ তারিখ|آخری تاریخ|"
        "අවසන් දිනය|கடைசி தேதி|date limite|date de clôture|prazo|data limite|fecha límite|до|"
        "срок|mwisho wa maombi|ማብቂያ ቀን|마감일|접수마감|締切|応募締切|募集期限|uzávěrka|platnost do|"
        "bewerbungsfrist|آخر موعد"
    ),
    "pay_raw": (
        "salary|pay|wage|wages|salary range|monthly salary|compensation|remuneration|rate|"
        "stipend|lương|mức lương|thu nhập|tiền lương|lương tháng|工资|薪资|薪水|月薪|薪酬|待遇|工资待遇|薪资待遇|"
        "薪資|薪資待遇|月工资|参考月薪|薪金|เงินเดือน|ค่าจ้าง|รายได้|ค่าตอบแทน|อัตราเงินเดือน|gaji|upah|"
        "kisaran gaji|besaran gaji|penghasilan|julat gaji|sahod|suweldo|sweldo|ប្រាក់ខែ|"
        "ប្រាក់បៀវត្ស|ប្រាក់បៀវត្សរ៍|ប្រាក់ឈ្នួល|လစာ|လုပ်ခ|ເງິນເດືອນ|ຄ່າຈ້າງ|वेतन|सैलरी|"
        "तनख्वाह|तलब|বেতন|বেতন স্কেল|تنخواہ|වැටුප|சம்பளம்|ஊதியம்|salaire|rémunération|"
        "salário|remuneração|salario|sueldo|зарплата|заработная плата|оплата|оклад|mshahara|"
        "malipo|ደመወዝ|ደሞዝ|급여|연봉|월급|給与|給料|時給|月給|年収|報酬|plat|mzda|platové rozmezí|gehalt|lohn|"
        "vergütung|الراتب"
    ),
    "openings": (
        "openings|vacancies|no. of vacancies|number of vacancies|number of openings|"
        "no of vacancy|positions available|quantity|headcount|số lượng|số lượng tuyển|"
        "số lượng cần tuyển|招聘人数|人数|招聘数量|需求人数|招募人數|需求人數|จำนวน|จำนวนที่รับ|อัตรา|จำนวนอัตรา|"
        "jumlah|jumlah lowongan|jumlah dibutuhkan|kuota|bilangan kekosongan|"
        "bilang ng bakante|ចំនួន|ចំនួនជ្រើសរើស|ဦးရေ|လိုအပ်ဦးရေ|ຈຳນວນ|रिक्तियां|"
        "पदों की संख्या|रिक्त पद|माग संख्या|शून्य पद|পদ সংখ্যা|পদসংখ্যা|শূন্যপদ|خالی آسامیاں|"
        "පුරප්පාඩු|காலியிடங்கள்|nombre de postes|número de vagas|vagas|vacantes|"
        "número de vacantes|количество|nafasi zilizopo|ብዛት|모집인원|募集人数|採用人数|počet míst|"
        "anzahl der stellen|عدد الوظائف"
    ),
    "employment_type": (
        "job type|employment type|type of employment|contract type|contract|work type|"
        "employment|hình thức|hình thức làm việc|loại hình|loại hình công việc|工作性质|职位类型|"
        "工作类型|工作性質|职位性质|ประเภทงาน|รูปแบบงาน|ลักษณะงาน|tipe pekerjaan|jenis pekerjaan|"
        "status kerja|jenis kerja|ប្រភេទការងារ|ប្រភេទកិច្ចសន្យា|လုပ်ငန်းအမျိုးအစား|ປະເພດວຽກ|"
        "नौकरी का प्रकार|চাকরির ধরন|ملازمت کی قسم|රැකියා වර්ගය|வேலை வகை|type de contrat|"
        "type d'emploi|tipo de contrato|tipo de vaga|regime|тип занятости|занятость|график|"
        "aina ya kazi|የሥራ ዓይነት|고용형태|근무형태|雇用形態|typ úvazku|pracovní poměr|"
        "typ pracovního poměru|forma spolupráce|beschäftigungsart|anstellungsart|vertragsart|"
        "نوع العمل|نوع الوظيفة"
    ),
    "text": (
        "job description|description|job details|details|about this job|about the job|"
        "about the role|the role|responsibilities|job summary|mô tả|mô tả công việc|nội dung|"
        "nội dung công việc|chi tiết|chi tiết công việc|职位描述|岗位职责|工作内容|職位描述|工作內容|职位详情|岗位描述|"
        "任职要求|职位介绍|详情|内容|รายละเอียด|รายละเอียดงาน|ลักษณะงาน|หน้าที่ความรับผิดชอบ|deskripsi|"
        "deskripsi pekerjaan|penjelasan pekerjaan|keterangan|butiran kerja|paglalarawan|"
        "ពិពណ៌នា|ការពិពណ៌នាការងារ|ព័ត៌មានលម្អិត|ពិពណ៌នាការងារ|လုပ်ငန်းတာဝန်|အလုပ်အကြောင်းအရာ|"
        "ລາຍລະອຽດ|ລາຍລະອຽດວຽກ|विवरण|कार्य विवरण|नौकरी विवरण|বিবরণ|কাজের বিবরণ|تفصیل|"
        "ملازمت کی تفصیل|විස්තරය|විස්තර|விவரம்|விளக்கம்|பணி விவரம்|description du poste|"
        "descriptif du poste|missions|descrição|descrição da vaga|descripción|"
        "descripción del puesto|описание|описание вакансии|обязанности|maelezo|"
        "maelezo ya kazi|ዝርዝር|የሥራ ዝርዝር|상세내용|업무내용|모집내용|仕事内容|業務内容|仕事の内容|popis pozice|"
        "náplň práce|pracovní náplň|popis práce|stellenbeschreibung|aufgaben|الوصف الوظيفي|"
        "الوصف"
    ),
    "contact": (
        "contact|contact us|how to apply|phone|tel|telephone|mobile|email|e-mail|whatsapp|"
        "hotline|telegram|line|line id|wechat|zalo|contact person|liên hệ|điện thoại|sđt|"
        "số điện thoại|联系方式|联系电话|联系人|电话|手机|微信|邮箱|聯絡方式|聯絡電話|電話|ติดต่อ|เบอร์โทร|โทร|โทรศัพท์|"
        "อีเมล|kontak|hubungi|telepon|telefon|hp|no hp|makipag-ugnayan|ទំនាក់ទំនង|"
        "លេខទូរស័ព្ទ|ទូរស័ព្ទ|ဆက်သွယ်ရန်|ဖုန်း|ຕິດຕໍ່|ເບີໂທ|ໂທ|संपर्क|फोन|सम्पर्क|যোগাযোগ|"
        "ফোন|মোবাইল|رابطہ|فون|සම්බන්ධ වන්න|දුරකථන|தொடர்பு|தொலைபேசி|téléphone|contato|"
        "telefone|contacto|teléfono|контакты|телефон|mawasiliano|simu|ስልክ|연락처|전화|連絡先|電話番号|"
        "kontaktní osoba|kontakt|الهاتف|اتصل"
    ),
}


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", fold_text(text)).strip(" :*•·-|")


FIELD_OF: dict[str, str] = {_fold(label): field for field, labels in reversed(_LABELS.items()) for label in labels.split("|")}
"""Folded label -> field. Where two fields share a word the first table entry wins."""


MONTHLY = frozenset(
    _fold(label)
    for label in (
        "monthly salary|月薪|月工资|参考月薪|lương tháng|lương|mức lương|เงินเดือน|อัตราเงินเดือน|"
        "ប្រាក់ខែ|ເງິນເດືອນ|လစာ|월급|月給|gaji|plat|mzda|gehalt|mshahara|ደመወዝ|ደሞዝ|मासिक वेतन|"
        "মাসিক বেতন"
    ).split("|")
)
"""Pay labels that by themselves mean pay by the month (most hold the word month; the others are used of nothing else)."""


def field(text: str) -> str | None:
    """Return the field that ``text``, as a whole, announces; None when it is no label."""
    return FIELD_OF.get(_fold(text)) if len(text) <= 60 else None


_CONTACT = re.compile(
    "(?:" + "|".join(sorted(map(re.escape, filter(None, map(_fold, _LABELS["contact"].split("|")))), key=len, reverse=True)) + ")"
    r"(?![^\W\d_])|(?:联系|聯絡|聯繫|微信|电话|電話|ติดต่อ|โทร|連絡先|연락처)"
)
"""A contact label at the beginning of a line; scripts without spaces go on without one."""
_REACHABLE = re.compile(r"\d(?:[ ().\-]{0,2}\d){5,}|@\w|https?://|[:：]\s*\S")


def opens_contact(line: str) -> bool:
    """Tell whether a line begins with a contact word and goes on with a number, a handle, an address or a colon; or is the
    word alone."""
    return field(line) == "contact" or bool(_CONTACT.match(_fold(line)) and _REACHABLE.search(line))


def is_monthly(label: str) -> bool:
    """Tell whether a pay label means pay by the month."""
    return _fold(label) in MONTHLY


def read_label(line: str) -> tuple[str, str] | None:
    """Return (field, value) of a line such as "Company: Reef & Rope"; None when no known label opens it."""
    head, colon, value = line.partition(":")
    wide_head, wide_colon, wide_value = line.partition("：")
    if wide_colon and (not colon or len(wide_head) < len(head)):
        head, colon, value = wide_head, wide_colon, wide_value
    if not colon or not value.strip() or value.startswith("//"):
        return None
    text = field(head)
    return (text, value.strip()) if text else None
